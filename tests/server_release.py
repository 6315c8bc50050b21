"""A release of the golden graphs, made without the pipeline, and a server that publishes it on a free port."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from rdflib import RDF, Graph, Literal, URIRef

from kg.release import Draft, Release
from kg.store import n_quads
from kg.vocabulary import Vocabulary

BASE = "https://example.org/"
GOLDEN = Path(__file__).parent / "golden"
SHARED = {"graph/ontology": "asa.ttl", "graph/vocabulary": "schemes.ttl", "graph/registry": "actors.ttl"}


def golden_graphs(base: str) -> Iterator[tuple[str, Graph]]:
    """Yield the named graphs of a small release: each triple of the golden files in exactly one of them."""
    vocabulary = Vocabulary(base=base)
    seen: set[object] = set()
    for name, file in SHARED.items():
        graph = vocabulary.graph(file)
        seen |= set(graph)
        yield name, graph
    rest = {"graph/propositions": Graph(), "graph/actors": Graph()}
    for path in sorted(GOLDEN.glob("seed-*.ttl")):
        text = path.read_text(encoding="utf-8").replace("<https://example.org/", f"<{base}")
        graph = Graph().parse(data=text, format="turtle")
        [article] = graph.subjects(RDF.type, vocabulary.asa.Article)
        key = str(article).rsplit("/", 1)[-1]
        own = Graph()
        for triple in set(graph) - seen:
            subject = str(triple[0])
            if key in subject:
                own.add(triple)
            else:
                rest["graph/propositions" if "/id/proposition/" in subject else "graph/actors"].add(triple)
        seen |= set(graph)
        yield f"graph/article/{key}", own
    yield from rest.items()


@cache
def golden_lines() -> tuple[bytes, ...]:
    """Return the golden graphs as N-Quads."""
    return tuple(line for name, graph in golden_graphs(BASE) for line in n_quads(graph, name=BASE + name))


def extra_graph(base: str, *, note: str = "", busy: int = 300) -> Graph:
    """Return things with hostile names, and one with many links to it."""
    graph = Graph().parse(format="turtle", data=f"""
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix asa: <{base}ns#> .
        <{base}id/person/n.o%27brien.aaaaaa> a asa:Person ; rdfs:label "O'Brien <script>alert(1)</script>"@en .
        <{base}id/person/Ким> a asa:Person ; rdfs:label "Ким Чен Ын"@ru .
        <{base}id/org/a%2Fb> a asa:Organization ; rdfs:label "A/B \\"quoted\\" & co"@en .
        <{base}id/group/busy> a asa:ActorGroup ; rdfs:label "busy people"@en .
        <{base}id/group/odd> a asa:ActorGroup ; rdfs:label "bell\\u0007 return\\r end"@en ;
            rdfs:seeAlso <javascript:alert(1)>, <urn:x:y> .
    """)
    for number in range(busy):
        statement = URIRef(f"{base}id/statement/0000000000000000-{number}")
        graph.add((statement, RDF.type, URIRef(f"{base}ns#Statement")))
        graph.add((statement, URIRef(f"{base}ns#speaker"), URIRef(f"{base}id/group/busy")))
        graph.add((statement, URIRef(f"{base}ns#gist"), Literal(f"thing {number} {note}")))
    return graph


def used_lines() -> Iterator[bytes]:
    """Yield the golden graphs without what the registry tells of things that no article takes up."""
    registry = f" <{BASE}graph/registry> .".encode()
    told = b"".join(line for line in golden_lines() if registry not in line)
    names = {line.split(b" ", 1)[0] for line in golden_lines() if registry in line}
    used = {name for name in names if name in told}
    yield from (line for line in golden_lines() if registry not in line or line.split(b" ", 1)[0] in used)


def write_release(directory: Path, *, base: str = BASE, note: str = "", whole: bool = True, busy: int = 300) -> Release:
    """Write a release below a directory, let its pointer name it, and return it; another note, another release.

    Not `whole`, it lacks what the registry tells of things that no article takes up.
    """
    with Draft(directory, base=base) as draft:
        lines = golden_lines() if whole else used_lines()
        draft.add(line.replace(b"<" + BASE.encode(), b"<" + base.encode()) for line in lines)
        draft.add(n_quads(extra_graph(base, note=note, busy=busy), name=f"{base}graph/article/extra"))
        release, _ = draft.seal(draft.gather(), version="test")
    return release


SERVE = "from server.cli import serve; serve()"


@contextmanager
def serving(directory: Path, *options: str, program: str = SERVE,
            **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Run `kg serve` on a free port, and give its address and the process."""
    command = [sys.executable, "-c", program, str(directory), *options]
    if "--port" not in options:
        command += ["--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment}) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://\S+/", line)
            assert found, f"the server did not start: {line!r}"
            yield found.group(), process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=20)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type of the answer."""
        return self.headers.get("content-type", "").split(";")[0]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


def fetch(site: str, path: str, *, method: str = "GET", body: bytes | None = None, timeout: float = 30,
          headers: Mapping[str, str] | None = None) -> Reply:
    """Send one request with just these headers, and return the answer; redirects are not followed."""
    address = urlsplit(site)
    connection = HTTPConnection(address.hostname or "", address.port, timeout=timeout)
    has_host = any(name.casefold() == "host" for name in headers or {})
    try:
        connection.putrequest(method, address.path.rstrip("/") + path, skip_accept_encoding=True, skip_host=has_host)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None and "Transfer-Encoding" not in (headers or {}):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return Reply(response.status, {name.casefold(): value for name, value in response.getheaders()},
                     response.read())
    finally:
        connection.close()


def ask(site: str, query: str, *, accept: str = "", timeout: float = 30, address: str = "",
        **parameters: str) -> Reply:
    """Send a query by POST, and return the answer; `address` is what a proxy would tell of the client."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"Accept": accept} if accept else {})
    headers |= {"X-Forwarded-For": address} if address else {}
    return fetch(site, "/sparql", method="POST", headers=headers, timeout=timeout,
                 body=urlencode({"query": query, **parameters}).encode())


def memory(pid: int) -> float:
    """Return the resident MiB of a process, 0 when it has ended."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def children(pid: int) -> list[int]:
    """Return the children of a process."""
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def wait_for(condition: Callable[[], bool], *, seconds: float = 10.0) -> None:
    """Wait until something is so, and fail when it does not come in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
