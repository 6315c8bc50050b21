"""Web pages: their article without what stands around it, set out like a plain text."""

from datetime import date
from pathlib import Path

import pytest

from kg.articles import read_article, read_articles
from kg.errors import ArticleError
from kg.model import Article

pytest.importorskip("trafilatura", reason="reading HTML needs the html extra")

PAGE = Path(__file__).parent / "data" / "articles" / "page.html"


def test_a_page_gives_its_article_without_what_stands_around_it():
    article = read_article(PAGE.read_bytes(), source="page.html")
    words = [span.of(article.text) for span in article.prose]
    assert (words[0], len(words)) == ("Talks on fishing rights resume", 4)
    assert words[1].startswith("The two governments resumed talks")
    assert words[3].endswith("how much herring each may catch.")
    assert "Buy a boat" not in article.text
    assert "Ferry runs aground" not in article.text


def test_the_metadata_of_a_page_give_day_outlet_headline_and_author():
    article = read_article(PAGE.read_bytes(), source="page.html")
    named = [[span.of(article.text) for span in spans] for spans in (article.title, article.publisher, article.authors)]
    assert article.published == date(2024, 4, 24)
    assert named == [["Talks on fishing rights resume"], ["Harbour Post"], ["Ana Roe"]]


def test_pages_are_found_beside_texts(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE.read_bytes())
    (tmp_path / "b.txt").write_text("date 2024-04-24\nTalks resume\n\nThey met on Monday in the capital.")
    found = [article.source for article in read_articles([tmp_path]) if isinstance(article, Article)]
    assert found == ["a.html", "b.txt"]


@pytest.mark.parametrize(("page", "line"), [
    ("<html><body></body></html>", "a.html: a web page without an article; give the page of one article"),
    (f"<html><body><article><p>{'The talks went on for hours. ' * 20}</p></article></body></html>",
     "a.html: a web page without a date; give the text, started with 'date YYYY-MM-DD'"),
])
def test_a_page_without_article_or_date_is_one_clear_error(page, line):
    with pytest.raises(ArticleError) as caught:
        read_article(page.encode(), source="a.html")
    assert str(caught.value) == line
