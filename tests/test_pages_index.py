"""The index of a release says what SPARQL says, in any combination of filters."""

from datetime import date
from itertools import combinations

import pytest
from pyoxigraph import NamedNode, Store

from kg.errors import ReleaseError, StoreError
from kg.index import LISTS, SIDES, write_index
from kg.release import Draft, open_release
from server.index import Index, Wanted
from server.pages.filters import SPOKEN
from server.pages.reader import declare
from server.pages.statements import newest
from tests.server_release import BASE, extra_graph, golden_lines, n_quads

PATHS = {"said": "asa:speaker", "behalf": "asa:onBehalfOf", "about": f"({SPOKEN})", "addressee": "asa:addressee",
         "stance": "asa:stance", "act": "asa:content/asa:act", "topic": "asa:content/asa:topic",
         "publisher": "asa:inArticle/schema:publisher"}
PEOPLE = ("id/person/jung-pak", "id/state/RUS", "id/person/dmitry-peskov", "id/group/busy")
SOME = [("said", f"{BASE}id/person/jung-pak"), ("about", f"{BASE}id/state/RUS"), ("stance", f"{BASE}ns/stance#denies"),
        ("act", f"{BASE}ns/act#supply-arms"), ("publisher", f"{BASE}id/org/menafn")]


@pytest.fixture(scope="module")
def release(released):
    """Return the release."""
    return open_release(released)


@pytest.fixture(scope="module")
def index(release):
    """Return its index."""
    opened = Index(release.path)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ask(release):
    """Return what asks its store: query → rows of values."""
    store = Store.read_only(str(release.store_path))

    def rows(text):
        found = store.query(declare(text, BASE), use_default_graph_as_union=True)
        return [tuple(row[name].value if row[name] is not None else "" for name in found.variables) for row in found]

    return rows


def pattern(wanted):
    parts = ["?s a asa:Statement", *(f"?s {PATHS[name]} <{iri}>" for name, iri in wanted.lists)]
    if wanted.since or wanted.until:
        parts.append("?s asa:inArticle/schema:datePublished ?on")
        parts += [f'FILTER(?on {sign} "{day}"^^xsd:date)'
                  for sign, day in ((">=", wanted.since), ("<=", wanted.until)) if day]
    return " . ".join(parts)


DAYS = (("", ""), ("2024-05-01", ""), ("", "2024-05-01"), ("2024-04-24", "2024-04-24"), ("2030-01-01", ""))
CASES = [Wanted(some, *days) for size in range(3) for some in combinations(SOME, size) for days in DAYS]


@pytest.mark.parametrize("wanted", CASES, ids=str)
def test_statements_come_in_the_order_of_the_query_behind_them(index, ask, wanted):
    expected = [row[0] for row in ask(newest(pattern(wanted)))]
    found = [node.value for node in index.statements(wanted, count=1000)]
    assert found == expected
    assert index.count(wanted) == len(expected)
    assert [node.value for node in index.statements(wanted, count=3, first=2)] == expected[2:5]
    assert [node.value for node in index.statements(wanted, count=1000, oldest=True)] == expected[::-1]


@pytest.mark.parametrize("wanted", CASES[::3], ids=str)
def test_days_and_facets_are_those_of_the_statements(index, ask, wanted):
    counted = ask("SELECT ?day ?side (COUNT(DISTINCT ?s) AS ?n) WHERE { " + pattern(wanted)
                  + " . ?s asa:polarity ?side ; asa:inArticle/schema:datePublished ?day } GROUP BY ?day ?side")
    assert {(day.isoformat(), side, str(count)) for day, side, count in index.sides(wanted)} == {
        (day, side.rpartition("#")[2], count) for day, side, count in counted}
    for name, path in PATHS.items():
        rows = ask(f"SELECT ?value (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {pattern(wanted)} . ?s {path} ?value }} "
                   "GROUP BY ?value")
        found = index.facets(wanted, [name], count=1000)[name]
        assert {(node.value, str(count)) for node, count in found} == set(rows)
        assert [count for _, count in found] == sorted((count for _, count in found), reverse=True)


@pytest.mark.parametrize("side", SIDES)
def test_sides_of_propositions_are_those_of_the_statements(index, ask, side):
    rows = ask(f"SELECT ?p (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s asa:content ?p ; asa:polarity polarity:{side} }} "
               "GROUP BY ?p")
    assert {(node.value, str(count)) for node, count in index.largest(side, count=1000)} == set(rows)


def test_the_most_contested_are_those_that_somebody_holds_and_somebody_rejects(index):
    assert index.contested(count=5) == [(NamedNode(f"{BASE}id/proposition/57f7de19a608d5b1bcb7"), 2, 2)]


