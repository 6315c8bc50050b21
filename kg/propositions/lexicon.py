"""The lexicon of acts: which words name which act, and where their agents and targets stand.

Four tables of ontology/lexicon carry the knowledge; the modules beside this one only interpret them:

    acts.csv       a word, the act it names, and the places of agent and target in its sentence
    objects.csv    classes and topics of nouns and adjectives, on which rows of acts.csv depend ("supply" + arms)
    causes.csv     words that tie a ground to what follows from it ("lead to", "because of", "a sign of")
    anaphors.csv   nouns that take up an earlier statement ("these reports"), with the stances they can mean
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rdflib import SKOS, URIRef

from kg.errors import OntologyError
from kg.language.document import Token, kept_by
from kg.vocabulary import Vocabulary, table

OF_ITS_OBJECT = "object"  # in the act column: a carrier verb, whose act its object names ("hold talks")
BLAMED = ("behind", "accused")  # places where the doer of whatever deed a noun names can stand
ALONE = "!"  # in the agent or target column: one is needed, in whatever place
JOINING = frozenset({"with", "between", "among", "obj"})  # places in the agent column that make an act a joint one
KINDS = frozenset({"@persons", "@states", "@bodies", "@people"})  # in the objects column: what kind of actors they are
FROM_THE_WORDS = "?"  # in the topic column: the words beside the predicate tell the topic
CLASSES_OF_WORD = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective"}
PARTS_OF_A_PHRASE = frozenset({"compound:prt", "advmod", "case", "mark", "compound", "amod", "obj", "obl", "xcomp"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One reading of one word.

    `agent` and `target` name places, tried in this order: subj, obj, iobj, poss ("Russia's veto"), adj ("Russian
    attack"), noun ("US strike"), obj.own ("Russian" in "received Russian gas"), or a preposition. A place in
    `required` has to hold an actor for the row to apply; a row that `needs_agent` or `needs_target` says too little to
    be worth a proposition without one. `objects`: classes, one of which the words of the object must have; empty when
    any object will do. `kinds`: "@persons" when people do it to people or bodies ("attacked his rival"), "@states" when
    states do it, "@bodies" when it is done to a body ("buy a rival"), "@people" when it is done to people ("name
    her"). Something, if no actor, has to stand in the `present` places ("at" in "fired shells at a village").
    """

    words: tuple[str, ...]
    act: str
    agent: tuple[str, ...]
    target: tuple[str, ...]
    required: frozenset[str] = frozenset()
    needs_agent: bool = False
    needs_target: bool = False
    objects: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    topic: str = ""

    @property
    def carries(self) -> bool:
        """Whether the act is told by the object, as in "carry out an attack"."""
        return self.act == OF_ITS_OBJECT

    @property
    def symmetric(self) -> bool:
        """Whether both sides do the same, so that all of them are agents."""
        return not self.target and bool(JOINING & set(self.agent))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A verb or noun that ties a ground to an effect, and the places of both.

    `kind`: "cause" makes both true ("led to"), "influence" only where no actor does it ("encourage"), "shows" gives
    the ground as a sign of the effect ("demonstrate").
    """

    words: tuple[str, ...]
    kind: str
    ground: tuple[str, ...]
    effect: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """All that the lexicon knows, indexed by lemma.

    `phrases` tells of "because of" or "as evidence of" whether what follows is a ground or a conclusion; `anaphors`
    leads from a noun to the stances that it can take up, `broader` from an act to the act above it; `tellers` are cues
    that only put a clause forward, whatever it says ("say", "insist").
    """

    rows: Mapping[tuple[str, str], tuple[Row, ...]]
    classes: Mapping[str, frozenset[str]]
    topics: Mapping[str, str]
    causes: Mapping[tuple[str, str], tuple[Cause, ...]]
    phrases: Mapping[str, str]
    anaphors: Mapping[str, tuple[str, ...]]
    tellers: frozenset[str]
    broader: Mapping[str, str]

    @kept_by
    def rows_of(self, token: Token) -> tuple[Row, ...]:
        """Return the readings of a token as a predicate, the most specific first."""
        word_class = CLASSES_OF_WORD.get(token.pos_, "")
        found = next((rows for form in forms_of(lemma_of(token)) if (rows := self.rows.get((form, word_class)))), ())
        if not found:
            return ()
        particles = {lemma_of(child) for child in token.children if child.dep_ == "compound:prt"}
        return tuple(row for row in found if has_words(token, row.words) and particles <= set(row.words))

    def causes_of(self, token: Token) -> tuple[Cause, ...]:
        """Return the ways in which a token ties a ground to an effect."""
        found = self.causes.get((lemma_of(token), CLASSES_OF_WORD.get(token.pos_, "")), ())
        return tuple(cause for cause in found if has_words(token, cause.words))

    def classes_of(self, lemmas: Iterable[str]) -> frozenset[str]:
        """Return all classes that any of the words has."""
        return frozenset(name for lemma in lemmas for form in forms_of(lemma) for name in self.classes.get(form, ()))

    def related(self, act: str, other: str) -> bool:
        """Return whether two acts are one, or one lies somewhere above the other."""
        return other in self.lineage(act) or act in self.lineage(other)

    def lineage(self, act: str) -> tuple[str, ...]:
        """Return an act and all acts above it, the nearest first."""
        found = [act]
        while found[-1] in self.broader:
            found.append(self.broader[found[-1]])
        return tuple(found)


def lemma_of(token: Token) -> str:
    """Return the lemma of a token in lower case."""
    return (token.lemma_ or token.text).casefold()


def forms_of(lemma: str) -> tuple[str, ...]:
    """Return a lemma, and its singular where the analysis left it plural.

    >>> forms_of("troops")
    ('troops', 'troop')
    """
    return (lemma, lemma.removesuffix("s")) if lemma.endswith("s") and len(lemma) > 3 else (lemma,)


def has_words(token: Token, words: tuple[str, ...]) -> bool:
    """Return whether all words after the first of a phrase ("carry out", "engage in") hang on its first."""
    if len(words) == 1:
        return True
    parts = [child for child in token.children if child.dep_ in PARTS_OF_A_PHRASE
             and not (child.i < token.i and child.dep_ in ("case", "mark"))]
    cases = [part for child in token.children if child.dep_ in ("obl", "nmod") for part in child.children
             if part.dep_ == "case"]
    return set(words[1:]) <= {lemma_of(part) for part in (*parts, *cases)}


def load_acts() -> Acts:
    """Read the tables of ontology/lexicon and the act scheme.

    Raises: OntologyError: a row names an act that the scheme does not have; the message quotes the row.

    >>> [row.act for row in load_acts().rows["veto", "noun"]]
    ['veto']
    """
    broader, known = _scheme()
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for line in table("lexicon/acts.csv"):
        row = _row(line)
        if row.act not in known and not row.carries:
            raise OntologyError("ontology/lexicon/acts.csv", found=f"{line['lemma']}: no act {row.act!r}",
                                repair="choose a concept of the act scheme or add it to ontology/schemes.ttl")
        rows[row.words[0], line["pos"]].append(row)
    objects, links = table("lexicon/objects.csv"), table("lexicon/causes.csv")
    causes: dict[tuple[str, str], list[Cause]] = defaultdict(list)
    for line in links:
        if line["pos"] != "phrase":
            causes[line["words"].split()[0], line["pos"]].append(_cause(line))
    return Acts(
        rows={key: tuple(sorted(found, key=_specificity)) for key, found in rows.items()},
        classes={line["lemma"]: frozenset(line["classes"].split()) for line in objects},
        topics={line["lemma"]: line["topic"] for line in objects if line["topic"]},
        causes={key: tuple(sorted(found, key=lambda cause: -len(cause.words))) for key, found in causes.items()},
        phrases={line["words"]: line["kind"] for line in links if line["pos"] == "phrase"},
        anaphors={line["lemma"]: tuple(line["stances"].split()) for line in table("lexicon/anaphors.csv")},
        tellers=frozenset(
            word for line in table("lexicon/cues.csv") for word in line["lemma"].split("|")
            if "clause" in line["frames"].split() and line["polarity"] == "positive"),
        broader=broader,
    )


def _row(line: Mapping[str, str]) -> Row:
    """Return the record of one line of acts.csv; a place that ends in "!" is required, "!" alone means any."""
    places = line["agent"].split() + line["target"].split()
    agent = tuple(place.rstrip("!+") for place in line["agent"].split() if place != ALONE)
    if line["pos"] == "noun" and "by" in agent and not (JOINING & set(agent)):
        agent = (*agent, *BLAMED)
    return Row(
        words=tuple(line["lemma"].split()), act=line["act"], topic=line["topic"], agent=agent,
        target=tuple(place.rstrip("!+") for place in line["target"].split() if place != ALONE),
        required=frozenset(place.rstrip("!") for place in places if place.endswith("!") and place != ALONE),
        needs_agent=ALONE in line["agent"].split(), needs_target=ALONE in line["target"].split(),
        present=frozenset(place.rstrip("+") for place in places if place.endswith("+")),
        objects=frozenset(line["objects"].split()) - KINDS, kinds=frozenset(line["objects"].split()) & KINDS,
    )


def _cause(line: Mapping[str, str]) -> Cause:
    """Return the record of one line of causes.csv."""
    return Cause(
        words=tuple(line["words"].split()), kind=line["kind"],
        ground=tuple(line["ground"].split()), effect=tuple(line["effect"].split()),
    )


def _specificity(row: Row) -> tuple[int, bool, bool, bool, bool]:
    """Return a key that puts rows with more conditions first; carriers apply only where the object is an act."""
    return (-len(row.words), not row.carries, not row.objects, not row.kinds, not (row.required | row.present))


def _scheme() -> tuple[Mapping[str, str], frozenset[str]]:
    """Return which act stands above which, and the names of all acts."""
    graph = Vocabulary().graph("schemes.ttl")
    scheme = URIRef(Vocabulary().base + "ns/act")
    names = frozenset(_name(act) for act in graph.subjects(SKOS.inScheme, scheme))
    if not names:
        raise OntologyError("ontology/schemes.ttl", found=f"no concept is in the scheme {scheme}",
                            repair="give each act its skos:inScheme")
    broader = {_name(act): _name(above) for act, above in graph.subject_objects(SKOS.broader)
               if (act, SKOS.inScheme, scheme) in graph}
    return broader, names


def _name(concept: object) -> str:
    """Return the local name of a concept."""
    return str(concept).rpartition("#")[2]
