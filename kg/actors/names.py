"""Proper names of an article: the registry's, by their words, and what the encoder marks as people and bodies."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from kg.actors.phrases import is_source
from kg.actors.registry import PIECE, Known, name_key, piece_key
from kg.actors.scene import Named, Scene
from kg.language.document import Stretch, Token
from kg.model import Span

KIND_OF_LABEL = {"PERSON": "Person", "ORG": "Organization", "LOC": "Place"}
JOINTS = re.compile(r"[ \u00a0\-‐‑–'’]{1,2}|")
ABBREVIATED = re.compile(r"\. ?")  # after one letter or "St": "N. Korea", "St. Lucia"
EDGES = " \t\n\u00a0,;:()[]\"“”‘’'.-–"
NOMINAL = ("NOUN", "PROPN", "ADJ")
BODIES = frozenset({"ministry", "institution", "body", "company"})
LEADING = re.compile(r"(?:the|a|an|former|ex)\s+", re.IGNORECASE)
POSSESSED = re.compile(r"['’‘]s?$")
POSSESSIVE = re.compile(r"['’]s? ")
INITIAL = re.compile(r"(?:^|\s)[A-Z]\.$")
OWNED = re.compile(r".*\b(?:Inc|Corp|Ltd|Co|plc|PLC|Group|Holdings|AG|SA|NV|AB|Limited|Corporation)\.?['’]s\s(?=[A-Z])")
OUTLET = re.compile(r"[Rr]adio\b|TV\b|[a-z](?:News|Media|Press)\b")  # no person's name: MedRadio, Rhein-TV
SMALL = ("al", "el", "ni")  # first letters of names that are not written with a capital: "al-Qaeda"
SMALL_WORDS = frozenset({"and", "of", "for", "the", "in", "on", "to", "private", "at", "or"})
LOCATIVE = frozenset({"in", "near", "outside", "around", "off"})
CIVIC = frozenset({"airport", "council", "court", "hospital", "laboratory", "mayor", "police", "prosecutor",
                   "prosecutors", "school", "stadium", "university"})  # bodies that go by the name of a town
SETTLED = frozenset({"town", "city", "village", "port", "province", "region", "district", "island", "state", "suburb",
                     "capital", "county", "river", "border", "airport", "valley", "coast", "territory"})
CALENDAR = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|"
    r"November|December|Christmas|Easter|Ramadan|Brexit|[\s\d])+"
)
PARTY_MARK = re.compile(r"[DRI]-[A-Z]")  # "(D-Ore.)"
FIRST_WORDS = frozenset({"the", "a", "an", "in", "on", "at", "but", "and", "for", "this", "that", "he", "she", "it",
                         "they", "we", "i", "as", "if", "so", "yet", "no", "not", "new", "mr", "mrs", "ms", "dr",
                         "former", "late", "more", "most"})


def find_names(scene: Scene) -> list[Named]:
    """Return the proper names of the article's prose in text order, without overlaps.

    A name of the registry wins over what the encoder marks, save where it is only a part: a country within a person's
    name ("Jordan Peterson") or within a body's ("Bank of China"), or a state that belongs to what follows it
    ("China's National Petroleum Corporation" are two names).
    """
    known = [name for block in scene.article.prose for name in _known_names(scene, block)]
    marked = [name for stretch in scene.doc.ents for name in _marked_names(scene, stretch)]
    kept = list(known)
    for name in _joined(scene, _settle(scene, marked)):
        rivals = [rival for rival in known if rival.span.overlaps(name.span)]
        for fresh in _contest(scene, name, rivals):
            if not any(fresh.span.overlaps(other.span) for other in kept):
                kept.append(fresh)
            elif rivals and all(_gives_way(scene, rival, fresh) for rival in rivals):
                kept = [other for other in kept if not other.span.overlaps(fresh.span)]
                kept.append(fresh)
    kept = _repeated(scene, kept)
    kept += _unmarked(scene, kept)
    kept += _surnames_unmarked(scene, kept)
    return sorted((name for name in _surnames_first(scene, kept) if name.use != "none"), key=lambda name: name.span)


def find_asides(scene: Scene, block: Span) -> list[Named]:
    """Return the registry's people, bodies and states in a caption or credit line, which the encoder does not read."""
    return [name for name in _known_names(scene, block) if name.use in ("name", "building")]


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
        reach = _reach(text, found, number) if scene.registry.begins(keys[number]) else 1
        hit = scene.registry.longest(keys[number : number + reach])
        if hit is None:
            number += 1
            continue
        length, known = hit
        span = Span(start=found[number][0], end=found[number + length - 1][1])
        if _fits(scene, span, known):
            yield Named(span=span, words=span.of(text), kind=_kind(scene, known), use=known.use, actor=known.actor)
            number += length
        else:
            number += 1


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
    if not words[0].isupper() and not words.startswith(SMALL) and known.use != "none":
        return False
    if known.use not in ("name", "building"):
        return ", " not in words
    if any(re.search(rf"\b{re.escape(other)}\b", scene.article.text) for other in scene.registry.others.get(words, ())):
        return False
    actor = scene.registry.actors[known.actor]
    if ", " in words:
        return any("," in name for name in (actor.label, *actor.aliases))
    if words.startswith("The "):  # "The Namibian government" is no newspaper
        after = scene.token_at(span.end - 1).i + 1
        first = scene.token_at(span.start).is_sent_start
        return not (first and after < len(scene.doc) and scene.doc[after].pos_ in NOMINAL)
    return not (actor.kind == "Organization" and " " in words and _ends_longer_name(scene, span, known.actor))


