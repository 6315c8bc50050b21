"""The attribution cues of ontology/lexicon/cues.csv, and where the words of a text match them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kg.errors import OntologyError
from kg.language.document import Token, kept_by
from kg.statements.words import low
from kg.vocabulary import table

CUES = "cues.csv"
REACH = 4  # tokens after the first word within which the further words of a phrase must follow ("raised the alarm")
HELPING = frozenset({"have", "be", "do", "get"})
ENDING = frozenset({"VERB", "AUX", "ADP", "SCONJ", "PUNCT"})  # classes that end a phrase before its further words
# The encoder's tags for one and the same word vary ("concerned" is verb or adjective, "according" verb or adposition).
SAME_CLASS: Mapping[str, tuple[str, ...]] = {
    "VERB": ("VERB", "AUX"), "AUX": ("AUX",), "NOUN": ("NOUN",), "PROPN": ("PROPN", "NOUN"), "ADJ": ("ADJ", "VERB"),
    "ADV": ("ADV",), "ADP": ("ADP", "VERB", "SCONJ"),
}
JUDGING = frozenset({"ADJ", "NOUN", "VERB"})  # tags of a word that judges: "called it groundless"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row: a cue, what can hold its content, and what it says about the speaker's relation to that content."""

    words: tuple[str, ...]
    pos: str
    frames: tuple[str, ...]
    stance: str
    polarity: str
    certainty: str
    weight: float

    def takes(self, frame: str) -> bool:
        """Return whether the content can stand in `frame`."""
        return frame in self.frames

    @property
    def hears(self) -> bool:
        """Whether the object of the verb is who hears the words."""
        return "hear" in self.frames


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A row and the tokens that match its words, the first word first."""

    entry: Entry
    tokens: tuple[Token, ...]

    @property
    def head(self) -> Token:
        """The token of the first word."""
        return self.tokens[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """The lexicon, by first word."""

    entries: Mapping[str, tuple[Entry, ...]]

    @kept_by
    def matches(self, token: Token) -> tuple[Match, ...]:
        """Return the rows whose first word is `token`: longer phrases first, then narrow frames, then as in the file.

        A phrase with the frame `never` ("deny access") is no cue, whatever its first word can be.
        """
        entries = self.entries.get(_lemma(token), ()) or self.entries.get(low(token), ())
        if not entries:
            return ()
        found = []
        for entry in entries:
            tokens = _phrase(token, entry)
            if tokens:
                found.append(Match(entry=entry, tokens=tokens))
        found.sort(key=lambda match: -len(match.tokens))
        return () if found and found[0].entry.takes("never") else tuple(found)

    def inner_words(self, token: Token, frame: str) -> Iterator[Entry]:
        """Yield the rows of a frame that `token` matches: `judgement` and `hedge`, words of the content."""
        yield from (match.entry for match in self.matches(token) if match.entry.takes(frame))


def load_cues() -> Cues:
    """Read the lexicon.

    Raises: OntologyError: a row is broken.

    >>> cues = load_cues()
    >>> [entry.stance for entry in cues.entries["deny"]][0]
    'denies'
    """
    entries: dict[str, list[Entry]] = defaultdict(list)
    for row in table("lexicon", CUES):
        for spelling in row["lemma"].split()[0].split("|"):
            entries[spelling].append(read_entry(row, spelling))
    return Cues(entries={word: tuple(sorted(found, key=_is_general)) for word, found in entries.items()})


def _is_general(entry: Entry) -> bool:
    """Return whether no frame of a row is narrowed ("clause:should"); narrow rows are tried first."""
    return not any(":" in frame for frame in entry.frames)


def read_entry(row: Mapping[str, str], spelling: str) -> Entry:
    """Return a row of the table as an entry, under one spelling of its first word.

    Raises: OntologyError: a cell is empty, or its part of speech or weight is none.
    """
    where = f"ontology/lexicon/{CUES}, row {row['lemma']!r}"
    empty = [name for name in ("lemma", "pos", "frames", "stance", "polarity", "weight") if not row.get(name)]
    if empty:
        raise OntologyError(where, found=f"nothing under {', '.join(empty)}", repair="fill the cell")
    if row["pos"] not in SAME_CLASS:
        raise OntologyError(where, found=f"pos {row['pos']!r}", repair=f"write one of {', '.join(SAME_CLASS)}")
    if not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", row["weight"]):
        raise OntologyError(where, found=f"weight {row['weight']!r}", repair="write a number from 0 to 1")
    return Entry(words=(spelling, *row["lemma"].split()[1:]), pos=row["pos"], frames=tuple(row["frames"].split()),
                 stance=row["stance"], polarity=row["polarity"], certainty=row["certainty"] or "",
                 weight=float(row["weight"]))


def _phrase(token: Token, entry: Entry) -> tuple[Token, ...]:
    """Return the tokens that match the words of a row that starts at `token`; none when they do not."""
    if token.pos_ not in SAME_CLASS[entry.pos] and not (entry.takes("judgement") and token.pos_ in JUDGING):
        return ()
    if token.pos_ == "AUX" and entry.pos == "VERB" and _lemma(token) in HELPING:
        return ()  # "have said": the helping verb is no cue
    if entry.pos == "ADJ" and low(token) != entry.words[0]:
        return ()  # "concerns" as a verb is not the adjective "concerned"
    found = [token]
    end = min(token.i + 1 + REACH, len(token.doc))
    following = iter(token.doc[token.i + 1:end])
    for word in entry.words[1:]:
        for other in following:
            if word in (low(other), _lemma(other)):
                found.append(other)
                break
            if other.pos_ in ENDING:
                return ()
        else:
            return ()
    return tuple(found)


def _lemma(token: Token) -> str:
    return (token.lemma_ or low(token)).casefold()
