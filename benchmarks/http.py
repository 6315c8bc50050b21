"""CPU time per request of our server and of others over the same release, measured in one run.

    python -m benchmarks.http data/ --requests 500

Wall times of a busy machine mean little: what counts is the CPU time of each server's processes, and the ratio to
`oxigraph serve`. Each peer (see benchmarks/peers.py) that is not installed is left out with a line that says so.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks.peers import PEERS, free_port, running
from kg.release import Release, open_release

TABLE, GRAPH = "application/sparql-results+json", "application/n-triples, text/turtle;q=0.9"
PREFIXES = "PREFIX asa: <{base}ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
QUERIES = {
    "small query": (TABLE, PREFIXES + "SELECT ?label {{ <{base}id/state/RUS> rdfs:label ?label }}"),
    "page query": (TABLE, PREFIXES + "SELECT * {{ ?s asa:speaker ?a ; asa:stance ?x ; asa:gist ?g . "
                                     "?a rdfs:label ?l OPTIONAL {{ ?s asa:earliest ?d }} }} LIMIT 20"),
    "article graph": (GRAPH, "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{article}> {{ ?s ?p ?o }} }}"),
}
BASELINE = "oxigraph"
GOALS = {  # most times the CPU of the baseline
    ("small query", "ours, cold"): 6.0, ("page query", "ours, warm"): 0.5, ("article graph", "ours, warm"): 0.5,
    ("article graph", "ours, /data/"): 0.5,
}


def fresh(query: str, path: str) -> Iterator[str]:
    """Yield requests that differ each time, so that no kept answer helps."""
    number = 0
    while True:
        number += 1
        yield path + quote(f"{query} # {os.getpid()}.{number}")


def same(path: str) -> Iterator[str]:
    """Yield one request for ever."""
    while True:
        yield path


def article_of(release: Release) -> str:
    """Return the named graph of an article."""
    if release.sources:
        return f"{release.base}graph/article/{release.sources[0].key}"
    raise SystemExit(f"{release.path}: no article to measure with")


def measure_all(release: Release, *, requests: int) -> dict[str, dict[str, float]]:
    """Return CPU microseconds per request, by kind of request and server."""
    found: dict[str, dict[str, float]] = {name: {} for name in QUERIES}
    article = article_of(release)
    key = article.rsplit("/", 1)[-1]
    queries = {name: (accept, text.format(base=release.base, article=article))
               for name, (accept, text) in QUERIES.items()}
    port = free_port()
    ours = [sys.executable, "-c", "from server.cli import serve; serve()", str(release.path), "--port", str(port)]
    os.environ["KG_BUDGET"] = "0"
    with running("communique", ours, port, "/sparql?query=") as server:
        for name, (accept, query) in queries.items():
            for kind, paths in (("cold", fresh(query, server.path)), ("warm", same(server.path + quote(query)))):
                found[name][f"ours, {kind}"] = server.measure(paths, accept=accept, requests=requests)
        found["article graph"]["ours, /data/"] = server.measure(
            same(f"/data/article/{key}.nt"), accept="*/*", requests=requests)
        found["hello"] = {"ours": server.measure(same("/healthz"), accept="*/*", requests=requests)}
    for peer, (program, start, install) in PEERS.items():
        if shutil.which(program) is None:
            print(f"{peer}: not installed, no comparison ({install})", file=sys.stderr)
            continue
        with start(release) as server:
            for name, (accept, query) in queries.items():
                found[name][peer] = server.measure(fresh(query, server.path), accept=accept, requests=requests)
    return found


def lines(found: dict[str, dict[str, float]]) -> Iterator[str]:
    """Yield one line per measurement: the ratio to the baseline, and whether ours reaches its goal.

    >>> print(*lines({"small query": {"ours, cold": 500, "oxigraph": 100, "Virtuoso": 400}}), sep="\\n")
    small query     ours, cold              500 µs     5.00 x  goal 6.0 reached, but more than Virtuoso
    small query     oxigraph                100 µs     1.00 x
    small query     Virtuoso                400 µs     4.00 x
    """
    for name, times in found.items():
        base = times.get(BASELINE)
        for who, spent in times.items():
            line = f"{name:15} {who:18} {spent:8.0f} µs"
            if base:
                line += f" {spent / base:8.2f} x"
                goal = GOALS.get((name, who))
                if goal is not None:
                    line += f"  goal {goal} {'reached' if spent <= goal * base else 'missed'}"
            if who.startswith("ours"):
                dearer = [peer for peer in PEERS if peer != BASELINE and times.get(peer, spent) < spent]
                line += f"{', but' if base else ' '} more than {' and '.join(dearer)}" if dearer else ""
            yield line


def main() -> None:
    """Print CPU per request beside that of others, or everything as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure_all(open_release(arguments.directory), requests=arguments.requests)
    if arguments.json:
        print(json.dumps(found))
        return
    for line in lines(found):
        print(line)


if __name__ == "__main__":
    main()
