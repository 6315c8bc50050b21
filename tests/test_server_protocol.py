"""The SPARQL 1.1 Protocol over a real socket."""

import gzip
import json
import time
from urllib.parse import parse_qsl, urlencode

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDFS, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from kg.formats import formats_of_media_type
from server.sparql import read_parameters
from tests.server_cases import (
    CASES,
    CONSTRUCT,
    DESCRIBE,
    DESCRIBED,
    GRAPH_KINDS,
    JSON_RESULTS,
    PROBLEM,
    QUERY,
    SELECT,
    XML_RESULTS,
)
from tests.server_more_cases import HEADED, MORE, W3C
from tests.server_release import BASE, ask, fetch, serving


def send(site, case, method=""):
    query = f"?{urlencode(case.parameters)}" if case.parameters else ""
    return fetch(site, f"{case.path}{query}", method=method or case.method, body=case.body, headers=case.headers)


@pytest.mark.parametrize("case", [*CASES, *MORE], ids=lambda case: case.name)
def test_a_request_is_answered_as_the_protocol_says(site, case):
    reply = send(site, case)
    assert (reply.status, reply.kind, case.holds in reply.text) == (case.status, case.kind, True), reply.text[:500]
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "server" not in reply.headers
    if reply.status in (200, 406) and case.method == "GET":
        assert "accept" in reply.headers["vary"].casefold()
    if reply.status >= 400:
        assert reply.json["status"] == reply.status
        assert not any(word in reply.text for word in ("Traceback", ".py", "/releases/", "pyoxigraph"))


def test_the_table_covers_the_protocol():
    cases = [*CASES, *MORE]
    assert (len(cases) >= 300, len(W3C)) == (True, 34)
    assert len({case.name for case in cases}) == len(cases)


@pytest.mark.parametrize("case", [*HEADED, DESCRIBED[0]], ids=lambda case: case.name)
def test_head_is_get_without_a_body(site, case):
    whole, head = send(site, case), send(site, case, "HEAD")
    assert (head.status, head.body, head.kind) == (whole.status, b"", whole.kind)
    assert head.headers["content-length"] == str(len(whole.body))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_a_refused_method_is_told_the_allowed_ones(site, method):
    reply = fetch(site, "/sparql", method=method)
    assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}
    assert QUERY in fetch(site, "/sparql", method="OPTIONS").headers["accept-query"]


@pytest.mark.parametrize("path", ["/graph-store?default", "/graph/registry"])
def test_graphs_are_only_read(site, path):
    assert fetch(site, path, method="PUT", body=b"").headers["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/graph-store?" + urlencode({"graph": f"{BASE}graph/registry"}), "/graph/registry"])
def test_a_graph_is_what_the_store_holds(site, path):
    def triples(reply):
        return {quad.triple for quad in pyoxigraph.parse(reply.body, pyoxigraph.RdfFormat.N_TRIPLES)}

    query = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <graph/registry> { ?s ?p ?o } }"
    found = fetch(site, path, headers={"Accept": "application/n-triples"})
    assert len(triples(found)) > 50
    assert triples(found) == triples(ask(site, query, accept="application/n-triples"))
    again = fetch(site, path, headers={"Accept": "application/n-triples", "If-None-Match": found.headers["etag"]})
    assert again.status == 304


