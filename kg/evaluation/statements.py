"""Counts over the statements of one article: found and not, their labels, and what kind of error each mistake is."""

from collections import Counter
from collections.abc import Iterator, Sequence

from kg.evaluation.dates import falls_in
from kg.evaluation.gold import GoldArticle, GoldStatement
from kg.evaluation.matching import Matching, match, speaker_fits
from kg.evaluation.published import PublishedStatement
from kg.model import Span

Counts = Counter[str]


def count_statements(article: GoldArticle, published: Sequence[PublishedStatement], *, counts: Counts) -> Matching:
    """Add the counts of one article, and return how its statements were matched."""
    matching = match(article, published, fits=speaker_fits(article))
    counts["published right"] += len({index for chosen in matching.found.values() for index in chosen})
    counts["published wrong"] += len(matching.wrong)
    counts["published neutral"] += len(matching.neutral)
    for number, gold in enumerate(article.statements):
        if not gold.optional:
            counts["statements gold"] += 1
            counts[f"gold as {gold.stance}"] += 1
            counts["content found"] += number in matching.content_found
    for number, chosen in matching.found.items():
        _count_labels(article.statements[number], matching.published[chosen[0]], counts=counts)
        _count_passed_on(article, article.statements[number], matching.published[chosen[0]], counts=counts)
        _count_about(article, article.statements[number], [matching.published[index] for index in chosen],
                     counts=counts)
    for kind, _ in mistakes(article, matching):
        counts[kind] += 1
    alone = match(article, published, fits=lambda gold, statement: True)
    counts["content alone found"] += len(alone.found)
    counts["content right"] += len({index for chosen in alone.found.values() for index in chosen})
    counts["content wrong"] += len(alone.wrong)
    return matching


def mistakes(article: GoldArticle, matching: Matching) -> Iterator[tuple[str, str]]:
    """Yield the class and the words of each statement that was missed, and of each published one that is wrong."""
    for number, gold in enumerate(article.statements):
        if not gold.optional and number not in matching.found:
            said = " … ".join(span.of(article.text) for span in gold.content)
            yield _class_of_missed(number, gold, article, matching), f"{gold.id} {gold.speakers[0]}: {_short(said)}"
    for index in matching.wrong:
        statement = matching.published[index]
        speaker = statement.speakers[0] if statement.speakers else "nobody"
        yield _class_of_wrong(index, article, matching), f"{speaker}: {_short(' … '.join(statement.pieces))}"


def flips(article: GoldArticle, matching: Matching) -> Iterator[str]:
    """Yield a line for each denial, or words that neither confirm nor deny, published as if the speaker asserted it."""
    taken = {index for chosen in matching.found.values() for index in chosen}
    for number, gold in enumerate(article.statements):
        if not gold.polarity or "positive" in gold.polarity_ok:
            continue
        fitting = [index for index in matching.fitting[number] if index not in taken] if gold.optional else []
        for index in matching.found.get(number, fitting):
            if matching.published[index].polarity == "positive":
                said = " … ".join(span.of(article.text) for span in gold.content)
                yield f"{gold.id} {gold.speakers[0]} ({gold.cue.of(article.text)}): {_short(said)}"


def judged(matching: Matching) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of each published statement that counts, and whether it is right."""
    right = {index for chosen in matching.found.values() for index in chosen}
    for index, statement in enumerate(matching.published):
        if statement.confidence is not None and index not in matching.neutral:
            yield statement.confidence, index in right


def _count_labels(gold: GoldStatement, published: PublishedStatement, *, counts: Counts) -> None:
    counts["statements found"] += 1
    counts[f"found as {gold.stance}"] += 1
    counts["stance strict"] += published.stance == gold.stance
    counts["stance right"] += published.stance in gold.stance_ok
    counts[f"right as {gold.stance}"] += published.stance in gold.stance_ok
    counts["mode right"] += published.mode == gold.mode
    if gold.polarity:
        counts["polarity gold"] += 1
        counts["polarity strict"] += published.polarity == gold.polarity
        counts["polarity right"] += published.polarity in gold.polarity_ok
    if gold.certainty:
        counts["certainty gold"] += 1
        counts["certainty right"] += published.certainty in gold.certainty_ok


def _count_passed_on(article: GoldArticle, gold: GoldStatement, published: PublishedStatement, *,
                     counts: Counts) -> None:
    if gold.reported_by:
        counts["reported_by gold"] += 1
        counts["reported_by right"] += bool(article.actor(gold.reported_by).likeness(*published.reported_by))
    if gold.said_on:
        counts["said_on gold"] += 1
        counts["said_on right"] += falls_in(published.said_on, gold.said_on)


def _count_about(article: GoldArticle, gold: GoldStatement, published: Sequence[PublishedStatement], *,
                 counts: Counts) -> None:
    free = gold.about_ok | {gold.speakers[0]}
    hit = set()
    for name in sorted({name for statement in published for name in statement.about}):
        likeness = {own: article.actor(own).likeness(name) for own in sorted({*gold.about, *free, *article.actors})}
        best = max(likeness, key=lambda own: (likeness[own], own in gold.about, own in free))
        if not likeness[best]:
            counts["about wrong"] += 1
        elif best in gold.about:
            hit.add(best)
        elif best not in free and not article.actor(best).optional:
            counts["about wrong"] += 1
    counts["about right"] += len(hit)
    counts["about missed"] += len(gold.about - hit)


def _class_of_missed(number: int, gold: GoldStatement, article: GoldArticle, matching: Matching) -> str:
    if number in matching.content_found:
        return "missed: wrong speaker"
    if matching.near.get(number):
        return "missed: content too short"
    at_cue = [statement for statement in matching.published if _meets(statement, gold.cue)]
    if any(speaker_fits(article)(gold, statement) for statement in at_cue):
        return "missed: content elsewhere"
    return "missed: speaker and content" if at_cue else "missed: no statement at the cue"


def _class_of_wrong(index: int, article: GoldArticle, matching: Matching) -> str:
    if any(index in fitting and number in matching.found for number, fitting in matching.fitting.items()):
        return "wrong: duplicate"
    if any(index in fitting for fitting in matching.fitting.values()):
        return "wrong: content too short"
    if any(index in near for near in matching.near.values()):
        return "wrong: speaker"
    statement = matching.published[index]
    if any(_meets(statement, gold.cue) for gold in article.statements):
        return "wrong: content"
    return "wrong: nothing was said"


def _meets(statement: PublishedStatement, cue: Span) -> bool:
    start, end = statement.cue
    return start < cue.end and cue.start < end


def _short(said: str) -> str:
    line = " ".join(said.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
