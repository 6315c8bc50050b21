"""The pages over a real socket: what a reader sees of a thing."""

import csv
import html
import io
import re

import pytest

from tests.server_release import fetch


def read(site, path):
    """Return a page as HTML, and as the text that a reader sees, blanks folded."""
    page = fetch(site, f"/{path}", headers={"Accept": "text/html"}).text
    return page, " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())


@pytest.mark.parametrize(("path", "words"), [
    ("", ("Who said what, who agreed to what", "statements", "How to cite", "dump.nq.gz", "Most contested",
          "North Korea: deliver arms or munitions → Russia 2 for · 2 against", "Newest agreements")),
    ("sparql", ("Run", "time limit 10 seconds", "longest query 1,000,000 bytes", "Who contradicts whom")),
    ("page/person/jung-pak", ("Jung Pak", "Person", "What they said 8", "Jung Pak warns: it could embolden",
                              "Deputy Assistant Secretary of State", "as of 2024-04-24")),
    ("page/person/dmitry-peskov", ("denies 1", "Who stands on the other side",
                                   "North Korea: deliver arms or munitions → Russia against Kurt Campbell 1")),
    ("page/state/RUS", ("What was said about it", "Agreements", "mutual defence pact North Korea signed 2024-06-24")),
    ("page/org/menafn", ("Articles it published 1", "2024-04-24 Article of 2024-04-24 (MENAFN)")),
    ("page/statement/5e900040bec38a6c-62", ("Jung Pak is concerned: the deepening relationship", "2024-04-24",
                                            "on behalf of", "Article of 2024-04-24 (MENAFN)", "through Bloomberg",
                                            "when 2024-04-22", "certain , as the speaker presents it")),
    ("page/statement/5e900040bec38a6c-881", ("On the other side 2", "Kurt Campbell", "On the same side 2")),
    ("page/article/5e900040bec38a6c", ("Article of 2024-04-24", "17 statements, 1 agreement,", "Jung Pak warns: it")),
    ("page/agreement/871007b8ba97c362-1597", ("mutual defence pact", "parties North Korea , Russia", "signed",
                                              "between 2024-06-17 and 2024-06-23", "Obligations", "duty", "when")),
    ("page/proposition/57f7de19a608d5b1bcb7", ("For 2", "Against 2", "Dmitry Peskov denies:", "no verdict",
                                               "who North Korea does what deliver arms or munitions to whom Russia")),
    ("search?q=peskov", ("Dmitry Peskov person", "Statements with these words")),
    ("search?q=EMBOLDEN", ("No name holds these words.", "Jung Pak warns: it could embolden")),
    ("explore", ("Speaker", "Jung Pak 8", "denies 2", "deliver arms or munitions 4", "Statements 332")),
    ("explore?stance=denies", ("Stance: denies ×", "Statements 2", "officials (unnamed) deny: allegations")),
    ("explore?view=matrix&stance=denies", ("Who speaks about whom", "Dmitry Peskov", "Speaker")),
    ("explore?from=2024-06-01&until=2024-06-30", ("Statements 15", "Kurt Campbell 8")),
    ("ns", ("Statement asa:Statement", "for example", "What is checked before it is published",
            "a statement stands in one article")),
    ("ns/stance", ("How a speaker relates to the content", "says that it is not so", "CAMEO")),
    ("dumps/", ("dump.ttl.gz", "SHA-256")),
])
def test_a_page_tells_what_a_reader_wants_to_know(site, path, words):
    _, text = read(site, path)
    assert [word for word in words if word not in text] == []


def test_the_cue_and_the_wording_are_marked_in_the_words_of_evidence(site):
    page, _ = read(site, "page/statement/5e900040bec38a6c-62")
    words = page.partition("The words it rests on")[2].partition("<p")[0]
    assert re.findall('<mark class="cue">([^<]*)</mark>', words) == ["raised alarm"]
    assert words.count("<blockquote") == 2


def test_statements_of_an_article_stand_in_the_order_of_the_text(site):
    page, _ = read(site, "page/article/5e900040bec38a6c")
    offsets = [int(found) for found in re.findall(r'class="gist" href="[^"]*-(\d+)"', page)]
    assert offsets == sorted(offsets)
    assert len(offsets) == 17


@pytest.mark.parametrize("anchor", ["m-26-234", "char=26,234", "char=62,74"])
def test_a_fragment_of_an_article_is_an_anchor_of_its_page(site, anchor):
    page, _ = read(site, "page/article/5e900040bec38a6c")
    assert page.count(f'id="{anchor}"') == 1


def test_words_lead_to_their_place_in_the_article(site):
    page, _ = read(site, "page/statement/5e900040bec38a6c-62")
    assert 'href="../../page/article/5e900040bec38a6c#m-26-234"' in page


