"""What the benchmark of the server prints."""

import doctest

import benchmarks.http
from benchmarks.http import GOALS, lines, measure_all
from benchmarks.peers import PEERS
from kg.release import open_release


def test_the_examples_run():
    assert doctest.testmod(benchmarks.http).failed == 0


def test_each_goal_is_judged_only_beside_the_baseline():
    times = {who: 40.0 for _, who in GOALS}
    found = {name: dict(times) for name, _ in GOALS}
    assert not any("goal" in line for line in lines(found))
    for name in found:
        found[name]["oxigraph"] = 100.0
    assert sum("reached" in line for line in lines(found)) == len(GOALS)


def test_a_peer_that_is_not_installed_is_told_with_the_way_to_install_it(released, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "/usr/bin/nowhere:/bin")
    monkeypatch.setattr("benchmarks.http.article_of", lambda release: f"{release.base}graph/article/5e900040bec38a6c")
    monkeypatch.setattr("shutil.which", lambda _: None)
    found = measure_all(open_release(released), requests=10)
    told = capsys.readouterr().err
    assert all(peer in told and install in told for peer, (_, _, install) in PEERS.items())
    assert {"ours, cold", "ours, warm"} <= set(found["small query"]) == set(found["page query"])
