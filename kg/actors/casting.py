"""The stages in their order: names, bodies, people and their roles, then what takes them up."""

import re
from collections.abc import Iterable
from dataclasses import replace

from kg.actors.bodies import (
    add_stateless,
    assume_home,
    describe_bodies,
    describe_cabinet,
    describe_local_body,
    identify_bodies,
)
from kg.actors.discourse import Discourse
from kg.actors.gate import acts, is_building
from kg.actors.groups import describe_group
from kg.actors.names import find_asides, find_names
from kg.actors.people import identify_people
from kg.actors.phrases import is_agent, is_plural, is_split, phrase
from kg.actors.pronouns import resolve_other, resolve_pronoun
from kg.actors.references import named_later, resolve_noun
from kg.actors.registry import Registry
from kg.actors.roles import read_roles
from kg.actors.scene import Named, Scene, local_actor
from kg.language.document import Doc, Token
from kg.model import Actor, Article, Cast, Mention, Span

ASIDES = ("caption", "credit")
MODIFIER = frozenset({"amod", "compound", "nmod", "nmod:poss", "flat", "nmod:desc", "conj"})


def find_actors(doc: Doc, *, article: Article, registry: Registry) -> Cast:
    """Return who can speak, act or agree in an article, where each is mentioned, and in which office.

    States, bodies and people by name come first, then the roles that the article gives to people, then descriptions
    and pronouns in text order. Only prose is read. Places are no actors, save capitals and seats that act.

    Args:
        doc: The article as analysed by `kg.language`; offsets are those of the article's text.
        article: The article.
        registry: The known actors.
    """
    scene = Scene(doc=doc, article=article, registry=registry)
    names = find_names(scene)
    scene.places = [name for name in names if name.kind == "Place"]
    _add_states(scene, names)
    identify_bodies(scene, [name for name in names if not _is_place(scene, name)])
    tokens = _prose_tokens(scene)
    _add_shorts(scene, tokens)
    named = {scene.head(name.span).i for name in names if name.kind == "Organization" and not name.actor}
    for token in tokens:
        if scene.lexicon.kinds(token):
            describe_bodies(scene, token, state=_context(scene, token), generic=named)
    add_stateless(scene, names)
    identify_people(scene, names)
    taken = read_roles(scene)
    for token in tokens:
        describe_cabinet(scene, token)
    _add_places(scene, names)
    _take_up(scene, tokens, taken=taken)
    _add_asides(scene)
    return _cast(scene)


def _prose_tokens(scene: Scene) -> list[Token]:
    return [token for token in scene.doc if scene.is_prose(token.idx)]


def _add_states(scene: Scene, names: Iterable[Named]) -> None:
    for name in names:
        if name.kind == "State" and name.use in ("name", "adjective") and _speaks_of_state(scene, name):
            form = "demonym" if name.use == "adjective" else "name"
            scene.add(name.span, scene.known(name.actor), form)


def _add_shorts(scene: Scene, tokens: Iterable[Token]) -> None:
    """Add short names of states that the article gives in full: "the North", and "North" in "North and South Korea"."""
    for token in tokens:
        actor = scene.registry.shorts.get(token.text.capitalize(), "")
        if actor not in scene.actors or token.i == 0 or scene.covered(token):
            continue
        after = scene.doc[token.i + 1 : token.i + 3].text if token.i + 1 < len(scene.doc) else ""
        follows = scene.doc[token.i + 1] if after else token
        alone = scene.doc[token.i - 1].text.casefold() == "the" and follows.pos_ not in ("PROPN", "NOUN", "ADJ")
        if (alone and follows.text != "of") or after == "and South":
            scene.refer(scene.cut(token, token), actor, "name")


def _add_asides(scene: Scene) -> None:
    """Add who is named in captions and credit lines: known actors by name, and the article's people by surname."""
    text = scene.article.text
    surnames = {
        actor.label.split()[-1]: actor.id for actor in scene.actors.values()
        if actor.kind == "Person" and actor.basis != "article"
    }
    for block in scene.article.blocks:
        if block.kind not in ASIDES:
            continue
        for name in find_asides(scene, block.span):
            scene.add(name.span, scene.known(name.actor), "name")
        for word in re.finditer(r"[^\W\d_]+", block.span.of(text)):
            span = Span(start=block.span.start + word.start(), end=block.span.start + word.end())
            if word.group() in surnames and not any(other.span.overlaps(span) for other in scene.mentions.values()):
                scene.refer(span, surnames[word.group()], "name")


