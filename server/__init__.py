"""Publishes a release over HTTP: a SPARQL endpoint, dereferenceable IRIs, pages and dumps."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from server.settings import Settings


def create_app(release_directory: Path, *, settings: "Settings | None" = None) -> "Flask":
    """Return the WSGI application that publishes the release in a directory; see `server.application`.

    Raises: ReleaseError: there is no whole release. StoreError: its store cannot be opened.
    """
    from server import application  # not above: a query worker is a module of this package that needs none of this

    return application.create_app(release_directory, settings=settings)
