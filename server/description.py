"""What the query service is and may do: SPARQL 1.1 Service Description for machines, a form for people."""

from collections.abc import Iterator
from itertools import islice

import pyoxigraph
from flask import Response, request
from pyoxigraph import Literal, NamedNode, Triple

from kg.vocabulary import prefixes
from server.errors import Problem
from server.negotiation import HTML, RDF, RDF_NAMES, choose
from server.pages.query import query_page
from server.publication import Answer, Publication
from server.responses import respond, tag_of
from server.settings import Settings
from server.spool import tidy

LISTED = 1000  # named graphs that the description lists; the rest is a query
SD, VOID = "http://www.w3.org/ns/sparql-service-description#", "http://rdfs.org/ns/void#"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
XSD = "http://www.w3.org/2001/XMLSchema#"
SCHEMA = "https://schema.org/"
RESULT_FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
                  "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")


def limits(settings: Settings) -> tuple[tuple[str, float, str], ...]:
    """Return the limits as name, number and unit."""
    return (
        ("time limit", settings.time_limit, "seconds"),
        ("memory limit", settings.memory, "MiB"),
        ("queries at once", settings.workers, "queries"),
        ("queue", settings.queue, "queries"),
        ("longest query", settings.query_bytes, "bytes"),
        ("deepest nesting", settings.nesting, "levels"),
        ("longest answer", settings.rows, "rows or triples"),
        ("largest answer", settings.answer_bytes, "bytes"),
        ("budget of a client", settings.budget, "seconds of query time"),
        ("endpoints that SERVICE may ask", len(settings.endpoints), "endpoints"),
        ("budget that comes back", settings.refill, "seconds of query time per second"),
    )


def answer(publication: Publication) -> Response:
    """Return the description in the form that the client likes best.

    Raises: Problem: 406.
    """
    offers = (*RDF, HTML)
    name = request.args.get("format", "")
    chosen = choose(request.headers.get("Accept"), offers)
    if name:
        chosen = RDF_NAMES.get(name.casefold(), name)
    if chosen not in offers:
        raise Problem(406, f"cannot describe the service as {name or request.headers.get('Accept')}; "
                           f"ask for {', '.join(offers)}")
    key = ("description", chosen)
    kept = publication.kept.get(key)
    if kept is None:
        page = chosen == HTML
        body = query_page(publication, limits=limits(publication.settings)) if page else _rdf(publication, chosen)
        kept = Answer(body=body, media_type=chosen, tag=tag_of(publication.release.id, *key))
        publication.kept.put(key, kept)
    return respond(kept)


def _rdf(publication: Publication, media_type: str) -> bytes:
    base = publication.release.base
    names = {**prefixes(base), "sd": SD, "void": VOID, "formats": "http://www.w3.org/ns/formats/"}
    form = RDF[media_type]
    written = pyoxigraph.serialize(triples(publication), format=form.oxigraph, prefixes=names) or b""
    return tidy(written, form.media_type)


def triples(publication: Publication) -> Iterator[Triple]:
    """Yield the service description: endpoint, languages, formats, data set, and the limits as schema:PropertyValue."""
    base, settings = publication.release.base, publication.settings
    service = NamedNode(f"{base}sparql")
    dataset, default = NamedNode(f"{base}sparql#dataset"), NamedNode(f"{base}sparql#default-graph")

    def sd(name: str) -> NamedNode:
        return NamedNode(SD + name)

    def number(value: float) -> Literal:
        return Literal(f"{value:.12g}", datatype=NamedNode(XSD + "decimal"))

    yield Triple(service, RDF_TYPE, sd("Service"))
    yield Triple(service, sd("endpoint"), service)
    yield Triple(service, sd("supportedLanguage"), sd("SPARQL11Query"))
    yield Triple(service, sd("feature"), sd("UnionDefaultGraph"))
    if settings.endpoints:
        yield Triple(service, sd("feature"), sd("BasicFederatedQuery"))
    for name in RESULT_FORMATS:
        yield Triple(service, sd("resultFormat"), NamedNode(f"http://www.w3.org/ns/formats/{name}"))
    yield Triple(service, sd("defaultDataset"), dataset)
    for position, (name, value, unit) in enumerate(limits(settings)):
        limit = NamedNode(f"{base}sparql#limit-{position + 1}")
        yield Triple(service, NamedNode(SCHEMA + "additionalProperty"), limit)
        yield Triple(limit, RDF_TYPE, NamedNode(SCHEMA + "PropertyValue"))
        yield Triple(limit, NamedNode(SCHEMA + "name"), Literal(name))
        yield Triple(limit, NamedNode(SCHEMA + "value"), number(value))
        yield Triple(limit, NamedNode(SCHEMA + "unitText"), Literal(unit))
    yield Triple(dataset, RDF_TYPE, sd("Dataset"))
    yield Triple(dataset, sd("defaultGraph"), default)
    yield Triple(default, RDF_TYPE, sd("Graph"))
    yield Triple(default, NamedNode(VOID + "triples"), Literal(publication.release.counts["triples"]))
    for position, graph in enumerate(islice(publication.store.named_graphs(), LISTED)):
        entry = NamedNode(f"{base}sparql#graph-{position + 1}")
        yield Triple(dataset, sd("namedGraph"), entry)
        yield Triple(entry, RDF_TYPE, sd("NamedGraph"))
        if isinstance(graph, NamedNode):
            yield Triple(entry, sd("name"), graph)