def test_an_article_shows_only_sentences_that_carry_evidence(site):
    _, text = read(site, "page/article/871007b8ba97c362")
    assert "Campbell noted that" in text
    assert "Photo:" not in text


def test_a_wrong_query_comes_back_in_the_form_with_the_message(site):
    page, text = read(site, "sparql?query=SELECT%20*%20%7B%20%3Cb%3E")
    assert "the query does not parse" in text
    assert "SELECT * { &lt;b&gt;</textarea>" in page


def test_an_example_of_the_first_page_has_an_answer(site):
    page, _ = read(site, "")
    links = [html.unescape(link) for link in re.findall(r'href="(sparql\?query=[^"]*)"', page)]
    assert len(links) == 7  # three examples, and the query behind each of four lists
    for link in links:
        answer, text = read(site, link)
        assert "<table" in answer
        assert "0 rows" not in text


def test_a_page_has_one_heading_and_no_script_in_it(site):
    for path in ("", "sparql", "page/state/RUS", "ns", "dumps/", "nowhere", "explore", "search?q=x"):
        page, _ = read(site, path)
        assert page.count("<h1") == 1
        tags = [tag for tag in re.findall("<script[^>]*>", page) if 'type="application/json"' not in tag]
        assert all(' src="' in tag and "//" not in tag for tag in tags)
        assert " style=" not in page
        assert re.search(r"\son\w+=", page) is None


def test_the_query_behind_a_list_finds_what_the_list_shows(site):
    page, _ = read(site, "page/person/jung-pak")
    [link] = {html.unescape(found) for found in re.findall(r'href="([^"]*sparql\?query=[^"]*)"', page)
              if "asa%3Aspeaker%20" in found and "day%20%3Farticle" in found}
    answer = fetch(site, "/" + link.removeprefix("../../"), headers={"Accept": "text/html"}).text
    assert "8 rows" in answer
    assert answer.count("page/statement/") == 8


def test_lists_have_pages_that_hold_every_statement_once(site):
    found, path = [], "page/group/busy"
    for _ in range(20):
        page, _ = read(site, path)
        found += re.findall(r'class="gist" href="([^"]*)"', page)
        following = re.search(r'rel="next nofollow" href="([^"#]*)', page)
        if not following:
            break
        path = "page/group/busy" + html.unescape(following[1])
    assert (len(found), len(set(found))) == (300, 300)


@pytest.mark.parametrize("path", ["page/group/busy?said=0", "page/group/busy?said=x",
                                  "page/group/busy?said=99999999999", "explore?view=nothing", "explore?page=-1"])
def test_a_page_of_a_list_that_cannot_be_is_not_found(site, path):
    assert fetch(site, f"/{path}").status == 404


@pytest.mark.parametrize("path", ["explore?from=yesterday", "explore?stance=%3E", "explore?actor=a%20b%3Cscript%3E"])
def test_an_impossible_filter_is_refused(site, path):
    reply = fetch(site, f"/{path}", headers={"Accept": "text/html"})
    assert reply.status == 400
    assert "<script>" not in reply.text


def test_one_stance_of_an_actor_can_be_read_alone(site):
    _, text = read(site, "page/person/dmitry-peskov?stance=denies")
    assert "What they said 1" in text
    assert "Dmitry Peskov asserts:" not in text.partition("Who stands on the other side")[0]


def test_suggestions_come_as_json(site):
    reply = fetch(site, "/api/search?q=pesk")
    assert reply.json == {"results": [
        {"name": "Dmitry Peskov", "kind": "person", "href": "page/person/dmitry-peskov"}]}
    assert fetch(site, "/api/search?q=").json == {"results": []}


def test_what_passes_the_filters_comes_as_csv(site):
    reply = fetch(site, "/explore?stance=denies&format=csv")
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert reply.kind == "text/csv"
    assert {(row["speaker"], row["side"], row["start"]) for row in rows} == {
        ("Dmitry Peskov", "negative", "881"), ("North Korean officials (unnamed)", "negative", "1002")}


def test_a_page_links_its_data_and_the_query_page_lists_them(site):
    page, _ = read(site, "page/person/jung-pak")
    assert '<link rel="alternate" type="application/ld+json" href="../../data/person/jung-pak.jsonld">' in page
    assert '<link rel="canonical" href="https://example.org/id/person/jung-pak">' in page


@pytest.mark.parametrize("path", ["", "page/person/jung-pak", "page/article/5e900040bec38a6c", "page/state/RUS", "ns",
                                  "page/agreement/871007b8ba97c362-1597", "explore?view=matrix", "sparql"])
def test_an_anchor_stands_once_and_every_label_has_its_element(site, path):
    page, _ = read(site, path)
    anchors = re.findall(r'\sid="([^"]*)"', page)
    assert len(anchors) == len(set(anchors))
    named = re.findall(r'\s(?:aria-labelledby|for)="([^"]*)"', page)
    assert set(named) <= set(anchors)
