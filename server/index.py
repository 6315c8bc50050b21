"""Lists of statements from the index of a release: a page of any of them in a few milliseconds, hubs included."""

import sqlite3
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from pyoxigraph import NamedNode

from kg.errors import ReleaseError
from kg.index import LISTS, LONG, NAME, SIDES

NAMES = 500  # names that hold a text, of which the best are shown
SAMPLE = 5_000  # of the newest statements, in which facets, pairs and others are counted
Days: TypeAlias = dict[date, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements: those that stand in all `lists` (name of the list, IRI), published in a range of days."""

    lists: tuple[tuple[str, str], ...] = ()
    since: str = ""
    until: str = ""


class Index:
    """Answers from the index of one release; each thread has a connection of its own."""

    def __init__(self, release: Path) -> None:
        """Open the index.

        Raises: ReleaseError: the release has none.
        """
        self._path = release / NAME
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        if not self._path.is_file():
            raise ReleaseError(str(release), found="no index of what pages list; an earlier version made it",
                               repair="build the release again")

    def close(self) -> None:
        """Close the connections of all threads; nobody may use the index any more."""
        while self._connections:
            self._connections.pop().close()

    def _rows(self, text: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            address = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            # closed by whichever thread is the last to leave the release
            connection = self._local.connection = sqlite3.connect(address, uri=True, check_same_thread=False)
            self._connections.append(connection)
        return list(connection.execute(text, values))

    def _number(self, text: str, *values: Any) -> int:
        rows = self._rows(text, *values)
        return rows[0][0] if rows and rows[0][0] is not None else 0

    def _thing(self, iri: str) -> int:
        """Return the number of a thing, 0 of one that no list has."""
        return self._number("SELECT id FROM thing WHERE iri = ?", iri)

    def _from(self, wanted: Wanted) -> tuple[str, list[int]]:
        """Return tables and conditions that hold the numbers of statements as `a.statement`, and their values."""
        chosen = []
        for name, iri in wanted.lists:
            number, thing = LISTS.index(name), self._thing(iri)
            chosen.append((self._number("SELECT number FROM total WHERE list = ? AND thing = ?", number, thing),
                           number, thing))
        chosen.sort()
        conditions, values = [], []
        tables = "listed AS a" if chosen else "(SELECT id AS statement FROM statement) AS a"
        for place, (_, number, thing) in enumerate(chosen):
            table = "a" if place == 0 else f"b{place}"
            if place:
                tables += f" JOIN listed AS {table} ON {table}.statement = a.statement"
            conditions.append(f"{table}.list = ? AND {table}.thing = ?")
            values += [number, thing]
        for edge, sign, best, order in ((wanted.until, "<=", "MAX", "MIN"), (wanted.since, ">=", "MIN", "MAX")):
            if edge:
                [(day,)] = self._rows(f"SELECT {best}(day) FROM statement WHERE day {sign} ?", edge)
                number = self._number(f"SELECT {order}(id) FROM statement WHERE day = ?", day) if day else 0
                conditions.append(f"a.statement {'>=' if order == 'MIN' else '<='} ?" if day else "0 = ?")
                values.append(number or 1)
        if wanted.since or wanted.until:
            undated = self._number("SELECT MIN(id) FROM statement WHERE day IS NULL")
            if undated:
                conditions.append("a.statement < ?")
                values.append(undated)
        return tables + (f" WHERE {' AND '.join(conditions)}" if conditions else ""), values

    def statements(self, wanted: Wanted, *, count: int, first: int = 0, oldest: bool = False) -> list[NamedNode]:
        """Return statements, the newest first, or the oldest first."""
        tables, values = self._from(wanted)
        order = "DESC" if oldest else "ASC"
        rows = self._rows(
            f"SELECT iri FROM (SELECT a.statement AS s FROM {tables} ORDER BY a.statement {order} LIMIT ? OFFSET ?) "
            f"JOIN statement ON id = s ORDER BY s {order}", *values, count, first)
        return [NamedNode(iri) for (iri,) in rows]

    def count(self, wanted: Wanted) -> int:
        """Return how many statements there are."""
        names = tuple(sorted(name for name, _ in wanted.lists))
        if not (wanted.since or wanted.until):
            things = {name: self._thing(iri) for name, iri in wanted.lists}
            if names == ("said", "stance"):
                return self._number("SELECT number FROM stances WHERE actor = ? AND stance = ?", things["said"],
                                    things["stance"])
            if len(names) < 2:
                name = names[0] if names else "all"
                return self._number("SELECT number FROM total WHERE list = ? AND thing = ?", LISTS.index(name),
                                    things.get(name, 0))
        tables, values = self._from(wanted)
        return self._number(f"SELECT COUNT(*) FROM {tables}", *values)

    def sides(self, wanted: Wanted) -> list[tuple[date, str, int]]:
        """Return day, side and number of the statements that have a day, in order of days."""
        plain = not (wanted.since or wanted.until) and len(wanted.lists) < 2
        name, iri = wanted.lists[0] if wanted.lists else ("all", "")
        if plain and (name == "all" or self.count(wanted) >= LONG):
            rows = self._rows("SELECT day, side, number FROM days WHERE list = ? AND thing = ? ORDER BY day, side",
                              LISTS.index(name), self._thing(iri) if iri else 0)
        else:
            tables, values = self._from(wanted)
            rows = self._rows(
                f"SELECT day, side, COUNT(*) FROM (SELECT a.statement AS s FROM {tables}) JOIN statement ON id = s "
                "WHERE day IS NOT NULL GROUP BY day, side ORDER BY day, side", *values)
        return [(date.fromisoformat(day), SIDES[side] if side >= 0 else "", number) for day, side, number in rows]

    def days(self, wanted: Wanted) -> Days:
        """Return how many statements each day has, and how many of them reject something."""
        found: Days = {}
        for day, side, number in self.sides(wanted):
            before = found.get(day, (0, 0))
            found[day] = (before[0] + number, before[1] + (number if side == "negative" else 0))
        return found

    def largest(self, name: str, *, count: int) -> list[tuple[NamedNode, int]]:
        """Return the things with the longest lists of a name, and how long those are."""
        rows = self._rows("SELECT iri, number FROM (SELECT thing, number FROM total WHERE list = ? "
                          "ORDER BY number DESC, thing LIMIT ?) JOIN thing ON id = thing ORDER BY number DESC, iri",
                          LISTS.index(name), count)
        return [(NamedNode(iri), number) for iri, number in rows]

    def stances(self, actor: str) -> list[tuple[NamedNode, int]]:
        """Return the stances of an actor, the most frequent first, and how often it takes each."""
        rows = self._rows("SELECT iri, number FROM stances JOIN thing ON id = stance WHERE actor = ? "
                          "ORDER BY number DESC, iri", self._thing(actor))
        return [(NamedNode(iri), number) for iri, number in rows]

    def facets(
        self, wanted: Wanted, names: Iterable[str], *, count: int, sample: int = SAMPLE,
    ) -> dict[str, list[tuple[NamedNode, int]]]:
        """Return, for each name of a list, the most frequent things among the newest statements of a sample."""
        names = list(names)
        if not (wanted.lists or wanted.since or wanted.until):
            return {name: self.largest(name, count=count) for name in names}
        tables, values = self._from(wanted)
        numbers = ", ".join(str(LISTS.index(name)) for name in names)
        rows = self._rows(
            f"SELECT list, iri, number FROM (SELECT held.list, held.thing, COUNT(*) AS number FROM "
            f"(SELECT a.statement AS s FROM {tables} ORDER BY a.statement LIMIT {sample}) "
            f"JOIN held ON held.statement = s WHERE held.list IN ({numbers}) "
            "GROUP BY 1, 2) JOIN thing ON id = thing ORDER BY number DESC, iri", *values)
        found: dict[str, list[tuple[NamedNode, int]]] = {name: [] for name in names}
        for number, iri, times in rows:
            if len(found[LISTS[number]]) < count:
                found[LISTS[number]].append((NamedNode(iri), times))
        return found

    def pairs(self, wanted: Wanted, *, count: int) -> dict[tuple[NamedNode, NamedNode], int]:
        """Return who speaks about whom, and how often among the newest SAMPLE statements, the most frequent first."""
        tables, values = self._from(wanted)
        rows = self._rows(
            "SELECT one.iri, other.iri, number FROM (SELECT x.thing AS speaker, y.thing AS subject, COUNT(*) AS number "
            f"FROM (SELECT a.statement AS s FROM {tables} ORDER BY a.statement LIMIT {SAMPLE}) "
            "JOIN held AS x ON x.statement = s AND x.list = ? JOIN held AS y ON y.statement = s AND y.list = ? "
            "GROUP BY 1, 2 ORDER BY number DESC, 1, 2 LIMIT ?) "
            "JOIN thing AS one ON one.id = speaker JOIN thing AS other ON other.id = subject "
            "ORDER BY number DESC, one.iri, other.iri", *values, LISTS.index("said"), LISTS.index("about"), count)
        return {(NamedNode(one), NamedNode(other)): number for one, other, number in rows}

    def contested(self, *, count: int) -> list[tuple[NamedNode, int, int]]:
        """Return the propositions that are rejected most and put forward too, with how many are for and against."""
        rows = self._rows(
            "SELECT iri, pro.number, contra.number FROM total AS contra JOIN total AS pro ON pro.list = ? "
            "AND pro.thing = contra.thing JOIN thing ON thing.id = contra.thing WHERE contra.list = ? "
            "AND iri LIKE '%/id/proposition/%' ORDER BY contra.number DESC, pro.number DESC, iri LIMIT ?",
            LISTS.index("positive"), LISTS.index("negative"), count)
        return [(NamedNode(iri), pro, contra) for iri, pro, contra in rows]

    def against(self, actor: str, *, propositions: int, count: int) -> list[tuple[NamedNode, NamedNode, int, int]]:
        """Return who stands on the other side: other actor, proposition, side of the actor, statements of the other.

        Propositions that the actor rejects come before those it puts forward.
        """
        number = self._thing(actor)
        mine = self._rows("SELECT proposition, side FROM stands WHERE actor = ? ORDER BY side DESC, number DESC, "
                          "proposition LIMIT ?", number, propositions)
        found = [(other, proposition, side, times) for proposition, side in mine for other, times in self._rows(
            "SELECT actor, number FROM stands WHERE proposition = ? AND side = ? AND actor <> ? "
            "ORDER BY number DESC, actor LIMIT ?", proposition, 1 - side, number, count)]
        found.sort(key=lambda row: -row[3])
        names = self._names({node for row in found[:count] for node in row[:2]})
        return [(names[other], names[proposition], side, times) for other, proposition, side, times in found[:count]]

    def _names(self, numbers: Iterable[int]) -> Mapping[int, NamedNode]:
        numbers = list(numbers)
        rows = self._rows(f"SELECT id, iri FROM thing WHERE id IN ({', '.join('?' * len(numbers))})", *numbers)
        return {number: NamedNode(iri) for number, iri in rows}

    def names(self, text: str, *, count: int) -> list[tuple[NamedNode, str, str]]:
        """Return things with a name that holds a text: thing, kind and that name.

        Names that begin with it come first, then the shorter ones; in each case actors before articles.
        """
        folded = text.casefold()
        beginning = self._rows("SELECT id FROM name WHERE folded >= ? AND folded < ? LIMIT ?", folded,
                               folded + "\U0010ffff", NAMES)
        inside = self._rows("SELECT rowid FROM part_of_name WHERE folded MATCH ? ORDER BY rowid LIMIT ?",
                            _phrase(folded), NAMES) if len(folded) > 2 else []
        numbers = dict.fromkeys(number for (number,) in (*beginning, *inside))
        rows = self._rows(f"SELECT iri, kind, text, folded FROM name WHERE id IN ({', '.join('?' * len(numbers))})",
                          *numbers)
        found: dict[str, tuple[NamedNode, str, str]] = {}
        rows.sort(key=lambda row: (not row[3].startswith(folded), len(row[3]), row[0]))
        for iri, kind, name, folds in rows:
            if folded in folds:
                found.setdefault(iri, (NamedNode(iri), kind, name))
        return list(found.values())[:count]

    def words(self, text: str, *, count: int) -> list[NamedNode]:
        """Return the newest statements whose words hold a text; its last word may be the beginning of one."""
        rows = self._rows("SELECT iri FROM (SELECT rowid AS s FROM said WHERE text MATCH ? ORDER BY rowid LIMIT ?) "
                          "JOIN statement ON id = s ORDER BY s", f"{_phrase(text)} *", count)
        return [NamedNode(iri) for (iri,) in rows]

    def newest(self, kind: str, *, count: int) -> list[tuple[NamedNode, str]]:
        """Return the newest articles ("article") or agreements ("agreement"), and their days."""
        rows = self._rows(f"SELECT iri, day FROM {kind} WHERE day IS NOT NULL ORDER BY id LIMIT ?", count)
        return [(NamedNode(iri), day) for iri, day in rows]

    def published(self, publisher: str, *, count: int, first: int = 0) -> tuple[int, list[tuple[NamedNode, str]]]:
        """Return how many articles an outlet published, and some of them, the newest first, with their days."""
        number = self._thing(publisher)
        rows = self._rows("SELECT iri, day FROM published JOIN article ON id = article WHERE publisher = ? "
                          "ORDER BY article LIMIT ? OFFSET ?", number, count, first)
        total = self._number("SELECT COUNT(*) FROM published WHERE publisher = ?", number) if rows or first else 0
        return total, [(NamedNode(iri), day or "") for iri, day in rows]


def _phrase(text: str) -> str:
    """Return a text as a phrase of full-text search, in which nothing has a meaning of its own.

    >>> _phrase('say "no" OR')
    '"say ""no"" OR"'
    """
    return '"' + text.replace('"', '""').replace("\0", " ") + '"'
