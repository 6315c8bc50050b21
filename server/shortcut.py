"""Queries, answered before the framework: it would take longer over a small one than the engine does.

The rules are those of server/sparql.py. What needs the framework is passed on with what was found so far: pages,
problems, the description of the service, conditions, and earlier releases.
"""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wsgi import wrap_file

from server import sparql
from server.archive import WANTED
from server.budget import Budget
from server.errors import Problem
from server.execution import FACTS, asker_of
from server.front import CONDITIONS
from server.monitoring import ENDPOINT, STARTED, Monitor
from server.negotiation import HTML
from server.publication import Answer, Publication, Publisher
from server.responses import DATA, represent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NAME = "sparql.sparql"  # of the view that would answer otherwise
HEADERS = (*DATA, *sparql.ACCEPTED)


class Shortcut:
    """Answers queries, and leaves everything else to the application."""

    def __init__(self, inner: "WSGIApplication", *, publisher: Publisher, budget: Budget, monitor: Monitor) -> None:
        self._inner, self._publisher, self._budget, self._monitor = inner, publisher, budget, monitor

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if (environ["PATH_INFO"] != "/sparql" or method not in sparql.METHODS or WANTED in environ
                or any(name in environ for name in CONDITIONS)):
            return self._inner(environ, start_response)
        start = environ[STARTED] = time.monotonic()
        publication = self._publisher.enter()
        try:
            answered = self._answer(environ, publication)
        finally:
            publication.leave()
        if answered is None:
            return self._inner(environ, start_response)
        asked, answer = answered
        body, headers = represent(answer, publication, gzipped=asked.gzip,
                                  cache="no-store" if method == "POST" else sparql.CACHE)
        environ[ENDPOINT] = NAME
        start_response("200 OK", [*headers, *HEADERS])
        self._monitor.observe(endpoint=NAME, method=method, path="/sparql", status=200, facts=environ[FACTS],
                              seconds=time.monotonic() - start, size=len(body) if answer.file is None else answer.size)
        return [body] if answer.file is None else wrap_file(environ, answer.file)

    def _answer(self, environ: "WSGIEnvironment", publication: Publication) -> tuple[sparql.Request, Answer] | None:
        """Return a query with its answer, or None if the application has to answer, with what was found."""
        asker = asker_of(environ, self._budget)
        try:
            asked = environ[sparql.FOUND] = sparql.read_request(environ, publication.settings)
            media_type = asked.negotiate() if asked else HTML
            if asked is None or media_type == HTML:
                return None
            return asked, sparql.answer(publication, asked, asker, media_type=media_type)
        except Problem as problem:
            environ[sparql.FOUND] = problem
            return None
