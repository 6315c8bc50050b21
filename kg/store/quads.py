"""What both stores share: rdflib graphs → sorted N-Quads lines in canonical form, and answers → rows of strings."""

from collections.abc import Iterator
from functools import lru_cache

import pyoxigraph
from rdflib import BNode, Graph, Literal
from rdflib.term import Node

from kg.errors import StoreError

Answer = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples | Iterator[pyoxigraph.Triple]
_PROBE = pyoxigraph.NamedNode("http://example.org/probe")


def n_quads(graph: Graph, *, name: str) -> tuple[bytes, ...]:
    r"""Return a graph as sorted N-Quads lines, under the absolute IRI of its named graph.

    Literals get the lexical form that the store gives back, so that dumps and store agree.

    Raises: ValueError: an IRI is malformed.

    >>> from rdflib import RDFS, URIRef
    >>> graph = Graph().add((URIRef("http://a.example/x"), RDFS.label, Literal("one\n\"line\"")))
    >>> n_quads(graph, name="http://a.example/g")[0].decode()
    '<http://a.example/x> <http://www.w3.org/2000/01/rdf-schema#label> "one\\n\\"line\\"" <http://a.example/g> .\n'
    """
    if not len(graph):
        return ()
    written = pyoxigraph.serialize(_quads(graph, name=name), format=pyoxigraph.RdfFormat.N_QUADS)
    return tuple(sorted((written or b"").splitlines(keepends=True)))


def rows(answer: Answer) -> Iterator[tuple[str, ...]]:
    """Yield the solutions of an answer, terms as plain strings, "" where unbound.

    Raises: StoreError: the answer is not that of a SELECT query.
    """
    if not isinstance(answer, pyoxigraph.QuerySolutions):
        raise StoreError("query", found="no SELECT query", repair="ask with SELECT")
    for solution in answer:
        yield tuple("" if term is None else str(getattr(term, "value", term)) for term in solution)


def _quads(graph: Graph, *, name: str) -> Iterator[pyoxigraph.Quad]:
    graph_name = pyoxigraph.NamedNode(name)
    for subject, predicate, value in graph:
        yield pyoxigraph.Quad(_node(subject), pyoxigraph.NamedNode(str(predicate)), _term(value), graph_name)


def _node(term: Node) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode:
    return pyoxigraph.BlankNode(str(term)) if isinstance(term, BNode) else pyoxigraph.NamedNode(str(term))


def _term(term: Node) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal:
    if not isinstance(term, Literal):
        return _node(term)
    if term.language:
        return pyoxigraph.Literal(str(term), language=term.language)
    if term.datatype is None:
        return pyoxigraph.Literal(str(term))
    return _canonical(str(term), str(term.datatype))


@lru_cache(maxsize=65_536)  # offsets, days and probabilities: few different ones, in every article
def _canonical(lexical: str, datatype: str) -> pyoxigraph.Literal:
    """Return a typed literal as the store would give it back."""
    store = pyoxigraph.Store()
    literal = pyoxigraph.Literal(lexical, datatype=pyoxigraph.NamedNode(datatype))
    store.add(pyoxigraph.Quad(_PROBE, _PROBE, literal))
    kept: pyoxigraph.Literal = next(iter(store)).object
    return kept
