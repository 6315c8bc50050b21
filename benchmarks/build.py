"""CPU that a build needs for an article besides reading it, stage by stage, and against the bare engine.

    python -m benchmarks.build [ARTICLES]

The articles are those of benchmarks/shacl.py, each in its own named graph. "bulk_load" and "dump" are what Oxigraph
takes for the same quads without sorting, counting and compressing them.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph

from benchmarks.shacl import VOCABULARY, articles
from kg.graph import shared_graphs
from kg.release import Draft
from kg.store import n_quads
from kg.validation import check_release, load_shapes, validate_batch

N_QUADS = pyoxigraph.RdfFormat.N_QUADS


@contextmanager
def stage(name: str, *, articles: int) -> Iterator[None]:
    """Print the CPU time of the block, per article."""
    start = time.process_time()
    yield
    print(f"{name:<28} {(time.process_time() - start) * 1000 / articles:7.2f} ms an article")


def main(count: int = 200) -> None:
    """Measure and print."""
    batch = dict(articles(count))
    known = shared_graphs(VOCABULARY)
    shapes = load_shapes(VOCABULARY, registry=known["graph/registry"])
    shared = [line for name, graph in known.items() for line in n_quads(graph, name=VOCABULARY.iri(name))]
    described = {line.rsplit(b" ", 2)[0] for line in shared}
    with stage("validate with SHACL", articles=count):
        keys = list(batch)
        for start in range(0, count, 50):
            validate_batch({key: batch[key] for key in keys[start : start + 50]}, shapes=shapes)
    with stage("write N-Quads lines", articles=count):
        lines = {key: n_quads(graph, name=VOCABULARY.iri(f"graph/article/{key}")) for key, graph in batch.items()}
    with tempfile.TemporaryDirectory() as out, Draft(Path(out), base=VOCABULARY.base) as draft:
        draft.add(shared)
        for key, found in lines.items():  # its own nodes: what articles share is described once
            draft.add(line for line in found if key.encode() in line.split(b" ", 1)[0]
                      and line.rsplit(b" ", 2)[0] not in described)
        with stage("sort and load", articles=count):
            store = draft.gather()
        plain = next(Path(out).rglob("dump.nq"))
        with stage("  of it bare bulk_load", articles=count):
            bare = pyoxigraph.Store(Path(out) / "bare")
            bare.bulk_load(path=plain, format=N_QUADS)
        with stage("check the whole", articles=count):
            check_release(store, vocabulary=VOCABULARY)
        with stage("seal (three dumps, sums)", articles=count):
            release, _ = draft.seal(store)
        with stage("  against one bare dump", articles=count):
            bare.dump(Path(out) / "bare.nq", N_QUADS)
        print(f"{count} articles, {release.counts['triples']:,} triples")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
