"""The offices and occupations that the article gives to people, before or behind their names.

"Kremlin spokesman Dmitry Peskov", "Tom Alweendo, the mines minister", "Malaysia's prime minister, Najib Razak": the
article's own words win over the registry, which only names the office and fills in what the article leaves out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.actors.discourse import Discourse
from kg.actors.lexicon import Role
from kg.actors.people import current_affiliation
from kg.actors.phrases import left_edge
from kg.actors.references import resolve_noun
from kg.actors.scene import Scene, name_slug
from kg.language.document import Token
from kg.model import Mention, Office, Span, Tenure

FORMER = frozenset({"former", "ex", "late", "then", "ousted", "deposed", "onetime", "one-time", "erstwhile", "jailed"})
PLAIN = frozenset({"the", "a", "an", "its", "their", "his", "her", "our", "'s", "’s", "’", "'", "new", "top", "current",
                   "veteran", "longtime", "long-time", "outspoken", "own", "acting", "outgoing", "newly", "elected",
                   "fellow", "embattled", "one", "two", "-", ","})
COMPLEMENT = ("of", "for", "at", "with", "from", "in", "to", "on")
BODIES = ("of", "for", "at", "with", "in", "from")
RELATIVES = frozenset({"who", "whom", "whose", "which", "that", "as", "where", "when", "since", "while"})
WIDTH = 14  # tokens of an apposition
ENVOYS = frozenset({"ambassador", "delegate", "deputy", "diplomat", "envoy", "minister", "negotiator", "representative",
                    "spokesman", "spokesperson", "spokeswoman"})  # they speak for the state behind a capital


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A role that the article gives to a person: where it stands, whose it is, and whether it is over."""

    first: Token
    last: Token
    role: Role
    words: str
    body: str
    former: bool


def read_roles(scene: Scene) -> set[int]:
    """Read the roles of all people named; return the numbers of the tokens that stand for them beside their names."""
    taken: set[int] = set()
    people = [
        mention for mention in sorted(scene.mentions.values(), key=lambda mention: mention.span)
        if mention.form == "name" and scene.actors[mention.actor].kind == "Person"
    ]
    for mention in people:
        start = scene.token_at(mention.span.start).i
        if start and _title(scene, scene.doc[start - 1]):
            scene.roles.setdefault(mention.actor, set()).add(_title(scene, scene.doc[start - 1]))
        for given, evidence in _roles_beside(scene, mention):
            taken.update(range(given.first.i, given.last.i + 1))
            scene.refer(scene.cut(given.first, given.last), mention.actor, "role")
            _note(scene, mention.actor, given, evidence)
    for identifier in [actor.id for actor in scene.actors.values() if actor.kind == "Person"]:
        for body in current_affiliation(scene, identifier)[:1]:
            scene.affiliate(identifier, body)
        _recall(scene, identifier)
    return taken


def _roles_beside(scene: Scene, mention: Mention) -> Iterator[tuple[Given, Span]]:
    """Yield the roles right before and right behind a name, with the words that show the person in them."""
    first, last = scene.token_at(mention.span.start), scene.token_at(mention.span.end - 1)
    before = _before(scene, first, last)
    if before is not None:
        yield before, Span(start=left_edge(before.first).idx if before.first.i else 0, end=mention.span.end)
    behind = _behind(scene, last)
    if behind is not None:
        yield behind, Span(start=mention.span.start, end=behind.last.idx + len(behind.last.text))


def _before(scene: Scene, first: Token, last: Token) -> Given | None:
    """Return the role that leads up to a name: "minister of mines Tom", "the foreign secretary, Jeremy"."""
    doc, start = scene.doc, first.sent.start
    end = first.i - 1
    while end >= start and _title(scene, doc[end]):
        end -= 1
    if end < start:
        return None
    comma = doc[end].text == "," and end > start
    if comma:
        end -= 1
    for number in range(end, max(start, end - 9) - 1, -1):
        token = doc[number]
        if _ends_phrase(token):
            return None
        found = scene.lexicon.role_at(token)
        if found is None:
            continue
        adjacent = number == end
        if not adjacent and doc[number + 1].text.casefold() not in COMPLEMENT:
            continue
        if not (adjacent or comma or (_related(token, first) and doc[end].pos_ not in ("ADP", "DET", "CCONJ"))):
            continue
        if comma and not _introduces(scene, token, first, last):
            return None
        return _given(scene, found[0], token, found[1], reach=doc[end])
    return None


def _ends_phrase(token: Token) -> bool:
    """Return whether a token cannot stand inside the phrase of a role."""
    if token.pos_ == "PUNCT":
        return token.text != "-"
    inner = token.dep_ in ("amod", "nmod:poss", "compound")
    return token.pos_ in ("AUX", "SCONJ", "SPACE") or (token.pos_ in ("VERB", "PRON") and not inner)


def _title(scene: Scene, token: Token) -> str:
    """Return a form of address or rank that tells no office ("Rep.", "Mr") as one small word, or ""."""
    word = token.text.strip(".").casefold()
    return word if word in scene.lexicon.titles and scene.lexicon.role_at(token) is None else ""


