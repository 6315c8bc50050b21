"""Interviews, briefings and debates printed as turns: "Ana Roe: We shall see.", "MR. DOE: …", "Q: … A: …".

A turn is a statement of the one whose label stands before it, its words verbatim. Questions of an outlet, or under "Q",
are none. A paragraph such as 'Quote from Roe: "We shall see."' is a turn by itself.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.language.document import Doc, Token
from kg.model import Cast, Mention, Span
from kg.statements.lexicon import Entry, Match
from kg.statements.quotes import Quotation
from kg.statements.readings import Reading

LEAST = 3  # labelled paragraphs that make a transcript; fewer are a list or a heading
LABEL = re.compile(r"(?P<label>[^\W\d_a-z][\w.’'-]*(?:[ ][\w.’'(),-]+){0,5}?)\s?:\s+(?=\S)")
QUOTE_FROM = re.compile(r"(?:Quote|Quotation)s?\s(?:from|of|by)\s(?P<label>[^:\n]{2,80}?)\s?:\s+(?=[\"“«])")
MARKS = "\"“”«»"
ASKING = frozenset({"q", "question", "questioner", "reporter", "journalist", "interviewer", "host", "moderator"})
ANSWERING = frozenset({"a", "answer", "interviewee"})
ASKER = re.compile(r"\b(?:correspondent|reporter|editor|presenter|interviewer|host|anchor|journalist|by)\W+$", re.I)
INTERVIEWED = re.compile(r"\b(?:(?:spoke|speaks|talked|talks|sat\sdown)\s(?:to|with)|interview(?:s|ed)?(?:\swith)?)\s"
                         r"(?:[\w.’'-]+\s){0,6}$", re.I)
NEAR = 64  # characters before a name within which the words for what its bearer does there stand
TURN = Entry(words=(":",), pos="PROPN", frames=("turn",), stance="asserts", polarity="positive", certainty="",
             weight=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One labelled paragraph: the label without its colon, and the words after it."""

    label: Span
    words: Span


def read_turns(doc: Doc, *, text: str, blocks: Sequence[Span], cast: Cast) -> Iterator[Reading]:
    """Yield a reading for each turn of somebody who is known by name; none where the text is no transcript.

    Args:
        doc: The analysed article.
        text: Its text.
        blocks: Its paragraphs.
        cast: Its actors.
    """
    for block in blocks:
        quote = turn_in(text, block, form=QUOTE_FROM)
        named = [mention for mention in cast.mentions_in(quote.label)
                 if mention.actor in cast.actors and cast.actors[mention.actor].kind == "Person"] if quote else []
        if quote and named:
            yield from _reading(doc, quote, named[-1])
    turns = _turns(text, blocks)
    speakers = _speakers(turns, text=text, cast=cast) if turns else {}
    for turn in turns:
        mention = speakers.get(_key(turn, text))
        if mention is not None:
            yield from _reading(doc, turn, mention)


def read_questions(*, text: str, blocks: Sequence[Span], cast: Cast) -> Iterator[tuple[Span, str]]:
    """Yield the questions of a transcript with who asks: the outlet of the labels, else the reporter told of before."""
    turns = _turns(text, blocks)
    bodies = {name.casefold(): key for key, actor in cast.actors.items() if actor.kind == "Organization"
              for name in (*actor.aliases, actor.label)}
    named = {key: bodies[key] for turn in turns if (key := _key(turn, text)) in bodies}
    reporters = [mention.actor for mention in cast.mentions if mention.form in ("name", "role")
                 and turns and mention.span.start < turns[-1].label.start
                 and ASKER.search(_words_before(mention, text))]
    usual = next(iter((*named.values(), *reporters)), "")
    for turn in turns:
        asker = named.get(_key(turn, text), usual if _key(turn, text) in ASKING else "")
        if asker in cast.actors:
            yield turn.words, asker


def _turns(text: str, blocks: Sequence[Span]) -> list[Turn]:
    """Return the labelled paragraphs of a transcript; none where the text is no transcript."""
    turns = [turn for block in blocks if (turn := turn_in(text, block)) is not None]
    counts = Counter(_key(turn, text) for turn in turns)
    return [] if len(turns) < LEAST or counts.most_common(1)[0][1] < 2 else turns


def _reading(doc: Doc, turn: Turn, mention: Mention) -> Iterator[Reading]:
    """Yield the reading of a turn whose speaker a mention names."""
    label = doc.char_span(turn.label.start, turn.label.end, alignment_mode="expand")
    token = _token_of(doc, mention)
    if label is not None and token is not None:
        words = turn.words.of(doc.text)
        marked = len(words) > len(MARKS) and words[0] in MARKS and words[-1] in MARKS
        inner = Span(start=turn.words.start + marked, end=turn.words.end - marked)
        verbatim = Quotation(outer=turn.words, inner=inner)
        yield Reading(match=Match(entry=TURN, tokens=tuple(label)), source=(), content=(inner,),
                      subject=token, ruled=True, quoted=(verbatim,))


def turn_in(text: str, block: Span, *, form: re.Pattern[str] = LABEL) -> Turn | None:
    """Return the label and the words of a paragraph that starts with "Name: "; None for any other.

    >>> text = "MR. DOE: No comment."
    >>> turn = turn_in(text, Span(start=0, end=len(text)))
    >>> turn.label.of(text), turn.words.of(text)
    ('MR. DOE', 'No comment.')
    """
    found = form.match(text, block.start, block.end)
    if found is None:
        return None
    return Turn(label=Span(start=found.start("label"), end=found.end("label")),
                words=Span(start=found.end(), end=block.end))


def _key(turn: Turn, text: str) -> str:
    return turn.label.of(text).casefold()


def _speakers(turns: Sequence[Turn], *, text: str, cast: Cast) -> Mapping[str, Mention]:
    """Return a mention of the person behind each label; labels of outlets and of those who ask have none."""
    persons = [mention for mention in cast.mentions if mention.form in ("name", "role")
               and mention.actor in cast.actors and cast.actors[mention.actor].kind == "Person"]
    found = {}
    for turn in turns:
        named = next((mention for mention in persons if _is_named(turn, mention, text, cast)), None)
        if named is not None and _key(turn, text) not in ASKING:
            found[_key(turn, text)] = named
    first = next((turn for turn in turns if _key(turn, text) in ASKING | ANSWERING), turns[0])
    before = [mention for mention in persons if mention.span.start < first.label.start
              and not ASKER.search(_words_before(mention, text))]
    asked = [mention for mention in before if INTERVIEWED.search(_words_before(mention, text))]
    answering = list(dict.fromkeys(found.values())) or (asked or before)[:1]
    for turn in turns:
        if _key(turn, text) in ANSWERING and answering:
            found[_key(turn, text)] = answering[0]
    return found


def _words_before(mention: Mention, text: str) -> str:
    return text[max(0, mention.span.start - NEAR) : mention.span.start]


def _is_named(turn: Turn, mention: Mention, text: str, cast: Cast) -> bool:
    """Return whether a label is a person: by the mention that it is, else by the surname ("MR. CREIGHTON")."""
    if turn.label.holds(mention.span):
        return True
    last = re.findall(r"[\w’'-]+", turn.label.of(text).casefold())[-1]
    return len(last) > 1 and cast.actors[mention.actor].label.casefold().split()[-1] == last


def _token_of(doc: Doc, mention: Mention) -> Token | None:
    """Return the last word of a mention."""
    stretch = doc.char_span(mention.span.start, mention.span.end, alignment_mode="expand")
    return None if stretch is None else stretch[-1]
