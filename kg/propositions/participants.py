"""Who takes part in a deed: from a noun or pronoun to the actors whose deed it is.

A deed of a state's troops is the state's, a decision of a ministry that speaks of "our forces" is its state's, and "we"
between quotation marks are those for whom the speaker speaks. So a report in one article and the denial in another name
the same doer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.language.document import Doc, Token
from kg.model import Actor, Cast, Statement
from kg.propositions.clauses import tokens_in
from kg.propositions.lexicon import Acts, lemma_of
from kg.resolution import actors_of

RELAYS = ("poss", "adj", "noun", "of")
SINGULAR = frozenset({"i", "me", "my", "myself", "mine"})
PLURAL = frozenset({"we", "us", "our", "ours", "ourselves"})
SPOKEN = ("direct", "mixed")  # modes in which words stand as they were said


@dataclass(slots=True, kw_only=True)
class Participants:
    """Who the words of one article stand for; `voices` are the actors of its first-person pronouns, by token."""

    doc: Doc
    cast: Cast
    acts: Acts
    voices: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    _known: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def who(self, token: Token) -> tuple[str, ...]:
        """Return the actors that a noun stands for; troops, agendas and offers stand for whose they are.

        A nationality tells more than a pronoun: "his Indian counterpart" is India.
        """
        if token.i not in self._known:
            self._known[token.i] = self.voices.get(token.i) or self._who(token, below=frozenset())
        return self._known[token.i]

    def _who(self, token: Token, *, below: frozenset[int]) -> tuple[str, ...]:
        """Return the actors of a noun; `below` are those that led to it, to which a crooked tree could lead back."""
        named = actors_of(token, cast=self.cast)
        classes = self.acts.classes_of((lemma_of(token),))
        if named and "troops" in classes:
            return tuple(dict.fromkeys(self._commander(actor) for actor in named))
        if named or "relay" not in classes:
            return named
        theirs = any(child.dep_ == "nmod:poss" and child.pos_ == "PRON" for child in token.children)
        for place in (*RELAYS[1:], RELAYS[0]) if theirs else RELAYS:
            owners = (owner for owner in tokens_in(token, place) if owner.i not in below and owner != token)
            if found := tuple(dict.fromkeys(
                    actor for owner in owners
                    for actor in self.voices.get(owner.i) or self._who(owner, below=below | {token.i}))):
                return found
        return ()

    def _commander(self, actor: str) -> str:
        """Return the state whose troops an actor is, if it is known to be one state's; else the actor itself."""
        return state_of(actor, cast=self.cast) or actor


def state_of(actor: str, *, cast: Cast) -> str:
    """Return the state that a body or group is part of, directly or through the body above it; "" if there is none."""
    found = cast.actors.get(actor)
    if found is None or found.kind == "Person":
        return ""
    above = [cast.actors[name] for name in found.affiliations if name in cast.actors]
    states = [one.id for one in above if one.kind == "State"] or [
        name for one in above for name in one.affiliations if one.kind != "Person" and _is_state(cast.actors.get(name))]
    return states[0] if len(set(states)) == 1 else ""


def doers_of(statement: Statement, *, cast: Cast) -> tuple[str, ...]:
    """Return who is meant where the speakers of a statement speak of what "we" did, or deny what they did.

    A body of a state means the state, a spokesman those for whom he speaks, a company itself; none where an official
    may mean either himself or his state.
    """
    found: list[str] = []
    for speaker in statement.speakers:
        actor = cast.actors.get(speaker)
        if actor is None:
            return ()
        if actor.kind in ("State", "Organization"):
            found.append(state_of(speaker, cast=cast) or speaker)
        elif behind := _behind(statement, cast=cast):
            found.append(behind)
        elif actor.kind != "Person":
            found.append(speaker)
        else:
            return ()
    return tuple(dict.fromkeys(found))


def meant_by_deniers(statement: Statement, *, cast: Cast) -> tuple[str, ...]:
    """Return whose deed it would be that the speakers of a statement deny.

    A person denies what he did himself, unless it is his work to speak for others.
    """
    persons = [one for one in statement.speakers if one in cast.actors and cast.actors[one].kind == "Person"]
    if len(persons) == len(statement.speakers) == 1 and not _is_spokesman(persons[0], cast=cast):
        return statement.speakers
    return doers_of(statement, cast=cast)


def voices_of(statements: Iterable[Statement], *, doc: Doc, cast: Cast) -> dict[int, tuple[str, ...]]:
    """Return the actors of the first-person pronouns in verbatim words, by token; an inner quotation's win."""
    found: dict[int, tuple[str, ...]] = {}
    quoted = [(span.end - span.start, span, one) for one in statements if one.mode in SPOKEN for span in one.quotes]
    for _, span, statement in sorted(quoted, key=lambda entry: (-entry[0], entry[1])):
        stretch = doc.char_span(span.start, span.end, alignment_mode="expand")
        for token in stretch or ():
            if token.pos_ != "PRON":
                continue
            if token.lower_ in SINGULAR:
                alone = [one for one in statement.speakers if one in cast.actors and cast.actors[one].kind == "Person"]
                found[token.i] = tuple(alone) if len(statement.speakers) == 1 else ()
            elif token.lower_ in PLURAL:
                found[token.i] = doers_of(statement, cast=cast)
    return {index: actors for index, actors in found.items() if actors}


def _behind(statement: Statement, *, cast: Cast) -> str:
    """Return for whom a person or group speaks: the state, else the one body; "" if nobody tells."""
    actors = [cast.actors[name] for name in statement.on_behalf_of if name in cast.actors]
    states = [actor.id for actor in actors if actor.kind == "State"] or [
        state for actor in actors if (state := state_of(actor.id, cast=cast))]
    bodies = [actor.id for actor in actors if actor.kind == "Organization"]
    for names in (states, bodies):
        if len(set(names)) == 1:
            return names[0]
    return ""


def _is_spokesman(person: str, *, cast: Cast) -> bool:
    return any(tenure.person == person and "spokes" in tenure.office.label for tenure in cast.tenures)


def _is_state(actor: Actor | None) -> bool:
    return actor is not None and actor.kind == "State"
