"""Words that name a time, each with the rule that turns it into days."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kg.dates.anaphora import relative_times
from kg.dates.calendar import DAY, MONTH, MONTH_NAMES, WEEKDAYS, YEAR, month_number, weekday_number, written_days
from kg.dates.direction import Direction, direction_at
from kg.dates.periods import SEASONS, Days, month_of, part_of, shifted, week_of, year_of
from kg.errors import DateError
from kg.model import Span, Spans, TimeExpression

NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
}
VAGUE = {"few": (2, 5), "several": (3, 9), "recent": (0, 6), "some": (2, 9), "many": (3, 30), "coming": (0, 6)}
FEASTS = {  # the days of the year that have a name and no other date
    "newyearseve": (12, 31), "newyearsday": (1, 1), "christmaseve": (12, 24), "christmasday": (12, 25),
    "boxingday": (12, 26), "valentinesday": (2, 14), "mayday": (5, 1), "armisticeday": (11, 11), "halloween": (10, 31),
}
SOON = 45  # days; "July 10" without a verb of the future still means the July ahead when it is as near as this
UNTIL = ("by", "until", "till", "up")
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4}

_COUNT = r"(?P<count>(?:a\s+)?(?:couple\s+of|few)|several|some|many|\d{1,3}|" + "|".join(NUMBERS) + ")"
_UNIT = r"(?P<unit>hour|day|week|month|year|decade)"
_WEEKDAY = "(?P<weekday>" + "|".join(name.capitalize() for name in WEEKDAYS) + ")"
_MONTH = rf"(?P<month>(?-i:{MONTH}))"
_PART = r"(?:(?P<part>early|mid|late)[\s-])"
_TIME_OF_DAY = r"(?:\s+(?:morning|afternoon|evening|night))?"
_PAPERS = r"(?!\s+(?:Times|Mail|Telegraph|Mirror|Express|People|Herald|Post|Independent|World))"
_DAY = DAY.replace("(?!\\d)", "(?![\\d:,.]\\d)(?!\\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a rule may look at: the day of publication and where the words point."""

    published: date
    direction: Direction


Rule = Callable[[re.Match[str], Context], Days | None]
_RULES: list[tuple[frozenset[str], re.Pattern[str], Rule]] = []  # with the signs one of which each match holds
_DIGIT, _MONTH_NAME = re.compile(r"\d"), re.compile("|".join(MONTH_NAMES))
_SIGNS = ("day", "night", "morning", "afternoon", "evening", "tomorrow", "hour", "week", "month", "year", "decade",
          "quarter", "half", "spring", "summer", "autumn", "fall", "winter")  # "day" is in "Monday", too


def _rule(form: str) -> Callable[[Rule], Rule]:
    def register(rule: Rule) -> Rule:
        pattern = re.compile(rf"(?<![\w-])(?:{form})(?!\w)", re.IGNORECASE)
        signs = _signs_in(re.sub(r"\?P<\w+>", "", form)) - {"0"}  # where there are words, digits alone do not do
        _RULES.append((signs or frozenset("0"), pattern, rule))
        return rule
    return register


def _signs_in(words: str) -> frozenset[str]:
    """Return which of the words stand there without which no rule applies; "0" are digits, "Jan" is any month.

    >>> sorted(_signs_in("They met on Monday, 4 May"))
    ['0', 'Jan', 'day']
    """
    lower = words.casefold()
    found = [sign for sign in _SIGNS if sign in lower]
    if _MONTH_NAME.search(words):
        found.append("Jan")
    if _DIGIT.search(words):
        found.append("0")
    return frozenset(found)


