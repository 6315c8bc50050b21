"""Cue by cue: who is made to say what, from the encoder's attributions and the lexicon's frames."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kg.language.document import Doc, Token
from kg.model import Attribution, Span, Spans, cover
from kg.statements import syntax
from kg.statements.frames import SPECIAL, Frame, find_frame, holder_of
from kg.statements.lexicon import Cues, Entry, Match
from kg.statements.quotes import Quotation
from kg.statements.words import (
    EXPLETIVE,
    FIRST_PERSON,
    GENERIC,
    NOT_YET,
    QUOTING,
    RECEIVING,
    SILENT,
    SINGULAR,
    SPEAKERS,
    low,
)

# Weight from which a cue counts although the encoder did not mark it, and from which its weakest mark is enough: chosen
# on PolNeAR dev, where of the rules' own finds below 0.85 nine in ten are deeds, not words.
SURE, CLEAR, FAINT = 0.85, 0.7, 0.4
MARKED, FIRM = 0.2, 0.5  # the encoder's score from which it marks a cue; from which its content beats the frame's
FIRM_FRAMES = frozenset({"evidence", "adverb", "source", "passive"})  # the tree alone knows what these take
OTHERS = SINGULAR | {"they"}
PROMPT = frozenset({"quick", "swift", "prompt"})  # "was quick to deny": denied
ASCRIBING = frozenset({"NOUN", "ADJ"})  # classes of words by which one speaker tells another's attitude
PIECES = 2  # an encoder's content in more pieces is torn
WITHIN = frozenset({"judgement", "hedge", "hedge:passive", "outlet", "never"})  # words of contents, names, no cue
SPEAKING = frozenset({"asserts", "reports", "confirms", "denies", "requests"})
# Negated, these still tell a view: "does not believe that", "did not rule out".
STILL_TELLING = frozenset({"believes", "denies", "accepts", "doubts", "expects"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One cue with what was found around it.

    `source` is what the encoder marked, `subject` what the tree shows. `score` is the encoder's, 0 where it did not
    mark the cue; `ruled` tells whether a frame of the lexicon fits, and `quoted` holds the quotations that give the
    content. `points_back` and `heard` as in `Frame`.
    """

    match: Match
    source: Spans
    content: Spans
    subject: Token | None = None
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
    told = _told(doc, attributed.values())
    found: dict[int, Reading] = {}
    for token in doc:
        given = attributed.get(token.i)
        reading = _read(token, given, cues=cues, quotations=quotations, is_told=token.i in told)
        if reading is not None:
            found[reading.head.i] = reading
    return tuple(_without_doubles(found.values()))


def _from_attributions(doc: Doc, *, cues: Cues) -> Mapping[int, Attribution]:
    """Return the encoder's attributions by the token that carries their cue."""
    found: dict[int, Attribution] = {}
    for given in doc.user_data.get("attributions", ()):
        carrier = _carrier(doc, given, cues=cues) if given.score >= MARKED else None
        if carrier is not None and (carrier.i not in found or found[carrier.i].score < given.score):
            found[carrier.i] = given
    return found


def _told(doc: Doc, attributions: Iterable[Attribution]) -> frozenset[int]:
    """Return the tokens of all contents that the encoder is sure of."""
    spans = (span for given in attributions if given.score >= FIRM for span in given.content)
    stretches = (doc.char_span(span.start, span.end, alignment_mode="contract") or () for span in spans)
    return frozenset(token.i for stretch in stretches for token in stretch)


def _carrier(doc: Doc, given: Attribution, *, cues: Cues) -> Token | None:
    """Return the token of the cue words that says most: verbs before nouns, then by weight; the first of equals.

    What one of them refuses to do is its content: "REFUSED to apologise".
    """
    best: tuple[tuple[bool, float], Token] | None = None
    for span in given.cue:
        for token in doc.char_span(span.start, span.end, alignment_mode="expand") or ():
            if best is not None and token.dep_ == "xcomp" and token.head.i == best[1].i and _is_refusal(best[1], cues):
                continue
            for entry in (match.entry for match in cues.matches(token)):
                rank = (entry.pos in ("VERB", "ADP", "ADV"), entry.weight)
                if not WITHIN & set(entry.frames) and (best is None or rank > best[0]):
                    best = (rank, token)
    return best[1] if best else None


def _is_refusal(token: Token, cues: Cues) -> bool:
    return any(match.entry.stance == "refuses" for match in cues.matches(token))


