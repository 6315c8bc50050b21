"""Bodies by name and by description: companies and agencies, ministries, governments, administrations, armies.

"The Chinese government" is China; "the Chinese Foreign Ministry", "Indonesian police" and "the Macron administration"
are bodies that belong to a state.
"""

import re
from collections.abc import Container, Iterator, Sequence

from kg.actors.phrases import complements, determiner, is_agent, left_edge, modifiers, phrase
from kg.actors.registry import Key, name_key
from kg.actors.scene import Named, Scene, local_actor, named_actor
from kg.language.document import Token
from kg.model import Mention, Span

FIELDS = {"foreign": "Foreign Affairs", "defense": "Defence", "national defense": "National Defence"}
USUAL = {"id/state/USA": "US", "id/state/GBR": "British"}  # what stands before the name of a body of theirs
COMPANY = frozenset({"inc", "corp", "corporation", "ltd", "limited", "plc", "group", "holdings", "co", "company", "ag",
                     "se", "sa", "electronics", "motors", "motor", "technologies", "international", "industries",
                     "energy", "airlines", "bank", "llc", "nv", "spa", "oil", "media", "entertainment"})
INTRODUCED = re.compile(r"[\"“]?\s?\((?:the )?[\"“]?([A-Z][A-Za-z&-]{1,9})[\"”]?\)")
SMALL = frozenset({"of", "the", "and", "for", "in", "on", "to", "de", "la", "du", "des"})
LEADERS = frozenset({"president", "premier", "chancellor"})
ACTING_ONLY = frozenset({"forces", "troops", "court", "mission", "delegation", "opposition", "church", "presidency",
                         "judiciary", "assembly", "high court"})
GENERIC = frozenset({"air", "appeal", "appeals", "armed", "border", "cassation", "central", "coast", "constitutional",
                     "federal", "foreign", "high", "intelligence", "lower", "military", "national", "of", "security",
                     "state", "supreme", "the", "upper"})
LOCAL = frozenset({"association", "board", "church", "club", "college", "commission", "committee", "council", "court",
                   "federation", "foundation", "hospital", "institute", "laboratory", "league", "observatory", "panel",
                   "party", "school", "society", "tribunal", "union", "university"})
UNNAMED = frozenset({"its", "their", "his", "her", "our", "my", "your", "a", "an", "this", "that", "any", "some", "no",
                     "each", "every", "another", "both", "these", "those"})


def identify_bodies(scene: Scene, names: Sequence[Named]) -> None:
    """Add the organizations that are named; spellings of one body become one actor.

    An acronym joins the name that it abbreviates (written beside it in brackets, or by its initials), a short form the
    longer name that it ends ("Intelligence Committee"), a firm's first name the full one ("Acme", "Acme Holdings").
    """
    found = [name for name in names if name.kind == "Organization" and not name.actor]
    for name in names:
        if name.kind == "Organization" and name.actor:
            scene.add(name.span, scene.known(name.actor), "metonym" if name.use == "building" else "name")
            _note_noun(scene, name, name.actor)
    own = [name for name in found if not _is_described(scene, name)]
    short = _short_forms(scene, own)
    for name in own:
        full = short.get(name.words, name.words)
        known = scene.registry.named(full)
        actor = scene.known(known) if known else named_actor("Organization", full)
        scene.add(name.span, actor, "name")
        _note_noun(scene, name, actor.id)
        if name.words != actor.label and not known:
            scene.add(name.span, named_actor("Organization", full, aliases=(name.words,)), "name")


def _note_noun(scene: Scene, name: Named, actor: str) -> None:
    """Keep the noun that stands before a body's name, by which it may go later ("the newspaper X … the paper")."""
    first = scene.token_at(name.span.start)
    if first.i and not first.is_sent_start and scene.lexicon.kinds(scene.doc[first.i - 1]):
        scene.nouns.setdefault(actor, set()).add(scene.doc[first.i - 1].text.casefold())


def _is_described(scene: Scene, name: Named) -> bool:
    """Return whether a marked body is one that needs its state to be told from others ("Foreign Ministry")."""
    kinds = set(scene.lexicon.kinds(scene.head(name.span)))
    if {"ministry", "government", "cabinet"} & kinds:
        return len(scene.stretch(name.span)) <= 6
    if " " not in name.words and "body" in kinds:
        return True  # "the Council", named in full elsewhere
    return "institution" in kinds and _is_generic(scene, name)


def _is_generic(scene: Scene, name: Named) -> bool:
    """Return whether every state may have a body of this name ("Supreme Court")."""
    pieces = name.words.casefold().split()
    return all(piece in GENERIC or piece in scene.lexicon.nominals for piece in pieces)


