"""Where the words of one cue end and those of the next begin: coordinated cues and relative clauses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.language.document import Doc, Token
from kg.model import Cast, Spans
from kg.resolution import actors_of
from kg.statements import syntax
from kg.statements.lexicon import Cues
from kg.statements.readings import Reading
from kg.statements.words import BODIES, RELATIVE, SPEAKERS, low

SHOWING = frozenset({"underscore", "underline", "highlight", "demonstrate", "signal", "suggest", "illustrate",
                     "reflect", "imply", "emphasize", "emphasise", "contradict", "belie", "cite", "raise"})
BORROWING = frozenset({"acl", "acl:relcl", "advcl", "xcomp"})  # verbs that take the subject of another
TAKING_UP = frozenset({"denies", "confirms", "doubts", "criticises", "praises", "justifies"})


def disentangle(doc: Doc, readings: Sequence[Reading], *, cast: Cast) -> tuple[Reading, ...]:
    """Return the readings, none of which holds the words of a coordinated one.

    A second cue that the parse hung into the words of the first goes back to its speaker: "Stoltenberg stated that the
    agreement showed … and STRESSED …", since an agreement cannot stress.
    """
    heads = {reading.head.i: reading for reading in readings}
    moved: dict[int, Token] = {}
    cut: dict[int, int] = {}
    reach: dict[int, int] = {}
    for reading in readings:
        outer = _outer_cue(reading.head, heads)
        if outer is not None and outer.subject is not None and (
                _is_thing(reading.subject, cast) or syntax.rejoins(reading.head) or _shares_source(reading, outer)):
            moved[reading.head.i] = outer.subject
            cut[outer.head.i] = min(reading.cue.start, cut.get(outer.head.i, reading.cue.start))
        if outer is None and (told := _according(reading, readings)) is not None and told.subject is not None:
            moved[reading.head.i] = told.subject
        first = heads.get(reading.head.head.i) if reading.head.dep_ == "conj" else None
        if first is not None and first.head.i < reading.head.i:
            start = min(_start_of(reading.head), reading.cue.start)
            cut[first.head.i] = min(start, cut.get(first.head.i, start))
            reach[reading.head.i] = max(
                (span.end for span in first.content if span.holds(reading.reach)), default=reading.reach.end)
    return tuple(_with_told(_cut(doc, reading, moved, cut, reach), readings) for reading in readings)


def _with_told(reading: Reading, readings: Sequence[Reading]) -> Reading:
    """Return what "according to" takes up with the quotation in it: “…,” X said, ACCORDING TO the agency."""
    if not reading.entry.takes("source"):
        return reading
    told = [span for other in readings if other.quoted and any(content.holds(other.cue) for content in reading.content)
            for span in other.content if not any(content.overlaps(span) for content in reading.content)]
    return replace(reading, content=tuple(sorted((*told, *reading.content)))) if told else reading


def taken_up(doc: Doc, readings: Sequence[Reading], *, cues: Cues) -> Iterator[tuple[Reading, Reading]]:
    """Yield the cues of relative clauses that take up what another cue said, with the reading of that other one.

    "Kyiv accused Moscow of shelling the port, which Russia denied": Russia denies what Kyiv said, not the port. So it
    does in "…, a charge that Russia denied".
    """
    for reading in readings:
        head = reading.head
        pronouns = [child for child in syntax.children(head, "obj", "nsubj:pass") if low(child) == "which"]
        starts = pronouns or ([doc[head.head.i - 1]] if names_claim(head.head, cues) else [])
        if low(head.head) == "something" and head.head.i and doc[head.head.i - 1].text == ",":
            starts = [head.head]  # "…, SOMETHING Athens denies"
        if head.dep_ != "acl:relcl" or not starts or reading.entry.stance not in TAKING_UP:
            continue
        for outer in readings:
            if outer.head.i < head.i and any(span.start <= head.head.idx < span.end for span in outer.content):
                content = _before(doc, outer.content, starts[0].idx)
                yield replace(reading, content=content), replace(outer, content=content)
                break


def names_claim(noun: Token, cues: Cues) -> bool:
    """Return whether a noun is "a claim", "an allegation": what was said, with nothing more about it."""
    articles = [child for child in syntax.children(noun, "det") if low(child) in ("a", "an")]
    return bool(articles) and articles[0].i == noun.i - 1 and any(
        match.entry.pos == "NOUN" and match.entry.takes("clause") for match in cues.matches(noun))


def _cut(
    doc: Doc, reading: Reading, moved: Mapping[int, Token], cut: Mapping[int, int], reach: Mapping[int, int]
) -> Reading:
    """Return a reading whose content ends where a coordinated cue begins, or reaches as far as the first's did."""
    content, limit = reading.content, cut.get(reading.head.i)
    if content and reach.get(reading.head.i, 0) > content[-1].end:
        content = (*content[:-1], replace(content[-1], end=reach[reading.head.i]))
    if limit is not None:
        content = _before(doc, content, limit)
    return replace(reading, subject=moved.get(reading.head.i, reading.subject), content=content)


