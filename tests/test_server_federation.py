"""SERVICE with a list of allowed endpoints: what is asked, what is not, and what becomes of odd answers."""

import json
import re
import socket
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode

import pyoxigraph
import pytest

from kg.errors import KgError
from server.errors import Problem
from server.federation import MOST_ROWS, Unanswered, _address, find_calls
from server.settings import Settings
from tests.server_release import ask, fetch, serving
from tests.test_server_lexer import CALLS, ENDPOINT, NO_CALLS

RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def table(rows):
    bindings = ",".join(f'{{"x":{{"type":"literal","value":"{number}"}}}}' for number in range(rows))
    return f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{bindings}]}}}}'.encode()


@contextmanager
def elsewhere():
    """Run an endpoint with odd neighbours, and give its address and the paths and queries that it was asked."""
    calls, store = [], pyoxigraph.Store()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            calls.append((self.path, form["query"][0]))
            status, body, location = 200, b"", ""
            if self.path == "/sparql":
                answer = store.query(form["query"][0])
                body = answer.serialize(format=pyoxigraph.QueryResultsFormat.JSON)
            elif self.path == "/moved":
                status, location = 307, f"http://127.0.0.1:{self.server.server_port}/sparql"
            elif self.path == "/slow":
                time.sleep(3)
            elif self.path == "/drip":
                self.send_response(200)
                self.end_headers()
                for _ in range(30):
                    self.wfile.write(b" ")
                    time.sleep(0.1)
                return
            elif self.path.startswith("/status"):
                status = int(self.path[-3:])
            else:
                body = {"/page": b"<p>hello", "/ask": b'{"head":{},"boolean":true}', "/rows": table(MOST_ROWS + 1),
                        "/long": b" " * (9 << 20), "/half": table(5)[:-9],
                        "/most": table(MOST_ROWS)}[self.path]
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

        def handle(self):
            with suppress(OSError):  # the server hung up, as it should
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", calls
        finally:
            server.shutdown()
            thread.join()


NEIGHBOURS = ("sparql", "moved", "slow", "drip", "page", "ask", "rows", "long", "half", "most", "status400",
              "status500")


@pytest.fixture(scope="module")
def federated(released):
    with elsewhere() as (other, calls):
        allowed = " ".join(f"{other}/{name}" for name in NEIGHBOURS) + " http://127.0.0.1:9/sparql"
        with serving(released, "--time-limit", "2", "--workers", "1", KG_SERVICE_ALLOW=allowed,
                     KG_BUDGET="0") as (site, _):
            yield site, other, calls


@pytest.mark.parametrize("form", [
    "SERVICE <{0}/sparql> {{", "service<{0}/sparql>{{", "SERVICE SILENT <{0}/sparql> {{",
    "SERVICESILENT <{0}/sparql> {{", "SERVICE # who\n <{0}/sparql> # what\n {{", "SERVICE silent<{0}/sparql>{{",
])
def test_an_allowed_endpoint_is_asked_and_its_answer_joined(federated, form):
    site, other, calls = federated
    calls.clear()
    query = (RDFS + "SELECT ?label ?n { " + form.format(other)
             + " VALUES (?s ?n) { (<id/state/RUS> 'a\\n\"b') (<id/nobody> '}') (<id/state/PRK> UNDEF) } } "
             "?s rdfs:label ?label }")
    if "SERVICESILENT" in form:
        assert ask(site, query).status == 400
        return
    reply = ask(site, query)
    assert reply.status == 200, reply.text
    found = {(row["label"]["value"], row.get("n", {}).get("value")) for row in reply.json["results"]["bindings"]}
    assert {("Russia", 'a\n"b'), ("North Korea", None)} <= found
    [(path, asked)] = calls
    assert path == "/sparql"
    assert asked.startswith("BASE <https://example.org/>\nPREFIX rdfs:")
    assert asked.rstrip().endswith("} }")
    assert (reply.headers["cache-control"], "etag" in reply.headers) == ("no-store", False)


@pytest.mark.parametrize(("query", "answer"), [
    ("ASK { SERVICE <{0}/sparql> { FILTER(true) } }", True),
    ("ASK { SERVICE <{0}/sparql> { FILTER(false) } }", False),
    ("ASK { FILTER EXISTS { SERVICE <{0}/sparql> { BIND(1 AS ?x) } } }", True),
    ("ASK { SERVICE <{0}/sparql> { BIND(1 AS ?x) } SERVICE <{0}/sparql> { BIND(2 AS ?x) } }", False),
    ("ASK { { SELECT ?x { SERVICE <{0}/sparql> { VALUES ?x { 1 2 } } } } FILTER(?x = 2) }", True),
    ("ASK { SERVICE <{0}/sparql> { BIND(BNODE() AS ?x) } FILTER(isIRI(?x)) }", True),
    ("ASK { SERVICE <{0}/most> { ?s ?p ?x } FILTER(?x = '9999') }", True),
])
def test_a_call_stands_for_its_answer(federated, query, answer):
    site, other, _ = federated
    reply = ask(site, query.replace("{0}", other))
    assert (reply.status, reply.json.get("boolean")) == (200, answer), reply.text


