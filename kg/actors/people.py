"""Who the personal names of an article mean: full names, surnames after them, and namesakes kept apart."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from kg.actors.phrases import is_agent
from kg.actors.registry import Key, name_key
from kg.actors.scene import Named, Scene, local_actor, named_actor
from kg.model import Span

COUPLE = re.compile(r"\b(?:Mr|Mister)\.? (?:and|&) (?:Mrs|Ms)\.? $")
PARTICLES = frozenset({"al", "el", "bin", "ibn", "van", "von", "de", "der", "den", "di", "da", "dos", "du", "la", "le"})
NEAR = 3  # sentences in which the last of several namesakes is still the one meant
SLACK = timedelta(days=400)  # a leader is known by the surname alone shortly before and after the time in office
RANKED = re.compile(r"(?:[\w.'’-]+\s)+(?:Rep|Sen|Gov|Gen|Lt|Col|Capt|Maj|Adm|Sgt|Mr|Mrs|Ms|Dr|Prof|Rev|Senator|"
                    r"Representative|Congressman|Congresswoman|President|Governor|Mayor|Minister|Ambassador|Secretary)"
                    r"\.?\s(?=\w)")  # what else the encoder took into a name, up to the rank before it


@dataclass(slots=True)
class Person:
    """One person of the article: the name's pieces as first given in full, and where it stands.

    `pair` marks a couple ("Mr and Mrs Vega"), who are no one person.
    """

    key: Key
    label: str
    actor: str = ""
    gender: str = ""
    spans: list[Span] = field(default_factory=list)
    spellings: Counter[str] = field(default_factory=Counter)
    pair: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A personal name without its titles, as it stands in the text."""

    span: Span
    words: str
    key: Key
    gender: str
    actor: str


def identify_people(scene: Scene, names: Iterable[Named]) -> None:
    """Add the people that are named in full, then give the surnames that stand alone to them.

    A surname goes to the one person of the article that bears it; where several do, to the one named last, and only
    shortly before. It never joins two people, and one whose title contradicts is left apart. A surname that nobody in
    the article bears may be that of a leader of the day; else it stands for a person known only here.
    """
    called = [_strip(scene, name) for name in names if name.kind == "Person"]
    called.sort(key=lambda name: _in_title(scene, name))  # headlines run names and verbs together
    people: list[Person] = []
    for name in called:
        if len(name.key) > 1 or name.actor:
            _join(scene, people, name)
    for person in people:
        _enter(scene, person)
    for name in sorted((name for name in called if len(name.key) == 1 and not name.actor), key=lambda name: name.span):
        _place(scene, people, name)


def _in_title(scene: Scene, name: Called) -> bool:
    return any(block.kind == "title" and block.span.holds(name.span) for block in scene.article.blocks)


def _strip(scene: Scene, name: Named) -> Called:
    """Return a name without the titles that the encoder took into it, and with those before it read."""
    words, start = name.words, name.span.start
    gender = ""
    ranked = RANKED.match(words)  # "Montana Sen. Jon Tester"
    if ranked is not None and not name.actor:
        start, words = start + ranked.end(), words[ranked.end() :]
    while True:
        first, _, rest = words.partition(" ")
        if not rest.strip() or first.strip(".").casefold() not in scene.lexicon.titles:
            break
        gender = gender or scene.lexicon.titles[first.strip(".").casefold()]
        start += len(words) - len(rest.lstrip())
        words = rest.lstrip()
    before = scene.article.text[max(start - 24, 0) : start]
    title = re.search(r"([^\W\d_]+)\.? $", before)
    if title and not COUPLE.search(before):
        gender = gender or scene.lexicon.titles.get(title.group(1).casefold(), "")
    span = Span(start=start, end=name.span.end)
    return Called(span=span, words=words, key=name_key(words), gender=gender, actor=name.actor)


