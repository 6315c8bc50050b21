"""Milliseconds that SHACL validation takes for an article, in batches as `kg build` runs them.

    python benchmarks/shacl.py [ARTICLES]

What compiled shapes accept is not asked of pySHACL; this is the cost of the rest.

The articles are the gold graphs of the seeds with evidence mentions only (some 850 triples each), renamed as often as
needed. CPU time of one core; the figure with nested property shapes is what pySHACL needs for shapes as written.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rdflib import RDF, Graph, URIRef
from rdflib.term import Node

from kg.validation import Shapes, load_shapes, validate, validate_batch
from kg.vocabulary import OA, Vocabulary

GOLD = Path(__file__).parent.parent / "tests" / "golden"
SEEDS = (("seed-000.ttl", "5e900040bec38a6c"), ("seed-004.ttl", "871007b8ba97c362"))
VOCABULARY = Vocabulary(base="https://example.org/")


def gold(name: str) -> Graph:
    """Return the gold graph of a seed with those mentions only that are evidence or cue."""
    graph, asa = Graph().parse(GOLD / name), VOCABULARY.asa
    kept = {*graph.objects(None, asa.evidence), *graph.objects(None, asa.cue)}
    for mention in set(graph.subjects(RDF.type, asa.Mention)) - kept:
        graph.remove((graph.value(mention, OA.hasSelector), None, None))
        graph.remove((mention, None, None))
    return graph


def renamed(graph: Graph, *, key: str, number: int) -> Graph:
    """Return a graph with the key of its article replaced by a number of 16 hex digits."""
    def name(node: Node) -> Node:
        return URIRef(node.replace(key, f"{number:016x}")) if isinstance(node, URIRef) else node

    copy = Graph()
    for subject, predicate, value in graph:
        copy.add((name(subject), predicate, name(value)))
    return copy


def articles(count: int) -> Iterator[tuple[str, Graph]]:
    """Yield as many article graphs as asked for, by key."""
    seeds = [(gold(name), key) for name, key in SEEDS]
    for number in range(count):
        graph, key = seeds[number % len(seeds)]
        yield f"{number:016x}", renamed(graph, key=key, number=number)


def nested(shapes: Shapes) -> Shapes:
    """Return the shapes as ontology/shapes.ttl nests them, with the value lists and the registry of `shapes`."""
    graph = VOCABULARY.graph("shapes.ttl")
    return Shapes(graph=graph, known=shapes.known)


def show(what: str, run: Callable[[], object], *, articles: int) -> None:
    """Print the CPU time of one call, per article."""
    start = time.process_time()
    run()
    print(f"{what:<18} {(time.process_time() - start) * 1000 / articles:6.1f} ms an article")


def main(count: int = 100) -> None:
    """Measure and print."""
    shapes = load_shapes(VOCABULARY, registry=VOCABULARY.graph("actors.ttl"))
    batch = dict(articles(count))
    few = dict(list(batch.items())[:10])
    print(f"{count} articles of {sum(map(len, batch.values())) / count:.0f} triples")
    show("batch", lambda: validate_batch(batch, shapes=shapes), articles=count)
    show("batch, as nested", lambda: validate_batch(few, shapes=nested(shapes)), articles=len(few))
    show("one by one", lambda: [validate(graph, shapes=shapes) for graph in few.values()], articles=len(few))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
