"""The embedded store, and the remote one against a server that listens."""

import io
import json
from collections.abc import Iterator

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from kg.errors import StoreError
from kg.formats import N_QUADS, TRIG, TURTLE
from kg.store import EmbeddedStore, RemoteStore, n_quads
from tests.endpoint import listening

QUADS = b"""\
<http://a.example/x> <http://a.example/says> "one" <http://a.example/g1> .
<http://a.example/x> <http://a.example/says> "zwei\\nDrei"@de <http://a.example/g2> .
<http://a.example/y> <http://a.example/says> "3"^^<http://www.w3.org/2001/XMLSchema#integer> <http://a.example/g2> .
"""
SELECT = "SELECT ?s ?o ?none WHERE { ?s <says> ?o } ORDER BY ?o"
BASE = "http://a.example/"


@pytest.fixture
def endpoint() -> Iterator[str]:
    with listening() as url:
        yield url


def embedded(tmp_path, endpoint):
    return EmbeddedStore(tmp_path / "store")


def in_memory(tmp_path, endpoint):
    return EmbeddedStore()


def remote(tmp_path, endpoint):
    return RemoteStore(f"{endpoint}/sparql", graph_store=f"{endpoint}/graphs", user="ana", password="secret")


@pytest.fixture(params=[embedded, in_memory, remote])
def store(request, tmp_path, endpoint):
    return request.param(tmp_path, endpoint)


def test_what_is_loaded_is_found_in_the_union_of_the_graphs(store):
    store.load(io.BytesIO(QUADS))
    assert store.count() == 3
    assert list(store.select(SELECT, base=BASE)) == [
        ("http://a.example/y", "3", ""), ("http://a.example/x", "one", ""), ("http://a.example/x", "zwei\nDrei", ""),
    ]


def test_ask_gives_a_boolean_and_construct_gives_triples(store):
    store.load(io.BytesIO(QUADS))
    assert bool(store.query("ASK { ?s <says> 'one' }", base=BASE)) is True
    triples = list(store.query("CONSTRUCT { ?s <said> ?o } WHERE { GRAPH <g2> { ?s <says> ?o } }", base=BASE))
    assert {triple.object.value for triple in triples} == {"zwei\nDrei", "3"}


def test_the_answer_serialises_as_pyoxigraph_results(store):
    store.load(io.BytesIO(QUADS))
    answer = store.query(SELECT, base=BASE).serialize(format=pyoxigraph.QueryResultsFormat.JSON)
    assert len(json.loads(answer)["results"]["bindings"]) == 3


def test_a_file_that_is_no_n_quads_is_refused_in_one_line(store):
    with pytest.raises(StoreError, match="cannot load the quads") as caught:
        store.load(io.BytesIO(b"<http://a.example/x> says nothing"))
    assert "\n" not in str(caught.value)


def test_a_text_that_is_no_query_is_refused_in_one_line(store):
    with pytest.raises(StoreError, match="correct") as caught:
        store.query("SELEKT * WHERE { ?s ?p ?o }")
    assert "\n" not in str(caught.value)


def test_rows_are_asked_for_with_select(store):
    with pytest.raises(StoreError, match="no SELECT query"):
        list(store.select("ASK {}"))


def test_many_triples_of_one_graph_arrive_whole(endpoint, tmp_path):
    lines = [f'<http://a.example/{n}> <http://a.example/p> "{n}" <http://a.example/g> .\n' for n in range(10_001)]
    store = remote(tmp_path, endpoint)
    store.load(io.BytesIO("".join(lines).encode()))
    assert store.count() == 10_001


def test_the_default_graph_is_loaded_too(endpoint, tmp_path):
    store = remote(tmp_path, endpoint)
    store.load(io.BytesIO(b'<http://a.example/x> <http://a.example/p> "1" .\n'))
    assert store.count() == 0  # counts named graphs


@pytest.mark.parametrize(("path", "query", "words"), [
    ("/nothing", "ASK {}", "HTTP 404"),
    ("/page", "ASK {}", "no SPARQL result"),
    ("/sparql", "ASK { <teapot:> ?p ?o }", "HTTP 418 .short and stout."),
])
def test_a_server_that_does_not_answer_sparql_is_named_with_the_reason(path, query, words, endpoint):
    with pytest.raises(StoreError, match=words) as caught:
        RemoteStore(endpoint + path).query(query)
    assert str(caught.value).startswith(endpoint + path)


