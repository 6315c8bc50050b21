"""Reading articles: layouts of every kind, offsets that cut out the text, and one clear line per bad file."""

import os
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import seeds
from kg.articles import MAX_BYTES, MAX_CHARACTERS, read_article, read_articles
from kg.articles.lines import split_lines
from kg.errors import ArticleError
from kg.model import Article, Span

BODY = "The two governments resumed talks on fishing rights, a ministry spokeswoman said on Tuesday in the capital."
MORE = "Both sides hope for a deal before the summer, she added."
WRAPPED = """The harbour of the old town was closed to all
ships on Friday after a ferry ran aground near
the lighthouse, the coast guard said in a short
statement. Nobody was hurt.

A tug from the neighbouring port is expected to
pull the ferry free at high tide on Saturday, a
spokesman said."""


def read(text: str) -> Article:
    return read_article(text.encode(), source="a.txt")


def blocks(article: Article) -> list[tuple[str, str]]:
    return [(block.kind, block.span.of(article.text)) for block in article.blocks]


def words(article: Article, spans: tuple[Span, ...]) -> list[str]:
    return [span.of(article.text) for span in spans]


@pytest.mark.parametrize("first_line", [
    " date 2021-03-09", "date: 2021-03-09", "Date 2021-03-09T08:15:00Z", "2021-03-09", "2021-03-09 08:15",
    "March 9, 2021", "Tuesday, March 9, 2021", "Tue 9 Mar 2021 08:15 GMT", "9th March 2021",
    "Published: 9 March 2021, 8:15 a.m.",
    "Published on March 9, 2021 at 8:15 AM EST", "09.03.2021", "13/03/2021", "Posted 2021/03/09",
    "8:15 PM EST, Tue March 9, 2021",
    "MARCH 9, 2021",
])
def test_the_first_line_may_give_the_date_in_any_usual_form(first_line):
    article = read(f"{first_line}\nTalks on fishing resume\n\n{BODY}\n\n{MORE}\n")
    assert article.published == date(2021, 3, 13 if "13/" in first_line else 9)
    assert words(article, article.title) == ["Talks on fishing resume"]
    assert words(article, article.prose) == ["Talks on fishing resume", BODY, MORE]


