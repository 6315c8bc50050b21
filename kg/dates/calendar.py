"""Days written out in full: the calendar words of English and the forms that a date with its year takes."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from kg.errors import DateError
from kg.model import Span

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# A name may stand glued to the word before it ("ProtzMonday"), as pages do when their markup is stripped.
EDGE = r"(?:(?<![A-Za-z0-9])|(?<=[a-z])(?=[A-Z]))"
WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:day)?\b\.?"
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # how they begin
MONTH = (
    r"(?:(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
DAY = r"[0-3]?\d(?:st|nd|rd|th)?(?!\d)"
YEAR = r"(?:1[5-9]|20)\d\d(?:(?!\d)|(?=\d{1,2}:\d\d))"  # the time of day may be glued to it

_FORMS = tuple(re.compile(form, re.IGNORECASE) for form in (
    rf"(?<!\d)(?P<y>{YEAR})(?P<sep>[-/.])(?P<m>\d\d)(?P=sep)(?P<d>\d\d)(?!\d)",
    rf"(?<![\d-])(?P<n1>\d\d?)(?P<sep>[-/.])(?P<n2>\d\d?)(?P=sep)(?P<y>{YEAR})",
    rf"(?:{WEEKDAY},?\s+)?(?<!\d)(?P<d>{DAY})[\s-](?:of\s+)?(?P<name>{MONTH}),?[\s-](?P<y>{YEAR})",
    rf"(?:{WEEKDAY},?\s+)?(?P<name>{MONTH})\s(?P<d>{DAY}),?\s(?P<y>{YEAR})",
))
_MONTH_FORM = re.compile(rf"(?<![A-Za-z])(?P<name>{MONTH}),?\s(?P<y>{YEAR})")
_WORD_FORMS = tuple(re.compile(EDGE + form.pattern) for form in _FORMS[2:]) + tuple(
    re.compile(r"(?<![A-Za-z])" + form.pattern, re.IGNORECASE) for form in _FORMS[2:]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDay:
    """A day written with its year; `words` as they stand in the text, the numbers not yet checked."""

    span: Span
    words: str
    year: int
    month: int
    day: int
    is_ambiguous: bool = False

    def chosen(self, *, month_first: bool) -> "WrittenDay":
        """Return the day with its numbers read in the given order, where they can be read in two."""
        if not self.is_ambiguous:
            return self
        month, day = (self.day, self.month) if month_first else (self.month, self.day)
        return replace(self, month=month, day=day, is_ambiguous=False)

    def resolve(self) -> date:
        """Return the day.

        Raises: DateError: no calendar has the day, or its numbers can be read in two ways.

        >>> next(written_days("on 30 February 2024")).resolve()
        Traceback (most recent call last):
        kg.errors.DateError: 30 February 2024: no calendar has this day; write the date as YYYY-MM-DD
        """
        if self.is_ambiguous:
            raise DateError(self.words, found="day and month can be read in two ways",
                            repair="write the date as YYYY-MM-DD")
        try:
            return date(self.year, self.month, self.day)
        except ValueError as error:
            raise DateError(self.words, found="no calendar has this day",
                            repair="write the date as YYYY-MM-DD") from error


def month_number(name: str) -> int:
    """Return the number, 1 to 12, of a month's name or abbreviation.

    Raises: DateError: it is no month.

    >>> month_number("Sept."), month_number("MAY")
    (9, 5)
    """
    start = name.rstrip(".").casefold()[:3]
    for number, month in enumerate(MONTHS, start=1):
        if len(start) == 3 and month.startswith(start):
            return number
    raise DateError(name, found="not the name of a month", repair="write it in English")


def weekday_number(name: str) -> int:
    """Return the number, 0 (Monday) to 6, of a weekday's name or abbreviation.

    Raises: DateError: it is no weekday.

    >>> weekday_number("Thurs"), weekday_number("sunday")
    (3, 6)
    """
    start = name.rstrip(".").casefold()[:3]
    for number, weekday in enumerate(WEEKDAYS):
        if len(start) == 3 and weekday.startswith(start):
            return number
    raise DateError(name, found="not the name of a weekday", repair="write it in English")


def written_days(text: str, *, start: int = 0, end: int | None = None) -> Iterator[WrittenDay]:
    """Yield the days that `text` gives with their year, in text order and without overlaps.

    Understood are ISO 8601 (also with slashes or dots), "24 April 2024", "April 24, 2024" with or without weekday,
    abbreviations and ordinals, and numbers such as 24.4.2024 and 24/4/2024.

    >>> [str(day.resolve()) for day in written_days("Signed Wednesday, April 24, 2024; in force 2024-12-04T00:00Z")]
    ['2024-04-24', '2024-12-04']
    """
    stop = len(text) if end is None else end
    found = sorted(
        (match for form in (*_FORMS[:2], *_WORD_FORMS) for match in form.finditer(text, start, stop)),
        key=lambda match: (match.start(), -match.end()),
    )
    last = start
    for match in found:
        if match.start() >= last:
            last = match.end()
            yield _written(match)


def written_months(text: str) -> Iterator[tuple[date, Span]]:
    """Yield the last days of the months that `text` gives with their year.

    >>> [str(day) for day, _ in written_months("Vol. 12, February 2024")]
    ['2024-02-29']
    """
    for match in _MONTH_FORM.finditer(text):
        year, month = int(match["y"]), month_number(match["name"])
        yield date(year, month, monthrange(year, month)[1]), Span(start=match.start(), end=match.end())


def _written(match: re.Match[str]) -> WrittenDay:
    groups = match.groupdict()
    ambiguous = False
    if "n1" in groups:
        day, month = int(groups["n1"]), int(groups["n2"])
        if groups["sep"] != ".":  # only stops are never written month first
            ambiguous = day <= 12 and month <= 12 and day != month
            day, month = (month, day) if month > 12 else (day, month)
    else:
        day = int(re.sub(r"\D", "", groups["d"]))
        month = int(groups["m"]) if groups.get("m") else month_number(groups["name"])
    return WrittenDay(
        span=Span(start=match.start(), end=match.end()), words=match.group(), year=int(groups["y"]), month=month,
        day=day, is_ambiguous=ambiguous,
    )
