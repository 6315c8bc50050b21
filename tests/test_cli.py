"""The `kg` command, run as a user runs it."""

import csv
import io
import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rdflib import Graph

from kg.cli import main
from kg.release import Draft, open_release
from kg.store import RemoteStore, n_quads
from kg.vocabulary import Vocabulary
from tests.endpoint import listening
from tests.test_pipeline import BAD, TALKS, TREATY, WEATHER

GOLDEN = Path(__file__).parent / "golden"
DEVELOPMENT = Path(__file__).parent / "data" / "development"
VOCABULARY = Vocabulary(base="https://example.org/")


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    """A release of the gold of both seeds, without the pipeline."""
    out = tmp_path_factory.mktemp("gold")
    vocabulary = VOCABULARY.graph("schemes.ttl")
    with Draft(out, base=VOCABULARY.base) as draft:
        both = Graph().parse(GOLDEN / "seed-000.ttl").parse(GOLDEN / "seed-004.ttl")
        draft.add(n_quads(both, name="https://example.org/graph/gold"))
        draft.add(n_quads(vocabulary, name="https://example.org/graph/vocabulary"))
        draft.seal(draft.gather())
    return out


def kg(*arguments: object, **environment: str):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)


def commands() -> list[str]:
    return main.list_commands(click.Context(main))


@pytest.mark.parametrize("name", [(), *((name,) for name in commands())], ids=lambda name: name[0] if name else "kg")
def test_every_help_has_an_example(name):
    result = kg(*name, "--help")
    assert result.exit_code == 0
    assert "Example" in result.output
    assert f"kg {name[0] if name else ''}" in result.output


def test_commands_of_other_packages_are_found():
    assert {"build", "query", "validate", "verify", "load", "demo", "evaluate", "serve"} <= set(commands())


def test_help_loads_no_heavy_module():
    code = ("import sys, kg.cli; heavy = {'rdflib', 'pyshacl', 'pyoxigraph', 'spacy', 'onnxruntime', 'flask'} & "
            "set(sys.modules); sys.exit(str(heavy) if heavy else 0)")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("arguments", [
    ("build",), ("build", "x", "--mentions", "some"), ("build", "x", "--min-confidence", "2"),
    ("build", "x", "--jobs", "0"), ("build", "x", "--keep", "0"), ("query",), ("validate",), ("load",), ("sing",),
    ("demo", "--port", "0"), ("evaluate",), ("evaluate", "gold", "x", "--release", "data"),
], ids=" ".join)
def test_wrong_usage_is_exit_code_2(arguments):
    assert kg(*arguments).exit_code == 2


def test_a_query_by_name_gives_a_table(release):
    result = kg("query", "q01", "--release", release)
    assert result.exit_code == 0
    assert re.search(r"North Korea: supply-arms -> Russia  Dmitry Peskov +2024-04-24  Kurt Campbell +2024-06-24",
                     result.output)
    assert result.stderr == "4 rows\n"


def test_a_query_from_a_file_knows_the_base_iri_of_the_release(release, tmp_path):
    query = "PREFIX asa: <ns#>\nSELECT DISTINCT ?who { ?s asa:speaker ?who } ORDER BY ?who"
    (tmp_path / "speakers.rq").write_text(query)
    result = kg("query", tmp_path / "speakers.rq", "--release", release, "--format", "csv")
    rows = list(csv.reader(io.StringIO(result.output)))
    assert rows[0] == ["who"]
    assert ["https://example.org/id/person/kurt-campbell"] in rows


@pytest.mark.parametrize(("syntax", "holds"), [
    ("json", '"value":"17"'), ("csv", "17"), ("tsv", "17"), ("table", "17"), (None, "17"),
])
def test_solutions_are_printed_as_asked(syntax, holds, release):
    query = """SELECT (COUNT(?s) AS ?n) { ?s <ns#inArticle> <id/article/5e900040bec38a6c> ; a <ns#Statement> }"""
    result = kg("query", query, "--release", release, *(("--format", syntax) if syntax else ()))
    assert result.exit_code == 0
    assert holds in result.output.replace(" ", "")