def _read(
    token: Token, given: Attribution | None, *, cues: Cues, quotations: tuple[Quotation, ...], is_told: bool
) -> Reading | None:
    matches = _sorted(cues.matches(token), token)
    if not matches or _is_silent(token):
        return None
    frames = [found for match in matches if (found := find_frame(match, cues=cues)) is not None]
    frame = frames[0] if frames else None
    if syntax.is_neither_nor(token):
        return _left_open(token, matches[0], frame, given, cues=cues)
    if _is_word_refused(token, matches, cues):
        return None
    if given is not None:
        return _joined(token, given, frame, matches, quotations=quotations)
    told = (found for found in frames if found.content or found.points_back)
    frame = next((found for found in told if _is_sure(found, quotations) or (is_told and _is_ascribed(found))), None)
    if frame is None:
        return None
    return Reading(match=frame.match, source=(), content=frame.content, subject=frame.source, heard=frame.heard,
                   ruled=True, points_back=frame.points_back)


def _left_open(token: Token, match: Match, frame: Frame | None, given: Attribution | None, *,
               cues: Cues) -> Reading | None:
    """Return the reading of "neither confirmed nor denied X": one act, whose content may hang on the second verb."""
    seconds = (other for verb in syntax.children(token, "conj") for other in cues.matches(verb))
    found = frame or next((other for second in seconds if (other := find_frame(second, cues=cues)) is not None), None)
    if found is None:
        return None
    return Reading(match=match, source=given.source if given is not None else (), content=found.content,
                   subject=syntax.subject_of(token), ruled=True, score=given.score if given is not None else 0.0)


def _sorted(matches: tuple[Match, ...], token: Token) -> tuple[Match, ...]:
    """Return the rows of a word, of equally long ones first those for its voice and for the preposition after it."""
    passive = syntax.is_passive(token)
    return tuple(sorted(matches, key=lambda match: (
        -len(match.tokens), match.entry.takes("passive") != passive, not _is_followed(token, match.entry))))


def _is_followed(token: Token, entry: Entry) -> bool:
    """Return whether the word after a cue is a preposition of its row."""
    follower = low(token.doc[token.i + 1]) if token.i + 1 < len(token.doc) else ""
    return any(frame.rstrip("+") == follower for frame in entry.frames)


def _joined(
    token: Token, given: Attribution, frame: Frame | None, matches: tuple[Match, ...], *,
    quotations: tuple[Quotation, ...],
) -> Reading | None:
    """Return the reading of a cue that the encoder marked; the frame completes what it left open, or corrects it."""
    content = _in_sentence(token, _tidied(token.doc, given.content), quotations)
    content = _without_preposition(token.doc, content, matches if frame is None else (frame.match,))
    if frame is None:
        match = _unframed(matches, token, content)
        if match is None or given.score < needed(match.entry):
            return None
        if match.entry.pos == "NOUN" and _is_received(token):
            return None
        subject = holder_of(token) if match.entry.pos == "NOUN" else syntax.subject_of(token)
        return Reading(match=match, source=given.source, content=content, subject=subject, score=given.score)
    if given.score < needed(frame.match.entry):
        return None
    frame = _heard_behind(frame, given)
    content = _agreed(_after_cue(token.doc, content, frame), frame)
    if frame.heard is not None and frame.match.entry.hears:
        content = tuple(span for span in content if not _is_hearer(span, frame.heard)) or frame.content
        content = tuple(_behind_hearer(span, frame.heard) for span in content)
    return Reading(match=frame.match, source=_without_hearer(given.source, frame), content=content,
                   subject=frame.source, heard=frame.heard, score=given.score, ruled=True,
                   points_back=frame.points_back)


def _heard_behind(frame: Frame, given: Attribution) -> Frame:
    """Return the frame, its subject as the hearer where it stands behind a verb that takes one: "he TOLD Reuters"."""
    head, source = frame.match.head, frame.source
    if not frame.match.entry.hears or frame.heard is not None or source is None or source.i < head.i:
        return frame
    before = any(head.sent.start_char <= span.start < head.idx for span in given.source)
    return replace(frame, source=None, heard=source) if before else frame


def _without_hearer(source: Spans, frame: Frame) -> Spans:
    """Return a source without the stretch that is who hears."""
    heard = frame.heard
    return source if heard is None else tuple(span for span in source if not span.start <= heard.idx < span.end)


