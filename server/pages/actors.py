"""The page of an actor: offices, what it said and what was said of it, over time and with whom, agreements."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyoxigraph import NamedNode

from server.index import Wanted
from server.pages.filters import SPOKEN, is_actor
from server.pages.parts import LINKS, Arguments, facts, passages
from server.pages.pictures import Network, Tie, Timeline, around, timeline
from server.pages.reader import ALT_LABEL, OA_SELECTOR, Reader, Value
from server.pages.statements import Listing, address, fetch, page_number

EXACT_MATCH = NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")
CONTRADICTED = 20  # propositions of an actor on which others are looked for
KIND = "VALUES ?kind { asa:Person asa:State asa:Organization asa:ActorGroup }"
LISTS = ("said", "behalf", "about", "addressee", "articles")
SAMPLE = 2_000  # newest statements, in which others are looked for
OTHERS = 10  # of them, on each side of the picture


def actor(reader: Reader, thing: NamedNode, arguments: Arguments) -> dict[str, Any]:
    """Return what the page of an actor shows: offices, what it said and what was said of it, whom it contradicts."""
    reader.load([thing])
    reader.follow_all([thing])
    stances = reader.index.stances(thing.value)
    reader.load(node for node, _ in stances)
    names = {node.value.rpartition("#")[2] for node, _ in stances}
    stance = arguments.get("stance", "") if arguments.get("stance") in names else ""
    only = f" ; asa:stance stance:{stance}" if stance else ""
    they, their, them = _pronouns(reader, thing)
    taken = (("stance", f"{reader.base}ns/stance#{stance}"),) if stance else ()
    lists = [
        Listing(reader=reader, title=title, name=name, where=where, arguments=arguments, beside=LISTS,
                wanted=Wanted(((name, thing.value), *(taken if name == "said" else ()))))
        for title, name, where in (
            (f"What {they} said", "said", f"?s asa:speaker {thing}{only}"),
            (f"Said on {their} behalf", "behalf", f"?s asa:onBehalfOf {thing}"),
            (f"What was said about {them}", "about", f"?s {SPOKEN} {thing}"),
            (f"Said to {them}", "addressee", f"?s asa:addressee {thing}"),
        )
    ]
    others = Others(reader, thing)
    against = _contradictions(thing)
    rows = reader.index.against(thing.value, propositions=CONTRADICTED, count=LINKS)
    agreements = (f"SELECT DISTINCT ?a ?day WHERE {{ ?a a asa:Agreement ; asa:party {thing} . "
                  f"OPTIONAL {{ ?a asa:inArticle/schema:datePublished ?day }} }} ORDER BY DESC(?day) ?a LIMIT {LINKS}")
    tenure = "?t asa:office ?office ; org:member ?who ; asa:asOf ?day"  # in each branch: the engine joins from there
    held = (f"SELECT DISTINCT ?t ?day ?office ?who WHERE {{\n  {{ VALUES ?who {{ {thing} }} {tenure} }} UNION\n"
            f"  {{ ?office asa:affiliation {thing} . {tenure} }}\n}} ORDER BY DESC(?day) ?t LIMIT {LINKS}")
    signed, tenures = reader.ask(agreements), reader.ask(held)
    fetch(reader, [node for found in lists for node in found.statements])
    reader.load([*(row["a"] for row in signed),
                 *(row[name] for row in tenures for name in ("t", "office", "who")),
                 *(node for row in rows for node in row[:2]), *others.nodes])
    reader.follow_all([*(row["t"] for row in tenures), *(row[1] for row in rows)])
    published = Articles(reader, thing, arguments)
    evidence = [node for row in tenures for node in reader.objects(row["t"], "evidence")]
    reader.load([*(node for found in evidence for node in reader.objects(found, OA_SELECTOR)),
                 *(node for row in signed for name in ("agreementType", "status", "party")
                   for node in reader.objects(row["a"], name))])
    pacts: dict[Value, int] = {}
    for row in signed:
        for node in reader.objects(row["a"], "party"):
            if node != thing:
                pacts[reader.value(node)] = pacts.get(reader.value(node), 0) + 1
    return {
        "template": "actor.html", "label": reader.label(thing), "names": reader.values(thing, ALT_LABEL),
        "facts": facts(reader, thing, ("belongs to", "affiliation"), ("also known as", ALT_LABEL),
                       ("the same elsewhere", EXACT_MATCH), ("known from", "identityBasis")),
        "sample": SAMPLE, "them": them, "their": their, "stance": stance, "all_stances": address({}, anchor="said"),
        "stances": [(reader.label(node), count, address({}, anchor="said", stance=node.value.rpartition("#")[2]),
                     node.value.endswith(f"#{stance}")) for node, count in stances],
        "sections": [found.section() for found in lists],
        "against": [(reader.value(other), reader.value(claim), count, side == 1) for other, claim, side, count in rows],
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
        "explore": explore_of(reader, actor=thing) if lists[0].total else "",
        "network": others.picture(pacts), "others": others.table(pacts), "others_query": others.queries,
    } | over_time(reader, thing, lists)


def explore_of(reader: Reader, **filters: Any) -> str:
    """Return where the explorer shows the statements that pass some filters; things are given as nodes."""
    chosen = {name: value.value.removeprefix(reader.base) if isinstance(value, NamedNode) else value
              for name, value in filters.items()}
    return f"{reader.root}explore{address(chosen)}"


def _pronouns(reader: Reader, thing: NamedNode) -> tuple[str, str, str]:
    """Return the words that stand for an actor: people are they, states and bodies it."""
    people = {"Person", "ActorGroup"} & {*reader.kinds(thing)}
    return ("they", "their", "them") if people else ("it", "its", "it")


def over_time(reader: Reader, thing: NamedNode, lists: Sequence[Listing]) -> dict[str, Any]:
    """Return the picture of what an actor said and what was said of it over time, and where its periods lead.

    There is no picture of a single day.
    """
    counted = {found.title: reader.index.days(found.wanted) for found in lists if found.wanted and found.total}
    lanes = {title: days for title, days in counted.items() if days}
    picture: Timeline | None = timeline(lanes)
    if picture is None or len(picture.periods) < 2:
        return {"timeline": None, "timeline_links": ()}
    side = "actor" if lists[0].total else "about"
    return {"timeline": picture, "timeline_links": [
        explore_of(reader, **{side: thing, "from": period.first.isoformat(), "until": period.last.isoformat()})
        for period in picture.periods]}


class Others:
    """Who speaks about an actor, and whom it speaks about: the most frequent in its newest statements."""

    def __init__(self, reader: Reader, thing: NamedNode) -> None:
        """Look for the others, and fetch them."""
        self.reader, self.thing = reader, thing
        ending = f"FILTER(?other != {thing}) }} GROUP BY ?other ORDER BY DESC(?n) ?other LIMIT {OTHERS}"
        said = (f"SELECT ?other (COUNT(DISTINCT ?s) AS ?n) WHERE {{\n  ?s asa:speaker {thing} ; {SPOKEN} ?other .\n"
                f"  {KIND} ?other a ?kind . {ending}")
        heard = (f"SELECT ?other (COUNT(DISTINCT ?s) AS ?n) WHERE {{\n  ?s {SPOKEN} {thing} ; asa:speaker ?other .\n"
                 f"  {KIND} ?other a ?kind . {ending}")
        self.queries = [("whom it speaks about", reader.declared(said)),
                        ("who speaks about it", reader.declared(heard))]
        found = {name: reader.index.facets(Wanted(((name, thing.value),)), (other,), count=4 * OTHERS,
                                           sample=SAMPLE)[other]
                 for name, other in (("said", "about"), ("about", "said"))}
        reader.load(node for rows in found.values() for node, _ in rows)
        self.said, self.heard = (
            [(node, count) for node, count in found[name] if node != thing and is_actor(reader, node)][:OTHERS]
            for name in ("said", "about"))

    @property
    def nodes(self) -> list[Any]:
        """The others, to be fetched."""
        return [node for node, _ in (*self.said, *self.heard)]

    def _ties(self, rows: Iterable[tuple[NamedNode, int]], *, said: bool) -> list[Tie]:
        own = self.reader.value(self.thing)
        found = []
        for other, count in rows:
            pair = (self.thing, other) if said else (other, self.thing)
            link = explore_of(self.reader, actor=pair[0], about=pair[1])
            value = self.reader.value(other)
            found.append(Tie(*((own, value) if said else (value, own)), count, link))
        return found

    def picture(self, pacts: Mapping[Value, int]) -> Network | None:
        """Return the picture of the fetched others, None when there are none."""
        if not (self.said or self.heard or pacts):
            return None
        return around(self.reader.label(self.thing), heard=self._ties(self.heard, said=False),
                      said=self._ties(self.said, said=True), pacts=dict(list(pacts.items())[:OTHERS]))

    def table(self, pacts: Mapping[Value, int]) -> list[tuple[Value, Tie | None, Tie | None, int]]:
        """Return each other with what it says about the actor, what that says about it, and their agreements."""
        heard = {tie.speaker: tie for tie in self._ties(self.heard, said=False)}
        said = {tie.subject: tie for tie in self._ties(self.said, said=True)}
        names = dict.fromkeys((*heard, *said, *pacts))
        rows = [(value, heard.get(value), said.get(value), pacts.get(value, 0)) for value in names]
        return sorted(rows, key=lambda row: (-sum(tie.count for tie in row[1:3] if tie) - row[3], row[0].text))


class Articles:
    """One page of the articles of an outlet, the newest first."""

    SIZE = 50

    def __init__(self, reader: Reader, publisher: NamedNode, arguments: Arguments) -> None:
        """Look for the articles.

        Raises: Problem: there is no such page.
        """
        self.number = page_number(arguments, "articles")
        first = (self.number - 1) * self.SIZE
        self.total, rows = reader.index.published(publisher.value, count=self.SIZE, first=first)
        reader.load(node for node, _ in rows)
        self.rows = [(reader.value(node), day) for node, day in rows]
        self.query = reader.declared(
            f"SELECT DISTINCT ?a ?day WHERE {{ ?a schema:publisher {publisher} ; schema:datePublished ?day }}\n"
            f"ORDER BY DESC(?day) ?a LIMIT {self.SIZE} OFFSET {first}")

        def other(number: int) -> str:
            return address(dict.fromkeys(LISTS, "") | {"articles": str(number)}, anchor="articles")

        self.before = other(self.number - 1) if self.number > 1 else ""
        self.after = other(self.number + 1) if self.number * self.SIZE < self.total else ""


def _contradictions(thing: NamedNode) -> str:
    """Return the query for the propositions on which others stand on the other side, and how often they said so."""
    return (
        "SELECT ?other ?p ?mine (COUNT(DISTINCT ?t) AS ?n) WHERE {\n"
        f"  ?s asa:speaker {thing} ; asa:content ?p ; asa:polarity ?mine . ?p a asa:Proposition .\n"
        "  ?t asa:content ?p ; asa:polarity ?theirs ; asa:speaker ?other .\n"
        f"  FILTER(?mine != polarity:unclear && ?theirs != polarity:unclear && ?theirs != ?mine && ?other != {thing})\n"
        f"}} GROUP BY ?other ?p ?mine ORDER BY DESC(?n) ?other ?p LIMIT {LINKS}"
    )