def add_stateless(scene: Scene, names: Sequence[Named]) -> None:
    """Add the bodies of a general name whose state the article does not tell: actors of this article alone."""
    for name in names:
        if name.kind != "Organization" or name.actor or not _is_described(scene, name):
            continue
        kinds = set(scene.lexicon.kinds(scene.head(name.span)))
        if scene.covered(scene.head(name.span)) or {"cabinet", "government"} & kinds:
            continue
        if " " not in name.words and "body" in kinds and "institution" not in kinds:
            continue
        same = [
            actor for actor in scene.actors.values()
            if actor.kind == "Organization" and name.words in (actor.label, *actor.aliases)
        ]
        local = local_actor(scene.article, name.span, label=name.words, kind="Organization")
        scene.add(name.span, same[0] if same else local, "name")


def _short_forms(scene: Scene, names: Sequence[Named]) -> dict[str, str]:
    """Return the full name of each name that is an abbreviation or a part of another one of the article."""
    text = scene.article.text
    full: dict[str, str] = {}
    words = list(dict.fromkeys(name.words for name in names))
    labels = [*words, *(actor.label for actor in scene.actors.values() if actor.kind == "Organization")]
    for name in names:
        beside = INTRODUCED.match(text[name.span.end : name.span.end + 16].lstrip(" "))
        if beside and beside.group(1) != name.words:
            full[beside.group(1)] = name.words
    for word in words:
        longer = [label for label in labels if label != word and _shortens(name_key(word), name_key(label))]
        if word not in full and len(set(longer)) == 1:
            full[word] = longer[0]
    return full


def _shortens(short: Key, long: Key) -> bool:
    """Return whether one name can stand for a longer one.

    >>> _shortens(("DNC",), ("Democratic", "National", "Committee")), _shortens(("Acme",), ("Acme", "Holdings"))
    (True, True)
    """
    if len(short) >= len(long):
        return False
    if len(short) > 1:
        return long[-len(short) :] == short or (long[: len(short)] == short and long[-1].casefold() in COMPANY)
    initials = "".join(piece[0] for piece in long if piece.casefold() not in SMALL)
    if len(long) > 2 and short[0][0].isupper() and short[0].casefold() == initials.casefold():
        return True
    return long[0] == short[0] and all(piece.casefold() in COMPANY for piece in long[1:])


def describe_bodies(scene: Scene, token: Token, *, state: str = "", generic: Container[int] = ()) -> bool:
    """Add the body or government that a common or proper noun describes, and return whether it does.

    Args:
        scene: The article so far.
        token: The noun ("government", "Ministry", "navy").
        state: The state that the text is about where the noun names none; "" if that is unclear.
        generic: Numbers of the tokens that end the name of a body, though one that many states have.
    """
    kinds = scene.lexicon.kinds(token)
    if not kinds or token.pos_ not in ("NOUN", "PROPN", "ADJ") or _inside_name(scene, token):
        return False
    owner, last = _owner(scene, token)
    if "government" in kinds and owner and not _names_field(scene, token):
        scene.refer(phrase(scene, token, reach=last), owner, "nominal")
        return True
    if "ministry" in kinds:
        return _ministry(scene, token, owner or ("" if _has_other_owner(scene, token) else state), last)
    if token.i in generic and token.text[0].isupper():
        owner = owner or scene.home(clearly=True)
    if "institution" in kinds and owner and not _are_many(scene, token):
        return _institution(scene, token, owner, last)
    return False


def _are_many(scene: Scene, token: Token) -> bool:
    """Return whether a noun speaks of several bodies at once ("their militaries")."""
    return token.text.casefold() not in scene.lexicon.nominals and token.text.casefold().endswith("s")


def describe_cabinet(scene: Scene, token: Token) -> bool:
    """Add the administration, cabinet or team that a noun describes ("the Macron administration"), if it does."""
    if "cabinet" not in scene.lexicon.kinds(token) or _inside_name(scene, token):
        return False
    owner, last = _owner(scene, token)
    return _administration(scene, token, owner, last)


def describe_local_body(scene: Scene, token: Token) -> bool:
    """Add a body that is told apart by its place or state: "the Cologne laboratory", "Port Calder's city council"."""
    if token.pos_ != "NOUN" or token.text.casefold() not in LOCAL or determiner(token) in UNNAMED:
        return False
    first = left_edge(token)
    before = scene.doc[first.i : token.i]
    states = [mention.actor for mention in modifiers(scene, token) if scene.actors[mention.actor].kind == "State"]
    if not (states or any(scene.place_at(other) for other in before)):
        return False
    span = phrase(scene, token)
    label = _bare(span.of(scene.article.text)).replace("’s ", " ").replace("'s ", " ")
    actor = named_actor("Organization", " ".join(label.split()), aliases=(_bare(span.of(scene.article.text)),))
    scene.add(span, actor, "name")
    if states:
        scene.affiliate(actor.id, states[0])
    return True


