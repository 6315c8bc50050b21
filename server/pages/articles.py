"""The page of an article: the sentences that carry evidence, in text order, with what was read from each of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pyoxigraph import NamedNode

from server.pages.filters import is_actor
from server.pages.reader import (
    HEADLINE,
    MEMBER,
    OA_EXACT,
    OA_SELECTOR,
    PUBLISHED,
    PUBLISHER,
    RDF_TYPE,
    SCHEMA,
    Reader,
    Value,
)
from server.pages.statements import Line, fetch, line, numbers

READ_FROM = ("Statement", "Agreement", "Tenure")
READ = 2000  # things of one article; longer ones are cut
MENTIONS = 5000
DCTERMS_SOURCE = NamedNode("http://purl.org/dc/terms/source")
SCHEMA_URL, SCHEMA_AUTHOR = NamedNode(SCHEMA + "url"), NamedNode(SCHEMA + "author")
SCHEMA_MENTIONS = NamedNode(SCHEMA + "mentions")
BODY = NamedNode(SCHEMA + "articleBody")
LANGUAGE = NamedNode(SCHEMA + "inLanguage")
RUN = NamedNode("http://www.w3.org/ns/prov#wasGeneratedBy")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of an article under one mark; `anchors` are the fragments that begin here, `href` where they lead."""

    text: str
    mark: str
    href: str
    anchors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Neighbouring sentences of an article from `start` to `end`, and what was read from them."""

    start: int
    end: int
    stretches: tuple[Stretch, ...]
    lines: tuple[Line, ...]
    agreements: tuple[Value, ...]
    tenures: tuple[Value, ...]


def article(reader: Reader, thing: NamedNode, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page of an article shows: only sentences that carry evidence, as the graph holds no others."""
    # without their classes: the engine would begin with all statements that there are
    query = f"SELECT ?s WHERE {{ ?s asa:inArticle {thing} }} ORDER BY STRLEN(STR(?s)) ?s LIMIT {READ}"
    marking = f"SELECT ?m WHERE {{ ?m oa:hasSource {thing} }} LIMIT {MENTIONS}"
    nodes = [row["s"] for row in reader.ask(query)]
    mentions = [row["m"] for row in reader.ask(marking)]
    reader.load(nodes)
    found = {kind: [node for node in nodes if kind in reader.kinds(node)] for kind in READ_FROM}
    statements = found.get("Statement", [])
    others = [*found.get("Agreement", []), *found.get("Tenure", [])]
    reader.load([thing, *mentions, *others])
    linked = [(mention, name) for mention in mentions for name in (OA_SELECTOR, "denotes")]
    linked += [(other, name) for other in others for name in (MEMBER, "office")]
    linked += [(thing, name) for name in (PUBLISHER, RUN, SCHEMA_AUTHOR, SCHEMA_MENTIONS)]
    reader.load(node for subject, name in linked for node in reader.objects(subject, name))
    fetch(reader, statements)
    evidence = [node for thing_ in (*statements, *others) for node in reader.objects(thing_, "evidence")]
    return {
        "template": "article.html", "label": reader.text(thing, HEADLINE) or reader.label(thing),
        "day": reader.text(thing, PUBLISHED), "publisher": reader.values(thing, PUBLISHER),
        "facts": [(name, values) for name, values in (
            ("by", reader.values(thing, SCHEMA_AUTHOR)), ("at", reader.values(thing, SCHEMA_URL)),
            ("received as", reader.values(thing, DCTERMS_SOURCE)), ("language", reader.values(thing, LANGUAGE)),
            ("read by", reader.values(thing, RUN)),
        ) if values],
        "blocks": tuple(_blocks(reader, evidence, mentions, statements, others, body=reader.text(thing, BODY))),
        "whole": bool(reader.text(thing, BODY)),
        "counts": {kind: len(nodes) for kind, nodes in found.items()}, "query": reader.declared(query),
        "cut": len(nodes) == READ, "actors": _actors(reader, thing, mentions),
    }


def _actors(reader: Reader, thing: NamedNode, mentions: Iterable[Any]) -> list[tuple[Value, int]]:
    """Return who is mentioned, and how often if the places are published, the most mentioned first."""
    counts: dict[Any, int] = dict.fromkeys(reader.objects(thing, SCHEMA_MENTIONS), 0)
    for mention in mentions:
        for node in reader.objects(mention, "denotes"):
            counts[node] = counts.get(node, 0) + 1
    found = [(reader.value(node), count) for node, count in counts.items() if is_actor(reader, node)]
    return sorted(found, key=lambda entry: (-entry[1], entry[0].text))


def _letters(reader: Reader, mentions: Iterable[Any]) -> dict[int, str]:
    """Return the characters of the article that mentions cut out, by their offsets."""
    letters: dict[int, str] = {}
    for mention in mentions:
        for selector in reader.objects(mention, OA_SELECTOR):
            place = numbers(mention)
            text = reader.text(selector, OA_EXACT)
            if len(place) == 2 and place[1] - place[0] == len(text):
                letters.update(enumerate(text, place[0]))
    return letters


