"""What happens to an agreement: the verb or noun that says so, who does it, and when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.agreements.days import is_future, when_of
from kg.agreements.doers import accusers, addressees, bodies_of, doers_of, partners, start_of
from kg.agreements.duties import SPEECH
from kg.agreements.moods import MODALS, RELATIVES, SUBJECTS, Mood, is_passive, mood_of, verb_group
from kg.agreements.nouns import PARTICIPLES, PHRASE, Noun
from kg.agreements.scene import APOSTROPHES, Scene, span_of
from kg.agreements.terms import Term, lemma
from kg.language.document import Token
from kg.model import Interval, Span, StatusEvent

ON_TEXT = frozenset({"signed", "ratified", "adopted", "announced"})  # what fails leaves the text on the table
BUILDING = frozenset({"announced", "agreed", "signed", "adopted", "ratified", "in-force", "negotiated", "proposed"})
PLANS = frozenset({"proposed", "negotiated"})
DECIDED = frozenset({"agreed", "adopted", "rejected", "in-force", "suspended", "terminated"})
WRITTEN = frozenset({"treaty", "defence-pact", "memorandum"})  # what a year before its name says was signed then
DEED = Term(words=("agree",), value="agreed", frames=(), agents="parties")
WRITING = Term(words=("sign",), value="signed", frames=(), agents="parties")
PLAN = Term(words=("agree",), value="proposed", frames=(), agents="parties")
TALKS = Term(words=("close",), value="negotiated", frames=(), agents="parties")
LIFTED = frozenset({"lift", "drop", "withdraw", "override", "overturn", "overrule", "waive", "rescind"})
HELPERS = frozenset({"help", "helped", "helping", "helps"})
REACH = 12  # words from "talks" to "on a treaty"
NEAR = 4  # words between a verb and the phrase of its object


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A status event with what the grouping of mentions needs to know.

    `parties` are those that its doers bind, `voters` a body that decides alone; `is_done` is False for plans.
    """

    event: StatusEvent
    parties: tuple[str, ...] = ()
    voters: tuple[str, ...] = ()
    is_done: bool = True


def changes(scene: Scene, noun: Noun) -> Iterator[Change]:
    """Yield the changes of status that are told of one mention of an agreement."""
    if noun.is_absent:
        return
    for time in scene.times:
        is_year = noun.year is not None and time.span.overlaps(noun.year)
        if is_year and "measure" not in noun.term.frames:
            when = Interval(earliest=time.earliest, latest=time.latest, words=time.span.of(scene.article.text))
            status = "signed" if noun.kind in WRITTEN else "agreed"
            yield Change(event=StatusEvent(start=noun.head.idx, status=status, agents=(), when=when,
                                           label=_label(scene, noun, status, ()), evidence=_phrase(noun)))
    yield from _dated(scene, noun)
    told = (*_event_nouns(scene, noun), *_verbs(scene, noun), *_near(noun))
    found = {token.i: (token, term) for token, term in reversed(told)}
    for token, term in found.values() or tuple(_plans(scene, noun)) or _settled(noun):
        yield from _change(scene, noun, token, term)


def _dated(scene: Scene, noun: Noun) -> Iterator[Change]:
    """Yield what a day in the phrase tells: "last month's swap between Chad and the rebels" was then."""
    phrase = _phrase(noun)
    for time in scene.times:
        is_past = time.latest <= scene.article.published and phrase.holds(time.span)
        if is_past and noun.head.idx > time.span.end and noun.parties and noun.year is None:
            when = Interval(earliest=time.earliest, latest=time.latest, words=time.span.of(scene.article.text))
            yield Change(event=StatusEvent(start=noun.head.idx, status="agreed", agents=(), when=when,
                                           label=_label(scene, noun, "agreed", ()), evidence=phrase))


def holders(scene: Scene, noun: Noun) -> tuple[str, ...]:
    """Return the states that do or leave undone something to an agreement: "Chile had not breached the treaty"."""
    doers = (doer for token, term in _verbs(scene, noun) if term.agents == "parties"
             for doer in scene.parties_of(doers_of(scene, noun.head, token)))
    return tuple(dict.fromkeys(doer for doer in doers if scene.actor(doer).kind == "State"))


