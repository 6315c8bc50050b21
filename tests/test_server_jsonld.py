"""JSON-LD of the server: what is written is read back as the same triples."""

import json

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from server.jsonld import write

BASE = "https://news.example/"
XSD = "http://www.w3.org/2001/XMLSchema#"
ADDRESSES = ("id/state/RUS", "id/article/5e90#char=62,74", "ns/stance#denies", "ns#Statement", "id/person/Ким",
             "id/org/a%2Fb", "sparql", "a:b/c", "dumps/", "")
PROPERTIES = ("ns#speaker", "ns#gist", "ns#earliest", "ns#confidence", "ns#nobodyKnows", "ns#")
OUTSIDE = ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
           "http://www.w3.org/ns/oa#exact", "http://www.w3.org/ns/oa#start", "https://schema.org/mentions",
           "http://purl.org/dc/terms/source", "http://elsewhere.example/p")

nodes = st.one_of(
    st.sampled_from(ADDRESSES).map(lambda address: NamedNode(BASE + address)),
    st.sampled_from(("urn:x:y", "http://elsewhere.example/", "http://www.w3.org/ns/oa#", "a:b@c")).map(NamedNode),
    st.sampled_from(("a", "b")).map(BlankNode),
)
predicates = st.one_of(st.sampled_from(PROPERTIES).map(lambda name: NamedNode(BASE + name)),
                       st.sampled_from(OUTSIDE).map(NamedNode))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(("en", "de", "en-gb"))),
    st.builds(lambda text, kind: Literal(text, datatype=NamedNode(kind)), texts,
              st.sampled_from((f"{XSD}date", f"{XSD}decimal", f"{XSD}integer", f"{XSD}boolean", "http://e.example/t"))),
)
triples = st.builds(Triple, nodes, predicates, st.one_of(nodes, literals))


def read(data):
    graph = pyoxigraph.Dataset(pyoxigraph.parse(data, RdfFormat.JSON_LD, base_iri="http://wrong.example/"))
    graph.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return {quad.triple for quad in graph}


def canonical(found):
    return read(pyoxigraph.serialize(found, format=RdfFormat.JSON_LD))


@given(st.lists(triples, min_size=1, max_size=6))
def test_what_is_written_is_read_back(found):
    assert read(write(found, base=BASE)) == canonical(found)


@pytest.mark.parametrize(("predicate", "value", "key", "written"), [
    ("ns#speaker", NamedNode(f"{BASE}id/state/RUS"), "speaker", "id/state/RUS"),
    ("ns#earliest", Literal("2024-04-22", datatype=NamedNode(f"{XSD}date")), "earliest", "2024-04-22"),
    ("ns#earliest", Literal("2024-04-22"), "earliest", {"@value": "2024-04-22"}),
    ("ns#gist", Literal("that it rains"), "gist", "that it rains"),
    ("ns#nobodyKnows", Literal("x"), "asa:nobodyKnows", "x"),
    ("ns#nobodyKnows", NamedNode("urn:x"), "asa:nobodyKnows", {"id": "urn:x"}),
])
def test_values_are_written_as_short_as_the_context_allows(predicate, value, key, written):
    found = json.loads(write([Triple(NamedNode(f"{BASE}id/x/y"), NamedNode(BASE + predicate), value)], base=BASE))
    assert (found["id"], found[key]) == ("id/x/y", written)
