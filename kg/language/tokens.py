"""Text → tokens: those of the English tokenizer, with offsets that fit the article's text exactly."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.language.tokenizer import Tokenizer
from kg.language.windows import BLOCK, GLUED, SPACED
from kg.model import Span

LONGEST_RUN = 500  # characters without a blank; the tokenizer takes quadratic time over them
RUN = re.compile(rf"\S{{{LONGEST_RUN}}}")
REPEATED = frozenset("!?*=_-~#$<>/+")  # "!!!" is one token in the treebanks, three to the tokenizer
OUTSIDE = -1


@dataclass(slots=True)
class Tokens:
    """The tokens of a text, blank ones included; joined with their spaces they are the text."""

    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)  # code points
    blocks: list[int] = field(default_factory=list)  # number of the block, or OUTSIDE

    def inside(self) -> tuple[list[int], list[str], list[int]]:
        """Return the numbers, words and gaps of the tokens that the encoder reads."""
        numbers = [number for number, word in enumerate(self.words) if self.is_prose(number) and not word.isspace()]
        gaps, end, block = [], 0, OUTSIDE
        for number in numbers:
            gap = SPACED if self.starts[number] > end else GLUED
            gaps.append(gap if self.blocks[number] == block else BLOCK)
            end, block = self.starts[number] + len(self.words[number]), self.blocks[number]
        return numbers, [self.words[number] for number in numbers], gaps

    def is_prose(self, number: int) -> bool:
        """Tell whether a token lies in a block."""
        return self.blocks[number] != OUTSIDE


def find_blocks(text: str) -> tuple[Span, ...]:
    """Return the lines of a text that are not empty, without the blanks around them.

    >>> find_blocks("Title\\n\\n  He left. \\n")
    (Span(start=0, end=5), Span(start=9, end=17))
    """
    return tuple(Span(start=found.start(), end=found.end()) for found in re.finditer(r"\S(?:[^\n]*\S)?", text))


def split_tokens(text: str, *, blocks: Sequence[Span], tokenizer: Tokenizer) -> Tokens:
    """Cut a text into tokens, none of which crosses the border of a block.

    Args:
        text: Any text.
        blocks: Stretches of prose in text order; they do not overlap.
        tokenizer: That of `load_tokenizer`.
    """
    tokens, end = Tokens(), 0
    for number, block in enumerate(blocks):
        _add(tokens, text, end, block.start, OUTSIDE, tokenizer)
        _add(tokens, text, block.start, block.end, number, tokenizer)
        end = block.end
    _add(tokens, text, end, len(text), OUTSIDE, tokenizer)
    return tokens


def _add(tokens: Tokens, text: str, start: int, end: int, block: int, tokenizer: Tokenizer) -> None:
    for part_start, part_end in _parts(text, start, end):
        for word, space in _merged(tokenizer(text[part_start:part_end])):
            tokens.words.append(word)
            tokens.spaces.append(space)
            tokens.starts.append(part_start)
            tokens.blocks.append(block)
            part_start += len(word) + space


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches that the tokenizer gets: all at once but for very long runs of characters."""
    for found in RUN.finditer(text, start, end):
        if found.start() > start:
            yield start, found.start()
        yield found.span()
        start = found.end()
    if end > start:
        yield start, end


def _merged(cut: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Yield the words of a tokenised stretch, with repeated marks such as "!!!" joined."""
    kept = ""
    for word, space in cut:
        if kept and word[0] == kept[0] and len(set(word)) == 1:
            word = kept + word
        elif kept:
            yield kept, False
        kept = "" if space or word[0] not in REPEATED or len(set(word)) > 1 else word
        if not kept:
            yield word, space
    if kept:
        yield kept, False
