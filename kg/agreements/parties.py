"""Who is bound by an agreement: whom its words name, who acts, and whom else the text leaves to be the other party."""

from collections.abc import Iterable, Iterator, Sequence

from kg.agreements.doers import doers_of
from kg.agreements.duties import DUE, verb_under
from kg.agreements.events import PLANS, Change, holders, sentence_span
from kg.agreements.moods import is_passive, verb_group
from kg.agreements.nouns import Noun
from kg.agreements.scene import APOSTROPHES, Scene, names_from, span_of
from kg.language.document import Token
from kg.model import Mention

MEANS = frozenset({"under", "in", "with", "through", "by", "of"})  # "settled a row in a treaty", "as part of a pact"
PLACES = frozenset({"in", "at", "near", "from", "to", "into", "outside", "of", "against", "told", "tell"})  # no doer


def parties_of(scene: Scene, noun: Noun, told: Iterable[Change]) -> tuple[str, ...]:
    """Return who is bound: the body that decides, those that the phrase names, else those that the doers bind."""
    voters = tuple(voter for change in told for voter in change.voters)
    if noun.kind == "resolution":
        bodies = tuple(party for party in noun.parties if scene.is_body(party)) or voters
        return bodies[-1:] or (() if noun.is_verb else _bodies_near(scene, noun))
    voters = tuple(map(scene.state_of, voters))
    if len(noun.parties) > 1 and (noun.names_all or (voters and "mutual" in noun.term.frames)):
        return noun.parties  # who approves a merger is no party to it
    done = tuple(dict.fromkeys(party for change in told if change.is_done and change.event.status not in PLANS
                               for party in change.parties))
    # Who signed is party to it, not who discusses or wants it.
    doers = done if len(done) > 1 else tuple(party for change in told for party in change.parties)
    found = tuple(dict.fromkeys((*voters, *doers, *noun.parties)))
    following = [token.lower_ for token in noun.head.doc[noun.head.i + 1 : noun.head.i + 3]]
    is_partner = "with" in following or (bool(doers) and not any(change.event.agents for change in told))
    if len(found) == 1 and is_partner:
        others = holders(scene, noun) or _other_state(scene, noun, found[0])
        found = tuple(dict.fromkeys((*found, *others)))
    found = found or (_sides_of(scene, noun) if noun.is_many else ()) or _acting_under(scene, noun)
    return found or _together(scene, noun)


def _acting_under(scene: Scene, noun: Noun) -> tuple[str, ...]:
    """Return who does something to whom under an agreement: "Acme will supply engines to Bolt under a pact"."""
    verb = verb_under(noun)
    if verb is None or is_passive(verb):
        return ()
    between = scene.doc[verb.i + 1 : noun.first.i]
    place = next((token.i for token in between if token.lower_ in ("to", "with", "from")), 0)
    partners = names_from(scene, start=place + 1, end=noun.first.i - 1) if place else ()
    doers = doers_of(scene, noun.head, verb)
    return scene.parties_of((*doers, *partners)) if doers and partners else ()


def _other_state(scene: Scene, noun: Noun, party: str) -> tuple[str, ...]:
    """Return the one state whose people speak of the treaty ("Peru's court said the treaty with Chad …")."""
    mentions = scene.cast.mentions_in(sentence_span(noun.head))
    text = scene.article.text
    named = (scene.party_of(mention.actor) for mention in mentions if mention.actor in scene.cast.actors
             and mention.span.end <= noun.head.idx and (text[mention.span.end :][:2] in APOSTROPHES
                                                        or scene.actor(mention.actor).kind == "Person"))
    others = tuple(dict.fromkeys(actor for actor in named if scene.actor(actor).kind == "State"))
    is_state = scene.actor(party).kind == "State"
    return others if is_state and len(others) == 1 and others != (party,) else ()


def _sides_of(scene: Scene, noun: Noun) -> tuple[str, ...]:
    """Return the parties that the sentence names before a number of agreements ("between X and Y … 12 agreements")."""
    for token in noun.head.sent:
        if token.lower_ == "between" and token.i < noun.head.i:
            found = scene.parties_of(names_from(scene, start=token.i + 1, end=noun.head.i))
            if len(found) > 1:
                return found
    return ()


def _bodies_near(scene: Scene, noun: Noun) -> tuple[str, ...]:
    """Return the body that the sentence of a resolution names elsewhere ("vetoed a resolution at the UN")."""
    sentence = sentence_span(noun.head)
    found = [mention for mention in scene.cast.mentions_in(sentence)
             if mention.actor in scene.cast.actors and scene.is_body(mention.actor)]
    found.sort(key=lambda mention: abs(mention.span.start - noun.head.idx))
    return tuple(mention.actor for mention in found[:1])




