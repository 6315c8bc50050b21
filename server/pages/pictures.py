"""Pictures of tables, drawn as SVG by the server: bars over time, and who speaks about whom as flows.

They need no script and no style element, so they pass our policy, print, and stand in the static export as they are.
Each is drawn from the rows of a table that stands beside it: the picture is for the eye, the table for everybody.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt

from server.pages.reader import Value, cut

WIDTH = 640  # units of every drawing
LANE, AXIS = 68, 22  # heights of one row of bars and of the line of dates below them
DAYS, MONTHS = 45, 48  # longest times that are told by days and by months; longer ones are told by years
TICKS = 6  # dates below the bars
ROW, HEAD = 26, 30  # heights of a name and of the line above the names
NAME = 30  # characters of a name in a picture
THICK = 14  # the widest flow
MARGIN = 215  # room for names on each side of flows


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time: its name, its first and last day, and how many things of each kind lie in it."""

    name: str
    first: date
    last: date
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a lane; `place` is that of its period in the table, `against` the height of what is against."""

    x: float
    width: float
    height: float
    against: float
    place: int


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of bars that stand on `base`."""

    title: str
    total: int
    most: int
    base: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Rows of bars over the same dates, and the periods they tell of; those in which nothing happened are left out."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, str], ...]
    periods: tuple[Period, ...]
    height: int
    unit: str


