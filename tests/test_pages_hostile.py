"""Names and texts of people who mean harm, or only write another script: always text, never more."""

import html
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from rdflib import RDF, RDFS, XSD, Graph, Literal, URIRef

from kg.release import Draft
from kg.store import n_quads
from tests.server_release import BASE, fetch, golden_lines, serving

TEXTS = {
    "script": "<script>alert(1)</script>",
    "image": "\"><img src=x onerror=alert(1)>",
    "quotes": "' onmouseover='alert(1) \" autofocus onfocus=\"alert(1)",
    "template": "{{ 7 * 7 }} {% include 'x' %} ${7*7}",
    "comment": "--> <!-- ]]> </title></style></textarea><svg onload=alert(1)>",
    "right-to-left": "شركة \u202eevil\u202c الأخبار",
    "hangul": "김정은 국무위원장",
    "cyrillic": "Дмитрий Сергеевич Песков",
    "control": "bell\u0007 tab\t line\n end",
    "long": "word" * 2500,
}
ARTICLE = f"{BASE}id/article/ffffffffffffffff"


class Tags(HTMLParser):
    """Collects what a browser would take for elements, and their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def hostile_graph():
    """Return one article in which an actor of each name says its own name about an agreement of that name."""
    graph = Graph()

    def ns(name):
        return URIRef(f"{BASE}ns#{name}")

    article = URIRef(ARTICLE)
    graph.add((article, RDF.type, ns("Article")))
    graph.add((article, URIRef("https://schema.org/headline"), Literal(TEXTS["image"])))
    graph.add((article, URIRef("https://schema.org/datePublished"), Literal("2031-01-01", datatype=XSD.date)))
    graph.add((article, URIRef("https://schema.org/url"), URIRef("javascript:alert(1)")))
    start = 0
    for name, text in TEXTS.items():
        person, statement = URIRef(f"{BASE}id/person/{name}"), URIRef(f"{BASE}id/statement/ffffffffffffffff-{start}")
        agreement = URIRef(f"{BASE}id/agreement/ffffffffffffffff-{start}")
        mention = URIRef(f"{ARTICLE}#m-{start}-{start + len(text)}")
        selector = URIRef(f"{ARTICLE}#char={start},{start + len(text)}")
        start += len(text) + 2
        for triple in [
            (person, RDF.type, ns("Person")), (person, RDFS.label, Literal(text)),
            (statement, RDF.type, ns("Statement")), (statement, ns("speaker"), person),
            (statement, ns("about"), agreement),
            (statement, ns("stance"), URIRef(f"{BASE}ns/stance#asserts")), (statement, ns("gist"), Literal(text)),
            (statement, ns("polarity"), URIRef(f"{BASE}ns/polarity#positive")), (statement, ns("quote"), Literal(text)),
            (statement, ns("inArticle"), article), (statement, ns("evidence"), mention),
            (statement, ns("cue"), mention), (agreement, ns("evidence"), mention),
            (agreement, RDF.type, ns("Agreement")), (agreement, RDFS.label, Literal(text)),
            (agreement, ns("party"), person), (agreement, ns("inArticle"), article),
            (mention, RDF.type, ns("Mention")), (mention, URIRef("http://www.w3.org/ns/oa#hasSource"), article),
            (mention, URIRef("http://www.w3.org/ns/oa#hasSelector"), selector), (mention, ns("denotes"), person),
            (selector, URIRef("http://www.w3.org/ns/oa#exact"), Literal(text)),
        ]:
            graph.add(triple)
    return graph


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Return the address of a server that publishes hostile names beside the golden graphs."""
    directory = tmp_path_factory.mktemp("hostile")
    with Draft(directory, base=BASE) as draft:
        draft.add(golden_lines())
        draft.add(n_quads(hostile_graph(), name=f"{BASE}graph/article/ffffffffffffffff"))
        draft.seal(draft.gather(), version="test")
    with serving(directory) as (address, _):
        yield address


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


def test_a_table_for_spreadsheets_holds_no_formulas(hostile):
    rows = fetch(hostile, "/explore?format=csv").text.splitlines()
    assert not [row for row in rows if re.search(r'(^|,)"?[=+@]', row)]