def find_times(text: str, *, published: date, spans: Spans) -> tuple[TimeExpression, ...]:
    """Return the words that name a time, and the days that they can mean, in text order.

    News text points backwards: a weekday or date without year is the latest one up to the day of publication, unless
    the verb of its clause looks ahead ("will meet on Friday"). Words that mean no day ("31 June", "Black Friday") are
    left out.

    Args:
        text: The whole text that `spans` index.
        published: Day of publication in the publisher's calendar; no time zone is applied.
        spans: The stretches to read, such as `Article.prose`.

    Source: ISO 24617-1 (ISO-TimeML), relative TIMEX3 values; ISO 8601 for weeks.

    >>> text = "Last week they signed a pact, she said on Monday."
    >>> for time in find_times(text, published=date(2024, 6, 24), spans=(Span(start=0, end=len(text)),)):
    ...     print(time.span.of(text), time.earliest, time.latest)
    Last week 2024-06-17 2024-06-23
    on Monday 2024-06-24 2024-06-24
    """
    kept = _apart(time for span in spans for time in _times(text, span, published))
    return tuple(_apart((*kept, *relative_times(text, spans=spans, known=kept))))


def _apart(times: Iterable[TimeExpression]) -> list[TimeExpression]:
    """Return the times in text order; of two that overlap the first, or else the longer."""
    kept: list[TimeExpression] = []
    for time in sorted(times, key=lambda time: (time.span.start, -time.span.end)):
        if not kept or kept[-1].span.end <= time.span.start:
            kept.append(time)
    return kept


def resolve_weekday(phrase: str, *, published: date) -> date:
    """Return the day that a weekday phrase means in an article of a given date.

    News text points backwards: "on Monday" is the latest Monday up to the day of publication.

    Args:
        phrase: English words that hold one weekday name, in any case.
        published: Day of publication in the publisher's calendar; no time zone is applied.

    Returns: A day 0 to 6 days before `published`.

    Raises: DateError: `phrase` holds no weekday name; the message quotes the phrase.

    Source: ISO 24617-1 (ISO-TimeML), relative TIMEX3 values.

    >>> resolve_weekday("in an interview on Monday", published=date(2024, 4, 24))
    datetime.date(2024, 4, 22)
    """
    found = re.search(rf"\b{_WEEKDAY}\b", phrase, re.IGNORECASE)
    if found is None:
        raise DateError(repr(phrase), found="no weekday in it", repair="give words such as 'on Monday'")
    return published - timedelta(days=(published.weekday() - weekday_number(found["weekday"])) % 7)


def _times(text: str, span: Span, published: date) -> Iterator[TimeExpression]:
    signs = _signs_in(span.of(text))
    for written in written_days(text, start=span.start, end=span.end) if "0" in signs else ():
        try:
            day = written.resolve()
        except DateError:
            continue  # "30 February 2024" names no day; the words stay what they are
        start = _with_preposition(text, written.span.start, span.start)
        yield TimeExpression(span=Span(start=start, end=written.span.end), earliest=day, latest=day)
    for needed, form, rule in _RULES:
        for match in form.finditer(text, span.start, span.end) if needed & signs else ():
            where = Span(start=match.start(), end=match.end())
            context = Context(published=published, direction=direction_at(text, span=where, within=span))
            days = _apply(rule, match, context)
            if days and days[0] <= days[1]:
                yield TimeExpression(span=where, earliest=days[0], latest=days[1])


def _apply(rule: Rule, match: re.Match[str], context: Context) -> Days | None:
    try:
        return rule(match, context)
    except (DateError, ValueError, OverflowError):  # a day that no calendar has, or before the year 1
        return None


def _with_preposition(text: str, start: int, first: int) -> int:
    found = re.compile(r"(?:\bon|\bOn)\s+\Z").search(text[max(first, start - 4) : start])
    return start - len(found.group()) if found else start


def _amount(words: str) -> tuple[int, int]:
    """Return the least and the largest number that a count can mean: "three" → (3, 3), "a few" → (2, 5)."""
    last = re.sub(r"\s+of$", "", words.casefold()).split()[-1]
    if last in VAGUE:
        return VAGUE[last]
    number = int(last) if last.isdigit() else NUMBERS[last]
    return number, number