def _in_sentence(token: Token, content: Spans, quotations: tuple[Quotation, ...]) -> Spans:
    """Return what of a content lies in the cue's sentence, if any does: the rest is a slip, quotations apart.

    Inside a quotation its speaker goes on after the sentence, not the one whose words the cue tells.
    """
    sentence = Span(start=token.sent.start_char, end=token.sent.end_char)
    outside = [quotation for quotation in quotations if not quotation.inner.start <= token.idx < quotation.inner.end]
    kept, is_inside = [], False
    for span in content:
        quoted = any(quotation.outer.overlaps(span) for quotation in outside)
        is_inside = is_inside or span.overlaps(sentence)
        if quoted:
            kept.append(span)
        elif span.overlaps(sentence):
            kept.append(Span(start=max(span.start, sentence.start), end=min(span.end, sentence.end)))
    return tuple(kept) if is_inside else content


def _after_cue(doc: Doc, content: Spans, frame: Frame) -> Spans:
    """Return the encoder's content without the noun of "voiced his doubts about X", where that is the cue."""
    if frame.kind != "light":
        return content
    noun = max(token.i for token in frame.match.tokens)
    words = [word for span in content for word in doc.char_span(span.start, span.end, alignment_mode="expand") or ()]
    after = syntax.spans_of(doc, [word for word in words if word.i > noun])
    return tuple(syntax.without_case(doc, span) for span in after)


def _is_received(noun: Token) -> bool:
    """Return whether the words of a noun come from others than its clause's subject: "faced sharp criticism"."""
    return noun.dep_ in ("obj", "obl") and noun.head.lemma_.casefold() in RECEIVING and holder_of(noun) is None


def _is_hearer(span: Span, heard: Token) -> bool:
    """Return whether a stretch is no more than who hears: in "told Putin that", the encoder's slip."""
    return heard.left_edge.idx <= span.start and span.end <= heard.right_edge.idx + len(heard.right_edge.text)


def _behind_hearer(span: Span, heard: Token) -> Span:
    """Return a content without the hearer at its start: in "told Reuters she would go"."""
    last = heard.right_edge
    if span.start != heard.left_edge.idx or last.i + 1 >= len(heard.doc):
        return span
    start = heard.doc[last.i + 1].idx
    return Span(start=start, end=span.end) if start < span.end else span


def needed(entry: Entry) -> float:
    """Return the encoder's score that a cue needs: the less a word is a cue by itself, the more."""
    return MARKED if entry.weight >= CLEAR else FIRM if entry.weight >= FAINT else 1.0


def _agreed(content: Spans, frame: Frame) -> Spans:
    """Return the content that the encoder and the tree give together: the larger where one holds the other.

    Measured on PolNeAR dev: where the encoder's holds the tree's it is better in four cases of five, where the tree's
    holds the encoder's in two of five; where they only cross it is in three of five.
    """
    if not content or len(content) > PIECES or frame.kind in FIRM_FRAMES:
        return frame.content
    torn = len(frame.content) > len(content) and not frame.around
    if frame.content and not torn and cover(frame.content).holds(cover(content)):
        return frame.content
    return content


def _unframed(matches: tuple[Match, ...], token: Token, content: Spans) -> Match | None:
    """Return the row for a cue whose frame the tree does not show: by the preposition after it, else by the content.

    A cue that takes clauses alone has none in a mere noun: "responding to reports" says nothing.
    """
    rows = [match for match in matches if not SPECIAL & set(match.entry.frames) or match.entry.hears]
    if rows and _is_followed(token, rows[0].entry):
        return rows[0]
    for wanted in (("clause", "object", "object+") if _is_clause(token.doc, content) else ("object", "object+")):
        for match in rows:
            if match.entry.takes(wanted):
                return match
    return None


def _without_preposition(doc: Doc, content: Spans, matches: tuple[Match, ...]) -> Spans:
    """Return a content without a preposition of its cue before it: concern "about talks", a call "for X to go"."""
    ties = {frame.rstrip("+") for match in matches for frame in match.entry.frames}
    first = doc.char_span(content[0].start, content[0].end) if content else None
    if first is None or len(first) < 2 or low(first[0]) not in ties or first[0].dep_ not in ("case", "mark"):
        return content
    return (Span(start=first[1].idx, end=content[0].end), *content[1:])


