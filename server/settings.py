"""What an operator can set: limits of queries and answers, as one record."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields

from kg.errors import KgError

PREFIX = "KG_"
ZERO = ("queue", "kept_bytes", "budget")  # settings that may be 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The limits of one server; every field is also an environment variable (`time_limit` is KG_TIME_LIMIT).

    `time_limit`: seconds a query may run. `memory`: MiB it may need beside the open store. `workers`: queries that run
    at once. `queue`: queries that may wait for a worker. `query_bytes`: longest query text. `nesting`: deepest nesting
    of brackets in it. `rows`: most rows or triples of an answer. `answer_bytes`: longest answer. `kept_bytes`: memory
    for answers that are kept because a release never changes. `links`: most links to a thing that its document lists.
    `budget`: seconds of query time that one client may use before it must wait, 0 for no such limit. `refill`: seconds
    of query time that come back per second. `trusted_proxy`: address of a reverse proxy whose X-Forwarded-For tells who
    the client is; without it, all clients behind a proxy share one budget.

    >>> Settings.from_environment({"KG_TIME_LIMIT": "2.5", "HOME": "/"}).time_limit
    2.5
    """

    time_limit: float = 10.0
    memory: int = 1024
    workers: int = 2
    queue: int = 16
    query_bytes: int = 1_000_000
    nesting: int = 200
    rows: int = 100_000
    answer_bytes: int = 64 << 20
    kept_bytes: int = 64 << 20
    links: int = 100
    budget: float = 60.0
    refill: float = 0.5
    trusted_proxy: str = ""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, str):
                continue
            if not 0 < value < math.inf and not (value == 0 and field.name in ZERO):
                raise KgError(f"{PREFIX}{field.name.upper()}", found=f"{value} is not a limit",
                              repair="give a number above 0")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Return the settings that the KG_ variables of an environment ask for; what they leave out has its default.

        Raises: KgError: a variable holds no number, or one that is no limit.
        """
        chosen: dict[str, float | int | str] = {}
        standard = cls()
        for field in fields(cls):
            name = PREFIX + field.name.upper()
            if name in environment:
                default = getattr(standard, field.name)
                try:
                    chosen[field.name] = type(default)(environment[name])
                except ValueError as error:
                    raise KgError(name, found=f"{environment[name]!r} is no number",
                                  repair=f"write it like {default}") from error
        return cls(**chosen)  # type: ignore[arg-type]

    @property
    def threads(self) -> int:
        """Threads of the web server: every running and waiting query has one, and pages never wait for queries."""
        return self.workers + self.queue + 8
