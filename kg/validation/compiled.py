"""ontology/shapes.ttl as functions over the triples of one article, which only accept.

What is accepted has no result in pySHACL. What is not accepted may have none either: pySHACL tells, and its report is
what counts. The shapes stay the one source: they are compiled when a build starts, and a construct that is not known
here is an error, never passed over.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from rdflib import RDF, RDFS, XSD, Graph, Literal
from rdflib.collection import Collection
from rdflib.term import Node, URIRef

from kg.errors import OntologyError
from kg.triples import Told, text_of, triples_of
from kg.validation.report import SH
from kg.validation.shacl import Shapes

Nodes = Mapping[str, Told]
Test = Callable[["_View", str], bool]             # whether one value is as it should be
Pair = Callable[[Sequence[str], Sequence[str]], bool]  # whether all values go before all of another property

_TYPE, _SUBCLASS = f"<{RDF.type}>", f"<{RDFS.subClassOf}>"
_UNDERSTOOD = {SH[name] for name in (
    "NodeShape", "PropertyShape", "targetClass", "targetNode", "path", "inversePath", "alternativePath", "property",
    "message", "minCount", "maxCount", "nodeKind", "pattern", "minLength", "datatype", "class", "in", "minInclusive",
    "maxInclusive", "lessThan", "lessThanOrEquals",
)}
_ONCE = tuple(SH[name] for name in ("path", "minCount", "maxCount", "nodeKind", "minLength", "datatype", "in"))
_NUMBER = re.compile(r'"(-?[0-9]+(?:\.[0-9]+)?)"\^\^<http://www\.w3\.org/2001/XMLSchema#(?:integer|decimal)>')
_INTEGER = re.compile(r'"(-?[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>')
_DECIMAL = re.compile(r'"(-?[0-9]+(?:\.[0-9]+)?)"\^\^<http://www\.w3\.org/2001/XMLSchema#decimal>')
_DAY = re.compile(r'"([0-9]{4}-[0-9]{2}-[0-9]{2})"\^\^<http://www\.w3\.org/2001/XMLSchema#date>')


@dataclass(frozen=True, slots=True)
class CompiledShapes:
    """Shapes as functions; `known` is what articles may refer to without describing it, and conforms."""

    by_class: Mapping[str, tuple["_Shape", ...]]
    by_node: tuple[tuple[str, "_Shape"], ...]
    known: Nodes
    inverse: frozenset[str]

    def accepts(self, nodes: Nodes) -> bool:
        """Return whether the triples of one article conform for sure.

        Args:
            nodes: Values by predicate, by node, as in `kg.triples.Triples.nodes`; of all graphs of the article.
        """
        if not self.known.keys().isdisjoint(nodes):
            return False  # it adds to what is known: that is for pySHACL to judge
        view = _View(nodes, self.known, _incoming(nodes, self.inverse))
        by_class = self.by_class
        for node, told in nodes.items():
            if _SUBCLASS in told:
                return False
            for kind in told.get(_TYPE, ()):
                for shape in by_class.get(kind, ()):
                    if not shape.accepts(view, node):
                        return False
        return all(shape.accepts(view, node) for node, shape in self.by_node)


@dataclass(frozen=True, slots=True)
class _View:
    """What one article and the registry say, and who points at what with the predicates of inverse paths."""

    nodes: Nodes
    known: Nodes
    incoming: Mapping[tuple[str, str], Sequence[str]]

    def told(self, node: str) -> Told:
        found = self.nodes.get(node)
        return found if found is not None else self.known.get(node, {})


@dataclass(slots=True)
class _Values:
    """What must hold of the values of one path."""

    least: int = 0
    most: float = float("inf")
    tests: list[Test] = field(default_factory=list)
    pairs: list[tuple[str, Pair]] = field(default_factory=list)

    def accepts(self, view: _View, told: Told, values: Sequence[str]) -> bool:
        if not self.least <= len(values) <= self.most:
            return False
        for test in self.tests:
            for value in values:
                if not test(view, value):
                    return False
        return not self.pairs or all(pair(values, told.get(other, ())) for other, pair in self.pairs)


@dataclass(slots=True)
class _Shape:
    """What must hold of a node itself, of its properties, and along other paths."""

    itself: list[Test] = field(default_factory=list)
    properties: dict[str, list[_Values]] = field(default_factory=dict)
    needed: set[str] = field(default_factory=set)
    paths: list[tuple[Callable[[_View, str], Sequence[str]], _Values]] = field(default_factory=list)

    def accepts(self, view: _View, node: str) -> bool:
        told = view.told(node)
        if not self.needed <= told.keys():
            return False
        for test in self.itself:
            if not test(view, node):
                return False
        properties = self.properties
        for predicate, values in told.items():
            if predicate in properties:
                for rule in properties[predicate]:
                    if not rule.accepts(view, told, values):
                        return False
        return not self.paths or all(rule.accepts(view, told, along(view, node)) for along, rule in self.paths)


def compile_shapes(shapes: Shapes) -> CompiledShapes:
    """Return shapes as functions.

    Raises: OntologyError: a shape uses a construct that only pySHACL knows, or the registry itself does not conform.
    """
    graph = shapes.graph
    _refuse_unknown(graph)
    compiler = _Compiler(graph, known=triples_of(shapes.known).nodes)
    for shape, target in graph.subject_objects(SH.targetClass):
        for kind in compiler.below(target):
            compiler.target(compiler.by_class.setdefault(kind, {}), target=_iri(target), shape=shape)
    for shape, target in graph.subject_objects(SH.targetNode):
        compiler.target(compiler.by_node, target=_iri(target), shape=shape)
    found = CompiledShapes(
        by_class={kind: tuple(by_target.values()) for kind, by_target in compiler.by_class.items()},
        by_node=tuple(compiler.by_node.items()), known=compiler.known, inverse=frozenset(compiler.inverse),
    )
    _refuse_unless_known_conforms(found)
    return found


def _refuse_unknown(graph: Graph) -> None:
    terms = {*graph.predicates(), *graph.objects(None, RDF.type)}
    strange = sorted(str(term) for term in terms if str(term).startswith(str(SH)) and term not in _UNDERSTOOD)
    if strange or (None, RDF.type, RDFS.Class) in graph:
        raise _refused(strange[0] if strange else "a class that is a shape")
    for shape in set(graph.subjects(SH.path, None)) | set(graph.subjects(RDF.type, SH.NodeShape)):
        for parameter in _ONCE:
            if len(list(graph.objects(shape, parameter))) > 1:
                raise _refused(f"two of {parameter} on one shape")


def _refuse_unless_known_conforms(found: CompiledShapes) -> None:
    """Look at the registry once, so that articles need not: nothing of theirs may change what holds of it."""
    if any(node in found.known for node, _ in found.by_node):
        raise _refused("a target node that the registry describes")
    if any(not found.inverse.isdisjoint(told) for told in found.known.values()):
        raise _refused("a property of the registry that a shape follows backwards")
    for node, told in found.known.items():
        for shape in (shape for kind in told.get(_TYPE, ()) for shape in found.by_class.get(kind, ())):
            if shape.paths or not shape.accepts(_View({}, found.known, {}), node):
                raise _refused(f"the registry as it stands ({node})")


def _refused(what: str) -> OntologyError:
    return OntologyError("ontology/shapes.ttl", found=f"{what}, which is not compiled",
                         repair="teach it to kg/validation/compiled.py; until then pySHACL looks at every article")


class _Compiler:
    """Turns shapes into functions, and collects the predicates that they follow backwards."""

    def __init__(self, graph: Graph, *, known: Nodes) -> None:
        self.graph, self.known = graph, known
        self._above = {node: told[_SUBCLASS] for node, told in known.items() if _SUBCLASS in told}
        self._class_tests: dict[Node, Test] = {}
        self.by_class: dict[str, dict[str, _Shape]] = {}
        self.by_node: dict[str, _Shape] = {}
        self.inverse: set[str] = set()

    def below(self, kind: Node) -> frozenset[str]:
        """Return a class and all classes below it."""
        found, waiting = set[str](), [_iri(kind)]
        while waiting:
            found.add(waiting.pop())
            waiting += [node for node, above in self._above.items()
                        if node not in found and not found.isdisjoint(above)]
        return frozenset(found)

    def target(self, shapes: dict[str, _Shape], *, target: str, shape: Node) -> None:
        """Add what one shape says to what else is said of the same target."""
        whole = shapes.setdefault(target, _Shape())
        if (shape, SH.path, None) in self.graph:
            self._property(whole, shape)
        else:
            self._node(whole, shape)

    def _node(self, whole: _Shape, shape: Node) -> None:
        for parameter in (SH.minCount, SH.maxCount, SH.lessThan, SH.lessThanOrEquals):
            if (shape, parameter, None) in self.graph:
                raise _refused(f"{parameter} on a node shape")
        whole.itself += self._tests(shape)
        for inner in self.graph.objects(shape, SH.property):
            self._property(whole, inner)

    def _property(self, whole: _Shape, shape: Node) -> None:
        rule = self._values(shape)
        path = self.graph.value(shape, SH.path)
        if isinstance(path, URIRef):
            whole.properties.setdefault(_iri(path), []).append(rule)
            if rule.least:
                whole.needed.add(_iri(path))
        elif (inverse := self.graph.value(path, SH.inversePath)) is not None:
            self.inverse.add(_iri(inverse))
            whole.paths.append((partial(_backwards, _iri(inverse)), rule))
        elif (ways := self.graph.value(path, SH.alternativePath)) is not None:
            whole.paths.append((partial(_either, tuple(map(_iri, Collection(self.graph, ways)))), rule))
        else:
            raise _refused("a path of another kind")

    def _values(self, shape: Node) -> _Values:
        rule = _Values(tests=self._tests(shape))
        for count in self.graph.objects(shape, SH.minCount):
            rule.least = int(str(count))
        for count in self.graph.objects(shape, SH.maxCount):
            rule.most = int(str(count))
        for parameter, pair in ((SH.lessThan, _before), (SH.lessThanOrEquals, _not_after)):
            rule.pairs += [(_iri(other), pair) for other in self.graph.objects(shape, parameter)]
        for inner in self.graph.objects(shape, SH.property):
            if (shape, SH.path, None) in self.graph:
                nested = _Shape()
                self._property(nested, inner)
                rule.tests.append(nested.accepts)
        return rule

    def _tests(self, shape: Node) -> list[Test]:
        makers: Mapping[Node, Callable[[Node], Test]] = {
            SH.nodeKind: _of_kind, SH.pattern: _fitting, SH.minLength: _as_long_as, SH.datatype: _of_datatype,
            SH["class"]: self._of_class, SH["in"]: self._one_of, SH.minInclusive: _from, SH.maxInclusive: _up_to,
        }
        return [make(value) for parameter, make in makers.items() for value in self.graph.objects(shape, parameter)]

    def _of_class(self, kind: Node) -> Test:
        if kind not in self._class_tests:
            self._class_tests[kind] = self._class_test(kind)
        return self._class_tests[kind]

    def _class_test(self, kind: Node) -> Test:
        kinds = self.below(kind)
        registered = frozenset(node for node, told in self.known.items() if not kinds.isdisjoint(told.get(_TYPE, ())))

        def is_of_class(view: _View, value: str) -> bool:
            told = view.nodes.get(value)
            if told is None:
                return value in registered
            return not kinds.isdisjoint(told.get(_TYPE, ()))
        return is_of_class

    def _one_of(self, values: Node) -> Test:
        allowed = frozenset(_iri(value) for value in Collection(self.graph, values))
        return lambda view, value: value in allowed


def _iri(node: Node) -> str:
    if not isinstance(node, URIRef):
        raise _refused(f"{node!r} where an IRI is expected")
    return f"<{node}>"


def _incoming(nodes: Nodes, predicates: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Return the nodes that point at something, by predicate and that thing."""
    found: dict[tuple[str, str], list[str]] = {}
    for node, told in nodes.items():
        for predicate in predicates:
            for value in told.get(predicate, ()):
                found.setdefault((predicate, value), []).append(node)
    return found


