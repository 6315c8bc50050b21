"""Releases: written whole or not at all, the same for the same contents, and checked when opened."""

import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
from itertools import groupby
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, VOID, Graph, URIRef
from rdflib.compare import isomorphic

import kg.release
from kg.errors import ReleaseError, StoreError
from kg.release import DUMPS, Draft, Source, describe_dataset, open_release, verify_release
from kg.release.runs import blocks_of, merged, read_blocks, write_run
from kg.store import EmbeddedStore, n_quads
from kg.vocabulary import Vocabulary, prefixes

BASE = "https://example.org/"
GOLD = Path(__file__).parent / "golden" / "seed-000.ttl"
SOURCES = (Source(key="5e900040bec38a6c", source="000.txt", sha256="5e" * 32),)


@pytest.fixture(scope="module")
def lines() -> tuple[bytes, ...]:
    vocabulary = Vocabulary(base=BASE)
    return (
        *n_quads(Graph().parse(GOLD), name=f"{BASE}graph/article/5e900040bec38a6c"),
        *n_quads(vocabulary.graph("schemes.ttl"), name=f"{BASE}graph/vocabulary"),
    )


def publish(out: Path, *batches, keep: int = 10) -> tuple[kg.release.Release, bool]:
    with Draft(out, base=BASE) as draft:
        for batch in batches:
            draft.add(batch)
        store = draft.gather()
        return draft.seal(store, report=b"# no results\n", sources=SOURCES, version="0.1.0-test", keep=keep)


def text(number: int) -> bytes:
    return f'<{BASE}id/x> <{BASE}ns#p> "{number}" <{BASE}graph/g> .\n'.encode()


def test_a_release_holds_what_its_manifest_lists(tmp_path, lines):
    release, new = publish(tmp_path / "data", lines)
    assert new
    assert release.path == (tmp_path / "data" / "current").resolve()
    found = {str(path.relative_to(release.path)) for path in release.path.rglob("*") if path.is_file()}
    assert found == {*release.files, "manifest.json"}
    assert {name for name in release.files if "/" not in name} == {*DUMPS, "void.ttl", "shacl-report.ttl"}
    assert dict(release.counts) == {"triples": len(lines), "articles": 1, "statements": 17, "agreements": 1,
                                    "propositions": 14, "actors": 15, "contradictions": 0, "corroborations": 0,
                                    "same agreements": 0}
    assert (release.base, release.sources, release.version) == (BASE, SOURCES, "0.1.0-test")
    assert EmbeddedStore(release.store_path, read_only=True).count() == len(lines)


def test_the_same_contents_give_the_same_release_to_the_byte(tmp_path, lines):
    one, _ = publish(tmp_path / "one", lines)
    two, _ = publish(tmp_path / "two", lines[1::2], reversed(lines[::2]), lines[:50])
    assert one.id == two.id
    for name in (*DUMPS, "void.ttl"):
        assert (one.path / name).read_bytes() == (two.path / name).read_bytes()


def test_what_is_published_already_is_not_written_again(tmp_path, lines):
    first, _ = publish(tmp_path, lines)
    written = {path: path.stat().st_mtime_ns for path in first.path.rglob("*")}
    second, new = publish(tmp_path, lines)
    assert not new
    assert second == first
    assert {path: path.stat().st_mtime_ns for path in first.path.rglob("*")} == written


def test_the_pointer_moves_on_and_back(tmp_path, lines):
    first, _ = publish(tmp_path, lines)
    second, new = publish(tmp_path, lines, [text(1)])
    assert new
    assert first.id != second.id
    assert open_release(tmp_path).id == second.id
    assert open_release(first.path) == first
    assert publish(tmp_path, lines) == (first, True)
    assert open_release(tmp_path).id == first.id


def test_dumps_and_store_hold_the_same_quads(tmp_path, lines):
    release, _ = publish(tmp_path, lines)
    stored = io.BytesIO()
    trig = pyoxigraph.parse(gzip.decompress((release.path / "dump.trig.gz").read_bytes()), pyoxigraph.RdfFormat.TRIG)
    plain = gzip.decompress((release.path / "dump.nq.gz").read_bytes())
    EmbeddedStore(release.store_path, read_only=True).dump(stored)
    assert set(plain.splitlines(keepends=True)) == set(lines)
    assert sorted(stored.getvalue().splitlines()) == sorted(plain.splitlines())
    assert {f"{quad} .\n".encode() for quad in trig} == set(lines)
    turtle = gzip.decompress((release.path / "dump.ttl.gz").read_bytes()).decode()
    union = Graph().parse(data=b"".join(line.rsplit(b" ", 2)[0] + b" .\n" for line in lines), format="nt")
    assert isomorphic(Graph().parse(data=turtle, format="turtle"), union)
    assert "asa:speaker person:jung-pak" in turtle


