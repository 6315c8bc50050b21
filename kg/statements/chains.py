"""Words about words: agencies that quote each other, "these reports", and interviews told of afterwards."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.language.document import Doc, Token
from kg.model import Cast, Span, Spans, Statement
from kg.resolution import actors_of
from kg.statements import coordination, syntax
from kg.statements.lexicon import Cues
from kg.statements.readings import Reading
from kg.statements.words import CITED, POINTERS, POINTING, THIRD_PERSON, is_mark, low

OPENING = 3  # words from the pronoun to the second cue: "said it once more rejected"
BARE = 2  # words of "a claim"
ANSWERING = frozenset({"denies", "confirms", "doubts"})
GENERAL = frozenset({"asserts", "alleges"})  # stances of words that can mean anything said: "claims", "allegations"


def read_chains(doc: Doc, readings: Sequence[Reading], *, cast: Cast, cues: Cues) -> Iterator[tuple[Reading, Reading]]:
    """Yield a reading of who is quoted ("Yonhap, QUOTING KCNA, said …"), each with the outer reading it hangs on.

    Both say the same words; the quoting itself is cut out of them.
    """
    participles = (token for token in doc if token.pos_ == "VERB" and low(token).endswith("ing"))
    for token in participles:
        match = next((match for match in cues.matches(token) if match.entry.takes("quoting")), None)
        source = _quoted(token, cast) if match is not None else None
        if match is None or source is None:
            continue
        outer = next((reading for reading in readings if {"clause", "source"} & set(reading.entry.frames)
                      and _hangs_on(token, reading)), None)
        if outer is None or outer.head.i == token.i:
            continue
        aside = {word.i for word in token.subtree}
        words = [word for span in outer.content
                 for word in doc.char_span(span.start, span.end, alignment_mode="expand") or () if word.i not in aside]
        content = syntax.spans_of(doc, words) or outer.content
        inner = Reading(match=match, source=(), subject=source, content=content, ruled=True, score=outer.score)
        yield inner, replace(outer, content=content)


def _quoted(token: Token, cast: Cast) -> Token | None:
    """Return who is quoted: a name first, else a noun for somebody who speaks."""
    nouns = [child for child in syntax.children(token, "obj", "obl") if child.i > token.i]
    nouns.sort(key=lambda noun: noun.pos_ != "PROPN")
    known = (noun for noun in nouns if actors_of(noun, cast=cast) or noun.lemma_.casefold() in CITED)
    return next(known, None)


def _hangs_on(token: Token, reading: Reading) -> bool:
    """Return whether a participle belongs to a cue or follows its speaker: "according to X, QUOTING Y, …"."""
    if token.head.i == reading.head.i:
        return True
    subject = reading.subject
    if subject is None or subject.i > token.i:
        return False
    between = token.doc[subject.i + 1 : token.i]
    return token.head.i == subject.i or (len(between) <= 1 and all(is_mark(word) for word in between))


def nest(statements: Sequence[Statement], passed_on: Mapping[int, int]) -> list[tuple[int, ...]]:
    """Return for each statement the cue starts of those that are directly its content.

    Args:
        statements: All statements of the article.
        passed_on: Cue start of a statement → that of another one whose words it takes up or passes on.
    """
    by_cue = _ByCue(statements)
    held = {outer.cue.start: {inner.cue.start for span in outer.wording for inner in by_cue.inside(span)
                              if inner is not outer and _holds(outer, inner)}
            for outer in statements}
    for outer, inner in passed_on.items():
        if outer in held and inner in held:
            held[outer].add(inner)
            held[inner].discard(outer)
    found = []
    for statement in statements:
        inside = held[statement.cue.start]
        deeper = {start for start in inside for below in inside if start in held[below] and start != below}
        found.append(tuple(sorted(inside - deeper)))
    return found


class _ByCue:
    """The statements of an article, found by where their cue stands."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self._sorted = sorted(statements, key=lambda statement: statement.cue.start)
        self._starts = [statement.cue.start for statement in self._sorted]

    def inside(self, span: Span) -> Iterator[Statement]:
        """Yield the statements whose cue a span holds."""
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        return (statement for statement in self._sorted[first:last] if span.holds(statement.cue))


def _holds(outer: Statement, inner: Statement) -> bool:
    return any(span.holds(inner.cue) for span in outer.wording) and not any(
        span.holds(outer.cue) for span in inner.wording)


def stances_meant(doc: Doc, wording: Sequence[Span], *, cues: Cues) -> frozenset[str]:
    """Return the stances of the words that a wording points back to ("these reports"); none if it does not.

    The word for them tells the stance: reports were reported, warnings warned.
    """
    found: set[str] = set()
    for span in wording:
        for token in doc.char_span(span.start, span.end, alignment_mode="expand") or ():
            rows = [match.entry for match in cues.matches(token)
                    if match.entry.pos == "NOUN" and match.entry.takes("clause")]
            if rows and any(_points(det) for det in syntax.children(token, "det", "amod")):
                found.update(row.stance for row in rows)
    return frozenset(found)


