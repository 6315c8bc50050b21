"""Which representation a client wants: the Accept headers of RFC 9110, section 12.5."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kg.formats import FORMATS, JSON_LD, RDF_XML, TURTLE, Format

HTML = "text/html"
LONG = 500  # characters of a header that nobody sends twice
RDF: Mapping[str, Format] = {  # media type → syntax: the proper names first, the server's favourite before all
    **{row.media_type: row for row in FORMATS},
    **{media_type: row for row in FORMATS for media_type in row.other_media_types},
}
RDF_NAMES: Mapping[str, str] = {  # what `format=` may say → media type
    **{row.suffix: row.media_type for row in FORMATS}, "turtle": TURTLE.media_type, "n3": TURTLE.media_type,
    "json": JSON_LD.media_type, "json-ld": JSON_LD.media_type, "xml": RDF_XML.media_type,
    "rdf+xml": RDF_XML.media_type, "html": HTML,
}
_ELEMENT = re.compile(r"""(?:[^,"]|"(?:[^"\\]|\\.)*")+""")
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"\s*({_TOKEN})/({_TOKEN})\s*((?:;.*)?)$", re.DOTALL)
_CODING = re.compile(rf"\s*({_TOKEN})\s*((?:;.*)?)$", re.DOTALL)
_QUALITY = re.compile(r";\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)
_ANY_QUALITY = re.compile(r";\s*q\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _MediaRange:
    kind: str
    subtype: str
    quality: float

    def rank(self, media_type: str) -> int:
        """Return how closely the range names a media type: 0 not at all, 3 exactly."""
        kind, _, subtype = media_type.partition("/")
        if self.kind == "*" and self.subtype == "*":
            return 1
        if self.kind != kind:
            return 0
        if self.subtype == "*":
            return 2
        return 3 if self.subtype == subtype else 0


def choose(accept: str | None, offers: Sequence[str]) -> str:
    """Return the offered media type that an Accept header likes best, or "" if it likes none.

    Of types that the client likes equally, the first offer wins. Without a header, or with one that holds no media
    range at all, everything is welcome. `q=0` excludes, and a closer range wins over a wider one.

    >>> choose("text/*;q=0.5, application/json;q=0.2", ("application/json", "text/csv"))
    'text/csv'
    >>> choose("*/*, text/html;q=0", ("text/html",))
    ''
    """
    find = _choose if len(accept or "") < LONG else _choose.__wrapped__
    return find(accept or "", tuple(offers))


@lru_cache(maxsize=1000)  # clients of a kind all send the same
def _choose(accept: str, offers: tuple[str, ...]) -> str:
    ranges = _media_ranges(accept)
    if not ranges:
        return offers[0] if offers else ""
    best, best_quality = "", 0.0
    for offer in offers:
        quality = _quality(offer, ranges)
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def wants_gzip(accept_encoding: str | None) -> bool:
    """Return whether an Accept-Encoding header prefers gzip to the bare answer.

    >>> wants_gzip("gzip;q=0, *"), wants_gzip("br, gzip;q=0.8"), wants_gzip(None)
    (False, True, False)
    """
    find = _wants_gzip if len(accept_encoding or "") < LONG else _wants_gzip.__wrapped__
    return find(accept_encoding or "")


@lru_cache(maxsize=1000)
def _wants_gzip(accept_encoding: str) -> bool:
    qualities: dict[str, float] = {}
    for element in _ELEMENT.findall(accept_encoding):
        match = _CODING.match(element)
        if match:
            qualities[match[1].casefold()] = read_quality(match[2])
    gzip = qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0)))
    return gzip > 0.0 and gzip >= qualities.get("identity", 0.0)


def _media_ranges(accept: str) -> tuple[_MediaRange, ...]:
    found = []
    for element in _ELEMENT.findall(accept):
        match = _RANGE.match(element)
        if match and (match[1] != "*" or match[2] == "*"):
            found.append(_MediaRange(match[1].casefold(), match[2].casefold(), read_quality(match[3])))
    return tuple(found)


def read_quality(parameters: str) -> float:
    """Return the q value among the parameters: 1 when there is none, 0 when it is no quality."""
    if not _ANY_QUALITY.search(parameters):
        return 1.0
    match = _QUALITY.search(parameters)
    return float(match[1]) if match else 0.0


def _quality(media_type: str, ranges: tuple[_MediaRange, ...]) -> float:
    closest, quality = 0, 0.0
    for media_range in ranges:
        rank = media_range.rank(media_type)
        if rank > closest or (rank == closest and rank and media_range.quality > quality):
            closest, quality = rank, media_range.quality
    return quality
