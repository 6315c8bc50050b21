"""The workers that run queries, seen from the server: asked, waited for, killed and replaced."""

import json
import logging
import marshal
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from array import array
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from kg.errors import StoreError
from server.settings import Settings
from server.spool import CUTS, LENGTHS, PLAIN

logger = logging.getLogger(__name__)
START = 30.0  # seconds that a worker may take to open the store on a busy machine
SOON = 1.0  # seconds in which the death of a worker is not laid at the query's door
LOOK = 1.0  # seconds between looks at whether idle workers live; who meets a dead one gets another
KEEP = 1 << 20  # bytes beyond which an answer comes in a file
FILES = socket.CMSG_SPACE(4)  # room for one descriptor beside a message
PIECE, MORE = 1 << 16, 1 << 18  # bytes that are received at first, and then
TICK = 0.1  # seconds between looks at whether the client is still there
TICKING = struct.pack("ll", 0, int(TICK * 1e6))  # <sys/time.h>, timeval
PATIENCE = 5.0  # seconds that a query waits for a worker at least: killed ones are being replaced
SPARE = 1  # workers beside those of the settings: the last one that is free goes to who has none


class QueryStopped(Exception):  # noqa: N818 - the base of outcomes, each with its HTTP answer in server/errors.py
    """A query that a limit ended; the message says which."""


class Busy(QueryStopped):
    """All workers are busy and so is the queue."""


class Late(QueryStopped):
    """The query ran longer than it may."""


class TooLarge(QueryStopped):
    """The query needed more memory, or a deeper stack, than it may."""


class Lost(QueryStopped):
    """The worker died for a reason outside the query."""


class NoRoom(QueryStopped):
    """There is no room for the file of a large answer."""


class Gone(QueryStopped):
    """The client hung up."""


@dataclass(slots=True, kw_only=True)
class Reply:
    """What a worker answered: its head (see server/worker.py) and the serialised result.

    A large result is in a `file`, from where that stands to its end; who gets it closes it.
    """

    head: dict[str, Any]
    body: bytes = b""
    file: BinaryIO | None = None
    size: int = 0


class Worker:
    """One worker process and the channel to it.

    Raises: StoreError: the worker could not open the store within its memory.
    """

    def __init__(self, store_path: Path, *, memory: int) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "server.worker", str(theirs.fileno()), str(store_path),
                 str(memory << 20)],
                pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                process_group=0,  # a Ctrl-C at the terminal is for the server
            )
        for direction in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):  # cheaper than to ask first whether there is some
            ours.setsockopt(socket.SOL_SOCKET, direction, TICKING)
        self._channel = ours
        self._poll = select.poll()
        self._poll.register(ours, select.POLLIN)
        self._files: list[int] = []  # descriptors that came with messages
        try:
            head = self.read(until=time.monotonic() + START, gone=None).head
        except QueryStopped as error:
            self.kill()
            raise StoreError(str(store_path), found="a query worker did not start",
                             repair="look at the lines above this one") from error
        if head["outcome"] != "ready":
            self.kill()
            raise StoreError(str(store_path), found=f"a query worker cannot open it: {head['message']}",
                             repair="raise KG_MEMORY or build the release again")
        self.isolated: bool = head["isolated"]

    def ask(self, job: dict[str, Any], *, until: float, gone: Callable[[], bool] | None) -> Reply:
        """Send a job and return its reply.

        Raises: QueryStopped: time is over, the client went away, or the worker died. The worker is of no more use.
        """
        text = marshal.dumps(job)
        message = memoryview(struct.pack("<Q", len(text)) + text)
        try:
            while message:
                try:
                    message = message[self._channel.send(message) :]
                except BlockingIOError:
                    _check(until, gone)
        except (BrokenPipeError, ConnectionResetError) as error:
            raise Lost("the query worker had died") from error
        return self.read(until=until, gone=gone)

    def read(self, *, until: float, gone: Callable[[], bool] | None) -> Reply:
        """Return the next message of the worker; the errors are those of `ask`."""
        found = self._receive(PIECE, until, gone)
        while len(found) < PLAIN.size:  # no answer is shorter
            found += self._receive(PIECE, until, gone)
        length, size = LENGTHS.unpack_from(found)
        start = LENGTHS.size + length if length else PLAIN.size
        if len(found) < start + size:
            found = self._rest(found, start + size, until, gone)
        if not length:
            _, _, rows, cut, last = PLAIN.unpack_from(found)
            return Reply(head={"outcome": "done", "rows": rows, "cut": CUTS[cut], "last": last}, body=found[start:],
                         size=size)
        head = json.loads(found[LENGTHS.size : start])
        if "end" in head:
            if not self._files:  # the system had no descriptor left
                raise NoRoom("the server has no room for an answer of this size")
            file = os.fdopen(self._files.pop(0), "rb")
            file.seek(head["start"])
            return Reply(head=head, file=file, size=head["end"] - head["start"])
        return Reply(head=head, body=found[start:], size=size)

    def _rest(self, found: bytes, size: int, until: float, gone: Callable[[], bool] | None) -> bytes:
        whole = bytearray(found)
        while len(whole) < size:
            whole += self._receive(MORE, until, gone)
        return bytes(whole)

    def _receive(self, size: int, until: float, gone: Callable[[], bool] | None) -> bytes:
        """Return the next bytes of the worker."""
        while True:
            left = until - time.monotonic()
            if left < TICK and not self._poll.poll(max(0.0, left) * 1000):
                raise Late("the query ran too long")
            try:
                data, sent, _, _ = self._channel.recvmsg(size, FILES)
            except BlockingIOError:
                _check(until, gone)
                continue
            except ConnectionResetError:
                data, sent = b"", []
            for _, _, numbers in sent:
                self._files += array("i", numbers)
            if not data:
                raise self._death()
            return data

    def _death(self) -> QueryStopped:
        try:
            status = self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return Lost("the query worker closed its channel")
        if status in (-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGBUS):
            return TooLarge("the query needed more memory than it may")
        return Lost(f"the query worker ended with status {status}")

    def kill(self) -> None:
        """End the process at once and forget it."""
        self.process.kill()
        self.process.wait()
        self._channel.close()
        while self._files:
            os.close(self._files.pop())