def test_a_wrong_password_says_which_settings_to_change(endpoint):
    store = RemoteStore(f"{endpoint}/sparql", graph_store=f"{endpoint}/graphs", user="ana", password="guess")
    with pytest.raises(StoreError, match=r"HTTP 401.*KG_STORE_USER"):
        store.load(io.BytesIO(QUADS))


def test_without_a_graph_store_nothing_is_loaded(endpoint):
    with pytest.raises(StoreError, match="no Graph Store URL"):
        RemoteStore(f"{endpoint}/sparql").load(io.BytesIO(QUADS))


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(StoreError, match=r"http://127\.0\.0\.1:9/sparql: no answer"):
        RemoteStore("http://127.0.0.1:9/sparql").query("ASK {}")


def test_a_store_outlives_the_process_that_filled_it(tmp_path):
    first = EmbeddedStore(tmp_path / "store")
    first.load(io.BytesIO(QUADS))
    del first
    assert EmbeddedStore(tmp_path / "store", read_only=True).count() == 3


def test_a_backup_is_a_store_of_its_own(tmp_path):
    store = EmbeddedStore(tmp_path / "store")
    store.load(io.BytesIO(QUADS))
    store.backup(tmp_path / "copy")
    store.load(io.BytesIO(b'<http://a.example/z> <http://a.example/p> "1" <http://a.example/g> .\n'))
    assert EmbeddedStore(tmp_path / "copy", read_only=True).count() == 3
    with pytest.raises(StoreError, match="does not exist yet"):
        store.backup(tmp_path / "copy")


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.write_text("x")],
                         ids=["missing", "empty", "a file"])
def test_a_directory_that_is_no_store_is_refused_for_reading(make, tmp_path):
    make(tmp_path / "store")
    with pytest.raises(StoreError, match="cannot open the store") as caught:
        EmbeddedStore(tmp_path / "store", read_only=True)
    assert "\n" not in str(caught.value)


def test_a_dump_needs_a_syntax_with_named_graphs(tmp_path):
    store, output = EmbeddedStore(), io.BytesIO()
    store.load(io.BytesIO(QUADS))
    store.dump(output, syntax=TRIG)
    assert output.getvalue().count(b"{") == 2
    with pytest.raises(StoreError, match="Turtle cannot hold named graphs"):
        store.dump(output, syntax=TURTLE)


LITERALS = st.one_of(
    st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"]))),
    st.builds(Literal, st.text(st.characters(exclude_categories=["Cs"])), lang=st.sampled_from(["en", "de"])),
    st.integers().map(Literal),
    st.dates().map(lambda day: Literal(day.isoformat(), datatype=XSD.date)),
)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("pq"), LITERALS), max_size=8))
def test_lines_are_sorted_and_read_back_as_the_same_graph(rows):
    graph = Graph()
    for subject, predicate, value in rows:
        graph.add((URIRef(BASE + subject), URIRef(BASE + predicate), value))
    lines = n_quads(graph, name=BASE + "g")
    assert list(lines) == sorted(lines)
    back = Graph()
    back.parse(data=b"".join(line.removesuffix(f" <{BASE}g> .\n".encode()) + b" .\n" for line in lines), format="nt")
    assert isomorphic(graph, back)


@pytest.mark.parametrize(("lexical", "datatype", "written"), [
    ("01", XSD.integer, "1"), ("1.50", XSD.decimal, "1.5"), ("2024-01-01T10:00:00.000Z", XSD.dateTime,
                                                            "2024-01-01T10:00:00Z"),
    ("nonsense", XSD.date, "nonsense"),
])
def test_literals_are_written_as_the_store_gives_them_back(lexical, datatype, written):
    graph = Graph().add((BNode("b"), URIRef(BASE + "p"), Literal(lexical, datatype=datatype, normalize=False)))
    lines = n_quads(graph, name=BASE + "g")
    store, output = EmbeddedStore(), io.BytesIO()
    store.add(lines)
    store.dump(output, syntax=N_QUADS)
    assert f'"{written}"^^'.encode() in lines[0]
    assert f'"{written}"^^'.encode() in output.getvalue()
