"""Answers on their way out of a query worker: cut at their limits, and moved to a file when they grow.

An answer is whole before its first byte leaves, so that a client always learns by status and headers whether it was
cut, took too long or was lost, and a client that reads slowly holds up no worker. Large ones wait in a file without a
name; the server sends them from there, and needs no memory for them.
"""

import json
import re
import struct
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import BinaryIO

PIECE = 1 << 18  # bytes that are read or written at once
SCANNED = 1 << 22  # bytes of rows that are looked at together
LARGE = 1 << 20  # bytes of a graph beyond which all prefixes stay rather than looking which are used
LENGTHS = struct.Struct("<QQ")  # how an answer on its way to the server starts: lengths of head and body
CUTS = ("", "rows", "bytes")  # what cut an answer
PLAIN = struct.Struct("<QQQB?")  # likewise, without a head: 0, length, rows, place in CUTS, the worker's last or not
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_PREFIXES = re.compile(rb"(?:@prefix [^\n]*\n)+")
_XML_ROOT = re.compile(rb"<rdf:RDF((?: xmlns:[\w.-]+=\"[^\"]*\")*)>")
_XML_NAME = re.compile(rb"( xmlns:([\w.-]+)=\"[^\"]*\")")
_CSV_ROW = re.compile(rb'(?:[^"\r\n]++|"(?:[^"]++|"")*+")*+\r\n')
_HEADS = {"json": b'"bindings":[', "xml": b"<results>", "csv": b"\n", "tsv": b"\n"}
_TAILS = {"json": b"]}}", "xml": b"</results></sparql>", "csv": b"", "tsv": b""}
_ROW_MARKS = {"json": b"},{", "xml": b"</result>", "csv": b"\n", "tsv": b"\n"}


class Full(Exception):  # noqa: N818 - a signal between the sink and its reader, not an error
    """The answer has reached a limit."""


class Spool:
    """Bytes that are kept in memory up to a number, and in a file without a name beyond it.

    >>> spool = Spool(keep=4)
    >>> spool.write(b"abc"); spool.write(b"def"); spool.put(0, b"x")
    >>> spool.file is None, spool.read(0, 9)
    (False, b'xbcdef')
    >>> spool.close()
    """

    def __init__(self, *, keep: int) -> None:
        self.size = 0
        self.file: BinaryIO | None = None
        self._keep = keep
        self._data = bytearray()

    def write(self, data: bytes) -> None:
        """Add bytes.

        Raises: OSError: there is no room for a file.
        """
        self.size += len(data)
        if self.file is None and self.size > self._keep:
            from tempfile import TemporaryFile  # few workers ever need it, and each starts a little sooner without

            self.file = TemporaryFile()  # noqa: SIM115 - it lives as long as the answer
            self.file.write(self._data)
            self._data = bytearray()
        if self.file is None:
            self._data += data
        else:
            self.file.write(data)

    def read(self, start: int, size: int) -> bytes:
        """Return some of the bytes."""
        if self.file is None:
            return bytes(self._data[start : start + size])
        self.file.seek(start)
        found = self.file.read(size)
        self.file.seek(0, 2)
        return found

    def put(self, start: int, data: bytes) -> None:
        """Overwrite some of the bytes."""
        if self.file is None:
            self._data[start : start + len(data)] = data
        else:
            self.file.seek(start)
            self.file.write(data)
            self.file.seek(0, 2)

    def cut(self, size: int) -> None:
        """Leave only the first bytes."""
        if self.file is None:
            del self._data[size:]
        else:
            self.file.seek(size)
            self.file.truncate()
        self.size = size

    def close(self) -> None:
        """Give the room back."""
        self._data = bytearray()
        if self.file is not None:
            self.file.close()

    def pack(self, start: int) -> "Spool":
        """Return the bytes from a place on as gzip, in a file of their own: the same for the same bytes."""
        packer, packed = zlib.compressobj(1, zlib.DEFLATED, 31), Spool(keep=0)
        for place in range(start, self.size, PIECE):
            packed.write(packer.compress(self.read(place, PIECE)))
        packed.write(packer.flush())
        return packed


