"""The parts of kg.language without the model: pieces, tokens, windows, trees, decoding, lemmas."""

import itertools
from importlib import resources
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.language.decoding import find_names, link_cues
from kg.language.lemmas import find_lemma
from kg.language.pieces import WordPiece
from kg.language.tokenizer import load_tokenizer
from kg.language.tokens import find_blocks, split_tokens
from kg.language.trees import best_tree
from kg.language.windows import BLOCK, GLUED, SPACED, cut_windows

VOCABULARY = ["[UNK]", "[CLS]", "[SEP]", "de", "##nied", "den", "##ie", "##d", "it", ".", "中", "eleve"]


@pytest.fixture(scope="module")
def pieces() -> WordPiece:
    return WordPiece(VOCABULARY)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("it", ["it"]),
        ("Denied", ["den", "##ie", "##d"]),
        ("it.it", ["it", ".", "it"]),
        ("Élève", ["eleve"]),
        ("中it", ["中", "it"]),
        ("it\u200bit", ["[UNK]"]),
        ("itx", ["[UNK]"]),
        ("\u0301", ["[UNK]"]),
        ("d" * 101, ["[UNK]"]),
    ],
)
def test_words_are_cut_into_the_longest_known_pieces(word, expected, pieces):
    assert [VOCABULARY[number] for number in pieces.ids(word)] == expected


@settings(deadline=None)
@given(st.text(max_size=30))
def test_every_word_has_a_bounded_number_of_pieces(word):
    assert 1 <= len(WordPiece(VOCABULARY).ids(word)) <= 32


@pytest.fixture(scope="module")
def tokenizer():
    return load_tokenizer()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Stop!!! Now", ["Stop", "!!!", "Now"]),
        ("long-range arms", ["long", "-", "range", "arms"]),
        ("He can't.", ["He", "ca", "n't", "."]),
        ("“No,” he said", ["“", "No", ",", "”", "he", "said"]),
        ("---- x", ["----", "x"]),
    ],
)
def test_tokens_are_those_of_the_treebanks(text, words, tokenizer):
    assert split_tokens(text, blocks=find_blocks(text), tokenizer=tokenizer).words == words


def test_gaps_tell_what_stands_before_a_token(tokenizer):
    text = "Title\n\nHe left."
    _, words, gaps = split_tokens(text, blocks=find_blocks(text), tokenizer=tokenizer).inside()
    assert list(zip(words, gaps, strict=True)) == [("Title", BLOCK), ("He", BLOCK), ("left", SPACED), (".", GLUED)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=60), st.integers(12, 60))
def test_windows_hold_every_token_once_and_keep_to_their_size(lengths, size):
    words, gaps = [], []
    for length in lengths:
        words += ["it"] * (length - 1) + ["."]
        gaps += [BLOCK] + [SPACED] * (length - 1)
    windows = list(cut_windows(words, gaps, pieces=WordPiece(VOCABULARY), size=size))
    assert [number for window in windows for number in range(window.start, window.stop)] == list(range(len(words)))
    assert all(len(window.ids) == len(window.shapes) <= size for window in windows)
    assert all(len(window.first) == window.stop - window.start for window in windows)


def test_a_long_block_is_cut_at_a_sentence_end(pieces):
    words = ["it", "it", "."] * 10
    gaps = [BLOCK, *[SPACED] * 29]
    assert {window.stop % 3 for window in cut_windows(words, gaps, pieces=pieces, size=12)} == {0}


def score(scores: np.ndarray, heads: tuple[int, ...]) -> float:
    return float(sum(scores[number, head + 1] for number, head in enumerate(heads)))


