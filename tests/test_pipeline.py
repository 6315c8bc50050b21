"""Articles in, one release out; a bad article stops no other."""

import gzip
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from functools import cache
from multiprocessing import parent_process
from pathlib import Path

import pytest
from rdflib import Graph

from kg.articles import read_article
from kg.confidence import Calibration
from kg.errors import ArticleError, KgError, OntologyError, ReleaseError
from kg.extraction import Knowledge, extract
from kg.pipeline import Settings, build, validate_file
from kg.pipeline.work import Worker, above
from kg.release import verify_release
from kg.rights import Rights
from kg.store import EmbeddedStore
from kg.validation import SH
from kg.vocabulary import named_queries

ROOT = Path(__file__).parent.parent
SETTINGS = Settings(base="https://news.example/")
TALKS = """\
date 2024-05-07 (ANS)

Foreign Minister Ana Ruiz said on Monday that Chile will sell copper to Peru. "We are close to a deal," she added.

Peru denied the report. The president of Peru warned that the talks could fail.
"""
TREATY = """\
date 2023-11-02

Norway and Sweden sign pact

Norway and Sweden signed a defence agreement in Oslo on Wednesday. Swedish Defence Minister Pal Jonson said the
agreement would make both countries safer.
"""
WEATHER = "date 2022-01-15\n\nHeavy rain fell in the hills. The river rose by two metres.\n"


@cache
def loaded() -> Knowledge:
    return Knowledge.load()


def make(*paths, out, settings=SETTINGS, **options):
    return build(paths, out=out, settings=settings, load=loaded, **options)


@pytest.fixture
def articles(tmp_path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "talks.txt").write_text(TALKS, encoding="utf-8")
    (folder / "treaty.txt").write_text(TREATY, encoding="utf-8")
    return folder


def lines(release) -> list[bytes]:
    return gzip.decompress((release.path / "dump.nq.gz").read_bytes()).splitlines()


def test_articles_become_a_release(articles, tmp_path):
    result = make(articles, out=tmp_path / "data")
    assert [(outcome.source, outcome.status) for outcome in result.outcomes] == [
        ("talks.txt", "published"), ("treaty.txt", "published"),
    ]
    assert result.is_new
    release = verify_release(tmp_path / "data")
    assert release == result.release
    assert release.counts["articles"] == 2
    assert release.counts["statements"] == sum(outcome.statements for outcome in result.outcomes)
    assert {source.source for source in release.sources} == {"talks.txt", "treaty.txt"}
    asked = EmbeddedStore(release.store_path, read_only=True).select(
        "SELECT ?run (COUNT(*) AS ?n) { GRAPH <graph/runs> { ?a <http://www.w3.org/ns/prov#wasGeneratedBy> ?run } } "
        "GROUP BY ?run", base=release.base)
    assert list(asked) == [(f"https://news.example/id/run/{release.version}", "2")]


REPORT = "date 2024-03-0{day}\n\nPresident Vladimir Putin said on Friday that North Korea supplied arms to Russia.\n"
DENIAL = "date 2024-03-0{day}\n\nThe Kremlin denied on Monday that North Korea supplied arms to Russia.\n"


def test_links_between_articles_are_part_of_the_release(tmp_path):
    (tmp_path / "report.txt").write_text(REPORT.format(day=1))
    (tmp_path / "denial.txt").write_text(DENIAL.format(day=4))
    release = make(tmp_path, out=tmp_path / "data").release
    query = dict(named_queries())["q14"]
    [row] = EmbeddedStore(release.store_path, read_only=True).select(query, base=release.base)
    assert (row[0], row[1], row[4], row[5]) == (
        "North Korea: supply-arms -> Russia", "2024-03-04", "2024-03-01", "Vladimir Putin")
    assert release.counts["contradictions"] == 1
    assert sum(b"/graph/links> ." in line for line in lines(release)) == 1
    assert make(tmp_path, out=tmp_path / "data").release == release == verify_release(tmp_path / "data")


