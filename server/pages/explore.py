"""The explorer: statements by speaker, stance, act, publisher and date, as a list or as who speaks about whom."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.errors import Problem
from server.pages.reader import Reader, Value
from server.pages.statements import SIZE, Listing, address, fetch, line, numbers, page_number

FILTERS = ("actor", "about", "stance", "act", "publisher", "from", "until", "view", "page", "format")
VIEWS = ("list", "matrix")
CHOICES = 12  # values of a facet that are offered
SPEAKERS, SUBJECTS = 12, 12  # rows and columns of the matrix
ROWS = 10_000  # lines of CSV
SAMPLE = 5_000  # statements whose acts and subjects are counted
EVERY = "?s a asa:Statement"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


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


PATHS: Mapping[str, tuple[str, str]] = {  # filter → its title, and the path from a statement to its values
    "actor": ("Speaker", "asa:speaker"), "about": ("Spoken of", "(asa:about|asa:content/(asa:agent|asa:target))"),
    "stance": ("Stance", "asa:stance"),
    "act": ("Act spoken of", "asa:content/asa:act"), "publisher": ("Published by", "asa:inArticle/schema:publisher"),
}


def _chosen(reader: Reader, name: str, text: str) -> str:
    """Return the IRI that a filter names, as a query holds it.

    Raises: Problem: 400, it cannot be one.
    """
    below = f"ns/{name}#" if name in ("stance", "act") else ""
    try:
        return str(NamedNode(f"{reader.base}{below}{text}"))
    except ValueError as error:
        raise Problem(400, f"{name}={text[:80]!r} is no value of this filter; choose one at explore") from error


def pattern(reader: Reader, arguments: Mapping[str, str], *, without: str = "") -> str:
    """Return the graph pattern of the statements that pass the filters, "" when all do; one filter can be left out.

    Raises: Problem: 400, a filter has an impossible value.
    """
    used = {name for name in FILTERS if arguments.get(name) and name != without}
    # only statements have speakers, stances and contents; articles and days are also those of other things
    of_articles = {"publisher", "from", "until"} & used
    parts = [EVERY] if of_articles and not {"actor", "about", "stance", "act"} & used else []
    for name, (_, path) in PATHS.items():
        if arguments.get(name) and name != without:
            parts.append(f"?s {path} {_chosen(reader, name, arguments[name])}")
    days = {name: arguments[name] for name in ("from", "until") if arguments.get(name)}
    for name, day in days.items():
        if not _DAY.fullmatch(day):
            raise Problem(400, f"{name}={day[:20]!r} is no day; write it as YYYY-MM-DD")
    if days:
        parts.append("?s asa:inArticle/schema:datePublished ?on")
        parts += [f"FILTER(?on {sign} \"{days[name]}\"^^xsd:date)"
                  for name, sign in (("from", ">="), ("until", "<=")) if name in days]
    return " . ".join(parts)


def counting(reader: Reader, arguments: Mapping[str, str], name: str) -> str:
    """Return the query for the values of a facet; a path that branches is followed for SAMPLE statements at most.

    Raises: Problem: 400, a filter has an impossible value.
    """
    others, path = pattern(reader, arguments, without=name), PATHS[name][1]
    ending = f"GROUP BY ?value ORDER BY DESC(?n) ?value LIMIT {CHOICES}"
    if name in ("act", "about"):
        some = f"{{ SELECT DISTINCT ?s WHERE {{ {others or EVERY} }} LIMIT {SAMPLE} }}"
        return f"SELECT ?value (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {some} ?s {path} ?value }} {ending}"
    if name == "publisher":
        return ("SELECT ?value (COUNT(?s) AS ?n) WHERE { { SELECT ?a ?value WHERE { ?a schema:publisher ?value } } "
                f"?s asa:inArticle ?a ; a asa:Statement . {others} }} {ending}")
    return f"SELECT ?value (COUNT(?s) AS ?n) WHERE {{ ?s {path} ?value . {others} }} {ending}"


def newest_first(arguments: Mapping[str, str]) -> str:
    """Return a pattern that binds the newest articles, when nothing is chosen that would tell fewer statements."""
    if any(arguments.get(name) for name in (*PATHS, "from", "until")):
        return ""
    articles = 50 + SIZE * page_number(arguments, "page")
    return ("{ SELECT ?article ?day WHERE { ?article a asa:Article ; schema:datePublished ?day } "
            f"ORDER BY DESC(?day) ?article LIMIT {articles} }} ?s asa:inArticle ?article .")


def explore(reader: Reader, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of the explorer shows."""
    view = arguments.get("view", "list")
    if view not in VIEWS:
        raise Problem(404, f"there is no view {view[:20]!r}; there are {', '.join(VIEWS)}")
    answers = {name: reader.ask_soon(counting(reader, arguments, name)) for name in PATHS}
    counted = {name: rows or [] for name, rows in answers.items()}
    reader.load(row["value"] for rows in counted.values() for row in rows)
    picked = {name: NamedNode(_chosen(reader, name, arguments[name])[1:-1]) for name in PATHS if arguments.get(name)}
    reader.load(picked.values())
    shown: dict[str, Any] = {
        "template": "explore.html", "view": view, "arguments": arguments,
        "uncounted": [PATHS[name][0] for name, rows in answers.items() if rows is None], "sample": SAMPLE,
        "facets": tuple(_facet(reader, name, rows, arguments) for name, rows in counted.items()),
        "chosen": [(PATHS[name][0], reader.label(node), address(arguments, **{name: "", "page": ""}))
                   for name, node in picked.items()],
        "views": [(name, address(arguments, view=name if name != "list" else "", page=""), name == view)
                  for name in VIEWS],
        "csv": address(arguments, format="csv", view="", page=""),
        "clear": address({"view": arguments.get("view", "")}),
    }
    if view == "matrix":
        return shown | _matrix(reader, arguments)
    listing = Listing(reader=reader, title="Statements", name="page", where=pattern(reader, arguments) or EVERY,
                      arguments=arguments, order=newest_first(arguments))
    fetch(reader, listing.statements)
    return shown | {"section": listing.section()}


