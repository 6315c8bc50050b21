"""Words that name a time by the one told of before: "a year later", "two days earlier", "the following month"."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from kg.dates.periods import Days, month_of, year_of
from kg.model import Span, Spans, TimeExpression

REACH = 240  # characters back to the time that is taken up
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
           "nine": 9, "ten": 10}
_RELATIVE = re.compile(
    r"(?<![\w-])(?:(?:(?:only|just|barely|about)\s+)?(?P<count>\d{1,2}|" + "|".join(NUMBERS) + r")\s+"
    r"(?P<unit>day|week|month|year)s?\s+(?P<way>later|earlier|afterwards|beforehand)"
    r"|(?:(?:on|in)\s+)?the\s+(?P<next>following|next|same|previous)\s+(?P<period>day|week|month|year))(?![\w-])",
    re.IGNORECASE)
_WAYS = {"later": 1, "afterwards": 1, "earlier": -1, "beforehand": -1, "following": 1, "next": 1, "same": 0,
         "previous": -1}


def relative_times(text: str, *, spans: Spans, known: Sequence[TimeExpression]) -> Iterator[TimeExpression]:
    """Yield the times that are told from the last one before them, as near as the unit of their words.

    Args:
        text: The whole text.
        spans: The stretches to read.
        known: The times found in them, in text order.

    >>> from datetime import date
    >>> text = "They signed a pact in 1998. Peru left it a year later."
    >>> year = TimeExpression(span=Span(start=19, end=26), earliest=date(1998, 1, 1), latest=date(1998, 12, 31))
    >>> [time] = relative_times(text, spans=(Span(start=0, end=len(text)),), known=[year])
    >>> time.span.of(text), time.earliest.isoformat(), time.latest.isoformat()
    ('a year later', '1999-01-01', '1999-12-31')
    """
    for span in spans:
        for match in _RELATIVE.finditer(text, span.start, span.end):
            anchor = next((time for time in reversed(known)
                           if span.start <= time.span.start and time.span.end <= match.start()), None)
            if anchor is None or match.start() - anchor.span.end > REACH:
                continue
            days = _shifted(anchor, match)
            yield TimeExpression(span=Span(start=match.start(), end=match.end()), earliest=days[0], latest=days[1])


def _shifted(anchor: TimeExpression, match: re.Match[str]) -> Days:
    """Return the day, week, month or year that the words mean, seen from the time taken up."""
    unit = (match["unit"] or match["period"]).casefold()
    count = (match["count"] or "one").casefold()
    number = (int(count) if count.isdigit() else NUMBERS[count]) * _WAYS[(match["way"] or match["next"]).casefold()]
    if unit == "year":
        return year_of(anchor.earliest.year + number)
    if unit == "month":
        return month_of(anchor.earliest.year, anchor.earliest.month, shift=number)
    step = timedelta(days=number * (7 if unit == "week" else 1))
    return anchor.earliest + step, anchor.latest + step