@pytest.mark.parametrize(("layout", "expected"), [
    (f"Talks resume\n\nBy Ana Roe and Jan de Wit\n\nApril 24, 2024\n\n{BODY}",
     [("title", "Talks resume"), ("byline", "By Ana Roe and Jan de Wit"), ("date", "April 24, 2024"), ("lead", BODY)]),
    (f"Talks resume\nAna RoeApril 24, 2024\n\n{BODY}",
     [("title", "Talks resume"), ("byline", "Ana Roe"), ("date", "April 24, 2024"), ("lead", BODY)]),
    (f"Talks resume\nAna Roe | Wednesday, 24 April 2024 | 18:53\n\n{BODY}",
     [("title", "Talks resume"), ("byline", "Ana Roe"), ("date", "Wednesday, 24 April 2024 | 18:53"), ("lead", BODY)]),
    (f"date 2024-04-24 (ANS) {BODY}\n\n\n\n{MORE}",
     [("date", "date 2024-04-24"), ("agency", "(ANS)"), ("lead", BODY), ("paragraph", MORE)]),
    (f"date 2024-04-24 (ANS) PORT LOUIS, April 24 (ANS) -- {BODY}",
     [("date", "date 2024-04-24"), ("agency", "(ANS)"), ("dateline", "PORT LOUIS, April 24 (ANS) --"), ("lead", BODY)]),
    (f"date 2024-04-24 {BODY}", [("date", "date 2024-04-24"), ("lead", BODY)]),
    (f"date 2024-04-24 Sport\nTalks resume\n\nNAIROBI (ANS) — {BODY}",
     [("date", "date 2024-04-24"), ("section", "Sport"), ("title", "Talks resume"), ("dateline", "NAIROBI (ANS) —"),
      ("lead", BODY)]),
    (f"Talks resume\nGENEVA, 24 April 2024 – {BODY}",
     [("title", "Talks resume"), ("dateline", "GENEVA, 24 April 2024 –"), ("lead", BODY)]),
    (f"date 2024-04-24\nTalks resume\nWednesdayBy Ana Roe\n{BODY}",
     [("date", "date 2024-04-24"), ("title", "Talks resume"), ("byline", "WednesdayBy Ana Roe"), ("lead", BODY)]),
    (f"date 2024-04-24\nTalks resume\nAna Roe and Jo Doe in Lima\n\nNewsline, Lima - {BODY}",
     [("date", "date 2024-04-24"), ("title", "Talks resume"), ("byline", "Ana Roe and Jo Doe in Lima"),
      ("dateline", "Newsline, Lima -"), ("lead", BODY)]),
    (f"Talks resume\nPage last updated at 14:12 GMT, Wednesday, 24 April 2024\n{BODY}",
     [("title", "Talks resume"), ("date", "Page last updated at 14:12 GMT, Wednesday, 24 April 2024"), ("lead", BODY)]),
    (f"date 2024-04-24 World\n\n{BODY}\n\nWHAT COMES NEXT\n\n{MORE}",
     [("date", "date 2024-04-24"), ("section", "World"), ("lead", BODY), ("section", "WHAT COMES NEXT"),
      ("paragraph", MORE)]),
    (f"date 2024-04-24\nTalks resume\n{BODY}\nSource: Harbour Post, citing a ministry\nDetails: {MORE}\n"
     "Quote: \"We hope.\"",
     [("date", "date 2024-04-24"), ("title", "Talks resume"), ("lead", BODY), ("label", "Source:"),
      ("credit", "Harbour Post, citing a ministry"), ("label", "Details:"), ("paragraph", MORE), ("label", "Quote:"),
      ("paragraph", '"We hope."')]),
    (f"date 2024-04-24\nTalks resume\nA boat in the harbour. Photo: Ana Roe\n{BODY}",
     [("date", "date 2024-04-24"), ("title", "Talks resume"), ("caption", "A boat in the harbour. Photo: Ana Roe"),
      ("lead", BODY)]),
    (f"date 2024-04-24\nTalks resume\n{BODY}\n(Reporting by Ana Roe; Editing by Jan Doe)\n© 2024 Harbour Post",
     [("date", "date 2024-04-24"), ("title", "Talks resume"), ("lead", BODY),
      ("credit", "(Reporting by Ana Roe; Editing by Jan Doe)"), ("credit", "© 2024 Harbour Post")]),
    (f"{BODY}\n{MORE}\n24 April 2024", [("lead", BODY), ("paragraph", MORE), ("date", "24 April 2024")]),
])
def test_each_line_finds_its_kind(layout, expected):
    article = read(layout)
    assert blocks(article) == expected
    assert article.published == date(2024, 4, 24)


@pytest.mark.parametrize("sentence", [
    "On 24 April 2024 the two governments met in the harbour town for the first time in years.",
    "NATO — the alliance of 32 states — said that it would watch the talks with great interest.",
    "“We hope for the best,” she said.",
    "Ministers called the photo shown on television a fake and asked the station to apologise for it.",
    "QUESTION: Will the ferry run again by the end of the week?",
    "Officials: the ferry will run again by the end of the week, weather permitting.",
])
def test_a_sentence_stays_prose_whatever_it_holds(sentence):
    article = read(f"date 2024-04-25 World\nTalks resume\n\n{BODY}\n\n{sentence}\n\n{MORE}")
    assert blocks(article)[-2] == ("paragraph", sentence)
    assert article.published == date(2024, 4, 25)


@pytest.mark.parametrize(("byline", "authors", "publisher"), [
    ("By Ana Roe", ["Ana Roe"], []),
    ("By Ana Roe, Jan de Wit and Élise O’Hara", ["Ana Roe", "Jan de Wit", "Élise O’Hara"], []),
    ("BY ANA ROE", ["ANA ROE"], []),
    ("By Ana Roe, Harbour Post", ["Ana Roe"], ["Harbour Post"]),
    ("By Ana Roe in Nairobi", ["Ana Roe"], []),
    ("By Staff Reporter", [], []),
    ("By AFP", [], ["AFP"]),
])
def test_a_byline_names_authors_and_outlet(byline, authors, publisher):
    article = read(f"date 2024-04-24\nTalks resume\n\n{byline}\n\n{BODY}\n")
    assert (words(article, article.authors), words(article, article.publisher)) == (authors, publisher)


