"""One connection of a client: what has come of it, what is to be sent to it, and whether it is still there."""

import select
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Any

from server.wire import CONTINUE, Reader, Request

HUNG_UP = select.POLLHUP | select.POLLERR
PROBE = 10  # looks at a client that sends no more, after which it is asked again whether it is there


@dataclass(slots=True, eq=False)
class Connection:
    """One client: what it has sent, what it is still to be sent, and until when it has time.

    `until` is infinite while a request is answered.
    """

    socket: socket.socket
    address: tuple[Any, ...]
    reader: Reader = field(default_factory=Reader)
    until: float = inf
    begun: float = 0.0  # when the request that comes in began, 0 between requests
    pending: bytes | memoryview = b""
    pieces: Iterator[bytes] = field(default_factory=lambda: iter(()))
    answer: Any = None  # what the application returned, to be closed
    lasting: bool = True
    heard_out: bool = False  # whether it has been told all, and what still comes of it is dropped
    quick: bool = False  # whether its last request came soon after the answer before
    left: int = 0  # bytes of the answer that were promised and have not been taken from it

    @property
    def is_waiting(self) -> bool:
        """Whether nothing can be done before it sends a request, or the rest of the head of one, or hangs up."""
        return self.until < inf and not (self.pending or self.reader.headed)

    def has_sent(self) -> bool:
        """Return whether something of the client waits to be read, its end included."""
        return bool(self._events(select.POLLIN))

    def _events(self, wanted: int) -> int:
        poll = select.poll()
        try:
            poll.register(self.socket, wanted)
        except ValueError:  # it has been closed meanwhile
            return select.POLLHUP
        return sum(event for _, event in poll.poll(0))

    def presence(self, request: Request) -> Callable[[], bool]:
        """Return a function that tells whether the client of a request has hung up.

        A client that ends what it sends may have closed its socket, or may still wait for the answer: an interim answer
        (RFC 9110, 15.2) tells, for a closed socket replies to it with a reset. HTTP/1.0 knows none: who is found so at
        the first look is believed to wait, who ends later to have hung up.
        """
        looks: list[bool] = []

        def is_gone() -> bool:
            events = self._events(HUNG_UP | select.POLLRDHUP)
            looks.append(bool(events))
            if events & HUNG_UP or not events:
                return bool(events)
            if request.version == "1.0":
                return not looks[0]
            if looks.count(True) % PROBE == 1:
                try:
                    self.socket.send(CONTINUE, socket.MSG_DONTWAIT)
                except OSError:
                    return True
            return False

        return is_gone

    def send(self) -> bool:
        """Send what can be sent now, and return whether that was all.

        Raises: OSError: the client is gone, or a file cannot be read.
        """
        while True:
            while self.pending:
                try:
                    sent = self.socket.send(self.pending, socket.MSG_DONTWAIT)
                except BlockingIOError:
                    return False
                self.pending = memoryview(self.pending)[sent:] if sent < len(self.pending) else b""
            piece = next(self.pieces, None) if self.left else None
            if piece is None:
                break
            self.pending = piece[: self.left]
            self.left -= len(self.pending)
        self.lasting = self.lasting and not self.left  # an answer that is shorter than it says ends its connection
        self.left = 0
        self.finish()
        return True

    def finish(self) -> None:
        """Let the application know that its answer has been sent, or never will be."""
        answer, self.answer, self.pieces = self.answer, None, iter(())
        if hasattr(answer, "close"):
            answer.close()