def _speaks_of_state(scene: Scene, name: Named) -> bool:
    """Return whether a demonym says whose something is, and not who somebody is ("an American")."""
    if name.use == "name":
        return True
    last = scene.token_at(name.span.end - 1)
    after = scene.doc[last.i + 1] if last.i + 1 < len(scene.doc) else last
    if last.dep_ in MODIFIER or last.pos_ == "ADJ":
        return True
    return after.pos_ in ("NOUN", "PROPN", "ADJ") and after.i > last.i


def _is_place(scene: Scene, name: Named) -> bool:
    return name.use == "building" and is_building(scene.head(name.span))


def _add_places(scene: Scene, names: Iterable[Named]) -> None:
    """Add the capitals and regions that stand for those who act there."""
    last = Span(start=0, end=1)
    for name in names:
        if name.use not in ("capital", "region"):
            continue
        partner = scene.article.text[last.end : name.span.start] in (" to ", " and ", " or ")
        if not (partner or acts(scene.head(name.span), scene.lexicon)):
            continue
        last = name.span
        if any(mention.span.overlaps(name.span) and mention.form == "name" for mention in scene.mentions.values()):
            continue
        if name.actor:
            scene.add(name.span, scene.known(name.actor), "metonym")
            continue
        same = [actor for actor in scene.actors.values() if actor.label == name.words and actor.basis == "article"]
        region = same[0] if same else local_actor(scene.article, name.span, label=name.words)
        scene.add(name.span, region, "metonym")


def _context(scene: Scene, token: Token) -> str:
    """Return the state that the text is about at a token: the one named last in the sentence, else in the paragraph."""
    earlier = [
        mention for mention in scene.mentions.values()
        if mention.span.start < token.idx and scene.actors[mention.actor].kind == "State"
    ]
    here = [mention for mention in earlier if scene.sentence(mention.span.start) == scene.sentence(token.idx)]
    seat = next(filter(None, map(scene.capital_at, scene.doc[token.sent.start : token.i])), "")
    if seat:  # "In Kyiv, the Foreign Ministry …"
        scene.add_known(seat)
        return seat
    subjects = [mention for mention in here if _leads(scene, mention)]
    beside = [mention for mention in earlier if scene.paragraph(mention.span.start) == scene.paragraph(token.idx)]
    last = max(subjects or here or beside, key=lambda mention: mention.span.start, default=None)
    return last.actor if last is not None else scene.home(before=token.idx)


def _leads(scene: Scene, mention: Mention) -> bool:
    """Return whether a state's name belongs to the subject of its clause."""
    head = scene.head(mention.span)
    return any(step.dep_.startswith("nsubj") for step in (head, *list(head.ancestors)[:1]))


def _take_up(scene: Scene, tokens: Iterable[Token], *, taken: set[int]) -> None:
    """Resolve pronouns and descriptions from left to right, each with what is known before it."""
    discourse = Discourse(scene=scene)
    for token in tokens:
        if token.text.casefold() == "other":
            for actor in resolve_other(scene, discourse, token):
                scene.refer(scene.cut(scene.doc[token.i - 1], token), actor, "nominal")
        elif token.pos_ in ("PRON", "DET"):
            for actor in resolve_pronoun(scene, discourse, token):
                scene.refer(scene.cut(token, token), actor, "pronoun")
        elif token.pos_ in ("NOUN", "PROPN", "ADJ") and token.i not in taken:
            _describe(scene, discourse, token)
        discourse.refresh()


def _describe(scene: Scene, discourse: Discourse, token: Token) -> None:
    """Add what a noun that is no name stands for: an actor named elsewhere, or somebody unnamed."""
    if any(scene.head(mention.span).i == token.i for mention in scene.covered(token)):
        return
    if any(mention.form == "name" for mention in scene.covered(token)):
        return
    if token.pos_ == "NOUN" and _continues(scene, token):
        return
    if describe_bodies(scene, token):
        return
    if _describes_next(scene, token) or _is_title(scene, token):
        return
    if describe_local_body(scene, token):
        return
    actors = _so_called(scene, token) or _apposed(scene, token) or resolve_noun(scene, discourse, token)
    if not actors and assume_home(scene, token):
        return
    if not actors:
        actors = _unnamed(scene, discourse, token)
    for actor in actors:
        if actor in scene.actors:
            scene.refer(phrase(scene, token), actor, "nominal")
        elif actor in scene.registry.actors:
            scene.add(phrase(scene, token), scene.known(actor), "nominal")


