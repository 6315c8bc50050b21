"""Raw scores → probabilities."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.calibrate import fit
from kg.confidence import EDGE, Calibration, load_calibration
from kg.errors import OntologyError
from kg.evaluation import expected_calibration_error

scores = st.floats(min_value=0, max_value=1)


@given(one=scores, other=scores)
def test_a_higher_score_never_means_a_lower_probability(one, other):
    curve = load_calibration("statement")
    low, high = sorted((one, other))
    assert EDGE <= curve.probability(low) <= curve.probability(high) <= 1 - EDGE


def test_fitting_makes_scores_that_are_too_low_into_probabilities():
    dice = random.Random(7)
    true = Calibration(slope=1.4, intercept=0.9)
    raw = [dice.uniform(0.3, 0.95) for _ in range(2000)]
    pairs = [(score, dice.random() < true.probability(score)) for score in raw]
    curve = fit(pairs)
    before = expected_calibration_error(pairs)
    after = expected_calibration_error([(curve.probability(score), right) for score, right in pairs])
    assert after < 0.03 < before
    assert curve.slope == pytest.approx(true.slope, abs=0.25)


def test_a_kind_without_a_curve_is_named():
    with pytest.raises(OntologyError, match="no row for rumour"):
        load_calibration("rumour")