@pytest.mark.parametrize(("line", "publisher"), [
    ("date 2024-04-24 (Harbour Times) ", "Harbour Times"), ("date 2024-04-24 (ANS- Harbour Times) ", "ANS"),
    ("date 2024-04-24\nTalks resume\n\nNAIROBI (ANS) - ", "ANS"),
    ("date 2024-04-24\nTalks resume\n\nHarbourNewsWednesday, 24 April 2024, 12:40\n", "HarbourNews"),
])
def test_the_publisher_is_the_agency_or_outlet_that_the_text_names(line, publisher):
    article = read(line + BODY)
    assert words(article, article.publisher) == [publisher]


def test_paragraphs_wrapped_at_a_column_are_read_whole():
    article = read(f"24 April 2024\n\nFerry runs aground\n\n{WRAPPED}\n")
    first, second = WRAPPED.split("\n\n")
    assert words(article, article.prose) == ["Ferry runs aground", first, second]


def test_one_sentence_per_line_is_not_taken_for_wrapped_text():
    text = "date 2024-04-24\nTalks resume\nThey go on.\nShe is glad.\nNobody left.\nMore talks will follow soon.\n"
    assert len(read(text).prose) == 5


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_change_offsets_but_not_identity(line_end, mark):
    text = f"date 2024-04-24\nTalks resume\n\n{BODY}\n"
    plain, other = read(text), read_article(mark + text.replace("\n", line_end).encode(), source="a.txt")
    assert other.digest == plain.digest
    assert other.text == text.replace("\n", line_end)
    assert words(other, other.prose) == words(plain, plain.prose)


def test_a_form_feed_ends_a_line():
    article = read(f"date 2024-04-24\fTalks resume\f{BODY}")
    assert words(article, article.prose) == ["Talks resume", BODY]


@pytest.mark.parametrize(("data", "line"), [
    (b"", "a.txt: the file is empty; give a text with a date and some words"),
    (b" \n\n ", "a.txt: the file is empty; give a text with a date and some words"),
    (b"\x89PNG\r\n\x1a\n\0\0", "a.txt: binary data (a zero byte at 8); give plain text"),
    (b"date 2024-04-24\nCaf\xe9 closes\n", "a.txt: not UTF-8: byte 0xe9 at 19; save it as UTF-8"),
    (b"\xef\xbb\xbfdate 2024-04-24\nCaf\xe9 closes\n", "a.txt: not UTF-8: byte 0xe9 at 22; save it as UTF-8"),
    ("date 2024-04-24\nTalks".encode("utf-16"), "a.txt: the text is UTF-16; save it as UTF-8"),
    (b"Talks resume\n\nThey met on Monday.\n",
     "a.txt:1: no date of publication; start the file with 'date YYYY-MM-DD'"),
    (b" date 2024-02-30 World\nTalks\n", "a.txt:1: the day 2024-02-30 does not exist; write the date as YYYY-MM-DD"),
    (b"Talks resume\n\nFebruary 30, 2024\n\nThey met.",
     "a.txt:3: the day February 30, 2024 does not exist; write the date as YYYY-MM-DD"),
    (b"date 2024-04-24\n***\n", "a.txt:1: no words besides the date; add the text of the article"),
    (b"a" * (MAX_BYTES + 1), "a.txt: more than 5,000,000 bytes; give one article per file"),
    (b"a" * (MAX_CHARACTERS + 1), "a.txt: more than 200,000 characters; give one article per file"),
])
def test_a_bad_file_gives_one_line_that_says_where_what_and_how_to_repair(data, line):
    with pytest.raises(ArticleError) as caught:
        read_article(data, source="a.txt")
    assert str(caught.value) == line


def test_a_bad_file_stops_no_other(tmp_path):
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "b.txt").write_text(f"date 2024-04-24\nTalks resume\n\n{BODY}")
    (tmp_path / "a.txt").write_text("no date")
    (tmp_path / "c.csv").write_text("not an article")
    bad, good, missing = read_articles([tmp_path, tmp_path / "gone.txt"])
    assert isinstance(bad, ArticleError)
    assert bad.where == f"{tmp_path / 'a.txt'}:1"
    assert isinstance(good, Article)
    assert good.source == "below/b.txt"
    assert str(missing).startswith(f"{tmp_path / 'gone.txt'}: cannot be read (No such file or directory); ")


PIECES = st.sampled_from([
    "date 2024-04-24", " (ANS) ", "\n", "\n\n", "\r\n", "\f", "By Ana Roe", "Source: ", "Details:", "April 24, 2024",
    "18:53", "PARIS — ", "Photo: X", "She said “no”.", "a", "Ünï", "😀", "\t", "© 2024", "\u2028", "World",
    "Monday, ",
])


