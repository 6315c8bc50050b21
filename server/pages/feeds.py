"""Atom feeds (RFC 4287): newest statements and agreements, what one actor said, and the releases."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, g
from pyoxigraph import NamedNode

from server.archive import kept_releases
from server.errors import Problem
from server.index import Wanted
from server.pages.reader import Reader
from server.pages.statements import Line, fetch, line
from server.publication import Answer, Publication
from server.responses import respond, tag_of

blueprint = Blueprint("feeds", __name__)
ATOM = "application/atom+xml"
LONG = 30  # entries of a feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry: its IRI for ever, its page, its title, its day or time, and its words."""

    iri: str
    page: str
    title: str
    updated: str
    text: str = ""


def atom(*, iri: str, title: str, page: str, updated: str, entries: Iterable[Entry]) -> bytes:
    """Return a feed as XML."""
    rows = "".join(
        f"<entry><id>{_text(entry.iri)}</id><title>{_text(entry.title)}</title>"
        f"<link href={_attribute(entry.page)}/><updated>{_time(entry.updated)}</updated>"
        + (f"<summary>{_text(entry.text)}</summary>" if entry.text else "") + "</entry>\n" for entry in entries)
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
            f'<id>{_text(iri)}</id><title>{_text(title)}</title><link rel="self" href={_attribute(iri)}/>'
            f"<link href={_attribute(page)}/><updated>{_time(updated)}</updated>"
            f"<author><name>Communiqué</name></author>\n{rows}</feed>\n").encode()


def _text(text: str) -> str:
    """Return a text as XML holds it.

    >>> _text("a < b" + chr(7))
    'a &lt; b'
    """
    return escape(_clean(text))


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return "".join(letter for letter in text if letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff"))


def _time(day: str) -> str:
    """Return a day as a time, which is what feeds hold.

    >>> _time("2024-04-24"), _time("2026-11-26T22:26:20+00:00")
    ('2024-04-24T00:00:00Z', '2026-11-26T22:26:20+00:00')
    """
    return day if "T" in day else f"{day}T00:00:00Z"


def _statements(reader: Reader, wanted: Wanted) -> list[Entry]:
    statements = reader.index.statements(wanted, count=LONG)
    fetch(reader, statements)
    return [_entry(reader, line(reader, node)) for node in statements]


def _entry(reader: Reader, found: Line) -> Entry:
    words = " … ".join("".join(piece.text for piece in passage.pieces) for passage in found.passages)
    return Entry(iri=found.iri, page=reader.base + found.href, title=found.title, text=words,
                 updated=found.day or reader.publication.release.made_at)


def newest_statements(reader: Reader) -> tuple[str, str, list[Entry]]:
    """Return title, page and entries of the feed of the newest statements."""
    return "Newest statements", reader.base, _statements(reader, Wanted())


def newest_agreements(reader: Reader) -> tuple[str, str, list[Entry]]:
    """Return title, page and entries of the feed of the newest agreements."""
    rows = reader.index.newest("agreement", count=LONG)
    reader.load(node for node, _ in rows)
    reader.follow_all(node for node, _ in rows)
    return "Newest agreements", reader.base, [
        Entry(iri=node.value, page=reader.base + reader.href(node)[0], title=reader.label(node), updated=day,
              text=", ".join(value.text for name in ("status", "party") for value in reader.values(node, name)))
        for node, day in rows]


def releases(reader: Reader) -> tuple[str, str, list[Entry]]:
    """Return title, page and entries of the feed of releases."""
    return "Releases", f"{reader.base}release/", [
        Entry(iri=f"{reader.base}release/{found.id}/", page=f"{reader.base}release/{found.id}/",
              title=f"Release {found.id}", updated=found.made_at,
              text=", ".join(f"{count:,} {name}" for name, count in found.counts.items()))
        for found in kept_releases(reader.publication.release)]


def said_by(reader: Reader, actor: NamedNode) -> tuple[str, str, list[Entry]]:
    """Return title, page and entries of the feed of what an actor said.

    Raises: Problem: 404, it is no known thing.
    """
    reader.load([actor])
    if not reader.properties(actor):
        raise Problem(404, "there is no such actor; feeds stand at feed/said/ and the path of one")
    entries = _statements(reader, Wanted((("said", actor.value),)))
    return f"What {reader.label(actor)} said", reader.base + reader.href(actor)[0], entries


FEEDS: Mapping[str, Callable[[Reader], tuple[str, str, list[Entry]]]] = {
    "statements": newest_statements, "agreements": newest_agreements, "releases": releases,
}


@blueprint.get("/feed/<name>.atom")
@blueprint.get("/feed/said/<path:actor>.atom")
def feed(name: str = "", actor: str = "") -> Response:
    """Answer with a feed."""
    publication: Publication = g.publication
    address = f"feed/said/{actor}.atom" if actor else f"feed/{name}.atom"
    kept = publication.kept.get(address) if name != "releases" else None
    if kept is None:
        reader = Reader(publication=publication, root="")
        if actor:
            title, page, entries = said_by(reader, _node(f"{reader.base}id/{actor}"))
        elif name in FEEDS:
            title, page, entries = FEEDS[name](reader)
        else:
            raise Problem(404, f"there is no such feed; there are {', '.join(FEEDS)}")
        body = atom(iri=reader.base + address, title=f"Communiqué: {title}", page=page,
                    updated=publication.release.made_at, entries=entries)
        kept = Answer(body=body, media_type=ATOM, tag=tag_of(body.decode()))
        if name != "releases":
            publication.kept.put(address, kept)
    return respond(kept)


def _node(iri: str) -> NamedNode:
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise Problem(404, f"{unquote(iri)[:200]!r} is no IRI") from error


