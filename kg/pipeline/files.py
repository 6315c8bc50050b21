"""One RDF file of ours → what does not conform in it."""

from pathlib import Path

import pyoxigraph
from rdflib import RDF, Graph

from kg.errors import KgError
from kg.formats import FORMATS, N_TRIPLES, formats_of_suffix
from kg.graph import shared_graphs
from kg.pipeline.work import as_result, quads
from kg.store import EmbeddedStore, n_quads
from kg.validation import SH, Result, check_release, load_shapes, validate
from kg.vocabulary import Vocabulary

SUFFIXES = ", ".join(f".{row.suffix}" for row in FORMATS)


def validate_file(path: Path, *, base: str = "") -> tuple[Result, ...]:
    """Return what does not conform in an RDF file that describes things of ours, in any syntax of kg.formats.

    Shapes and checks see the union of its graphs, beside ontology, schemes and registry.

    Args:
        path: The file; its suffix tells the syntax.
        base: Base IRI of the things in it; read from the classes of the file if empty.

    Raises: KgError: the file cannot be read, is no RDF, or holds nothing that a shape is about.
    """
    graph = read_graph(path)
    vocabulary = Vocabulary(base=base or _base_of(graph, path=path))
    shared = shared_graphs(vocabulary)
    shapes = load_shapes(vocabulary, registry=shared["graph/registry"])
    classes = set(shapes.graph.objects(None, SH.targetClass)) | set(shapes.known.subjects())
    if not classes & set(graph.objects(None, RDF.type)):
        raise KgError(str(path), found=f"nothing that is described under {vocabulary.base}",
                      repair="name the base IRI of its things with --base")
    store = EmbeddedStore()
    known = {line.rsplit(b" ", 2)[0] for line in quads(shared, vocabulary=vocabulary)}
    store.add(quads(shared, vocabulary=vocabulary))
    store.add(line for line in n_quads(graph, name=vocabulary.iri("graph/file"))
              if line.rsplit(b" ", 2)[0] not in known)
    found = (as_result(problem) for problem in check_release(store, vocabulary=vocabulary))
    return tuple(sorted({*validate(graph, shapes=shapes).results, *found}))


def read_graph(path: Path) -> Graph:
    """Return the triples of an RDF file, of all its graphs together.

    Raises: KgError: the file cannot be read, its suffix names no syntax, or it is no RDF; the message has the line.
    """
    syntax = next(formats_of_suffix(path.suffix), None)
    if syntax is None:
        raise KgError(str(path), found="no suffix of an RDF syntax", repair=f"use one of {SUFFIXES}")
    try:
        parsed = pyoxigraph.parse(path=path, format=syntax.oxigraph)
        triples = pyoxigraph.serialize((quad.triple for quad in parsed), format=N_TRIPLES.oxigraph)
    except (SyntaxError, OSError) as error:
        reason = " ".join(str(error).split())
        raise KgError(str(path), found=f"cannot be read as {syntax.name} ({reason})", repair="correct it") from error
    return Graph().parse(data=triples or b"", format="nt")


def _base_of(graph: Graph, *, path: Path) -> str:
    """Return the base IRI that the classes of a graph have: the part before `ns#`."""
    bases = {
        str(kind).rpartition("ns#")[0] for kind in graph.objects(None, RDF.type)
        if str(kind).startswith(("http://", "https://")) and "/ns#" in str(kind) and "www.w3.org" not in str(kind)
    }
    if len(bases) != 1:
        raise KgError(str(path), found=f"classes under {len(bases)} base IRIs", repair="name one with --base")
    return bases.pop()
