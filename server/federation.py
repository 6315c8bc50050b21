"""SERVICE, for the endpoints that the operator allows: asked by the server, never by the engine.

The engine would fetch from wherever a query sends it, follow redirects, and reach the machine's own network. So the
workers stay without a network, and the server itself asks: each `SERVICE <IRI> { … }` whose IRI is on the list is sent
there as a query of its own, and its place is taken by the answer as VALUES. That is what SPARQL 1.1 Federated Query
section 4 defines; a SERVICE whose endpoint is a variable has no such answer and is refused, as is one that names its
endpoint by a prefix. Redirects are not followed, and a name that leads to a private address is not asked, unless the
operator listed that very address.
"""

import hashlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode

from server.errors import Problem
from server.lexer import read_query, tokens

MOST_CALLS = 4  # of one query
MOST_ROWS = 10_000  # of one answer
MOST_BYTES = 8 << 20  # of one answer
AT_ONCE = 4  # calls of all clients together
RESULTS = "application/sparql-results+json"
_BLANK = r"(?:[ \t\r\n]|\#[^\r\n]*[\r\n])"
_CALL = re.compile(rf"{_BLANK}*(?P<silent>SILENT{_BLANK}*)?<(?P<iri>[^\x00-\x20<>\"{{}}|^`\\]*)>{_BLANK}*(?={{)",
                   re.IGNORECASE)
