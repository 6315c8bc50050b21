"""Pages of single things: a statement, a proposition, an agreement, an actor, or anything else that has an IRI."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import NamedNode

from server.pages.articles import article
from server.pages.reader import ALT_LABEL, MEMBER, OA_SELECTOR, PUBLISHED, RDF_TYPE, Reader, Value
from server.pages.statements import (
    Line,
    Listing,
    Passage,
    address,
    fetch,
    is_negative,
    line,
    page_number,
    passage,
    words,
)

Arguments = Mapping[str, str]
LINKS = 50  # of other kinds, on the page of a thing
OTHERS = 100  # statements about one proposition, on each side of its page
EXACT_MATCH = NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")


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
            f"}} ORDER BY ?day ?s LIMIT {OTHERS}"
        )
        others = [row["s"] for row in reader.ask(query) if row["s"] != thing]
        fetch(reader, others)
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
    for side in ("positive", "negative", "unclear"):
        where = f"?s asa:content {thing} ; asa:polarity polarity:{side}"
        [row] = reader.ask(f"SELECT (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {where} }}")
        queries[side] = (f"SELECT DISTINCT ?s ?day WHERE {{\n  {where} .\n"
                         "  OPTIONAL { ?s asa:inArticle/schema:datePublished ?day }\n"
                         f"}} ORDER BY ?day ?s LIMIT {OTHERS}")
        totals[side] = int(row["n"].value)
        sides[side] = [found["s"] for found in reader.ask(queries[side])] if totals[side] else []
    ground = Listing(reader=reader, title="Given as a ground", name="ground", where=f"?s asa:premise {thing}",
                     arguments=arguments)
    duties = reader.ask(f"SELECT DISTINCT ?agreement WHERE {{ ?agreement asa:obligation ?o . "
                        f"?o asa:duty|asa:trigger {thing} }} LIMIT {LINKS}")
    fetch(reader, [*(node for nodes in sides.values() for node in nodes), *ground.statements])
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


def passages(reader: Reader, thing: Any) -> tuple[Passage, ...]:
    """Return the words that a thing rests on, in text order."""
    found = sorted(reader.objects(thing, "evidence"), key=lambda node: node.value)
    return tuple(passage(reader, node) for node in found if words(reader, node))


def actor(reader: Reader, thing: NamedNode, arguments: Arguments) -> dict[str, Any]:
    """Return what the page of an actor shows: offices, what it said and what was said of it, whom it contradicts."""
    reader.load([thing])
    reader.follow_all([thing])
    stances = reader.ask(f"SELECT ?stance (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s asa:speaker {thing} ; "
                         "asa:stance ?stance } GROUP BY ?stance ORDER BY DESC(?n) ?stance")
    reader.load(row["stance"] for row in stances)
    names = {row["stance"].value.rpartition("#")[2] for row in stances}
    stance = arguments.get("stance", "") if arguments.get("stance") in names else ""
    only = f" ; asa:stance stance:{stance}" if stance else ""
    lists = [
        Listing(reader=reader, title=title, name=name, where=where, arguments=arguments)
        for title, name, where in (
            ("What it said", "said", f"?s asa:speaker {thing}{only}"),
            ("Said on its behalf", "behalf", f"?s asa:onBehalfOf {thing}"),
            ("What was said about it", "about", f"?s asa:about|asa:content/asa:agent|asa:content/asa:target {thing}"),
            ("Said to it", "addressee", f"?s asa:addressee {thing}"),
        )
    ]
    against = _contradictions(thing)
    rows = reader.ask_soon(against) or []
    agreements = (f"SELECT DISTINCT ?a ?day WHERE {{ ?a a asa:Agreement ; asa:party {thing} . "
                  f"OPTIONAL {{ ?a asa:inArticle/schema:datePublished ?day }} }} ORDER BY DESC(?day) ?a LIMIT {LINKS}")
    held = (f"SELECT DISTINCT ?t ?day ?office ?who WHERE {{ {{ BIND({thing} AS ?who) ?t org:member ?who ; "
            f"asa:office ?office }} UNION {{ ?office asa:affiliation {thing} . ?t asa:office ?office ; org:member ?who "
            f"}} ?t asa:asOf ?day }} ORDER BY DESC(?day) ?t LIMIT {LINKS}")
    signed, tenures = reader.ask(agreements), reader.ask(held)
    fetch(reader, [node for found in lists for node in found.statements])
    reader.load([*(row["a"] for row in signed),
                 *(row[name] for row in tenures for name in ("t", "office", "who")),
                 *(row[name] for row in rows for name in ("other", "p"))])
    reader.follow_all([*(row["t"] for row in tenures), *(row["p"] for row in rows)])
    published = Articles(reader, thing, arguments)
    evidence = [node for row in tenures for node in reader.objects(row["t"], "evidence")]
    reader.load([*(node for found in evidence for node in reader.objects(found, OA_SELECTOR)),
                 *(node for row in signed for name in ("agreementType", "status", "party")
                   for node in reader.objects(row["a"], name))])
    return {
        "template": "actor.html", "label": reader.label(thing), "names": reader.values(thing, ALT_LABEL),
        "facts": facts(reader, thing, ("belongs to", "affiliation"), ("also known as", ALT_LABEL),
                       ("the same elsewhere", EXACT_MATCH), ("known from", "identityBasis")),
        "stance": stance, "all_stances": address(arguments, anchor="said", stance="", said=""),
        "stances": [(reader.label(row["stance"]), int(row["n"].value),
                     address(arguments, anchor="said", said="", stance=row["stance"].value.rpartition("#")[2]),
                     row["stance"].value.endswith(f"#{stance}")) for row in stances],
        "sections": [found.section() for found in lists],
        "against": [(reader.value(row["other"]), reader.value(row["p"]), int(row["n"].value),
                     row["mine"].value.endswith("#negative")) for row in rows],
        "published": published,
        "against_query": reader.declared(against),
        "agreements": [(reader.value(row["a"]), reader.values(row["a"], "agreementType"),
                        reader.values(row["a"], "status"), row["day"].value if "day" in row else "",
                        [value for value in reader.values(row["a"], "party") if value.href != reader.href(thing)[0]])
                       for row in signed],
        "agreements_query": reader.declared(agreements),
        "tenures": [(reader.value(row["who"]), reader.value(row["office"]), row["day"].value,
                     passages(reader, row["t"])) for row in tenures],
        "tenures_query": reader.declared(held),
        "explore": f"{reader.root}explore?actor={thing.value.removeprefix(reader.base)}",
    }


class Articles:
    """One page of the articles of an outlet, the newest first."""

    SIZE = 50

    def __init__(self, reader: Reader, publisher: NamedNode, arguments: Arguments) -> None:
        """Ask for the articles.

        Raises: Problem: there is no such page, or the query met a limit.
        """
        self.number = page_number(arguments, "articles")
        where = f"?a schema:publisher {publisher}"
        [row] = reader.ask(f"SELECT (COUNT(DISTINCT ?a) AS ?n) WHERE {{ {where} }}")
        self.total = int(row["n"].value)
        query = (f"SELECT DISTINCT ?a ?day WHERE {{ {where} ; schema:datePublished ?day }}\n"
                 f"ORDER BY DESC(?day) ?a LIMIT {self.SIZE} OFFSET {(self.number - 1) * self.SIZE}")
        rows = reader.ask(query) if self.total else []
        reader.load(row["a"] for row in rows)
        self.rows = [(reader.value(row["a"]), row["day"].value) for row in rows]
        self.query = reader.declared(query)
        more = self.number * self.SIZE < self.total
        self.before = address(arguments, anchor="articles", articles=str(self.number - 1)) if self.number > 1 else ""
        self.after = address(arguments, anchor="articles", articles=str(self.number + 1)) if more else ""


def _contradictions(thing: NamedNode) -> str:
    """Return the query for the propositions on which others stand on the other side, and how often they said so.

    It looks at 50 propositions, those that the actor rejects before others: a hub speaks of thousands.
    """
    return (
        "SELECT ?other ?p ?mine (COUNT(DISTINCT ?t) AS ?n) WHERE {\n"
        f"  {{ SELECT DISTINCT ?p ?mine WHERE {{ ?s asa:speaker {thing} ; asa:content ?p ; asa:polarity ?mine .\n"
        "      FILTER(?mine != polarity:unclear) ?p a asa:Proposition } ORDER BY ?mine LIMIT 50 }\n"
        "  ?t asa:content ?p ; asa:polarity ?theirs ; asa:speaker ?other .\n"
        f"  FILTER(?theirs != ?mine && ?theirs != polarity:unclear && ?other != {thing})\n"
        f"}} GROUP BY ?other ?p ?mine ORDER BY DESC(?n) ?other ?p LIMIT {LINKS}"
    )


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
