"""Cue by cue: who is made to say what, from the encoder's attributions and the lexicon's frames."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from kg.language.document import Doc, Token
from kg.model import Attribution, Span, Spans, cover
from kg.statements import syntax
from kg.statements.asides import without_asides
from kg.statements.contents import (
    after_cue,
    agreed,
    behind_hearer,
    completed,
    in_sentence,
    is_hearer,
    tidied,
    without_preposition,
)
from kg.statements.frames import SPECIAL, Frame, find_frame, holder_of
from kg.statements.lexicon import Cues, Entry, Match
from kg.statements.quotes import Quotation
from kg.statements.silence import is_silent, is_word_refused
from kg.statements.words import (
    EXPLETIVE,
    FIRST_PERSON,
    GENERIC,
    QUOTING,
    RECEIVING,
    SINGULAR,
    SPEAKERS,
    low,
)

# Weight from which a cue counts although the encoder did not mark it, and from which its weakest mark is enough: chosen
# on PolNeAR dev, where of the rules' own finds below 0.85 nine in ten are deeds, not words.
SURE, CLEAR, FAINT = 0.85, 0.7, 0.4
MARKED, FIRM = 0.2, 0.5  # the encoder's score from which it marks a cue; from which its content beats the frame's
OTHERS = SINGULAR | {"they"}
ASCRIBING = frozenset({"NOUN", "ADJ"})  # classes of words by which one speaker tells another's attitude
ANSWERING = frozenset({"respond", "reply", "react", "answer"})
WITHIN = frozenset({"judgement", "hedge", "hedge:passive", "outlet", "never"})  # words of contents, names, no cue
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
            token = _quoted_word(token)
            for entry in (match.entry for match in cues.matches(token)):
                rank = (entry.pos in ("VERB", "ADP", "ADV"), entry.weight)
                if not WITHIN & set(entry.frames) and (best is None or rank > best[0]):
                    best = (rank, token)
    return best[1] if best else None


def _quoted_word(token: Token) -> Token:
    """Return the participle of "was QUOTED by X as SAYING", else the token itself."""
    if token.lemma_.casefold() not in QUOTING or not syntax.is_passive(token):
        return token
    said = (child for child in syntax.children(token, "advcl", "xcomp") if low(child).endswith("ing")
            and syntax.case_of(child) == "as")
    return next(said, token)


def _is_refusal(token: Token, cues: Cues) -> bool:
    return any(match.entry.stance == "refuses" for match in cues.matches(token))


def _read(
    token: Token, given: Attribution | None, *, cues: Cues, quotations: tuple[Quotation, ...], is_told: bool
) -> Reading | None:
    matches = _sorted(cues.matches(token), token)
    if not matches or is_silent(token):
        return None
    frames = [found for match in matches if (found := find_frame(match, cues=cues)) is not None]
    frame = frames[0] if frames else None
    if syntax.is_neither_nor(token):
        return _left_open(token, matches[0], frame, given, cues=cues)
    if is_word_refused(token, matches, cues):
        return None
    if given is not None:
        return _joined(token, given, frame, matches, quotations=quotations)
    told = (found for found in frames if found.content or found.points_back)
    frame = next((found for found in told if _is_sure(found, quotations) or (is_told and _is_ascribed(found))), None)
    if frame is None:
        return None
    content = without_asides(token.doc, frame.content, head=token, kind=frame.kind, quotations=quotations)
    return Reading(match=frame.match, source=(), content=content, subject=frame.source, heard=frame.heard,
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
    content = in_sentence(token, tidied(token.doc, given.content), quotations)
    content = completed(token, content)
    if frame is not None and frame.content and not any(span.start <= token.idx < span.end for span in given.cue):
        content = frame.content  # marked at "was QUOTED", said by "as SAYING"
    content = without_preposition(token.doc, content, matches if frame is None else (frame.match,))
    if frame is None:
        match = _unframed(matches, token, content)
        if match is None or given.score < needed(match.entry):
            return None
        if match.entry.pos == "NOUN" and _is_received(token):
            return None
        subject = holder_of(token) if match.entry.pos == "NOUN" else syntax.subject_of(token)
        if subject is not None:
            content = tuple(span for span in content if not is_hearer(span, subject)) or content
        return Reading(match=match, source=given.source, content=content, subject=subject, score=given.score)
    if given.score < needed(frame.match.entry):
        return None
    frame = _heard_behind(frame, given)
    content = agreed(after_cue(token.doc, content, frame), frame)
    if frame.source is not None:  # the speaker's name is nothing that he says
        content = tuple(span for span in content if not is_hearer(span, frame.source)) or content
    if frame.heard is not None and frame.match.entry.hears:
        content = tuple(span for span in content if not is_hearer(span, frame.heard)) or frame.content
        content = tuple(behind_hearer(span, frame.heard) for span in content)
    content = without_asides(token.doc, content, head=token, kind=frame.kind, quotations=quotations)
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


def _is_received(noun: Token) -> bool:
    """Return whether the words of a noun come from others than its clause's subject: "faced sharp criticism"."""
    return noun.dep_ in ("obj", "obl") and noun.head.lemma_.casefold() in RECEIVING and holder_of(noun) is None


def needed(entry: Entry) -> float:
    """Return the encoder's score that a cue needs: the less a word is a cue by itself, the more."""
    return MARKED if entry.weight >= CLEAR else FIRM if entry.weight >= FAINT else 1.0


def _unframed(matches: tuple[Match, ...], token: Token, content: Spans) -> Match | None:
    """Return the row for a cue whose frame the tree does not show: by the preposition after it, else by the content.

    A cue that takes clauses alone has none in a mere noun: "responding to reports" says nothing.
    """
    rows = [match for match in matches if not SPECIAL & set(match.entry.frames) or match.entry.hears]
    if content and content[0].of(token.doc.text).casefold().startswith("to "):  # "decided TO GO": a deed
        rows = [match for match in rows if match.entry.takes("infinitive") or match.entry.takes("to")]
    if rows and _is_followed(token, rows[0].entry):
        return rows[0]
    for wanted in (("clause", "object", "object+") if _is_clause(token.doc, content) else ("object", "object+")):
        for match in rows:
            if match.entry.takes(wanted):
                return match
    return None


def _is_clause(doc: Doc, content: Spans) -> bool:
    """Return whether a content says something of something, rather than naming a thing."""
    stretches = [doc.char_span(span.start, span.end, alignment_mode="expand") for span in content]
    roots = [stretch.root for stretch in stretches if stretch is not None]
    return any(root.pos_ in ("VERB", "AUX") or syntax.children(root, "cop", "nsubj", "nsubj:pass") for root in roots)


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


def is_answered(reading: Reading) -> bool:
    """Return whether the words are others' that somebody only answers: "responded to reports that"."""
    if reading.head.lemma_.casefold() not in ANSWERING or reading.quoted:
        return False
    told = [kid for kid in syntax.children(reading.head, "obl") if syntax.case_of(kid) == "to"]
    return any(kid.left_edge.idx <= span.start <= kid.right_edge.idx for kid in told for span in reading.content)


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
    heads = {reading.head.i for reading in found}
    yield from (reading for reading in found if reading.head.i not in taken and not _is_of_nobody(reading, heads))


def _is_of_nobody(reading: Reading, heads: Collection[int]) -> bool:
    """Return whether a noun is what a cue answers, its holder untold: in "denied CLAIMS that" nobody tells whose."""
    head = reading.head
    answered = head.pos_ == "NOUN" and head.dep_ in ("obj", "obl", "nsubj:pass") and head.head.i in heads
    return answered and holder_of(head) is None