def test_ask_prints_yes_or_no(release):
    assert kg("query", "ASK { ?s a <ns#Agreement> }", "--release", release).output == "yes\n"
    assert kg("query", "ASK { ?s a <ns#Dream> }", "--release", release).output == "no\n"


def test_construct_prints_turtle_with_our_prefixes(release):
    result = kg("query", "CONSTRUCT WHERE { ?s a <ns#Agreement> ; <ns#status> ?status }", "--release", release)
    assert "a asa:Agreement" in result.output
    assert "status:vetoed" in result.output
    assert len(Graph().parse(data=result.output, format="turtle")) == 4


@pytest.mark.parametrize(("query", "syntax"), [("SELECT * {}", "ttl"), ("CONSTRUCT WHERE { ?s ?p ?o }", "csv"),
                                               ("ASK {}", "csv")])
def test_a_form_that_the_answer_has_not_is_wrong_usage(query, syntax, release):
    assert kg("query", query, "--release", release, "--format", syntax).exit_code == 2


def test_long_values_are_cut_in_tables_only(release):
    query = "SELECT ?gist { ?s <ns#gist> ?gist } ORDER BY DESC(STRLEN(?gist)) LIMIT 1"
    table = kg("query", query, "--release", release)
    assert table.stdout.rstrip().endswith("…")
    assert table.stderr == "1 row\n"
    assert "…" not in kg("query", query, "--release", release, "--format", "csv").stdout


