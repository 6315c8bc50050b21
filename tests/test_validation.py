"""Graphs against ontology/shapes.ttl and ontology/checks/."""

from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from rdflib import ORG, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef

from kg.errors import OntologyError
from kg.model import Article
from kg.store import EmbeddedStore, n_quads
from kg.validation import (
    SH,
    check_release,
    load_shapes,
    misquotes,
    report_graph,
    validate,
    validate_batch,
)
from kg.vocabulary import OA, SCHEMA, Vocabulary

GOLD = Path(__file__).parent / "golden"
VOCABULARY = Vocabulary(base="https://example.org/")
ASA = VOCABULARY.asa
ARTICLE = VOCABULARY.iri("id/article/5e900040bec38a6c")
ASSERTION = VOCABULARY.iri("id/statement/5e900040bec38a6c-474")
QUOTATION = VOCABULARY.iri("id/statement/5e900040bec38a6c-399")
DENIAL = VOCABULARY.iri("id/statement/5e900040bec38a6c-881")
AGREEMENT = VOCABULARY.iri("id/agreement/5e900040bec38a6c-1457")
EVENT = VOCABULARY.iri("id/status-event/5e900040bec38a6c-1447")
OBLIGATION = VOCABULARY.iri("id/obligation/5e900040bec38a6c-1509")
SALE = VOCABULARY.iri("id/proposition/57f7de19a608d5b1bcb7")
TENURE = VOCABULARY.iri("id/tenure/5e900040bec38a6c-845")
CUE = VOCABULARY.iri("id/article/5e900040bec38a6c#m-881-887")
PLACE = VOCABULARY.iri("id/article/5e900040bec38a6c#char=881,887")
PESKOV = VOCABULARY.iri("id/person/dmitry-peskov")
SPOKESMAN = VOCABULARY.iri("id/office/kremlin-spokesman")
RUSSIA = VOCABULARY.iri("id/state/RUS")


@pytest.fixture(scope="module")
def shapes():
    return load_shapes(VOCABULARY, registry=VOCABULARY.graph("actors.ttl"))


@pytest.fixture(scope="module")
def seeds():
    return {name: Graph().parse(GOLD / f"seed-{name}.ttl") for name in ("000", "004")}


@pytest.fixture
def gold(seeds):
    return copy(seeds["000"])


def copy(graph: Graph) -> Graph:
    return Graph() + graph


def test_the_gold_of_the_seeds_conforms(seeds, shapes):
    assert all(validate(graph, shapes=shapes).conforms for graph in seeds.values())


def without(subject: URIRef, predicate: URIRef) -> Callable[[Graph], object]:
    return lambda graph: graph.remove((subject, predicate, None))


def with_(subject: URIRef, predicate: URIRef, *values: URIRef | Literal | BNode) -> Callable[[Graph], object]:
    """Replace the values of a property."""
    def plant(graph: Graph) -> None:
        graph.remove((subject, predicate, None))
        for value in values:
            graph.add((subject, predicate, value))
    return plant


def also(subject: URIRef, predicate: URIRef, value: URIRef | Literal) -> Callable[[Graph], object]:
    return lambda graph: graph.add((subject, predicate, value))


