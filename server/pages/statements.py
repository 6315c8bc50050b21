"""Statements as sentences that people read: who says what, where, with the cue and the wording marked in its words."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from server.errors import Problem
from server.index import Wanted
from server.pages.reader import OA_EXACT, OA_SELECTOR, PUBLISHED, PUBLISHER, Reader, Value

SIZE = 20  # statements on one page of a list
DEEPEST = 500  # pages of a list that can be asked for
MARKED = ("wording", "cue")  # later ones win where they overlap


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of an article, and the mark that they get: "" none, "cue", or "wording"."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of an article that something rests on: its fragment in the article, where that is, and its words."""

    fragment: str
    href: str
    pieces: tuple[Piece, ...]

    @property
    def attributes(self) -> bool:
        """Whether it holds the words that attribute a statement to its speaker."""
        return any(piece.mark == "cue" for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement as a sentence: who, how, what, where, and the words that it rests on."""

    iri: str
    href: str
    speakers: tuple[Value, ...]
    stance: str
    negative: bool
    gist: str
    claims: tuple[Value, ...]
    day: str
    article: tuple[Value, ...]
    passages: tuple[Passage, ...]

    @property
    def title(self) -> str:
        """The sentence without links."""
        who = ", ".join(speaker.text for speaker in self.speakers) or "somebody"
        return f"{who} {self.stance}: {self.gist or 'no words are given'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One page of a list of statements, with its query and the addresses of its other pages."""

    title: str
    name: str
    lines: tuple[Line, ...]
    total: int
    query: str
    number: int = 1
    before: str = ""
    after: str = ""

    @property
    def first(self) -> int:
        """The place of the first statement shown."""
        return (self.number - 1) * SIZE + 1

    @property
    def last(self) -> int:
        """The place of the last statement shown."""
        return self.first + len(self.lines) - 1


def fetch(reader: Reader, statements: Iterable[Any]) -> None:
    """Fetch what lines show of statements: three queries, however many statements there are."""
    statements = list(statements)
    reader.load(statements)
    reader.follow_all(statements)
    contents = [value for node in statements for name in ("content", "premise") for value in reader.objects(node, name)]
    mentions = [value for node in statements for name in ("evidence", *MARKED) for value in reader.objects(node, name)]
    articles = [value for node in statements for value in reader.objects(node, "inArticle")]
    reader.load([
        *(value for node in contents for name in ("agent", "act", "target", "speaker", "stance")
          for value in reader.objects(node, name)),
        *(value for node in mentions for value in reader.objects(node, OA_SELECTOR)),
        *(value for node in articles for value in reader.objects(node, PUBLISHER)),
    ])


def line(reader: Reader, statement: Any) -> Line:
    """Return a fetched statement as a line."""
    articles = reader.objects(statement, "inArticle")
    evidence = sorted(reader.objects(statement, "evidence"), key=numbers)
    return Line(
        iri=statement.value,
        href=reader.href(statement)[0],
        speakers=reader.values(statement, "speaker"),
        stance=_verb(reader, statement),
        negative=is_negative(reader, statement),
        gist=reader.text(statement, "gist"),
        claims=tuple(reader.value(node) for node in reader.objects(statement, "content")),
        day="".join(reader.text(article, PUBLISHED) for article in articles[:1]),
        article=tuple(map(reader.value, articles)),
        passages=tuple(sorted((passage(reader, mention, statement) for mention in evidence if words(reader, mention)),
                              key=lambda found: not found.attributes)),
    )


def _verb(reader: Reader, statement: Any) -> str:
    """Return the stance as a verb that agrees with its speakers."""
    verb = ", ".join(map(reader.label, reader.objects(statement, "stance"))) or "says"
    speakers = reader.objects(statement, "speaker")
    several = len(speakers) > 1 or any(
        "ActorGroup" in reader.kinds(speaker) and re.search(r"[^s]s(?: \(|$)", reader.label(speaker))
        for speaker in speakers)
    return plural(verb) if several else verb


def plural(verb: str) -> str:
    """Return a verb of the third person for several who do it.

    >>> [plural(verb) for verb in ("denies", "asserts", "is concerned")]
    ['deny', 'assert', 'are concerned']
    """
    if verb.startswith("is "):
        return "are " + verb.removeprefix("is ")
    return re.sub("ies$", "y", verb) if verb.endswith("ies") else verb.removesuffix("s")


def is_negative(reader: Reader, statement: Any) -> bool:
    """Return whether the speaker rejects the content."""
    return any(value.value.endswith("#negative") for value in reader.objects(statement, "polarity"))


def words(reader: Reader, mention: Any) -> str:
    """Return the words that a fetched mention cuts out of its article."""
    return " … ".join(reader.text(selector, OA_EXACT) for selector in reader.objects(mention, OA_SELECTOR))


def passage(reader: Reader, mention: Any, statement: Any = None) -> Passage:
    """Return the words of a mention, with the cue and the wording of a statement marked in them."""
    start = numbers(mention)[:1]
    marks: dict[int, str] = {}
    for name in MARKED if statement is not None else ():
        for marked in reader.objects(statement, name):
            place = numbers(marked)
            if start and len(place) == 2:
                marks |= dict.fromkeys(range(place[0] - start[0], place[1] - start[0]), name)
    pieces = tuple(Piece("".join(letter for _, letter in run), mark) for mark, run in
                   groupby(enumerate(words(reader, mention)), key=lambda place: marks.get(place[0], "")))
    return Passage(mention.value.partition("#")[2], reader.href(mention)[0], pieces)


def numbers(node: Any) -> tuple[int, ...]:
    """Return the numbers at the end of an IRI, for sorting in text order.

    >>> from pyoxigraph import NamedNode
    >>> numbers(NamedNode("https://news.example/id/article/x#m-62-74"))
    (62, 74)
    """
    return tuple(int(part) for part in str(node.value).rsplit("/", 1)[-1].split("-") if part.isdecimal())


def page_number(arguments: Mapping[str, str], name: str) -> int:
    """Return the number of the page of a list that an address asks for.

    Raises: Problem: 404, there is no such page.

    >>> page_number({"said": "3"}, "said"), page_number({}, "said")
    (3, 1)
    """
    text = arguments.get(name, "1")
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= DEEPEST:
        raise Problem(404, f"there is no page {text[:20]!r} of this list; pages have the numbers 1 to {DEEPEST}")
    return int(text)


def address(arguments: Mapping[str, str], *, anchor: str = "", **changes: str) -> str:
    """Return a relative reference to the same page with other arguments; an empty value leaves one out.

    >>> address({"said": "2", "stance": "denies"}, said="3", anchor="said")
    '?said=3&stance=denies#said'
    """
    kept = {name: value for name, value in {**arguments, **changes}.items() if value}
    return "?" + urlencode(sorted(kept.items())) + (f"#{anchor}" if anchor else "")


def newest(where: str) -> str:
    """Return the query for the statements of a pattern, the newest first."""
    return (f"SELECT DISTINCT ?s ?day ?article WHERE {{\n  {where}\n"
            "  OPTIONAL { ?s asa:inArticle ?article . ?article schema:datePublished ?day }\n"
            "} ORDER BY DESC(?day) ?article STRLEN(STR(?s)) ?s")


@dataclass(kw_only=True)
class Listing:
    """A list of statements that is read in two steps, so that all lists of a page share the fetching.

    `where` is its graph pattern, for the query behind it; `wanted` the same for the index. Without the latter the
    query is asked, which is for lists that are short.
    """

    reader: Reader
    title: str
    name: str
    where: str
    arguments: Mapping[str, str]
    wanted: Wanted | None = None
    beside: tuple[str, ...] = ()  # names of the other lists of the page, which start anew when this one is paged

    def __post_init__(self) -> None:
        """Ask for the statements of the page and how many there are.

        Raises: Problem: there is no such page, or the query met a limit.
        """
        self.number = page_number(self.arguments, self.name)
        first = (self.number - 1) * SIZE
        self.query = f"{newest(self.where)} LIMIT {SIZE} OFFSET {first}"
        if self.wanted is not None:
            self.total = self.reader.index.count(self.wanted)
            self.statements = self.reader.index.statements(self.wanted, count=SIZE, first=first)
        else:
            [row] = self.reader.ask(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {self.where} }}")
            self.total = int(row["n"].value)
            self.statements = [row["s"] for row in self.reader.ask(self.query)] if self.total else []

    def section(self) -> Section:
        """Return the section, once its statements were fetched."""
        def other(number: int) -> str:
            changed = dict.fromkeys(self.beside, "") | {self.name: str(number) if number > 1 else ""}
            return address(self.arguments, anchor=self.name, **changed)

        return Section(
            title=self.title, name=self.name, total=self.total, query=self.reader.declared(self.query),
            lines=tuple(line(self.reader, node) for node in self.statements), number=self.number,
            before=other(self.number - 1) if self.number > 1 else "",
            after=other(self.number + 1) if self.number * SIZE < self.total and self.number < DEEPEST else "",
        )
