"""The server of sockets: threads that take turns at what clients send, and call a WSGI application.

Each thread waits for the next event of any connection, reads, has the application answer and writes: nothing is handed
from thread to thread. Sockets block for some milliseconds at most, so a client that sends or reads slowly holds no
thread. While the application answers, nothing more is read of that connection.
"""

import contextlib
import logging
import resource
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from math import inf
from typing import TYPE_CHECKING, Any

from werkzeug.wsgi import FileWrapper

from server.connection import Connection
from server.wire import CONTINUE, GONE, Refused, Request, refusal, response_head

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

logger = logging.getLogger(__name__)
CONNECTIONS = 1000  # most of them at once, or half of the files that may be open; for more, idle ones make room
PIECE = 1 << 16  # bytes that are received at once, or read of a file
IDLE = 30.0  # seconds that a client may send nothing, or read nothing, and that the head of a request may take
WHOLE = 300.0  # seconds that a request may take to arrive
SOON = 0.004  # seconds in which the next request of a client is waited for, if the last one came as soon
LAST = 2.0  # seconds that are left to a client to read why its connection is closed, or to one that is in the way
UNSENT = 1 << 15  # bytes that wait in the system for a slow client: when fewer do, it has read on
LOOK = 1.0  # seconds between looks at connections that have been still for too long
BACKLOG = 1024  # connections that the system keeps while all threads are busy
FAILURE = refusal(Refused(500, "the server made a mistake; its log tells more"))
SOONEST = struct.pack("ll", 0, int(SOON * 1e6))  # <sys/time.h>, timeval
ONCE = select.EPOLLONESHOT
ENDS, STAYS, GOES_ON = range(3)  # what becomes of a connection: it is closed, waits for an event, or has its turn again


