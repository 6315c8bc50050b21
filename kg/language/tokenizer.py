"""Text → words and marks of English, the very ones that spaCy 3.8 gives.

spaCy itself takes longer to import than an article to read, for this one part of it. Its rules are data, taken over as
they are: `english/tokenizer.json`, written by `python -m training.tokenizer`.

Source: spaCy's description of its algorithm, https://spacy.io/usage/linguistic-features#how-tokenizer-works
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources

CHUNK = re.compile(r"\s+|\S+")
CACHED_CHUNKS = 50_000

Words = tuple[str, ...]
Place = tuple[int, int]  # first word, end


class Tokenizer:
    """Cuts texts by affixes and exceptions.

    Args:
        patterns: Regular expressions of "prefix", "suffix", "infix" and "url".
        exceptions: Texts that have words of their own ("can't": "ca", "n't").

    >>> list(load_tokenizer()("He can't, (as they say)."))[:4]
    [('He', True), ('ca', False), ("n't", False), (',', True)]
    """

    def __init__(self, *, patterns: Mapping[str, str], exceptions: Mapping[str, Sequence[str]]) -> None:
        compiled = {name: re.compile(pattern) for name, pattern in patterns.items()}
        self._prefix, self._suffix = compiled["prefix"].search, compiled["suffix"].search
        self._infixes, self._url = compiled["infix"].finditer, compiled["url"].match
        self._cache: dict[str, Words] = {}
        self._exceptions: dict[str, Words] = {}
        self._phrases: dict[str, list[Words]] = defaultdict(list)
        phrases = [(text, self._uncached(text)) for text in exceptions if self._is_cut(text)]
        self._exceptions = {text: tuple(words) for text, words in exceptions.items()}
        for text, words in phrases:
            if words != self._exceptions[text] or len(words) > 1:
                self._phrases[words[0]].append(words)

    def __call__(self, text: str) -> Iterator[tuple[str, bool]]:
        """Yield the words, each with whether one blank follows; together they are the text."""
        words: list[str] = []
        spaces: list[bool] = []
        for chunk in CHUNK.findall(text):
            if words and chunk[0] == " ":
                spaces[-1] = True
                chunk = chunk[1:]
            if chunk:
                found = self._words(chunk)
                words.extend(found)
                spaces.extend([False] * len(found))
        if not self._phrases.keys().isdisjoint(words):
            words, spaces = self._with_phrases(words, spaces)
        return zip(words, spaces, strict=True)

    def _is_cut(self, text: str) -> bool:
        """Return whether an exception can have been cut before it was seen as one: "c++", ":)"."""
        return bool(self._prefix(text) or self._suffix(text) or next(self._infixes(text), None) or " " in text)

    def _words(self, chunk: str) -> Words:
        found = self._cache.get(chunk)
        if found is None:
            if len(self._cache) >= CACHED_CHUNKS:
                self._cache.clear()
            found = self._cache[chunk] = self._uncached(chunk)
        return found

    def _uncached(self, chunk: str) -> Words:
        before, middle, after = self._without_affixes(chunk)
        return (*before, *self._middle(middle), *reversed(after))

    def _without_affixes(self, text: str) -> tuple[list[str], str, list[str]]:
        """Return the prefixes, what is left, and the suffixes, the outermost first."""
        before: list[str] = []
        after: list[str] = []
        while text and text not in self._exceptions:
            found = self._prefix(text)
            start = found.end() - found.start() if found else 0
            if start and text[start:] in self._exceptions:
                return [*before, text[:start]], text[start:], after
            found = self._suffix(text[start:])
            end = len(text) - (found.end() - found.start() if found else 0)
            if end < len(text) and text[:end] in self._exceptions:
                return before, text[:end], [*after, text[end:]]
            if not start and end == len(text):
                break
            if start and start > end:
                end = len(text)
            before += [text[:start]] if start else []
            after += [text[end:]] if end < len(text) else []
            text = text[start:end]
        return before, text, after

    def _middle(self, text: str) -> Iterator[str]:
        """Yield the words of a text without affixes, cut at its hyphens and the like."""
        if text in self._exceptions:
            yield from self._exceptions[text]
            return
        start = 0
        for found in () if self._url(text) else self._infixes(text):
            if not found.start():
                continue
            if found.start() > start:
                yield text[start : found.start()]
            if found.end() > found.start():
                yield found.group()
            start = found.end()
        if text[start:]:
            yield text[start:]

    def _with_phrases(self, words: list[str], spaces: list[bool]) -> tuple[list[str], list[bool]]:
        """Return the words with those exceptions in one piece again that affixes cut apart."""
        new_words: list[str] = []
        new_spaces: list[bool] = []
        last = 0
        for start, end in self._exceptional(words):
            text = "".join(word + " " * space for word, space in zip(words[start:end], spaces[start:end], strict=True))
            known = self._exceptions.get(text.removesuffix(" ") if spaces[end - 1] else text)
            if known is not None:
                new_words += [*words[last:start], *known]
                new_spaces += [*spaces[last:start], *[False] * (len(known) - 1), spaces[end - 1]]
                last = end
        return [*new_words, *words[last:]], [*new_spaces, *spaces[last:]]

    def _exceptional(self, words: Sequence[str]) -> list[Place]:
        """Return the places of exceptions in text order, longer ones before those that they overlap."""
        found = [
            (start, start + len(phrase)) for start, word in enumerate(words) for phrase in self._phrases.get(word, ())
            if tuple(words[start : start + len(phrase)]) == phrase
        ]
        found.sort(key=lambda place: (place[0] - place[1], place[0]))
        taken: set[int] = set()
        kept = []
        for start, end in found:
            if start not in taken and end - 1 not in taken:
                kept.append((start, end))
            taken.update(range(start, end))
        return sorted(kept)


def load_tokenizer() -> Tokenizer:
    """Return the tokenizer for English."""
    path = resources.files("kg.language") / "english" / "tokenizer.json"
    rules = json.loads(path.read_text(encoding="utf-8"))
    return Tokenizer(patterns=rules["patterns"], exceptions=rules["exceptions"])