def _start_of(verb: Token) -> int:
    """Return where the clause of a coordinated verb begins: at its conjunction, subject or first auxiliary."""
    own = syntax.children(verb, "cc", "nsubj", "nsubj:pass", "aux", "aux:pass", "advmod")
    return min(token.idx for token in (verb, *own) if token.i > verb.head.i)


def _is_thing(token: Token | None, cast: Cast) -> bool:
    """Return whether a noun is no actor, nor a paper that can speak."""
    if token is None or token.pos_ != "NOUN" or token.lemma_.casefold() in SPEAKERS | BODIES:
        return False
    return not actors_of(token, cast=cast)


def is_shown_by_thing(reading: Reading, *, cast: Cast) -> bool:
    """Return whether nobody says it: things UNDERSCORE that, "a stance CONDEMNING it", "a point in WARNING"."""
    own = {low(subject) for subject in syntax.children(reading.head, "nsubj", "nsubj:outer")}
    text = reading.head.doc.text
    marked = any(reading.subject is None or not span.start <= reading.subject.idx < span.end
                 for span in reading.source if span.of(text).casefold() not in RELATIVE)
    borrowed = reading.head.dep_ in BORROWING and own <= RELATIVE - {"who"}
    borrowed = borrowed and not marked and not syntax.is_passive(reading.head)
    shows = borrowed or reading.head.lemma_.casefold() in SHOWING
    return shows and not reading.quoted and _is_thing(reading.subject, cast)


def _shares_source(reading: Reading, outer: Reading) -> bool:
    """Return whether the encoder gives a cue that nothing else speaks the very words that it gives the outer one."""
    return reading.subject is None and bool(reading.source) and reading.source == outer.source


def _outer_cue(token: Token, heads: Mapping[int, Reading]) -> Reading | None:
    """Return the cue whose content a coordinated cue without subject hangs in."""
    if token.dep_ != "conj" or syntax.has_own_subject(token) or token.head.dep_ != "ccomp":
        return None
    return heads.get(token.head.head.i)


def _according(reading: Reading, readings: Sequence[Reading]) -> Reading | None:
    """Return the "according to" that a participle goes on with: "according to the army, jets struck, ADDING that"."""
    head = reading.head
    if head.dep_ != "advcl" or not low(head).endswith("ing") or syntax.has_own_subject(head):
        return None
    if reading.entry.stance not in ("asserts", "warns", "confirms", "denies"):
        return None
    return next((other for other in readings if other.entry.takes("source") and other.head.i < head.i and any(
        span.start <= head.head.idx < span.end for span in other.content) and not any(
        third.head.i == head.head.i for third in readings)), None)


def _before(doc: Doc, content: Spans, limit: int) -> Spans:
    """Return what of a content stands before an offset; all of it where nothing does."""
    if all(span.start >= limit for span in content) or all(span.end <= limit for span in content):
        return content
    tokens = [token for span in content for token in doc.char_span(span.start, span.end, alignment_mode="expand") or ()]
    return syntax.spans_of(doc, [token for token in tokens if token.idx < limit])
