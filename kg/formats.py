"""One table of the RDF syntaxes that the product reads and writes."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One RDF syntax: its name, media type, file suffix, whether it carries named graphs, and Oxigraph's name."""

    name: str
    media_type: str
    suffix: str
    quads: bool
    oxigraph: pyoxigraph.RdfFormat
    other_media_types: tuple[str, ...] = ()


TURTLE = Format(
    name="Turtle", media_type="text/turtle", suffix="ttl", quads=False, oxigraph=pyoxigraph.RdfFormat.TURTLE,
    other_media_types=("application/x-turtle",),
)
N_TRIPLES = Format(
    name="N-Triples", media_type="application/n-triples", suffix="nt", quads=False,
    oxigraph=pyoxigraph.RdfFormat.N_TRIPLES, other_media_types=("text/plain",),
)
JSON_LD = Format(
    name="JSON-LD", media_type="application/ld+json", suffix="jsonld", quads=True,
    oxigraph=pyoxigraph.RdfFormat.JSON_LD, other_media_types=("application/json",),
)
RDF_XML = Format(
    name="RDF/XML", media_type="application/rdf+xml", suffix="rdf", quads=False,
    oxigraph=pyoxigraph.RdfFormat.RDF_XML,
)
TRIG = Format(
    name="TriG", media_type="application/trig", suffix="trig", quads=True, oxigraph=pyoxigraph.RdfFormat.TRIG,
    other_media_types=("application/x-trig",),
)
N_QUADS = Format(
    name="N-Quads", media_type="application/n-quads", suffix="nq", quads=True, oxigraph=pyoxigraph.RdfFormat.N_QUADS,
)

FORMATS = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, TRIG, N_QUADS)


def formats_of_suffix(suffix: str) -> Iterator[Format]:
    """Yield the format with a file suffix, with or without its dot; nothing if there is none.

    >>> [row.name for row in formats_of_suffix(".ttl")]
    ['Turtle']
    """
    yield from (row for row in FORMATS if row.suffix == suffix.lstrip(".").casefold())


def formats_of_media_type(media_type: str) -> Iterator[Format]:
    """Yield the format that a media type names, without its parameters; nothing if there is none.

    >>> [row.name for row in formats_of_media_type("application/n-quads; charset=utf-8")]
    ['N-Quads']
    """
    wanted = media_type.split(";")[0].strip().casefold()
    yield from (row for row in FORMATS if wanted == row.media_type or wanted in row.other_media_types)
