"""What a store publishes of each article, as plain records in the words of the gold.

The gold's labels are fewer than ours: STANCES, MODES, KINDS and STATUSES say which of its labels a concept of
ontology/schemes.ttl means, where it is not the one of the same name.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

import pyoxigraph

from kg.evaluation.graphs import rows
from kg.vocabulary import Vocabulary

TYPES = {"Person": "person", "State": "state", "Organization": "organization"}  # groups are anything without a name
STANCES = {
    "reports": "asserts", "alleges": "asserts", "confirms": "asserts", "justifies": "asserts", "concerned": "warns",
    "expects": "believes", "doubts": "believes", "intends": "promises", "accepts": "promises", "threatens": "warns",
    "refuses": "denies", "urges": "demands", "requests": "asks",
}
MODES = {"narrated": "indirect"}
KINDS = {"defence-pact": "treaty", "trade": "deal", "arms-control": "treaty", "peace": "treaty", "exchange": "deal"}
STATUSES = {
    "adopted": "in_force", "in-force": "in_force", "ratified": "in_force", "announced": "agreed",
    "negotiated": "proposed", "vetoed": "rejected", "terminated": "withdrawn", "expired": "withdrawn",
}

_PREFIXES = """
PREFIX asa: <ns#> PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_ACTORS = _PREFIXES + """
SELECT DISTINCT ?source ?id ?name ?type ?wikidata WHERE {
  ?article schema:mentions ?id ; dcterms:source ?source . ?id a ?type .
  { ?id rdfs:label ?name } UNION { ?id skos:altLabel ?name }
  OPTIONAL { ?id skos:exactMatch ?wikidata FILTER(CONTAINS(STR(?wikidata), "wikidata.org")) }
} ORDER BY ?source ?id ?name"""
_STATEMENTS = _PREFIXES + """
SELECT DISTINCT ?source ?id ?stance ?polarity ?certainty ?mode ?confidence ?start ?end ?earliest ?latest WHERE {
  ?id a asa:Statement ; asa:inArticle/dcterms:source ?source ; asa:stance ?stance ; asa:polarity ?polarity ;
    asa:certainty ?certainty ; asa:mode ?mode .
  OPTIONAL { ?id asa:confidence ?confidence }
  OPTIONAL { ?id asa:cue/oa:hasSelector ?cue . ?cue oa:start ?start ; oa:end ?end }
  OPTIONAL { ?id asa:earliest ?earliest } OPTIONAL { ?id asa:latest ?latest }
} ORDER BY ?source ?start ?id"""
_PARTS = {
    "speakers": """?id a asa:Statement ; asa:speaker ?who .
      { ?who rdfs:label ?value } UNION { ?who skos:altLabel ?value }""",
    "about": """?id a asa:Statement ; asa:about ?who . ?who rdfs:label ?value .
      FILTER NOT EXISTS { ?who a asa:Agreement } FILTER NOT EXISTS { ?who a asa:Proposition }""",
    "reported_by": """?id a asa:Statement .
      { ?outer asa:content ?id ; asa:speaker/rdfs:label ?value } UNION { ?id asa:channel/rdfs:label ?value }""",
    "wording": "?id a asa:Statement ; asa:wording/oa:hasSelector ?at . ?at oa:exact ?value .",
    "gist": "?id a asa:Statement ; asa:gist ?value .",
}
_AGREEMENTS = _PREFIXES + """
SELECT DISTINCT ?source ?id ?title ?kind ?status ?party ?evidence WHERE {
  ?id a asa:Agreement ; asa:inArticle/dcterms:source ?source ; rdfs:label ?title ; asa:agreementType ?kind ;
    asa:status ?status ; asa:party/rdfs:label ?party .
  OPTIONAL { ?id asa:evidence/oa:hasSelector/oa:exact ?evidence }
} ORDER BY ?source ?id ?party ?evidence"""
_EVENTS = _PREFIXES + """
SELECT DISTINCT ?id ?status ?earliest ?latest WHERE {
  ?id asa:statusEvent ?event . ?event asa:status ?status .
  OPTIONAL { ?event asa:earliest ?earliest } OPTIONAL { ?event asa:latest ?latest }
  FILTER(BOUND(?earliest) || BOUND(?latest))
} ORDER BY ?id ?latest ?earliest"""
_DUTIES = _PREFIXES + """
SELECT DISTINCT ?id ?duty ?gist ?bearer WHERE {
  ?id a asa:Agreement ; asa:obligation ?duty . ?duty asa:gist ?gist .
  OPTIONAL { ?duty asa:bearer/rdfs:label ?bearer }
} ORDER BY ?id ?duty ?bearer"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedActor:
    """An actor that an article mentions, under all its names."""

    article: str
    names: tuple[str, ...]
    kind: str = ""
    wikidata: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedStatement:
    """A statement; `pieces` are the words of what was said, `cue` the offsets of its cue ((-1, -1) if not known)."""

    article: str
    speakers: tuple[str, ...]
    pieces: tuple[str, ...]
    stance: str = ""
    mode: str = ""
    polarity: str = ""
    certainty: str = ""
    about: tuple[str, ...] = ()
    reported_by: tuple[str, ...] = ()
    said_on: str = ""
    cue: tuple[int, int] = (-1, -1)
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAgreement:
    """An agreement; `date` is a day or "first/last" of the event that led to its status; `duties` gist and bearers."""

    article: str
    title: str
    parties: tuple[str, ...]
    kind: str = ""
    status: str = ""
    date: str = ""
    words: str = ""
    duties: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """All that was published of some articles."""

    actors: tuple[PublishedActor, ...] = ()
    statements: tuple[PublishedStatement, ...] = ()
    agreements: tuple[PublishedAgreement, ...] = ()


