"""Cutting, cleaning and tidying what the engine writes."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET

import pyoxigraph
import pytest
from rdflib import Graph

from server.worker import Full, Sink, clean_xml, run, tidy

HOSTILE = ('a', 'two words', '},{', '"},{"', "x,y\r\nz", "</result>", "\\", "]}}", "'", "tab\there", "[{", "")
SYNTAXES = ("json", "xml", "csv", "tsv")


def table(rows):
    values = " ".join(f"({json.dumps(value, ensure_ascii=True)} {number})" for number, value in enumerate(rows))
    return pyoxigraph.Store().query(f"SELECT ?text ?number {{ VALUES (?text ?number) {{ {values} }} }}")


def read(syntax, data):
    """Return the first column, as its syntax means it."""
    if syntax == "json":
        return [row["text"]["value"] for row in json.loads(data)["results"]["bindings"]]
    if syntax == "xml":
        space = "{http://www.w3.org/2005/sparql-results#}"
        path = f".//{space}binding[@name='text']/{space}literal"
        return [found.text or "" for found in ET.fromstring(clean_xml(data)).iterfind(path)]
    if syntax == "csv":
        return [row[0] for row in csv.reader(io.StringIO(data.decode(), newline=""))][1:]
    rows = data.decode().split("\n")[1:-1]
    return [json.loads(row.split("\t")[0]) for row in rows]


def job(syntax, **changes):
    return {"query": "", "base": "https://example.org/", "default_graph": None, "named_graphs": None, "union": True,
            "syntax": syntax, "rows": 1000, "bytes": 1 << 20, "link": "https://example.org/dumps/?a=1&b=2",
            "prefixes": {}, **changes}


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("limit", [1, 2, 3, 7, len(HOSTILE) - 1])
def test_a_table_is_cut_after_whole_rows(syntax, limit):
    sink = Sink(syntax, rows=limit, size=1 << 20)
    with pytest.raises(Full):
        table(HOSTILE).serialize(sink, format=getattr(pyoxigraph.QueryResultsFormat, syntax.upper()))
    assert sink.cut == "rows"
    assert read(syntax, bytes(sink.data)) == list(HOSTILE[:limit])


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("limit", [len(HOSTILE), len(HOSTILE) + 1, 1000])
def test_a_table_within_its_limit_is_left_alone(syntax, limit):
    form = getattr(pyoxigraph.QueryResultsFormat, syntax.upper())
    sink = Sink(syntax, rows=limit, size=1 << 20)
    table(HOSTILE).serialize(sink, format=form)
    assert (bytes(sink.data), sink.cut) == (table(HOSTILE).serialize(format=form), "")


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("size", [300, 500, 1000])
def test_a_table_is_cut_at_a_number_of_bytes(syntax, size):
    sink = Sink(syntax, rows=10_000, size=size)
    with pytest.raises(Full):
        table(HOSTILE * 20).serialize(sink, format=getattr(pyoxigraph.QueryResultsFormat, syntax.upper()))
    found = read(syntax, bytes(sink.data))
    assert sink.cut == "bytes"
    assert len(sink.data) <= size + 20
    assert found == list((HOSTILE * 20)[: len(found)])


def test_a_cut_table_links_to_an_explanation_in_its_head():
    store = pyoxigraph.Store()
    query = "SELECT ?a { VALUES ?a { 1 2 3 } }"
    head, body = run(store, job("json", query=query, rows=2))
    assert head["cut"] == "rows"
    assert json.loads(body)["head"] == {"vars": ["a"], "link": ["https://example.org/dumps/?a=1&b=2"]}
    _, body = run(store, job("xml", query=query, rows=2))
    [link] = ET.fromstring(body).iterfind(".//{http://www.w3.org/2005/sparql-results#}link")
    assert link.attrib["href"] == "https://example.org/dumps/?a=1&b=2"


def test_a_graph_is_cut_at_a_number_of_triples():
    query = "CONSTRUCT { <x> <p> ?a } WHERE { VALUES ?a { 1 2 3 4 5 } }"
    head, body = run(pyoxigraph.Store(), job("text/turtle", query=query, rows=3))
    assert (head["cut"], len(Graph().parse(data=body, format="turtle"))) == ("rows", 3)


@pytest.mark.parametrize(("syntax", "query", "outcome"), [
    ("json", "ASK {}", "done"), ("json", "SELECT", "syntax"), ("json", "SELECT (nosuch(1) AS ?x) {}", "syntax"),
    ("json", "SELECT (<http://e.example/f>(1) AS ?x) {}", "evaluation"), ("json", "CONSTRUCT WHERE {}", "form"),
    ("text/turtle", "SELECT * {}", "form"), ("text/turtle", "DESCRIBE <x>", "done"),
    ("json", "INSERT DATA {}", "syntax"),
])
def test_a_job_ends_in_one_of_four_ways(syntax, query, outcome):
    assert run(pyoxigraph.Store(), job(syntax, query=query))[0]["outcome"] == outcome


def test_a_graph_iri_that_is_none_is_an_error_of_the_query():
    head, _ = run(pyoxigraph.Store(), job("json", query="ASK {}", default_graph=["no iri"]))
    assert head["outcome"] == "evaluation"


@pytest.mark.parametrize("syntax", ["xml", "application/rdf+xml"])
def test_xml_holds_no_character_that_xml_forbids(syntax):
    store = pyoxigraph.Store()
    literal = "a\x00b\x07c\x1fd\x0be\ufffef\uffffg\rh\ti\nj\U0001f600"
    node = pyoxigraph.NamedNode("http://e.example/x")
    store.add(pyoxigraph.Quad(node, node, pyoxigraph.Literal(literal)))
    query = "CONSTRUCT WHERE { ?s ?p ?o }" if "rdf" in syntax else "SELECT ?o { ?s ?p ?o }"
    _, body = run(store, job(syntax, query=query, prefixes={"e": "http://e.example/"}))
    words = "".join(ET.fromstring(body).itertext()).strip()
    assert words == re.sub("[\x00\x07\x1f\x0b\ufffe\uffff]", "\ufffd", literal)


def test_turtle_keeps_the_prefixes_that_it_uses_in_order():
    data = (b'@prefix z: <http://z.example/> .\n@prefix b: <http://b.example/> .\n@prefix a: <http://a.example/> .\n'
            b'z:x a:p b:y .\n')
    assert tidy(data, "text/turtle").splitlines()[0] == b"@prefix a: <http://a.example/> ."
    assert b"@prefix b:" not in tidy(data.replace(b"b:y", b"1"), "text/turtle")
    assert len(Graph().parse(data=tidy(data, "text/turtle"), format="turtle")) == 1
