"""What the data set is, for machines: VoID, DCAT 3 and schema.org from one record of facts; sitemap and robots.txt."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import pyoxigraph
from flask import Blueprint, Response, g, request
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.formats import Format, formats_of_suffix
from kg.release import CLASSES, DUMPS
from kg.vocabulary import prefixes
from server.documents import RDF_TYPE
from server.downloads import Download, downloads
from server.errors import Problem
from server.negotiation import RDF, RDF_NAMES, choose
from server.publication import Answer, Publication
from server.responses import respond, tag_of
from server.spool import tidy

blueprint = Blueprint("metadata", __name__)
DCAT, DCTERMS, SPDX = "http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/", "http://spdx.org/rdf/terms#"
VOID, XSD, SCHEMA = "http://rdfs.org/ns/void#", "http://www.w3.org/2001/XMLSchema#", "https://schema.org/"
TYPES = "https://www.iana.org/assignments/media-types/"
DESCRIPTION = ("Who said, denied, warned of or agreed to what in news articles: actors, statements, agreements and the "
               "propositions that they share, each with the words it was read from.")
LISTED = ("articles", "agreements", "propositions", "actors")  # of the counts: what the sitemap lists
PER_MAP = 20_000  # addresses in one sitemap; the protocol allows 50,000
CLOSED = ("sparql", "graph-store", "search", "explore", "api/", "release/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is said of the data set, in whatever vocabulary."""

    iri: str
    base: str
    title: str
    version: str
    modified: str
    license: str
    triples: int
    files: tuple[Download, ...]


def read_facts(publication: Publication) -> Facts:
    """Return the facts about the data set that is published."""
    release = publication.release
    titles = (triple.object.value for triple in _void(publication)
              if triple.predicate.value == DCTERMS + "title" and isinstance(triple.object, Literal))
    return Facts(
        iri=f"{release.base}.well-known/void", base=release.base, title=next(titles, release.base), version=release.id,
        modified=release.made_at, license=publication.settings.license, triples=release.counts["triples"],
        files=downloads(publication),
    )


def _void(publication: Publication) -> list[Triple]:
    """Return what void.ttl tells; blank nodes are numbered as they come, since the parser names them anew each time."""
    known: dict[str, str] = {}

    def named(node: Any) -> Any:
        return BlankNode(known.setdefault(node.value, f"b{len(known) + 1}")) if isinstance(node, BlankNode) else node

    quads = pyoxigraph.parse(path=str(publication.release.path / "void.ttl"), base_iri=publication.release.base)
    return [Triple(named(quad.subject), quad.predicate, named(quad.object)) for quad in quads]


def void_triples(publication: Publication) -> list[Triple]:
    """Return the VoID description: that of the release, with what the server knows."""
    facts = read_facts(publication)
    return [*_void(publication), *_common(facts)]


def _common(facts: Facts) -> Iterator[Triple]:
    dataset = NamedNode(facts.iri)
    yield Triple(dataset, NamedNode(DCTERMS + "modified"),
                 Literal(facts.modified, datatype=NamedNode(XSD + "dateTime")))
    yield Triple(dataset, NamedNode(DCAT + "version"), Literal(facts.version))
    if facts.license:
        yield Triple(dataset, NamedNode(DCTERMS + "license"), NamedNode(facts.license))


