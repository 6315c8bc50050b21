"""Oxigraph in a directory or in memory."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import pyoxigraph

from kg.errors import StoreError
from kg.formats import N_QUADS, Format
from kg.store.quads import rows


class EmbeddedStore:
    """An Oxigraph store.

    Any number of processes may read a directory while nobody writes to it. Reading beside a writer is undefined
    behaviour: write into a new directory and let readers change over to it.
    """

    def __init__(self, directory: Path | None = None, *, read_only: bool = False) -> None:
        """Open a store.

        Args:
            directory: Where the store lives; it is made if it does not exist. In memory if left out.
            read_only: Open it for reading only; it must exist.

        Raises: StoreError: there is no such store, it is damaged, or another process writes to it.
        """
        self.name = str(directory) if directory else "store in memory"
        try:
            if directory is None:
                self._store = pyoxigraph.Store()
            elif read_only:
                self._store = pyoxigraph.Store.read_only(str(directory))
            else:
                self._store = pyoxigraph.Store(directory)
        except OSError as error:
            raise StoreError(self.name, found=f"cannot open the store ({_line(error)})",
                             repair="build the release again with `kg build`") from error

    def load(self, quads: BinaryIO) -> None:
        """Add the quads of an N-Quads file.

        Raises: StoreError: the file is no N-Quads, or cannot be read or stored.
        """
        try:
            self._store.bulk_load(quads, N_QUADS.oxigraph)
            self._store.flush()
        except (SyntaxError, OSError) as error:
            raise StoreError(self.name, found=f"cannot load the quads ({_line(error)})",
                             repair="give it a complete N-Quads file") from error

    def add(self, lines: Iterable[bytes]) -> None:
        """Add some N-Quads lines in one transaction; `load` is for many."""
        self._store.load(b"".join(lines), N_QUADS.oxigraph)

    def query(
        self, text: str, *, base: str = ""
    ) -> pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | pyoxigraph.QueryTriples:
        """Return the answer to a SPARQL query over the union of the named graphs.

        Errors of evaluation come while the answer is read, as pyoxigraph raises them.

        Raises: StoreError: the text is no SPARQL query; the message holds line and column.
        """
        try:
            return self._store.query(text, base_iri=base or None, use_default_graph_as_union=True)
        except (SyntaxError, ValueError) as error:
            raise StoreError("query", found=f"no SPARQL query ({_line(error)})", repair="correct its text") from error
        except (RuntimeError, OSError) as error:
            raise StoreError("query", found=f"cannot be answered ({_line(error)})", repair="change it") from error

    def select(self, text: str, *, base: str = "") -> Iterator[tuple[str, ...]]:
        """Yield the rows of a SELECT query, its terms as plain strings, "" where unbound.

        Raises: StoreError: the text is no SELECT query.

        >>> list(EmbeddedStore().select("SELECT (1 + 1 AS ?two) (1 / 0 AS ?nothing) {}"))
        [('2', '')]
        """
        return rows(self.query(text, base=base))

    def count(self) -> int:
        """Return the number of quads."""
        return len(self._store)

    def dump(self, output: BinaryIO, *, syntax: Format = N_QUADS) -> None:
        """Write all quads in a syntax that carries named graphs.

        Raises: StoreError: the syntax has no named graphs.
        """
        try:
            self._store.dump(output, syntax.oxigraph)
        except ValueError as error:
            raise StoreError(self.name, found=f"{syntax.name} cannot hold named graphs",
                             repair="dump as N-Quads, TriG or JSON-LD") from error

    def backup(self, directory: Path) -> None:
        """Write a copy into a directory that does not exist yet; on one file system it is made of hard links.

        Raises: StoreError: the directory exists, or the store lives in memory.
        """
        try:
            self._store.backup(directory)
        except (OSError, RuntimeError) as error:
            raise StoreError(str(directory), found=f"cannot be written to ({_line(error)})",
                             repair="name a directory that does not exist yet") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