def assume_home(scene: Scene, token: Token) -> bool:
    """Add a bare "police" or "the army" that acts as that of the state that the article is about, if there is one."""
    if "institution" not in scene.lexicon.kinds(token) or not is_agent(scene, token):
        return False
    home = scene.home()
    if not home or token.text.casefold() in ACTING_ONLY or determiner(token) not in ("", "the"):
        return False
    return _institution(scene, token, home, None)


def _inside_name(scene: Scene, token: Token) -> bool:
    """Return whether a noun is part of a name that has been read already."""
    return any(
        mention.form in ("name", "metonym") and mention.span.start <= token.idx < mention.span.end
        for mention in scene.covered(token)
    )


def _owner(scene: Scene, token: Token) -> tuple[str, Token | None]:
    """Return the state that a noun belongs to, and the last token of "of Japan" where it stands behind it."""
    for mention in modifiers(scene, token):
        if scene.actors[mention.actor].kind == "State":
            return mention.actor, None
    for child in complements(token, "of", "in"):
        if scene.capital_at(child):
            scene.add_known(scene.capital_at(child))
            return scene.capital_at(child), None
        for mention in scene.covered(child):
            if scene.actors[mention.actor].kind == "State" and mention.form in ("name", "nominal"):
                return mention.actor, child
    if token.dep_ == "conj" and determiner(token) == "":  # "the Chinese government and military"
        return _owner(scene, token.head)[0], None
    return "", None


def _has_other_owner(scene: Scene, token: Token) -> bool:
    """Return whether a noun belongs to a body or group that is no state: "the Taliban's Ministry of Finance"."""
    holders = [child for child in token.children if child.dep_ == "nmod:poss" and child.pos_ in ("PROPN", "NOUN")]
    kinds = ({scene.actors[mention.actor].kind for mention in scene.covered(child)} for child in holders)
    return any("State" not in found for found in kinds)


def _names_field(scene: Scene, token: Token) -> bool:
    """Return whether "authority" belongs to a named body ("the Aviation Authority of Nepal")."""
    return token.text in ("Authority", "Leadership") or (token.text.casefold() == "authority" and token.pos_ == "NOUN")


def _administration(scene: Scene, token: Token, owner: str, last: Token | None) -> bool:
    """Add the administration, cabinet or team of a leader, or that of a state's president."""
    leader = next((
        mention for mention in modifiers(scene, token) if scene.actors[mention.actor].kind == "Person"
    ), None)
    if leader is not None:
        label = f"{leader.span.of(scene.article.text)} {token.text.casefold()}"
        _drop_compound(scene, leader, token)
        actor = named_actor("Organization", label)
        scene.add(phrase(scene, token), actor, "name")
        bodies = scene.actors[leader.actor].affiliations
        scene.affiliate(actor.id, bodies[0] if bodies else owner)
        return True
    for child in complements(token, "of"):
        states = [mention.actor for mention in modifiers(scene, child) if scene.actors[mention.actor].kind == "State"]
        if child.text.casefold() in LEADERS and states:
            state = scene.actors[states[0]]
            known = scene.registry.named(f"Administration of the President of the {state.label}") or (
                scene.registry.named(f"Administration of the President of {state.label}"))
            span = phrase(scene, token, reach=child)
            if known:
                scene.add(span, scene.known(known), "nominal")
            else:
                scene.refer(span, state.id, "nominal")
            return True
    if owner and token.text.casefold() in ("administration", "cabinet"):
        scene.refer(phrase(scene, token, reach=last), owner, "nominal")
        return True
    return False


def _drop_compound(scene: Scene, leader: Mention, token: Token) -> None:
    """Forget the leader's own mention where the name only tells the administration apart ("the Macron cabinet")."""
    if scene.token_at(leader.span.start).dep_ in ("compound", "nmod", "amod") and leader.span.end == token.idx - 1:
        scene.drop(leader)


def _ministry(scene: Scene, token: Token, owner: str, last: Token | None) -> bool:
    """Add a ministry or department: "the Chinese Foreign Ministry", "the Ministry of Mines"."""
    field_words, span = _field(scene, token, last)
    if not field_words:
        return False
    word = token.text.capitalize()
    spoken = span.of(scene.article.text)
    known = next(filter(None, map(scene.registry.named, _spellings(scene, owner, field_words, word))), "")
    if known:
        scene.add(span, scene.known(known), "name")
        return True
    portfolio = FIELDS.get(field_words.casefold(), " ".join(
        piece if piece in SMALL else piece[:1].upper() + piece[1:] for piece in field_words.split()
    ))
    mark = "for" if f"{word} for ".casefold() in f"{spoken} ".casefold() else "of"
    label = f"{word} {mark} {portfolio}" if word in ("Ministry", "Department") else f"{portfolio} {word}"
    if owner:
        label = f"{label} of {_with_article(scene.actors[owner].label)}"
    scene.add(span, named_actor("Organization", label, aliases=(_bare(spoken),)), "name")
    if owner:
        scene.affiliate(named_actor("Organization", label).id, owner)
    return True