def test_the_default_graph_is_all_of_it_or_refused(site, released):
    counted = ask(site, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json["results"]["bindings"][0]["n"]["value"]
    whole = fetch(site, "/graph-store?default", headers={"Accept": "application/n-triples"})
    assert whole.body.count(b"\n") == int(counted)
    with serving(released, KG_ROWS="50") as (small, _):
        refused = fetch(small, "/graph-store?default")
        assert (refused.status, "dumps/" in refused.json["detail"]) == (422, True)


@pytest.mark.parametrize("asked", ["content-type", "X-Nobody-Knows-This", "content-type, x-a, x-b", ""])
def test_a_preflight_passes_with_any_header(site, asked):
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    reply = fetch(site, "/sparql", method="OPTIONS", headers=headers | {"Access-Control-Request-Headers": asked})
    assert reply.status == 204
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["access-control-allow-headers"] == (asked or "*")
    assert "POST" in reply.headers["access-control-allow-methods"]


def test_headers_that_a_script_may_read_are_named(site):
    exposed = fetch(site, "/sparql").headers["access-control-expose-headers"]
    assert {"ETag", "Link", "Retry-After", "X-Result-Truncated"} <= set(exposed.split(", "))


@pytest.mark.parametrize("accept", ["text/html", "text/plain", "application/json"])
def test_an_error_comes_in_the_form_that_the_client_reads(site, accept):
    reply = ask(site, "SELECT ?x { <script>alert(1)</script> }", accept=accept)
    assert reply.status in (400, 406)
    assert reply.kind == accept or reply.kind == PROBLEM
    assert "<script>" not in reply.text


def test_each_representation_has_a_tag_of_its_own_that_saves_the_second_transfer(site):
    path = "/sparql?" + urlencode({"query": SELECT})
    tags = set()
    for accept in (JSON_RESULTS, XML_RESULTS, "text/csv", "text/html"):
        for coding in ("identity", "gzip"):
            headers = {"Accept": accept, "Accept-Encoding": coding}
            first = fetch(site, path, headers=headers)
            tags.add(first.headers["etag"])
            again = fetch(site, path, headers=headers | {"If-None-Match": first.headers["etag"]})
            assert (again.status, again.body, again.headers["etag"]) == (304, b"", first.headers["etag"])
            assert "accept" in again.headers["vary"].casefold()
            assert fetch(site, path, headers=headers | {"If-None-Match": '"another"'}).status == 200
    assert len(tags) >= 5  # the short ones are not worth a gzip


def test_the_same_question_gives_the_same_bytes(site):
    for query in (SELECT, CONSTRUCT, DESCRIBE):
        for accept in ("text/turtle, application/sparql-results+xml", "application/rdf+xml, text/csv"):
            assert ask(site, query, accept=accept).body == ask(site, f"{query} # again", accept=accept).body


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?n) {}", "SELECT (UUID() AS ?n) {}", "SELECT (RAND() AS ?n) {}"])
def test_what_changes_is_not_kept(site, query):
    path = "/sparql?" + urlencode({"query": query})
    first, second = fetch(site, path), fetch(site, path)
    assert first.body != second.body
    assert "etag" not in first.headers
    assert first.headers["cache-control"] == "no-store"


