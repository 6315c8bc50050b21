"""Pages for readers: each asks a constant number of queries, and shows what it found as sentences with their words."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from pyoxigraph import NamedNode

from server.pages.ontology import terms_page
from server.pages.reader import Reader
from server.pages.things import KINDS, plain
from server.publication import Publication

ARGUMENTS = ("said", "behalf", "about", "addressee", "replies", "ground", "articles", "stance")
__all__ = ["ARGUMENTS", "terms_page", "thing_page"]


def thing_page(
    publication: Publication, thing: NamedNode, *, root: str, rest: str, arguments: Mapping[str, str] | None = None,
) -> str:
    """Return the page of a thing.

    Args:
        publication: The release.
        thing: What the page is about.
        root: Leads from the page to the first page.
        rest: The path of the thing below `id/`, percent-encoded as it was asked for.
        arguments: Which page of which list is asked for; see ARGUMENTS.

    Raises: Problem: there is no such page of a list, or a query met a limit.
    """
    reader = Reader(publication=publication, root=root)
    reader.load([thing])
    kinds = reader.kinds(thing)
    build = next((KINDS[kind] for kind in kinds if kind in KINDS), plain)
    shown = build(reader, thing, arguments or {})
    template = shown.pop("template")
    reader.load(reader.asa(kind) for kind in kinds)
    return page(reader, template, iri=thing.value, rest=rest, data=f"data/{rest}",
                kinds=[reader.value(reader.asa(kind)) for kind in kinds], **shown)


def page(reader: Reader, template: str, **shown: Any) -> str:
    """Return a template filled; every page knows its way to the first page, the release and the base IRI."""
    return render_template(template, root=reader.root, release=reader.publication.release, base=reader.base, **shown)
