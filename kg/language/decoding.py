"""Scores of the heads → spans and links, for one window at a time; all numbers are tokens of the window."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]
Run = tuple[int, int]  # first token, end

CUE, SOURCE, CONTENT = range(3)
SOURCE_LINK, CONTENT_LINK = 0.0, 0.0  # logits from which a span is linked to one more cue
LAST_RESORT = -4.0  # logit from which a cue without spans of a role takes its best candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedCue:
    """A cue with its sources and contents; `score` is the product of the cue's and the weakest link's probability."""

    cue: Run
    sources: tuple[Run, ...]
    contents: tuple[Run, ...]
    score: float


def find_runs(tags: NDArray[np.integer]) -> list[Run]:
    """Return the spans of one layer of tags: 0 outside, 1 begins, 2 inside; inside after outside begins.

    >>> find_runs(np.array([0, 1, 2, 1, 0, 2]))
    [(1, 3), (3, 4), (5, 6)]
    """
    runs: list[Run] = []
    start = -1
    for number, tag in enumerate([*tags.tolist(), 0]):
        if start >= 0 and tag != 2:
            runs.append((start, number))
            start = -1
        if tag and start < 0:
            start = number
    return runs


def find_names(scores: Scores) -> list[tuple[int, int, int]]:
    """Return (first token, end, label) of the names; `scores` is tokens × (outside, begins A, inside A, begins B …)."""
    tags = scores.argmax(-1)
    labels = (tags - 1) // 2
    plain = np.where(tags == 0, 0, 2 - tags % 2)
    changed = np.flatnonzero((plain[1:] == 2) & (labels[1:] != labels[:-1])) + 1
    plain[changed] = 1
    return [(start, end, int(labels[start])) for start, end in find_runs(plain)]


def link_cues(roles: Scores, links: Scores) -> list[LinkedCue]:
    """Return the cues of a window in order, each with the spans that belong to it.

    Every source and content goes to its best cue, and to every other cue that its link clears the bar for; a cue left
    without one takes the best candidate.

    Args:
        roles: Tokens × role × (outside, begins, inside), logits.
        links: (source, content) × cue's first token × span's first token, logits.
    """
    tags = roles.argmax(-1)
    cues = find_runs(tags[:, CUE])
    if not cues:
        return []
    probabilities = _softmax(roles[:, CUE])
    sources = _link(cues, find_runs(tags[:, SOURCE]), links[0], SOURCE_LINK)
    contents = _link(cues, find_runs(tags[:, CONTENT]), links[1], CONTENT_LINK)
    found = []
    for number, (start, end) in enumerate(cues):
        certain = float(1 - probabilities[start:end, 0].max())
        weakest = min([score for _, score in sources[number] + contents[number]], default=0.5)
        runs = [tuple(run for run, _ in each[number]) for each in (sources, contents)]
        found.append(LinkedCue(cue=(start, end), sources=runs[0], contents=runs[1], score=certain * weakest))
    return found


def _link(cues: list[Run], runs: list[Run], links: Scores, bar: float) -> list[list[tuple[Run, float]]]:
    """Return for each cue the runs linked to it with the links' probabilities."""
    linked: list[list[tuple[Run, float]]] = [[] for _ in cues]
    if not runs:
        return linked
    scores = links[np.ix_([start for start, _ in cues], [start for start, _ in runs])]
    chosen = (scores > bar) | ((scores == scores.max(0)) & (scores > LAST_RESORT))
    for number in np.flatnonzero(~chosen.any(1)):
        best = int(scores[number].argmax())
        chosen[number, best] = scores[number, best] > LAST_RESORT
    for number, place in zip(*np.nonzero(chosen), strict=True):
        linked[number].append((runs[place], float(1 / (1 + np.exp(-scores[number, place])))))
    return linked


def _softmax(scores: Scores) -> Scores:
    raised: Scores = np.exp(scores - scores.max(-1, keepdims=True))
    shares: Scores = raised / raised.sum(-1, keepdims=True)
    return shares
