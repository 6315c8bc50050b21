"""Cutting, cleaning and tidying what the engine writes."""

import contextlib
import csv
import gzip
import io
import json
import re
import tempfile
import xml.etree.ElementTree as ET

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from server.spool import Full, Lines, Sink, Spool, clean_xml, tidy
from server.worker import run

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
            "prefixes": {}, "keep": 1 << 20, "gzip": False, **changes}


def answer(store, job):
    """Return head and body of the answer to a job."""
    head, spool, start = run(store, job)
    if spool is None:
        return head, b""
    with contextlib.closing(spool):
        return head, spool.read(start, spool.size - start)


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
    whole = table(HOSTILE).serialize(format=form)
    assert (bytes(sink.data), sink.cut) == (clean_xml(whole) if syntax == "xml" else whole, "")


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
    head, body = answer(store, job("json", query=query, rows=2))
    assert head["cut"] == "rows"
    assert json.loads(body)["head"] == {"vars": ["a"], "link": ["https://example.org/dumps/?a=1&b=2"]}
    _, body = answer(store, job("xml", query=query, rows=2))
    [link] = ET.fromstring(body).iterfind(".//{http://www.w3.org/2005/sparql-results#}link")
    assert link.attrib["href"] == "https://example.org/dumps/?a=1&b=2"


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("limit", [1, 5, 33, 34, 200, 1000])
def test_an_answer_in_a_file_is_that_in_memory(syntax, limit):
    texts = HOSTILE * 17
    query = "SELECT ?text (1 AS ?n) { VALUES ?text { " + " ".join(map(json.dumps, texts)) + " } }"
    small, large = (answer(pyoxigraph.Store(), job(syntax, query=query, rows=limit, keep=keep))
                    for keep in (1 << 20, 100))
    assert small == large
    assert read(syntax, small[1]) == list(texts[:limit])
    assert small[0]["cut"] == ("rows" if limit < len(texts) else "")
    assert small[0]["rows"] == limit if small[0]["cut"] else small[0]["rows"] >= len(texts)
    link = b"link" in small[1].split(b"results")[0] + small[1].split(b"<results>")[0]
    assert link is (small[0]["cut"] == "rows" and syntax in ("json", "xml"))


@pytest.mark.parametrize("syntax", SYNTAXES)
@given(texts=st.lists(st.text(alphabet='},{"\n\r<>/&;x\\', max_size=8), max_size=60), limit=st.integers(1, 40),
       size=st.integers(60, 1500), piece=st.integers(1, 400), keep=st.sampled_from([0, 200, 1 << 20]))
def test_a_table_is_cut_rightly_however_it_arrives(syntax, texts, limit, size, piece, keep):
    whole = table(texts).serialize(format=getattr(pyoxigraph.QueryResultsFormat, syntax.upper()))
    sink = Sink(syntax, rows=limit, size=size, keep=keep, link="https://example.org/dumps/")
    with contextlib.suppress(Full):
        for start in range(0, len(whole), piece):
            sink.write(whole[start:start + piece])
    sink.finish()
    data = sink.data
    sink.spool.close()
    found = read(syntax, data)
    assert found == texts[: len(found)]
    assert len(found) <= limit
    if not sink.cut:
        assert len(found) == len(texts)
    elif sink.cut == "rows":
        assert len(found) == limit < len(texts)
    assert len(data) <= max(size, 250) + 100


