"""What the tests of statements share: an article of one paragraph, a cast by names, and statements as short lines."""

import hashlib
import re
from collections.abc import Mapping
from datetime import date

from kg.language.document import Doc
from kg.model import Actor, Article, Block, Cast, Mention, Span, Statement, TimeExpression
from kg.statements import Found, find_statements, load_cues

CUES = load_cues()
KINDS = {"P": "Person", "S": "State", "O": "Organization", "G": "ActorGroup"}


def article(text: str, *, published: date = date(2024, 4, 24)) -> Article:
    """Return a text as an article; every line is a paragraph."""
    blocks = tuple(Block(span=Span(start=found.start(), end=found.end()), kind="paragraph")
                   for found in re.finditer(r"\S(?:[^\n]*\S)?", text))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Article(digest=digest, source="test.txt", text=text, blocks=blocks, published=published)


def cast(text: str, actors: Mapping[str, str]) -> Cast:
    """Return a cast from words and what they stand for: `{"Moscow": "S Russia"}`, kind and label."""
    found: dict[str, Actor] = {}
    mentions = []
    for words, actor in actors.items():
        kind, label = actor.split(" ", 1)
        identifier = f"id/{KINDS[kind].casefold()}/{label}"
        found[identifier] = Actor(id=identifier, kind=KINDS[kind], label=label, basis="name")
        mentions += [Mention(span=Span(start=hit.start(), end=hit.end()), actor=identifier, form="name")
                     for hit in re.finditer(rf"\b{re.escape(words)}\b", text)]
    mentions.sort(key=lambda mention: (mention.span.start, -mention.span.end))
    return Cast(actors=found, mentions=tuple(mentions))


def read(doc: Doc, actors: Mapping[str, str], *, times: tuple[TimeExpression, ...] = ()) -> Found:
    """Return the statements of a document whose actors are given by their words."""
    return find_statements(doc, article=article(doc.text), cast=cast(doc.text, actors), times=times, cues=CUES)


def labels(found: Found, identifiers: tuple[str, ...]) -> str:
    """Return the labels of actors, made ones by theirs."""
    made = {actor.id: actor.label for actor in found.actors}
    return ", ".join(made.get(identifier, identifier.rsplit("/", 1)[-1]) for identifier in identifiers)


def line(found: Found, statement: Statement, text: str) -> str:
    """Return a statement as `speaker [cue] stance polarity certainty: gist`."""
    return (f"{labels(found, statement.speakers)} [{statement.cue.of(text)}] {statement.stance} {statement.polarity} "
            f"{statement.certainty}: {statement.gist}")


def lines(found: Found, text: str) -> list[str]:
    """Return all statements as lines."""
    return [line(found, statement, text) for statement in found.statements]
