"""What operators see: readiness, metrics, the request log, settings and the check of a deployed site."""

import contextlib
import json
import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from kg.errors import KgError
from kg.release import open_release
from server.check import CHECKS, check_site
from server.cli import list_settings
from server.monitoring import BOUNDS, Histogram
from server.settings import Settings, read_settings
from tests.server_release import ask, fetch, serving

SAMPLE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\.)*",?)*)\})? (-?[0-9.]+(?:e[+-][0-9]+)?|\+Inf)$')


def samples(text):
    """Return metric and labels → value, after checking each line against the text format."""
    found, declared = {}, set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            declared.add(line.split()[2])
        elif not line.startswith("# HELP "):
            match = SAMPLE.match(line)
            assert match, line
            name = match[1]
            assert name in declared or re.sub("_(bucket|sum|count)$", "", name) in declared, line
            found[name, match[2] or ""] = float(match[3])
    return found


def test_readiness_tells_release_age_and_workers(site, released):
    state = fetch(site, "/readyz").json
    release = open_release(released)
    assert (state["release"], state["made_at"], state["workers"]) == (release.id, release.made_at, 2 + 1)
    assert 0 <= state["age_seconds"] < 3600
    assert (state["workers_wanted"], state["queries_waiting"]) == (2 + 1, 0)


def test_metrics_count_requests_queries_and_limits(released):
    with serving(released, "--time-limit", "1") as (site, _):
        before = samples(fetch(site, "/metrics").text)
        for number in range(3):
            assert ask(site, f"ASK {{}} # {number}").status == 200
        assert ask(site, "SELEKT").status == 400
        assert ask(site, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }").status == 504
        assert fetch(site, "/nowhere", method="BREW").status == 404
        reply = fetch(site, "/metrics")
        after = samples(reply.text)
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    endpoint = 'endpoint="sparql.sparql",method="POST",status="%d"'
    assert [after["communique_requests_total", endpoint % status] for status in (200, 400, 504)] == [3, 1, 1]
    assert after["communique_requests_total", 'endpoint="none",method="other",status="404"'] == 1
    assert after["communique_limits_total", 'limit="late"'] == 1
    assert (before["communique_query_seconds_count", ""], after["communique_query_seconds_count", ""]) == (0, 5)
    assert after["communique_query_seconds_sum", ""] > 0.9
    assert after["communique_workers_wanted", ""] == 2 + 1
    [info] = [labels for name, labels in after if name == "communique_release_info"]
    assert open_release(released).id in info


@pytest.mark.parametrize("seconds", [(), (0.001,), (0.005, 0.006), (99.0, 0.1, 3.0)])
def test_a_histogram_counts_what_is_below_each_bound(seconds):
    histogram = Histogram()
    for value in seconds:
        histogram.observe(value)
    lines = [line.rsplit(" ", 1) for line in histogram.lines("h", {})]
    counted = [float(value) for name, value in lines if "bucket" in name]
    assert counted == [sum(value <= bound for value in seconds) for bound in (*BOUNDS, float("inf"))]


def test_each_request_is_a_line_of_the_log(released):
    command = [sys.executable, "-c", "from server.cli import serve; serve()", str(released), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "KG_LOG_REQUESTS": "1"}) as process:
        site = re.search(r"http://\S+/", process.stdout.readline()).group()
        ask(site, "SELECT ?s { ?s a ?c } LIMIT 7", accept="text/csv")
        ask(site, "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 4")
        fetch(site, "/sparql?" + urlencode({"query": "ASK { ?s ?p 'secret' }"}))
        fetch(site, "/nowhere%0Aforged")
        process.terminate()
        lines = [json.loads(line) for line in process.stderr.read().splitlines()]
    assert [line["status"] for line in lines] == [200, 200, 200, 404]
    assert [line.get("rows") for line in lines] == [7, 4, 0, None]
    assert all(line["time"] and line["seconds"] >= 0 for line in lines)
    assert len({line["query"] for line in lines[:3]}) == 3
    assert "secret" not in str(lines)
    assert lines[3]["path"] == "/nowhere%0Aforged"


