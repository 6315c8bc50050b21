"""The bytes of HTTP/1.1 (RFC 9112): what clients send becomes requests, strictly; what they are told becomes a head."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.handlers import format_date_time

HEAD = 1 << 18  # bytes of the longest head
BODY = 16 << 20  # bytes of the longest body
MEMORY = 1 << 19  # bytes of a body beyond which it goes to a file
LINE = 300  # bytes of the longest line before a chunk
EXTENSIONS = 1 << 16  # bytes of all the lines before the chunks of a body, beside their sizes
FIELDS = 200  # most headers of a request: each is cheap to send, and not to take
GONE = "communique.gone"  # in the environment of a request: a function that tells whether its client hung up
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}+"
_START = re.compile(rf"({_TOKEN}) ([\x21-\x7e]++) HTTP/([0-9])\.([0-9])\r\n")
_BEGINNING = re.compile(rf"{_TOKEN}(?: [\x21-\x7e]*+(?: [HTP/0-9.]*+\r?)?)?|\r?".encode("latin-1"))
_BARE = re.compile(rb"(?<!\r)\n")
_FIELDS = re.compile(rf"(?:{_TOKEN}:[\t\x20-\x7e\x80-\xff]*+\r\n)*+")
_FIELD = re.compile(r"([^:]++):[ \t]*+([^\r]*+)\r\n")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?\r\n")
_NUMBER = re.compile("[0-9]{1,15}")
_NO_REQUEST = "the first line is no request; percent-encode what is not ASCII"
_HOST = re.compile(r"(?:\[[0-9A-Za-z:.~_-]+\]|[0-9A-Za-z._~!$&'()*+,;=%-]*+)(?::[0-9]{0,5})?")  # RFC 3986, 3.2.2


class Refused(Exception):  # noqa: N818 - it is an answer as much as an error
    """Bytes that are no request that is taken; the connection is of no more use."""

    def __init__(self, status: int, detail: str) -> None:
        self.status, self.detail = status, detail
        super().__init__(f"{status}: {detail}")


@dataclass(slots=True, kw_only=True)
class Request:
    """One request.

    `target` is its path with the query, as sent; `path` and `query` are its parts, the first percent-decoded, both as
    WSGI has them. `fields` are its headers, by the names that WSGI gives them.
    """

    method: str
    target: str
    version: str
    fields: dict[str, str]
    body: IO[bytes]
    lasting: bool  # whether the client lets the connection open

    @property
    def path(self) -> str:
        """The path, percent-decoded, with one slash at its start."""
        path = self.target.partition("?")[0]
        if "%" in path:
            path = unquote_to_bytes(path).decode("latin-1")
        return "/" + path.lstrip("/") if path.startswith("//") else path

    @property
    def query(self) -> str:
        """What follows the question mark."""
        return self.target.partition("?")[2]


class Reader:
    r"""Takes the bytes of one connection, and gives the requests in them one after the other.

    >>> reader = Reader()
    >>> reader.feed(b"GET /a%20b?c=d HTTP/1.1\r\nHost: x\r\n\r\nGET")
    >>> request = reader.take()
    >>> request.path, request.query, request.fields, request.lasting
    ('/a b', 'c=d', {'HTTP_HOST': 'x'}, True)
    >>> reader.take() is None, reader.begun
    (True, True)
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._seen = 0  # bytes that are known not to end a head
        self._request: Request | None = None  # whose body is still coming
        self._left = 0  # bytes of the body, or of its chunk, that are to come
        self._chunked, self._size, self._extensions = False, 0, 0
        self._ended = self._trailers = False  # whether a chunk has come, or all of them
        self.continuing = False  # whether the client waits to be told that its body is welcome

    @property
    def begun(self) -> bool:
        """Whether a request has begun that is not whole yet, or another one waits."""
        return bool(self._data) or self._request is not None

    @property
    def headed(self) -> bool:
        """Whether the head of a request has come, and its body has not."""
        return self._request is not None

    def feed(self, data: bytes) -> None:
        """Take bytes."""
        self._data += data

    def close(self) -> None:
        """Forget what has come; a request that is not whole is none."""
        self._data.clear()
        if self._request is not None:
            self._request.body.close()
            self._request = None

    def take(self) -> Request | None:
        """Return the next request if it is whole.

        Raises: Refused: it is none, or too large.
        """
        if self._request is None and not self._read_head():
            return None
        request = self._request
        if request is None or not (self._read_chunks(request) if self._chunked else self._read_body(request)):
            return None
        self._request, self._chunked, self.continuing = None, False, False
        request.body.seek(0)
        return request

    def _read_head(self) -> bool:
        data = self._data
        while data.startswith(b"\r\n"):  # RFC 9112, 2.2
            del data[:2]
        end = data.find(b"\r\n\r\n", self._seen)
        if end > HEAD or (end < 0 and len(data) > HEAD):
            if data.find(b"\r\n", 0, HEAD) < 0:
                raise Refused(414, f"the first line of the request is longer than {HEAD} bytes")
            raise Refused(431, f"the head of the request is longer than {HEAD} bytes")
        if end < 0:
            self._check_beginning()
            self._seen = max(0, len(data) - 3)
            return False
        self._seen = 0
        self._request = read_head(data[: end + 2].decode("latin-1"))
        del data[: end + 4]
        fields = self._request.fields
        if "HTTP_TRANSFER_ENCODING" in fields:
            self._chunked, self._left, self._size, self._extensions = True, 0, 0, 0
            self._ended = self._trailers = False
            self._request.body = _spool()
        else:
            self._left = int(fields.get("CONTENT_LENGTH", "0"))
            if self._left > BODY:
                raise Refused(413, f"the body of the request is longer than {BODY} bytes")
            if self._left > MEMORY:
                self._request.body = _spool()
        self.continuing = ("HTTP_EXPECT" in fields and (self._chunked or self._left > 0) and not data
                           and self._request.version == "1.1")  # RFC 9110, 10.1.1
        return True

    def _check_beginning(self) -> None:
        """Raise a Refused as soon as what has come cannot become a head: its client might wait for ever."""
        data = self._data
        line = data.find(b"\n")
        if line < 0 and not _BEGINNING.fullmatch(data):
            raise Refused(400, _NO_REQUEST)
        if 0 <= line >= self._seen:
            read_start(data[: line + 1].decode("latin-1"))
        if _BARE.search(data, self._seen):
            raise Refused(400, "a line of the head ends without a carriage return")

    def _read_body(self, request: Request) -> bool:
        if self._left and self._data:
            found = bytes(self._data[: self._left])
            del self._data[: len(found)]
            request.body.write(found)
            self._left -= len(found)
        return not self._left

    def _read_chunks(self, request: Request) -> bool:
        data = self._data
        while not self._trailers:
            self._read_body(request)
            if self._left or (self._ended and len(data) < 2):
                return False
            if self._ended and data[:2] != b"\r\n":
                raise Refused(400, "a chunk of the body is longer than it says")
            start = 2 if self._ended else 0
            match = _CHUNK.match(data, start)
            if match is None:
                if len(data) < LINE and b"\n" not in data[start:]:
                    return False
                raise Refused(400, "a chunk of the body does not start with its size")
            self._left = int(match[1], 16)
            self._size += self._left
            self._extensions += len(match[0]) - len(match[1]) - 2
            if self._extensions > EXTENSIONS:
                raise Refused(400, f"the chunks of the body have more than {EXTENSIONS} bytes of extensions")
            if self._size > BODY:
                raise Refused(413, f"the body of the request is longer than {BODY} bytes")
            del data[: match.end()]
            self._ended, self._trailers = True, not self._left
        return self._skip_trailers(request)

    def _skip_trailers(self, request: Request) -> bool:
        data = self._data
        end = 0 if data.startswith(b"\r\n") else data.find(b"\r\n\r\n") + 2
        if end == 1:
            if len(data) > HEAD:
                raise Refused(431, f"the trailers of the request are longer than {HEAD} bytes")
            return False
        if not _FIELDS.fullmatch(data[:end].decode("latin-1")):
            raise Refused(400, "the trailers of the request are no headers")
        del data[: end + 2]
        request.fields["CONTENT_LENGTH"] = str(self._size)
        del request.fields["HTTP_TRANSFER_ENCODING"]
        return True


