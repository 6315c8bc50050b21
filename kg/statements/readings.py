"""Cue by cue: who is made to say what, from the encoder's attributions, the lexicon's frames and the quotation marks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.model import Attribution, Span, Spans, cover
from kg.statements import syntax
from kg.statements.frames import DIRECTIVE, SPECIAL, Frame, find_frame, holder_of
from kg.statements.lexicon import Cues, Entry, Match
from kg.statements.quotes import Quotation

SURE = 0.7  # weight from which a cue counts although the encoder did not mark it; chosen on the development articles
DIRECT = Entry(words=("",), pos="VERB", frames=("clause",), stance="asserts", polarity="positive", certainty="", weight=0.6)
GENERIC = frozenset({"you", "one", "anyone", "everybody", "everyone", "anybody", "nobody"})
FIRST_PERSON = frozenset({"i", "we"})
# Verbs that only say that something was not said, or was said to be going to be: "declined to comment", "wants to say".
SILENT = frozenset({"refuse", "decline", "fail", "want", "wish", "hope", "plan", "need", "forget", "hesitate", "expect", "avoid",
                    "stop", "ask", "urge", "tell", "force", "intend", "prepare", "allow", "get", "unable", "likely", "ready", "able"})
NOT_YET = frozenset({"may", "might", "could", "would", "should", "can", "must", "will", "'ll", "’ll", "wo", "ca"})
# Negated, these still tell a view: "does not believe that", "did not rule out".
STILL_TELLING = frozenset({"believes", "denies", "accepts", "promises", "praises", "doubts", "expects", "refuses"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One cue with what was found around it.

    `score` is the encoder's, 0 where it did not mark the cue; `ruled` tells whether a frame of the lexicon fits, and
    `quoted` whether quotation marks give the content. `points_back` and `heard` as in `Frame`.
    """

    match: Match
    source: Spans
    content: Spans
    heard: Token | None = None
    score: float = 0.0
    ruled: bool = False
    quoted: tuple[Quotation, ...] = ()
    points_back: bool = False

    @property
    def head(self) -> Token:
        """The first token of the cue."""
        return self.match.head

    @property
    def entry(self) -> Entry:
        """The row of the lexicon."""
        return self.match.entry

    @property
    def cue(self) -> Span:
        """The cue's characters, from its first to its last word."""
        tokens = sorted(self.match.tokens, key=lambda token: token.i)
        return Span(start=tokens[0].idx, end=tokens[-1].idx + len(tokens[-1].text))

    @property
    def reach(self) -> Span:
        """The smallest span that holds cue and content."""
        return cover((self.cue, *self.content))


def read_cues(doc: Doc, *, cues: Cues, quotations: tuple[Quotation, ...]) -> tuple[Reading, ...]:
    """Return one reading a cue, in text order.

    Args:
        doc: The analysed article, with the encoder's attributions in `user_data`.
        cues: The lexicon.
        quotations: The article's quotations, in text order.
    """
    attributed = _from_attributions(doc, cues=cues)
    found: dict[int, Reading] = {}
    for token in doc:
        given = attributed.get(token.i)
        reading = _read(token, given, cues=cues, quotations=quotations)
        if reading is not None:
            found[reading.head.i] = reading
    return tuple(_without_doubles(found.values()))


def _from_attributions(doc: Doc, *, cues: Cues) -> Mapping[int, tuple[Match, Attribution]]:
    """Return the encoder's attributions by the token that carries their cue."""
    found: dict[int, tuple[Match, Attribution]] = {}
    for given in doc.user_data.get("attributions", ()):
        match = _carrier(doc, given, cues=cues)
        if match is not None and (match.head.i not in found or found[match.head.i][1].score < given.score):
            found[match.head.i] = (match, given)
    return found


def _carrier(doc: Doc, given: Attribution, *, cues: Cues) -> Match | None:
    """Return the match in the cue words that says most: verbs before nouns, then by weight; the last of equals."""
    best: tuple[tuple[bool, float], Match] | None = None
    for span in given.cue:
        for token in doc.char_span(span.start, span.end, alignment_mode="expand") or ():
            for match in cues.matches(token):
                rank = (match.entry.pos in ("VERB", "ADP", "ADV"), match.entry.weight)
                plain = not SPECIAL & set(match.entry.frames) or match.entry.hears or match.entry.takes("light") \
                    or match.entry.takes("adverb") or match.entry.takes("source")
                if plain and (best is None or rank > best[0]):
                    best = (rank, match)
    return best[1] if best else None


