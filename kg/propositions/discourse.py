"""What the statements of an article say: their propositions, and the earlier statements that they take up."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kg.language.document import Doc, Token
from kg.model import Article, Cast, Proposition, Statement
from kg.propositions.claims import (
    OUT_OF_THE_QUESTION,
    Reading,
    head_of,
    propositions_of,
    read_region,
    tokens_of,
)
from kg.propositions.clauses import SUBJECTS, case_of, marks_of, tokens_in
from kg.propositions.deeds import Event
from kg.propositions.events import DEMONSTRATIVES, Scene
from kg.propositions.lexicon import Acts, lemma_of
from kg.propositions.participants import doers_of, meant_by_deniers, voices_of
from kg.propositions.phrases import is_negated, is_not_of_facts

REACH = 4  # sentences over which "these reports" finds the report
PRONOUNS = frozenset({"so", "it", "this", "that", "them", "these", "those"})
PLURAL_PRONOUNS = frozenset({"them", "these", "those"})
# Stances that put their content forward as true or false: to deny such a statement is to deny what it says.
ABOUT_TRUTH = frozenset({"asserts", "reports", "alleges", "confirms", "denies", "believes", "expects", "warns"})
# Verbs whose negation is that of the clause below: "does not think that it attacked", but not "does not know whether".
RAISING = frozenset({"think", "believe", "expect", "suppose", "imagine", "seem", "appear", "find", "be", "mean"})
# Verbs whose negation is that of the event that they tell of: "there was no attack", "the talks did not take place".
HAPPENING = frozenset({"be", "have", "exist", "happen", "occur", "take", "hold", "make", "conduct", "plan", "see"})
REJECTING = frozenset({"denies", "doubts", "refuses"})  # stances whose cue negates, not the words after it
# Stances that are deeds towards somebody, so that one can deny them as such: "denied having endorsed her".
PERFORMED = frozenset({"praises", "criticises", "threatens"})
DIRECTIVE = frozenset({"demands", "requests", "urges"})
PLANS = frozenset({"to", "of", "in"})  # words before a clause that is all its noun says: "plans to attack"
COMPLEMENTS = frozenset({"acl", "ccomp", "acl:relcl"})


def read_contents(statements: tuple[Statement, ...], *, doc: Doc, article: Article, cast: Cast,
                  acts: Acts) -> tuple[Statement, ...]:
    """Return the statements with what they say: contents, premises, and the earlier statements they take up.

    Args:
        statements: Those of one article, in any order; what lies in the wording of another is read for itself only.
        doc: The analysed article.
        article: The article, whose text `doc` analyses.
        cast: Its actors.
        acts: The lexicon of acts.

    Returns: The same statements in the same order; `inner` keeps what it had.

    Raises: ValueError: `doc` is the analysis of another text.
    """
    if doc.text != article.text:
        raise ValueError(f"{article.source}: the analysis is of another text; parse the text of this article")
    discourse = _Discourse(
        scene=Scene(doc=doc, cast=cast, acts=acts, voices=voices_of(statements, doc=doc, cast=cast)),
        statements=statements)
    read = {statement.cue.start: discourse.read(statement)
            for statement in sorted(statements, key=lambda statement: statement.cue.start)}
    return tuple(read[statement.cue.start] for statement in statements)


@dataclass(slots=True, kw_only=True)
class _Discourse:
    """The statements of an article as far as they have been read, in text order."""

    scene: Scene
    statements: tuple[Statement, ...]
    told: list[tuple[Statement, tuple[Event, ...]]] = field(default_factory=list)
    performed: set[int] = field(default_factory=set)
    _starts: list[int] = field(init=False)
    _numbers: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = [sentence.start for sentence in self.scene.doc.sents]

    def read(self, statement: Statement) -> Statement:
        """Return a statement with its contents, premises and what it takes up, and remember it."""
        region = self._own_tokens(statement)
        reading = _weighed(self._reading(statement, region), statement)
        if statement.polarity == "negative":
            found = reading.contents or self._halves(region)
            reading.contents = [self._owned(event, statement, region) for event in found
                                if not self._is_aside(event, region)]
            reading.contents = [event for event in reading.contents
                                if self.scene.tells_enough(event) and not event.faceless]
        reading.contents = [event for event in reading.contents if not self._is_turned(event, statement, region)]
        if statement.stance in DIRECTIVE:
            reading.contents = [self._redirected(event, statement, region) for event in reading.contents]
        if not reading.everything and (deeds := self._performed(statement)):
            reading.contents = deeds
            self.performed.add(statement.cue.start)
        contents = list(propositions_of(reading.contents))
        inner = list(statement.inner)
        for earlier, events, whole in self._taken_up(statement, region):
            inner.append(earlier.cue.start)
            if whole and earlier.stance in ABOUT_TRUTH and earlier.cue.start not in self.performed:
                contents += _disputed(events, self.scene) or earlier.contents
        filled = replace(
            statement, contents=tuple(dict.fromkeys(contents)), premises=propositions_of(reading.premises),
            inner=tuple(dict.fromkeys(start for start in inner if start != statement.cue.start)),
        )
        self.told.append((filled, tuple(reading.contents)))
        return filled

    def _performed(self, statement: Statement) -> list[Event]:
        """Return the deed that the cue itself tells of its speakers: "endorsed Mr Ruiz", "a threat against Chad"."""
        if statement.polarity != "positive" or statement.stance not in PERFORMED:
            return []
        cue = head_of(self.scene.doc, statement.cue)
        events = () if cue is None else self.scene.events_at(cue)
        return [event for event in events if event.agents and event.targets
                and set(event.agents) <= set(statement.speakers)]

    def _redirected(self, event: Event, statement: Statement, region: frozenset[int]) -> Event:
        """Return an event that a demand puts on the speaker, who stands outside its words, with its addressee instead.

        "called for Iran to release them": whatever the parse ties to "called", Iran is to do it.
        """
        inside = [index for index in event.arguments if index in region]
        told = {actor for index in inside for actor in self.scene.who(self.scene.doc[index])}
        if event.nominal or not event.agents or not set(event.agents) <= set(statement.speakers) - told:
            return event
        for index in sorted(region):
            token = self.scene.doc[index]
            doers = self.scene.who(token) if index < event.at and index not in event.arguments else ()
            if doers and not set(doers) & {*event.agents, *event.targets}:
                return replace(event, agents=doers)
        return event

    def _halves(self, region: frozenset[int]) -> list[Event]:
        """Return the first events of a region that name one side only."""
        return next((list(found) for index in sorted(region) if (found := self.scene.halves_at(self.scene.doc[index]))),
                    [])

    def _owned(self, event: Event, statement: Statement, region: frozenset[int]) -> Event:
        """Return what a denial names without its doer with those who deny as the doers.

        "denied any role in the attack", "denied support for the rebels", "denied that there were talks with Iran".
        """
        denies = statement.stance == "denies"
        if denies and event.nominal and event.agents and set(event.agents) <= set(statement.speakers):
            return replace(event, agents=meant_by_deniers(statement, cast=self.scene.cast) or event.agents)
        if event.symmetric:
            lacks = len(event.agents) == 1 and not self.scene.tells_enough(event)
        else:
            lacks = denies and event.nominal and not event.agents and self._is_named_first(event, region)
        if not lacks:
            return event
        doers = meant_by_deniers(statement, cast=self.scene.cast) if denies else doers_of(
            statement, cast=self.scene.cast)
        if not doers or event.actors & {*doers, *statement.speakers, *statement.on_behalf_of}:
            return event
        return replace(event, agents=(*event.agents, *doers))

    def _is_turned(self, event: Event, statement: Statement, region: frozenset[int]) -> bool:
        """Return whether an event stands against the polarity of its statement.

        "I know that I will not vote for her" asserts no vote, and "nobody met him, but I wrote to him" denies none.
        """
        if statement.polarity not in ("positive", "negative"):
            return False
        path = list(_clauses_above(self.scene.doc[event.at], region))
        undone = sum(lemma_of(word) in OUT_OF_THE_QUESTION for word in path[1:])
        denied = any(map(is_negated, path)) != (undone % 2 == 1)
        if statement.polarity == "positive":
            return denied
        by_its_cue = statement.stance in REJECTING and not (denied and self._only_tells(statement))
        return denied == by_its_cue or any(map(is_not_of_facts, path)) or (
            event.nominal and not by_its_cue and self._is_only_named(event))

    def _only_tells(self, statement: Statement) -> bool:
        """Return whether a cue leaves it to the words that it tells to deny: "said it was not true that"."""
        cue = head_of(self.scene.doc, statement.cue)
        return cue is not None and lemma_of(cue) in self.scene.acts.tellers

    def _is_only_named(self, event: Event) -> bool:
        """Return whether a negated verb has an event as its object, which may have happened for all that.

        "had not called for the minister's resignation", "cannot accept the killing"; but "did not take part in the
        killing", "no talks were held".
        """
        token = self.scene.doc[event.at]
        if token.pos_ not in ("NOUN", "PROPN") or is_negated(token):
            return False
        verb = next((above for above in token.ancestors if above.pos_ == "VERB"), None)
        return verb is not None and is_negated(verb) and lemma_of(verb) not in HAPPENING and not any(
            lemma_of(child) in ("no", "any") for child in token.children)

    def _is_named_first(self, event: Event, region: frozenset[int]) -> bool:
        """Return whether no verb of a region stands above the noun that names an event."""
        return not any(above.i in region and above.pos_ in ("VERB", "AUX")
                       for above in self.scene.doc[event.at].ancestors)

    def _is_aside(self, event: Event, region: frozenset[int]) -> bool:
        """Return whether an event only helps to tell what is meant, so that a denial leaves it alone.

        "denied links to the group that attacked Kenya" does not deny the attack; "denied claims that it attacked" does,
        though not that somebody claimed it.
        """
        token = self.scene.doc[event.at]
        if event.nominal and lemma_of(token) in self.scene.acts.anaphors:
            return True
        while token.head.i in region and token.head != token:
            if token.dep_ in ("acl:relcl", "advcl") or (token.dep_ == "ccomp" and lemma_of(token.head) not in RAISING):
                return True
            if token.dep_ == "acl" and lemma_of(token.head) not in self.scene.acts.anaphors and not (
                    marks_of(token) & PLANS):
                return True
            token = token.head
        return False

    def _own_tokens(self, statement: Statement) -> frozenset[int]:
        """Return the tokens of the wording that belong to no statement inside it."""
        own = tokens_of(self.scene, statement.wording)
        if not own:
            return own
        first, last = self.scene.doc[min(own)], self.scene.doc[max(own)]
        for other in self.statements:
            if not first.idx <= other.cue.start < last.idx + len(last):
                continue
            theirs = tokens_of(self.scene, (other.cue, *other.wording))
            if other is not statement and theirs < own and tokens_of(self.scene, (other.cue,)) <= own:
                own -= theirs
        return own

    def _reading(self, statement: Statement, region: frozenset[int]) -> Reading:
        """Return what a region says; where its cue leads from a ground to a conclusion, each in its part.

        "cited the veto as evidence of support": the support is put forward, the veto is its ground.
        """
        cue = head_of(self.scene.doc, statement.cue)
        below = [] if cue is None else [word for word in cue.subtree if self._concludes(word)]
        for conclusion in below[:1]:
            after = frozenset(word.i for word in conclusion.subtree)
            told = [child for child in conclusion.sent if child.head == cue and child.dep_ == "obj"]
            before = frozenset(word.i for child in told for word in child.subtree) - after
            if region & (after | before):
                grounds = read_region(self.scene, before)
                found = read_region(self.scene, after)
                return Reading(contents=found.contents, premises=[*found.premises, *grounds.everything])
        return read_region(self.scene, region)

    def _concludes(self, token: Token) -> bool:
        """Return whether a nominal leads to a conclusion: "as evidence of"."""
        case = case_of(token)
        phrases = (f"{case} {lemma_of(token)} {case_of(child)}" for child in token.children)
        return bool(case) and any(self.scene.acts.phrases.get(phrase) == "conclusion" for phrase in phrases)

    def _taken_up(self, statement: Statement,
                  region: frozenset[int]) -> Iterator[tuple[Statement, tuple[Event, ...], bool]]:
        """Yield the earlier statements that words of this one stand for, and whether they are all of its content."""
        words = [self.scene.doc[index] for index in sorted(region) if self.scene.doc[index].pos_ != "PUNCT"]
        for word in words:
            whole = word.head.i not in region or word.head == word
            if _takes_up(word, self.scene.acts):
                stances = self.scene.acts.anaphors[lemma_of(word)]
                holders = {actor for owner in tokens_in(word, "poss") for actor in self.scene.who(owner)}
                for earlier, events in self._latest(statement, stances, many=_is_plural(word)):
                    if not holders or holders & {*earlier.speakers, *earlier.on_behalf_of}:
                        yield earlier, events, whole
            elif len(words) == 1 and lemma_of(word) in PRONOUNS:
                for earlier, events in self._latest(statement, ("",), many=False, same=lemma_of(word) == "so"):
                    yield earlier, events, whole

    def _latest(self, statement: Statement, tiers: Iterable[str], *, many: bool,
                same: bool = False) -> list[tuple[Statement, tuple[Event, ...]]]:
        """Return the nearest earlier statements of a stance, all of one sentence if `many`, else the last.

        Args:
            statement: The statement that looks back.
            tiers: Stances joined by "+", the preferred ones first; "" for any.
            many: Whether the words are plural.
            same: Whether to prefer the speaker's own statements: "they have said so".
        """
        far = self._sentence_of(statement) - REACH
        near = [(earlier, events) for earlier, events in self.told if far <= self._sentence_of(earlier)
                and not any(span.holds(earlier.cue) for span in statement.wording)]
        own = [pair for pair in near if set(pair[0].speakers) & set(statement.speakers)]
        others = [pair for pair in near if not set(pair[0].speakers) & set(statement.speakers)]
        pools = (own, near) if same else ((others,) if statement.polarity == "negative" else (near,))
        for pool in pools:
            for tier in tiers:
                fitting = [pair for pair in pool if not tier or pair[0].stance in tier.split("+")]
                if fitting:
                    last = self._sentence_of(fitting[-1][0])
                    return [pair for pair in fitting if self._sentence_of(pair[0]) == last] if many else fitting[-1:]
        return []

    def _sentence_of(self, statement: Statement) -> int:
        """Return the number of the sentence that holds the cue."""
        if statement.cue.start not in self._numbers:
            cue = head_of(self.scene.doc, statement.cue)
            self._numbers[statement.cue.start] = bisect_right(self._starts, cue.i) if cue is not None else 0
        return self._numbers[statement.cue.start]


def _clauses_above(token: Token, region: frozenset[int]) -> Iterator[Token]:
    """Yield a predicate and the words of a region above it whose negation is its own too.

    What a relative clause tells, or a clause with a subject of its own that is joined to another, stands for itself.
    """
    yield token
    while token.head != token and token.head.i in region and token.dep_ != "acl:relcl":
        if token.dep_ in ("conj", "parataxis") and any(child.dep_ in SUBJECTS for child in token.children):
            return
        token = token.head
        yield token


def _weighed(reading: Reading, statement: Statement) -> Reading:
    """Return a reading with its grounds as contents where the stance is about them: concern about consequences."""
    if reading.contents or statement.stance not in ("concerned", "praises", "criticises"):
        return reading
    return Reading(contents=reading.premises)


def _takes_up(word: Token, acts: Acts) -> bool:
    """Return whether a noun stands for what was said before: "these reports", but not "reports of attacks"."""
    if word.pos_ != "NOUN" or lemma_of(word) not in acts.anaphors:
        return False
    pointed = any(child.text.casefold() in DEMONSTRATIVES for child in word.children)
    known = any(child.text.casefold() == "the" or child.dep_ == "nmod:poss" for child in word.children)
    bare = not any(child.dep_ in ("amod", "compound") for child in word.children)
    return (pointed or (known and bare)) and not any(
        child.dep_ in COMPLEMENTS or (child.dep_ == "nmod" and case_of(child) in ("of", "about"))
        for child in word.children
    )


def _is_plural(word: Token) -> bool:
    """Return whether a noun is plural, as far as its form tells."""
    return word.text.casefold() != lemma_of(word) or word.text.casefold() in PLURAL_PRONOUNS


def _disputed(events: Iterable[Event], scene: Scene) -> tuple[Proposition, ...]:
    """Return what a reply to a statement is about: what it puts forward as new, not what it takes for granted."""
    found = list(events)
    new = [event for event in found if not _is_granted(event, scene)]
    return propositions_of(new or found)


def _is_granted(event: Event, scene: Scene) -> bool:
    """Return whether an event is only named by the definite subject of its clause: "the warming of ties has …"."""
    token = scene.doc[event.at]
    while token.dep_ in ("nmod", "conj") and token.head != token:
        token = token.head
    definite = any(child.dep_ in ("det", "nmod:poss") and child.text.casefold() not in ("a", "an", "no")
                   for child in token.children)
    return event.nominal and definite and token.dep_ in ("nsubj", "nsubj:pass")
