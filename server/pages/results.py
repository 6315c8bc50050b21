"""What passes the filters of the explorer: over time, as a matrix, as a network, or as CSV."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from server.index import Days
from server.pages.filters import EVERY, SPOKEN, is_actor, pattern, wanted
from server.pages.pictures import Tie, between, timeline
from server.pages.reader import Reader
from server.pages.statements import address, fetch, line, numbers

SPEAKERS, SUBJECTS = 12, 12  # rows and columns of the matrix
PAIRS = 300  # of who speaks about whom, the most frequent
TIES = 40  # flows of the network
ROWS = 10_000  # lines of CSV
SIDES = {"for": "positive", "against": "negative", "neither": "unclear"}


def over_time_query(reader: Reader, arguments: Mapping[str, str]) -> str:
    """Return the query for how many statements pass on each day, apart by side."""
    return ("SELECT ?day ?side (COUNT(DISTINCT ?s) AS ?n) WHERE {\n"
            f"  {pattern(reader, arguments) or EVERY} .\n  ?s asa:polarity ?side ; "
            "asa:inArticle/schema:datePublished ?day\n} GROUP BY ?day ?side ORDER BY ?day ?side")


def over_time(reader: Reader, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return how many statements pass over time, apart by side: a picture, and where its periods lead."""
    query = over_time_query(reader, arguments)
    lanes: dict[str, Days] = {name: {} for name in SIDES}
    for day, side, count in reader.index.sides(wanted(reader, arguments)):
        for name, polarity in SIDES.items():
            if side == polarity:
                lanes[name][day] = (count, count if name == "against" else 0)
    picture = timeline({name: days for name, days in lanes.items() if days})
    links = [address(arguments, view="", page="", **{"from": period.first.isoformat(),
                                                     "until": period.last.isoformat()})
             for period in (picture.periods if picture else ())]
    return {"query": reader.declared(query), "timeline": picture, "timeline_links": links}


def pairs_query(reader: Reader, arguments: Mapping[str, str]) -> str:
    """Return the query for who speaks about whom, and how often."""
    return ("SELECT ?speaker ?subject (COUNT(DISTINCT ?s) AS ?n) WHERE {\n"
            f"  {pattern(reader, arguments) or EVERY} .\n  ?s asa:speaker ?speaker ; {SPOKEN} ?subject .\n"
            "  VALUES ?kind { asa:Person asa:State asa:Organization asa:ActorGroup } ?subject a ?kind\n"
            "} GROUP BY ?speaker ?subject ORDER BY DESC(?n) ?speaker ?subject LIMIT 500")


def _pairs(reader: Reader, arguments: Mapping[str, str]) -> dict[tuple[Any, Any], int]:
    """Return who speaks about whom, and how often; the actors are fetched."""
    found = reader.index.pairs(wanted(reader, arguments), count=PAIRS)
    reader.load(node for pair in found for node in pair)
    return {pair: count for pair, count in found.items() if is_actor(reader, pair[1])}


def network(reader: Reader, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return who speaks about whom as a picture of flows, each leading to its statements, and as a table."""
    query = pairs_query(reader, arguments)
    cells = _pairs(reader, arguments)
    speakers, subjects = set(_largest(cells, 0)[:SPEAKERS]), set(_largest(cells, 1)[:SUBJECTS])
    shown = [(pair, count) for pair, count in cells.items() if pair[0] in speakers and pair[1] in subjects][:TIES]
    ties = [Tie(reader.value(pair[0]), reader.value(pair[1]), count, _statements_of(reader, arguments, *pair))
            for pair, count in shown]
    return {"query": reader.declared(query), "ties": ties, "network": between(ties)}


def matrix(reader: Reader, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return who speaks about whom: a table of counts, each leading to its statements."""
    query = pairs_query(reader, arguments)
    cells = _pairs(reader, arguments)
    speakers = _largest(cells, 0)[:SPEAKERS]
    subjects = _largest(cells, 1)[:SUBJECTS]
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
    link = _statements_of(reader, arguments, speaker, subject)
    return count, 1 + 4 * (count - 1) // most if count else 0, link


def _statements_of(reader: Reader, arguments: Mapping[str, str], speaker: Any, subject: Any) -> str:
    names = {"actor": speaker.value.removeprefix(reader.base), "about": subject.value.removeprefix(reader.base)}
    return address(arguments, view="", page="", **names)


def _largest(cells: Mapping[tuple[Any, Any], int], side: int) -> list[Any]:
    totals: dict[Any, int] = {}
    for key, count in cells.items():
        totals[key[side]] = totals.get(key[side], 0) + count
    return sorted(totals, key=lambda node: (-totals[node], node.value))


def table(reader: Reader, arguments: Mapping[str, str]) -> bytes:
    """Return the statements that pass the filters as CSV, at most ROWS of them, with who, how, what, when and where."""
    statements = reader.index.statements(wanted(reader, arguments), count=ROWS)
    fetch(reader, statements)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("statement", "day", "speaker", "stance", "side", "gist", "proposition", "article", "start", "end"))
    for statement in statements:
        found = line(reader, statement)
        cue = [number for node in reader.objects(statement, "cue")[:1] for number in numbers(node)]
        writer.writerow([_cell(text) for text in (
            found.iri, found.day, "; ".join(value.text for value in found.speakers), found.stance,
            ", ".join(map(reader.label, reader.objects(statement, "polarity"))), found.gist,
            "; ".join(value.text for value in found.claims),
            "; ".join(node.value for node in reader.objects(statement, "inArticle")), *(map(str, cue or ("", ""))),
        )])
    return out.getvalue().encode()


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> _cell("=1+1"), _cell("he said")
    ("'=1+1", 'he said')
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
