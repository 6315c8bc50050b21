"""Proper names of an article: the registry's, by their words, and what the encoder marks as people and bodies."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Span as Stretch

from kg.actors.registry import PIECE, Known, piece_key
from kg.actors.scene import Named, Scene
from kg.model import Span

KIND_OF_LABEL = {"PERSON": "Person", "ORG": "Organization", "LOC": "Place"}
JOINTS = re.compile(r"[ \u00a0\-‐‑–'’]{1,2}|")
ABBREVIATED = re.compile(r"\. ?")  # after one letter or "St": "N. Korea", "St. Lucia"
EDGES = " \t\n\u00a0,;:()[]\"“”‘’'.-–"
NOMINAL = ("NOUN", "PROPN", "ADJ")
LEADING = re.compile(r"(?:the|a|an|former|ex)\s+", re.IGNORECASE)
POSSESSED = re.compile(r"['’]s?$")
INITIAL = re.compile(r"(?:^|\s)[A-Z]\.$")


def find_names(scene: Scene) -> list[Named]:
    """Return the proper names of the article's prose in text order, without overlaps.

    A name of the registry wins over what the encoder marks, save where it is only a part: a country within a person's
    name ("Jordan Peterson") or within a body's ("Bank of China"), or a state that belongs to what follows it
    ("China's National Petroleum Corporation" are two names).
    """
    known = [name for block in scene.article.prose for name in _known_names(scene, block)]
    marked = [name for stretch in scene.doc.ents for name in _marked_names(scene, stretch)]
    kept = list(known)
    for name in marked:
        rivals = [rival for rival in known if rival.span.overlaps(name.span)]
        for fresh in _contest(scene, name, rivals):
            if not any(fresh.span.overlaps(other.span) for other in kept):
                kept.append(fresh)
            elif all(_gives_way(scene, rival, fresh) for rival in rivals):
                kept = [other for other in kept if not other.span.overlaps(fresh.span)]
                kept.append(fresh)
    return sorted((name for name in kept if name.use != "none"), key=lambda name: name.span)


def _known_names(scene: Scene, block: Span) -> Iterator[Named]:
    """Yield the names of the registry in one block, the longest ones, from left to right."""
    text = scene.article.text
    found = [
        (match.start() + block.start, match.end() + block.start, match.group())
        for match in PIECE.finditer(block.of(text))
    ]
    keys = [piece_key(piece) for _, _, piece in found]
    number = 0
    while number < len(found):
        reach = _reach(text, found, number)
        hit = scene.registry.longest(keys[number : number + reach])
        if hit is None:
            number += 1
            continue
        length, known = hit
        span = Span(start=found[number][0], end=_end(text, found[number + length - 1]))
        if _fits(scene, span, known):
            yield Named(span=span, words=span.of(text), kind=_kind(scene, known), use=known.use, actor=known.actor)
            number += length
        else:
            number += 1


def _end(text: str, piece: tuple[int, int, str]) -> int:
    """Return where a name ends whose last piece is given: the dot of "U.S." belongs to it, that of a sentence not."""
    return piece[1]


def _reach(text: str, found: Sequence[tuple[int, int, str]], number: int) -> int:
    """Return how many pieces from `number` on stand together like the parts of one name."""
    length = 1
    while number + length < len(found) and length < 9:
        gap = text[found[number + length - 1][1] : found[number + length][0]]
        short = len(found[number + length - 1][2]) == 1 or found[number + length - 1][2] in ("St", "Jr", "No")
        if not (JOINTS.fullmatch(gap) or gap == ", " or (short and ABBREVIATED.fullmatch(gap)) or gap == " & "):
            break
        length += 1
    return length


def _fits(scene: Scene, span: Span, known: Known) -> bool:
    """Return whether the words at a span can be the known name, as their surroundings go."""
    words = span.of(scene.article.text)
    if not words[0].isupper() and not words.startswith(("al", "el", "ni")) and known.use != "none":
        return False
    if ", " in words and words.replace(", ", " ") not in ("Foreign Commonwealth and Development Office",):
        label = scene.registry.actors[known.actor]
        return any("," in name for name in (label.label, *label.aliases))
    if words.startswith("The ") and known.use == "name":  # "The Namibian government" is no newspaper
        after = scene.token_at(span.end - 1).i + 1
        first = scene.token_at(span.start).is_sent_start
        return not (first and after < len(scene.doc) and scene.doc[after].pos_ in NOMINAL)
    return True


def _kind(scene: Scene, known: Known) -> str:
    if known.use in ("none", "capital", "region"):
        return "Place"
    return scene.registry.actors[known.actor].kind


def _marked_names(scene: Scene, stretch: Stretch) -> Iterator[Named]:
    """Yield what one entity of the encoder names: without its article, its edges and what follows a possessive."""
    kind = KIND_OF_LABEL.get(stretch.label_)
    if kind is None or not any(block.start <= stretch.start_char < block.end for block in scene.article.prose):
        return
    span = trim(scene.article.text, Span(start=stretch.start_char, end=max(stretch.end_char, stretch.start_char + 1)))
    if span is None:
        return
    words = span.of(scene.article.text)
    if "\n" in words or not any(sign.isupper() for sign in words):
        return
    yield Named(span=span, words=words, kind=kind)


def trim(text: str, span: Span) -> Span | None:
    """Return a span without an article, quotation marks, stops and "'s" at its edges; None when nothing is left."""
    start, end = span.start, span.end
    while start < end and text[start] in EDGES:
        start += 1
    leading = LEADING.match(text[start:end])
    if leading:
        start += leading.end()
    possessed = POSSESSED.search(text[start:end])
    if possessed:
        end = start + possessed.start()
    while end > start and text[end - 1] in EDGES and not INITIAL.search(text[start:end]):
        end -= 1
    return Span(start=start, end=end) if end > start else None


def _contest(scene: Scene, name: Named, rivals: Sequence[Named]) -> Iterator[Named]:
    """Yield what is left of a marked name beside the registry's names that overlap it."""
    if not rivals:
        yield name
        return
    text = scene.article.text
    inside = [rival for rival in rivals if name.span.holds(rival.span)]
    if len(inside) < len(rivals) or any(rival.span == name.span for rival in rivals):
        return
    first = inside[0]
    rest = text[first.span.end : name.span.end]
    if name.kind == "Organization" and first.span.start == name.span.start and re.match(r"['’]s? ", rest):
        offset = name.span.end - len(rest) + rest.index(" ") + 1
        span = Span(start=offset, end=name.span.end)
        yield replace(name, span=span, words=span.of(text))
        return
    yield name


def _gives_way(scene: Scene, rival: Named, name: Named) -> bool:
    """Return whether a name of the registry is only a part of a longer one that the encoder marks."""
    if not name.span.holds(rival.span) or rival.span == name.span:
        return False
    if name.kind == "Person":
        return rival.kind in ("State", "Place") or rival.use == "building"
    if name.kind == "Organization":
        if "," in name.words or rival.kind == "Person":
            return False
        last = scene.token_at(name.span.end - 1)
        return rival.span.end < name.span.end and (
            last.pos_ == "PROPN" or bool(scene.lexicon.kinds(last))
        ) and last.text[0].isupper()
    return rival.kind in ("State", "Place") and rival.use != "adjective" and "," not in name.words
