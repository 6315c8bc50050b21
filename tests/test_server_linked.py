"""Linked data over a real socket: the table of requests, and what every answer to one must carry."""

import pytest

from tests.server_linked_cases import LINKED
from tests.server_release import fetch


@pytest.mark.parametrize("case", LINKED, ids=lambda case: case.name)
def test_a_request_is_answered_as_linked_data_should(site, case):
    reply = fetch(site, case.path, method=case.method, body=case.body, headers=case.headers)
    assert (reply.status, reply.kind) == (case.status, case.kind), reply.text[:500]
    assert case.holds in reply.text
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "server" not in reply.headers
    if reply.status in (200, 303, 406):
        assert "accept" in reply.headers["vary"].casefold()
    if reply.status == 200:
        assert {"etag", "cache-control", "last-modified"} <= set(reply.headers)
    if reply.status == 405:
        assert reply.headers["allow"] == "GET, HEAD, OPTIONS"


def test_the_table_covers_linked_data():
    assert len(LINKED) >= 250
    assert len({case.name for case in LINKED}) == len(LINKED)


@pytest.mark.parametrize("path", ["/data/state/RUS.ttl", "/page/state/RUS", "/ns", "/catalog", "/graph/registry"])
def test_the_time_of_the_release_saves_the_second_transfer(site, path):
    made = fetch(site, path).headers["last-modified"]
    again = fetch(site, path, headers={"If-Modified-Since": made})
    assert (again.status, again.body) == (304, b"")
    other = {"If-None-Match": '"another"', "If-Modified-Since": made}
    assert fetch(site, path, headers=other).status == 200  # RFC 9110, section 13.1.3
    assert fetch(site, path, headers={"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"}).status == 200
