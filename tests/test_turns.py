"""Transcripts: who speaks in labelled paragraphs. Texts run through the shipped encoder."""

import pytest

from kg.language import Parser, load_parser
from tests.statement_cases import article, labels, read

ACTORS = {"Ana Roe": "P Roe", "Jan Doe": "P Doe", "Doe": "P Doe", "Harbour Radio": "O Harbour Radio"}


@pytest.fixture(scope="module")
def parser() -> Parser:
    return load_parser()


@pytest.mark.parametrize(("text", "expected"), [
    ("Harbour Radio spoke to the mayor, Ana Roe.\nHarbour Radio: Will you open the port?\nAna Roe: We shall see.\n"
     "Harbour Radio: And the fishermen?\nAna Roe: They will be paid.",
     ["Roe: We shall see.", "Roe: They will be paid."]),
    ("Ana Roe met this paper in Lima.\nQ: Is the port safe?\nA: It is.\nQ: Since when?\nA: Since May.",
     ["Roe: It is.", "Roe: Since May."]),
    ("Spokesman Jan Doe took questions.\nQUESTION: Why now?\nMR. DOE: Because people are hungry.\n"
     "QUESTION: Who pays?\nMR. DOE: The ministry pays.",
     ["Doe: Because people are hungry.", "Doe: The ministry pays."]),
    ("The port will close.\nWinners: The railways gain.\nLosers: The fishermen lose.\nNext: A vote comes in May.", []),
    ("The port will close.\nAna Roe: We shall see.", []),
    ('Jan Doe said that the port would close.\nQuote from Ana Roe: "We shall see. It is early."',
     ['Roe: We shall see. It is early.']),
])
def test_labelled_paragraphs_are_said_by_whom_they_name(text, expected, parser):
    found = read(parser(text, blocks=article(text).prose), ACTORS)
    turns = [one for one in found.statements if one.mode == "direct"]
    assert [f"{labels(found, one.speakers)}: {one.gist}" for one in turns] == expected
