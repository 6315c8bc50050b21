"""What takes up an actor named elsewhere: pronouns, "the minister", "the company", "both countries"."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from spacy.tokens import Token

from kg.actors.phrases import (
    SUBJECT,
    determiner,
    is_agent,
    is_plural,
    is_source,
    left_edge,
    modifiers,
)
from kg.actors.scene import Scene, named_actor
from kg.model import Mention

HE = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
DEFINITE = frozenset({"the", "this", "that", "these", "those"})
BOTH = frozenset({"both", "two", "each", "either", "neither"})
PAIRED = frozenset({"country", "nation", "state", "side", "neighbour", "neighbor", "government", "ally", "party",
                    "capital", "rival", "power"})
FAR_PERSON, FAR_BODY, FAR_NOUN = 4, 2, 6  # sentences back within which a word is still taken up
# Nouns other than a firm's that take up a body which is not called so.
LOOSE = frozenset({"agency", "alliance", "bloc", "body", "broadcaster", "charity", "club", "group", "magazine", "movement",
                   "network", "newspaper", "organisation", "organization", "outlet", "paper", "watchdog", "website"})
UNNAMED = 0.8  # how much less likely a pronoun takes up somebody unnamed
SPEAKER, SUBJECT_BONUS, PARAGRAPH, SAME_CLAUSE = 0.6, 0.7, 0.4, 1.4
CLAUSES = ("ROOT", "ccomp", "xcomp", "advcl", "acl", "acl:relcl", "csubj", "parataxis")
THINGS_DO = frozenset({"allow", "cut", "embolden", "enable", "encourage", "exchange", "face", "fear", "force", "fund",
                       "gain", "grant", "help", "lead", "lift", "prevent", "prove", "provoke",
                       "raise", "remain", "require", "return", "show", "suggest", "take", "turn", "work", "yield"})
AMERICAN = "id/state/USA"  # only there is "the administration" the president's
AHEAD = 2  # sentences after an unnamed person within which the name may follow


@dataclass(slots=True)
class Discourse:
    """The mentions of the article in text order, as far as they are known."""

    scene: Scene
    order: list[Mention] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Take new mentions of the scene in."""
        self.order = sorted(self.scene.mentions.values(), key=lambda mention: (mention.span.start, -mention.span.end))

    def best(self, token: Token, *, kinds: Iterable[str], far: int, exclude: Iterable[str] = ()) -> list[str]:
        """Return the actors of some kinds that were mentioned before a token, the likeliest first.

        Near mentions count more than far ones, subjects and speakers more than others.
        """
        scene, here = self.scene, self.scene.sentence(token.idx)
        paragraph = scene.paragraph(token.idx)
        scores: dict[str, float] = {}
        for mention in self.order:
            if mention.span.start >= token.idx:
                break
            actor = scene.actors[mention.actor]
            distance = here - scene.sentence(mention.span.start)
            if actor.kind not in kinds or distance > far or actor.id in exclude:
                continue
            if mention.span.start <= token.idx < mention.span.end:
                continue
            head = scene.head(mention.span)
            score = -float(distance)
            score += SAME_CLAUSE if token.dep_ == "nmod:poss" and _clause(head) == _clause(token) else 0.0
            score += SUBJECT_BONUS if head.dep_ in SUBJECT else 0.0
            score += SPEAKER if is_source(scene, head) else 0.0
            score += PARAGRAPH if scene.paragraph(mention.span.start) == paragraph else 0.0
            score -= UNNAMED if actor.kind == "ActorGroup" and "Person" in kinds else 0.0
            score += mention.span.start / (10 * len(scene.article.text) + 1)
            scores[actor.id] = max(score, scores.get(actor.id, score))
        return sorted(scores, key=lambda actor: -scores[actor])


def _clause(token: Token) -> int:
    """Return the number of the token that heads the clause of a token."""
    return next((step.i for step in (token, *token.ancestors) if step.dep_ in CLAUSES), token.sent.root.i)


