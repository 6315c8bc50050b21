"""The lexicon of agreements, read from ontology/lexicon/agreements.csv."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.errors import OntologyError
from kg.language.document import Token
from kg.vocabulary import Vocabulary, table

LEXICON = "agreements.csv"
# role → scheme of its values
VALUED = {"noun": "agreement", "modifier": "agreement", "deed": "agreement", "verb": "status", "event": "status"}
PLAIN = ("duty", "content", "condition", "aid", "attack", "sides", "side", "body", "against", "refuse", "denial",
         "done", "planned", "series", "parted", "vague", "counterpart", "mediate", "courtesy",
         "accuse", "idiom", "office", "gathering", "organ", "dispute", "pledge", "goodwill", "crowd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One row: its words, the concept it stands for, and how it joins with an agreement."""

    words: tuple[str, ...]
    value: str
    frames: tuple[str, ...]
    agents: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The rows by role and by their first word (nouns: by their head, the word before "of" or else the last)."""

    valued: Mapping[str, Mapping[str, tuple[Term, ...]]]
    plain: Mapping[str, frozenset[str]]

    def of(self, role: str, token: Token) -> tuple[Term, ...]:
        """Return the terms of a role that a token can begin (or head), longest first."""
        rows = self.valued[role]
        found = dict.fromkeys((*rows.get(lemma(token), ()), *rows.get(token.lower_, ())))
        if not found:
            return ()
        return tuple(sorted(found, key=lambda term: -len(term.words)))

    def has(self, role: str, token: Token) -> bool:
        """Return whether a token is a word of a plain role, in its dictionary form or as written."""
        return lemma(token) in self.plain[role] or token.lower_ in self.plain[role]


def lemma(token: Token) -> str:
    """Return the dictionary form in lower case, the word itself where the analysis gives none."""
    return (token.lemma_ or token.text).casefold()


def load_terms() -> Terms:
    """Return the lexicon of agreements that ships with the package.

    Raises: OntologyError: a row has an unknown role, or a value that its scheme lacks.

    >>> [term.value for term in load_terms().valued["noun"]["truce"]]
    ['ceasefire']
    """
    return read_terms(table("lexicon", LEXICON))


def read_terms(rows: Iterable[Mapping[str, str]]) -> Terms:
    """Return the lexicon in rows with the columns role, term, value, frames and agents.

    Raises: OntologyError: as `load_terms`.
    """
    valued: dict[str, dict[str, list[Term]]] = {role: defaultdict(list) for role in VALUED}
    plain: dict[str, set[str]] = {role: set() for role in PLAIN}
    known = {scheme: {str(iri).rpartition("#")[2] for iri in found} for scheme, found in Vocabulary().concepts.items()}
    for row in rows:
        role, terms = row["role"], row["term"].split("|")
        if role in plain:
            plain[role].update(terms)
        elif role not in valued or row["value"] not in known[VALUED[role]]:
            raise OntologyError(f"ontology/lexicon/{LEXICON}", found=f"role {role!r} with value {row['value']!r}",
                                repair="use a role of its header and a concept of ontology/schemes.ttl")
        else:
            for term in terms:
                words = tuple(term.split())
                found = Term(words=words, value=row["value"], frames=tuple(row["frames"].split()), agents=row["agents"])
                valued[role][_head(words) if role == "noun" else words[0]].append(found)
    return Terms(
        valued={role: {word: tuple(found) for word, found in rows.items()} for role, rows in valued.items()},
        plain={role: frozenset(found) for role, found in plain.items()},
    )


def _head(words: tuple[str, ...]) -> str:
    return words[words.index("of") - 1] if "of" in words else words[-1]
