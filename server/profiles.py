"""Views of one document, by profile: all of it, without provenance, or in the words of schema.org.

After "Content Negotiation by Profile" (W3C): a client names a profile by the header Accept-Profile or by `_profile=`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from server.documents import FOAF, RDF_TYPE, RDFS, Document
from server.errors import Problem
from server.negotiation import read_quality

FULL, PLAIN, SCHEMA_ORG = "full", "plain", "schema"
PROFILES: Mapping[str, str] = {
    FULL: "everything, with the words of the articles that it was read from",
    PLAIN: "facts and names without evidence, confidence and provenance",
    SCHEMA_ORG: "the terms of schema.org: NewsArticle, Quotation, Claim, Person, Organization, Country",
}
SCHEMA, SKOS, OWL = "https://schema.org/", "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2002/07/owl#"
_LISTED = re.compile(r"<([^<>\"\s]*)>\s*((?:;[^,<]*)?)")
_PROVENANCE = ("evidence", "cue", "wording", "confidence", "denotes", "form", "identityBasis")
_PROVENANCE_SPACES = ("http://www.w3.org/ns/oa#", "http://www.w3.org/ns/prov#")
_TYPES = {"Article": "NewsArticle", "Person": "Person", "State": "Country", "Organization": "Organization",
          "ActorGroup": "Organization", "Proposition": "Claim", "Agreement": "CreativeWork"}
_OUTER = {RDFS + "label": "name", SKOS + "prefLabel": "name", SKOS + "altLabel": "alternateName",
          SKOS + "exactMatch": "sameAs", OWL + "sameAs": "sameAs"}
_OURS = {"gist": "text", "about": "about", "content": "about", "party": "contributor", "agent": "about",
         "target": "about", "topic": "about"}
_OF_QUOTATIONS = {"quote": "text", "gist": "abstract", "speaker": "spokenByCharacter", "inArticle": "isPartOf"}
_OF_CLAIMS = {"speaker": "author", "inArticle": "appearance"}


def profile_iri(name: str, base: str) -> str:
    """Return the IRI of a profile.

    >>> profile_iri("schema", "https://news.example/"), profile_iri("plain", "https://news.example/")
    ('https://schema.org/', 'https://news.example/profile/plain')
    """
    return SCHEMA if name == SCHEMA_ORG else f"{base}profile/{name}"


def choose_profile(wish: str | None, accept: str | None, *, base: str) -> str:
    """Return the profile that a client asks for: by name, else by its Accept-Profile header, else all of it.

    Raises: Problem: 406, there is no profile of that name.

    >>> choose_profile(None, "<https://schema.org/>;q=0.9, <urn:other>", base="https://news.example/")
    'schema'
    """
    iris = {profile_iri(name, base): name for name in PROFILES} | {"http://schema.org/": SCHEMA_ORG}
    if wish:
        chosen = iris.get(wish, wish)
        if chosen not in PROFILES:
            raise Problem(406, f"there is no profile {wish!r}; there are {', '.join(PROFILES)}")
        return chosen
    best, best_quality = FULL, 0.0
    for iri, parameters in _LISTED.findall(accept or ""):
        quality = read_quality(parameters)
        if iri in iris and quality > best_quality:
            best, best_quality = iris[iri], quality
    return best


def view(document: Document, profile: str, *, base: str) -> tuple[Quad, ...]:
    """Return a document as a profile tells it, the thing itself first."""
    if profile == PLAIN:
        return tuple(_plain(document, base))
    if profile == SCHEMA_ORG:
        return tuple(dict.fromkeys(_schema(document.quads, base)))
    return document.quads


def _plain(document: Document, base: str) -> Iterator[Quad]:
    hidden = {f"{base}ns#{name}" for name in _PROVENANCE}

    def is_fragment(node: Any) -> bool:
        return isinstance(node, NamedNode) and node.value.startswith(f"{base}id/") and "#" in node.value

    def is_shown(quad: Quad) -> bool:
        name = quad.predicate.value
        return not (name in hidden or name.startswith(_PROVENANCE_SPACES) or is_fragment(quad.subject)
                    or is_fragment(quad.object))

    own = {quad for quad in (*document.own, *document.links) if is_shown(quad)}
    mentioned = {node for quad in own for node in (quad.subject, quad.object)}
    names = {quad for quad in document.names if quad.subject in mentioned and is_shown(quad)}
    yield from (quad for quad in document.quads if quad in own or quad in names)


def _schema(quads: Iterable[Quad], base: str) -> Iterator[Quad]:
    quads, asa, default = tuple(quads), f"{base}ns#", DefaultGraph()
    attitudes = _attitudes(quads, base)
    quoted = {quad.subject for quad in quads if quad.predicate.value == asa + "quote"}
    kinds: dict[Any, str] = {}
    for quad in quads:
        if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode) and quad.object.value.startswith(asa):
            kind = quad.object.value.removeprefix(asa)
            kind = ("Quotation" if quad.subject in quoted else "Claim") if kind == "Statement" else _TYPES.get(kind, "")
            if kind:
                kinds[quad.subject] = kind
    for quad in quads:
        subject, value, name = quad.subject, _any(quad.object), quad.predicate.value
        kind = kinds.get(subject, "")
        if not kind:
            continue
        if quad.predicate == RDF_TYPE:
            yield Quad(subject, RDF_TYPE, NamedNode(SCHEMA + kind), default)
            continue
        own = _OF_QUOTATIONS if kind == "Quotation" else _OF_CLAIMS if kind == "Claim" else {}
        term = name.removeprefix(asa)
        mapped = _OUTER.get(name) or (name.removeprefix(SCHEMA) if name.startswith(SCHEMA) else "") or (
            (own.get(term) or _OURS.get(term, "")) if name.startswith(asa) else "")
        if term == "gist" and subject in attitudes:
            value = Literal(f"{attitudes[subject]}: {value.value}")
        if mapped and (isinstance(value, Literal) or value in kinds or mapped == "sameAs"):
            yield Quad(subject, NamedNode(SCHEMA + mapped), value, default)
            if mapped in ("isPartOf", "appearance"):
                yield Quad(value, NamedNode(SCHEMA + "hasPart"), subject, default)


def _attitudes(quads: Iterable[Quad], base: str) -> dict[Any, str]:
    """Return what must stand before the gist of a statement that does more, or less, than assert it.

    The gist is positive; whoever denies it must not become the author of a claim of it.
    """
    found: dict[Any, list[str]] = {}
    for quad in sorted(quads, key=lambda quad: quad.predicate.value, reverse=True):  # the stance first
        word = str(_any(quad.object).value).rpartition("#")[2] if isinstance(quad.object, NamedNode) else ""
        if (quad.predicate.value == f"{base}ns#stance" and word != "asserts") or (
                quad.predicate.value == f"{base}ns#polarity" and word == "negative"):
            found.setdefault(quad.subject, []).append("not" if word == "negative" else word)
    return {subject: " ".join(words) for subject, words in found.items()}


def _any(term: Any) -> Any:
    """Return a term whose kind the caller knows better than its type tells."""
    return term


def write_schema(quads: Iterable[Quad], *, base: str) -> bytes:
    """Return triples of schema.org as the JSON-LD that its consumers read: its own context, short names.

    Triples of the document itself, which is no thing of schema.org, are left out.
    """
    nodes: dict[Any, dict[str, Any]] = {}
    for quad in quads:
        if not (quad.predicate == RDF_TYPE or quad.predicate.value.startswith(SCHEMA)) or FOAF in str(quad.object):
            continue
        node = nodes.setdefault(quad.subject, {"@id": _any(quad.subject).value})
        if quad.predicate == RDF_TYPE:
            key, value = "@type", _any(quad.object).value.removeprefix(SCHEMA)
        else:
            key = quad.predicate.value.removeprefix(SCHEMA)
            value = _value(quad.object)
        values = node.setdefault(key, [])
        if value not in values:
            values.append(value)
    graph = [{key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in node.items()}
             for node in nodes.values()]
    return (json.dumps({"@context": SCHEMA, "@graph": graph}, ensure_ascii=False, indent=1) + "\n").encode()


def _value(term: Any) -> Any:
    if not isinstance(term, Literal):
        return {"@id": term.value}
    return {"@value": term.value, "@language": term.language} if term.language else term.value


def describe(name: str, *, base: str) -> tuple[Quad, ...]:
    """Return what is said of a profile itself."""
    node, default = NamedNode(f"{base}profile/{name}"), DefaultGraph()
    return (
        Quad(node, RDF_TYPE, NamedNode("http://www.w3.org/ns/dx/prof/Profile"), default),
        Quad(node, NamedNode(RDFS + "label"), Literal(name), default),
        Quad(node, NamedNode(RDFS + "comment"), Literal(PROFILES[name], language="en"), default),
    )