def dcat_triples(publication: Publication) -> list[Triple]:
    """Return the DCAT 3 description: a catalogue with the data set, its files and its services."""
    facts = read_facts(publication)
    catalog, dataset = NamedNode(f"{facts.base}catalog"), NamedNode(facts.iri)
    found: list[Triple] = []

    def say(subject: NamedNode, *pairs: tuple[str, Any]) -> None:
        found.extend(Triple(subject, RDF_TYPE if name == "a" else NamedNode(name), value) for name, value in pairs)

    title = Literal(facts.title, language="en")
    say(catalog, ("a", NamedNode(DCAT + "Catalog")), (DCTERMS + "title", title), (DCAT + "dataset", dataset))
    say(dataset, ("a", NamedNode(DCAT + "Dataset")), (DCTERMS + "title", title),
        (DCTERMS + "description", Literal(DESCRIPTION, language="en")), (DCAT + "landingPage", NamedNode(facts.base)))
    found.extend(_common(facts))
    for service, conforms in (("sparql", "http://www.w3.org/TR/sparql11-protocol/"),
                              ("graph-store", "http://www.w3.org/TR/sparql11-http-rdf-update/")):
        node = NamedNode(facts.base + service)
        say(catalog, (DCAT + "service", node))
        say(node, ("a", NamedNode(DCAT + "DataService")), (DCAT + "endpointURL", node),
            (DCTERMS + "title", Literal(f"{facts.title}: {service}", language="en")),
            (DCTERMS + "conformsTo", NamedNode(conforms)), (DCAT + "servesDataset", dataset))
    for file in facts.files:
        node, checksum = NamedNode(_address(facts, file)), NamedNode(f"{_address(facts, file)}#checksum")
        say(dataset, (DCAT + "distribution", node))
        say(node, ("a", NamedNode(DCAT + "Distribution")), (DCTERMS + "title", Literal(file.name)),
            (DCAT + "downloadURL", node), (DCAT + "mediaType", NamedNode(TYPES + inner_type(file))),
            (DCAT + "byteSize", Literal(str(file.size), datatype=NamedNode(XSD + "nonNegativeInteger"))),
            (SPDX + "checksum", checksum))
        if file.name.endswith(".gz"):
            say(node, (DCAT + "compressFormat", NamedNode(TYPES + "application/gzip")))
        if facts.license:
            say(node, (DCTERMS + "license", NamedNode(facts.license)))
        say(checksum, ("a", NamedNode(SPDX + "Checksum")),
            (SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha256")),
            (SPDX + "checksumValue", Literal(file.sha256, datatype=NamedNode(XSD + "hexBinary"))))
    return found


def inner_type(file: Download) -> str:
    """Return the media type of what is in a file, without its compression.

    >>> inner_type(Download("dump.nq.gz", 1, ""))
    'application/n-quads'
    """
    suffix = file.name.removesuffix(".gz").rpartition(".")[2]
    return next((form.media_type for form in formats_of_suffix(suffix)), file.media_type)


def _address(facts: Facts, file: Download) -> str:
    return f"{facts.base}dumps/{quote(file.name)}"


def schema_dataset(publication: Publication) -> dict[str, Any]:
    """Return the schema.org description, as the JSON-LD that search engines of data sets read."""
    facts = read_facts(publication)
    found: dict[str, Any] = {
        "@context": SCHEMA, "@type": "Dataset", "@id": facts.iri, "name": facts.title, "description": DESCRIPTION,
        "url": facts.base, "version": facts.version, "dateModified": facts.modified, "isAccessibleForFree": True,
        "keywords": ["news", "quotations", "statements", "agreements", "linked data", "RDF"],
        "size": f"{facts.triples} triples",
        "distribution": [
            {"@type": "DataDownload", "@id": _address(facts, file), "name": file.name,
             "encodingFormat": inner_type(file), "contentUrl": _address(facts, file), "contentSize": f"{file.size} B",
             "sha256": file.sha256}
            for file in facts.files
        ],
    }
    return found | ({"license": facts.license} if facts.license else {})


def _described(publication: Publication, name: str, media_type: str, triples: list[Triple]) -> Answer:
    names = {**prefixes(publication.release.base), "void": VOID, "dcat": DCAT, "spdx": SPDX}
    form: Format = RDF[media_type]
    body = tidy(pyoxigraph.serialize(triples, format=form.oxigraph, prefixes=names) or b"", form.media_type)
    return Answer(body=body, media_type=media_type, tag=tag_of(publication.release.id, name, media_type))


def _choose(name: str) -> str:
    media_type = RDF_NAMES.get(name, name) if name else choose(request.headers.get("Accept"), tuple(RDF))
    if media_type not in RDF:
        raise Problem(406, f"cannot answer with {name or request.headers.get('Accept')}; "
                           f"ask for {', '.join(RDF)}")
    return media_type


@blueprint.get("/.well-known/void")
@blueprint.get("/catalog")
@blueprint.get("/catalog.<suffix>")
def description(suffix: str = "") -> Response:
    """Answer with the VoID or the DCAT description of the data set."""
    publication: Publication = g.publication
    name = "catalog" if request.path.startswith("/catalog") else "void"
    if suffix and not any(formats_of_suffix(suffix)):
        raise Problem(404, f"there is no syntax {suffix!r}")
    media_type = _choose(suffix or request.args.get("format", ""))
    kept = publication.kept.get((name, media_type))
    if kept is None:
        read = dcat_triples if name == "catalog" else void_triples
        kept = _described(publication, name, media_type, read(publication))
        publication.kept.put((name, media_type), kept)
    return respond(kept)


@blueprint.get("/dataset.jsonld")
def dataset() -> Response:
    """Answer with the schema.org description of the data set."""
    publication: Publication = g.publication
    kept = publication.kept.get("dataset")
    if kept is None:
        body = json.dumps(schema_dataset(publication), ensure_ascii=False, indent=1) + "\n"
        kept = Answer(body=body.encode(), media_type="application/ld+json",
                      tag=tag_of(publication.release.id, "dataset"))
        publication.kept.put("dataset", kept)
    return respond(kept)


@blueprint.after_app_request
def lead_on(response: Response) -> Response:
    """Let the first page lead programs to what describes the data set, and to its files."""
    if request.endpoint == "pages.landing" and response.status_code == 200:
        links = (
            f'<{g.publication.release.base}>; rel="cite-as"', '<https://schema.org/Dataset>; rel="type"',
            '<catalog>; rel="describedby"; type="text/turtle"',
            '<dataset.jsonld>; rel="describedby"; type="application/ld+json"',
            *(f'<dumps/{name}>; rel="item"; type="application/gzip"' for name in DUMPS),
        )
        response.headers["Link"] = ", ".join((response.headers.get("Link", ""), *links)).lstrip(", ")
    return response


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Open pages and data to crawlers, and close what costs queries; name the sitemap."""
    base: str = g.publication.release.base
    root = urlsplit(base).path
    lines = ["User-agent: *", *(f"Disallow: {root}{name}" for name in CLOSED), f"Allow: {root}", "",
             f"Sitemap: {base}sitemap.xml"]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def pages_of(publication: Publication) -> Iterator[str]:
    """Yield the address of the page of each thing that the sitemap lists."""
    base = publication.release.base
    for name in LISTED:
        for kind in CLASSES[name]:
            for quad in publication.store.quads_for_pattern(None, RDF_TYPE, NamedNode(f"{base}ns#{kind}")):
                if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(base + "id/"):
                    iri = quad.subject.value
                    yield quote(base + "page/" + iri.removeprefix(base + "id/"), safe="/:@!$&'()*+,;=~-._%")


@blueprint.get("/sitemap.xml")
@blueprint.get("/sitemap-<int:number>.xml")
def sitemap(number: int = 0) -> Response:
    """Answer with the list of sitemaps, or one of them: pages with the day of the release as their last change."""
    publication: Publication = g.publication
    base, day = publication.release.base, publication.release.made_at
    kept = publication.kept.get(("sitemap", number))
    if kept is None:
        if number:
            found = list(islice(pages_of(publication), (number - 1) * PER_MAP, number * PER_MAP))
            if not found:
                raise Problem(404, "there is no such sitemap; sitemap.xml lists them all")
            outer, inner = "urlset", "url"
        else:
            total = sum(1 for _ in pages_of(publication))
            found = [f"{base}sitemap-{part + 1}.xml" for part in range(-(-total // PER_MAP))]
            outer, inner = "sitemapindex", "sitemap"
        rows = "".join(f"<{inner}><loc>{escape(url)}</loc><lastmod>{day}</lastmod></{inner}>\n" for url in found)
        body = (f'<?xml version="1.0" encoding="UTF-8"?>\n'
                f'<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{rows}</{outer}>\n')
        kept = Answer(body=body.encode(), media_type="application/xml",
                      tag=tag_of(publication.release.id, "sitemap", str(number)))
        publication.kept.put(("sitemap", number), kept)
    return respond(kept)
