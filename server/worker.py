"""The process that runs queries: `python worker.py SOCKET STORE MEMORY`.

It opens the store read-only, leaves the network where the kernel allows it, limits its memory, and answers the jobs
that come over the socket whose descriptor it inherited. Everything here may die: of its memory limit, of a stack that
a query overran, or because the server lost patience and killed it. It imports no other module of ours, so that a new
one is ready at once.

A message is its length (8 bytes, little-endian), that many bytes of JSON, and the body whose length `size` tells.
"""

import ctypes
import json
import os
import re
import resource
import select
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import pyoxigraph

STACK = 256 << 20  # deep texts of up to 25,600 parentheses were parsed with this, 6,400 overran the usual 8 MB
TIRED = 128 << 20  # resident bytes above those of an idle worker at which it asks to be replaced
LARGE = 1 << 20  # bytes of a graph beyond which all prefixes stay rather than looking which are used
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
RESULTS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_PREFIXES = re.compile(rb"(?:@prefix [^\n]*\n)+")
_XML_ROOT = re.compile(rb"<rdf:RDF((?: xmlns:[\w.-]+=\"[^\"]*\")*)>")
_XML_NAME = re.compile(rb"( xmlns:([\w.-]+)=\"[^\"]*\")")
_CSV_ROW = re.compile(rb'(?:[^"\r\n]|"(?:[^"]|"")*")*\r\n')
_TAILS = {"json": b"]}}", "xml": b"</results></sparql>", "csv": b"", "tsv": b""}
_ROW_MARKS = {"json": b"},{", "xml": b"</result>", "csv": b"\n", "tsv": b"\n"}


class Full(Exception):  # noqa: N818 - a signal between the sink and its reader, not an error
    """The answer has reached a limit."""


