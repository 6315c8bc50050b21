"""Pronouns of the third person: whom "he", "it", "they" and "the other" take up."""


from kg.actors.discourse import Discourse
from kg.actors.phrases import SUBJECT
from kg.actors.scene import Scene
from kg.language.document import Token

HE = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
IT = frozenset({"it", "its", "itself"})
THEY = frozenset({"they", "them", "their", "theirs", "themselves"})
OWNED = frozenset({"ally", "capital", "country", "government", "nation", "neighbor", "neighbour", "party", "power",
                   "rival", "side", "state"})  # what "its" before makes a state's or body's
FAR_PERSON, FAR_BODY = 4, 2  # sentences back within which a pronoun still takes somebody up
# Verbs that actors are the subject of, but things as well.
THINGS_DO = frozenset({"allow", "cut", "embolden", "enable", "encourage", "exchange", "face", "fear", "force", "fund",
                       "gain", "grant", "help", "lead", "lift", "prevent", "prove", "provoke", "raise", "remain",
                       "require", "return", "show", "suggest", "take", "turn", "work", "yield"})


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
    rivals = _arguments(scene, token) | _quoting(scene, token) | _spoken_of(scene, token)
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


def _spoken_of(scene: Scene, token: Token) -> set[str]:
    """Return whom a quotation names whose speaker a pronoun is: of himself he would say "I"."""
    contents = [content for attribution in scene.doc.user_data.get("attributions", ())
                if any(source.start <= token.idx < source.end for source in attribution.source)
                for content in attribution.content]
    return {mention.actor for content in contents for mention in scene.mentions_in(content)
            if mention.form == "name" and scene.is_quoted(mention.span.start)}


def _it(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return the state or body that "it" or "its" takes up, where the word beside it is one that only actors have."""
    head, lemma = token.head, token.head.lemma_.casefold()
    acts = scene.lexicon.acts
    speaker = _speaker_above(scene, token)
    if speaker:
        return (speaker,)
    if token.dep_ in SUBJECT:
        fits = ("verb", lemma) in acts or ("adjective", lemma) in acts
        fits = fits and not _impersonal(token) and lemma not in THINGS_DO
    elif token.dep_ == "nmod:poss":
        fits = ("noun", lemma) in acts or ("party", lemma) in acts or lemma in scene.lexicon.roles or (
            lemma in OWNED
        ) or bool(scene.lexicon.kinds(head))
    else:
        fits = False  # what is backed, reached or read is seldom an actor
    if not fits:
        return ()
    rivals = _arguments(scene, token)
    found = discourse.best(token, kinds=("State", "Organization"), far=FAR_BODY, exclude=rivals)
    return tuple(found[:1])


def _speaker_above(scene: Scene, token: Token) -> str:
    """Return the state or body that speaks of itself as "it": "Acme said it would appeal"."""
    clause = token.head
    if token.dep_ not in SUBJECT or clause.dep_ not in ("ccomp", "parataxis") or _impersonal(token):
        return ""
    if ("verb", clause.head.lemma_.casefold()) not in scene.lexicon.acts:
        return ""
    for child in clause.head.children:
        if child.dep_ == "nsubj" and child.i < token.i:
            for mention in scene.covered(child):
                kind = scene.actors[mention.actor].kind
                if kind in ("State", "Organization") and scene.head(mention.span).i == child.i:
                    return mention.actor
    return ""


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
