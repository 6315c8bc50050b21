"""Calendar periods as intervals of days: weeks from Monday to Sunday (ISO 8601), months, quarters, seasons, years."""

from calendar import monthrange
from datetime import date, timedelta

Days = tuple[date, date]  # first and last day, both inclusive

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # first month, northern hemisphere


def week_of(day: date, *, shift: int = 0) -> Days:
    """Return the week of a day, or the one `shift` weeks later.

    >>> week_of(date(2024, 6, 24), shift=-1)
    (datetime.date(2024, 6, 17), datetime.date(2024, 6, 23))
    """
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=shift)
    return monday, monday + timedelta(days=6)


def month_of(year: int, month: int, *, shift: int = 0, months: int = 1) -> Days:
    """Return `months` months from the one that lies `shift` months after a given one.

    >>> month_of(2024, 1, shift=-1)
    (datetime.date(2023, 12, 1), datetime.date(2023, 12, 31))
    """
    first = _month(year, month, shift)
    last = _month(year, month, shift + months - 1)
    return first, last.replace(day=monthrange(last.year, last.month)[1])


def year_of(year: int, *, years: int = 1) -> Days:
    """Return `years` whole years from the first day of `year`."""
    return date(year, 1, 1), date(year + years - 1, 12, 31)


def shifted(day: date, *, days: int = 0, months: int = 0) -> date:
    """Return the day some days and months later; a day that the month lacks becomes its last one.

    >>> shifted(date(2024, 3, 31), months=-1)
    datetime.date(2024, 2, 29)
    """
    month = _month(day.year, day.month, months)
    return month.replace(day=min(day.day, monthrange(month.year, month.month)[1])) + timedelta(days=days)


def part_of(days: Days, part: str) -> Days:
    """Return the first, middle or last third of a period for "early", "mid" and "late"; the whole for "".

    >>> part_of((date(2024, 6, 1), date(2024, 6, 30)), "mid")
    (datetime.date(2024, 6, 11), datetime.date(2024, 6, 20))
    """
    first, last = days
    third = ((last - first).days + 1) // 3
    if part == "early":
        return first, first + timedelta(days=max(third - 1, 0))
    if part == "mid":
        return first + timedelta(days=third), last - timedelta(days=third)
    return (last - timedelta(days=max(third - 1, 0)), last) if part == "late" else days


def in_words(first: date, last: date) -> str:
    """Return a period as it is said of something that happened in it.

    >>> in_words(date(2024, 6, 19), date(2024, 6, 19)), in_words(date(2024, 6, 17), date(2024, 6, 23))
    ('on 19 June 2024', 'in the week of 17 June 2024')
    >>> in_words(date(2024, 6, 1), date(2024, 6, 30)), in_words(date(2024, 1, 1), date(2024, 12, 31))
    ('in June 2024', 'in 2024')
    >>> in_words(date(2024, 6, 19), date(2024, 7, 2))
    'between 19 June 2024 and 2 July 2024'
    """
    if first == last:
        return f"on {_day(first)}"
    if week_of(first) == (first, last):
        return f"in the week of {_day(first)}"
    if month_of(first.year, first.month) == (first, last):
        return f"in {MONTHS[first.month - 1]} {first.year}"
    if year_of(first.year) == (first, last):
        return f"in {first.year}"
    return f"between {_day(first)} and {_day(last)}"


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _month(year: int, month: int, shift: int) -> date:
    count = year * 12 + month - 1 + shift
    return date(count // 12, count % 12 + 1, 1)