def _backwards(predicate: str, view: _View, node: str) -> Sequence[str]:
    return view.incoming.get((predicate, node), ())


def _either(predicates: Sequence[str], view: _View, node: str) -> Sequence[str]:
    told = view.told(node)
    return [*{value: True for predicate in predicates for value in told.get(predicate, ())}]


def _of_kind(kind: Node) -> Test:
    if kind != SH.IRI:
        raise _refused(f"the node kind {kind}")
    return lambda view, value: value[0] == "<"


def _fitting(pattern: Node) -> Test:
    search = re.compile(str(pattern)).search

    def fits(view: _View, value: str) -> bool:
        if value[0] == "<":
            return search(value[1:-1]) is not None
        return (value[-1] == '"' or _INTEGER.fullmatch(value) is not None) and search(text_of(value)) is not None
    return fits


def _as_long_as(length: Node) -> Test:
    least = int(str(length))

    def is_long_enough(view: _View, value: str) -> bool:
        # Of an IRI, or a string with or without a language: other literals may be written in several ways.
        return value[0] != "_" and (value[0] == "<" or value[-1] != ">") and len(text_of(value)) >= least
    return is_long_enough


def _of_datatype(datatype: Node) -> Test:
    if datatype == XSD.string:
        return lambda view, value: value[0] == value[-1] == '"'
    if datatype == XSD.date:
        return lambda view, value: _is_day(value)
    if datatype in (XSD.decimal, XSD.integer):
        matches = (_DECIMAL if datatype == XSD.decimal else _INTEGER).fullmatch
        return lambda view, value: matches(value) is not None
    raise _refused(f"the datatype {datatype}")