def test_a_long_answer_is_compressed_for_those_who_like_it(site):
    path = "/sparql?" + urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 500"})
    plain, zipped = fetch(site, path), fetch(site, path, headers={"Accept-Encoding": "gzip, br;q=0.5"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert "accept-encoding" in zipped.headers["vary"].casefold()
    assert "content-encoding" not in fetch(site, path, headers={"Accept-Encoding": "gzip;q=0, *"}).headers


def test_a_chunked_body_is_read(site):
    chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (b"ASK ", b"{ }", b""))
    reply = fetch(site, "/sparql", method="POST", body=chunks,
                  headers={"Content-Type": QUERY, "Transfer-Encoding": "chunked"})
    assert (reply.status, reply.json["boolean"]) == (200, True)


def test_csv_has_crlf_and_tsv_has_turtle_terms(site):
    query = 'SELECT ?a ?b { VALUES (?a ?b) { (<x> "a,b") ("c"@en 1) } }'
    assert ask(site, query, accept="text/csv").body == f'a,b\r\n{BASE}x,"a,b"\r\nc,1\r\n'.encode()
    assert ask(site, query, accept="text/tab-separated-values").text == f'?a\t?b\n<{BASE}x>\t"a,b"\n"c"@en\t1\n'


@pytest.mark.parametrize("accept", sorted(set(GRAPH_KINDS.values()) - {"text/html", "application/json"}))
def test_a_graph_is_the_same_in_every_syntax(site, accept):
    def triples(media_type):
        [form] = formats_of_media_type(media_type)
        return {quad.triple for quad in pyoxigraph.parse(ask(site, CONSTRUCT, accept=media_type).body, form.oxigraph)}

    assert len(triples(accept)) > 3
    assert triples(accept) == triples("application/n-triples")


def test_the_description_tells_endpoint_data_set_and_limits(site):
    graph = Graph().parse(data=fetch(site, "/sparql").text, format="turtle")
    [row] = graph.query("""
        PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        PREFIX void: <http://rdfs.org/ns/void#>
        PREFIX schema: <https://schema.org/>
        SELECT ?endpoint ?triples (COUNT(DISTINCT ?name) AS ?names) (SAMPLE(?limit) AS ?time) {
          ?service a sd:Service ; sd:endpoint ?endpoint ; sd:supportedLanguage sd:SPARQL11Query ;
            sd:feature sd:UnionDefaultGraph ; sd:resultFormat <http://www.w3.org/ns/formats/Turtle> ;
            sd:defaultDataset ?dataset ; schema:additionalProperty [ schema:name "time limit" ; schema:value ?limit ] .
          ?dataset sd:defaultGraph/void:triples ?triples ; sd:namedGraph/sd:name ?name .
        } GROUP BY ?endpoint ?triples""")
    assert str(row.endpoint) == f"{BASE}sparql"
    assert int(row.triples) == int(ask(site, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json
                                   ["results"]["bindings"][0]["n"]["value"])
    assert (int(row.names), float(row.time)) == (8, 10)


def test_the_page_of_a_result_shows_hostile_text_as_text(site):
    query = 'SELECT ("<img src=x onerror=alert(1)>" AS ?x) (<javascript:alert(1)> AS ?y) {}'
    reply = ask(site, query, accept="text/html")
    assert "&lt;img src=x" in reply.text
    assert "<img" not in reply.text
    assert 'href="javascript' not in reply.text
    assert "default-src 'none'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize(("wish", "check"), [
    (JSON, lambda found: found["results"]["bindings"]), (XML, lambda found: found.toxml().count("<result>")),
    (CSV, lambda found: found.count(b"\r\n") - 1), (TSV, lambda found: found.count(b"\n") - 1),
])
@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_tables(site, wish, check, method):
    client = SPARQLWrapper(f"{site}sparql", returnFormat=wish)
    client.setMethod(method)
    client.setQuery("SELECT ?s { ?s a <ns#Agreement> }")
    assert check(client.query().convert())


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # of SPARQLWrapper itself
@pytest.mark.parametrize("wish", [TURTLE, N3, RDFXML, JSONLD])
def test_sparqlwrapper_reads_graphs(site, wish):
    client = SPARQLWrapper(f"{site}sparql", returnFormat=wish)
    client.setQuery(CONSTRUCT)
    found = client.query().convert()
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
    assert len(graph) > 3


def test_the_remote_store_of_rdflib_reads_it(site):
    store = SPARQLStore(f"{site}sparql")
    graph = Graph(store)
    assert (URIRef(f"{BASE}id/state/RUS"), RDFS.label, Literal("Russia", lang="en")) in graph
    assert len(list(graph.query(f"SELECT ?s {{ ?s a <{BASE}ns#Agreement> }}"))) == 2


def test_sparqlwrapper_sees_the_message_of_the_parser(site):
    client = SPARQLWrapper(f"{site}sparql")
    client.setQuery("SELECT * { ?s ?p }")
    with pytest.raises(QueryBadFormed, match="does not parse"):
        client.query()


def test_a_problem_is_one_object_of_rfc_9457(site):
    reply = ask(site, "SELEKT")
    assert set(json.loads(reply.body)) == {"type", "title", "status", "detail"}


@given(st.lists(st.tuples(st.text(), st.text()), max_size=6), st.text(alphabet="x=&+%247", max_size=30))
def test_parameters_are_read_as_the_library_reads_them(pairs, odd):
    for encoded in (urlencode(pairs).encode(), odd.encode()):
        assert read_parameters(encoded) == parse_qsl(encoded.decode(), keep_blank_values=True)


def test_a_megabyte_of_escapes_is_read_quickly():
    start = time.process_time()
    assert read_parameters(b"query=" + b"%7B" * 1_000_000) == [("query", "{" * 1_000_000)]
    assert time.process_time() - start < 0.5
