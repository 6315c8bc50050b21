"""Descriptions that take up an actor named elsewhere: "the minister", "the company", "both countries"."""

from collections import Counter

from kg.actors.discourse import Discourse
from kg.actors.phrases import SUBJECT, determiner, is_agent, is_plural, left_edge, modifiers
from kg.actors.scene import Scene, named_actor
from kg.language.document import Token
from kg.model import Mention

POSSESSIVE = frozenset({"his", "her", "their", "its"})
MOVEMENTS = frozenset({"alliance", "army", "brigade", "brigades", "coalition", "force", "forces", "front", "group",
                       "militia", "movement", "party"})
DEFINITE = frozenset({"the", "this", "that", "these", "those"})
BOTH = frozenset({"both", "two", "each", "either", "neither"})
PAIRED = frozenset({"ally", "capital", "country", "government", "nation", "neighbor", "neighbour", "party", "power",
                    "rival", "side", "state"})
FAR = 6  # sentences back within which a description still takes something up
FAR_PERSON = 24  # a person's role is remembered longer
FAR_BODY = 24  # and so is the only body whose name ends in the very word ("the union")
AHEAD = 2  # sentences after an unnamed person within which the name may follow
# Nouns other than a firm's that take up a body which is not called so.
LOOSE = frozenset({"agency", "alliance", "bloc", "body", "broadcaster", "charity", "club", "group", "magazine",
                   "movement", "network", "newspaper", "organisation", "organization", "outlet", "paper", "watchdog",
                   "website"})
FIRMS = frozenset({"airline", "bank", "carmaker", "company", "firm"})
AMERICAN = "id/state/USA"  # only there is "the administration" the president's


