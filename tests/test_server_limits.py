"""What no query may do: outlive its time, eat the machine, reach the network, or keep others waiting."""

import contextlib
import gzip
import os
import select
import signal
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from server.pool import Pool
from server.settings import Settings
from tests.server_release import ask, children, fetch, memory, serving, wait_for
from tests.server_zoo import ZOO
from tests.test_server_lexer import CALLS, ENDPOINT

SECONDS = 1.0
GRACE = 1.5  # what reading, killing and answering may take on a busy machine


@pytest.fixture(scope="module")
def server(released):
    with serving(released, "--time-limit", str(SECONDS), "--memory", "256") as found:
        yield found


@pytest.fixture
def site(server):
    return server[0]


def ready(site, workers=3):
    return lambda: fetch(site, "/readyz").json["workers"] == workers


def test_the_limit_that_was_met_is_named(site, released):
    wait_for(ready(site))
    reply = ask(site, ZOO["count of a cross product"])
    assert (reply.status, "longer than 1 s" in reply.json["detail"]) == (504, True)
    with serving(released, "--memory", "64", "--workers", "1") as (small, _):
        reply = ask(small, ZOO["order of a cross product"])
        assert (reply.status, "more than 64 MiB" in reply.json["detail"]) == (422, True)


def test_a_client_can_ask_to_be_told_sooner(site):
    start = time.monotonic()
    reply = fetch(site, "/sparql?" + urlencode({"query": ZOO["count of a cross product"], "timeout": "0.2"}))
    assert (reply.status, time.monotonic() - start < 0.2 + GRACE) == (504, True)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory from /proc")
def test_memory_comes_back_and_the_web_process_does_not_grow(server):
    site, process = server
    wait_for(ready(site))
    ask(site, "ASK {}")
    before = memory(process.pid)
    for name in ("order of a cross product", "a string that doubles", "one string of everything"):
        ask(site, ZOO[name])
    big = "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 60000"
    for accept in ("text/csv", "application/sparql-results+xml"):
        assert ask(site, big, accept=accept).status in (200, 504)
    wait_for(ready(site))
    assert memory(process.pid) < before + 150
    wait_for(lambda: all(memory(pid) < 250 for pid in children(process.pid)))


def hold(site, query):
    """Send a query and return the connection, without waiting for the answer."""
    host, port = site.removeprefix("http://").rstrip("/").split(":")
    body = urlencode({"query": query}).encode()
    client = socket.create_connection((host, int(port)))
    client.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                   b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    return client


def test_others_are_answered_while_runaways_run_and_those_end_when_their_clients_hang_up(released):
    with serving(released, "--time-limit", "30") as (site, process):
        workers = children(process.pid)
        clients = [hold(site, ZOO["count of a cross product"]) for _ in range(2)]
        replies = [fetch(site, path).status for path in ("/", "/page/state/RUS", "/data/state/RUS.ttl", "/healthz")]
        assert set(replies) == {200}
        assert select.select(clients, [], [], 0.3)[0] == []  # the runaways still run
        for client in clients:
            client.close()
        assert ask(site, "ASK { ?s ?p ?o }").status == 200
        wait_for(lambda: len(set(workers) & set(children(process.pid))) == 2)  # that of pages, and one to spare


def test_a_full_queue_says_so_at_once(released):
    with serving(released, "--time-limit", "1", "--workers", "1", KG_QUEUE="1") as (site, _):
        threads = [threading.Thread(target=ask, args=(site, ZOO["count of a cross product"])) for _ in range(2)]
        for thread in threads:
            thread.start()
            time.sleep(0.2)
        start = time.monotonic()
        reply = ask(site, "ASK {}")
        assert time.monotonic() - start < 0.5
        assert (reply.status, int(reply.headers["retry-after"]) > 0) == (503, True)
        assert reply.headers["access-control-allow-origin"] == "*"
        for thread in threads:
            thread.join()


