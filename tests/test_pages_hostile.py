"""Names and texts of people who mean harm, or only write another script: always text, never more."""

import html
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from server.site import write_site
from tests.hostile import TEXTS
from tests.server_release import fetch


class Tags(HTMLParser):
    """Collects what a browser would take for elements, and their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def numbered(kind):
    """Yield the path of the thing of each text."""
    start = 0
    for text in TEXTS.values():
        yield f"page/{kind}/ffffffffffffffff-{start}"
        start += len(text) + 2


PATHS = ["", "page/article/ffffffffffffffff", "explore", "explore?view=matrix", "explore?view=network",
         "explore?view=timeline", "search?q=%3Cscript%3E",
         "search?q=%22%3E%3Cimg%20onerror%3Dx%3E", *(f"page/person/{name}" for name in TEXTS),
         *numbered("statement"), *numbered("agreement")]


@pytest.mark.parametrize("path", PATHS)
def test_hostile_text_stays_text(hostile, path):
    reply = fetch(hostile, f"/{path}", headers={"Accept": "text/html"})
    assert reply.status == 200
    tags = Tags()
    tags.feed(reply.text)
    assert not [tag for tag, _ in tags.found if tag in ("img", "iframe", "object", "embed", "style", "base")]
    assert all(attributes.get("class") == "drawn" for tag, attributes in tags.found if tag == "svg")
    assert not [name for _, attributes in tags.found for name in attributes if name.startswith("on") or name == "style"]
    assert all("src" in attributes for tag, attributes in tags.found if tag == "script")
    links = [attributes[name] or "" for _, attributes in tags.found for name in ("href", "src", "action")
             if name in attributes]
    assert not [link for link in links if re.match(r"\s*(javascript|data:(?!,))", link, re.IGNORECASE)]
    assert "49" not in re.findall(r"<h1[^>]*>([^<]*)", reply.text)


@pytest.mark.parametrize("name", ["script", "hangul", "cyrillic", "right-to-left", "quotes"])
def test_every_name_can_be_read_on_its_page(hostile, name):
    page = fetch(hostile, f"/page/person/{name}", headers={"Accept": "text/html"}).text
    assert TEXTS[name] in html.unescape(re.sub("<[^>]*>", "", page))


@pytest.mark.parametrize(("text", "name"), [("김정은", "hangul"), ("песков", "cyrillic"), ("<SCRIPT>", "script"),
                                            ("' onmouse", "quotes")])
def test_every_name_can_be_found(hostile, text, name):
    found = fetch(hostile, f"/api/search?q={quote(text)}").json["results"]
    assert f"page/person/{name}" in [result["href"] for result in found]


@pytest.mark.parametrize("name", TEXTS)
def test_a_feed_of_every_name_can_be_read(hostile, name):
    feed = ElementTree.fromstring(fetch(hostile, f"/feed/said/person/{name}.atom").text)
    atom = "{http://www.w3.org/2005/Atom}"
    titles = [" ".join(entry.findtext(f"{atom}title").split()) for entry in feed.iter(f"{atom}entry")]
    assert len(titles) == 1
    expected = " ".join(re.sub("[\x00-\x08]", "", f"{TEXTS[name]} asserts: {TEXTS[name]}").split())
    assert titles[0][:100] == expected[:100]  # long names are cut


def test_hostile_text_stays_text_in_files(hostile_release, tmp_path):
    write_site(hostile_release, tmp_path / "public")
    pages = [path for path in (tmp_path / "public").rglob("*.html") if "page/" in path.as_posix()]
    assert len(pages) > 3 * len(TEXTS)
    for path in pages:
        tags = Tags()
        tags.feed(path.read_text(encoding="utf-8"))
        assert not [tag for tag, _ in tags.found if tag in ("img", "iframe", "object", "embed", "style", "base")]
        assert not [name for _, attributes in tags.found for name in attributes
                    if name.startswith("on") or name == "style"]
    assert not [path for path in (tmp_path / "public").rglob("*") if len(path.name.encode()) > 200]


def test_a_table_for_spreadsheets_holds_no_formulas(hostile):
    rows = fetch(hostile, "/explore?format=csv").text.splitlines()
    assert not [row for row in rows if re.search(r'(^|,)"?[=+@]', row)]
