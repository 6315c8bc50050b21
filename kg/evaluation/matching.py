"""Which published statement is which statement of the gold.

A published statement fits one of the gold when a speaker is right and at least half of its words lie in the gold's
content. The gold's is found when what fits covers at least half of its words, or one whole piece of a split quote that
is a third of it or more: a split quote may be published as two statements. What adds nothing new to a statement that is
already covered is wrong. What fits an optional statement only, or lies in ignored text, counts neither way.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kg.evaluation.gold import GoldArticle, GoldStatement, Positions
from kg.evaluation.names import SMALL_WORDS, fold, words
from kg.evaluation.published import PublishedStatement

MAX_READINGS = 64  # of words that occur again and again in a text; more make no difference, and cost time
PRONOUNS = frozenset(("he", "she", "it", "they", "who"))
Fits = Callable[[GoldStatement, PublishedStatement], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A published statement, and the places in the text where its words can stand (none: they are not in the text)."""

    statement: PublishedStatement
    readings: tuple[Positions, ...]
    spelled: tuple[str, ...]

    def share(self, article: GoldArticle, content: Positions) -> tuple[Positions, int]:
        """Return which words of `content` the statement has, and how many words it has itself."""
        if self.readings:
            best = max(self.readings, key=lambda reading: len(reading & content))
            return best & content, len(best)
        left, got = Counter(self.spelled), set()
        for position in sorted(content):
            word = article.words[position][0]
            if left[word] > 0:
                left[word] -= 1
                got.add(position)
        return frozenset(got), len(self.spelled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """The outcome for one article.

    Statements of the gold and published ones are given by their numbers. `found`: the published ones that make up a
    statement of the gold, best first (optional ones are not found); `near`: those whose words lie in its content,
    whoever speaks; `fitting`: of those, the ones with a right speaker; `content_found`: statements of the gold whose
    content was published as said by anybody; `neutral` and `wrong`: published ones that count neither way or are wrong.
    """

    published: tuple[PublishedStatement, ...]
    found: dict[int, tuple[int, ...]]
    near: dict[int, tuple[int, ...]]
    fitting: dict[int, tuple[int, ...]]
    content_found: frozenset[int]
    neutral: frozenset[int]
    wrong: tuple[int, ...]


def speaker_fits(article: GoldArticle) -> Fits:
    """Return the test of whether a published statement has the speaker of a gold statement."""

    def fits(gold: GoldStatement, published: PublishedStatement) -> bool:
        names = published.speakers
        if any(article.actor(who).likeness(*names) for who in gold.speakers):
            return True
        surface = fold(gold.surface)
        if surface not in PRONOUNS and any(fold(name) == surface for name in names if fold(name)):
            return True
        if not gold.anonymous and not article.actor(gold.speakers[0]).optional:
            return False
        wanted = {*surface.split(), *fold(gold.speakers[0]).split()} - SMALL_WORDS
        described = [set(fold(name).split()) - SMALL_WORDS for name in names]
        return any(one & wanted and len(one & wanted) * 2 >= len(one) for one in described)

    return fits


def match(article: GoldArticle, published: Sequence[PublishedStatement], *, fits: Fits) -> Matching:
    """Match published statements with the gold of an article; `fits` judges the speaker."""
    placed = tuple(_place(article, statement) for statement in published)
    contents = [article.positions(gold.content) for gold in article.statements]
    near: dict[int, tuple[int, ...]] = {}
    shares: dict[tuple[int, int], Positions] = {}
    for number, content in enumerate(contents):
        for index, own in enumerate(placed):
            got, size = own.share(article, content)
            if size and len(got) * 2 >= size:
                near[number] = (*near.get(number, ()), index)
                shares[number, index] = got
    fitting = {
        number: tuple(index for index in near.get(number, ()) if fits(gold, placed[index].statement))
        for number, gold in enumerate(article.statements)
    }
    found: dict[int, tuple[int, ...]] = {}
    used: set[int] = set()
    for number, gold in enumerate(article.statements):
        if not gold.optional:
            free = {index: shares[number, index] for index in fitting[number] if index not in used}
            chosen, covered = _assemble(free)
            if _is_found(article, gold, contents[number], covered):
                found[number] = chosen
                used.update(chosen)
    neutral = {
        index for number, gold in enumerate(article.statements) if gold.optional for index in fitting[number]
    } | {index for index, own in enumerate(placed) if _lies_in(own, article.ignored_positions)}
    content_found = frozenset(
        number for number in range(len(contents))
        if number in found or _covers_half(contents[number], [shares[number, index] for index in near.get(number, ())])
    )
    return Matching(
        published=tuple(published), found=found, near=near, fitting=fitting, content_found=content_found,
        neutral=frozenset(neutral - used),
        wrong=tuple(index for index in range(len(placed)) if index not in used | neutral),
    )


def _place(article: GoldArticle, statement: PublishedStatement) -> Placed:
    readings: list[Positions] = [frozenset()]
    text = [word for word, _, _ in article.words]
    for piece in statement.pieces:
        wanted = [word for word, _, _ in words(piece)]
        if not wanted:
            continue
        starts = [at for at in range(len(text) - len(wanted) + 1) if text[at : at + len(wanted)] == wanted]
        readings = [reading | frozenset(range(at, at + len(wanted))) for reading in readings for at in starts]
        readings = readings[:MAX_READINGS]
    spelled = tuple(word for piece in statement.pieces for word, _, _ in words(piece))
    return Placed(statement=statement, readings=tuple(readings), spelled=spelled)


def _assemble(shares: dict[int, Positions]) -> tuple[tuple[int, ...], Positions]:
    """Take the published statements that cover most, each as long as half of it is new."""
    covered: Positions = frozenset()
    chosen: list[int] = []
    for index, got in sorted(shares.items(), key=lambda item: -len(item[1])):
        if got and len(got - covered) * 2 >= len(got):
            covered |= got
            chosen.append(index)
    return tuple(chosen), covered


def _is_found(article: GoldArticle, gold: GoldStatement, content: Positions, covered: Positions) -> bool:
    if not content:
        return False
    if len(covered) * 2 >= len(content):
        return True
    pieces = [article.positions((span,)) for span in gold.content] if len(gold.content) > 1 else []
    return any(len(piece) * 3 >= len(content) and len(piece & covered) * 10 >= 9 * len(piece) for piece in pieces)


def _covers_half(content: Positions, shares: Sequence[Positions]) -> bool:
    return len(frozenset[int]().union(*shares)) * 2 >= len(content)


def _lies_in(own: Placed, ignored: Positions) -> bool:
    return any(reading and len(reading & ignored) * 2 >= len(reading) for reading in own.readings)
