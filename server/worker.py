"""The process that runs queries: `python -m server.worker SOCKET STORE MEMORY`.

It opens the store read-only, leaves the network where the kernel allows it, limits its memory, and answers the jobs
that come over the socket whose descriptor it inherited. Everything here may die: of its memory limit, of a stack that
a query overran, or because the server lost patience and killed it. It imports little, so that a new one is ready at
once.

A job is its length (8 bytes, little-endian) and that many bytes of `marshal`. An answer is two lengths, a head in JSON
(the server believes its workers no more than that) and a body; before most bodies a few numbers (PLAIN) are the head,
and its length is 0. The descriptor of a file that holds a large answer comes with the head, and `start` and `end` tell
where the answer lies there.
"""

import ctypes
import json
import marshal
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import pyoxigraph

from server.spool import CUTS, LENGTHS, PLAIN, Full, Lines, Sink, Spool, Writer

STACK = 256 << 20  # deep texts of up to 25,600 parentheses were parsed with this, 6,400 overran the usual 8 MB
RECEIVED = 1 << 14  # bytes of a job that are read at once
GUARD = 10.0  # seconds of work beside those of its job after which a worker that nobody stopped ends itself
BRIEF, SOMETIMES = 0.002, 64  # seconds in which no query fills much memory, and how many such ones pass unlooked at
TIRED = 128 << 20  # resident bytes above those of an idle worker at which it asks to be replaced
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
RESULTS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
LINES = (pyoxigraph.RdfFormat.N_TRIPLES, pyoxigraph.RdfFormat.N_QUADS)
Outcome: TypeAlias = tuple[dict[str, Any], Spool | None, int]  # head, answer, and where in it the answer starts


def message(head: dict[str, Any], body: bytes = b"") -> bytes:
    """Return the bytes of a message."""
    text = json.dumps(head).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def receive(channel: socket.socket) -> bytes:
    """Return the next job as it was sent, nothing when there is no more; the server waits for each answer."""
    found = channel.recv(RECEIVED)
    while found and len(found) < 8 + int.from_bytes(found[:8], "little"):
        more = channel.recv(RECEIVED)
        found = found + more if more else b""
    return found[8:]


class Untold(Exception):  # noqa: N818 - an outcome
    """A triple whose object is a triple, in a syntax that has none."""


def graphs(iris: list[str] | None) -> list[Any] | None:
    """Return IRIs of graphs as nodes; nothing named is not the same as named nothing."""
    return None if iris is None else [pyoxigraph.NamedNode(iri) for iri in iris]


def run(store: pyoxigraph.Store, job: dict[str, Any]) -> Outcome:
    """Return the answer to one job.

    The head's `outcome` is "done", "syntax" (the parser's message), "evaluation" (the engine's), "form" (the query is
    of another form than the caller thought), "untold" (the syntax cannot tell these triples), or "room" (there is no
    room for a file).
    """
    try:
        results = store.query(
            job["query"], base_iri=job["base"], use_default_graph_as_union=job["union"],
            default_graph=graphs(job["default_graph"]), named_graphs=graphs(job["named_graphs"]),
        )
    except SyntaxError as error:
        return {"outcome": "syntax", "message": error.msg}, None, 0
    except (RuntimeError, ValueError, OSError) as error:
        return {"outcome": "evaluation", "message": str(error)}, None, 0
    graph = isinstance(results, pyoxigraph.QueryTriples)
    if graph is not (job["syntax"] not in RESULTS):
        return {"outcome": "form", "form": "graph" if graph else "table"}, None, 0
    try:
        head, spool, start = _graph(results, job) if graph else _table(results, job)
        if spool.file is not None and job["gzip"]:
            packed = spool.pack(start)
            spool.close()
            return head | {"encoding": "gzip"}, packed, 0
        return head, spool, start
    except OSError as error:
        if error.errno is not None:  # of the file; the engine's own errors have no number
            return {"outcome": "room", "message": os.strerror(error.errno)}, None, 0
        return {"outcome": "evaluation", "message": str(error)}, None, 0
    except Untold:
        return {"outcome": "untold"}, None, 0
    except (RuntimeError, ValueError) as error:
        return {"outcome": "evaluation", "message": str(error)}, None, 0