def _ends_longer_name(scene: Scene, span: Span, actor: str) -> bool:
    """Return whether a known body's name is the end of another's: "Peace and Security Council", "Russia's …"."""
    first = scene.token_at(span.start)
    if first.is_sent_start or first.i == 0:
        return False
    before = scene.doc[first.i - 1]
    if before.text == "and" and before.i > first.sent.start:
        partner = scene.doc[before.i - 1]
        return partner.text[0].isupper() and partner.dep_ in ("compound", "amod", "nmod") and not partner.is_sent_start
    owner = scene.doc[first.i - 2] if before.text in ("'s", "’s") and first.i > 1 else before
    if not owner.text[0].isupper():
        return False
    hit = _known_ending(scene, owner)
    return hit is not None and hit != scene.registry.state_of(actor) and hit.startswith("id/state/")


def _known_ending(scene: Scene, token: Token) -> str | None:
    """Return the actor that a word, or the two words up to it, name in the registry, or None."""
    for first in (token.i - 1, token.i):
        if first >= token.sent.start:
            known = scene.registry.names.get(name_key(scene.doc[first : token.i + 1].text))
            if known is not None and known.use in ("name", "adjective"):
                return known.actor
    return None


def _kind(scene: Scene, known: Known) -> str:
    if known.use in ("none", "capital", "region"):
        return "Place"
    return scene.registry.actors[known.actor].kind


def _marked_names(scene: Scene, stretch: Stretch) -> Iterator[Named]:
    """Yield what one entity of the encoder names: without its article, its edges and what follows a possessive."""
    kind = KIND_OF_LABEL.get(stretch.label_)
    text = scene.article.text
    if kind is None or not any(block.start <= stretch.start_char < block.end for block in scene.article.prose):
        return
    span = trim(text, Span(start=stretch.start_char, end=max(stretch.end_char, stretch.start_char + 1)))
    if span is not None and kind == "Person" and OUTLET.search(span.of(text)):
        kind = "Organization"
    if span is not None and kind == "Organization":
        if scene.lexicon.titles.get(span.of(text).split()[0].strip(".").casefold()):
            kind = "Person"
        else:
            span = trim(text, _capitalised(text, _grown(scene, span)))
    if span is not None and kind == "Organization":
        owned = OWNED.match(span.of(text))  # "Alphabet Inc’s Google"
        span = Span(start=span.start + owned.end(), end=span.end) if owned is not None else span
    if span is not None and kind == "Person":
        span = _without_small(text, span)
    if span is None or not _is_name(scene, span, kind):
        return
    yield Named(span=span, words=span.of(text), kind="Place" if _is_location(scene, span, kind) else kind)


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