class Sink:
    """Takes a serialised table of solutions and stops it at a number of rows or bytes.

    Counting marks between rows is quick and may count too many, never too few; only then rows are counted one by one,
    each of them once.

    Args:
        syntax: "json", "xml", "csv" or "tsv".
        rows: Most rows.
        size: Most bytes.
        keep: Bytes beyond which the answer goes to a file.
        link: What the head of a cut answer links to, in syntaxes that have room for that.
    """

    def __init__(self, syntax: str, *, rows: int, size: int, keep: int = 1 << 62, link: str = "") -> None:
        self.cut = ""
        self.spool = Spool(keep=keep)
        self.start = 0  # of the answer: room is left before it for a longer head
        self._syntax, self._rows, self._size, self._link = syntax, rows, size, link
        self._head, self._headed = b"", False
        self._mark, self._tail, self._before = _ROW_MARKS[syntax], b"", b""
        self._first = 1 if syntax == "json" else 0  # there the marks stand between the rows
        self._marks, self._slack = self._first, 0
        self._counted, self._looked = 0, 0  # rows that were counted one by one, and where the last of them ended

    @property
    def data(self) -> bytes:
        """The whole answer."""
        return self.spool.read(self.start, self.spool.size - self.start)

    @property
    def rows(self) -> int:
        """How many rows there are, by their marks: too many where a literal holds such a mark, 0 for ASK."""
        if self.cut:
            return self._counted
        empty = self._syntax == "json" and self.spool.read(self.spool.size - 4, 4) != b"}]}}"
        return 0 if empty or not self._headed else max(0, self._marks - self._slack)

    def write(self, data: bytes) -> int:
        """Take bytes of the serialiser.

        Raises: Full: a limit is reached; the spool then holds the whole rows below it. OSError: there is no room.
        """
        taken = len(data)
        if self.cut:
            return taken  # the serialiser's buffer, emptied when it is dropped
        if self._syntax == "xml":
            data, self._tail = whole_characters(self._tail + data)
            data = clean_xml(data)
        if not self._headed:
            data = self._take_head(data)
        self.spool.write(data)
        if self._headed:
            data = self._before + data
            self._before = data[max(0, len(data) - len(self._mark) + 1) :]
            self._marks += data.count(self._mark)
            if self.spool.size - self.start > self._size or self._marks - self._slack > self._rows:
                self._look()
        return taken

    def flush(self) -> None:
        """Do nothing: the serialiser asks for it."""

    def finish(self) -> None:
        """Take what was held back; to be called when the serialiser has ended or was stopped."""
        if self._tail and not self.cut:
            self.spool.write(clean_xml(self._tail))
        if self._head and not self._headed:  # there was no table: the answer to ASK
            self.spool.write(self._head)

    def _take_head(self, data: bytes) -> bytes:
        """Write the head with room for a link before it, and return what follows it."""
        self._head += data
        end = head_end(self._syntax, self._head)
        if not end:
            return b""
        self._headed, rest = True, self._head[end:]
        self._head = self._head[:end]
        self.start = len(with_link(self._syntax, self._head, self._link)) - end if self._link else 0
        self.spool.write(bytes(self.start) + self._head)
        self._looked = self.spool.size
        return rest

    def _look(self) -> None:
        """Count the rows that were not counted yet, and stop at the last one below the limits if there are more."""
        size = SCANNED
        while self._looked < self.spool.size:
            piece = self.spool.read(self._looked, size)
            room = self._rows - self._counted
            ends = list(islice(row_ends(self._syntax, piece, after=self._counted > 0), room + 1))
            fitting = [end for end in ends[:room] if self._looked + end - self.start <= self._size]
            if len(fitting) < len(ends):
                self._stop("rows" if len(fitting) == room else "bytes", fitting)
            if ends:
                self._counted, self._looked, size = self._counted + len(ends), self._looked + ends[-1], SCANNED
            elif len(piece) < size:
                break
            else:
                size *= 2
        self._slack = self._marks - self._counted - self._first
        if self.spool.size - self.start > self._size:
            self._stop("bytes", [])

    def _stop(self, why: str, ends: list[int]) -> None:
        self.cut = why
        self._counted += len(ends)
        self.spool.cut(self._looked + (ends[-1] if ends else 0))
        self.spool.write(_TAILS[self._syntax])
        if self._link:
            head = with_link(self._syntax, self._head, self._link)
            self.start = 0 if len(head) > len(self._head) else self.start
            self.spool.put(self.start, head)
        raise Full