@given(st.lists(PIECES, max_size=25).map("".join))
def test_any_layout_keeps_its_text_and_its_blocks_in_order(text):
    try:
        article = read("date 2024-04-24 World\nA\n" + text)
    except ArticleError:
        return
    assert article.text == "date 2024-04-24 World\nA\n" + text
    spans = [block.span for block in article.blocks]
    assert all(first.end <= second.start for first, second in pairwise(spans))
    assert all(span.of(article.text) == span.of(article.text).strip() != "" for span in spans)


@given(st.text())
def test_lines_hold_all_that_is_not_blank(text):
    spans = [line.span for line in split_lines(text)]
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())


def test_the_seeds_are_read_in_full():
    first, second = read_articles([Path(seeds.__path__[0])])
    assert (first.key, first.published) == ("5e900040bec38a6c", date(2024, 4, 24))
    assert words(first, first.publisher) == ["MENAFN"]
    assert (second.key, second.published) == ("871007b8ba97c362", date(2024, 6, 24))
    assert words(second, second.authors) == ["Oleh Pavliuk", "Anastasia Protz"]
    assert words(second, second.title)[0].startswith("US assumes that Russia will help North Korea")
    assert (len(first.prose), len(second.prose)) == (5, 11)


def test_every_development_article_is_read():
    shared = os.environ.get("COMMUNIQUE_SHARED")
    if not shared:
        pytest.skip("COMMUNIQUE_SHARED names no directory with development articles")
    found = list(read_articles([Path(shared) / "gold" / "dev" / "texts"]))
    assert len(found) >= 8
    assert all(isinstance(article, Article) and article.prose for article in found)


@pytest.mark.parametrize(("text", "source", "day", "words"), [
    (f"TALKS RESUME\n\nConakry, 27 September 2003\n\n{BODY}", "a.txt", date(2003, 9, 27), ["27 September 2003"]),
    (f"Talks resume\n\n{BODY}", "in/2019-04-05 talks.txt", date(2019, 4, 5), []),
    (f"Talks resume\n\nAna Roe spoke on 4 April 2019. They met on 1 May 1990.\n\n{BODY}", "a.txt", date(2019, 4, 4),
     ["4 April 2019"]),
    (f"{BODY}\n{BODY}\n{BODY}\nThe pact of 3 May 1990 lapsed on 30 June 2010, said Roe.", "a.txt", date(2010, 6, 30),
     ["30 June 2010"]),
    (f"Press release No. 14/2019, 5 May 2019\n\n{BODY}", "a.txt", date(2019, 5, 5), ["5 May 2019"]),
    (f"MAY 5, 2019 / 3:02 PM\n\n{BODY}", "a.txt", date(2019, 5, 5), ["MAY 5, 2019"]),
    (f"Issue date: 05 May 2019\n\n{BODY}", "a.txt", date(2019, 5, 5), ["05 May 2019"]),
    (f"Talks resume\n\n{BODY}\nPress Release - 5 May 2019 - Harare\n", "a.txt", date(2019, 5, 5), ["5 May 2019"]),
    (f"Vol. 12, No. 3, May 2019\n\n{BODY}", "a.txt", date(2019, 5, 31), ["May 2019"]),
    (f"03/04/2019\n\n{BODY}", "a.txt", date(2019, 4, 3), ["03/04/2019"]),
    (f"Northern Assembly\n\nPlenary  Press release – Budget – 03-04-2019 - 10:05\n\nFerries win\n\n{BODY}", "a.txt",
     date(2019, 4, 3), ["03-04-2019 - 10:05"]),
    (f"Talks resume\n\nBack to 03/04/2019 we go, said Roe.\n\n{BODY}", "a.txt", date(2019, 4, 3), ["03/04/2019"]),
    (f"03-04-2019\n\n{BODY}", "a.txt", date(2019, 4, 3), ["03-04-2019"]),
    (f"03/04/2019\n\nThe U.S. envoy left. {BODY}", "a.txt", date(2019, 3, 4), ["03/04/2019"]),
    (f"04/23/2019\n\n{BODY}", "a.txt", date(2019, 4, 23), ["04/23/2019"]),
])
def test_without_a_date_line_place_file_name_or_text_tell_the_day(text, source, day, words):
    article = read_article(text.encode(), source=source)
    assert (article.published, [span.of(text) for span in article.dated]) == (day, words)
