"""The pages of the ontology and its schemes, from what a release holds of them and from ontology/shapes.ttl."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

import pyoxigraph
from flask import render_template
from pyoxigraph import NamedNode, Quad

from kg.vocabulary import SCHEMES, ontology_file, prefixes
from server.pages.reader import PREF_LABEL, RDF_TYPE, RDFS_LABEL, Reader, Value
from server.publication import Publication

OWL, RDFS = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/2000/01/rdf-schema#"
SKOS, SH = "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/ns/shacl#"
LOOKED = 100  # triples in which an example of a term is looked for
DOMAINS = (RDFS + "domain", "https://schema.org/domainIncludes")
RANGES = (RDFS + "range", "https://schema.org/rangeIncludes")
ALIGNED = (RDFS + "subClassOf", RDFS + "subPropertyOf", SKOS + "closeMatch")

PREFIXES = {space: name for name, space in prefixes("").items() if space.startswith("http")} | {
    "http://xmlns.com/foaf/0.1/": "foaf", "http://semanticweb.cs.vu.nl/2009/11/sem/": "sem",
    "http://groundedannotationframework.org/gaf#": "gaf", "http://groundedannotationframework.org/grasp#": "grasp",
    "http://data.europa.eu/eli/ontology#": "eli",
}
Terms = dict[NamedNode, dict[str, list[Any]]]


def terms_page(publication: Publication, quads: Iterable[Quad], *, root: str, name: str) -> str:
    """Return the page of the ontology ("ns") or of one scheme ("ns/stance"): each term with an anchor of its own."""
    reader = Reader(publication=publication, root=root)
    terms: Terms = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode):
            terms.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    shown = _ontology(reader, terms) if name == "ns" else _scheme(reader, terms, name)
    return render_template("ontology.html" if name == "ns" else "scheme.html", root=root, release=publication.release,
                           base=reader.base, name=name, data=name, **shown)


def _ontology(reader: Reader, terms: Terms) -> dict[str, Any]:
    """Return classes and properties with what a reader asks of each."""
    rules = _rules(reader.base)
    examples = {node: _example(reader, node) for node in terms}
    shown = [node for things in examples.values() for node in things]
    reader.load(shown)
    reader.follow_all(shown)

    def entry(node: NamedNode) -> dict[str, Any]:
        return {
            "fragment": node.value.partition("#")[2], "iri": node.value, "label": _text(terms, node, RDFS_LABEL.value),
            "comment": _text(terms, node, RDFS + "comment"), "of": _named(reader, terms, node, *DOMAINS),
            "to": _named(reader, terms, node, *RANGES), "aligned": _named(reader, terms, node, *ALIGNED),
            "rules": rules.get(node.value, ()), "examples": [reader.value(found) for found in examples.get(node, ())],
        }

    def entries(*kinds: str) -> list[dict[str, Any]]:
        found = [entry(node) for node, triples in terms.items() if node.value.startswith(f"{reader.base}ns#")
                 and any(kind.value in {OWL + name for name in kinds} for kind in triples.get(RDF_TYPE.value, ()))]
        return sorted(found, key=lambda item: str(item["label"]).casefold())

    classes, properties = entries("Class"), entries("ObjectProperty", "DatatypeProperty")
    for found in classes:
        found["properties"] = [Value(row["label"], f"#{row['fragment']}") for row in properties
                               if any(value.href.endswith(f"#{found['fragment']}") for value in row["of"])]
    return {
        "classes": classes, "properties": properties, "schemes": [Value(name, f"{reader.root}ns/{name}")
                                                                  for name in SCHEMES],
        "description": "".join(_text(terms, node, "http://purl.org/dc/terms/description") for node in terms
                               if node.value == f"{reader.base}ns"),
    }


def _example(reader: Reader, term: NamedNode) -> tuple[Any, ...]:
    """Return a thing of a class, or a thing and its value of a property; nothing of terms that nothing uses."""
    store, space = reader.publication.store, f"{reader.base}id/"
    for quad in islice(store.quads_for_pattern(None, RDF_TYPE, term), LOOKED):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(space):
            return (quad.subject,)
    for quad in islice(store.quads_for_pattern(None, term, None), LOOKED):
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(space):
            return quad.subject, quad.object
    return ()


def _scheme(reader: Reader, terms: Terms, name: str) -> dict[str, Any]:
    """Return the concepts of a scheme, the narrower below the broader."""
    own = {node for node in terms if node.value.startswith(f"{reader.base}{name}#")}
    below: dict[Any, list[NamedNode]] = {}
    for node in own:
        broader = [value for value in terms[node].get(SKOS + "broader", ()) if value in own]
        below.setdefault(broader[0] if broader else None, []).append(node)
    rows: list[dict[str, Any]] = []

    def add(node: NamedNode, depth: int) -> None:
        if depth > len(own):
            return
        rows.append({
            "fragment": node.value.partition("#")[2], "iri": node.value, "depth": min(depth, 3),
            "label": _text(terms, node, PREF_LABEL.value), "definition": _text(terms, node, SKOS + "definition"),
            "notation": [value.value for value in terms[node].get(SKOS + "notation", ())],
            "match": _named(reader, terms, node, SKOS + "closeMatch", SKOS + "exactMatch"),
        })
        for inner in sorted(below.get(node, ()), key=str):
            add(inner, depth + 1)

    for node in sorted(below.get(None, ()), key=str):
        add(node, 0)
    return {"rows": rows, "label": _text(terms, NamedNode(reader.base + name), PREF_LABEL.value),
            "explore": name.rpartition("/")[2]}


def _text(terms: Terms, node: NamedNode, predicate: str) -> str:
    return "".join(value.value for value in terms.get(node, {}).get(predicate, ())[:1])


def _named(reader: Reader, terms: Terms, node: NamedNode, *predicates: str) -> list[Value]:
    """Return the named values of properties; ours by their labels, others by their short names."""
    found = []
    for predicate in predicates:
        for value in terms[node].get(predicate, ()):
            if isinstance(value, NamedNode):
                href, away = reader.href(value)
                text = value.value.rpartition("#")[2].rpartition("/")[2] or value.value
                space = value.value.removesuffix(text)
                text = f"{PREFIXES[space]}:{text}" if space in PREFIXES else text
                found.append(Value(_text(terms, value, RDFS_LABEL.value) or text, href, away))
    return sorted(set(found), key=lambda value: value.text)


@lru_cache(maxsize=4)
def _rules(base: str) -> Mapping[str, tuple[str, ...]]:
    """Return what the shapes ask of each class, in their own words: class IRI → messages."""
    content = ontology_file("shapes.ttl").read_bytes()
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.parse(content, format=pyoxigraph.RdfFormat.TURTLE, base_iri=base))
    query = (f"PREFIX sh: <{SH}> SELECT ?class ?message WHERE {{ ?shape sh:targetClass ?class ; "
             "sh:property/sh:message|sh:message ?message } ORDER BY ?class ?message")
    found: dict[str, tuple[str, ...]] = {}
    solutions = store.query(query)
    if isinstance(solutions, pyoxigraph.QuerySolutions):
        for row in solutions:
            kind, message = row["class"], row["message"]
            if isinstance(kind, NamedNode) and isinstance(message, pyoxigraph.Literal):
                rule = message.value.partition(";")[0]
                found[kind.value] = (*found.get(kind.value, ()), rule)
    return found