def _read(token: Token, given: tuple[Match, Attribution] | None, *, cues: Cues,
          quotations: tuple[Quotation, ...]) -> Reading | None:
    matches = cues.matches(token)
    if not matches or _is_silent(token):
        return None
    frame = next((found for match in matches if (found := find_frame(match, cues=cues)) is not None), None)
    if given is not None:
        return _joined(given, frame, matches)
    if frame is None or not _is_sure(frame, quotations):
        return None
    source = syntax.spans_of(token.doc, syntax.phrase(frame.source)) if frame.source is not None else ()
    return Reading(match=frame.match, source=source, content=frame.content, heard=frame.heard, ruled=True,
                   points_back=frame.points_back)


def _joined(given: tuple[Match, Attribution], frame: Frame | None, matches: tuple[Match, ...]) -> Reading:
    """Return the reading of a cue that the encoder marked; the frame completes what it left open."""
    match, attribution = given
    doc = match.head.doc
    content = _tidied(doc, attribution.content)
    source = attribution.source
    if frame is None:
        plain = next((other for other in matches if not SPECIAL & set(other.entry.frames) or other.entry.hears), match)
        subject = holder_of(match.head) if match.entry.pos == "NOUN" else syntax.subject_of(match.head)
        if not source and subject is not None:
            source = syntax.spans_of(doc, syntax.phrase(subject))
        return Reading(match=plain, source=source, content=content, score=attribution.score)
    if not source and frame.source is not None:
        source = syntax.spans_of(doc, syntax.phrase(frame.source))
    return Reading(match=frame.match, source=source, content=content or frame.content, heard=frame.heard,
                   score=attribution.score, ruled=True, points_back=frame.points_back)


def _tidied(doc: Doc, spans: Spans) -> Spans:
    """Return spans cut to whole tokens, without conjunctions and punctuation at their edges."""
    found: list[Span] = []
    for span in spans:
        stretch = doc.char_span(span.start, span.end, alignment_mode="contract")
        if stretch is not None and len(stretch):
            found.extend(syntax.trimmed(doc, stretch.start, stretch.end - 1))
    return tuple(found)


def _is_sure(frame: Frame, quotations: tuple[Quotation, ...]) -> bool:
    """Return whether a cue that the encoder did not mark is one all the same: a strong word, and somebody who speaks."""
    entry, head = frame.match.entry, frame.match.head
    if entry.weight < SURE:
        return False
    if entry.takes("adverb"):
        return True
    if entry.takes("passive") and syntax.is_passive(head):
        return entry.stance in ("reports", "alleges") or frame.source is not None
    if frame.source is None or frame.source.lower_ in GENERIC | FIRST_PERSON | {"it", "there", "this", "that"}:
        return frame.source is not None and frame.source.lower_ == "it"
    return not any(quotation.inner.start <= head.idx < quotation.inner.end for quotation in quotations)


def _is_silent(token: Token) -> bool:
    """Return whether a cue word tells of no act of speech: not said, not yet said, or said only if."""
    if syntax.is_hypothetical(token):
        return True
    if any(child.lower_ in NOT_YET for child in syntax.children(token, "aux")):
        return True
    if token.dep_ in ("xcomp", "advcl", "ccomp", "acl") and any(mark.lower_ == "to" for mark in syntax.children(token, "mark")):
        return token.dep_ != "xcomp" or token.head.lemma_.casefold() in SILENT
    return False


def is_unsaid(reading: Reading) -> bool:
    """Return whether the text says that the words were not said: "did not say", "never mentioned"."""
    return syntax.is_negated(reading.head) and reading.entry.stance not in STILL_TELLING and not reading.quoted


def _without_doubles(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Yield the readings, save those whose head is a further word of another cue ("expressed CONCERN")."""
    found = list(readings)
    taken = {token.i for reading in found for token in reading.match.tokens[1:]}
    yield from (reading for reading in found if reading.head.i not in taken)


def with_quotations(readings: tuple[Reading, ...], links: Mapping[int, list[Quotation]]) -> tuple[Reading, ...]:
    """Return the readings with the quotations that belong to them, by the number of their head token."""
    found = []
    for reading in readings:
        quoted = tuple(links.get(reading.head.i, ()))
        if quoted:
            outside = tuple(span for span in reading.content if not any(
                quotation.outer.overlaps(span) for quotation in quoted))
            content = tuple(sorted((*outside, *(quotation.inner for quotation in quoted))))
            reading = replace(reading, content=content, quoted=quoted)
        found.append(reading)
    return tuple(found)


__all__ = ["DIRECT", "DIRECTIVE", "Reading", "is_unsaid", "read_cues", "with_quotations"]
