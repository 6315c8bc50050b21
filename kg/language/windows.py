"""Tokens → windows: the stretches of an article that the encoder reads in one go.

A window holds whole blocks (a title, paragraphs) up to `SIZE` word pieces; a longer block is cut at sentence ends.
"""

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kg.language.pieces import WordPiece

SIZE = 256  # word pieces, with the marks at both ends
GLUED, SPACED, BLOCK = 0, 1, 2  # what stands before a token: nothing, a blank, the start of a block
CASINGS = ("none", "lower", "title", "upper", "mixed")
SHAPES = 1 + len(CASINGS) * 3  # casing × gap; 0 for the marks at both ends
ENDS = frozenset(".?!…") | {"...", "?!", "!!"}
CLOSERS = frozenset("\"'”’)]")


class Window(NamedTuple):
    """What one call of the encoder reads; `start` and `stop` number its tokens within the article."""

    ids: list[int]
    shapes: list[int]
    first: list[int]  # each token's first piece
    start: int
    stop: int


def casing(word: str) -> int:
    """Return the number of a word's casing in `CASINGS`.

    >>> [CASINGS[casing(word)] for word in ("2024", "arms", "Moscow", "US", "U.S.", "I", "McCain")]
    ['none', 'lower', 'title', 'upper', 'upper', 'title', 'mixed']
    """
    if word.islower():
        return 1
    if word.istitle() and len(word) == 1:
        return 2
    if word.isupper():
        return 3
    if word[:1].isupper() and word[1:].islower():
        return 2
    return 4 if any(character.isalpha() for character in word) else 0


def cut_windows(
    words: Sequence[str], gaps: Sequence[int], *, pieces: WordPiece, size: int = SIZE, first_size: int | None = None
) -> Iterator[Window]:
    """Yield the windows of an article in order; together they hold every token once.

    Args:
        words: The tokens inside blocks, none of them blank.
        gaps: For each token `GLUED`, `SPACED` or `BLOCK`.
        pieces: The encoder's alphabet.
        size: Most word pieces of a window.
        first_size: The same for the first window alone; training varies where windows are cut.
    """
    ids = [pieces.ids(word) for word in words]
    room, start, used = (first_size or size) - 2, 0, 0
    for stop, end in _units([len(each) for each in ids], words, gaps, size - 2):
        length = sum(len(each) for each in ids[stop:end])
        if used and used + length > room:
            yield _window(ids, words, gaps, start, stop, pieces)
            room, start, used = size - 2, stop, 0
        used += length
    if start < len(words):
        yield _window(ids, words, gaps, start, len(words), pieces)


def _units(lengths: Sequence[int], words: Sequence[str], gaps: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    """Yield token ranges that no window cuts: blocks, or parts of a long one."""
    starts = [number for number, gap in enumerate(gaps) if gap == BLOCK or number == 0]
    for start, stop in itertools.pairwise([*starts, len(words)]):
        used, good = 0, start
        for number in range(start, stop):
            if number > start and ends_sentence(words, gaps, number):
                good = number
            if used + lengths[number] > room:
                cut = good if good > start else number
                yield start, cut
                used, start = sum(lengths[cut:number]), cut
            used += lengths[number]
        yield start, stop


def ends_sentence(words: Sequence[str], gaps: Sequence[int], number: int) -> bool:
    """Tell whether a sentence seems to end before a token, by its punctuation alone."""
    before = number - 1
    while before > 0 and words[before] in CLOSERS and gaps[before] == GLUED:
        before -= 1
    return gaps[number] != GLUED and words[before] in ENDS


def _window(
    ids: Sequence[tuple[int, ...]], words: Sequence[str], gaps: Sequence[int], start: int, stop: int, pieces: WordPiece
) -> Window:
    window = Window([pieces.first], [0], [], start, stop)
    for number in range(start, stop):
        window.first.append(len(window.ids))
        shape = 1 + 3 * casing(words[number])
        window.ids.extend(ids[number])
        window.shapes.extend([shape + gaps[number]] + [shape] * (len(ids[number]) - 1))
    window.ids.append(pieces.last)
    window.shapes.append(0)
    return window
