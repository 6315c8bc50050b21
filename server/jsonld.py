"""Triples → JSON-LD that reads like JSON: our context inlined, short names, addresses relative to the base IRI."""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

import pyoxigraph

from server.context import context

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


class _Names:
    """The context, asked backwards: IRI → short name."""

    def __init__(self, base: str) -> None:
        self.base = base
        terms = context(base)
        self.spaces = {name: value for name, value in terms.items()
                       if isinstance(value, str) and value.endswith(("#", "/")) and not name.startswith("@")}
        self.terms: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for name, value in terms.items():
            definition = {"@id": value} if isinstance(value, str) else value
            if name.startswith("@") or not isinstance(definition, dict) or name in self.spaces:
                continue
            self.terms.setdefault(self.expand(definition["@id"]), (name, definition))

    def expand(self, name: str) -> str:
        prefix, colon, rest = name.partition(":")
        return self.spaces[prefix] + rest if colon and prefix in self.spaces else name

    def compact(self, iri: str) -> str:
        if iri in self.terms:
            return self.terms[iri][0]
        for prefix, space in self.spaces.items():
            if iri.startswith(space) and len(iri) > len(space):
                return f"{prefix}:{iri[len(space):]}"
        return iri

    def address(self, node: Any) -> str:
        if isinstance(node, pyoxigraph.BlankNode):
            return f"_:{node.value}"
        iri: str = node.value
        relative = iri.removeprefix(self.base)
        return relative if relative != iri and "/" in relative.split(":")[0] else iri

    def value(self, term: Any, definition: Mapping[str, Any]) -> Any:
        kind = self.expand(definition.get("@type", ""))
        if not isinstance(term, pyoxigraph.Literal):
            return self.address(term) if kind == "@id" else {"id": self.address(term)}
        if term.language:
            if definition.get("@language") == term.language:
                return term.value
            return {"@value": term.value, "@language": term.language}
        datatype = term.datatype.value
        if datatype == kind or (datatype == XSD_STRING and not kind and "@language" not in definition):
            return term.value
        if datatype == XSD_STRING:
            return {"@value": term.value}
        return {"@value": term.value, "@type": self.compact(datatype)}


@lru_cache(maxsize=8)
def _names(base: str) -> _Names:
    return _Names(base)


def write(triples: Iterable[Any], *, base: str) -> bytes:
    """Return triples (or quads, whose graphs are left out) as compacted JSON-LD; the first subject comes first.

    >>> a = pyoxigraph.NamedNode("https://news.example/id/state/RUS")
    >>> label = pyoxigraph.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    >>> found = json.loads(write([pyoxigraph.Triple(a, label, pyoxigraph.Literal("Russia", language="en"))],
    ...                          base="https://news.example/"))
    >>> found["id"], found["label"]
    ('id/state/RUS', 'Russia')
    """
    names = _names(base)
    nodes: dict[Any, dict[str, Any]] = {}
    for triple in triples:
        node = nodes.setdefault(triple.subject, {"id": names.address(triple.subject)})
        predicate = triple.predicate.value
        if predicate == RDF_TYPE and isinstance(triple.object, pyoxigraph.NamedNode):
            key, value = "type", names.compact(triple.object.value)
        else:
            key, definition = names.terms.get(predicate, (names.compact(predicate), {}))
            value = names.value(triple.object, definition)
        values = node.setdefault(key, [])
        if value not in values:
            values.append(value)
    graph = [{key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in node.items()}
             for node in nodes.values()]
    head = {"@context": {"@base": base, **context(base)}}
    document = head | graph[0] if len(graph) == 1 else head | {"@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
