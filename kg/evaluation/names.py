"""When two names mean the same actor, and when two stretches of words are the same."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

TITLES = frozenset(re.findall(
    r"\w+",
    "mr mrs ms dr sir president prime minister premier foreign defence defense secretary state general chancellor "
    "spokesman spokeswoman spokesperson senator rep representative ambassador leader king queen chairman chief deputy "
    "vice colonel senior brigadier major admiral economy energy petroleum us u s",
))
SMALL_WORDS = frozenset(re.findall(r"\w+", "the a an of in on at to for and or by with from that this as s"))
_WORD = re.compile(r"\w+(?:[’']\w+)?")


@lru_cache(maxsize=10_000)
def fold(name: str) -> str:
    """Return a name without what two spellings of it may differ in.

    >>> fold("The U.S.’s envoy, José"), fold("EU's")
    ('us envoy jose', 'eu')
    """
    plain = "".join(found for found in unicodedata.normalize("NFKD", name) if not unicodedata.combining(found))
    plain = re.sub(r"[’']s\b", "", plain.casefold().replace("ı", "i"))
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b|\s|$)", "", plain)
    return " ".join(re.findall(r"\w+", plain)).removeprefix("the ")


def words(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text with their offsets, in one spelling.

    >>> words("It’s “over”")
    [("it's", 0, 4), ('over', 6, 10)]
    """
    return [(found.group().casefold().replace("’", "'"), found.start(), found.end()) for found in _WORD.finditer(text)]


def content_words(texts: Iterable[str]) -> set[str]:
    """Return the words of some texts that carry meaning."""
    return {word for text in texts for word, _, _ in words(text)} - SMALL_WORDS


def is_longer_name(one: str, other: str) -> bool:
    """Return whether one folded name of a person is the other with titles or first names more or less.

    >>> is_longer_name("peskov", "kremlin spokesman dmitry peskov"), is_longer_name("dmitry peskov", "maria peskov")
    (True, False)
    """
    short, long = sorted((one.split(), other.split()), key=len)
    if not short or short[-1] != long[-1]:
        return False
    core = [word for word in short if word not in TITLES] or short[-1:]
    return all(word in long for word in core)


def likeness(names: Iterable[str], *, name: str, others: Collection[str], person: bool) -> int:
    """Return how surely one of `names` means the actor `name`, also called `others`.

    Returns: 3 its own name, 2 another name of it, 1 a longer or shorter form (persons only), 0 not at all.

    >>> likeness(["Moscow"], name="Russia", others=["Moscow", "Kremlin"], person=False)
    2
    """
    own, rest, best = fold(name), {fold(other) for other in others}, 0
    for candidate in filter(None, map(fold, names)):
        if candidate == own:
            return 3
        if candidate in rest:
            best = max(best, 2)
        elif person and any(is_longer_name(candidate, known) for known in rest | {own}):
            best = max(best, 1)
    return best
