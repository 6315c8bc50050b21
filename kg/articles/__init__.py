"""Bytes of a news text or web page → Article, with the place of each of its parts.

The text of a plain file is what UTF-8 decodes to, never rewritten; a byte order mark is an encoding signature and not
part of it, so offsets count the code points after it. Line ends stay as they came. The digest alone is taken over LF
line ends, so that one text saved on two systems is one article. The text of a web page is what was taken from it.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from kg.articles import html
from kg.articles.layout import read_layout
from kg.errors import ArticleError
from kg.model import Article

MAX_BYTES = 5_000_000  # of a file; a web page carries far more than its text
MAX_CHARACTERS = 200_000  # of a text; a long one has 50,000, more is a dump of many or no text at all
SUFFIXES = (".txt", ".text", *html.SUFFIXES)

__all__ = ["MAX_BYTES", "MAX_CHARACTERS", "SUFFIXES", "read_article", "read_articles"]


def read_article(data: bytes, *, source: str) -> Article:
    """Return the article in the bytes of a plain text file or a web page.

    Args:
        data: UTF-8, with or without byte order mark, any line ends; or HTML, in any encoding that it names.
        source: File name or URL, kept in the article and named in errors.

    Raises: ArticleError: empty, binary, not UTF-8, over MAX_BYTES or MAX_CHARACTERS, without date, with an impossible
        one, or wordless.

    >>> article = read_article(b" date 2024-04-24 (ANS) The talks failed.\\n", source="a.txt")
    >>> article.published, [span.of(article.text) for span in article.prose]
    (datetime.date(2024, 4, 24), ['The talks failed.'])
    """
    text = _text(data, source=source)
    layout = read_layout(text)
    published, dated = layout.published(source)
    if not layout.has_prose and not layout.title:
        raise ArticleError(f"{source}:1", found="no words besides the date", repair="add the text of the article")
    return Article(
        digest=digest(text), source=source, text=text, blocks=tuple(layout.blocks), published=published,
        dated=dated, title=layout.title, publisher=layout.publisher, authors=layout.authors,
    )


def read_articles(paths: Iterable[Path]) -> Iterator[Article | ArticleError]:
    """Yield the article of each file, or the error that says why there is none; no file stops another.

    Directories are walked in sorted order for files that end in one of SUFFIXES; files that are named themselves are
    read whatever their suffix. `source` of an article is the path below the directory that was given, or the name of
    the file, so that it does not depend on where the tree lies; errors name the path as given.
    """
    for path in paths:
        if path.is_dir():
            for file in sorted(found for found in path.rglob("*") if found.suffix.casefold() in SUFFIXES):
                yield _read_file(file, source=file.relative_to(path).as_posix())
        else:
            yield _read_file(path, source=path.name)


def digest(text: str) -> str:
    """Return the SHA-256, in hex, of a text as UTF-8 with LF line ends.

    >>> digest("a\\r\\nb") == digest("a\\nb")
    True
    """
    return hashlib.sha256(re.sub(r"\r\n?", "\n", text).encode()).hexdigest()


def _read_file(path: Path, *, source: str) -> Article | ArticleError:
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return ArticleError(str(path), found=f"cannot be read ({error.strerror})",
                            repair="check the path and its rights")
    try:
        return replace(read_article(data, source=str(path)), source=source)
    except ArticleError as error:
        return error


def _text(data: bytes, *, source: str) -> str:
    if len(data) > MAX_BYTES:
        raise ArticleError(source, found=f"more than {MAX_BYTES:,} bytes", repair="give one article per file")
    text = html.page_text(data, source=source) if html.is_page(data) else _decode(data, source=source)
    if len(text) > MAX_CHARACTERS:
        raise ArticleError(source, found=f"more than {MAX_CHARACTERS:,} characters",
                           repair="give one article per file")
    return text


def _decode(data: bytes, *, source: str) -> str:
    if not data.strip():
        raise ArticleError(source, found="the file is empty", repair="give a text with a date and some words")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ArticleError(source, found="the text is UTF-16", repair="save it as UTF-8")
    if b"\0" in data:
        raise ArticleError(source, found=f"binary data (a zero byte at {data.index(0)})", repair="give plain text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
        raise ArticleError(source, found=f"not UTF-8: byte {data[offset]:#04x} at {offset}",
                           repair="save it as UTF-8") from error
