"""The first page, the search and its suggestions."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from flask import current_app
from pyoxigraph import Literal

from kg.vocabulary import named_queries
from server.index import Wanted
from server.pages.reader import ALT_LABEL, HEADLINE, RDF_TYPE, RDFS_LABEL, Reader
from server.pages.statements import fetch, line
from server.publication import Publication

EXAMPLES = ("q01", "q03", "q04")  # of ontology/queries: contradictions, agreements, who speaks for a state
NEWEST, HEARD, FOUND, SUGGESTED = 5, 10, 30, 8
DENIED = 50  # propositions that are denied most, of which those are contested that somebody holds
LONGEST = 200  # characters of a search
LISTED = 5_000  # names that the search of a site without a server shows before its script runs
WORDS = "WORDS"  # stands for what is searched, in a query that a script fills
KINDS = {"Person": "person", "State": "state", "Organization": "organization", "ActorGroup": "group",
         "Agreement": "agreement", "Office": "office", "Article": "article"}


def home(reader: Reader) -> dict[str, Any]:
    """Return what the first page shows: the newest, the most contested, and where to go from here."""
    newest = ("SELECT ?s ?day WHERE {\n  { SELECT ?article ?day WHERE { ?article a asa:Article ; "
              "schema:datePublished ?day }\n    ORDER BY DESC(?day) ?article LIMIT 3 }\n"
              f"  ?s asa:inArticle ?article ; a asa:Statement ; asa:content ?p\n"
              f"}} ORDER BY DESC(?day) ?article STRLEN(STR(?s)) ?s LIMIT {NEWEST}")
    contested = ("SELECT ?p ?against (COUNT(DISTINCT ?a) AS ?for) WHERE {\n"
                 "  { SELECT ?p (COUNT(?d) AS ?against) WHERE { ?d asa:polarity polarity:negative ; asa:content ?p }\n"
                 f"    GROUP BY ?p ORDER BY DESC(?against) ?p LIMIT {DENIED} }}\n"
                 "  ?p a asa:Proposition . ?a asa:content ?p ; asa:polarity polarity:positive\n"
                 f"}} GROUP BY ?p ?against ORDER BY DESC(?against) DESC(?for) ?p LIMIT {NEWEST}")
    agreements = ("SELECT ?a ?day WHERE { ?a a asa:Agreement ; asa:inArticle/schema:datePublished ?day }\n"
                  f"ORDER BY DESC(?day) ?a LIMIT {NEWEST}")
    speakers = ("SELECT ?who ?n WHERE {\n  { SELECT ?who (COUNT(?s) AS ?n) WHERE { ?s asa:speaker ?who }\n"
                "    GROUP BY ?who ORDER BY DESC(?n) ?who LIMIT 50 }\n"
                "  ?who a ?kind VALUES ?kind { asa:Person asa:State asa:Organization }\n"
                "} ORDER BY DESC(?n) ?who LIMIT 10")
    index = reader.index
    latest = index.statements(Wanted(), count=10 * NEWEST)
    disputed, made = index.contested(count=NEWEST), index.newest("agreement", count=NEWEST)
    heard = index.largest("said", count=5 * HEARD)
    reader.load([*latest, *(row[0] for row in (*disputed, *made, *heard))])
    statements = [node for node in latest if reader.objects(node, "content")][:NEWEST]
    reader.follow_all([*(row[0] for row in disputed), *(row[0] for row in made)])
    fetch(reader, statements)
    named = [(node, count) for node, count in heard if {"Person", "State", "Organization"} & {*reader.kinds(node)}]
    texts = dict(named_queries())
    return {
        "template": "landing.html", "lines": [line(reader, node) for node in statements],
        "newest_query": reader.declared(newest), "contested_query": reader.declared(contested),
        "contested": [(reader.value(node), pro, contra) for node, pro, contra in disputed],
        "agreements": [(reader.value(node), day, reader.values(node, "status"), reader.values(node, "party"))
                       for node, day in made],
        "agreements_query": reader.declared(agreements),
        "speakers": [(reader.value(node), count) for node, count in named[:HEARD]],
        "speakers_query": reader.declared(speakers),
        "examples": [(texts[name].splitlines()[0].lstrip("# "), texts[name]) for name in EXAMPLES if name in texts],
    }


def _named(text: str, *, limit: int) -> str:
    """Return the query for things whose name holds a text; those that begin with it first, then the shorter names."""
    wanted = Literal(text.casefold())
    kinds = " ".join(f"asa:{kind}" for kind in KINDS)
    return (
        "SELECT ?thing ?kind (SAMPLE(?name) AS ?found) (MIN(?late) AS ?rank) WHERE {\n"
        f"  VALUES ?kind {{ {kinds} }} ?thing a ?kind ; rdfs:label|skos:altLabel|schema:headline ?name .\n"
        f"  FILTER(CONTAINS(LCASE(STR(?name)), {wanted}))\n"
        f"  BIND(IF(STRSTARTS(LCASE(STR(?name)), {wanted}), 0, 1000) + STRLEN(STR(?name)) AS ?late)\n"
        f"}} GROUP BY ?thing ?kind ORDER BY ?rank ?thing LIMIT {limit}"
    )


def names_of(publication: Publication) -> Iterator[tuple[str, str, str]]:
    """Yield each name of each thing that a search finds: the name, the kind of thing, and its page."""
    reader = Reader(publication=publication, root="")
    store, seen = publication.store, set[tuple[str, str]]()
    for kind, word in KINDS.items():
        for thing in store.quads_for_pattern(None, RDF_TYPE, reader.asa(kind)):
            for predicate in (RDFS_LABEL, ALT_LABEL, HEADLINE):
                for quad in store.quads_for_pattern(thing.subject, predicate, None):
                    href = reader.href(thing.subject)[0]
                    if isinstance(quad.object, Literal) and href and (quad.object.value, href) not in seen:
                        seen.add((quad.object.value, href))
                        yield quad.object.value, word, href


def search(reader: Reader, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of a search shows: things by their names, and statements by their words."""
    if current_app.jinja_env.globals["static"]:
        return _static_search(reader)
    text = " ".join(arguments.get("q", "").split())[:LONGEST]
    things, statements = [], []
    query = said = ""
    if text:
        query = _named(text, limit=FOUND)
        said = _said(text, shown="?s")
        things, statements = reader.index.names(text, count=FOUND), reader.index.words(text, count=FOUND)
        reader.load(thing for thing, _, _ in things)
        fetch(reader, statements)
    return {
        "template": "search.html", "text": text, "query": reader.declared(query), "said": reader.declared(said),
        "things": [(reader.value(thing), KINDS[kind], name) for thing, kind, name in things],
        "lines": [line(reader, node) for node in statements],
    }