def _change(scene: Scene, noun: Noun, token: Token, term: Term) -> Iterator[Change]:
    is_noun = token.pos_ in ("NOUN", "PROPN")
    mood = _mood_of_noun(scene, token) if is_noun else mood_of(token, terms=scene.terms)
    if mood is Mood.DONE and is_future(scene, token, noun):
        mood = Mood.PLANNED  # "the treaty expires next year"
    status = term.value if mood is Mood.PLANNED and "standing" in term.frames else _status(term.value, mood)
    agents = doers_of(scene, noun.head, token) if term.agents else ()
    bodies = bodies_of(scene, agents)
    if not status or ("measure" in noun.term.frames and not bodies) or (status == "violated" and not agents):
        return
    if status == "adopted" and not bodies and noun.kind != "resolution":
        status = "agreed"  # by boards and shareholders
    if term.agents == "assembly" and not bodies and noun.kind == "resolution":
        return  # "China voted against the draft" decides nothing
    is_vote = term.agents in ("body", "assembly") or (noun.kind == "resolution" and term.value in DECIDED)
    voters = bodies if is_vote else ()
    bound = agents if term.agents in ("parties", "body", "entrant") and not voters else ()
    if term.value == "violated":
        bound = (*bound, *accusers(scene, token))
    if scene.terms.has("mediate", token) and partners(scene, token):
        bound = (*agents, *partners(scene, token))  # "brokered by Merkel with the Turkish government"
    if term.agents == "other" and term.value in PLANS and len(agents) > 1:
        bound = agents  # who wants or drafts it together
    if term.value in ("proposed", "agreed"):
        bound = (*bound, *addressees(scene, noun, token))
    if is_passive(token) and term.agents == "parties" and noun.head.i < token.i:
        bound = (*bound, *partners(scene, token))
    before = scene.doc[max(token.i - NEAR, token.sent.start) : token.i]
    if (term.agents == "entrant" and mood is not Mood.DONE) or any(word.lower_ in HELPERS for word in before):
        bound = ()
    if term.agents == "body":
        bound = tuple(agent for agent in bound if scene.is_several(agent) or scene.actor(
            scene.party_of(agent)).kind != "ActorGroup")
    if is_noun:
        first = min(start_of(token), noun.first, key=lambda other: other.i)
        evidence = span_of(first, max(token, noun.head, key=lambda other: other.i))
    else:
        evidence = sentence_span(token)
    event = StatusEvent(start=token.idx, status=status, label=_label(scene, noun, status, agents), agents=agents,
                        when=when_of(scene, token, noun, mood), evidence=evidence)
    yield Change(event=event, parties=scene.parties_of(bound), voters=voters,
                 is_done=mood in (Mood.DONE, Mood.REFUSED))


def _status(status: str, mood: Mood) -> str:
    """Return the status that a deed leads to when told in a mood; "" for none."""
    if mood is Mood.UNDONE:
        return ""
    if mood is Mood.FAILED:
        return "proposed" if status in ON_TEXT else ""
    if mood is Mood.REFUSED:
        return "rejected" if status in BUILDING else ""
    if mood is Mood.PLANNED:
        return ("negotiated" if status == "negotiated" else "proposed") if status in BUILDING else ""
    return status


def _mood_of_noun(scene: Scene, token: Token) -> Mood:
    start = start_of(token)
    if token.dep_ == "obj" and lemma(token.head) in LIFTED:
        return Mood.UNDONE  # "lifted its veto on the deal"
    if token.dep_ in (*SUBJECTS, "obj") and scene.terms.has("planned", token.head):
        return Mood.PLANNED
    around = [*token.doc[start.i : token.i], *token.doc[max(token.sent.start, start.i - 2) : start.i]]
    if any(word.lower_ in ("no", "without") for word in around):
        return Mood.UNDONE
    return Mood.PLANNED if any(scene.terms.has("planned", word) for word in around) else Mood.DONE


# --- where the word stands


def _plans(scene: Scene, noun: Noun) -> Iterator[tuple[Token, Term]]:
    """Yield "agreed" where its infinitive only leads to an agreement ("agreed to begin talks on a treaty")."""
    for token in reversed(scene.doc[noun.head.sent.start : noun.first.i]):
        if token.pos_ == "AUX" or token.text in ",;:" or token.lower_ in RELATIVES:
            return
        if lemma(token) == "agree" and token.pos_ == "VERB":
            between = scene.doc[token.i + 1 : noun.first.i]
            is_talk = any(scene.terms.has("vague", word) if word.pos_ == "VERB" else any(
                term.value == "negotiated" for term in scene.terms.of("event", word)) for word in between)
            yield token, PLAN if is_talk else DEED
            return


