"""One release → how well it agrees with what careful readers wrote down."""

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from kg.errors import ArticleError
from kg.evaluation import (
    GoldArticle,
    Result,
    expected_calibration_error,
    figures,
    read_gold,
    read_published,
    score_published,
)
from kg.evaluation.articles import Figure
from kg.evaluation.published import article_name
from kg.release import Release
from kg.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What a release is worth against gold.

    `figures`: as `kg.evaluation.figures`. `articles`: the figure of the statements of each. `missing`: annotated
    articles that the release does not hold; all of them counts as missed. `flips`: denials published as assertions.
    `calibration_error`: None if no confidence was published. `mistakes`: statements by kind of mistake.
    """

    figures: dict[str, Figure]
    articles: dict[str, Figure]
    missing: tuple[str, ...]
    flips: tuple[str, ...]
    calibration_error: float | None
    mistakes: dict[str, int]


def score_release(release: Release, *, gold: Path) -> Scores:
    """Score what a release publishes of the annotated articles of a folder; its other articles are left alone.

    Args:
        release: Its articles have the sources NAME with any suffix.
        gold: Folder with gold/NAME.json and texts/NAME.txt.

    Raises: ArticleError: there is no gold, it has another form, or a text is not the one that was annotated.
    """
    articles = _gold(gold)
    store = pyoxigraph.Store.read_only(str(release.store_path))
    result = score_published(read_published(store, vocabulary=Vocabulary(base=release.base)), gold=articles)
    held = {article_name(source.source) for source in release.sources}
    return _scores(result, missing=tuple(article.name for article in articles if article.name not in held))


def _gold(folder: Path) -> tuple[GoldArticle, ...]:
    try:
        return read_gold(folder / "gold", folder / "texts")
    except (ValueError, KeyError, TypeError) as error:
        raise ArticleError(str(folder / "gold"), found=f"a file of another form ({error!r})",
                           repair="write it as tests/data/development/README.md says") from error


def _scores(result: Result, *, missing: tuple[str, ...]) -> Scores:
    return Scores(
        figures=figures(result.total), missing=missing, flips=result.flips, mistakes=result.mistakes,
        articles={name: figures(counts)["statements"] for name, counts in result.articles.items()},
        calibration_error=expected_calibration_error(result.judged) if result.judged else None,
    )