PLANTED = {
    "statement without speaker": (without(DENIAL, ASA.speaker), DENIAL, ASA.speaker, "add the speaker"),
    "speaker that is a place of text": (with_(DENIAL, ASA.speaker, CUE), DENIAL, ASA.speaker, "actor"),
    "speaker that nothing describes": (with_(DENIAL, ASA.speaker, VOCABULARY.iri("id/person/n.x.1")), DENIAL,
                                       ASA.speaker, "actor"),
    "stance from no scheme": (with_(DENIAL, ASA.stance, ASA.mumbles), DENIAL, ASA.stance, "stance scheme"),
    "stance from another scheme": (with_(ASSERTION, ASA.stance, VOCABULARY.concept("mode", "mixed")), ASSERTION,
                                   ASA.stance, "stance scheme"),
    "two stances": (also(ASSERTION, ASA.stance, VOCABULARY.concept("stance", "warns")), ASSERTION, ASA.stance, "one"),
    "no polarity": (without(ASSERTION, ASA.polarity), ASSERTION, ASA.polarity, "polarity"),
    "positive denial": (with_(DENIAL, ASA.polarity, VOCABULARY.concept("polarity", "positive")), DENIAL,
                        ASA.polarity, "negative"),
    "mixed mode without quote": (without(QUOTATION, ASA.quote), QUOTATION, ASA.quote, "add asa:quote"),
    "direct mode without quote": (with_(ASSERTION, ASA.mode, VOCABULARY.concept("mode", "direct")), ASSERTION,
                                  ASA.quote, "add asa:quote"),
    "content that is an actor": (with_(DENIAL, ASA.content, RUSSIA), DENIAL, ASA.content, "proposition"),
    "content that nothing describes": (with_(DENIAL, ASA.content, VOCABULARY.iri("id/proposition/" + "0" * 20)),
                                       DENIAL, ASA.content, "proposition"),
    "end before start": (lambda graph: (with_(DENIAL, ASA.earliest, Literal("2024-04-25", datatype=XSD.date))(graph),
                                        with_(DENIAL, ASA.latest, Literal("2024-04-24", datatype=XSD.date))(graph)),
                         DENIAL, ASA.earliest, "swap"),
    "day that does not exist": (with_(DENIAL, ASA.latest, Literal("2024-02-30", datatype=XSD.date, normalize=False)),
                                DENIAL, ASA.latest, "YYYY-MM-DD"),
    "empty gist": (with_(DENIAL, ASA.gist, Literal("")), DENIAL, ASA.gist, "not empty"),
    "confidence above one": (with_(DENIAL, ASA.confidence, Literal("1.2", datatype=XSD.decimal)), DENIAL,
                             ASA.confidence, "from 0 to 1"),
    "confidence that is a string": (with_(DENIAL, ASA.confidence, Literal("high")), DENIAL, ASA.confidence, "decimal"),
    "statement without evidence": (without(DENIAL, ASA.evidence), DENIAL, ASA.evidence, "evidence"),
    "statement in no article": (without(DENIAL, ASA.inArticle), DENIAL, ASA.inArticle, "inArticle"),
    "article without date": (without(ARTICLE, SCHEMA.datePublished), ARTICLE, SCHEMA.datePublished, "YYYY-MM-DD"),
    "proposition without act": (without(SALE, ASA.act), SALE, ASA.act, "act scheme"),
    "proposition of nobody": (lambda graph: (without(SALE, ASA.agent)(graph), without(SALE, ASA.target)(graph)),
                              SALE, None, "agent or an asa:target"),
    "agreement without party": (without(AGREEMENT, ASA.party), AGREEMENT, ASA.party, "party"),
    "agreement of no status": (without(AGREEMENT, ASA.status), AGREEMENT, ASA.status, "status scheme"),
    "event of no agreement": (without(AGREEMENT, ASA.statusEvent), EVENT, None, "belongs to an agreement"),
    "obligation of no agreement": (without(AGREEMENT, ASA.obligation), OBLIGATION, None, "belongs to an agreement"),
    "obligation without words": (without(OBLIGATION, ASA.gist), OBLIGATION, ASA.gist, "words of the duty"),
    "mention without selector": (without(CUE, OA.hasSelector), CUE, OA.hasSelector, "TextPositionSelector"),
    "selector that ends before it starts": (with_(PLACE, OA.end, Literal("3", datatype=XSD.nonNegativeInteger)),
                                            PLACE, OA.start, "before oa:end"),
    "offset that is no number": (with_(PLACE, OA.start, Literal("881")), PLACE, OA.start, "whole number"),
    "offset with a fraction": (with_(PLACE, OA.end, Literal("886.5", datatype=XSD.decimal)), PLACE, OA.end,
                               "whole number"),
    "selector without words": (without(PLACE, OA.exact), PLACE, OA.exact, "words between"),
    "tenure of a state": (with_(TENURE, ORG.member, RUSSIA), TENURE, ORG.member, "person"),
    "office without name": (without(SPOKESMAN, RDFS.label), SPOKESMAN, RDFS.label, "label"),
    "actor without basis": (without(PESKOV, ASA.identityBasis), PESKOV, ASA.identityBasis, "registry, name or article"),
    "affiliation to an office": (with_(PESKOV, ASA.affiliation, SPOKESMAN), PESKOV, ASA.affiliation, "actor"),
}