def head_end(syntax: str, data: bytes) -> int:
    """Return where the rows of a serialised table start, 0 when there are none."""
    place = data.find(_HEADS[syntax])
    return place + len(_HEADS[syntax]) if place >= 0 else 0


def row_ends(syntax: str, data: bytes, *, after: bool = False) -> Iterator[int]:
    r"""Yield where each whole row of serialised rows ends; the last row may be incomplete.

    Args:
        syntax: That of the rows.
        data: Rows, from where one starts; JSON that is `after` other rows starts with a comma.
        after: Whether there are rows before.

    >>> list(row_ends("csv", b'"a\r\nb"\r\nc\r\n"d'))
    [8, 11]
    >>> list(row_ends("json", b',{"a":"},{"},{"b', after=True))
    [12]
    """
    if syntax == "csv":
        found = _CSV_ROW.match(data)
        while found:
            yield found.end()
            found = _CSV_ROW.match(data, found.end())
        return
    if syntax != "json":
        yield from (found.end() for found in re.finditer(re.escape(_ROW_MARKS[syntax]), data))
        return
    text, scan = data.decode(errors="surrogateescape"), json.JSONDecoder().raw_decode
    here, position = int(after), int(after)
    while True:
        try:
            _, end = scan(text, here)
        except ValueError:
            return
        position += len(text[here:end].encode(errors="surrogateescape"))
        yield position
        here, position = end + 1, position + 1


def with_link(syntax: str, head: bytes, link: str) -> bytes:
    """Return the head of serialised results with a link to an explanation, where the syntax has room for one."""
    end, longer = _linked(syntax, link)
    return head.replace(end, longer, 1) if end else head


@lru_cache(maxsize=8)
def _linked(syntax: str, link: str) -> tuple[bytes, bytes]:
    """Return how a head ends, and how it does with a link."""
    if syntax == "json":
        return b']},"results"', b'],"link":[' + json.dumps(link).encode() + b']},"results"'
    if syntax == "xml":
        escaped = link.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        return b"</head>", f'<link href="{escaped}"/></head>'.encode()
    return b"", b""


class Writer:
    """Takes serialised triples: short ones are tidied as a whole, of long ones the beginning, as they go by.

    Args:
        media_type: Their syntax.
        keep: Bytes beyond which they go to a file.
    """

    def __init__(self, media_type: str, *, keep: int) -> None:
        self.spool = Spool(keep=keep)
        self._media_type = media_type
        self._first, self._begun, self._tail = bytearray(), False, b""

    @property
    def size(self) -> int:
        """Bytes that were taken so far."""
        return self.spool.size + len(self._first)

    def write(self, data: bytes) -> int:
        """Take bytes of the serialiser.

        Raises: OSError: there is no room for them.
        """
        if self._begun:
            self._pass_on(data)
        else:
            self._first += data
            if len(self._first) >= LARGE:
                self._begin()
        return len(data)

    def flush(self) -> None:
        """Do nothing: the serialiser asks for it."""

    def finish(self) -> None:
        """Take what was held back; to be called when the serialiser has ended."""
        if not self._begun:
            self.spool.write(tidy(bytes(self._first), self._media_type))
            self._first.clear()
        elif self._tail:
            self.spool.write(clean_xml(self._tail))

    def _begin(self) -> None:
        first, self._begun = bytes(self._first), True
        self._first.clear()
        if self._media_type == "application/rdf+xml":
            first, self._tail = whole_characters(first)
        self.spool.write(tidy(first, self._media_type))

    def _pass_on(self, data: bytes) -> None:
        if self._media_type == "application/rdf+xml":
            data, self._tail = whole_characters(self._tail + data)
            data = clean_xml(data)
        self.spool.write(data)


