"""Triples as strings, against what Oxigraph and rdflib make of the same."""

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, BNode, Graph, Literal, URIRef

from kg.store import n_quads
from kg.triples import Triples, iri, literal, text_of, triples_of

BASE = "http://a.example/"
GRAPH = iri(BASE + "g")
ODD = st.sampled_from('"\\\n\r\t\b\f\0\x0b\x7f\x85\u2028\ufffe\uffff')
TEXTS = st.text(st.characters(exclude_categories=["Cs"]) | ODD)
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(Literal, TEXTS, lang=st.sampled_from(["en", "de-AT"])),
    st.integers().map(Literal),
    st.dates().map(lambda day: Literal(day.isoformat(), datatype=XSD.date)),
)
NAMES = st.sampled_from(["a", "ab", "a#b", "a/b", "é"]).map(lambda name: URIRef(BASE + name))
GRAPHS = st.lists(st.tuples(NAMES, NAMES, LITERALS | NAMES | st.just(BNode("b"))), max_size=12)


def graph_of(rows) -> Graph:
    graph = Graph()
    for row in rows:
        graph.add(row)
    return graph


@given(GRAPHS)
def test_lines_are_those_that_oxigraph_writes(rows):
    graph = graph_of(rows)
    assert tuple(triples_of(graph).lines(graph=GRAPH)) == n_quads(graph, name=BASE + "g")


@given(GRAPHS)
def test_a_graph_stays_the_same_there_and_back(rows):
    graph = graph_of(rows)
    assert set(triples_of(graph).graph()) == set(graph)


@given(TEXTS)
def test_the_text_of_a_literal_is_what_went_in(text):
    for term in (literal(text), literal(text, language="en"), literal(text, datatype=iri(str(XSD.token)))):
        assert text_of(term) == text
        [quad] = pyoxigraph.parse(f"<a:a> <a:a> {term} .", pyoxigraph.RdfFormat.N_TRIPLES)
        assert quad.object.value == text


def test_each_triple_is_held_once():
    found = Triples()
    found.add("<a:s>", "<a:p>", '"1"', '"1"')
    found.add("<a:s>", "<a:p>", '"2"', '"1"')
    found.add("<a:s>", "<a:q>")
    assert list(found) == [("<a:s>", "<a:p>", '"1"'), ("<a:s>", "<a:p>", '"2"')]


CHARACTERS = st.sampled_from([*"az09/#?%:@!$&'()*+,;=-._~[]{}<>\"\\^`| é\u200b\ue000"])


@pytest.mark.parametrize("start", ["https://a.example/", "https://a.example", "http://[::1]/"])
@given(end=st.text(CHARACTERS, max_size=6))
def test_an_iri_is_refused_where_oxigraph_refuses_it(start, end):
    try:
        pyoxigraph.NamedNode(start + end)
    except ValueError:
        with pytest.raises(ValueError, match=r"\w"):
            iri(start + end)
    else:
        assert iri(start + end) == f"<{start + end}>"