def _describes_next(scene: Scene, token: Token) -> bool:
    """Return whether a noun only tells what the name behind it is ("the newspaper Le Jour")."""
    if token.i + 1 >= token.sent.end or not (scene.lexicon.kinds(token) or scene.lexicon.role_at(token)):
        return False
    after = scene.doc[token.i + 1]
    return after.pos_ == "PROPN" and any(
        mention.form == "name" and mention.span.start == after.idx for mention in scene.covered(after)
    )


def _is_title(scene: Scene, token: Token) -> bool:
    """Return whether a word is only a title before a name ("Sens. Ana Vega")."""
    titled = token.text.strip(".").casefold() in scene.lexicon.titles
    return titled and token.i + 1 < token.sent.end and scene.doc[token.i + 1].text[0].isupper()


def _apposed(scene: Scene, token: Token) -> tuple[str, ...]:
    """Return whoever is named in apposition to a noun, on either side of it: a person for a role, else no person."""
    beside = [child for child in token.children if child.dep_ in ("appos", "flat") and child.i > token.i]
    between = scene.doc[token.head.i : token.i]
    if token.dep_ == "appos" and not any(other.pos_ in ("VERB", "AUX", "CCONJ") for other in between):
        beside.append(token.head)
    for other in beside:
        for mention in scene.covered(other):
            kind = scene.actors[mention.actor].kind
            fits = (kind == "Person") == (scene.lexicon.role_at(token) is not None)
            if mention.form == "name" and fits and scene.head(mention.span).i == other.i:
                scene.nouns.setdefault(mention.actor, set()).add(token.text.casefold())
                return (mention.actor,)
    return ()


def _so_called(scene: Scene, token: Token) -> tuple[str, ...]:
    """Return the body whose name is given behind a noun: "a group calling itself Red Dawn"."""
    end = min(token.i + 5, token.sent.end)
    words = [other.text.casefold() for other in scene.doc[token.i + 1 : end]]
    if not words or words[0] not in ("calling", "called", "named", "known", "dubbed"):
        return ()
    for other in scene.doc[token.i + 2 : end]:
        for mention in scene.covered(other):
            if mention.form == "name" and scene.actors[mention.actor].kind == "Organization":
                return (mention.actor,)
    return ()


def _continues(scene: Scene, token: Token) -> bool:
    """Return whether a noun only modifies the next one ("police officers")."""
    if token.dep_ in ("compound", "amod", "nmod:desc") and token.head.i > token.i:
        return True
    return token.i + 1 < len(scene.doc) and is_split(token, scene.doc[token.i + 1])


def _unnamed(scene: Scene, discourse: Discourse, token: Token) -> tuple[str, ...]:
    """Return somebody known by description only, or the person whom the next sentences name."""
    role = scene.lexicon.role_at(token)
    if role is not None and not is_plural(token) and is_agent(scene, token):
        later = named_later(scene, discourse, token, role[1].office or role[1].word)
        if later:
            return (later,)
    found = describe_group(scene, token)
    if found is None:
        return ()
    span, actor = found
    scene.add(span, actor, "nominal")
    if role is not None and role[1].gender:
        scene.genders[actor.id] = role[1].gender
    return ()


def _cast(scene: Scene) -> Cast:
    """Return the cast: mentions sorted, actors only where they are mentioned or belong to what is mentioned."""
    mentions = sorted(scene.mentions.values(), key=lambda mention: (mention.span, mention.actor))
    mentioned = {mention.actor for mention in mentions}
    actors: dict[str, Actor] = {
        identifier: replace(actor, aliases=tuple(name for name in actor.aliases if name != actor.label))
        for identifier, actor in sorted(scene.actors.items()) if identifier in mentioned
    }
    tenures = {(tenure.person, tenure.evidence): tenure for tenure in scene.tenures}
    return Cast(
        actors=actors, mentions=tuple(mentions),
        tenures=tuple(sorted(tenures.values(), key=lambda tenure: tenure.evidence)),
    )