def read_published(store: pyoxigraph.Store, *, vocabulary: Vocabulary) -> Published:
    """Return what a store publishes, each article under the stem of its source."""
    return Published(
        actors=tuple(_actors(store, vocabulary)),
        statements=tuple(_statements(store, vocabulary)),
        agreements=tuple(_agreements(store, vocabulary)),
    )


def article_name(source: str) -> str:
    """Return the name that the gold has for a source.

    >>> article_name("https://news.example/a/rail%20strike.html"), article_name("texts/rail_strike.txt")
    ('rail strike', 'rail_strike')
    """
    return PurePosixPath(unquote(source).rstrip("/")).stem


def _actors(store: pyoxigraph.Store, vocabulary: Vocabulary) -> Iterable[PublishedActor]:
    found: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows(store, _ACTORS, vocabulary=vocabulary):
        found.setdefault((row["source"], row["id"]), []).append(row)
    for (source, _), same in found.items():
        kinds = [TYPES[_local(row["type"])] for row in same if _local(row["type"]) in TYPES]
        yield PublishedActor(
            article=article_name(source), names=tuple(dict.fromkeys(row["name"] for row in same)),
            kind=kinds[0] if kinds else "", wikidata=_local(same[0].get("wikidata", "")),
        )


def _statements(store: pyoxigraph.Store, vocabulary: Vocabulary) -> Iterable[PublishedStatement]:
    parts = {name: _by_id(store, where, vocabulary) for name, where in _PARTS.items()}
    for row in rows(store, _STATEMENTS, vocabulary=vocabulary):
        iri = row["id"]
        yield PublishedStatement(
            article=article_name(row["source"]),
            speakers=parts["speakers"].get(iri, ()),
            pieces=parts["wording"].get(iri) or parts["gist"].get(iri, ()),
            stance=_label(row["stance"], STANCES), mode=_label(row["mode"], MODES),
            polarity=_local(row["polarity"]), certainty=_local(row["certainty"]),
            about=parts["about"].get(iri, ()), reported_by=parts["reported_by"].get(iri, ()),
            said_on=f"{row['earliest']}/{row['latest']}" if "earliest" in row and "latest" in row else "",
            cue=(int(row["start"]), int(row["end"])) if "start" in row else (-1, -1),
            confidence=float(row["confidence"]) if "confidence" in row else None,
        )


def _by_id(store: pyoxigraph.Store, where: str, vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    query = f"{_PREFIXES} SELECT DISTINCT ?id ?value WHERE {{ {where} }} ORDER BY ?id ?value"
    found: dict[str, tuple[str, ...]] = {}
    for row in rows(store, query, vocabulary=vocabulary):
        found[row["id"]] = (*found.get(row["id"], ()), row["value"])
    return found


def _agreements(store: pyoxigraph.Store, vocabulary: Vocabulary) -> Iterable[PublishedAgreement]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows(store, _AGREEMENTS, vocabulary=vocabulary):
        found.setdefault(row["id"], []).append(row)
    events: dict[str, list[dict[str, str]]] = {}
    for row in rows(store, _EVENTS, vocabulary=vocabulary):
        events.setdefault(row["id"], []).append(row)
    duties: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {}
    for row in rows(store, _DUTIES, vocabulary=vocabulary):
        own = duties.setdefault(row["id"], {})
        gist, bearers = own.get(row["duty"], (row["gist"], ()))
        own[row["duty"]] = gist, (*bearers, *([row["bearer"]] if "bearer" in row else []))
    for iri, same in found.items():
        first = same[0]
        yield PublishedAgreement(
            article=article_name(first["source"]), title=first["title"],
            parties=tuple(dict.fromkeys(row["party"] for row in same)),
            kind=_label(first["kind"], KINDS), status=_label(first["status"], STATUSES),
            date=_date(events.get(iri, ()), status=first["status"]),
            words=" ".join(dict.fromkeys(row["evidence"] for row in same if "evidence" in row)),
            duties=tuple(duties.get(iri, {}).values()),
        )


def _date(events: Iterable[Mapping[str, str]], *, status: str) -> str:
    """Return when the agreement got its status, or else the latest day known of its life."""
    dated = sorted(events, key=lambda event: (event["status"] != status, event.get("latest", "")))
    if not dated:
        return ""
    chosen = dated[0] if dated[0]["status"] == status else dated[-1]
    return f"{chosen.get('earliest', '..')}/{chosen.get('latest', '..')}"


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _label(iri: str, table: Mapping[str, str]) -> str:
    name = _local(iri)
    return table.get(name, name)
