"""Reports of one agreement in different articles, told by parties, kind, days and subject.

Articles call an agreement by different names ("the Black Sea grain deal", "a grain export accord") and tell of other
times of its life, and two parties may have many. Only what both tell is compared; what one leaves out is open.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import combinations
from operator import itemgetter

from kg.vocabulary import table

DAYS = 365     # what lies further apart is about another time
SEASON = 92    # days in which "the treaty" of two states takes up "the border treaty"
SLACK = 31     # days by which reports of one event may differ
RECENT = 20    # reports with the same parties, before each, that may be of the same agreement
PARTIES = 8    # of an agreement that others may tell of with fewer
EVER = (date.min.toordinal(), date.max.toordinal())
# Words of names that say nothing of a subject, beside those for an agreement.
PLAIN = frozenset({
    "all", "and", "another", "any", "between", "bilateral", "both", "broad", "comprehensive", "controversial",
    "deal", "draft", "earlier", "eight", "far-reaching", "final", "first", "five", "for", "formal", "former",
    "four", "framework", "fresh", "from", "further", "general", "historic", "initial", "interim", "into", "its",
    "joint", "key", "landmark", "last", "later", "latest", "long-standing", "long-term", "major", "multilateral",
    "mutual", "nascent", "new", "next", "old", "on", "original", "own", "package", "part", "partial", "permanent",
    "planned", "possible", "preliminary", "previous", "prior", "proposed", "provisional", "recent", "second",
    "separate", "series", "seven", "several", "signed", "similar", "six", "sweeping", "temporary", "ten",
    "tentative", "that", "the", "their", "third", "this", "three", "trilateral", "tripartite", "two", "unanimous",
    "under", "verbal", "whole", "with", "written",
})
_WORD = re.compile(r"[^\W\d_]{3,}")
_TERM = re.compile(r"\b[\w-]+-(?:day|month|year|hour|week)s?\b")  # "four-year"
_DEED = re.compile(r" \([^()]*\)\Z")

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An agreement as one article tells of it; `events` are first and last day by status, days as ordinals."""

    agreement: str
    article: str
    kind: str
    parties: frozenset[str]
    subject: frozenset[str]
    day: int
    events: Mapping[str, Sequence[tuple[int, int]]]

    @property
    def rank(self) -> tuple[int, str, str]:
        """The order of time."""
        return self.day, self.article, self.agreement


def subject_of(label: str, *, parties: Iterable[str]) -> frozenset[str]:
    """Return the words of an agreement's name that tell what it is about: neither parties nor kind nor day.

    >>> sorted(subject_of("Four-year fishing accord between Niger and Chad (signed on 3 May 2021)", parties=["Niger"]))
    ['chad', 'fishing']
    >>> subject_of("Draft treaty between Chad and Niger", parties=["Chad", "Niger"])
    frozenset()
    """
    name = _DEED.sub("", label)
    own = {word for party in parties for word in _words(party)}
    return frozenset(_words(_TERM.sub(" ", name.casefold())) - own - _plain())


def _words(text: str) -> set[str]:
    """Return the words of a text in small letters, without the ending of the plural."""
    return {word.removesuffix("s") for word in _WORD.findall(text.casefold())}


@cache
def _plain() -> frozenset[str]:
    """Return the words that stand for an agreement, or for states, whatever it is about."""
    terms = (row["term"].replace("|", " ") for row in table("lexicon", "agreements.csv") if row["role"] == "noun")
    states = (row["word"] for row in table("lexicon", "demonyms.csv"))
    return frozenset(_words(" ".join((*PLAIN, *terms, *states))))


def same_agreements(reports: Iterable[Reported], *, broader: Mapping[str, frozenset[str]]) -> Iterator[Pair]:
    """Yield which reports are of one agreement, the later one first.

    Two are when articles differ, the parties of one are those of the other (or at least two of its PARTIES), kinds are
    the same or one is broader, and neither days nor subjects speak against it: dated events of the same status lie
    within SLACK days, subjects share a word. Without days on both sides, two parties have to be told and articles to be
    not more than DAYS apart, or SEASON if one tells no subject; and what tells of fewer parties has to share a word.
    An agreement of one article is linked to at most one of another, the likeliest.

    Args:
        reports: Agreements as articles tell of them.
        broader: The kinds above a kind.
    """
    pairs = ((one, other) for one, other in _candidates(reports) if _is_same(one, other, broader=broader))
    likely = {_likelihood(one, other): (one, other) for one, other in pairs}
    taken: set[Pair] = set()
    for _, (one, other) in sorted(likely.items(), key=itemgetter(0)):
        ends = {(one.agreement, other.article), (other.agreement, one.article)}
        if taken.isdisjoint(ends):
            taken |= ends
            yield one.agreement, other.agreement


def _candidates(reports: Iterable[Reported]) -> Iterator[tuple[Reported, Reported]]:
    """Yield pairs of reports with the same parties, or with two in common, the later first."""
    groups: dict[frozenset[str], list[Reported]] = defaultdict(list)
    for report in reports:
        keys = {report.parties}
        if len(report.parties) <= PARTIES:
            keys.update(map(frozenset, combinations(sorted(report.parties), 2)))
        for key in keys:
            groups[key].append(report)
    for group in groups.values():
        group.sort(key=lambda report: report.rank)
        for number, one in enumerate(group):
            for other in group[max(0, number - RECENT) : number]:
                yield one, other


def _likelihood(one: Reported, other: Reported) -> tuple[bool, bool, bool, bool, int, str, str, str, str]:
    """Return what sorts the likeliest pairs first, and no two alike."""
    return (one.parties != other.parties, one.kind != other.kind, one.subject.isdisjoint(other.subject),
            one.events.keys().isdisjoint(other.events), one.day - other.day, one.agreement, other.agreement,
            one.article, other.article)


def _is_same(one: Reported, other: Reported, *, broader: Mapping[str, frozenset[str]]) -> bool:
    related = (one.kind == other.kind or one.kind in broader.get(other.kind, ())
               or other.kind in broader.get(one.kind, ()))
    within = one.parties <= other.parties or other.parties <= one.parties
    if one.article == other.article or not (related and within):
        return False
    shared = not one.subject.isdisjoint(other.subject)
    if one.subject and other.subject and not shared:
        return False
    meetings = [
        _meeting(days, other_days) for status in one.events.keys() & other.events.keys()
        for days in one.events[status] for other_days in other.events[status]
    ]
    if True in meetings or (meetings and None not in meetings):
        return True in meetings
    # A body alone adopts many resolutions: without days on both sides nothing tells them apart.
    if min(len(one.parties), len(other.parties)) < 2 or (one.parties != other.parties and not shared):
        return False
    return abs(one.day - other.day) <= (DAYS if shared or one.subject == other.subject else SEASON)


def _meeting(one: tuple[int, int], other: tuple[int, int]) -> bool | None:
    """Return whether two events may be one, None if an open end leaves it unknown."""
    if one[0] > other[1] + SLACK or other[0] > one[1] + SLACK:
        return False
    return True if set(EVER).isdisjoint((*one, *other)) else None
