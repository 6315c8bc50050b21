"""The pages over a real socket: what a reader sees of a thing."""

import html
import re

import pytest

from tests.server_release import fetch


def read(site, path):
    """Return a page as HTML, and as the text that a reader sees, blanks folded."""
    page = fetch(site, f"/{path}", headers={"Accept": "text/html"}).text
    return page, " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())


@pytest.mark.parametrize(("path", "words"), [
    ("", ("Who said what, who agreed to what", "statements", "How to cite", "dump.nq.gz")),
    ("sparql", ("Run", "time limit 10 seconds", "longest query 1,000,000 bytes", "Who contradicts whom")),
    ("page/person/jung-pak", ("Jung Pak", "Person", "What it said (8)", "Jung Pak — warns — it could embolden")),
    ("page/statement/5e900040bec38a6c-62", ("Jung Pak — is concerned — the deepening relationship", "2024-04-24",
                                            "on behalf of", "Article of 2024-04-24 (MENAFN)")),
    ("page/article/5e900040bec38a6c", ("Article of 2024-04-24 (MENAFN)", "Statements in this article (17)",
                                       "Agreements in this article (1)")),
    ("page/agreement/871007b8ba97c362-1597", ("mutual defence pact", "party North Korea Russia", "signed")),
    ("page/proposition/57f7de19a608d5b1bcb7", ("Put forward by (2)", "Rejected by (2)", "Dmitry Peskov — denies —")),
    ("ns/stance", ("The scheme stance", "says that it is not so")),
    ("dumps/", ("dump.ttl.gz", "SHA-256")),
])
def test_a_page_tells_what_a_reader_wants_to_know(site, path, words):
    _, text = read(site, path)
    assert [word for word in words if word not in text] == []


def test_the_cue_and_the_wording_are_marked_in_the_words_of_evidence(site):
    page, _ = read(site, "page/statement/5e900040bec38a6c-62")
    assert re.findall('<mark class="cue">([^<]*)</mark>', page) == ["raised alarm"]
    assert page.count("<blockquote") == 2


def test_statements_of_an_article_stand_in_the_order_of_the_text(site):
    page, _ = read(site, "page/article/5e900040bec38a6c")
    offsets = [int(found) for found in re.findall(r'class="gist" href="[^"]*-(\d+)"', page)]
    assert offsets == sorted(offsets)
    assert len(offsets) == 17


def test_a_fragment_of_an_article_is_an_anchor_of_its_page(site):
    page, _ = read(site, "page/article/5e900040bec38a6c")
    assert 'id="m-26-234"' in page
    assert 'href="../../page/article/5e900040bec38a6c#m-26-234"' in read(site, "page/statement/5e900040bec38a6c-62")[0]


def test_a_wrong_query_comes_back_in_the_form_with_the_message(site):
    page, text = read(site, "sparql?query=SELECT%20*%20%7B%20%3Cb%3E")
    assert "the query does not parse" in text
    assert "SELECT * { &lt;b&gt;</textarea>" in page


def test_an_example_of_the_first_page_has_an_answer(site):
    page, _ = read(site, "")
    links = [html.unescape(link) for link in re.findall(r'href="(sparql\?query=[^"]*)"', page)]
    assert len(links) == 3
    for link in links:
        answer, text = read(site, link)
        assert "<table>" in answer
        assert "0 rows" not in text


def test_a_page_has_one_heading_and_no_script(site):
    for path in ("", "sparql", "page/state/RUS", "ns", "dumps/", "nowhere"):
        page, _ = read(site, path)
        assert page.count("<h1") == 1
        assert "<script" not in page
        assert " style=" not in page
        assert " on" + "click" not in page