def _blocks(
    reader: Reader, evidence: list[Any], mentions: list[Any], statements: list[Any], others: list[Any], *,
    body: str = "",
) -> Iterator[Block]:
    """Yield the runs of text that evidence covers, in order; all paragraphs of an article whose text is there.

    Where the words are withheld, there are runs without any: their offsets stay.
    """
    letters = dict(enumerate(body)) or _letters(reader, evidence)
    if not letters:
        yield from _withheld(reader, statements, others)
        return
    cues = {cue for node in statements for cue in reader.objects(node, "cue")}
    places = [(place, node) for node in dict.fromkeys((*mentions, *evidence)) if len(place := numbers(node)) == 2]
    for start, end in _paragraphs(body) if body else _runs(letters):
        inside = [(place, node) for place, node in places if start <= place[0] < end]
        yield _block(reader, statements, others, start, end,
                     tuple(_stretches(reader, inside, letters, cues, start=start, end=end)))


def _block(
    reader: Reader, statements: list[Any], others: list[Any], start: int, end: int, stretches: tuple[Stretch, ...],
) -> Block:
    """Return a run of text with what was read from words that begin in it."""
    here = range(start, end)
    return Block(
        start=start, end=end, stretches=stretches,
        lines=tuple(line(reader, node) for node in statements if _first(reader, node) in here),
        agreements=tuple(reader.value(node) for node in others
                         if _first(reader, node) in here and _is(reader, node, "Agreement")),
        tenures=tuple(
            Value(", ".join(map(reader.label, (*reader.objects(node, MEMBER), *reader.objects(node, "office")))),
                  reader.href(node)[0])
            for node in others if _first(reader, node) in here and _is(reader, node, "Tenure")),
    )


def _paragraphs(body: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each paragraph of a text.

    >>> list(_paragraphs("One.\\n\\nTwo,\\nthree."))
    [(0, 4), (6, 17)]
    """
    for found in re.finditer(r"\S(?:.|\n(?!\s*\n))*", body):
        yield found.start(), found.end()


def _runs(letters: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run of neighbouring letters."""
    for _, run in groupby(enumerate(sorted(letters)), key=lambda entry: entry[1] - entry[0]):
        offsets = [offset for _, offset in run]
        yield offsets[0], offsets[-1] + 1


def _withheld(reader: Reader, statements: list[Any], others: list[Any]) -> Iterator[Block]:
    """Yield a run without words for each stretch that something was read from."""
    read = (*statements, *others)
    places = sorted({(place[0], place[1], node) for thing in read for node in reader.objects(thing, "evidence")
                     if len(place := numbers(node)) == 2}, key=lambda found: found[:2])
    end = 0
    for start, stop, node in places:
        if start >= end:
            yield _block(reader, statements, others, start, stop, (
                Stretch("", "", "", (node.value.partition("#")[2], f"char={start},{stop}")),))
        end = max(end, stop)


def _is_somebody(reader: Reader, node: Any) -> bool:
    """Return whether a fetched thing is somebody or something with a name, no proposition."""
    return bool(reader.properties(node)) and "Proposition" not in reader.kinds(node)


def _is(reader: Reader, node: Any, kind: str) -> bool:
    return reader.asa(kind) in reader.objects(node, RDF_TYPE)


def _first(reader: Reader, node: Any) -> int:
    """Return where the words begin that something was read from: at its cue, or at its first evidence."""
    cues = [numbers(cue)[0] for cue in reader.objects(node, "cue") if numbers(cue)]
    return min(cues or [numbers(found)[0] for found in reader.objects(node, "evidence") if numbers(found)], default=-1)


def _stretches(
    reader: Reader, inside: list[tuple[tuple[int, ...], Any]], letters: Mapping[int, str], cues: set[Any], *,
    start: int, end: int,
) -> Iterator[Stretch]:
    """Yield the words of a block, cut where a mention begins or where its mark ends.

    Cues are marked above names, shorter mentions above longer ones.
    """
    marks: dict[int, tuple[str, str, int]] = {}
    anchors: dict[int, list[str]] = {}
    for place, node in sorted(inside, key=lambda entry: (entry[1] in cues, entry[0][0] - entry[0][1])):
        anchors.setdefault(place[0], []).extend((f"m-{place[0]}-{place[1]}", f"char={place[0]},{place[1]}"))
        denoted = [found for found in reader.objects(node, "denotes") if _is_somebody(reader, found)]
        mark = "cue" if node in cues else "name" if denoted else ""
        if mark:
            href = reader.href(denoted[0])[0] if denoted and mark == "name" else ""
            marks |= dict.fromkeys(range(place[0], min(place[1], end)), (mark, href, place[0]))
    run: list[int] = []
    for offset in range(start, end + 1):
        fresh = offset in anchors or marks.get(offset) != marks.get(offset - 1)
        if run and (fresh or offset == end):
            mark, href, _ = marks.get(run[0], ("", "", 0))
            yield Stretch("".join(letters[place] for place in run), mark, href, tuple(anchors.get(run[0], ())))
            run = []
        run.append(offset)

