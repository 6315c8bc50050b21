"""What a stretch of text puts forward: its events, and the grounds that it gives for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kg.language.document import Doc, Token
from kg.model import Proposition, Span
from kg.propositions.clauses import case_of, marks_of, referent, tokens_in
from kg.propositions.deeds import Event
from kg.propositions.events import DEMONSTRATIVES, Scene, is_prose
from kg.propositions.lexicon import Cause, lemma_of
from kg.propositions.phrases import is_modal, is_negated

POINTERS = DEMONSTRATIVES | {"it", "which"}
CLAUSES = frozenset({"conj", "advcl", "ccomp", "xcomp", "parataxis", "obl", "csubj", "nsubj", "nsubj:outer", "list"})
SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass"})
OUT_OF_THE_QUESTION = frozenset({"fail", "refuse", "decline", "stop", "cease", "avoid", "false", "untrue", "baseless",
                                 "unfounded", "groundless", "incorrect", "wrong", "fake", "nonsense", "lie"})


@dataclass(slots=True, kw_only=True)
class Reading:
    """What was read: `contents` are put forward, `premises` are given as their grounds.

    `conclusions` are contents that the rest only serves to show ("as evidence of …").
    """

    contents: list[Event] = field(default_factory=list)
    premises: list[Event] = field(default_factory=list)
    conclusions: list[Event] = field(default_factory=list)

    @property
    def everything(self) -> list[Event]:
        """All that was read, whatever its part."""
        return [*self.conclusions, *self.contents, *self.premises]

    def settled(self) -> "Reading":
        """Return the reading with conclusions as its contents, without doubles and without half-told events."""
        if self.conclusions:
            return Reading(contents=_fullest(self.conclusions), premises=_fullest([*self.contents, *self.premises]))
        return Reading(contents=_fullest(self.contents), premises=_fullest(self.premises))


def read_region(scene: Scene, allowed: frozenset[int]) -> Reading:
    """Return what the tokens of a region say, those that hang on none of the region first to last.

    Args:
        scene: The events of the article.
        allowed: Indices of the tokens to read; what hangs below others is left out.
    """
    reading = Reading()
    for index in sorted(allowed):
        token = scene.doc[index]
        if not is_prose(token):
            continue
        if token.head.i not in allowed or token.head == token:
            _walk(token, scene, allowed, reading)
    return reading.settled()


def tokens_of(scene: Scene, spans: Iterable[Span]) -> frozenset[int]:
    """Return the indices of the tokens that lie in some spans."""
    return frozenset(token.i for span in spans for token in tokens_within(scene, span))


def tokens_within(scene: Scene, span: Span) -> Iterator[Token]:
    """Yield the tokens of a span, also those that it cuts."""
    stretch = scene.doc.char_span(span.start, span.end, alignment_mode="expand")
    if stretch is not None:
        yield from stretch


def propositions_of(events: Iterable[Event]) -> tuple[Proposition, ...]:
    """Return events as propositions, without doubles, in their order."""
    return tuple(dict.fromkeys(event.proposition() for event in events))


def head_of(doc: Doc, span: Span) -> Token | None:
    """Return the token that a stretch of words hangs on; None for a stretch without words."""
    stretch = doc.char_span(span.start, span.end, alignment_mode="expand")
    return None if stretch is None else stretch.root


def is_denied(head: Token) -> bool:
    """Return whether the words of a clause say that something is not so, given its head.

    "did not supply", "no arms were supplied", "the reports are false", "failed to attack"; a negated "failed" is none.
    """
    outside = lemma_of(head) in OUT_OF_THE_QUESTION
    return is_negated(head) != outside


def _walk(token: Token, scene: Scene, allowed: frozenset[int], reading: Reading) -> None:
    """Read one token and what hangs on it into `reading`."""
    if token.i not in allowed:
        return
    links = list(_linked(token, scene))
    for start, kind in links[:1]:
        _read_linked(start, kind, scene, allowed, reading)
        for child in token.children:
            if start != token and child.dep_.startswith("acl"):
                _walk(child, scene, allowed, reading)
    if not links:
        _read_predicate(token, scene, allowed, reading)


def _linked(token: Token, scene: Scene) -> Iterator[tuple[Token, str]]:
    """Yield the words that a linking phrase leads to, and its kind: "because of X", "as a sign of X", "if X"."""
    marks = [child for child in token.children if child.dep_ in ("mark", "case")]
    words = case_of(token) or " ".join(lemma_of(mark) for mark in marks[:1])
    if words in scene.acts.phrases:
        yield token, scene.acts.phrases[words]
    for child in token.children:
        which = _which(child)
        for last in {case_of(which), *(marks_of(child) if which != child else ())}:
            whole = f"{words} {lemma_of(token)} {last}"
            if words and whole in scene.acts.phrases:
                yield which, scene.acts.phrases[whole]


def _which(token: Token) -> Token:
    """Return the "which" of a clause ("as a result of which prices rose"); any other word stands for itself."""
    found = [child for child in token.children if lemma_of(child) == "which"] if token.pos_ in ("VERB", "AUX") else []
    return found[0] if found else token


def _read_linked(token: Token, kind: str, scene: Scene, allowed: frozenset[int], reading: Reading) -> None:
    """Read what a linking phrase leads to: a ground, or the conclusion that all the rest serves."""
    part = Reading()
    if lemma_of(token) == "which":
        part.contents += [event for event in reading.contents if event.at < token.i]
    elif token.i in allowed:
        _read_predicate(token, scene, allowed, part)
    if kind == "exchange":
        reading.premises += _returned(token, part, reading, scene)
    elif kind == "conclusion":
        reading.conclusions += part.contents
        reading.premises += part.premises
    else:
        reading.premises += part.everything


def _returned(token: Token, part: Reading, reading: Reading, scene: Scene) -> list[Event]:
    """Return what is given in exchange, its sides supplied from the deed that it pays for."""
    if not reading.contents or any(event.agents and event.targets for event in part.contents):
        return part.everything
    deed = reading.contents[0]
    asked = "request" in scene.acts.lineage(deed.act)
    giver, taker = (deed.agents, deed.targets) if asked else (deed.targets, deed.agents)
    return [replace(event, agents=giver, targets=taker) for event in scene.read(token) if giver]


def _read_predicate(token: Token, scene: Scene, allowed: frozenset[int], reading: Reading) -> None:
    """Read a token as a link between ground and effect, as an event, or else as a way to what hangs on it."""
    if scene.enter(token):
        tied = any(_read_cause(token, cause, scene, allowed, reading) for cause in scene.acts.causes_of(token))
        scene.leave(token)
        if tied:
            return
    events = scene.events_at(token)
    reading.contents += events
    reading.premises += (event for start in events for index in start.grounds
                         for event in scene.events_at(scene.doc[index]))
    arguments = {index for event in events for index in (*event.arguments, *event.grounds)}
    undone = scene.is_undone(token)
    for child in token.children:
        if undone and child.dep_ in ("xcomp", "ccomp"):
            continue
        if not events or (child.i not in arguments and _goes_on(child, token, scene)):
            _walk(child, scene, allowed, reading)


def _goes_on(child: Token, predicate: Token, scene: Scene) -> bool:
    """Return whether what hangs on a predicate says more than who takes part in it."""
    if child.dep_ in SUBJECTS:
        return predicate.pos_ not in ("VERB", "AUX")
    return child.dep_ in CLAUSES or any(True for _ in _linked(child, scene))


def _read_cause(token: Token, cause: Cause, scene: Scene, allowed: frozenset[int], reading: Reading) -> bool:
    """Read a verb or noun that ties a ground to an effect; False where an actor does it, or nothing is tied."""
    grounds = [word for place in cause.ground for word in tokens_in(token, place)]
    effects = [word for place in cause.effect for word in tokens_in(token, place)]
    if any(_is_doer(word, effects, cause, scene) for word in grounds):
        return False
    ground, effect = Reading(), Reading()
    for word in grounds:
        _walk(word, scene, allowed | {word.i}, ground)
        if not ground.contents and (lemma_of(word) in POINTERS or not scene.who(word)):
            ground.contents += _pointed_at(word, scene, reading)
    for word in effects:
        _walk(word, scene, allowed, effect)
    if not effect.everything and (cause.kind == "shows" or not ground.everything):
        return False
    reading.premises += ground.everything
    if cause.kind == "cause" and token.pos_ == "VERB" and not is_modal(token) and not is_negated(token):
        reading.contents += ground.contents
    reading.contents += effect.contents
    reading.premises += effect.premises
    for child in token.children:
        if child not in grounds and child not in effects and child.dep_ in CLAUSES:
            _walk(child, scene, allowed, reading)
    return True


def _is_doer(word: Token, effects: Iterable[Token], cause: Cause, scene: Scene) -> bool:
    """Return whether an actor, not an event, stands in the place of the ground.

    "It could embolden Iran" speaks of an event, whoever "it" was taken for; so does "it" when it would act on itself.
    """
    found = set(scene.who(word))
    if not found or scene.events_at(word):
        return False
    if lemma_of(word) in POINTERS:
        return cause.kind != "cause" and not any(found & set(scene.who(effect)) for effect in effects)
    return True


def _pointed_at(word: Token, scene: Scene, reading: Reading) -> list[Event]:
    """Return the event that "it", "this" or "which" takes up: what the clause above says, else the latest one told."""
    if lemma_of(word) == "which" or referent(word) != word:
        return list(reading.contents)
    if lemma_of(word) not in POINTERS and not any(
            child.dep_ == "det" and lemma_of(child) in DEMONSTRATIVES for child in word.children):
        return []
    return [event for event, _ in zip(scene.before(word, sentences=2), range(1), strict=False)]


def _fullest(events: Iterable[Event]) -> list[Event]:
    """Return events without those that another one tells with more participants."""
    found = list({event.proposition(): event for event in events}.values())
    return [event for event in found if not any(_tells_less(event, other) for other in found)]


def _tells_less(event: Event, other: Event) -> bool:
    """Return whether another event is the same deed, told in full."""
    return (
        event is not other and event.act == other.act and event.topic in ("", other.topic)
        and set(event.agents) <= set(other.agents) and set(event.targets) <= set(other.targets)
        and (event.actors < other.actors or event.topic != other.topic)
    )