def _capitalised(text: str, span: Span) -> Span:
    """Return a body's name without the small words at its edges: "[conservative] Tax Foundation [and]"."""
    words = list(re.finditer(r"\S+", span.of(text)))
    large = [word for word in words if word.group()[0].isupper() or word.group()[0].isdigit()]
    if not large:
        return span
    last = large[-1] if words[-1].group() in SMALL_WORDS else words[-1]
    return Span(start=span.start + large[0].start(), end=span.start + last.end())


def _without_small(text: str, span: Span) -> Span:
    """Return a person's name without small words behind it: "Ruiz [masks]"."""
    words = list(re.finditer(r"\S+", span.of(text)))
    while len(words) > 1 and not any(piece[:1].isupper() for piece in re.split("[-'’]", words[-1].group())):
        words.pop()
    return Span(start=span.start, end=span.start + words[-1].end())


def _grown(scene: Scene, span: Span) -> Span:
    """Return a body's name with the capitalised words beside it that belong to it: "[International] Oar Federation"."""
    first, last = scene.token_at(span.start), scene.token_at(span.end - 1)
    while first.i > first.sent.start:
        before = scene.doc[first.i - 1]
        if not (before.text[0].isupper() and before.pos_ in ("PROPN", "ADJ") and before.dep_ in ("compound", "amod")):
            break
        if before.text.casefold() in FIRST_WORDS or before.text.endswith(".") or _known_ending(scene, before):
            break
        first = before
    while last.i + 1 < last.sent.end:
        after = scene.doc[last.i + 1]
        joined = after.pos_ == "PROPN" and (after.dep_ in ("flat", "compound") or last.dep_ == "compound")
        if joined and after.text[0].isupper() and after.ent_type_ not in ("PERSON", "LOC"):
            last = after
            continue
        reach = _of_chain(scene, last)
        if reach is None:
            break
        last = reach
    return Span(start=first.idx, end=max(span.end, last.idx + len(last.text)))


def _of_chain(scene: Scene, last: Token) -> Token | None:
    """Return the end of "of …" behind a body's noun where it is part of the name: "Commission of Zambia"."""
    ahead = list(scene.doc[last.i + 1 : min(last.i + 8, last.sent.end)])
    if last.text == "of":
        ahead.insert(0, last)
    elif not (last.text[0].isupper() and BODIES & set(scene.lexicon.kinds(last))):
        return None
    if not ahead or ahead[0].text not in ("of", "for"):
        return None
    end = None
    for token in ahead[1:]:
        following = scene.doc[token.i + 1].text if token.i + 1 < last.sent.end else ""
        if token.text[0].isupper() and token.pos_ in NOMINAL:
            end = token
        elif token.text not in ("the", "and") or not following[:1].isupper():
            break
    return end


def _is_name(scene: Scene, span: Span, kind: str) -> bool:
    """Return whether a marked stretch can be a name at all: capitals, one line, no lone adjective, title or article."""
    words = span.of(scene.article.text)
    if "\n" in words or not any(sign.isupper() for sign in words):
        return False
    if CALENDAR.fullmatch(words):
        return False
    if PARTY_MARK.match(words):
        return False
    if kind == "Organization" and "thing" in scene.lexicon.kinds(scene.token_at(span.end - 1)):
        return False
    if kind == "Organization" and scene.lexicon.role_at(scene.token_at(span.end - 1)):
        return False  # "US President" is an office
    if kind == "Organization" and words.split()[-1].strip(".").casefold() in scene.lexicon.titles:
        return False  # "Ohio Gov." is the title of who follows
    if " " not in words:
        token = scene.token_at(span.start)
        if words.casefold() in FIRST_WORDS or words.casefold() in scene.lexicon.titles:
            return False
        after = scene.doc[token.i + 1] if token.i + 1 < token.sent.end else token
        if kind == "Organization" and after.text in ("Minister", "Secretary", "Commissioner") and not words.isupper():
            return False  # "Sports Minister"
        if kind == "Organization" and token.pos_ in ("ADJ", "VERB", "ADV") and token.dep_ in ("amod", "advmod"):
            return False
    return words[0].isupper() or words.startswith(SMALL) or words[0].isdigit() or kind == "Organization"


