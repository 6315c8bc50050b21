"""The exact characters of what was said: whole quotations, no marks around them, no cue inside."""

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator

from kg.language.document import Doc
from kg.model import Span, Spans, cover
from kg.statements.quotes import Quotation
from kg.statements.readings import Reading
from kg.statements.words import EMPTY, POINTERS, RELATIVE

WHOLE = 0.6  # share of a quotation that must be content for all of it to be; half-marked ones are the encoder's slips
# "in a statement on Friday" at the end of a content
CARRIER = re.compile(
    r",? (?:in|on|during|through) (?:an?|his|her|their|its) (?:\w+ ){0,2}"
    r"(?:statement|interview|speech|tweet|post|briefing|conference|letter|article|op-ed|column)(?: [^\s.,;:]+){0,5}$"
)
ANSWERING = frozenset({"denies", "confirms", "doubts", "accepts"})  # stances towards what others said
OPENING = "“\"‘«„"
CLOSING = "”\"’»“"


def wording_of(text: str, reading: Reading, *, quotations: tuple[Quotation, ...]) -> Spans:
    """Return the pieces of what was said, in text order, without overlap; none when nothing with a letter is left."""
    pieces = [piece for span in reading.content for piece in _around(span, reading.cue)]
    pieces = [_whole(text, piece, quotations, spare=reading.cue) for piece in pieces]
    merged = _merged(pieces)
    bare = (_without_carrier(text, _bare(text, _in_paragraph(text, piece), quotations)) for piece in merged)
    found = tuple(piece for piece in bare if any(letter.isalnum() for letter in piece.of(text)))
    found = tuple(piece for piece in found if piece.of(text).casefold() not in RELATIVE
                  and not CARRIER.fullmatch(piece.of(text))) or found
    words = gist_of(text, found).casefold()
    return () if words in EMPTY and not _answers(words, reading) else found


def _answers(words: str, reading: Reading) -> bool:
    """Return whether a mere pronoun is content: "denied it" answers what was said before, "announced it" does not."""
    return words == "so" or (words in POINTERS and reading.entry.stance in ANSWERING)


def _in_paragraph(text: str, piece: Span) -> Span:
    """Return a piece up to the end of its paragraph: no cue reaches into the next one but through quotation marks."""
    border = text.find("\n", piece.start, piece.end)
    return piece if border <= piece.start else Span(start=piece.start, end=border)


def _without_carrier(text: str, piece: Span) -> Span:
    """Return a piece without "in a statement on Friday" at its end: that belongs to the speaking."""
    tail = CARRIER.search(piece.of(text))
    return Span(start=piece.start, end=piece.start + tail.start()) if tail is not None and tail.start() else piece


def gist_of(text: str, wording: Spans, *, cue: Span | None = None) -> str:
    """Return the pieces joined by blanks, on one line; around a cue that only interrupts them, the text as it stands.

    >>> gist_of('"It is," he said, "late."', (Span(start=1, end=7), Span(start=19, end=24)))
    'It is, late.'
    >>> gist_of('It is reportedly late.', (Span(start=0, end=5), Span(start=17, end=21)), cue=Span(start=6, end=16))
    'It is reportedly late'
    """
    if cue is not None and any(_interrupts(text, cue, *pair) for pair in itertools.pairwise(wording)):
        wording = (cover(wording),)
    return " ".join(" ".join(span.of(text).split()) for span in wording)


def _interrupts(text: str, cue: Span, before: Span, after: Span) -> bool:
    """Return whether nothing but a cue stands between two pieces."""
    return text[before.end : after.start].strip() == cue.of(text)


def quotes_in(wording: Spans, quotations: tuple[Quotation, ...]) -> Spans:
    """Return the verbatim parts of a wording."""
    found = []
    for span in wording:
        for quotation in quotations:
            inner = quotation.inner
            if inner.start < span.end and span.start < inner.end:
                found.append(Span(start=max(span.start, inner.start), end=min(span.end, inner.end)))
    return tuple(dict.fromkeys(found))


