"""Readings → statements: speakers resolved, stance set, wording cut, statements about statements linked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kg.language.document import Doc
from kg.model import Actor, Article, Cast, Issue, Span, Spans, Statement, TimeExpression
from kg.resolution import actors_within
from kg.statements import chains, wording
from kg.statements.channels import carry_interview, credit_asker, credit_source
from kg.statements.coordination import disentangle, is_shown_by_thing, taken_up
from kg.statements.lexicon import Cues
from kg.statements.linking import link_quotations
from kg.statements.quotes import Quotation, find_quotations
from kg.statements.readings import FIRM, SURE, Reading, is_answered, is_of_others, is_unsaid, read_cues
from kg.statements.records import Features, Found
from kg.statements.speakers import Speakers
from kg.statements.stances import attitude_of, mode_of
from kg.statements.syntax import is_neither_nor, is_passive
from kg.statements.timing import find_when
from kg.statements.turns import read_questions, read_turns
from kg.statements.words import FIRST_PERSON, GENERIC, low

STAGE = "statements"
TERM = 3  # words up to which a quotation is a borrowed term, whose cues are the narrator's


def find_statements(
    doc: Doc, *, article: Article, cast: Cast, times: tuple[TimeExpression, ...], cues: Cues
) -> Found:
    """Return the statements of an article, all but their propositions.

    Args:
        doc: The analysis of `article.text`, with the encoder's attributions in `user_data["attributions"]`.
        article: The article.
        cast: Its actors.
        times: Its time expressions.
        cues: The lexicon.
    """
    turns = tuple(read_turns(doc, text=article.text, blocks=article.prose, cast=cast))
    verbatim = tuple(quotation for turn in turns for quotation in turn.quoted)
    quotations = tuple(
        quotation for quotation in find_quotations(article.text, blocks=article.prose)
        if not any(turn.outer.start == quotation.outer.start for turn in verbatim)  # "Quote from Roe: “…”"
    )
    marked = read_cues(doc, cues=cues, quotations=quotations)
    linked = link_quotations(doc, text=article.text, readings=marked, quotations=quotations, blocks=article.prose,
                             cues=cues)
    work = _Assembly(doc=doc, article=article, cast=cast, times=times, cues=cues, quotations=(*quotations, *verbatim),
                     speakers=Speakers(doc=doc, article=article, cast=cast, cues=cues),
                     sentences=wording.sentences_of(doc))
    return work.assemble([*turns, *(reading for reading in linked if work.is_told(reading))])


@dataclass(slots=True)
class _Assembly:
    doc: Doc
    article: Article
    cast: Cast
    times: tuple[TimeExpression, ...]
    cues: Cues
    quotations: tuple[Quotation, ...]
    speakers: Speakers
    sentences: Spans
    issues: list[Issue] = field(default_factory=list)
    features: dict[int, Features] = field(default_factory=dict)
    interviews: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict)

    def is_told(self, reading: Reading) -> bool:
        """Return whether a reading is something that the text attributes to somebody.

        The narrator's own words, words that were not said, and cues inside a quotation are not, save others' words
        that somebody quotes and the encoder is sure of.
        """
        head = reading.head
        if is_neither_nor(head):
            return True
        if is_unsaid(reading) or is_answered(reading):
            return False
        if head.dep_ == "conj" and is_neither_nor(head.head):
            return False
        words = {span.of(self.article.text).casefold() for span in reading.source}
        if reading.subject is not None:
            words = {low(reading.subject)}
        if (words & GENERIC and not self._is_told_of(reading)) or (words & FIRST_PERSON and not reading.quoted):
            return False
        cue = reading.cue
        if not any(other.inner.holds(cue) and self._is_speech(other) for other in self.quotations):
            return True
        told = reading.score >= FIRM or (reading.subject is not None and is_of_others(reading.subject))
        return reading.entry.weight >= SURE and told and not words & FIRST_PERSON

    @staticmethod
    def _is_told_of(reading: Reading) -> bool:
        """Return whether a general word stands for somebody: "one of them", but not "one might say"."""
        return reading.subject is not None and any(True for _ in reading.subject.children)

    def _is_speech(self, quotation: Quotation) -> bool:
        return len(quotation.inner.of(self.article.text).split()) > TERM

    def assemble(self, readings: Sequence[Reading]) -> Found:
        """Return the statements of the readings."""
        apart = disentangle(self.doc, readings, cast=self.cast)
        spoken = [reading for reading in apart if not is_shown_by_thing(reading, cast=self.cast)]
        whole, passed_on = self._with_chains(spoken)
        statements: list[Statement] = []
        for reading in whole:
            if reading.points_back:
                self._refer(reading, statements)
            else:
                statements.extend(self._statement(reading))
        statements = chains.without_own_pointers(statements)
        statements = chains.merge_own_attitudes(statements, text=self.article.text, known=self.cast.actors)
        inner = chains.nest(statements, passed_on)
        nested = [replace(statement, inner=found) for statement, found in zip(statements, inner, strict=True)]
        nested = chains.without_denied(nested)
        linked = [self._with_reference(statement, nested) for statement in nested]
        credited = credit_source(self.article, self.doc, linked, cast=self.cast, speakers=self.speakers)
        questions = tuple(read_questions(text=self.article.text, blocks=self.article.prose, cast=self.cast))
        credited = credit_asker(credited, questions)
        final = carry_interview(self._without_bystanders(credited), self.interviews)
        return Found(statements=final, actors=self._made(final), issues=tuple(self.issues), features=self.features)

    def _with_chains(self, readings: Sequence[Reading]) -> tuple[list[Reading], dict[int, int]]:
        """Return the readings with those of chained words, and which cue passes on which other one's words."""
        found = {reading.head.i: reading for reading in readings}
        passed_on: dict[int, int] = {}
        for inner, outer in chains.read_chains(self.doc, readings, cast=self.cast, cues=self.cues):
            found[inner.head.i], found[outer.head.i] = inner, outer
            passed_on[outer.cue.start] = inner.cue.start
        for later, former in taken_up(self.doc, readings, cues=self.cues):
            found[later.head.i], found[former.head.i] = later, former
            passed_on[later.cue.start] = former.cue.start
        return [found[number] for number in sorted(found)], passed_on

    def _statement(self, reading: Reading) -> Iterator[Statement]:
        text = self.article.text
        pieces = wording.wording_of(text, reading, quotations=self.quotations)
        speakers = self.speakers.who(reading) if pieces else ()
        if not speakers:
            if pieces and not is_passive(reading.head):  # "is expected to" is the narrator's, nobody's in particular
                self.issues.append(Issue(where=reading.cue, what="nobody can be found who says this", stage=STAGE))
            return
        attitude = attitude_of(self.doc, reading, content=pieces, cues=self.cues)
        outlets = self._others(self.speakers.channels(reading), speakers)
        hearers = self._others(self.speakers.addressees(reading, channels=outlets), speakers)
        features = Features(score=reading.score, weight=reading.entry.weight, ruled=reading.ruled,
                            quoted=bool(reading.quoted), known=speakers[0] in self.cast.actors)
        self.features[reading.cue.start] = features
        yield Statement(
            cue=reading.cue, speakers=speakers,
            evidence=wording.evidence_of(reading, pieces, sentences=self.sentences, text=text),
            stance=attitude.stance, polarity=attitude.polarity, certainty=attitude.certainty,
            mode=mode_of(text, reading, wording=pieces, quotations=self.quotations), wording=pieces,
            gist=wording.gist_of(text, pieces, cue=reading.cue), quotes=wording.quotes_in(pieces, self.quotations),
            on_behalf_of=self.speakers.on_behalf_of(speakers), addressees=hearers, channels=outlets,
            about=self._others(self._named(pieces), speakers), confidence=features.confidence,
            when=find_when(self.doc, reading, wording=pieces, article=self.article, times=self.times),
        )

    def _named(self, pieces: Spans) -> tuple[str, ...]:
        return tuple(actor for piece in pieces for actor in actors_within(self.doc, piece, cast=self.cast))

    @staticmethod
    def _others(actors: tuple[str, ...], speakers: tuple[str, ...]) -> tuple[str, ...]:
        """Return actors without the speakers and without doubles."""
        return tuple(dict.fromkeys(actor for actor in actors if actor not in speakers))

    def _refer(self, reading: Reading, statements: list[Statement]) -> None:
        """Add channel, time and evidence of "voiced these concerns in an interview" to what it refers to.

        That is what the same speaker says in the sentence before.
        """
        speakers = self.speakers.who(reading)
        outlets = self._others(self.speakers.channels(reading), speakers)
        if outlets:
            self.interviews.update(dict.fromkeys(speakers, (reading.cue.start, outlets)))
        when = find_when(self.doc, reading, wording=(), article=self.article, times=self.times)
        evidence = wording.evidence_of(reading, (), sentences=self.sentences, text=self.article.text)
        before = self._sentence_before(reading.cue)
        for number, statement in enumerate(statements):
            if before is not None and before.holds(statement.cue) and set(statement.speakers) & set(speakers):
                statements[number] = replace(
                    statement, channels=tuple(dict.fromkeys((*statement.channels, *outlets))),
                    when=when if when.words else statement.when, evidence=(*statement.evidence, *evidence))

    def _sentence_before(self, cue: Span) -> Span | None:
        before = [sentence for sentence in self.sentences if sentence.end <= cue.start]
        return before[-1] if before else None

    def _with_reference(self, statement: Statement, statements: list[Statement]) -> Statement:
        """Return a statement about "these reports" with the statements that are meant."""
        if not statement.inner and chains.names_claim(self.doc, statement, cues=self.cues):
            return replace(statement, inner=chains.told_before(statement, statements, sentences=self.sentences))
        meant = chains.stances_meant(self.doc, statement.wording, cues=self.cues)
        if statement.inner or not (meant or chains.is_pointer(statement)):
            return statement
        return replace(statement, inner=chains.referred(statement, statements, meant=meant, sentences=self.sentences))

    def _without_bystanders(self, statements: Sequence[Statement]) -> tuple[Statement, ...]:
        """Return the statements, about nobody who has no name and nowhere speaks: "voters", "two of the banks"."""
        speakers = {actor for statement in statements for actor in statement.speakers}
        named = {key for key, actor in self.cast.actors.items()
                 if actor.basis != "article" or actor.affiliations or actor.kind != "ActorGroup"} | speakers
        return tuple(
            replace(statement, about=tuple(actor for actor in statement.about if actor in named))
            for statement in statements
        )

    def _made(self, statements: tuple[Statement, ...]) -> tuple[Actor, ...]:
        used = {actor for statement in statements for actor in (*statement.speakers, *statement.channels)}
        return tuple(actor for key, actor in self.speakers.made.items() if key in used)
