"""The SPARQL 1.1 Protocol, read-only: one query in, its result in the syntax that the client likes best.

The rules read the environment of WSGI and need no framework: most queries are answered before it (server/front.py).
"""

import codecs
import json
import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, g, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wsgi import get_input_stream

from kg.formats import TURTLE
from server import description
from server.documents import prefix_map
from server.errors import HINTS, Problem
from server.execution import Asker, Untold, asker_of, execute
from server.federation import Call, find_calls
from server.lexer import MOST, Query, read_query
from server.negotiation import HTML, RDF, RDF_NAMES, choose, wants_gzip
from server.publication import Answer, Publication
from server.responses import respond, tag_of
from server.settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

blueprint = Blueprint("sparql", __name__)
FOUND = "communique.query"  # in the environment of a request: what was read of it already, a Request or a Problem
ENDPOINT = "sparql.sparql"  # the name of the view, in metrics
METHODS = ("GET", "HEAD", "POST", "QUERY")
CACHE = "public, max-age=60"
HTML_ROWS = 1000
PARAMETERS = 1000  # most of one request
FORM = "application/x-www-form-urlencoded"
QUERY_TEXT = "application/sparql-query"
UPDATE_TEXT = "application/sparql-update"
TABLES: Mapping[str, str] = {  # media type → syntax of the worker, the server's favourite first
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    HTML: "json",
}
TABLE_NAMES = {"json": "application/sparql-results+json", "xml": "application/sparql-results+xml", "csv": "text/csv",
               "tsv": "text/tab-separated-values", "html": HTML}
GRAPHS: Mapping[str, str] = {**{name: row.media_type for name, row in RDF.items()}, HTML: TURTLE.media_type}
ACCEPTED = (("Accept-Query", f'"{QUERY_TEXT}", "{FORM}"'), ("Accept-Post", f"{QUERY_TEXT}, {FORM}"))
_unescape = codecs.getdecoder("unicode_escape")
_ESCAPES = re.compile(rb"(?:%[0-9A-Fa-f]{2})+")


@dataclass(slots=True, kw_only=True)
class Request:
    """What a client asks: the query with what its tokens tell, its data set (None: not named), and its wishes."""

    text: str
    query: Query
    calls: tuple[Call, ...]
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str
    seconds: float
    accept: str | None
    gzip: bool

    @property
    def tabular(self) -> bool:
        """Whether the answer is a table or a truth value, and no graph."""
        return self.query.form not in ("construct", "describe")

    def negotiate(self) -> str:
        """Return the media type to answer with.

        Raises: Problem: 406, or an unknown `format`.
        """
        names, offers = (TABLE_NAMES, TABLES) if self.tabular else (RDF_NAMES, GRAPHS)
        if self.format:
            chosen = names.get(self.format.casefold(), self.format if self.format in offers else "")
            if not chosen:
                raise Problem(406, f"no result of this query can be written as format={self.format!r}; "
                                   f"use one of {', '.join(sorted(names))}")
            return chosen
        chosen = choose(self.accept, tuple(offers))
        if not chosen:
            raise Problem(406, f"cannot answer with {self.accept}; ask for {', '.join(offers)}")
        return chosen


@blueprint.route("/sparql", methods=["GET", "POST", "QUERY"])
def sparql() -> Response:
    """Answer a query, or describe the service when there is none."""
    publication: Publication = g.publication
    found = request.environ.get(FOUND) or read_request(request.environ, publication.settings)
    if isinstance(found, Problem):
        raise found
    if found is None:
        return description.answer(publication)
    asker = asker_of(request.environ, current_app.extensions["budget"])
    answered = answer(publication, found, asker, media_type=found.negotiate(),
                      known=request.if_none_match.as_set(include_weak=True))
    return respond(answered, cache="no-store" if request.method == "POST" else CACHE)


@blueprint.after_request
def tell_bodies(response: Response) -> Response:
    """Say which bodies POST and QUERY may have."""
    response.headers.extend(ACCEPTED)
    return response


