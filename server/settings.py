"""What an operator can set, as one record: limits, and facts about the site; from a file or the environment."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.errors import KgError

PREFIX = "KG_"
FILE = "KG_SETTINGS"  # the variable that names a file of settings
ZERO = ("queue", "kept_bytes", "budget", "log_requests")  # settings that may be 0


def setting(default: Any, about: str) -> Any:
    """Return a field with a default and what it means."""
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one server; every field is also an environment variable (`time_limit` is KG_TIME_LIMIT).

    What each one means stands beside it; `kg settings` prints that with the values.

    >>> Settings.from_environment({"KG_TIME_LIMIT": "2.5", "HOME": "/"}).time_limit
    2.5
    """

    time_limit: float = setting(10.0, "seconds that a query may run")
    memory: int = setting(256, "MiB that a query may need beside the open store")
    workers: int = setting(2, "queries that one client can run at once; one more worker is there for others")
    queue: int = setting(16, "queries that may wait for a worker")
    query_bytes: int = setting(1_000_000, "longest query text")
    nesting: int = setting(200, "deepest nesting of brackets in a query")
    rows: int = setting(100_000, "most rows or triples of an answer")
    answer_bytes: int = setting(64 << 20, "longest answer")
    kept_bytes: int = setting(64 << 20, "memory for answers that are kept because a release never changes")
    links: int = setting(100, "most links to a thing that its document lists")
    budget: float = setting(60.0, "seconds of query time that one client may use before it must wait; 0 for no limit")
    refill: float = setting(0.5, "seconds of query time that come back to a client per second")
    trusted_proxy: str = setting("", "address of a reverse proxy whose X-Forwarded-For tells who the client is")
    service_allow: str = setting("", "IRIs of the endpoints that SERVICE may ask, with blanks between; none if empty")
    license: str = setting("", "IRI of the licence of the data")
    corrections: str = setting("", "where readers report errors: mailto:NAME@HOST, or the address of a form for issues")
    log_requests: int = setting(0, "1 to write a line of JSON about each request to standard error")

    def __post_init__(self) -> None:
        for entry in fields(self):
            value, name = getattr(self, entry.name), f"{PREFIX}{entry.name.upper()}"
            if entry.name == "license" and value and not value.startswith(("http://", "https://")):
                raise KgError(name, found=f"{value!r} is no http(s) IRI",
                              repair="write it like https://creativecommons.org/licenses/by/4.0/")
            if entry.name == "corrections" and value and not value.startswith(("http://", "https://", "mailto:")):
                raise KgError(name, found=f"{value!r} is no address",
                              repair="write it like mailto:desk@news.example or https://git.example/issues/new")
            if entry.name == "service_allow":
                _check_endpoints(name, value.split())
            elif isinstance(value, str) and any(character in value for character in ' <>"{}|\\^`\r\n\t'):
                raise KgError(name, found=f"{value!r} holds a character that it cannot hold", repair="leave it out")
            if not isinstance(value, str) and not 0 < value < math.inf and not (value == 0 and entry.name in ZERO):
                raise KgError(name, found=f"{value} is not a limit", repair="give a number above 0")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """Return the settings that an environment asks for; see `read_settings`."""
        return read_settings(environment)[0]

    @property
    def endpoints(self) -> tuple[str, ...]:
        """The endpoints that SERVICE may ask."""
        return tuple(self.service_allow.split())

    @property
    def body_bytes(self) -> int:
        """The longest body of a request: percent-encoding triples a text."""
        return 3 * self.query_bytes + (1 << 16)

    @property
    def threads(self) -> int:
        """Threads of the web server: every running and waiting query has one, and pages never wait for queries."""
        return self.workers + self.queue + 8


def _check_endpoints(name: str, iris: Sequence[str]) -> None:
    """Raise a KgError if one of the IRIs cannot be that of an endpoint."""
    for iri in iris:
        try:
            parts = urlsplit(iri)
            good = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) > 0
        except ValueError:
            good = False
        if not good or parts.username or parts.fragment or any(character in iri for character in '<>"{}|\\^`'):
            raise KgError(name, found=f"{iri!r} is no http(s) address of an endpoint",
                          repair="write it like https://query.wikidata.org/sparql")


def read_settings(environment: Mapping[str, str]) -> tuple[Settings, Mapping[str, str]]:
    """Return the settings that an environment asks for, and where each one came from.

    The variables win over the file that KG_SETTINGS names (TOML, `time_limit = 5`), and that over the defaults.

    Raises: KgError: the file cannot be read, or a value is none.

    >>> read_settings({"KG_ROWS": "5"})[1]["rows"]
    'KG_ROWS'
    """
    standard, origins = Settings(), {entry.name: "default" for entry in fields(Settings)}
    chosen: dict[str, Any] = {}
    path = environment.get(FILE, "")
    for name, value in _file(path).items():
        if name not in origins:
            raise KgError(path, found=f"there is no setting {name!r}", repair=f"use one of {', '.join(origins)}")
        kind = type(getattr(standard, name))
        if isinstance(value, bool) or not isinstance(value, (int, float) if kind is float else kind):
            raise KgError(path, found=f"{name} = {value!r} is of the wrong kind",
                          repair=f"write it like {getattr(standard, name)!r}")
        chosen[name], origins[name] = kind(value), path
    for name in origins:
        variable = PREFIX + name.upper()
        if variable in environment:
            default = getattr(standard, name)
            try:
                chosen[name] = type(default)(environment[variable])
            except ValueError as error:
                raise KgError(variable, found=f"{environment[variable]!r} is no number",
                              repair=f"write it like {default}") from error
            origins[name] = variable
    return Settings(**chosen), origins


def _file(path: str) -> dict[str, Any]:
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise KgError(path, found=f"cannot be read ({error.strerror})", repair=f"let {FILE} name a file") from error
    except ValueError as error:  # no UTF-8, or no TOML
        raise KgError(path, found=f"is no TOML ({error})", repair="write it like: time_limit = 5") from error
