"""The lexicon of acts: its tables fit the schemes and each other."""

import pytest
from rdflib import SKOS, URIRef

from kg.propositions import load_acts
from kg.propositions.lexicon import FROM_THE_WORDS, Row
from kg.vocabulary import Vocabulary

ACTS = load_acts()
ROWS = [(key, row) for key, rows in ACTS.rows.items() for row in rows]
PLACES = {"subj", "obj", "iobj", "poss", "adj", "noun", "obj.own"}
JOINT = {"cooperate", "consult", "negotiate", "sign", "agree", "merge", "clash", "trade", "exchange-prisoners",
         "exercise-jointly"}


def names(scheme: str) -> set[str]:
    """Return the names of the concepts of a scheme."""
    return {str(concept).rpartition("#")[2] for concept in Vocabulary().concepts[scheme]}


def test_the_lexicon_is_large_enough_for_general_news() -> None:
    assert len(ROWS) >= 1000
    assert len({key for key, _ in ROWS}) >= 700


def test_every_class_that_a_row_asks_for_has_words() -> None:
    known = {name for classes in ACTS.classes.values() for name in classes}
    assert {name for _, row in ROWS for name in row.objects} <= known


def test_every_topic_is_a_concept() -> None:
    told = {row.topic for _, row in ROWS} - {"", FROM_THE_WORDS}
    assert told | set(ACTS.topics.values()) <= names("topic")


def test_anaphors_name_stances_of_the_scheme() -> None:
    told = {stance for tiers in ACTS.anaphors.values() for tier in tiers for stance in tier.split("+")}
    assert told <= names("stance")


def test_every_act_of_the_scheme_has_a_word() -> None:
    assert names("act") - {row.act for _, row in ROWS} <= {"govern", "offend", "produce"}


def test_every_act_is_defined_and_stands_below_another_or_at_the_top() -> None:
    graph = Vocabulary().graph("schemes.ttl")
    scheme = URIRef(Vocabulary().base + "ns/act")
    for act in graph.subjects(SKOS.inScheme, scheme):
        assert graph.value(act, SKOS.definition), act
        assert all((above, SKOS.inScheme, scheme) in graph for above in graph.objects(act, SKOS.broader)), act


@pytest.mark.parametrize(("act", "lineage"), [
    ("supply-arms", ("supply-arms", "aid-military", "aid")), ("assault", ("assault",)), ("veto", ("veto", "reject")),
])
def test_acts_lead_up_to_their_group(act: str, lineage: tuple[str, ...]) -> None:
    assert ACTS.lineage(act) == lineage


@pytest.mark.parametrize(("act", "other", "related"), [
    ("supply-arms", "aid", True), ("aid", "supply-arms", True), ("supply-arms", "transfer-technology", False),
])
def test_acts_are_related_along_one_line(act: str, other: str, related: bool) -> None:
    assert ACTS.related(act, other) is related


def test_joint_acts_have_no_target() -> None:
    wrong = {(key, row.act, row.target) for key, row in ROWS if row.act in JOINT - {"trade"} and row.target}
    assert wrong == set()


def test_places_are_roles_or_prepositions() -> None:
    wrong = [(key, place) for key, row in ROWS for place in (*row.agent, *row.target)
             if place not in PLACES and not (place.isalpha() and place.islower())]
    assert wrong == []


def test_every_row_finds_somebody() -> None:
    assert [key for key, row in ROWS if not row.agent + row.target] == []


def test_a_required_place_is_one_of_the_places() -> None:
    assert [key for key, row in ROWS if not row.required | row.present <= {*row.agent, *row.target}] == []


@pytest.mark.parametrize(("row", "symmetric"), [
    (Row(words=("meet",), act="consult", agent=("subj", "with"), target=()), True),
    (Row(words=("meet",), act="consult", agent=("subj", "obj"), target=()), True),
    (Row(words=("align",), act="align", agent=("subj",), target=("with",)), False),
    (Row(words=("resign",), act="resign", agent=("subj",), target=()), False),
])
def test_a_row_is_symmetric_when_both_sides_are_agents(row: Row, symmetric: bool) -> None:
    assert row.symmetric is symmetric
