"""Readings → statements: speakers resolved, stance set, wording cut, statements about statements linked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc, Token

from kg.model import Actor, Article, Cast, Interval, Issue, Span, Spans, Statement, TimeExpression
from kg.resolution import actors_of, actors_within
from kg.statements import chains, channels, wording
from kg.statements.frames import HUMAN, clause_head
from kg.statements.lexicon import Cues
from kg.statements.linking import link_quotations
from kg.statements.quotes import Quotation, find_quotations
from kg.statements.readings import FIRM, FIRST_PERSON, GENERIC, SURE, Reading, is_unsaid, read_cues
from kg.statements.speakers import Speakers
from kg.statements.stances import attitude_of, mode_of
from kg.statements.syntax import PAPERS, has_own_subject, is_neither_nor, is_passive, spans_of

STAGE = "statements"
# Confidence before calibration: what a cue is worth that only the lexicon's frames saw, and that quotation marks show.
RULED, QUOTED = 0.75, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """What a statement's confidence rests on.

    `score`: the encoder's, 0 where it saw no cue; `weight`: the lexicon's; `ruled`: a frame fits; `quoted`: quotation
    marks give the wording; `known`: the speaker is an actor of the cast.
    """

    score: float
    weight: float
    ruled: bool
    quoted: bool
    known: bool

    @property
    def confidence(self) -> float:
        """A first estimate, from 0 to 1."""
        seen = max(self.score, RULED if self.ruled else 0.0)
        found = max(seen * self.weight, QUOTED if self.quoted else 0.0)
        return round(found * (1.0 if self.known else 0.9), 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The statements of an article, the article-local actors made for them, and the features by cue start."""

    statements: tuple[Statement, ...]
    actors: tuple[Actor, ...] = ()
    issues: tuple[Issue, ...] = ()
    features: Mapping[int, Features] = field(default_factory=dict)


def find_statements(doc: Doc, *, article: Article, cast: Cast, times: tuple[TimeExpression, ...], cues: Cues) -> Found:
    """Return the statements of an article, all but their propositions.

    Args:
        doc: The analysis of `article.text`, with the encoder's attributions in `user_data["attributions"]`.
        article: The article.
        cast: Its actors.
        times: Its time expressions.
        cues: The lexicon.
    """
    quotations = find_quotations(article.text, blocks=article.prose)
    read = read_cues(doc, cues=cues, quotations=quotations)
    read = link_quotations(doc, text=article.text, readings=read, quotations=quotations, blocks=article.prose, cues=cues)
    work = _Assembly(doc=doc, article=article, cast=cast, times=times, cues=cues, quotations=quotations,
                     speakers=Speakers(doc=doc, article=article, cast=cast, cues=cues))
    return work.assemble(tuple(reading for reading in read if work.is_told(reading)))