def _related(token: Token, name: Token) -> bool:
    """Return whether the parse joins a role and a name."""
    steps = [name, *list(name.ancestors)[:2]]
    return any(step.i == token.i for step in steps) or any(step.i == name.i for step in token.ancestors)


def _introduces(scene: Scene, token: Token, name: Token, last: Token) -> bool:
    """Return whether a role before a comma is the one of the name behind it ("the foreign secretary, Jeremy Hunt,").

    An apposition ends in a comma or the verb; an indefinite one must also be one for the parse.
    """
    after = scene.doc[last.i + 1] if last.i + 1 < last.sent.end else last
    closed = after.pos_ in ("PUNCT", "VERB", "AUX") or after.i == last.i
    return closed and (_related(token, name) or left_edge(token).text.casefold() not in ("a", "an"))


def _behind(scene: Scene, last: Token) -> Given | None:
    """Return the role in an apposition behind a name: ", NATO Secretary General,", ", head of the fund,"."""
    doc, end = scene.doc, last.sent.end
    start = last.i + 1
    if start + 1 >= end or doc[start].text not in (",", "(", "–", "—"):
        return None
    for number in range(start + 1, min(start + WIDTH, end)):
        token = doc[number]
        if token.pos_ in ("VERB", "AUX", "PRON", "SCONJ", "CCONJ") and token.text.casefold() not in ("its", "their"):
            return None
        if token.pos_ == "PUNCT" and token.text != "-":
            return None
        found = _longest_role(scene, token)
        if found is None:
            continue
        first, finish, role = found
        if finish.i + 1 < end and doc[finish.i + 1].pos_ == "PROPN" and _is_person(scene, doc[finish.i + 1]):
            return None  # the title of the next name in a list
        if finish.i + 1 < end and doc[finish.i + 1].pos_ == "NOUN" and _longest_role(scene, doc[finish.i + 1]):
            continue
        return _given(scene, first, finish, role, reach=_apposition_end(finish))
    return None


def _is_person(scene: Scene, token: Token) -> bool:
    return any(scene.actors[mention.actor].kind == "Person" for mention in scene.covered(token))


def _longest_role(scene: Scene, token: Token) -> tuple[Token, Token, Role] | None:
    """Return the longest role that begins at or before a token and covers it: first token, last token, row."""
    for ahead in (3, 2, 1, 0):
        end = token.i + ahead
        if end < token.sent.end:
            found = scene.lexicon.role_at(scene.doc[end])
            if found is not None and found[0].i <= token.i:
                return found[0], scene.doc[end], found[1]
    return None


def _apposition_end(token: Token) -> Token:
    """Return the last token before the comma or verb that ends an apposition."""
    last = token
    for number in range(token.i + 1, token.sent.end):
        other = token.doc[number]
        if other.pos_ in ("PUNCT", "VERB", "AUX", "SPACE") or other.text.casefold() in RELATIVES:
            break
        after = token.doc[other.i + 1].pos_ if other.i + 1 < token.sent.end else ""
        if other.pos_ == "CCONJ" and after in ("DET", "PRON", "VERB", "AUX"):
            break
        last = other
    return last


def _given(scene: Scene, first: Token, last: Token, role: Role, *, reach: Token) -> Given:
    """Return a role with the body it is of: the state or body before it, else the one behind it."""
    edge, former = first, False
    body, owner = _possessor(scene, first)
    while edge.i > first.sent.start:
        token = scene.doc[edge.i - 1]
        word = token.text.casefold()
        held = [mention for mention in scene.covered(token) if scene.actors[mention.actor].kind != "Person"]
        if held and held[0].span.end <= first.idx:
            body, edge = held[0].actor, scene.token_at(held[0].span.start)
            break
        if owner is not None and token.i == owner.i:
            edge = left_edge(scene.doc[owner.i - 1]) if owner.text[0] in "'’" else owner
            break
        former = former or word in FORMER
        if not (word in PLAIN or word in FORMER or token.pos_ in ("NOUN", "ADJ", "PROPN")) or word == ",":
            break
        edge = token
        if token.dep_ == "det" or token.pos_ == "PRON":
            break
    else:
        edge = scene.doc[first.sent.start]
    former = former or any(token.text.casefold() in FORMER for token in scene.doc[max(edge.i - 2, 0) : first.i])
    begin = owner.i + 1 if owner is not None and edge.i <= owner.i else edge.i
    words = [
        token.text for token in scene.doc[begin : first.i]
        if token.text.casefold() not in PLAIN | FORMER and token.pos_ in ("NOUN", "ADJ", "PROPN")
        and not any(mention.actor == body for mention in scene.covered(token))
    ]
    behind = _complement(scene, last, reach)
    body = body or behind[0]
    words += [role.office or role.word, *([behind[1]] if behind[1] else [])]
    return Given(first=edge, last=max(last, reach, key=lambda token: token.i), role=role, words=" ".join(words),
                 body=body, former=former)


