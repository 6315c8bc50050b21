"""Dereferenceable IRIs over a real socket: redirects, representations, closed documents, and odd names."""

import json
import re
import shutil
import socket
import subprocess
from urllib.parse import quote, urljoin

import pyoxigraph
import pytest
from rdflib import RDF, RDFS, Graph, URIRef
from rdflib.compare import isomorphic

from kg.formats import FORMATS
from tests.server_cases import BROWSER, COMUNICA, JENA_GRAPH, PROBLEM, RAPPER
from tests.server_release import BASE, fetch, serving, write_release

ARTICLE, STATEMENT = "id/article/5e900040bec38a6c", "id/statement/5e900040bec38a6c-62"
AGREEMENT, PROPOSITION = "id/agreement/871007b8ba97c362-1597", "id/proposition/57f7de19a608d5b1bcb7"
THINGS = ("id/state/RUS", "id/person/jung-pak", "id/org/bloomberg", STATEMENT, AGREEMENT, PROPOSITION, ARTICLE,
          "id/obligation/871007b8ba97c362-1624-1", "id/status-event/871007b8ba97c362-1590")
ODD = ("id/person/n.o%27brien.aaaaaa", "id/person/Ким", "id/org/a%2Fb", "id/group/odd")
NOWHERE = ("id/state/XXX", "id/", "id", "id/state/RUS/", "id/state/rus", "id/state/RUS%20", "page/state/XXX",
           "data/state/XXX.ttl", "data/state/RUS.pdf", "nowhere", "ns/nothing", "ns/stance.pdf", "dumps/nothing",
           "dumps/store", "dumps/..%2Fmanifest.json", "graph/article/none", "graph/none", "graph/%3E",
           "static/nothing", "id/a%3Cscript%3E",
           "id/%00", "id/%FF", "id/" + "x" * 5000)