def _join(scene: Scene, people: list[Person], name: Called) -> None:
    """Give a full name to the person who bears it, or to a new one."""
    for person in people:
        same = name.actor and name.actor == person.actor
        if same or (not (name.actor and person.actor) and _one_name(person.key, name.key)):
            _meet(person, name)
            person.actor = person.actor or name.actor
            return
    person = Person(key=name.key, label=name.words, actor=name.actor)
    person.actor = person.actor or _without_initials(scene, name.key)
    _meet(person, name)
    people.append(person)


def _meet(person: Person, name: Called) -> None:
    """Give a mention to a person, who goes by the spelling used most, the longest of equals."""
    person.spans.append(name.span)
    person.gender = person.gender or name.gender
    person.spellings[name.words] += 1
    if not person.actor:
        person.label = max(person.spellings, key=lambda words: (person.spellings[words], len(words)))
        person.key = name_key(person.label)


def _one_name(left: Key, right: Key) -> bool:
    """Return whether two full names can be one person's: the shorter is the longer one with parts left out."""
    short, long = sorted((tuple(map(str.casefold, left)), tuple(map(str.casefold, right))), key=len)
    if short == long:
        return True
    if len(short) == 1 or short[-1] != long[-1]:
        return len(short) > 1 and long[: len(short)] == short
    rest = iter(long)
    return all(piece in rest for piece in short)


def _without_initials(scene: Scene, key: Key) -> str:
    """Return the known person that a name with middle initials means, or ""."""
    bare = tuple(piece for number, piece in enumerate(key) if number in (0, len(key) - 1) or len(piece) > 1)
    if bare == key or len(bare) < 2:
        return ""
    known = scene.registry.names.get(bare)
    return known.actor if known is not None and known.actor.startswith("id/person/") else ""


def _enter(scene: Scene, person: Person) -> None:
    """Take a person with a full name into the cast."""
    actor = scene.known(person.actor) if person.actor else named_actor("Person", person.label)
    aliases = tuple(words for words in person.spellings if words != actor.label)
    actor = replace(actor, aliases=tuple(dict.fromkeys((*actor.aliases, *aliases))))
    person.actor = actor.id
    person.gender = person.gender or scene.lexicon.given.get(actor.label.split()[0], "")
    if person.gender:
        scene.genders[actor.id] = person.gender
    for span in person.spans:
        scene.add(span, actor, "name")


def _place(scene: Scene, people: list[Person], name: Called) -> None:
    """Find whom a single name means, and add the mention."""
    text = scene.article.text
    if _abbreviates_body(scene, name):
        return
    couple = bool(COUPLE.search(text[max(name.span.start - 16, 0) : name.span.start]))
    pairs = any(person.pair and person.key == name.key for person in people)
    bearers = [] if couple else [
        person for person in people if _bears(scene, person, name.key[0]) and not person.pair
        and (not name.gender or _gender(scene, person) in ((name.gender,) if pairs else ("", name.gender)))
    ]
    person = _choose(scene, bearers, name.span)
    if person is not None:
        person.spans.append(name.span)
        if name.gender:
            scene.genders.setdefault(person.actor, name.gender)
        scene.refer(name.span, person.actor, "name")
    elif not bearers:
        leader = "" if couple else _leader_of_the_day(scene, name)
        if not (leader or couple or name.gender or _titled(scene, name.span) or _acts(scene, name.span)):
            return
        local = local_actor(scene.article, name.span, label=name.words, kind="Person")
        actor = scene.known(leader) if leader else local
        scene.add(name.span, actor, "name")
        people.append(Person(
            key=name.key, label=name.words, actor=actor.id, gender=name.gender, spans=[name.span], pair=couple,
        ))
        if name.gender:
            scene.genders[actor.id] = name.gender


def _abbreviates_body(scene: Scene, name: Called) -> bool:
    """Add a single word that is the short name of a body of the article to that body; return whether it is one."""
    for actor in scene.actors.values():
        if actor.kind == "Organization" and name.words in (actor.label, *actor.aliases):
            scene.refer(name.span, actor.id, "name")
            return True
    return False


