"""Short news texts through all stages, with the shipped encoder: who said what, through whom, when, in which words.

The lines are `speaker: words`, and for channels and days what the case is about.
"""

from importlib.resources import files

import pytest

from kg.articles import read_article
from kg.extraction import Knowledge, extract
from kg.model import Extraction, Statement

MODEL = files("kg.language").joinpath("model", "model.onnx")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    if not MODEL.is_file():
        pytest.skip("the encoder is not in kg/language/model")
    return Knowledge.load()


def read(text: str, knowledge: Knowledge) -> Extraction:
    """Return what is read from a text of 24 April 2024."""
    article = read_article(f" date 2024-04-24 (AGENCY)\n\n{text}\n".encode(), source="case.txt")
    return extract(article, knowledge=knowledge)


def names(extraction: Extraction, actors: tuple[str, ...]) -> str:
    return ", ".join(extraction.cast.actors[actor].label for actor in actors)


def said(text: str, knowledge: Knowledge, *, cue: str) -> tuple[Extraction, Statement]:
    """Return the statement whose cue is `cue`."""
    extraction = read(text, knowledge)
    [found] = [statement for statement in extraction.statements if statement.cue.of(extraction.article.text) == cue]
    return extraction, found


@pytest.mark.parametrize(("text", "cue", "gist"), [
    ("Chad condemned the raid as Niger moved its troops.", "condemned", "the raid"),
    ("Greece welcomed the ruling, with Ana Ruiz calling it a victory.", "welcomed", "the ruling"),
    ("Chad rejected the pact, which took a year to write.", "rejected", "the pact"),
    ("Ana Ruiz defended the summit, jointly hosted with Poland, on Tuesday.", "defended", "the summit"),
    ("Chad rejected the draft but signed another one in May.", "rejected", "the draft"),
    ("Chad congratulated both countries through its embassy in Lima.", "congratulated", "both countries"),
    ("Japan and Chad advised their citizens on Monday to avoid Samar.", "advised", "their citizens to avoid Samar"),
    ("She calls for the cabinet secretary to investigate, Ana Ruiz said.", "said",
     "She calls for the cabinet secretary to investigate"),
    ("Ana Ruiz says Acme “does what it likes and pays nobody.”", "says", "Acme “does what it likes and pays nobody.”"),
    ("“It was early,” Ana Ruiz was quoted as saying by the newspaper Aravot.", "saying", "It was early,"),
    ("Analysts put the loss at $40 million, Ana Ruiz wrote.", "put", "the loss at $40 million"),
    ("The ministry estimates the damage at 2bn euros.", "estimates", "the damage at 2bn euros"),
    ("Organisers put the crowd at 50,000.", "put", "the crowd at 50,000"),
    ("''We left early,'' Ana Ruiz said. ''Nobody stayed behind.''", "said", "We left early, Nobody stayed behind."),
    ("Ana Ruiz said of the deal: “It is over, and we know it.”", "said", "It is over, and we know it."),
])
def test_a_content_is_what_was_said_and_no_more(text, cue, gist, knowledge):
    assert said(text, knowledge, cue=cue)[1].gist == gist


@pytest.mark.parametrize(("text", "cue", "channel"), [
    ("“They left,” Ana Ruiz told a French radio station.", "told", "French radio station"),
    ("Ana Ruiz told the broadcaster Kanal Nord that the door was open.", "told", "Kanal Nord"),
    ("A club insider told The Clarion: “We pressed send at ten.”", "told", "Clarion"),
    ("Ana Ruiz told the Polar 2 television channel that the door was open.", "told", "Polar 2"),
    ("“It was early,” Ana Ruiz was quoted as saying by the newspaper Aravot.", "saying", "Aravot"),
    ("Cholera has reached the camp, according to doctors quoted by the state news agency.", "according to",
     "state news agency"),
    ("Ana Ruiz told MPs that the door was open.", "told", ""),
    ("Ana Ruiz told the Senate that the door was open.", "told", ""),
    ("Ana Ruiz told reporters that the door was open.", "told", ""),
])
def test_the_outlet_that_words_came_through_is_their_channel(text, cue, channel, knowledge):
    extraction, statement = said(text, knowledge, cue=cue)
    assert names(extraction, statement.channels) == channel


def test_what_an_interviewer_tells_of_came_through_who_asks(knowledge):
    text = ("Our correspondent Jan Doe spoke to Ambassador Ana Roe in Vienna.\n\nQ: Is the port safe?\n\nA: It is.\n\n"
            "Q: Russia said that it would leave.\n\nA: We shall see.")
    extraction = read(text, knowledge)
    told = {names(extraction, one.speakers): names(extraction, one.channels) for one in extraction.statements}
    assert told == {"Ana Roe": "", "Russia": "Jan Doe"}


@pytest.mark.parametrize(("text", "cue", "words"), [
    ("Ana Ruiz yesterday rejected the results of Tuesday's election, saying they were false.", "saying", "yesterday"),
    ("Japan advised its citizens on Monday to avoid Samar.", "advised", "on Monday"),
    ("The ministry said on New Year's Eve that the road was shut.", "said", "on New Year's Eve"),
    ("Chad spoke of Tuesday's election, Ana Ruiz said.", "said", ""),
])
def test_the_day_of_saying_is_that_of_the_cue(text, cue, words, knowledge):
    assert said(text, knowledge, cue=cue)[1].when.words == words


@pytest.mark.parametrize(("text", "cue", "speaker"), [
    ("He is a liar and a crook who has pledged to ban all visitors. Ana Ruiz left.", "pledged", ""),
    ("He walked past delegates from the Red Cross, which said it had visited all of them.", "said",
     "International Committee of the Red Cross"),
    ("“I am banned for life, that is what the judge said,” Ana Ruiz said.", "said", "Ana Ruiz"),
])
def test_the_speaker_is_who_spoke(text, cue, speaker, knowledge):
    extraction = read(text, knowledge)
    told = [names(extraction, one.speakers) for one in extraction.statements
            if one.cue.of(extraction.article.text) == cue]
    assert told[-1:] == [speaker] or (not told and not speaker)
