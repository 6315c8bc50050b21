"""The seeds through all stages after the encoder, compared as graphs with the Turtle that is kept.

`python -m tests.frozen` rewrites what is expected; the difference is read like code.
"""

import pytest
from rdflib import Graph
from rdflib.compare import graph_diff, to_isomorphic

from benchmarks.quality import seeds
from kg.extraction import Knowledge
from tests.frozen import GOLDEN, frozen_extraction, turtle


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.mark.parametrize("path", seeds(), ids=lambda path: path.stem)
def test_a_seed_gives_the_triples_that_are_kept(path, knowledge):
    ours = to_isomorphic(Graph().parse(data=turtle(frozen_extraction(path, knowledge=knowledge)), format="turtle"))
    kept = to_isomorphic(Graph().parse(GOLDEN / f"{path.stem}.ttl", format="turtle"))
    _, lost, new = graph_diff(kept, ours)
    assert sorted(lost) == []
    assert sorted(new) == []