@pytest.mark.parametrize(("plant", "focus", "path", "repair"), PLANTED.values(), ids=PLANTED)
def test_a_planted_error_is_found_where_it_stands(plant, focus, path, repair, gold):
    plant(gold)
    found = {
        (result.focus, result.path) for result in validate(gold, shapes=load_shapes(VOCABULARY)).results
        if repair in result.message
    }
    assert any(where == str(focus) and (path is None or way == str(path)) for where, way in found)


def test_every_constraint_says_how_to_repair(shapes):
    constraints = set(shapes.graph.subjects(RDF.type, SH.PropertyShape)) | set(shapes.graph.subjects(SH.nodeKind, None))
    silent = {
        constraint for constraint in constraints
        if (constraint, SH.message, None) not in shapes.graph and (constraint, SH.property, None) not in shapes.graph
    }
    assert len(constraints) > 60
    assert not silent


def test_every_class_with_instances_of_ours_has_a_shape(seeds, shapes):
    covered = set(shapes.graph.objects(None, SH.targetClass))
    classes = {kind for graph in seeds.values() for kind in graph.objects(None, RDF.type)} - {OA.TextQuoteSelector}
    actors = {ASA.Person, ASA.State, ASA.Organization, ASA.ActorGroup}
    assert classes - actors <= covered
    assert ASA.Actor in covered


def test_the_shapes_are_shacl_core_without_sparql(shapes):
    assert not set(shapes.graph.subjects(SH.sparql, None))


def test_value_lists_follow_the_schemes(shapes):
    [stances] = (
        set(shapes.graph.items(values))
        for shape in shapes.graph.subjects(SH.path, ASA.stance)
        for values in shapes.graph.objects(shape, SH["in"])
    )
    assert stances == VOCABULARY.concepts["stance"]


def test_a_scheme_that_does_not_exist_is_an_error_of_the_ontology(monkeypatch):
    class Strange(Vocabulary):
        def graph(self, *names):
            graph = super().graph(*names)
            if names == ("shapes.ttl",):
                graph.add((self.iri("shape/X"), self.iri("shape/valuesFrom"), self.iri("ns/colours")))
            return graph

    with pytest.raises(OntologyError, match=r"no scheme https://example\.org/ns/colours"):
        load_shapes(Strange(base="https://example.org/"))


def test_actors_of_the_registry_need_no_description_in_the_article(gold, shapes):
    gold.remove((PESKOV, None, None))
    assert validate(gold, shapes=shapes).conforms
    assert not validate(gold, shapes=load_shapes(VOCABULARY)).conforms


def test_a_batch_gives_each_article_its_own_report(seeds, shapes):
    batch = {}
    for number, (plant, *_) in enumerate(PLANTED.values()):
        batch[f"planted {number}"] = copy(seeds["000"])
        plant(batch[f"planted {number}"])
    batch["sound"] = seeds["004"]
    some = {key: batch[key] for key in ("planted 0", "planted 7", "planted 20", "sound")}
    reports = validate_batch(some, shapes=shapes)
    assert reports == {key: validate(graph, shapes=shapes) for key, graph in some.items()}
    assert [key for key, report in reports.items() if report.conforms] == ["sound"]


def test_in_a_batch_no_article_lives_off_what_another_describes(gold, seeds, shapes):
    stranger = VOCABULARY.iri("id/group/871007b8ba97c362-1-2")
    other = copy(seeds["004"])
    other.add((stranger, RDF.type, ASA.ActorGroup))
    other.add((stranger, RDFS.label, Literal("officials")))
    other.add((stranger, ASA.identityBasis, VOCABULARY.concept("identity", "article")))
    gold.add((DENIAL, ASA.speaker, stranger))
    reports = validate_batch({"borrows": gold, "lends": other}, shapes=shapes)
    assert not reports["borrows"].conforms
    assert reports["lends"].conforms


def test_an_empty_batch_is_no_error(shapes):
    assert validate_batch({}, shapes=shapes) == {}


