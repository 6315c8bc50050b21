"""Web pages → the plain text of their article, set out as `layout` reads it.

What is the article and what is navigation, advertising or comment is told by trafilatura; the page's metadata give the
day, the outlet, the headline and the authors. The text of the article is made of them, so that offsets, digest and
blocks mean the same as for a plain text file: they count the text that was taken from the page, not its markup.
"""

import re

from kg.errors import ArticleError

START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head)\b",
                   re.IGNORECASE | re.DOTALL)
SUFFIXES = (".html", ".htm", ".xhtml")


def is_page(data: bytes) -> bool:
    """Return whether bytes are a web page, as their first tag tells.

    >>> is_page(b"<!DOCTYPE html><html lang=en>"), is_page(b"date 2024-04-24")
    (True, False)
    """
    return START.match(data[:4096]) is not None


def page_text(data: bytes, *, source: str) -> str:
    """Return the article of a web page as plain text that starts with its date.

    Raises: ArticleError: the reader of pages is not installed, or the page has no article or no date.
    """
    try:
        import trafilatura
    except ImportError as error:
        raise ArticleError(source, found="a web page",
                           repair="reading HTML needs: pip install 'communique[html]'") from error
    found = trafilatura.bare_extraction(
        data, with_metadata=True, include_comments=False, include_tables=False, favor_precision=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None or isinstance(found, dict) or not found.text:
        raise ArticleError(source, found="a web page without an article", repair="give the page of one article")
    if not found.date:
        raise ArticleError(source, found="a web page without a date",
                           repair="give the text, started with 'date YYYY-MM-DD'")
    outlet = f" ({found.sitename})" if found.sitename and "(" not in found.sitename else ""
    title = _headline(found.title or "", found.sitename or "")
    byline = "By " + ", ".join(name.strip() for name in found.author.split(";")) if found.author else ""
    body = [line.strip() for line in found.text.splitlines()]
    body = body[1:] if body[0] == title else body
    return "\n\n".join(line for line in (f"date {found.date}{outlet}\n{title}".strip(), byline, *body) if line) + "\n"


def _headline(title: str, sitename: str) -> str:
    """Return a page's title without the outlet behind it ("Talks resume - Harbour Post")."""
    whole = " ".join(title.split())
    return re.sub(rf"\s*[-–—|:]\s*{re.escape(sitename)}\Z", "", whole) if sitename else whole
