"""Which quotation belongs to which cue: split, trailing, leading and running quotations."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.model import Span, Spans
from kg.statements import syntax
from kg.statements.lexicon import Cues, Match
from kg.statements.quotes import Quotation
from kg.statements.readings import Reading

SPOKEN = 3  # words from which a quotation is more than a borrowed term
SENTENCE_BREAK = re.compile(r"[.?!…][”\"’')]*\s+(?=[A-Z“\"‘'])")
NO_BREAK = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Prof|No|vs|Jan|Feb|Aug|Sept|Oct|Nov|Dec)|\b[A-Z])\.$")
LEAD = 2  # words before a quotation that still let it open its sentence: 'But "…," he said'
BESIDE = 12  # characters beside its quotations from which an indirect content is more than a slip
GAP = 1  # sentences of the narrator that a running quotation survives


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The words around a quotation in its own sentence: after it (`tail`) and before it (`head`)."""

    tail: Span | None
    head: Span | None


def link_quotations(doc: Doc, *, readings: tuple[Reading, ...], quotations: tuple[Quotation, ...], blocks: Spans,
                    cues: Cues) -> tuple[Reading, ...]:
    """Return the readings with their quotations, and readings for cues that only a quotation shows.

    A quotation belongs to the cue in the rest of its sentence: first after it ("…," he said), else before it (he
    said: "…"). One that fills sentences of its own goes with the speaker who is running.
    """
    links: dict[int, list[Quotation]] = {}
    fresh: dict[int, Reading] = {}
    known = {reading.head.i: reading for reading in readings}
    pending: list[Quotation] = []
    last: Reading | None = None
    for number, quotation in enumerate(quotations):
        reading = _cue_of(doc, number, quotations, blocks, known, cues)
        if reading is None and (_is_claimed(quotation, readings) or not _is_spoken(doc, quotation)):
            pending = []
            continue
        if reading is None and quotation.open:
            running = last if pending == [] else None
            if running is None or not _runs_on(doc, running, links, quotation, blocks, (*readings, *fresh.values())):
                pending.append(quotation)
                continue
            reading = running
        if reading is None:
            reading = _running(doc, quotation, (*readings, *fresh.values()), links, blocks)
        if reading is None:
            pending = []
            continue
        if reading.head.i not in known:
            fresh[reading.head.i] = reading
            known[reading.head.i] = reading
        links.setdefault(reading.head.i, []).extend([*pending, quotation])
        pending, last = [], reading
    whole = sorted((*readings, *fresh.values()), key=lambda reading: reading.head.i)
    linked = tuple(quotation for several in links.values() for quotation in several)
    return tuple(_with(reading, tuple(links.get(reading.head.i, ())), linked=linked, cues=cues) for reading in whole)


def _with(reading: Reading, quoted: tuple[Quotation, ...], *, linked: tuple[Quotation, ...], cues: Cues) -> Reading:
    """Return a reading with its quotations; what else it held stays, unless it is quoted from another cue."""
    if not quoted:
        return reading
    outside = [span for span in reading.content if not any(quotation.outer.overlaps(span) for quotation in linked)]
    around = [span for span in reading.content if _holds_more(span, quoted, reading.head.doc.text)
              and not span.overlaps(reading.cue)]
    within = [quotation.inner for quotation in quoted if not any(span.holds(quotation.inner) for span in around)]
    content = tuple(sorted((*outside, *around, *within)))
    match = reading.match if reading.entry.takes("clause") else _speech(reading.head, cues) or reading.match
    return replace(reading, match=match, content=content, quoted=quoted)


def _holds_more(span: Span, quoted: tuple[Quotation, ...], text: str) -> bool:
    """Return whether a content holds a quotation and words of its own: said that "nobody can win" and that talks go on.

    What follows a quotation that ends like a sentence is the narrator's.
    """
    held = [quotation for quotation in quoted if span.holds(quotation.inner)]
    if any(quotation.outer.end + 1 < span.end and quotation.inner.of(text).rstrip()[-1:] in ",.?!…" for quotation in held):
        return False
    return bool(held) and span.end - span.start - sum(other.outer.end - other.outer.start for other in held) > BESIDE


