"""Noun phrases: their left edge, their modifiers, and the places in a clause that make a noun an actor."""

from collections.abc import Iterator

from kg.actors.scene import Scene
from kg.language.document import Token
from kg.model import Mention, Span

SUBJECT = ("nsubj", "nsubj:pass")
PREMODIFIER = frozenset({"det", "det:predet", "amod", "compound", "nmod:poss", "nummod", "nmod", "nmod:desc", "flat",
                         "advmod", "punct", "case", "appos", "nmod:unmarked", "obl:unmarked", "conj", "cc", "dep",
                         "compound:prt", "obl", "goeswith"})
EDGE = frozenset({"ADP", "CCONJ", "SCONJ", "PUNCT", "PART", "VERB", "AUX", "SPACE", "ADV", "PRON"})


def left_edge(head: Token) -> Token:
    """Return the first token of the phrase up to its head: determiners, adjectives, compounds and possessors.

    "by the Chinese government" starts at "the"; a relative clause or a comma before the head ends the way left.
    """
    first = head
    while first.i > head.sent.start:
        token = first.doc[first.i - 1]
        inside = (_below(token, head) and _before_head(token, head)) or (first.i == head.i and is_split(token, head))
        if not inside or token.text in (",", ";", ":", "(", ")"):
            break
        if is_split(token, head):
            return left_edge(token)
        first = token
    while first.i < head.i and first.pos_ in EDGE and first.dep_ not in ("amod", "nmod:poss", "compound"):
        first = first.doc[first.i + 1]
    return first


def is_split(token: Token, head: Token) -> bool:
    """Return whether the parse tears one phrase in two: "embassy official said" with two subjects side by side."""
    return (
        token.i + 1 == head.i and token.pos_ in ("NOUN", "PROPN") and head.pos_ == "NOUN"
        and token.dep_ in SUBJECT and token.head.i == head.head.i and head.dep_ in SUBJECT
    )


def _below(token: Token, head: Token) -> bool:
    return any(step.i == head.i for step in token.ancestors)


def _before_head(token: Token, head: Token) -> bool:
    """Return whether a token hangs on the head by premodifiers only, or is the sign of a possessor."""
    step = token
    while step.i != head.i:
        if step.dep_ not in PREMODIFIER or (step.dep_ in ("case", "cc") and step.head.i == head.i):
            return False
        step = step.head
    return True


def phrase(scene: Scene, head: Token, *, reach: Token | None = None) -> Span:
    """Return the span from the left edge of a phrase to its head, or to a token behind it."""
    return scene.cut(left_edge(head), reach if reach is not None and reach.i > head.i else head)


def complements(head: Token, *marks: str) -> Iterator[Token]:
    """Yield the nouns that modify `head` with one of the prepositions ("the government of Japan")."""
    for child in head.children:
        marked = any(mark.dep_ == "case" and mark.text.casefold() in marks for mark in child.children)
        if marked and child.dep_ in ("nmod", "obl") and child.i > head.i:
            yield child


def is_plural(token: Token) -> bool:
    """Return whether a noun is in the plural, by its form."""
    text, lemma = token.text.casefold(), token.lemma_.casefold()
    if token.pos_ not in ("NOUN", "PROPN"):
        return False
    return text != lemma or text in ("people", "police", "troops") or (text.endswith("s") and not text.endswith("ss"))


def determiner(head: Token) -> str:
    """Return the article, number or pronoun that a phrase begins with, in small letters, or ""."""
    first = left_edge(head)
    return first.text.casefold() if first.dep_ in ("det", "nmod:poss", "nummod", "det:predet") else ""


def is_agent(scene: Scene, token: Token) -> bool:
    """Return whether a noun does something in its clause: subject, agent of a passive, or the source of words."""
    if token.dep_ in ("conj", "flat"):
        return is_agent(scene, token.head)
    if token.dep_ in SUBJECT or token.dep_ == "obl:agent":
        return True
    if token.dep_ == "obl" and any(child.text.casefold() == "by" for child in token.children):
        return token.head.dep_ in ("acl", "advcl") or any(child.dep_ == "aux:pass" for child in token.head.children)
    if token.dep_ == "nmod" and any(child.text.casefold() == "by" for child in token.children):
        return True
    return is_source(scene, token)


def is_source(scene: Scene, token: Token) -> bool:
    """Return whether a noun heads, or stands in, a phrase that the encoder marks as the source of words."""
    roots = scene.sources.get(token.i, set())
    return token.i in roots or (token.dep_ == "conj" and token.head.i in roots)


def modifiers(scene: Scene, head: Token) -> list[Mention]:
    """Return the mentions before the head of a phrase, inside the phrase: the nearest to the head first."""
    first = left_edge(head)
    if first.i == head.i:
        return []
    last = scene.doc[head.i - 1]
    inside = scene.mentions_in(scene.cut(first, last))
    return sorted(inside, key=lambda mention: -mention.span.end)