def is_tree(heads: tuple[int, ...]) -> bool:
    def leads_to_root(node: int) -> bool:
        for _ in heads:
            node = heads[node] if node >= 0 else node
        return node < 0

    return heads.count(-1) == 1 and all(leads_to_root(node) for node in range(len(heads)))


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 5), st.integers(0, 10_000))
def test_the_tree_is_the_best_of_all_with_one_root(size, seed):
    scores = np.random.default_rng(seed).normal(size=(size, size + 1)) * 3
    every = itertools.product(range(-1, size), repeat=size)
    valid = [heads for heads in every if is_tree(heads) and all(head != n for n, head in enumerate(heads))]
    best = tuple(best_tree(scores))
    assert best in valid
    assert score(scores, best) == pytest.approx(max(score(scores, heads) for heads in valid))


def layer(tags: str) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[["OBI".index(tag) for tag in tags]] * 8


def test_spans_go_to_the_cue_that_their_link_names():
    roles = np.stack([layer("OBOOBO"), layer("BOOOOO"), layer("OOBBOB")], 1)
    links = np.full((2, 6, 6), -9, np.float32)
    links[0, 1, 0] = links[0, 4, 0] = 5
    links[1, 1, 2] = links[1, 4, 3] = links[1, 1, 5] = 5
    one, two = link_cues(roles, links)
    assert (one.cue, one.sources, one.contents) == ((1, 2), ((0, 1),), ((2, 3), (5, 6)))
    assert (two.cue, two.sources, two.contents) == ((4, 5), ((0, 1),), ((3, 4),))
    assert 0 < one.score <= 1


def test_a_window_without_cues_has_no_attributions():
    roles = np.stack([layer("OOO"), layer("BOO"), layer("OBI")], 1)
    assert link_cues(roles, np.zeros((2, 3, 3), np.float32)) == []


def test_names_never_change_their_kind_inside():
    tags = [0, 1, 2, 4, 5]  # outside, begins PERSON, inside PERSON, inside ORG, begins LOC
    scores = np.eye(7, dtype=np.float32)[tags] * 8
    scores[3, 2] = 7
    assert find_names(scores) == [(1, 4, 0), (4, 5, 2)]


@pytest.mark.parametrize(
    ("word", "upos", "lemma"),
    [
        ("said", "VERB", "say"),
        ("denied", "VERB", "deny"),
        ("told", "VERB", "tell"),
        ("stated", "VERB", "state"),
        ("left", "VERB", "leave"),
        ("agreements", "NOUN", "agreement"),
        ("People", "NOUN", "person"),
        ("’s", "AUX", "be"),
        ("n’t", "PART", "not"),
        ("them", "PRON", "they"),
        ("Nations", "PROPN", "Nations"),
        ("I", "PRON", "I"),
        ("\u0130x", "NOUN", "i\u0307x"),
    ],
)
def test_lemmas_depend_on_the_part_of_speech(word, upos, lemma):
    assert find_lemma(word, upos) == lemma


SHIPPED = Path(str(resources.files("kg.language"))) / "model/vocab.txt"
UNKNOWN = 100  # what a word without any piece becomes: [UNK]
# Not all of Unicode: the package knows an older version of it than Python does.
ALPHABET = st.sampled_from("aetnd019 éÀßñ中١½٣ıİ.,-—“’$€&@_#~^|`\u200b\u0301\xad\ufeff👍\x00\t\xa0")


@pytest.fixture(scope="module")
def reference():
    tokenizers = pytest.importorskip("tokenizers", reason="compares with the package tokenizers")
    numbers = {
        piece: number for number, piece in enumerate(SHIPPED.read_text(encoding="utf-8").rstrip("\n").split("\n"))
    }
    model = tokenizers.models.WordPiece(numbers, unk_token="[UNK]", max_input_chars_per_word=100)
    reference = tokenizers.Tokenizer(model)
    reference.normalizer = tokenizers.normalizers.BertNormalizer()
    reference.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    return reference


@pytest.fixture(scope="module")
def shipped() -> WordPiece:
    return WordPiece.read(SHIPPED)


@settings(max_examples=300, deadline=None)
@given(word=st.text(ALPHABET, min_size=1, max_size=10))
def test_pieces_are_those_of_the_tokenizers_package(word, shipped, reference):
    expected = reference.encode(word).ids[:32] or [UNKNOWN]
    assert list(shipped.ids(word)) == expected
