"""The stages over many articles: paths in, one release out; a bad article stops no other.

    articles → (cache) → extraction → graph → validation → draft → links → checks of the whole → release

    work.py     what is done with one batch of articles, in this process or in others
    cache.py    keeps the quads of articles between builds
    files.py    validates one RDF file
"""

from kg.pipeline.build import BuildResult, build
from kg.pipeline.files import validate_file
from kg.pipeline.work import Outcome, Settings

__all__ = ["BuildResult", "Outcome", "Settings", "build", "validate_file"]
