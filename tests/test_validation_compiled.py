"""Compiled shapes and proofs accept nothing in which pySHACL, the text or a check finds fault."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

import kg.validation.proofs
from kg.errors import OntologyError
from kg.model import Article
from kg.store import EmbeddedStore, n_quads
from kg.triples import Triples, iri, triples_of
from kg.validation import SH, Proofs, Shapes, check_release, compile_shapes, load_shapes, misquotes, validate
from kg.validation.checks import checks
from kg.vocabulary import OA, SCHEMA, Vocabulary

VOCABULARY = Vocabulary(base="https://example.org/")
ASA = VOCABULARY.asa
SMALL = Graph().parse(Path(__file__).parent / "data" / "small.ttl")
KEY = "00000000000000aa"
TEXT = 'Ana Ruiz denied they sold arms. "No."\nOK'
DENIAL = VOCABULARY.iri(f"id/statement/{KEY}-9")
CLAIM = VOCABULARY.iri(f"id/statement/{KEY}-21")
DEED = VOCABULARY.iri("id/proposition/00000000000000000001")
CUE = VOCABULARY.iri(f"id/article/{KEY}#char=9,15")
Triple = tuple[Node, Node, Node]


@cache
def registry() -> Graph:
    whole, some = VOCABULARY.graph("actors.ttl"), Graph()
    for state in ("CHL", "PER"):
        for triple in whole.triples((VOCABULARY.iri(f"id/state/{state}"), None, None)):
            some.add(triple)
    return some


@cache
def shapes() -> Shapes:
    return load_shapes(VOCABULARY, registry=registry())


compiled = cache(lambda: compile_shapes(shapes()))

# What may be put in place of a value: nodes of every class, what nobody describes, and literals right and wrong.
VALUES: tuple[Node, ...] = (
    *sorted({URIRef(str(SMALL.value(None, RDF.type, kind))) for kind in set(SMALL.objects(None, RDF.type))}),
    URIRef("https://example.org/id/state/CHL"), URIRef("https://example.org/id/person/n.nobody.000000"), BNode("blank"),
    URIRef("https://example.org/ns/stance#asserts"), URIRef("https://example.org/ns/mode#direct"), ASA.Statement,
    ASA.State, Literal(""), Literal("x"), Literal("en"), Literal("two\nlines"), Literal("", lang="en"),
    Literal("x", lang="en"), Literal("y", lang="de"), Literal("2024-05-05", datatype=XSD.date),
    Literal("2024-05-08", datatype=XSD.date), Literal("2024-02-30", datatype=XSD.date, normalize=False),
    Literal("2024-05-06Z", datatype=XSD.date, normalize=False), Literal("2024-05-06"),
    Literal("2024-05-06T00:00:00", datatype=XSD.dateTime), Literal(-1), Literal(0), Literal(7), Literal(50),
    Literal("x", datatype=XSD.integer, normalize=False), Literal("7", datatype=XSD.nonNegativeInteger),
    Literal("0.5", datatype=XSD.decimal), Literal("1.01", datatype=XSD.decimal), Literal("-0.1", datatype=XSD.decimal),
    Literal("x", datatype=XSD.decimal, normalize=False), Literal("0.5", datatype=XSD.double), Literal(True),
    Literal("sha256:" + "0" * 64), Literal("/id/article/" + "0" * 16),
)
SUBJECTS = (URIRef("https://example.org/id/thing/1"), URIRef("https://example.org/id/state/PER"), BNode("blank"),
            URIRef("https://example.org/id/proposition/00000000000000000002"))


COMPARED = (OA.start, OA.end, ASA.earliest, ASA.latest)


def changed(remove: Triple | None = None, *, add: Triple | None = None) -> set[Triple]:
    return set(SMALL) - {remove} | ({add} if add is not None else set())


def renamed(node: Node, *, there: Node) -> set[Triple]:
    return {tuple(there if term == node else term for term in triple) for triple in SMALL}


def kinds(graph: Graph) -> Iterator[Triple]:
    """Yield one triple of each class and property, and a node of each class."""
    seen = set()
    for subject, predicate, value in sorted(graph):
        kind = tuple(sorted(graph.objects(subject, RDF.type))), predicate
        if kind not in seen:
            seen.add(kind)
            yield subject, predicate, value


def mutants() -> Iterator[tuple[str, set[Triple]]]:
    """Yield the small graph with one thing wrong, or another, or odd: every property by every value."""
    yield "as it is", changed()
    for subject, predicate, value in kinds(SMALL):
        name = f"{subject} {predicate}"
        yield f"{name} dropped", changed((subject, predicate, value))
        for number, other in enumerate(VALUES):
            if predicate in COMPARED and (isinstance(other, BNode) or getattr(other, "ill_typed", False)):
                continue  # which pySHACL cannot compare, and ends with an error
            if type(other) is type(value) or number % 6 == 0:
                yield f"{name} → {other!r}", changed((subject, predicate, value), add=(subject, predicate, other))
            if number % 4 == 0:
                yield f"{name} + {other!r}", changed(add=(subject, predicate, other))
    for subject in sorted(set(SMALL.subjects())):
        for other in SUBJECTS:
            yield f"{subject} is {other!r}", renamed(subject, there=other)
        yield f"{subject} is an actor too", changed(add=(subject, RDF.type, ASA.Person))
    negative, positive = (VOCABULARY.concept("polarity", name) for name in ("negative", "positive"))
    yield "a positive denial", changed((DENIAL, ASA.polarity, negative), add=(DENIAL, ASA.polarity, positive))
    yield "a mixed quotation without quote", changed((DENIAL, ASA.quote, Literal("sold")))
    yield "done by nobody to nobody", {triple for triple in SMALL if triple[0] != DEED or triple[1] not in (ASA.agent,
                                                                                                         ASA.target)}
    yield "a class below a class", changed(add=(ASA.Mention, RDFS.subClassOf, ASA.Actor))
    yield "the registry told more", changed(add=(VOCABULARY.iri("id/state/CHL"), RDFS.label, Literal("")))


def apart(graph: set[Triple], *, number: int) -> Iterator[Triple]:
    """Return a graph with its own names for all that it describes itself, of the same form."""
    names: dict[Node, Node] = {BNode("blank"): BNode(f"blank{number}")}
    for node in {term for triple in graph for term in triple}:
        if isinstance(node, URIRef) and "/id/" in node and "/state/" not in node:
            name = node.replace(KEY, f"{number:016x}")
            name = re.sub(r"proposition/0{16}", f"proposition/{number:016x}", name)
            names[node] = URIRef(re.sub(r"/n\.", f"/n.{number}.", name).replace("thing/1", f"thing/{number}"))
    for subject, predicate, value in graph:
        yield names.get(subject, subject), predicate, names.get(value, value)


def conforming(graphs: list[set[Triple]]) -> tuple[list[bool], set[str]]:
    """Return which graphs conform, and all messages, from one run of pySHACL over all of them."""
    union, owner = Graph(), dict[str, int]()
    for number, graph in enumerate(graphs):
        for triple in apart(graph, number=number):
            union.add(triple)
            for node in (triple[0], triple[2]):
                if not isinstance(node, Literal):
                    owner.setdefault(str(node), number)
    found, verdicts = validate(union, shapes=shapes()).results, [True] * len(graphs)
    for result in found:
        verdicts[owner[result.focus]] = False
    return verdicts, {result.message for result in found}


def touches_the_shared(name: str) -> bool:
    """Return whether a mutant describes what all copies refer to, and so is to be validated alone."""
    return "a class below" in name or "told more" in name or "state/PER" in name.rpartition(" is ")[2]


@pytest.mark.filterwarnings("ignore:NotImplemented should not be used:DeprecationWarning")  # rdflib, of impossible days
def test_what_is_accepted_has_no_result_in_pyshacl_and_what_is_not_has_one():
    named = [(name, graph) for name, graph in mutants() if not touches_the_shared(name)]
    verdicts, messages = list[bool](), set[str]()
    for start in range(0, len(named), 100):
        some, said = conforming([graph for _, graph in named[start : start + 100]])
        verdicts, messages = verdicts + some, messages | said
    accepted = [compiled().accepts(triples_of(graph).nodes) for _, graph in named]
    wrong = [name for (name, _), accepts, conforms in zip(named, accepted, verdicts, strict=True)
             if accepts and not conforms]
    careful = [name for (name, _), accepts, conforms in zip(named, accepted, verdicts, strict=True)
               if conforms and not accepts]
    assert len(named) > 3000
    assert (sum(verdicts) > 400, sum(accepted) > 400) == (True, True)
    assert wrong == []
    # Of literals with a datatype only those are accepted that are written here, in one form.
    assert [name for name in careful if "datatype=" not in name] == []
    every = {str(message) for message in shapes().graph.objects(None, SH.message)}
    assert {message for message in every - messages if "run" not in message} == set()


def test_what_touches_the_registry_or_the_classes_is_left_to_pyshacl():
    odd = {name: graph for name, graph in mutants() if touches_the_shared(name)}
    assert len(odd) >= 20
    assert [name for name, graph in odd.items() if compiled().accepts(triples_of(graph).nodes)] == []


@pytest.mark.filterwarnings("ignore:NotImplemented should not be used:DeprecationWarning")
@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(sorted(SMALL)), st.sampled_from(VALUES), st.booleans()), max_size=3))
def test_several_changes_at_once_are_accepted_only_if_pyshacl_finds_nothing(changes):
    graph = Graph()
    for triple in SMALL:
        graph.add(triple)
    for (subject, predicate, value), other, keep in changes:
        if not keep:
            graph.remove((subject, predicate, value))
        if not isinstance(other, BNode):
            graph.add((subject, predicate, other))
    if compiled().accepts(triples_of(graph).nodes):
        assert validate(graph, shapes=shapes()).results == ()


def with_shapes(turtle: str) -> Shapes:
    graph = Graph()
    for triple in shapes().graph:
        graph.add(triple)
    text = f"@prefix sh: <{SH}> . @prefix asa: <{ASA}> . @prefix s: <https://example.org/shape/> .\n" + turtle
    return Shapes(graph=graph.parse(data=text, format="turtle"), known=shapes().known)


@pytest.mark.parametrize("turtle", [
    "s:Article sh:closed true .", "s:Article sh:deactivated true .", "s:Article sh:node s:Office .",
    "s:Article sh:not s:Office .", "s:Article sh:or ( s:Office s:Tenure ) .", "s:Article sh:severity sh:Info .",
    's:Article sh:sparql [ sh:select "SELECT $this { ?this ?p ?o }" ] .', "s:Article sh:targetSubjectsOf asa:cue .",
    's:Article sh:flags "i" .', "s:Article sh:minCount 1 .", "s:Article sh:nodeKind sh:Literal .",
    "s:X a sh:NodeShape ; sh:targetClass asa:Article ; sh:nodeKind sh:IRIOrLiteral .",
    "s:X a sh:NodeShape ; sh:targetClass asa:Article ; sh:property [ sh:path ( asa:a asa:b ) ] .",
    "s:X a sh:NodeShape ; sh:targetClass asa:Article ; sh:property [ sh:path [ sh:zeroOrMorePath asa:a ] ] .",
    "s:X a sh:PropertyShape ; sh:targetClass asa:Article ; sh:path asa:a ; sh:datatype <http://a.example/d> .",
    "s:X a sh:PropertyShape ; sh:targetClass asa:Article ; sh:path asa:a ; sh:minInclusive 1e0 .",
    "s:X a sh:PropertyShape ; sh:targetClass asa:Article ; sh:path asa:a ; sh:in ( 1 ) .",
    "s:X a sh:PropertyShape ; sh:targetClass asa:Article ; sh:path asa:a ; sh:minCount 1 , 2 .",
    "s:X a sh:PropertyShape ; sh:targetClass asa:State ; sh:path asa:a ; sh:minCount 1 .",
    "s:X a sh:PropertyShape ; sh:targetClass asa:State ; sh:path [ sh:inversePath asa:agent ] ; sh:maxCount 1 .",
    "s:X a sh:PropertyShape ; sh:targetNode <https://example.org/id/state/CHL> ; sh:path asa:a ; sh:maxCount 1 .",
    "asa:Article a sh:NodeShape , <http://www.w3.org/2000/01/rdf-schema#Class> .",
])
def test_a_construct_that_is_not_known_is_refused(turtle):
    with pytest.raises(OntologyError, match=r"shapes\.ttl: .* not compiled; teach it to"):
        compile_shapes(with_shapes(turtle))


def test_a_shape_that_is_added_is_compiled_like_the_others():
    more = "s:X a sh:PropertyShape ; sh:targetClass asa:Tenure ; sh:path asa:asOf ; sh:maxCount 0 ."
    assert compiled().accepts(triples_of(SMALL).nodes)
    assert not compile_shapes(with_shapes(more)).accepts(triples_of(SMALL).nodes)


SHARED = {"graph/ontology": VOCABULARY.graph("asa.ttl"), "graph/vocabulary": VOCABULARY.graph("schemes.ttl"),
          "graph/registry": registry()}
ARTICLE = Article(digest=KEY + "0" * 48, source="a.txt", text=TEXT, blocks=(), published=date(2024, 5, 7))


@cache
def shared_lines() -> tuple[bytes, ...]:
    return tuple(line for name, graph in SHARED.items() for line in n_quads(graph, name=VOCABULARY.iri(name)))


def shared_with(more: Graph) -> tuple[bytes, ...]:
    return shared_lines() + n_quads(more, name=VOCABULARY.iri("graph/more"))


def parted(graph: Iterable[Triple]) -> dict[str, Triples]:
    """Return the graphs that an article is written into."""
    found = {"own": Triples(), "propositions": Triples(), "named": Triples()}
    for node, told in triples_of(graph).nodes.items():
        place = "propositions" if "id/proposition/" in node else "named" if "/n." in node else "own"
        found[place].nodes[node] = told
    return found


@cache
def proofs() -> Proofs:
    return Proofs.load(shared_lines(), vocabulary=VOCABULARY)


def faults(graph: set[Triple]) -> set[str]:
    """Return the checks that an article breaks."""
    store = EmbeddedStore()
    store.add(shared_lines())
    for name, triples in parted(graph).items():
        store.add(triples.lines(graph=iri(f"https://example.org/graph/{name}")))
    found = {problem.check for problem in check_release(store, vocabulary=VOCABULARY)}
    return found | ({"misquote"} if misquotes(triples_of(graph).graph(), article=ARTICLE) else set())


def odd_articles() -> Iterator[tuple[str, set[Triple]]]:
    asked = ("cue", "evidence", "content", "about", "hasSelector", "start", "end", "exact", "identifier")
    for subject, predicate, value in kinds(SMALL):
        if re.split("[/#]", predicate)[-1] in asked:
            yield f"{subject} {predicate} dropped", changed((subject, predicate, value))
            for other in VALUES:
                yield f"{subject} {predicate} → {other!r}", changed((subject, predicate, value),
                                                                    add=(subject, predicate, other))
                yield f"{subject} {predicate} + {other!r}", changed(add=(subject, predicate, other))
    yield "a circle", changed(add=(CLAIM, ASA.content, DENIAL))
    yield "its own content", changed(add=(CLAIM, ASA.content, CLAIM))
    yield "not of the text", changed((CUE, OA.exact, Literal("denied")), add=(CUE, OA.exact, Literal("denies")))


def test_an_article_is_proven_only_if_no_check_finds_fault_with_it():
    broken = set[str]()
    for name, graph in odd_articles():
        found = faults(graph)
        assert not (found and proofs().hold(key=KEY, text=TEXT, **parted(graph))), (name, found)
        broken |= found
    assert proofs().hold(key=KEY, text=TEXT, **parted(SMALL))
    assert faults(changed()) == set()
    assert broken == {"misquote", *(name for name, _ in checks())} - {"one-graph"}


@pytest.mark.parametrize(("place", "triple"), [
    ("named", (DENIAL, ASA.about, VOCABULARY.iri("id/state/CHL"))),
    ("propositions", (VOCABULARY.iri("id/person/n.ana-ruiz.1f2e3d"), RDFS.label, Literal("Ana Ruiz", lang="en"))),
    ("own", (VOCABULARY.iri("id/state/CHL"), RDF.type, ASA.State)),
    ("own", (VOCABULARY.iri("id/person/n.ana-ruiz.1f2e3d"), RDFS.label, Literal("Ana Ruiz", lang="en"))),
    ("own", (VOCABULARY.iri("id/article/00000000000000bb"), SCHEMA.inLanguage, Literal("en"))),
    ("own", (VOCABULARY.iri(f"id/article/{KEY}b"), SCHEMA.inLanguage, Literal("en"))),
    ("own", (DENIAL, ASA.contradicts, CLAIM)),
    ("own", (VOCABULARY.iri(f"id/article/{KEY}"), URIRef("http://www.w3.org/ns/prov#wasGeneratedBy"),
             VOCABULARY.iri("id/run/1"))),
    ("named", (VOCABULARY.iri("id/person/n.ana-ruiz.1f2e3d"), OA.start, Literal(1))),
], ids=str)
def test_a_triple_that_could_stand_in_another_graph_is_not_proven(place, triple):
    graphs = parted(SMALL)
    for told in triples_of([triple]):
        graphs[place].add(*told)
    known = Proofs.load(shared_lines(), vocabulary=VOCABULARY)
    assert not known.hold(key=KEY, text=TEXT, **graphs)


@pytest.mark.parametrize("triple", [
    (VOCABULARY.iri("id/state/CHL"), ASA.affiliation, VOCABULARY.iri("id/org/unknown")),
    (VOCABULARY.iri(f"id/article/{KEY}"), RDFS.label, Literal("x")),
    (VOCABULARY.iri("id/person/n.x.111111"), RDFS.label, Literal("x")),
    (VOCABULARY.iri("id/proposition/" + "0" * 20), RDFS.label, Literal("x")),
    (VOCABULARY.iri("id/state/CHL"), ASA.content, Literal("x")),
    (VOCABULARY.iri("id/run/1"), RDFS.label, Literal("run")),
], ids=str)
def test_shared_graphs_of_another_kind_leave_all_checks_to_be_asked(triple):
    assert Proofs.load(shared_with(Graph().add(triple)), vocabulary=VOCABULARY).open == {name for name, _ in checks()}


def test_every_check_is_proven_and_one_that_changes_is_asked(monkeypatch):
    assert proofs().open == frozenset()
    monkeypatch.setitem(kg.validation.proofs.PROVEN, "content-cycle", "of an older text")
    assert Proofs.load(shared_lines(), vocabulary=VOCABULARY).open == {"content-cycle"}
