"""Addresses of the live site → files of a plain web host, and the links between them.

A page has the suffix .html, an argument of its address becomes part of the name (`?said=2` → `.said-2.html`). What a
host without a server cannot answer, a view of the explorer with two filters for example, leads to the query page,
whose engine runs in the browser.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from html import escape, unescape
from posixpath import dirname, relpath
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from server.pages.filters import DAYS, PATHS

ORIGIN = "http://site.invalid/"  # stands for the live site while it is read; the name can never exist (RFC 2606)
LONGEST = 120  # bytes of a part of a file name; file systems allow 255
PAGES = ("ns", "explore", "sparql", "search")
_ODD = re.compile(r"""[\x00-\x1f\x7f\\:*?"<>|]""")
_LINK = re.compile(r'(\s(?:href|src|action|data-root|data-index)=")([^"]*)(")')


@dataclass(frozen=True, slots=True)
class Address:
    """An address below the root of the site, as the live server has it: path as it was sent, and arguments."""

    path: str
    arguments: tuple[tuple[str, str], ...] = ()

    @property
    def asked(self) -> str:
        """The reference that the live server is asked with."""
        return f"/{self.path}" + (f"?{urlencode(self.arguments)}" if self.arguments else "")

    @property
    def given(self) -> Mapping[str, str]:
        """The arguments by name."""
        return dict(self.arguments)


def read_address(reference: str, *, page: Address) -> tuple[Address, str] | None:
    """Return the address that a reference on a page means, and its fragment; None when it leads to another site.

    >>> read_address("../../page/state/RUS?said=2#said", page=Address("page/person/x"))
    (Address(path='page/state/RUS', arguments=(('said', '2'),)), 'said')
    >>> read_address("https://www.wikidata.org/entity/Q159", page=Address(""))
    """
    url = urlsplit(urljoin(ORIGIN + page.asked[1:], reference))
    if f"{url.scheme}://{url.netloc}/" != ORIGIN:
        return None
    return Address(url.path[1:], tuple(sorted(parse_qsl(url.query)))), url.fragment


def is_written(address: Address) -> bool:
    """Return whether an address has a file of its own.

    >>> [is_written(Address("explore", (("stance", "denies"), *more))) for more in ((), (("act", "visit"),))]
    [True, False]
    """
    if address.path == "explore":
        chosen = [name for name in (*PATHS, *DAYS) if name in address.given]
        return not chosen or (len(chosen) == 1 and chosen[0] in PATHS and "view" not in address.given)
    return address.path != "sparql" or not address.arguments


def file_of(address: Address) -> str:
    """Return the file that holds what an address answers with.

    >>> file_of(Address("page/person/%D0%9A%D0%B8%D0%BC", (("said", "2"),))), file_of(Address("dumps/"))
    ('page/person/Ким.said-2.html', 'dumps/index.html')
    >>> file_of(Address("data/state/RUS.ttl")), file_of(Address("explore", (("actor", "id/state/RUS"),)))
    ('data/state/RUS.ttl', 'explore.actor-id~state~RUS.html')
    """
    given = "".join(f".{name}-{value.replace('/', '~')}" for name, value in address.arguments if name != "format")
    path, suffix = address.path, ""
    if not path or path.endswith("/"):
        path, suffix = path + "index", ".html"
    elif address.given.get("format") == "csv":
        suffix = ".csv"
    elif path in PAGES or path.startswith("page/") or (path.startswith("ns/") and "." not in path):
        suffix = ".html"
    parts = [unquote(part) for part in path.split("/")]
    parts[-1] += given + suffix
    return "/".join(_safe(part) for whole in parts for part in whole.split("/"))


def _safe(part: str) -> str:
    """Return part of a file name, another one if file systems would take it for something else or refuse it.

    >>> _safe("RUS.html"), _safe(".."), _safe("a?b")
    ('RUS.html', 'x-e6fc5bb9', 'a_b-cb7774ef')
    """
    plain = _ODD.sub("_", part)
    if plain == part and len(part.encode(errors="replace")) <= LONGEST and part.strip(". ") and part[-1] not in ". ":
        return part
    digest = blake2b(part.encode(errors="surrogatepass"), digest_size=4).hexdigest()
    stem, dot, suffix = plain.rpartition(".")
    known = dot + suffix if suffix in ("html", "ttl", "jsonld", "csv", "atom") else ""
    short = (stem if known else plain).encode(errors="replace")[:40].decode(errors="ignore").strip(". ") or "x"
    return f"{short}-{digest}{known}"


def links(html: str, *, page: Address) -> Iterator[Address]:
    """Yield the addresses of the site that a page leads to, and that have files of their own."""
    for before, reference, _ in _LINK.findall(html):
        found = read_address(unescape(reference), page=page) if "data-" not in before else None
        if found is not None and is_written(found[0]) and not found[0].path.startswith("static/"):
            yield found[0]


def relink(html: str, *, page: Address, query: Callable[[Address], str]) -> str:
    """Return a page whose links lead to files.

    Args:
        html: The page as the live server wrote it.
        page: Its address.
        query: Returns the SPARQL behind a view of the explorer.
    """
    here = file_of(page)

    def replace(found: re.Match[str]) -> str:
        before, reference, after = found.groups()
        if "data-root" in before:
            root = "../" * here.count("/")
            return f"{before}{root}{after}"
        read = read_address(unescape(reference), page=page)
        if read is None:
            return found[0]
        address, fragment = read
        if not is_written(address):
            text = query(address) if address.path == "explore" else address.given.get("query", "")
            address, asked = Address("sparql"), f"?{urlencode({'query': text})}"
        elif address.path == "search":
            address, asked = Address("search"), f"?{urlencode(address.arguments)}" if address.arguments else ""
        else:
            asked = ""
        target = quote(relpath(file_of(address), dirname(here) or "."), safe="/~!$&'()*+,;=-._")
        fragment = f"#{fragment}" if fragment else ""
        if file_of(address) == here and fragment and not asked:
            target = ""
        return f"{before}{escape(target + asked + fragment)}{after}"

    return _LINK.sub(replace, html)