@pytest.mark.parametrize("actor", PEOPLE)
def test_stances_and_contradictions_of_an_actor(index, ask, actor):
    iri = BASE + actor
    assert {(node.value, str(count)) for node, count in index.stances(iri)} == set(ask(
        f"SELECT ?stance (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s asa:speaker <{iri}> ; asa:stance ?stance }} "
        "GROUP BY ?stance"))
    assert {(other.value, claim.value) for other, claim, _, _ in index.against(iri, propositions=50, count=50)} == set(
        ask(f"SELECT DISTINCT ?other ?p WHERE {{ ?s asa:speaker <{iri}> ; asa:content ?p ; asa:polarity ?mine . "
            "?p a asa:Proposition . ?t asa:content ?p ; asa:polarity ?theirs ; asa:speaker ?other FILTER(?mine != "
            f"polarity:unclear && ?theirs != polarity:unclear && ?mine != ?theirs && ?other != <{iri}>) }}"))


def test_who_speaks_about_whom(index, ask):
    rows = ask(f"SELECT ?a ?b (COUNT(DISTINCT ?s) AS ?n) WHERE {{ ?s asa:speaker ?a ; {SPOKEN} ?b }} GROUP BY ?a ?b")
    assert {(one.value, other.value, str(count)) for (one, other), count in
            index.pairs(Wanted(), count=1000).items()} == set(rows)


@pytest.mark.parametrize(("text", "names"), [
    ("pesk", ["Dmitri Peskov"]), ("PESKOV", ["Dmitri Peskov"]), ("Ким", ["Ким Чен Ын"]), ("zz", []),
    ("чен ы", ["Ким Чен Ын"]),
    ("<script>", ["O'Brien <script>alert(1)</script>"]), ('"quoted', ['A/B "quoted" & co']), ('" OR "', []), ("*", []),
])
def test_names_are_found_by_any_part_of_them(index, text, names):
    assert [name for _, _, name in index.names(text, count=9)] == names


def test_names_that_begin_with_the_text_come_first(index):
    found = [name for _, _, name in index.names("kim", count=50)]
    begin = [name.casefold().startswith("kim") for name in found]
    assert len(found) > 1
    assert begin == sorted(begin, reverse=True)


@pytest.mark.parametrize(("text", "count"), [("embolden", 2), ("embold", 2), ("EMBOLDEN Pyong", 1),
                                             ("Pyong embolden", 0), ("busy OR", 0), ("thing 7", 11), ('"', 0), ("", 0)])
def test_words_that_were_said_are_found_the_newest_first(index, text, count):
    found = index.words(text, count=50)
    assert len(found) == count
    days = index.statements(Wanted(), count=1000)
    assert [days.index(node) for node in found] == sorted(days.index(node) for node in found)


def test_articles_of_an_outlet(index):
    total, rows = index.published(f"{BASE}id/org/menafn", count=50)
    assert (total, rows) == (1, [(NamedNode(f"{BASE}id/article/5e900040bec38a6c"), "2024-04-24")])
    assert index.published(f"{BASE}id/org/nobody", count=50) == (0, [])


def test_a_thing_that_no_list_has_has_none(index):
    nobody = Wanted((("said", f"{BASE}id/person/nobody"),))
    assert (index.count(nobody), index.statements(nobody, count=9), index.sides(nobody)) == (0, [], [])
    assert index.facets(nobody, ["stance"], count=9) == {"stance": []}


def test_long_lists_have_their_days_counted_beforehand(tmp_path, monkeypatch):
    monkeypatch.setattr("kg.index.LONG", 1)
    monkeypatch.setattr("server.index.LONG", 1)
    (tmp_path / "dump.nq").write_bytes(b"".join(sorted(golden_lines(), key=lambda line: line.rsplit(b" ", 2)[1])))
    write_index(tmp_path / "dump.nq", tmp_path / "index" / "pages.sqlite", base=BASE)
    found = Index(tmp_path).days(Wanted((("about", f"{BASE}id/state/RUS"),)))
    assert set(found) == {date(2024, 4, 24), date(2024, 6, 24)}


def test_the_index_depends_on_the_contents_alone(tmp_path):
    for name in ("one", "other"):
        with Draft(tmp_path / name, base=BASE) as draft:
            draft.add(golden_lines() if name == "one" else reversed(golden_lines()))
            draft.add(n_quads(extra_graph(BASE), name=f"{BASE}graph/article/extra"))
            draft.seal(draft.gather(), version="test")
    one, other = (open_release(tmp_path / name).files["index/pages.sqlite"] for name in ("one", "other"))
    assert one.sha256 == other.sha256


def test_an_index_that_cannot_be_written_is_told_in_our_words(tmp_path):
    (tmp_path / "dump.nq").write_bytes(b"")
    (tmp_path / "pages.sqlite").write_bytes(b"no database at all" * 99)
    with pytest.raises(StoreError, match="cannot be written"):
        write_index(tmp_path / "dump.nq", tmp_path / "pages.sqlite", base=BASE)


def test_a_release_without_an_index_is_to_be_built_again(tmp_path):
    with pytest.raises(ReleaseError, match="build the release again"):
        Index(tmp_path)


def test_every_list_has_its_number():
    assert (LISTS[0], len(set(LISTS)), LISTS[-3:]) == ("all", len(LISTS), SIDES)