KINDS = {
    None: "ttl", "*/*": "ttl", "text/turtle": "ttl", "application/n-triples": "nt", "application/ld+json": "jsonld",
    "application/json": "jsonld", "application/rdf+xml": "rdf", "application/trig": "trig",
    "application/n-quads": "nq", "text/html": "page", BROWSER: "page", RAPPER: "nt", JENA_GRAPH: "ttl",
    COMUNICA: "nq", "text/*": "ttl", "text/*, text/turtle;q=0": "nt", "application/*;q=0.5": "nt",
    "text/html;q=0, */*": "ttl", "application/rdf+xml;q=0.8, text/html;q=0.9": "page", "nonsense": "ttl",
    "text/html;q=0.1, application/ld+json;q=0.2": "jsonld",
}
REFUSED = ("image/png", "*/*;q=0", "application/pdf, image/*", "text/csv")


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Serve a release whose base IRI is the address of the server itself."""
    directory = tmp_path_factory.mktemp("local")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}/"
    write_release(directory, base=base)
    with serving(directory, "--port", str(port)) as (address, _):
        assert address == base
        yield base


def follow(site, path, accept):
    """Return the description of a thing as a client gets it: after one redirect."""
    first = fetch(site, f"/{path}", headers={"Accept": accept})
    assert first.status == 303
    return fetch(site, urljoin(f"/{path}", first.headers["location"]), headers={"Accept": accept})


def triples(reply, form):
    return {quad.triple for quad in pyoxigraph.parse(reply.body, form.oxigraph, base_iri=BASE)}


@pytest.mark.parametrize(("accept", "kind"), KINDS.items())
def test_a_thing_sends_on_to_what_the_client_likes(site, accept, kind):
    reply = fetch(site, f"/{STATEMENT}", headers={} if accept is None else {"Accept": accept})
    expected = "../../page/statement/5e900040bec38a6c-62" if kind == "page" else (
        f"../../data/statement/5e900040bec38a6c-62.{kind}")
    assert (reply.status, reply.headers["location"]) == (303, expected)
    assert reply.headers["vary"] == "Accept, Accept-Profile"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert f"<{BASE}{STATEMENT}>; rel=\"cite-as\"" in reply.headers["link"]


@pytest.mark.parametrize("accept", REFUSED)
@pytest.mark.parametrize("path", [STATEMENT, "data/state/RUS", "ns", "ns/stance", ".well-known/void"])
def test_what_nobody_can_write_is_refused(site, accept, path):
    reply = fetch(site, f"/{path}", headers={"Accept": accept})
    assert (reply.status, reply.kind) == (406, PROBLEM)
    assert "text/turtle" in reply.json["detail"]
    assert "Accept" in reply.headers["vary"]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.suffix)
@pytest.mark.parametrize("thing", THINGS)
def test_every_syntax_tells_the_same_of_a_thing(site, thing, form):
    reply = follow(site, thing, form.media_type)
    assert (reply.status, reply.kind) == (200, form.media_type)
    plain = fetch(site, f"/data/{thing.removeprefix('id/')}.nt")
    this = "/data/"
    expected = {triple for triple in triples(plain, FORMATS[1]) if this not in str(triple.subject)}
    assert {triple for triple in triples(reply, form) if this not in str(triple.subject)} == expected
    assert any(str(triple.subject) == f"<{BASE}{thing}>" for triple in expected)


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdf", "trig", "nq", "html", "TTL", "turtle", "json"])
def test_a_format_in_the_address_wins_over_the_header(site, name):
    reply = fetch(site, f"/id/state/RUS?format={name}", headers={"Accept": "image/png"})
    assert reply.status == 303


@pytest.mark.parametrize("path", NOWHERE)
@pytest.mark.parametrize("accept", ["*/*", BROWSER])
def test_what_never_was_is_not_found(site, path, accept):
    reply = fetch(site, f"/{quote(path, safe='/%')}", headers={"Accept": accept})
    assert reply.status == 404
    assert reply.kind == ("text/html" if accept == BROWSER else PROBLEM)
    assert "<script>" not in reply.text


@pytest.mark.parametrize("path", ["/id/state/RUS", "/page/state/RUS", "/data/state/RUS.ttl", "/ns", "/dumps/", "/"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_published_things_are_only_read(site, path, method):
    reply = fetch(site, path, method=method, body=b"")
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize("path", ODD)
def test_odd_names_lead_to_their_page_and_data(site, path):
    sent = quote(path, safe="/%")
    for accept, kind in (("text/html", "text/html"), ("text/turtle", "text/turtle")):
        reply = follow(site, sent, accept)
        assert (reply.status, reply.kind) == (200, kind)
        assert "<script>" not in reply.text.replace("\\u003c", "<") or kind != "text/html"
    found = triples(follow(site, sent, "application/n-triples"), FORMATS[1])
    assert any(str(triple.subject) == f"<{BASE}{path}>" for triple in found)


@pytest.mark.parametrize("thing", THINGS)
def test_a_document_is_closed(site, thing):
    """Whatever of ours a document mentions has a type in it, so that a reader needs no second request to show it."""
    graph = Graph().parse(data=fetch(site, f"/data/{thing.removeprefix('id/')}.nt").text, format="nt")
    named = {node for triple in graph for node in triple[::2] if isinstance(node, URIRef) and f"{BASE}id/" in node}
    assert len(named) > 1
    missing = {node for node in named if (node, RDF.type, None) not in graph}
    assert not {node for node in missing if "/id/run/" not in node}
    actors = {node for node in named if re.search("/id/(state|person|org)/", node)}
    assert all((node, RDFS.label, None) in graph for node in actors)


def test_the_fragments_of_an_article_live_in_its_document(site):
    graph = Graph().parse(data=fetch(site, f"/data/{ARTICLE.removeprefix('id/')}.nt").text, format="nt")
    exact = URIRef("http://www.w3.org/ns/oa#exact")
    assert str(graph.value(URIRef(f"{BASE}{ARTICLE}#char=62,74"), exact)) == "raised alarm"


def test_links_to_a_busy_thing_are_limited_and_counted(site):
    reply = fetch(site, "/data/group/busy.nt")
    links = reply.text.count(f"<{BASE}ns#speaker> <{BASE}id/group/busy>")
    assert (links, "100 of 300 links" in reply.text) == (100, True)
    [more] = re.findall(r"seeAlso> <https://example.org(/sparql[^>]*)>", reply.text)
    assert fetch(site, more, headers={"Accept": "application/n-triples"}).text.count("\n") == 300
    page = fetch(site, "/page/group/busy")
    assert 'What they said <span class="count">300</span>' in page.text


@pytest.mark.parametrize("thing", [STATEMENT, "id/state/RUS", ARTICLE])
def test_rdflib_reads_a_thing_by_its_iri(local, thing):
    graph = Graph().parse(local + thing)
    assert (URIRef(local + thing), RDF.type, None) in graph


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # of rdflib's own reader
@pytest.mark.parametrize("syntax", ["turtle", "json-ld", "xml", "nt"])
def test_rdflib_reads_the_same_in_every_syntax(local, syntax):
    def without_document(graph):
        found = Graph()
        for triple in graph:
            if "/data/" not in triple[0]:
                found.add(triple)
        return found

    suffix = {"turtle": "ttl", "json-ld": "jsonld", "xml": "rdf", "nt": "nt"}[syntax]
    found = Graph().parse(f"{local}data/agreement/871007b8ba97c362-1597.{suffix}", format=syntax)
    expected = Graph().parse(f"{local}data/agreement/871007b8ba97c362-1597.nt", format="nt")
    assert isomorphic(without_document(found), without_document(expected))


def test_json_ld_reads_like_json(site):
    found = fetch(site, f"/data/{STATEMENT.removeprefix('id/')}.jsonld").json
    assert found["@context"]["@base"] == BASE
    first = found["@graph"][0]
    assert (first["id"], first["type"], first["speaker"]) == (STATEMENT, "Statement", "id/person/jung-pak")
    assert first["earliest"] == "2024-04-22"


@pytest.mark.parametrize("path", ["page/state/RUS", "data/state/RUS.ttl", "data/state/RUS.jsonld", "ns", "dumps/",
                                  "ns/stance.rdf", "", "dumps/dump.nq.gz", ".well-known/void", "static/style.css"])
def test_a_second_transfer_is_saved(site, path):
    first = fetch(site, f"/{path}")
    assert (first.status, bool(first.body)) == (200, True)
    again = fetch(site, f"/{path}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    head = fetch(site, f"/{path}", method="HEAD")
    assert (head.status, head.body, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_each_representation_has_a_tag_of_its_own(site):
    paths = [f"/data/state/RUS.{form.suffix}" for form in FORMATS] + ["/page/state/RUS"]
    tags = {fetch(site, path, headers={"Accept-Encoding": coding}).headers["etag"]
            for path in paths for coding in ("gzip", "identity")}
    assert len(tags) == 2 * len(paths)


@pytest.mark.parametrize("path", ["page/state/RUS", "data/state/RUS.ttl"])
def test_link_headers_lead_to_the_other_forms(site, path):
    links = fetch(site, f"/{path}").headers["link"]
    assert f'<{BASE}id/state/RUS>; rel="cite-as"' in links
    assert '<../../data/state/RUS.jsonld>; rel="alternate"; type="application/ld+json"' in links
    [target] = re.findall(r'<([^>]*\.rdf)>; rel="alternate"', links)
    assert fetch(site, urljoin(f"/{path}", target)).kind == "application/rdf+xml"


@pytest.mark.parametrize(("path", "word"), [("ns", "speaker"), ("ns/stance", "denies"), ("ns.ttl", "speaker"),
                                            ("ns/act.nt", "supply-arms"), ("ns/stance.html", "denies")])
def test_terms_answer_at_once(site, path, word):
    reply = fetch(site, f"/{path}")
    assert (reply.status, word in reply.text) == (200, True)


def test_the_page_of_a_vocabulary_has_an_anchor_for_each_term(site):
    assert 'id="denies"' in fetch(site, "/ns/stance", headers={"Accept": BROWSER}).text
    assert 'id="speaker"' in fetch(site, "/ns", headers={"Accept": BROWSER}).text


def test_a_shared_graph_leads_to_its_triples(site):
    reply = fetch(site, "/graph/registry", headers={"Accept": BROWSER})
    assert reply.status == 303
    found = fetch(site, urljoin("/graph/registry", reply.headers["location"]))
    assert (found.status, found.kind, " a asa:" in found.text) == (200, "text/html", True)


def test_the_graph_of_an_article_leads_to_the_article(site):
    reply = fetch(site, "/graph/article/5e900040bec38a6c", headers={"Accept": BROWSER})
    assert (reply.status, urljoin("/graph/article/x", reply.headers["location"])) == (303, f"/{ARTICLE}")


@pytest.mark.parametrize("path", ["", "sparql", "page/state/RUS", f"page/{ARTICLE.removeprefix('id/')}", "ns", "dumps/",
                                  f"page/{PROPOSITION.removeprefix('id/')}", f"page/{AGREEMENT.removeprefix('id/')}"])
def test_every_link_of_a_page_holds_under_any_prefix(site, path):
    page = fetch(site, f"/{path}", headers={"Accept": BROWSER})
    assert page.status == 200
    here = f"/prefix/{path}"
    found = re.findall(r'(?:href|src|action)="([^"]*)"', page.text)
    links = {urljoin(here, link.replace("&amp;", "&")) for link in found if not link.startswith("mailto:?")}
    inside = {link.split("#")[0] for link in links if link.startswith("/")}
    assert all(link.startswith("/prefix/") for link in inside)
    assert {link for link in links if not link.startswith(("/", "http", "data:"))} == set()
    for link in sorted(inside)[:80]:
        assert fetch(site, link.removeprefix("/prefix")).status == 200, link


@pytest.mark.parametrize("path", ["", "sparql", "id/state/RUS", "data/state/RUS.ttl", "page/state/RUS", "nowhere",
                                  ".well-known/void", "dumps/"])
def test_the_host_of_the_request_is_never_used(site, path):
    for accept in ("*/*", BROWSER):
        reply = fetch(site, f"/{path}", headers={"Accept": accept, "X-Forwarded-Host": "evil.example",
                                                 "Forwarded": "host=evil.example", "Host": "evil.example"})
        assert "evil.example" not in reply.text + json.dumps(dict(reply.headers))


def test_pages_forbid_scripts_and_say_what_they_are(site):
    page = fetch(site, "/page/person/n.o%27brien.aaaaaa")
    assert "O&#39;Brien &lt;script&gt;" in page.text
    assert "unsafe" not in page.headers["content-security-policy"]
    assert '<html lang="en">' in page.text
    assert 'href="javascript:' not in fetch(site, "/page/group/odd").text


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(("accept", "word"), [("text/turtle", "asa:speaker"), ("text/html", "<h1"),
                                              ("application/ld+json", '"speaker"')])
def test_curl_follows_the_redirect(site, accept, word):
    command = ["curl", "-sSfL", "-H", f"Accept: {accept}", site + STATEMENT]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert word in done.stdout
