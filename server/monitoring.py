"""What the server does, in numbers and lines: Prometheus metrics and a request log.

The text format of Prometheus is a few lines a metric; prometheus_client would bring a registry of the process with it,
while here the numbers belong to one application.
"""

import json
import logging
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from server.publication import Publication

logger = logging.getLogger("server.requests")
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
ENDPOINT = "communique.endpoint"  # which view answered, in the environment of a request
STARTED = "communique.started"  # when it began, likewise
BOUNDS = (0.005, 0.02, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # seconds
METHODS = ("GET", "HEAD", "POST", "QUERY", "OPTIONS")
LONGEST = 200  # characters of a path in the log


@dataclass(slots=True)
class Histogram:
    """How many observations were at most as long as each bound, their sum and number."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    total: float = 0.0

    def observe(self, seconds: float) -> None:
        """Count one observation."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds

    def lines(self, name: str, labels: Mapping[str, str]) -> Iterator[str]:
        """Yield the lines of the histogram."""
        below = 0
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self.counts, strict=True):
            below += count
            yield sample(f"{name}_bucket", {**labels, "le": bound}, below)
        yield sample(f"{name}_sum", labels, round(self.total, 6))
        yield sample(f"{name}_count", labels, below)


def sample(name: str, labels: Mapping[str, str], value: float) -> str:
    r"""Return one line of the text format.

    >>> sample("a", {"b": 'c"\n'}, 2)
    'a{b="c\\"\\n"} 2'
    """
    written = ",".join(
        '{}="{}"'.format(key, text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n"))
        for key, text in labels.items()
    )
    return f"{name}{{{written}}} {value}" if written else f"{name} {value}"


@dataclass(kw_only=True)
class Monitor:
    """Counts requests and queries of one application, and logs each request if `log` is set."""

    log: bool = False
    _requests: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _times: dict[str, Histogram] = field(default_factory=dict)
    _queries: Histogram = field(default_factory=Histogram)
    _stopped: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def observe(self, *, endpoint: str, method: str, path: str, status: int, seconds: float, size: int | None,
                facts: Mapping[str, Any]) -> None:
        """Count one request; `facts` tell of its query: hash, seconds, rows, and the limit that it met."""
        key = (endpoint, method if method in METHODS else "other", str(status))
        with self._lock:
            self._requests[key] = self._requests.get(key, 0) + 1
            if endpoint not in self._times:
                self._times[endpoint] = Histogram()
            self._times[endpoint].observe(seconds)
            if "worker_seconds" in facts:
                self._queries.observe(facts["worker_seconds"])
            if "limit" in facts:
                self._stopped[facts["limit"]] = self._stopped.get(facts["limit"], 0) + 1
        if self.log:
            logger.info(json.dumps({
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"), "method": method, "path": path[:LONGEST],
                "status": status, "seconds": round(seconds, 4), "bytes": size, **facts,
            }, ensure_ascii=True))

    def exposition(self, publication: Publication) -> str:
        """Return all metrics in the text format of Prometheus."""
        pool, kept, release = publication.queries, publication.kept, publication.release
        with self._lock:
            lines = [
                *family("requests_total", "counter", "Requests by endpoint, method and status.", (
                    sample("communique_requests_total", {"endpoint": endpoint, "method": method, "status": status}, n)
                    for (endpoint, method, status), n in sorted(self._requests.items()))),
                *family("request_seconds", "histogram", "Time from request to finished answer.", (
                    line for endpoint, found in sorted(self._times.items())
                    for line in found.lines("communique_request_seconds", {"endpoint": endpoint}))),
                *family("query_seconds", "histogram", "Time that workers gave to queries.",
                        self._queries.lines("communique_query_seconds", {})),
                *family("limits_total", "counter", "Queries that met a limit, by limit.", (
                    sample("communique_limits_total", {"limit": limit}, count)
                    for limit, count in sorted(self._stopped.items()))),
            ]
        made = datetime.fromisoformat(release.made_at).timestamp()
        gauges = (
            ("workers", "Query workers that are ready.", pool.ready),
            ("workers_wanted", "Query workers that there should be.", pool.size),
            ("queries_waiting", "Queries that wait for a worker.", pool.waiting),
            ("kept_answers", "Answers that are kept.", len(kept)),
            ("kept_bytes", "Memory that kept answers need.", kept.used),
            ("triples", "Triples of the release.", release.counts["triples"]),
            ("release_made_timestamp_seconds", "When the release was made.", int(made)),
        )
        for name, text, value in gauges:
            lines += family(name, "gauge", text, (sample(f"communique_{name}", {}, value),))
        lines += family("release_info", "gauge", "The release that is served.", (
            sample("communique_release_info", {"release": release.id, "base": release.base}, 1),))
        return "\n".join(lines) + "\n"


def family(name: str, kind: str, text: str, samples: Iterable[str]) -> Iterator[str]:
    """Yield the lines of one metric: what it means, its type, its samples."""
    yield f"# HELP communique_{name} {text}"
    yield f"# TYPE communique_{name} {kind}"
    yield from samples