def _settled(noun: Noun) -> Iterator[tuple[Token, Term]]:
    """Yield the verb of what was done by making an agreement: "Chad and Mali ended their row with an accord"."""
    before = noun.head.doc[noun.first.i - 1] if noun.first.i > noun.head.sent.start else None
    if before is None or not noun.is_new or before.lower_ not in ("in", "with", "through"):
        return
    for token in reversed(noun.head.doc[noun.head.sent.start : before.i]):
        if token.text in ",;:" or token.pos_ in ("SCONJ", "AUX"):
            return
        if token.pos_ == "VERB" and token.dep_ != "amod":
            if lemma(token) not in SPEECH:
                yield token, WRITING if noun.kind in WRITTEN else DEED
            return


def _near(noun: Noun) -> Iterator[tuple[Token, Term]]:
    """Yield "close" of "close to a deal": it is still negotiated."""
    start = noun.first.i
    if start - 2 >= noun.head.sent.start and noun.head.doc[start - 1].lower_ == "to":
        token = noun.head.doc[start - 2]
        if token.lower_ in ("close", "closer"):
            yield token, TALKS


def _event_nouns(scene: Scene, noun: Noun) -> Iterator[tuple[Token, Term]]:
    """Yield nouns such as "veto" in "the veto of a resolution" and "violation" in "a ceasefire violation"."""
    doc = noun.head.doc
    if noun.is_pronoun:
        return
    joint = doc[noun.first.i - 1] if noun.first.i > noun.head.sent.start else noun.first
    for index in range(noun.first.i - 2, max(noun.head.sent.start, noun.first.i - REACH) - 1, -1):
        token = doc[index]
        for term in scene.terms.of("event", token):
            if token.pos_ in ("NOUN", "PROPN") and joint.lower_ in term.frames and len(term.words) == 1:
                yield token, term
                break
        if token.pos_ not in ("PROPN", "CCONJ", "DET") and token.lower_ not in ("between", "with", "by"):
            break  # "talks between Chad and Peru on a treaty"
    if noun.head.i + 1 < noun.head.sent.end:
        token = doc[noun.head.i + 1]
        if token.pos_ in ("NOUN", "PROPN"):
            yield from ((token, term) for term in scene.terms.of("event", token)[:1])


def _verbs(scene: Scene, noun: Noun) -> Iterator[tuple[Token, Term]]:
    """Yield the verbs that have the agreement as object or subject, or stand in a clause of its own."""
    if noun.is_verb:
        yield noun.head, next((replace(term, agents="parties") for term in scene.terms.of("verb", noun.head)
                               if len(term.words) == 1), DEED)
        return
    for token, relation, joint in _governors(scene, noun):
        for term in scene.terms.of("verb", token):
            is_for_others = "measures" in term.frames and "measure" not in noun.term.frames
            if not is_for_others and _fits(token, term, relation, joint):
                yield _agreed_upon(token, term)
                break


def _agreed_upon(token: Token, term: Term) -> tuple[Token, Term]:
    """Return "agreed" instead of the verb of its infinitive ("agreed on Monday to extend the truce").

    What they agree to undo or to talk about keeps the status of the infinitive.
    """
    first = verb_group(token)[0]
    if term.value not in BUILDING - {"negotiated", "proposed"} or first.lower_ != "to":
        return token, term
    for index in range(first.i - 1, max(token.sent.start, first.i - NEAR * 2) - 1, -1):
        word = token.doc[index]
        if word.pos_ == "VERB":
            is_plain = lemma(word) == "agree"
            return (word, replace(DEED, agents="body" if term.agents == "body" else "parties")) if is_plain else (
                token, term)
        if word.text in ",;:" or word.pos_ in ("AUX", "SCONJ"):
            break
    return token, term