def _possessor(scene: Scene, first: Token) -> tuple[str, Token | None]:
    """Return the body that "its" or "the company's" before a role takes up, and the last token of these words."""
    number = first.i - 1
    while number >= first.sent.start and first.i - number <= 5:
        token = scene.doc[number]
        if token.text.casefold() in ("its", "their"):
            found = Discourse(scene=scene).best(token, kinds=("State", "Organization"), far=1)
            return (found[0] if found else ""), token
        if token.text in ("'s", "’s", "'", "’") and number > first.sent.start:
            owner = scene.doc[number - 1]
            held = [mention.actor for mention in scene.covered(owner)]
            held = held or list(resolve_noun(scene, Discourse(scene=scene), owner))
            if not held and first.text.casefold() in ENVOYS and scene.capital_at(owner):  # "Moscow's deputy envoy"
                scene.add_known(scene.capital_at(owner))
                return scene.capital_at(owner), token
            return (_speaks_for(scene, held[0]) if held else ""), token
        if token.pos_ not in ("NOUN", "ADJ", "PROPN"):
            break
        number -= 1
    return "", None


def _speaks_for(scene: Scene, actor: str) -> str:
    """Return the body behind an owner: a leader's spokesman speaks for the leader's state."""
    if scene.actors[actor].kind == "Person":
        bodies = scene.actors[actor].affiliations or current_affiliation(scene, actor)
        if bodies:
            scene.add_known(bodies[0])
        return bodies[0] if bodies else ""
    return actor


def _complement(scene: Scene, last: Token, reach: Token) -> tuple[str, str]:
    """Return the body named behind a role ("head of the fund"), or else the words of its field ("of mines")."""
    doc = scene.doc
    if last.i + 2 > reach.i or doc[last.i + 1].text.casefold() not in COMPLEMENT:
        return "", ""
    mark = doc[last.i + 1].text.casefold()
    span = scene.cut(doc[last.i + 2], reach)
    inside = [
        mention for mention in scene.mentions_in(span)
        if scene.actors[mention.actor].kind in ("State", "Organization") and mention.form != "pronoun"
    ]
    words = scene.cut(doc[last.i + 1], reach).of(scene.article.text)
    if inside and mark in BODIES:
        final = max(inside, key=lambda mention: (mention.span.end - mention.span.start, -mention.span.start))
        between = scene.article.text[span.start : final.span.start].strip()
        if between.casefold() in ("", "the"):
            return final.actor, ""
        field = words[: final.span.start - doc[last.i + 1].idx].strip().removesuffix(" of").removesuffix(" in")
        return final.actor, field.removesuffix(" the")
    return "", words


def _note(scene: Scene, person: str, given: Given, evidence: Span) -> None:
    """Keep a role of a person: for later words like "the minister", as affiliation, and as tenure of an office."""
    role = given.role
    scene.roles.setdefault(person, set()).update({role.word, role.office or role.word, given.words.casefold()})
    if role.gender:
        scene.genders.setdefault(person, role.gender)
    if given.former:
        return
    body = given.body
    if body and (role.office or scene.actors[body].kind == "Organization"):
        scene.affiliate(person, body)
    if role.office:
        office = _office(scene, person, given)
        if office is not None:
            scene.tenures.append(Tenure(person=person, office=office, evidence=evidence))


def _office(scene: Scene, person: str, given: Given) -> Office | None:
    """Return the office that a role means: the registry's, else one by name; None where the words are too few."""
    title = " ".join(
        word if word in ("of", "for", "and", "the", "to", "on", "in", "at") else word[:1].upper() + word[1:]
        for word in given.words.split()
    )
    label = f"{title} of {office_body(scene, given.body)}" if given.body else title
    known = scene.registry.office(label) or scene.registry.office(title) or _by_term(scene, person, given)
    if known:
        return scene.registry.offices[known]
    if not given.body and len(given.words.split()) < 3:
        return None
    bodies = (given.body,) if given.body else ()
    return Office(id=f"id/office/{name_slug('Office', label)}", label=label, affiliations=bodies)


def office_body(scene: Scene, body: str) -> str:
    """Return a body's name as it stands behind "of" in the label of an office."""
    label = scene.actors[body].label
    called = any(scene.lexicon.nominals.get(piece) for piece in label.casefold().split())
    plain = called or label.startswith(("United ", "Netherlands", "Philippines"))
    return f"the {label}" if plain and not label.startswith("The ") else label


def _by_term(scene: Scene, person: str, given: Given) -> str:
    """Return the office of a known person that fits the role: held on the article's day, else ever; or ""."""
    fitting = [
        term for term in scene.registry.terms(person)
        if scene.registry.offices[term.office].label.casefold().startswith(given.words.casefold())
        and (not given.body or scene.registry.state_of(given.body) in {
            scene.registry.state_of(body) for body in scene.registry.offices[term.office].affiliations
        })
    ]
    current = [term for term in fitting if term.covers(scene.article.published)]
    return (current or fitting)[0].office if fitting else ""


def _recall(scene: Scene, person: str) -> None:
    """Add the roles that the registry knows of a person on the article's day."""
    for term in scene.registry.terms(person):
        if term.covers(scene.article.published):
            label = scene.registry.offices[term.office].label.casefold()
            scene.roles.setdefault(person, set()).add(label.split(" of ")[0])
