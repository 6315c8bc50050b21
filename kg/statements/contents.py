"""The content that the encoder marked for a cue, repaired, and weighed against what the tree shows."""

from kg.language.document import Doc, Token
from kg.model import Span, Spans, cover
from kg.statements import syntax
from kg.statements.frames import Frame
from kg.statements.lexicon import Match
from kg.statements.quotes import Quotation
from kg.statements.words import DAYS, low

FIRM_FRAMES = frozenset({"evidence", "adverb", "source", "passive"})  # the tree alone knows what these take
PIECES = 2  # an encoder's content in more pieces is torn
WITHIN_NAMES = frozenset({"compound", "amod", "nmod:desc", "flat", "det", "nummod", "nmod:poss"})


def in_sentence(token: Token, content: Spans, quotations: tuple[Quotation, ...]) -> Spans:
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


def completed(cue: Token, content: Spans) -> Spans:
    """Return a content that breaks off in a name or before the rest of its phrase, up to the end of that.

    "a claim by Defense | Secretary Roe", "claims | by officials that …", "that he appear | before the committee".
    """
    stretch = cue.doc.char_span(content[-1].start, content[-1].end, alignment_mode="expand") if content else None
    if stretch is None or cue.i > stretch[0].i or stretch[-1].pos_ not in ("NOUN", "PROPN", "ADJ", "VERB"):
        return content
    last = stretch[-1]
    while last.dep_ in WITHIN_NAMES and last.head.i > last.i:
        last = last.head
    ends = [child.right_edge for child in syntax.children(last, "obj", "obl", "xcomp", "ccomp", "nmod", "flat", "acl")
            if child.left_edge.i == last.i + 1 and child.lemma_.casefold() not in DAYS]
    if last.pos_ == "NOUN":  # what is claimed, though the parse hangs the claimant on the cue
        ends += [child.right_edge for child in syntax.children(last, "acl", "ccomp") if child.i > last.i
                 and any(low(mark) == "that" for mark in syntax.children(child, "mark"))]
    end = max((last, *ends), key=lambda token: token.i)
    if end.i == stretch[-1].i or end.i >= cue.sent.end:
        return content
    return (*content[:-1], Span(start=content[-1].start, end=end.idx + len(end.text)))


def after_cue(doc: Doc, content: Spans, frame: Frame) -> Spans:
    """Return the encoder's content without the noun of "voiced his doubts about X", where that is the cue."""
    if frame.kind != "light":
        return content
    noun = max(token.i for token in frame.match.tokens)
    words = [word for span in content for word in doc.char_span(span.start, span.end, alignment_mode="expand") or ()]
    after = syntax.spans_of(doc, [word for word in words if word.i > noun])
    return tuple(syntax.without_case(doc, span) for span in after)


def is_hearer(span: Span, heard: Token) -> bool:
    """Return whether a stretch is no more than who hears: in "told Putin that", the encoder's slip."""
    return heard.left_edge.idx <= span.start and span.end <= heard.right_edge.idx + len(heard.right_edge.text)


def behind_hearer(span: Span, heard: Token) -> Span:
    """Return a content without the hearer at its start: in "told Reuters she would go"."""
    last = heard.right_edge
    if span.start != heard.left_edge.idx or last.i + 1 >= len(heard.doc):
        return span
    start = heard.doc[last.i + 1].idx
    return Span(start=start, end=span.end) if start < span.end else span


def agreed(content: Spans, frame: Frame) -> Spans:
    """Return the content that the encoder and the tree give together: the larger where one holds the other.

    Measured on PolNeAR dev: where the encoder's holds the tree's it is better in four cases of five, where the tree's
    holds the encoder's in two of five; where they only cross it is in three of five.
    """
    if frame.kind == "source" and len(content) == 1 and content[0].holds(cover(frame.content)):
        return content
    if not content or len(content) > PIECES or frame.kind in FIRM_FRAMES:
        return frame.content
    torn = len(frame.content) > len(content) and not frame.around
    if frame.content and not torn and cover(frame.content).holds(cover(content)):
        return frame.content
    return content


def without_preposition(doc: Doc, content: Spans, matches: tuple[Match, ...]) -> Spans:
    """Return a content without a preposition of its cue before it: concern "about talks", a call "for X to go"."""
    ties = {frame.rstrip("+") for match in matches for frame in match.entry.frames}
    first = doc.char_span(content[0].start, content[0].end) if content else None
    if first is None or len(first) < 2 or low(first[0]) not in ties or first[0].dep_ not in ("case", "mark"):
        return content
    return (Span(start=first[1].idx, end=content[0].end), *content[1:])


def tidied(doc: Doc, spans: Spans) -> Spans:
    """Return spans cut to whole tokens, without conjunctions and punctuation at their edges."""
    found: list[Span] = []
    for span in spans:
        stretch = doc.char_span(span.start, span.end, alignment_mode="contract")
        if stretch is not None and len(stretch):
            pieces = syntax.trimmed(doc, stretch.start, stretch.end - 1)
            found.extend(syntax.without_case(doc, piece) for piece in pieces)
    return tuple(found)
