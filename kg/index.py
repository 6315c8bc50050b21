"""What pages list, sorted and counted before anybody asks: one SQLite file in a release.

SPARQL sorts and counts anew for each question; on an actor who said a hundred thousand things that takes seconds.
Here the statements are numbered from the newest to the oldest, so that a list is a range of numbers, days too are
ranges, and two filters meet where the same numbers stand. It is made from sorted N-Quads in one pass.

    statement(id, iri, day, side)       newest first; within one day by article, then in the order of its text
    article(id, iri, day), agreement(…) likewise
    thing(id, iri)                      actors, propositions, concepts
    listed(list, thing, statement)      who said it, whom it is about …: see LISTS; and the same the other way round
    total(list, thing, number)          how long each list is
    days(list, thing, day, side, number)  how many on each day, for long lists
    name(id, iri, kind, text, folded)   names of what a search finds; `part_of_name` finds parts of them
    said(rowid = statement)             the words of statements, for full-text search
    stances(actor, stance, number)      how often an actor takes a stance
    stands(actor, proposition, side, number)  who spoke how often for (0) or against (1) what
"""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import groupby
from pathlib import Path

from kg.errors import StoreError

NAME = "index/pages.sqlite"
SIDES = ("positive", "negative", "unclear")
# Lists of statements, by what they have in common.
LISTS = ("all", "said", "behalf", "about", "addressee", "stance", "act", "topic", "publisher", "positive", "negative",
         "unclear")
LONG = 500  # statements of a list, from which on its days are counted beforehand
AT_ONCE = 50_000  # rows written together
DIRECT = {"speaker": "said", "onBehalfOf": "behalf", "addressee": "addressee", "about": "about", "stance": "stance"}
NAMED = ("Person", "State", "Organization", "ActorGroup", "Office", "Agreement", "Article")  # what a search finds
_TEXT = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_DAY = re.compile(rb'"(\d{4}-\d{2}-\d{2})"')
_SCHEMA = """
CREATE TABLE raw(id INTEGER PRIMARY KEY, iri TEXT, article TEXT, day TEXT, side INTEGER);
CREATE TABLE given(list INTEGER, thing INTEGER, raw INTEGER);
CREATE TABLE content(thing INTEGER, raw INTEGER);
CREATE TABLE part(proposition INTEGER, list INTEGER, thing INTEGER);
CREATE TABLE dated(kind TEXT, iri TEXT, article TEXT, day TEXT);
CREATE TABLE thing(id INTEGER PRIMARY KEY, iri TEXT UNIQUE);
CREATE TABLE gist(raw INTEGER, text TEXT);
CREATE TABLE called(place INTEGER, iri TEXT, kind TEXT, text TEXT, folded TEXT);
"""
_FINISH = """
CREATE TABLE statement(id INTEGER PRIMARY KEY, iri TEXT, day TEXT, side INTEGER, raw INTEGER);
INSERT INTO statement(iri, day, side, raw)
    SELECT iri, day, side, id FROM raw ORDER BY day DESC, article, length(iri), iri;
CREATE INDEX of_raw ON statement(raw, id);
CREATE TABLE listed(list INTEGER, thing INTEGER, statement INTEGER, PRIMARY KEY(list, thing, statement)) WITHOUT ROWID;
CREATE INDEX of_proposition ON part(proposition);
INSERT OR IGNORE INTO listed
    SELECT list, thing, statement.id AS s FROM given JOIN statement USING (raw)
    UNION SELECT part.list, part.thing, statement.id FROM content
        JOIN part ON part.proposition = content.thing JOIN statement USING (raw)
    UNION SELECT :sides + side, thing, statement.id FROM content JOIN statement USING (raw) WHERE side >= 0
    ORDER BY 1, 2, 3;
CREATE TABLE held(statement INTEGER, list INTEGER, thing INTEGER, PRIMARY KEY(statement, list, thing)) WITHOUT ROWID;
INSERT INTO held SELECT statement, list, thing FROM listed ORDER BY 1, 2, 3;
CREATE TABLE total(list INTEGER, thing INTEGER, number INTEGER, PRIMARY KEY(list, thing)) WITHOUT ROWID;
INSERT INTO total SELECT list, thing, COUNT(*) FROM listed GROUP BY list, thing;
INSERT INTO total SELECT 0, 0, COUNT(*) FROM statement;
CREATE INDEX largest ON total(list, number DESC, thing);
CREATE TABLE days(list INTEGER, thing INTEGER, day TEXT, side INTEGER, number INTEGER,
    PRIMARY KEY(list, thing, day, side)) WITHOUT ROWID;
INSERT INTO days SELECT list, thing, day, side, COUNT(*) FROM listed JOIN statement ON statement.id = statement
    WHERE day IS NOT NULL AND (list, thing) IN (SELECT list, thing FROM total WHERE number >= :long)
    GROUP BY 1, 2, 3, 4;
INSERT INTO days SELECT 0, 0, day, side, COUNT(*) FROM statement WHERE day IS NOT NULL GROUP BY day, side;
CREATE TABLE stands(actor INTEGER, proposition INTEGER, side INTEGER, number INTEGER,
    PRIMARY KEY(actor, side, proposition)) WITHOUT ROWID;
INSERT INTO stands SELECT said.thing, content.thing, statement.side, COUNT(DISTINCT statement.id)
    FROM content JOIN statement USING (raw)
    JOIN held AS said ON said.statement = statement.id AND said.list = :said
    WHERE statement.side IN (0, 1) AND content.thing IN (SELECT proposition FROM part) GROUP BY 1, 2, 3;
CREATE TABLE stances(actor INTEGER, stance INTEGER, number INTEGER, PRIMARY KEY(actor, stance)) WITHOUT ROWID;
INSERT INTO stances SELECT said.thing, stance.thing, COUNT(*) FROM held AS said
    JOIN held AS stance ON stance.statement = said.statement AND stance.list = :stance
    WHERE said.list = :said GROUP BY 1, 2;
CREATE INDEX by_day ON statement(day);
CREATE INDEX sides ON stands(proposition, side, number DESC, actor);
CREATE TABLE article(id INTEGER PRIMARY KEY, iri TEXT, day TEXT);
INSERT INTO article(iri, day) SELECT iri, day FROM dated WHERE kind = 'article' ORDER BY day DESC, iri;
CREATE TABLE agreement(id INTEGER PRIMARY KEY, iri TEXT, day TEXT);
INSERT INTO agreement(iri, day) SELECT iri, day FROM dated WHERE kind = 'agreement' ORDER BY day DESC, iri;
CREATE TABLE published(publisher INTEGER, article INTEGER, PRIMARY KEY(publisher, article)) WITHOUT ROWID;
CREATE INDEX by_iri ON article(iri);
INSERT INTO published SELECT given.thing, article.id FROM given JOIN dated ON dated.rowid = -given.raw
    JOIN article ON article.iri = dated.iri WHERE given.raw < 0;
CREATE TABLE name(id INTEGER PRIMARY KEY, iri TEXT, kind TEXT, text TEXT, folded TEXT);
INSERT INTO name(iri, kind, text, folded)
    SELECT iri, kind, text, folded FROM called ORDER BY place, length(text), iri, text;
CREATE INDEX by_beginning ON name(folded, id);
CREATE VIRTUAL TABLE part_of_name USING fts5(folded, content = 'name', content_rowid = 'id', tokenize = 'trigram');
INSERT INTO part_of_name(part_of_name) VALUES ('rebuild');
CREATE VIRTUAL TABLE said USING fts5(text, content = '', tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO said(rowid, text) SELECT statement.id, text FROM gist JOIN statement USING (raw) ORDER BY statement.id;
INSERT INTO said(said) VALUES ('optimize');
DROP TABLE gist; DROP TABLE called;
DROP TABLE raw; DROP TABLE given; DROP TABLE content; DROP TABLE part; DROP TABLE dated; DROP INDEX of_raw;
"""


