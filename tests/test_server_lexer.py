"""What the tokens of a query tell before the engine sees it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.lexer import read_query, tokens

ENDPOINT = "http://127.0.0.1:9/"
CALLS = (
    f"SELECT * {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ service <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ sErViCe<{ENDPOINT}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICE SILENT <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICESILENT<{ENDPOINT}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ SERVICE # a comment\n <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ # '\n SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} # '\n }}",
    f"SELECT * {{ # \"\"\"\r SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }} # \"\"\"",
    f"PREFIX e: <{ENDPOINT}> SELECT * {{ SERVICE e:x {{ ?s ?p ?o }} }}",
    f"PREFIX e: <{ENDPOINT}> SELECT * {{ SERVICEe:x {{ ?s ?p ?o }} }}",
    f"PREFIX : <{ENDPOINT}> SELECT * {{ SERVICE:x{{ ?s ?p ?o }} }}",
    f"PREFIX : <{ENDPOINT}> SELECT * {{ SERVICESILENT:x {{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES ?v {{ <{ENDPOINT}> }} SERVICE ?v {{ ?s ?p ?o }} }}",
    f"SELECT * {{ VALUES ?v {{ <{ENDPOINT}> }} SERVICE?v{{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?a ?b trueSERVICE<{ENDPOINT}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?a ?b 1SERVICE<{ENDPOINT}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?a ?b 1.5e3SERVICE<{ENDPOINT}>{{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?a ?b 'x'SERVICE<{ENDPOINT}>{{ ?s ?p ?o }} }}",
    f"PREFIX e: <x#> SELECT * {{ ?a ?b e:c\\' . SERVICE <{ENDPOINT}> {{ ?s ?p e:d\\' }} }}",
    f"PREFIX e: <x#> SELECT * {{ ?a ?b e:c\\# . SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"ASK {{ FILTER EXISTS {{ {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }} }} }}",
    f"ASK {{ FILTER(1<2)SERVICE<{ENDPOINT}>{{ ?s ?p ?o }} }}",
    f"ASK {{ FILTER(?a<?b && EXISTS {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}) }}",
    f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ {{ SELECT * {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }} }} }}",
    f"SELECT * {{ OPTIONAL {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }} }}",
    f"SELECT * {{ GRAPH ?g {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }} }}",
    f"DESCRIBE ?s {{ SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ \\u0053ERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?a ?b '\\u0027 SERVICE <{ENDPOINT}> {{ ?s ?p '\\u0027 }} }}",
    f"SELECT * {{ ?a ?b '''it's''' SERVICE <{ENDPOINT}> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ ?a ?b \"\\\\\" SERVICE <{ENDPOINT}> {{ ?s ?p \"\\\\\" }} }}",
)
NO_CALLS = (
    "SELECT ?service { ?service ?p $SERVICE }",
    "SELECT * { ?s ?p 'SERVICE <http://a.example/> {' }",
    'SELECT * { ?s ?p "a \\" SERVICE {" }',
    "SELECT * { ?s ?p '''a ' SERVICE '' {''' }",
    'SELECT * { ?s ?p """SERVICE\n{""" }',
    "SELECT * { <http://a.example/#SERVICE> ?p ?o }",
    "SELECT * { <SERVICE> ?p ?o }",
    "SELECT * { ?s ?p ?o } # SERVICE <http://a.example/> {}",
    "# SERVICE\rSELECT * { ?s ?p ?o }",
    "PREFIX service: <x#> SELECT * { ?s service:p ?o }",
    "PREFIX e: <x#> SELECT * { ?s e:service e:SERVICE }",
    "SELECT * { _:service ?p ?o }",
    "SELECT * { ?s ?p 'a'@service }",
    "PREFIX e: <x#> SELECT * { ?s e:a\\#SERVICE ?o }",
)


@pytest.mark.parametrize("query", CALLS)
def test_a_call_of_another_endpoint_is_seen_in_every_disguise(query):
    assert read_query(query).service


@pytest.mark.parametrize("query", NO_CALLS)
def test_the_word_alone_is_no_call(query):
    assert not read_query(query).service


@pytest.mark.parametrize(("query", "form"), [
    ("SELECT * {}", "select"), ("select?s{}", "select"), ("SELECTDISTINCT ?s {}", "select"), ("ASK{}", "ask"),
    ("ASKWHERE{}", "ask"), ("CONSTRUCT WHERE {}", "construct"), ("CONSTRUCT{}WHERE{}", "construct"),
    ("DESCRIBE<x>", "describe"), ("DESCRIBEe:x", "describe"), ("# SELECT\nASK {}", "ask"),
    ("BASE <select> ASK {}", "ask"), ("PREFIX select: <x> ASK {}", "ask"), ("PREFIXselect: <x> ASK {}", "ask"),
    ("prefix a: <b> PREFIX c: <d> describe a:x", "describe"), ("VERSION \"1.2\" SELECT * {}", "select"),
    ("INSERT DATA {}", "update"), ("PREFIX a: <b> DELETE WHERE {}", "update"), ("LOAD <x>", "update"),
    ("CLEAR ALL", "update"), ("DROP ALL", "update"), ("WITH <g> DELETE {} WHERE {}", "update"), ("", ""),
    ("nonsense", ""), ("# only a comment", ""),
])
def test_the_form_of_a_query(query, form):
    assert read_query(query).form == form


@pytest.mark.parametrize(("query", "named"), [
    ("SELECT * {}", False), ("SELECT * FROM <g> {}", True), ("SELECT *FROM<g>{}", True),
    ("SELECT * from named <g> {}", True), ("SELECT *FROMNAMED<g>{}", True),
    ("PREFIX e: <x> SELECT * FROMe:g {}", True), ("PREFIX e: <x> ASKFROMe:g{}", True),
    ("CONSTRUCT {} FROM <g> WHERE {}", True), ("PREFIX from: <x> DESCRIBE from:me", False),
    ("PREFIX from: <x> SELECT * { ?s from:p ?o }", False), ("SELECT ?from { ?from ?p 'FROM' }", False),
])
def test_whether_a_query_names_its_data_set(query, named):
    assert read_query(query).dataset is named


@pytest.mark.parametrize(("query", "changing"), [
    ("SELECT (NOW() AS ?n) {}", True), ("SELECT (rand() AS ?n) {}", True), ("SELECT (StrUUID() AS ?n) {}", True),
    ("SELECT ?now { ?now ?p 'NOW' }", False), ("ASK { <NOW> a <UUID> }", False),
])
def test_whether_two_runs_of_a_query_can_differ(query, changing):
    assert read_query(query).changing is changing


@pytest.mark.parametrize(("query", "levels"), [
    ("ASK {}", 1), ("ASK { { ( [ ] ) } }", 4), ("ASK { ?s ?p '((((' }", 1), ("ASK { <((> a <[[> }", 1),
    ("ASK { FILTER(" + "(" * 300 + "1" + ")" * 301 + " }", 302),
])
def test_nesting_counts_brackets_outside_of_strings_and_iris(query, levels):
    assert read_query(query).nesting == levels


@pytest.mark.parametrize("piece", ["a.", "1.", "!", "'", '"', '"""', "<a", "a:", ":..", "{}", "{", "a:b\\'", "\\u0041",
                                   "# ", "a-", "\'\'\'\\'", "?x ", "<#> "])
