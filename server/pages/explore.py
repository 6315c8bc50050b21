"""The explorer: statements by speaker, subject, stance, act, topic, publisher and date; every view has an address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.errors import Problem
from server.index import SAMPLE
from server.pages.filters import CHOICES, DAYS, EVERY, LISTED, PATHS, SCHEMES, chosen_value, pattern, wanted
from server.pages.reader import Reader, Value
from server.pages.results import matrix, network, over_time, over_time_query, pairs_query
from server.pages.statements import Listing, address, fetch, newest

FILTERS = (*PATHS, *DAYS, "view", "page", "format")
View = Callable[[Reader, Mapping[str, str]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: how many statements have it, where choosing it leads, and whether it is chosen."""

    value: Value
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow the statements."""

    title: str
    name: str
    choices: tuple[Choice, ...]


def listing(reader: Reader, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return the statements that pass, as a list."""
    found = Listing(reader=reader, title="Statements", name="page", where=pattern(reader, arguments) or EVERY,
                    arguments=arguments, wanted=wanted(reader, arguments))
    fetch(reader, found.statements)
    return {"section": found.section(), "query": reader.declared(found.query)}


VIEWS: Mapping[str, tuple[str, View]] = {
    "list": ("list", listing), "timeline": ("over time", over_time), "matrix": ("matrix", matrix),
    "network": ("network", network),
}


def view_query(reader: Reader, arguments: Mapping[str, str]) -> str:
    """Return the query behind a view, without asking it.

    Raises: Problem: 400, a filter has an impossible value.
    """
    view = arguments.get("view", "list")
    if view == "timeline":
        return reader.declared(over_time_query(reader, arguments))
    if view in ("matrix", "network"):
        return reader.declared(pairs_query(reader, arguments))
    return reader.declared(newest(pattern(reader, arguments) or EVERY))


def explore(reader: Reader, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of the explorer shows."""
    view = arguments.get("view", "list")
    if view not in VIEWS:
        raise Problem(404, f"there is no view {view[:20]!r}; there are {', '.join(VIEWS)}")
    counted = _counted(reader, arguments)
    reader.load(node for rows in counted.values() for node, _ in rows)
    picked = {name: NamedNode(chosen_value(reader, name, arguments[name])[1:-1])
              for name in PATHS if arguments.get(name)}
    reader.load(picked.values())
    shown: dict[str, Any] = {
        "template": "explore.html", "view": view, "arguments": arguments,
        "sample": SAMPLE if any(arguments.get(name) for name in (*PATHS, *DAYS)) else 0,
        "facets": tuple(_facet(reader, name, rows, arguments) for name, rows in counted.items()),
        "chosen": [(PATHS[name][0], reader.label(node), address(arguments, **{name: "", "page": ""}))
                   for name, node in picked.items()],
        "views": [(title, address(arguments, view=name if name != "list" else "", page=""), name == view)
                  for name, (title, _) in VIEWS.items()],
        "csv": address(arguments, format="csv", view="", page=""),
        "clear": address({"view": arguments.get("view", "")}),
    }
    return shown | VIEWS[view][1](reader, arguments)


def _counted(reader: Reader, arguments: Mapping[str, str]) -> dict[str, list[tuple[NamedNode, int]]]:
    """Return the values of each facet and how often they occur; its own filter does not narrow a facet."""
    lists = [LISTED[name] for name in PATHS if not arguments.get(name)]
    found = reader.index.facets(wanted(reader, arguments), lists, count=CHOICES) if lists else {}
    for name in PATHS:
        if arguments.get(name):
            found |= reader.index.facets(wanted(reader, arguments, without=name), [LISTED[name]], count=CHOICES)
    return {name: found[LISTED[name]] for name in PATHS}


def _facet(
    reader: Reader, name: str, rows: list[tuple[NamedNode, int]], arguments: Mapping[str, str],
) -> Facet:
    choices = []
    for node, count in rows:
        text = node.value.rpartition("#")[2] if name in SCHEMES else node.value.removeprefix(reader.base)
        chosen = arguments.get(name) == text
        link = address(arguments, **{name: "" if chosen else text, "page": ""})
        choices.append(Choice(Value(reader.label(node), link), count, chosen))
    return Facet(PATHS[name][0], name, tuple(choices))