@lru_cache(maxsize=4096)
def _is_day(value: str) -> bool:
    """Return whether a term is an xsd:date without a time zone that the calendar has."""
    found = _DAY.fullmatch(value)
    if found is None:
        return False
    try:
        date.fromisoformat(found[1])
    except ValueError:
        return False
    return True


def _from(least: Node) -> Test:
    bound = _bound(least)
    return lambda view, value: (number := _number(value)) is not None and number >= bound


def _up_to(most: Node) -> Test:
    bound = _bound(most)
    return lambda view, value: (number := _number(value)) is not None and number <= bound


def _bound(node: Node) -> Decimal:
    if not isinstance(node, Literal) or node.datatype not in (XSD.integer, XSD.decimal):
        raise _refused(f"the bound {node!r}")
    return Decimal(str(node))


@lru_cache(maxsize=16_384)
def _number(value: str) -> Decimal | None:
    found = _NUMBER.fullmatch(value)
    return Decimal(found[1]) if found else None


def _before(values: Sequence[str], others: Sequence[str]) -> bool:
    return all(_is_ordered(value, other) and _rank(value) < _rank(other) for value in values for other in others)


def _not_after(values: Sequence[str], others: Sequence[str]) -> bool:
    return all(_is_ordered(value, other) and _rank(value) <= _rank(other) for value in values for other in others)


def _is_ordered(value: str, other: str) -> bool:
    """Return whether two terms are both days, or both whole numbers."""
    if _is_day(value):
        return _is_day(other)
    return _INTEGER.fullmatch(value) is not None and _INTEGER.fullmatch(other) is not None


def _rank(value: str) -> int:
    text = text_of(value)
    return date.fromisoformat(text).toordinal() if "-" in text[1:] else int(text)
