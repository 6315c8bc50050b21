"""What pages of things share: facts under their names, times and shares in words, and the words things rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.pages.reader import Reader, Value
from server.pages.statements import Passage, passage, words

Arguments = Mapping[str, str]
LINKS = 50  # of other kinds, on the page of a thing


@dataclass(frozen=True, slots=True)
class Fact:
    """A property in words, and its values."""

    name: str
    values: tuple[Value, ...]


def facts(reader: Reader, thing: Any, *rows: tuple[str, str | NamedNode]) -> tuple[Fact, ...]:
    """Return the properties that a fetched thing has, of those named, each under its name in words."""
    found = ((name, reader.values(thing, predicate)) for name, predicate in rows)
    return tuple(Fact(name, values) for name, values in found if values)


def period(reader: Reader, thing: Any) -> str:
    """Return when something happened, in words: a day, or the first and last day that are possible."""
    first, last = reader.text(thing, "earliest"), reader.text(thing, "latest")
    if first and last and first != last:
        return f"between {first} and {last}"
    return first or last


def share(reader: Reader, thing: Any) -> str:
    """Return the confidence of a reading in per cent, "" without one."""
    text = reader.text(thing, "confidence")
    return f"{float(text):.0%}" if text else ""


def passages(reader: Reader, thing: Any) -> tuple[Passage, ...]:
    """Return the words that a thing rests on, in text order."""
    found = sorted(reader.objects(thing, "evidence"), key=lambda node: node.value)
    return tuple(passage(reader, node) for node in found if words(reader, node))