class Listener:
    """Serves a WSGI application on a socket that listens, with a number of threads.

    Args:
        application: What answers.
        listener: A bound socket.
        threads: Most requests that are answered at once.
        proxy: Address of a reverse proxy that is believed who its client is, "" for none.
    """

    def __init__(self, application: "WSGIApplication", listener: socket.socket, *, threads: int, proxy: str) -> None:
        self._application, self._listener, self._proxy = application, listener, proxy
        self._threads, self._most = threads, most_connections()
        self._connections: dict[int, Connection] = {}
        self._poll = select.epoll()
        self._wake, self._woken = socket.socketpair()
        self._full = self._ending = False
        host, port = listener.getsockname()[:2]
        self._environ: dict[str, Any] = {
            "SERVER_NAME": host, "SERVER_PORT": str(port), "SCRIPT_NAME": "", "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http", "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False,
            "wsgi.run_once": False, "wsgi.input_terminated": True, "wsgi.file_wrapper": _file_wrapper,
        }
        listener.setblocking(False)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # its connections inherit both
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        listener.listen(BACKLOG)
        self._poll.register(self._woken, select.EPOLLIN)
        self._poll.register(listener, select.EPOLLIN | ONCE)

    def run(self, *, patience: float) -> None:
        """Serve until a KeyboardInterrupt; then take no more, and go on until all that was asked is answered and sent.

        A second one, or the end of the patience in seconds, ends it at once.
        """
        try:
            for _ in range(self._threads):
                self._start()
            while True:
                time.sleep(LOOK)
                self._look()
        except KeyboardInterrupt:
            self._ending = True
            self._poll.unregister(self._listener)
            self._listener.close()
            with contextlib.suppress(KeyboardInterrupt):
                self._finish(until=time.monotonic() + patience)
        finally:
            self._wake.close()  # wakes all threads, for the last time

    def _finish(self, *, until: float) -> None:
        while time.monotonic() < until and any(
                connection.until == inf or connection.pending for connection in list(self._connections.values())):
            time.sleep(0.05)
            self._look()

    def _look(self) -> None:
        """Let connections that have been still for too long end: who waits for them finds them closed."""
        now = time.monotonic()
        for connection in list(self._connections.values()):
            if connection.until < now:
                with contextlib.suppress(OSError):
                    connection.socket.shutdown(socket.SHUT_RDWR)
        self._listen(after_full=True)

    def _listen(self, *, after_full: bool = False) -> None:
        """Wait for the next connection, if there is room for one."""
        if self._ending or (after_full and not self._full):
            return
        self._full = len(self._connections) >= self._most
        if self._full:
            self._make_room()
        else:
            with contextlib.suppress(OSError, ValueError):  # the socket was closed meanwhile
                self._poll.modify(self._listener, select.EPOLLIN | ONCE)

    def _make_room(self) -> None:
        """Let the connection end that has waited for longest to send a request, or the rest of its head."""
        latest = time.monotonic() + IDLE - LOOK  # younger ones are not in the way yet
        waiting = [connection for connection in list(self._connections.values())
                   if connection.until < latest and connection.is_waiting]
        for connection in sorted(waiting, key=lambda connection: connection.until):
            if not connection.has_sent():  # else it has been waiting for a thread
                with contextlib.suppress(OSError):
                    connection.socket.shutdown(socket.SHUT_RDWR)
                return

    def _start(self) -> None:
        threading.Thread(target=self._follow, daemon=True, name="web").start()

    def _follow(self) -> None:
        ended = False
        try:
            while not ended:
                for number, _ in self._poll.poll(None, 1):
                    if number in self._connections:
                        self._turn(self._connections[number])
                    elif number == self._woken.fileno():
                        ended = True
                    else:
                        self._accept()
        finally:
            if not ended:  # an error that the application did not catch: the end of the thread tells of it
                self._start()

    def _accept(self) -> None:
        try:
            client, address = self._listener.accept()
        except OSError as error:
            if isinstance(error, BlockingIOError | ConnectionError):  # another thread has it, or it has gone already
                self._listen()
            elif not self._ending:
                logger.warning("cannot take a connection: %s", error.strerror)
                self._full = True  # until somebody looks
                self._make_room()
            return
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, SOONEST)
        connection = Connection(client, address, until=time.monotonic() + IDLE)
        self._connections[client.fileno()] = connection
        self._poll.register(client, select.EPOLLIN | ONCE)
        self._listen()

    def _turn(self, connection: Connection) -> None:
        """Go on with a connection whose event has come; no other thread has it now."""
        connection.quick = connection.until > time.monotonic() + IDLE - SOON
        connection.until = inf
        state = ENDS
        try:
            state = self._go_on(connection)
            while state == GOES_ON:
                state = self._go_on(connection)
        except (ConnectionError, TimeoutError) as error:
            logger.debug("%s: %s", connection.address[0], error)
        except OSError as error:
            logger.warning("%s: %s", connection.address[0], error)
        finally:
            if state == ENDS:
                self._close(connection)

    def _close(self, connection: Connection) -> None:
        self._poll.unregister(connection.socket)
        del self._connections[connection.socket.fileno()]
        connection.socket.close()
        self._listen(after_full=True)
        connection.reader.close()
        connection.finish()

    def _go_on(self, connection: Connection) -> int:
        """Do what can be done at once, and return what becomes of the connection."""
        if connection.pending:
            return self._send(connection)
        if connection.heard_out:
            return self._await(connection, select.EPOLLIN) if connection.socket.recv(PIECE) else ENDS
        if not connection.reader.begun or connection.begun:  # no request is waiting behind one that was answered
            try:
                data = connection.socket.recv(PIECE)
            except BlockingIOError:
                return self._await(connection, select.EPOLLIN)
            if not data and not connection.reader.begun:
                return ENDS
            if not data:
                return self._refuse(connection, Refused(400, "the request ends before it is whole"))
            connection.reader.feed(data)
        try:
            request = connection.reader.take()
        except Refused as error:
            return self._refuse(connection, error)
        except OSError as error:
            logger.warning("cannot keep the body of a request: %s", error.strerror)
            return self._refuse(connection, Refused(503, "the server has no room for the request; try again later"))
        if request is None:
            if connection.reader.continuing:
                connection.reader.continuing = False
                connection.socket.send(CONTINUE, socket.MSG_DONTWAIT)
            connection.begun = connection.begun or time.monotonic()
            return self._await(connection, select.EPOLLIN)
        connection.begun = 0.0
        self._answer(connection, request)
        return self._send(connection)

    def _send(self, connection: Connection) -> int:
        """Send; when all has been sent, wait for the next request, and let one that is there already take its turn.

        The next request of a client that asks without a pause is waited for at once, as long as threads are plenty.
        """
        if not connection.send():
            return self._await(connection, select.EPOLLOUT)
        if not connection.lasting:
            return self._hear_out(connection)
        if connection.reader.begun:
            return self._await(connection, select.EPOLLOUT)
        if connection.quick and 2 * len(self._connections) <= self._threads:
            return GOES_ON
        return self._await(connection, select.EPOLLIN)

    def _await(self, connection: Connection, event: int) -> int:
        until = time.monotonic() + IDLE
        if connection.begun and not connection.pending:
            most = LAST if connection.heard_out else WHOLE if connection.reader.headed else IDLE
            until = min(until, connection.begun + most)
        connection.until = until
        self._poll.modify(connection.socket, event | ONCE)  # from here on it is another thread's
        return STAYS

    def _refuse(self, connection: Connection, error: Refused) -> int:
        """Tell why no more is taken of a client."""
        connection.reader.close()
        connection.begun = 0.0
        connection.pending, connection.lasting = refusal(error), False
        return self._send(connection)

    def _hear_out(self, connection: Connection) -> int:
        """End a connection of which nothing more is answered: what is not read would be answered with a reset.

        A reset takes from the client what it has not read yet (RFC 9112, 9.6); so it is heard out for a while.
        """
        try:
            connection.socket.shutdown(socket.SHUT_WR)
        except OSError:  # its client has reset it
            return ENDS
        connection.reader.close()
        connection.heard_out, connection.begun = True, time.monotonic()
        return self._await(connection, select.EPOLLIN)

    def _answer(self, connection: Connection, request: Request) -> None:
        """Let the application answer; what it says is then to be sent."""
        told: list[Any] = []
        written: list[bytes] = []

        def start_response(status: str, headers: "list[tuple[str, str]]", *_: object) -> "Callable[[bytes], None]":
            told[:] = status, headers
            return written.append

        try:
            connection.answer = self._application(self._environment(connection, request), start_response)
            connection.pieces = iter(connection.answer)
            first = next(connection.pieces, b"")
            status, headers = told
            connection.pending = self._begin(connection, request, status, headers, b"".join((*written, first)))
        finally:
            request.body.close()
            if not connection.pending:
                connection.socket.send(FAILURE, socket.MSG_DONTWAIT)

    def _begin(self, connection: Connection, request: Request, status: str, headers: list[tuple[str, str]],
               first: bytes) -> bytes:
        """Return the head of an answer with the first bytes of its body; an answer without a length is made whole."""
        length = next((value for name, value in headers if name.lower() == "content-length"), None)
        if request.method == "HEAD" or status.startswith(("204", "304")):
            first, size = b"", 0
            if length is not None and status.startswith("204"):  # RFC 9110, 8.6
                headers = [header for header in headers if header[0].lower() != "content-length"]
        elif length is None:
            first += b"".join(connection.pieces)
            size = len(first)
            headers = [*headers, ("Content-Length", str(size))]
        else:
            size = int(length)
        connection.left = max(0, size - len(first))
        connection.lasting = request.lasting and not self._ending
        ending = "" if connection.lasting else "close"
        if connection.lasting and request.version == "1.0":
            ending = "keep-alive"
        return response_head(status, headers, connection=ending) + first[:size]

    def _environment(self, connection: Connection, request: Request) -> "WSGIEnvironment":
        address, client = str(connection.address[0]), request.fields.get("HTTP_X_FORWARDED_FOR", "")
        if client and address == self._proxy:
            address = _last_of(client)
        return {
            **self._environ, **request.fields, "REQUEST_METHOD": request.method, "REQUEST_URI": request.target,
            "PATH_INFO": request.path, "QUERY_STRING": request.query, "SERVER_PROTOCOL": f"HTTP/{request.version}",
            "REMOTE_ADDR": address, "wsgi.input": request.body, GONE: connection.presence(request),
        }


def most_connections() -> int:
    """Return how many connections may be open at once: the other half of the files is for what answers."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return CONNECTIONS if files < 0 else max(1, min(CONNECTIONS, files // 2))


def _last_of(forwarded: str) -> str:
    """Return the last address of an X-Forwarded-For, which is the one that our own proxy saw.

    >>> _last_of("1.2.3.4, 192.0.2.9"), _last_of("[2001:db8::1]:80"), _last_of("192.0.2.9:80"), _last_of("2001:db8::1")
    ('192.0.2.9', '2001:db8::1', '192.0.2.9', '2001:db8::1')
    """
    address = forwarded.rpartition(",")[2].strip(' "')
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address


def _file_wrapper(file: Any, _size: int = 0) -> FileWrapper:
    return FileWrapper(file, PIECE)
