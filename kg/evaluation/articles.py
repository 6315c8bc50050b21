"""Scores of what was published against hand-made gold of news texts: statements, actors, agreements.

Figures are ratios from 0 to 1 over the counts of all articles (micro average). Names match as `names.likeness` says;
Wikidata ids decide where both sides have the same one.

- actors: the distinct actors of an article; a second one for the same gold actor is a double, not an error.
- statements: found as `matching` says; "content" is the same without a look at the speaker. On those found: stance
  (strict, and with the labels that the gold also accepts), mode, polarity, certainty, who passed the words on, the day,
  and the actors spoken about.
- agreements: one to one, by the best sum of party F1, date, kind and words; a pair needs a common party.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from kg.evaluation.actors import count_actors
from kg.evaluation.agreements import count_agreements
from kg.evaluation.gold import GoldArticle, read_gold
from kg.evaluation.published import Published, read_published
from kg.evaluation.statements import count_statements, flips, judged, mistakes
from kg.vocabulary import Vocabulary

Figure = float | tuple[float, float, float] | None
_RATIOS = {  # figure: what is counted, and how many of it are right
    "content_recall": ("statements gold", "content found"),
    "speaker_accuracy": ("content found", "statements found"),
    "stance_strict": ("statements found", "stance strict"),
    "stance": ("statements found", "stance right"),
    "mode": ("statements found", "mode right"),
    "polarity_strict": ("polarity gold", "polarity strict"),
    "polarity": ("polarity gold", "polarity right"),
    "certainty": ("certainty gold", "certainty right"),
    "reported_by": ("reported_by gold", "reported_by right"),
    "said_on": ("said_on gold", "said_on right"),
    "actor_type": ("actor types", "actor types right"),
    "wikidata": ("wikidata gold", "wikidata right"),
    "agreement_date": ("dates gold", "dates right"),
    "agreement_status": ("agreements found", "statuses right"),
    "agreement_kind": ("agreements found", "kinds right"),
    "obligations": ("obligations gold", "obligations found"),
    "obligation_bearer": ("obligations found", "bearers right"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The outcome over some articles.

    `judged` holds the confidence of each published statement that counts, and whether it is right; `flips` a line for
    each denial that was published as an assertion; `errors` a line for all else that is not as in the gold.
    """

    total: Counter[str]
    articles: Mapping[str, Counter[str]]
    judged: tuple[tuple[float, bool], ...]
    flips: tuple[str, ...]
    errors: tuple[str, ...]

    @property
    def stances(self) -> dict[str, tuple[int, int, int]]:
        """For each stance of the gold: statements in the gold, of them found, of those with an accepted stance."""
        names = sorted(name.removeprefix("gold as ") for name in self.total if name.startswith("gold as "))
        return {
            name: (self.total[f"gold as {name}"], self.total[f"found as {name}"], self.total[f"right as {name}"])
            for name in names
        }

    @property
    def mistakes(self) -> dict[str, int]:
        """How often each kind of mistake was made with statements."""
        return {name: self.total[name] for name in sorted(self.total) if name.startswith(("missed: ", "wrong: "))}


def score_articles(built: pyoxigraph.Store, *, gold: Path, texts: Path, vocabulary: Vocabulary) -> Result:
    """Score what a store publishes of the annotated articles of a folder.

    Args:
        built: Holds the graphs of the articles; those that are not annotated are left alone.
        gold: Folder of NAME.json; the articles' sources are NAME with any suffix.
        texts: Folder of NAME.txt.
        vocabulary: Terms of the store.

    Raises: ArticleError: there is no gold, or a text is not the one that was annotated.
    """
    return score_published(read_published(built, vocabulary=vocabulary), gold=read_gold(gold, texts))


def score_published(published: Published, *, gold: Iterable[GoldArticle]) -> Result:
    """Score what was published of annotated articles; an article without any counts as missed whole."""
    articles: dict[str, Counter[str]] = {}
    confidences: list[tuple[float, bool]] = []
    flipped: list[str] = []
    errors: list[str] = []
    for article in gold:
        counts: Counter[str] = Counter()
        notes: list[str] = []
        own = [statement for statement in published.statements if statement.article == article.name]
        matching = count_statements(article, own, counts=counts)
        notes += (f"{kind}: {said}" for kind, said in mistakes(article, matching))
        count_actors(article, [actor for actor in published.actors if actor.article == article.name], counts=counts,
                     notes=notes)
        count_agreements(article, [one for one in published.agreements if one.article == article.name], counts=counts,
                         notes=notes)
        turned = tuple(flips(article, matching))
        counts["flips"] += len(turned)
        articles[article.name] = counts
        confidences += judged(matching)
        flipped += (f"{article.name}: {line}" for line in turned)
        errors += (f"{article.name}: {note}" for note in notes)
    total: Counter[str] = sum(articles.values(), Counter())
    return Result(total=total, articles=articles, judged=tuple(confidences), flips=tuple(flipped),
                  errors=tuple(errors))


def figures(counts: Counter[str]) -> dict[str, Figure]:
    """Return the ratios of some counts: (precision, recall, F1), a share, or None where nothing was counted.

    >>> figures(Counter({"actors right": 3, "actors wrong": 1, "actors missed": 3}))["actors"]
    (0.75, 0.5, 0.6)
    """
    result: dict[str, Figure] = {
        "statements": _measure(counts["published right"], counts["published wrong"], found=counts["statements found"],
                               wanted=counts["statements gold"]),
        "content": _measure(counts["content right"], counts["content wrong"], found=counts["content alone found"],
                            wanted=counts["statements gold"]),
    }
    for name in ("actors", "about", "parties"):
        right, missed = counts[f"{name} right"], counts[f"{name} missed"]
        result[name] = _measure(right, counts[f"{name} wrong"], found=right, wanted=right + missed)
    right, missed = counts["agreements found"], counts["agreements missed"]
    result["agreements"] = _measure(right, counts["agreements wrong"], found=right, wanted=right + missed)
    for name, (counted, sound) in _RATIOS.items():
        result[name] = counts[sound] / counts[counted] if counts[counted] else None
    return result


def _measure(right: int, wrong: int, *, found: int, wanted: int) -> tuple[float, float, float] | None:
    """Return precision, recall and F1; two published statements can make up one that was found."""
    if not right + wrong and not wanted:
        return None
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = found / wanted if wanted else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision and recall else 0.0