def _spool() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=MEMORY)


def read_start(head: str) -> tuple[str, str, str, int]:
    r"""Return method, target and version that a head starts with, and where its headers start.

    Later versions of HTTP/1 are taken as the one that is spoken here (RFC 9110, 2.5).

    Raises: Refused: it starts with none.

    >>> read_start("GET /a HTTP/1.2\r\nHost: x\r\n")
    ('GET', '/a', '1.1', 17)
    """
    start = _START.match(head)
    if start is None:
        raise Refused(400, _NO_REQUEST)
    method, target, major, minor = start.groups()
    if major != "1":
        raise Refused(505, "this server speaks HTTP/1.1")
    return method, target, "1.0" if minor == "0" else "1.1", start.end()


def read_head(head: str) -> Request:
    r"""Return the request that a head starts, without its body.

    Raises: Refused: the head is none, or asks for what is not understood.

    >>> read_head("GET http://x/y HTTP/1.0\r\nAccept: a\r\naccept:b\r\n").fields
    {'HTTP_ACCEPT': 'a, b', 'HTTP_HOST': 'x'}
    >>> read_head("GET / HTTP/1.1\r\n")
    Traceback (most recent call last):
    server.wire.Refused: 400: the request needs a header Host
    """
    method, target, version, end = read_start(head)
    if not _FIELDS.fullmatch(head, end):
        raise Refused(400, "a line of the head is no header")
    found = _FIELD.findall(head, end)
    if len(found) > FIELDS:
        raise Refused(431, f"the request has more than {FIELDS} headers")
    fields: dict[str, str] = {}
    for name, value in found:
        key, text = wsgi_name(name), value.rstrip(" \t")
        if key == "HTTP_HOST" and key in fields:
            raise Refused(400, "the request has more than one header Host")
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    fields.pop("", None)
    recent = version == "1.1"
    _check(fields, recent=recent)
    target = _direct(method, target, fields)
    options = _members(fields["HTTP_CONNECTION"]) if "HTTP_CONNECTION" in fields else ()
    return Request(method=method, target=target, version=version, fields=fields, body=BytesIO(),
                   lasting="close" not in options and (recent or "keep-alive" in options))