def answer(publication: Publication, asked: Request, asker: Asker, *, media_type: str, known: Collection[str] = (),
           ) -> Answer:
    """Return the answer to a query; `known` are the entity tags of answers that the client has.

    Triples that a media type cannot tell are told in the next one that the client takes.

    Raises: Problem: the query is wrong, or a limit stopped it.
    """
    try:
        return _answer(publication, asked, asker, media_type=media_type, known=known)
    except Untold:
        if asked.format or not (other := choose(asked.accept, tuple(name for name in GRAPHS if name != media_type))):
            raise
        return _answer(publication, asked, asker, media_type=other, known=known)


def _answer(publication: Publication, asked: Request, asker: Asker, *, media_type: str, known: Collection[str],
            ) -> Answer:
    if asked.query.changing or asked.calls:
        return run(publication, asked, asker, media_type=media_type, tag="")
    tag = tag_of(publication.release.id, media_type, asked.text, *asked.default_graphs, "named", *asked.named_graphs)
    kept = publication.kept.get(tag)
    if kept is None:
        for name in (tag, f"{tag}-gzip"):
            if name in known:  # it names the query and the release: no need to find the very answer again
                return Answer(body=b"", media_type=media_type, tag=name)
        kept = run(publication, asked, asker, media_type=media_type, tag=tag)
        publication.kept.put(tag, kept)
    return kept


def read_request(environ: "WSGIEnvironment", settings: Settings) -> Request | None:
    """Return what the client asks in its address and its body, checked against the protocol and the limits on texts.

    Returns: None if it asks nothing: it wants to know what this service is.

    Raises: Problem: 400, 413 or 415.
    """
    parameters = read_parameters(environ["QUERY_STRING"].encode("latin-1"))
    given: dict[str, list[str]] = {}
    texts: list[str] = []
    if environ["REQUEST_METHOD"] in ("POST", "QUERY"):
        kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
        body = _body(environ, settings)
        if kind == FORM:
            parameters += read_parameters(body)
        elif kind == QUERY_TEXT:
            texts.append(_decode(body))
        elif kind == UPDATE_TEXT:
            raise Problem(400, "this endpoint is read-only: it takes queries, no updates")
        else:
            raise Problem(415, f"cannot read a body of type {kind or 'unknown'}; send {QUERY_TEXT} or {FORM}")
    elif all(name == "format" for name, _ in parameters):
        return None
    for name, value in parameters:
        given.setdefault(name, []).append(value)
    if "update" in given:
        raise Problem(400, "this endpoint is read-only: it takes queries, no updates")
    texts += given.get("query", ())
    if len(texts) != 1:
        raise Problem(400, f"found {len(texts)} queries, needed exactly one: as parameter 'query', or as a body of "
                           f"type {QUERY_TEXT}")
    text = texts[0]
    if len(text.encode()) > settings.query_bytes:
        raise Problem(413, f"the query is longer than {settings.query_bytes} bytes; ask in parts")
    query = read_query(text)
    if query.crowded:
        raise Problem(413, f"the query has more than {MOST} words and brackets; ask in parts")
    if query.nesting > settings.nesting:
        raise Problem(400, f"the query nests brackets {query.nesting} deep, allowed are {settings.nesting}")
    if query.form == "update":
        raise Problem(400, "this endpoint is read-only: it takes SELECT, ASK, CONSTRUCT and DESCRIBE, no updates")
    if query.service and not settings.endpoints:
        raise Problem(400, "SERVICE is not allowed here: this endpoint asks no other; query the other endpoint "
                           "yourself and pass its results as VALUES")
    return Request(
        text=text, query=query, calls=find_calls(text, settings.endpoints) if query.service else (),
        default_graphs=tuple(given.get("default-graph-uri", ())),
        named_graphs=tuple(given.get("named-graph-uri", ())),
        format=given.get("format", ("",))[0], seconds=_seconds(given.get("timeout", (None,))[0], settings.time_limit),
        accept=environ.get("HTTP_ACCEPT"), gzip=wants_gzip(environ.get("HTTP_ACCEPT_ENCODING")),
    )


def _body(environ: "WSGIEnvironment", settings: Settings) -> bytes:
    try:
        return get_input_stream(environ, max_content_length=settings.body_bytes).read()
    except RequestEntityTooLarge as error:
        raise Problem(413, HINTS[413]) from error


