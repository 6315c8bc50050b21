"""Precision, recall and F1 of spans and attributions.

Attribution: "exact" counts an attribution as right when some gold one has the same tokens in a role and, but for the
cue itself, a cue that shares a token; "relation" pairs predicted and gold attributions one to one when their cues share
a token and their sources and contents overlap by half (Dice). The definitions of BBC Citron, with relation added.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

Item = tuple[frozenset[int], frozenset[int], frozenset[int]]  # tokens of cue, source, content
ROLE_NAMES = ("cue", "source", "content")


class Tally:
    """Counts of right, predicted, found and gold things by name."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def add(self, name: str, *, right: int, predicted: int, found: int, gold: int) -> None:
        """Add one article's counts."""
        for kind, number in (("right", right), ("predicted", predicted), ("found", found), ("gold", gold)):
            self.counts[name, kind] += number

    def f1(self, name: str) -> float:
        """Return the harmonic mean of precision and recall, 0 where nothing is right."""
        if not self.counts[name, "right"]:
            return 0.0
        precision = self.counts[name, "right"] / self.counts[name, "predicted"]
        recall = self.counts[name, "found"] / self.counts[name, "gold"]
        return 2 * precision * recall / (precision + recall)

    def figures(self) -> dict[str, float]:
        """Return the F1 of every name, rounded to four digits."""
        return {name: round(self.f1(name), 4) for name, kind in self.counts if kind == "right"}


def add_sets(tally: Tally, name: str, predicted: Iterable[object], gold: Iterable[object]) -> None:
    """Count things that are right when they are equal: spans with labels, sentences."""
    mine, true = set(predicted), set(gold)
    tally.add(name, right=len(mine & true), predicted=len(mine), found=len(mine & true), gold=len(true))


def add_attributions(tally: Tally, predicted: Sequence[Item], gold: Sequence[Item]) -> None:
    """Count one article's attributions under all measures."""
    for role, name in enumerate(ROLE_NAMES):
        _add_pairs(tally, f"{name} exact", predicted, gold, _same_role(role))
        mine = frozenset[int]().union(*(item[role] for item in predicted))
        true = frozenset[int]().union(*(item[role] for item in gold))
        shared = len(mine & true)
        tally.add(f"{name} overlap", right=shared, predicted=len(mine), found=shared, gold=len(true))
    _add_pairs(tally, "all exact", predicted, gold, lambda mine, true: mine == true)
    hits = _one_to_one(predicted, gold)
    tally.add("relation", right=hits, predicted=len(predicted), found=hits, gold=len(gold))


def _same_role(role: int) -> Callable[[Item, Item], bool]:
    if role == 0:
        return lambda mine, true: mine[0] == true[0]
    return lambda mine, true: bool(mine[0] & true[0]) and mine[role] == true[role]


def _add_pairs(
    tally: Tally, name: str, predicted: Sequence[Item], gold: Sequence[Item], equal: Callable[[Item, Item], bool]
) -> None:
    right = sum(any(equal(mine, true) for true in gold) for mine in predicted)
    found = sum(any(equal(mine, true) for mine in predicted) for true in gold)
    tally.add(name, right=right, predicted=len(predicted), found=found, gold=len(gold))


def _one_to_one(predicted: Sequence[Item], gold: Sequence[Item]) -> int:
    pairs = []
    for i, mine in enumerate(predicted):
        for j, true in enumerate(gold):
            values = [dice(a, b) for a, b in zip(mine, true, strict=True)]
            if (mine[0] & true[0] or not mine[0] or not true[0]) and min(values[1:]) >= 0.5:
                pairs.append((-sum(values), i, j))
    used_mine, used_true = set(), set()
    for _, i, j in sorted(pairs):
        if i not in used_mine and j not in used_true:
            used_mine.add(i)
            used_true.add(j)
    return len(used_mine)


def dice(one: frozenset[int], other: frozenset[int]) -> float:
    """Return twice the shared part of the sum of both sizes; 1 for two empty sets."""
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0
