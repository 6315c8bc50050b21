"""Predicates and their participants: the words of a sentence → who does what kind of thing to whom."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from kg.language.document import Doc, Token
from kg.model import Cast, Span
from kg.propositions.clauses import MODIFIERS, case_of, is_passive, objects, surface_subject, tokens_in
from kg.propositions.deeds import Event
from kg.propositions.lexicon import CLASSES_OF_WORD, FROM_THE_WORDS, Acts, Row, lemma_of
from kg.propositions.participants import Participants
from kg.propositions.phrases import is_list, is_reciprocal, items, theme

MEMORY = 6  # sentences over which "this visit" finds the visit that was told in full; chosen on the two seeds
LONGEST = 200  # tokens of a sentence that is read; longer ones are lists and tables, not prose
DEMONSTRATIVES = frozenset({"this", "that", "these", "those", "such"})
DEFINITE = DEMONSTRATIVES | {"the"}
# Acts that tell that the deed under them was not done, or not yet: "refused to sell", "threatened to attack".
UNDONE = frozenset({"reject", "threaten"})
HARM = frozenset({"accuse", "assault", "coerce", "mobilize", "protest", "sanction", "threaten"})
AIMED = frozenset({"assault", "coerce"})  # acts that say little if somebody unknown suffers them
TOLD_APART = frozenset({"violate"})  # acts that say little without their topic or target
NO_PREDICATE = frozenset({"compound", "amod", "flat", "nmod:desc", "nmod:unmarked", "aux", "aux:pass", "cop", "fixed"})
ABOUT = frozenset({"about", "for", "of", "on", "over", "in"})
OF_NAMES = frozenset({"agreement", "body", "coalition", "office", "resolution"})  # classes that words in a name have
HARMFUL = frozenset({"assault", "coerce", "offend"})  # acts that nobody does to himself
SIDES = frozenset({"between", "among", "poss", "adj"})  # places that name the sides of a joint act by themselves
AROUND = frozenset({"subj", "copula", "holder"})  # and those that do so where they are empty
ANYBODY = frozenset({"you", "they", "one", "some", "others", "somebody", "someone", "who"})  # whom only the talk tells
THIRD = frozenset({"he", "him", "his", "she", "her", "it", "its", "they", "them", "their"})
FACES = frozenset({"subj", "by", "poss", "from"})  # places of a doer
BESIDE = frozenset({"adj", "noun", "obj.own", "subj"})  # places whose words need not name anybody


@dataclass(slots=True, kw_only=True)
class Scene:
    """All events of one article, read in text order so that later mentions can take up earlier ones.

    `voices` are the actors of first-person pronouns, by token (`participants.voices_of`).
    """

    doc: Doc
    cast: Cast
    acts: Acts
    voices: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    _participants: Participants = field(init=False)
    _events: dict[int, tuple[Event, ...]] = field(default_factory=dict)
    _halves: dict[int, tuple[Event, ...]] = field(default_factory=dict)
    _tying: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._participants = Participants(doc=self.doc, cast=self.cast, acts=self.acts, voices=self.voices)
        for token in self.doc:
            if token.pos_ in CLASSES_OF_WORD:
                self.events_at(token)

    def events_at(self, token: Token) -> tuple[Event, ...]:
        """Return the events that a token is the predicate of, each with at least one actor."""
        told = self._events.get(token.i)
        if told is not None:
            return told
        self._events[token.i] = ()  # a clause that leads back to itself has no more to give
        if not self.acts.rows_of(token):
            return ()
        found = tuple(event for event in map(self._completed, self.read(token)) if not self._is_vague(event))
        self._events[token.i] = tuple(event for event in found if self.tells_enough(event))
        if half := tuple(event for event in found if event.nominal and not self.tells_enough(event)):
            self._halves[token.i] = half
        return self._events[token.i]

    def halves_at(self, token: Token) -> tuple[Event, ...]:
        """Return the events of a noun that name nobody, or one side only of two: "any talks with Iran"."""
        self.events_at(token)
        return self._halves.get(token.i, ())

    def enter(self, token: Token) -> bool:
        """Mark a token as one whose ground and effect are being read; False if it is already: it leads to itself."""
        if token.i in self._tying:
            return False
        self._tying.add(token.i)
        return True

    def leave(self, token: Token) -> None:
        """Take the mark of `enter` off again."""
        self._tying.discard(token.i)

    def before(self, token: Token, *, sentences: int = MEMORY) -> Iterator[Event]:
        """Yield the events told before a token, the latest first."""
        first = _sentence_start(token, back=sentences)
        for index in range(token.i - 1, first - 1, -1):
            yield from self._events.get(index, ())

    def who(self, token: Token) -> tuple[str, ...]:
        """Return the actors that a noun or pronoun stands for, as takers of part in a deed."""
        return self._participants.who(token)

    def read(self, token: Token) -> Iterator[Event]:
        """Yield the events of a predicate, also those that name nobody, without what earlier sentences add."""
        rows = self.acts.rows_of(token)
        if not rows or token.dep_ in NO_PREDICATE or self._names_an_actor(token) or not is_prose(token):
            return
        for row in rows:
            if row.objects and not row.objects & self._classes(token):
                continue
            found = tuple(self._carried(row, token)) if row.carries else tuple(self._plain(row, token))
            if found:
                yield from (side for event in found for side in self._sides(row, token, event))
                return

    def _may_be_words(self, event: Event) -> bool:
        """Return whether a person is attacked by nobody in particular, so that it may be in words or with a knife.

        "spent millions on attacking Ms Roe"; who "was attacked" was so in deed.
        """
        token = self.doc[event.at]
        return not event.agents and bool(event.targets) and token.pos_ == "VERB" and not is_passive(token) and all(
            self.cast.actors[target].kind == "Person" for target in event.targets)

    def _classes(self, predicate: Token) -> frozenset[str]:
        """Return the classes of the words on which the reading of a predicate depends; a name has only some.

        "bought Spotify Technology" hands over no technology, "left the European Union" leaves a body.
        """
        words = tuple(theme(predicate))
        names = frozenset(word.i for word in words if word.pos_ == "PROPN" and self._names_an_actor(word))
        plain = self.acts.classes_of(lemma_of(word) for word in words if word.i not in names)
        return plain | (self.acts.classes_of(lemma_of(word) for word in words if word.i in names) & OF_NAMES)

    def tells_enough(self, event: Event) -> bool:
        """Return whether an event names who takes part; a joint act needs two sides, or a group of them."""
        if event.symmetric and len(event.agents) == 1:
            return event.nominal and self.cast.actors[event.agents[0]].kind == "ActorGroup"
        if (event.needs_agent and not event.agents) or (event.needs_target and not event.targets):
            return False
        return bool(event.actors)

    def _is_vague(self, event: Event) -> bool:
        """Return whether an event could be any such deed: harm to something unknown, a breach of anything."""
        if event.symmetric:
            return event.object_unknown
        if event.act == "assault" and self._may_be_words(event):
            return True
        if event.targets:
            return False
        if event.act in TOLD_APART and not event.topic:
            return True
        above = set(self.acts.lineage(event.act))
        kinds = {self.cast.actors[agent].kind for agent in event.agents}
        return bool(event.agents) and ((event.unknown and bool(AIMED & above)) or (
            "assault" in above and bool(kinds & {"Person", "ActorGroup"})) or (
            "produce" in above and kinds == {"ActorGroup"}))

    def _sides(self, row: Row, token: Token, event: Event) -> Iterator[Event]:
        """Yield the event, or one for each direction where two do it to "each other"."""
        if event.targets or len(event.agents) != 2 or not any(
                is_reciprocal(word) for place in row.target for word in tokens_in(token, place)):
            yield event
            return
        one, other = event.agents
        yield replace(event, agents=(one,), targets=(other,))
        yield replace(event, agents=(other,), targets=(one,))

    def _names_an_actor(self, token: Token) -> bool:
        """Return whether a word only belongs to a name, such as "Support" in "Mission Support Group"."""
        return any(mention.form in ("name", "role") for mention in self.cast.mention_at(token.idx))

    def _plain(self, row: Row, token: Token, *, helper: Token | None = None,
               given: Mapping[str, tuple[str, ...]] | None = None) -> Iterator[Event]:
        """Yield the event of a row, if all places that it requires hold actors.

        Args:
            row: The reading to apply.
            token: Its predicate.
            helper: The carrier verb of a noun ("carry out" for "attack"), whose complements count as well.
            given: Agents and targets that the carrier verb has already told.
        """
        told = given or {}
        used: set[int] = set()
        targets, filled = self._fill(row.target, (token, helper), used, union=False)
        agents, more = self._fill(row.agent, (token, helper), used, union=row.symmetric)
        if row.required - filled - more or not all(tokens_in(token, place) for place in row.present):
            return
        targets = targets or self._spared(row, token)
        if agents and targets in ((), agents) and row.target and HARMFUL & set(self.acts.lineage(row.act)):
            targets = self._complaining(token, besides=agents)
        grounds = () if agents or helper is not None else self._grounds(row, token)
        if row.symmetric:
            given_too = () if len(agents) > 1 else (*told.get("agent", ()), *told.get("target", ()))
            agents = tuple(dict.fromkeys((*given_too, *agents)))
        else:
            own, _ = self._fill(row.agent, (token, None), set(), union=False) if told else ((), frozenset())
            agents = own or told.get("agent", ()) or agents
            targets = told.get("target", ()) or (targets if row.target or helper is None else ())
        doers = agents or self._doers(grounds, besides=targets)
        if not all(self._are_of_kind(kind, doers, targets) for kind in row.kinds):
            return
        strangers = frozenset() if doers and targets else self._strangers(row, token)
        yield Event(
            at=(helper or token).i, act=row.act, agents=doers, grounds=grounds,
            targets=tuple(target for target in targets if target not in doers),
            topic=self._topic(row, token), nominal=token.pos_ in ("NOUN", "PROPN"), both=bool(row.agent and row.target),
            symmetric=row.symmetric, needs_agent=row.needs_agent, needs_target=row.needs_target,
            unknown=bool(strangers - BESIDE) and not row.present, object_unknown="obj" in strangers,
            faceless=not doers and bool(strangers & {*row.agent} & FACES),
            read_from=_words(token if helper is None else helper, (token.i, *used)), arguments=frozenset(used),
        )

    def _strangers(self, row: Row, token: Token) -> frozenset[str]:
        """Return the places of a row where a noun stands that names nobody of the cast."""
        return frozenset(place for place in (*row.agent, *row.target) for word in tokens_in(token, place)
                         if (word.pos_ in ("NOUN", "PROPN") or lemma_of(word) in ANYBODY) and not self.who(word))

    def _complaining(self, token: Token, *, besides: tuple[str, ...]) -> tuple[str, ...]:
        """Return who says that somebody harmed "it" or "its" things: the subject of the verb above."""
        meant = {lemma_of(word) for thing in objects(token) for word in (thing, *thing.children)
                 if word.pos_ == "PRON" and (word == thing or word.dep_ == "nmod:poss")}
        if not meant & THIRD:
            return ()
        above = next((verb for verb in token.ancestors if verb.pos_ == "VERB"), None)
        subject = None if above is None else surface_subject(above)
        return () if subject is None else tuple(actor for actor in self.who(subject) if actor not in besides)

    def _are_of_kind(self, kind: str, agents: tuple[str, ...], targets: tuple[str, ...]) -> bool:
        """Return whether doers and targets are of the kind that a row asks for (see `Row.kinds`)."""
        doers = {self.cast.actors[agent].kind for agent in agents}
        others = {self.cast.actors[target].kind for target in targets}
        if kind == "@states":
            return doers == {"State"}
        if kind == "@bodies":
            return others == {"Organization"}
        if kind == "@people":
            return bool(others) and others <= {"Person", "ActorGroup"}
        return doers == {"Person"} and "State" not in others

    def _spared(self, row: Row, token: Token) -> tuple[str, ...]:
        """Return whom a threat or refusal concerns: the target of the deed that it is about.

        To refuse to harm somebody is no refusal of what they want, so that it concerns nobody.
        """
        act = set(self.acts.lineage(row.act))
        deeds = [event for child in token.children if child.dep_ == "xcomp" for event in self.events_at(child)]
        return tuple(
            target for event in deeds for target in event.targets
            if "threaten" in act or ("reject" in act and not HARM & set(self.acts.lineage(event.act)))
        )

    def is_undone(self, token: Token) -> bool:
        """Return whether a predicate tells that what depends on it was not done, or only announced."""
        return any(UNDONE & set(self.acts.lineage(row.act)) for row in self.acts.rows_of(token) if not row.objects)

    def _carried(self, row: Row, verb: Token) -> Iterator[Event]:
        """Yield the events that the objects of a carrier verb name: "hold talks", "receive aid and assistance"."""
        used: set[int] = set()
        targets, _ = self._fill(row.target, (verb, None), used, union=False)
        agents, _ = self._fill(row.agent, (verb, None), used, union=False)
        grounds = () if agents else self._grounds(row, verb)
        agents = agents or self._doers(grounds, besides=targets)
        listed = [word for word in verb.subtree if is_list(word)]
        after = [thing for word in row.words[1:] for thing in tokens_in(verb, word)]
        after += [thing for thing in tokens_in(verb, "in") if "help" in self.acts.classes_of((lemma_of(thing),))]
        for thing in dict.fromkeys(item for found in (*objects(verb), *after, *listed) for item in items(found)):
            if row.objects and not row.objects & self.acts.classes_of((lemma_of(thing),)):
                continue
            for inner in self.acts.rows_of(thing):
                if inner.carries or (inner.objects and not inner.objects & self._classes(thing)):
                    continue
                joins = inner.symmetric and "iobj" in row.target  # who approves a deal is no side of it
                found = list(self._plain(inner, thing, helper=verb,
                                         given={"agent": () if joins else agents, "target": targets}))
                yield from (replace(event, grounds=grounds, arguments=event.arguments | used | {thing.i})
                            for event in found)
                if found:
                    break

    def _fill(self, places: Iterable[str], holders: tuple[Token, Token | None], used: set[int], *,
              union: bool) -> tuple[tuple[str, ...], frozenset[str]]:
        """Return the actors of the first place that has some (or of all places), and the places that were filled."""
        found: list[str] = []
        filled: set[str] = set()
        for place in places:
            if filled & SIDES and place in AROUND:
                continue
            words = [word for holder in holders if holder is not None for word in tokens_in(holder, place)
                     if not self._belongs_elsewhere(word, holder)]
            for word in words:
                if word.i not in used and (actors := self.who(word)):
                    found += actors
                    filled.add(place)
                    used.add(word.i)
            if found and not union:
                break
        return tuple(dict.fromkeys(found)), frozenset(filled)

    def _belongs_elsewhere(self, word: Token, holder: Token) -> bool:
        """Return whether a nominal after a noun rather tells of an act named between: "a call for withdrawal from"."""
        if word.head == holder or holder.pos_ == "VERB" or word.i < holder.i:
            return False
        return any(self.acts.rows_of(between) for between in self.doc[holder.i + 1:word.i]
                   if between.pos_ == "NOUN" and between.dep_ not in NO_PREDICATE)

    def _grounds(self, row: Row, token: Token) -> tuple[int, ...]:
        """Return the words in the place of the doer that name an event instead of an actor."""
        return tuple(
            word.i for place in row.agent for word in tokens_in(token, place)
            if place in ("subj", "from") and word.i != token.i and self.events_at(word)
        )

    def _doers(self, grounds: Iterable[int], *, besides: tuple[str, ...]) -> tuple[str, ...]:
        """Return who acts when an event is said to act: those who do it, save the target."""
        events = [event for index in grounds for event in self._events.get(index, ())]
        if not besides and any(event.symmetric for event in events):
            return ()
        found = (actor for event in events for actor in (event.agents if set(event.agents) - set(besides)
                                                         else event.targets))
        return tuple(dict.fromkeys(actor for actor in found if actor not in besides))

    def _topic(self, row: Row, token: Token) -> str:
        """Return the topic of a row, read from the words beside the predicate where the row says so."""
        if row.topic != FROM_THE_WORDS:
            return row.topic
        heads = list(objects(token)) if token.pos_ == "VERB" else [
            child for child in token.children if child.dep_ in (*MODIFIERS, "acl") or case_of(child) in ABOUT]
        heads += [child for child in token.children if child.dep_ == "obl" and case_of(child) in (*ABOUT, "with")]
        words = (word for head in heads for word in sorted(head.subtree, key=lambda word: word.i))
        found = [self.acts.topics[lemma_of(word)] for word in words if lemma_of(word) in self.acts.topics
                 and not self._names_an_actor(word)]
        return "nuclear" if "nuclear" in found else found[0] if found else ""

    def _completed(self, event: Event) -> Event:
        """Return a noun's event with the participants that an earlier telling of it names: "arms deliveries"."""
        token = self.doc[event.at]
        if not event.nominal or event.unknown or (event.agents and event.targets) or len(event.agents) > 1:
            return event
        if not event.actors and (not _is_definite(token) or self._is_told_apart(token)):
            return event
        symmetric_side = not event.both and bool(event.agents)
        for earlier in self.before(token, sentences=1 if symmetric_side else MEMORY):
            if self._continues(event, earlier):
                return replace(
                    event, agents=earlier.agents, targets=earlier.targets, topic=event.topic or earlier.topic,
                    act=earlier.act if event.act in self.acts.lineage(earlier.act) else event.act,
                )
        return event

    def _is_told_apart(self, token: Token) -> bool:
        """Return whether a noun's own complements tell which deed it means: "the war between the two brothers"."""
        return any(child.dep_ == "acl:relcl" or (child.dep_ == "nmod" and self.who(child)) for child in token.children)

    def _continues(self, event: Event, earlier: Event) -> bool:
        """Return whether an earlier event tells more of the same deed."""
        known = bool(event.actors) or any(lemma_of(child) in DEMONSTRATIVES for child in self.doc[event.at].children)
        return (known or event.act == earlier.act) and (
            self.acts.related(event.act, earlier.act)
            and set(event.agents) <= set(earlier.agents) and set(event.targets) <= set(earlier.targets)
            and event.actors < earlier.actors
        )


def is_prose(token: Token) -> bool:
    """Return whether a token stands in a sentence short enough to be one."""
    sentence = token.sent
    return sentence.end - sentence.start <= LONGEST


def _is_definite(token: Token) -> bool:
    """Return whether a noun speaks of something known: "the", "this", "such"."""
    return any((child.dep_ == "det" and lemma_of(child) in DEFINITE) or child.text.casefold() == "such"
               for child in token.children)


def _sentence_start(token: Token, *, back: int) -> int:
    """Return the index of the first token of the sentence some sentences before that of `token`, blank ones apart."""
    start, left = token.sent.start, back
    while left and start:
        sentence = token.doc[start - 1].sent
        start = sentence.start
        left -= not sentence.text.isspace()
    return start


def _words(token: Token, others: Iterable[int]) -> Span:
    """Return the stretch of the article from the first to the last word of a predicate and its participants."""
    inside = [token, *(token.doc[index] for index in others)]
    sentence = [word for word in inside if word.sent.start == token.sent.start]
    last = max(sentence, key=lambda word: word.i)
    return Span(start=min(word.idx for word in sentence), end=last.idx + len(last.text))
