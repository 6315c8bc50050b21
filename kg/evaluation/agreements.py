"""Counts over the agreements of one article: found one to one, with parties, date, status, kind and obligations."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kg.evaluation.dates import falls_in
from kg.evaluation.gold import GoldAgreement, GoldArticle
from kg.evaluation.names import content_words
from kg.evaluation.published import PublishedAgreement

Counts = Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A gold agreement and a published one with a party in common."""

    gold: int
    published: int
    likeness: float
    parties: frozenset[str]
    strangers: int


def count_agreements(article: GoldArticle, published: Sequence[PublishedAgreement], *, counts: Counts,
                     notes: list[str]) -> None:
    """Add the counts of one article, and a note for each agreement that is missed or wrong."""
    pairs = sorted(_pairs(article, published), key=lambda pair: -pair.likeness)
    found: set[int] = set()
    used: set[int] = set()
    for pair in pairs:
        if pair.gold not in found and pair.published not in used:
            found.add(pair.gold)
            used.add(pair.published)
            gold = article.agreements[pair.gold]
            if gold.optional:
                counts["agreements neutral"] += 1
            else:
                _count_found(article, gold, published[pair.published], pair, counts=counts)
    for number, gold in enumerate(article.agreements):
        if number not in found and not gold.optional:
            counts["agreements missed"] += 1
            notes.append(f"agreement missed: {gold.title}")
    for index, agreement in enumerate(published):
        if index not in used:
            counts["agreements wrong"] += 1
            notes.append(f"agreement wrong: {agreement.title} of {', '.join(agreement.parties)}")


def _pairs(article: GoldArticle, published: Sequence[PublishedAgreement]) -> list[_Pair]:
    pairs = (
        _pair(article, number, index, published[index])
        for index in range(len(published)) for number in range(len(article.agreements))
    )
    return [pair for pair in pairs if pair is not None]


def _pair(article: GoldArticle, number: int, index: int, published: PublishedAgreement) -> _Pair | None:
    gold = article.agreements[number]
    hit, free, strangers = set(), False, 0
    for party in published.parties:
        likeness = {own: article.actor(own).likeness(party) for own in sorted(gold.parties | gold.parties_ok)}
        best = max(likeness, key=lambda own: (likeness[own], own in gold.parties), default="")
        if not best or not likeness[best]:
            strangers += 1
        elif best in gold.parties:
            hit.add(best)
        free = free or any(likeness[own] for own in gold.parties_ok)
    if not hit and not free:
        return None
    f1 = 2 * len(hit) / (len(hit) + strangers + len(gold.parties)) if hit else 0.0
    ours, theirs = content_words((published.title, published.words)), content_words((gold.words, gold.title))
    likeness_of_all = (
        f1 + 0.5 * (bool(gold.date) and falls_in(published.date, gold.date)) + 0.25 * (published.kind in gold.kind_ok)
        + 0.75 * len(ours & theirs) / max(1, min(len(ours), len(theirs))) + (0.0 if gold.optional else 0.1)
    )
    return _Pair(gold=number, published=index, likeness=likeness_of_all, parties=frozenset(hit), strangers=strangers)


def _count_found(article: GoldArticle, gold: GoldAgreement, published: PublishedAgreement, pair: _Pair, *,
                 counts: Counts) -> None:
    counts["agreements found"] += 1
    counts["parties right"] += len(pair.parties)
    counts["parties wrong"] += pair.strangers
    counts["parties missed"] += len(gold.parties - pair.parties)
    counts["statuses right"] += published.status in gold.status_ok
    counts["kinds right"] += published.kind in gold.kind_ok
    if gold.date:
        counts["dates gold"] += 1
        counts["dates right"] += falls_in(published.date, gold.date)
    else:
        counts["dates invented"] += bool(published.date)
    for duty in gold.obligations:
        counts["obligations gold"] += 1
        same = [bearers for gist, bearers in published.duties if _holds_half(gist, duty.words)]
        counts["obligations found"] += bool(same)
        counts["bearers right"] += any(
            article.actor(bearer).likeness(*bearers) for bearers in same for bearer in duty.bearers
        )


def _holds_half(gist: str, words: str) -> bool:
    """Return whether at least half of the content words of a gold obligation stand in a published gist."""
    wanted = content_words((words,))
    return len(content_words((gist,)) & wanted) * 2 >= len(wanted)