@pytest.mark.parametrize(("arguments", "words"), [
    (("query", "q01", "--release", "nowhere"), "nowhere: no such directory; build a release with `kg build"),
    (("query", "q99"), "q99: no file, no SPARQL text and none of our queries; name a file or one of q01"),
    (("query", "SELEKT { }", "--release", "RELEASE"), "query: no SPARQL query"),
    (("query", "ASK {}", "--endpoint", "http://127.0.0.1:9/sparql"), "http://127.0.0.1:9/sparql: no answer"),
    (("verify", "nowhere"), "nowhere: no such directory"),
    (("load", "nowhere", "--endpoint", "http://127.0.0.1:9/", "--graph-store", "http://127.0.0.1:9/"), "no such"),
    (("validate", "nowhere.ttl"), "nowhere.ttl: cannot be read as Turtle"),
    (("build", "x", "--base", "news", "--out", "OUT"), "base IRI 'news': not an http(s) IRI that ends in '/'"),
    (("build", "x", "--base", "http://a.example/<b>/", "--out", "OUT"), "base IRI 'http://a.example/<b>/': no IRI"),
    (("query", "ASK {}", "--base", "http://a.example", "--release", "RELEASE"), "base IRI 'http://a.example': not an"),
    (("validate", "SEED", "--base", "http://a.example/?/"), "base IRI 'http://a.example/?/': holds '?'"),
    (("evaluate", "nowhere", "--release", "RELEASE"), "nowhere/gold: no gold; name a folder of NAME.json"),
    (("evaluate", "OUT", "--release", "nowhere"), "nowhere: no such directory"),
    (("query", "SELECT (<http://a.example/f>(1) AS ?y) { }", "--release", "RELEASE"), "query: cannot be answered"),
])
def test_an_error_of_ours_is_one_line_and_exit_code_3(arguments, words, release, tmp_path):
    known = {"RELEASE": release, "OUT": tmp_path, "SEED": GOLDEN / "seed-000.ttl"}
    result = kg(*(known.get(argument, argument) for argument in arguments))
    assert (result.exit_code, result.stdout) == (3, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_verify_tells_what_is_whole(release):
    result = kg("verify", release)
    assert result.exit_code == 0
    assert open_release(release).id in result.output


def test_validate_names_each_thing_to_repair(tmp_path):
    gold = (GOLDEN / "seed-004.ttl").read_text(encoding="utf-8")
    (tmp_path / "sound.ttl").write_text(gold, encoding="utf-8")
    broken = gold.replace("asa:mode mode:direct", "asa:mode mode:sung", 1)
    (tmp_path / "broken.ttl").write_text(broken, encoding="utf-8")
    assert kg("validate", tmp_path / "sound.ttl").exit_code == 0
    broken = kg("validate", tmp_path / "broken.ttl")
    assert broken.exit_code == 1
    assert "choose direct, indirect, mixed or narrated" in broken.stdout
    report = kg("validate", tmp_path / "broken.ttl", "--format", "ttl")
    assert report.exit_code == 1
    assert "sh:resultMessage" in report.stdout
    assert len(Graph().parse(data=report.stdout, format="turtle")) > 5


@pytest.fixture
def articles(tmp_path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in (("talks.txt", TALKS), ("treaty.txt", TREATY), ("weather.txt", WEATHER)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_build_tells_what_it_made_and_then_that_nothing_changed(articles, tmp_path):
    first = kg("build", articles, "--out", tmp_path / "data", "--base", "https://news.example/")
    assert first.exit_code == 0
    assert re.match(r"release [0-9a-f]{16} \(new\): 3 articles, \d+ statements, \d+ agreements, [\d,]+ triples\n",
                    first.stdout)
    assert first.stderr == "weather.txt: no statement and no agreement found; published without\n"
    again = kg("build", articles, KG_OUT=str(tmp_path / "data"), KG_BASE="https://news.example/")
    assert again.stdout == first.stdout.replace("(new)", "(unchanged)")
    assert open_release(tmp_path / "data").base == "https://news.example/"


def test_build_with_bad_articles_publishes_the_good_ones_and_exits_with_1(articles, tmp_path):
    for name, (content, _) in BAD.items():
        (articles / name).write_bytes(content)
    result = kg("build", articles, "--out", tmp_path / "data")
    assert result.exit_code == 1
    assert "3 articles" in result.stdout
    assert f"{len(BAD)} left out" in result.stdout
    for name in BAD:
        assert sum(name in line for line in result.stderr.splitlines()) == 1
    assert open_release(tmp_path / "data").counts["articles"] == 3


def test_json_is_one_object_for_each_article_and_nothing_else(articles, tmp_path):
    (articles / "empty.txt").write_text("")
    result = kg("build", articles, "--out", tmp_path / "data", "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [(Path(row["source"]).name, row["status"]) for row in rows] == [
        ("empty.txt", "failed"), ("talks.txt", "published"), ("treaty.txt", "published"), ("weather.txt", "published"),
    ]
    assert sum(row["triples"] for row in rows) > 50


def test_a_build_that_would_lose_most_articles_needs_force(articles, tmp_path):
    kg("build", articles, "--out", tmp_path / "data")
    lost = kg("build", articles / "weather.txt", "--out", tmp_path / "data")
    assert (lost.exit_code, lost.stdout) == (3, "")
    assert lost.stderr.splitlines()[-1].endswith(
        "the current release has 3 articles, this one would have 1; name all articles, or build with --force if the "
        "others should go")
    assert open_release(tmp_path / "data").counts["articles"] == 3
    forced = kg("build", articles / "weather.txt", "--out", tmp_path / "data", "--force", "--keep", "1")
    assert forced.exit_code == 0
    assert [path.name for path in (tmp_path / "data" / "releases").iterdir()] == [open_release(tmp_path / "data").id]


@pytest.fixture
def annotated(tmp_path) -> Path:
    """A folder with the gold of one article."""
    for name in ("gold/ceasefire_nairobi.json", "texts/ceasefire_nairobi.txt"):
        target = tmp_path / "annotated" / name
        target.parent.mkdir(parents=True)
        target.write_bytes((DEVELOPMENT / name).read_bytes())
    return tmp_path / "annotated"


def test_evaluate_scores_texts_and_the_release_of_them_alike(annotated, tmp_path):
    anew = kg("evaluate", annotated)
    assert anew.exit_code == 0
    assert re.search(r"^statements +[01]\.\d{3} +[01]\.\d{3} +[01]\.\d{3}$", anew.stdout, re.MULTILINE)
    assert re.search(r"^stance +[01]\.\d{3}$", anew.stdout, re.MULTILINE)
    assert "1 article; denials published as assertions: " in anew.stdout
    kg("build", annotated / "texts", "--out", tmp_path / "data")
    scores = json.loads(kg("evaluate", annotated, "--release", tmp_path / "data", "--json").stdout)
    [precision, recall, f1] = scores["figures"]["statements"]
    assert f"{precision:>9.3f}  {recall:>9.3f}  {f1:>11.3f}" in anew.stdout
    assert scores["articles"] == {"ceasefire_nairobi": [precision, recall, f1]}
    assert scores["missing"] == []


def test_an_annotated_article_that_was_not_published_is_named_and_missed(annotated, release):
    result = kg("evaluate", annotated, "--release", release)
    assert result.stderr == "ceasefire_nairobi: not among the articles; all of it counts as missed\n"
    assert re.search(r"^statements +0\.000 +0\.000 +0\.000$", result.stdout, re.MULTILINE)
    assert re.search(r"^stance +-$", result.stdout, re.MULTILINE)


def test_gold_of_another_form_is_named(annotated, release):
    (annotated / "gold" / "ceasefire_nairobi.json").write_text('{"name": "ceasefire_nairobi"}')
    result = kg("evaluate", annotated, "--release", release)
    assert (result.exit_code, result.stderr.count("\n")) == (3, 1)
    assert "a file of another form (KeyError('sha256'))" in result.stderr


def test_if_nothing_can_be_published_build_says_so(tmp_path):
    (tmp_path / "empty.txt").write_text("")
    result = kg("build", tmp_path / "empty.txt", "--out", tmp_path / "data")
    assert (result.exit_code, result.stdout) == (1, "nothing published: no article could be read and conforms\n")
    assert kg("query", "q01", "--release", tmp_path / "data").exit_code == 3


def test_a_release_is_loaded_into_a_server_and_asked_there(release):
    with listening() as url:
        target = ("load", release, "--endpoint", f"{url}/sparql", "--graph-store", f"{url}/graphs")
        refused = kg(*target)
        loaded = kg(*target, KG_STORE_USER="ana", KG_STORE_PASSWORD="secret")
        asked = kg("query", "q01", "--endpoint", f"{url}/sparql", "--base", "https://example.org/")
    assert refused.exit_code == 3
    assert "HTTP 401 (who are you?); set KG_STORE_USER and KG_STORE_PASSWORD" in refused.stderr
    assert loaded.exit_code == 0
    triples = open_release(release).counts["triples"]
    assert f"{triples:,} triples sent, {url}/sparql now has {triples:,}" in loaded.output
    assert "Kurt Campbell" in asked.output
    assert asked.stderr == "4 rows\n"


def test_the_demo_names_a_port_that_is_in_use(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = subprocess.run(
            [sys.executable, "-m", "kg.cli", "demo", "--out", tmp_path / "data", "--port", str(port)],
            capture_output=True, text=True, check=False,
        )
    assert result.returncode == 3
    assert str(port) in result.stderr.splitlines()[-1]
    assert "Traceback" not in result.stderr


def test_the_demo_builds_the_seeds_and_serves_them():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "kg.cli", "demo", "--port", str(port)], text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        made, serving = process.stdout.readline(), process.stdout.readline()
        base = f"http://localhost:{port}/"
        rows = list(RemoteStore(f"http://127.0.0.1:{port}/sparql").select(
            "SELECT ?article { ?article a <ns#Article> }", base=base))
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert made.startswith("release ")
    assert str(port) in serving
    assert len(rows) == 2
    assert all(article.startswith(base) for (article,) in rows)
    assert errors == ""
    assert process.returncode == 0
