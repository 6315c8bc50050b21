"""What an operator can set: limits of queries and answers, as one record."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from kg.errors import KgError

PREFIX = "KG_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The limits of one server; every field is also an environment variable (`time_limit` is KG_TIME_LIMIT).

    `time_limit`: seconds a query may run. `memory`: MiB it may need beside the open store. `workers`: queries that run
    at once. `queue`: queries that may wait for a worker. `query_bytes`: longest query text. `nesting`: deepest nesting
    of brackets in it. `rows`: most rows or triples of an answer. `answer_bytes`: longest answer. `kept_bytes`: memory
    for answers that are kept because a release never changes. `links`: most links to a thing that its document lists.

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

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not value > 0 and not (value == 0 and field.name in ("queue", "kept_bytes")):
                raise KgError(f"{PREFIX}{field.name.upper()}", found=f"{value} is not a limit",
                              repair="give a number above 0")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Return the settings that the KG_ variables of an environment ask for; what they leave out has its default.

        Raises: KgError: a variable holds no number, or one that is no limit.
        """
        chosen: dict[str, float | int] = {}
        for field in fields(cls):
            name = PREFIX + field.name.upper()
            if name in environment:
                kind = float if field.name == "time_limit" else int
                try:
                    chosen[field.name] = kind(environment[name])
                except ValueError as error:
                    raise KgError(name, found=f"{environment[name]!r} is no number",
                                  repair=f"write it like {getattr(cls(), field.name)}") from error
        return cls(**chosen)  # type: ignore[arg-type]

    @property
    def threads(self) -> int:
        """Threads of the web server: every running and waiting query has one, and pages never wait for queries."""
        return self.workers + self.queue + 8
