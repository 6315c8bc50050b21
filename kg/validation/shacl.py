"""ontology/shapes.ttl, and what pySHACL finds with it in graphs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyshacl
from rdflib import RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.errors import OntologyError
from kg.validation.report import SH, Report, Result
from kg.vocabulary import SCHEMES, Vocabulary

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """Shapes ready to run.

    `graph` is SHACL Core, complete: anybody's validator can run it. `known` describes what graphs may refer to
    without describing it: the registry of actors and offices, and which classes are below which.
    """

    graph: Graph
    known: Graph


def load_shapes(vocabulary: Vocabulary, *, registry: Graph | None = None) -> Shapes:
    """Return the shapes of ontology/shapes.ttl under a base IRI.

    Values of a scheme become sh:in lists, so that a graph validates without the schemes beside it. Every property
    shape of a targeted node shape gets the targets of that shape: it then runs once over all focus nodes and not once
    for each, which takes half of the time (benchmarks/shacl.py) and finds the same.

    Args:
        vocabulary: Terms and base IRI.
        registry: Actors and offices that graphs may refer to without describing them; none if left out.

    Raises: OntologyError: a shape names a scheme that does not exist.
    """
    graph = vocabulary.graph("shapes.ttl")
    values_from = vocabulary.iri("shape/valuesFrom")
    schemes: dict[Node, str] = {vocabulary.iri(f"ns/{scheme}"): scheme for scheme in SCHEMES}
    for shape, scheme in list(graph.subject_objects(values_from)):
        if scheme not in schemes:
            raise OntologyError("ontology/shapes.ttl", found=f"no scheme {scheme}", repair="see ontology/schemes.ttl")
        values = BNode()
        Collection(graph, values, list[Node](sorted(vocabulary.concepts[schemes[scheme]])))
        graph.add((shape, SH["in"], values))
        graph.remove((shape, values_from, None))
    _hoist(graph)
    known = Graph(store="SimpleMemory")
    _add(known, vocabulary.graph("asa.ttl").triples((None, RDFS.subClassOf, None)))
    _add(known, registry if registry is not None else ())
    return Shapes(graph=graph, known=known)


def _hoist(graph: Graph) -> None:
    """Give the property shapes of a targeted node shape its targets, and take them off it."""
    for target in TARGETS:
        for shape, node in list(graph.subject_objects(target)):
            for constraint in graph.objects(shape, SH.property):
                graph.add((constraint, target, node))
                graph.add((constraint, RDF.type, SH.PropertyShape))
    for shape in {shape for target in TARGETS for shape in graph.subjects(target, None)}:
        if (shape, RDF.type, SH.NodeShape) in graph:
            graph.remove((shape, SH.property, None))


def validate(graph: Graph, *, shapes: Shapes) -> Report:
    """Return what does not conform in one graph that describes all its nodes, save those that the shapes know."""
    data = Graph()
    _add(data, graph)
    _add(data, _definitions(graph.objects(), known=shapes.known))
    return Report(results=tuple(sorted(set(_results(data, shapes=shapes)))))


def validate_batch(graphs: Mapping[str, Graph], *, shapes: Shapes) -> dict[str, Report]:
    """Return the report of each graph, as `validate` would give it, from one run over all of them.

    A graph that could differ alone is validated again alone: one in which a result stands, or that refers to a node
    which only another graph of the batch describes. Nodes that graphs share count as described the same in each.

    Args:
        graphs: Up to some hundred graphs by any key; memory grows with their sum.
        shapes: What must hold.
    """
    data = Graph()
    described, referred = dict[str, set[Node]](), dict[str, set[Node]]()
    for key, graph in graphs.items():
        triples = tuple(graph)
        _add(data, triples)
        described[key] = {subject for subject, _, _ in triples}
        referred[key] = {value for _, _, value in triples if isinstance(value, URIRef)}
    elsewhere = set(data.subjects()) - set(shapes.known.subjects())
    _add(data, _definitions(set().union(*referred.values()), known=shapes.known))
    found = {URIRef(result.focus) for result in _results(data, shapes=shapes)}
    alone = {
        key for key in graphs
        if found & (described[key] | referred[key]) or (referred[key] - described[key]) & elsewhere
    }
    if found and not alone:
        alone = set(graphs)
    return {key: validate(graph, shapes=shapes) if key in alone else Report() for key, graph in graphs.items()}


def _results(data: Graph, *, shapes: Shapes) -> Iterator[Result]:
    """Yield what pySHACL finds in a graph that it may read but not change."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes.graph, inplace=True)
    for node in report.subjects(RDF.type, SH.ValidationResult):
        message = report.value(node, SH.resultMessage)
        yield Result(
            focus=str(report.value(node, SH.focusNode)),
            path=_path(report, report.value(node, SH.resultPath)),
            value=str(report.value(node, SH.value, default="")),
            message=str(message),
        )


def _path(report: Graph, path: Node | None) -> str:
    if isinstance(path, BNode):
        return f"^{report.value(path, SH.inversePath)}"
    return str(path or "")


def _add(data: Graph, graph: Iterable[tuple[Node, Node, Node]]) -> None:
    """Add triples as they are: rdflib's `+=` also copies their graph, and takes twice the time."""
    for triple in graph:
        data.add(triple)


def _definitions(nodes: Iterable[Node], *, known: Graph) -> Graph:
    """Return what is known about nodes, about those that these refer to in turn, and about classes."""
    found = Graph(store="SimpleMemory")
    _add(found, known.triples((None, RDFS.subClassOf, None)))
    waiting = set(nodes)
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop()
        seen.add(node)
        for triple in known.triples((node, None, None)):
            found.add(triple)
            if triple[2] not in seen:
                waiting.add(triple[2])
    return found
