"""View models of the pages: what a template shows about a thing, with every link relative and nothing yet escaped."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any
from urllib.parse import quote

from flask import render_template
from pyoxigraph import Literal, NamedNode, Quad

from kg.formats import FORMATS
from server.documents import COUNTED, HEADLINE, LABEL, PREF_LABEL, PUBLISHED, RDF_TYPE, Document, read_document
from server.publication import Publication

PUBLISHER = NamedNode("https://schema.org/publisher")
MEMBER = NamedNode("http://www.w3.org/ns/org#member")
OA_EXACT = NamedNode("http://www.w3.org/ns/oa#exact")
OA_SELECTOR = NamedNode("http://www.w3.org/ns/oa#hasSelector")
SHOWN = 100  # statements on one page
SORTED = 500  # statements up to which the newest are looked for; a look costs some 50 µs
HIDDEN = ("cue", "wording")  # shown as marked words instead


@dataclass(frozen=True, slots=True)
class Value:
    """A word on a page, and where it leads ("" nowhere); `away` when it leaves the site."""

    text: str
    href: str = ""
    away: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its values."""

    name: Value
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of an article, and the mark that they get: "" none, "cue", or "wording"."""

    text: str
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One statement in a line: who, how, what, where, and the words that it rests on.

    `evidence`: for each stretch of text its fragment in the article's document, and its words in pieces.
    """

    href: str
    fragment: str
    speakers: tuple[Value, ...]
    stance: str
    polarity: str
    gist: str
    day: str
    article: tuple[Value, ...]
    evidence: tuple[tuple[str, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Statements under a heading, and how many there are in all, as it is shown."""

    title: str
    sentences: tuple[Sentence, ...]
    total: str
    cut: bool


@dataclass(kw_only=True)
class View:
    """Looks up and names what pages show."""

    publication: Publication
    root: str
    _labels: dict[NamedNode, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The base IRI of the release."""
        return self.publication.release.base

    def asa(self, name: str) -> NamedNode:
        """Return a term of the ontology."""
        return NamedNode(f"{self.base}ns#{name}")

    def objects(self, subject: Any, predicate: NamedNode) -> list[Any]:
        """Return the values of a property."""
        return [quad.object for quad in self.publication.store.quads_for_pattern(subject, predicate, None)]

    def subjects(self, predicate: NamedNode, value: Any, *, limit: int) -> tuple[list[Any], int]:
        """Return at most `limit` things with a property of a value, and how many there are, counted to COUNTED."""
        found: list[Any] = []
        total = 0
        for quad in islice(self.publication.store.quads_for_pattern(None, predicate, value), COUNTED):
            total += 1
            if total <= limit:
                found.append(quad.subject)
        return found, total

    def label(self, node: Any) -> str:
        """Return the best name of a thing: its label, else its gist, else the end of its IRI."""
        if not isinstance(node, NamedNode):
            return str(node.value)
        if node not in self._labels:
            names = [term for predicate in (LABEL, PREF_LABEL, HEADLINE, self.asa("gist"))
                     for term in self.objects(node, predicate) if isinstance(term, Literal)]
            self._labels[node] = names[0].value if names else self._makeshift(node)
        return self._labels[node]

    def _makeshift(self, node: NamedNode) -> str:
        """Return a name for a thing without one: an article is called by its day, others by the end of their IRI."""
        days = [day.value for day in self.objects(node, PUBLISHED)]
        if days:
            publishers = ", ".join(map(self.label, self.objects(node, PUBLISHER)))
            return f"Article of {days[0]}" + (f" ({publishers})" if publishers else "")
        short = node.value.removeprefix(self.base).rstrip("/#")
        return short.rsplit("/", 1)[-1].rsplit("#", 1)[-1] or short

    def href(self, node: Any) -> tuple[str, bool]:
        """Return where a thing leads, and whether that is another site; nothing that is not http(s) is a link."""
        if not isinstance(node, NamedNode):
            return "", False
        iri = node.value
        if iri.startswith(self.base):
            rest = iri.removeprefix(self.base)
            rest = rest.replace("id/", "page/", 1) if rest.startswith("id/") else rest
            return self.root + quote(rest, safe="/:@!$&'()*+,;=~-._#%"), False
        return (iri, True) if iri.startswith(("http://", "https://")) else ("", False)

    def value(self, node: Any) -> Value:
        """Return a thing as it is shown."""
        href, away = self.href(node)
        if away:
            return Value(node.value, href, True)
        return Value(self.label(node), href)

    def values(self, subject: Any, name: str) -> tuple[Value, ...]:
        """Return the values of a property of the ontology as they are shown."""
        return tuple(sorted((self.value(node) for node in self.objects(subject, self.asa(name))),
                            key=lambda value: value.text))

    def words(self, mention: Any) -> str:
        """Return the words that a mention cuts out of its article."""
        return " … ".join(exact.value for selector in self.objects(mention, OA_SELECTOR)
                          for exact in self.objects(selector, OA_EXACT))

    def sentence(self, statement: Any) -> Sentence:
        """Return a statement in a line."""
        articles = self.objects(statement, self.asa("inArticle"))
        evidence = sorted(self.objects(statement, self.asa("evidence")), key=_numbers)
        days = [day.value for article in articles for day in self.objects(article, PUBLISHED)]
        return Sentence(
            href=self.href(statement)[0],
            fragment="".join(_fragment(cue) for cue in self.objects(statement, self.asa("cue"))[:1]),
            speakers=self.values(statement, "speaker"),
            stance=", ".join(value.text for value in self.values(statement, "stance")),
            polarity=", ".join(value.text for value in self.values(statement, "polarity")),
            gist=" ".join(gist.value for gist in self.objects(statement, self.asa("gist"))),
            day="".join(days[:1]),
            article=tuple(self.value(article) for article in articles),
            evidence=tuple((_fragment(mention), self.pieces(mention, statement)) for mention in evidence),
        )

    def pieces(self, mention: Any, statement: Any) -> tuple[Piece, ...]:
        """Return the words of a mention, with the cue and the wording of a statement marked in them."""
        words, start = self.words(mention), _numbers(mention)[:1]
        marks: dict[int, str] = {}
        for name in ("wording", "cue"):
            for marked in self.objects(statement, self.asa(name)):
                numbers = _numbers(marked)
                if start and len(numbers) == 2:
                    marks |= dict.fromkeys(range(numbers[0] - start[0], numbers[1] - start[0]), name)
        return tuple(Piece("".join(word for _, word in run), mark)
                     for mark, run in groupby(enumerate(words), key=lambda place: marks.get(place[0], "")))

    def sentences(self, title: str, name: str, thing: NamedNode, *, polarity: str = "") -> Section:
        """Return the statements that point to a thing by a property: the newest first, those of a day in text order.

        Args:
            title: Heading of the section.
            name: Property of the ontology.
            thing: What it points to.
            polarity: Only statements of this polarity; "" for all.
        """
        found, total = self.subjects(self.asa(name), thing, limit=SORTED)
        statement, side = self.asa("Statement"), NamedNode(f"{self.base}ns/polarity#{polarity}")
        found = [node for node in found if statement in self.objects(node, RDF_TYPE)
                 and (not polarity or side in self.objects(node, self.asa("polarity")))]
        found.sort(key=_numbers)
        found.sort(key=self._day, reverse=True)
        total = len(found) if total <= SORTED else total
        counted = f"{total:,}" if total < COUNTED else f"more than {total:,}"
        return Section(title, tuple(self.sentence(node) for node in found[:SHOWN]), counted, len(found) > SHOWN)

    def listed(self, document: Document, kind: str) -> tuple[Value, ...]:
        """Return the things of a class that a document holds; an office with who holds it."""
        found = []
        for quad in document.own:
            if quad.predicate == RDF_TYPE and quad.object == self.asa(kind):
                holders = [self.label(node) for node in self.objects(quad.subject, MEMBER)]
                offices = [self.label(node) for node in self.objects(quad.subject, self.asa("office"))]
                text = ", ".join((*holders, *offices)) or self.label(quad.subject)
                found.append(Value(text, self.href(quad.subject)[0]))
        return tuple(sorted(found, key=lambda value: value.text))

    def _day(self, statement: Any) -> str:
        return max((day.value for article in self.objects(statement, self.asa("inArticle"))
                    for day in self.objects(article, PUBLISHED)), default="")

    def rows(self, quads: Iterable[Quad], *, hidden: tuple[str, ...] = ()) -> tuple[Row, ...]:
        """Return the triples of one subject as properties with their values, in order of the property's name."""
        found: dict[NamedNode, list[Value]] = {}
        for quad in quads:
            if quad.predicate.value.removeprefix(f"{self.base}ns#") in hidden:
                continue
            words = self.words(quad.object) if isinstance(quad.object, NamedNode) and "#m-" in quad.object.value else ""
            value = self.value(quad.object)
            found.setdefault(quad.predicate, []).append(Value(f"“{words}”", value.href) if words else value)
        rows = (Row(self.value_of_property(predicate), tuple(sorted(values, key=lambda value: value.text)))
                for predicate, values in found.items())
        return tuple(sorted(rows, key=lambda row: (_rank(row.name.text), row.name.text)))

    def value_of_property(self, predicate: NamedNode) -> Value:
        """Return a property as it is shown: by its label, leading to its definition."""
        href, away = self.href(predicate)
        return Value(self.label(predicate), href, away)


SECTIONS: Mapping[str, tuple[tuple[str, str, str], ...]] = {  # class → heading, property, polarity
    "Statement": (("Statements about this statement", "content", ""),),
    "Proposition": (("Put forward by", "content", "positive"), ("Rejected by", "content", "negative"),
                    ("Left open by", "content", "unclear"), ("Given as a ground by", "premise", "")),
    "Article": (("Statements in this article", "inArticle", ""),),
    "Agreement": (("Statements about this agreement", "about", ""),),
    "actor": (("What it said", "speaker", ""), ("Said on its behalf", "onBehalfOf", ""),
              ("What was said about it", "about", ""), ("Said to it", "addressee", "")),
}
LISTED: Mapping[str, tuple[tuple[str, str], ...]] = {  # class → class of what it lists, heading
    "Article": (("Agreement", "Agreements in this article"), ("Tenure", "Offices shown in this article")),
}
FIRST = (
    "label", "headline", "datePublished", "publisher", "speaker", "on behalf of", "stance", "polarity", "certainty",
    "mode", "gist", "quote", "content", "premise", "about", "agent", "act", "target", "agreement type", "status",
    "party", "obligation", "status event",
)
ACTORS = ("Person", "State", "Organization", "ActorGroup", "Actor")


def thing_page(publication: Publication, thing: NamedNode, *, root: str, rest: str) -> str:
    """Return the page of a thing; `rest` is its path below `id/`, percent-encoded as it was asked for."""
    view = View(publication=publication, root=root)
    document = read_document(publication, thing)
    types = [node for node in view.objects(thing, RDF_TYPE) if isinstance(node, NamedNode)]
    names = [node.value.removeprefix(f"{view.base}ns#") for node in types]
    sections = tuple(
        view.sentences(title, name, thing, polarity=polarity)
        for kind, rows in SECTIONS.items() if kind in names or (kind == "actor" and set(names) & set(ACTORS))
        for title, name, polarity in rows
    )
    shown = {name for kind, rows in SECTIONS.items() if kind in names or kind == "actor" for _, name, _ in rows}
    own = [quad for quad in document.own if quad.subject == thing and quad.predicate != RDF_TYPE]
    return render_template(
        "thing.html", root=root, release=publication.release, base=view.base, iri=thing.value,
        label=view.label(thing), types=[view.value(node) for node in types], rest=rest, formats=FORMATS,
        sentence=view.sentence(thing) if "Statement" in names else None,
        rows=view.rows(own, hidden=HIDDEN if "Statement" in names else ()),
        sections=[section for section in sections if section.sentences],
        lists=[(title, found) for kind in names for listed, title in LISTED.get(kind, ())
               if (found := view.listed(document, listed))],
        links=_links(view, document, shown), query=_query(thing),
    )


def _links(view: View, document: Document, shown: set[str]) -> list[tuple[Row, int]]:
    """Return what else points to the thing: property, the first of the things, and how many there are."""
    found: dict[NamedNode, list[Value]] = {}
    for quad in document.links:
        if quad.predicate.value.removeprefix(f"{view.base}ns#") not in shown:
            found.setdefault(quad.predicate, []).append(view.value(quad.subject))
    return [(Row(view.value_of_property(predicate), tuple(values)), document.counts[predicate.value])
            for predicate, values in sorted(found.items(), key=lambda entry: view.label(entry[0]))]


def _query(thing: NamedNode) -> str:
    return f"SELECT ?property ?value WHERE {{ <{thing.value}> ?property ?value }}"


def terms_page(publication: Publication, quads: Iterable[Quad], *, root: str, name: str) -> str:
    """Return the page of the ontology or of one scheme: each term with an anchor of its own."""
    view = View(publication=publication, root=root)
    terms: dict[NamedNode, list[Quad]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            terms.setdefault(quad.subject, []).append(quad)
    entries = [(_fragment(node), view.label(node), node.value, view.rows(found)) for node, found in terms.items()]
    return render_template("terms.html", root=root, release=publication.release, base=view.base, name=name,
                           formats=FORMATS, entries=sorted(entries, key=lambda entry: entry[0].casefold()))


def _fragment(node: Any) -> str:
    return str(node.value).partition("#")[2]


def _rank(name: str) -> int:
    return FIRST.index(name) if name in FIRST else len(FIRST)


def _numbers(node: Any) -> tuple[int, ...]:
    """Return the numbers at the end of an IRI, for sorting in text order.

    >>> _numbers(NamedNode("https://news.example/id/article/x#m-62-74"))
    (62, 74)
    """
    return tuple(int(part) for part in str(node.value).rsplit("/", 1)[-1].split("-") if part.isdecimal())