def _is_clause(doc: Doc, content: Spans) -> bool:
    """Return whether a content says something of something, rather than naming a thing."""
    stretches = [doc.char_span(span.start, span.end, alignment_mode="expand") for span in content]
    roots = [stretch.root for stretch in stretches if stretch is not None]
    return any(root.pos_ in ("VERB", "AUX") or syntax.children(root, "cop", "nsubj", "nsubj:pass") for root in roots)


def _tidied(doc: Doc, spans: Spans) -> Spans:
    """Return spans cut to whole tokens, without conjunctions and punctuation at their edges."""
    found: list[Span] = []
    for span in spans:
        stretch = doc.char_span(span.start, span.end, alignment_mode="contract")
        if stretch is not None and len(stretch):
            pieces = syntax.trimmed(doc, stretch.start, stretch.end - 1)
            found.extend(syntax.without_case(doc, piece) for piece in pieces)
    return tuple(found)


def _is_sure(frame: Frame, quotations: tuple[Quotation, ...]) -> bool:
    """Return whether a cue that the encoder did not mark is one all the same: a strong word with a speaker."""
    entry, head = frame.match.entry, frame.match.head
    if entry.weight < SURE:
        return False
    if entry.takes("adverb"):
        return True
    if entry.takes("source") and frame.source is not None:
        return frame.source.pos_ == "PROPN" or frame.source.lemma_.casefold() in SPEAKERS
    if entry.takes("passive") and syntax.is_passive(head):
        return entry.stance in ("reports", "alleges") or frame.source is not None
    if frame.source is None or low(frame.source) in (GENERIC | FIRST_PERSON | EXPLETIVE) - {"it", "which"}:
        return False
    quoted = any(quotation.inner.start <= head.idx < quotation.inner.end for quotation in quotations)
    return not quoted or is_of_others(frame.source)


def is_of_others(source: Token) -> bool:
    """Return whether a speaker inside a quotation is a third one: a name, "he", "they"."""
    return source.pos_ == "PROPN" or low(source) in OTHERS


def _is_ascribed(frame: Frame) -> bool:
    """Return whether a word in somebody's account ascribes an attitude to a named one: "Moscow's INTENTION to"."""
    entry, source = frame.match.entry, frame.source
    if entry.stance == "praises":
        return False  # "Moscow's support for": a deed
    return entry.pos in ASCRIBING and entry.weight >= FAINT and source is not None and source.pos_ == "PROPN"


def _is_silent(token: Token) -> bool:
    """Return whether a cue word tells of no act of speech: not said, not yet said, or said only if."""
    if syntax.is_neither_nor(token):
        return False
    if syntax.is_hypothetical(token) or syntax.is_habitual(token) or syntax.is_asked(token):
        return True
    only = any(low(child) == "only" for child in syntax.children(token, "advmod"))  # "would only say that": said it
    if any(low(child) in NOT_YET for child in syntax.children(token, "aux")) and not only:
        return True
    if low(token).endswith("ing") and token.dep_ in ("csubj", "csubj:pass", "nsubj", "obj", "amod", "compound"):
        return True
    infinitive = any(low(mark) == "to" for mark in syntax.children(token, "mark"))
    if not infinitive or token.dep_ not in ("xcomp", "advcl", "ccomp", "acl") or token.head.lemma_ in PROMPT:
        return False
    return token.dep_ != "xcomp" or token.head.lemma_.casefold() in SILENT


def _is_word_refused(token: Token, matches: tuple[Match, ...], cues: Cues) -> bool:
    """Return whether somebody refuses to speak: "declined to comment", "refused to say whether"; that says nothing."""
    if not any(match.entry.stance == "refuses" for match in matches):
        return False
    return any(match.entry.stance in SPEAKING for kid in syntax.children(token, "xcomp") for match in cues.matches(kid))


def is_unsaid(reading: Reading) -> bool:
    """Return whether the text says that the words were not said: "did not say", "never mentioned"."""
    return syntax.is_negated(reading.head) and reading.entry.stance not in STILL_TELLING and not reading.quoted


def _without_doubles(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Yield the readings, save those whose head is a further word of another cue ("expressed CONCERN").

    Who "cites X as saying" something only passes on what X says.
    """
    found = list(readings)
    taken = {token.i for reading in found for token in reading.match.tokens[1:]}
    taken |= {reading.head.head.i for reading in found if reading.head.dep_ in ("advcl", "xcomp")
              and reading.head.head.lemma_.casefold() in QUOTING}
    yield from (reading for reading in found if reading.head.i not in taken)
