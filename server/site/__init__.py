"""The whole site as files for a plain web host: every page, its data, dumps, feeds, and a query page with its engine.

The pages are those of the live server, asked without a socket; only their links are other ones. Nothing of them needs
a program on the host: names are found in an index that the browser reads, and SPARQL is answered in the browser.
"""

import json
import logging
import re
import shutil
from collections import deque
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask
from pyoxigraph import NamedNode
from tqdm import tqdm

from kg.errors import KgError
from kg.formats import JSON_LD, TURTLE
from server import create_app
from server.documents import RDF_TYPE
from server.downloads import downloads
from server.errors import Problem
from server.pages.explore import view_query
from server.pages.feeds import ATOM
from server.pages.front import names_of
from server.pages.reader import Reader
from server.publication import Publication
from server.settings import Settings
from server.site.addresses import ORIGIN, Address, file_of, links, relink
from server.site.hosting import hosting_files, meta_policy

logger = logging.getLogger(__name__)
MARK = ".communique-site"  # lies in every folder that holds a site, so that nothing else is ever overwritten
STATIC = Path(__file__).parent.parent / "static"
FIRST = ("", "explore", "sparql", "search", "ns", "dumps/", "catalog.ttl", "dataset.jsonld", ".well-known/void")
PER_MAP = 40_000  # addresses of a sitemap


def write_site(release_directory: Path, out: Path, *, settings: Settings | None = None, progress: bool = False) -> int:
    """Write the site of a release to a folder, and return how many files it has.

    The folder is replaced as a whole when everything is written.

    Args:
        release_directory: What `kg build` wrote.
        out: Folder of the site: a new one, an empty one, or one that holds an earlier site.
        settings: Limits of the queries behind the pages.
        progress: Whether to show a bar on standard error.

    Raises: KgError: `out` holds something else, or a page cannot be made. ReleaseError: there is no whole release.
    """
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise KgError(str(out), found="holds files that are no site of ours", repair="name a new folder")
    scratch = out.with_name(out.name + ".partial")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    app = create_app(release_directory, settings=settings)
    app.jinja_env.globals.update(static=True, formats=(TURTLE, JSON_LD))
    publisher = app.extensions["publisher"]
    try:
        with publisher.use() as publication:
            _write(app, publication, scratch, progress=progress)
    finally:
        publisher.close()
    (scratch / MARK).write_text("This folder is replaced by `kg site`.\n", encoding="utf-8")
    if out.exists():
        shutil.rmtree(out)
    scratch.rename(out)
    return sum(1 for path in out.rglob("*") if path.is_file())


def _write(app: Flask, publication: Publication, out: Path, *, progress: bool) -> None:
    base = publication.release.base
    reader = Reader(publication=publication, root="")
    lead = re.compile(rf'(href="{re.escape(base)})(page/[^"]*)(")')

    def query(address: Address) -> str:
        try:
            return view_query(reader, address.given)
        except Problem:
            return ""

    waiting = deque([*map(Address, FIRST), *_things(publication)])
    known, written = set(waiting), []
    client = app.test_client()
    with tqdm(disable=None if progress else True, unit=" files", desc="site") as bar:
        while waiting:
            address = waiting.popleft()
            bar.total = len(known)
            bar.update()
            if address.path.startswith("dumps/") and address.path != "dumps/":
                continue  # these are copied as they are
            response = client.get(address.asked, base_url=ORIGIN.rstrip("/"), headers={"Accept": _accept(address)})
            if response.status_code in (404, 410):
                logger.warning("%s: nothing is published there; a link leads nowhere", address.asked)
                continue
            if response.status_code != 200:
                raise KgError(address.asked, found=f"HTTP {response.status_code}", repair="look at it with kg serve")
            body, name = response.get_data(), file_of(address)
            if response.mimetype == "text/html":
                html = body.decode()
                found = [link for link in dict.fromkeys(links(html, page=address)) if link not in known]
                known.update(found)
                waiting.extend(found)
                body = _finished(relink(html, page=address, query=query), name).encode()
                written.append(name)
            elif response.mimetype == ATOM:
                text = lead.sub(lambda found: found[1] + quote(file_of(Address(found[2]))) + found[3], body.decode())
                body = text.encode()
            _put(out / name, body)
    _add_files(publication, out, written)
    for name, text in hosting_files(base):
        _put(out / name, text.encode())
    with app.test_request_context("/"):
        _put(out / "404.html", _finished(_not_found(app, publication), "404.html").encode())


def _accept(address: Address) -> str:
    return "text/turtle" if address.path == ".well-known/void" else "text/html, */*;q=0.5"


def _things(publication: Publication) -> Iterator[Address]:
    """Yield the pages of everything that has an IRI of its own."""
    space = f"{publication.release.base}id/"
    seen: set[str] = set()
    for quad in publication.store.quads_for_pattern(None, RDF_TYPE, None):
        node = quad.subject
        if isinstance(node, NamedNode) and node.value.startswith(space) and "#" not in node.value:
            href = Reader(publication=publication, root="").href(node)[0]
            if href not in seen:
                seen.add(href)
                yield Address(href)


def _finished(html: str, name: str) -> str:
    """Return a page that carries its own policy."""
    tag = f'<meta http-equiv="Content-Security-Policy" content="{escape(meta_policy(name))}">'
    return html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">\n{tag}', 1)


def _put(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def _add_files(publication: Publication, out: Path, pages: list[str]) -> None:
    """Write assets, dumps, the index of names, sitemaps and robots.txt."""
    shutil.copytree(STATIC, out / "static")
    for file in downloads(publication):
        target = out / "dumps" / file.name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(publication.release.path / file.name, target)
    rows: list[dict[str, Any]] = [
        {"name": name, "kind": kind, "href": file_of(Address(href))} for name, kind, href in names_of(publication)]
    _put(out / "search-index.json", json.dumps({"results": rows}, ensure_ascii=False).encode())
    base, day = publication.release.base, publication.release.made_at
    listed = sorted(name for name in pages if name.startswith("page/") or name == "index.html")
    maps = [listed[start:start + PER_MAP] for start in range(0, len(listed), PER_MAP)]
    for number, names in enumerate(maps, 1):
        _put(out / f"sitemap-{number}.xml", _sitemap("urlset", "url", [base + name for name in names], day))
    _put(out / "sitemap.xml", _sitemap("sitemapindex", "sitemap",
                                       [f"{base}sitemap-{number + 1}.xml" for number in range(len(maps))], day))
    _put(out / "robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n".encode())


def _sitemap(outer: str, inner: str, urls: list[str], day: str) -> bytes:
    rows = "".join(f"<{inner}><loc>{escape(url)}</loc><lastmod>{day}</lastmod></{inner}>\n" for url in urls)
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
            f"{rows}</{outer}>\n").encode()


def _not_found(app: Flask, publication: Publication) -> str:
    """Return the page for addresses that lead nowhere; it knows only the base, as it stands at any depth."""
    render: Callable[..., str] = app.jinja_env.get_template("missing.html").render
    return render(root=publication.release.base, release=publication.release, base=publication.release.base)
