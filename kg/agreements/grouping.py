"""Several mentions → one agreement: by kind and parties, by what points back, by what sets a new one off."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from kg.agreements.deeds import noun_at
from kg.agreements.doers import mediators_of
from kg.agreements.duties import is_mutual_defence, obligations
from kg.agreements.events import Change, changes, sentence_span
from kg.agreements.labels import label_of
from kg.agreements.nouns import Noun
from kg.agreements.parties import completed, parties_of, two_states
from kg.agreements.scene import Scene
from kg.agreements.terms import lemma
from kg.language.document import Token
from kg.model import Agreement, Obligation, Spans, StatusEvent

# Later states of an agreement's life stand further right.
RANK = ("proposed", "negotiated", "announced", "agreed", "signed", "adopted", "ratified", "in-force", "rejected",
        "vetoed", "suspended", "violated", "withdrawn", "terminated", "expired")
WRITTEN = frozenset({"signed", "ratified"})  # what makes certain agreements of "association agreements"
DATED = frozenset({"signed", "ratified", "agreed"})
FORMER = frozenset({"earlier", "previous", "former"})
TURNED_DOWN = frozenset({"vetoed", "rejected", "withdrawn"})
ADOPTED = frozenset({"adopted", "in-force", "agreed", "ratified"})
PLANS = frozenset({"proposed", "negotiated"})
NEAR = 12  # characters of a duty's verb, after which its object stands
RECENT = 30  # agreements told of last, among which a mention looks for its own
SPECIAL = ("defence-pact", "trade", "arms-control", "ceasefire", "exchange", "peace", "memorandum", "resolution",
           "treaty")


@dataclass(slots=True, kw_only=True)
class Group:
    """The mentions of one agreement, and what they tell."""

    nouns: list[Noun] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    parties: tuple[str, ...] = ()
    is_mediated: bool = False
    is_binding: bool = False

    @property
    def kind(self) -> str:
        """The most special kind that a mention gives."""
        kinds = [noun.kind for noun in self.nouns]
        return next((kind for kind in SPECIAL if kind in kinds), kinds[0])

    @property
    def is_body(self) -> bool:
        """Whether a body decides it alone."""
        return self.kind == "resolution"


def agreements(scene: Scene) -> tuple[Agreement, ...]:
    """Return the agreements of an article, in the order of their first mention."""
    groups: list[Group] = []
    prose = scene.article.prose
    starts = [block.start for block in prose]
    for sentence in scene.doc.sents:
        place = bisect_right(starts, sentence.start_char) - 1
        if place >= 0 and sentence.start_char < prose[place].end:
            _read(scene, sentence, groups)
    mediators = mediators_of(scene) if groups else ()
    for group in groups:
        firm = any(scene.actor(party).kind != "ActorGroup" for party in group.parties)
        if len(group.parties) < 2 and not group.is_body:  # whom it binds is party to it
            group.is_binding = any(duty.bearers and duty.action != duty.evidence for duty in _duties(scene, group))
            bearers = (scene.party_of(bearer) for duty in _duties(scene, group) for bearer in duty.bearers)
            owed = (party for duty in _duties(scene, group) for party in _owed(scene, duty))
            bound = (bearer for bearer in (*bearers, *owed) if not firm or scene.actor(bearer).kind != "ActorGroup")
            group.parties = tuple(dict.fromkeys((*group.parties, *bound)))
        is_broken = any(change.event.status == "violated" for change in group.changes)  # with whom is often left out
        if len(group.parties) == 1 and not group.is_body and not is_broken:
            group.parties = completed(scene, group.nouns, party=group.parties[0], mediators=mediators)
        if not group.parties and not group.is_body and any(change.is_done for change in group.changes):
            group.parties = two_states(scene, group.nouns)
        group.parties = tuple(party for party in group.parties if not scene.is_crowd(party))
        rest = tuple(party for party in group.parties if party not in mediators)
        group.is_mediated = bool(rest) and rest != group.parties
        group.parties = _weightiest(scene, rest or group.parties)
    return tuple(_agreement(scene, group) for group in groups if _counts(scene, group))


def _owed(scene: Scene, duty: Obligation) -> Iterator[str]:
    """Yield the states to which a state owes what it has to do: "Norway will pay Chad 3 million"."""
    if any(scene.actor(scene.party_of(bearer)).kind == "State" for bearer in duty.bearers):
        for mention in scene.cast.mentions_in(duty.action):
            before = scene.article.text[: mention.span.start].rsplit(maxsplit=1)[-1:]
            is_object = before in (["to"], ["with"]) or mention.span.start <= duty.action.start + NEAR
            if mention.form != "demonym" and is_object and scene.actor(mention.actor).kind == "State":
                yield mention.actor


def _read(scene: Scene, sentence: Iterable[Token], groups: list[Group]) -> None:
    """Put the mentions of one sentence into the groups that they belong to."""
    earlier: Noun | None = None
    for token in sentence:
        can_name = any(scene.terms.of(role, token) for role in ("noun", "deed"))
        if not can_name and (earlier is None or token.pos_ == "VERB"):
            continue  # most words: no word of agreement, nor a pronoun after one
        pairs = (_weightiest(scene, group.parties) for group in reversed(groups[-RECENT:]))
        scene = replace(scene, pair=next((pair for pair in pairs if len(pair) == 2), ()))
        noun = noun_at(scene, token, earlier=earlier)
        if noun is None:
            continue
        earlier = noun
        told = tuple(changes(scene, noun))
        if noun.is_absent or (not told and "measure" in noun.term.frames):
            continue
        parties = parties_of(scene, noun, told)
        is_alone = len(parties) < 2 and not any(scene.is_union(party) or (
            "counterpart" in noun.term.frames and scene.actor(party).kind == "Organization") for party in parties)
        if "firms" in noun.term.frames:
            is_alone = len(parties) < 2 or any(scene.actor(party).kind != "Organization" for party in parties)
        if "joint" in noun.term.frames:
            is_alone = is_alone or any(scene.actor(party).kind == "Person" for party in parties) or all(
                scene.actor(party).kind == "ActorGroup" for party in parties)
        is_done = "firms" in noun.term.frames or all(change.is_done for change in told)
        if noun.is_verb and (is_alone or not told or not is_done):
            continue
        if "joint" in noun.term.frames and groups and set(groups[-1].parties) == set(parties):
            continue  # what they promise is a duty of what they agreed on
        if not parties and told and _is_former(scene, noun):
            parties = next((one.parties for one in reversed(groups) if one.kind == noun.kind), ())
        is_name = noun.head.text[:1].isupper()  # "the 1951 Convention" is not that of the two states told of before
        is_old = noun.year is not None and not is_name and all(scene.actor(party).kind == "Person" for party in parties)
        if (is_old or (not parties and noun.is_new and noun.kind != "resolution" and _is_dated(told))) and all(
                scene.actor(party).kind == "State" for party in scene.pair):
            parties = scene.pair or parties
        if noun.is_uncounted and (len(parties) < 2 or not any(change.event.status in WRITTEN for change in told)):
            continue
        if noun.kind == "resolution" and not parties and told:
            parties = next((one.parties for one in reversed(groups) if one.is_body), ())
        known = [found for found in reversed(groups[-RECENT:]) if _is_same(scene, found, noun, parties, told)]
        alike = [found for found in known if any(lemma(one.head) == lemma(noun.head) for one in found.nouns)]
        group = next(iter((*alike, *known)), None)
        if "owned" in noun.term.frames and not told and not alike:
            continue  # "the Taliban takeover"
        is_open = "mutual" in noun.term.frames and not parties  # "what alliance we join"
        if group is None and (noun.is_echo or is_open or (not told and "told" in noun.term.frames)):
            continue
        if group is None:
            groups.append(group := Group())
        group.nouns.append(noun)
        group.changes.extend(told)
        group.parties = tuple(dict.fromkeys(_joined(group.parties, parties)))


def _is_dated(told: Iterable[Change]) -> bool:
    """Whether it is told to be signed on a day, but not by whom: as a rule by those told of before."""
    return any(change.event.status in DATED and change.is_done and change.event.when.words and not change.event.agents
               for change in told)


def _is_former(scene: Scene, noun: Noun) -> bool:
    """Whether "an earlier truce" is told apart from the one told of before, with the same parties."""
    return any(token.lower_ in FORMER for token in noun.head.doc[noun.first.i : noun.head.i])


def _is_same(scene: Scene, group: Group, noun: Noun, parties: tuple[str, ...], told: Iterable[Change]) -> bool:
    if noun.number and noun.number not in {one.number for one in group.nouns}:
        return False
    is_apart = noun.is_parted and not (noun.is_taken_up and any(
        one.is_parted and lemma(one.head) == lemma(noun.head) for one in group.nouns))  # "the new accord", told of anew
    if is_apart or not _fit(group, noun) or _is_beside(group, noun) or _is_new_plan(group, noun, told):
        return False
    if any(_clash(change.event, other.event) for change in told for other in group.changes):
        return False
    if noun.kind == "resolution" and noun.is_new and (_is_opposed(group, told) or any(
            one.number for one in group.nouns)):
        return False
    names_deed = all(one.is_verb for one in group.nouns) and group.nouns[-1].head.sent.start != noun.head.sent.start
    if names_deed and (noun.is_new or not (noun.is_general or noun.is_echo)):
        return False  # "agreed to screen travellers. … The pandemic treaty"
    if _has_other_words(group, noun) or _has_other_name(group, noun) or _is_beside_text(scene, group, noun):
        return False
    if not parties and not noun.is_parted and _is_headline(scene, group):
        return True
    if not parties:
        names_deed = group.nouns[-1].is_verb and group.nouns[-1].head.sent.start == noun.head.sent.start
        return names_deed or noun.is_taken_up or not group.parties
    if not group.parties:
        return group.nouns[-1].head.sent.start == noun.head.sent.start or noun.is_taken_up
    new, known = _named(scene, parties), _named(scene, group.parties)
    if len(known) < len(new) and len(noun.parties) > 1 and noun.kind != group.kind:
        return False  # "Peru's agreement with Chad" is not the convention that Peru broke
    is_firm = all(scene.actor(party).kind in ("State", "Organization") for party in new | known)
    is_completed = len(new) == len(known) == 1 and is_firm and noun.is_taken_up and noun.is_general and (
        not noun.parties)
    return new <= known or known <= new or (is_completed and not group.is_body)


def _is_headline(scene: Scene, group: Group) -> bool:
    """Whether only the headline has told of an agreement so far, which the text then introduces anew."""
    return all(any(title.holds(noun.span) for title in scene.article.title) for noun in group.nouns)


def _is_beside_text(scene: Scene, group: Group, noun: Noun) -> bool:
    """Whether "a side letter" is introduced after "a contract" had been told of: two papers, each with its own name."""
    if not noun.is_new or noun.is_general or _is_headline(scene, group):
        return False
    has_come = any(change.is_done for change in group.changes)
    return has_come and all(not one.is_general and lemma(one.head) != lemma(noun.head) for one in group.nouns)


def _has_other_words(group: Group, noun: Noun) -> bool:
    """Whether "its sectoral sanctions" are told apart from "a new package of sanctions" by their words."""
    own = _words_of(noun)
    known = {word for one in group.nouns for word in _words_of(one)}
    return noun.is_taken_up and noun.first.pos_ == "PRON" and bool(own) and bool(known) and not own & known


def _has_other_name(group: Group, noun: Noun) -> bool:
    """Whether a name in the phrase ("the Escazú agreement") stands in no sentence that tells of the other."""
    names = {token.text for token in noun.head.doc[noun.first.i : noun.head.i] if token.pos_ == "PROPN"}
    told = {token.text for one in group.nouns for token in one.head.sent}
    return bool(names) and not noun.parties and not names & told


def _words_of(noun: Noun) -> set[str]:
    """Return the adjectives and nouns before the head."""
    before = noun.head.doc[noun.first.i : noun.head.i]
    return {lemma(token) for token in before if token.pos_ in ("ADJ", "NOUN")}


def _is_opposed(group: Group, told: Iterable[Change]) -> bool:
    """Whether one was adopted and the other turned down."""
    new = {change.event.status for change in told if change.is_done}
    known = {change.event.status for change in group.changes if change.is_done}
    return bool(new & TURNED_DOWN and known & ADOPTED) or bool(new & ADOPTED and known & TURNED_DOWN)


def _named(scene: Scene, parties: tuple[str, ...]) -> set[str]:
    return {party for party in parties if not scene.is_unnamed(party)} or set(parties)


def _is_new_plan(group: Group, noun: Noun, told: Iterable[Change]) -> bool:
    """Whether "a treaty" is only planned, while the one told of before has come about."""
    statuses = {change.event.status for change in told}
    reached = {change.event.status for change in group.changes}
    return not noun.is_taken_up and bool(statuses) and statuses <= PLANS and not reached <= PLANS


def _is_beside(group: Group, noun: Noun) -> bool:
    """Whether one sentence names both by different words, of which the second is more than a name for the first."""
    last = group.nouns[-1]
    is_same_sentence = last.head.sent.start == noun.head.sent.start
    has_words = sum(token.pos_ != "SYM" for token in noun.head.doc[noun.first.i : noun.head.i]) > 1
    return is_same_sentence and has_words and lemma(last.head) != lemma(noun.head)


def _fit(group: Group, noun: Noun) -> bool:
    """Whether the kinds of two mentions go together: the same, or one of them general."""
    if noun.is_echo:
        return "echo" in noun.term.frames or any(
            lemma(noun.head) in (lemma(one.head), *one.term.words) for one in group.nouns)
    if noun.kind == "resolution" or group.is_body:
        return noun.kind == group.kind and ("measure" in noun.term.frames) == ("measure" in group.nouns[0].term.frames)
    is_general = noun.is_general and noun.kind == "deal"
    if noun.kind == group.kind or is_general or all(one.kind == "deal" for one in group.nouns):
        return True
    return {noun.kind, group.kind} <= {"treaty", "defence-pact", "trade", "arms-control"} and "treaty" in (
        noun.kind, group.kind)


def _clash(event: StatusEvent, other: StatusEvent) -> bool:
    """Whether two events of one status lie on days that cannot be the same."""
    if event.status != other.status or not (event.when.words and other.when.words):
        return False
    first, second = _days(event), _days(other)
    return first[1] < second[0] or second[1] < first[0]


def _days(event: StatusEvent) -> tuple[date, date]:
    return event.when.earliest or date.min, event.when.latest or date.max


def _joined(known: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return known if set(more) <= set(known) else more if set(known) <= set(more) else (*known, *more)


def _weightiest(scene: Scene, parties: tuple[str, ...]) -> tuple[str, ...]:
    """Return the states and organisations among the parties, if there are two; else all of them."""
    firm = tuple(party for party in parties if scene.actor(party).kind in ("State", "Organization"))
    return firm if len(firm) > 1 else parties


def _counts(scene: Scene, group: Group) -> bool:
    """Whether enough is known to publish: two parties, or one that has a name and something that happened."""
    if not group.parties:
        return False
    if _is_of_firms(group) and any(scene.actor(party).kind == "State" for party in group.parties):
        return False  # "the Taliban takeover"
    if all("sides" in noun.term.frames for noun in group.nouns) and any(
            scene.actor(party).kind == "Person" for party in group.parties):
        return False  # what somebody offers or proposes to somebody else
    if len({scene.state_of(party) for party in group.parties}) == 1 < len(group.parties):
        return False  # a president and the parliament
    if len(group.parties) == 1:
        party = scene.actor(group.parties[0])
        is_several = scene.is_several(party.id) or (group.is_mediated and party.kind == "ActorGroup")
        is_sought = party.kind == "State" and not _is_vague(group) and not any(
            noun.is_general or noun.is_uncounted for noun in group.nouns)
        if is_sought and any(change.event.status == "negotiated" for change in group.changes):
            return True  # "France tried to work out a compromise"
        if group.is_binding and party.kind in ("State", "Organization"):
            return True  # "the accord commits Peru to …"
        if _is_mutual(group) or (party.kind != "Organization" and party.kind != "State" and not is_several):
            return False
        return any(change.is_done or group.is_body for change in group.changes) and not _is_vague(group)
    return bool(group.changes) or any(
        noun.names_all or noun.year or noun.is_many or noun.is_taken_up for noun in group.nouns
    ) or any(duty.bearers for duty in _duties(scene, group))


def _is_of_firms(group: Group) -> bool:
    """Whether all words for it name what only firms do to each other: "takeover"."""
    return all("owned" in noun.term.frames for noun in group.nouns)


def _is_mutual(group: Group) -> bool:
    """Whether all words for it name an agreement only where somebody else has a part in it: "merger", "offer"."""
    return all("mutual" in noun.term.frames and noun.kind == noun.term.value for noun in group.nouns)


def _is_vague(group: Group) -> bool:
    """Whether all that is known of an agreement with one party is that somebody "has" or "made" a general deal."""
    is_named = any(token.pos_ == "PROPN" for noun in group.nouns for token in noun.head.doc[noun.first.i : noun.head.i])
    return not is_named and all(noun.is_general for noun in group.nouns) and all(
        change.event.status in ("in-force", "proposed", "negotiated") for change in group.changes
    )


def _agreement(scene: Scene, group: Group) -> Agreement:
    events = _distinct(group.changes)
    duties = _duties(scene, group)
    first = group.nouns[0]
    evidence: Spans = tuple(dict.fromkeys(event.evidence for event in events)) or (sentence_span(first.head),)
    is_plain = group.kind in ("deal", "treaty", "memorandum")
    is_defence = is_plain and any(is_mutual_defence(scene, duty) for duty in duties)
    named_twice = len(group.parties) > 1 and any(len(noun.parties) > 1 for noun in group.nouns)
    has_done = any(change.is_done for change in group.changes)
    status = _status(group, events)
    return Agreement(
        start=first.head.idx,
        label=label_of(scene, group.nouns, parties=group.parties, duties=duties, latest=_latest(events, status)),
        kind="defence-pact" if is_defence else group.kind, status=status, parties=group.parties, evidence=evidence,
        mentions=tuple(noun.span for noun in group.nouns), events=events, obligations=duties,
        confidence=0.9 if has_done and (named_twice or len(group.parties) > 1) else 0.75 if has_done else 0.6,
    )


def _distinct(told: Iterable[Change]) -> tuple[StatusEvent, ...]:
    """Return one event for each status and day; one without a day only where no other of its status has one."""
    kept: list[StatusEvent] = []
    told_best_first = sorted(
        (change.event for change in told), key=lambda event: (not event.when.words, -len(event.agents))
    )
    for event in told_best_first:
        same = [other for other in kept if other.status == event.status]
        if (event.when.words and all(_clash(event, other) for other in same)) or not same:
            kept.append(event)
    return tuple(sorted({event.start: event for event in reversed(kept)}.values(), key=lambda event: event.start))


def _status(group: Group, events: tuple[StatusEvent, ...]) -> str:
    """Return the latest status that the article knows; plans count only where nothing was done."""
    done = {change.event.start for change in group.changes if change.is_done}
    reached = [event for event in events if event.start in done] or list(events)
    if not reached:
        return "in-force" if any(noun.is_taken_up or noun.year for noun in group.nouns) or any(
            noun.head.text.endswith("s") for noun in group.nouns) else "proposed"
    furthest = max(reached, key=lambda event: RANK.index(event.status))
    dated = [event for event in reached if event.when.words and furthest.when.words]
    later = [event for event in dated if _days(event)[0] > _days(furthest)[1] and event.status not in PLANS]
    return max((furthest, *later), key=lambda event: _days(event)[1]).status


def _latest(events: tuple[StatusEvent, ...], status: str) -> StatusEvent | None:
    """Return the dated event that led to a status."""
    return next((event for event in reversed(events) if event.status == status and event.when.words), None)


def _duties(scene: Scene, group: Group) -> tuple[Obligation, ...]:
    return tuple(_numbered(duty for noun in group.nouns for duty in obligations(scene, noun, parties=group.parties)))


def _numbered(duties: Iterable[Obligation]) -> Iterable[Obligation]:
    """Yield each duty once: the first that starts at a place, with its mirrored ones."""
    seen: set[tuple[int, int]] = set()
    for duty in duties:
        if (duty.start, duty.number) not in seen:
            seen.add((duty.start, duty.number))
            yield duty
