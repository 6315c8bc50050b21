"""Namespaces and terms, read from ontology/.

The files of ontology/ hold relative IRIs (`<ns#>`, `<id/state/RUS>`); they are resolved against one base IRI, the
only place where the host of a deployment enters the graph.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from rdflib import RDF, SKOS, Graph, Namespace, URIRef

from kg.errors import OntologyError

DEFAULT_BASE = "http://localhost:8000/"
OA = Namespace("http://www.w3.org/ns/oa#")
SCHEMA = Namespace("https://schema.org/")
SCHEMES = ("stance", "polarity", "certainty", "mode", "form", "identity", "topic", "status", "agreement", "act")


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


@dataclass(frozen=True)
class Vocabulary:
    """The terms of the ontology under one base IRI.

    >>> Vocabulary(base="https://news.example/").asa.speaker
    rdflib.term.URIRef('https://news.example/ns#speaker')
    """

    base: str = DEFAULT_BASE

    def __post_init__(self) -> None:
        if not self.base.startswith(("http://", "https://")) or not self.base.endswith("/"):
            raise OntologyError(f"base IRI {self.base!r}", found="not an http(s) IRI that ends in '/'",
                                repair="write it like https://example.org/news/")

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
        """Return a Turtle file below ontology/ as a graph of absolute IRIs."""
        graph = Graph()
        graph.parse(data=ontology_file(*names).read_text(encoding="utf-8"), format="turtle", publicID=self.base)
        return graph