def test_no_room_for_a_large_answer_is_an_outcome_of_its_own(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    query = "SELECT ?a { VALUES ?a { 1 2 3 } }"
    assert answer(pyoxigraph.Store(), job("json", query=query, keep=10))[0]["outcome"] == "room"
    assert answer(pyoxigraph.Store(), job("json", query=query))[0]["outcome"] == "done"


def test_a_file_is_packed_as_the_same_bytes():
    spool = Spool(keep=10)
    for number in range(100_000):
        spool.write(b"%d," % number)
    with contextlib.ExitStack() as open_spools:
        first, second = (open_spools.enter_context(contextlib.closing(spool.pack(3))) for _ in range(2))
        open_spools.enter_context(contextlib.closing(spool))
        data = first.read(0, first.size)
        assert gzip.decompress(data) == spool.read(3, spool.size)
        assert (data == second.read(0, second.size), len(data) < spool.size / 2) == (True, True)


@pytest.mark.parametrize("media_type", ["text/turtle", "application/rdf+xml", "application/n-triples",
                                        "application/ld+json", "application/trig"])
def test_a_large_graph_is_whole_in_every_syntax(media_type):
    query = ("CONSTRUCT { ?s <http://p.example/p> ?o } WHERE { VALUES ?a { 0 1 2 3 4 5 6 7 8 9 } VALUES ?b { "
             + " ".join(map(str, range(3000))) + " } BIND(IRI(CONCAT('http://s.example/', STR(?a), STR(?b))) AS ?s) "
             "BIND(CONCAT('\\uFFFF and \\uFFFD and enough to fill a megabyte \\r', STR(?b), 'x', STR(?a)) AS ?o) }")
    prefixes = {"p": "http://p.example/", "s": "http://s.example/", "z": "http://z.example/"}
    head, body = answer(pyoxigraph.Store(), job(media_type, query=query, rows=1 << 20, bytes=1 << 24, keep=1000,
                                                prefixes=prefixes))
    found = {(str(triple.subject), triple.object.value) for triple in
             pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.from_media_type(media_type))}
    assert (head["rows"], len(found), len(body) > 1 << 20) == (30_000, len({name for name, _ in found}), True)


@given(lines=st.lists(st.text(alphabet="ab ", max_size=9), max_size=30), limit=st.integers(1, 20),
       size=st.integers(1, 200), piece=st.integers(1, 60), keep=st.sampled_from([0, 1 << 20]))
def test_lines_are_cut_rightly_however_they_arrive(lines, limit, size, piece, keep):
    whole = "".join(f"{line}\n" for line in lines).encode()
    sink = Lines(rows=limit, size=size, keep=keep)
    with contextlib.suppress(Full):
        for start in range(0, len(whole), piece):
            sink.write(whole[start:start + piece])
    found = sink.spool.read(0, sink.spool.size)
    sink.spool.close()
    assert whole.startswith(found)
    assert (found.count(b"\n"), found[-1:] in (b"", b"\n"), len(found) <= size) == (sink.rows, True, True)
    assert sink.rows <= limit
    if not sink.cut:
        assert found == whole
    elif sink.cut == "rows":
        assert sink.rows == limit < len(lines)
    else:
        assert len(whole) > size


def test_a_graph_is_cut_at_a_number_of_triples():
    query = "CONSTRUCT { <x> <p> ?a } WHERE { VALUES ?a { 1 2 3 4 5 } }"
    head, body = answer(pyoxigraph.Store(), job("text/turtle", query=query, rows=3))
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
    head, _ = answer(pyoxigraph.Store(), job("json", query="ASK {}", default_graph=["no iri"]))
    assert head["outcome"] == "evaluation"


@pytest.mark.parametrize("syntax", ["xml", "application/rdf+xml"])
def test_xml_holds_no_character_that_xml_forbids(syntax):
    store = pyoxigraph.Store()
    literal = "a\x00b\x07c\x1fd\x0be\ufffef\uffffg\rh\ti\nj\U0001f600"
    node = pyoxigraph.NamedNode("http://e.example/x")
    store.add(pyoxigraph.Quad(node, node, pyoxigraph.Literal(literal)))
    query = "CONSTRUCT WHERE { ?s ?p ?o }" if "rdf" in syntax else "SELECT ?o { ?s ?p ?o }"
    _, body = answer(store, job(syntax, query=query, prefixes={"e": "http://e.example/"}))
    words = "".join(ET.fromstring(body).itertext()).strip()
    assert words == re.sub("[\x00\x07\x1f\x0b\ufffe\uffff]", "\ufffd", literal)


def test_turtle_keeps_the_prefixes_that_it_uses_in_order():
    data = (b'@prefix z: <http://z.example/> .\n@prefix b: <http://b.example/> .\n@prefix a: <http://a.example/> .\n'
            b'z:x a:p b:y .\n')
    assert tidy(data, "text/turtle").splitlines()[0] == b"@prefix a: <http://a.example/> ."
    assert b"@prefix b:" not in tidy(data.replace(b"b:y", b"1"), "text/turtle")
    assert len(Graph().parse(data=tidy(data, "text/turtle"), format="turtle")) == 1