@pytest.mark.parametrize(("file", "variables", "expected"), [
    ("", {}, (10.0, "default")), ("time_limit = 5", {}, (5.0, "file")),
    ("time_limit = 5.5\nrows = 7\n", {"KG_TIME_LIMIT": "3"}, (3.0, "KG_TIME_LIMIT")),
    ("rows = 7", {}, (10.0, "default")),
])
def test_variables_win_over_the_file_and_that_over_defaults(tmp_path, file, variables, expected):
    path = tmp_path / "kg.toml"
    path.write_text(file, encoding="utf-8")
    settings, origins = read_settings({"KG_SETTINGS": str(path), **variables})
    assert (settings.time_limit, origins["time_limit"].replace(str(path), "file")) == expected


@pytest.mark.parametrize(("content", "words"), [
    (b"time_limit = ", "no TOML"), (b"\xff", "no TOML"), (b"time_limt = 5", "there is no setting 'time_limt'"),
    (b"rows = 'many'", "wrong kind"), (b"rows = 1.5", "wrong kind"), (b"rows = true", "wrong kind"),
    (b"license = 5", "wrong kind"), (b"rows = 0", "not a limit"), (b"license = 'mine'", "no http"),
    (b"license = 'https://a.example/<x>'", "cannot hold"), (None, "cannot be read"),
])
def test_a_wrong_file_is_one_line_that_names_it(tmp_path, content, words):
    path = tmp_path / "kg.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(KgError, match=words) as caught:
        read_settings({"KG_SETTINGS": str(path)})
    assert "\n" not in str(caught.value)


def test_all_settings_are_listed_with_their_origin():
    done = CliRunner().invoke(list_settings, [], env={"KG_ROWS": "5"})
    lines = {line.split()[0]: line.split()[1:3] for line in done.output.splitlines()}
    assert set(lines) == {f"KG_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert (lines["KG_ROWS"], lines["KG_QUEUE"]) == (["5", "KG_ROWS"], ["16", "default"])
    found = json.loads(CliRunner().invoke(list_settings, ["--json"], env={"KG_ROWS": "5"}).output)
    assert found["rows"] == {"value": 5, "origin": "KG_ROWS", "about": "most rows or triples of an answer"}
    wrong = CliRunner().invoke(list_settings, [], env={"KG_ROWS": "x"})
    assert (wrong.exit_code, "KG_ROWS" in wrong.stderr) == (3, True)


def test_every_setting_is_documented_with_its_default():
    text = (Path(__file__).parent.parent / "docs" / "server.md").read_text(encoding="utf-8")
    for name in Settings.__dataclass_fields__:
        assert f"`KG_{name.upper()}`" in text, name


def test_a_whole_site_passes_the_check(site):
    done = CliRunner().invoke(check_site, [site])
    assert (done.exit_code, done.output.count("ok "), "FAILED" in done.output) == (0, len(CHECKS), False), done.output


@contextlib.contextmanager
def impostor(site):
    """Serve what a careless proxy makes of a site: no Vary, no ETag, absolute links, a banner page for errors."""
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            reply = fetch(site, self.path, method=self.command, headers={
                name: value for name, value in self.headers.items() if name.casefold() in ("accept", "range")})
            status = 200 if reply.status == 406 else reply.status
            body = b"<h1>Traceback</h1>" if status == 404 else reply.body
            self.send_response(status)
            for name in ("content-type", "location"):
                if name in reply.headers:
                    self.send_header(name, reply.headers[name])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_HEAD(self):
            self.do_GET()

        def do_OPTIONS(self):
            self.do_GET()

        def do_PUT(self):
            self.do_GET()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_broken_site_does_not_pass_the_check(site):
    with impostor(site) as other:
        done = CliRunner().invoke(check_site, [other])
    assert done.exit_code == 1
    for words in ("lacks Vary", "no ETag", "expected 406", "shows 'Traceback'", "no strict Content-Security-Policy",
                  "no Access-Control-Allow-Origin"):
        assert words in done.output, words


@pytest.mark.parametrize("path", ["", "dumps/"])
def test_what_is_no_site_of_ours_is_one_line(site, path):
    address = site + path if path else "http://127.0.0.1:9/"
    done = CliRunner().invoke(check_site, [address])
    assert (done.exit_code, done.stderr.count("\n")) == (3, 1)
