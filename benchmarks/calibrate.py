"""Fit the curve that turns raw scores of statements into probabilities: `python -m benchmarks.calibrate [SHARED]`.

Reads the articles with gold without calibration, compares with their gold, fits a logistic curve by Newton's method and
writes ontology/lexicon/calibration.csv. The articles held out count as well, for the two numbers of the curve alone: on
the development articles, which the rules were written with, more is right than on others, and their curve promises too
much. With a folder of further data (argument) the articles there count too.
"""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.quality import DEVELOPMENT, HELD_OUT, built_store, extractions_of
from kg.confidence import IDENTITY, Calibration, log_odds
from kg.evaluation import expected_calibration_error, score_articles
from kg.extraction import Knowledge
from kg.vocabulary import Vocabulary

ROOT = Path(__file__).parent.parent
RIDGE = 1.0  # keeps the slope near 1 and the intercept near 0 where articles are few
STEPS = 50


def judged(folder: Path, *, knowledge: Knowledge) -> Iterator[tuple[float, bool]]:
    """Yield the raw score of each published statement that counts, and whether it is right."""
    found = extractions_of(sorted((folder / "texts").glob("*.txt")), knowledge=knowledge)
    store = built_store(found, vocabulary=Vocabulary(), mentions="evidence")
    yield from score_articles(store, gold=folder / "gold", texts=folder / "texts", vocabulary=Vocabulary()).judged


def fit(pairs: Sequence[tuple[float, bool]]) -> Calibration:
    """Return the logistic curve of greatest likelihood, with a small pull towards the identity.

    >>> curve = fit([(0.5, True)] * 90 + [(0.5, False)] * 10)
    >>> 0.85 < curve.probability(0.5) < 0.92
    True
    """
    slope, intercept = 1.0, 0.0
    for _ in range(STEPS):
        gradient = [RIDGE * (1.0 - slope), -RIDGE * intercept]
        hessian = [RIDGE, 0.0, RIDGE]
        for score, right in pairs:
            x = log_odds(score)
            p = 1 / (1 + math.exp(-(slope * x + intercept)))
            gradient[0] += (right - p) * x
            gradient[1] += right - p
            weight = p * (1 - p)
            hessian[0] += weight * x * x
            hessian[1] += weight * x
            hessian[2] += weight
        determinant = hessian[0] * hessian[2] - hessian[1] ** 2
        slope += (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant
        intercept += (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant
    return Calibration(slope=slope, intercept=intercept)


def main() -> None:
    """Fit, write the curve, and print the calibration error before and after."""
    knowledge = replace(Knowledge.load(), calibration=IDENTITY)
    folders = [DEVELOPMENT, HELD_OUT, *(Path(folder) / "gold" / "dev" for folder in sys.argv[1:])]
    by_folder = [list(judged(folder, knowledge=knowledge)) for folder in folders]
    pairs = [pair for found in by_folder for pair in found]
    curve = fit(pairs)
    rows = ["# Platt scaling of raw scores, fitted by benchmarks/calibrate.py", "kind,slope,intercept,fitted_on",
            f"statement,{curve.slope:.4f},{curve.intercept:.4f},{len(pairs)} statements of articles with gold"]
    (ROOT / "ontology" / "lexicon" / "calibration.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for number, found in enumerate(by_folder):
        fitted = fit([pair for other, group in enumerate(by_folder) if other != number for pair in group] or found)
        for name, used in (("before", IDENTITY), ("after", curve), ("fitted on the other folders", fitted)):
            error = expected_calibration_error([(used.probability(score), right) for score, right in found])
            print(f"{folders[number].name}: {len(found)} statements, calibration error {name} {error:.3f}")


if __name__ == "__main__":
    main()
