"""What the shipped parser says about easy sentences, and what holds for every text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.language import Parser, load_parser
from kg.model import Span

DENIAL = (
    "Kremlin spokesman Dmitry Peskov has denied these reports. "
    "The minister said that the talks with North Korea were useful."
)
ODD_TEXTS = (
    "",
    " ",
    "\n\n \n",
    "a\x00b \x00",
    "👩‍👩‍👧 waved. e\u0301te\u0301 \u200b ended",
    "x" * 10_000,
    "!" * 10_000,
    "\ufeffHello\u2028world\x85again",
    "a  b\t c \n\n\n d. E f.  ",
    ("word " * 2_000).strip(),
    "He said. " * 500,
)


@pytest.fixture(scope="module")
def parser() -> Parser:
    return load_parser()


@pytest.mark.parametrize(
    ("word", "upos", "relation", "head", "lemma"),
    [
        ("Peskov", "PROPN", None, None, "Peskov"),
        ("denied", "VERB", "ROOT", "denied", "deny"),
        ("reports", "NOUN", "obj", "denied", "report"),
        ("has", "AUX", "aux", "denied", "have"),
        ("minister", "NOUN", "nsubj", "said", "minister"),
        ("that", "SCONJ", "mark", "useful", "that"),
        ("useful", "ADJ", "ccomp", "said", "useful"),
    ],
)
def test_an_easy_sentence_has_its_universal_dependencies(word, upos, relation, head, lemma, parser):
    doc = parser(DENIAL)
    [token] = [token for token in doc if token.text == word]
    assert (token.pos_, token.lemma_) == (upos, lemma)
    assert relation is None or (token.dep_, token.head.text) == (relation, head)


def test_a_full_stop_ends_a_sentence(parser):
    first, second = parser(DENIAL).sents
    assert (first.text[-8:], second.text[:12]) == ("reports.", "The minister")


def test_names_are_found(parser):
    found = {(name.text, name.label_) for name in parser(DENIAL).ents}
    assert {("Dmitry Peskov", "PERSON"), ("North Korea", "LOC")} <= found


def test_a_cue_is_linked_to_its_source_and_content(parser):
    text = "“We will not send arms to Ukraine,” Mr Campbell told reporters in Seoul on Monday."
    [attribution] = parser(text).user_data["attributions"]
    assert attribution.cue[0].of(text).startswith("told")
    assert [span.of(text) for span in attribution.source] == ["Mr Campbell"]
    assert "We will not send arms to Ukraine" in " ".join(span.of(text) for span in attribution.content)
    assert 0 < attribution.score <= 1


def test_the_doc_holds_the_spans_of_each_role(parser):
    doc = parser(DENIAL)
    cues = [span.text for span in doc.spans["cue"]]
    assert any("said" in cue for cue in cues)
    assert any("minister" in span.text for span in doc.spans["source"])
    assert any("talks" in span.text for span in doc.spans["content"])


def test_a_text_gives_the_same_layers_again(parser):
    one, two = (parser(DENIAL) for _ in range(2))
    assert one.user_data["attributions"] == two.user_data["attributions"]
    assert [(t.pos_, t.dep_, t.head.i) for t in one] == [(t.pos_, t.dep_, t.head.i) for t in two]


def test_what_follows_in_a_later_window_changes_nothing(parser):
    paragraph = "The president said on Monday that the two countries had signed an agreement on trade. " * 14
    alone, before = parser(paragraph), parser(paragraph + "\n" + "Officials denied it. " * 60)
    assert [(t.pos_, t.dep_) for t in before][: len(alone)] == [(t.pos_, t.dep_) for t in alone]


def test_sentences_do_not_cross_blocks(parser):
    text = "Russia and\nNorth Korea"
    doc = parser(text, blocks=[Span(start=0, end=10), Span(start=11, end=22)])
    assert [sentence.text.strip() for sentence in doc.sents if sentence.text.strip()] == ["Russia and", "North Korea"]


def test_tokens_outside_blocks_are_x_and_sentences_of_their_own(parser):
    text = "date 2024-04-24 The veto ended the panel."
    doc = parser(text, blocks=[Span(start=16, end=len(text))])
    outside = [token for token in doc if token.idx < 16]
    assert {token.pos_ for token in outside} == {"X"}
    assert next(iter(doc.sents)).text.strip() == "date 2024-04-24"
    assert all(name.start_char >= 16 for name in doc.ents)


def test_the_border_of_a_block_cuts_a_word(parser):
    doc = parser("TitleBody", blocks=[Span(start=0, end=5), Span(start=5, end=9)])
    assert [token.text for token in doc] == ["Title", "Body"]


def test_the_version_names_the_model_file(parser):
    assert len(parser.version) == 12
    assert int(parser.version, 16) >= 0


@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda text: repr(text[:12]))
def test_odd_texts_are_read(text, parser):
    check(text, parser)


COMMON = "Pak said that the arms were sent , officials denied “ it ” . U.S. can't 3.5% 👍 -- (Reuters) !!!"
words = st.sampled_from([*COMMON.split(), "\n", "\n\n", "e\u0301", "\u0301", "\x00"])
texts = st.one_of(
    st.text(max_size=80),
    st.lists(words, max_size=60).map(" ".join),
    st.lists(words, max_size=30).map("".join),
)


@settings(max_examples=40, deadline=None)
@given(text=texts)
def test_every_text_gives_valid_layers(text, parser):
    check(text, parser)


def check(text: str, parser: Parser) -> None:
    doc = parser(text)
    assert "".join(token.text_with_ws for token in doc) == text
    assert all(text.startswith(token.text, token.idx) for token in doc)
    for sentence in doc.sents:
        [root] = [token for token in sentence if token.head.i == token.i]
        assert all(token == root or root.is_ancestor(token) for token in sentence)
    for attribution in doc.user_data["attributions"]:
        assert 0 <= attribution.score <= 1
        for span in (*attribution.cue, *attribution.source, *attribution.content):
            assert span.end <= len(text)
            assert span.of(text).strip()
