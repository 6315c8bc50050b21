"""CPU time per request of our server and of `oxigraph serve` over the same release, measured in one run.

    python -m benchmarks.http data/ --requests 500

Wall times of a busy machine mean little: what counts is the CPU time of each server's processes, and the ratio of the
two. `oxigraph` (a separate program: `pip install oxigraph`) is left out with a line that says so when it is missing.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

from kg.release import Release, open_release

WARM_UP = 20
PREFIXES = "PREFIX asa: <{base}ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
QUERIES = {
    "small query": PREFIXES + "SELECT ?label {{ <{base}id/state/RUS> rdfs:label ?label }}",
    "page query": PREFIXES + "SELECT * {{ ?s asa:speaker ?a ; asa:stance ?x ; asa:gist ?g . ?a rdfs:label ?l "
                             "OPTIONAL {{ ?s asa:earliest ?d }} }} LIMIT 20",
    "article graph": "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{article}> {{ ?s ?p ?o }} }}",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its name, process and port."""

    name: str
    process: subprocess.Popen[bytes]
    port: int

    def cpu(self) -> float:
        """Return the CPU seconds that the server and its children have used, threads that ended included."""
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True,
                                  check=False).stdout.split()
        ticks = 0
        for pid in (str(self.process.pid), *children):
            columns = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += int(columns[11]) + int(columns[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def measure(self, paths: Iterator[str], *, accept: str, requests: int) -> float:
        """Return the CPU microseconds per request, over one connection."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        before = 0.0
        for number in range(requests + WARM_UP):
            if number == WARM_UP:
                before = self.cpu()
            connection.request("GET", next(paths), headers={"Accept": accept})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise SystemExit(f"{self.name}: HTTP {response.status}: {body[:200]!r}")
        connection.close()
        return (self.cpu() - before) / requests * 1e6


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(name: str, command: list[str], port: int) -> Iterator[Server]:
    """Run a server until it answers, and end it afterwards."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(200):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.05)
            yield Server(name, process, port)
        finally:
            process.terminate()


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
    found: dict[str, dict[str, float]] = {}
    article = article_of(release)
    key = article.rsplit("/", 1)[-1]
    queries = {name: text.format(base=release.base, article=article) for name, text in QUERIES.items()}
    port = free_port()
    ours = [sys.executable, "-c", "from server.cli import serve; serve()", str(release.path), "--port", str(port)]
    with running("communique", ours, port) as server:
        for name, query in queries.items():
            accept = "application/n-triples" if name == "article graph" else "application/sparql-results+json"
            found[name] = {
                "ours": server.measure(fresh(query, "/sparql?query="), accept=accept, requests=requests),
                "ours, asked again": server.measure(same("/sparql?query=" + quote(query)), accept=accept,
                                                    requests=requests),
            }
        found["article graph"]["ours, /data/"] = server.measure(
            same(f"/data/article/{key}.nt"), accept="*/*", requests=requests)
        found["hello"] = {"ours": server.measure(same("/healthz"), accept="*/*", requests=requests)}
    program = shutil.which("oxigraph")
    if program is None:
        print("oxigraph: not installed, no comparison (pip install oxigraph)", file=sys.stderr)
        return found
    port = free_port()
    theirs = [program, "serve-read-only", "--location", str(release.store_path), "--bind", f"127.0.0.1:{port}"]
    with running("oxigraph", theirs, port) as server:
        for name, query in queries.items():
            accept = "application/n-triples" if name == "article graph" else "application/sparql-results+json"
            path = "/query?union-default-graph&query="
            found[name]["oxigraph"] = server.measure(fresh(query, path), accept=accept, requests=requests)
    return found


def main() -> None:
    """Print CPU per request and the ratios to oxigraph, or everything as JSON."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    found = measure_all(open_release(arguments.directory), requests=arguments.requests)
    if arguments.json:
        print(json.dumps(found))
        return
    for name, times in found.items():
        for who, spent in times.items():
            base = times.get("oxigraph")
            ratio = f"{spent / base:8.2f} x oxigraph" if base and re.match("ours", who) else ""
            print(f"{name:15} {who:20} {spent:8.0f} µs {ratio}")


if __name__ == "__main__":
    main()