def test_a_killed_worker_is_replaced_without_a_failed_request(server):
    site, process = server
    wait_for(ready(site))
    for attempt in range(5):
        for worker in children(process.pid):
            os.kill(worker, signal.SIGKILL)
        assert ask(site, f"ASK {{ ?s ?p ?o }} # {attempt}").json["boolean"] is True
        wait_for(ready(site))


def test_a_worker_that_dies_with_a_query_is_an_error_not_half_an_answer(server):
    site, process = server
    wait_for(ready(site))
    replies = []
    thread = threading.Thread(target=lambda: replies.append(ask(site, ZOO["count of a cross product"])))
    thread.start()
    time.sleep(0.3)
    for worker in children(process.pid):
        os.kill(worker, signal.SIGKILL)
    thread.join()
    assert replies[0].status in (503, 504)  # early deaths are tried once more
    assert replies[0].kind == "application/problem+json"


ROWS = {
    "application/sparql-results+json": lambda reply: len(reply.json["results"]["bindings"]),
    "text/csv": lambda reply: reply.text.count("\r\n") - 1,
    "text/tab-separated-values": lambda reply: reply.text.count("\n") - 1,
    "application/sparql-results+xml": lambda reply: reply.text.count("<result>"),
}


def test_a_cut_answer_says_so_and_names_the_dumps(released):
    with serving(released, "--workers", "1", KG_ROWS="50") as (small, _):
        for accept, rows in ROWS.items():
            cut = ask(small, "SELECT ?s { ?s ?p ?o }", accept=accept)
            assert (rows(cut), cut.headers["x-result-truncated"]) == (50, "rows=50")
            assert "dumps/" in cut.headers["link"]
            whole = ask(small, "SELECT ?s { ?s ?p ?o } LIMIT 50", accept=accept)
            assert rows(whole) == 50
            assert "x-result-truncated" not in whole.headers
        graph = ask(small, "CONSTRUCT WHERE { ?s ?p ?o }", accept="application/n-triples")
        assert (graph.text.count("\n"), graph.headers["x-result-truncated"]) == (50, "rows=50")


LARGE = "SELECT ?s ?p ?o ?x { ?s ?p ?o VALUES ?x { 1 2 3 } }"


def files(pid):
    """Return how many files without a name a process has open."""
    return sum("(deleted)" in str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink())


@pytest.fixture(scope="module")
def patient(released):
    with serving(released, "--workers", "1", KG_BUDGET="0") as found:
        yield found


@pytest.mark.parametrize(("accept", "coding"), [*((accept, "identity") for accept in ROWS), ("text/csv", "gzip")])
def test_a_large_answer_comes_whole_from_a_file(patient, accept, coding):
    site, process = patient
    headers = {"Accept": accept, "Accept-Encoding": coding}
    path = "/sparql?" + urlencode({"query": LARGE})
    open_before = files(process.pid)
    reply = fetch(site, path, headers=headers)
    assert int(reply.headers["content-length"]) == len(reply.body)
    assert reply.headers.get("content-encoding", "identity") == coding
    plain = replace(reply, body=gzip.decompress(reply.body) if coding == "gzip" else reply.body)
    assert (len(plain.body) > 1 << 20, ROWS[accept](plain) > 20_000) == (True, True)
    counted = fetch(site, "/metrics").text.partition("query_seconds_count ")[2].split()[0]
    again = fetch(site, path, headers=headers | {"If-None-Match": reply.headers["etag"]})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", reply.headers["etag"])
    assert f"query_seconds_count {counted}\n" in fetch(site, "/metrics").text  # nobody ran it again
    assert fetch(site, path, method="HEAD", headers=headers).headers["content-length"] == str(len(reply.body))
    wait_for(lambda: files(process.pid) == open_before)