def _members(value: str) -> list[str]:
    return [part.strip(" \t") for part in value.casefold().split(",")]


def _check(fields: dict[str, str], *, recent: bool) -> None:
    """Raise a Refused if headers tell of a body, or of its absence, in two ways, or name no host."""
    if recent and "HTTP_HOST" not in fields:
        raise Refused(400, "the request needs a header Host")
    if not _HOST.fullmatch(fields.get("HTTP_HOST", "")):
        raise Refused(400, "the header Host holds no host")
    if "HTTP_TRANSFER_ENCODING" in fields:
        codings = _members(fields["HTTP_TRANSFER_ENCODING"])
        if "CONTENT_LENGTH" in fields or not recent:
            raise Refused(400, "the body has two lengths, or is in chunks before HTTP/1.1")
        if codings[-1] != "chunked" or codings.count("chunked") > 1:  # RFC 9112, 6.3
            raise Refused(400, "the body does not end with its chunks")
        if len(codings) > 1:
            raise Refused(501, "the body is encoded otherwise than in chunks")
    elif "CONTENT_LENGTH" in fields and not _NUMBER.fullmatch(fields["CONTENT_LENGTH"]):
        raise Refused(400, "the length of the body is no number")
    if "HTTP_EXPECT" in fields and {*_members(fields["HTTP_EXPECT"])} != {"100-continue"}:
        raise Refused(417, "nothing can be expected but 100-continue")


def _direct(method: str, target: str, fields: dict[str, str]) -> str:
    """Return the target of a request as path and query; a host that it names takes the place of the header's."""
    if target.startswith("/"):
        return target.partition("#")[0] if "#" in target else target
    if target == "*" and method == "OPTIONS":
        return target
    host, target = origin_form(target)
    fields["HTTP_HOST"] = host
    return target


def origin_form(target: str) -> tuple[str, str]:
    """Return host, and path with query, of a target that is a whole address.

    Raises: Refused: it is none.

    >>> origin_form("http://news.example?query=x"), origin_form("http://[::1]:80/a?b")
    (('news.example', '/?query=x'), ('[::1]:80', '/a?b'))
    """
    try:
        parts = urlsplit(target)
    except ValueError as error:
        raise Refused(400, "the target of the request is no address") from error
    host = parts.netloc
    if parts.scheme not in ("http", "https") or not host or host.startswith(":") or not _HOST.fullmatch(host):
        raise Refused(400, "the target of the request is no address")
    return host, f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


@lru_cache(maxsize=1000)  # clients of a kind send the same names
def wsgi_name(name: str) -> str:
    """Return the name that WSGI gives a header, "" if it would pass for that of another.

    >>> wsgi_name("Accept-Encoding"), wsgi_name("content-type"), wsgi_name("X_Forwarded_For")
    ('HTTP_ACCEPT_ENCODING', 'CONTENT_TYPE', '')
    """
    if "_" in name:
        return ""
    key = name.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return format_date_time(second)


def response_head(status: str, headers: Iterable[tuple[str, str]], *, connection: str = "") -> bytes:
    r"""Return the head of an answer; `connection` is what becomes of the connection, if the client should know.

    Raises: ValueError: a header holds a line break.

    >>> response_head("204 No Content", [("Allow", "GET")]).split(b"\r\n")[:2]
    [b'HTTP/1.1 204 No Content', b'Allow: GET']
    """
    told = [f"{name}: {value}" for name, value in headers]
    lines = [f"HTTP/1.1 {status}", *told, f"Date: {_date(int(time.time()))}"]
    if connection:
        lines.append(f"Connection: {connection}")
    text = "\r\n".join(lines)
    if text.count("\n") != len(lines) - 1 or text.count("\r") != len(lines) - 1:
        raise ValueError("a header holds a line break")
    return f"{text}\r\n\r\n".encode("latin-1")


def refusal(error: Refused) -> bytes:
    """Return the whole answer to bytes that were refused."""
    phrase = HTTPStatus(error.status).phrase
    body = f"{error.status} {phrase}: {error.detail}\n".encode()
    return response_head(f"{error.status} {phrase}", (
        ("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))), connection="close") + body
