"""Actors without a name: "Environmentalists", "North Korean officials", "an opposition lawmaker", "Russian media"."""

from dataclasses import replace

from kg.actors.phrases import is_agent, is_plural, is_source, modifiers, phrase
from kg.actors.scene import Scene, local_actor
from kg.language.document import Token
from kg.model import Actor, Span

ARTICLES = ("the ", "a ", "an ")
NUMBERS = frozenset({"two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "some", "many", "several",
                     "these", "those"})
NEEDY = frozenset({"family", "group", "half", "head", "majority", "member", "number", "one", "people", "relative",
                   "resident", "supporter", "team"})  # nouns that say little without "of …"


def describe_group(scene: Scene, token: Token) -> tuple[Span, Actor] | None:
    """Return the unnamed people that a noun stands for, as a new actor of this article; None where it is no actor.

    People are actors where they do something or speak; other nouns ("analysis", "reports") only where the encoder
    marks them as the source of words.
    """
    role = scene.lexicon.role_at(token)
    kinds = scene.lexicon.kinds(token)
    if {"document", "thing"} & set(kinds):
        return None
    human = role is not None or "media" in kinds or token.text.casefold() in ("people", "police", "troops", "rebels")
    collective = bool(kinds) and is_plural(token)
    told = "media" in kinds and token.head.lemma_.casefold() == "tell" and token.dep_ in ("obj", "iobj")
    speaks = is_source(scene, token)
    if not any(sign.isalpha() for sign in token.text) or (human and _is_named_after(scene, token)):
        return None
    if not (speaks or told or ((human or collective) and is_agent(scene, token))):
        return None
    last = _role_end(scene, token)
    span = phrase(scene, token, reach=last)
    label = _without_article(span.of(scene.article.text))
    spoken = " ".join(span.of(scene.article.text).split())
    whole = phrase(scene, token, reach=_complement(last) or last)
    actor = local_actor(scene.article, span, label=label, affiliations=_belongs(scene, token))
    if spoken.casefold() not in (label.casefold(), f"the {label}".casefold()):
        actor = replace(actor, aliases=(spoken,))
    if whole != span:
        named = _without_article(whole.of(scene.article.text))
        needs = token.lemma_.casefold() in NEEDY or not is_plural(token)
        actor = replace(actor, label=named if needs else label, aliases=(*actor.aliases, label if needs else named))
    if speaks and human and "media" not in kinds and is_plural(token) and actor.affiliations:
        # "North Korean officials": some of them, not the officials of North Korea
        actor = replace(actor, label=f"{actor.label} (unnamed)", aliases=(*actor.aliases, actor.label))
    if is_plural(token) or "media" in kinds:
        scene.plural.add(actor.id)
    elif role is not None:
        scene.roles.setdefault(actor.id, set()).update({role[1].word, role[1].office or role[1].word})
    return span, actor


def _is_named_after(scene: Scene, token: Token) -> bool:
    """Return whether two roles stand before one name: "former executive and candidate Ana Ruiz"."""
    for partner in token.children:
        if partner.dep_ == "conj" and scene.lexicon.role_at(partner) and not is_plural(token):
            bare = not any(child.dep_ == "det" for child in partner.children)
            named = [mention for word in scene.doc[partner.i + 1 : partner.i + 2] for mention in scene.covered(word)]
            if bare and any(scene.actors[mention.actor].kind == "Person" for mention in named):
                return True
    return False


def _role_end(scene: Scene, token: Token) -> Token:
    """Return the last word of a role that goes on behind its noun: "secretary [general]", "head [of state]"."""
    for ahead in (2, 1):
        if token.i + ahead < token.sent.end:
            found = scene.lexicon.role_at(scene.doc[token.i + ahead])
            if found is not None and found[0].i <= token.i:
                return scene.doc[token.i + ahead]
    return token


def _without_article(words: str) -> str:
    for article in ARTICLES:
        if words.casefold().startswith(article):
            words = words[len(article) :]
            break
    pieces = words.split()
    if len(pieces) > 2 and pieces[0].casefold() in ("least", "most") and pieces[1].casefold() in NUMBERS | {"a"}:
        pieces = pieces[1:]  # "at least 38 people"
    if len(pieces) > 1 and pieces[0].casefold() in NUMBERS:
        pieces = pieces[1:]
    return " ".join(pieces)


def _complement(token: Token) -> Token | None:
    """Return the last word of "for the prime minister", "of the delegation", "in Geneva" right behind a noun."""
    after = token.doc[token.i + 1] if token.i + 1 < token.sent.end else token
    if after.text.casefold() not in ("of", "for", "from", "in", "at", "with"):
        return None
    for child in token.children:
        if child.i > after.i and any(mark.i == after.i for mark in child.children):
            near = (other for other in child.subtree if _close(other, child))
            return max(near, key=lambda other: other.i, default=None)
    return None


def _close(token: Token, head: Token) -> bool:
    """Return whether a token belongs to a noun without crossing a comma or a clause."""
    between = token.doc[min(token.i, head.i) : max(token.i, head.i) + 1]
    return not any(other.text in (",", ";", "(", "-") or other.pos_ in ("VERB", "AUX") for other in between)


def _belongs(scene: Scene, token: Token) -> tuple[str, ...]:
    """Return the state or body named before a description, the nearest one, or two joined states."""
    behind = _complement(token)
    near = scene.mentions_in(scene.cut(token, behind)) if behind is not None else []
    found = [mention for mention in (*modifiers(scene, token), *near)
             if scene.actors[mention.actor].kind in ("State", "Organization")]
    if len(found) > 1 and is_plural(token) and all(scene.actors[mention.actor].kind == "State" for mention in found):
        joint = scene.article.text[found[1].span.end : found[0].span.start].strip()
        if joint == "and":  # "American and Russian negotiators"
            return (found[1].actor, found[0].actor)
    return tuple(mention.actor for mention in found[:1])
