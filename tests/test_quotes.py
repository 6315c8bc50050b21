import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Span, Spans
from kg.statements.quotes import find_quotations


def paragraphs(text: str) -> Spans:
    return tuple(Span(start=found.start(), end=found.end()) for found in re.finditer(r"[^\n]+", text))


def quoted(text: str) -> list[str]:
    return [found.inner.of(text) for found in find_quotations(text, blocks=paragraphs(text))]


@pytest.mark.parametrize(("text", "inner"), [
    ('He said "yes" and left.', ["yes"]),
    ('"Yes," he said. "No."', ["Yes,", "No."]),
    ("“Yes,” he said. “No.”", ["Yes,", "No."]),
    ("‘We are ready’, she said.", ["We are ready"]),
    ("'We are ready,' she said.", ["We are ready,"]),
    ("«Oui», dit-il.", ["Oui"]),
    ("''Yes,'' he said. ''It's late.''", ["Yes,", "It's late."]),
    ("``Yes,'' he said.", ["Yes,"]),
    ("„Ja“, sagte er.", ["Ja"]),
    ("the (“so-called”) plan", ["so-called"]),
    ('the "plan"', ["plan"]),
    ('“Yes," he said. "No.”', ["Yes,", "No."]),
    ('“We said "no" to them,” he said.', ['We said "no" to them,']),
    ('He promised “change for all," a paper reported.', ["change for all,"]),
])
def test_marks_of_every_kind_are_paired(text, inner):
    assert quoted(text) == inner


@pytest.mark.parametrize("text", [
    "The minister's plan isn't the ministers' plan.",
    "The minister’s plan isn’t the ministers’ plan.",
    "Back in the '90s it was rock 'n' roll.",
    "a 6'2\" player",
])
def test_apostrophes_and_inches_are_no_quotations(text):
    assert quoted(text) == []


@pytest.mark.parametrize(("text", "inner"), [
    ("‘It’s the ministers’ plan’, he said.", ["It’s the ministers’ plan"]),
    ("'It isn't the workers' fault,' he said.", ["It isn't the workers' fault,"]),
    ("“She told me ‘never’ twice,” he said.", ["She told me ‘never’ twice,"]),
    ("\"She told me 'never' twice,\" he said.", ["She told me 'never' twice,"]),
    ("‘She said “never” to me,’ he said.", ["She said “never” to me,"]),
])
def test_marks_inside_a_quotation_stay_inside(text, inner):
    assert quoted(text) == inner


def test_a_forgotten_mark_ends_where_the_next_quotation_ends():
    text = '"We have money. "It may take years," he said. "Yes."'
    assert quoted(text) == ['We have money. "It may take years,', "Yes."]


def test_a_lone_mark_opens_nothing():
    assert quoted("The plan” was old.\nThe “plan was new.\nThe end.") == []


def test_a_long_quotation_goes_on_in_the_next_paragraph():
    text = "“We came early.\n“We left late,” he said."
    first, second = find_quotations(text, blocks=paragraphs(text))
    assert (first.open, first.inner.of(text)) == (True, "We came early.")
    assert (second.open, second.inner.of(text)) == (False, "We left late,")


@pytest.mark.parametrize(("text", "whole"), [
    ('It was late. "We must go." He left.', True),
    ('"We must go," he said.', False),
    ('He said "we must go".', False),
    ('"We must go."', True),
    ("He spoke.\n“We must go.”", True),
    ('The "Great Game" is over.', False),
])
def test_a_quotation_knows_whether_it_fills_its_sentences(text, whole):
    assert find_quotations(text, blocks=paragraphs(text))[0].is_sentence(text) is whole


@given(st.text(alphabet="ab .,\n\"'“”‘’«»", max_size=60))
def test_quotations_lie_in_their_marks_in_order_and_apart(text):
    found = find_quotations(text, blocks=paragraphs(text))
    assert all(quotation.outer.holds(quotation.inner) for quotation in found)
    assert all(before.outer.end <= after.outer.start for before, after in pairwise(found))
    assert not any("\n" in quotation.outer.of(text) for quotation in found)
