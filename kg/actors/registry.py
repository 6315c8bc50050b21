"""The known actors: read from ontology/actors.ttl and the tables of names beside it.

The Turtle holds who there is (states, bodies, people, offices); the tables hold how texts speak of them (demonyms,
capitals and seats) and who held which office when.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pyoxigraph

from kg.errors import OntologyError
from kg.model import Actor, Office
from kg.vocabulary import ontology_file, table

BASE = "registry:/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
FOAF = "http://xmlns.com/foaf/0.1/"
KINDS = ("State", "Organization", "Person")
PIECE = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+")
SHORT = 3  # capital letters up to here stay as they are: "US" is no "Us", but "KREMLIN" is the "Kremlin"
LETTERS = str.maketrans({"ı": "i", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ß": "s", "æ": "a"})

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a name stands for, and how: name, adjective, people, capital, building, or none (no actor at all)."""

    actor: str
    use: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A person in an office, from the first to the last day that the table gives; both may be unknown."""

    person: str
    office: str
    start: date
    end: date

    def covers(self, day: date) -> bool:
        """Return whether the person held the office on `day`."""
        return self.start <= day <= self.end


class Registry:
    """The known actors and offices, found by name.

    Args:
        actors: The actors by id.
        offices: The offices by id.
        names: What each name stands for, by the name's key.
        families: The people that a family name can mean, by its key.
        terms: Who held which office when.
        office_names: Other names of offices, as (name, id).
        shorts: Short names that count behind "the" once the whole name is in the article ("the North").
        others: Words that tell that a name is not the state's in an article, by the name.
    """

    def __init__(
        self, *, actors: Mapping[str, Actor], offices: Mapping[str, Office], names: Mapping[Key, Known],
        families: Mapping[Key, tuple[str, ...]], terms: Iterable[Term], office_names: Iterable[tuple[str, str]],
        shorts: Mapping[str, str], others: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.actors = actors
        self.offices = offices
        self.names = names
        self.families = families
        self.shorts = shorts
        self.others = others
        self._offices_by_name = {office_key(name): office for name, office in office_names}
        self._terms: dict[str, list[Term]] = defaultdict(list)
        for term in terms:
            self._terms[term.person].append(term)
        self._lengths: dict[str, int] = defaultdict(int)
        for key in names:
            self._lengths[key[0]] = max(self._lengths[key[0]], len(key))
        self._adjectives: dict[str, tuple[str, ...]] = {}
        for key, known in names.items():
            if known.use == "adjective":
                self._adjectives[known.actor] = (*self._adjectives.get(known.actor, ()), " ".join(key))

    def begins(self, piece: str) -> bool:
        """Return whether a name of more than one piece begins with this one."""
        return self._lengths.get(piece, 0) > 1

    def longest(self, pieces: Sequence[str]) -> tuple[int, Known] | None:
        """Return the longest name that `pieces` begin with, as its number of pieces and what it stands for."""
        for length in range(min(self._lengths.get(pieces[0], 0), len(pieces)), 0, -1):
            known = self.names.get(tuple(pieces[:length]))
            if known is not None:
                return length, known
        return None

    def named(self, name: str) -> str:
        """Return the id of the actor that a whole name means, or ""."""
        known = self.names.get(name_key(name))
        return known.actor if known is not None and known.use in ("name", "building") else ""

    def adjectives(self, state: str) -> tuple[str, ...]:
        """Return the adjectives of a state ("North Korean"), the usual one first."""
        return self._adjectives.get(state, ())

    def office(self, name: str) -> str:
        """Return the id of the office with a name, or ""; case and articles do not count."""
        return self._offices_by_name.get(office_key(name), "")

    def terms(self, person: str) -> tuple[Term, ...]:
        """Return the offices that a person held, as far as the table tells."""
        return tuple(self._terms.get(person, ()))

    def in_office(self, person: str, day: date) -> bool:
        """Return whether a person held an office on a day."""
        return any(term.covers(day) for term in self.terms(person))

    def surname(self, person: str) -> str:
        """Return the family name by which texts call a known person, or ""."""
        return next((" ".join(key) for key, people in self.families.items() if person in people), "")

    def state_of(self, actor: str) -> str:
        """Return the state that an actor belongs to, itself included, or "".

        >>> registry = load_registry()
        >>> registry.state_of("id/org/us-department-of-state")
        'id/state/USA'
        """
        seen: set[str] = set()
        while actor and actor not in seen and not actor.startswith("id/state/"):
            seen.add(actor)
            known = self.actors.get(actor)
            actor = known.affiliations[0] if known is not None and known.affiliations else ""
        return actor if actor.startswith("id/state/") else ""


@cache
def load_registry() -> Registry:
    """Read the registry; it is read once and shared.

    Raises: OntologyError: the Turtle or a table cannot be read, or names an actor that is not there.

    >>> registry = load_registry()
    >>> registry.actors[registry.named("DPRK")].label
    'North Korea'
    """
    properties = _properties()
    actors: dict[str, Actor] = {}
    offices: dict[str, Office] = {}
    names: dict[Key, Known] = {}
    families: dict[Key, tuple[str, ...]] = {}
    office_names: list[tuple[str, str]] = []
    for subject, values in properties.items():
        kind = values[RDF + "type"][0].removeprefix(BASE + "ns#")
        if kind == "Office":
            offices[subject] = _office(subject, values)
            office_names += [(name, subject) for name in _names(values)]
        elif kind in KINDS:
            actors[subject] = _actor(subject, kind, values)
            names |= {name_key(name): Known(actor=subject, use="name") for name in _names(values)}
            for family in values.get(FOAF + "familyName", ()):
                families[name_key(family)] = (*families.get(name_key(family), ()), subject)
    shorts: dict[str, str] = {}
    for row in (*table("lexicon/demonyms.csv"), *table("lexicon/metonyms.csv")):
        _expect(row["actor"], row["use"] in ("none", "region") or row["actor"] in actors)
        name = row.get("word") or row["name"]
        if row["use"] == "short":
            shorts[name] = row["actor"]
        elif row["use"] == "building" or name_key(name) not in names:
            names[name_key(name)] = Known(actor=row["actor"], use=row["use"])
    terms = tuple(_terms(actors, offices))
    return Registry(
        actors=actors, offices=offices, names=names, families=families, terms=terms, office_names=office_names,
        shorts=shorts, others=_others(),
    )


def _others() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in table("lexicon/ambiguous.csv"):
        found[row["name"]] = (*found.get(row["name"], ()), row["other"])
    return found


def name_key(name: str) -> Key:
    """Return the pieces of a name without accents, hyphens, dots and shouting, so that spellings meet.

    >>> name_key("Kim Jong-un"), name_key("U.S."), name_key("KREMLIN")
    (('Kim', 'Jong', 'un'), ('US',), ('Kremlin',))
    """
    return tuple(piece_key(piece.group()) for piece in PIECE.finditer(name))


def piece_key(piece: str) -> str:
    """Return one piece of a name as it is looked up."""
    bare = piece.replace(".", "")
    if not bare.isascii():
        bare = "".join(
            sign for sign in unicodedata.normalize("NFKD", bare.translate(LETTERS)) if not unicodedata.combining(sign)
        )
    return bare.capitalize() if bare.isupper() and len(bare) > SHORT else bare


def office_key(name: str) -> str:
    """Return the words of an office's name that tell it apart.

    >>> office_key("The Vice-President of the United States")
    'vice president of united states'
    """
    return " ".join(piece.casefold() for piece in name_key(name) if piece.casefold() != "the")


def _properties() -> dict[str, dict[str, list[str]]]:
    """Return property → values of each subject of the Turtle; ids are relative again."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    data = ontology_file("actors.ttl").read_bytes()
    try:
        triples = tuple(pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.TURTLE, base_iri=BASE))
    except SyntaxError as error:
        raise OntologyError("ontology/actors.ttl", found=str(error), repair="correct the Turtle") from error
    for triple in triples:
        if isinstance(triple.subject, pyoxigraph.NamedNode) and not isinstance(triple.object, pyoxigraph.Triple):
            found[triple.subject.value.removeprefix(BASE)][triple.predicate.value].append(triple.object.value)
    return found


