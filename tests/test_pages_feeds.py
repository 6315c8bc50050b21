"""Feeds, releases that are kept, and links that report errors."""

import html
import re
import xml.etree.ElementTree as ElementTree
from urllib.parse import parse_qs, urlsplit

import pytest

from server.pages.feeds import Entry, atom
from tests.server_release import BASE, ask, fetch, serving, write_release

ATOM = "{http://www.w3.org/2005/Atom}"
PESKOV = "page/person/dmitry-peskov"
DENIAL = f"{BASE}id/statement/5e900040bec38a6c-881"


def read(site, path):
    reply = fetch(site, path)
    assert (reply.status, reply.kind) == (200, "application/atom+xml")
    return ElementTree.fromstring(reply.text)


@pytest.mark.parametrize(("path", "title", "entry"), [
    ("statements", "Newest statements", "Kurt Campbell believes: "),
    ("agreements", "Newest agreements", "Agreement of Russia and"),
    ("said/person/dmitry-peskov", "What Dmitry Peskov said", "Dmitry Peskov denies: these reports"),
    ("releases", "Releases", "Release "),
])
def test_a_feed_tells_what_is_new(site, path, title, entry):
    feed = read(site, f"/feed/{path}.atom")
    assert feed.findtext(f"{ATOM}title") == f"Communiqué: {title}"
    assert feed.findtext(f"{ATOM}id") == f"{BASE}feed/{path}.atom"
    entries = feed.findall(f"{ATOM}entry")
    assert any(found.findtext(f"{ATOM}title").startswith(entry) for found in entries)
    for found in (feed, *entries):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)", found.findtext(f"{ATOM}updated"))
    assert len({found.findtext(f"{ATOM}id") for found in entries}) == len(entries)


def test_an_entry_leads_to_its_page_and_holds_its_words(site):
    entries = read(site, "/feed/said/person/dmitry-peskov.atom").findall(f"{ATOM}entry")
    [denial] = [entry for entry in entries if entry.findtext(f"{ATOM}id") == DENIAL]
    assert denial.find(f"{ATOM}link").get("href") == DENIAL.replace("/id/", "/page/")
    assert "Peskov has denied these reports" in denial.findtext(f"{ATOM}summary")


def test_hostile_text_is_text_in_a_feed_too():
    entry = Entry(iri="urn:x", page='https://x.example/"&<', title="<script>&\x07\ufffe", updated="2024-01-01")
    feed = ElementTree.fromstring(atom(iri="urn:y", title="]]>", page="z", updated="2024-01-01", entries=[entry]))
    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "<script>&"
    assert feed.find(f"{ATOM}entry/{ATOM}link").get("href") == 'https://x.example/"&<'


@pytest.mark.parametrize("path", ["nothing", "said/person/nobody", "said/person/%3E"])
def test_a_feed_of_nothing_is_not_found(site, path):
    assert fetch(site, f"/feed/{path}.atom").status == 404


def test_a_page_names_its_feeds(site):
    page = fetch(site, f"/{PESKOV}", headers={"Accept": "text/html"}).text
    assert 'type="application/atom+xml" title="What Dmitry Peskov said" href="../../feed/said/person/dmitry-p' in page


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Return the address of a server with two releases, and their names, the older one first."""
    directory = tmp_path_factory.mktemp("two")
    names = [write_release(directory, note=note, whole=False).id for note in ("before", "after")]
    with serving(directory, KG_CORRECTIONS="https://git.example/issues/new?label=data") as (address, _):
        yield address, *names


def count(site, note):
    return ask(site, f'SELECT ?s {{ ?s <{BASE}ns#gist> ?g FILTER(STRENDS(?g, "{note}")) }} LIMIT 5', accept="text/csv"
               ).text.count("\n") - 1


def test_an_earlier_release_answers_as_a_whole_below_its_address(two):
    site, before, after = two
    for name, note, other in ((before, "before", "after"), (after, "after", "before")):
        below = f"{site}release/{name}"
        page = fetch(below, "/page/group/busy", headers={"Accept": "text/html"})
        assert page.status == 200
        assert f" {note}</bdi>" in page.text
        assert ("a newer one is here" in page.text) is (name == before)
        assert (count(below, note), count(below, other)) == (5, 0)
        assert fetch(below, "/id/state/RUS", headers={"Accept": "text/turtle"}).headers["location"] == (
            "../../data/state/RUS.ttl")
        assert fetch(below, "/data/state/RUS.ttl").status == 200


def test_the_permanent_link_of_a_page_leads_to_it_in_its_release(two):
    site, _, after = two
    page = fetch(site, f"/{PESKOV}", headers={"Accept": "text/html"}).text
    assert f'href="../../release/{after}/{PESKOV}"' in page
    inside = fetch(f"{site}release/{two[1]}", f"/{PESKOV}", headers={"Accept": "text/html"}).text
    assert f'href="../../{PESKOV}">this page in this release' in inside


def test_releases_that_are_kept_are_listed(two):
    site, before, after = two
    page = fetch(site, "/release/", headers={"Accept": "text/html"}).text
    assert page.index(after) < page.index(before)
    assert fetch(site, f"/release/{before}").headers["location"] == f"{before}/"


@pytest.mark.parametrize("name", ["0" * 16, "../current", "f" * 16])
def test_a_release_that_is_not_kept_is_gone(two, name):
    reply = fetch(two[0], f"/release/{name}/{PESKOV}")
    assert reply.status in (404, 410)


def test_an_error_is_reported_with_everything_filled_in(two, site):
    for where, start, subject in ((two[0], "https://git.example/issues/new", "title"), (site, "mailto:", "subject")):
        page = fetch(where, "/page/statement/5e900040bec38a6c-881", headers={"Accept": "text/html"}).text
        link = html.unescape(re.search(r'href="([^"]*)">Report it', page)[1])
        given = parse_qs(urlsplit(link).query)
        assert link.startswith(start)
        assert given[subject] == ["Error in Dmitry Peskov denies: these reports"]
        assert all(part in given["body"][0] for part in (DENIAL, "Release: ", "id/article/5e900040bec38a6c#m-"))
