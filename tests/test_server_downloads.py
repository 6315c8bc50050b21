"""The files of a release over a real socket."""

import base64
import gzip
import hashlib

import pytest
from rdflib import RDF, Graph, URIRef

from kg.release import open_release
from tests.server_release import BASE, fetch

VOID = "http://rdfs.org/ns/void#"


@pytest.fixture
def triples(released):
    return open_release(released).counts["triples"]


def test_every_listed_file_has_the_size_and_checksum_that_the_list_tells(site):
    lines = fetch(site, "/dumps/").text.splitlines()
    assert {line.split()[2] for line in lines} >= {"dump.nq.gz", "dump.ttl.gz", "void.ttl", "manifest.json"}
    for line in lines:
        digest, size, name = line.split()
        reply = fetch(site, f"/dumps/{name}")
        assert (reply.status, len(reply.body), hashlib.sha256(reply.body).hexdigest()) == (200, int(size), digest)
        assert reply.headers["repr-digest"] == f"sha-256=:{base64.b64encode(bytes.fromhex(digest)).decode()}:"
        assert "content-encoding" not in reply.headers


def test_the_list_is_a_page_for_browsers(site):
    page = fetch(site, "/dumps/", headers={"Accept": "text/html"})
    assert (page.kind, 'href="../dumps/dump.nq.gz"' in page.text) == ("text/html", True)


@pytest.mark.parametrize(("wanted", "status", "part"), [
    ("bytes=0-9", 206, slice(0, 10)), ("bytes=10-", 206, slice(10, None)), ("bytes=-5", 206, slice(-5, None)),
    ("bytes=999999999-", 416, None), ("lines=1-2", 200, slice(None)), ("bytes=0-0", 206, slice(0, 1)),
    ("bytes=0-1,4-5", 200, slice(None)), ("nonsense", 200, slice(None)),
])
def test_a_part_of_a_dump_can_be_fetched(site, wanted, status, part):
    whole = fetch(site, "/dumps/dump.nq.gz")
    reply = fetch(site, "/dumps/dump.nq.gz", headers={"Range": wanted})
    assert reply.status == status
    assert reply.body == whole.body[part] if part else reply.headers["content-range"] == f"bytes */{len(whole.body)}"
    assert whole.headers["accept-ranges"] == "bytes"


def test_a_transfer_that_broke_off_goes_on_only_with_the_same_file(site):
    tag = fetch(site, "/dumps/dump.nq.gz").headers["etag"]
    same = fetch(site, "/dumps/dump.nq.gz", headers={"Range": "bytes=5-", "If-Range": tag})
    other = fetch(site, "/dumps/dump.nq.gz", headers={"Range": "bytes=5-", "If-Range": '"another"'})
    assert (same.status, other.status) == (206, 200)


def test_the_dump_holds_what_the_store_holds(site, triples):
    dump = gzip.decompress(fetch(site, "/dumps/dump.nq.gz").body)
    assert dump.count(b"\n") == triples == fetch(site, "/readyz").json["triples"]


@pytest.mark.parametrize(("accept", "syntax"), [
    ("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml"),
])
def test_void_describes_the_data_set_in_every_syntax(site, triples, accept, syntax):
    reply = fetch(site, "/.well-known/void", headers={"Accept": accept})
    graph = Graph().parse(data=reply.text, format=syntax)
    [dataset] = graph.subjects(RDF.type, URIRef(VOID + "Dataset"))
    assert graph.value(dataset, URIRef(VOID + "sparqlEndpoint")) == URIRef(f"{BASE}sparql")
    assert graph.value(dataset, URIRef(VOID + "triples")).toPython() == triples
    assert reply.body == fetch(site, "/.well-known/void", headers={"Accept": accept}).body
