"""Actors without a name: "Environmentalists", "North Korean officials", "an opposition lawmaker", "Russian media"."""

from spacy.tokens import Token

from kg.actors.phrases import is_agent, is_plural, is_source, modifiers, phrase
from kg.actors.scene import Scene, local_actor
from kg.model import Actor, Span

ARTICLES = ("the ", "a ", "an ", "some ", "many ", "several ", "these ", "those ")
DEMONYM_NOUN = "people"


def describe_group(scene: Scene, token: Token) -> tuple[Span, Actor] | None:
    """Return the unnamed people that a noun stands for, as a new actor of this article; None where it is no actor.

    People are actors where they do something or speak; other nouns ("analysis", "reports") only where the encoder
    marks them as the source of words.
    """
    role = scene.lexicon.role_at(token)
    kinds = scene.lexicon.kinds(token)
    human = role is not None or "media" in kinds or token.text.casefold() in ("people", "police", "troops", "rebels")
    collective = bool(kinds) and is_plural(token)
    if not (is_source(scene, token) or ((human or collective) and is_agent(scene, token))):
        return None
    span = phrase(scene, token)
    label = span.of(scene.article.text)
    lowered = label.casefold()
    for article in ARTICLES[:3]:
        if lowered.startswith(article):
            label = label[len(article) :]
            break
    actor = local_actor(scene.article, span, label=" ".join(label.split()), affiliations=_belongs(scene, token))
    if is_plural(token) or "media" in kinds:
        scene.plural.add(actor.id)
    return span, actor


def _belongs(scene: Scene, token: Token) -> tuple[str, ...]:
    """Return the state or body named before a description, the nearest one."""
    for mention in modifiers(scene, token):
        if scene.actors[mention.actor].kind in ("State", "Organization"):
            return (mention.actor,)
    return ()
