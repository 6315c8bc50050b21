"""The addresses of pages that are not about one thing: first page, search and explorer."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, g, request

from server import downloads
from server.negotiation import HTML
from server.pages import page
from server.pages.explore import FILTERS, explore
from server.pages.front import home, search, suggestions
from server.pages.reader import Reader
from server.pages.results import table
from server.publication import Answer, Publication
from server.responses import respond, tag_of

blueprint = Blueprint("pages", __name__)
NOT_INDEXED = ("X-Robots-Tag", "noindex, nofollow")


def kept(
    name: str, arguments: Mapping[str, str], build: Callable[[Reader], bytes], *, media_type: str = HTML,
    headers: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """Return an answer that was kept, or build it and keep it: a release never changes."""
    publication: Publication = g.publication
    key = (name, media_type, tuple(sorted(arguments.items())))
    found = publication.kept.get(key)
    if found is None:
        body = build(Reader(publication=publication, root="../" * name.count("/")))
        tag = tag_of(publication.release.id, name, media_type, json.dumps(arguments, sort_keys=True))
        found = Answer(body=body, media_type=media_type, tag=tag, headers=headers)
        publication.kept.put(key, found)
    return found


def written(reader: Reader, shown: dict[str, Any]) -> bytes:
    """Return a page of what is shown, which names its template."""
    return page(reader, shown.pop("template"), **shown).encode()


@blueprint.get("/")
def landing() -> Response:
    """Answer with the first page."""
    def build(reader: Reader) -> bytes:
        return written(reader, home(reader) | {"files": downloads.downloads(reader.publication)})

    return respond(kept("", {}, build), links=('<.well-known/void>; rel="describedby"', '<sparql>; rel="service"'))


@blueprint.get("/search")
def find() -> Response:
    """Answer with what a search found."""
    arguments = {"q": request.args.get("q", "")}
    return respond(kept("search", arguments, lambda reader: written(reader, search(reader, arguments)),
                        headers=(NOT_INDEXED,)))


@blueprint.get("/api/search")
def suggest() -> Response:
    """Answer with suggestions for a search, as JSON."""
    arguments = {"q": request.args.get("q", "")}

    def build(reader: Reader) -> bytes:
        reader.root = ""
        return json.dumps({"results": suggestions(reader, arguments["q"])}, ensure_ascii=False).encode()

    return respond(kept("api/search", arguments, build, media_type="application/json"))


@blueprint.get("/explore")
def exploration() -> Response:
    """Answer with the statements that pass the chosen filters: a page, or CSV."""
    arguments = {name: value for name in FILTERS if (value := request.args.get(name, ""))}
    if arguments.pop("format", "") == "csv":
        return respond(kept("explore", arguments, lambda reader: table(reader, arguments), media_type="text/csv"))
    return respond(kept("explore", arguments, lambda reader: written(reader, explore(reader, arguments)),
                        headers=(NOT_INDEXED,)))