def _with_article(label: str) -> str:
    """Return a state's name as it stands after "of"."""
    plural = label.startswith(("United ", "Netherlands", "Philippines", "Bahamas", "Maldives", "Czech Rep"))
    return f"the {label}" if plural else label


def _bare(words: str) -> str:
    return re.sub(r"^(?:the|The|a|A|its|their)\s+", "", words)


def _field(scene: Scene, token: Token, last: Token | None) -> tuple[str, Span]:
    """Return the field of a ministry in words, and the span that names it: without article and state."""
    for child in complements(token, "of", "for"):
        if child.pos_ in ("NOUN", "PROPN") and not any(
            scene.actors[mention.actor].kind == "State" and mention.span.start <= child.idx
            for mention in scene.covered(child)
        ):
            end = _field_end(child)
            start = left_edge(child)
            return scene.cut(start, end).of(scene.article.text), scene.cut(_named_edge(scene, token), end)
    first = _named_edge(scene, token)
    if first.i == token.i:
        return "", scene.cut(token, token)
    words = scene.cut(first, scene.doc[token.i - 1]).of(scene.article.text)
    return words, scene.cut(first, token if last is None else last)


def _field_end(child: Token) -> Token:
    """Return the last token of a field: "mines and energy", "Interior"."""
    ends = [child, *(other for other in child.children if other.dep_ == "conj" and other.pos_ in ("NOUN", "PROPN"))]
    return max(ends, key=lambda token: token.i)


def _named_edge(scene: Scene, token: Token) -> Token:
    """Return where the name of a body starts: behind its article, its state and what describes it."""
    first = token
    while first.i > left_edge(token).i:
        before = scene.doc[first.i - 1]
        modifier = before.dep_ in ("compound", "amod", "nmod", "flat", "nmod:desc", "conj", "cc", "punct")
        if not modifier or before.pos_ not in ("NOUN", "PROPN", "ADJ", "CCONJ") or any(
            scene.actors[mention.actor].kind in ("State", "Person") for mention in scene.covered(before)
        ):
            break
        first = before
    while first.i < token.i and (first.pos_ == "CCONJ" or first.text.casefold() in ("former", "own", "powerful")):
        first = scene.doc[first.i + 1]
    return first


def _spellings(scene: Scene, owner: str, field_words: str, word: str) -> Iterator[str]:
    """Yield how the registry could name a ministry."""
    name = f"{field_words} {word}"
    if owner:
        label = scene.actors[owner].label
        for adjective in scene.registry.adjectives(owner):
            yield f"{adjective} {name}"
            yield f"{adjective} {word} of {field_words}"
        for written in (name, name.title(), f"{word} of {field_words}"):
            yield f"{written} of {label}"
        yield f"{label} {name}"
        if label == "United States":
            yield f"US {name}"
            yield f"US {word} of {field_words}"
        if label == "United Kingdom":
            yield f"UK {name}"
    yield name.title() if name.islower() else name


def _institution(scene: Scene, token: Token, owner: str, last: Token | None) -> bool:
    """Add an army, parliament or court by its state: "the Turkish parliament", "Japan's navy"."""
    first = _named_edge(scene, token)
    words = scene.cut(first, token).of(scene.article.text)
    if (words.casefold() in ACTING_ONLY or token.text.casefold() in ACTING_ONLY) and not (
        is_agent(scene, token) and token.text[0].islower()
    ) and not words[0].isupper():
        return False
    if token.pos_ == "NOUN" and first.is_sent_start:
        words = words[0].lower() + words[1:]
    adjectives = scene.registry.adjectives(owner)
    label = f"{adjectives[0]} {words}" if adjectives else f"{words} of {scene.actors[owner].label}"
    usual = USUAL.get(owner, "")
    label = f"{usual} {words}" if usual else label
    spellings = (f"{adjective} {words}" for adjective in (usual, *adjectives) if adjective)
    known = next(filter(None, map(scene.registry.named, spellings)), "")
    span = phrase(scene, token, reach=last)
    if known:
        scene.add(span, scene.known(known), "name")
    else:
        actor = named_actor("Organization", label, aliases=(_bare(span.of(scene.article.text)),))
        scene.add(span, actor, "name")
        scene.affiliate(actor.id, owner)
    return True