def test_the_dump_is_sorted_by_graph(tmp_path, lines):
    release, _ = publish(tmp_path, lines)
    graphs = [line.split()[-2] for line in gzip.decompress((release.path / "dump.nq.gz").read_bytes()).splitlines()]
    assert [name for name, _ in groupby(graphs)] == sorted(set(graphs))


def test_many_runs_are_merged_as_one(tmp_path, lines, monkeypatch):
    whole, _ = publish(tmp_path / "whole", lines)
    monkeypatch.setattr(kg.release, "LINES_IN_MEMORY", 50)
    monkeypatch.setattr(kg.release, "RUNS_AT_ONCE", 4)
    pieces, _ = publish(tmp_path / "pieces", *(lines[start : start + 60] for start in range(0, len(lines), 30)))
    assert pieces.id == whole.id


@given(batches=st.lists(st.lists(st.tuples(*[st.sampled_from("abc")] * 3), max_size=8), max_size=6))
def test_runs_are_merged_into_each_line_once_sorted_by_graph(batches, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    given = [[f"<{one}> <{two}> <{graph}> .\n".encode() for one, two, graph in batch] for batch in batches]
    graphs = [[(line.split()[2], [line]) for line in batch] for batch in given]
    runs = []
    for number, lines in enumerate(graphs):
        together: dict[bytes, list[bytes]] = {}
        for graph, [line] in lines:
            together.setdefault(graph, []).append(line)
        runs.append(write_run(folder / str(number), blocks_of(together)))
    whole = write_run(folder / "whole", merged(runs))
    expected = sorted({line for batch in given for line in batch}, key=lambda line: (line.split()[2], line))
    assert whole.path.read_bytes().splitlines(keepends=True) == expected
    assert b"".join(block.content for block in read_blocks(whole)) == b"".join(expected)
    assert [(part.graph, part.lines) for part in whole.parts] == [
        (graph, len(list(lines))) for graph, lines in groupby(expected, key=lambda line: line.split()[2])]


def test_dumps_are_the_same_whatever_is_written_at_once(tmp_path, lines, monkeypatch):
    whole, _ = publish(tmp_path / "whole", lines)
    monkeypatch.setattr(kg.release.dumps, "AT_ONCE", 300)
    pieces, _ = publish(tmp_path / "pieces", lines)
    for name in DUMPS:
        assert (pieces.path / name).read_bytes() == (whole.path / name).read_bytes()


def test_turtle_and_trig_are_what_oxigraph_makes_of_all_lines(tmp_path, lines):
    release, _ = publish(tmp_path, lines)
    plain = gzip.decompress((release.path / "dump.nq.gz").read_bytes())
    quads = tuple(pyoxigraph.parse(plain, pyoxigraph.RdfFormat.N_QUADS))
    shared = prefixes(BASE)
    assert gzip.decompress((release.path / "dump.trig.gz").read_bytes()) == pyoxigraph.serialize(
        quads, format=pyoxigraph.RdfFormat.TRIG, prefixes=shared)
    assert gzip.decompress((release.path / "dump.ttl.gz").read_bytes()) == pyoxigraph.serialize(
        (quad.triple for quad in quads), format=pyoxigraph.RdfFormat.TURTLE, prefixes=shared)


def test_void_says_how_much_there_is_and_where(tmp_path, lines):
    release, _ = publish(tmp_path, lines)
    graph = Graph().parse(release.path / "void.ttl")
    dataset = URIRef(f"{BASE}.well-known/void")
    assert (dataset, RDF.type, VOID.Dataset) in graph
    assert graph.value(dataset, VOID.triples).toPython() == len(lines)
    assert set(graph.objects(dataset, VOID.dataDump)) == {URIRef(f"{BASE}dumps/{name}") for name in DUMPS}
    assert graph.value(dataset, VOID.sparqlEndpoint) == URIRef(f"{BASE}sparql")


@given(st.dictionaries(st.sampled_from(sorted({*kg.release.CLASSES, *kg.release.LINKS})), st.integers(0, 10**9)))
def test_void_parses_whatever_the_counts_are(some):
    counts = dict.fromkeys((*kg.release.CLASSES, *kg.release.LINKS, "triples"), 0) | some
    assert len(Graph().parse(data=describe_dataset(counts, base=BASE), format="turtle")) > 15


DERIVED = f"<{BASE}id/s> <{BASE}ns#contradicts> <{BASE}id/t> <{BASE}graph/links> .\n".encode()


@pytest.mark.parametrize("given", ["whole", "with the derived line"])
def test_what_follows_from_the_store_is_part_of_the_release(given, tmp_path, lines):
    plain, _ = publish(tmp_path / "plain", lines)
    with Draft(tmp_path / "data", base=BASE) as draft:
        draft.add(lines if given == "whole" else [*lines, DERIVED])
        release, _ = draft.seal(draft.gather(derive=lambda store: [DERIVED] if store.count() else []))
    assert release.id != plain.id
    assert release.counts["triples"] == len(lines) + 1
    assert release.counts["contradictions"] == 1
    assert EmbeddedStore(release.store_path, read_only=True).count() == len(lines) + 1
    dump = gzip.decompress((release.path / "dump.nq.gz").read_bytes()).splitlines(keepends=True)
    assert DERIVED in dump
    assert dump == sorted(dump, key=lambda line: (line.rsplit(b" ", 2)[1], line))
    assert verify_release(tmp_path / "data") == release
    [partition] = Graph().parse(release.path / "void.ttl").subjects(VOID.property, URIRef(f"{BASE}ns#contradicts"))
    assert partition


def test_the_newest_releases_stay_and_the_current_one_whatever_its_age(tmp_path, lines):
    numbered = [publish(tmp_path, [text(number)], keep=3)[0] for number in range(5)]
    assert kept(tmp_path) == {release.id for release in numbered[2:]}
    publish(tmp_path, [text(2)], keep=1)
    assert kept(tmp_path) == {numbered[2].id}
    assert verify_release(tmp_path).id == numbered[2].id


def test_of_old_releases_a_damaged_one_goes_first(tmp_path):
    first, second = (publish(tmp_path, [text(number)])[0] for number in range(2))
    (second.path / "manifest.json").write_text("{")
    third, _ = publish(tmp_path, [text(3)], keep=2)
    assert kept(tmp_path) == {first.id, third.id}


def kept(out: Path) -> set[str]:
    return {path.name for path in (out / "releases").iterdir()}


def fail(out: Path) -> None:
    with Draft(out, base=BASE) as draft:
        draft.add([text(1)])
        draft.gather()
        raise ZeroDivisionError


def test_after_an_error_nothing_of_the_draft_stays(tmp_path, lines):
    first, _ = publish(tmp_path, lines)
    with pytest.raises(ZeroDivisionError):
        fail(tmp_path)
    assert open_release(tmp_path) == first
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "current", "releases"]


