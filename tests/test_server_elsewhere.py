"""Served elsewhere than at its base IRI: below a path, on another port, behind proxies; and what was withdrawn."""

import contextlib
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urljoin

import pytest
from click.testing import CliRunner
from rdflib import RDFS, Graph, Literal, URIRef

from kg.release import Draft
from kg.store import n_quads
from server.check import CHECKS, check_site
from tests.server_cases import BROWSER
from tests.server_release import BASE, extra_graph, fetch, golden_lines, serving, write_release

SKIPPED = ("connection", "transfer-encoding", "date", "server")


@contextlib.contextmanager
def proxied(site, *, prefix, kept=False):
    """Serve a site below a prefix on another port, as a reverse proxy does; the prefix is cut off or kept."""
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def relay(self):
            if not self.path.startswith(prefix):
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
            path = self.path if kept else "/" + self.path.removeprefix(prefix)
            headers = {**self.headers, "X-Forwarded-For": "192.0.2.9", "X-Forwarded-Prefix": prefix, "Host": "inside"}
            headers.pop("Content-Length", None)
            reply = fetch(site, path, method=self.command, body=body, headers=headers)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                if name not in SKIPPED:
                    self.send_header(name, value)
            if "content-length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def __getattr__(self, name):
            if name.startswith("do_"):
                return self.relay
            raise AttributeError(name)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{prefix}"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def mirror(site):
    with proxied(site, prefix="/a/mirror/") as address:
        yield address


@pytest.fixture(scope="module")
def below(tmp_path_factory):
    """Serve a release whose base has a path, behind a proxy that keeps that path."""
    directory = tmp_path_factory.mktemp("below")
    write_release(directory, base="https://example.org/news/")
    with serving(directory, "--workers", "1") as (inside, _), proxied(inside, prefix="/news/", kept=True) as address:
        yield address


@pytest.mark.parametrize("name", ["mirror", "below"])
def test_a_site_behind_a_proxy_passes_its_own_check(request, name):
    address = request.getfixturevalue(name)
    done = CliRunner().invoke(check_site, [address])
    assert (done.exit_code, done.output.count("ok ")) == (0, len(CHECKS)), done.output


@pytest.mark.parametrize("name", ["mirror", "below"])
def test_no_link_of_a_page_leaves_the_prefix(request, name):
    address = request.getfixturevalue(name)
    waiting, seen = [address, f"{address}page/state/RUS", f"{address}page/org/a%2Fb"], set()
    while waiting and len(seen) < 25:
        page = waiting.pop(0)
        if page in seen:
            continue
        seen.add(page)
        reply = fetch(address, "/" + page.removeprefix(address), headers={"Accept": BROWSER})
        assert reply.status in (200, 303), page
        if reply.status == 303:
            waiting.insert(0, urljoin(page, reply.headers["location"]))
        if reply.kind == "text/html":
            for link in re.findall(r'(?:href|src|action)="([^"]*)"', reply.text):
                target = urljoin(page, link.replace("&amp;", "&")).partition("#")[0]
                if target.startswith("http://127.0.0.1"):
                    assert target.startswith(address), (page, link)
                    waiting.append(target)
    assert len(seen) == 25


@pytest.mark.parametrize(("name", "base"), [("mirror", BASE), ("below", "https://example.org/news/")])
@pytest.mark.parametrize("path", ["data/state/RUS.nt", "data/state/RUS.jsonld", ".well-known/void", "catalog",
                                  "sparql"])
def test_identifiers_stay_those_of_the_base(request, name, base, path):
    address = request.getfixturevalue(name)
    reply = fetch(address, f"/{path}", headers={"Accept": "text/turtle"} if "." not in path[1:] else {})
    assert reply.status == 200
    assert base in reply.text
    assert "127.0.0.1" not in reply.text
    assert "127.0.0.1" not in str(reply.headers)


def seal(directory, graph):
    with Draft(directory, base=BASE) as draft:
        draft.add(golden_lines())
        draft.add(n_quads(graph, name=f"{BASE}graph/article/extra"))
        return draft.seal(draft.gather(), version="test")[0]


@pytest.mark.parametrize("accept", [BROWSER, "text/turtle"])
def test_what_was_withdrawn_is_gone_not_unknown(tmp_path, accept):
    graph = extra_graph(BASE)
    first = seal(tmp_path, graph)
    with serving(tmp_path, "--workers", "1") as (site, _):
        thing = "statement/0000000000000000-7"
        assert fetch(site, f"/id/{thing}", headers={"Accept": accept}).status == 303
        for triple in list(graph):
            if triple[0].endswith(thing):
                graph.remove(triple)
        second = seal(tmp_path, graph)
        assert second.id != first.id
        while fetch(site, "/readyz").json["release"] != second.id:
            pass
        for path in (f"/id/{thing}", f"/page/{thing}", f"/data/{thing}.ttl"):
            reply = fetch(site, path, headers={"Accept": accept})
            assert (reply.status, first.id in reply.text) == (410, True)
        assert fetch(site, "/id/statement/0000000000000000-8", headers={"Accept": accept}).status == 303
        assert fetch(site, "/id/statement/0000000000000000-999", headers={"Accept": accept}).status == 404


def test_an_actor_known_by_name_moves_to_its_entry_in_the_registry(tmp_path):
    graph, other = extra_graph(BASE), Graph()
    for name, label in (("n.jung-pak.aaaaaa", "Jung Pak"), ("n.nobody.bbbbbb", "Nobody at all")):
        graph.add((URIRef(f"{BASE}id/person/{name}"), RDFS.label, Literal(label, lang="en")))
    seal(tmp_path, graph)
    other += extra_graph(BASE)
    following = seal(tmp_path, other)
    with serving(tmp_path, "--workers", "1") as (site, _):
        assert fetch(site, "/readyz").json["release"] == following.id
        for path, leads_to in (("id/person/n.jung-pak.aaaaaa", "id/person/jung-pak"),
                               ("page/person/n.jung-pak.aaaaaa?said=2", "page/person/jung-pak?said=2"),
                               ("data/person/n.jung-pak.aaaaaa.ttl", "data/person/jung-pak.ttl")):
            reply = fetch(site, f"/{path}", headers={"Accept": "text/turtle, text/html;q=0.5"})
            assert (reply.status, urljoin(f"{site}{path}", reply.headers["location"])) == (301, site + leads_to)
            assert fetch(site, f"/{leads_to}").status in (200, 303)
        assert fetch(site, "/id/person/n.nobody.bbbbbb").status == 410
