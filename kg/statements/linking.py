"""Which quotation belongs to which cue: split, trailing, leading and running quotations."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kg.language.document import Doc, Token
from kg.model import Span, Spans
from kg.statements import syntax
from kg.statements.lexicon import Cues, Match
from kg.statements.quotes import Quotation
from kg.statements.readings import Reading
from kg.statements.words import PROSPECT, QUOTED, low

SPOKEN = 3  # words from which a quotation is more than a borrowed term
LEAD = 2  # words before a quotation that still let it open its sentence: 'But "…," he said'
BESIDE = 6  # characters beside its quotations from which an indirect content is more than a slip
SPOKEN_STANCES = frozenset({"asserts", "reports", "alleges", "confirms", "denies", "warns", "requests"})
SLIPS = frozenset({"that", "as", "and", "but", "to", "the", "a", "an"})
SUBJECTS = frozenset({"he", "she", "it", "they", "we", "is", "are", "was", "were"})
BESIDE_CUE = 3  # tokens from a cue to a quotation that it introduces
GAP = 1  # sentences of the narrator that a running quotation survives
SENTENCE_BREAK = re.compile(r"[.?!…][”\"’')]*\s+(?=[A-Z“\"‘'])")
NO_BREAK = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Gen|Sen|Rep|Gov|Lt|Col|Sgt|Prof|No|vs|Jan|Feb|Aug|Sept|Oct|Nov|Dec)|\b[A-Z])\.$"
)


def link_quotations(
    doc: Doc, *, text: str, readings: tuple[Reading, ...], quotations: tuple[Quotation, ...], blocks: Spans, cues: Cues
) -> tuple[Reading, ...]:
    """Return the readings with their quotations, and readings for cues that only a quotation shows.

    A quotation belongs to the cue in the rest of its sentence: first after it ("…," he said), else before it (he
    said: "…"). One that fills sentences of its own goes with the speaker who is running.

    Args:
        doc: The analysed article.
        text: The text of the article.
        readings: Its cues so far, in text order.
        quotations: Its quotations, in text order.
        blocks: Its paragraphs.
        cues: The lexicon.
    """
    linker = _Linker(doc=doc, text=text, quotations=quotations, blocks=blocks, cues=cues,
                     known={reading.head.i: reading for reading in readings})
    for number in range(len(quotations)):
        linker.link(number)
    return linker.readings()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Region:
    """The words around a quotation in its own sentence: after it and before it."""

    tail: Span | None = None
    head: Span | None = None


@dataclass(slots=True)
class _Linker:
    doc: Doc
    text: str
    quotations: tuple[Quotation, ...]
    blocks: Spans
    cues: Cues
    known: dict[int, Reading]
    links: dict[int, list[Quotation]] = field(default_factory=dict)
    pending: list[Quotation] = field(default_factory=list)

    def link(self, number: int) -> None:
        """Give a quotation to its cue; one that goes on in the next paragraph waits for that one's cue."""
        quotation = self.quotations[number]
        reading = self._cue_of(number) if self._is_spoken(quotation) else None
        if reading is None and (self._is_claimed(quotation) or not self._is_spoken(quotation)):
            self.pending = []
            return
        reading = reading or (None if self.pending else self._running(quotation))
        if reading is None:
            self.pending = [*self.pending, quotation] if quotation.open else []
            return
        self.known.setdefault(reading.head.i, reading)
        self.links.setdefault(reading.head.i, []).extend([*self.pending, quotation])
        self.pending = []

    def readings(self) -> tuple[Reading, ...]:
        """Return all readings in text order, with what was linked to them."""
        return tuple(self._linked(self.known[number]) for number in sorted(self.known))

    def _linked(self, reading: Reading) -> Reading:
        """Return a reading with its quotations; what else it held stays, unless it is quoted from another cue."""
        quoted = tuple(self.links.get(reading.head.i, ()))
        if not quoted:
            return self._without_others(reading)
        linked = [quotation for several in self.links.values() for quotation in several]
        outside = [span for span in reading.content if not any(other.outer.overlaps(span) for other in linked)]
        if self.text[: quoted[0].outer.start].rstrip().endswith(":") and quoted[0].outer.start > reading.cue.end:
            outside = [span for span in outside if span.start >= reading.cue.end]  # "Of the deal he SAID: “…”"
        around = [span for span in reading.content if self._holds_more(span, quoted) and not span.overlaps(reading.cue)]
        within = [quotation.inner for quotation in quoted if not any(span.holds(quotation.inner) for span in around)]
        match = reading.match if reading.entry.takes("clause") else _speech(reading.head, self.cues) or reading.match
        return replace(reading, match=match, content=tuple(sorted((*outside, *around, *within))), quoted=quoted)

    def _without_others(self, reading: Reading) -> Reading:
        """Return a reading without pieces of quotations that another cue beside them says."""
        if reading.entry.takes("source") or reading.entry.takes("adverb"):
            return reading
        others = [quotation for several in self.links.values() for quotation in several
                  if not quotation.outer.holds(reading.cue)]
        own = tuple(span for span in reading.content if not any(other.outer.holds(span) for other in others))
        return replace(reading, content=own) if own else reading

    def _holds_more(self, span: Span, quoted: tuple[Quotation, ...]) -> bool:
        """Return whether a content has words beside its quotation: said that "nobody can win" and that talks go on.

        What follows a quotation that ends like a sentence is the narrator's.
        """
        held = [quotation for quotation in quoted if span.holds(quotation.inner)]
        if any(quotation.outer.end + 1 < span.end and self._last(quotation) in ".?!…" for quotation in held):
            return False
        rest = span.of(self.text)
        for quotation in held:
            rest = rest.replace(quotation.outer.of(self.text), " ")
        words = [word for word in re.findall(r"\w+", rest) if word.casefold() not in SLIPS]
        more = len(rest.strip()) > BESIDE or any(word[0].isupper() or word in SUBJECTS for word in words)
        return bool(held) and more

    def _last(self, quotation: Quotation) -> str:
        return quotation.inner.of(self.text).rstrip()[-1:]

    def _is_spoken(self, quotation: Quotation) -> bool:
        """Return whether a quotation is speech rather than a borrowed term."""
        words = quotation.inner.of(self.text).split()
        return len(words) >= SPOKEN or self._last(quotation) in ".,!?" or quotation.is_sentence(self.text)

    def _is_claimed(self, quotation: Quotation) -> bool:
        """Return whether a quotation lies in what a reading holds to be its content."""
        return any(span.overlaps(quotation.inner) for reading in self.known.values() for span in reading.content)

    def _cue_of(self, number: int) -> Reading | None:
        """Return the reading whose cue stands in the same sentence as a quotation, outside of it."""
        quotation = self.quotations[number]
        region = self._region(number)
        told = list(self._cues_in(region.head, after=False)) if region.head is not None else []
        if told and region.head is not None and region.head.of(self.text).rstrip()[-1:] == ":":
            return self._nearest(told, quotation)
        opens = self._opens_sentence(region)
        closed = self._last(quotation) in ",?!—–…-" or self.text.startswith(",", quotation.outer.end)
        if region.tail is not None and closed and opens:
            found = next(self._cues_in(region.tail, after=True), None)
            if found is not None:
                return found
        if region.head is not None:
            before = list(self._cues_in(region.head, after=False))
            introduced = region.head.of(self.text).rstrip()[-1:] in ",:—–-"
            near = self._nearest(before, quotation) if before else None
            if near is not None and (introduced or near.head.i + BESIDE_CUE >= self._first_token(quotation)):
                return near
        return next(self._cues_in(region.tail, after=True), None) if region.tail is not None and opens else None

    def _nearest(self, before: Sequence[Reading], quotation: Quotation) -> Reading:
        """Return the last cue before a quotation; one in a relative clause only beside it, or if there is no other."""
        first = self._first_token(quotation)
        return max(before, key=lambda reading: (
            reading.head.dep_ != "acl:relcl" or reading.head.i + BESIDE_CUE >= first, reading.head.i))

    def _first_token(self, quotation: Quotation) -> int:
        stretch = self.doc.char_span(quotation.outer.start, quotation.outer.end, alignment_mode="expand")
        return stretch.start if stretch is not None else 0

    def _opens_sentence(self, region: _Region) -> bool:
        """Return whether a quotation stands at the start of its sentence, or after words that lead up to it."""
        before = "" if region.head is None else region.head.of(self.text).strip()
        return len(before.split()) <= LEAD or before[-1] in ",:;—–-"

    def _region(self, number: int) -> _Region:
        """Return what is left of a quotation's sentence, up to the next quotation or the border of the paragraph."""
        text, quotation = self.text, self.quotations[number]
        block = next((block for block in self.blocks if block.start <= quotation.outer.start < block.end), None)
        if block is None:
            return _Region()
        following = self.quotations[number + 1].outer.start if number + 1 < len(self.quotations) else block.end
        after = min(following, block.end)
        before = max(self.quotations[number - 1].outer.end if number else block.start, block.start)
        tail = None
        rest = text[quotation.outer.end : after]
        over = self._last(quotation) == "." and rest.lstrip()[:1].isupper()
        if not quotation.open and rest.strip(" .") and not over:
            tail = _span(quotation.outer.end, next(_breaks(text, quotation.outer.end, after), after))
        starts = list(_breaks(text, before, quotation.outer.start))
        head = _span(starts[-1] if starts else before, quotation.outer.start)
        if head is not None and (not head.of(text).strip() or head.of(text).rstrip()[-1:] in ".?!"):
            head = None
        return _Region(tail=tail, head=head)

    def _cues_in(self, region: Span, *, after: bool) -> Iterator[Reading]:
        """Yield the readings of verbs of speech in a region before or after a quotation, made anew where needed."""
        words = self.doc.char_span(region.start, region.end, alignment_mode="contract") or ()
        for token in sorted(words, key=lambda word: word.dep_ == "acl:relcl"):  # "the envoy, who SPOKE first, said"
            match = _speech(token, self.cues)
            if match is None or _is_by_the_way(token, after=after) or syntax.is_passive(token):
                continue
            if token.i in self.known:
                yield self.known[token.i]
                continue
            if match.entry.stance not in SPOKEN_STANCES and syntax.auxiliaries(token) & PROSPECT:
                continue  # "would consider it “with an open mind”"
            subject = syntax.subject_of(token) or _beside(token, region)
            if subject is not None:
                heard = next(iter(syntax.children(token, "obj", "iobj")), None) if match.entry.hears else None
                yield Reading(match=match, source=(), content=(), subject=subject, ruled=True, heard=heard)

    def _running(self, quotation: Quotation) -> Reading | None:
        """Return the reading whose speaker goes on in a quotation that fills sentences of its own."""
        if not quotation.is_sentence(self.text) and not quotation.open:
            return None
        before = [reading for reading in self.known.values()
                  if reading.entry.pos == "VERB" and self._end(reading) <= quotation.outer.start]
        if not before:
            return None
        latest = max(before, key=lambda reading: (self._end(reading), reading.head.i))
        return latest if self._runs_on(latest, quotation) else None

    def _end(self, reading: Reading) -> int:
        return max((reading.reach.end, *(quotation.outer.end for quotation in self.links.get(reading.head.i, ()))))

    def _runs_on(self, reading: Reading, quotation: Quotation) -> bool:
        """Return whether at most one sentence of the narrator or a paragraph's end parts a quotation from its cue."""
        end = self._end(reading)
        end = next(_breaks(self.text, end, quotation.outer.start), end)
        if end > quotation.outer.start or any(end < start < quotation.outer.start for start in self._cue_starts()):
            return False
        between = self.text[end : quotation.outer.start]
        sentences = [part for part in SENTENCE_BREAK.split(between) if re.search(r"\w", part)]
        home = [number for number, block in enumerate(self.blocks) if block.start <= end <= block.end]
        there = [number for number, block in enumerate(self.blocks) if block.start <= quotation.outer.start < block.end]
        return bool(home and there) and there[0] - home[0] <= 1 and len(sentences) <= GAP

    def _cue_starts(self) -> Iterator[int]:
        yield from (reading.head.idx for reading in self.known.values())