@dataclass(slots=True)
class _Assembly:
    doc: Doc
    article: Article
    cast: Cast
    times: tuple[TimeExpression, ...]
    cues: Cues
    quotations: tuple[Quotation, ...]
    speakers: Speakers
    issues: list[Issue] = field(default_factory=list)
    features: dict[int, Features] = field(default_factory=dict)
    interviews: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    def is_told(self, reading: Reading) -> bool:
        """Return whether a reading is something that the text attributes to somebody."""
        if is_neither_nor(reading.head):
            return True
        if is_unsaid(reading) or _is_second_of_neither(reading.head):
            return False
        words = {span.of(self.article.text).casefold() for span in reading.source}
        if reading.subject is not None:
            words = {reading.subject.lower_}
        if words & GENERIC or (words & FIRST_PERSON and not reading.quoted):
            return False
        inside = any(other.inner.holds(reading.cue) for other in self.quotations if len(other.inner.of(self.article.text).split()) > 3)
        return not inside or (min(reading.entry.weight, reading.score + SURE - FIRM) >= SURE and not words & FIRST_PERSON)

    def assemble(self, readings: tuple[Reading, ...]) -> Found:
        readings = tuple(self._raised(readings))
        chained: dict[int, int] = {}
        extra: list[Reading] = []
        for inner, outer in chains.read_chains(self.doc, readings, cast=self.cast, cues=self.cues):
            extra.append(inner)
            chained[outer.cue.start] = inner.cue.start
        taken = {reading.head.i for reading in extra}
        whole = sorted((*(reading for reading in readings if reading.head.i not in taken), *extra),
                       key=lambda reading: reading.head.i)
        statements: list[Statement] = []
        for reading in whole:
            if reading.points_back:
                self._refer(reading, statements)
            else:
                statements.extend(self._statement(reading))
        nested = [replace(statement, inner=inner)
                  for statement, inner in zip(statements, chains.nest(statements, chained), strict=True)]
        shadowed = chains.shadowed(nested)
        nested = [replace(statement, polarity="unclear", certainty="unclear", stance="asserts" if statement.stance == "denies" else statement.stance)
                  if statement.cue.start in shadowed else statement for statement in nested]
        linked = tuple(self._with_reference(statement, nested) for statement in nested)
        credited = channels.credit_source(self.article, self.doc, linked, cast=self.cast, speakers=self.speakers)
        final = channels.carry_interview(credited, self.interviews)
        return Found(statements=final, actors=self._made(final), issues=tuple(self.issues), features=self.features)

    def _raised(self, readings: tuple[Reading, ...]) -> Iterator[Reading]:
        """Yield the readings; a second cue that the parse hung into the words of the first goes back to its speaker.

        "Stoltenberg stated that the agreement showed … and STRESSED …": an agreement cannot stress.
        """
        heads = {reading.head.i: reading for reading in readings}
        cut: dict[int, int] = {}
        moved: dict[int, Token] = {}
        for reading in readings:
            outer = _outer_cue(reading.head, heads)
            if outer is None or outer.subject is None or reading.subject is None or not self._is_thing(reading.subject):
                continue
            moved[reading.head.i] = outer.subject
            cut[outer.head.i] = min(reading.cue.start, cut.get(outer.head.i, reading.cue.start))
        for reading in readings:
            first = heads.get(reading.head.head.i) if reading.head.dep_ == "conj" else None
            if first is not None and first.head.i < reading.head.i and first.reach.start < reading.head.left_edge.idx:
                start = min(reading.head.left_edge.idx, reading.cue.start)
                cut[first.head.i] = min(start, cut.get(first.head.i, start))
        for reading in readings:
            yield replace(reading, subject=moved.get(reading.head.i, reading.subject),
                          content=_before(self.doc, reading.content, cut.get(reading.head.i, len(self.article.text))))

    def _is_thing(self, token: Token) -> bool:
        """Return whether a noun is no actor, nor a paper that can speak."""
        return token.pos_ == "NOUN" and token.lemma_.casefold() not in HUMAN | PAPERS and not actors_of(token, cast=self.cast)

    def _statement(self, reading: Reading) -> Iterator[Statement]:
        pieces = wording.wording_of(self.article.text, reading, quotations=self.quotations)
        if not pieces:
            return
        speakers = self.speakers.who(reading)
        if not speakers and is_passive(reading.head):
            return  # "is expected to": the narrator's, and nobody's in particular
        if not speakers:
            self.issues.append(Issue(where=reading.cue, what="nobody can be found who says this", stage=STAGE))
            return
        attitude = attitude_of(self.doc, reading, content=pieces, cues=self.cues)
        outlets = tuple(actor for actor in self.speakers.channels(reading) if actor not in speakers)
        features = Features(score=reading.score, weight=reading.entry.weight, ruled=reading.ruled,
                            quoted=bool(reading.quoted), known=speakers[0] in self.cast.actors)
        self.features[reading.cue.start] = features
        inside = dict.fromkeys(actor for piece in pieces for actor in actors_within(self.doc, piece, cast=self.cast))
        yield Statement(
            cue=reading.cue, evidence=wording.evidence_of(self.doc, reading, pieces, text=self.article.text), speakers=speakers,
            stance=attitude.stance, polarity=attitude.polarity, certainty=attitude.certainty,
            mode=mode_of(self.article.text, reading, wording=pieces, quotations=self.quotations),
            wording=pieces, gist=wording.gist_of(self.article.text, pieces), quotes=wording.quotes_in(pieces, self.quotations),
            on_behalf_of=self.speakers.on_behalf_of(speakers), channels=outlets,
            addressees=tuple(actor for actor in self.speakers.addressees(reading, channels=outlets) if actor not in speakers),
            about=tuple(actor for actor in inside if actor not in speakers),
            when=self._when(reading, pieces), confidence=features.confidence,
        )

    def _when(self, reading: Reading, pieces: Spans) -> Interval:
        """Return the time that the cue's clause names, else: no later than the article."""
        governors = {token.i for token in _governors(reading.head)}
        for time in sorted(self.times, key=lambda time: abs(time.span.start - reading.cue.start)):
            stretch = self.doc.char_span(time.span.start, time.span.end, alignment_mode="expand")
            if stretch is None or any(piece.overlaps(time.span) for piece in pieces):
                continue
            if clause_head(stretch.root).i in governors or stretch.root.i in governors or self._is_beside(time.span, reading.cue):
                return Interval(earliest=time.earliest, latest=min(time.latest, self.article.published)
                                if time.earliest <= self.article.published else time.latest, words=time.span.of(self.article.text))
        return Interval(latest=self.article.published)

    def _is_beside(self, time: Span, cue: Span) -> bool:
        """Return whether only a preposition parts a cue from a time after it: "said on Monday"."""
        between = self.article.text[cue.end : time.start] if cue.end <= time.start else "much more than that"
        return len(between.split()) <= 1 and not set(between) & set(".,;:\"“”\n")

    def _refer(self, reading: Reading, statements: list[Statement]) -> None:
        """Add channel, time and evidence of "voiced these concerns in an interview" to the statements it refers to."""
        speakers = self.speakers.who(reading)
        outlets = tuple(actor for actor in self.speakers.channels(reading) if actor not in speakers)
        if outlets:
            self.interviews.update(dict.fromkeys(speakers, (reading.cue.start, outlets)))
        when = self._when(reading, ())
        evidence = wording.evidence_of(self.doc, reading, (), text=self.article.text)
        sentences = [Span(start=sentence.start_char, end=sentence.end_char) for sentence in self.doc.sents if sentence.text.strip()]
        here = next((number for number, span in enumerate(sentences) if span.holds(reading.cue)), 0)
        for number, statement in enumerate(statements):
            near = any(span.holds(statement.cue) for span in sentences[max(0, here - 1) : here])
            if near and set(statement.speakers) & set(speakers):
                statements[number] = replace(
                    statement, channels=tuple(dict.fromkeys((*statement.channels, *outlets))),
                    when=when if when.words else statement.when, evidence=(*statement.evidence, *evidence))

    def _with_reference(self, statement: Statement, statements: list[Statement]) -> Statement:
        if statement.inner or not chains.refers_back(self.doc, statement.wording, cues=self.cues):
            return statement
        found = chains.referred(self.doc, statement, statements)
        return replace(statement, inner=found)

    def _made(self, statements: tuple[Statement, ...]) -> tuple[Actor, ...]:
        used = {actor for statement in statements for actor in statement.speakers}
        return tuple(actor for key, actor in self.speakers.made.items() if key in used)


def _outer_cue(token: Token, heads: Mapping[int, Reading]) -> Reading | None:
    """Return the cue whose content a coordinated cue without subject hangs in."""
    if token.dep_ != "conj" or has_own_subject(token) or token.head.dep_ != "ccomp":
        return None
    return heads.get(token.head.head.i)


def _before(doc: Doc, content: Spans, limit: int) -> Spans:
    """Return what of a content stands before an offset; all of it where nothing does."""
    if all(span.start >= limit for span in content) or all(span.end <= limit for span in content):
        return content
    tokens = [token for span in content for token in doc.char_span(span.start, span.end, alignment_mode="expand") or ()]
    return spans_of(doc, [token for token in tokens if token.idx < limit])


def _is_second_of_neither(token: Token) -> bool:
    return token.dep_ == "conj" and is_neither_nor(token.head)


def _governors(token: Token) -> Iterator[Token]:
    """Yield a cue and the predicates above it that share its time: coordinated, or its main clause."""
    yield token
    while token.dep_ in ("conj", "advcl", "xcomp", "parataxis", "obj", "acl") and token.head.i != token.i:
        if token.dep_ in ("conj", "parataxis") and has_own_subject(token):
            return
        token = token.head
        yield token