def timeline(lanes: Mapping[str, Mapping[date, tuple[int, int]]]) -> Timeline | None:
    """Return bars over time, None when nothing is dated.

    Args:
        lanes: Title → day → how many things there are, and how many of them are against.

    >>> found = timeline({"said": {date(2024, 4, 24): (3, 1), date(2024, 6, 2): (1, 0)}})
    >>> found.unit, [(period.name, period.counts) for period in found.periods]
    ('day', [('24 April 2024', (3,)), ('2 June 2024', (1,))])
    """
    days = [day for counts in lanes.values() for day in counts]
    if not days:
        return None
    unit = _unit(min(days), max(days))
    slots = list(_slots(min(days), max(days), unit))
    step = WIDTH / len(slots)
    sums = {title: _sums(counts, unit) for title, counts in lanes.items()}
    told = [slot for slot in slots if any(slot[0] in found for found in sums.values())]
    places = {first: place for place, (first, _) in enumerate(told)}
    rows = []
    for number, (title, found) in enumerate(sums.items()):
        most = max((count for count, _ in found.values()), default=0)
        rows.append(Lane(title, sum(count for count, _ in found.values()), most, (number + 1) * LANE, tuple(
            Bar(round(slots_place * step + min(step * .1, 3), 1), round(min(step * .8, 40), 1),
                round((LANE - 32) * found[first][0] / most, 1), round((LANE - 32) * found[first][1] / most, 1),
                places[first])
            for slots_place, (first, _) in enumerate(slots) if first in found)))
    every = -(-len(slots) // TICKS)
    return Timeline(
        tuple(rows), tuple((round(place * step + min(step * .1, 3), 1), _name(slots[place][0], unit, short=True))
                           for place in range(0, len(slots), every)),
        tuple(Period(_name(first, unit), first, last, tuple(found.get(first, (0, 0))[0] for found in sums.values()))
              for first, last in told),
        len(rows) * LANE + AXIS, unit)


def _unit(first: date, last: date) -> str:
    if (last - first).days < DAYS:
        return "day"
    return "month" if (last.year - first.year) * 12 + last.month - first.month < MONTHS else "year"


def _start(day: date, unit: str) -> date:
    return day if unit == "day" else day.replace(day=1) if unit == "month" else day.replace(month=1, day=1)


def _slots(first: date, last: date, unit: str) -> Iterable[tuple[date, date]]:
    """Yield first and last day of each period from one day to another."""
    start = _start(first, unit)
    while start <= last:
        following = (start + timedelta(days={"day": 1, "month": 31, "year": 366}[unit]))
        following = _start(following, unit)
        yield start, following - timedelta(days=1)
        start = following


def _sums(counts: Mapping[date, tuple[int, int]], unit: str) -> dict[date, tuple[int, int]]:
    found: dict[date, tuple[int, int]] = {}
    for day, (count, against) in counts.items():
        before = found.get(_start(day, unit), (0, 0))
        found[_start(day, unit)] = (before[0] + count, before[1] + against)
    return found


def _name(day: date, unit: str, *, short: bool = False) -> str:
    """Return the name of a period.

    >>> _name(date(2024, 4, 1), "month"), _name(date(2024, 4, 1), "month", short=True), _name(date(2024, 1, 1), "year")
    ('April 2024', '2024-04', '2024')
    """
    if short:
        return day.isoformat()[:{"day": 10, "month": 7, "year": 4}[unit]]
    return {"day": f"{day.day} {day:%B %Y}", "month": f"{day:%B %Y}", "year": f"{day.year}"}[unit]


@dataclass(frozen=True, slots=True)
class Node:
    """A name at the end of flows, and the middle of its line."""

    value: Value
    text: str
    count: int
    y: float


@dataclass(frozen=True, slots=True)
class Flow:
    """A band from one side to the other; `pact` when it stands for agreements."""

    path: str
    width: float
    title: str
    href: str
    pact: bool = False


@dataclass(frozen=True, slots=True)
class Network:
    """Names on both sides, with what flows between them; `middle` is who stands between, "" when nobody does.

    `bar`: where the bar of the one between begins, and how long it is.
    """

    left: tuple[Node, ...]
    right: tuple[Node, ...]
    flows: tuple[Flow, ...]
    middle: str
    height: int
    bar: tuple[float, float] = (0, 0)


@dataclass(frozen=True, slots=True)
class Tie:
    """What connects two actors: who speaks, about whom, how often, and where it is listed."""

    speaker: Value
    subject: Value
    count: int
    href: str


def between(ties: Sequence[Tie]) -> Network:
    """Return who speaks about whom: speakers on the left, subjects on the right, the most frequent above."""
    left, right = _side([(tie.speaker, tie.count) for tie in ties]), _side([(tie.subject, tie.count) for tie in ties])
    rows = max(len(left), len(right), 1)
    most = max((tie.count for tie in ties), default=1)
    starts, ends = ({node.value: node.y for node in side} for side in (left, right))
    flows = tuple(
        Flow(_band(MARGIN, starts[tie.speaker], WIDTH - MARGIN, ends[tie.subject]), _width(tie.count, most),
             f"{tie.speaker.text} about {tie.subject.text}: {tie.count}", tie.href)
        for tie in sorted(ties, key=lambda tie: tie.count))
    return Network(left, right, flows, "", HEAD + rows * ROW)


def around(name: str, *, heard: Sequence[Tie], said: Sequence[Tie], pacts: Mapping[Value, int]) -> Network:
    """Return what connects one actor: who speaks about it on the left, whom it speaks about on the right.

    Args:
        name: The actor.
        heard: What others say about it.
        said: What it says about others.
        pacts: With whom it has agreements, and how many.
    """
    left = _side([(tie.speaker, tie.count) for tie in heard])
    right = _side([*((tie.subject, tie.count) for tie in said),
                   *((value, 0) for value in pacts if value not in {tie.subject for tie in said})])
    height = HEAD + max(len(left), len(right), 2) * ROW
    most = max((tie.count for tie in (*heard, *said)), default=1)
    inward = [Flow("", _width(tie.count, most), f"{tie.speaker.text} about {name}: {tie.count}", tie.href)
              for tie in sorted(heard, key=lambda tie: [node.value for node in left].index(tie.speaker))]
    spoken = {tie.subject: Flow("", _width(tie.count, most), f"{name} about {tie.subject.text}: {tie.count}", tie.href)
              for tie in said}
    agreed = {value: Flow("", 2, f"agreements with {value.text}: {count}", value.href, True)
              for value, count in pacts.items()}
    outward = [(node.y, flow) for node in right for flow in (spoken.get(node.value), agreed.get(node.value)) if flow]
    sides = ([(node.y, flow) for node, flow in zip(left, inward, strict=True)], outward)
    longest = max(sum(flow.width + 1 for _, flow in side) for side in sides)
    middle = HEAD + (height - HEAD) / 2
    flows = []
    for side, away in zip(sides, (MARGIN, WIDTH - MARGIN), strict=True):
        place = middle - sum(flow.width + 1 for _, flow in side) / 2
        for y, flow in side:
            path = _band(away, y, WIDTH / 2, place + (flow.width + 1) / 2)
            flows.append(replace(flow, path=path))
            place += flow.width + 1
    bar = (round(middle - longest / 2, 1), round(longest, 1))
    return Network(left, right, tuple(flows), cut(name, NAME), height, bar)


def _side(counted: Iterable[tuple[Value, int]]) -> tuple[Node, ...]:
    """Return the names of one side, the most frequent above."""
    sums: dict[Value, int] = {}
    for value, count in counted:
        sums[value] = sums.get(value, 0) + count
    ordered = sorted(sums.items(), key=lambda entry: (-entry[1], entry[0].text))
    return tuple(Node(value, cut(value.text, NAME), count, HEAD + (place + .5) * ROW)
                 for place, (value, count) in enumerate(ordered))


def _width(count: int, most: int) -> float:
    return round(max(1.5, THICK * sqrt(count / most)), 1)


def _band(x1: float, y1: float, x2: float, y2: float) -> str:
    bend = (x2 - x1) / 2
    return f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
