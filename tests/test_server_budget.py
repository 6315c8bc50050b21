"""The seconds of query time that one client may use, by the clock and over a socket."""

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.budget import KNOWN, Budget
from tests.server_release import ask, fetch, serving
from tests.server_zoo import CROSS

LONG = f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("spent", "later", "wait"), [
    ((), 0, 0), ((9.9,), 0, 0), ((10,), 0, 0), ((11,), 0, 2), ((11,), 1, 1), ((11,), 2, 0), ((5, 5, 5), 0, 10),
    ((5, 5, 5), 9, 1), ((100,), 0, 180),
])
def test_who_has_used_up_the_budget_waits_until_it_comes_back(spent, later, wait):
    clock = Clock()
    budget = Budget(seconds=10, refill=0.5, clock=clock)
    for seconds in spent:
        budget.spend("192.0.2.1", seconds)
    clock.now = later
    assert budget.wait("192.0.2.1") == pytest.approx(wait)
    assert budget.wait("192.0.2.2") == 0


def test_a_bucket_never_holds_more_than_the_budget():
    clock = Clock()
    budget = Budget(seconds=10, refill=1, clock=clock)
    budget.spend("a", 1)
    clock.now = 1000
    budget.spend("a", 13)
    assert budget.wait("a") == 3


@pytest.mark.parametrize(("first", "second", "same"), [
    ("192.0.2.1", "192.0.2.2", False), ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
    ("2001:db8:0:1::1", "2001:db8:0:2::1", False), ("::ffff:192.0.2.1", "192.0.2.1", True),
    ("fe80::1%eth0", "fe80::1%eth1", True), ("no address", "no address", True), ("", "192.0.2.1", False),
])
def test_one_client_has_one_bucket(first, second, same):
    budget = Budget(seconds=1, refill=1)
    budget.spend(first, 50)
    assert (budget.wait(second) > 0) is same


def test_no_budget_is_no_limit():
    budget = Budget(seconds=0, refill=1)
    budget.spend("a", 1e9)
    assert budget.wait("a") == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 50), st.floats(0, 50)), max_size=40))
def test_waiting_as_long_as_told_is_enough(spendings):
    clock = Clock()
    budget = Budget(seconds=20, refill=0.25, clock=clock)
    for client, seconds, pause in spendings:
        clock.now += pause
        budget.spend(client, seconds)
        clock.now += budget.wait(client) + 1e-6
        assert budget.wait(client) == 0


def test_only_so_many_clients_are_remembered():
    budget = Budget(seconds=1, refill=1, clock=Clock())
    budget.spend("first", 50)
    for number in range(KNOWN):
        budget.spend(str(number), 0.1)
    assert budget.wait("first") == 0


def test_who_asks_too_much_is_told_when_to_come_back_and_pages_stay_open(released):
    with serving(released, "--time-limit", "1", KG_BUDGET="0.5", KG_REFILL="0.01",
                 KG_TRUSTED_PROXY="127.0.0.1") as (site, _):
        kept = "/sparql?" + urlencode({"query": "ASK { ?s ?p ?o }"})
        assert fetch(site, kept).status == 200
        assert ask(site, LONG).status == 504
        refused = ask(site, "ASK {}")
        assert (refused.status, refused.json["status"]) == (429, 429)
        assert 30 <= int(refused.headers["retry-after"]) <= 120
        assert "0.5 s of query time" in refused.json["detail"]
        assert refused.headers["access-control-allow-origin"] == "*"
        for path in ("/", "/page/state/RUS", "/data/state/RUS.ttl", "/sparql", kept):  # what is kept costs nothing
            assert fetch(site, path).status == 200
        other = fetch(site, "/sparql?" + urlencode({"query": "ASK { }"}), headers={"X-Forwarded-For": "192.0.2.7"})
        assert other.status == 200


def test_a_client_cannot_say_that_it_is_another(released):
    with serving(released, "--time-limit", "1", KG_BUDGET="0.5", KG_REFILL="0.01") as (site, _):
        assert ask(site, LONG).status == 504
        path = "/sparql?" + urlencode({"query": "ASK { }"})
        for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP"):
            value = "for=192.0.2.7" if name == "Forwarded" else "192.0.2.7"
            assert fetch(site, path, headers={name: value}).status == 429