def test_a_line_that_is_no_quad_publishes_nothing(tmp_path):
    with pytest.raises(StoreError, match="cannot load the quads"):
        publish(tmp_path, [b"<http://a.example/x> says nothing .\n"])
    assert not (tmp_path / "current").exists()


def test_a_literal_that_the_store_would_change_is_refused(tmp_path):
    number = b'<http://a.a/x> <http://a.a/p> "%s"^^<http://www.w3.org/2001/XMLSchema#integer> <http://a.a/g> .\n'
    with pytest.raises(StoreError, match="2 lines became 1 quads"):
        publish(tmp_path, [number % b"1", number % b"01"])


def test_two_builds_do_not_write_at_once(tmp_path):
    with Draft(tmp_path, base=BASE), pytest.raises(ReleaseError, match="another build is writing"), \
            Draft(tmp_path, base=BASE):
        pass


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "data").write_text("not a directory")
    with pytest.raises(ReleaseError, match="data: cannot be written to"), Draft(tmp_path / "data", base=BASE):
        pass


def remove_dump(path: Path) -> None:
    (path / "dump.nq.gz").unlink()


def shorten_dump(path: Path) -> None:
    (path / "dump.nq.gz").write_bytes(b"short")


def break_manifest(path: Path) -> None:
    (path / "manifest.json").write_text("{")


def empty_manifest(path: Path) -> None:
    (path / "manifest.json").write_text("{}")


def strange_manifest(path: Path) -> None:
    (path / "manifest.json").write_text('{"files": [1], "id": 3}')


def remove_manifest(path: Path) -> None:
    (path / "manifest.json").unlink()


def lose_part_of_the_store(path: Path) -> None:
    max((path / "store").iterdir(), key=lambda found: found.stat().st_size).unlink()


