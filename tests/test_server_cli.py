"""The command `kg serve` as a process: starting, following the release pointer, and ending."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlencode

import pytest

from kg.release import open_release
from tests.server_release import BASE, SERVE, ask, children, fetch, serving, wait_for, write_release
from tests.server_zoo import PRODUCTS

LONG = PRODUCTS["count of a cross product"]


def run(*arguments, **environment):
    command = [sys.executable, "-c", "from server.cli import serve; serve()", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False,
                          env={**os.environ, **environment})


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_missing_release_is_one_line(tmp_path):
    done = run(tmp_path / "nowhere", "--port", "0")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (3, "", 1)
    assert "nowhere: no such directory" in done.stderr


def test_a_damaged_release_is_one_line(tmp_path, released):
    copy = shutil.copytree(released, tmp_path / "copy", symlinks=True)
    (copy / "current" / "void.ttl").write_text("", encoding="utf-8")
    done = run(copy, "--port", "0")
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "damaged" in done.stderr


def test_a_taken_port_is_one_line(released):
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = run(released, "--port", other.getsockname()[1])
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert "cannot listen there" in done.stderr


@pytest.mark.parametrize(("name", "value"), [("KG_TIME_LIMIT", "soon"), ("KG_WORKERS", "0"), ("KG_MEMORY", "-1")])
def test_a_limit_that_is_none_is_one_line(released, name, value):
    done = run(released, "--port", "0", **{name: value})
    assert (done.returncode, done.stderr.count("\n")) == (3, 1)
    assert name in done.stderr


def test_systems_without_epoll_are_served_by_the_server_that_flask_brings(released):
    bare = "import select; [delattr(select, each) for each in dir(select) if 'epoll' in each.lower() or 'RDH' in each]"
    with serving(released, program=f"{bare}; {SERVE}") as (site, process):
        assert ask(site, "ASK { ?s ?p ?o }").json["boolean"] is True
        page = fetch(site, "/page/state/RUS")
        assert (page.status, page.kind) == (200, "text/html")
        assert ask(site, "ASK {").status == 400
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_a_wrong_option_is_wrong_usage(released):
    assert run(released, "--prot", "0").returncode == 2


def test_help_shows_an_example():
    done = run("--help")
    assert (done.returncode, "Example: kg serve" in done.stdout) == (0, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_server(released, number):
    with serving(released) as (_, process):
        workers = children(process.pid)
        assert len(workers) == 2 + 1 + 1  # two for queries, one to spare, one for pages
        process.send_signal(number)
        assert process.wait(timeout=10) == (-signal.SIGKILL if number == signal.SIGKILL else 0)
        until = time.monotonic() + 5
        while any(map(alive, workers)):
            assert time.monotonic() < until, "a worker is still there"
            time.sleep(0.05)


def test_what_was_asked_before_the_end_is_answered(released):
    with serving(released, "--workers", "2", KG_BUDGET="0") as (site, process):
        replies, threads = {}, []
        large = "SELECT ?s ?p ?o ?x { ?s ?p ?o VALUES ?x { 1 2 3 } }"
        for name, query, seconds in (("long", LONG, "2"), ("large", large, "10")):
            path = "/sparql?" + urlencode({"query": query, "timeout": seconds})
            threads.append(threading.Thread(target=lambda name=name, path=path: replies.update(
                {name: fetch(site, path)})))
            threads[-1].start()
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        with pytest.raises(ConnectionError):
            fetch(site, "/healthz")
        for thread in threads:
            thread.join()
        assert (replies["long"].status, replies["large"].status) == (504, 200)
        assert len(replies["large"].json["results"]["bindings"]) > 20_000
        assert process.wait(timeout=10) == 0


def test_a_new_release_is_served_without_a_failed_request(tmp_path):
    first = write_release(tmp_path, note="one")
    with serving(tmp_path) as (site, _):
        statuses, stop = [], threading.Event()

        def client(number):
            while not stop.is_set():
                statuses.append(ask(site, f"ASK {{ ?s ?p {number} }} # {len(statuses)}").status)
                statuses.append(fetch(site, "/data/group/busy.ttl").status)

        threads = [threading.Thread(target=client, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        assert fetch(site, "/readyz").json["release"] == first.id
        before = fetch(site, "/data/group/busy.ttl")
        second = write_release(tmp_path, note="two")
        moved = time.monotonic()
        while fetch(site, "/readyz").json["release"] != second.id:
            assert time.monotonic() < moved + 5, "the server does not follow"
            time.sleep(0.02)
        time.sleep(0.3)
        stop.set()
        for thread in threads:
            thread.join()
        assert set(statuses) == {200}
        after = fetch(site, "/data/group/busy.ttl")
        assert after.headers["etag"] != before.headers["etag"]
        assert ask(site, f"SELECT * {{ <{BASE}id/statement/0000000000000000-7> <ns#gist> ?g }}",
                   accept="text/csv").text == "g\r\nthing 7 two\r\n"


def move(directory, release):
    beside = directory / "beside"
    beside.symlink_to(release.path)
    beside.replace(directory / "current")


def test_thirty_releases_follow_each_other_under_load_without_a_failed_request(tmp_path):
    """Two releases take turns; each client sees one or the other, whole, and no worker of a past one stays."""
    releases = [write_release(tmp_path, note=note) for note in ("one", "two")]
    gists = {f"g\r\nthing 7 {note}\r\n" for note in ("one", "two")}
    asked = f"SELECT * {{ <{BASE}id/statement/0000000000000000-7> <ns#gist> ?g }}"
    with serving(tmp_path, "--workers", "1", KG_BUDGET="0") as (site, process):
        statuses, texts, stop = Counter(), set(), threading.Event()

        def client(path):
            while not stop.is_set():
                if path:
                    statuses[fetch(site, path).status] += 1
                else:
                    reply = ask(site, f"{asked} # {statuses.total()}", accept="text/csv")
                    statuses[reply.status] += 1
                    texts.add(reply.text)

        paths = ("", "", "/data/group/busy.ttl", "/page/group/busy", "/dumps/dump.nq.gz", "/sparql")
        threads = [threading.Thread(target=client, args=(path,)) for path in paths]
        for thread in threads:
            thread.start()
        try:
            for turn in range(30):
                following = releases[turn % 2]
                move(tmp_path, following)
                wait_for(lambda name=following.id: fetch(site, "/readyz").json["release"] == name, seconds=20)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert (set(statuses), texts) == ({200}, gists), statuses
        assert statuses.total() > 300
        wait_for(lambda: len(children(process.pid)) == 1 + 1 + 1)


def test_a_damaged_new_release_leaves_the_old_one_served(tmp_path, released):
    copy = shutil.copytree(released, tmp_path / "copy", symlinks=True)
    first = open_release(copy)
    with serving(copy) as (site, _):
        (copy / "releases" / "broken").mkdir()
        (copy / "beside").symlink_to("releases/broken")
        (copy / "beside").replace(copy / "current")
        time.sleep(0.3)
        for _ in range(3):
            assert fetch(site, "/readyz").json["release"] == first.id
            assert ask(site, "ASK { ?s ?p ?o }").json["boolean"] is True


def test_the_path_of_the_base_is_kept_or_cut_off_as_the_proxy_likes(tmp_path):
    write_release(tmp_path, base="https://example.org/news/")
    with serving(tmp_path) as (site, _):
        for prefix in ("/news", ""):
            reply = fetch(site, f"{prefix}/id/state/RUS", headers={"Accept": "text/turtle"})
            assert (reply.status, reply.headers["location"]) == (303, "../../data/state/RUS.ttl")
            assert "https://example.org/news/id/state/RUS" in fetch(site, f"{prefix}/data/state/RUS.nt").text
            assert fetch(site, f"{prefix}/").status == fetch(site, f"{prefix}/static/style.css").status == 200