def resolve_noun(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the actors that a definite description takes up: "the minister", "the firm", "both countries"."""
    if _pairs(token):
        return _pair(scene, discourse, token)
    neighbour = _neighbour(scene, discourse, token)
    if neighbour:
        return (neighbour,)
    kinds = scene.lexicon.kinds(token)
    start = determiner(token)
    if start in POSSESSIVE and kinds and {"state", "government"} & set(kinds):
        return _homeland(scene, token)
    if start not in DEFINITE and not ("government" in kinds and start == "" and is_plural(token)):
        return ()
    found = scene.lexicon.role_at(token)
    if found is not None and not is_plural(token):
        return _person_of(scene, discourse, token, found[1].office or found[1].word)
    if "government" in kinds:
        return _government(scene, token)
    if is_plural(token):
        return _group_again(scene, discourse, token)
    if "state" in kinds:
        return _state(scene, discourse, token)
    if "cabinet" in kinds:
        return _cabinet(scene, discourse, token)
    if kinds:
        return _body_of(scene, discourse, token)
    return ()


def _government(scene: Scene, token: Token) -> tuple[str, ...]:
    """Return the state that a bare "the government" or "authorities" acts for: the one the article is about."""
    home = scene.home(before=token.idx)
    before = scene.doc[left_edge(token).i : token.i]
    alone = all(other.dep_ in ("det", "amod") and (other.text.islower() or other.dep_ == "det") for other in before)
    definite = token.text.casefold() == "government" and determiner(token) == "the"
    return (home,) if home and alone and (definite or is_agent(scene, token)) else ()


def _homeland(scene: Scene, token: Token) -> tuple[str, ...]:
    """Return the state of the person whose "his government" or "her country" it is."""
    for mention in modifiers(scene, token):
        if mention.form == "pronoun":
            state = state_of(scene, mention.actor)
            return (state,) if state else ()
    return ()


def _cabinet(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return what "the administration" takes up: the one named before, else that of the president spoken of."""
    word = token.text.casefold()
    if word != "administration":
        return ()
    for actor in discourse.best(token, kinds=("Organization",), far=FAR_PERSON):
        if scene.actors[actor].label.casefold().endswith(f" {word}"):
            return (actor,)
    if any(child.dep_ == "nmod" for child in token.children):
        return ()
    for actor in discourse.best(token, kinds=("Person",), far=FAR_PERSON):
        if "president" in scene.roles.get(actor, set()) and AMERICAN in map(scene.registry.state_of, (
            scene.actors[actor].affiliations
        )):
            surname = scene.registry.surname(actor) or scene.actors[actor].label.split()[-1]
            body = named_actor("Organization", f"{surname} {word}")
            scene.actors.setdefault(body.id, body)
            for state in scene.actors[actor].affiliations[:1]:
                scene.affiliate(body.id, state)
            return (body.id,)
    return ()


def _pairs(token: Token) -> bool:
    """Return whether a noun speaks of two at once: "both sides", "the two countries", "each other"."""
    words = {other.text.casefold() for other in token.doc[left_edge(token).i : token.i]}
    lemma = token.lemma_.casefold()
    return bool(words & BOTH) and (lemma in PAIRED or lemma in FIRMS)


def _pair(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the two that a description speaks of: joined last by "and", or else named most often before it."""
    kind = "Organization" if "company" in scene.lexicon.kinds(token) else "State"
    before = [
        mention for mention in discourse.order
        if mention.span.start < token.idx and scene.actors[mention.actor].kind == kind
    ]
    for mention in reversed(before):
        partners = [child for child in scene.head(mention.span).children if child.dep_ == "conj" and child.i < token.i]
        joined = [
            other.actor for partner in partners for other in scene.covered(partner)
            if scene.actors[other.actor].kind == kind and scene.head(other.span).i == partner.i
        ]
        if len(joined) == 1 and joined[0] != mention.actor:
            return (mention.actor, joined[0])
    most = Counter(mention.actor for mention in before).most_common(2)
    return tuple(actor for actor, _ in most) if len(most) == 2 else ()


def _neighbour(scene: Scene, discourse: Discourse, token: Token) -> str:
    """Return the state on one side of another: "its southern neighbour"."""
    if token.lemma_.casefold() not in ("neighbour", "neighbor"):
        return ""
    for other in scene.doc[left_edge(token).i : token.i]:
        side = other.text.casefold()
        owners = [mention.actor for mention in modifiers(scene, token)]
        owners += discourse.best(token, kinds=("State",), far=1)[:1]
        for owner in owners:
            if (owner, side) in scene.lexicon.neighbours:
                return scene.lexicon.neighbours[owner, side]
    return ""


def plays(scene: Scene, actor: str, role: str, *, exact: bool = False) -> bool:
    """Return whether a person is known to be what a word says, by the same word or (if not `exact`) a narrower one.

    "official" fits whoever holds an office; a title before the name ("Rep.") counts as a role too.
    """
    known = scene.roles.get(actor, set())
    if role in known or any(words.endswith(f" {role}") or words.startswith(f"{role} of ") for words in known):
        return True
    if exact:
        return False
    narrower = scene.lexicon.hypernyms.get(role, frozenset())
    if "**" in narrower and actor not in scene.plural and scene.actors[actor].kind == "Person":
        return True
    if "*" in narrower and any(word in scene.lexicon.roles and scene.lexicon.roles[word].office for word in known):
        return True
    return bool(narrower & known) or any(words.endswith(tuple(f" {word}" for word in narrower)) for words in known)


def agrees(scene: Scene, actor: str, token: Token) -> bool:
    """Return whether the state or body before a description is no other than the person's."""
    states = {
        scene.registry.state_of(mention.actor) or state_of(scene, mention.actor) for mention in modifiers(scene, token)
        if scene.actors[mention.actor].kind in ("State", "Organization")
    } - {""}
    own = {state_of(scene, body) for body in scene.actors[actor].affiliations} - {""}
    return not states or not own or bool(states & own)


def state_of(scene: Scene, actor: str) -> str:
    """Return the state that an actor of the cast or the registry belongs to, or ""."""
    seen: set[str] = set()
    while actor and actor not in seen:
        if actor.startswith("id/state/"):
            return actor
        seen.add(actor)
        known = scene.actors.get(actor) or scene.registry.actors.get(actor)
        actor = known.affiliations[0] if known is not None and known.affiliations else ""
    return ""


def _person_of(scene: Scene, discourse: Discourse, token: Token, role: str) -> tuple[str, ...]:
    """Return the person, named or not, whom a word was used of; else one with a narrower role."""
    candidates = [
        actor for actor in discourse.best(token, kinds=("Person", "ActorGroup"), far=FAR_PERSON)
        if actor not in scene.plural and agrees(scene, actor, token) and not _is_of_another(scene, actor, token)
    ]
    spoken = {
        other.text.casefold() for other in scene.doc[left_edge(token).i + 1 : token.i]
        if other.pos_ in ("ADJ", "NOUN", "PROPN") and not scene.covered(other)
    }
    for exact in (True, False):
        for actor in candidates:
            if plays(scene, actor, role, exact=exact) and not _told_apart(scene, actor, role, spoken):
                return (actor,)
    return ()


def _is_of_another(scene: Scene, actor: str, token: Token) -> bool:
    """Return whether a role is one in a body that somebody known does not belong to: "president of the Council"."""
    bodies = {
        mention.actor for child in token.children if child.dep_ == "nmod" and child.i > token.i
        and any(mark.text.casefold() == "of" for mark in child.children) for mention in scene.covered(child)
        if scene.head(mention.span).i == child.i and scene.actors[mention.actor].kind in ("State", "Organization")
    }
    own = set(scene.actors[actor].affiliations)
    own |= {state_of(scene, body) for body in own}
    return bool(bodies and own) and not bodies & own


def _told_apart(scene: Scene, actor: str, role: str, spoken: set[str]) -> bool:
    """Return whether somebody bears a role with other words before it: the finance minister is no foreign one."""
    borne = [
        set(words.removesuffix(role).split()) for words in scene.roles.get(actor, ()) if words.endswith(f" {role}")
    ]
    return bool(spoken and borne) and not any(words & spoken for words in borne)


def _group_again(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the group that was called by the same noun before."""
    lemma = token.text.casefold()
    for actor in discourse.best(token, kinds=("ActorGroup",), far=FAR_PERSON):
        if scene.actors[actor].label.casefold().split()[-1] == lemma and agrees(scene, actor, token):
            return (actor,)
    return ()


def _state(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the state that "the country" or "the isolated regime" takes up: the one named last."""
    near = [
        mention for mention in discourse.order
        if mention.span.start < token.idx and scene.actors[mention.actor].kind == "State"
        and scene.sentence(token.idx) - scene.sentence(mention.span.start) <= FAR // 2
    ]
    return (near[-1].actor,) if near else ()


def _body_of(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the body that "the ministry" or "the Indian firm" takes up: one called so, or a firm for a firm."""
    word = token.text.casefold()
    if _is_named_otherwise(scene, token):
        return ()
    bodies = [
        actor for actor in discourse.best(token, kinds=("Organization",), far=FAR) if agrees(scene, actor, token)
    ]
    for actor in bodies:
        known = scene.actors[actor]
        called = {piece for name in (known.label, *known.aliases) for piece in name.casefold().split()}
        if word in called or any(noun.endswith(word) for noun in scene.nouns.get(actor, ())):
            return (actor,)
    distant = [
        actor for actor in discourse.best(token, kinds=("Organization",), far=FAR_BODY) if agrees(scene, actor, token)
        and scene.actors[actor].label.casefold().endswith(f" {word}")
    ]
    if len(distant) == 1 and determiner(token) == "the":
        return (distant[0],)
    loose = word in LOOSE or "company" in scene.lexicon.kinds(token)
    only = _only_firm(scene, discourse, token) if word in FIRMS and determiner(token) == "the" else ""
    if only:
        return (only,)
    if not loose or not (is_agent(scene, token) or token.dep_ == "nmod:poss"):
        return ()
    return tuple(actor for actor in bodies if not _is_other(scene, actor, word))[:1]


def _only_firm(scene: Scene, discourse: Discourse, token: Token) -> str:
    """Return the firm that "the company" is where the article has named no other body that could be one, or ""."""
    firms = [actor for actor in discourse.best(token, kinds=("Organization",), far=FAR_BODY)
             if scene.actors[actor].basis == "name" and not scene.actors[actor].affiliations
             and agrees(scene, actor, token) and not _is_other(scene, actor, token.text.casefold())]
    return firms[0] if len(firms) == 1 else ""


def _is_named_otherwise(scene: Scene, token: Token) -> bool:
    """Return whether a name that nobody known bears stands before a noun: "the Azimio secretariat"."""
    before = scene.doc[left_edge(token).i : token.i]
    names = (other for other in before if other.pos_ == "PROPN" and other.text[0].isupper())
    return any(not scene.covered(other) and not scene.place_at(other) for other in names)


def _is_other(scene: Scene, actor: str, word: str) -> bool:
    """Return whether a body's name, or the noun it goes by, tells that it is something else: a party is no "firm"."""
    called = set(scene.actors[actor].label.casefold().split()) | scene.nouns.get(actor, set())
    if word in MOVEMENTS and called & MOVEMENTS:
        return False
    return any(scene.lexicon.nominals.get(piece) for piece in called) or bool(called & {"house", "kremlin", "pentagon"})


def named_later(scene: Scene, discourse: Discourse, token: Token, role: str) -> str:
    """Return the person whom an unnamed one turns out to be: "A diplomat warned … Ana Ruiz, the envoy, said", or "".

    The unnamed one must stand in the title or the first paragraph. The name must follow in one of the next two
    sentences, be new, and do something there; its role must fit, or it must open the next sentence as subject without
    an office of its own.
    """
    if scene.paragraph(token.idx) > 1:
        return ""
    here = scene.sentence(token.idx)
    seen: set[str] = set()
    for mention in discourse.order:
        actor = scene.actors[mention.actor]
        if actor.kind != "Person" or mention.form != "name":
            continue
        if mention.span.start <= token.idx:
            if mention.span.start < token.idx and not _in_title(scene, mention):
                seen.add(actor.id)
            continue
        distance = scene.sentence(mention.span.start) - here
        if distance > AHEAD:
            break
        if distance == 0 or not is_agent(scene, scene.head(mention.span)):
            continue
        if actor.id in seen or not agrees(scene, actor.id, token):
            continue
        if plays(scene, actor.id, role) or (distance == 1 and _opens(scene, mention)):
            return actor.id
        seen.add(actor.id)
    return ""


def _in_title(scene: Scene, mention: Mention) -> bool:
    return any(
        block.kind == "title" and block.span.holds(mention.span) for block in scene.article.blocks
    )


def _opens(scene: Scene, mention: Mention) -> bool:
    """Return whether a name without an office is the subject that its sentence begins with."""
    head = scene.head(mention.span)
    offices = {
        word for word in scene.roles.get(mention.actor, set())
        if word in scene.lexicon.roles and scene.lexicon.roles[word].office
    }
    start = scene.token_at(mention.span.start)
    between = scene.doc[start.sent.start : start.i]
    titles = all(
        token.is_space or token.text.strip(".").casefold() in scene.lexicon.titles or scene.lexicon.role_at(token)
        for token in between
    )
    return titles and not offices and head.dep_ in SUBJECT