def _cue_of(doc: Doc, number: int, quotations: tuple[Quotation, ...], blocks: Spans, known: Mapping[int, Reading],
            cues: Cues) -> Reading | None:
    """Return the reading whose cue stands in the same sentence as a quotation, outside of it."""
    quotation = quotations[number]
    if not _is_spoken(doc, quotation):
        return None
    region = _region(doc.text, number, quotations, blocks)
    closed = quotation.inner.of(doc.text).rstrip()[-1:] in ",?!—–…-" or _comma_after(doc.text, quotation)
    if region.tail is not None and closed and _opens_sentence(region, doc.text):
        found = next(_cues_in(doc, region.tail, known, cues), None)
        if found is not None:
            return found
    if region.head is not None:
        before = list(_cues_in(doc, region.head, known, cues))
        introduced = region.head.of(doc.text).rstrip()[-1:] in ",:—–-"
        if before and (introduced or before[-1].head.i + 3 >= _first_token(doc, quotation).i):
            return before[-1]
    if region.tail is not None and _opens_sentence(region, doc.text):
        return next(_cues_in(doc, region.tail, known, cues), None)
    return None


def _opens_sentence(region: Region, text: str) -> bool:
    """Return whether a quotation stands at the start of its sentence, or after words that lead up to it."""
    before = "" if region.head is None else region.head.of(text).strip()
    return len(before.split()) <= LEAD or before[-1] in ",:;—–-"


def _comma_after(text: str, quotation: Quotation) -> bool:
    return text[quotation.outer.end : quotation.outer.end + 1] == ","


def _first_token(doc: Doc, quotation: Quotation) -> Token:
    stretch = doc.char_span(quotation.outer.start, quotation.outer.end, alignment_mode="expand")
    return stretch[0] if stretch is not None else doc[0]


def _is_spoken(doc: Doc, quotation: Quotation) -> bool:
    """Return whether a quotation is speech rather than a borrowed term."""
    words = quotation.inner.of(doc.text).split()
    return len(words) >= SPOKEN or quotation.inner.of(doc.text).rstrip()[-1:] in ".,!?" or quotation.is_sentence(doc.text)


def _region(text: str, number: int, quotations: tuple[Quotation, ...], blocks: Spans) -> Region:
    """Return what is left of a quotation's sentence, up to the next quotation or the border of the paragraph."""
    quotation = quotations[number]
    block = next((block for block in blocks if block.start <= quotation.outer.start < block.end), None)
    if block is None:
        return Region(tail=None, head=None)
    follower = quotations[number + 1].outer.start if number + 1 < len(quotations) else block.end
    leader = quotations[number - 1].outer.end if number else block.start
    after, before = min(follower, block.end), max(leader, block.start)
    tail = None
    if not quotation.open and text[quotation.outer.end : after].strip(" ."):
        stop = next(_breaks(text, quotation.outer.end, after), after)
        ends_before = quotation.inner.of(text).rstrip()[-1:] in ".?!" and text[quotation.outer.end : after].lstrip()[:1].isupper()
        tail = _span(quotation.outer.end, stop) if not ends_before or quotation.inner.of(text).rstrip()[-1:] in "?!" else None
    starts = list(_breaks(text, before, quotation.outer.start))
    head = _span(starts[-1] if starts else before, quotation.outer.start)
    if head is not None and (not head.of(text).strip() or head.of(text).rstrip()[-1:] in ".?!"):
        head = None
    return Region(tail=tail, head=head)


def _span(start: int, end: int) -> Span | None:
    return Span(start=start, end=end) if end > start else None


