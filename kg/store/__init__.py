"""Where triples live: one `Store` protocol, an embedded store on disk, and any SPARQL 1.1 server.

    embedded.py   Oxigraph in a directory or in memory
    remote.py     SPARQL protocol for queries, Graph Store protocol for loading
    quads.py      rdflib graphs → sorted N-Quads lines in canonical form
"""

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from kg.store.embedded import EmbeddedStore
from kg.store.quads import Answer, n_quads
from kg.store.remote import RemoteStore

__all__ = ["Answer", "EmbeddedStore", "RemoteStore", "Store", "n_quads"]


class Store(Protocol):
    """A set of named graphs that can be filled and asked; its default graph is their union."""

    def load(self, quads: BinaryIO) -> None:
        """Add the quads of an N-Quads file."""

    def query(self, text: str, *, base: str = "") -> Answer:
        """Return the answer to a SPARQL query: solutions, a boolean, or the triples of CONSTRUCT and DESCRIBE."""

    def select(self, text: str, *, base: str = "") -> Iterator[tuple[str, ...]]:
        """Yield the rows of a SELECT query, its terms as plain strings, "" where unbound."""

    def count(self) -> int:
        """Return the number of quads."""
