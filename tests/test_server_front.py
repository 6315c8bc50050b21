"""Answers that are kept whole: the second is the first, and nobody gets another's."""

import json
from urllib.parse import urlencode

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from server import create_app
from server.settings import Settings
from tests.server_cases import BROWSER
from tests.server_release import fetch, serving, write_release

PATHS = ("/data/state/RUS.ttl", "/data/state/RUS", "/page/group/busy", "/page/group/busy?said=2", "/ns", "/ns/stance",
         "/graph/registry", "/sparql", "/sparql?" + urlencode({"query": "SELECT * { ?s a <ns#Agreement> }"}),
         "/data/org/a%2Fb.nt", "/data/state/RUS.ttl?_profile=plain")
WISHES = ({}, {"Accept": "text/turtle, application/sparql-results+xml;q=0.5"}, {"Accept": BROWSER},
          {"Accept-Encoding": "gzip"}, {"Accept-Profile": "<https://schema.org/>"})


def plain(reply):
    return reply.status, {name: value for name, value in reply.headers.items() if name != "date"}, reply.body


@pytest.mark.parametrize("path", PATHS)
def test_the_second_answer_is_the_first_whatever_others_ask_between(site, path):
    first = [plain(fetch(site, path, headers=wishes)) for wishes in WISHES]
    assert [plain(fetch(site, path, headers=wishes)) for wishes in WISHES] == first
    assert [plain(fetch(site, path, headers=wishes)) for wishes in reversed(WISHES)] == first[::-1]
    tag = first[0][1].get("etag")
    if tag and not WISHES[0]:
        assert fetch(site, path, headers={"If-None-Match": tag}).status == 304
        head = plain(fetch(site, path, method="HEAD"))
        assert (head[0], head[2], head[1].get("etag")) == (200, b"", tag)


def test_addresses_that_differ_only_when_decoded_are_not_confused(site):
    assert fetch(site, "/data/org/a%2Fb.nt").status == 200
    assert fetch(site, "/data/org/a/b.nt").status == 404
    assert fetch(site, "/data/org/a%2Fb.nt").status == 200


@pytest.mark.parametrize("query", ["SELECT (NOW() AS ?n) {}", "SELEKT"])
def test_what_changes_or_fails_is_not_kept(site, query):
    path = "/sparql?" + urlencode({"query": query})
    first, second = fetch(site, path), fetch(site, path)
    assert first.headers["cache-control"] == second.headers["cache-control"] == "no-store"
    assert first.status == 400 or first.body != second.body


def test_kept_answers_are_counted_and_leave_with_their_release(tmp_path):
    write_release(tmp_path, note="one")
    with serving(tmp_path, "--workers", "1") as (site, _):
        for _ in range(5):
            assert fetch(site, "/data/statement/0000000000000000-7.nt").text.count("thing 7 one") == 1
        metrics = fetch(site, "/metrics").text
        assert 'requests_total{endpoint="entities.data",method="GET",status="200"} 5' in metrics
        following = write_release(tmp_path, note="two")
        while json.loads(fetch(site, "/readyz").body)["release"] != following.id:
            pass
        assert "thing 7 two" in fetch(site, "/data/statement/0000000000000000-7.nt").text


LARGE = "SELECT ?s ?p ?o ?x { ?s ?p ?o VALUES ?x { 1 2 3 } }"


@pytest.mark.parametrize(("query", "least"), [("ASK { ?s ?p ?o }", 10), (LARGE, 1 << 20)])
def test_any_wsgi_server_gets_the_same_answer_and_none_to_head(released, query, least):
    app = create_app(released, settings=Settings(workers=1))
    try:
        told = {}
        for method in ("GET", "HEAD"):
            environ = EnvironBuilder(f"/sparql?{urlencode({'query': query})}", method=method).get_environ()
            parts, status, headers = run_wsgi_app(app, environ)
            told[method] = status, headers["Content-Length"], headers["ETag"], len(b"".join(parts))
            if hasattr(parts, "close"):
                parts.close()
    finally:
        app.extensions["publisher"].close()
    assert told["GET"][:3] == told["HEAD"][:3]
    assert (told["GET"][0], told["GET"][3], told["HEAD"][3]) == ("200 OK", int(told["GET"][1]), 0)
    assert told["GET"][3] >= least
