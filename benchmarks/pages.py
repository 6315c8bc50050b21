"""CPU time of the first request for each kind of page, over a made-up release in which few actors say most.

    python -m benchmarks.pages --articles 5000
    python -m benchmarks.pages --articles 100000 --kept /tmp/made-up     # half an hour; a second run takes a minute

Speakers and propositions follow Zipf's law, so that one actor is a hub. Only first requests are measured: what a page
shows is kept afterwards, as a release never changes. CPU counts the server and its query workers; templates are
compiled before, by pages of other things, save that of the first page.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.peers import Server, free_port, running
from kg.release import Draft, Release, open_release
from kg.store import n_quads
from kg.vocabulary import Vocabulary

BASE = "https://example.org/"
STATEMENTS = 10  # of one article
OFFICES = 200  # of one state; each article proves that somebody holds one of them
ORG = "http://www.w3.org/ns/org#"
SCHEMA, RDFS, OA = "https://schema.org/", "http://www.w3.org/2000/01/rdf-schema#", "http://www.w3.org/ns/oa#"
RDF_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DATE = "<http://www.w3.org/2001/XMLSchema#date>"
PAGES = {
    "first page": "", "hub actor": "page/person/p0", "hub actor, page 9": "page/person/p0?said=9",
    "hub actor, one stance": "page/person/p0?stance=denies", "rare actor": "page/person/p900",
    "state with many offices": "page/state/s0",
    "statement": "page/statement/{key}-40", "hub proposition": "page/proposition/{hub}",
    "rare proposition": "page/proposition/{rare}", "article": "page/article/{key}", "outlet": "page/org/outlet",
    "explore": "explore", "explore, one stance": "explore?stance=denies",
    "explore, two filters": "explore?stance=denies&actor=id/person/p0",
    "explore, one year": "explore?from=2024-01-01&until=2024-12-31", "explore, over time": "explore?view=timeline",
    "matrix": "explore?view=matrix", "network of the hub": "explore?view=network&actor=id/person/p0",
    "feed": "feed/statements.atom", "search": "search?q=person+12", "suggestions": "api/search?q=person+12",
    "ontology": "ns", "query": "sparql",
}


WARM = ("healthz", "page/person/p7", "explore?stance=asserts", "explore?view=matrix&stance=asserts", "search?q=nobody",
        "ns/stance")


def iri(path: str) -> str:
    """Return one of our IRIs as N-Quads write it."""
    return f"<{BASE}{path}>"


def proposition(number: int) -> str:
    """Return the path of a made-up proposition."""
    return f"id/proposition/{number:020x}"


def lines(articles: int, *, seed: int = 7) -> Iterator[bytes]:
    """Yield made-up articles as N-Quads."""
    draw = random.Random(seed)
    people, claims = 1000, 2000
    rank = [1 / (number + 1) for number in range(claims)]

    def quad(subject: str, predicate: str, value: str, graph: str) -> bytes:
        return f"{iri(subject)} {predicate} {value} {iri(graph)} .\n".encode()

    def text(words: str) -> str:
        return f'"{words}"'

    yield quad("id/org/outlet", RDF_TYPE, iri("ns#Organization"), "graph/actors")
    yield quad("id/org/outlet", f"<{RDFS}label>", text("Outlet"), "graph/actors")
    yield quad("id/state/s0", RDF_TYPE, iri("ns#State"), "graph/registry")
    yield quad("id/state/s0", f"<{RDFS}label>", text("State"), "graph/registry")
    for number in range(OFFICES):
        yield quad(f"id/office/o{number}", RDF_TYPE, iri("ns#Office"), "graph/registry")
        yield quad(f"id/office/o{number}", f"<{RDFS}label>", text(f"Office {number}"), "graph/registry")
        yield quad(f"id/office/o{number}", iri("ns#affiliation"), iri("id/state/s0"), "graph/registry")
    for number in range(people):
        yield quad(f"id/person/p{number}", RDF_TYPE, iri("ns#Person"), "graph/actors")
        yield quad(f"id/person/p{number}", f"<{RDFS}label>", text(f"Person {number}"), "graph/actors")
    for number in range(claims):
        name = proposition(number)
        yield quad(name, RDF_TYPE, iri("ns#Proposition"), "graph/propositions")
        yield quad(name, f"<{RDFS}label>", text(f"claim {number}"), "graph/propositions")
        yield quad(name, iri("ns#act"), iri("ns/act#supply-arms"), "graph/propositions")
        yield quad(name, iri("ns#agent"), iri(f"id/person/p{draw.randrange(people)}"), "graph/propositions")
        yield quad(name, iri("ns#target"), iri(f"id/person/p{draw.randrange(people)}"), "graph/propositions")
    for number in range(articles):
        key, graph = f"{number:016x}", f"graph/article/{number:016x}"
        article = f"id/article/{key}"
        day = f"20{10 + number % 20:02}-{1 + number % 12:02}-{1 + number % 28:02}"
        yield quad(article, RDF_TYPE, iri("ns#Article"), graph)
        yield quad(article, f"<{SCHEMA}datePublished>", f'"{day}"^^{DATE}', graph)
        yield quad(article, f"<{SCHEMA}publisher>", iri("id/org/outlet"), graph)
        yield quad(article, f"<{SCHEMA}headline>", text(f"Headline {number}"), graph)
        tenure, office = f"id/tenure/{key}-0", f"id/office/o{number % OFFICES}"
        yield quad(tenure, RDF_TYPE, iri("ns#Tenure"), graph)
        for predicate, value in (
            (iri("ns#office"), iri(office)), (f"<{ORG}member>", iri(f"id/person/p{number % people}")),
            (iri("ns#asOf"), f'"{day}"^^{DATE}'), (iri("ns#inArticle"), iri(article)),
        ):
            yield quad(tenure, predicate, value, graph)
        speakers = draw.choices(range(people), rank[:people], k=STATEMENTS)
        for place, (speaker, claim) in enumerate(zip(speakers, draw.choices(range(claims), rank, k=STATEMENTS),
                                                     strict=True)):
            start = place * 40
            statement, denial = f"id/statement/{key}-{start}", draw.random() < 0.06
            yield quad(statement, RDF_TYPE, iri("ns#Statement"), graph)
            for name, value in (
                ("speaker", f"id/person/p{speaker}"), ("content", proposition(claim)), ("inArticle", article),
                ("stance", f"ns/stance#{'denies' if denial else 'asserts'}"),
                ("cue", f"{article}#m-{start}-{start + 4}"),
                ("polarity", f"ns/polarity#{'negative' if denial else 'positive'}"), ("mode", "ns/mode#indirect"),
                ("evidence", f"{article}#m-{start}-{start + 40}"), ("certainty", "ns/certainty#certain"),
            ):
                yield quad(statement, iri(f"ns#{name}"), iri(value), graph)
            yield quad(statement, iri("ns#gist"), text(f"words {number} {place}"), graph)
            for end in (4, 40):
                mention, selector = f"{article}#m-{start}-{start + end}", f"{article}#char={start},{start + end}"
                yield quad(mention, RDF_TYPE, iri("ns#Mention"), graph)
                yield quad(mention, f"<{OA}hasSource>", iri(article), graph)
                yield quad(mention, f"<{OA}hasSelector>", iri(selector), graph)
                yield quad(selector, f"<{OA}exact>", text("said" + "x" * (end - 4)), graph)


def make(directory: Path, *, articles: int) -> Release:
    """Write a release of made-up articles."""
    vocabulary = Vocabulary(base=BASE)
    with Draft(directory, base=BASE) as draft:
        for name, file in (("ontology", "asa.ttl"), ("vocabulary", "schemes.ttl")):
            draft.add(n_quads(vocabulary.graph(file), name=f"{BASE}graph/{name}"))
        draft.add(lines(articles))
        release, _ = draft.seal(draft.gather(), version="benchmark")
    return release


def measure(server: Server) -> Iterator[tuple[str, float, int]]:
    """Yield kind of page, CPU milliseconds of its first request, and its bytes."""
    key = f"{5:016x}"
    names = {"key": key, "hub": proposition(0).rpartition("/")[2], "rare": proposition(1900).rpartition("/")[2]}
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    for path in (*WARM, f"page/statement/{7:016x}-0", f"page/article/{7:016x}", f"page{proposition(7)[2:]}"):
        connection.request("GET", f"/{path}", headers={"Accept": "text/html"})
        connection.getresponse().read()
    for kind, path in PAGES.items():
        before = server.cpu()
        connection.request("GET", "/" + path.format(**names), headers={"Accept": "text/html"})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{path}: HTTP {response.status}: {body[:200]!r}")
        yield kind, (server.cpu() - before) * 1000, len(body)
    connection.close()


def main() -> None:
    """Print CPU milliseconds for each kind of page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--kept", type=Path, help="directory of a made-up release, made there when it is not yet")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        scratch = str(arguments.kept or directory)
        if (Path(scratch) / "current").exists():
            release = open_release(Path(scratch) / "current")
        else:
            release = make(Path(scratch), articles=arguments.articles)
        print(f"{release.counts['statements']:,} statements, {release.counts['triples']:,} triples")
        port = free_port()
        command = [sys.executable, "-c", "from server.cli import serve; serve()", scratch, "--port", str(port)]
        with running("communique", command, port, "/") as server:
            for kind, milliseconds, size in measure(server):
                print(f"{kind:24} {milliseconds:8.1f} ms {size:9,} bytes")


if __name__ == "__main__":
    main()
