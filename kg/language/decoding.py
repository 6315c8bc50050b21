"""Scores of the heads → spans and links, for one window at a time; all numbers are tokens of the window."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Run = tuple[int, int]  # first token, end

CUE, SOURCE, CONTENT = range(3)
NEVER = -1e4


class Bars(NamedTuple):
    """Logits of links, tuned on PolNeAR dev by `python -m training.tune`.

    `best` is the least for a span to go to its best cue, `more` to go to one more cue, `last` to go to a cue that would
    stay without any.
    """

    best: float
    more: float
    last: float


SOURCE_BARS, CONTENT_BARS = Bars(2.25, 2.5, -0.75), Bars(-0.25, 2.5, -6.5)
TAG_COSTS = np.array([[0.0, 0.0, 0.0], [1.5, 0.55, 0.0], [0.25, 0.5, 0.0]], np.float32)  # role × tag, tuned likewise
NAME_COST = 0.3  # of each name, in logits; tuned on en-worldwide-newswire dev, better on WikiGold and UNER dev too


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCue:
    """A cue with its sources and contents; `score` is the product of the cue's and the weakest link's probability."""

    cue: Run
    sources: tuple[Run, ...]
    contents: tuple[Run, ...]
    score: float


def find_runs(tags: NDArray[np.integer]) -> list[Run]:
    """Return the spans of one layer of tags: 0 outside, 1 begins, 2 inside.

    >>> find_runs(np.array([0, 1, 2, 1, 0, 1]))
    [(1, 3), (3, 4), (5, 6)]
    """
    runs: list[Run] = []
    start = -1
    for number, tag in enumerate([*tags.tolist(), 0]):
        if start >= 0 and tag != 2:
            runs.append((start, number))
            start = -1
        if tag == 1:
            start = number
    return runs


def best_tags(scores: Scores) -> NDArray[np.intp]:
    """Return the best tags of each layer in which "inside" only continues its own span (Viterbi 1967).

    Args:
        scores: Tokens × layer × (outside, begins A, inside A, begins B, inside B …), logits.

    >>> best_tags(np.array([[[0.0, 0.5, 1.0]], [[0.0, 0.0, 1.0]]])).T.tolist()
    [[1, 2]]
    """
    tags: NDArray[np.intp] = scores.argmax(-1)
    before = np.concatenate([np.zeros_like(tags[:1]), tags[:-1]])
    wrong = (tags > 0) & (tags % 2 == 0) & (before != tags) & (before != tags - 1)
    for layer in np.flatnonzero(wrong.any(0)):
        tags[:, layer] = _best_path(scores[:, layer])
    return tags


def _best_path(scores: Scores) -> list[int]:
    """Return the best tags of one layer; `scores` is tokens × tags."""
    inside = range(2, scores.shape[1], 2)
    first, *rest = scores.tolist()
    best = [score + NEVER if tag in inside else score for tag, score in enumerate(first)]
    ways: list[list[int]] = []
    for row in rest:
        top = max(best)
        way, sums = [best.index(top)] * len(row), [top + score for score in row]
        for tag in inside:
            way[tag] = tag - 1 if best[tag - 1] >= best[tag] else tag
            sums[tag] = best[way[tag]] + row[tag]
        ways.append(way)
        best = sums
    path = [best.index(max(best))]
    for way in reversed(ways):
        path.append(way[path[-1]])
    return path[::-1]


def find_names(scores: Scores) -> list[tuple[int, int, int]]:
    """Return (first token, end, label) of the names; `scores` is tokens × (outside, begins A, inside A, begins B …)."""
    costs = np.zeros(scores.shape[1], np.float32)
    costs[1::2] = NAME_COST
    tags = best_tags((scores - costs)[:, None])[:, 0]
    runs = find_runs(np.where(tags == 0, 0, 2 - tags % 2))
    return [(start, end, int(tags[start] - 1) // 2) for start, end in runs]


def link_cues(roles: Scores, links: Scores) -> list[LinkedCue]:
    """Return the cues of a window in order, each with the spans that belong to it.

    Args:
        roles: Tokens × role × (outside, begins, inside), logits.
        links: (source, content) × cue's first token × span's first token, logits.
    """
    tags = best_tags(roles - TAG_COSTS)
    cues = find_runs(tags[:, CUE])
    if not cues:
        return []
    probabilities = _softmax(roles[:, CUE])
    sources = _link(cues, find_runs(tags[:, SOURCE]), links[0], SOURCE_BARS)
    contents = _link(cues, find_runs(tags[:, CONTENT]), links[1], CONTENT_BARS)
    found = []
    for number, (start, end) in enumerate(cues):
        certain = float(1 - probabilities[start:end, 0].max())
        weakest = min([score for _, score in sources[number] + contents[number]], default=0.5)
        runs = [tuple(run for run, _ in each[number]) for each in (sources, contents)]
        found.append(LinkedCue(cue=(start, end), sources=runs[0], contents=runs[1], score=certain * weakest))
    return found


def _link(cues: list[Run], runs: list[Run], links: Scores, bars: Bars) -> list[list[tuple[Run, float]]]:
    """Return for each cue the runs linked to it with the links' probabilities."""
    linked: list[list[tuple[Run, float]]] = [[] for _ in cues]
    if not runs:
        return linked
    scores = links[np.ix_([start for start, _ in cues], [start for start, _ in runs])]
    chosen = (scores > bars.more) | ((scores == scores.max(0)) & (scores > bars.best))
    for number in np.flatnonzero(~chosen.any(1)):
        best = int(scores[number].argmax())
        chosen[number, best] = scores[number, best] > bars.last
    for number, place in zip(*np.nonzero(chosen), strict=True):
        linked[number].append((runs[place], float(1 / (1 + np.exp(-scores[number, place])))))
    return linked


def _softmax(scores: Scores) -> Scores:
    raised: Scores = np.exp(scores - scores.max(-1, keepdims=True))
    shares: Scores = raised / raised.sum(-1, keepdims=True)
    return shares
