"""The WSGI application: all addresses over the current release, and what every request passes."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Request, g, request
from flask.sessions import SessionInterface
from werkzeug.exceptions import HTTPException

from kg.formats import FORMATS
from server import archive, downloads, entities, errors, graphs, metadata, operations, responses, sparql
from server.budget import Budget
from server.errors import Problem
from server.front import Front
from server.monitoring import Monitor
from server.pages import feeds, routes
from server.publication import Publisher
from server.settings import Settings

_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff]")

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def create_app(release_directory: Path, *, settings: Settings | None = None) -> Flask:
    """Return the WSGI application that publishes the release in a directory.

    The application follows the pointer `current` of the directory when it moves to another release. Its `publisher`
    extension has a `close` that ends the query workers.

    Args:
        release_directory: What `kg build` wrote: a directory with the pointer `current`, or one release.
        settings: Limits; by default those that an unset environment gives.

    Raises: ReleaseError: there is no whole release. StoreError: its store cannot be opened.
    """
    settings = settings or Settings()
    publisher = Publisher(release_directory, settings=settings)
    app = _Application(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.finalize = readable
    app.jinja_env.globals.update(formats=FORMATS, static=False)
    app.extensions["publisher"] = publisher
    app.extensions["budget"] = budget = Budget(seconds=settings.budget, refill=settings.refill)

    releases = archive.Archive(publisher)
    publisher.on_close(releases.close)

    def enter() -> None:
        g.publication = publisher.enter()

    def travel() -> None:
        wanted = request.environ.get(archive.WANTED)
        if wanted:
            earlier = releases.enter(wanted)
            g.publication.leave()
            g.publication = earlier

    def leave(_: BaseException | None) -> None:
        publication = g.pop("publication", None)
        if publication is not None:
            publication.leave()

    app.before_request(enter)
    app.teardown_request(leave)
    app.register_error_handler(Problem, errors.answer)
    app.register_error_handler(HTTPException, errors.answer_http_exception)
    responses.install(app)
    monitor = Monitor(log=bool(settings.log_requests))
    operations.install(app, monitor)
    for module in (operations, sparql, graphs, entities, downloads, metadata, archive, routes, feeds):
        app.register_blueprint(module.blueprint)
    app.before_request(travel)
    app.context_processor(lambda: {"newest": publisher.current_id})
    front = Front(app.wsgi_app, publisher=publisher, budget=budget, monitor=monitor)
    app.wsgi_app = _Mount(front, publisher)  # type: ignore[method-assign]
    return app


def readable(value: object) -> object:
    """Return what a template shows: letters that HTML forbids, control characters among them, become U+FFFD.

    As many letters stay as there were, so that offsets hold.

    >>> readable("bell\\u0007"), readable(5)
    ('bell\ufffd', 5)
    """
    return type(value)(_FORBIDDEN.sub("\ufffd", value)) if isinstance(value, str) else value


class _Sessionless(SessionInterface):
    """Keeps nothing about clients: there is no session to look for in each request."""

    def open_session(self, app: Flask, request: Request) -> None:
        """Open none."""

    def is_null_session(self, obj: object) -> bool:
        """Say that there is none to save."""
        return True


class _Application(Flask):
    """Flask without what costs each request time and is not used here: sessions, and views that are coroutines."""

    session_interface = _Sessionless()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view as it is."""
        return func


@lru_cache(maxsize=8)
def _path_of(base: str) -> str:
    return urlsplit(base).path.rstrip("/")


class _Mount:
    """Lets the application be mounted at the path of the base IRI or at the root: proxies do either.

    Below `release/ID/` it is mounted once more, for that release.
    """

    def __init__(self, inner: "WSGIApplication", publisher: Publisher) -> None:
        self._inner = inner
        self._publisher = publisher

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        prefix = _path_of(self._publisher.base)
        path = environ.get("PATH_INFO", "")
        if prefix and (path == prefix or path.startswith(prefix + "/")):
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
            environ["PATH_INFO"] = path[len(prefix):] or "/"
        wanted = archive.NAME.fullmatch(environ.get("PATH_INFO", ""))
        if wanted:
            environ[archive.WANTED] = wanted[1]
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/release/{wanted[1]}"
            environ["PATH_INFO"] = wanted[2]
        return self._inner(environ, start_response)
