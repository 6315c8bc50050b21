"""Quotation marks, paired without guessing from grammar: straight, typographic, nested, across paragraphs.

A paragraph that opens a quotation and does not close it goes on in the next paragraph, if that one opens with a mark
again: this is how newspapers print long quotations.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.model import Span, Spans

CLOSING = {"“": "”", "„": "“”", "«": "»", "‘": "’"}
MIXED = ("“\"", "\"”")  # one of the two marks was typed otherwise
# Two single marks that stand for a double one.
DOUBLED = re.compile(r"(?P<opening>(?<![^\s(\[—–-])(?:''|``|‘‘)(?=\S))|''|’’")
PAIRS = ("''", "``", "‘‘", "’’")
PAIRED = "".join(CLOSING) + "".join(CLOSING.values())
MARKS = PAIRED + "\"'"
SINGLE = "'‘’"
# Letters that an apostrophe stands for at the start of a word: 'em, 'til, 'twas, '90s.
ELIDED = re.compile(r"['’](?:em|til|tis|twas|cause|bout|n|round|\d\ds?)\b", re.IGNORECASE)
LONGEST_SINGLE = 300  # characters between single marks; apostrophes make longer pairs unlikely to be pairs
SENTENCE_END = ".!?…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """Words between quotation marks.

    `outer` includes the marks, `inner` does not. `open` tells that the quotation goes on in the next paragraph.
    """

    outer: Span
    inner: Span
    open: bool = False

    def is_sentence(self, text: str) -> bool:
        """Return whether the words fill whole sentences of their own: nothing of the sentence stands outside.

        >>> text = 'It was late. "We must go." He left.'
        >>> find_quotations(text, blocks=(Span(start=0, end=len(text)),))[0].is_sentence(text)
        True
        """
        before = text[: self.outer.start].rstrip(" \t")
        after = text[self.outer.end :].lstrip(" \t")
        starts = not before or before[-1] in SENTENCE_END + "\n" + MARKS
        ends = self.inner.of(text).rstrip()[-1:] in SENTENCE_END or not after or after[0] in "\n."
        return starts and ends and (self.inner.of(text)[:1].isupper() or not self.inner.of(text)[:1].isalpha())


def find_quotations(text: str, *, blocks: Spans) -> tuple[Quotation, ...]:
    """Return the outermost quotations of an article, in text order.

    Args:
        text: The article.
        blocks: Its paragraphs; no quotation crosses the border of two save by opening anew in the second.

    >>> text = 'He said: "Yes," and left.'
    >>> [found.inner.of(text) for found in find_quotations(text, blocks=(Span(start=0, end=25),))]
    ['Yes,']
    """
    raw, text = text, _with_single_marks(text)
    found: list[Quotation] = []
    for number, block in enumerate(blocks):
        follower = blocks[number + 1] if number + 1 < len(blocks) else None
        goes_on = follower is not None and text[follower.start] in "\"“"
        found.extend(_outermost(_pairs(text, block, goes_on=goes_on)))
    return tuple(_with_doubled(raw, quotation) for quotation in found) if raw != text else tuple(found)


def _with_doubled(text: str, quotation: Quotation) -> Quotation:
    """Return a quotation whose outer span holds both of two single marks that stand for a double one."""
    start, end = quotation.outer.start, quotation.outer.end
    start -= start > 0 and text[start - 1 : start + 1] in PAIRS
    end += not quotation.open and text[end - 1 : end + 1] in PAIRS
    return replace(quotation, outer=Span(start=start, end=end))


def _pairs(text: str, block: Span, *, goes_on: bool) -> Iterator[Quotation]:
    """Yield the quotations of one paragraph, inner ones too."""
    opened: list[int] = []
    for at in range(block.start, block.end):
        mark = text[at]
        if mark not in MARKS:
            continue
        if _closes(text, at, block, opened):
            while opened and not _fits(text[opened[-1]], mark):
                opened.pop()
            start = opened.pop()
            if at > start + 1:
                yield Quotation(outer=Span(start=start, end=at + 1), inner=Span(start=start + 1, end=at))
        elif _opens(text, at, block, opened):
            opened.append(at)
    if opened and goes_on and text[opened[0]] in "\"“" and opened[0] + 1 < block.end:
        inner = Span(start=opened[0] + 1, end=block.end)
        yield Quotation(outer=Span(start=opened[0], end=block.end), inner=inner, open=True)


def _with_single_marks(text: str) -> str:
    """Return a text of the same length with '' and `` as one straight mark, on the side of the words, and a blank.

    >>> _with_single_marks("He said, ''Yes,'' and left.")
    'He said,  "Yes,"  and left.'
    """
    return DOUBLED.sub(lambda found: ' "' if found["opening"] else '" ', text)


def _fits(opening: str, closing: str) -> bool:
    """Return whether a closing mark can end what `opening` began."""
    return closing in CLOSING.get(opening, opening) or opening + closing in MIXED


def _opens(text: str, at: int, block: Span, opened: list[int]) -> bool:
    """Return whether the mark at `at` opens a quotation."""
    mark = text[at]
    if mark in CLOSING:
        return True
    if mark in "”»’":
        return False
    before = text[at - 1] if at > block.start else " "
    after = text[at + 1] if at + 1 < block.end else " "
    if after.isspace() or before.isalnum() or ELIDED.match(text, at):
        return False
    if mark == '"':
        return '"' not in (text[other] for other in opened)  # a second one repeats the first: its end was forgotten
    return before.isspace() or before in '(["“—–-'


def _closes(text: str, at: int, block: Span, opened: list[int]) -> bool:
    """Return whether the mark at `at` ends the innermost quotation that it fits."""
    mark = text[at]
    partner = next((other for other in reversed(opened) if _fits(text[other], mark)), None)
    if partner is None or (mark in CLOSING and mark != "“"):
        return False
    before = text[at - 1]
    after = text[at + 1] if at + 1 < block.end else " "
    if mark == '"':
        return not before.isspace() or after.isspace()
    if mark not in SINGLE:
        return True
    if before.isspace() or after.isalnum() or at - partner > LONGEST_SINGLE:
        return False
    return not _is_possessive(text, at, block)


def _is_possessive(text: str, at: int, block: Span) -> bool:
    """Return whether a single mark after an "s" is the apostrophe of a plural: a later mark ends the quotation."""
    if text[at - 1] != "s" or not re.match(r"['’] [a-z]", text[at : at + 3]):
        return False
    for later in range(at + 1, min(at + LONGEST_SINGLE, block.end)):
        after = text[later + 1] if later + 1 < block.end else " "
        if text[later] in "'’" and not text[later - 1].isspace() and not after.isalnum():
            return True
        if text[later] in "‘":
            return False
    return False


def _outermost(pairs: Iterator[Quotation]) -> list[Quotation]:
    """Return the quotations that lie in no other one, in text order."""
    found: list[Quotation] = []
    for pair in sorted(pairs, key=lambda pair: (pair.outer.start, -pair.outer.end)):
        if not found or not found[-1].outer.holds(pair.outer):
            found.append(pair)
    return found
