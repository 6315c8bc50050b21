"""The words by which texts speak of actors: titles, roles, nouns for bodies, verbs that only actors do."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from kg.language.document import Token, kept_by
from kg.vocabulary import table

NOUN = ("NOUN", "PROPN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A noun for a person by what he or she is; `office` is the position's name in labels, "" if it is none."""

    word: str
    use: str
    gender: str
    office: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """The tables of ontology/lexicon that this package reads, by word.

    `nominals` gives the kinds of a noun, `acts` the words by which a place shows itself to be an actor, as (use,
    word), `neighbours` whom "its southern neighbour" means, `hypernyms` the narrower roles that a word takes up,
    `given` the gender of given names, `last_words` the words that roles end in.
    """

    roles: Mapping[str, Role]
    titles: Mapping[str, str]
    nominals: Mapping[str, tuple[str, ...]]
    acts: frozenset[tuple[str, str]]
    neighbours: Mapping[tuple[str, str], str]
    hypernyms: Mapping[str, frozenset[str]]
    given: Mapping[str, str]
    last_words: frozenset[str]

    @kept_by
    def role_at(self, token: Token) -> tuple[Token, Role] | None:
        """Return the role that ends at a token, as its first token and its row; the longest one counts.

        Compounds of up to four words are tried, so "prime minister" is not a "minister".
        """
        if not {form.rsplit(" ", 1)[-1] for form in role_words(token, 1)} & self.last_words:
            return None
        for length in (4, 3, 2, 1):
            first = token.i - length + 1
            if first < token.sent.start:
                continue
            words = role_words(token, length)
            for word in words:
                if word in self.roles:
                    return token.doc[first], self.roles[word]
        return None

    @kept_by
    def kinds(self, token: Token) -> tuple[str, ...]:
        """Return the kinds of body or state that a noun names, by itself or with the noun before it."""
        if token.i > token.sent.start:
            pair = f"{token.doc[token.i - 1].text} {token.text}".casefold()
            if pair in self.nominals:
                return self.nominals[pair]
        return self.nominals.get(token.text.casefold(), ()) or self.nominals.get(token.lemma_.casefold(), ())


def role_words(token: Token, length: int) -> tuple[str, ...]:
    """Return how the last `length` words up to a token may stand in the table: as they are, or in the singular."""
    before = [other.text.casefold() for other in token.doc[token.i - length + 1 : token.i]]
    last = token.text.casefold()
    forms = (last, token.lemma_.casefold(), _singular(last))
    return tuple(" ".join((*before, form)).replace(" - ", "-") for form in forms)


def _singular(word: str) -> str:
    """Return a singular for the regular plurals that a lemmatiser may leave: "ministries", "spokesmen", "chiefs"."""
    for ending, single in (("ies", "y"), ("men", "man"), ("sses", "ss"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + single
    return word


@cache
def load_lexicon() -> Lexicon:
    """Read the tables; they are read once and shared.

    >>> load_lexicon().roles["spokeswoman"].office
    'spokesman'
    """
    nominals: dict[str, tuple[str, ...]] = {}
    for row in table("lexicon/nominals.csv"):
        nominals[row["word"]] = (*nominals.get(row["word"], ()), row["kind"])
    narrower: dict[str, set[str]] = {}
    for row in table("lexicon/hypernyms.csv"):
        narrower.setdefault(row["word"], set()).add(row["narrower"])
    roles = {
        row["word"]: Role(word=row["word"], use=row["use"], gender=row["gender"], office=row["office"])
        for row in table("lexicon/roles.csv")
    }
    return Lexicon(
        roles=roles,
        last_words=frozenset(word.rsplit(" ", 1)[-1] for word in roles) | {
            word.rsplit("-", 1)[-1] for word in roles
        },
        titles={row["word"].casefold(): row["gender"] for row in table("lexicon/titles.csv")},
        nominals=nominals,
        acts=frozenset((row["use"], row["word"]) for row in table("lexicon/acting.csv")),
        neighbours={
            (row["state"], row["side"]): row["neighbour"] for row in table("lexicon/neighbours.csv")
        },
        given={row["name"]: row["gender"] for row in table("lexicon/given.csv")},
        hypernyms={word: frozenset(words) for word, words in narrower.items()},
    )