def resolve_pronoun(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the actors that a third-person pronoun takes up; none where that is unclear."""
    word = token.text.casefold()
    if word in HE:
        return _he(scene, discourse, token, HE[word])
    if word in IT:
        return _it(scene, discourse, token)
    if word in THEY:
        return _they(scene, discourse, token)
    return ()


def _he(scene: Scene, discourse: Discourse, token: Token, gender: str) -> tuple[str, ...]:
    """Return the person whom "he" or "she" takes up: the likeliest of that gender, not the one beside it as object."""
    ahead = _named_after(scene, discourse, token)
    if ahead:
        return (ahead,)
    rivals = _arguments(scene, token) | _quoting(scene, token)
    for actor in discourse.best(token, kinds=("Person", "ActorGroup"), far=FAR_PERSON, exclude=rivals):
        human = scene.actors[actor].kind == "Person" or (actor in scene.roles and actor not in scene.plural)
        if human and scene.genders.get(actor, gender) == gender:
            scene.genders.setdefault(actor, gender)
            return (actor,)
    return ()


def _named_after(scene: Scene, discourse: Discourse, token: Token) -> str:
    """Return the subject that a pronoun in a clause before it points ahead to: "Voicing his anger, X said"."""
    clause = next((step for step in (token, *token.ancestors) if step.dep_ in ("advcl", "obl")), None)
    if clause is None or clause.head.i < token.i or (clause.i == token.i and token.dep_ in SUBJECT):
        return ""
    for child in clause.head.children:
        if child.dep_ in SUBJECT and child.i > token.i:
            for mention in scene.covered(child):
                if scene.actors[mention.actor].kind == "Person" and mention.form == "name":
                    return mention.actor
            for mention in discourse.order:
                inside = child.left_edge.idx <= mention.span.start <= child.right_edge.idx
                if inside and scene.actors[mention.actor].kind == "Person" and mention.form == "name":
                    return mention.actor
    return ""


def _arguments(scene: Scene, token: Token) -> set[str]:
    """Return the actors that stand beside a pronoun in its clause, and so cannot be meant by it."""
    if token.dep_ == "nmod:poss":
        return set()
    found: set[str] = set()
    for child in token.head.children:
        if child.i != token.i and child.dep_ in (*SUBJECT, "obj", "iobj", "obl", "obl:agent"):
            found.update(mention.actor for mention in scene.covered(child) if scene.head(mention.span).i == child.i)
    return found


def _quoting(scene: Scene, token: Token) -> set[str]:
    """Return the speakers of the quotation that a pronoun stands in: of themselves they would say "I"."""
    found: set[str] = set()
    if not scene.is_quoted(token.idx):
        return found
    for attribution in scene.doc.user_data.get("attributions", ()):
        if any(content.start <= token.idx < content.end for content in attribution.content):
            for source in attribution.source:
                found.update(mention.actor for mention in scene.mentions_in(source))
    return found


def _it(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the state or body that "it" or "its" takes up, where the word beside it is one that only actors have."""
    head, lemma = token.head, token.head.lemma_.casefold()
    acts = scene.lexicon.acts
    if token.dep_ in SUBJECT:
        fits = ("verb", lemma) in acts or ("adjective", lemma) in acts
        fits = fits and not _impersonal(token) and lemma not in THINGS_DO
    elif token.dep_ == "nmod:poss":
        fits = ("noun", lemma) in acts or ("party", lemma) in acts or lemma in scene.lexicon.roles or (
            "neighbor" in lemma or "neighbour" in lemma
        ) or lemma in PAIRED or bool(scene.lexicon.kinds(head))
    else:
        fits = ("object", lemma) in acts
    if not fits:
        return ()
    rivals = _arguments(scene, token)
    found = discourse.best(token, kinds=("State", "Organization"), far=FAR_BODY, exclude=rivals)
    return tuple(found[:1])


def _impersonal(token: Token) -> bool:
    """Return whether "it" only holds the place of a clause: "it is clear that", "it was said that"."""
    head = token.head
    passive = any(child.dep_ == "aux:pass" for child in head.children)
    copula = any(child.dep_ == "cop" for child in head.children)
    clause = any(child.dep_ in ("csubj", "ccomp", "csubj:pass", "xcomp") for child in head.children)
    return clause and (passive or copula)


def _they(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the actors that "they" takes up: a group, several named together, or the body that spoke last."""
    rivals = _arguments(scene, token)
    here = scene.sentence(token.idx)
    pair = _pair_in_sentence(scene, discourse, token)
    if pair:
        return pair
    together = _joined_subject(scene, discourse, here, token)
    if together:
        return together
    groups = [
        actor for actor in discourse.best(token, kinds=("ActorGroup",), far=FAR_BODY, exclude=rivals)
        if actor in scene.plural
    ]
    if groups:
        return (groups[0],)
    lemma = token.head.lemma_.casefold()
    if token.dep_ in SUBJECT and ("verb", lemma) in scene.lexicon.acts:
        return tuple(discourse.best(token, kinds=("State", "Organization"), far=1, exclude=rivals)[:1])
    return ()


def _pair_in_sentence(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the two whom one description has just named together in the sentence ("each side … the other")."""
    for mention in reversed(discourse.order):
        near = scene.sentence(mention.span.start) == scene.sentence(token.idx)
        if mention.span.end <= token.idx and near and mention.form == "nominal":
            actors = tuple(other.actor for other in discourse.order if other.span == mention.span)
            if len(actors) > 1:
                return actors
    return ()


def resolve_other(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return whom "the other" or "each other" takes up: the two named together before it in the sentence."""
    before = token.doc[token.i - 1].text.casefold() if token.i else ""
    if before not in ("the", "each") or (token.dep_ == "amod" and token.head.i > token.i):
        return ()
    return _pair_in_sentence(scene, discourse, token)


def _joined_subject(scene: Scene, discourse: Discourse, here: int, token: Token) -> tuple[str, ...]:
    """Return the actors that were the subject together ("X and Y agreed") in this sentence or the one before."""
    last: tuple[str, ...] = ()
    for mention in discourse.order:
        if mention.span.start >= token.idx:
            break
        if scene.sentence(mention.span.start) < here - 1:
            continue
        head = scene.head(mention.span)
        if head.dep_ in SUBJECT:
            partners = [child for child in head.children if child.dep_ == "conj"]
            actors = [mention.actor] + [
                other.actor for partner in partners for other in scene.covered(partner)
                if scene.head(other.span).i == partner.i
            ]
            last = tuple(dict.fromkeys(actors)) if len(set(actors)) > 1 else ()
    return last


def resolve_noun(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the actors that a definite description takes up: "the minister", "the firm", "both countries"."""
    if _pairs(token):
        return _pair(scene, discourse, token)
    neighbour = _neighbour(scene, discourse, token)
    if neighbour:
        return (neighbour,)
    kinds = scene.lexicon.kinds(token)
    start = determiner(token)
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
    alone = all(other.dep_ in ("det", "amod") for other in scene.doc[left_edge(token).i : token.i])
    return (home,) if home and alone and is_agent(scene, token) else ()


def _cabinet(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return what "the administration" takes up: the one named before, else that of the president spoken of."""
    word = token.text.casefold()
    if word != "administration":
        return ()
    for actor in discourse.best(token, kinds=("Organization",), far=4 * FAR_NOUN):
        if scene.actors[actor].label.casefold().endswith(f" {word}"):
            return (actor,)
    if any(child.dep_ == "nmod" for child in token.children):
        return ()
    for actor in discourse.best(token, kinds=("Person",), far=2 * FAR_NOUN):
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
    return token.lemma_.casefold() in PAIRED and bool(words & BOTH)


def _pair(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the two states (or else bodies) that were named last before a token."""
    for kinds in (("State",), ("State", "Organization")):
        found: list[str] = []
        for mention in reversed(discourse.order):
            near = scene.sentence(token.idx) - scene.sentence(mention.span.start) <= FAR_NOUN
            fits = mention.span.start < token.idx and near and scene.actors[mention.actor].kind in kinds
            if fits and mention.actor not in found:
                found.append(mention.actor)
            if len(found) == 2:
                return tuple(reversed(found))
    return ()


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
        actor for actor in discourse.best(token, kinds=("Person", "ActorGroup"), far=4 * FAR_NOUN)
        if actor not in scene.plural and agrees(scene, actor, token)
    ]
    spoken = {other.text.casefold() for other in scene.doc[left_edge(token).i + 1 : token.i] if other.pos_ != "PUNCT"}
    for exact in (True, False):
        for actor in candidates:
            if plays(scene, actor, role, exact=exact) and not _told_apart(scene, actor, role, spoken):
                return (actor,)
    return ()


def _told_apart(scene: Scene, actor: str, role: str, spoken: set[str]) -> bool:
    """Return whether somebody bears a role with other words before it: no "Republican nominee" is the Democratic one."""
    borne = [
        set(words.removesuffix(role).split()) for words in scene.roles.get(actor, ()) if words.endswith(f" {role}")
    ]
    return bool(spoken and borne) and not any(words & spoken for words in borne)


def _group_again(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the group that was called by the same noun before."""
    lemma = token.text.casefold()
    for actor in discourse.best(token, kinds=("ActorGroup",), far=4 * FAR_NOUN):
        if scene.actors[actor].label.casefold().split()[-1] == lemma and agrees(scene, actor, token):
            return (actor,)
    return ()


def _state(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the state that "the country" or "the isolated regime" takes up: the one named last."""
    near = [
        mention for mention in discourse.order
        if mention.span.start < token.idx and scene.actors[mention.actor].kind == "State"
        and scene.sentence(token.idx) - scene.sentence(mention.span.start) <= FAR_NOUN // 2
    ]
    return (near[-1].actor,) if near else ()


def _body_of(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the body that "the ministry" or "the Indian firm" takes up: one called so, or a firm for a firm."""
    word = token.text.casefold()
    bodies = [
        actor for actor in discourse.best(token, kinds=("Organization",), far=FAR_NOUN) if agrees(scene, actor, token)
    ]
    for actor in bodies:
        known = scene.actors[actor]
        called = {piece for name in (known.label, *known.aliases) for piece in name.casefold().split()}
        if word in called or any(noun.endswith(word) for noun in scene.nouns.get(actor, ())):
            return (actor,)
    loose = word in LOOSE or "company" in scene.lexicon.kinds(token)
    if not loose or not (is_agent(scene, token) or token.dep_ == "nmod:poss"):
        return ()
    return tuple(actor for actor in bodies if not _is_other(scene, actor))[:1]


def _is_other(scene: Scene, actor: str) -> bool:
    """Return whether a body's name, or the noun it goes by, tells what it is: a party is no "firm"."""
    called = set(scene.actors[actor].label.casefold().split()) | scene.nouns.get(actor, set())
    return any(scene.lexicon.nominals.get(piece) for piece in called) or bool(called & {"house", "kremlin", "pentagon"})


def named_later(scene: Scene, discourse: Discourse, token: Token, role: str) -> str:
    """Return the person whom an unnamed one turns out to be: "A diplomat warned … Ana Ruiz, the envoy, said", or "".

    The name must follow within two sentences and be new; its role must fit, or it must open the next sentence as
    subject without an office of its own.
    """
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
