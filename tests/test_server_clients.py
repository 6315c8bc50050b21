"""Programs that others wrote, as clients: rapper, curl and Comunica.

rapper is in Debian's raptor2-utils; Comunica comes with `npm install --prefix tests/comunica`, or is on the path.
SPARQLWrapper, rdflib and signposting are tried in the modules about the protocol, entities and metadata.
"""

import json
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from tests.server_release import fetch, serving, write_release

RAPPER, CURL = shutil.which("rapper"), shutil.which("curl")
LOCAL = Path(__file__).parent / "comunica" / "node_modules" / ".bin" / "comunica-sparql"
COMUNICA = str(LOCAL) if LOCAL.exists() else shutil.which("comunica-sparql")
AGREEMENT = "id/agreement/871007b8ba97c362-1597"


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Serve a release whose base IRI is the address of the server itself, so that clients can follow IRIs."""
    directory = tmp_path_factory.mktemp("local")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    write_release(directory, base=f"http://127.0.0.1:{port}/")
    with serving(directory, "--port", str(port), "--workers", "1") as (address, _):
        yield address


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(RAPPER is None, reason="rapper is not installed (raptor2-utils)")
@pytest.mark.parametrize("path", ["id/state/RUS", AGREEMENT, "id/article/5e900040bec38a6c", "ns", "ns/stance",
                                  "catalog", ".well-known/void", "graph/registry"])
def test_rapper_reads_what_an_iri_leads_to(local, path):
    lines = run(RAPPER, "-q", "-g", "-o", "ntriples", local + path).splitlines()
    assert len(lines) > 10
    assert any(line.startswith(f"<{local}") for line in lines)


@pytest.mark.skipif(RAPPER is None, reason="rapper is not installed (raptor2-utils)")
@pytest.mark.parametrize(("suffix", "syntax"), [("ttl", "turtle"), ("nt", "ntriples"), ("rdf", "rdfxml"),
                                                ("nq", "nquads"), ("trig", "trig")])
@pytest.mark.parametrize("thing", ["agreement/871007b8ba97c362-1597", "person/Ким", "org/a%2Fb", "group/odd"])
def test_rapper_reads_the_same_number_of_triples_in_every_syntax(local, tmp_path, thing, suffix, syntax):
    def count(suffix, syntax):
        file = tmp_path / f"thing.{suffix}"
        file.write_bytes(fetch(local, f"/data/{thing.replace('Ким', '%D0%9A%D0%B8%D0%BC')}.{suffix}").body)
        return len(set(run(RAPPER, "-q", "-i", syntax, "-o", "ntriples", str(file), local).splitlines()))

    assert count(suffix, syntax) == count("nt", "ntriples") > 2


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
def test_curl_goes_on_with_a_dump_that_broke_off(local, tmp_path):
    whole = fetch(local, "/dumps/dump.nq.gz").body
    file = tmp_path / "dump.nq.gz"
    file.write_bytes(whole[:1000])
    run(CURL, "-sSf", "-C", "-", "-o", str(file), f"{local}dumps/dump.nq.gz")
    assert file.read_bytes() == whole


@pytest.mark.skipif(CURL is None, reason="curl is not installed")
def test_curl_sends_a_query_from_its_command_line(local):
    query = f"SELECT ?s {{ ?s a <{local}ns#Agreement> }} ORDER BY ?s"
    assert "871007b8ba97c362-1597" in run(CURL, "-sSf", f"{local}sparql", "--data-urlencode", f"query={query}")
    compressed = run(CURL, "-sSf", "--compressed", "-G", f"{local}sparql", "-H", "Accept: text/csv",
                     "--data-urlencode", "query=SELECT * { ?s ?p ?o } LIMIT 200")
    assert compressed.count("\n") >= 201


@pytest.mark.skipif(COMUNICA is None, reason="Comunica is not installed (npm install --prefix tests/comunica)")
@pytest.mark.parametrize("source", ["sparql@{0}sparql", "{0}" + AGREEMENT,
                                    "{0}data/agreement/871007b8ba97c362-1597.ttl"])
def test_comunica_answers_from_the_endpoint_and_from_linked_data(local, source):
    query = (f"PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
             f"SELECT ?label {{ <{local}{AGREEMENT}> <{local}ns#party> ?p . ?p rdfs:label ?label }}")
    found = json.loads(run(COMUNICA, source.format(local), query, "-t", "application/sparql-results+json"))
    assert {row["label"]["value"] for row in found["results"]["bindings"]} == {"Russia", "North Korea"}