def _breaks(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the offsets at which a new sentence begins."""
    for found in SENTENCE_BREAK.finditer(text, start, end + 1 if end < len(text) else end):
        if found.end() <= end and not NO_BREAK.search(text[max(start, found.start() - 5) : found.start() + 1]):
            yield found.end()


def _cues_in(doc: Doc, region: Span, known: Mapping[int, Reading], cues: Cues) -> Iterator[Reading]:
    """Yield the readings of verbs of speech in a region, made anew where there was none."""
    for token in doc.char_span(region.start, region.end, alignment_mode="contract") or ():
        if token.i in known and known[token.i].entry.pos == "VERB" and not known[token.i].entry.takes("adverb"):
            if _speech(token, cues) is not None and not _is_by_the_way(token):
                yield known[token.i]
            continue
        match = _speech(token, cues)
        subject = syntax.subject_of(token) or _inverted(token, region)
        if match is not None and subject is not None and not _is_by_the_way(token):
            yield Reading(match=match, source=(), content=(), subject=subject, ruled=True, heard=_hearer(token, match))


def _is_by_the_way(token: Token) -> bool:
    """Return whether a verb only goes along with another one: "he said, ADDING that", "to say"."""
    if any(mark.lower_ == "to" for mark in syntax.children(token, "mark")):
        return True
    return token.lower_.endswith("ing") and not syntax.has_own_subject(token) and token.dep_ != "xcomp"


def _speech(token: Token, cues: Cues) -> Match | None:
    """Return the row of a verb that can introduce a quotation."""
    if token.pos_ != "VERB":
        return None
    return next((match for match in cues.matches(token) if match.entry.takes("clause") and match.entry.weight >= 0.6), None)


def _inverted(token: Token, region: Span) -> Token | None:
    """Return the name beside a verb of speech that the parse left without subject: "said Campbell", "Campbell said"."""
    for other in (token.i + 1, token.i - 1):
        if 0 <= other < len(token.doc) and token.doc[other].pos_ in ("PROPN", "PRON") and region.start <= token.doc[other].idx < region.end:
            return token.doc[other]
    return None


def _hearer(token: Token, match: Match) -> Token | None:
    return next(iter(syntax.children(token, "obj", "iobj")), None) if match.entry.hears else None


def _is_claimed(quotation: Quotation, readings: tuple[Reading, ...]) -> bool:
    """Return whether a quotation lies in what a reading holds to be its content."""
    return any(span.overlaps(quotation.inner) for reading in readings for span in reading.content)


def _running(doc: Doc, quotation: Quotation, readings: tuple[Reading, ...], links: Mapping[int, list[Quotation]],
             blocks: Spans) -> Reading | None:
    """Return the reading whose speaker goes on in a quotation that fills sentences of its own."""
    if not quotation.is_sentence(doc.text):
        return None
    before = [reading for reading in readings if _end(reading, links) <= quotation.outer.start and reading.entry.pos == "VERB"]
    if not before:
        return None
    latest = max(before, key=lambda reading: (_end(reading, links), reading.head.i))
    return latest if _runs_on(doc, latest, links, quotation, blocks, readings) else None


def _end(reading: Reading, links: Mapping[int, list[Quotation]]) -> int:
    return max((reading.reach.end, *(quotation.outer.end for quotation in links.get(reading.head.i, ()))))


def _runs_on(doc: Doc, reading: Reading, links: Mapping[int, list[Quotation]], quotation: Quotation, blocks: Spans,
             readings: tuple[Reading, ...]) -> bool:
    """Return whether nothing but a sentence of the narrator or a paragraph's end parts a quotation from its speaker."""
    end = _end(reading, links)
    end = next(_breaks(doc.text, end, quotation.outer.start), end)
    if end > quotation.outer.start or any(end < other.head.idx < quotation.outer.start for other in readings):
        return False
    between = doc.text[end : quotation.outer.start]
    sentences = [part for part in SENTENCE_BREAK.split(between) if re.search(r"\w", part)]
    home = [number for number, block in enumerate(blocks) if block.start <= end <= block.end]
    there = [number for number, block in enumerate(blocks) if block.start <= quotation.outer.start < block.end]
    if not home or not there or there[0] - home[0] > 1:
        return False
    return len(sentences) <= GAP
