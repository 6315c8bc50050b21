"""Hand-made gold of news texts: one JSON file per text, whose offsets are code points of the text.

The format is described in tests/data/development/README.md; fields that it does not name are left alone.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import ArticleError
from kg.evaluation.names import likeness, words
from kg.model import Span, Spans

Positions = frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldActor:
    """Somebody whom a text names or describes; `optional` ones count neither way."""

    name: str
    kind: str
    others: tuple[str, ...]
    wikidata: str
    optional: bool

    def likeness(self, *names: str) -> int:
        """Return how surely one of `names` means this actor, 3 to 0."""
        return likeness(names, name=self.name, others=self.others, person=self.kind == "person")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldStatement:
    """One attribution: its best labels, and in the `*_ok` fields what a careful reader could also choose."""

    id: str
    speakers: tuple[str, ...]
    surface: str
    cue: Span
    content: Spans
    mode: str
    stance: str
    stance_ok: frozenset[str]
    polarity: str
    polarity_ok: frozenset[str]
    certainty: str
    certainty_ok: frozenset[str]
    about: frozenset[str]
    about_ok: frozenset[str]
    reported_by: str
    said_on: str
    optional: bool
    anonymous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldObligation:
    """One duty of an agreement, and who bears it."""

    bearers: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldAgreement:
    """One agreement, offer or resolution; `*_ok` as in statements."""

    title: str
    kind: str
    kind_ok: frozenset[str]
    status: str
    status_ok: frozenset[str]
    date: str
    parties: frozenset[str]
    parties_ok: frozenset[str]
    words: str
    obligations: tuple[GoldObligation, ...]
    optional: bool


@dataclass(frozen=True, kw_only=True)
class GoldArticle:
    """One text with all that was annotated in it."""

    name: str
    text: str
    digest: str
    ignored: Spans
    actors: Mapping[str, GoldActor] = field(repr=False)
    statements: tuple[GoldStatement, ...] = field(repr=False)
    agreements: tuple[GoldAgreement, ...] = field(repr=False)

    @cached_property
    def words(self) -> list[tuple[str, int, int]]:
        """The words of the text with their offsets."""
        return words(self.text)

    def positions(self, spans: Spans) -> Positions:
        """Return the numbers of the words that lie wholly inside one of `spans`."""
        return frozenset(
            number for number, (_, start, end) in enumerate(self.words)
            if any(span.start <= start and end <= span.end for span in spans)
        )

    @cached_property
    def ignored_positions(self) -> Positions:
        """The words of headline, byline, captions and boxes."""
        return self.positions(self.ignored)

    def actor(self, name: str) -> GoldActor:
        """Return the actor of a name; one that is only named in a statement has no other names."""
        return self.actors.get(name) or GoldActor(name=name, kind="other", others=(), wikidata="", optional=False)


def read_gold(gold: Path, texts: Path) -> tuple[GoldArticle, ...]:
    """Return the annotated articles of a folder, by name.

    Args:
        gold: Folder of NAME.json.
        texts: Folder of NAME.txt, the very texts that were annotated.

    Raises: ArticleError: a text is missing, or is not the one that was annotated; or there is no gold at all.
    """
    found = tuple(_article(json.loads(path.read_text(encoding="utf-8")), texts) for path in sorted(gold.glob("*.json")))
    if not found:
        raise ArticleError(str(gold), found="no gold", repair="name a folder of NAME.json")
    return found


def _article(entry: Mapping[str, Any], texts: Path) -> GoldArticle:
    path = texts / f"{entry['name']}.txt"
    if not path.is_file():
        raise ArticleError(str(path), found="no such text", repair=f"put the text of {entry['name']}.json there")
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != entry["sha256"]:
        raise ArticleError(str(path), found="not the text that was annotated", repair="restore it, or annotate anew")
    text = data.decode("utf-8")
    return GoldArticle(
        name=entry["name"], text=text, digest=digest, ignored=_spans(entry["ignore"]),
        actors={actor["name"]: _actor(actor) for actor in entry["actors"]},
        statements=tuple(_statement(statement, text) for statement in entry["statements"]),
        agreements=tuple(_agreement(agreement, text) for agreement in entry["agreements"]),
    )


def _actor(entry: Mapping[str, Any]) -> GoldActor:
    return GoldActor(
        name=entry["name"], kind=entry["type"], others=(*entry["mentions"], *entry.get("aliases", ())),
        wikidata=entry.get("wikidata") or "", optional=bool(entry.get("optional")),
    )


def _statement(entry: Mapping[str, Any], text: str) -> GoldStatement:
    start, end, _ = entry["cue"]
    return GoldStatement(
        id=entry["id"], speakers=(entry["speaker"], *entry.get("co_speakers", ())),
        surface=text[entry["speaker_start"] : entry["speaker_end"]],
        cue=Span(start=start, end=end), content=_spans(entry["content"]), mode=entry["kind"],
        stance=entry["stance"], stance_ok=_also(entry, "stance"),
        polarity=entry.get("polarity", ""), polarity_ok=_also(entry, "polarity"),
        certainty=entry.get("certainty", ""), certainty_ok=_also(entry, "certainty"),
        about=frozenset(entry["about"]), about_ok=frozenset(entry.get("about_ok", ())),
        reported_by=entry["reported_by"] or "", said_on=entry["said_on"] or "",
        optional=bool(entry.get("optional")), anonymous=bool(entry.get("anonymous")),
    )


def _agreement(entry: Mapping[str, Any], text: str) -> GoldAgreement:
    start, end = entry["span"]
    return GoldAgreement(
        title=entry["title"], kind=entry["kind"], kind_ok=_also(entry, "kind"),
        status=entry["status"], status_ok=_also(entry, "status"), date=entry["date"] or "",
        parties=frozenset(entry["parties"]), parties_ok=frozenset(entry.get("parties_ok", ())), words=text[start:end],
        obligations=tuple(_obligation(duty, text) for duty in entry["obligations"] if not isinstance(duty, str)),
        optional=bool(entry.get("optional")),
    )


def _obligation(entry: Mapping[str, Any], text: str) -> GoldObligation:
    start, end = entry["text"]
    return GoldObligation(bearers=tuple(entry["bearer"]), words=text[start:end])


def _also(entry: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset((entry.get(name, ""), *entry.get(f"{name}_ok", ())))


def _spans(entries: list[list[int]]) -> Spans:
    return tuple(Span(start=start, end=end) for start, end in entries)
