"""Raw scores → probabilities.

What the encoder and the lexicons make of a statement is a score that orders well but is no probability. Platt scaling
makes it one: a logistic curve, its two parameters fitted on the development articles by
`python -m benchmarks.calibrate`.

Source: J. Platt, Probabilistic outputs for support vector machines, 1999.
"""

import math
from dataclasses import dataclass

from kg.errors import OntologyError
from kg.vocabulary import table

FILE = "calibration.csv"
EDGE = 0.01  # no score is surer than this of being right or wrong: so few articles can't tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A logistic curve over the log-odds of a raw score; slope 1 and intercept 0 leave scores as they are.

    >>> Calibration(slope=1.0, intercept=0.0).probability(0.8)
    0.8
    >>> Calibration(slope=1.0, intercept=1.0).probability(0.5) > 0.7
    True
    """

    slope: float
    intercept: float

    def probability(self, score: float) -> float:
        """Return the probability, from EDGE to 1 - EDGE, that a raw score from 0 to 1 stands for."""
        odds = self.slope * log_odds(score) + self.intercept
        return round(min(1 - EDGE, max(EDGE, 1 / (1 + math.exp(-odds)))), 4)


IDENTITY = Calibration(slope=1.0, intercept=0.0)


def log_odds(score: float) -> float:
    """Return the logarithm of the odds of a score, which is first brought into EDGE … 1 - EDGE.

    >>> log_odds(0.5)
    0.0
    """
    inside = min(1 - EDGE, max(EDGE, score))
    return math.log(inside / (1 - inside))


def load_calibration(kind: str) -> Calibration:
    """Return the fitted curve for a kind of record ("statement").

    Raises: OntologyError: ontology/lexicon/calibration.csv has no row for it, or one without numbers.
    """
    where = f"ontology/lexicon/{FILE}"
    for row in table("lexicon", FILE):
        if row["kind"] == kind:
            try:
                return Calibration(slope=float(row["slope"]), intercept=float(row["intercept"]))
            except ValueError as error:
                raise OntologyError(where, found=f"no numbers for {kind}",
                                    repair="run python -m benchmarks.calibrate") from error
    raise OntologyError(where, found=f"no row for {kind}", repair="run python -m benchmarks.calibrate")
