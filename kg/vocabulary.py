"""Namespaces and terms, read from ontology/.

The files of ontology/ hold relative IRIs (`<ns#>`, `<id/state/RUS>`); they are resolved against one base IRI, the
only place where the host of a deployment enters the graph.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

import pyoxigraph
from rdflib import RDF, SKOS, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from kg.errors import OntologyError

DEFAULT_BASE = "http://localhost:8000/"
OA = Namespace("http://www.w3.org/ns/oa#")
SCHEMA = Namespace("https://schema.org/")
SCHEMES = ("stance", "polarity", "certainty", "mode", "form", "identity", "topic", "status", "agreement", "act")
_OUTER = {
    "dcterms": "http://purl.org/dc/terms/", "oa": str(OA), "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#", "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": str(SCHEMA), "skos": "http://www.w3.org/2004/02/skos/core#", "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/", "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_KINDS = {
    "agr": "agreement", "article": "article", "event": "status-event", "group": "group", "obl": "obligation",
    "office": "office", "orgn": "org", "person": "person", "prop": "proposition", "run": "run", "state": "state",
    "stmt": "statement", "tenure": "tenure",
}


def ontology_file(*names: str) -> Traversable:
    """Return a file below ontology/, wherever the package was installed.

    Raises: OntologyError: there is no such file.

    >>> ontology_file("schemes.ttl").name
    'schemes.ttl'
    """
    found = files("ontology")
    for name in names:
        found = found.joinpath(name)
    if not found.is_file():
        raise OntologyError("ontology/" + "/".join(names), found="no such file", repair="reinstall the package")
    return found


def table(*names: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of a CSV file below ontology/; lines that start with '#' are comments."""
    lines = (line for line in ontology_file(*names).read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return tuple(csv.DictReader(lines))


def named_queries() -> Iterator[tuple[str, str]]:
    """Yield the name and text of each query of ontology/queries, in order of name."""
    for found in sorted(files("ontology").joinpath("queries").iterdir(), key=lambda entry: entry.name):
        if found.name.endswith(".rq"):
            yield found.name.removesuffix(".rq"), found.read_text(encoding="utf-8")


def knowledge_files() -> Iterator[tuple[str, bytes]]:
    """Yield the relative name and content of each file of ontology/, in order of name."""
    yield from _files_below(files("ontology"), "")


def _files_below(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda found: found.name):
        if entry.is_dir() and not entry.name.startswith(("_", ".")):
            yield from _files_below(entry, f"{prefix}{entry.name}/")
        elif entry.is_file():
            yield prefix + entry.name, entry.read_bytes()


def prefixes(base: str) -> dict[str, str]:
    """Return the prefixes that Turtle and TriG of ours use: other vocabularies, ours, its schemes, kinds of things.

    >>> prefixes("https://news.example/")["stance"]
    'https://news.example/ns/stance#'
    """
    return (
        _OUTER | {"asa": f"{base}ns#"} | {scheme: f"{base}ns/{scheme}#" for scheme in SCHEMES}
        | {prefix: f"{base}id/{kind}/" for prefix, kind in _KINDS.items()}
    )


@dataclass(frozen=True)
class Vocabulary:
    """The terms of the ontology under one base IRI.

    Raises: OntologyError: the base is no http(s) IRI that ends in a slash.

    >>> Vocabulary(base="https://news.example/").asa.speaker
    rdflib.term.URIRef('https://news.example/ns#speaker')
    """

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        fault = _fault(self.base)
        if fault:
            raise OntologyError(f"base IRI {self.base!r}", found=fault, repair="write it like https://example.org/news/")

    @cached_property
    def asa(self) -> Namespace:
        """The namespace of classes and properties."""
        return Namespace(self.base + "ns#")

    def iri(self, relative: str) -> URIRef:
        """Return the absolute IRI of a relative one (`id/state/RUS`)."""
        return URIRef(self.base + relative)

    def concept(self, scheme: str, name: str) -> URIRef:
        """Return the IRI of a concept of one of the SCHEMES.

        Raises: OntologyError: the scheme has no such concept.
        """
        found = URIRef(f"{self.base}ns/{scheme}#{name}")
        if found not in self.concepts[scheme]:
            raise OntologyError("ontology/schemes.ttl", found=f"no concept {scheme}:{name}", repair="add it there")
        return found

    @cached_property
    def concepts(self) -> Mapping[str, frozenset[URIRef]]:
        """The concepts of each scheme."""
        graph = self.graph("schemes.ttl")
        return {
            scheme: frozenset(
                found for found in graph.subjects(SKOS.inScheme, URIRef(f"{self.base}ns/{scheme}"))
                if isinstance(found, URIRef) and (found, RDF.type, SKOS.Concept) in graph
            )
            for scheme in SCHEMES
        }

    def graph(self, *names: str) -> Graph:
        """Return a Turtle file below ontology/ as a new graph of absolute IRIs.

        Raises: OntologyError: there is no such file, or it is no Turtle; the message has line and column.
        """
        content = ontology_file(*names).read_bytes()
        graph = Graph()
        try:  # Oxigraph reads Turtle ten times as fast as rdflib
            quads = tuple(pyoxigraph.parse(content, pyoxigraph.RdfFormat.TURTLE, base_iri=self.base))
        except SyntaxError as error:
            raise OntologyError("ontology/" + "/".join(names), found=f"no Turtle ({error})",
                                repair="correct it") from error
        for quad in quads:
            graph.add((_node(quad.subject), URIRef(quad.predicate.value), _node(quad.object)))
        return graph


def _fault(base: str) -> str:
    """Return what is wrong with a base IRI, "" if nothing."""
    if not re.match(r"https?://[^/]", base) or not base.endswith("/"):
        return "not an http(s) IRI that ends in '/'"
    odd = [character for character in base if character in "?#" or not character.isprintable()]
    if odd:
        return f"holds {odd[0]!r}, as no base can"
    try:
        pyoxigraph.NamedNode(base)
    except ValueError as error:
        return f"no IRI ({error})"
    return ""


def _node(term: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple) -> Node:
    if isinstance(term, pyoxigraph.Literal):
        datatype = None if term.language or term.datatype.value == str(XSD.string) else URIRef(term.datatype.value)
        return Literal(term.value, lang=term.language, datatype=datatype)
    if isinstance(term, pyoxigraph.BlankNode):
        return BNode(term.value)
    return URIRef(str(getattr(term, "value", term)))
