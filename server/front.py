"""What is answered before the framework: it would take longer than to find the answer.

Whole answers are kept: a release never changes, so neither does the answer to a GET with the same address and the same
wishes. Only answers that name themselves (ETag) and vary by nothing but these wishes are kept, beside the finished
representations of the release.

Queries are answered here too, by the rules of server/sparql.py. What needs the framework is passed on with what was
found so far: pages, problems, the description of the service, conditions, and earlier releases.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.wsgi import wrap_file

from server import sparql
from server.archive import WANTED
from server.budget import Budget
from server.errors import Problem
from server.execution import FACTS, asker_of
from server.monitoring import ENDPOINT, STARTED, Monitor
from server.negotiation import HTML
from server.publication import Answer, Publication, Publisher
from server.responses import DATA, represent

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLACES = ("/sparql", "/data/", "/page/", "/graph/", "/ns")  # what is asked again and again
QUERIES = "/sparql"
WISHES = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_PROFILE")
EXCEPTIONS = frozenset({"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", WANTED})
LARGEST = 1 << 20  # bytes of an answer that is kept
LONGEST = 4000  # characters of an address and wishes that are
HEADERS = (*DATA, *sparql.ACCEPTED)


@dataclass(slots=True, kw_only=True)
class Whole(Answer):
    """An answer with all its headers, and the view that gave it."""

    endpoint: str


class Front:
    """Answers what is kept and what is a query, else asks the application and keeps what it says."""

    def __init__(self, inner: "WSGIApplication", *, publisher: Publisher, budget: Budget, monitor: Monitor) -> None:
        self._inner, self._publisher, self._budget, self._monitor = inner, publisher, budget, monitor

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path, key = environ["PATH_INFO"], _key(environ)
        asking = path == QUERIES and environ["REQUEST_METHOD"] in sparql.METHODS
        if not (key or asking) or not EXCEPTIONS.isdisjoint(environ):
            return self._inner(environ, start_response)
        environ[STARTED] = time.monotonic()
        publication = self._publisher.enter()
        try:
            kept = publication.kept.get(key) if key else None
            found = kept if isinstance(kept, Whole) else self._ask(environ, publication) if asking else None
        finally:
            publication.leave()
        if found is None:
            return self._pass_on(environ, start_response, publication, key)
        if key and found is not kept and found.tag and found.file is None and len(found.body) < LARGEST:
            publication.kept.put(key, found)
        start_response("200 OK", list(found.headers))
        self._monitor.observe(
            endpoint=found.endpoint, method=environ["REQUEST_METHOD"], status=200, facts=environ.get(FACTS, {}),
            path=str(environ.get("REQUEST_URI", path)).partition("?")[0].removeprefix(environ.get("SCRIPT_NAME", "")),
            seconds=time.monotonic() - environ[STARTED], size=found.size,
        )
        parts = [found.body] if found.file is None else wrap_file(environ, found.file)
        if environ["REQUEST_METHOD"] != "HEAD":
            return parts
        if found.file is not None:
            found.file.close()
        return []

    def _ask(self, environ: "WSGIEnvironment", publication: Publication) -> Whole | None:
        """Return the answer to a query, or None if the application has to give it, with what was found."""
        asker = asker_of(environ, self._budget)
        try:
            asked = environ[sparql.FOUND] = sparql.read_request(environ, publication.settings)
            media_type = asked.negotiate() if asked else HTML
            if asked is None or media_type == HTML:
                return None
            answer = sparql.answer(publication, asked, asker, media_type=media_type)
        except Problem as problem:
            environ[sparql.FOUND] = problem
            return None
        cache = "no-store" if environ["REQUEST_METHOD"] == "POST" else sparql.CACHE
        body, headers = represent(answer, publication, gzipped=asked.gzip, cache=cache)
        return Whole(body=body, media_type=media_type, tag=answer.tag, headers=(*headers, *HEADERS), file=answer.file,
                     size=len(body) if answer.file is None else answer.size, endpoint=sparql.ENDPOINT)

    def _pass_on(self, environ: "WSGIEnvironment", start_response: "StartResponse", publication: Publication,
                 key: tuple[str | None, ...]) -> Iterable[bytes]:
        """Let the application answer, and keep what it says if that is the same next time."""
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def tell(status: str, headers: list[tuple[str, str]], *error: object) -> object:
            told.append((status, headers))
            return start_response(status, headers, *error)  # type: ignore[arg-type]

        parts = self._inner(environ, tell)  # type: ignore[arg-type]
        if not key or not told or not _may_be_kept(*told[-1]):
            return parts
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        publication.kept.put(key, Whole(body=body, media_type="", tag="", headers=tuple(told[-1][1]), size=len(body),
                                        endpoint=environ.get(ENDPOINT, "none")))
        return [body]


def _key(environ: "WSGIEnvironment") -> tuple[str | None, ...]:
    """Return what an answer is kept by: address and wishes; nothing if it is not to be kept."""
    address = environ.get("REQUEST_URI", "")
    if environ["REQUEST_METHOD"] != "GET" or not address or not environ["PATH_INFO"].startswith(PLACES):
        return ()
    key = ("front", environ.get("SCRIPT_NAME", ""), address, *map(environ.get, WISHES))
    return key if sum(map(len, filter(None, key))) <= LONGEST else ()


def _may_be_kept(status: str, headers: list[tuple[str, str]]) -> bool:
    """Return whether an answer is the same next time."""
    found = {name.casefold(): value for name, value in headers}
    varying = {name.strip().casefold() for name in found.get("vary", "").split(",")}
    return (status.startswith("200 ") and "etag" in found and int(found.get("content-length", LARGEST)) < LARGEST
            and varying <= {"accept", "accept-encoding", "accept-profile"}
            and "no-store" not in found.get("cache-control", "no-store"))