def _back(day: date, unit: str, number: int) -> date:
    if unit in ("hour", "day", "week"):
        return day - timedelta(days={"hour": (number + 23) // 24, "day": number, "week": 7 * number}[unit])
    return shifted(day, months=-number * {"month": 1, "year": 12, "decade": 120}[unit])


def _period(unit: str, day: date, shift: int) -> Days:
    """Return the calendar period of a day, or one `shift` periods later."""
    if unit == "day":
        return (moved := day + timedelta(days=shift)), moved
    if unit == "week":
        return week_of(day, shift=shift)
    if unit == "month":
        return month_of(day.year, day.month, shift=shift)
    if unit == "decade":
        return year_of((day.year // 10 + shift) * 10, years=10)
    return year_of(day.year + shift)


def _until_now(days: Days, context: Context) -> Days:
    """Cut a period that holds the day of publication: what happened cannot lie ahead, what is planned not behind."""
    if context.direction is Direction.AHEAD:
        return max(days[0], context.published), days[1]
    return days[0], max(min(days[1], context.published), days[0])


@_rule(r"(?:earlier\s+|later\s+)?(?-i:(?!TODAY))today|(?:late\s+|earlier\s+)?this\s+(?:morning|afternoon|evening)|tonight")
def _today(match: re.Match[str], context: Context) -> Days | None:
    return context.published, context.published


@_rule(r"(?P<before>the\s+day\s+before\s+)?(?:late\s+|early\s+|earlier\s+)?yesterday" + _TIME_OF_DAY)
def _yesterday(match: re.Match[str], context: Context) -> Days | None:
    return _period("day", context.published, -2 if match["before"] else -1)


@_rule(r"(?P<after>the\s+day\s+after\s+)?tomorrow" + _TIME_OF_DAY)
def _tomorrow(match: re.Match[str], context: Context) -> Days | None:
    return _period("day", context.published, 2 if match["after"] else 1)


@_rule(r"(?:late\s+)?last\s+night")
def _last_night(match: re.Match[str], context: Context) -> Days | None:
    return _period("day", context.published, -1)


@_rule("overnight")
def _overnight(match: re.Match[str], context: Context) -> Days | None:
    return context.published - timedelta(days=1), context.published


@_rule(rf"(?:(?P<limit>by|until|till)\s+|since\s+|from\s+|on\s+)?(?:(?:early|late|earlier|later)(?:\s+on)?\s+)?"
       rf"(?:(?P<which>last|past|this\s+past|next|this\s+coming|this)\s+)?"
       rf"(?<!Black )(?<!Good )(?<!Bloody )(?<!Ash )(?<!Palm )(?<!Easter )(?<!Super )(?<!Cyber )(?<!Holy )(?<!Mail on )"
       rf"(?-i:{_WEEKDAY}){_PAPERS}{_TIME_OF_DAY}")
def _weekday(match: re.Match[str], context: Context) -> Days | None:
    which = (match["which"] or "").casefold()
    published = context.published
    back = (published.weekday() - weekday_number(match["weekday"])) % 7
    ahead = -back % 7
    if which in ("last", "past", "this past"):
        return (day := published - timedelta(days=back or 7)), day
    if which == "next":
        first = published + timedelta(days=ahead or 7)
        return first, max(first, week_of(published, shift=1)[0] + timedelta(days=weekday_number(match["weekday"])))
    is_ahead = which == "this coming" or match["limit"] or context.direction is Direction.AHEAD
    if is_ahead or (which == "this" and context.direction is not Direction.BACK):
        return (day := published + timedelta(days=ahead)), day
    return (day := published - timedelta(days=back)), day


@_rule(rf"(?:on\s+)?(?:{_WEEKDAY},?\s+)?(?:the\s+)?(?:(?P<day>{_DAY})(?:\s+(?:of\s+)?|-){_MONTH})(?!,?\s+{YEAR})")
@_rule(rf"(?:on\s+)?(?:{_WEEKDAY},?\s+)?{_MONTH}\s+(?P<day>{_DAY})(?!,?\s+{YEAR})(?!\s*[-–]\s*\d)")
def _day_of_month(match: re.Match[str], context: Context) -> Days | None:
    month, number = month_number(match["month"]), int(re.sub(r"\D", "", match["day"]))
    return (day := _nearest(month, number, context)), day


def _nearest(month: int, number: int, context: Context) -> date:
    """Return the day of a date without year: the latest up to publication, or the next where the words look ahead."""
    published = context.published
    candidates = []
    for year in range(published.year - 8, published.year + 9):  # 29 February may be eight years off
        try:
            candidates.append(date(year, month, number))
        except ValueError:
            continue
    past = [day for day in candidates if day <= published]
    future = [day for day in candidates if day >= published]
    if context.direction is Direction.AHEAD and future:
        return future[0]
    if not candidates:
        raise DateError(f"day {number} of month {month}", found="no calendar has this day")
    is_soon = bool(future) and context.direction is Direction.OPEN and (future[0] - published).days <= SOON
    if is_soon or not past:
        return future[0]
    return past[-1]


@_rule(r"(?:on\s+|since\s+|by\s+)?(?P<feast>New\s+Year['’]?s\s+(?:Eve|Day)|Christmas\s+(?:Eve|Day)|Boxing\s+Day|"
       r"Valentine['’]?s\s+Day|May\s+Day|Armistice\s+Day|Hallowe['’]?en)")
def _feast(match: re.Match[str], context: Context) -> Days | None:
    month, number = FEASTS[re.sub(r"[^a-z]", "", match["feast"].casefold())]
    return (day := _nearest(month, number, context)), day


@_rule(rf"(?:on\s+|from\s+|between\s+)?(?P<first>{_DAY})\s*(?:[-–]|to|and)\s*(?P<last>{_DAY})\s+(?:of\s+)?{_MONTH}"
       rf"(?:,?\s+(?P<year>{YEAR}))?")
@_rule(rf"(?:on\s+|from\s+|between\s+)?{_MONTH}\s+(?P<first>{_DAY})\s*(?:[-–]|to|and)\s*(?P<last>{_DAY})"
       rf"(?:,?\s+(?P<year>{YEAR}))?")
def _range_of_days(match: re.Match[str], context: Context) -> Days | None:
    month = month_number(match["month"])
    first, last = (int(re.sub(r"\D", "", match[name])) for name in ("first", "last"))
    start = date(int(match["year"]), month, first) if match["year"] else _nearest(month, first, context)
    return start, start.replace(day=last)


@_rule(rf"(?<!\d\s)(?:in\s+|since\s+|from\s+|by\s+|until\s+|during\s+|of\s+)?(?:the\s+)?(?:end\s+of\s+)?{_PART}?{_MONTH}"
       rf"(?:,?\s+|\s+of\s+)(?P<year>{YEAR})")
def _month_of_year(match: re.Match[str], context: Context) -> Days | None:
    days = part_of(month_of(int(match["year"]), month_number(match["month"])), (match["part"] or "").casefold())
    return _from_preposition(match, days, context)


@_rule(rf"(?:in|since|from|by|until|till|during|through|last|next|this|of|for|up\s+to|to)\s+(?:the\s+end\s+of\s+)?{_PART}?"
       rf"{_MONTH}(?!\s+\d)")
@_rule(rf"{_PART}{_MONTH}(?!\s+\d)")
def _month_alone(match: re.Match[str], context: Context) -> Days | None:
    published, month = context.published, month_number(match["month"])
    first = match.group().split()[0].casefold()
    shift = (month - published.month) % 12  # months ahead; 0 is the month of publication
    if first == "next":
        shift = shift or 12
    elif first == "last" or (shift and not _looks_ahead(first, context)):
        shift -= 12
    days = month_of(published.year, published.month, shift=shift)
    days = part_of(_until_now(days, context) if not shift else days, (match["part"] or "").casefold())
    return _from_preposition(match, days, context)


def _looks_ahead(preposition: str, context: Context) -> bool:
    return preposition in UNTIL or context.direction is Direction.AHEAD


def _from_preposition(match: re.Match[str], days: Days, context: Context) -> Days:
    """Open the period where a preposition does: "since" up to publication, "by" and "until" from then on."""
    first = match.group().split()[0].casefold()
    if first == "since" and days[0] <= context.published:
        return days[0], context.published
    if first in UNTIL and context.published <= days[1]:
        return context.published, days[1]
    return days


@_rule(r"(?:(?P<which>earlier|later|late|early)\s+)?(?P<base>this|last|next|the\s+coming|in\s+the)\s+"
       r"(?P<unit>week|month|year|decade|weekend)(?!['’]?s?\s+(?:old|ago))")
def _calendar_period(match: re.Match[str], context: Context) -> Days | None:
    base, unit = match["base"].casefold(), match["unit"].casefold()
    which = (match["which"] or "").casefold()
    if base == "in the" and which not in ("earlier", "later"):
        return None
    shift = {"last": -1, "next": 1, "the coming": 1}.get(base, 0)
    if unit == "weekend":
        return _weekend(context, shift)
    days = _period(unit, context.published, shift)
    if shift:
        return part_of(days, which)
    if which == "earlier":
        return days[0], max(days[0], context.published)
    if which == "later":
        return context.published, days[1]
    return _until_now(part_of(days, which), context)


@_rule(r"(?:over|at|on|during)\s+the\s+weekend|this\s+past\s+weekend")
def _the_weekend(match: re.Match[str], context: Context) -> Days | None:
    return _weekend(context, 0)


def _weekend(context: Context, shift: int) -> Days:
    """Return the Saturday and Sunday that begin last before publication, or the next ones."""
    published = context.published
    if shift > 0 or (shift == 0 and context.direction is Direction.AHEAD):
        saturday = published + timedelta(days=(5 - published.weekday()) % 7)
    else:
        saturday = published - timedelta(days=(published.weekday() - 5) % 7)
    return saturday, saturday + timedelta(days=1)


@_rule(rf"{_COUNT}\s+(?:\w+\s+)?{_UNIT}s?\s+(?:ago|earlier\s+than\s+today)")
def _ago(match: re.Match[str], context: Context) -> Days | None:
    least, most = _amount(match["count"])
    unit = match["unit"].casefold()
    if unit == "hour":
        return _back(context.published, "hour", most), context.published
    if least != most:
        return _back(context.published, unit, most), _back(context.published, unit, least)
    if unit == "decade":  # a round number: ten years more or less are not meant to the year
        year = context.published.year - 10 * least
        return year_of(year - 2, years=5)
    return _period(unit, context.published, -least)


@_rule(rf"(?:(?:in|over|during|for|within|throughout)\s+)?(?:the\s+|these\s+)?(?:last|past|previous)\s+{_COUNT}\s+{_UNIT}s?")
@_rule(rf"(?:in|over|during|for|within)\s+(?:the\s+)?(?P<count>recent)\s+{_UNIT}s")
@_rule(r"(?:in|over|during|for|within)\s+the\s+(?:last|past)\s+(?P<unit>day|week|month|year|decade)")
def _period_up_to_now(match: re.Match[str], context: Context) -> Days | None:
    count = match.groupdict().get("count")
    most = _amount(count)[1] if count else 1
    return _back(context.published, match["unit"].casefold(), most), context.published


@_rule(rf"(?:(?:in|over|during|for|within)\s+)?the\s+(?:next|coming|following)\s+{_COUNT}\s+{_UNIT}s?")
@_rule(rf"(?:in|over|during)\s+the\s+(?P<count>coming)\s+{_UNIT}s")
@_rule(rf"(?:within|in)\s+{_COUNT}\s+{_UNIT}s?(?:['’]\s*time)?(?!\s+of\b)(?!-)")
def _period_from_now(match: re.Match[str], context: Context) -> Days | None:
    if context.direction is Direction.BACK:
        return None
    most = _amount(match["count"])[1]
    return context.published, _back(context.published, match["unit"].casefold(), -most)


@_rule(rf"(?:in|during|since|by|from|until|till|through|of|early|late|mid)[\s-](?:the\s+(?:end|start|beginning)\s+of\s+)?"
       rf"{_PART}?(?P<year>{YEAR})(?![-–/]\d)(?!\s+(?:people|troops|soldiers|men|women|tons|tonnes|km|miles))")
@_rule(rf"(?:(?<=the )|(?<=\ba )|(?<=\bits )|(?<=their )|(?<=['’]s ))(?P<part>)(?P<year>{YEAR})(?=\s+[A-Za-z][a-z-]+)")
def _year(match: re.Match[str], context: Context) -> Days | None:
    first = re.split(r"[\s-]", match.group())[0].casefold()
    part = first if first in ("early", "mid", "late") else (match["part"] or "").casefold()
    days = part_of(year_of(int(match["year"])), part)
    return _from_preposition(match, days, context)


@_rule(rf"(?:(?:in|from|between)\s+)?(?P<first>{YEAR})\s*(?:[-–]|to|and|until)\s*(?P<last>{YEAR})")
def _range_of_years(match: re.Match[str], context: Context) -> Days | None:
    return date(int(match["first"]), 1, 1), date(int(match["last"]), 12, 31)


@_rule(r"(?:in\s+|since\s+|during\s+)?(?:the\s+)?(?:(?P<part>early|mid|late)[\s-])?(?P<decade>(?:1[5-9]|20)\d0)s")
def _decade(match: re.Match[str], context: Context) -> Days | None:
    days = part_of(year_of(int(match["decade"]), years=10), (match["part"] or "").casefold())
    return _from_preposition(match, days, context)


@_rule(rf"(?:in\s+|during\s+|since\s+)?(?:the\s+)?(?P<number>first|second|third|fourth)\s+(?P<unit>quarter|half)"
       rf"(?:\s+of\s+(?P<year>{YEAR}|the\s+year|this\s+year|last\s+year|next\s+year))?")
@_rule(rf"Q(?P<number>[1-4])(?P<unit>)(?:\s+(?P<year>{YEAR}))?")
def _quarter(match: re.Match[str], context: Context) -> Days | None:
    named = (match["year"] or "").casefold()
    if match["unit"] == "half" and not named:
        return None  # of a match, more often than of a year
    months = 6 if match["unit"] == "half" else 3
    number = ORDINALS[match["number"].casefold()]
    if number * months > 12:
        return None
    published = context.published
    year = int(named) if named.isdigit() else published.year + named.startswith("next") - named.startswith("last")
    days = month_of(year, 1, shift=months * (number - 1), months=months)
    is_bare = not named and days[0] > published and context.direction is not Direction.AHEAD
    return month_of(year - 1, 1, shift=months * (number - 1), months=months) if is_bare else days


@_rule(rf"(?:(?:in|during|since|over)\s+(?:the\s+)?|(?P<which>last|this|next)\s+)(?P<season>spring|summer|autumn|fall|winter)"
       rf"(?:\s+(?:of\s+)?(?P<year>{YEAR}))?")
def _season(match: re.Match[str], context: Context) -> Days | None:
    season, which = match["season"].casefold(), (match["which"] or "").casefold()
    if season == "fall" and not which and not match["year"]:
        return None  # "in the fall of the government"
    published = context.published
    if match["year"]:
        return month_of(int(match["year"]), SEASONS[season], months=3)
    candidates = [month_of(published.year + shift, SEASONS[season], months=3) for shift in (-2, -1, 0, 1)]
    past = [days for days in candidates if days[0] <= published]
    if which == "next" or (which != "last" and context.direction is Direction.AHEAD):
        return next((days for days in candidates if days[1] >= published), None)
    if which == "last":
        return [days for days in past if days[1] < published][-1]
    return _from_preposition(match, _until_now(past[-1], context), context)
