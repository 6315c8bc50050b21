"""The named queries of ontology/queries, run over the gold of the seeds."""

import pytest

from benchmarks.quality import GOLD_BASE, gold_store
from kg.evaluation import rows
from kg.vocabulary import Vocabulary, named_queries

ROWS = {"q01": 4, "q02": 8, "q03": 4, "q04": 4, "q05": 8, "q06": 7, "q07": 4, "q08": 4, "q09": 6, "q10": 3, "q11": 4,
        "q12": 2, "q13": 1}


@pytest.fixture(scope="module")
def gold():
    return gold_store()


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
