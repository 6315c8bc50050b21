"""One article through all stages, with the shipped encoder."""

from datetime import date

import pytest

from kg.articles import read_article
from kg.extraction import Knowledge, extract
from kg.model import Extraction

TEXT = """ date 2023-09-14 (Northern Wire)
Harbour talks resume

Foreign Minister Elena Brandt denied on Tuesday that Norway had sold missiles to Qatar.

"We have never sold any weapons there," Brandt told reporters in Oslo.

Norway and Sweden signed a trade agreement last week.
"""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.load()


@pytest.fixture(scope="module")
def extraction(knowledge) -> Extraction:
    return extract(read_article(TEXT.encode(), source="harbour.txt"), knowledge=knowledge)


def test_a_denial_is_negative_and_its_proposition_is_not(extraction):
    [denial] = [statement for statement in extraction.statements if statement.cue.of(TEXT).strip() == "denied"]
    assert (denial.stance, denial.polarity) == ("denies", "negative")
    assert ("id/state/NOR",) in [proposition.agents for proposition in denial.contents]
    assert (denial.when.earliest, denial.when.latest) == (date(2023, 9, 12), date(2023, 9, 12))


def test_all_statements_of_one_person_have_one_speaker(extraction):
    speakers = {speaker for statement in extraction.statements for speaker in statement.speakers}
    assert len(speakers) == 1
    assert extraction.cast.actors[speakers.pop()].label == "Elena Brandt"


def test_an_agreement_has_its_parties_and_its_window(extraction):
    [agreement] = extraction.agreements
    assert agreement.parties == ("id/state/NOR", "id/state/SWE")
    assert (agreement.kind, agreement.status) == ("trade", "signed")
    [event] = agreement.events
    assert (event.when.earliest, event.when.latest) == (date(2023, 9, 4), date(2023, 9, 10))


def test_every_reference_of_a_record_is_in_the_cast_or_the_registry(extraction, knowledge):
    known = set(extraction.cast.actors) | set(knowledge.registry.actors)
    for statement in extraction.statements:
        for actor in (*statement.speakers, *statement.on_behalf_of, *statement.addressees, *statement.channels):
            assert actor in known
        for proposition in (*statement.contents, *statement.premises):
            assert set(proposition.agents) | set(proposition.targets) <= known


def test_the_version_names_what_the_result_depends_on(knowledge):
    assert knowledge.version == Knowledge.load().version
    assert knowledge.version.startswith("0.1.0-")


@pytest.mark.parametrize(("head", "issues"), [
    ("03/04/2019", ["read as 2019-04-03, though day and month could be the other way round"]),
    ("Posted on 3-4-2019", ["read as 2019-04-03, though day and month could be the other way round"]),
    ("13/04/2019", []), ("3.4.2019", []),
])
def test_a_day_that_can_be_read_in_two_ways_is_told(head, issues, knowledge):
    text = f"{head}\n\nTalks between Norway and Sweden went on.\n"
    found = extract(read_article(text.encode(), source="a.txt"), knowledge=knowledge)
    assert [issue.what for issue in found.issues] == issues


def test_the_other_party_of_an_international_body_is_the_state_that_acts(knowledge):
    text = "While Argentina wants to spend more, the agreement with the International Monetary Fund calls for cuts."
    found = extract(read_article(f" date 2022-07-25\n\n{text}\n".encode(), source="a.txt"), knowledge=knowledge)
    [agreement] = found.agreements
    assert [found.cast.actors[party].label for party in agreement.parties] == [
        "International Monetary Fund", "Argentina"]
