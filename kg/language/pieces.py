"""Words → word pieces: the alphabet that the encoder reads.

Own code over `vocab.txt`: the `tokenizers` package gives the same ids (tests compare them), but it brings an HTTP
client and a hub client along.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

LONGEST_WORD = 100  # characters; BERT's own limit, longer words are [UNK]
MOST_PIECES = 32  # of one token; bounds what a run of odd characters can cost
CACHED_WORDS = 100_000


class WordPiece:
    """Cuts words into the pieces of an uncased BERT vocabulary.

    Source: Wu et al. 2016, section 4.1; the normalisation is that of the published BERT tokenizer.

    >>> from kg.language.pieces import WordPiece
    >>> pieces = WordPiece(["[UNK]", "[CLS]", "[SEP]", "deny", "den", "##ied", "."])
    >>> pieces.ids("Denied."), pieces.ids("☃")
    ((4, 5, 6), (0,))
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._cache: dict[str, tuple[int, ...]] = {}
        self._unknown = self._numbers["[UNK]"]
        self.first, self.last = self._numbers["[CLS]"], self._numbers["[SEP]"]

    @classmethod
    def read(cls, path: Path) -> "WordPiece":
        """Read a vocabulary file: one piece a line, its number is the line's."""
        return cls(path.read_text(encoding="utf-8").rstrip("\n").split("\n"))

    def ids(self, word: str) -> tuple[int, ...]:
        """Return the numbers of a word's pieces: at least one, at most `MOST_PIECES`."""
        found = self._cache.get(word)
        if found is None:
            if len(self._cache) >= CACHED_WORDS:
                self._cache.clear()
            found = tuple(number for part in _parts(word) for number in self._cut(part))[:MOST_PIECES]
            found = self._cache[word] = found or (self._unknown,)
        return found

    def _cut(self, part: str) -> list[int]:
        if len(part) > LONGEST_WORD:
            return [self._unknown]
        numbers: list[int] = []
        start = 0
        while start < len(part):
            mark = "##" if start else ""
            for end in range(len(part), start, -1):
                number = self._numbers.get(mark + part[start:end])
                if number is not None:
                    break
            else:
                return [self._unknown]
            numbers.append(number)
            start = end
        return numbers


def _parts(word: str) -> list[str]:
    """Normalise a word and split it at punctuation, blanks and Chinese characters."""
    parts, glued = [], False
    for character in _normalise(word):
        if character.isspace():
            glued = False
        elif _stands_alone(character):
            parts.append(character)
            glued = False
        elif glued:
            parts[-1] += character
        else:
            parts.append(character)
            glued = True
    return parts


def _normalise(word: str) -> str:
    if word.isascii() and word.isprintable():
        return word.lower()
    kept = "".join(character for character in word if character.isspace() or not _is_control(character))
    bare = (character for character in unicodedata.normalize("NFD", kept) if unicodedata.category(character) != "Mn")
    return "".join(bare).lower()


def _is_control(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character)[0] == "C"


def _stands_alone(character: str) -> bool:
    if character.isascii():
        return not character.isalnum() and character.isprintable()
    return unicodedata.category(character)[0] == "P" or _is_chinese(ord(character))


def _is_chinese(code: int) -> bool:
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0x20000 <= code <= 0x2CEAF
        or 0xF900 <= code <= 0xFAFF
        or 0x2F800 <= code <= 0x2FA1F
    )
