"""Pages for readers: each asks a constant number of queries, and shows what it found as sentences with their words."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from flask import render_template
from pyoxigraph import NamedNode

from server.pages.ontology import terms_page
from server.pages.reader import Reader, cut
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
    reader.load([thing], whole=True)
    kinds = reader.kinds(thing)
    build = next((KINDS[kind] for kind in kinds if kind in KINDS), plain)
    shown = build(reader, thing, arguments or {})
    template = shown.pop("template")
    reader.load(reader.asa(kind) for kind in kinds)
    shown["correction"] = correction(reader, thing, title=shown["line"].title if "line" in shown else shown["label"])
    return page(reader, template, iri=thing.value, rest=rest, data=f"data/{rest}",
                kinds=[reader.value(reader.asa(kind)) for kind in kinds], **shown)


def correction(reader: Reader, thing: NamedNode, *, title: str) -> str:
    """Return the link by which readers report an error of a thing: to what, and in which release, is filled in.

    Args:
        reader: Has the thing and its evidence.
        thing: What the error is about.
        title: What it is called.
    """
    publication = reader.publication
    words = [f"Words: {found.value}" for found in reader.objects(thing, "evidence")]
    body = "\n".join(("What is wrong, and what would be right?", "", "", cut(title, 300), thing.value, *words[:5],
                      f"Release: {publication.release.id}"))
    where = publication.settings.corrections or "mailto:"
    subject = "subject" if where.startswith("mailto:") else "title"
    filled = urlencode({subject: f"Error in {cut(title, 80)}", "body": body}, quote_via=quote)
    return f"{where}{'&' if '?' in where else '?'}{filled}"


def page(reader: Reader, template: str, **shown: Any) -> str:
    """Return a template filled; every page knows its way to the first page, the release and the base IRI."""
    return render_template(template, root=reader.root, release=reader.publication.release, base=reader.base, **shown)
