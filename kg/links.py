"""Links that follow from all articles together: who is at odds or agrees with whom, and reports of one agreement.

    asa:contradicts      a statement → one of opposite polarity about the same proposition
    asa:corroborates     a statement → one of the same polarity about it, by somebody else
    asa:sameAgreementAs  an agreement → the same agreement in an article from before

They are symmetric and written once: from the later to the earlier; of one day, from the denial to the claim, else from
the higher to the lower IRI. Ask for both directions (`asa:contradicts|^asa:contradicts`). None is a verdict on truth.

The number of links, and the work to find them, grow with the number of statements and not with its square, however
many speak of one proposition: what is nearest in time comes first, and the rest is for a query to find.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import heappop, heappush
from itertools import islice
from typing import Protocol

from kg.agreement_links import EVER, Reported, same_agreements, subject_of
from kg.vocabulary import Vocabulary

LINKS = "graph/links"
DAYS = 365           # what lies further apart is about another time
CONTRADICTIONS = 200  # of one proposition
CORROBORATIONS = 50   # of one proposition
TRIES = 20           # pairs looked at for each statement about a proposition
SURE = ("certain", "probable")
# What is put forward as being so is at odds with that alone, what shall be done with that: no demand denies a claim.
BEARINGS = {"assertive": "is", "cognitive": "is", "commissive": "shall be", "directive": "shall be"}

_PREFIXES = """
PREFIX asa: <ns#> PREFIX schema: <https://schema.org/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_STATEMENTS = _PREFIXES + """
SELECT ?statement ?polarity ?certainty ?stance ?group ?published ?latest ?gist WHERE {
  ?statement a asa:Statement ; asa:polarity ?polarity ; asa:certainty ?certainty ; asa:stance ?stance ;
    asa:inArticle/schema:datePublished ?published . ?stance skos:broader ?group .
  OPTIONAL { ?statement asa:latest ?latest } OPTIONAL { ?statement asa:gist ?gist }
}"""
_SPEAKERS = _PREFIXES + "SELECT ?statement ?speaker WHERE { ?statement asa:speaker ?speaker }"
_CONTENTS = _PREFIXES + "SELECT ?statement ?content WHERE { ?statement asa:content ?content }"
_PROPOSITIONS = _PREFIXES + """
SELECT ?proposition ?act ?topic WHERE {
  ?proposition a asa:Proposition ; asa:act ?act . OPTIONAL { ?proposition asa:topic ?topic } }"""
_AGENTS = _PREFIXES + "SELECT ?proposition ?agent WHERE { ?proposition a asa:Proposition ; asa:agent ?agent }"
_TARGETS = _PREFIXES + "SELECT ?proposition ?target WHERE { ?proposition asa:target ?target }"
_ACTS = _PREFIXES + "SELECT ?act ?broader WHERE { ?act skos:inScheme <ns/act> ; skos:broader+ ?broader }"
_AGREEMENTS = _PREFIXES + """
SELECT ?agreement ?article ?kind ?published ?label WHERE {
  ?agreement a asa:Agreement ; asa:agreementType ?kind ; asa:inArticle ?article ; rdfs:label ?label .
  ?article schema:datePublished ?published }"""
_PARTIES = _PREFIXES + "SELECT ?agreement ?party WHERE { ?agreement asa:party ?party }"
_NAMES = _PREFIXES + """
SELECT DISTINCT ?party ?name WHERE {
  ?agreement a asa:Agreement ; asa:party ?party . ?party rdfs:label|skos:altLabel ?name }"""
_EVENTS = _PREFIXES + """
SELECT ?agreement ?status ?earliest ?latest WHERE {
  ?agreement asa:statusEvent ?event . ?event asa:status ?status .
  OPTIONAL { ?event asa:earliest ?earliest } OPTIONAL { ?event asa:latest ?latest }
  FILTER(BOUND(?earliest) || BOUND(?latest)) }"""
_KINDS = _PREFIXES + "SELECT ?kind ?broader WHERE { ?kind skos:inScheme <ns/agreement> ; skos:broader+ ?broader }"

# Acts that are there whenever one below them is: who bombs attacks, but who praises need not support.
INCLUSIVE = frozenset({"assault", "aid"})
# Judgements, which take their content for true: "accused Iran of hacking".
SO = frozenset({"criticises", "justifies", "praises"})
# Acts done to things, which a proposition does not name: without a target they may be any such act.
OF_THINGS = frozenset({"build", "close", "launch", "legislate", "restrict", "traffic"})
YEARS = re.compile(r"\b(?:19|20)\d\d\b")

Pair = tuple[str, str]
Deed = tuple[frozenset[str], str, frozenset[str], str]  # agents, act, targets, topic


class Queried(Protocol):
    """A store, as far as links need one."""

    def select(self, text: str, *, base: str = "") -> Iterator[tuple[str, ...]]:
        """Yield the rows of a SELECT query, its terms as plain strings, "" where unbound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a statement takes a proposition for: that it `is` (or `shall be`) so, or that not; `words` are its gist.

    Who `judges` what was done takes it for true, but bears no witness to it.
    """

    statement: str
    speakers: frozenset[str]
    bearing: str
    affirms: bool
    is_sure: bool
    confirms: bool
    judges: bool
    day: int
    words: str

    @property
    def rank(self) -> tuple[int, bool, str]:
        """The order of time; of one day, the claim before the denial."""
        return self.day, not self.affirms, self.statement


def derive_links(store: Queried, *, vocabulary: Vocabulary) -> tuple[bytes, ...]:
    """Return the N-Quads of the graph of links, sorted; the same store gives the same.

    Two statements contradict each other when they are about one proposition, with opposite polarity, both certain or
    probable, not more than DAYS apart, of no years that they name apart, and by different speakers or by one on
    different days. Who denies a deed in general ("nobody arrested him") contradicts whoever tells of a special one
    ("the police arrested him"). They corroborate each other when polarity is the same and the speakers, and their
    words, are different. A denial of a statement counts as one of what that statement puts forward, and contradicts
    it. Of all pairs of statements of the same two speakers
    only the nearest in time is linked.

    Which agreements are one, `agreement_links.same_agreements` tells.

    Args:
        store: Holds articles, propositions and the schemes.
        vocabulary: Terms and base IRI of the store.
    """
    found = (("contradicts", contradictions), ("corroborates", corroborations))
    pairs: dict[str, set[Pair]] = {name: set() for name, _ in found}
    spoken, contents = _spoken(store, base=vocabulary.base)
    deeds = _deeds(store, base=vocabulary.base)
    sure = {name: own for name, own in _positions(spoken, contents).items() if _is_one_deed(deeds.get(name))}
    for positions in sure.values():
        for name, link in found:
            pairs[name].update(link(positions))
    for denied, claims in _special_claims(sure, deeds, _broader_acts(store, vocabulary)):
        pairs["contradicts"].update(contradictions((*denied, *claims)))
    for name, one, other in answers(spoken, contents):
        pairs[name].add((one, other))
    broader = _grouped(store.select(_KINDS, base=vocabulary.base))
    pairs["sameAgreementAs"] = set(same_agreements(_reports(store, base=vocabulary.base), broader=broader))
    graph = vocabulary.iri(LINKS)
    return tuple(sorted(
        f"<{one}> <{vocabulary.asa[name]}> <{other}> <{graph}> .\n".encode()
        for name, linked in pairs.items() for one, other in linked
    ))


def contradictions(positions: Sequence[Position]) -> Iterator[Pair]:
    """Yield who contradicts whom about one proposition."""
    for bearing in sorted(set(BEARINGS.values())):
        own = [position for position in positions if position.bearing == bearing]
        denials = [position for position in own if not position.affirms]
        claims = [position for position in own if position.affirms]
        yield from _linked(denials, claims, limit=CONTRADICTIONS, allow=_may_contradict)


def corroborations(positions: Sequence[Position]) -> Iterator[Pair]:
    """Yield who corroborates whom about one proposition."""
    sides: dict[tuple[str, bool], list[Position]] = defaultdict(list)
    for position in (position for position in positions if not position.judges):
        sides[position.bearing, position.affirms].append(position)
    for _, side in sorted(sides.items()):
        yield from _linked(side, side, limit=CORROBORATIONS, allow=_may_corroborate)


def _may_contradict(one: Position, other: Position) -> bool:
    """Return whether two speak, or one has changed position; on one day that is no change but our mistake.

    Where both name years, and no year in common, they speak of different times.
    """
    years, others = set(YEARS.findall(one.words)), set(YEARS.findall(other.words))
    if years and others and not years & others:
        return False
    return one.day != other.day or one.speakers.isdisjoint(other.speakers)


def _may_corroborate(one: Position, other: Position) -> bool:
    """Return whether two speak, and not the same words of unnamed people in copies of one report."""
    return one.speakers.isdisjoint(other.speakers) and (not one.words or one.words != other.words)


def _linked(one: Sequence[Position], other: Sequence[Position], *, limit: int,
            allow: Callable[[Position, Position], bool]) -> Iterator[Pair]:
    """Yield pairs of one of each side, nearest in time first, one for each two groups of speakers."""
    met: set[frozenset[frozenset[str]]] = set()
    for here, there in islice(_nearest(one, other), TRIES * (len(one) + len(other))):
        speakers = frozenset((here.speakers, there.speakers))
        if speakers in met or not allow(here, there):
            continue
        met.add(speakers)
        earlier, later = sorted((here, there), key=lambda position: position.rank)
        yield later.statement, earlier.statement
        if len(met) == limit:
            return


def _nearest(one: Sequence[Position], other: Sequence[Position]) -> Iterator[tuple[Position, Position]]:
    """Yield pairs of one of each side, both in order of time, by their distance; of one side with itself, each once.

    Every position of `one` looks both ways from its day; the nearest of all looks is next, and then looks one further.
    """
    days = [position.day for position in other]
    looks: list[tuple[int, int, int, int]] = []

    def look(number: int, at: int, step: int) -> None:
        if 0 <= at < len(days) and abs(days[at] - one[number].day) <= DAYS:
            heappush(looks, (abs(days[at] - one[number].day), number, at, step))

    for number, position in enumerate(one):
        start = number + 1 if one is other else bisect_left(days, position.day)
        look(number, start, 1)
        if one is not other:
            look(number, start - 1, -1)
    while looks:
        _, number, at, step = heappop(looks)
        yield one[number], other[at]
        look(number, at + step, step)


def answers(spoken: Mapping[str, Position], contents: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, str, str]]:
    """Yield who denies or confirms what another one said, whatever that was: the link's name and its two statements.

    Kyiv "denied it", and that contradicts what Moscow said even where no proposition could be read.
    """
    for statement, position in spoken.items():
        for content in contents.get(statement, ()):
            claim = spoken.get(content)
            if claim is None or not (position.is_sure and claim.is_sure and claim.affirms):
                continue
            if not claim.bearing == position.bearing == "is":
                continue
            if position.speakers.isdisjoint(claim.speakers) and (not position.affirms or position.confirms):
                yield "corroborates" if position.affirms else "contradicts", statement, content


def _spoken(store: Queried, *, base: str) -> tuple[dict[str, Position], dict[str, frozenset[str]]]:
    """Return the positions that statements take, and what their contents are."""
    speakers = _grouped(store.select(_SPEAKERS, base=base))
    contents = _grouped(store.select(_CONTENTS, base=base))
    spoken = {row[0]: _position(row, speakers=speakers[row[0]])
              for row in store.select(_STATEMENTS, base=base) if row[0] in speakers and _bearing(row)
              and _local(row[1]) in ("positive", "negative")}
    return spoken, contents


def _positions(
    spoken: Mapping[str, Position], contents: Mapping[str, Iterable[str]]
) -> dict[str, list[Position]]:
    """Return the sure positions on each proposition, in order of time."""
    found: dict[str, dict[str, Position]] = defaultdict(dict)
    for statement, position in spoken.items():
        if position.is_sure:
            for proposition in _taken_up(statement, spoken=spoken, contents=contents):
                found[proposition][statement] = position
    return {proposition: sorted(own.values(), key=lambda position: position.rank) for proposition, own in found.items()}


def _special_claims(
    sure: Mapping[str, list[Position]], deeds: Mapping[str, Deed], broader: Mapping[str, frozenset[str]]
) -> Iterator[tuple[list[Position], list[Position]]]:
    """Yield the denials of one proposition and the claims of those that cannot be true without it, in order of time."""
    denied = {deeds[name]: name for name, own in sure.items()
              if name in deeds and any(not position.affirms for position in own)}
    claims: dict[str, list[Position]] = defaultdict(list)
    for special, own in sure.items():
        affirming = [position for position in own if position.affirms]
        if affirming and special in deeds:
            for general in _generalised(deeds[special], broader):
                if denied.get(general, special) != special:
                    claims[denied[general]] += affirming
    for name, found in sorted(claims.items()):
        unique = {position.statement: position for position in found}
        yield ([position for position in sure[name] if not position.affirms],
               sorted(unique.values(), key=lambda position: position.rank))


def _generalised(deed: Deed, broader: Mapping[str, frozenset[str]]) -> Iterator[Deed]:
    """Yield what is so whenever a deed was done: without its doers, without its topic, as a wider kind of act."""
    agents, act, targets, topic = deed
    for doers in {agents, frozenset() if targets else agents}:
        for wider in {act, *(name for name in broader.get(act, ()) if name.rpartition("#")[2] in INCLUSIVE)}:
            for field in {topic, ""}:
                yield doers, wider, targets, field


def _deeds(store: Queried, *, base: str) -> dict[str, Deed]:
    """Return who does what to whom by each proposition."""
    agents = _grouped(store.select(_AGENTS, base=base))
    targets = _grouped(store.select(_TARGETS, base=base))
    return {name: (agents.get(name, frozenset()), act, targets.get(name, frozenset()), topic)
            for name, act, topic in store.select(_PROPOSITIONS, base=base)}


def _is_one_deed(deed: Deed | None) -> bool:
    """Return whether all who speak of a proposition speak of one thing; who builds something builds many things."""
    return deed is None or bool(deed[2]) or deed[1].rpartition("#")[2] not in OF_THINGS


def _broader_acts(store: Queried, vocabulary: Vocabulary) -> Mapping[str, frozenset[str]]:
    """Return the acts above each act."""
    return _grouped(store.select(_ACTS, base=vocabulary.base))


def _taken_up(statement: str, *, spoken: Mapping[str, Position],
              contents: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield the propositions that a statement takes a position on: its own, and of claims that it denies or confirms.

    To report that somebody said a thing is no position on that thing.
    """
    position = spoken[statement]
    for content in contents.get(statement, ()):
        if "/id/statement/" not in content:
            yield content
        elif content in spoken:
            claim = spoken[content]
            takes_side = not position.affirms or position.confirms
            if takes_side and claim.affirms and claim.bearing == position.bearing == "is":
                yield from (inner for inner in contents.get(content, ()) if "/id/statement/" not in inner)