def _span(start: int, end: int) -> Span | None:
    return Span(start=start, end=end) if end > start else None


def _breaks(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the offsets at which a new sentence begins."""
    for found in SENTENCE_BREAK.finditer(text, start, min(end + 1, len(text))):
        if found.end() <= end and not NO_BREAK.search(text[max(start, found.start() - 5) : found.start() + 1]):
            yield found.end()


def _is_by_the_way(token: Token, *, after: bool) -> bool:
    """Return whether a verb only goes along with another one: “…,” he said, ADDING that; "to say"; "when asked"."""
    if token.dep_ == "acl:relcl" and token.lemma_.casefold() in ("speak", "talk"):
        return True  # "an official who SPOKE on condition of anonymity"
    marks = {low(mark) for mark in syntax.children(token, "mark", "advmod")}
    if "to" in marks or (marks & {"when", "while", "after"} and not syntax.has_own_subject(token)):
        return True
    if token.head.lemma_.casefold() in QUOTED and syntax.is_passive(token.head):
        return False  # “…,” he was quoted as SAYING
    return after and low(token).endswith("ing") and not syntax.has_own_subject(token) and token.dep_ != "xcomp"


def _speech(token: Token, cues: Cues) -> Match | None:
    """Return the row of a verb that can introduce a quotation."""
    if token.pos_ != "VERB":
        return None
    rows = (match for match in cues.matches(token) if match.entry.takes("clause") and match.entry.weight >= 0.6)
    return next(rows, None)


def _beside(token: Token, region: Span) -> Token | None:
    """Return the name beside a verb of speech that the parse left without subject: "said Campbell", "Campbell said"."""
    for number in (token.i + 1, token.i - 1):
        if 0 <= number < len(token.doc) and token.doc[number].pos_ in ("PROPN", "PRON"):
            other = token.doc[number]
            if region.start <= other.idx < region.end:
                return other
    return None


