"""How much of the words of an article is published."""

import gzip
import hashlib

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, Store

from kg.cli import main
from kg.errors import KgError
from kg.release import open_release
from kg.rights import Rights, read_rights
from tests.server_release import fetch, serving

BASE = "https://news.example/"
TEXT = """date 2024-04-24 (MENAFN) Kremlin spokesman Dmitry Peskov denied that North Korea sent arms to Russia.

Nobody was surprised.

"It is a lie," Peskov said on Monday.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Return what builds the text: level → directory of the release."""
    directory = tmp_path_factory.mktemp("rights")
    (directory / "a.txt").write_text(TEXT, encoding="utf-8")
    done = {}

    def build(level):
        if level not in done:
            out = directory / level
            rights = directory / f"{level}.toml"
            rights.write_text(f'default = "sentences"\n[sources]\n"MENAFN" = "{level}"\n', encoding="utf-8")
            run = CliRunner().invoke(main, ["build", str(directory / "a.txt"), "--out", str(out), "--base", BASE,
                                            "--rights", str(rights)])
            assert run.exit_code == 0, run.output
            done[level] = out
        return done[level]

    return build


def words(directory):
    """Return all literals of the article's own graph."""
    store = Store.read_only(str(open_release(directory).store_path))
    return [quad.object.value for quad in store if "graph/article/" in str(quad.graph_name)
            and type(quad.object).__name__ == "Literal"], store


@pytest.mark.parametrize(("level", "whole", "sentence"), [
    ("full", True, True), ("sentences", False, True), ("offsets", False, False)])
def test_a_release_holds_only_the_words_that_may_be_published(built, level, whole, sentence):
    found, store = words(built(level))
    assert any("Nobody was surprised." in text for text in found) is whole
    assert any("Peskov denied that North Korea" in text for text in found) is sentence
    assert any("It is a lie" in text for text in found) is sentence
    statements = list(store.query(f"SELECT ?s {{ ?s a <{BASE}ns#Statement> }}", use_default_graph_as_union=True))
    assert len(statements) >= 2


def test_the_dumps_hold_no_more_than_the_store(built):
    dump = gzip.decompress((open_release(built("offsets")).path / "dump.nq.gz").read_bytes())
    assert b"It is a lie" not in dump
    Store().load(dump, RdfFormat.N_QUADS)


def test_who_has_the_text_can_check_every_withheld_stretch(built):
    _, store = words(built("offsets"))
    rows = list(store.query("""PREFIX oa: <http://www.w3.org/ns/oa#> SELECT ?start ?end ?hash {
        ?s oa:start ?start ; oa:end ?end ; <http://purl.org/dc/terms/identifier> ?hash }""",
                            use_default_graph_as_union=True))
    assert rows
    for row in rows:
        stretch = TEXT[int(row["start"].value):int(row["end"].value)]
        assert row["hash"].value == f"sha256:{hashlib.sha256(stretch.encode()).hexdigest()}"


@pytest.mark.parametrize(("level", "shown", "hidden"), [
    ("full", ("The whole text", "Nobody was surprised.", '<mark class="cue">denied</mark>'), ("withheld",)),
    ("sentences", ("Only the sentences", '<mark class="cue">denied</mark>'), ("Nobody was surprised.", "withheld")),
    ("offsets", ("the words are withheld", "Dmitry Peskov"), ("Nobody", "It is a lie")),
])
def test_the_page_of_an_article_shows_what_may_be_shown(built, level, shown, hidden):
    release = open_release(built(level))
    path = f"/page/article/{release.sources[0].key}"
    with serving(built(level), "--workers", "1") as (site, _):
        page = fetch(site, path, headers={"Accept": "text/html"}).text
        first = fetch(site, "/", headers={"Accept": "text/html"})
    assert [part for part in shown if part not in page] == []
    assert [part for part in hidden if part in page] == []
    assert page.count("<h1") == 1
    assert first.status == 200


@pytest.mark.parametrize(("names", "level"), [
    (("a.txt",), "sentences"), (("a.txt", "Reuters"), "offsets"), (("https://open.example/x", "Reuters"), "full"),
    (("A.TXT", "REUTERS"), "offsets"),
])
def test_the_first_pattern_that_fits_decides(names, level):
    rights = Rights(sources=(("https://open.example/*", "full"), ("reuters", "offsets")))
    assert rights.level(*names) == level


@pytest.mark.parametrize(("text", "message"), [
    ("default = 'all'", "'all' is not understood"), ("x = 1", "'x' is not understood"), ("=", "is no TOML"),
    ("[sources]\na = 'some'", "'some' is not understood"), ("sources = 5", "5 is not understood"),
])
def test_a_file_that_says_something_else_is_refused(tmp_path, text, message):
    (tmp_path / "rights.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KgError, match=message):
        read_rights(tmp_path / "rights.toml")


def test_a_level_for_all_wins_over_the_default_of_the_file(tmp_path):
    (tmp_path / "rights.toml").write_text("default = 'full'", encoding="utf-8")
    assert read_rights(tmp_path / "rights.toml").default == "full"
    with pytest.raises(KgError, match="cannot be read"):
        read_rights(tmp_path / "nothing.toml")