def _actor(subject: str, kind: str, values: Mapping[str, Sequence[str]]) -> Actor:
    matches = values.get(SKOS + "exactMatch", ())
    return Actor(
        id=subject, kind=kind, label=values[RDFS + "label"][0], basis="registry",
        aliases=tuple(values.get(SKOS + "altLabel", ())),
        affiliations=tuple(body.removeprefix(BASE) for body in values.get(BASE + "ns#affiliation", ())),
        wikidata=matches[0].rsplit("/", 1)[-1] if matches else "",
    )


def _office(subject: str, values: Mapping[str, Sequence[str]]) -> Office:
    bodies = tuple(body.removeprefix(BASE) for body in values.get(BASE + "ns#affiliation", ()))
    return Office(id=subject, label=values[RDFS + "label"][0], affiliations=bodies)


def _names(values: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield from values[RDFS + "label"]
    yield from values.get(SKOS + "altLabel", ())


def _terms(actors: Mapping[str, Actor], offices: Mapping[str, Office]) -> Iterator[Term]:
    for row in table("lexicon/tenures.csv"):
        _expect(row["person"], row["person"] in actors)
        _expect(row["office"], row["office"] in offices)
        yield Term(
            person=row["person"], office=row["office"], start=first_day(row["start"]), end=last_day(row["end"]),
        )


def first_day(text: str) -> date:
    """Return the first day of a year, month or day; the empty text is the beginning of time.

    >>> first_day("2017"), first_day("2017-03")
    (datetime.date(2017, 1, 1), datetime.date(2017, 3, 1))
    """
    if not text:
        return date.min
    year, month, day = (*text.split("-"), "1", "1")[:3]
    return date(int(year), int(month), int(day))


def last_day(text: str) -> date:
    """Return the last day of a year, month or day; the empty text is the end of time.

    >>> last_day("2017"), last_day("2016-02")
    (datetime.date(2017, 12, 31), datetime.date(2016, 2, 29))
    """
    match text.split("-"):
        case [""]:
            return date.max
        case [year]:
            return date(int(year), 12, 31)
        case [year, month]:
            return date(int(year) + int(month) // 12, int(month) % 12 + 1, 1) - timedelta(days=1)
    return first_day(text)


def _expect(identifier: str, known: bool) -> None:
    if not known:
        raise OntologyError("ontology/lexicon", found=f"a row for {identifier}", repair="add it to ontology/actors.ttl")
