"""When something was said: the time that the cue's own clause names."""

import re
from collections.abc import Iterator

from kg.language.document import Doc, Token
from kg.model import Article, Interval, Span, Spans, TimeExpression
from kg.statements.frames import clause_head
from kg.statements.readings import Reading
from kg.statements.syntax import has_own_subject

REACH = 60  # characters after a cue within which a time can stand beside it: one word and a preposition
TORN = re.compile(r"(?:\A|\n|[.!?][\"”’]?\s)(?P<words>(?:In|On|Last|Early|Late|Yesterday|Earlier)\b[\w ]{0,40})\Z")
SHARING = ("conj", "advcl", "xcomp", "parataxis", "obj", "acl")


def find_when(
    doc: Doc, reading: Reading, *, wording: Spans, article: Article, times: tuple[TimeExpression, ...]
) -> Interval:
    """Return the time that the clause of a cue names; where it names none, no later than the article.

    Args:
        doc: The analysed article.
        reading: The cue.
        wording: What is said; times in it do not count.
        article: The article.
        times: Its time expressions.
    """
    governors = {token.i for token in _governors(reading.head)}
    near = _near(reading, times, text=article.text)
    for time in sorted(near, key=lambda time: abs(time.span.start - reading.cue.start)):
        stretch = doc.char_span(time.span.start, time.span.end, alignment_mode="expand")
        if stretch is None or any(piece.overlaps(time.span) for piece in wording):
            continue
        if stretch.root.dep_ == "nmod:poss":
            continue  # "Tuesday's election"
        within = {clause_head(stretch.root).i, stretch.root.i} & governors
        torn = time.span.end <= reading.head.sent.start_char  # "On Sunday | Russia declared": the parse began anew
        if within or torn or _is_beside(article.text, time.span, reading.cue):
            latest = min(time.latest, article.published) if time.earliest <= article.published else time.latest
            return Interval(earliest=time.earliest, latest=latest, words=time.span.of(article.text))
    return Interval(latest=article.published)


def _near(reading: Reading, times: tuple[TimeExpression, ...], *, text: str) -> Iterator[TimeExpression]:
    """Yield the times in the sentence of a cue, or shortly after it."""
    sentence = reading.head.sent
    start, end = _start(text, sentence.start_char), max(sentence.end_char, reading.cue.end + REACH)
    yield from (time for time in times if start <= time.span.start < end)


def _start(text: str, start: int) -> int:
    """Return where a sentence begins, with a few words before it that no mark parts from it: "On Sunday | Russia …"."""
    torn = TORN.search(text, max(0, start - REACH), start)
    return torn.start("words") if torn is not None else start


def _is_beside(text: str, time: Span, cue: Span) -> bool:
    """Return whether only a preposition parts a cue from a time after it: "said on Monday"."""
    if time.start < cue.end:
        return False
    between = text[cue.end : time.start]
    return len(between.split()) <= 1 and not set(between) & set(".,;:\"“”\n")


def _governors(token: Token) -> Iterator[Token]:
    """Yield a cue and the predicates above it that share its time: coordinated, or its main clause."""
    yield token
    while token.dep_ in SHARING and token.head.i != token.i:
        if token.dep_ in ("conj", "parataxis") and has_own_subject(token):
            return
        token = token.head
        yield token