@pytest.mark.parametrize(("damage", "words"), [
    (remove_dump, r"dump\.nq\.gz: missing"),
    (shorten_dump, r"dump\.nq\.gz: damaged \(5 bytes instead of \d+\)"),
    (break_manifest, r"manifest\.json: damaged"),
    (empty_manifest, r"manifest\.json: damaged"),
    (strange_manifest, r"manifest\.json: damaged"),
    (remove_manifest, "half-written release"),
    (lose_part_of_the_store, "store/.*: missing"),
])
def test_a_damaged_release_is_refused_in_one_line_and_built_anew(damage, words, tmp_path, lines):
    release, _ = publish(tmp_path, lines)
    damage(release.path)
    for directory in (tmp_path, release.path):
        with pytest.raises(ReleaseError, match=words) as caught:
            open_release(directory)
        assert "\n" not in str(caught.value)
    again, new = publish(tmp_path, lines)
    assert new
    assert verify_release(tmp_path).id == again.id == release.id


@pytest.mark.parametrize(("make", "words"), [
    (lambda path: None, "no such directory"),
    (lambda path: path.mkdir(), "no release here"),
    (lambda path: path.write_text("x"), "no such directory"),
    (lambda path: (path.mkdir(), (path / "current").symlink_to("releases/gone")), "half-written"),
], ids=["missing", "empty", "a file", "a pointer to nothing"])
def test_where_there_is_no_release_the_line_says_how_to_build_one(make, words, tmp_path):
    make(tmp_path / "data")
    with pytest.raises(ReleaseError, match=words) as caught:
        open_release(tmp_path / "data")
    assert "kg build" in str(caught.value)


def test_a_changed_byte_is_found_by_its_checksum_only(tmp_path, lines):
    release, _ = publish(tmp_path, lines)
    content = bytearray((release.path / "dump.ttl.gz").read_bytes())
    content[-20] ^= 1
    (release.path / "dump.ttl.gz").write_bytes(content)
    assert open_release(tmp_path).id == release.id
    with pytest.raises(ReleaseError, match=r"dump\.ttl\.gz: damaged \(its checksum differs\)"):
        verify_release(tmp_path)


def test_a_manifest_that_tells_of_other_contents_is_found(tmp_path, lines):
    release, _ = publish(tmp_path, lines)
    manifest = json.loads((release.path / "manifest.json").read_text())
    manifest["counts"]["triples"] += 1
    (release.path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ReleaseError, match="do not agree"):
        verify_release(tmp_path)


BUILDER = """
import sys
from pathlib import Path
from kg.release import Draft
base = "https://example.org/"
line = '<%sid/%d> <%sns#p> "%d" <%sgraph/%d> .\\n'
with Draft(Path(sys.argv[1]), base=base) as draft:
    print("started", flush=True)
    for number in range(150):
        draft.add([(line % (base, n, base, number, base, n)).encode() for n in range(1000)])
    store = draft.gather()
    print("gathered", flush=True)
    draft.seal(store)
"""


@pytest.mark.parametrize(("kill", "after", "seconds"), [
    (signal.SIGKILL, "started", 0), (signal.SIGKILL, "started", 0.2), (signal.SIGKILL, "gathered", 0),
    (signal.SIGKILL, "gathered", 0.05), (signal.SIGKILL, "gathered", 0.1), (signal.SIGINT, "started", 0.1),
    (signal.SIGINT, "gathered", 0.1),
], ids=str)
def test_a_build_that_is_killed_leaves_the_release_before_it(kill, after, seconds, tmp_path, lines):
    first, _ = publish(tmp_path, lines)
    process = subprocess.Popen([sys.executable, "-c", BUILDER, str(tmp_path)], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    while process.stdout.readline().strip() != after:
        assert process.poll() is None
    time.sleep(seconds)
    process.send_signal(kill)
    process.communicate()
    assert process.returncode != 0
    assert verify_release(tmp_path) == first
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [first.id]
    second, new = publish(tmp_path, [text(2)])
    assert new
    assert verify_release(tmp_path) == second
    assert not (tmp_path / ".draft").exists()


def test_a_reader_lives_on_when_the_pointer_moves_and_its_release_is_removed(tmp_path, lines):
    release, _ = publish(tmp_path, lines)
    store = EmbeddedStore(release.store_path, read_only=True)
    publish(tmp_path, [text(1)])
    for path in sorted(release.path.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else os.unlink(path)
    assert store.count() == len(lines)