def _bearing(row: tuple[str, ...]) -> str:
    """Return how a row of _STATEMENTS takes its content: that it is so, that it shall be so; "" for neither."""
    affirms = _local(row[1]) == "positive"
    return "is" if affirms and _local(row[3]) in SO else BEARINGS.get(_local(row[4]), "")


def _position(row: tuple[str, ...], *, speakers: frozenset[str]) -> Position:
    statement, polarity, certainty, stance, _, published, latest, gist = row
    return Position(
        statement=statement, speakers=speakers, bearing=_bearing(row), affirms=_local(polarity) == "positive",
        is_sure=_local(certainty) in SURE, confirms=_local(stance) == "confirms", judges=_local(stance) in SO,
        day=_ordinal(latest or published), words=" ".join(gist.casefold().split()),
    )


def _reports(store: Queried, *, base: str) -> Iterator[Reported]:
    parties = _grouped(store.select(_PARTIES, base=base))
    names = _grouped(store.select(_NAMES, base=base))
    events: dict[str, dict[str, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for agreement, status, earliest, latest in store.select(_EVENTS, base=base):
        days = (_ordinal(earliest) if earliest else EVER[0], _ordinal(latest) if latest else EVER[1])
        events[agreement][status].append(days)
    for agreement, article, kind, published, label in store.select(_AGREEMENTS, base=base):
        if agreement in parties:
            called = [name for party in parties[agreement] for name in names.get(party, ())]
            yield Reported(agreement=agreement, article=article, kind=kind, parties=parties[agreement],
                           subject=subject_of(label, parties=called), day=_ordinal(published),
                           events=events.get(agreement, {}))


def _grouped(rows: Iterable[tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Return the second column of some rows by the first."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in rows:
        found[key].add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _ordinal(day: str) -> int:
    """Return the number of a day; a time zone behind it does not count.

    >>> _ordinal("2024-04-24Z") - _ordinal("2024-04-23")
    1
    """
    return date.fromisoformat(day[:10]).toordinal()
