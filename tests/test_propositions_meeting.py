"""A claim in one article and its denial in another, in other words, by another publisher: do they meet?

data/meetings.json holds pairs of short texts. Those that `meet` speak of one deed, which one text puts forward and the
other denies; the others speak of two deeds, by other doers, to other victims, in other years, or are no denial.
`missed` tells of a pair that should meet and does not yet.
"""

import json
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from kg.articles import read_article
from kg.extraction import Knowledge, extract
from kg.graph import describe, shared_graphs
from kg.links import derive_links
from kg.model import Extraction
from kg.store import EmbeddedStore, n_quads
from kg.vocabulary import Vocabulary

CASES = json.loads((Path(__file__).parent / "data" / "meetings.json").read_text(encoding="utf-8"))
MODEL = files("kg.language").joinpath("model", "model.onnx")
VOCABULARY = Vocabulary(base="https://example.org/")


def links_between(extractions: Iterable[Extraction]) -> set[tuple[str, str]]:
    """Return the keys of the articles of which a statement of one contradicts one of the other."""
    store = EmbeddedStore()
    graphs = [shared_graphs(VOCABULARY), *(describe(found, vocabulary=VOCABULARY) for found in extractions)]
    for one in graphs:
        for name, graph in one.items():
            store.add(n_quads(graph, name=str(VOCABULARY.iri(name))))
    rows = [line.decode().split()[:3] for line in derive_links(store, vocabulary=VOCABULARY)]
    return {(_article_of(one), _article_of(other)) for one, name, other in rows if name.endswith("#contradicts>")}


def _article_of(statement: str) -> str:
    """Return the key of the article that a statement's IRI begins with."""
    return statement.rpartition("/")[2].partition("-")[0]


@cache
def pairs() -> tuple[tuple[str, str], ...]:
    """Return the keys of the claim's and the denial's article of each case."""
    return tuple((_extracted(case, "claim").article.key, _extracted(case, "denial").article.key) for case in CASES)


@cache
def linked() -> frozenset[tuple[str, str]]:
    """Return which articles contradict each other when all are in one store."""
    found = {one.article.key: one for case in CASES for one in (_extracted(case, "claim"), _extracted(case, "denial"))}
    both = links_between(found.values())
    return frozenset((*both, *((other, one) for one, other in both)))


@cache
def _knowledge() -> Knowledge:
    return Knowledge.load()


def _extracted(case: dict[str, str], part: str) -> Extraction:
    day, agency = (case["claimed"], "REUTERS") if part == "claim" else (case["denied"], "AFP")
    return _read(f" date {day} ({agency})\n\n{case[part]}\n")


@cache
def _read(text: str) -> Extraction:
    return extract(read_article(text.encode(), source="a.txt"), knowledge=_knowledge())


@pytest.fixture(autouse=True)
def encoder() -> None:
    if not MODEL.is_file():
        pytest.skip("the encoder is not in kg/language/model")


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case["about"] for case in CASES])
def test_a_denial_meets_the_claim_that_it_denies_and_no_other(number: int) -> None:
    case = CASES[number]
    assert (pairs()[number] in linked()) == (case["meet"] and not case.get("missed", False))


def test_articles_about_different_things_do_not_contradict_each_other() -> None:
    number_of = {key: number for number, keys in enumerate(pairs()) for key in keys}
    assert {(one, other) for one, other in linked() if number_of[one] != number_of[other]} == set()
