"""The lines of a plain text as its writer meant them: paragraphs that were wrapped at a column are one line again."""

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from kg.model import Span

WRAPS = range(40, 101)  # columns; longer lines are paragraphs that nobody wrapped, shorter ones headlines and lists
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*", re.UNICODE)
STOP = re.compile(r"[.!?…][\"'”’»)\]]*\Z")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line or wrapped paragraph: its characters without the blanks around, and where it stands.

    `number` counts the file's lines from 1; `follows_blank` tells whether an empty line stands before it. Without
    slots, because it keeps what it was asked.
    """

    span: Span
    text: str
    number: int
    follows_blank: bool

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return len(WORD.findall(self.text))

    @cached_property
    def has_stop(self) -> bool:
        """Whether it ends as a sentence does."""
        return STOP.search(self.text) is not None


def split_lines(text: str) -> tuple[Line, ...]:
    """Return the non-empty lines of `text`, wrapped ones joined.

    Every line break that Unicode knows ends a line, form feeds too.

    >>> [line.text for line in split_lines(" A title\\r\\n\\r\\nThe body.\\f")]
    ['A title', 'The body.']
    """
    found: list[Line] = []
    offset = 0
    follows_blank = False
    for number, raw in enumerate(text.splitlines(keepends=True), start=1):
        words = raw.strip()
        if words:
            start = offset + raw.index(words)
            span = Span(start=start, end=start + len(words))
            found.append(Line(span=span, text=words, number=number, follows_blank=follows_blank))
        follows_blank = not words
        offset += len(raw)
    return _unwrap(text, found)


def _unwrap(text: str, lines: list[Line]) -> tuple[Line, ...]:
    pairs = tuple(pairwise(lines))
    width = max((len(first.text) for first, second in pairs if not second.follows_blank), default=0)
    joints = [_is_wrap(first, second, width) for first, second in pairs]
    together = [not second.follows_blank for _, second in pairs]
    within = sum(joint and not first.has_stop for joint, (first, _) in zip(joints, pairs, strict=True))
    if width not in WRAPS or within < 3 or within * 2 < sum(together):
        return tuple(lines)
    joined: list[Line] = []
    for line, is_joined in zip(lines, [False, *joints], strict=True):
        if is_joined:
            span = Span(start=joined[-1].span.start, end=line.span.end)
            first = joined.pop()
            line = Line(span=span, text=span.of(text), number=first.number, follows_blank=first.follows_blank)
        joined.append(line)
    return tuple(joined)


def _is_wrap(first: Line, second: Line, width: int) -> bool:
    """Whether the break came from the column: the next word would not have fitted on the line."""
    return not second.follows_blank and len(first.text) + 1 + len(second.text.split()[0]) > width
