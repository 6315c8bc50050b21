"""Records → triples."""

from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.compare import isomorphic

from kg.graph import describe, proposition_label, run_graph, shared_graphs
from kg.iris import proposition_id
from kg.model import (
    Actor,
    Agreement,
    Article,
    Block,
    Cast,
    Extraction,
    Interval,
    Mention,
    Obligation,
    Office,
    Proposition,
    Span,
    Statement,
    StatusEvent,
    Tenure,
)
from kg.vocabulary import OA, SCHEMA, Vocabulary

TEXT = "Minister Ana Ruiz denied on Monday that Chile sold arms to Peru. Chile and Peru signed a treaty."
CHILE = Actor(id="id/state/CHL", kind="State", label="Chile", basis="registry")
PERU = Actor(id="id/state/PER", kind="State", label="Peru", basis="registry")
RUIZ = Actor(id="id/person/n.ana-ruiz.1f2e3d", kind="Person", label="Ana Ruiz", basis="name",
             affiliations=(CHILE.id,))
AIDES = Actor(id="id/group/x-1-2", kind="ActorGroup", label="aides", basis="article")
VOCABULARY = Vocabulary(base="https://news.example/")


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start=start, end=start + len(words))


@pytest.fixture
def extraction() -> Extraction:
    article = Article(
        digest=sha256(TEXT.encode()).hexdigest(), source="wire.txt", text=TEXT, published=date(2024, 5, 7),
        blocks=(Block(span=Span(start=0, end=len(TEXT)), kind="paragraph"),),
    )
    sold = span("Chile sold arms to Peru")
    sale = Proposition(agents=(CHILE.id,), act="supply-arms", targets=(PERU.id,), read_from=sold)
    statement = Statement(
        cue=span("denied"), evidence=(Span(start=0, end=65),), speakers=(RUIZ.id,), stance="denies",
        polarity="negative", certainty="certain", mode="indirect", wording=(span("Chile sold arms to Peru"),),
        gist="Chile sold arms to Peru", on_behalf_of=(CHILE.id,), contents=(sale,), about=(CHILE.id, PERU.id),
        when=Interval(earliest=date(2024, 5, 6), latest=date(2024, 5, 6), words="on Monday"), confidence=0.9,
    )
    treaty = Agreement(
        start=span("treaty").start, label="Treaty of Chile and Peru", kind="treaty", status="signed",
        parties=(CHILE.id, PERU.id), evidence=(span("Chile and Peru signed a treaty."),), mentions=(span("a treaty"),),
        events=(StatusEvent(start=span("signed").start, status="signed", label="Chile and Peru sign",
                            agents=(CHILE.id, PERU.id), when=Interval(latest=date(2024, 5, 7)),
                            evidence=span("Chile and Peru signed a treaty.")),),
        obligations=(Obligation(start=span("treaty").start, number=1, gist="a treaty", evidence=span("a treaty"),
                                bearers=(CHILE.id,), action=span("a treaty"), duty=(sale,)),),
    )
    cast = Cast(
        actors={actor.id: actor for actor in (CHILE, PERU, RUIZ, AIDES)},
        mentions=(Mention(span=span("Ana Ruiz"), actor=RUIZ.id, form="name"),
                  Mention(span=span("Chile"), actor=CHILE.id, form="name")),
        tenures=(Tenure(person=RUIZ.id, evidence=span("Minister Ana Ruiz"),
                        office=Office(id="id/office/n.minister-chile.aaaaaa", label="Minister (Chile)",
                                      affiliations=(CHILE.id,))),),
    )
    return Extraction(article=article, cast=cast, statements=(statement,), agreements=(treaty,))


def test_each_triple_lies_in_one_graph_only(extraction):
    graphs = [*describe(extraction, vocabulary=VOCABULARY, mentions="all").values(),
              *shared_graphs(VOCABULARY).values()]
    assert sum(len(graph) for graph in graphs) == len({triple for graph in graphs for triple in graph})


def test_every_offset_cuts_out_its_own_text(extraction):
    own = next(iter(describe(extraction, vocabulary=VOCABULARY, mentions="all").values()))
    selectors = list(own.subjects(RDF.type, OA.TextQuoteSelector))
    assert len(selectors) >= 7
    for selector in selectors:
        start, end = (int(own.value(selector, edge)) for edge in (OA.start, OA.end))
        assert str(own.value(selector, OA.exact)) == TEXT[start:end]


def test_a_denial_points_to_the_positive_proposition(extraction):
    graphs = describe(extraction, vocabulary=VOCABULARY)
    own, propositions = graphs[f"graph/article/{extraction.article.key}"], graphs["graph/propositions"]
    [(statement, _, proposition)] = own.triples((None, VOCABULARY.asa.content, None))
    assert (statement, VOCABULARY.asa.polarity, URIRef("https://news.example/ns/polarity#negative")) in own
    assert (proposition, VOCABULARY.asa.act, URIRef("https://news.example/ns/act#supply-arms")) in propositions
    assert str(propositions.value(proposition, URIRef("http://www.w3.org/2000/01/rdf-schema#label"))) == (
        "Chile: supply-arms -> Peru")