def test_a_text_of_a_megabyte_is_read_quickly(piece):
    text = piece * (1_000_000 // len(piece))
    start = time.process_time()
    read_query(text)
    assert time.process_time() - start < 2


def test_a_crowded_query_is_not_read_to_its_end():
    assert read_query("ASK {" + "{}" * 150_000).crowded
    assert not read_query("ASK { VALUES ?x {" + "<x> 1 'a' " * 100_000 + "} }").crowded


@given(st.text())
def test_any_text_can_be_cut_into_tokens(text):
    assert "".join(token for _, token in tokens(text)) == text


@given(st.text(alphabet="SERVICE service<>{}'\"\\#\n:?a1 .", max_size=40))
def test_a_call_after_a_whole_query_is_seen_whatever_string_stands_before(text):
    string = "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
    assert read_query(f"ASK {{ ?s ?p {string} SERVICE <x> {{}} }}").service


PIECES = (*"'\"<>#{}()[]:a \n?@1.%-_/^|é", '"""', "'''", "ex:", "<a#b>", "PREFIX ", "prefix a: <b> ", "BASE <x> ",
          "ASK", "SELECT ", "describe ", "# x\n", "e:a%28")


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_a_plain_text_is_read_as_one_that_is_read_by_tokens(text):
    for form in ("", "ASK", "PREFIX a: <b>SELECT "):
        assert read_query(form + text) == read_query(f"{form}{text}\n# from")  # the word asks for a closer look
