"""What validation found, and the same as sh:ValidationReport."""

from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import RDF, BNode, Graph, Literal, Namespace, URIRef

SH = Namespace("http://www.w3.org/ns/shacl#")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Result:
    """One thing that does not conform: the node, the property path, the offending value ("" if none), the message."""

    focus: str
    path: str
    value: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What validation found in one graph."""

    results: tuple[Result, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.results


def report_graph(results: Iterable[Result]) -> Graph:
    """Return results as one sh:ValidationReport; the same results give the same triples and blank nodes."""
    graph = Graph()
    graph.bind("sh", SH)
    report = BNode("report")
    graph.add((report, RDF.type, SH.ValidationReport))
    found = sorted(set(results))
    graph.add((report, SH.conforms, Literal(not found)))
    for number, result in enumerate(found, start=1):
        node = BNode(f"result{number}")
        graph.add((report, SH.result, node))
        graph.add((node, RDF.type, SH.ValidationResult))
        graph.add((node, SH.resultSeverity, SH.Violation))
        graph.add((node, SH.focusNode, URIRef(result.focus)))
        graph.add((node, SH.resultMessage, Literal(result.message, lang="en")))
        if result.path and not result.path.startswith("^"):
            graph.add((node, SH.resultPath, URIRef(result.path)))
        if result.value:
            graph.add((node, SH.value, Literal(result.value)))
    return graph
