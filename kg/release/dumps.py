"""Sorted N-Quads → the dumps of a release, compressed to the same bytes each time.

Turtle is made of each graph once; TriG is the same, a tab further in, between the braces of its graph.
"""

import gzip
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyoxigraph

from kg.formats import N_QUADS, TRIG, TURTLE, Format
from kg.release.runs import Run, read_blocks
from kg.vocabulary import prefixes

# zlib's level: on 320 articles, 5 takes a quarter of the time of 9, and 3 % (Turtle) to 6 % (N-Quads) more room.
LEVEL = 5
AT_ONCE = 1 << 22  # bytes of one graph in N-Quads that become Turtle together
_PROBE = pyoxigraph.NamedNode("http://example.org/probe")


def write_dumps(run: Run, targets: Mapping[Format, Path], *, base: str) -> None:
    """Write sorted lines in other syntaxes.

    Args:
        run: The lines of a release.
        targets: Where N-Quads, TriG and Turtle go.
        base: Base IRI of the release, for prefixes.
    """
    shared = prefixes(base)
    header = _header(shared)
    with ExitStack() as stack:
        plain, trig, turtle = (stack.enter_context(_compressed(targets[syntax])) for syntax in (N_QUADS, TRIG, TURTLE))
        if run.parts:
            trig.write(header)
            turtle.write(header)
        for block in read_blocks(run):
            plain.write(block.content)
            trig.write(block.graph + b" {\n")
            for piece in pieces(block.content, size=AT_ONCE):
                quads = pyoxigraph.parse(piece, N_QUADS.oxigraph, lenient=True)  # the store has read it strictly
                triples = (quad.triple for quad in quads)
                written = pyoxigraph.serialize(triples, format=TURTLE.oxigraph, prefixes=shared) or b""
                sentences = written[len(header) :]
                turtle.write(sentences)
                trig.write(b"\t" + sentences[:-1].replace(b"\n", b"\n\t") + b"\n")
            trig.write(b"}\n")


def pieces(content: bytes, *, size: int) -> Iterator[bytes]:
    r"""Yield sorted lines in pieces of about a size, the lines of one subject together.

    >>> list(pieces(b"<a> 1 .\n<a> 2 .\n<b> 3 .\n", size=5))
    [b'<a> 1 .\n<a> 2 .\n', b'<b> 3 .\n']
    """
    start = 0
    while start < len(content):
        end = content.find(b"\n", start + size) + 1 or len(content)
        line = content.rfind(b"\n", 0, end - 1) + 1
        subject = content[line : content.index(b" ", line) + 1]
        while content.startswith(subject, end):
            end = content.index(b"\n", end) + 1
        yield content[start:end]
        start = end


def _header(shared: Mapping[str, str]) -> bytes:
    """Return the prefixes as each piece of Turtle begins with them."""
    probe = pyoxigraph.Triple(_PROBE, _PROBE, _PROBE)
    written = pyoxigraph.serialize([probe], format=TURTLE.oxigraph, prefixes=dict(shared)) or b""
    return written[: -len(f"{_PROBE} {_PROBE} {_PROBE} .\n")]


@contextmanager
def _compressed(target: Path) -> Iterator[gzip.GzipFile]:
    with target.open("wb") as raw, gzip.GzipFile(
        filename="", mode="wb", compresslevel=LEVEL, fileobj=raw, mtime=0
    ) as output:
        yield output