def _is_location(scene: Scene, span: Span, kind: str) -> bool:
    """Return whether what is marked as a body or person stands where only a place can: "in Beira", "town of Buzi"."""
    if kind == "Place":
        return True
    head = scene.head(span)
    if any(scene.lexicon.kinds(token) for token in scene.stretch(span)) or " " in span.of(scene.article.text).strip():
        if head.dep_ == "nmod" and any(child.text == "of" for child in head.children):
            return head.head.text.casefold() in SETTLED
        return False
    if head.dep_ == "compound" and head.head.i > head.i and head.head.text.casefold() in CIVIC:
        return True
    marks = {child.text.casefold() for child in head.children if child.dep_ == "case"}
    if marks & LOCATIVE and head.dep_ in ("obl", "nmod"):
        return True
    return "of" in marks and head.head.text.casefold() in SETTLED


def _settle(scene: Scene, marked: Sequence[Named]) -> list[Named]:
    """Return the marked names, each single word with the kind that most of its mentions have."""
    votes: dict[str, Counter[str]] = {}
    for name in marked:
        votes.setdefault(name.words, Counter())[name.kind] += 1
    settled: list[Named] = []
    for name in marked:
        kind, count = votes[name.words].most_common(1)[0]
        settled.append(replace(name, kind=kind) if count > votes[name.words][name.kind] else name)
    return settled


def _joined(scene: Scene, marked: Sequence[Named]) -> Iterator[Named]:
    """Yield the names, with two halves made one: of a person, or where an abbreviation stands for both together."""
    text = scene.article.text
    short = {name.words for name in marked if name.words.isupper() and " " not in name.words}
    skip = False
    for name, after in zip_longest(marked, marked[1:]):
        if skip:
            skip = False
        elif after is None or name.kind != after.kind:
            yield name
        else:
            whole = Span(start=name.span.start, end=after.span.end)
            gap = text[name.span.end : after.span.start]
            skip = (gap == " " and name.kind == "Person") or (
                gap in (" and ", " & ", " ") and name.kind == "Organization" and initials(whole.of(text)) in short
            )
            yield Named(span=whole, words=whole.of(text), kind=name.kind) if skip else name


def initials(words: str) -> str:
    """Return the first letters of a name's words, small ones left out.

    >>> initials("Oil and Natural Gas Corporation")
    'ONGC'
    """
    return "".join(piece[0] for piece in name_key(words) if piece[0].isupper())


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
    if name.kind == "Organization" and first.span.start == name.span.start and POSSESSIVE.match(rest):
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
        rest = name.words.replace(rival.words, "", 1)
        if "," in name.words or rival.kind == "Person" or not any(sign.isupper() for sign in rest):
            return False
        if rival.kind == "Organization" and rival.span.end == name.span.end:
            return True
        last = scene.token_at(name.span.end - 1)
        return rival.kind != "Organization" or bool(
            last.text[0].isupper() and BODIES & set(scene.lexicon.kinds(last))
        )
    return rival.kind in ("State", "Place") and rival.use != "adjective" and "," not in name.words