@pytest.mark.parametrize(("path", "status", "words"), [
    ("moved", 503, "HTTP 307"), ("slow", 504, "in time"), ("drip", 504, "in time"), ("page", 503, "JSON"),
    ("ask", 503, "table"), ("rows", 422, "10000 rows"), ("long", 422, "bytes"), ("half", 503, "JSON"),
    ("status400", 400, "HTTP 400"), ("status500", 503, "HTTP 500"), ("nowhere", 400, "not allowed"),
])
def test_an_odd_answer_is_told_or_silent(federated, path, status, words):
    site, other, calls = federated
    calls.clear()
    query = f"SELECT ?x {{ SERVICE <{other}/{path}> {{ ?s ?p ?x }} }}"
    start = time.monotonic()
    reply = ask(site, query)
    assert (reply.status, words in reply.json["detail"]) == (status, True), reply.text
    assert time.monotonic() - start < 2 + 1.5
    assert [called for called, _ in calls] == ([] if path == "nowhere" else [f"/{path}"])  # redirects are not followed
    if path not in ("nowhere", "slow", "drip"):
        silent = ask(site, query.replace("SERVICE", "SERVICE SILENT"))
        assert (silent.status, silent.json["results"]["bindings"]) == (200, [{}])


def test_an_endpoint_that_is_down_is_told(federated):
    reply = ask(federated[0], "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }")
    assert (reply.status, reply.headers["retry-after"]) == (503, "30")
    assert "cannot be reached" in reply.json["detail"]


def test_no_disguise_reaches_what_is_not_allowed(federated):
    site, other, calls = federated
    calls.clear()
    for query in CALLS:
        hidden = query.replace(ENDPOINT, f"{other}/secret")
        assert ask(site, hidden).status == 400, query
        assert ask(site, f"{hidden} # SERVICE <{other}/sparql> {{}}").status == 400, query
    assert calls == []
    for query in CALLS:
        assert ask(site, query.replace(ENDPOINT, f"{other}/sparql")).status in (200, 400, 422, 503, 504), query
    assert {path for path, _ in calls} == {"/sparql"}
    for query in NO_CALLS:
        assert "SERVICE is" not in ask(site, query).text, query


@pytest.mark.parametrize("query", [
    "SELECT * {{ SERVICE <{0}> {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}", "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o",
    "SELECT * {{ SERVICE ?e {{ ?s ?p ?o }} }}", "PREFIX e: <{0}> SELECT * {{ SERVICE e: {{ ?s ?p ?o }} }}",
    "SELECT * {{ " + "SERVICE <{0}> {{ ?s ?p ?o }} " * 5 + "}}", "SELECT * {{ SERVICE <{0}> {{ ?s ?p '\\u0041' }} }}",
    "SELECT * {{ SERVICE <{0}/> {{ ?s ?p ?o }} }}", "SELECT * {{ SERVICE <{0}#x> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE {{ ?s ?p ?o }} }}", "SELECT * {{ SERVICE <{0}> }}",
])
def test_what_is_not_plainly_a_call_is_refused(query):
    with pytest.raises(Problem):
        find_calls(query.format("http://a.example/sparql"), ["http://a.example/sparql"])


@pytest.mark.parametrize(("host", "leads_to", "asked"), [
    ("a.example", ["10.1.2.3"], ""), ("a.example", ["169.254.169.254"], ""), ("a.example", ["::1", "127.0.0.1"], ""),
    ("a.example", ["fd00::1", "9.9.9.9"], "9.9.9.9"), ("10.1.2.3", ["10.1.2.3"], "10.1.2.3"),
    ("localhost", ["127.0.0.1"], "127.0.0.1"), ("a.example", ["224.0.0.1"], ""), ("a.example", ["0.0.0.0"], ""),
])
def test_a_private_address_is_asked_only_if_it_was_listed_itself(monkeypatch, host, leads_to, asked):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 80)) for address in leads_to])
    if asked:
        assert _address(host, 80) == (asked, 80)
    else:
        with pytest.raises(Unanswered, match="no public address"):
            _address(host, 80)


@pytest.mark.parametrize("value", ["example.org", "ftp://a.example/", "http://", "http://u:p@a.example/",
                                   "http://a.example/#x", "http://a.example:x/", "http://a.example/<"])
def test_what_is_no_endpoint_is_no_setting(value):
    with pytest.raises(KgError, match="KG_SERVICE_ALLOW"):
        Settings(service_allow=f"https://b.example/sparql {value}")


def test_the_description_tells_whether_calls_are_answered(federated, site):
    feature = "BasicFederatedQuery"
    assert feature in fetch(federated[0], "/sparql").text
    assert feature not in fetch(site, "/sparql").text


def test_what_was_called_is_asked_again_each_time(federated):
    site, other, calls = federated
    calls.clear()
    path = "/sparql?" + urlencode({"query": f"SELECT * {{ SERVICE <{other}/sparql> {{ BIND(NOW() AS ?now) }} }}"})
    first, second = (json.dumps(fetch(site, path).json) for _ in range(2))
    assert (len(calls), first == second) == (2, False)
    assert re.search(r"\d{4}-\d\d-\d\d", first)