def sentences_of(doc: Doc) -> tuple[Span, ...]:
    """Return the sentences of a document, without the blanks around them."""
    found = []
    for sentence in doc.sents:
        words = [token for token in sentence if not token.text.isspace()]
        if words:
            found.append(Span(start=words[0].idx, end=words[-1].idx + len(words[-1].text)))
    return tuple(found)


def evidence_of(reading: Reading, wording: Spans, *, sentences: Spans, text: str) -> Spans:
    """Return the sentences that hold cue and wording: neighbours as one span, the one with the cue first."""
    touched = (reading.cue, *wording)
    found: list[Span] = []
    first = bisect_left(sentences, min(span.start for span in touched), key=lambda sentence: sentence.end)
    last = bisect_left(sentences, max(span.end for span in touched), key=lambda sentence: sentence.start)
    for sentence in sentences[first:last]:
        if not any(sentence.overlaps(span) for span in touched):
            continue
        gap = text[found[-1].end : sentence.start] if found else "\n"
        if "\n" not in gap and not gap.strip():
            found[-1] = Span(start=found[-1].start, end=sentence.end)
        else:
            found.append(sentence)
    return tuple(sorted(found, key=lambda span: not span.overlaps(reading.cue)))


def _around(span: Span, cue: Span) -> Iterator[Span]:
    """Yield what is left of a span when the cue is cut out of it."""
    if not span.overlaps(cue):
        yield span
        return
    if span.start < cue.start:
        yield Span(start=span.start, end=cue.start)
    if cue.end < span.end:
        yield Span(start=cue.end, end=span.end)


def _whole(text: str, piece: Span, quotations: tuple[Quotation, ...], *, spare: Span) -> Span:
    """Return a piece widened over the quotations that it cuts, or cut back where it only touches them."""
    start, end = piece.start, piece.end
    for quotation in quotations:
        if not quotation.outer.overlaps(piece) or quotation.outer.holds(spare) or piece.holds(quotation.outer):
            continue
        shared = min(end, quotation.inner.end) - max(start, quotation.inner.start)
        if shared >= WHOLE * (quotation.inner.end - quotation.inner.start):
            start, end = min(start, quotation.outer.start), max(end, quotation.outer.end)
    return Span(start=start, end=end)


def _merged(pieces: list[Span]) -> list[Span]:
    found: list[Span] = []
    for piece in sorted(pieces):
        if found and piece.start <= found[-1].end:
            found[-1] = Span(start=found[-1].start, end=max(found[-1].end, piece.end))
        else:
            found.append(piece)
    return found


def _bare(text: str, piece: Span, quotations: tuple[Quotation, ...]) -> Span:
    """Return a piece without marks around all of it, and with the closing mark of a quotation that ends it."""
    for quotation in quotations:
        if quotation.outer.holds(piece):
            start, end = max(piece.start, quotation.inner.start), min(piece.end, quotation.inner.end)
            return Span(start=start, end=end) if start < end else piece
    start, end = piece.start, piece.end
    while end > start + 1 and (text[end - 1].isspace() or text[end - 1] in ",;:–—"):
        end -= 1
    while start < end - 1 and (text[start].isspace() or text[start] in ",;:.–—"):
        start += 1
    for quotation in quotations:
        if quotation.outer.start == end - 1:
            end -= 1  # the opening mark of the next quotation
        elif quotation.inner.end == end and start <= quotation.outer.start:
            end = quotation.outer.end
        elif quotation.outer.end - 1 == start:
            start += 1
    while end > start + 1 and (text[end - 1].isspace() or text[end - 1] in ",;:–—"):
        end -= 1
    while start < end - 1 and (text[start].isspace() or text[start] in ",;:.–—"):
        start += 1
    return Span(start=start, end=end)


