"""N-Quads lines sorted by graph, in files that know where the lines of each graph lie.

An article's graph comes whole and stands in one file; then it is copied, and nobody looks at its lines again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import merge
from io import BytesIO
from itertools import groupby, islice
from pathlib import Path
from typing import BinaryIO

LINES_AT_ONCE = 50_000  # of a graph that stands in several files


@dataclass(frozen=True, slots=True)
class Part:
    """Where the lines of one graph lie in a file: first byte, bytes, and their number."""

    graph: bytes
    start: int
    size: int
    lines: int


@dataclass(frozen=True, slots=True)
class Run:
    """A file of lines, each once, sorted by graph and within it; its parts in the order of the file."""

    path: Path
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Sorted lines of one graph, all or some."""

    graph: bytes
    content: bytes
    lines: int


def blocks_of(graphs: Mapping[bytes, list[bytes]]) -> Iterator[Block]:
    r"""Yield the lines of graphs in order, each once.

    >>> [block.content for block in blocks_of({b"<b>": [b"y <b> .\n"], b"<a>": [b"z <a> .\n", b"x <a> .\n"]})]
    [b'x <a> .\nz <a> .\n', b'y <b> .\n']
    """
    for graph in sorted(graphs):
        lines = sorted(graphs[graph])
        if len(set(lines)) < len(lines):
            lines = list(dict.fromkeys(lines))
        yield Block(graph, b"".join(lines), len(lines))


def merged(runs: Iterable[Run]) -> Iterator[Block]:
    """Yield the lines of several files in order, each once."""
    files = [(run, run.path.open("rb")) for run in runs]
    try:
        found = merge(*([(part.graph, number, part) for part in run.parts] for number, (run, _) in enumerate(files)))
        for graph, parts in groupby(found, key=lambda entry: entry[0]):
            contents = [(_read(files[number][1], part), part.lines) for _, number, part in parts]
            if len(contents) == 1:
                yield Block(graph, *contents[0])
                continue
            lines = (line for line, _ in groupby(merge(*(BytesIO(content) for content, _ in contents))))
            while some := list(islice(lines, LINES_AT_ONCE)):
                yield Block(graph, b"".join(some), len(some))
    finally:
        for _, file in files:
            file.close()


def write_run(path: Path, blocks: Iterable[Block]) -> Run:
    """Write sorted lines to a file."""
    parts = list[Part]()
    with path.open("wb") as output:
        for block in blocks:
            before = parts[-1] if parts else Part(b"", 0, 0, 0)
            if before.graph == block.graph:
                parts[-1] = Part(block.graph, before.start, before.size + len(block.content),
                                 before.lines + block.lines)
            else:
                parts.append(Part(block.graph, before.start + before.size, len(block.content), block.lines))
            output.write(block.content)
    return Run(path, tuple(parts))


def read_blocks(run: Run) -> Iterator[Block]:
    """Yield the graphs of a file."""
    with run.path.open("rb") as file:
        for part in run.parts:
            yield Block(part.graph, _read(file, part), part.lines)


def _read(file: BinaryIO, part: Part) -> bytes:
    file.seek(part.start)
    return file.read(part.size)