def _together(scene: Scene, noun: Noun) -> tuple[str, ...]:
    """Return the states and bodies that do something together by a pact: "Chad and Mali ended the row in a pact"."""
    before = scene.doc[noun.first.i - 1] if noun.first.i > noun.head.sent.start else None
    if before is None:
        return ()
    if before.lower_ == "to" and scene.doc[before.i - 1].lower_ == "according":
        verbs = [token for token in scene.doc[noun.head.sent.start : before.i] if token.pos_ == "VERB" and any(
            word.lower_ in DUE for word in verb_group(token))]
    else:
        verbs = _verbs_before(scene, noun) if before.lower_ in MEANS else []
    found = scene.parties_of(doer for verb in verbs if not is_passive(verb)
                             for doer in doers_of(scene, noun.head, verb))
    is_firm = all(scene.actor(party).kind in ("State", "Organization") for party in found)
    return found if len(found) > 1 and is_firm else ()


def _verbs_before(scene: Scene, noun: Noun) -> list[Token]:
    """Return the nearest verb before a phrase in its clause, if there is one."""
    for token in reversed(scene.doc[noun.head.sent.start : noun.first.i]):
        if token.text in ";:" or token.pos_ == "SCONJ":
            return []
        if token.pos_ == "VERB" and token.dep_ != "amod":
            return [token]
    return []


def two_states(scene: Scene, nouns: Sequence[Noun]) -> tuple[str, ...]:
    """Return the two states that alone a sentence tells of with a treaty whose parties are not named."""
    if any(noun.is_verb or "mutual" in noun.term.frames or noun.is_uncounted for noun in nouns):
        return ()
    for acting in _acting_beside(scene, nouns):
        states = tuple(actor for actor in acting if scene.actor(actor).kind == "State")
        if len(states) == 2:
            return states
    return ()


def _acting_beside(scene: Scene, nouns: Sequence[Noun]) -> Iterator[tuple[str, ...]]:
    """Yield for each mention who its sentence tells of as acting: before it, or anywhere in a headline."""
    for noun in nouns:
        is_title = any(title.holds(noun.span) for title in scene.article.title)
        yield tuple(dict.fromkeys(
            scene.side_of(mention.actor) for mention in scene.cast.mentions_in(sentence_span(noun.head))
            if mention.actor in scene.cast.actors and (is_title or mention.span.end <= noun.head.idx)
            and _acts(scene, mention)
        ))


def completed(scene: Scene, nouns: Sequence[Noun], *, party: str, mediators: Sequence[str]) -> tuple[str, ...]:
    """Return a party and the one other of its kind that acts before the agreement in a sentence about both, if any.

    What is only a place ("in Peru") or an adjective does not act; nor is who mediates a party.
    """
    if scene.is_international(party):
        return (party, *_member(scene, nouns))
    if not _can_be_party(scene, party) or all(
            "mutual" in noun.term.frames or _names_party(scene, noun) for noun in nouns):
        return (party,)
    kind = scene.actor(party).kind
    near = [noun for noun in nouns if any(
        mention.actor in scene.cast.actors and scene.side_of(mention.actor) == party
        for mention in scene.cast.mentions_in(sentence_span(noun.head)))]
    beside = (other for acting in _acting_beside(scene, near) for other in acting)
    fit = [other for other in dict.fromkeys(beside)
           if other != party and other not in mediators and scene.actor(other).kind == kind
           and scene.state_of(other) != party and scene.state_of(party) != other and not scene.is_union(other)]
    return (party, *fit) if len(fit) == 1 else (party,)


def _member(scene: Scene, nouns: Sequence[Noun]) -> tuple[str, ...]:
    """Return the one state that acts beside "the agreement with the Fund", if an agreement is told so."""
    near = [noun for noun in nouns if scene.doc[noun.head.i + 1 : noun.head.i + 2].text == "with"]
    states = {actor for acting in _acting_beside(scene, near) for actor in acting if scene.actor(actor).kind == "State"}
    return tuple(states) if len(states) == 1 else ()


def _names_party(scene: Scene, noun: Noun) -> bool:
    """Whether a name in the phrase is how an agreement is called: "the Iran deal"."""
    return noun.first.i < noun.head.i and bool(scene.cast.mentions_in(span_of(noun.first, noun.head)))


def _can_be_party(scene: Scene, party: str) -> bool:
    return scene.actor(party).kind in ("State", "Organization") and not scene.is_union(party)


def _acts(scene: Scene, mention: Mention) -> bool:
    """Whether a mention may be that of a doer: no adjective, no place."""
    if mention.form == "demonym":
        return False
    before = scene.article.text[: mention.span.start].rsplit(maxsplit=2)[-2:]
    words = [word.casefold() for word in before]
    return not (words and (words[-1] in PLACES or (words[-1] == "the" and words[0] in PLACES)))
