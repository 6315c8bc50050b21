"""Who does what to whom: the words of statements and agreements → propositions.

A proposition is always phrased positively and normalised: the giver is the agent of what another receives, the
attacker of what another suffers, and both sides are agents of what they do together. So all who speak of one deed, in
whatever words, meet in one node.
"""


from kg.language.document import Doc
from kg.model import Cast, Proposition, Span
from kg.propositions.claims import head_of, is_denied, propositions_of, read_region, tokens_of
from kg.propositions.discourse import read_contents
from kg.propositions.duties import read_duties
from kg.propositions.events import Scene
from kg.propositions.lexicon import Acts, load_acts

__all__ = ["Acts", "load_acts", "negated", "read_contents", "read_duties", "read_propositions"]


def read_propositions(doc: Doc, span: Span, *, cast: Cast, acts: Acts) -> tuple[Proposition, ...]:
    """Return the propositions that a stretch of an article puts forward, each with the words it was read from.

    Args:
        doc: The analysed article.
        span: The stretch to read, such as the content of a statement.
        cast: The actors of the article.
        acts: The lexicon of acts.

    Returns: The head predicate's first, then what is joined to it, then the grounds it gives; none for a stretch
        without a known act or without an actor. A negation is not in them: ask `negated`.
    """
    scene = Scene(doc=doc, cast=cast, acts=acts)
    reading = read_region(scene, tokens_of(scene, (span,)))
    return tuple(dict.fromkeys((*propositions_of(reading.contents), *propositions_of(reading.premises))))


def negated(doc: Doc, span: Span) -> bool:
    """Return whether a stretch says that something is not so: "did not supply arms", "the reports are false".

    Only its head predicate counts, and two negations cancel out ("did not fail to deliver").
    """
    head = head_of(doc, span)
    return head is not None and is_denied(head)
