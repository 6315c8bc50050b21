"""Agreements as news tells them, through the shipped encoder; the cases are in data/agreements.json.

Each one names its actors (`words: kind label`, kinds as in statement_cases) and all agreements that it holds: what is
no agreement, what was denied and what nobody did are cases, too.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import pytest

from kg.agreements import find_agreements, load_terms
from kg.dates import find_times
from kg.language import Parser, load_parser
from kg.model import Agreement
from tests.statement_cases import article, cast

CASES = json.loads((Path(__file__).parent / "data" / "agreements.json").read_text(encoding="utf-8"))
MODEL = files("kg.language").joinpath("model", "model.onnx")
TERMS = load_terms()


@pytest.fixture(scope="module")
def parser() -> Parser:
    if not MODEL.is_file():
        pytest.skip("the encoder is not in kg/language/model")
    return load_parser()


def read(text: str, actors: Mapping[str, str], parser: Parser) -> tuple[Agreement, ...]:
    told = article(text)
    times = find_times(text, published=told.published, spans=told.prose)
    return find_agreements(parser(text, blocks=told.prose), article=told, cast=cast(text, actors), times=times,
                           terms=TERMS)


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_who_agreed_to_what(case, parser):
    found = read(case["text"], case["actors"], parser)
    told = [{"kind": agreement.kind, "status": agreement.status,
             "parties": sorted(party.rsplit("/", 1)[-1] for party in agreement.parties)} for agreement in found]
    assert told == [{**agreement, "parties": sorted(agreement["parties"])} for agreement in case["agreements"]]


STATES = {name: f"S {name}" for name in ("Chad", "Ghana", "Greece", "Mali", "Panama", "Peru", "Togo", "Turkey")}


@pytest.mark.parametrize(("text", "duties"), [
    ("Chad and Mali signed a pact on Monday. Both countries promised to let convoys pass.",
     ["Chad: let convoys pass", "Mali: let convoys pass"]),
    ("Ghana and Togo signed a treaty. Ghana will open its ports and Togo will pay for the roads.",
     ["Ghana: open its ports and Togo will pay for the roads"]),
    ("Under the agreement between Chad and Mali:\nChad will pay for a dam.\nMali will share its water.",
     ["Chad: pay for a dam", "Mali: share its water"]),
    ("Turkey will take back migrants, and Greece will pay for the ships, according to a draft accord.",
     ["Turkey: take back migrants", "Greece: pay for the ships"]),
    ("The pact between Chad and Mali was renewed in May, with Chad paying 59 million euros a year.",
     ["Chad: paying 59 million euros a year"]),
    ("Ghana will get two boats from Togo under a treaty.", ["Togo: get two boats from Togo"]),
    ("Peru and Panama agreed on Monday to strengthen their partnership in trade.",
     ["Peru, Panama: strengthen their partnership in trade"]),
    ("Peru agreed to return the stolen masks to Panama.", ["Peru: return the stolen masks to Panama"]),
    ("Ghana signed an accord with Togo that will scrap duties on cocoa.", ["Ghana, Togo: scrap duties on cocoa"]),
    ("Ghana and Togo signed a contract, ending the longest row of the century.", []),
    ("Ghana and Togo signed a contract. Peru will hold talks in May.", []),
])
def test_who_has_to_do_what(text, duties, parser):
    told = [f"{', '.join(bearer.rsplit('/', 1)[-1] for bearer in duty.bearers)}: {duty.action.of(text)}"
            for agreement in read(text, STATES, parser) for duty in agreement.obligations]
    assert told == duties


@pytest.mark.parametrize(("text", "label"), [
    ("Chad and Mali agreed to build a 350-km high-speed railway line.",
     "Agreement to build a 350-km high-speed railway line between Chad and Mali"),
    ("Chad and Mali have agreed to hold the first meeting at the level of foreign ministers in Togo.",
     "Agreement to hold the first meeting between Chad and Mali"),
    ("Peru's agreement with Panama on fish entered into force in May.",
     "Agreement of Peru and Panama (in-force in May 2023)"),
])
def test_an_agreement_is_called_by_whole_phrases(text, label, parser):
    [agreement] = read(text, STATES, parser)
    assert agreement.label == label


@pytest.mark.parametrize(("text", "earliest", "latest"), [
    ("Officials said on Monday that Chad and Mali had signed a treaty.", None, "2024-04-22"),
    ("The treaty between Chad and Mali has been in force since August.", "2023-08-01", "2023-08-31"),
    ("Last month's truce between Chad and Mali was welcomed.", "2024-03-01", "2024-03-31"),
])
def test_when_it_came_about(text, earliest, latest, parser):
    [agreement] = read(text, STATES, parser)
    when = agreement.events[0].when
    assert (when.earliest and str(when.earliest), str(when.latest)) == (earliest, latest)
