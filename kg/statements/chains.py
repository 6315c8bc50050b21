"""Words about words: agencies that quote each other, "these reports", and interviews told of afterwards."""

from collections.abc import Iterator, Mapping, Sequence

from spacy.tokens import Doc, Token

from kg.model import Cast, Span, Statement
from kg.resolution import speakers_of
from kg.statements import syntax
from kg.statements.frames import HUMAN, POINTING
from kg.statements.lexicon import Cues
from kg.statements.readings import Reading


def read_chains(doc: Doc, readings: Sequence[Reading], *, cast: Cast, cues: Cues) -> Iterator[tuple[Reading, Reading]]:
    """Yield a reading of who is quoted ("Yonhap, QUOTING KCNA, said …"), each with the outer reading it hangs on."""
    for token in doc:
        matches = [match for match in cues.matches(token) if match.entry.takes("quoting")]
        sources = [child for child in syntax.children(token, "obj", "obl") if child.i > token.i]
        if not matches or not sources or not token.lower_.endswith("ing"):
            continue
        words = syntax.spans_of(doc, syntax.phrase(sources[0]))
        if not words or not (speakers_of(doc, words[0], cast=cast) or sources[0].lemma_.casefold() in HUMAN):
            continue
        outer = next((reading for reading in readings if _hangs_on(token, reading)), None)
        if outer is not None and outer.head.i != token.i:
            yield Reading(match=matches[0], source=(), subject=sources[0], content=outer.content, ruled=True,
                          score=outer.score), outer


def _hangs_on(token: Token, reading: Reading) -> bool:
    governor = token.head
    return governor.i == reading.head.i or (reading.subject is not None and governor.i == reading.subject.i)


def nest(statements: Sequence[Statement], chained: Mapping[int, int]) -> Iterator[tuple[int, ...]]:
    """Yield for each statement the cue starts of those that are directly its content.

    Args:
        statements: All statements of the article.
        chained: Cue start of an outer statement → that of the statement it passes on.
    """
    held = {outer.cue.start: {inner.cue.start for inner in statements if inner is not outer and _holds(outer, inner)}
            for outer in statements}
    for outer in statements:
        inside = held[outer.cue.start]
        deeper = {start for start in inside for below in inside if start in held.get(below, ()) and start != below}
        found = inside - deeper
        if outer.cue.start in chained:
            found = (found - {chained[outer.cue.start]}) | {chained[outer.cue.start]}
        yield tuple(sorted(found))


def _holds(outer: Statement, inner: Statement) -> bool:
    return any(span.holds(inner.cue) for span in outer.wording) and not any(
        span.holds(outer.cue) for span in inner.wording)


def refers_back(doc: Doc, wording: Sequence[Span], *, cues: Cues) -> bool:
    """Return whether a wording ends in "these reports", "such claims": words of somebody else."""
    for span in wording:
        for token in doc.char_span(span.start, span.end, alignment_mode="expand") or ():
            claims = any(match.entry.pos == "NOUN" and not match.entry.takes("judgement") and not match.entry.takes("hedge")
                         for match in cues.matches(token))
            if claims and any(det.lemma_.casefold() in POINTING or det.lower_ in POINTING for det in syntax.children(token, "det", "amod")):
                return True
    return False


def referred(doc: Doc, statement: Statement, statements: Sequence[Statement]) -> tuple[int, ...]:
    """Return the cue starts of what "these reports" means: others' statements of the nearest sentence before.

    Statements of the same speaker do not count, nor those more than two sentences away.
    """
    sentences = [sentence for sentence in doc.sents if sentence.text.strip()]
    here = next((number for number, sentence in enumerate(sentences)
                 if sentence.start_char <= statement.cue.start < sentence.end_char), 0)
    for number in range(here - 1, max(here - 3, -1), -1):
        found = [other.cue.start for other in statements
                 if sentences[number].start_char <= other.cue.start < sentences[number].end_char
                 and not set(other.speakers) & set(statement.speakers)]
        if found:
            return tuple(found)
    return ()


def shadowed(statements: Sequence[Statement]) -> frozenset[int]:
    """Return the cue starts of statements that another one denies or doubts: "X denied that Y said Z" has no Y saying Z."""
    denying = [statement for statement in statements if statement.polarity == "negative"]
    return frozenset(start for statement in denying for start in statement.inner if any(
        inner.cue.start == start and _holds(statement, inner) for inner in statements))