def _table(results: Any, job: dict[str, Any]) -> tuple[dict[str, Any], Spool, int]:
    syntax = job["syntax"]
    sink = Sink(syntax, rows=job["rows"], size=job["bytes"], keep=job["keep"], link=job["link"])
    with suppress(Full):
        results.serialize(sink, format=RESULTS[syntax])
    sink.finish()
    return {"outcome": "done", "cut": sink.cut, "rows": sink.rows}, sink.spool, sink.start


def _graph(results: Any, job: dict[str, Any]) -> tuple[dict[str, Any], Spool, int]:
    syntax = pyoxigraph.RdfFormat.from_media_type(job["syntax"])
    if syntax in LINES:  # the engine writes these at once; of other syntaxes no mark tells the triples
        lines = Lines(rows=job["rows"], size=job["bytes"], keep=job["keep"])
        with suppress(Full):
            results.serialize(lines, format=syntax)
        return {"outcome": "done", "cut": lines.cut, "rows": lines.rows}, lines.spool, 0
    writer, cut, number = Writer(job["syntax"], keep=job["keep"]), "", -1
    plain = syntax == pyoxigraph.RdfFormat.JSON_LD  # of RDF 1.1
    output: Any = writer  # write and flush are all that the engine wants of a file

    def triples() -> Iterator[Any]:
        nonlocal cut, number
        for number, triple in enumerate(results):
            if number == job["rows"]:
                cut = "rows"
                return
            if writer.size > job["bytes"]:
                cut = "bytes"
                return
            if plain and isinstance(triple.object, pyoxigraph.Triple):
                raise Untold
            yield triple

    pyoxigraph.serialize(triples(), output, format=syntax, prefixes=job["prefixes"])
    writer.finish()
    return {"outcome": "done", "cut": cut, "rows": number + (not cut)}, writer.spool, 0


def send(channel: socket.socket, outcome: Outcome, *, idle: int) -> bool:
    """Send an answer, a large one as the descriptor of its file; return whether it should be the worker's last.

    `idle` are the resident bytes of an idle worker, 0 if nobody is to look at the memory now.
    """
    head, spool, start = outcome
    if spool is not None and spool.file is not None:
        spool.file.flush()
        last = idle > 0 and is_tired(idle)
        found = message(head | {"last": last, "start": start, "end": spool.size})
        socket.send_fds(channel, [found], [spool.file.fileno()])
        spool.close()
        return last
    body = spool.read(start, spool.size - start) if spool is not None else b""
    last = idle > 0 and is_tired(idle + 2 * len(body))
    if head["outcome"] == "done":
        channel.sendall(PLAIN.pack(0, len(body), head["rows"], CUTS.index(head["cut"]), last) + body)
    else:
        channel.sendall(message(head | {"last": last}, body))
    return last


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
    guarded, passed = 0.0, 0
    while text := receive(channel):
        job = marshal.loads(text)
        if guarded < job["time"] + 1:  # the server kills first; this is for an orphan, and counts only while it works
            guarded = job["time"] + GUARD
            signal.setitimer(signal.ITIMER_PROF, guarded)
        start, last = time.monotonic(), True
        try:
            outcome = run(store, job)
            spent = time.monotonic() - start
            passed = passed + 1 if spent < BRIEF else SOMETIMES
            last = send(channel, outcome, idle=idle if passed >= SOMETIMES else 0)
            del outcome
        except MemoryError:
            channel.sendall(message({"outcome": "memory", "last": True}))
        if last:
            return
        passed %= SOMETIMES
        guarded -= time.monotonic() - start


def main() -> None:
    """Run one worker until the server goes away."""
    descriptor, store_path, allowance = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
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
