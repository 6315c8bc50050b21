"""How good a built graph is against a gold graph of the same articles.

Scoring of the statements: two statements are one when their cues overlap; borderline speech acts that the gold marks
as optional count neither way. On the matched ones, speaker, stance and polarity are compared. Agreements must agree in
parties, status and dates of their status events.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph

from kg.vocabulary import Vocabulary, named_queries

_STATEMENTS = """
PREFIX asa: <ns#> PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?statement ?source ?start ?end ?speaker ?label ?stance ?polarity WHERE {
  ?statement a asa:Statement ; asa:inArticle/dcterms:source ?source ; asa:speaker ?speaker ; asa:stance ?stance ;
    asa:polarity ?polarity ; asa:cue/oa:hasSelector ?cue . ?cue oa:start ?start ; oa:end ?end .
  OPTIONAL { ?speaker rdfs:label ?label }
} ORDER BY ?source ?start"""

_AGREEMENTS = """
PREFIX asa: <ns#> PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?agreement ?source ?party ?status ?earliest ?latest WHERE {
  ?agreement a asa:Agreement ; asa:inArticle/dcterms:source ?source ; asa:party ?party ; asa:status ?status .
  OPTIONAL { ?agreement asa:statusEvent ?event . ?event asa:status ?status
    OPTIONAL { ?event asa:earliest ?earliest } OPTIONAL { ?event asa:latest ?latest } }
} ORDER BY ?agreement"""

_OFFSETS = """
PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?source ?start ?end ?exact WHERE {
  ?mention oa:hasSource/dcterms:source ?source ; oa:hasSelector ?selector .
  ?selector oa:start ?start ; oa:end ?end ; oa:exact ?exact }"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One statement as it is compared: where its cue stands, who speaks, and how."""

    iri: str
    source: str
    start: int
    end: int
    speakers: frozenset[str]
    stance: str
    polarity: str

    def meets(self, other: "Cue") -> bool:
        """Return whether the two cues share a character of the same article."""
        return self.source == other.source and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Counts over the compared articles; the properties are ratios from 0 to 1.

    >>> score = Score(found=20, missed=5, extra=0, speaker=19, stance=18, polarity=20, agreements=2, gold_agreements=2,
    ...               extra_agreements=0, errors=())
    >>> score.recall, score.precision, round(score.f1, 3)
    (0.8, 1.0, 0.889)
    """

    found: int
    missed: int
    extra: int
    speaker: int
    stance: int
    polarity: int
    agreements: int
    gold_agreements: int
    extra_agreements: int
    errors: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Share of the published statements that the gold has."""
        return _ratio(self.found, self.found + self.extra)

    @property
    def recall(self) -> float:
        """Share of the gold's statements that were published."""
        return _ratio(self.found, self.found + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _ratio(2 * self.precision * self.recall, self.precision + self.recall)


def score(built: pyoxigraph.Store, gold: pyoxigraph.Store, *, vocabulary: Vocabulary,
          optional: Mapping[str, frozenset[int]]) -> Score:
    """Compare a built store with a gold store under the same base IRI.

    Args:
        built: What the extraction published.
        gold: What a careful annotator wrote.
        vocabulary: Terms of both.
        optional: For each source, the cue starts in the gold that count neither way.
    """
    pairs, spare, missed, errors = [], [], 0, []
    ours = tuple(_cues(built, vocabulary))
    matched: set[str] = set()
    for wanted in _cues(gold, vocabulary):
        hits = [cue for cue in ours if cue.meets(wanted)]
        if wanted.start in optional.get(wanted.source, frozenset()):
            matched.update(cue.iri for cue in hits)
        elif not hits:
            missed += 1
            errors.append(f"{wanted.source}:{wanted.start}: missed, said by {' and '.join(sorted(wanted.speakers))}")
        else:
            matched.add(hits[0].iri)
            pairs.append((wanted, hits[0]))
    for cue in ours:
        if cue.iri not in matched:
            spare.append(cue)
            errors.append(f"{cue.source}:{cue.start}: not in the gold, said by {' and '.join(sorted(cue.speakers))}")
    for wanted, cue in pairs:
        errors += [
            f"{wanted.source}:{wanted.start}: {name} {_shown(cue, name)}, not {_shown(wanted, name)}"
            for name in ("speakers", "stance", "polarity") if not _same(wanted, cue, name)
        ]
    gold_agreements = _agreements(gold, vocabulary)
    our_agreements = _agreements(built, vocabulary)
    agreed = sum(1 for agreement in gold_agreements if agreement in our_agreements)
    errors += [f"agreement missed or different: {agreement}" for agreement in gold_agreements
               if agreement not in our_agreements]
    return Score(
        found=len(pairs), missed=missed, extra=len(spare),
        speaker=sum(_same(wanted, cue, "speakers") for wanted, cue in pairs),
        stance=sum(_same(wanted, cue, "stance") for wanted, cue in pairs),
        polarity=sum(_same(wanted, cue, "polarity") for wanted, cue in pairs),
        agreements=agreed, gold_agreements=len(gold_agreements),
        extra_agreements=max(0, len(our_agreements) - len(gold_agreements)), errors=tuple(errors),
    )


def wrong_offsets(built: pyoxigraph.Store, *, texts: Mapping[str, str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return a line for each selector whose offsets do not cut out its own words; `texts` by source."""
    return tuple(
        f"{row['source']}:{row['start']}..{row['end']}: {row['exact']!r}"
        for row in rows(built, _OFFSETS, vocabulary=vocabulary)
        if texts[row["source"]][int(row["start"]) : int(row["end"])] != row["exact"]
    )


def compare_queries(built: pyoxigraph.Store, gold: pyoxigraph.Store, *,
                    vocabulary: Vocabulary) -> dict[str, tuple[int, int, int]]:
    """Return for each named query: rows of the gold, of them missing from ours, and rows that only ours has."""
    compared = {}
    for name, query in named_queries():
        wanted, ours = (_bag(store, query, vocabulary) for store in (gold, built))
        compared[name] = (len(wanted), len(wanted - ours), len(ours - wanted))
    return compared


def rows(store: pyoxigraph.Store, query: str, *, vocabulary: Vocabulary) -> Iterator[dict[str, str]]:
    """Yield the solutions of a SELECT over the union of all graphs, as strings by variable name."""
    solutions = store.query(query, base_iri=vocabulary.base, use_default_graph_as_union=True)
    if not isinstance(solutions, pyoxigraph.QuerySolutions):
        raise TypeError("only SELECT queries have rows")
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        yield {name: _text(solution[name]) for name in names if solution[name] is not None}


def _text(term: object) -> str:
    return str(getattr(term, "value", term))


def _bag(store: pyoxigraph.Store, query: str, vocabulary: Vocabulary) -> set[tuple[tuple[str, str], ...]]:
    return {tuple(sorted(row.items())) for row in rows(store, query, vocabulary=vocabulary)}


def _cues(store: pyoxigraph.Store, vocabulary: Vocabulary) -> Iterator[Cue]:
    speakers: dict[str, set[str]] = {}
    found: dict[str, dict[str, str]] = {}
    for row in rows(store, _STATEMENTS, vocabulary=vocabulary):
        found[row["statement"]] = row
        who = row["speaker"] if "/id/group/" not in row["speaker"] else row.get("label", row["speaker"]).split(" (")[0]
        speakers.setdefault(row["statement"], set()).add(who)
    for iri, row in found.items():
        yield Cue(iri=iri, source=row["source"], start=int(row["start"]), end=int(row["end"]),
                  speakers=frozenset(speakers[iri]), stance=row["stance"].rsplit("#")[-1],
                  polarity=row["polarity"].rsplit("#")[-1])


def _same(wanted: Cue, cue: Cue, name: str) -> bool:
    """Compare one property; unnamed speakers are the same when their descriptions end in the same word."""
    if name != "speakers":
        return bool(getattr(wanted, name) == getattr(cue, name))
    heads = [{speaker.split()[-1].casefold() for speaker in one.speakers} for one in (wanted, cue)]
    return bool(wanted.speakers & cue.speakers or heads[0] & heads[1])


def _shown(cue: Cue, name: str) -> str:
    return " and ".join(sorted(cue.speakers)) if name == "speakers" else str(getattr(cue, name))


def _agreements(store: pyoxigraph.Store, vocabulary: Vocabulary) -> list[tuple[str, ...]]:
    """Return source, parties, status and the days of the event that led to it, for each agreement."""
    parties: dict[str, set[str]] = {}
    rest: dict[str, tuple[str, ...]] = {}
    for row in rows(store, _AGREEMENTS, vocabulary=vocabulary):
        parties.setdefault(row["agreement"], set()).add(row["party"])
        rest[row["agreement"]] = (row["source"], row["status"].rsplit("#")[-1], row.get("earliest", ""),
                                  row.get("latest", ""))
    return [(*rest[iri], *sorted(parties[iri])) for iri in sorted(rest)]


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