class Lines:
    """Takes triples that are serialised one a line, and stops them at a number of lines or bytes.

    Args:
        rows: Most lines.
        size: Most bytes.
        keep: Bytes beyond which they go to a file.
    """

    def __init__(self, *, rows: int, size: int, keep: int) -> None:
        self.cut, self.rows, self.spool = "", 0, Spool(keep=keep)
        self._most, self._size, self._begun = rows, size, 0  # where the line that is being written began

    def write(self, data: bytes) -> int:
        """Take bytes of the serialiser.

        Raises: Full: a limit is reached; the spool then holds the whole lines below it. OSError: there is no room.
        """
        if self.cut:
            return len(data)  # the serialiser's buffer, emptied when it is dropped
        found, last, why, fitting = data.count(b"\n"), data.rfind(b"\n"), "", data
        if self.rows + found > self._most:
            end = -1
            for _ in range(self._most - self.rows):
                end = data.index(b"\n", end + 1)
            why, fitting = "rows", data[: end + 1]
        if self.spool.size + len(fitting) > self._size:
            why, fitting = "bytes", fitting[: fitting.rfind(b"\n", 0, max(0, self._size - self.spool.size)) + 1]
        if why:
            self._stop(why, fitting)
        if found:
            self._begun = self.spool.size + last + 1
        self.rows += found
        self.spool.write(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: the serialiser asks for it."""

    def _stop(self, why: str, data: bytes) -> None:
        self.cut, self.rows = why, self.rows + data.count(b"\n")
        if data:
            self.spool.write(data)
        else:
            self.spool.cut(self._begun)
        raise Full


def whole_characters(data: bytes) -> tuple[bytes, bytes]:
    r"""Return the bytes up to a character that XML may not hold and that may be incomplete, and the rest.

    >>> whole_characters(b"ab\xef\xbf"), whole_characters(b"\xef\xbfx")
    ((b'ab', b'\xef\xbf'), (b'\xef\xbfx', b''))
    """
    for ending in (b"\xef\xbf", b"\xef"):
        if data.endswith(ending):
            return data[: -len(ending)], ending
    return data, b""


def clean_xml(data: bytes) -> bytes:
    """Return XML without the characters that it cannot hold (U+FFFD instead), carriage returns as references."""
    if b"\r" in data:
        data = data.replace(b"\r", b"&#13;")
    return _NOT_XML.sub(b"\xef\xbf\xbd", data) if _NOT_XML.search(data) else data


def tidy(data: bytes, media_type: str) -> bytes:
    """Return serialised triples, or the beginning of many, with the prefixes that they use, in order.

    The engine writes all prefixes that it was given, in an order of its own.
    """
    if media_type == "application/rdf+xml":
        data = clean_xml(data)
        match = _XML_ROOT.search(data)
        if not match:
            return data
        names = sorted(_XML_NAME.findall(match[1]))
        used = set(re.findall(rb"<(\w+):", data)) if len(data) < LARGE else {name[1] for name in names}
        root = b"<rdf:RDF" + b"".join(name[0] for name in names if name[1] in used) + b">"
        return data[: match.start()] + root + data[match.end() :]
    if media_type not in ("text/turtle", "application/trig"):
        return data
    match = _PREFIXES.match(data)
    if not match:
        return data
    body = data[match.end() :]
    lines = sorted(match[0].splitlines(keepends=True))
    if len(body) < LARGE:
        used = set(re.findall(rb"(?:^|[\s(^])(\w+):", body))
        lines = [line for line in lines if line.split()[1][:-1] in used]
    return b"".join([*lines, b"\n"] if lines else ()) + body