def read_parameters(encoded: bytes) -> list[tuple[str, str]]:
    """Return the parameters of a form or an address.

    The library's reader takes a percent sign at a time: a megabyte of them would hold up all other clients.
    """
    pieces = encoded.replace(b"+", b" ").split(b"&", PARAMETERS)
    if len(pieces) > PARAMETERS:
        raise Problem(400, f"more than {PARAMETERS} parameters")
    try:
        if not encoded.isascii():
            raise UnicodeDecodeError("ascii", encoded, 0, 1, "not escaped")
        return [(_unescaped(name), _unescaped(value)) for name, _, value in (
            piece.partition(b"=") for piece in pieces if piece)]
    except UnicodeDecodeError as error:
        raise Problem(400, "the parameters are not UTF-8 in percent-encoding") from error


def _unescaped(text: bytes) -> str:
    if b"%" in text:
        try:  # the escapes of Python's own strings differ by a letter, and are read many times faster
            text = _unescape(text.replace(b"\\", b"\\\\").replace(b"%", b"\\x"))[0].encode("latin-1")
        except UnicodeDecodeError:  # a percent sign that starts no escape stays
            text = _ESCAPES.sub(lambda found: bytes.fromhex(found[0].replace(b"%", b"").decode()), text)
    return text.decode()


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Problem(400, f"the query is not UTF-8 (byte {error.start})") from error


def _seconds(wish: str | None, limit: float) -> float:
    if wish is None:
        return limit
    try:
        seconds = float(wish)
    except ValueError as error:
        raise Problem(400, f"timeout={wish!r} is no number of seconds") from error
    if not math.isfinite(seconds) or seconds <= 0:
        raise Problem(400, f"timeout={wish!r} is no number of seconds above 0")
    return min(seconds, limit)


def run(publication: Publication, asked: Request, asker: Asker, *, media_type: str, tag: str) -> Answer:
    """Return the answer to a query, run by a worker.

    Raises: Problem: the query is wrong, or a limit stopped it.
    """
    settings, base = publication.settings, publication.release.base
    table = asked.tabular
    job: dict[str, Any] = {
        "query": asked.text,
        "base": base,
        "default_graph": None,
        "named_graphs": None,
        "union": not asked.query.dataset,
        "syntax": TABLES[media_type] if table else GRAPHS[media_type],
        "rows": min(HTML_ROWS, settings.rows) if media_type == HTML else settings.rows,
        "bytes": settings.answer_bytes,
        "link": f"{base}dumps/",
        "prefixes": {} if table else prefix_map(base),
        "gzip": asked.gzip,
    }
    if media_type == HTML:
        job["keep"] = 2 * settings.answer_bytes
    if asked.default_graphs or asked.named_graphs:  # these win over FROM in the query
        job |= {"default_graph": asked.default_graphs, "named_graphs": asked.named_graphs, "union": False}
    reply = execute(publication, job, asker, seconds=asked.seconds, calls=asked.calls)
    headers: tuple[tuple[str, str], ...] = ()
    cut = reply.head["cut"]
    if cut:
        limit = f"rows={job['rows']}" if cut == "rows" else f"bytes={job['bytes']}"
        headers = (("X-Result-Truncated", limit), ("Link", '<dumps/>; rel="alternate"; title="all data as files"'))
    body = reply.body
    if media_type == HTML:
        body = _page(publication, asked, reply.head, reply.body, table=table).encode()
    return Answer(body=body, media_type=media_type, tag=tag, headers=headers, file=reply.file, size=reply.size,
                  coding=reply.head.get("encoding", ""))


def _page(publication: Publication, asked: Request, head: Mapping[str, Any], body: bytes, *, table: bool) -> str:
    result: dict[str, Any] = {"text": body.decode(errors="replace")}
    if table:
        found = json.loads(body)
        result = {"boolean": found.get("boolean"), "names": found["head"].get("vars", []),
                  "rows": found.get("results", {}).get("bindings", [])}
    return render_template("result.html", root="", release=publication.release, base=publication.release.base,
                           query=asked.text, cut=head["cut"], limit=HTML_ROWS, **result)
