"""Time expressions: the words found, and the days that they can mean against the day of publication."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.dates import find_times, resolve_weekday
from kg.dates.calendar import month_number, weekday_number, written_days
from kg.errors import DateError
from kg.model import Span, TimeExpression

MONDAY = date(2024, 6, 24)


def times(text: str, published: date = MONDAY) -> tuple[TimeExpression, ...]:
    return find_times(text, published=published, spans=(Span(start=0, end=len(text)),))


def read(text: str, published: date = MONDAY) -> list[str]:
    return [f"{time.span.of(text)}: {time.earliest} {time.latest}" for time in times(text, published)]


def days(text: str, published: date = MONDAY) -> str:
    [time] = times(text, published)
    return str(time.earliest) if time.earliest == time.latest else f"{time.earliest} {time.latest}"


@pytest.mark.parametrize(("text", "expected"), [
    ("They met on Monday.", "on Monday: 2024-06-24 2024-06-24"),
    ("They met on Tuesday evening.", "on Tuesday evening: 2024-06-18 2024-06-18"),
    ("Officials said Wednesday night that it was over.", "Wednesday night: 2024-06-19 2024-06-19"),
    ("Friday's test was the biggest.", "Friday: 2024-06-21 2024-06-21"),
    ("It ended late on Thursday.", "late on Thursday: 2024-06-20 2024-06-20"),
    ("They met last Monday.", "last Monday: 2024-06-17 2024-06-17"),
    ("They meet this Friday.", "this Friday: 2024-06-28 2024-06-28"),
    ("They will meet on Friday.", "on Friday: 2024-06-28 2024-06-28"),
    ("The vote is expected to take place on Wednesday.", "on Wednesday: 2024-06-26 2024-06-26"),
    ("On Wednesday, the two leaders will meet again.", "On Wednesday: 2024-06-26 2024-06-26"),
    ("On Wednesday they agreed to meet again.", "On Wednesday: 2024-06-19 2024-06-19"),
    ("On Friday the king promised to pay.", "On Friday: 2024-06-21 2024-06-21"),
    ("On Tuesday both vowed to stay.", "On Tuesday: 2024-06-18 2024-06-18"),
    ("They agreed to meet on Wednesday.", "on Wednesday: 2024-06-26 2024-06-26"),
    ("The talks start next Tuesday.", "next Tuesday: 2024-06-25 2024-07-02"),
    ("It was announced by the king on Friday.", "on Friday: 2024-06-21 2024-06-21"),
    ("A summit starting on Wednesday was planned.", "on Wednesday: 2024-06-26 2024-06-26"),
    ("They have until Friday to answer.", "until Friday: 2024-06-28 2024-06-28"),
    ("They voted on Friday, April 19.", "on Friday, April 19: 2024-04-19 2024-04-19"),
    ("They met on New Year's Eve.", "on New Year's Eve: 2023-12-31 2023-12-31"),
    ("They met on Christmas Day.", "on Christmas Day: 2023-12-25 2023-12-25"),
    ("They had marched on May Day.", "on May Day: 2024-05-01 2024-05-01"),
    ("The offer was made; it expires on Friday.", "on Friday: 2024-06-28 2024-06-28"),
    ("The truce takes effect Wednesday.", "Wednesday: 2024-06-26 2024-06-26"),
])
def test_a_weekday_is_the_latest_one_unless_the_words_look_ahead(text, expected):
    assert read(text) == [expected]


@pytest.mark.parametrize(("text", "expected"), [
    ("They signed a pact in 1998. Peru left it a year later.", "a year later: 1999-01-01 1999-12-31"),
    ("On May 14 it was shot. Two weeks later a second one was.", "Two weeks later: 2024-05-28 2024-05-28"),
    ("On Friday it broke the truce made a day earlier.", "a day earlier: 2024-06-20 2024-06-20"),
    ("They met in March 2022 and signed the following month.", "the following month: 2022-04-01 2022-04-30"),
    ("In 2019 Peru signed; Chile did the same year.", "the same year: 2019-01-01 2019-12-31"),
])
def test_a_time_may_be_told_from_the_one_before(text, expected):
    assert read(text)[-1] == expected


def test_without_a_time_before_none_is_told_from_it():
    assert read("Peru left it a year later.") == []


def test_the_nearest_verb_decides_where_each_weekday_points():
    assert read("The ministers will sign on Friday, she said on Tuesday.") == [
        "on Friday: 2024-06-28 2024-06-28", "on Tuesday: 2024-06-18 2024-06-18",
    ]


@pytest.mark.parametrize(("words", "expected"), [
    ("today", "2024-06-24"), ("yesterday", "2024-06-23"), ("tomorrow", "2024-06-25"), ("late yesterday", "2024-06-23"),
    ("the day before yesterday", "2024-06-22"), ("last night", "2024-06-23"), ("overnight", "2024-06-23 2024-06-24"),
    ("last week", "2024-06-17 2024-06-23"), ("next week", "2024-07-01 2024-07-07"), ("this week", "2024-06-24"),
    ("this month", "2024-06-01 2024-06-24"), ("this year", "2024-01-01 2024-06-24"),
    ("earlier this month", "2024-06-01 2024-06-24"), ("later this month", "2024-06-24 2024-06-30"),
    ("earlier in the week", "2024-06-24"), ("late last week", "2024-06-22 2024-06-23"),
    ("last month", "2024-05-01 2024-05-31"), ("last year", "2023-01-01 2023-12-31"), ("next year",
    "2025-01-01 2025-12-31"),
    ("over the weekend", "2024-06-22 2024-06-23"), ("two days ago", "2024-06-22"),
    ("three weeks ago", "2024-06-03 2024-06-09"), ("a few days ago", "2024-06-19 2024-06-22"),
    ("a month ago", "2024-05-01 2024-05-31"), ("10 years ago", "2014-01-01 2014-12-31"),
    ("two decades ago", "2002-01-01 2006-12-31"), ("over the last few months", "2024-01-24 2024-06-24"),
    ("in the past two years", "2022-06-24 2024-06-24"), ("in recent weeks", "2024-05-13 2024-06-24"),
    ("over the past year", "2023-06-24 2024-06-24"), ("in the coming days", "2024-06-24 2024-06-30"),
    ("within 48 hours", "2024-06-24 2024-06-26"), ("in the next three months", "2024-06-24 2024-09-24"),
])
def test_relative_words_count_from_the_day_of_publication(words, expected):
    assert days(f"Nothing {words}.") == expected


@pytest.mark.parametrize(("words", "expected"), [
    ("on 24 April 2024", "2024-04-24"), ("on April 24, 2024", "2024-04-24"), ("on Wednesday, 24 April 2024",
    "2024-04-24"),
    ("on the 3rd of May 2024", "2024-05-03"), ("on 2024-04-24", "2024-04-24"), ("on 24.04.2024", "2024-04-24"),
    ("on 2024-04-24T18:53:00+03:00", "2024-04-24"), ("on Sept. 5, 2023", "2023-09-05"),
    ("on April 24", "2024-04-24"), ("on 24 April", "2024-04-24"), ("on Dec. 22", "2023-12-22"), ("on July 10",
    "2024-07-10"),
    ("on June 17-19", "2024-06-17 2024-06-19"), ("from 17 to 19 June 2023", "2023-06-17 2023-06-19"),
    ("in November", "2023-11-01 2023-11-30"), ("in June", "2024-06-01 2024-06-24"), ("in March 2022",
    "2022-03-01 2022-03-31"),
    ("in late May", "2024-05-22 2024-05-31"), ("last November", "2023-11-01 2023-11-30"), ("since October",
    "2023-10-01 2024-06-24"),
    ("by September", "2024-06-24 2024-09-30"), ("in 2019", "2019-01-01 2019-12-31"), ("since 2013",
    "2013-01-01 2024-06-24"),
    ("by 2030", "2024-06-24 2030-12-31"), ("between 2019 and 2021", "2019-01-01 2021-12-31"),
    ("in early 2021", "2021-01-01 2021-05-01"), ("in the 1990s", "1990-01-01 1999-12-31"),
    ("in the early 1990s", "1990-01-01 1993-05-01"), ("in the first quarter of 2024", "2024-01-01 2024-03-31"),
    ("in the fourth quarter", "2023-10-01 2023-12-31"), ("in the second half of 2023", "2023-07-01 2023-12-31"),
    ("last summer", "2023-06-01 2023-08-31"), ("in the summer of 2022", "2022-06-01 2022-08-31"),
])
def test_dates_and_periods_are_read_with_or_without_their_year(words, expected):
    [time] = times(f"Nothing {words}.")
    found = str(time.earliest) if time.earliest == time.latest else f"{time.earliest} {time.latest}"
    assert found == expected


@pytest.mark.parametrize(("text", "published", "expected"), [
    ("It happened on December 30.", date(2024, 1, 2), "2023-12-30"),
    ("It ended last Thursday.", date(2024, 1, 2), "2023-12-28"),
    ("They will meet on January 3.", date(2023, 12, 30), "2024-01-03"),
    ("They met last month.", date(2024, 1, 15), "2023-12-01 2023-12-31"),
    ("They met last week.", date(2024, 1, 3), "2023-12-25 2023-12-31"),
    ("It happened on February 29.", date(2023, 6, 1), "2020-02-29"),
    ("They will vote in March.", date(2023, 12, 30), "2024-03-01 2024-03-31"),
    ("It was three months ago.", date(2024, 5, 31), "2024-02-01 2024-02-29"),
])
def test_the_turn_of_the_year_and_leap_days_are_minded(text, published, expected):
    assert days(text, published) == expected


def test_a_year_before_a_noun_is_a_time():
    assert read("He left the 2015 nuclear deal.") == ["2015: 2015-01-01 2015-12-31"]


@pytest.mark.parametrize("text", [
    "Black Friday sales rose.", "The Sunday Times reported it.", "It may march on.", "May he rest.",
    "They have 2015 troops.",
    "She wrote in USA TODAY.", "On 31 June 2024 nothing happened.", "It fell on June 31.",
    "They won in the second half.",
    "An 11-year lull ended.", "It costs 2,019 dollars.", "A man of 24 marched.", "It took place in the fall of Rome.",
])
def test_words_that_name_no_time_are_left_alone(text):
    assert read(text) == []


@pytest.mark.parametrize(("phrase", "expected"), [
    ("on Monday", MONDAY), ("TUESDAY evening", date(2024, 6, 18)), ("since sunday", date(2024, 6, 23)),
])
def test_a_weekday_phrase_is_resolved(phrase, expected):
    assert resolve_weekday(phrase, published=MONDAY) == expected


@pytest.mark.parametrize(("call", "line"), [
    (lambda: resolve_weekday("at noon", published=MONDAY),
    "'at noon': no weekday in it; give words such as 'on Monday'"),
    (lambda: next(written_days("on 2023-02-29")).resolve(),
     "2023-02-29: no calendar has this day; write the date as YYYY-MM-DD"),
    (lambda: next(written_days("on 3/4/2023")).resolve(),
     "3/4/2023: day and month can be read in two ways; write the date as YYYY-MM-DD"),
    (lambda: month_number("Brumaire"), "Brumaire: not the name of a month; write it in English"),
    (lambda: weekday_number("noon"), "noon: not the name of a weekday; write it in English"),
])
def test_words_that_mean_no_day_raise_one_clear_line(call, line):
    with pytest.raises(DateError) as caught:
        call()
    assert str(caught.value) == line


WORDS = st.lists(st.sampled_from([
    "on", "Monday", "May", "March", "2019", "24", "1", "the", "last", "next", "week", "ago", "few", "days", ",",
    ".", "will",
    "said", "since", "in", "early", "1990s", "quarter", "first", "of", "this", "31", "February", "29", "weekend",
    "-", "summer",
]), max_size=14).map(" ".join)


@given(WORDS, st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_time_cuts_out_its_words_and_is_a_sound_interval(text, published):
    found = times(text, published) if text else ()
    assert all(time.earliest <= time.latest for time in found)
    assert all(time.span.of(text).strip() == time.span.of(text) != "" for time in found)
    assert all(first.span.end <= second.span.start for first, second in pairwise(found))


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)), st.integers(min_value=0, max_value=6))
def test_a_weekday_lies_within_the_week_up_to_publication(published, back):
    day = published - timedelta(days=back)
    assert resolve_weekday(day.strftime("%A"), published=published) == day
    assert read(f"They met on {day:%A}.", published) == [f"on {day:%A}: {day} {day}"]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 12, 31)),
       st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%A, %d %b %Y", "%d.%m.%Y", "%A, %B %d, %Y"]))
def test_a_day_written_in_full_does_not_depend_on_publication(day, form):
    assert days(f"They met {day.strftime(form)}.") == str(day)


@pytest.mark.parametrize(("text", "words"), [
    ("They signed it in March.", "in March"), ("They met on Dec. 22.", "on Dec. 22"), ("It ends in May; good.",
    "in May"),
])
def test_a_full_stop_belongs_to_an_abbreviation_only(text, words):
    assert [time.span.of(text) for time in times(text)] == [words]


def test_only_the_given_spans_are_read():
    text = "Friday. They met on Monday."
    found = find_times(text, published=MONDAY, spans=(Span(start=8, end=len(text)),))
    assert [time.span.of(text) for time in found] == ["on Monday"]
