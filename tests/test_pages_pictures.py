"""Pictures: bars over time and flows between actors, each drawn from a table."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from server.pages.pictures import Tie, around, between, timeline
from server.pages.reader import Value

DAY = date(2024, 4, 24)


def tie(speaker, subject, count):
    return Tie(Value(speaker, f"page/{speaker}"), Value(subject, f"page/{subject}"), count, f"?{speaker}-{subject}")


@pytest.mark.parametrize(("days", "unit", "names"), [
    (0, "day", ["24 April 2024"]), (44, "day", ["24 April 2024", "7 June 2024"]),
    (45, "month", ["April 2024", "June 2024"]), (1400, "month", ["April 2024", "February 2028"]),
    (2000, "year", ["2024", "2029"]),
])
def test_the_longer_the_time_the_longer_its_periods(days, unit, names):
    found = timeline({"said": {DAY: (1, 0), DAY + timedelta(days=days): (2, 1)}})
    assert (found.unit, [period.name for period in found.periods]) == (unit, names)


def test_periods_cover_each_day_once_and_keep_every_count():
    days = {DAY + timedelta(days=number): (number % 5, number % 2) for number in range(400)}
    found = timeline({"said": days, "about": {DAY: (7, 0)}})
    assert sum(period.counts[0] for period in found.periods) == sum(count for count, _ in days.values())
    assert [lane.total for lane in found.lanes] == [sum(count for count, _ in days.values()), 7]
    ends = [(period.first, period.last) for period in found.periods]
    assert all(later[0] == before[1] + timedelta(days=1) for before, later in pairwise(ends))


def test_bars_stay_inside_their_lane_and_tell_what_is_against():
    found = timeline({"said": {DAY: (4, 1), DAY + timedelta(days=9): (2, 2)}})
    [lane] = found.lanes
    assert all(0 <= bar.x < bar.x + bar.width <= 640 and 0 < bar.height < lane.base for bar in lane.bars)
    assert [(bar.against / bar.height, bar.place) for bar in lane.bars] == [(.25, 0), (1, 1)]


def test_nothing_that_is_dated_gives_no_picture():
    assert timeline({"said": {}}) is None


def test_flows_run_from_speakers_to_subjects_the_most_frequent_above():
    found = between([tie("a", "x", 1), tie("b", "x", 5), tie("b", "y", 2)])
    assert [(node.text, node.count) for node in found.left] == [("b", 7), ("a", 1)]
    assert [(node.text, node.count) for node in found.right] == [("x", 6), ("y", 2)]
    assert max(found.flows, key=lambda flow: flow.width).title == "b about x: 5"


def test_an_actor_stands_between_those_who_speak_of_it_and_those_it_speaks_of():
    found = around("me", heard=[tie("a", "me", 3)], said=[tie("me", "x", 2)], pacts={Value("y", "page/y"): 1})
    assert (found.middle, [node.text for node in found.left], [node.text for node in found.right]) == (
        "me", ["a"], ["x", "y"])
    assert [flow.title for flow in found.flows] == ["a about me: 3", "me about x: 2", "agreements with y: 1"]
    assert [flow.pact for flow in found.flows] == [False, False, True]


def test_a_long_name_is_cut_in_a_picture():
    assert len(between([tie("word " * 99, "x", 1)]).left[0].text) <= 32