def _governors(scene: Scene, noun: Noun) -> Iterator[tuple[Token, str, str]]:
    """Yield verbs with the relation (object, subject) and preposition in which the agreement stands to each."""
    head, doc = noun.head, noun.head.doc
    end = head.sent.end
    for child in head.children:
        is_clause = child.dep_ in ("acl", "acl:relcl") and child.i > head.i and child.pos_ in ("VERB", "AUX")
        if is_clause and not _is_of_pronoun(noun, child):
            yield _relative(child)
            yield from ((other, "object", "") for other in child.children if _is_bare_infinitive(other))
            yield from (_relative(other) for other in child.children if other.dep_ == "conj" and other.pos_ == "VERB"
                        and any(word.lower_ in RELATIVES for word in other.children))
    yield from (_relative(verb) for verb in _clauses_of_topic(scene, noun))
    following = next((doc[index] for index in range(head.i + 1, end) if not _is_filler(doc[index])), None)
    if following is not None and following.pos_ == "VERB" and following.dep_ != "amod":
        between = doc[head.i + 1 : following.i]
        has_pronoun = any(token.lower_ in RELATIVES for token in between)
        is_bare = all(token.text == "," for token in between) and following.text.casefold().endswith(PARTICIPLES)
        if has_pronoun:
            yield _relative(following)
        elif is_bare and (head.dep_ not in SUBJECTS or following.i > head.i + 1):
            yield following, "object", ""
        else:
            yield following, "object" if is_passive(following) else "subject", ""
        if is_bare and not any(child.dep_ in ("obj", "ccomp") for child in following.children):
            yield following, "object", ""
            yield from _main_verb(noun, following)
    aside = _participle_after(noun)
    if aside is not None:
        yield aside, "object", ""
    for token in doc[head.i + 1 : min(end, head.i + REACH)]:
        if token.pos_ == "VERB" or token.text in ";:":
            break
        if token.pos_ == "AUX" and lemma(token) == "be":
            yield token, "subject", ""  # "which has been in force"
    yield from _governor_by_tree(scene, noun)
    for index in range(noun.first.i - 1, max(head.sent.start, noun.first.i - 1 - NEAR) - 1, -1):
        token = doc[index]
        if token.pos_ == "VERB":
            between = doc[index + 1 : noun.first.i]
            inner = next((word.i for word in between if _is_series(scene, word)), noun.first.i)
            joints = [word.lower_ for word in between if word.pos_ in ("ADP", "SCONJ", "PART") and word.i < inner]
            yield token, "object", joints[-1] if joints else ""
            break
        is_owner = token.pos_ in ("DET", "PRON") or token.text in APOSTROPHES
        if token.pos_ not in ("ADP", "SCONJ", "ADV", "PART") and not _is_series(scene, token) and not is_owner:
            break


def _is_bare_infinitive(token: Token) -> bool:
    """Whether a verb is an infinitive without an object: "[a treaty] that they are rushing to finish"."""
    is_infinitive = token.pos_ == "VERB" and token.i > token.head.i and verb_group(token)[0].lower_ == "to"
    return is_infinitive and not any(
        child.dep_ in ("obj", "ccomp") and child.lower_ not in RELATIVES for child in token.children)


def _clauses_of_topic(scene: Scene, noun: Noun) -> Iterator[Token]:
    """Yield the verbs of relative clauses that the parse ties to the topic: "an agreement on fees THAT it SIGNED"."""
    doc = noun.head.doc
    for token in doc[noun.head.i + 1 : min(noun.head.sent.end, noun.head.i + REACH)]:
        if token.pos_ not in (*PHRASE, "ADP", "PART") or scene.terms.of("noun", token):
            return
        yield from (child for child in token.children if child.dep_ == "acl:relcl" and child.pos_ == "VERB"
                    and child.i > token.i and not _is_of_pronoun(noun, child))


def _participle_after(noun: Noun) -> Token | None:
    """Return the participle behind the phrase and a comma: "the treaty with Oman, signed in 1983"."""
    doc, end = noun.head.doc, noun.head.sent.end
    for index in range(noun.head.i + 1, min(end - 1, noun.head.i + REACH)):
        token = doc[index]
        if token.text == ",":
            following = doc[index + 1]
            is_participle = following.pos_ == "VERB" and following.text.casefold().endswith(PARTICIPLES)
            return following if is_participle else None
        if token.pos_ not in (*PHRASE, "ADP", "CCONJ", "PART"):
            return None
    return None


def _main_verb(noun: Noun, participle: Token) -> Iterator[tuple[Token, str, str]]:
    """Yield the verb behind a participle: "the truce agreed last week in Lima collapsed"."""
    if any(token.pos_ == "VERB" for token in noun.head.doc[noun.head.sent.start : noun.first.i]):
        return
    for token in participle.doc[participle.i + 1 : noun.head.sent.end]:
        if token.text in ",;:" or token.pos_ == "SCONJ":
            return
        if token.pos_ == "VERB" and token.dep_ != "amod":
            yield token, "object" if is_passive(token) else "subject", ""
            return


