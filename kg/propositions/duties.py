"""What an obligation asks for, and upon which event it falls due."""

from collections.abc import Iterator
from dataclasses import replace

from kg.language.document import Doc, Token
from kg.model import Agreement, Cast, Obligation, Proposition, Span
from kg.propositions.claims import tokens_of
from kg.propositions.deeds import Event
from kg.propositions.events import Scene
from kg.propositions.lexicon import Acts


def read_duties(agreements: tuple[Agreement, ...], *, doc: Doc, cast: Cast, acts: Acts) -> tuple[Agreement, ...]:
    """Return the agreements with the propositions of their duties and triggers.

    The doer and the beneficiary of a duty are those of the obligation, whatever its words call them ("each side", "the
    other"); an attack on "one of them" triggers the duty towards the one that was attacked.

    Args:
        agreements: Those of one article; each obligation has the words of its action and conditions.
        doc: The analysed article.
        cast: Its actors.
        acts: The lexicon of acts.
    """
    if not any(agreement.obligations for agreement in agreements):
        return agreements
    scene = Scene(doc=doc, cast=cast, acts=acts)
    return tuple(
        replace(agreement, obligations=tuple(_told(obligation, scene) for obligation in agreement.obligations))
        for agreement in agreements
    )


def _told(obligation: Obligation, scene: Scene) -> Obligation:
    """Return an obligation with its duty and triggers."""
    duty = tuple(_duty(event, obligation) for event in _first_events(obligation.action, scene, closed=False))
    triggers = tuple(
        trigger for span in obligation.conditions for event in _first_events(span, scene, closed=True)
        for trigger in _triggers(event, obligation)
    )
    named = (found for found in duty if found.agents or found.targets)
    return replace(obligation, duty=tuple(dict.fromkeys(named)), triggers=tuple(dict.fromkeys(triggers)))


def _first_events(span: Span, scene: Scene, *, closed: bool) -> tuple[Event, ...]:
    """Return the events of the highest predicate of a stretch of words, even if they name nobody.

    In a `closed` stretch the participants stand inside; the beneficiary of a duty often stands after its words.
    """
    allowed = tokens_of(scene, (span,))
    for token in sorted((scene.doc[index] for index in allowed), key=_depth):
        found = tuple(event for event in scene.read(token) if not closed or event.arguments <= allowed)
        if found:
            return found
    return ()


def _depth(token: Token) -> tuple[int, int]:
    """Return a key that puts tokens nearer to the root of their sentence first."""
    return sum(1 for _ in token.ancestors), token.i


def _duty(event: Event, obligation: Obligation) -> Proposition:
    """Return what the bearers have to do for the beneficiaries."""
    named = tuple(target for target in event.targets if target not in obligation.bearers)
    targets = obligation.beneficiaries or named
    if event.symmetric:
        return Proposition(agents=(*obligation.bearers, *targets), act=event.act, topic=event.topic)
    return Proposition(agents=obligation.bearers, act=event.act, targets=targets if event.both else (),
                       topic=event.topic, read_from=obligation.action)


def _triggers(event: Event, obligation: Obligation) -> Iterator[Proposition]:
    """Yield the event upon which a duty falls due, unless its words name nobody at all."""
    parties = {*obligation.bearers, *obligation.beneficiaries}
    agents = tuple(agent for agent in event.agents if agent not in parties)
    outside = bool(event.targets) and not set(event.targets) & parties
    targets = event.targets if outside or not event.both else obligation.beneficiaries
    if agents or targets:
        yield Proposition(agents=agents, act=event.act, targets=targets, topic=event.topic, read_from=event.read_from)
