"""Sentences made to trip a reader, through the shipped encoder; the cases are in data/adversarial.json.

Each one names its actors (`words: kind label`, kinds as in statement_cases) and all statements that it holds.
"""

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from kg.language import Parser, load_parser
from kg.model import Span
from tests.statement_cases import article, labels, read

CASES = json.loads((Path(__file__).parent / "data" / "adversarial.json").read_text(encoding="utf-8"))
MODEL = files("kg.language").joinpath("model", "model.onnx")


@pytest.fixture(scope="module")
def parser() -> Parser:
    if not MODEL.is_file():
        pytest.skip("the encoder is not in kg/language/model")
    return load_parser()


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_who_says_what_in_a_trap(case, parser):
    text = case["text"]
    found = read(parser(text, blocks=article(text).prose), case["actors"])
    told = [(labels(found, statement.speakers), statement.cue.of(text), statement.stance, statement.polarity)
            for statement in found.statements]
    assert told == [tuple(statement.values()) for statement in case["statements"]]


def test_every_statement_keeps_the_promises_of_the_shapes(parser):
    text = "\n".join(case["text"] for case in CASES)
    actors = {words: actor for case in CASES for words, actor in case["actors"].items()}
    found = read(parser(text, blocks=article(text).prose), actors)
    starts = [statement.cue.start for statement in found.statements]
    assert starts == sorted(set(starts))
    for statement in found.statements:
        assert statement.evidence[0].holds(statement.cue)
        pieces = [" ".join(span.of(text).split()) for span in statement.wording]
        assert statement.gist in (" ".join(pieces), f" {statement.cue.of(text)} ".join(pieces))
        assert all(not span.overlaps(statement.cue) for span in statement.wording)
        assert bool(statement.quotes) or statement.mode in ("indirect", "narrated")
        assert statement.polarity == "negative" or statement.stance != "denies"
        assert statement.cue.start not in statement.inner
        assert set(statement.inner) <= set(starts)
        assert 0 < statement.confidence <= 1


@pytest.mark.parametrize("text", [
    "Washington says Tehran armed the rebels, a charge that Iran has denied.",
    "Kyiv accused Moscow of shelling the port, which Iran denied.",
])
def test_a_denial_in_a_relative_clause_has_the_words_it_denies(text, parser):
    found = read(parser(text, blocks=article(text).prose), {"Washington": "S US", "Kyiv": "S UA", "Iran": "S IR"})
    claim, denial = found.statements
    assert (denial.wording, denial.inner) == (claim.wording, (claim.cue.start,))


def test_a_claim_in_apposition_is_what_was_said_before(parser):
    text = "Pakistan's army said on Wednesday it had shot down two jets, a claim India denied."
    found = read(parser(text, blocks=article(text).prose), {"Pakistan's army": "O army", "India": "S India"})
    claim, denial = found.statements
    assert denial.inner == (claim.cue.start,)


@pytest.mark.parametrize(("text", "cue", "gist"), [
    ("Ana Ruiz: The Danes tell us that the time is not right. I asked the minister when it would be.",
     "tell", "the time is not right"),
    ("The neighbours said that the bridge would be closed. We have opened it twice since then.",
     "said", "the bridge would be closed"),
    ("“Oslo promised to pay for the wall. We are still waiting for the money,” Ana Ruiz said.",
     "promised", "to pay for the wall"),
])
def test_what_somebody_tells_of_others_ends_with_its_sentence(text, cue, gist, parser):
    doc = parser(text, blocks=article(text).prose)
    end = text.index(",”") if ",”" in text else len(text)
    doc.user_data["attributions"] = tuple(  # as if the encoder had let the words run on
        replace(given, content=(Span(start=given.content[0].start, end=end),))
        for given in doc.user_data["attributions"] if given.cue[0].of(text).endswith(cue))
    found = read(doc, {"Ana Ruiz": "P Ruiz", "Oslo": "S NO"})
    [told] = [statement for statement in found.statements if statement.cue.of(text) == cue]
    assert told.gist.rstrip(".") == gist
