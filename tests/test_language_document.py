"""The Doc: its trees, sentences and stretches are those that spaCy sees in the same annotations."""

import gc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.language import Doc, Token
from kg.language.document import kept_by

WORDS = st.sampled_from(["He", "said", ".", "\n", "“", "États-Unis", "e\u0301"])


@st.composite
def documents(draw: st.DrawFn, *, crossing: bool = False) -> Doc:
    """Sentences with random trees; unless `crossing`, no arc crosses another one."""
    words: list[str] = []
    heads: list[int] = []
    for size in draw(st.lists(st.integers(1, 9), min_size=1, max_size=4)):
        first = len(words)
        words += draw(st.lists(WORDS, min_size=size, max_size=size))
        root = draw(st.integers(0, size - 1))
        if crossing:
            order = [root, *draw(st.permutations([number for number in range(size) if number != root]))]
            found = {root: root, **{order[n]: order[draw(st.integers(0, n - 1))] for n in range(1, size)}}
            heads += [first + found[number] for number in range(size)]
        else:
            heads += [first + head for head in projective(draw, 0, size, -1)]
    spaces = draw(st.lists(st.booleans(), min_size=len(words), max_size=len(words)))
    tags = ["B-ORG" if number % 3 == 1 else "I-ORG" if number % 3 == 2 else "O" for number in range(len(words))]
    relations = ["ROOT" if head == number else "dep" for number, head in enumerate(heads)]
    return Doc(words=words, spaces=spaces, pos=["X"] * len(words), lemmas=words, deps=relations, heads=heads, ents=tags)


def projective(draw: st.DrawFn, start: int, end: int, head: int) -> list[int]:
    if start == end:
        return []
    root = draw(st.integers(start, end - 1))
    return [*projective(draw, start, root, root), root if head < 0 else head, *projective(draw, root + 1, end, root)]


@pytest.fixture
def _spacy() -> None:
    pytest.importorskip("spacy", reason="compares with spaCy")


def numbers(tokens) -> list[int]:
    return [token.i for token in tokens]


@pytest.mark.usefixtures("_spacy")
@settings(deadline=None, max_examples=80)
@given(doc=documents())
def test_trees_and_sentences_are_those_of_spacy(doc):
    other = doc.to_spacy()
    assert doc.text == other.text
    assert [(each.start, each.end) for each in doc.sents] == [(each.start, each.end) for each in other.sents]
    assert [(each.start_char, each.end_char, each.label_, each.text) for each in doc.ents] == [
        (each.start_char, each.end_char, each.label_, each.text) for each in other.ents]
    for token, twin in zip(doc, other, strict=True):
        assert (token.idx, token.head.i, token.whitespace_) == (twin.idx, twin.head.i, twin.whitespace_)
        assert (token.left_edge.i, token.right_edge.i) == (twin.left_edge.i, twin.right_edge.i)
        assert numbers(token.children) == numbers(twin.children)
        assert numbers(token.subtree) == numbers(twin.subtree)
        assert numbers(token.ancestors) == numbers(twin.ancestors)
        assert (token.sent.start, token.is_sent_start) == (twin.sent.start, twin.is_sent_start)
        assert (token.ent_type_, token.is_space) == (twin.ent_type_, twin.is_space)


@settings(deadline=None, max_examples=80)
@given(doc=documents(crossing=True))
def test_edges_hold_the_subtree_also_where_arcs_cross(doc):
    for token in doc:
        below = [other for other in doc if other is token or token.is_ancestor(other)]
        assert sorted(numbers(token.subtree)) == numbers(below)
        assert (token.left_edge, token.right_edge) == (below[0], below[-1])
        assert token in token.sent


@pytest.mark.usefixtures("_spacy")
@settings(deadline=None, max_examples=80)
@given(doc=documents(), start=st.integers(-1, 60), size=st.integers(0, 40),
       mode=st.sampled_from(["strict", "expand", "contract"]))
def test_stretches_of_characters_are_those_of_spacy(doc, start, size, mode):
    other = doc.to_spacy()
    found = doc.char_span(start, start + size, alignment_mode=mode)
    expected = other.char_span(start, start + size, alignment_mode=mode)
    assert (found is None) == (expected is None)
    if found is not None:
        assert (found.start, found.end, found.text) == (expected.start, expected.end, expected.text)
        assert (found.start_char, found.end_char) == (expected.start_char, expected.end_char)
        assert not found or found.root.i == expected.root.i


@pytest.mark.usefixtures("_spacy")
@pytest.mark.parametrize("place", [slice(1, 3), slice(-2, None), slice(3, 1), slice(2, 99), slice(None, -1)])
def test_slices_are_those_of_spacy(place):
    doc = Doc(words=["a", "b", "c", "d"], deps=["ROOT"] * 4)
    other = doc.to_spacy()[place]
    assert (doc[place].start, doc[place].end, doc[place].text) == (other.start, other.end, other.text)


def test_a_stretch_counts_from_both_ends():
    stretch = Doc(words=["a", "b", "c", "d"])[1:3]
    assert (stretch[0].text, stretch[-1].text, len(stretch)) == ("b", "c", 2)
    with pytest.raises(IndexError):
        stretch[2]


def test_a_dissolved_document_leaves_nothing_to_the_garbage_collector():
    doc = Doc(words=["a", "b", "c"], heads=[1, 1, 1], deps=["x", "ROOT", "x"])
    assert [token.i for token in doc[0].ancestors] == [1]
    gc.collect()
    doc.dissolve()
    del doc
    assert gc.collect() == 0


def test_an_answer_is_kept_for_each_token_and_lexicon():
    asked = []

    class Lexicon:
        @kept_by
        def knows(self, token: Token) -> bool:
            asked.append((self, token))
            return True

    doc, lexicons = Doc(words=["a", "b"]), (Lexicon(), Lexicon())
    assert all(lexicon.knows(token) for _ in range(2) for lexicon in lexicons for token in doc)
    assert asked == [(lexicon, token) for lexicon in lexicons for token in doc]


def test_an_empty_document_has_no_sentences():
    assert (Doc(words=[]).sents, Doc(words=[]).text, Doc(words=[]).char_span(0, 1)) == ((), "", None)