def _repeated(scene: Scene, kept: Sequence[Named]) -> list[Named]:
    """Return the names with the full names of people wherever they stand again, also over a state or place in them.

    "Jordan Peterson" and "Chad Ruiz" are people each time, even where the encoder marks only the first.
    """
    text = scene.article.text
    full = {name.words for name in kept if name.kind == "Person" and not name.actor and len(name_key(name.words)) > 1}
    found = list(kept)
    for words in sorted(full, key=lambda words: -len(words)):
        for match in re.finditer(rf"\b{re.escape(words)}\b", text):
            span = Span(start=match.start(), end=match.end())
            rivals = [name for name in found if name.span.overlaps(span)]
            prose = any(block.holds(span) for block in scene.article.prose)
            if prose and all(span.holds(rival.span) and rival.span != span for rival in rivals):
                found = [name for name in found if name not in rivals]
                found.append(Named(span=span, words=words, kind="Person"))
    return found


def _unmarked(scene: Scene, kept: Sequence[Named]) -> Iterator[Named]:
    """Yield capitalised names that the encoder missed: behind "the newspaper", a title or an office."""
    taken = {token.i for name in kept for token in scene.stretch(name.span)}
    for token in scene.doc:
        if token.pos_ != "PROPN" or token.i in taken or not token.text[0].isupper() or token.is_sent_start:
            continue
        before = scene.doc[token.i - 1]
        last = token
        while last.i + 1 < token.sent.end and scene.doc[last.i + 1].pos_ == "PROPN" and last.i + 1 not in taken:
            last = scene.doc[last.i + 1]
        span = scene.cut(token, last)
        words = span.of(scene.article.text)
        if before.text.strip(".").casefold() in scene.lexicon.titles and before.text[0].isupper():
            kind = "Person"
        elif before.pos_ == "NOUN" and {"body", "company"} & set(scene.lexicon.kinds(before)):
            kind = "Organization"
        elif before.pos_ in ("NOUN", "PROPN") and " " in words and scene.lexicon.role_at(before):
            kind = "Person"
        elif before.text == "the" and " " in words and (_is_told(last) or is_source(scene, last)):
            kind = "Organization"  # "told the Evening Mail"
        else:
            continue
        if scene.lexicon.role_at(last) is None and not scene.lexicon.kinds(token):
            taken.update(range(token.i, last.i + 1))
            yield Named(span=span, words=words, kind=kind)


def _is_told(token: Token) -> bool:
    """Return whether a noun is the one to whom something is told."""
    return token.head.lemma_.casefold() == "tell" and token.dep_ in ("obj", "iobj")


def _surnames_unmarked(scene: Scene, kept: Sequence[Named]) -> Iterator[Named]:
    """Yield surnames that the encoder missed: of people named in the article, and of leaders in office on its day."""
    taken = {token.i for name in kept for token in scene.stretch(name.span)}
    surnames = {
        name_key(name.words)[-1] for name in kept if name.kind == "Person" and len(name_key(name.words)) > 1
    }
    for token in scene.doc:
        if token.pos_ != "PROPN" or token.i in taken or not token.text[0].isupper() or CALENDAR.fullmatch(token.text):
            continue
        key = name_key(token.text)
        bearers = scene.registry.families.get(key, ())
        ruling = [person for person in bearers if scene.registry.in_office(person, scene.article.published)]
        if len(key) == 1 and (key[0] in surnames or len(ruling) == 1):
            yield Named(span=scene.cut(token, token), words=token.text, kind="Person")


def _surnames_first(scene: Scene, names: Sequence[Named]) -> Iterator[Named]:
    """Yield the names, with those made people that are really surnames: of somebody in the article, or of a leader."""
    surnames = {
        name_key(name.words)[-1]: name for name in names
        if name.kind == "Person" and not name.actor and len(name_key(name.words)) > 1
    }
    for name in names:
        key = name_key(name.words)
        namesake = key[-1] in surnames and len(key) == 1 and name.kind in ("Place", "State", "Organization")
        head = scene.head(name.span)
        located = any(child.dep_ == "case" and child.text.casefold() in LOCATIVE for child in head.children)
        ruled = name.kind == "Organization" and not name.actor and any(
            scene.registry.in_office(person, scene.article.published) for person in scene.registry.families.get(key, ())
        )
        if ruled or (namesake and name.use in ("name", "capital", "region", "") and not located):
            yield replace(name, kind="Person", use="", actor="")
        else:
            yield name
