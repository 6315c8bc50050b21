"""Who speaks, for whom, to whom and through whom."""

import re
from dataclasses import dataclass, field

from kg.language.document import Doc
from kg.model import Actor, Article, Cast, Span, Spans
from kg.resolution import actors_of, speakers_of
from kg.statements import syntax
from kg.statements.lexicon import Cues
from kg.statements.outlets import Outlets
from kg.statements.readings import FIRM, Reading
from kg.statements.words import EXPLETIVE, PRONOUNS, SINGULAR

UNNAMED = {"reports": "unnamed reports", "alleges": "unnamed source of an allegation"}
SHARE = re.compile(r"^of\s+")  # left of "several of his findings"
NOBODY = re.compile(r"(?:whose|us|me|my|our|your|[\d.,]+\s*(?:per\s?cent|percent|%))", re.IGNORECASE)
LONGEST_LABEL = 80


@dataclass(slots=True)
class Speakers:
    """Resolves sources to actors, and keeps the article-local actors that it had to make."""

    doc: Doc
    article: Article
    cast: Cast
    cues: Cues
    made: dict[str, Actor] = field(default_factory=dict)
    latest: list[str] = field(default_factory=list)
    outlets: Outlets = field(init=False)

    def __post_init__(self) -> None:
        self.outlets = Outlets(doc=self.doc, article=self.article, cast=self.cast, cues=self.cues, make=self._make)

    def who(self, reading: Reading) -> tuple[str, ...]:
        """Return the ids of the speakers of a reading; none when the text does not tell, not even vaguely."""
        nobody = reading.entry.takes("adverb")
        found = () if nobody else self._known(reading)
        if not found and not nobody and (reading.source or reading.subject is not None):
            found = self._described(reading)
        if not found and (reading.entry.takes("adverb") or reading.entry.takes("passive")):
            found = (self._make(reading.cue, UNNAMED.get(reading.entry.stance, "unnamed speakers")),)
        self.latest.extend(actor for actor in found if actor not in self.made)
        return found

    def _known(self, reading: Reading) -> tuple[str, ...]:
        """Return the actors of the cast: those of the tree's subject, unless the encoder is sure of another source."""
        marked = tuple(dict.fromkeys(
            actor for span in self._marked(reading) for actor in speakers_of(self.doc, span, cast=self.cast)))
        subject = reading.subject
        if subject is None:
            return marked
        shown = actors_of(subject, cast=self.cast)
        sentence = reading.head.sent
        near = [span for span in reading.source if sentence.start_char <= span.start < sentence.end_char]
        apart = near and not any(span.start <= subject.idx < span.end for span in reading.source)
        return marked or shown if apart and reading.score >= FIRM else shown or marked

    def _marked(self, reading: Reading) -> Spans:
        """Return the source that the encoder marked; for a passive cue only a "by" phrase counts: "It is thought"."""
        if not syntax.is_passive(reading.head):
            return tuple(span for span in reading.source if not any(
                quotation.inner.holds(span) for quotation in reading.quoted))
        subject = reading.subject
        if subject is not None:
            return tuple(span for span in reading.source if span.start <= subject.idx < span.end)
        start = reading.head.sent.start_char  # "It awaits approval by members. Results are expected in June."
        return tuple(span for span in reading.source
                     if start <= span.start and self.article.text.endswith(" by ", 0, span.start))

    def _described(self, reading: Reading) -> tuple[str, ...]:
        """Return the speaker of a source outside the cast: that of a pronoun, else a group made from its words."""
        source = self._marked(reading)
        if reading.subject is not None and reading.subject.pos_ not in syntax.NOMINAL | {"DET"}:
            return ()  # "it is worth noting"
        if reading.subject is not None:
            source = syntax.spans_of(self.doc, syntax.phrase(reading.subject)) or source
        words = " ".join(span.of(self.article.text) for span in source)
        if words.casefold() in PRONOUNS:
            empty = words.casefold() in EXPLETIVE - {"it"}
            return () if empty else self._last(persons=words.casefold() in SINGULAR)
        words = SHARE.sub("", words)
        if not re.search(r"[^\W\d]", words) or NOBODY.fullmatch(words):
            return ()
        return (self._make(source[0], _label(words)),)

    def _last(self, *, persons: bool) -> tuple[str, ...]:
        for actor in reversed(self.latest):
            if (self.cast.actors[actor].kind == "Person") == persons:
                return (actor,)
        return ()

    def _make(self, span: Span, label: str) -> str:
        identifier = f"id/group/{self.article.key}-{span.start}-{span.end}"
        self.made[identifier] = Actor(id=identifier, kind="ActorGroup", label=label, basis="article")
        return identifier

    def on_behalf_of(self, speakers: tuple[str, ...]) -> tuple[str, ...]:
        """Return the bodies and states that the speakers speak for: their affiliations, and those of these bodies."""
        found: list[str] = []
        for speaker in speakers:
            for body in self._affiliations(speaker):
                found += [body, *self._affiliations(body)]
        return tuple(dict.fromkeys(actor for actor in found if actor not in speakers))

    def _affiliations(self, actor: str) -> tuple[str, ...]:
        known = self.cast.actors.get(actor)
        return known.affiliations if known is not None else ()

    def addressees(self, reading: Reading, *, channels: tuple[str, ...]) -> tuple[str, ...]:
        """Return the actors to whom the words go, outlets aside."""
        if reading.heard is None:
            return ()
        return tuple(actor for actor in actors_of(reading.heard, cast=self.cast) if actor not in channels)

    def channels(self, reading: Reading) -> tuple[str, ...]:
        """Return the outlets through which the words came: "told Reuters", "in an interview with Bloomberg"."""
        return self.outlets.of(reading)

    def is_outlet(self, actor: str) -> bool:
        """Return whether an actor is a news outlet or a platform."""
        return self.outlets.is_outlet(actor)


def _label(words: str) -> str:
    """Return words as a label: on one line, not longer than a label should be."""
    plain = " ".join(words.split())
    return plain if len(plain) <= LONGEST_LABEL else plain[: plain.rfind(" ", 0, LONGEST_LABEL)] + " …"

