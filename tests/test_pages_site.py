"""The site as files: every link leads to a file, and nothing is overwritten that is not ours."""

import json
import re
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner
from pyoxigraph import RdfFormat, parse

from kg.errors import KgError
from server.cli import site as command
from server.site import write_site
from server.site.addresses import Address, file_of, is_written, read_address, relink
from server.site.hosting import hosting_files
from tests.server_release import BASE

ROOT = "http://host.invalid/below/"


@pytest.fixture(scope="module")
def files(static_site):
    """Return the files of the site by their names."""
    return {path.relative_to(static_site).as_posix(): path for path in static_site.rglob("*") if path.is_file()}


def pages(files):
    return {name: path.read_text(encoding="utf-8") for name, path in files.items() if name.endswith(".html")}


def test_every_link_of_every_page_leads_to_a_file(files):
    dead = set()
    for name, html in pages(files).items():
        for found in re.findall(r'\s(?:href|src|action|data-index)="([^"]*)"', html):
            url = urlsplit(urljoin(ROOT + name, unescape(found)))
            if name != "404.html" and url.geturl().startswith(ROOT):
                target = unquote(url.path.removeprefix("/below/"))
                if target not in files and f"{target}index.html" not in files:
                    dead.add((name, found))
    assert dead == set()


@pytest.mark.parametrize("name", [
    "index.html", "explore.html", "explore.view-network.html", "explore.stance-denies.html", "explore.csv",
    "sparql.html", "search.html", "search-index.json", "ns.html", "ns/stance.html", "ns.ttl", "dumps/index.html",
    "dumps/dump.nq.gz", "page/person/dmitry-peskov.html", "data/person/dmitry-peskov.ttl",
    "data/person/dmitry-peskov.jsonld", "page/proposition/57f7de19a608d5b1bcb7.html", "sitemap.xml", "robots.txt",
    ".well-known/void", "dataset.jsonld", "404.html", ".htaccess", "nginx.conf", "_redirects", "_headers",
    "static/vendor/oxigraph-0.5.11/web_bg.wasm", "static/vendor/oxigraph-0.5.11/LICENSES.txt",
    "page/group/busy.said-2.html",
])
def test_the_site_holds_what_the_server_publishes(files, name):
    assert name in files


def test_only_the_query_page_may_compile(files):
    allowed = {name for name, html in pages(files).items()
               if "wasm-unsafe-eval" in re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]}
    assert allowed == {"sparql.html"}
    assert not [name for name, html in pages(files).items() if "unsafe-inline" in html]


def test_data_of_a_thing_are_those_of_the_server(files):
    [*quads] = parse(path=str(files["data/person/dmitry-peskov.ttl"]), format=RdfFormat.TURTLE)
    assert f"{BASE}id/person/dmitry-peskov" in {quad.subject.value for quad in quads}


def test_the_index_finds_each_thing_by_each_of_its_names(files):
    rows = json.loads(files["search-index.json"].read_text(encoding="utf-8"))["results"]
    assert {"name": "Dmitry Peskov", "kind": "person", "href": "page/person/dmitry-peskov.html"} in rows
    assert all(unquote(row["href"]) in files for row in rows)


def test_two_filters_lead_to_the_query_behind_their_view(files):
    page = files["explore.stance-denies.html"].read_text(encoding="utf-8")
    [query] = {unescape(found) for found in re.findall(r'href="(sparql\.html\?query=[^"]*)"', page)
               if "supply-arms" in found and "view" not in found and "ORDER+BY+DESC" in found}
    assert "denies" in query


def test_a_folder_of_somebody_else_is_left_alone(released, tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work", encoding="utf-8")
    with pytest.raises(KgError, match="name a new folder"):
        write_site(released, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_the_command_says_what_went_wrong(tmp_path):
    done = CliRunner().invoke(command, [str(tmp_path / "nothing"), "--out", str(tmp_path / "public")])
    assert done.exit_code == 3
    assert done.output.startswith("kg site: ")


@pytest.mark.parametrize(("path", "arguments", "name"), [
    ("page/org/a%2Fb", (), "page/org/a/b.html"), ("page/x/..%2F..%2Fetc%2Fpasswd", (), None),
    ("page/x/" + "y" * 300, (), None), ("page/x/a%00b", (), None), ("page/x/CON%3A", (), None),
    ("page/x/%2E%2E", (), None),
    ("explore", (("page", "2"), ("view", "matrix")), "explore.page-2.view-matrix.html"),
])
def test_no_address_leaves_the_folder_or_breaks_a_file_system(path, arguments, name):
    found = file_of(Address(path, arguments))
    assert name in (found, None)
    assert not [part for part in found.split("/") if part in ("", ".", "..") or len(part.encode()) > 200]
    assert not re.search(r'[\x00-\x1f:*?"<>|\\]', found)


def test_other_sites_stay_other_sites():
    html = '<a href="https://www.wikidata.org/entity/Q159">x</a> <a href="javascript:alert(1)">y</a>'
    assert relink(html, page=Address("page/state/RUS"), query=lambda _: "") == html
    assert read_address("mailto:a@b.example", page=Address("")) is None


@pytest.mark.parametrize(("given", "written"), [
    ({}, True), ({"view": "network"}, True), ({"stance": "denies", "page": "2"}, True),
    ({"stance": "denies", "view": "matrix"}, False), ({"stance": "denies", "act": "visit"}, False),
    ({"from": "2024-01-01"}, False),
])
def test_views_that_have_files(given, written):
    assert is_written(Address("explore", tuple(sorted(given.items())))) is written


def test_hosts_that_can_redirect_are_told_how():
    told = dict(hosting_files("https://news.example/kg/"))
    assert "RewriteRule ^id/(.+)$ page/$1.html [R=303,L]" in told[".htaccess"]
    assert "location ~ ^/kg/id/(.+)$" in told["nginx.conf"]
    assert told["_redirects"] == "/kg/id/* /kg/page/:splat.html 303\n"
    assert "/kg/sparql.html\n  Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm" in told["_headers"]