def test_a_large_answer_is_cut_with_a_link_in_its_head(released):
    with serving(released, "--workers", "1", KG_ROWS="20000", KG_BUDGET="0") as (site, _):
        for accept, rows in ROWS.items():
            cut = ask(site, LARGE, accept=accept)
            assert (rows(cut), cut.headers["x-result-truncated"]) == (20_000, "rows=20000")
            if "json" in accept:
                assert cut.json["head"]["link"] == ["https://example.org/dumps/"]


def test_who_reads_slowly_holds_up_nobody(patient):
    site, process = patient
    before = memory(process.pid)
    slow = []
    for number in range(8):
        slow.append(hold(site, f"{LARGE} # {number}"))
        assert slow[-1].recv(100).startswith(b"HTTP/1.1 200")
    assert [ask(site, f"ASK {{}} # {number}").status for number in range(5)] == [200] * 5
    assert memory(process.pid) < before + 50
    for client in slow:
        client.close()


def test_an_answer_whose_worker_dies_is_no_half_answer(patient):
    site, process = patient
    wait_for(ready(site, workers=2))
    replies = []
    thread = threading.Thread(target=lambda: replies.append(fetch(
        site, "/sparql?" + urlencode({"query": f"{LARGE} ORDER BY ?o ?x", "timeout": "2"}))))
    thread.start()
    until = time.monotonic() + 2
    while thread.is_alive() and time.monotonic() < until:
        for worker in children(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        time.sleep(0.02)
    thread.join()
    assert replies[0].status in (200, 503, 504)
    assert replies[0].status != 200 or len(replies[0].json["results"]["bindings"]) > 20_000


@contextlib.contextmanager
def canary():
    """Listen on loopback; give the address and the list of those who called."""
    calls = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def listen():
            while True:
                try:
                    connection, peer = listener.accept()
                except OSError:
                    return
                calls.append(peer)
                connection.close()

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/", calls
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=5)


def test_no_query_reaches_the_network(site):
    others = ("SELECT * FROM <{0}> {{ ?s ?p ?o }}", "SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
              "LOAD <{0}>", "DESCRIBE <{0}>", "SELECT * {{ GRAPH <{0}> {{ ?s ?p ?o }} }}")
    with canary() as (address, calls):
        for query in (*(call.replace(ENDPOINT, address) for call in CALLS), *(text.format(address) for text in others)):
            assert ask(site, query).status in (200, 400), query
        for name in ("default-graph-uri", "named-graph-uri", "using-graph-uri"):
            assert ask(site, "ASK { ?s ?p ?o }", **{name: address}).status == 200
        for path in (f"/graph-store?graph={address}", f"/graph/{address}", f"/id/{address}", f"/data/{address}.ttl",
                     f"/page/{address}", f"/data/state/RUS.ttl?_profile={address}", f"/{address}"):
            assert fetch(site, path).status in (404, 406), path
        for kind in ("application/sparql-update", "application/ld+json"):
            body = f'LOAD <{address}> # {{"@context": "{address}"}}'.encode()
            assert fetch(site, "/sparql", method="POST", body=body, headers={"Content-Type": kind}).status in (400, 415)
        assert (calls, len(CALLS) >= 30) == ([], True)
        socket.create_connection(("127.0.0.1", int(address.rsplit(":", 1)[1].rstrip("/")))).close()
        wait_for(lambda: len(calls) == 1)  # the canary does hear


def test_a_worker_itself_has_no_network(released):
    """The wall behind the reading of tokens, where the kernel has user namespaces."""
    pool = Pool(store_path=(released / "current").resolve() / "store", settings=Settings(workers=1))
    pool.start()
    try:
        if not pool.isolated:
            pytest.skip("the kernel does not allow user namespaces")
        with canary() as (address, calls):
            job = {"query": f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", "base": address, "union": True,
                   "default_graph": None, "named_graphs": None, "syntax": "json", "rows": 9, "bytes": 999, "link": "",
                   "prefixes": {}}
            assert pool.ask(job, seconds=5).head["outcome"] == "evaluation"
            assert calls == []
    finally:
        pool.close()
