"""What pages ask of a release: tables by workers that can be stopped, and the triples of what they show."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from kg.vocabulary import prefixes
from server.errors import Problem, problem_of
from server.index import Index
from server.pool import QueryStopped
from server.publication import Publication

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
PREF_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
ALT_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
SCHEMA = "https://schema.org/"
HEADLINE = NamedNode(SCHEMA + "headline")
PUBLISHED = NamedNode(SCHEMA + "datePublished")
PUBLISHER = NamedNode(SCHEMA + "publisher")
MEMBER = NamedNode("http://www.w3.org/ns/org#member")
OA = "http://www.w3.org/ns/oa#"
OA_EXACT, OA_SELECTOR = NamedNode(OA + "exact"), NamedNode(OA + "hasSelector")
LONG = (f"{SCHEMA}mentions", f"{SCHEMA}articleBody", f"{OA}prefix", f"{OA}suffix", f"{OA}start", f"{OA}end")
SECONDS = 5.0  # a query of a page may take; those on all of a large release take below one
SOON = 1.0  # one that a page can do without
MOST = 20_000  # rows of one table
SIZE = 16 << 20  # bytes of one table
AT_ONCE = 500  # things whose triples are fetched together
SHORT = 160  # characters of a name in a list

Row: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """A word on a page, and where it leads ("" nowhere); `away` when it leaves the site."""

    text: str
    href: str = ""
    away: bool = False


@dataclass(kw_only=True)
class Reader:
    """Asks one release for one page; `asked` counts the queries, `root` leads from the page to the first page.

    Triples are fetched by `load`, many things at a time, and then looked up without another query.
    """

    publication: Publication
    root: str
    asked: int = 0
    _triples: dict[Any, dict[str, list[Any]]] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The base IRI of the release."""
        return self.publication.release.base

    @property
    def index(self) -> Index:
        """The sorted and counted lists of the release."""
        return self.publication.index

    def asa(self, name: str) -> NamedNode:
        """Return a term of the ontology."""
        return NamedNode(f"{self.base}ns#{name}")

    def _solutions(self, text: str, *, seconds: float = SECONDS) -> pyoxigraph.QuerySolutions:
        """Return the solutions of a SELECT query.

        Raises: Problem: the query met a limit.
        """
        self.asked += 1
        job: dict[str, Any] = {
            "query": text, "base": self.base, "default_graph": None, "named_graphs": None, "union": True,
            "syntax": "json", "rows": MOST, "bytes": SIZE, "keep": 2 * SIZE, "link": "", "prefixes": {},
        }
        settings = self.publication.settings
        seconds = min(seconds, settings.time_limit)
        try:
            reply = self.publication.pool.ask(job, seconds=seconds)
        except QueryStopped as error:
            raise problem_of(error, seconds=seconds, memory=settings.memory) from error
        if reply.head["outcome"] != "done":
            raise Problem(500, f"a query of this page failed: {reply.head.get('message', reply.head['outcome'])}")
        found = pyoxigraph.parse_query_results(reply.body, format=pyoxigraph.QueryResultsFormat.JSON)
        if not isinstance(found, pyoxigraph.QuerySolutions):
            raise Problem(500, "a query of this page is no SELECT")
        return found

    def select(self, text: str, *, seconds: float = SECONDS) -> list[Row]:
        """Return the solutions of a SELECT query, each as the values of its bound variables.

        Raises: Problem: the query met a limit.
        """
        found = self._solutions(text, seconds=seconds)
        names = [variable.value for variable in found.variables]
        return [{name: value for name, value in zip(names, solution, strict=True) if value is not None}
                for solution in found]

    def ask(self, text: str, *, seconds: float = SECONDS) -> list[Row]:
        """Return the solutions of a query that uses our prefixes without declaring them."""
        return self.select(self.declared(text), seconds=seconds)

    def ask_soon(self, text: str) -> list[Row] | None:
        """Return the solutions of a query that a page can do without; None when they would take long or much memory."""
        try:
            return self.ask(text, seconds=SOON)
        except Problem as problem:
            if problem.status not in (504, 422):
                raise
            return None

    def declared(self, text: str) -> str:
        """Return a query with the prefixes that it uses declared before it."""
        return declare(text, self.base)

    def load(self, nodes: Iterable[Any], *, whole: bool = False) -> None:
        """Fetch the triples of things that were not fetched before: one query for up to AT_ONCE of them.

        What is LONG and shown only on a thing's own page is left out, unless the `whole` is asked for.
        """
        wanted = list(dict.fromkeys(node for node in nodes if isinstance(node, NamedNode)
                                    and node not in self._triples and node.value.startswith(self.base)))
        all_but = "" if whole else f" FILTER(?p NOT IN ({', '.join(f'<{name}>' for name in LONG)}))"
        for start in range(0, len(wanted), AT_ONCE):
            some = wanted[start:start + AT_ONCE]
            self._triples |= {node: {} for node in some}
            for subject, predicate, value in self._solutions(
                    f"SELECT DISTINCT ?s ?p ?o {{ VALUES ?s {{ {' '.join(map(str, some))} }} ?s ?p ?o{all_but} }}"):
                self._triples[subject].setdefault(predicate.value, []).append(value)

    def follow(self, nodes: Iterable[Any], *names: str) -> list[Any]:
        """Return the values that things have by properties of the ontology, and fetch their triples."""
        found = list(dict.fromkeys(value for node in nodes for name in names for value in self.objects(node, name)))
        self.load(found)
        return found

    def follow_all(self, nodes: Iterable[Any]) -> None:
        """Fetch the triples of all that things point to."""
        self.load([value for node in nodes for values in self._triples.get(node, {}).values() for value in values])

    def objects(self, subject: Any, predicate: str | NamedNode) -> list[Any]:
        """Return the fetched values of a property; a bare name is one of the ontology's."""
        iri = f"{self.base}ns#{predicate}" if isinstance(predicate, str) else predicate.value
        return self._triples.get(subject, {}).get(iri, [])

    def properties(self, subject: Any) -> dict[str, list[Any]]:
        """Return the fetched properties of a thing."""
        return self._triples.get(subject, {})

    def text(self, subject: Any, predicate: str | NamedNode) -> str:
        """Return the first fetched value of a property as text, "" without one."""
        return "".join(value.value for value in self.objects(subject, predicate)[:1])

    def label(self, node: Any) -> str:
        """Return the best fetched name of a thing: its label, else what its class offers, else the end of its IRI."""
        if not isinstance(node, NamedNode):
            return str(node.value)
        act = self.objects(node, "act")
        if act:
            return self._claim(node, act[0])
        for predicate in (RDFS_LABEL, PREF_LABEL, HEADLINE, self.asa("gist")):
            names = [term for term in self.objects(node, predicate) if isinstance(term, Literal)]
            if names:
                return min(names, key=lambda term: term.language not in ("en", None)).value
        day = self.text(node, PUBLISHED)
        if day:
            publishers = ", ".join(map(self.label, self.objects(node, PUBLISHER)))
            return f"Article of {day}" + (f" ({publishers})" if publishers else "")
        short = node.value.removeprefix(self.base).rstrip("/#")
        return short.rsplit("/", 1)[-1].rsplit("#", 1)[-1] or short

    def _claim(self, node: NamedNode, act: NamedNode) -> str:
        agents = " and ".join(sorted(map(self.label, self.objects(node, "agent"))))
        targets = " and ".join(sorted(map(self.label, self.objects(node, "target"))))
        return (f"{agents}: " if agents else "") + self.label(act) + (f" → {targets}" if targets else "")

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
        return Value(node.value, href, True) if away else Value(cut(self.label(node)), href)

    def values(self, subject: Any, predicate: str | NamedNode) -> tuple[Value, ...]:
        """Return the fetched values of a property as they are shown, in order of their names."""
        return tuple(sorted(map(self.value, self.objects(subject, predicate)), key=lambda value: value.text))

    def kinds(self, node: Any) -> list[str]:
        """Return the fetched classes of a thing that are the ontology's, by their names."""
        space = f"{self.base}ns#"
        return [kind.value.removeprefix(space) for kind in self.objects(node, RDF_TYPE)
                if kind.value.startswith(space)]


def cut(text: str, length: int = SHORT) -> str:
    """Return a text for a list: its beginning if it is long.

    >>> cut("word " * 9, 12)
    'word word …'
    """
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0].rstrip() + " …"


def declare(text: str, base: str) -> str:
    """Return a query with the prefixes that it uses declared before it.

    >>> declare("SELECT ?s { ?s asa:speaker ?o }", "https://news.example/").splitlines()[0]
    'PREFIX asa: <https://news.example/ns#>'
    """
    lines = [f"PREFIX {name}: <{space}>" for name, space in _spaces(base) if f"{name}:" in text]
    return "\n".join((*lines, text))


def _spaces(base: str) -> Iterator[tuple[str, str]]:
    wanted = {"asa", "rdf", "rdfs", "xsd", "schema", "skos", "oa", "org", "dcterms", "stance", "polarity", "act"}
    return ((name, space) for name, space in sorted(prefixes(base).items()) if name in wanted)
