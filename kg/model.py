"""The records that flow between the stages.

All of them are frozen, keyword-only and made of tuples. Offsets are code points of `Article.text`, end exclusive.
Identifiers (`Actor.id`, `Office.id` …) are relative IRIs such as `id/state/RUS`: the base IRI is added when the graph
is written, so that the same article gives the same records on every host. Scheme values (`stance`, `act`, `status` …)
are the local names of the concepts in ontology/schemes.ttl.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A stretch of code points of one article's text: `start` inclusive, `end` exclusive.

    >>> Span(start=4, end=8).of("the veto of Monday")
    'veto'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span must start at 0 or later and end after its start, not {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """Return the characters of `text` that the span cuts out."""
        return text[self.start : self.end]

    def holds(self, other: "Span") -> bool:
        """Return whether `other` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Return whether the two spans share a character."""
        return self.start < other.end and other.start < self.end


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One stretch of an article's layout.

    `kind` is one of: title, date, agency, section (label of the page, or a sub-heading), byline, dateline ("GENEVA,
    24 April (AP) —"), caption, credit (sources named, copyright, contact), label ("Source:" or "Details:" without the
    words after it), lead, paragraph. Only title, lead and paragraph are prose.
    """

    span: Span
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A news text exactly as decoded, and where its parts stand.

    `digest` is the SHA-256 (64 hex digits) of the text, UTF-8 with LF line ends; `source` the file name or URL as it
    came. `dated` (the words that give the day of publication; none where the name of the file does), `title`,
    `publisher` (the outlet or agency that the text itself names) and `authors` are spans of `text`; the empty tuple
    means that the text does not say.
    """

    digest: str
    source: str
    text: str
    blocks: tuple[Block, ...]
    published: date
    language: str = "en"
    dated: Spans = ()
    title: Spans = ()
    publisher: Spans = ()
    authors: Spans = ()

    @property
    def key(self) -> str:
        """The 16 hex digits that stand for the article in IRIs."""
        return self.digest[:16]

    @property
    def prose(self) -> Spans:
        """The blocks to be read as sentences: title, lead and paragraphs, in text order."""
        return tuple(block.span for block in self.blocks if block.kind in ("title", "lead", "paragraph"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who is made to say what, as the encoder marked it: cue, source and content spans, and its score from 0 to 1."""

    cue: Spans
    source: Spans
    content: Spans
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """Words that name a time, and the days that they can mean (both inclusive)."""

    span: Span
    earliest: date
    latest: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """When something can have happened: days inclusive, each possibly open (None = unbounded), and the words used."""

    earliest: date | None = None
    latest: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody or something that can speak, act or agree.

    `kind`: Person, State, Organization or ActorGroup. `basis`: registry, name or article (identity scheme).
    `affiliations`: ids of the actors that it belongs to and speaks for by office. `wikidata`: "Q159" or "".
    """

    id: str
    kind: str
    label: str
    basis: str
    aliases: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    wikidata: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A stretch of text that stands for an actor; `form`: name, role, metonym, demonym, nominal or pronoun."""

    span: Span
    actor: str
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A position that people hold one after the other."""

    id: str
    label: str
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """A person shown in an office by one article, on the words of `evidence`."""

    person: str
    office: Office
    evidence: Span


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The actors of one article: who they are, where they are mentioned, and in which office they are shown.

    `mentions` are sorted by start and do not overlap, save that a longer one may hold shorter ones ("Kremlin
    spokesman Dmitry Peskov" holds "Kremlin"). Without slots, because look-ups keep what they search by.
    """

    actors: Mapping[str, Actor]
    mentions: tuple[Mention, ...]
    tenures: tuple[Tenure, ...] = ()

    @cached_property
    def _sorted(self) -> tuple[Mention, ...]:
        return tuple(sorted(self.mentions, key=lambda mention: mention.span.start))

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(mention.span.start for mention in self._sorted)

    @cached_property
    def _longest(self) -> int:
        return max((mention.span.end - mention.span.start for mention in self.mentions), default=0)

    def mentions_in(self, span: Span) -> tuple[Mention, ...]:
        """Return the mentions that lie wholly inside `span`, in text order."""
        first, last = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        return tuple(mention for mention in self._sorted[first:last] if mention.span.end <= span.end)

    def mention_at(self, offset: int) -> tuple[Mention, ...]:
        """Return the mentions that cover the character at `offset`, shortest first."""
        first, last = bisect_left(self._starts, offset - self._longest), bisect_right(self._starts, offset)
        covering = (mention for mention in self._sorted[first:last] if offset < mention.span.end)
        return tuple(sorted(covering, key=lambda mention: mention.span.end - mention.span.start))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposition:
    """Who does what kind of thing to whom, always phrased positively.

    Two propositions are equal when agents, act, targets and topic are; `read_from` (the words) does not count.
    Agents and targets are sorted, without doubles. `topic` is "" where the act alone tells it.
    """

    agents: tuple[str, ...]
    act: str
    targets: tuple[str, ...] = ()
    topic: str = ""
    read_from: Span | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "agents", tuple(sorted(set(self.agents))))
        object.__setattr__(self, "targets", tuple(sorted(set(self.targets))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One communicative act or expressed attitude of its speakers, anchored at one cue.

    `cue.start` identifies it within its article. `evidence` is the sentence or sentences it was read from (the one
    that holds the cue first); `wording` the exact characters of what was said, one span per piece of a split quote;
    `quotes` the verbatim parts, without their quotation marks. `contents` are propositions, `inner` the cue starts of
    other statements of the article that are its content (words about words), `about` ids of actors, or of agreements
    and propositions of the graph. `confidence` is a probability.
    """

    cue: Span
    evidence: Spans
    speakers: tuple[str, ...]
    stance: str
    polarity: str
    certainty: str
    mode: str
    wording: Spans
    gist: str
    quotes: Spans = ()
    on_behalf_of: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    contents: tuple[Proposition, ...] = ()
    inner: tuple[int, ...] = ()
    premises: tuple[Proposition, ...] = ()
    about: tuple[str, ...] = ()
    when: Interval = Interval()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusEvent:
    """A dated change in the life of an agreement; `start` (of its verb or noun) identifies it in its article."""

    start: int
    status: str
    label: str
    agents: tuple[str, ...]
    when: Interval
    evidence: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One duty that an agreement puts on a party, and what triggers it.

    `start` and `number` (1, 2 … where several bearers share the words) identify it in its article. `action` is the
    words of the duty ("provide urgent military aid"), `conditions` those of what triggers it; `duty` and `triggers`
    are the propositions read from them.
    """

    start: int
    number: int
    gist: str
    evidence: Span
    bearers: tuple[str, ...]
    action: Span
    beneficiaries: tuple[str, ...] = ()
    conditions: Spans = ()
    duty: tuple[Proposition, ...] = ()
    triggers: tuple[Proposition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A commitment that actors make, or try to make; `start` (of its first noun) identifies it in its article."""

    start: int
    label: str
    kind: str
    status: str
    parties: tuple[str, ...]
    evidence: Spans
    mentions: Spans = ()
    events: tuple[StatusEvent, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    confidence: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Text that a stage saw and did not understand: not guessed into a triple, but not lost either."""

    where: Span
    what: str
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that was read from one article; `publishers` and `authors` are ids of actors of the cast."""

    article: Article
    cast: Cast
    statements: tuple[Statement, ...]
    agreements: tuple[Agreement, ...]
    publishers: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()


def cover(spans: Iterable[Span]) -> Span:
    """Return the smallest span that holds all of `spans`.

    Raises: ValueError: there are no spans.

    >>> cover([Span(start=4, end=8), Span(start=1, end=5)])
    Span(start=1, end=8)
    """
    found = tuple(spans)
    return Span(start=min(span.start for span in found), end=max(span.end for span in found))