def test_the_report_is_a_validation_report_of_the_same_triples_each_time(gold, shapes):
    without(DENIAL, ASA.speaker)(gold)
    results = validate(gold, shapes=shapes).results
    graph = report_graph(results)
    assert set(graph) == set(report_graph(reversed(results)))
    assert graph.value(predicate=SH.focusNode, object=DENIAL)
    assert Literal(False) in set(graph.objects(None, SH.conforms))
    assert Literal(True) in set(report_graph(()).objects(None, SH.conforms))


TEXT = "“Ja”, he said."


@pytest.mark.parametrize(("start", "end", "exact", "wrong"), [
    (1, 3, "Ja", 0), (1, 3, "Je", 1), (2, 4, "Ja", 1), (1, 300, "Ja", 1),
], ids=["right", "other words", "shifted", "beyond the end"])
def test_selectors_are_compared_with_the_text(start, end, exact, wrong):
    selector = VOCABULARY.iri(f"id/article/{'0' * 16}#char={start},{end}")
    graph = Graph()
    graph.add((selector, OA.start, Literal(str(start), datatype=XSD.nonNegativeInteger)))
    graph.add((selector, OA.end, Literal(str(end), datatype=XSD.nonNegativeInteger)))
    graph.add((selector, OA.exact, Literal(exact)))
    article = Article(digest=sha256(TEXT.encode()).hexdigest(), source="a.txt", text=TEXT, blocks=(),
                      published=date(2024, 4, 24))
    assert len(misquotes(graph, article=article)) == wrong


def store_of(graph: Graph, *, name: str = "graph/article/5e900040bec38a6c", **others: Graph) -> EmbeddedStore:
    """Return a store with the gold in one named graph, and what it refers to in others."""
    store = EmbeddedStore()
    known = {"graph/ontology": VOCABULARY.graph("asa.ttl"), "graph/vocabulary": VOCABULARY.graph("schemes.ttl"),
             name: graph, **others}
    for relative, content in known.items():
        store.add(n_quads(content, name=VOCABULARY.iri(relative)))
    return store


def test_the_checks_pass_over_both_seeds(gold, seeds):
    shared = {triple for triple in seeds["004"] if triple in gold}
    second = Graph()
    for triple in set(seeds["004"]) - shared:
        second.add(triple)
    store = store_of(gold, **{"graph/article/871007b8ba97c362": second})
    assert check_release(store, vocabulary=VOCABULARY) == ()


def self_content(graph: Graph) -> None:
    graph.add((DENIAL, ASA.content, DENIAL))


def content_circle(graph: Graph) -> None:
    graph.add((DENIAL, ASA.content, ASSERTION))
    graph.add((ASSERTION, ASA.content, DENIAL))


@pytest.mark.parametrize(("plant", "check", "node"), [
    (with_(DENIAL, ASA.evidence, VOCABULARY.iri("id/article/5e900040bec38a6c#m-26-234")), "cue-in-evidence", DENIAL),
    (self_content, "content-cycle", DENIAL),
    (content_circle, "content-cycle", ASSERTION),
    (with_(PLACE, OA.exact, Literal("den")), "selector-offsets", PLACE),
    (with_(PLACE, OA.end, Literal("888", datatype=XSD.nonNegativeInteger)), "selector-offsets", PLACE),
    (also(DENIAL, ASA.about, VOCABULARY.iri("id/person/n.nobody.000000")), "dangling-reference", DENIAL),
    (with_(ARTICLE, URIRef("http://purl.org/dc/terms/identifier"), Literal("sha256:" + "0" * 64)), "article-digest",
     ARTICLE),
], ids=["cue", "self", "circle", "words", "end", "dangling", "digest"])
def test_a_check_of_the_release_finds_what_shapes_cannot(plant, check, node, gold):
    plant(gold)
    found = {(problem.check, problem.node) for problem in check_release(store_of(gold), vocabulary=VOCABULARY)}
    assert (check, str(node)) in found


def test_a_triple_in_two_graphs_is_found(gold):
    double = Graph().add((PESKOV, RDF.type, ASA.Person))
    problems = check_release(store_of(gold, **{"graph/actors": double}), vocabulary=VOCABULARY)
    assert [(problem.check, problem.node) for problem in problems] == [("one-graph", str(PESKOV))]
    assert "one named graph" in problems[0].message
