"""What is said of one thing: its triples, those of its parts, the links to it, and the names of all they mention."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import quote

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.formats import JSON_LD, Format
from kg.vocabulary import prefixes
from server import jsonld
from server.publication import Publication
from server.spool import tidy

RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
LABEL = NamedNode(RDFS + "label")
PREF_LABEL = NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
HEADLINE = NamedNode("https://schema.org/headline")
PUBLISHED = NamedNode("https://schema.org/datePublished")
FOAF = "http://xmlns.com/foaf/0.1/"
DCTERMS = "http://purl.org/dc/terms/"
COUNTED = 5_000  # links to a thing beyond which they are not counted one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All that is told about `thing`.

    `own`: its triples and those of the parts that live in its document. `links`: triples that point to it, at most
    the settings' `links` of each property. `counts`: how many there are, by property. `names`: labels and types of
    what the others mention.
    """

    thing: NamedNode
    own: tuple[Quad, ...]
    links: tuple[Quad, ...]
    counts: Mapping[str, int]
    names: tuple[Quad, ...]

    @property
    def quads(self) -> tuple[Quad, ...]:
        """All of it, without doubles: the thing itself first, the rest in order, types before other properties."""
        return tuple(sorted({*self.own, *self.links, *self.names}, key=self._place))

    def _place(self, quad: Quad) -> tuple[bool, str, bool, str, str]:
        return (quad.subject != self.thing, str(quad.subject), quad.predicate != RDF_TYPE, str(quad.predicate),
                str(quad.object))


def read_document(publication: Publication, thing: NamedNode) -> Document:
    """Return the document of a thing; it is empty when nothing is known of it.

    An article's document is all of its named graph; that of any other thing is its triples and those of the
    fragments (mentions and their selectors) that it names.
    """
    store, base = publication.store, publication.release.base
    relative = thing.value.removeprefix(base)
    own: dict[Quad, None] = dict.fromkeys(store.quads_for_pattern(thing, None, None))
    if own and relative.startswith("id/article/"):
        graph = NamedNode(base + relative.replace("id/article/", "graph/article/", 1))
        own.update(dict.fromkeys(store.quads_for_pattern(None, None, None, graph)))
    else:
        _add_fragments(store, own, base + "id/")
    subjects = {quad.subject for quad in own}
    counts: dict[str, int] = {}
    links: list[Quad] = []
    for quad in islice(store.quads_for_pattern(None, None, thing), COUNTED):
        name = quad.predicate.value
        counts[name] = counts.get(name, 0) + 1
        if counts[name] <= publication.settings.links and quad.subject not in subjects:
            links.append(quad)
    names = tuple(_names(store, (*own, *links), known=subjects))
    return Document(thing=thing, own=tuple(own), links=tuple(links), counts=counts, names=names)


def _add_fragments(store: pyoxigraph.Store, own: dict[Quad, None], ours: str) -> None:
    waiting = list(own)
    seen = {quad.subject for quad in own}
    while waiting:
        node = waiting.pop().object
        if isinstance(node, NamedNode) and node not in seen and "#" in node.value and node.value.startswith(ours):
            seen.add(node)
            found = list(store.quads_for_pattern(node, None, None))
            own.update(dict.fromkeys(found))
            waiting.extend(found)


def _names(store: pyoxigraph.Store, quads: Iterable[Quad], *, known: set[Any]) -> Iterator[Quad]:
    seen = set(known)
    for quad in quads:
        for node in (quad.subject, quad.object):
            if isinstance(node, NamedNode) and node not in seen:
                seen.add(node)
                for predicate in (RDF_TYPE, LABEL, PREF_LABEL, HEADLINE, PUBLISHED):
                    yield from store.quads_for_pattern(node, predicate, None)


def about_document(document: Document, publication: Publication, address: str) -> Iterator[Quad]:
    """Yield what is said of the document itself: its subject, and where links were left out, with a link to all."""
    base = publication.release.base
    page = NamedNode(base + address)
    limit = publication.settings.links
    default = DefaultGraph()
    yield Quad(page, RDF_TYPE, NamedNode(FOAF + "Document"), default)
    yield Quad(page, NamedNode(FOAF + "primaryTopic"), document.thing, default)
    yield Quad(page, NamedNode(DCTERMS + "isPartOf"), NamedNode(f"{base}.well-known/void"), default)
    for name, count in sorted(document.counts.items()):
        if count > limit:
            known = f"{count}" if sum(document.counts.values()) < COUNTED else f"more than {count}"
            note = f"{limit} of {known} links by <{name}> are listed; ask at {base}sparql for the others"
            yield Quad(page, NamedNode(RDFS + "comment"), Literal(note, language="en"), default)
            query = f"CONSTRUCT {{ ?s <{name}> {document.thing} }} WHERE {{ ?s <{name}> {document.thing} }}"
            more = NamedNode(f"{base}sparql?query={quote(query, safe='')}")
            yield Quad(page, NamedNode(RDFS + "seeAlso"), more, default)


@lru_cache(maxsize=8)
def prefix_map(base: str) -> dict[str, str]:
    """Return the prefixes that Turtle of the server uses.

    Without that of articles: their fragments would need escapes (`article:5e90\\#m-1-2`) that some readers mistake.
    """
    return {name: space for name, space in prefixes(base).items() if name != "article"} | {"foaf": FOAF}


def serialize(quads: Iterable[Quad], form: Format, *, base: str) -> bytes:
    """Return the triples of quads in a syntax.

    Graph names are left out of N-Quads and TriG too: clients that like these best ask the default graph only.
    """
    if form is JSON_LD:
        return jsonld.write(quads, base=base)
    rows = dict.fromkeys(quad.triple for quad in quads)
    written = pyoxigraph.serialize(rows, format=form.oxigraph, prefixes=prefix_map(base)) or b""
    return tidy(written, form.media_type)
