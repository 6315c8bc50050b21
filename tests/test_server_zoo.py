"""All of the zoo against one server, many at a time, while another client asks small things."""

import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.server_release import ask, children, fetch, memory, serving, wait_for
from tests.server_zoo import EXPRESSIONS, LONG_LISTS, MEGABYTES, NESTED, PATHS, PRODUCTS, SORTS, STRINGS, ZOO

SECONDS, AT_ONCE = 0.5, 3
GRACE = 1.0
TREE = 1536  # MiB
HOSTILE, OTHER = "192.0.2.66", "192.0.2.1"
PLAIN = {200: "", 400: "", 413: "", 422: "MiB of memory", 504: "0.5 s"}


def test_the_zoo_has_many_animals_of_each_kind():
    kinds = (PRODUCTS, SORTS, NESTED, LONG_LISTS, STRINGS, PATHS, EXPRESSIONS, MEGABYTES)
    assert min(map(len, kinds)) >= 6
    assert sum(map(len, kinds)) == len(ZOO) >= 80


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory from /proc")
def test_every_runaway_ends_in_time_and_nobody_else_feels_it(released):
    def run(name):
        body = urlencode({"query": ZOO[name]}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": HOSTILE}
        while True:
            start = time.monotonic()
            reply = fetch(site, "/sparql", method="POST", headers=headers, body=body)
            if reply.status != 503:  # all workers were busy
                return name, reply, time.monotonic() - start

    def watch():
        while not over.wait(0.05):
            trees.append(sum(map(memory, (process.pid, *children(process.pid)))))

    def live():
        while not over.wait(0.02):
            start = time.monotonic()
            reply = ask(site, f"SELECT ?label {{ <id/state/RUS> ?p ?label }} # {len(waits)}", address=OTHER)
            waits.append(time.monotonic() - start)
            statuses.add(reply.status)

    options = ("--time-limit", str(SECONDS), "--memory", "256", "--workers", str(AT_ONCE))
    with serving(released, *options, KG_BUDGET="0", KG_TRUSTED_PROXY="127.0.0.1") as (site, process):
        over, trees, waits, statuses = threading.Event(), [], [], set()
        wait_for(lambda: fetch(site, "/readyz").json["workers"] == AT_ONCE + 1)
        calm = sum(map(memory, (process.pid, *children(process.pid))))
        others = [threading.Thread(target=target) for target in (watch, live)]
        for thread in others:
            thread.start()
        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                found = list(pool.map(run, ZOO))
        finally:
            over.set()
            for thread in others:
                thread.join()
        late = {name for name, _, seconds in found if seconds > SECONDS + GRACE}
        late = {name for name in late if run(name)[2] > SECONDS + GRACE}  # once more, alone: the machine may be busy
        wait_for(lambda: sum(map(memory, (process.pid, *children(process.pid)))) < calm + 250)
        wait_for(lambda: fetch(site, "/readyz").json["workers"] == AT_ONCE + 1)
        assert process.poll() is None
    assert late == set()
    for name, reply, _ in found:
        assert reply.status in PLAIN, name
        if reply.status != 200:
            assert PLAIN[reply.status] in reply.json["detail"], (name, reply.text)
            assert reply.json["detail"].count("\n") == 0, name
    assert (max(trees) < TREE, statuses) == (True, {200})
    assert statistics.median(waits) < 0.1
