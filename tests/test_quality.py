"""Quality floors: what the extraction reached on the seeds and the development articles, it must not lose again."""

import json

import pytest

from benchmarks.quality import FLOORS, bounded, floors_of, measure_own
from kg.extraction import Knowledge

PINNED = json.loads(FLOORS.read_text(encoding="utf-8"))
AT_LEAST = [(corpus, name, floor) for corpus, own in PINNED.items() for name, floor in own["at_least"].items()]
AT_MOST = [(corpus, name, ceiling) for corpus, own in PINNED.items() for name, ceiling in own["at_most"].items()]


@pytest.fixture(scope="module")
def measured():
    return measure_own(Knowledge.load())


@pytest.mark.parametrize(("corpus", "name", "floor"), AT_LEAST, ids=lambda value: str(value))
def test_a_figure_does_not_fall_below_its_floor(corpus, name, floor, measured):
    assert bounded(measured[corpus])[name] >= floor


@pytest.mark.parametrize(("corpus", "name", "ceiling"), AT_MOST, ids=lambda value: str(value))
def test_what_must_stay_small_does_not_grow(corpus, name, ceiling, measured):
    assert bounded(measured[corpus])[name] <= ceiling


@pytest.mark.parametrize("corpus", PINNED)
def test_the_floors_were_measured_on_these_very_texts_and_gold(corpus, measured):
    assert measured[corpus]["digest"] == PINNED[corpus]["digest"], "run python -m benchmarks.quality --raise-floors"


def test_all_corpora_have_floors_for_statements_and_denials():
    assert {"seeds", "development", "held-out"} == set(PINNED)
    assert all("statements" in own["at_least"] for own in PINNED.values())
    assert "flips" in PINNED["development"]["at_most"]


@pytest.mark.parametrize(("figure", "floor"), [(0.875, 0.85), (0.7, 0.83)])
def test_floors_rise_and_never_fall(figure, floor):
    before = {"seeds": {"digest": "a", "at_least": {"stance": 0.83}, "at_most": {}}}
    [own] = floors_of({"seeds": {"digest": "a", "stance": figure}}, before=before).values()
    assert own["at_least"]["stance"] == pytest.approx(floor)


def test_floors_of_other_data_start_anew():
    before = {"seeds": {"digest": "a", "at_least": {"stance": 0.83}, "at_most": {"flips": 0}}}
    [own] = floors_of({"seeds": {"digest": "b", "stance": 0.601, "flips": 3}}, before=before).values()
    assert own == {"digest": "b", "at_least": {"stance": 0.58}, "at_most": {"flips": 4}}
