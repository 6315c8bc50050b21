"""Finished answers → responses: entity tags, 304, gzip and the headers that every answer carries."""

import gzip
import hashlib
import re
from datetime import datetime
from functools import lru_cache

from flask import Flask, Response, g, request
from werkzeug.http import http_date
from werkzeug.wsgi import wrap_file

from server.negotiation import wants_gzip
from server.publication import Answer, Publication

SHORT = 1000  # bytes below which gzip gains nothing
LONG = 8 << 20  # bytes above which it would hold the answer up
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
TYPED = f"{POLICY}; require-trusted-types-for 'script'; trusted-types 'none'"  # all pages but that of the editor
EXPOSED = (
    "ETag, Link, Location, Content-Location, Content-Profile, Retry-After, X-Result-Truncated, "
    "Accept-Ranges, Content-Range, Accept-Query, Accept-Post"
)
EVERY = (
    ("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", EXPOSED),
    ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "strict-origin-when-cross-origin"),
)
PAGE = (*EVERY, ("Content-Security-Policy", TYPED), ("Cross-Origin-Resource-Policy", "same-origin"))
EDITOR = (*EVERY, ("Content-Security-Policy", POLICY), ("Cross-Origin-Resource-Policy", "same-origin"))
DATA = (*EVERY, ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Cross-Origin-Resource-Policy", "cross-origin"))
_FIELD_NAMES = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:\s*,\s*[!#$%&'*+.^_`|~0-9A-Za-z-]+)*")


def content_type(media_type: str) -> str:
    """Return a media type as a Content-Type: text says that it is UTF-8.

    >>> content_type("text/turtle"), content_type("application/n-triples")
    ('text/turtle; charset=utf-8', 'application/n-triples')
    """
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def tag_of(*parts: str) -> str:
    """Return an entity tag for what the parts together name."""
    return hashlib.blake2b("\x00".join(parts).encode(errors="surrogateescape"), digest_size=12).hexdigest()


def represent(answer: Answer, publication: Publication, *, gzipped: bool, cache: str, links: tuple[str, ...] = (),
              ) -> tuple[bytes, list[tuple[str, str]]]:
    """Return body and headers for a finished representation; `gzipped` tells whether the client prefers that.

    An answer without a tag is not the same next time, and is not to be kept by anybody.
    """
    body, tag, coding = answer.body, answer.tag, answer.coding
    if coding:
        tag = f"{tag}-{coding}" if tag else ""
    elif tag and gzipped and SHORT < len(body) < LONG:
        body, tag, coding = gzip.compress(body, compresslevel=5, mtime=0), f"{tag}-gzip", "gzip"
    headers = [("Content-Length", str(len(body) if answer.file is None else answer.size)),
               ("Content-Type", content_type(answer.media_type)), ("Cache-Control", cache if tag else "no-store")]
    if coding:
        headers.append(("Content-Encoding", coding))
    if tag:
        headers += (("ETag", f'"{tag}"'), ("Last-Modified", last_modified(publication.release.made_at)))
    joined, varying = list(links), "Accept, Accept-Encoding"
    for name, value in answer.headers:
        if name == "Link":
            joined.insert(0, value)
        elif name == "Vary":
            varying = value
        else:
            headers.append((name, value))
    headers.append(("Vary", varying))
    if publication.settings.license:
        joined.append(f'<{publication.settings.license}>; rel="license"')
    if joined:
        headers.append(("Link", ", ".join(joined)))
    return body, headers


def respond(answer: Answer, *, cache: str = "public, max-age=300", links: tuple[str, ...] = ()) -> Response:
    """Return the response for a finished representation: 304 if the client has it, gzip if it prefers that."""
    gzipped = wants_gzip(request.headers.get("Accept-Encoding"))
    body, headers = represent(answer, g.publication, gzipped=gzipped, cache=cache, links=links)
    if answer.file is None:
        response = Response(body, headers=headers)
    else:  # the web server sends it from there
        response = Response(wrap_file(request.environ, answer.file), headers=headers, direct_passthrough=True)
    made = last_modified(g.publication.release.made_at)
    if "ETag" in response.headers and (
            "HTTP_IF_NONE_MATCH" in request.environ or request.environ.get("HTTP_IF_MODIFIED_SINCE") == made):
        response.make_conditional(request.environ)  # the very date: the pointer may move back to an older release
    return response


@lru_cache(maxsize=8)
def last_modified(made_at: str) -> str:
    """Return the time of a release as a header tells it.

    >>> last_modified("2024-04-24T10:00:00+00:00")
    'Wed, 24 Apr 2024 10:00:00 GMT'
    """
    return http_date(datetime.fromisoformat(made_at))


def see_other(location: str, *, links: tuple[str, ...] = ()) -> Response:
    """Return a redirect to what describes a thing; the location is relative, so it holds behind every proxy."""
    response = Response(f"{location}\n", status=303, content_type="text/plain; charset=utf-8")
    response.headers["Location"] = location
    response.headers["Cache-Control"] = "public, max-age=300"
    response.vary.add("Accept")
    if links:
        response.headers.add("Link", ", ".join(links))
    return response


def finish(response: Response) -> Response:
    """Add what every answer carries: open access for scripts of other sites, and safety in browsers."""
    headers = response.headers
    page = EDITOR if request.path == "/sparql" else PAGE
    headers.extend(page if headers.get("Content-Type", "").startswith("text/html") else DATA)
    if request.method == "OPTIONS" and response.status_code < 400:
        asked = request.headers.get("Access-Control-Request-Headers", "").strip()
        headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = asked if _FIELD_NAMES.fullmatch(asked) else "*"
        headers["Access-Control-Max-Age"] = "86400"
        headers.pop("Content-Type", None)
        response.status_code = 204
    return response


def install(app: Flask) -> None:
    """Let every response of the application pass `finish`."""
    app.after_request(finish)