def _governor_by_tree(scene: Scene, noun: Noun) -> Iterator[tuple[Token, str, str]]:
    step = noun.head
    joint = _case(step)
    while step.dep_ in ("nmod", "conj", "appos", "compound") and step.head.i != step.i:
        if step.dep_ == "nmod" and not _is_series(scene, step.head):
            return
        step = step.head
        joint = _case(step) if step.pos_ in PHRASE else joint
    if step.head.i == step.i or step.head.pos_ not in ("VERB", "AUX"):
        return
    verb = step.head
    if step.dep_ in ("obj", "iobj"):
        yield verb, "object", ""
        is_shared = verb.dep_ == "conj" and verb.head.pos_ == "VERB" and not any(
            child.dep_ in ("obj", "ccomp", "xcomp") for child in verb.head.children)
        if is_shared:  # "signed but never ratified the treaty"
            yield verb.head, "object", ""
    elif step.dep_ in ("obl", "obl:arg", "nmod", "xcomp"):
        yield verb, "object", joint
    elif step.dep_ in SUBJECTS:
        yield verb, "object" if is_passive(verb) else "subject", ""


def _relative(verb: Token) -> tuple[Token, str, str]:
    """Return a verb of a clause about the agreement: "that was abandoned", "that Putin signed", "which expired"."""
    subjects = [child for child in verb.children if child.dep_ in SUBJECTS and child.lower_ not in RELATIVES]
    is_bare = not any(child.lower_ in RELATIVES for child in verb.children) and verb_group(verb)[0].i == verb.i
    if subjects or is_passive(verb) or (is_bare and not verb.text.casefold().endswith("ing")):
        return verb, "object", ""
    return verb, "subject", ""


def _fits(token: Token, term: Term, relation: str, joint: str) -> bool:
    """Whether the words of a term follow the verb and the agreement stands where the term wants it."""
    particles = list(term.words[1:])
    for word in token.doc[token.i + 1 : min(token.sent.end, token.i + 1 + NEAR + len(particles))]:
        if particles and particles[0] in (word.lower_, lemma(word)):
            particles.pop(0)
    if particles:
        return False
    if relation == "subject":
        return "subject" in term.frames
    if not joint or joint in term.words:
        return "object" in term.frames or joint in term.frames
    return joint in term.frames


def _is_of_pronoun(noun: Noun, verb: Token) -> bool:
    """Whether a clause belongs to "one" or "that" rather than to the noun before ("like the one passed in May")."""
    before, earlier = verb.doc[verb.i - 1], verb.doc[max(verb.i - 2, 0)]
    is_pronoun = before.lower_ in ("one", "those") or (before.lower_ == "that" and earlier.pos_ in ("ADP", "SCONJ"))
    return is_pronoun and before.i > noun.head.i


def _is_filler(token: Token) -> bool:
    is_quote = token.pos_ == "PUNCT" and token.text in "'\"”’“‘,"
    return token.pos_ in ("AUX", "ADV", "PART") or token.lower_ in RELATIVES or token.lower_ in MODALS or is_quote


def _is_series(scene: Scene, token: Token) -> bool:
    return scene.terms.has("series", token)


def _case(token: Token) -> str:
    return next((child.lower_ for child in token.children if child.dep_ == "case" and child.i < token.i), "")


def sentence_span(token: Token) -> Span:
    """Return the sentence of a token without the blanks around it."""
    words = [word for word in token.sent if not word.is_space]
    return span_of(words[0], words[-1])


def _phrase(noun: Noun) -> Span:
    return span_of(noun.first, noun.head)


def _label(scene: Scene, noun: Noun, status: str, agents: tuple[str, ...]) -> str:
    """Return a readable name of an event: "agreement: signed by Vladimir Putin and Kim Jong Un"."""
    names = [scene.actor(agent).label for agent in agents]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    name = noun.span.of(scene.article.text)
    if noun.is_pronoun or noun.is_verb:
        name = " ".join(noun.term.words) if noun.is_pronoun else noun.term.value
    told = "kept in force" if listed and status == "in-force" else status.replace("-", " ")
    return f"{name}: {told}" + (f" by {listed}" if listed else "")
