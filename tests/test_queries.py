"""The named queries of ontology/queries, run over the gold of the seeds."""

import pyoxigraph
import pytest

from benchmarks.quality import GOLD_BASE, gold_store
from kg.evaluation import rows
from kg.links import derive_links
from kg.store import EmbeddedStore
from kg.vocabulary import Vocabulary, named_queries

ROWS = {"q01": 4, "q02": 8, "q03": 4, "q04": 4, "q05": 8, "q06": 7, "q07": 4, "q08": 4, "q09": 6, "q10": 3, "q11": 4,
        "q12": 2, "q13": 1, "q14": 9, "q15": 0}


@pytest.fixture(scope="module")
def gold():
    """The gold with the links that follow from it, which its graphs do not hold."""
    plain, store = gold_store(), EmbeddedStore()
    graph = pyoxigraph.NamedNode(f"{GOLD_BASE}graph/gold")
    quads = (pyoxigraph.Quad(*quad.triple, graph) for quad in plain)
    store.add([pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS)])
    links = b"".join(derive_links(store, vocabulary=Vocabulary(base=GOLD_BASE)))
    plain.load(links, pyoxigraph.RdfFormat.N_QUADS)
    return plain


@pytest.mark.parametrize(("name", "query"), list(named_queries()), ids=[name for name, _ in named_queries()])
def test_each_query_answers_as_the_gold_says(name, query, gold):
    assert len(list(rows(gold, query, vocabulary=Vocabulary(base=GOLD_BASE)))) == ROWS[name]


def test_every_query_begins_with_a_line_that_says_what_it_asks():
    for name, query in named_queries():
        assert query.startswith("# "), name


def test_peskov_and_campbell_meet_in_one_proposition(gold):
    query = dict(named_queries())["q01"]
    pairs = {(row["denier"], row["asserter"]) for row in rows(gold, query, vocabulary=Vocabulary(base=GOLD_BASE))}
    assert ("Dmitry Peskov", "Kurt Campbell") in pairs


def test_campbell_contradicts_peskov_in_words_of_their_own(gold):
    query = dict(named_queries())["q14"]
    found = {(row["what"], row["who"], row["day"], row["whom"], row["before"], row["had_said"])
             for row in rows(gold, query, vocabulary=Vocabulary(base=GOLD_BASE))}
    assert ("North Korea: supply-arms -> Russia", "Kurt Campbell", "2024-06-24", "Dmitry Peskov", "2024-04-24",
            "these reports") in found
