"""One article as the stages of this package see it: its words, its known names, and the cast as it grows."""

import bisect
import hashlib
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace

from kg.actors.lexicon import Lexicon, load_lexicon
from kg.actors.registry import Registry, name_key
from kg.language.document import Doc, Stretch, Token
from kg.model import Actor, Article, Mention, Span, Spans, Tenure
from kg.resolution import head_of

QUOTED = re.compile(r"“[^”]*(?:”|$)|(?<!\w)\"[^\"]*(?:\"|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A proper name in the text: what it is (Person, Organization, State, Place) and, where known, whom it means.

    `use` is the registry's: name, adjective, people, capital, building; "" for a name that the registry lacks.
    """

    span: Span
    words: str
    kind: str
    use: str = ""
    actor: str = ""


@dataclass(slots=True)
class Scene:
    """The article, its analysis, and what has been found in it so far.

    `added` lists the mentions in the order in which they came, `dropped` counts those that were taken back.
    `genders` holds "m" or "f" for people whose title, office or pronoun told it. `plural` are the actors that "they"
    can take up. `roles` keeps what a person is by office or occupation, `nouns` the nouns that a body went by ("the
    newspaper"), `places` the places named, `sources` the heads of the sources of words by token.
    """

    doc: Doc
    article: Article
    registry: Registry
    lexicon: Lexicon = field(default_factory=load_lexicon)
    actors: dict[str, Actor] = field(default_factory=dict)
    mentions: dict[tuple[int, int, str], Mention] = field(default_factory=dict)
    added: list[Mention] = field(default_factory=list)
    dropped: int = 0
    tenures: list[Tenure] = field(default_factory=list)
    genders: dict[str, str] = field(default_factory=dict)
    plural: set[str] = field(default_factory=set)
    roles: dict[str, set[str]] = field(default_factory=dict)
    nouns: dict[str, set[str]] = field(default_factory=dict)
    places: list[Named] = field(default_factory=list)
    quoted: tuple[Span, ...] = ()
    sources: dict[int, set[int]] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)
    _sentences: list[int] = field(default_factory=list)
    _paragraphs: list[int] = field(default_factory=list)
    _prose: Spans = ()
    _numbers: dict[int, int] = field(default_factory=dict)
    _covering: dict[int, list[Mention]] = field(default_factory=lambda: defaultdict(list))
    _heads: dict[Span, Token] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = [token.idx for token in self.doc]
        self._prose = self.article.prose
        self._paragraphs = [block.start for block in self._prose]
        self._sentences = [
            sentence.start for sentence in self.doc.sents
            if self._is_prose(sentence)
        ]
        for source in self.doc.spans.get("source", ()) if "source" in self.doc.spans else ():
            for token in source:
                self.sources.setdefault(token.i, set()).add(source.root.i)
        self.quoted = tuple(
            Span(start=block.start + found.start(), end=block.start + found.end())
            for block in self.article.prose for found in QUOTED.finditer(block.of(self.article.text))
        )

    def _is_prose(self, sentence: Stretch) -> bool:
        first = next((token.idx for token in sentence if token.text.strip()), -1)
        return self.is_prose(first)

    def add(self, span: Span, actor: Actor, form: str) -> None:
        """Take an actor into the cast, with one mention; what is known of it already stays, aliases are joined."""
        before = self.actors.get(actor.id, actor)
        self.actors[actor.id] = replace(
            before,
            aliases=tuple(dict.fromkeys((*before.aliases, *actor.aliases))),
            affiliations=before.affiliations or actor.affiliations,
        )
        key = (span.start, span.end, actor.id)
        if key not in self.mentions:
            mention = Mention(span=span, actor=actor.id, form=form)
            self.mentions[key] = mention
            self.added.append(mention)
            for token in self.stretch(span):
                self._covering[token.i].append(mention)

    def drop(self, mention: Mention) -> None:
        """Take a mention back."""
        self.mentions.pop((mention.span.start, mention.span.end, mention.actor), None)
        self.dropped += 1
        for token in self.stretch(mention.span):
            self._covering[token.i] = [other for other in self._covering[token.i] if other != mention]

    def refer(self, span: Span, actor: str, form: str) -> None:
        """Add a mention of an actor of the cast."""
        self.add(span, self.actors[actor], form)

    def add_known(self, identifier: str) -> None:
        """Make a known actor one that others can belong to; without a mention it does not enter the cast."""
        if identifier not in self.actors:
            self.actors[identifier] = self.known(identifier)

    def affiliate(self, actor: str, body: str) -> None:
        """Set what an actor belongs to, unless the article has told it already."""
        known = self.actors[actor]
        if body and body != actor and not known.affiliations:
            self.actors[actor] = replace(known, affiliations=(body,))

    def known(self, identifier: str) -> Actor:
        """Return an actor of the registry, as it enters the cast: a person without what the article must tell."""
        return self.registry.actors[identifier]

    def token_at(self, offset: int) -> Token:
        """Return the token that covers a code point, or the last one before it."""
        return self.doc[max(bisect.bisect_right(self._starts, offset) - 1, 0)]

    def stretch(self, span: Span) -> Stretch:
        """Return the tokens that a span touches."""
        return self.doc[self.token_at(span.start).i : self.token_at(span.end - 1).i + 1]

    def head(self, span: Span) -> Token:
        """Return the token of a span that the others hang on."""
        if span not in self._heads:
            self._heads[span] = head_of(self.stretch(span))
        return self._heads[span]

    def sentence(self, offset: int) -> int:
        """Return the number of the sentence at an offset; the blanks between paragraphs do not count."""
        if offset not in self._numbers:
            self._numbers[offset] = bisect.bisect_right(self._sentences, self.token_at(offset).i) - 1
        return self._numbers[offset]

    def start_of_sentence(self, number: int) -> int:
        """Return the offset at which a sentence starts; 0 for numbers below that of the first."""
        return self.doc[self._sentences[number]].idx if number > 0 else 0

    def paragraph(self, offset: int) -> int:
        """Return the number of the prose block at or before an offset."""
        return bisect.bisect_right(self._paragraphs, offset) - 1

    def is_prose(self, offset: int) -> bool:
        """Return whether an offset lies in prose."""
        number = self.paragraph(offset)
        return number >= 0 and offset < self._prose[number].end

    def is_quoted(self, offset: int) -> bool:
        """Return whether an offset lies between quotation marks."""
        return any(span.start <= offset < span.end for span in self.quoted)

    def cut(self, first: Token, last: Token) -> Span:
        """Return the span from one token to another, both included."""
        return Span(start=first.idx, end=last.idx + len(last.text))

    def mentions_in(self, span: Span) -> list[Mention]:
        """Return the mentions inside a span, in text order, longer ones first."""
        covering = {mention for token in self.stretch(span) for mention in self._covering[token.i]}
        inside = [mention for mention in covering if span.holds(mention.span)]
        return sorted(inside, key=lambda mention: (mention.span.start, -mention.span.end, mention.actor))

    def capital_at(self, token: Token) -> str:
        """Return the state whose capital a token names, or ""."""
        for place in self.places:
            if place.use == "capital" and place.span.start <= token.idx < place.span.end:
                return self.registry.state_of(place.actor)
        return ""

    def place_at(self, token: Token) -> bool:
        """Return whether a token is part of the name of a place."""
        return any(place.span.start <= token.idx < place.span.end for place in self.places)

    def home(self, *, before: int | None = None, clearly: bool = False) -> str:
        """Return the state that the article names most often (before an offset), the first among equals, or "".

        Args:
            before: Where to stop reading.
            clearly: Only a state that is named twice as often as any other.
        """
        counts = Counter(
            mention.actor for mention in sorted(self.mentions.values(), key=lambda mention: mention.span)
            if self.actors[mention.actor].kind == "State" and (before is None or mention.span.start < before)
        )
        (state, most), (_, second) = (*counts.most_common(2), ("", 0), ("", 0))[:2]
        return state if most >= 2 * second or not clearly else ""

    def covered(self, token: Token) -> list[Mention]:
        """Return the mentions that cover a token, longest first."""
        found = [mention for mention in self._covering[token.i] if mention.span.start <= token.idx < mention.span.end]
        return sorted(found, key=lambda mention: mention.span.start - mention.span.end)


def named_actor(kind: str, label: str, *, aliases: tuple[str, ...] = (), affiliations: tuple[str, ...] = ()) -> Actor:
    """Return an actor that is known by name only; the same kind and name give the same id everywhere.

    >>> named_actor("Organization", "Ministry of Mines of Namibia").id
    'id/org/n.ministry-of-mines-of-namibia.647972'
    """
    return Actor(
        id=f"id/{'person' if kind == 'Person' else 'org'}/{name_slug(kind, label)}", kind=kind, label=label,
        basis="name", aliases=aliases, affiliations=affiliations,
    )


def name_slug(kind: str, name: str) -> str:
    """Return the last step of the IRI of something known by name only."""
    pieces = "-".join(piece.casefold() for piece in name_key(name)) or "x"
    return f"n.{pieces[:60]}.{hashlib.sha256(f'{kind}|{name}'.encode()).hexdigest()[:6]}"


def local_actor(
    article: Article, span: Span, *, label: str, kind: str = "ActorGroup", affiliations: tuple[str, ...] = (),
) -> Actor:
    """Return an actor that only this article knows, by a description or a surname."""
    return Actor(
        id=f"id/group/{article.key}-{span.start}-{span.end}", kind=kind, label=label, basis="article",
        affiliations=affiliations,
    )
