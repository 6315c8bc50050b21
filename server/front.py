"""Whole answers, kept before the framework: what was asked before costs a look-up.

A release never changes, so neither does the answer to a GET with the same address and the same wishes. Only answers
that name themselves (ETag) and vary by nothing but these wishes are kept, beside the finished representations of the
release.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.archive import WANTED
from server.monitoring import ENDPOINT, Monitor
from server.publication import Answer, Publisher

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PLACES = ("/sparql", "/data/", "/page/", "/graph/", "/ns")  # what is asked again and again
WISHES = ("HTTP_ACCEPT", "HTTP_ACCEPT_ENCODING", "HTTP_ACCEPT_PROFILE")
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE")
LARGEST = 1 << 20  # bytes of an answer that is kept
LONGEST = 4000  # characters of an address and wishes that are


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole(Answer):
    """An answer with all its headers, and the view that gave it."""

    endpoint: str


class Front:
    """Answers from what is kept, else asks the application and keeps what it says."""

    def __init__(self, inner: "WSGIApplication", *, publisher: Publisher, monitor: Monitor) -> None:
        self._inner, self._publisher, self._monitor = inner, publisher, monitor

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        address = environ.get("REQUEST_URI", "")
        key = ("front", environ.get("SCRIPT_NAME", ""), address, *(environ.get(name) for name in WISHES))
        if (environ["REQUEST_METHOD"] != "GET" or WANTED in environ or not address
                or not environ["PATH_INFO"].startswith(PLACES) or any(name in environ for name in CONDITIONS)
                or sum(len(part or "") for part in key) > LONGEST):
            return self._inner(environ, start_response)
        start = time.monotonic()
        publication = self._publisher.enter()
        try:
            kept = publication.kept.get(key)
            if isinstance(kept, Whole):
                path = address.partition("?")[0].removeprefix(environ.get("SCRIPT_NAME", ""))
                start_response("200 OK", list(kept.headers))
                self._monitor.observe(endpoint=kept.endpoint, method="GET", path=path, status=200,
                                      seconds=time.monotonic() - start, size=len(kept.body), facts={})
                return [kept.body]
        finally:
            publication.leave()
        told: list[tuple[str, list[tuple[str, str]]]] = []

        def tell(status: str, headers: list[tuple[str, str]], *error: object) -> object:
            told.append((status, headers))
            return start_response(status, headers, *error)  # type: ignore[arg-type]

        parts = self._inner(environ, tell)  # type: ignore[arg-type]
        if not told or not _may_be_kept(*told[-1]):
            return parts
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        publication.kept.put(key, Whole(body=body, media_type="", tag="", headers=tuple(told[-1][1]),
                                        endpoint=environ.get(ENDPOINT, "none")))
        return [body]


def _may_be_kept(status: str, headers: list[tuple[str, str]]) -> bool:
    """Return whether an answer is the same next time."""
    found = {name.casefold(): value for name, value in headers}
    varying = {name.strip().casefold() for name in found.get("vary", "").split(",")}
    return (status.startswith("200 ") and "etag" in found and int(found.get("content-length", LARGEST)) < LARGEST
            and varying <= {"accept", "accept-encoding", "accept-profile"}
            and "no-store" not in found.get("cache-control", "no-store"))