def message(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Return the bytes of a message."""
    text = json.dumps(head | {"size": len(body)}).encode()
    return struct.pack("<Q", len(text)) + text + body


class Sink:
    """Collects a serialised table of solutions and stops it at a number of rows or bytes.

    Counting marks between rows is quick and may count too many, never too few; only then rows are counted one by one.
    """

    def __init__(self, syntax: str, *, rows: int, size: int) -> None:
        self.data = bytearray()
        self.cut = ""
        self._syntax, self._rows, self._size = syntax, rows, size
        self._mark = _ROW_MARKS[syntax]
        self._marks = 1 if syntax == "json" else 0  # there the marks stand between the rows
        self._slack = 0

    @property
    def rows(self) -> int:
        """How many rows there are, by their marks: too many where a literal holds such a mark, 0 for ASK."""
        if self.cut:
            return self._rows
        heads = {"csv": 1, "tsv": 1}.get(self._syntax, 0)
        empty = self._syntax == "json" and not self.data.endswith(b"}]}}")
        return 0 if empty else max(0, self._marks - self._slack - heads)

    def write(self, data: bytes) -> int:
        """Take bytes of the serialiser.

        Raises: Full: a limit is reached; `data` then holds the whole rows below it.
        """
        if self.cut:
            return len(data)  # the serialiser's buffer, emptied when it is dropped
        start = max(0, len(self.data) - len(self._mark) + 1)
        self.data += data
        self._marks += self.data.count(self._mark, start)
        if len(self.data) > self._size or self._marks - self._slack > self._rows:
            self._look()
        return len(data)

    def flush(self) -> None:
        """Do nothing: the serialiser asks for it."""

    def _look(self) -> None:
        """Count the rows, and stop at the last one below the limits if there are more."""
        ends = list(islice(row_ends(self._syntax, bytes(self.data[: self._size])), self._rows + 1))
        if len(ends) <= self._rows and len(self.data) <= self._size:
            self._slack = self._marks - len(ends)
            return
        self.cut = "rows" if len(ends) > self._rows else "bytes"
        ends = ends[: self._rows]
        del self.data[ends[-1] if ends else head_end(self._syntax, bytes(self.data)) :]
        self.data += _TAILS[self._syntax]
        raise Full


def head_end(syntax: str, data: bytes) -> int:
    """Return where the rows of a serialised table start."""
    if syntax == "json":
        return data.index(b'"bindings":[') + len(b'"bindings":[')
    if syntax == "xml":
        return data.index(b"<results>") + len(b"<results>")
    return data.index(b"\n") + 1


def row_ends(syntax: str, data: bytes) -> Iterator[int]:
    r"""Yield where each whole row of a serialised table ends; the last row may be incomplete.

    >>> list(row_ends("csv", b'x\r\n"a\r\nb"\r\nc\r\n"d'))
    [11, 14]
    """
    position = head_end(syntax, data)
    if syntax == "json":
        text = data.decode(errors="surrogateescape")
        scan = json.JSONDecoder().raw_decode
        here = text.index('"bindings":[') + len('"bindings":[')
        while True:
            try:
                row, end = scan(text, here)
            except ValueError:
                return
            del row
            position += len(text[here:end].encode(errors="surrogateescape"))
            yield position
            here, position = end + 1, position + 1
    mark = re.compile(re.escape(_ROW_MARKS[syntax])) if syntax != "csv" else _CSV_ROW
    for found in mark.finditer(data, position):
        yield found.end()


def with_link(syntax: str, data: bytes, link: str) -> bytes:
    """Return serialised results whose head links to an explanation, where the syntax has room for one."""
    if syntax == "json":
        return data.replace(b']},"results"', b'],"link":[' + json.dumps(link).encode() + b']},"results"', 1)
    if syntax == "xml":
        escaped = link.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
        return data.replace(b"</head>", f'<link href="{escaped}"/></head>'.encode(), 1)
    return data


def clean_xml(data: bytes) -> bytes:
    """Return XML without the characters that it cannot hold (U+FFFD instead), carriage returns as references."""
    if b"\r" in data:
        data = data.replace(b"\r", b"&#13;")
    return _NOT_XML.sub(b"\xef\xbf\xbd", data) if _NOT_XML.search(data) else data


def tidy(data: bytes, media_type: str) -> bytes:
    """Return serialised triples with the prefixes that they use, in order: the same bytes each time.

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
    used = set(re.findall(rb"(?:^|[\s(^])(\w+):", body)) if len(body) < LARGE else set()
    return b"".join(line for line in lines if not used or line.split()[1][:-1] in used) + b"\n" + body


def graphs(iris: list[str] | None) -> list[Any] | None:
    """Return IRIs of graphs as nodes; nothing named is not the same as named nothing."""
    return None if iris is None else [pyoxigraph.NamedNode(iri) for iri in iris]


def run(store: pyoxigraph.Store, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return head and body of the answer to one job.

    The head's `outcome` is "done", "syntax" (the parser's message), "evaluation" (the engine's), or "form": the query
    is of another form than the caller thought.
    """
    try:
        results = store.query(
            job["query"], base_iri=job["base"], use_default_graph_as_union=job["union"],
            default_graph=graphs(job["default_graph"]), named_graphs=graphs(job["named_graphs"]),
        )
    except SyntaxError as error:
        return {"outcome": "syntax", "message": error.msg}, b""
    except (RuntimeError, ValueError, OSError) as error:
        return {"outcome": "evaluation", "message": str(error)}, b""
    graph = isinstance(results, pyoxigraph.QueryTriples)
    if graph is not (job["syntax"] not in RESULTS):
        return {"outcome": "form", "form": "graph" if graph else "table"}, b""
    try:
        return _graph(results, job) if graph else _table(results, job)
    except (RuntimeError, ValueError, OSError) as error:
        return {"outcome": "evaluation", "message": str(error)}, b""


def _table(results: Any, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    syntax = job["syntax"]
    sink = Sink(syntax, rows=job["rows"], size=job["bytes"])
    try:
        results.serialize(sink, format=RESULTS[syntax])
    except Full:
        data = with_link(syntax, bytes(sink.data), job["link"])
    else:
        data = bytes(sink.data)
    return {"outcome": "done", "cut": sink.cut, "rows": sink.rows}, clean_xml(data) if syntax == "xml" else data


def _graph(results: Any, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    syntax = pyoxigraph.RdfFormat.from_media_type(job["syntax"])
    buffer, cut, number = BytesIO(), "", -1

    def triples() -> Iterator[Any]:
        nonlocal cut, number
        for number, triple in enumerate(results):
            if number == job["rows"]:
                cut = "rows"
                return
            if buffer.tell() > job["bytes"]:
                cut = "bytes"
                return
            yield triple

    pyoxigraph.serialize(triples(), buffer, format=syntax, prefixes=job["prefixes"])
    return {"outcome": "done", "cut": cut, "rows": number + (not cut)}, tidy(buffer.getvalue(), job["syntax"])


def leave_network() -> bool:
    """Give up the network for good, and return whether the kernel allowed it."""
    if not sys.platform.startswith("linux"):
        return False
    status: int = ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER | CLONE_NEWNET)
    return status == 0


def memory_pages(column: int) -> int:
    """Return the bytes of a column of /proc/self/statm (0 the address space, 1 what is resident), 0 elsewhere."""
    try:
        columns = Path("/proc/self/statm").read_text(encoding="ascii").split()
    except FileNotFoundError:
        return 0
    return int(columns[column]) * resource.getpagesize()


def limit_memory(allowance: int) -> None:
    """Let the process grow by `allowance` bytes over what it has mapped now, and leave no core files."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    mapped = memory_pages(0)
    if mapped:
        resource.setrlimit(resource.RLIMIT_AS, (mapped + allowance, mapped + allowance))


def is_tired(idle: int) -> bool:
    """Return whether the process keeps much more memory than an idle one, also after freeing what it can."""
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 <= idle + TIRED or memory_pages(1) <= idle + TIRED:
        return False  # the highest mark first: it costs less to ask
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    return memory_pages(1) > idle + TIRED


def serve(channel: socket.socket, *, store_path: str, allowance: int, isolated: bool) -> None:
    """Answer jobs until the other end closes."""
    requests: BinaryIO = channel.makefile("rb")
    try:
        store = pyoxigraph.Store.read_only(store_path)
        limit_memory(allowance)
        list(islice(store.quads_for_pattern(None, None, None), 1))
    except (OSError, ValueError, MemoryError) as error:
        channel.sendall(message({"outcome": "failed", "message": str(error) or "out of memory"}))
        return
    channel.sendall(message({"outcome": "ready", "isolated": isolated}))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # the engine's last words belong in no log
    idle = memory_pages(1)
    while header := requests.read(8):
        job = json.loads(requests.read(struct.unpack("<Q", header)[0]))
        signal.setitimer(signal.ITIMER_REAL, job["time"] + 1)  # the server kills first; this is for an orphan
        try:
            head, body = run(store, job)
            head["last"] = is_tired(idle + 2 * len(body))
            answer = message(head, body)
        except MemoryError:
            head, answer = {"last": True}, message({"outcome": "memory", "last": True})
        signal.setitimer(signal.ITIMER_REAL, 0)
        channel.sendall(answer)
        if head["last"]:
            return
        del answer, body


def main() -> None:
    """Run one worker until the server goes away."""
    descriptor, store_path, allowance = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    channel = socket.socket(fileno=descriptor)
    isolated = leave_network()  # the kernel wants this from a process with one thread

    def work() -> None:
        try:
            serve(channel, store_path=store_path, allowance=allowance, isolated=isolated)
        finally:  # whatever happened, a panic of the engine too: the server sees the end and starts another worker
            os._exit(0)

    threading.stack_size(STACK)
    threading.Thread(target=work, daemon=True).start()
    watch = select.poll()
    watch.register(channel, getattr(select, "POLLRDHUP", 0))
    watch.poll()  # returns when the server closed its end or died
    os._exit(0)


if __name__ == "__main__":
    main()
