"""How many seconds of query time one client may use: a bucket that empties with use and fills with time."""

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

KNOWN = 10_000  # clients remembered; the one that asked longest ago is forgotten first


@dataclass(kw_only=True)
class Budget:
    """Seconds of query time by client.

    A client starts with `seconds`, pays for each query what it took, and gets `refill` seconds back per second. Who
    has nothing left waits; a query that has started is never ended for that, so a bucket may go below zero. With
    `seconds` of 0 nobody waits.

    >>> budget = Budget(seconds=10, refill=0.5, clock=lambda: 0.0)
    >>> budget.spend("192.0.2.1", 11)
    >>> budget.wait("192.0.2.1"), budget.wait("192.0.2.2")
    (2.0, 0.0)
    """

    seconds: float
    refill: float
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)  # client → seconds left, when
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, address: str) -> float:
        """Return the seconds until a client may ask again: 0 if it may now."""
        if not self.seconds:
            return 0.0
        with self._lock:
            return max(0.0, -self._filled(client_of(address)) / self.refill)

    def spend(self, address: str, seconds: float) -> None:
        """Take what a query took from the bucket of its client."""
        if not self.seconds:
            return
        client = client_of(address)
        with self._lock:
            self._left[client] = (self._filled(client) - seconds, self.clock())
            self._left.move_to_end(client)
            while len(self._left) > KNOWN:
                self._left.popitem(last=False)

    def _filled(self, client: str) -> float:
        left, when = self._left.get(client, (self.seconds, 0.0))
        return min(self.seconds, left + (self.clock() - when) * self.refill)


@lru_cache(maxsize=1000)
def client_of(address: str) -> str:
    """Return whose bucket an address draws from: an IPv6 host has a whole /64 of addresses to choose from.

    >>> client_of("2001:db8::1:2") == client_of("2001:db8::ffff"), client_of("192.0.2.1")
    (True, '192.0.2.1')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if found.version == 4:
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))
