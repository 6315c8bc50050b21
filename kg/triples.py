"""Triples of one graph, their terms as strings in canonical N-Triples: what is written, checked and counted in a build.

An article has a thousand triples. As rdflib's terms in rdflib's graphs they cost several times what it costs to write
them; whoever wants to ask or change a graph gets one from `Triples.graph`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

Told = dict[str, list[str]]  # the values of one node by predicate, each value once

_PLAIN_IRI = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,4})?/[A-Za-z0-9._~/,;:@!$&'()*+=-]*(?:#[A-Za-z0-9._~/,;:@!$&'()*+=-]*)?")
_LITERAL = re.compile(r'"(.*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?', re.DOTALL)
_TO_ESCAPE = re.compile(r'[\x00-\x1f"\\\x7f\ufffe\uffff]')
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)} | {
    ord(character): f"\\{letter}" for character, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)}
_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(slots=True)
class Triples:
    """The triples of one graph; `nodes` holds the values of each node by predicate."""

    nodes: dict[str, Told] = field(default_factory=dict)

    def add(self, subject: str, predicate: str, *values: str) -> None:
        """Add triples; those that are there already stay as they are."""
        if not values:
            return
        told = self.nodes.get(subject)
        if told is None:
            told = self.nodes[subject] = {}
        held = told.get(predicate)
        if held is None:
            told[predicate] = list(dict.fromkeys(values)) if len(values) > 1 else [*values]
            return
        for value in values:
            if value not in held:
                held.append(value)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Yield subject, predicate and value of each triple."""
        for subject, told in self.nodes.items():
            for predicate, values in told.items():
                for value in values:
                    yield subject, predicate, value

    def lines(self, *, graph: str) -> list[bytes]:
        """Return sorted N-Quads lines under the term of a named graph.

        >>> found = Triples()
        >>> found.add(iri("http://a.example/x"), iri("http://a.example/says"), literal("yes"), literal("no"))
        >>> [line.decode() for line in found.lines(graph=iri("http://a.example/g"))][0]
        '<http://a.example/x> <http://a.example/says> "no" <http://a.example/g> .\\n'
        """
        end = f" {graph} .\n"
        found = []
        for subject in sorted(self.nodes):  # no term begins another, save literals, where the shorter one comes first
            for predicate, values in sorted(self.nodes[subject].items()):
                before = f"{subject} {predicate} "
                found += [before + value + end for value in (values if len(values) == 1 else sorted(values))]
        return "".join(found).encode().splitlines(keepends=True)

    def graph(self) -> Graph:
        """Return the triples as a graph of rdflib."""
        graph = Graph(store="SimpleMemory")
        for subject, predicate, value in self:
            graph.add((_node(subject), URIRef(predicate[1:-1]), _node(value)))
        return graph


def triples_of(graph: Iterable[tuple[Node, Node, Node]]) -> Triples:
    """Return a graph of rdflib as triples.

    Raises: ValueError: an IRI is malformed.
    """
    found = Triples()
    for subject, predicate, value in graph:
        found.add(_term(subject), _term(predicate), _term(value))
    return found


@lru_cache(maxsize=65_536)
def iri(absolute: str) -> str:
    """Return the term of an IRI.

    Raises: ValueError: it is malformed.

    >>> iri("https://news.example/id/state/RUS")
    '<https://news.example/id/state/RUS>'
    """
    if not _PLAIN_IRI.fullmatch(absolute):
        pyoxigraph.NamedNode(absolute)
    return f"<{absolute}>"


def literal(text: str, *, language: str = "", datatype: str = "") -> str:
    r"""Return the term of a literal.

    Args:
        text: Its lexical form; one with a datatype must be canonical already, or a store gives it back as another.
        language: Its language tag, if it has one.
        datatype: The term of its datatype, if that is not xsd:string.

    >>> literal('one\n"line"', language="en-GB")
    '"one\\n\\"line\\""@en-gb'
    """
    if _TO_ESCAPE.search(text):
        text = text.translate(_ESCAPES)
    if language:
        return f'"{text}"@{_tag(language)}'
    return f'"{text}"^^{datatype}' if datatype else f'"{text}"'


def text_of(term: str) -> str:
    r"""Return the text of a literal, or the IRI of a node.

    >>> text_of('"one\\n\\"line\\""@en'), text_of("<http://a.example/x>")
    ('one\n"line"', 'http://a.example/x')
    """
    if term[0] != '"':
        return term[1:-1]
    text = term[1 : term.rindex('"')]
    return _ESCAPED.sub(_unescaped, text) if "\\" in text else text


def _unescaped(found: re.Match[str]) -> str:
    kind = found[1]
    return chr(int(kind[1:], 16)) if kind[0] in "uU" else _LETTERS.get(kind, kind)


@lru_cache(maxsize=256)
def _tag(language: str) -> str:
    """Return a language tag as stores write it, which is in lower case."""
    tag = pyoxigraph.Literal("", language=language).language
    return tag or language


def _term(node: Node) -> str:
    if isinstance(node, Literal):
        datatype = iri(str(node.datatype)) if node.datatype is not None else ""
        return literal(str(node), language=node.language or "", datatype=datatype)
    return f"_:{node}" if isinstance(node, BNode) else iri(str(node))


def _node(term: str) -> Node:
    if term[0] == "<":
        return URIRef(term[1:-1])
    found = _LITERAL.fullmatch(term)
    if found is None:
        return BNode(term[2:])
    datatype = URIRef(found[3]) if found[3] else None
    return Literal(text_of(term), lang=found[2], datatype=datatype, normalize=False)
