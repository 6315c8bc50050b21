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
