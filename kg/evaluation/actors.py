"""Counts over the actors of one article."""

from collections import Counter
from collections.abc import Sequence

from kg.evaluation.gold import GoldActor, GoldArticle
from kg.evaluation.names import fold
from kg.evaluation.published import PublishedActor

SAME_ID = 4  # surer than any name
Counts = Counter[str]


def count_actors(article: GoldArticle, published: Sequence[PublishedActor], *, counts: Counts,
                 notes: list[str]) -> None:
    """Add the counts of one article, and a note for each actor that is missed or wrong."""
    found: set[str] = set()
    for actor in published:
        best = max(article.actors.values(), key=lambda own: _likeness(own, actor), default=None)
        if best is None or not _likeness(best, actor):
            if _stands_in_ignored_text(article, actor):
                counts["actors neutral"] += 1
            else:
                counts["actors wrong"] += 1
                notes.append(f"actor not in the gold: {actor.names[0]}")
        elif best.name in found:
            counts["actors double"] += 1
        else:
            found.add(best.name)
            if best.optional:
                counts["actors neutral"] += 1
            else:
                _count_found(best, actor, counts=counts)
    for name, own in article.actors.items():
        if name not in found and not own.optional:
            counts["actors missed"] += 1
            notes.append(f"actor missed: {name}")


def _count_found(own: GoldActor, actor: PublishedActor, *, counts: Counts) -> None:
    counts["actors right"] += 1
    if actor.kind:
        counts["actor types"] += 1
        counts["actor types right"] += actor.kind == own.kind
    if actor.wikidata and own.wikidata:
        counts["wikidata gold"] += 1
        counts["wikidata right"] += actor.wikidata == own.wikidata


def _likeness(own: GoldActor, actor: PublishedActor) -> int:
    return SAME_ID if own.wikidata and own.wikidata == actor.wikidata else own.likeness(*actor.names)


def _stands_in_ignored_text(article: GoldArticle, actor: PublishedActor) -> bool:
    """Return whether the first words of an actor's names occur in headline, byline or captions, and only there."""
    first = {fold(name).split()[0] for name in actor.names if fold(name)}
    places = [number for number, (word, _, _) in enumerate(article.words) if word in first]
    return bool(places) and all(place in article.ignored_positions for place in places)
