"""Short news texts through all stages, with the shipped encoder: who is taken for the speaker."""

from importlib.resources import files

import pytest

from kg.articles import read_article
from kg.extraction import Knowledge, extract

MODEL = files("kg.language").joinpath("model", "model.onnx")


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    if not MODEL.is_file():
        pytest.skip("the encoder is not in kg/language/model")
    return Knowledge.load()


@pytest.mark.parametrize(("text", "speaker"), [
    ("Mike Pence spoke in Ohio. “Donald Trump will release his tax returns,” he said.", "Mike Pence"),
    ("Ana Ruiz wrote to the board. “Jan Doe has our trust,” she said.", "Ana Ruiz"),
    ("Montana Sen. Jon Tester said the state was at risk.", "Jon Tester"),
    ("Norway spoke first. The Scottish government said it had been told in time.", "Scottish government"),
    ("Iran sold oil. The Taliban's Ministry of Finance said the deal was done.", "Ministry of Finance"),
    ("Iran sold oil. The Ministry of Finance said the deal was done.", "Ministry of Finance of Iran"),
    ("Alphabet Inc’s Google said it would pay.", "Google"),
    ("Rhein-TV said it had seen the letter.", "Rhein-TV"),
])
def test_the_speaker_is_who_spoke(text, speaker, knowledge):
    extraction = extract(read_article(f" date 2024-04-24 (AGENCY)\n\n{text}\n".encode(), source="case.txt"),
                         knowledge=knowledge)
    [*_, said] = extraction.statements
    assert [extraction.cast.actors[actor].label for actor in said.speakers] == [speaker]


def test_an_envoy_of_a_capital_has_its_state_for_a_country(knowledge):
    told = "Moscow's deputy envoy, Ivan Orlov, spoke. He insisted that his country was no party."
    extraction = extract(read_article(f" date 2024-04-24\n\n{told}\n".encode(), source="case.txt"), knowledge=knowledge)
    [*_, said] = extraction.statements
    assert {extraction.cast.actors[actor].label for actor in said.about} == {"Russia"}