def write_index(dump: Path, target: Path, *, base: str) -> None:
    """Write the index of sorted N-Quads.

    Args:
        dump: N-Quads in which the triples of one graph stand together.
        target: The file to write; it must not exist.
        base: Base IRI of the release.

    Raises: StoreError: there is no room, or Python's SQLite is older than 3.34 or lacks full-text search.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        _write(dump, target, base=base)
    except sqlite3.Error as error:
        raise StoreError(str(target), found=f"cannot be written ({error})",
                         repair="make room, or use a Python with SQLite 3.34 or newer and FTS5") from error


def _write(dump: Path, target: Path, *, base: str) -> None:
    with closing(sqlite3.connect(target)) as database:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;"
                               "PRAGMA temp_store = FILE;" + _SCHEMA)
        with dump.open("rb") as lines:
            _Writer(database, base=base).read(lines)
        finish = _FINISH.replace(":sides", str(LISTS.index("positive"))).replace(":long", str(LONG)).replace(
            ":said", str(LISTS.index("said"))).replace(":stance", str(LISTS.index("stance")))
        database.executescript(finish + "VACUUM; ANALYZE;")


def _literal(term: bytes) -> str:
    """Return the text of a literal at the beginning of a line, "" of what is no literal.

    >>> _literal(b'"a \\\\"b\\\\" \\\\u00e9"@en <g> .')
    'a "b" é'
    """
    found = _TEXT.match(term)
    return _ESCAPE.sub(_unescaped, found[1].decode()) if found else ""


def _unescaped(found: re.Match[str]) -> str:
    kind = found[1]
    return chr(int(kind[1:], 16)) if kind[0] in "uU" else _LETTERS.get(kind, kind)


class _Writer:
    """Reads graphs one after the other; only things are remembered, statements are not."""

    def __init__(self, database: sqlite3.Connection, *, base: str) -> None:
        self._database, self._base = database, base
        self._things: dict[str, int] = {}
        self._waiting: dict[str, list[tuple[object, ...]]] = {}
        self._raw = self._dated = 0
        asa = f"{base}ns#"
        schema = "https://schema.org/"
        self._kinds = {f"<{asa}{kind}>".encode(): kind for kind in ("Statement", *NAMED)}
        names = ("inArticle", "polarity", "content", "agent", "target", "act", "topic", *DIRECT)
        self._predicates = {f"<{asa}{name}>".encode(): name for name in names} | {
            b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>": "type",
            f"<{schema}datePublished>".encode(): "day", f"<{schema}publisher>".encode(): "publisher",
            f"<{asa}gist>".encode(): "gist", f"<{schema}headline>".encode(): "name",
            b"<http://www.w3.org/2000/01/rdf-schema#label>": "name",
            b"<http://www.w3.org/2004/02/skos/core#altLabel>": "name"}

    def read(self, lines: Iterable[bytes]) -> None:
        """Write the rows of all graphs."""
        for _, rows in groupby(lines, key=lambda line: line.rsplit(b" ", 2)[1]):
            self._graph(rows)
        self._flush()
        self._database.executemany("INSERT INTO thing VALUES (?, ?)", ((id, iri) for iri, id in self._things.items()))
        self._database.commit()

    def _graph(self, lines: Iterable[bytes]) -> None:
        found: dict[str, dict[str, list[str]]] = {}
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            name = self._predicates.get(predicate)
            if name is None:
                continue
            if name == "type":
                kind = self._kinds.get(rest.split(b" ", 1)[0])
                value = kind or ""
            elif name in ("name", "gist"):
                value = _literal(rest)
            elif name == "day":
                day = _DAY.match(rest)
                value = day[1].decode() if day else ""
            else:
                value = rest.split(b" ", 1)[0][1:-1].decode() if rest[:1] == b"<" else ""
            if value:
                found.setdefault(subject[1:-1].decode(), {}).setdefault(name, []).append(value)
        for iri, told in found.items():
            kinds = told.get("type", ())
            for kind in kinds:
                if kind in NAMED:
                    for text in told.get("name", ()):
                        self._add("called", NAMED.index(kind), iri, kind, text, text.casefold())
            if "Statement" in kinds:
                self._statement(iri, told, found)
            elif "Article" in kinds:
                self._article(iri, told)
            elif "Agreement" in kinds:
                article = next(iter(told.get("inArticle", ())), "")
                self._date("agreement", iri, next(iter(found.get(article, {}).get("day", ())), None))
            elif "act" in told:
                self._proposition(iri, told)

    def _statement(self, iri: str, told: dict[str, list[str]], graph: dict[str, dict[str, list[str]]]) -> None:
        self._raw += 1
        article = next(iter(told.get("inArticle", ())), "")
        day = next(iter(graph.get(article, {}).get("day", ())), None)
        polarity = next(iter(told.get("polarity", ())), "").rpartition("#")[2]
        side = SIDES.index(polarity) if polarity in SIDES else -1
        self._add("raw", self._raw, iri, article or None, day, side)
        for name, values in told.items():
            if name in DIRECT:
                for value in values:
                    self._list(DIRECT[name], value, self._raw)
            elif name == "gist":
                self._add("gist", self._raw, " ".join(values))
            elif name == "content":
                for value in values:
                    self._add("content", self._thing(value), self._raw)
        for value in graph.get(article, {}).get("publisher", ()):
            self._list("publisher", value, self._raw)

    def _article(self, iri: str, told: dict[str, list[str]]) -> None:
        number = self._date("article", iri, next(iter(told.get("day", ())), None))
        for value in told.get("publisher", ()):
            self._list("publisher", value, -number)

    def _date(self, kind: str, iri: str, day: str | None) -> int:
        self._dated += 1
        self._add("dated", kind, iri, "", day)
        return self._dated

    def _proposition(self, iri: str, told: dict[str, list[str]]) -> None:
        for name, kind in (("agent", "about"), ("target", "about"), ("act", "act"), ("topic", "topic")):
            for value in told.get(name, ()):
                self._add("part", self._thing(iri), LISTS.index(kind), self._thing(value))

    def _list(self, name: str, thing: str, raw: int) -> None:
        self._add("given", LISTS.index(name), self._thing(thing), raw)

    def _thing(self, iri: str) -> int:
        return self._things.setdefault(iri, len(self._things) + 1)

    def _add(self, table: str, *row: object) -> None:
        rows = self._waiting.setdefault(table, [])
        rows.append(row)
        if len(rows) >= AT_ONCE:
            self._flush()

    def _flush(self) -> None:
        for table, rows in self._waiting.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self._database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        self._waiting = {}