def test_a_release_that_loses_most_articles_is_published_only_by_force(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(WEATHER.replace("two", str(number)))
    first = make(folder, out=tmp_path / "data").release
    with pytest.raises(ReleaseError, match=r"has 5 articles, this one would have 2; .* --force"):
        make(folder / "1.txt", folder / "2.txt", out=tmp_path / "data")
    assert verify_release(tmp_path / "data") == first
    assert make(*(folder / f"{number}.txt" for number in range(3)), out=tmp_path / "data").is_new
    assert make(folder / "1.txt", out=tmp_path / "data", force=True, keep=1).release.counts["articles"] == 1
    assert len(list((tmp_path / "data" / "releases").iterdir())) == 1


def test_building_twice_changes_nothing(articles, tmp_path):
    first = make(articles, out=tmp_path / "data")
    again = make(articles, out=tmp_path / "data")
    assert (again.release, again.is_new) == (first.release, False)
    assert {outcome.status for outcome in again.outcomes} == {"reused"}


def test_another_machine_builds_the_same_bytes(articles, tmp_path):
    one = make(articles, out=tmp_path / "one").release
    two = make(articles / "treaty.txt", articles / "talks.txt", out=tmp_path / "two").release
    assert one.id == two.id
    assert (one.path / "dump.ttl.gz").read_bytes() == (two.path / "dump.ttl.gz").read_bytes()


def test_processes_build_what_one_process_builds(articles, tmp_path):
    for number in range(12):
        (articles / f"more{number}.txt").write_text(WEATHER.replace("two", str(number)))
    (articles / "empty.txt").write_text("")
    alone = make(articles, out=tmp_path / "alone")
    together = make(articles, out=tmp_path / "together", jobs=2)
    assert together.outcomes == alone.outcomes
    assert together.release.id == alone.release.id


def dying() -> Knowledge:
    if parent_process() is not None:
        os._exit(9)
    return loaded()


def test_a_process_that_dies_ends_the_build_in_one_line(articles, tmp_path):
    with pytest.raises(KgError, match="a process that reads articles died; try with fewer --jobs"):
        build([articles], out=tmp_path / "data", settings=SETTINGS, load=dying, jobs=2)
    assert not (tmp_path / "data" / ".draft").exists()


def test_a_changed_article_is_read_again_and_the_others_are_not(articles, tmp_path):
    first = make(articles, out=tmp_path / "data")
    (articles / "talks.txt").write_text(TALKS.replace("copper", "lithium"), encoding="utf-8")
    second = make(articles, out=tmp_path / "data")
    assert [outcome.status for outcome in second.outcomes] == ["published", "reused"]
    assert first.release.id != second.release.id
    assert sorted(path.name for path in (tmp_path / "data" / "releases").iterdir()) == sorted(
        {first.release.id, second.release.id})


@pytest.mark.parametrize("damage", [
    lambda path: path.write_bytes(b""), lambda path: path.write_bytes(path.read_bytes()[:-40]),
    lambda path: path.write_bytes(b"# {\n"), lambda path: path.unlink(),
], ids=["empty", "cut", "no head", "gone"])
def test_a_damaged_cache_is_read_around(damage, articles, tmp_path):
    first = make(articles, out=tmp_path / "data")
    for kept in (tmp_path / "data" / "cache").rglob("*.nq"):
        damage(kept)
    again = make(articles, out=tmp_path / "data")
    assert [outcome.status for outcome in again.outcomes] == ["published", "published"]
    assert again.release == first.release


def test_other_settings_do_not_use_what_was_kept(articles, tmp_path):
    few = make(articles, out=tmp_path / "data")
    many = make(articles, out=tmp_path / "data", settings=replace(SETTINGS, mentions="all"))
    assert {outcome.status for outcome in many.outcomes} == {"published"}
    assert many.release.counts["triples"] > few.release.counts["triples"]
    assert len(list((tmp_path / "data" / "cache").iterdir())) == 1


BAD = {
    "empty.txt": (b"", "the file is empty"),
    "binary.txt": (bytes(range(256)), "binary data"),
    "latin.txt": (TALKS.replace("Ana", "Añá").encode("latin-1"), "not UTF-8"),
    "undated.txt": (b"Heavy rain fell in the hills. The river rose.\n", ""),
    "impossible.txt": (TALKS.replace("2024-05-07", "2024-02-30").encode(), "2024-02-30"),
    "huge.txt": (b"date 2024-05-07\n" + b"The talks failed. " * 300_000, "more than 5,000,000 bytes"),
}


def test_bad_files_are_named_in_one_line_each_and_the_good_are_published(articles, tmp_path):
    for name, (content, _) in BAD.items():
        (articles / name).write_bytes(content)
    result = make(articles, articles / "missing.txt", out=tmp_path / "data")
    messages = {Path(outcome.source).name: outcome.messages for outcome in result.bad}
    assert set(messages) == {*BAD, "missing.txt"}
    for name, (_, words) in BAD.items():
        [message] = messages[name]
        assert words in message
        assert name in message
        assert "\n" not in message
    assert result.release.counts["articles"] == 2


def test_if_no_article_is_good_nothing_is_published(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    result = make(tmp_path / "empty.txt", out=tmp_path / "data")
    assert (result.release, len(result.bad)) == (None, 1)
    assert not (tmp_path / "data" / "current").exists()


def test_a_directory_without_articles_is_an_error(tmp_path):
    (tmp_path / "notes.pdf").write_text("x")
    with pytest.raises(ArticleError, match="no article here"):
        make(tmp_path, out=tmp_path / "data")


def test_one_text_in_two_files_is_one_article(articles, tmp_path):
    (articles / "zzz.txt").write_text(TALKS, encoding="utf-8")
    result = make(articles, out=tmp_path / "data")
    assert result.outcomes[-1].status == "duplicate"
    assert result.outcomes[-1].messages == ("zzz.txt: the same text as talks.txt; published once, with that source",)
    assert not result.bad
    assert result.release.counts["articles"] == 2


def test_an_article_without_statements_is_published_and_said_so(articles, tmp_path):
    (articles / "weather.txt").write_text(WEATHER)
    result = make(articles, out=tmp_path / "data")
    assert result.outcomes[-1].messages == ("weather.txt: no statement and no agreement found; published without",)
    assert result.release.counts["articles"] == 3
    assert not result.bad


class Overconfident(Calibration):
    """A curve that makes every statement 150 % sure."""

    def probability(self, score: float) -> float:
        return 1.5


def too_sure() -> Knowledge:
    return replace(loaded(), calibration=Overconfident(slope=1, intercept=0))


def test_an_article_that_does_not_conform_is_left_out_and_reported(articles, tmp_path):
    (articles / "treaty.txt").write_text(WEATHER)
    result = build([articles], out=tmp_path / "data", settings=SETTINGS, load=too_sure)
    assert [(outcome.source, outcome.status) for outcome in result.outcomes] == [
        ("talks.txt", "rejected"), ("treaty.txt", "published"),
    ]
    [message] = result.outcomes[0].messages
    assert message.startswith("talks.txt: does not conform in ")
    assert "asa:confidence is one xsd:decimal from 0 to 1" in message
    assert result.release.counts["articles"] == 1
    report = Graph().parse(result.release.path / "shacl-report.ttl")
    assert {path.rpartition("#")[2] for path in report.objects(None, SH.resultPath)} == {"confidence"}


def test_pyshacl_and_the_checks_find_the_same_as_compiled_shapes_and_proofs(articles):
    (articles / "weather.txt").write_text(WEATHER)
    read = [read_article(path.read_bytes(), source=path.name) for path in sorted(articles.iterdir())]
    quick = Worker.load(replace(SETTINGS, rights=Rights(default="offsets")), load=loaded)
    thorough = replace(quick, compiled=None)
    done = quick.process(read)
    assert [one.is_proven for one in done] == [True] * 3
    assert thorough.process(read) == tuple(replace(one, is_proven=False) for one in done)


def test_a_release_is_checked_as_a_whole_where_an_article_is_not_proven(articles, tmp_path, monkeypatch, caplog):
    def refuse(shapes):
        raise OntologyError("ontology/shapes.ttl", found="sh:closed, which is not compiled")

    proven = make(articles, out=tmp_path / "proven")
    work = sys.modules["kg.pipeline.work"]
    monkeypatch.setattr(work, "compile_shapes", refuse)
    work.worker.cache_clear()
    asked = []
    monkeypatch.setattr(sys.modules["kg.pipeline.build"], "check_release", lambda *_, **options: asked.append(1) or ())
    assert make(articles, out=tmp_path / "asked").release.id == proven.release.id
    assert make(articles, out=tmp_path / "asked").outcomes[0].status == "reused"
    work.worker.cache_clear()
    assert len(asked) == 2
    assert "sh:closed, which is not compiled" in caplog.text


class Fragile:
    """A parser with a defect that texts about copper bring out."""

    version = "fragile"

    def __call__(self, text, *, blocks):
        if "copper" in text:
            raise IndexError("no token\nat 7")
        return loaded().parser(text, blocks=blocks)


def fragile() -> Knowledge:
    return replace(loaded(), parser=Fragile())


def test_a_defect_that_one_article_brings_out_stops_no_other(articles, tmp_path):
    result = build([articles], out=tmp_path / "data", settings=SETTINGS, load=fragile)
    assert [outcome.status for outcome in result.outcomes] == ["failed", "published"]
    assert result.outcomes[0].messages == (
        "talks.txt: cannot be read (IndexError: no token at 7); please report it with what --verbose tells",
    )


def test_the_report_of_a_release_without_such_articles_conforms(articles, tmp_path):
    report = Graph().parse(make(articles, out=tmp_path / "data").release.path / "shacl-report.ttl")
    assert [value.toPython() for value in report.objects(None, SH.conforms)] == [True]


def test_statements_below_a_confidence_are_left_out_with_what_refers_to_them():
    extraction = extract(read_article(TALKS.encode(), source="talks.txt"), knowledge=loaded())
    first, *others = extraction.statements
    outer = replace(others[0], inner=(first.cue.start,), confidence=0.9)
    some = replace(extraction, statements=(replace(first, confidence=0.2), outer))
    [kept] = above(0.5, some).statements
    assert kept == replace(outer, inner=())
    assert above(0.0, some) == some


@pytest.mark.parametrize("name", [b"rain\n.txt", b"rain\xff.txt"])
def test_a_file_name_may_hold_any_bytes(name, tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(WEATHER)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/empty" + name)).write_text("")
    bad, good = make(tmp_path, out=tmp_path / "data").outcomes
    assert (good.source, good.status) == ("rain?.txt", "published")
    assert "rain?.txt: the file is empty" in bad.messages[0]


def test_a_base_that_is_no_base_is_refused(articles, tmp_path):
    with pytest.raises(OntologyError, match="base IRI"):
        make(articles, out=tmp_path / "data", settings=replace(SETTINGS, base="news.example"))


BUILDER = """
import sys
from pathlib import Path
from kg.pipeline import Settings, build
build([Path(sys.argv[1])], out=Path(sys.argv[2]), settings=Settings(base="https://news.example/"))
"""


def test_a_build_that_is_killed_leaves_the_release_before_it(articles, tmp_path):
    first = make(articles, out=tmp_path / "data").release
    for number in range(10):
        (articles / f"more{number}.txt").write_text(TALKS.replace("copper", f"copper ({number} tons)"))
    process = subprocess.Popen([sys.executable, "-c", BUILDER, str(articles), str(tmp_path / "data")])
    while not (tmp_path / "data" / ".draft").exists():
        assert process.poll() is None
        time.sleep(0.05)
    time.sleep(0.3)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert verify_release(tmp_path / "data") == first
    assert make(articles, out=tmp_path / "data").release.counts["articles"] == 12


def test_a_file_of_ours_is_validated_with_what_it_refers_to(tmp_path):
    gold = ROOT / "tests" / "golden" / "seed-000.ttl"
    assert validate_file(gold) == ()
    broken = tmp_path / "broken.ttl"
    broken.write_text(gold.read_text(encoding="utf-8").replace("asa:stance stance:denies", "asa:stance stance:sings"),
                      encoding="utf-8")
    results = validate_file(broken)
    assert {result.path for result in results} == {"https://example.org/ns#stance"}


@pytest.mark.parametrize(("name", "content", "words"), [
    ("a.txt", "x", "no suffix of an RDF syntax"),
    ("a.ttl", "<a> <b> .", "cannot be read as Turtle"),
    ("a.ttl", "", "classes under 0 base IRIs"),
    ("a.ttl", "<http://a.example/x> a <http://a.example/ns#Tree> .", "nothing that is described under"),
    ("missing.ttl", None, "cannot be read as Turtle"),
])
def test_a_file_that_cannot_be_validated_is_refused_in_one_line(name, content, words, tmp_path):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(KgError, match=words) as caught:
        validate_file(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_what_the_pipeline_publishes_validates_as_a_file(articles, tmp_path):
    release = make(articles, out=tmp_path / "data", settings=replace(SETTINGS, mentions="all")).release
    plain = tmp_path / "dump.nq"
    plain.write_bytes(gzip.decompress((release.path / "dump.nq.gz").read_bytes()))
    assert validate_file(plain, base=release.base) == ()