def _facet(reader: Reader, name: str, rows: list[dict[str, Any]], arguments: Mapping[str, str]) -> Facet:
    choices = []
    for row in rows:
        node = row["value"]
        text = node.value.rpartition("#")[2] if name in ("stance", "act") else node.value.removeprefix(reader.base)
        chosen = arguments.get(name) == text
        link = address(arguments, **{name: "" if chosen else text, "page": ""})
        choices.append(Choice(Value(reader.label(node), link), int(row["n"].value), chosen))
    return Facet(PATHS[name][0], name, tuple(choices))


def _matrix(reader: Reader, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return who speaks about whom: a table of counts, each leading to its statements."""
    query = ("SELECT ?speaker ?subject (COUNT(DISTINCT ?s) AS ?n) WHERE {\n"
             f"  {{ SELECT DISTINCT ?s WHERE {{ {pattern(reader, arguments) or EVERY} }} LIMIT {SAMPLE} }}\n"
             "  ?s asa:speaker ?speaker ; asa:about|asa:content/(asa:agent|asa:target) ?subject .\n"
             "  VALUES ?kind { asa:Person asa:State asa:Organization asa:ActorGroup } ?subject a ?kind\n"
             "} GROUP BY ?speaker ?subject ORDER BY DESC(?n) ?speaker ?subject LIMIT 500")
    rows = reader.ask(query)
    cells = {(row["speaker"], row["subject"]): int(row["n"].value) for row in rows}
    speakers = _largest(cells, 0)[:SPEAKERS]
    subjects = _largest(cells, 1)[:SUBJECTS]
    reader.load([*speakers, *subjects])
    most = max(cells.values(), default=1)
    return {
        "query": reader.declared(query), "subjects": [reader.value(node) for node in subjects],
        "matrix": [
            (reader.value(speaker),
             [_cell_of(reader, arguments, speaker, subject, cells.get((speaker, subject), 0), most)
              for subject in subjects])
            for speaker in speakers
        ],
    }


def _cell_of(
    reader: Reader, arguments: Mapping[str, str], speaker: Any, subject: Any, count: int, most: int,
) -> tuple[int, int, str]:
    """Return a cell of the matrix: how many statements, the depth of its shade, and where they are listed."""
    names = {"actor": speaker.value.removeprefix(reader.base), "about": subject.value.removeprefix(reader.base)}
    return count, 1 + 4 * (count - 1) // most if count else 0, address(arguments, view="", **names)


def _largest(cells: Mapping[tuple[Any, Any], int], side: int) -> list[Any]:
    totals: dict[Any, int] = {}
    for key, count in cells.items():
        totals[key[side]] = totals.get(key[side], 0) + count
    return sorted(totals, key=lambda node: (-totals[node], node.value))


def table(reader: Reader, arguments: Mapping[str, str]) -> bytes:
    """Return the statements that pass the filters as CSV, at most ROWS of them, with who, how, what, when and where."""
    rows = reader.ask(
        f"SELECT DISTINCT ?s ?day ?article WHERE {{ {pattern(reader, arguments) or EVERY} .\n"
        "  OPTIONAL { ?s asa:inArticle ?article . ?article schema:datePublished ?day } }\n"
        f"ORDER BY DESC(?day) ?article ?s LIMIT {ROWS}")
    fetch(reader, [row["s"] for row in rows])
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("statement", "day", "speaker", "stance", "side", "gist", "proposition", "article", "start", "end"))
    for row in rows:
        found = line(reader, row["s"])
        cue = [number for node in reader.objects(row["s"], "cue")[:1] for number in numbers(node)]
        writer.writerow([_cell(text) for text in (
            found.iri, found.day, "; ".join(value.text for value in found.speakers), found.stance,
", ".join(map(reader.label, reader.objects(row["s"], "polarity"))), found.gist,
            "; ".join(value.text for value in found.claims),
            row["article"].value if "article" in row else "", *(map(str, cue or ("", ""))),
        )])
    return out.getvalue().encode()


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> _cell("=1+1"), _cell("he said")
    ("'=1+1", 'he said')
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
