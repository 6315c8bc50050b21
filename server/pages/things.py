"""Pages of single things: a statement, a proposition, an agreement, an actor, or anything else that has an IRI."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import NamedNode

from kg.index import SIDES
from server.index import Wanted
from server.pages.actors import actor
from server.pages.articles import article
from server.pages.parts import LINKS, Arguments, Fact, facts, passages, period, share
from server.pages.reader import MEMBER, OA_SELECTOR, PUBLISHED, RDF_TYPE, Reader, Value
from server.pages.statements import (
    Line,
    Listing,
    Passage,
    fetch,
    is_negative,
    line,
    numbers,
)

OTHERS = 50  # statements about one proposition, on each side of its page
BESIDE = 20  # of them, beside one that speaks of the same


def statement(reader: Reader, thing: NamedNode, arguments: Arguments) -> dict[str, Any]:
    """Return what the page of a statement shows: the sentence, its words, and who else speaks of the same."""
    fetch(reader, [thing])
    contents = reader.objects(thing, "content")
    others: list[Any] = []
    query = ""
    if contents:
        query = (
            "SELECT DISTINCT ?s ?day WHERE {\n"
            f"  VALUES ?content {{ {' '.join(map(str, contents))} }} ?s asa:content ?content .\n"
            "  OPTIONAL { ?s asa:inArticle/schema:datePublished ?day }\n"
            "} ORDER BY ?day ?s"
        )
        found = (node for content in contents for side in SIDES for node in reader.index.statements(
            Wanted(((side, content.value),)), count=BESIDE, oldest=True))
        others = [node for node in dict.fromkeys(found) if node != thing]
        fetch(reader, others)
        others = in_time(reader, others)
    about = Listing(reader=reader, title="What others say of this statement", name="replies",
                    where=f"?s asa:content {thing}", arguments=arguments)
    fetch(reader, about.statements)
    side = is_negative(reader, thing)
    return {
        "template": "statement.html", "line": line(reader, thing), "period": period(reader, thing),
        "time_text": reader.text(thing, "timeText"),
        "quotes": [quote.value for quote in reader.objects(thing, "quote")],
        "facts": facts(reader, thing, ("speaker", "speaker"), ("on behalf of", "onBehalfOf"), ("said to", "addressee"),
                       ("through", "channel"), ("about", "about"), ("on the ground that", "premise")),
        "certainty": reader.values(thing, "certainty"), "mode": reader.values(thing, "mode"),
        "polarity": reader.values(thing, "polarity"), "confidence": share(reader, thing),
        "same": [line(reader, node) for node in others if is_negative(reader, node) == side],
        "other": [line(reader, node) for node in others if is_negative(reader, node) != side],
        "others_query": reader.declared(query) if query else "", "sections": [about.section()],
    }


def proposition(reader: Reader, thing: NamedNode, arguments: Arguments) -> dict[str, Any]:
    """Return what the page of a proposition shows: who is for it and who against it, in order of time."""
    reader.load([thing])
    reader.follow_all([thing])
    sides: dict[str, list[Any]] = {}
    queries, totals = {}, {}
    for side in SIDES:
        where = f"?s asa:content {thing} ; asa:polarity polarity:{side}"
        these = Wanted(((side, thing.value),))
        queries[side] = (f"SELECT DISTINCT ?s ?day WHERE {{\n  {where} .\n"
                         "  OPTIONAL { ?s asa:inArticle/schema:datePublished ?day }\n"
                         f"}} ORDER BY ?day ?s LIMIT {OTHERS}")
        totals[side] = reader.index.count(these)
        sides[side] = reader.index.statements(these, count=OTHERS, oldest=True)
    ground = Listing(reader=reader, title="Given as a ground", name="ground", where=f"?s asa:premise {thing}",
                     arguments=arguments)
    duties = reader.ask(f"SELECT DISTINCT ?agreement WHERE {{ ?agreement asa:obligation ?o . "
                        f"?o asa:duty|asa:trigger {thing} }} LIMIT {LINKS}")
    fetch(reader, [*(node for nodes in sides.values() for node in nodes), *ground.statements])
    sides = {name: in_time(reader, nodes) for name, nodes in sides.items()}
    reader.load(row["agreement"] for row in duties)
    return {
        "template": "proposition.html", "label": reader.label(thing),
        "facts": facts(reader, thing, ("who", "agent"), ("does what", "act"), ("to whom", "target"),
                       ("topic", "topic")),
        "sides": [(title, name, [_without(line(reader, node), reader.value(thing)) for node in sides[name]],
                   totals[name], reader.declared(queries[name]))
                  for title, name in (("For", "positive"), ("Against", "negative"), ("Neither", "unclear"))],
        "sections": [ground.section()],
        "duties": [reader.value(row["agreement"]) for row in duties],
    }


def in_time(reader: Reader, statements: list[Any]) -> list[Any]:
    """Return fetched statements in order of time, those of one article in the order of its text."""
    def place(node: Any) -> tuple[str, str, tuple[int, ...]]:
        article = next(iter(reader.objects(node, "inArticle")), None)
        return reader.text(article, PUBLISHED), str(article), numbers(node)

    return sorted(statements, key=place)


def _without(found: Line, claim: Value) -> Line:
    """Return a line that does not name the proposition whose page it is on."""
    return replace(found, claims=tuple(value for value in found.claims if value != claim))


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A change in the life of an agreement."""

    status: str
    period: str
    words: str
    actors: tuple[Value, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One obligation: the gist of it, its duty and trigger as propositions, and its words."""

    gist: str
    bearer: tuple[Value, ...]
    duty: tuple[Value, ...]
    trigger: tuple[Value, ...]
    passages: tuple[Passage, ...]


def agreement(reader: Reader, thing: NamedNode, arguments: Arguments) -> dict[str, Any]:
    """Return what the page of an agreement shows: parties, kind, status over time, duties, and other reports of it."""
    same = reader.ask(f"SELECT DISTINCT ?a WHERE {{ {thing} (asa:sameAgreementAs|^asa:sameAgreementAs) ?a }} "
                      f"LIMIT {LINKS}")
    others = [row["a"] for row in same if row["a"] != thing]
    about = Listing(reader=reader, title="What is said about it", name="about", where=f"?s asa:about {thing}",
                    arguments=arguments)
    reader.load([thing, *others])
    reader.follow_all([thing, *others])
    parts = [node for name in ("statusEvent", "obligation") for node in reader.objects(thing, name)]
    reader.follow_all([*parts, *reader.objects(thing, "evidence"), *reader.objects(thing, "inArticle"),
                       *(node for other in others for node in reader.objects(other, "inArticle"))])
    deeper = [node for part in parts for name in ("evidence", "duty", "trigger") for node in reader.objects(part, name)]
    reader.follow_all(deeper)
    fetch(reader, about.statements)
    events = sorted(reader.objects(thing, "statusEvent"), key=lambda node: reader.text(node, "latest"))
    return {
        "template": "agreement.html", "label": reader.label(thing), "kind": reader.values(thing, "agreementType"),
        "status": reader.values(thing, "status"), "parties": reader.values(thing, "party"),
        "day": "".join(reader.text(node, PUBLISHED) for node in reader.objects(thing, "inArticle")),
        "article": reader.values(thing, "inArticle"), "confidence": share(reader, thing),
        "passages": passages(reader, thing),
        "events": [Event(status=", ".join(map(reader.label, reader.objects(node, "status"))),
                         period=period(reader, node), words=reader.text(node, "timeText"),
                         actors=reader.values(node, "agent"), passages=passages(reader, node)) for node in events],
        "duties": [Duty(gist=reader.text(node, "gist"), bearer=reader.values(node, "bearer"),
                        duty=reader.values(node, "duty"), trigger=reader.values(node, "trigger"),
                        passages=passages(reader, node))
                   for node in sorted(reader.objects(thing, "obligation"), key=str)],
        "others": [(reader.value(node), reader.values(node, "inArticle"), reader.values(node, "status"))
                   for node in others],
        "sections": [about.section()],
    }


def plain(reader: Reader, thing: NamedNode, arguments: Arguments) -> dict[str, Any]:
    """Return what the page of any other thing shows: its properties, and what points to it."""
    pointing = (f"SELECT ?p ?s WHERE {{ ?s ?p {thing} . FILTER(?p != rdf:type) }} LIMIT {LINKS}")
    rows = reader.ask(pointing)
    reader.load([thing, *(row["s"] for row in rows)])
    reader.follow_all([thing])
    mentions = reader.objects(thing, "evidence")
    reader.load([*(node for mention in mentions for node in reader.objects(mention, OA_SELECTOR)),
                 *(NamedNode(name) for name in reader.properties(thing)), *(row["p"] for row in rows)])
    hidden = {RDF_TYPE.value, f"{reader.base}ns#evidence"}
    found: dict[Any, list[Value]] = {}
    for row in rows:
        found.setdefault(row["p"], []).append(reader.value(row["s"]))
    return {
        "template": "thing.html", "label": _name(reader, thing),
        "facts": [Fact(reader.label(NamedNode(name)), tuple(map(reader.value, values)))
                  for name, values in sorted(reader.properties(thing).items()) if name not in hidden],
        "passages": passages(reader, thing),
        "links": [(reader.label(predicate), values) for predicate, values in found.items()],
        "links_query": reader.declared(pointing),
    }


def _name(reader: Reader, thing: NamedNode) -> str:
    """Return what a thing is called; a tenure by its holder and office."""
    holders = [*reader.objects(thing, MEMBER), *reader.objects(thing, "office")]
    return ", ".join(map(reader.label, holders)) or reader.label(thing)


KINDS: Mapping[str, Callable[[Reader, NamedNode, Arguments], dict[str, Any]]] = {
    "Statement": statement, "Proposition": proposition, "Agreement": agreement, "Article": article,
    "Person": actor, "State": actor, "Organization": actor, "ActorGroup": actor, "Actor": actor,
}