def _said(text: str, *, shown: str) -> str:
    """Return the query for statements whose words hold a text."""
    return (f"SELECT DISTINCT {shown} WHERE {{ ?s a asa:Statement ; asa:gist ?gist .\n"
            f"  FILTER(CONTAINS(LCASE(?gist), {Literal(text.casefold())})) }} LIMIT {FOUND}")


def _static_search(reader: Reader) -> dict[str, Any]:
    """Return what the page of a search shows where no server answers it: names to choose from, which a script sifts."""
    firsts: dict[str, tuple[str, str, str]] = {}
    for name, kind, href in islice(names_of(reader.publication), LISTED):
        firsts.setdefault(href, (name, kind, href))
    return {"template": "search.html", "text": "", "names": sorted(firsts.values()),
            "said": reader.declared(_said(WORDS, shown="?s ?gist").replace(WORDS.casefold(), WORDS))}


def suggestions(reader: Reader, text: str) -> list[dict[str, str]]:
    """Return the names that a search may mean, each with its kind and where it leads, relative to the first page."""
    text = " ".join(text.split())[:LONGEST]
    if not text:
        return []
    rows = reader.index.names(text, count=SUGGESTED)
    reader.load(thing for thing, _, _ in rows)
    found = [(reader.value(thing), KINDS[kind]) for thing, kind, _ in rows]
    return [{"name": value.text, "kind": kind, "href": value.href} for value, kind in found]
