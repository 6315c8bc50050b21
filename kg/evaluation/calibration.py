"""Whether confidences are probabilities: of all that is published with 0.8, eight in ten should be right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """One row of a reliability table: the confidences in [low, high), their mean, and the share of right ones."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(judged: Iterable[tuple[float, bool]], *, bins: int = BINS) -> tuple[Bin, ...]:
    """Return the rows that are not empty, lowest confidence first; 1 belongs to the last row.

    >>> [(row.low, row.count, row.right) for row in reliability([(1.0, True), (0.93, False), (0.2, False)])]
    [(0.2, 1, 0.0), (0.9, 2, 0.5)]
    """
    members: dict[int, list[tuple[float, bool]]] = {}
    for confidence, is_right in judged:
        members.setdefault(min(bins - 1, int(confidence * bins)), []).append((confidence, is_right))
    return tuple(
        Bin(
            low=number / bins, high=(number + 1) / bins, count=len(own),
            confidence=sum(confidence for confidence, _ in own) / len(own),
            right=sum(is_right for _, is_right in own) / len(own),
        )
        for number, own in sorted(members.items())
    )


def expected_calibration_error(judged: Sequence[tuple[float, bool]], *, bins: int = BINS) -> float:
    """Return the mean distance between confidence and share of right ones, over bins of equal width.

    Raises: ValueError: nothing was judged.

    Source: Naeini et al. 2015, Obtaining Well Calibrated Probabilities Using Bayesian Binning.

    >>> expected_calibration_error([(0.75, True), (0.75, False), (0.75, True), (0.75, True)])
    0.0
    """
    if not judged:
        raise ValueError("no confidence was judged")
    return sum(row.count * abs(row.confidence - row.right) for row in reliability(judged, bins=bins)) / len(judged)