def _acts(scene: Scene, span: Span) -> bool:
    """Return whether a name stands where people do: as subject, source or owner of something."""
    head = scene.head(span)
    return is_agent(scene, head) or head.dep_ == "nmod:poss"


def _gender(scene: Scene, person: Person) -> str:
    return scene.genders.get(person.actor, person.gender)


def _bears(scene: Scene, person: Person, piece: str) -> bool:
    """Return whether a single name can stand for a person: last or first piece, or a known family name."""
    wanted = piece.casefold()
    if person.actor in scene.registry.families.get((piece,), ()):
        return True
    if wanted in (person.key[-1].casefold(), person.key[0].casefold()):
        return True
    inner = [part.casefold() for part in person.key[1:]]
    return wanted in inner and len(wanted) > 2 and wanted not in PARTICLES


def _choose(scene: Scene, bearers: Sequence[Person], span: Span) -> Person | None:
    """Return the one bearer of a surname; of several the one in office, else the one named last, shortly before."""
    if len({person.actor for person in bearers}) < 2:
        return bearers[0] if bearers else None
    ruling = [person for person in bearers if scene.registry.in_office(person.actor, scene.article.published)]
    if len(ruling) == 1:
        return ruling[0]
    here = scene.sentence(span.start)
    last: list[tuple[int, Person]] = []
    for person in bearers:
        earlier = [scene.sentence(other.start) for other in person.spans if other.start < span.start]
        if earlier:
            last.append((max(earlier), person))
    if len(last) == 1:
        return last[0][1]
    last.sort(key=lambda pair: pair[0])
    if last and last[-1][0] >= here - NEAR and last[-1][0] > last[-2][0]:
        return last[-1][1]
    often = sorted(bearers, key=lambda person: -len(person.spans))
    return often[0] if len(often[0].spans) >= 2 * len(often[1].spans) else None


def _leader_of_the_day(scene: Scene, name: Called) -> str:
    """Return the known person whom a bare surname means at the article's date, or "".

    It must be the only one of that name in office (or just out of it), and the article must speak of the state or
    body, or give a title before the name.
    """
    day = scene.article.published
    bearers = scene.registry.families.get(name.key, ())
    current = [person for person in bearers if _in_office(scene, person, day)]
    if len(current) != 1:
        current = [person for person in bearers if _in_office(scene, person, day, slack=SLACK)]
    if len(current) != 1:
        return ""
    bodies = {
        body for term in scene.registry.terms(current[0]) for body in scene.registry.offices[term.office].affiliations
    }
    states = {scene.registry.state_of(body) for body in bodies} | bodies
    return current[0] if states & set(scene.actors) or _titled(scene, name.span) else ""


def _in_office(scene: Scene, person: str, day: date, *, slack: timedelta = timedelta(0)) -> bool:
    return any(
        term.covers(day)
        or (term.start > date.min + slack and term.start - slack <= day <= term.start)
        or (term.end < date.max - slack and term.end <= day <= term.end + slack)
        for term in scene.registry.terms(person)
    )


def _titled(scene: Scene, span: Span) -> bool:
    """Return whether an office or rank stands right before a name ("President Obama")."""
    token = scene.token_at(span.start)
    if token.i == 0:
        return False
    found = scene.lexicon.role_at(scene.doc[token.i - 1])
    return found is not None and bool(found[1].office)


def current_affiliation(scene: Scene, person: str) -> tuple[str, ...]:
    """Return the bodies that a known person belonged to by office on the article's day, the latest office first."""
    day = scene.article.published
    terms = sorted(
        (term for term in scene.registry.terms(person) if term.covers(day)), key=lambda term: term.start, reverse=True,
    )
    bodies = [body for term in terms[:1] for body in scene.registry.offices[term.office].affiliations]
    return tuple(dict.fromkeys(bodies))
