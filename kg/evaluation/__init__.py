"""How good what was extracted is, measured against what careful readers wrote down.

`graphs` compares a built graph with a gold graph of the same articles; `articles` compares it with hand-made JSON of
news texts (its rules stand in `matching`); `calibration` asks whether the published confidences are probabilities.
"""

from kg.evaluation.articles import Result, figures, score_articles, score_published
from kg.evaluation.calibration import Bin, expected_calibration_error, reliability
from kg.evaluation.gold import GoldArticle, read_gold
from kg.evaluation.graphs import Cue, Score, compare_queries, rows, score, wrong_offsets
from kg.evaluation.published import Published, read_published

__all__ = [
    "Bin", "Cue", "GoldArticle", "Published", "Result", "Score", "compare_queries", "expected_calibration_error",
    "figures", "read_gold", "read_published", "reliability", "rows", "score", "score_articles", "score_published",
    "wrong_offsets",
]