def names_claim(doc: Doc, statement: Statement, *, cues: Cues) -> bool:
    """Return whether all that is answered is "a claim", told of right before: "…, a claim that India denied"."""
    first = statement.wording[0]
    stretch = doc.char_span(first.start, first.end, alignment_mode="expand")
    alone = stretch is not None and len(statement.wording) == 1 and len(stretch) == BARE
    return stretch is not None and alone and statement.stance in ANSWERING and coordination.names_claim(
        stretch[1], cues)


def told_before(statement: Statement, statements: Sequence[Statement], *, sentences: Spans) -> tuple[int, ...]:
    """Return the cue start of what somebody else said last, earlier in the sentence of a statement."""
    home = next((sentence for sentence in sentences if sentence.holds(statement.cue)), None)
    found = [other.cue.start for other in statements if home is not None and home.holds(other.cue)
             and other.cue.start < statement.cue.start and not set(other.speakers) & set(statement.speakers)]
    return tuple(found[-1:])


def is_pointer(statement: Statement) -> bool:
    """Return whether all that is said is "it", "that", "so": words of a statement before."""
    return statement.gist.casefold() in POINTERS


def _points(det: Token) -> bool:
    return low(det) in POINTING or det.lemma_.casefold() in POINTING


def without_circles(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements, none of which is its own content through others; what would close a circle is left out."""
    inside: dict[int, list[int]] = {statement.cue.start: [] for statement in statements}
    for statement in statements:
        for start in statement.inner:
            if statement.cue.start not in _all_below(start, inside):
                inside[statement.cue.start].append(start)
    return [replace(statement, inner=tuple(inside[statement.cue.start])) for statement in statements]


def _all_below(start: int, inside: Mapping[int, Sequence[int]]) -> set[int]:
    """Return a statement's cue start and those of all that is its content, at any depth."""
    found, waiting = {start}, [start]
    while waiting:
        below = [inner for inner in inside.get(waiting.pop(), ()) if inner not in found]
        found.update(below)
        waiting.extend(below)
    return found


def without_own_pointers(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements without "so" in somebody's own words: "she said she did not think so" is one statement."""
    return [statement for statement in statements if not is_pointer(statement) or not any(
        _holds(other, statement) and set(other.speakers) & set(statement.speakers) for other in statements)]


def merge_own_attitudes(
    statements: Sequence[Statement], *, text: str, known: Collection[str]
) -> list[Statement]:
    """Return the statements; "she said she feared X" is one, with the attitude of the second cue.

    Args:
        statements: All statements of the article.
        text: Its text.
        known: Ids of actors that the cast has; a pronoun after words of anybody else is taken for that one.
    """
    merged: dict[int, Statement] = {}
    by_cue = _ByCue(statements)
    for outer in statements:
        for inner in by_cue.inside(outer.wording[0]):
            same = set(inner.speakers) & set(outer.speakers) or not set(outer.speakers) & set(known)
            if inner is not outer and same and _opens(outer, inner, text):
                merged[inner.cue.start] = outer
    kept = [statement for statement in statements if statement.cue.start not in merged]
    for inner in statements:
        told = merged.get(inner.cue.start)
        if told is not None and told in kept and told.stance == "asserts":
            kept[kept.index(told)] = replace(
                told, stance=inner.stance, polarity=inner.polarity, certainty=inner.certainty)
    return kept


def _opens(outer: Statement, inner: Statement, text: str) -> bool:
    """Return whether an indirect content begins with a pronoun and the inner cue: said SHE FEARED …"""
    first = outer.wording[0]
    before = text[first.start : inner.cue.start].casefold().split() if first.holds(inner.cue) else []
    return outer.mode != "direct" and 0 < len(before) <= OPENING and before[0] in THIRD_PERSON


def referred(
    statement: Statement, statements: Sequence[Statement], *, meant: frozenset[str], sentences: Spans
) -> tuple[int, ...]:
    """Return the cue starts of what "these reports" means: others' statements of the nearest sentence before.

    Statements of the same speaker do not count, save for "so" ("is ready and has said so"), nor those more than two
    sentences away. Of several, those of a stance that is `meant` are preferred, unless the word for them is a general
    one ("claims").
    """
    own = statement.gist.casefold() == "so"
    before = [sentence for sentence in sentences if sentence.end <= statement.cue.start]
    for sentence in reversed(before[-2:]):
        found = [other for other in statements if sentence.holds(other.cue) and not _holds(other, statement)
                 and bool(set(other.speakers) & set(statement.speakers)) == own]
        alike = [other for other in found if other.stance in meant - GENERAL]
        if found:
            return tuple(other.cue.start for other in alike or found)
    return ()


def without_denied(statements: Sequence[Statement]) -> list[Statement]:
    """Return the statements; what another one denies or doubts that somebody said is left open.

    "X denied that Y said Z": nobody may read from it that Y says Z, or that Y denies it.
    """
    denied = {inner.cue.start for outer in statements if outer.polarity == "negative" for inner in statements
              if inner.cue.start in outer.inner and _holds(outer, inner)}
    return [replace(statement, stance="asserts" if statement.stance == "denies" else statement.stance,
                    polarity="unclear", certainty="unclear") if statement.cue.start in denied else statement
            for statement in statements]