_PROLOGUE = ("base", "prefix", "version")
# Addresses that are global by the register, but lead to an IPv4 address of whoever wrote them.
_TUNNELS = tuple(map(ipaddress.IPv6Network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
_turns = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Call:
    """One SERVICE of a query: where it stands in the text, whom it asks, and what."""

    start: int
    end: int
    iri: str
    group: str
    silent: bool


class Unanswered(Exception):  # noqa: N818 - the call, silent or not, decides whether that is an error
    """An endpoint did not answer as it should; carries the HTTP status that this amounts to."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        super().__init__(reason)


def find_calls(text: str, allowed: Sequence[str]) -> tuple[Call, ...]:
    """Return the calls of a query that has some.

    Raises: Problem: one is not of the plain form, or its endpoint is not allowed.

    >>> [call] = find_calls("SELECT * { SERVICE <http://a.example/> { ?s ?p '}' } }", ["http://a.example/"])
    >>> call.iri, call.group
    ('http://a.example/', "{ ?s ?p '}' }")
    """
    if "\\u" in text or "\\U" in text:
        raise Problem(400, "a query with SERVICE is read without escapes: write the characters instead of \\u…")
    calls, places = [], _places(text)
    for place, kind, token in places:
        if kind != "word" or token.casefold() != "service":
            continue
        match = _CALL.match(text, place + len(token))
        if match is None:
            raise Problem(400, "SERVICE is read only as SERVICE <IRI> { … } or SERVICE SILENT <IRI> { … }, with the "
                               "IRI of the endpoint in full")
        if match["iri"] not in allowed:
            raise Problem(400, f"SERVICE is not allowed for this endpoint; allowed are {', '.join(allowed)}")
        end = _end_of_group(places, match.end())
        group = text[match.end():end]
        if read_query(group).service:
            raise Problem(400, "SERVICE within SERVICE is not allowed")
        calls.append(Call(place, end, match["iri"], group, match["silent"] is not None))
    if not calls or len(calls) > MOST_CALLS or read_query(_replaced(text, calls, ["{}"] * len(calls))).service:
        raise Problem(400, f"SERVICE is read only as SERVICE <IRI> {{ … }}, at most {MOST_CALLS} times")
    return tuple(calls)


def _places(text: str) -> Iterator[tuple[int, str, str]]:
    place = 0
    for kind, token in tokens(text):
        yield place, kind, token
        place += len(token)


def _end_of_group(places: Iterator[tuple[int, str, str]], start: int) -> int:
    depth = 0
    for place, kind, token in places:
        if place < start:
            continue
        depth += {"open": 1, "close": -1}.get(kind, 0)
        if depth == 0:
            return place + len(token)
    raise Problem(400, "a SERVICE has no end: its bracket is not closed")


def _replaced(text: str, calls: Sequence[Call], parts: Sequence[str]) -> str:
    pieces, place = [], 0
    for call, part in zip(calls, parts, strict=True):
        pieces += [text[place:call.start], part]
        place = call.end
    return "".join((*pieces, text[place:]))


def answered(text: str, calls: Sequence[Call], *, base: str, seconds: float) -> str:
    """Return a query whose calls are replaced by what their endpoints answered.

    Raises: Problem: an endpoint did not answer, or with too much.
    """
    until = time.monotonic() + seconds
    prologue = f"BASE <{base}>\n{_prologue(text)}"
    parts = []
    for call in calls:
        try:
            parts.append(_values(_ask(call.iri, f"{prologue}\nSELECT * WHERE {call.group}", until=until), base=base))
        except Unanswered as error:
            if not call.silent:
                later = (("Retry-After", "30"),) if error.status == 503 else ()
                raise Problem(error.status, f"the endpoint {call.iri} {error}; correct its part of the query, try "
                                            "again, or write SERVICE SILENT", headers=later) from error
            parts.append("{}")
    return _replaced(text, calls, parts)


def _prologue(text: str) -> str:
    """Return what stands before the first word of the query itself."""
    return next((text[:place] for place, kind, token in _places(text)
                 if kind == "word" and token.casefold() not in _PROLOGUE), "")


def _ask(iri: str, query: str, *, until: float) -> pyoxigraph.QuerySolutions:
    """Return the solutions with which an endpoint answers a query."""
    if not _turns.acquire(timeout=max(0.0, until - time.monotonic())):
        raise Unanswered(503, "was not asked: too many others are being asked")
    try:
        body = _fetch(iri, urlencode({"query": query}).encode(), until=until)
    finally:
        _turns.release()
    try:
        found = pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError) as error:
        raise Unanswered(503, "did not answer with results in JSON") from error
    if not isinstance(found, pyoxigraph.QuerySolutions):
        raise Unanswered(503, "did not answer with a table")
    return found


def _fetch(iri: str, form: bytes, *, until: float) -> bytes:
    parts = urlsplit(iri)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def left() -> float:
        seconds = until - time.monotonic()
        if seconds <= 0:
            raise Unanswered(504, "did not answer in time")
        return seconds

    connection = http.client.HTTPConnection(host, port)
    try:
        connection.sock = socket.create_connection(_address(host, port), timeout=left())
        if secure:
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        connection.request("POST", target, body=form, headers={
            "Host": parts.netloc, "Accept": RESULTS, "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "communique", "Connection": "close"})
        connection.sock.settimeout(left())
        channel = connection.sock
        response = connection.getresponse()
        if response.status != 200:
            refused = 400 <= response.status < 500
            raise Unanswered(400 if refused else 503, f"answered with HTTP {response.status}")
        body = bytearray()
        while piece := response.read1(1 << 16):
            body += piece
            if len(body) > MOST_BYTES:
                raise Unanswered(422, f"answered with more than {MOST_BYTES} bytes")
            channel.settimeout(left())
        if response.length:
            raise Unanswered(503, "broke off its answer")
        return bytes(body)
    except TimeoutError as error:
        raise Unanswered(504, "did not answer in time") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unanswered(503, f"cannot be reached ({type(error).__name__})") from error
    finally:
        connection.close()


def _address(host: str, port: int) -> tuple[str, int]:
    """Return the address to connect to: looked up once, so that it is the one that was judged."""
    explicit = host == "localhost"
    try:
        ipaddress.ip_address(host)
        explicit = True
    except ValueError:
        pass
    for *_, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = str(found[0])
        if explicit or is_public(address):
            return address, port
    raise Unanswered(503, "has no public address")


def is_public(address: str) -> bool:
    """Return whether an address belongs to the public Internet.

    >>> [is_public(address) for address in ("10.0.0.1", "::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "9.9.9.9")]
    [False, False, False, False, True]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in network for network in _TUNNELS):
            return False
    return found.is_global and not found.is_multicast


def _values(found: pyoxigraph.QuerySolutions, *, base: str) -> str:
    """Return solutions as a group that holds them."""
    names = [variable.value for variable in found.variables]
    rows = []
    try:
        for solution in found:
            rows.append(f"({' '.join(_term(solution[name], base) for name in names)})")
            if len(rows) > MOST_ROWS:
                raise Unanswered(422, f"answered with more than {MOST_ROWS} rows; ask it for less")
    except (SyntaxError, ValueError) as error:
        raise Unanswered(503, "did not answer with results in JSON") from error
    return f"{{ VALUES ({' '.join(f'?{name}' for name in names)}) {{ {' '.join(rows)} }} }}"


def _term(term: object, base: str) -> str:
    if term is None:
        return "UNDEF"
    if isinstance(term, BlankNode):  # VALUES cannot hold one: RDF 1.1, section 3.5
        return f"<{base}.well-known/genid/{hashlib.sha256(term.value.encode()).hexdigest()[:20]}>"
    if isinstance(term, NamedNode | Literal):
        return str(term)
    raise Unanswered(422, "answered with triples as terms, which cannot be passed on")
