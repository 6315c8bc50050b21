"""How much of the words of an article is published: all, the sentences that something was read from, or only offsets.

The texts belong to their publishers. What was read from them (who said what) is published of every article; of its
words only as much as its source allows. The choice is made when a release is built, so that pages, data, queries and
dumps hold the same. Every article is validated with all its words first, and then what is withheld is left out.

    default = "sentences"

    [sources]
    "MENAFN" = "full"                # a publisher, as the article names it
    "https://open.example/*" = "full"  # or a file name or URL; * stands for anything
    "*.wire.example/*" = "offsets"
"""

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from rdflib import DCTERMS

from kg.errors import KgError
from kg.triples import Triples, iri, literal, text_of
from kg.vocabulary import OA, Vocabulary

FULL, SENTENCES, OFFSETS = "full", "sentences", "offsets"
LEVELS = (FULL, SENTENCES, OFFSETS)
WORDS = ("gist", "quote", "timeText")  # properties of ours that repeat words of the article
_EXACT, _PREFIX, _SUFFIX, _IDENTIFIER = map(iri, (OA.exact, OA.prefix, OA.suffix, DCTERMS.identifier))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """How much of which article is published: the first pattern that fits its source or publisher decides."""

    default: str = SENTENCES
    sources: tuple[tuple[str, str], ...] = ()

    def level(self, *names: str) -> str:
        """Return how much is published of an article, by the names of its source and publishers.

        >>> rights = Rights(sources=(("*.wire.example/*", "offsets"), ("MENAFN", "full")))
        >>> rights.level("a.txt", "MENAFN"), rights.level("https://www.wire.example/1", "MENAFN"), rights.level("b.txt")
        ('full', 'offsets', 'sentences')
        """
        return next((level for pattern, level in self.sources
                     if any(fnmatchcase(name.casefold(), pattern.casefold()) for name in names)), self.default)


def read_rights(path: Path) -> Rights:
    """Return what a TOML file says; this module's first lines show one.

    Raises: KgError: the file cannot be read, or says something else.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise KgError(str(path), found=f"cannot be read ({error.strerror})", repair="name another file") from error
    except ValueError as error:  # no UTF-8, or no TOML
        raise KgError(str(path), found=f"is no TOML ({error})", repair='write it: default = "sentences"') from error
    sources = found.get("sources", {})
    levels = [found.get("default", SENTENCES), *(sources.values() if isinstance(sources, dict) else [sources])]
    wrong = [level for level in levels if level not in LEVELS] or sorted(set(found) - {"default", "sources"})
    if wrong:
        raise KgError(str(path), found=f"{wrong[0]!r} is not understood",
                      repair=f"give default and [sources] one of {', '.join(LEVELS)}")
    return Rights(default=levels[0], sources=tuple(sources.items()))


def withhold(graphs: Iterable[Triples], *, vocabulary: Vocabulary) -> None:
    """Leave out the words of an article: offsets and the SHA-256 of each stretch stay.

    Who has the text can find each stretch by its offsets, and compare the hash.
    """
    words = [iri(vocabulary.asa[name]) for name in WORDS]
    for triples in graphs:
        for node, told in list(triples.nodes.items()):
            for exact in told.pop(_EXACT, ()):
                digest = hashlib.sha256(text_of(exact).encode()).hexdigest()
                triples.add(node, _IDENTIFIER, literal(f"sha256:{digest}"))
                told.pop(_PREFIX, None)
                told.pop(_SUFFIX, None)
            for name in words:
                told.pop(name, None)