def _check(until: float, gone: Callable[[], bool] | None) -> None:
    """Raise a QueryStopped if time is over, or the client has hung up."""
    if time.monotonic() > until:
        raise Late("the query ran too long")
    if gone is not None and gone():
        raise Gone("the client hung up")


@dataclass
class Pool:
    """Workers over one read-only store, and the queue before them.

    There are `spare` workers more than the settings tell; the last ones that are free go to clients that have no query
    running: however many one client sends, there is a worker for the next one who comes.
    """

    store_path: Path
    settings: Settings
    spare: int = SPARE
    _idle: list[Worker] = field(default_factory=list)
    _running: Counter[str] = field(default_factory=Counter)  # queries by client
    _all: set[Worker] = field(default_factory=set)
    _waiting: int = 0
    _tended: float = 0.0
    _closed: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _change: threading.Condition = field(init=False)

    def __post_init__(self) -> None:
        self._change = threading.Condition(self._lock)

    def start(self) -> None:
        """Start the workers; return when all are ready.

        Raises: StoreError: a worker cannot open the store.
        """
        for _ in range(self.size):
            self._add(Worker(self.store_path, memory=self.settings.memory))

    @property
    def size(self) -> int:
        """How many workers there should be."""
        return self.settings.workers + self.spare

    @property
    def ready(self) -> int:
        """How many workers are alive; dead ones are replaced."""
        self._tend(now=True)
        with self._lock:
            return len(self._all)

    @property
    def waiting(self) -> int:
        """How many queries wait for a worker."""
        return self._waiting

    @property
    def isolated(self) -> bool:
        """Whether all workers have left the network."""
        with self._lock:
            return bool(self._all) and all(worker.isolated for worker in self._all)

    def pids(self) -> list[int]:
        """Return the process ids of the workers."""
        with self._lock:
            return sorted(worker.process.pid for worker in self._all)

    def ask(self, job: dict[str, Any], *, seconds: float, client: str = "", gone: Callable[[], bool] | None = None,
            spent: Callable[[float], None] | None = None) -> Reply:
        """Run a job (see server/worker.py) on the next free worker and return its reply.

        Args:
            job: The query and how to answer it; "time" is added here. "keep": bytes beyond which the answer comes in a
                file, "gzip": whether that is to be packed.
            seconds: How long it may run, not counting the time in the queue.
            client: Who asks.
            gone: Tells whether the client has hung up.
            spent: Told the seconds that each worker gave to the job.

        Raises: QueryStopped: no worker was free, or a limit ended the query; a used-up worker is replaced.
        """
        job = {"keep": KEEP, "gzip": False} | job | {"time": seconds}
        start = time.monotonic()
        for _ in range(self.size):
            try:
                return self._run(job, until=start + seconds, client=client, gone=gone, spent=spent)
            except Lost:  # a worker that was killed while it was idle; the query had no part in that
                if time.monotonic() - start > SOON:
                    raise
        return self._run(job, until=start + seconds, client=client, gone=gone, spent=spent)

    def _run(self, job: dict[str, Any], *, until: float, client: str, gone: Callable[[], bool] | None,
             spent: Callable[[float], None] | None) -> Reply:
        waited = time.monotonic()
        worker = self._take(client, gone)
        reply, started = None, time.monotonic()
        try:
            reply = worker.ask(job, until=until + started - waited, gone=gone)
        finally:
            if spent is not None:
                spent(time.monotonic() - started)
            self._give(worker, client, used_up=reply is None or bool(reply.head.get("last")))
        if reply.head["outcome"] == "memory":
            raise TooLarge("the query needed more memory than it may")
        if reply.head["outcome"] == "room":
            logger.warning("no room for a large answer: %s", reply.head["message"])
            raise NoRoom("the server has no room for an answer of this size")
        return reply

    def close(self) -> None:
        """End all workers; queries that still run are lost."""
        with self._lock:
            self._closed = True
            workers, self._all = list(self._all), set()
            self._idle.clear()
            self._change.notify_all()
        for worker in workers:
            worker.kill()

    def _take(self, client: str, gone: Callable[[], bool] | None) -> Worker:
        self._tend()
        until = time.monotonic() + max(self.settings.time_limit, PATIENCE)
        with self._lock:
            if not self._free_for(client):
                if self._waiting >= self.settings.queue:
                    raise Busy("all query workers are busy and the queue is full")
                self._waiting += 1
                try:
                    while not self._free_for(client):
                        if self._closed or time.monotonic() > until:
                            raise Busy("no query worker became free in time")
                        if gone is not None and gone():
                            raise Gone("the client hung up")
                        self._change.wait(TICK)
                finally:
                    self._waiting -= 1
            self._running[client] += 1
            return self._idle.pop()

    def _free_for(self, client: str) -> bool:
        return len(self._idle) > (self.spare if self._running.get(client) else 0)

    def _tend(self, *, now: bool = False) -> None:
        """Replace the workers that died while nobody asked them."""
        if time.monotonic() < self._tended + LOOK and not now:
            return
        self._tended = time.monotonic()
        with self._lock:
            dead = [worker for worker in self._idle if worker.process.poll() is not None]
            for worker in dead:
                self._idle.remove(worker)
        for worker in dead:
            self._replace(worker)

    def _give(self, worker: Worker, client: str, *, used_up: bool) -> None:
        with self._lock:
            self._running[client] -= 1
            if self._running[client] <= 0:
                del self._running[client]
            if not used_up and not self._closed:
                self._idle.append(worker)
            if self._waiting:  # for a worker, or for a query of its own to end
                self._change.notify_all()
        if used_up:
            self._replace(worker)

    def _add(self, worker: Worker) -> None:
        with self._lock:
            if not self._closed:
                self._all.add(worker)
                self._idle.append(worker)
                self._change.notify_all()
                return
        worker.kill()

    def _replace(self, worker: Worker) -> None:
        with self._lock:
            known = worker in self._all
            self._all.discard(worker)
        if known:
            worker.kill()
            threading.Thread(target=self._refill, daemon=True, name="query-worker-start").start()

    def _refill(self) -> None:
        pause = 0.1
        while not self._closed:
            try:
                self._add(Worker(self.store_path, memory=self.settings.memory))
            except (StoreError, OSError) as error:
                logger.warning("%s: cannot replace a query worker; trying again in %.1f s", error, pause)
                time.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                return
