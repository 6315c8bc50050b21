"""Communiqué: news articles become RDF about actors, statements and agreements."""

from importlib.metadata import version

__version__ = version("communique")