def test_only_the_evidence_is_kept_unless_all_mentions_are_asked_for(extraction):
    few = describe(extraction, vocabulary=VOCABULARY)[f"graph/article/{extraction.article.key}"]
    many = describe(extraction, vocabulary=VOCABULARY, mentions="all")[f"graph/article/{extraction.article.key}"]
    assert not list(few.triples((None, VOCABULARY.asa.form, None)))
    assert len(list(many.triples((None, VOCABULARY.asa.form, None)))) == 2
    assert list(few.objects(None, SCHEMA.mentions))


def test_a_named_actor_is_shared_and_a_known_one_is_not_repeated(extraction):
    graphs = describe(extraction, vocabulary=VOCABULARY)
    own, named = graphs[f"graph/article/{extraction.article.key}"], graphs["graph/actors"]
    assert (VOCABULARY.iri(RUIZ.id), RDF.type, VOCABULARY.asa.Person) in named
    assert not list(named.triples((VOCABULARY.iri(CHILE.id), None, None)))
    assert not list(own.triples((VOCABULARY.iri(AIDES.id), None, None)))


def test_somebody_described_is_written_where_a_statement_takes_him_up(extraction):
    statement = replace(extraction.statements[0], speakers=(AIDES.id,))
    graphs = describe(replace(extraction, statements=(statement,)), vocabulary=VOCABULARY)
    own = graphs[f"graph/article/{extraction.article.key}"]
    assert (VOCABULARY.iri(AIDES.id), RDF.type, VOCABULARY.asa.ActorGroup) in own
    assert str(own.value(VOCABULARY.iri(AIDES.id), RDFS.label)) == "aides"


def test_an_unknown_kind_of_mentions_is_refused(extraction):
    with pytest.raises(ValueError, match="evidence, all"):
        describe(extraction, vocabulary=VOCABULARY, mentions="some")


def test_the_base_iri_is_the_only_difference_between_two_hosts(extraction):
    here, there = (describe(extraction, vocabulary=Vocabulary(base=base))[f"graph/article/{extraction.article.key}"]
                   for base in ("https://news.example/", "http://localhost:9/"))
    moved = Graph().parse(data=here.serialize(format="nt").replace("https://news.example/", "http://localhost:9/"),
                          format="nt")
    assert isomorphic(moved, there)


def test_a_run_is_named_by_what_ran_and_not_by_when():
    first, second = (run_graph(["5e900040bec38a6c"], version="1.0-abc", vocabulary=VOCABULARY) for _ in range(2))
    assert isomorphic(first, second)
    assert len(first) == 3


actors = st.sampled_from(["id/state/RUS", "id/state/PRK", "id/org/nato", "id/person/n.x.000000"])


@given(agents=st.lists(actors, max_size=3), targets=st.lists(actors, max_size=3))
def test_a_proposition_does_not_depend_on_the_order_of_its_actors(agents, targets):
    forwards = Proposition(agents=tuple(agents), act="support", targets=tuple(targets))
    backwards = Proposition(agents=tuple(agents[::-1]), act="support", targets=tuple(targets[::-1] * 2))
    assert proposition_id(forwards) == proposition_id(backwards)


@pytest.mark.parametrize(("agents", "targets", "topic", "label"), [
    (("id/state/CHL",), ("id/state/PER",), "", "Chile: support -> Peru"),
    (("id/state/PER", "id/state/CHL"), (), "economic", "Chile and Peru: support (economic)"),
    ((), ("id/state/PER",), "", "somebody: support -> Peru"),
])
def test_a_proposition_reads_as_one_line(agents, targets, topic, label):
    proposition = Proposition(agents=agents, act="support", targets=targets, topic=topic)
    assert proposition_label(proposition, labels={CHILE.id: "Chile", PERU.id: "Peru"}) == label


@pytest.mark.parametrize("belongs", [True, False])
def test_a_description_is_told_of_where_somebody_belongs_to_it(belongs, extraction):
    ruiz = replace(RUIZ, affiliations=(CHILE.id, *([AIDES.id] if belongs else [])))
    actors = {**extraction.cast.actors, RUIZ.id: ruiz, AIDES.id: AIDES}
    extraction = replace(extraction, cast=replace(extraction.cast, actors=actors))
    graphs = describe(extraction, vocabulary=VOCABULARY).values()
    assert any((VOCABULARY.iri(AIDES.id), None, None) in graph for graph in graphs) is belongs
