"""The tokenizer cuts as spaCy's does: as kept in tests/data/tokens.json, and as an installed spaCy tells."""

import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.language.tokenizer import Tokenizer, load_tokenizer

KEPT = [tuple(row) for row in json.loads((Path(__file__).parent / "data/tokens.json").read_text(encoding="utf-8"))]
TOKENIZER = load_tokenizer()
PIECES = st.sampled_from([
    *":;()[]'\"-–.,!?/<>=_*%$€°^’“”…", " ", "  ", "\n", "\xa0", "a", "D", "8", "10", "US", "C++", "can't", "I'm",
    "a.m.", "e.g.", "x.org", "http://x.com", "10km", "°C.", "’s", "'s", "n't", "o_O", "^_^", "co.", "U.S.", "Mr.",
    "é", "中", "👍", "\u200b",
])
TEXTS = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=14).map("".join))


@pytest.mark.parametrize(("text", "words"), KEPT, ids=lambda value: repr(value)[:20])
def test_words_are_those_of_spacy_as_they_were_kept(text, words):
    assert [word for word, _ in TOKENIZER(text)] == words


@settings(deadline=None, max_examples=200)
@given(text=TEXTS)
@example(text=" \n a  b \xa0")
def test_words_and_blanks_make_up_the_text(text):
    found = list(TOKENIZER(text))
    assert "".join(word + " " * space for word, space in found) == text
    assert all(word for word, _ in found)


@pytest.fixture(scope="module")
def reference():
    return pytest.importorskip("spacy", reason="compares with spaCy").blank("en").tokenizer


@settings(deadline=None, max_examples=500)
@given(text=TEXTS)
def test_words_are_those_of_an_installed_spacy(text, reference):
    assert list(TOKENIZER(text)) == [(token.text, bool(token.whitespace_)) for token in reference(text)]


def test_what_was_cut_before_changes_nothing():
    text = "(can't:-)) e.g. U.S.-led"
    assert list(TOKENIZER(text)) == list(TOKENIZER(text)) == list(load_tokenizer()(text))


def test_an_exception_that_affixes_cut_is_put_together_again():
    patterns = {"prefix": r"^:", "suffix": r"\)$", "infix": "-", "url": "$^"}
    tokenizer = Tokenizer(patterns=patterns, exceptions={":)": [":)"], "a-b": ["a-b"]})
    assert [word for word, _ in tokenizer("ok:) a-b a-c")] == ["ok:", ")", "a-b", "a", "-", "c"]
