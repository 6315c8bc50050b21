"""What an agreement makes its parties do: who is bound, the words of the duty, and what triggers it."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.agreements.moods import DOUBTS, NEGATIONS, SUBJECTS, is_passive, verb_group
from kg.agreements.nouns import Noun, names_agreement
from kg.agreements.scene import Scene, names_from, span_of
from kg.agreements.terms import lemma
from kg.language.document import Doc, Stretch, Token
from kg.model import Obligation, Span, Spans

LOOK = 14  # words between the noun and the verb of the clause about it
DUTY_JOINTS = frozenset({"to", "at", "for", "on", "upon", "that"})
ASIDES = frozenset({"which", "who", "but", "while", "although", "though", "as", "where", "after", "according"})
JUDGING = frozenset({"cite", "see", "describe", "regard", "hail", "view", "praise", "criticise", "criticize", "condemn",
                     "present", "use", "dismiss", "welcome", "denounce"})  # … the agreement AS something
SPEECH = frozenset({"say", "tell", "add", "report", "accord", "note", "write", "announce"})
RECIPROCAL = ("the other", "each other", "one another", "the other side", "the other party")
DUE = frozenset({"will", "would", "must", "shall", "to", "should"})
ASIDE_WORDS = 4
NEAR = 5  # words from "agreed" to its infinitive
FOLLOWING, LISTED = 2, 9  # sentences behind one that tells of an agreement, and those of a list
MAKING = frozenset({"sign", "reach", "conclude", "strike", "make", "begin", "start", "work", "seek", "hold"})
LESSER = frozenset({"talk", "negotiate", "discuss", "seem", "appear", "demonstrate", "show", "mean"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """The words of one duty: all of them, the bearer's (first and last index, or empty), the action, the conditions."""

    whole: Span
    action: Span
    conditions: Spans
    bearer: tuple[int, int]


def obligations(scene: Scene, noun: Noun, *, parties: tuple[str, ...]) -> Iterator[Obligation]:
    """Yield the duties that the words around one mention put on the parties; mirrored ones once for each party."""
    later = (*_told_before(scene, noun), *_beside(scene, noun), *_next_sentences(scene, noun, parties))
    for duty in (*_duties(scene, noun), *later):
        words = duty.whole.of(scene.article.text)
        start, end = duty.bearer
        is_mirrored = start < end and _is_each(scene, start, end)
        if is_mirrored and len(parties) > 1:
            for number, party in enumerate(parties, start=1):
                others = tuple(other for other in parties if other != party)
                is_mutual = any(word in words.casefold() for word in RECIPROCAL)
                yield Obligation(
                    start=duty.whole.start, number=number, gist=words, evidence=duty.whole, bearers=(party,),
                    action=duty.action, beneficiaries=others if is_mutual else (), conditions=duty.conditions,
                )
            continue
        bearers = names_from(scene, start=start, end=end) if start < end else ()
        if bearers and lemma(scene.doc[end]) in DUE and (givers := _givers(scene, duty)):
            bearers = givers  # "Fiji will get two boats from Australia"
        named = (mention.actor for mention in scene.cast.mentions_in(duty.action)
                 if mention.actor in parties)
        yield Obligation(
            start=duty.whole.start, number=1, gist=words, evidence=duty.whole,
            bearers=bearers or (_bound(scene, noun, parties) if start == end else ()), action=duty.action,
            beneficiaries=tuple(actor for actor in dict.fromkeys(named) if bearers and actor not in bearers),
            conditions=duty.conditions,
        )


def _givers(scene: Scene, duty: Duty) -> tuple[str, ...]:
    """Return from whom somebody gets something by a duty; nobody where its verb is another."""
    words = list(scene.doc.char_span(duty.action.start, duty.action.end, alignment_mode="expand") or ())
    if not words or lemma(words[0]) not in ("get", "receive", "obtain"):
        return ()
    place = next((word.i for word in words if word.lower_ == "from"), 0)
    return names_from(scene, start=place + 1, end=words[-1].i + 1) if place else ()


def _bound(scene: Scene, noun: Noun, parties: tuple[str, ...]) -> tuple[str, ...]:
    """Return who has to do what an agreement says without naming anybody: all, or who agreed to do it for another."""
    following = scene.doc[noun.head.i + 1 : noun.head.i + 2]
    is_for = noun.is_verb and "to" in noun.term.frames and bool(noun.parties) and following.text != "with" and not any(
        scene.terms.has("counterpart", token) for token in scene.doc[noun.head.i + 1 : noun.head.i + NEAR])
    own = tuple(party for party in parties if party not in noun.parties)
    if is_for and own:
        return own
    return parties if len(parties) > 1 else ()


def is_mutual_defence(scene: Scene, obligation: Obligation) -> bool:
    """Return whether a duty is military help upon an attack."""
    action = scene.doc.char_span(obligation.action.start, obligation.action.end, alignment_mode="expand") or ()
    triggers = [
        token for span in obligation.conditions
        for token in scene.doc.char_span(span.start, span.end, alignment_mode="expand") or ()
    ]
    is_military = any(token.lower_ in ("military", "armed", "arms", "troops") for token in (*action, *triggers))
    defends = any(lemma(token) in ("defend", "defence", "defense") for token in action)
    helps = any(scene.terms.has("aid", token) for token in action)
    return (defends or (is_military and helps)) and any(scene.terms.has("attack", token) for token in triggers)


def _is_each(scene: Scene, start: int, end: int) -> bool:
    words = " ".join(token.lower_ for token in scene.doc[start:end])
    return words in scene.terms.plain["sides"] or words in ("both", "each", "either")


def _duties(scene: Scene, noun: Noun) -> Iterator[Duty]:
    seen: set[int] = set()
    for verb, is_free in _clause_verbs(noun):
        if verb.i in seen:
            continue
        seen.add(verb.i)
        if scene.terms.has("duty", verb):
            yield from _imposed(scene, noun, verb)
        elif (scene.terms.has("content", verb) and not _is_effect(noun, verb)) or (
                is_free and lemma(verb) not in LESSER):
            yield from _duty(scene, noun, start=verb.i, action=verb.i, bearer=(verb.i, verb.i))
    yield from _agreed_change(scene, noun)
    yield from _under(scene, noun)
    yield from _by_pronoun(scene, noun)


def _agreed_change(scene: Scene, noun: Noun) -> Iterator[Duty]:
    """Yield the duty to do something to what is agreed on: "agreed on Monday to strengthen their partnership"."""
    for verb in reversed(scene.doc[max(noun.first.i - NEAR, noun.head.sent.start) : noun.first.i]):
        if verb.pos_ != "VERB":
            continue
        group = verb_group(verb)
        agreed = next((word for word in reversed(scene.doc[max(group[0].i - NEAR, noun.head.sent.start) : group[0].i])
                       if word.pos_ == "VERB"), None)
        is_agreed = group[0].lower_ == "to" and agreed is not None and lemma(agreed) == "agree"
        if is_agreed and lemma(verb) not in MAKING | LESSER:
            yield from _duty(scene, noun, start=verb.i, action=verb.i, bearer=(verb.i, verb.i))
        return


def _is_effect(noun: Noun, verb: Token) -> bool:
    """Whether an agreement is the subject of what it has brought about: "the deal opened markets"."""
    is_past = verb.text.casefold().endswith("ed") and verb_group(verb)[0].i == verb.i
    return is_past and noun.head.dep_ in SUBJECTS and noun.head.head.i == verb.i


def _by_pronoun(scene: Scene, noun: Noun) -> Iterator[Duty]:
    """Yield the duty of a sentence whose "it" takes up the agreement: "They signed a pact. It obliges Peru to …"."""
    start = noun.head.sent.end
    while start < len(scene.doc) and scene.doc[start].is_space:
        start += 1
    if start + 1 >= len(scene.doc) or scene.doc[start].lower_ != "it":
        return
    verb = next((token for token in scene.doc[start + 1 : scene.doc[start].sent.end] if token.pos_ == "VERB"), None)
    last = [token for token in scene.doc[noun.head.i + 1 : noun.head.sent.end]
            if names_agreement(scene, token) and lemma(token) != "statement"]  # "…, they said in a joint statement"
    if verb is not None and not last and scene.terms.has("duty", verb) and not is_passive(verb):
        yield from _imposed(scene, noun, verb)


def _clause_verbs(noun: Noun) -> Iterator[tuple[Token, bool]]:
    """Yield the verbs whose subject the agreement is, and whether any verb counts there ("a deal to end the war")."""
    head, doc = noun.head, noun.head.doc
    joint = ""
    for token in doc[head.i + 1 : min(head.sent.end, head.i + LOOK)]:
        if token.pos_ == "VERB" and token.dep_ != "amod":
            is_participle = token.text.casefold().endswith("ing") or lemma(token) == "aim"
            if not joint and token.text.casefold().endswith("ed"):
                continue  # "an accord signed by Chad and Mali that allows …"
            is_told = doc[token.i - 1].lower_ != "to" and not _has_subject(token, noun) and not is_passive(token)
            if joint in ("which", "that") and is_told:
                yield token, False
            elif joint == "to" or (is_participle and not joint and doc[token.i - 1].text != ","):
                yield token, joint == "to" and (noun.is_verb or token.i <= head.i + 3)
            break
        if token.lower_ in ("which", "that", "to", "under"):
            joint = token.lower_
        elif token.text in ";:.—–" or (token.lower_ == "with" and doc[token.i - 1].text == ","):
            break
    if head.dep_ in SUBJECTS and head.head.pos_ == "VERB":
        words = [word.lower_ for word in verb_group(head.head)]
        before = {word.lower_ for word in doc[max(noun.first.i - 2, head.sent.start) : noun.first.i]}
        if not NEGATIONS.intersection(words) and not DOUBTS & before and not any(
                word in ("was", "were", "been", "is", "are", "be") for word in words):
            yield head.head, False


def _has_subject(verb: Token, noun: Noun) -> bool:
    """Whether the clause has a subject of its own ("that Putin signed")."""
    subjects = (child for child in verb.children if child.dep_ in SUBJECTS and child.i > noun.head.i)
    return any(child.lower_ not in ("which", "that") for child in subjects)


def _imposed(scene: Scene, noun: Noun, verb: Token) -> Iterator[Duty]:
    """Yield the duty of "obliges X to do Y", "aims at doing Y", "calls for Y"."""
    end = _end_of_clause(scene, noun, verb.i + 1)
    for index in range(verb.i + 1, min(end, verb.i + LOOK)):
        if scene.doc[index].lower_ in DUTY_JOINTS and index + 1 < end:
            start = verb.i + 1 if index > verb.i + 1 else index + 1
            yield from _duty(scene, noun, start=start, action=index + 1, bearer=(verb.i + 1, index))
            return
    if verb.i + 1 < end:
        yield from _duty(scene, noun, start=verb.i + 1, action=verb.i + 1, bearer=(verb.i, verb.i))


def _under(scene: Scene, noun: Noun) -> Iterator[Duty]:
    """Yield the duty of "under the deal, X will do Y" and "a deal under which X will do Y"."""
    doc, sentence = scene.doc, noun.head.sent
    before = _before_terms(scene, noun)
    after = doc[noun.head.i + 1 : min(sentence.end, noun.head.i + LOOK)]
    opened = next((token.i + 2 for token in after if token.lower_ in ("under", "by") and token.i + 1 < len(doc)
                   and doc[token.i + 1].lower_ == "which"), 0)
    if before is not None and before.lower_ == "under":
        commas = [token.i for token in doc[noun.head.i + 1 : sentence.end] if token.text == ","]
        is_aside = len(commas) > 1 and _is_aside(doc, commas[0] + 1)
        opened = commas[is_aside] + 1 if commas else 0
    verb = verb_under(noun)
    if verb is not None and before is not None and any(word.lower_ in DUE for word in verb_group(verb)):
        start, group = verb.left_edge.i, verb_group(verb)
        if names_from(scene, start=start, end=group[0].i):
            yield Duty(whole=span_of(doc[start], doc[before.i - 1]), action=span_of(verb, doc[before.i - 1]),
                       conditions=(), bearer=(start, group[0].i))
    if not opened:
        return
    for index in range(opened, min(sentence.end, opened + LOOK)):
        token = doc[index]
        if token.pos_ == "VERB":
            if lemma(token) in SPEECH:
                return
            group = verb_group(token)
            second = _second(scene, noun, token)
            yield from _duty(scene, noun, start=opened, action=token.i, bearer=(opened, group[0].i),
                             limit=second[0] if second else sentence.end)
            if second:
                start, verb = second[0] + 1, second[1]
                yield from _duty(scene, noun, start=start, action=verb.i, bearer=(start, verb_group(verb)[0].i))
            return


def _before_terms(scene: Scene, noun: Noun) -> Token | None:
    """Return the word before a phrase and before "the terms of" it."""
    index = noun.first.i - 1
    while index > noun.head.sent.start and (scene.terms.has("series", scene.doc[index]) or scene.doc[index].lower_ in (
            "of", "the")):
        index -= 1
    return scene.doc[index] if index >= noun.head.sent.start else None


def _told_before(scene: Scene, noun: Noun) -> Iterator[Duty]:
    """Yield the duties of the clauses before their source: "Chad will open its ports, according to a pact"."""
    doc, start = scene.doc, noun.head.sent.start
    following = doc[noun.head.i + 1 : noun.head.i + 2].text
    is_agreed = noun.is_verb and lemma(noun.head) == "agree" and following not in ("to", "on", "with")
    if not is_agreed and (noun.first.i - 2 <= start or doc[noun.first.i - 2].lower_ != "according"):
        return
    for verb in doc[start : noun.first.i]:
        group = verb_group(verb) if verb.pos_ == "VERB" and verb.dep_ != "amod" else ()
        if not any(word.lower_ in ("will", "would", "shall") for word in group) or lemma(verb) in SPEECH:
            continue
        end = next((token.i for token in doc[verb.i : noun.first.i] if token.text in ",;"), noun.first.i)
        first = max(start, verb.left_edge.i)
        while first < group[0].i and (doc[first].pos_ in ("CCONJ", "PUNCT", "ADP") or doc[first].text == ","):
            first += 1
        if names_from(scene, start=first, end=group[0].i):
            yield Duty(whole=span_of(doc[first], doc[end - 1]), action=span_of(verb, doc[end - 1]), conditions=(),
                       bearer=(first, group[0].i))


def _next_sentences(scene: Scene, noun: Noun, parties: tuple[str, ...]) -> Iterator[Duty]:
    """Yield the duties of the sentences that follow: "Under its terms Peru will …", "Both sides promised to …".

    They follow one upon the other, each with a party as its subject; behind a colon there may be a list of them.
    """
    doc, left = scene.doc, LISTED if _opens_list(noun) else FOLLOWING
    start = noun.head.sent.end
    while start < len(doc) and left:
        sentence = doc[start].sent
        start, left = sentence.end, left - 1
        if all(token.is_space or not token.text.isalnum() for token in sentence):
            continue
        duty = _duty_of_sentence(scene, sentence, parties)
        if duty is None:
            return
        bearer, verb = duty
        yield from _duty(scene, noun, start=bearer[0], action=verb.i, bearer=bearer)


def _opens_list(noun: Noun) -> bool:
    """Whether the sentence of a mention opens a list ("Under the agreement:")."""
    words = [token for token in noun.head.sent if not token.is_space]
    return words[-1].text == ":"


def _duty_of_sentence(scene: Scene, sentence: Stretch,
                      parties: tuple[str, ...]) -> tuple[tuple[int, int], Token] | None:
    """Return the bearer (first and last index) and the verb of what a sentence makes a party do."""
    verb = next((token for token in sentence if token.pos_ == "VERB" and token.dep_ != "amod"), None)
    if verb is None:
        return None
    group = verb_group(verb)
    is_pledge = scene.terms.has("pledge", verb) and not is_passive(verb)
    if is_pledge:
        action = next((token for token in scene.doc[verb.i + 1 : min(sentence.end, verb.i + LOOK)]
                       if token.pos_ == "VERB" and token.dep_ in ("xcomp", "ccomp", "advcl")), None)
    else:
        action = verb if any(word.lower_ in DUE for word in group) and lemma(verb) not in SPEECH else None
    start = next((token.i for token in sentence if scene.mentions_from(token) or _is_each(scene, token.i, token.i + 2)
                  or token.lower_ in ("each", "both")), group[0].i)
    if action is None or start >= group[0].i or scene.doc[action.i - 1].text in ("“", '"'):
        return None
    names = names_from(scene, start=start, end=group[0].i)
    is_party = bool(names) and all(name in parties or scene.side_of(name) in parties for name in names)
    return ((start, group[0].i), action) if is_party or _is_each(scene, start, group[0].i) else None


def _beside(scene: Scene, noun: Noun) -> Iterator[Duty]:
    """Yield the duty of "a pact was renewed, with Brussels paying 59 million a year"."""
    doc = scene.doc
    for token in doc[noun.head.i + 1 : noun.head.sent.end - 2]:
        if token.lower_ != "with" or doc[token.i - 1].text != ",":
            continue
        verb = next((word for word in doc[token.i + 1 : min(noun.head.sent.end, token.i + ASIDE_WORDS * 2)]
                     if word.pos_ == "VERB"), None)
        if verb is not None and verb.text.casefold().endswith("ing") and names_from(
                scene, start=token.i + 1, end=verb.i):
            yield from _duty(scene, noun, start=token.i + 1, action=verb.i, bearer=(token.i + 1, verb.i))
            return


def verb_under(noun: Noun) -> Token | None:
    """Return the verb of the clause that "under a pact" ends: "Acme will supply engines to Bolt under a pact"."""
    doc = noun.head.doc
    before = [token.lower_ for token in doc[max(noun.first.i - 3, noun.head.sent.start) : noun.first.i]]
    if before[-1:] != ["under"] and before != ["as", "part", "of"]:
        return None
    for token in reversed(doc[noun.head.sent.start : noun.first.i - (1 if before[-1] == "under" else 3)]):
        if token.text in ",;:" or token.pos_ in ("SCONJ", "AUX"):
            return None
        if token.pos_ == "VERB" and token.dep_ != "amod":
            return token
    return None


def _is_aside(doc: Doc, index: int) -> bool:
    """Whether an aside begins at a token behind a comma: "which …", "signed in 2011", "a copy of which …"."""
    opening = [token.lower_ for token in doc[index : index + ASIDE_WORDS]]
    return opening[0] in ASIDES or doc[index].pos_ == "VERB" or "of which" in " ".join(opening)


def _second(scene: Scene, noun: Noun, first: Token) -> tuple[int, Token] | None:
    """Return where the duty of the other side is joined on and its verb: "…, while Peru would open its ports"."""
    doc, end = scene.doc, noun.head.sent.end
    for index in range(first.i + 1, end - 1):
        is_start = doc[index - 1].text == "," or bool(scene.mentions_from(doc[index + 1]))
        if doc[index].lower_ != "while" and not (doc[index].lower_ == "and" and is_start):
            continue
        verb = next((token for token in doc[index + 1 : min(end, index + 1 + LOOK)] if token.pos_ == "VERB"), None)
        group = () if verb is None else verb_group(verb)
        bears = doc[index].lower_ == "while" or any(word.lower_ in DUE for word in group)
        if verb is None or lemma(verb) in SPEECH or not bears or group[0].i <= index + 1:
            return None
        return (index, verb) if names_from(scene, start=index + 1, end=group[0].i) else None
    return None


def _duty(scene: Scene, noun: Noun, *, start: int, action: int, bearer: tuple[int, int],
          limit: int | None = None) -> Iterator[Duty]:
    end = min(_end_of_clause(scene, noun, action), len(scene.doc) if limit is None else limit)
    governor = noun.head.head
    if noun.head.dep_ in SUBJECTS and governor.i > action:
        end = min(end, verb_group(governor)[0].i)  # "a plan to merge X with Y [was abandoned]"
    if end - 1 > action and scene.doc[end - 1].text == ",":
        end -= 1
    if action >= end:
        return
    doc = scene.doc
    markers = ((index, wide) for index in range(action + 1, end) if (wide := _marker(scene, index)))
    trigger, width = next(markers, (end, 0))
    stop = trigger - 1 if doc[trigger - 1].text == "," and trigger - 1 > action else trigger
    conditions = (span_of(doc[trigger + width], doc[end - 1]),) if trigger + width < end and width else ()
    yield Duty(whole=span_of(doc[start], doc[end - 1]), action=span_of(doc[action], doc[stop - 1]),
               conditions=conditions, bearer=bearer)


def _marker(scene: Scene, index: int) -> int:
    """Return how many words long the condition marker at `index` is, 0 for none."""
    for width in (4, 3, 2, 1):
        words = " ".join(token.lower_ for token in scene.doc[index : index + width])
        if words in scene.terms.plain["condition"]:
            return width
    return 0


def _end_of_clause(scene: Scene, noun: Noun, start: int) -> int:
    """Return the index behind the last word of a clause: at a stop, an aside, or words of the reporting speaker."""
    sentence = scene.doc[start - 1].sent
    is_judged = any(lemma(token) in JUDGING for token in scene.doc[noun.head.sent.start : noun.head.i])
    for index in range(start, sentence.end):
        token = scene.doc[index]
        following = scene.doc[index + 1] if index + 1 < sentence.end else None
        if token.text in ".;!?—–" or token.is_space or (token.lower_ == "while" and index > start + 1):
            return index
        if token.lower_ == "as" and is_judged and index > start + 1:
            return index
        is_aside = following is None or following.lower_ in ASIDES
        if token.text == "," and (is_aside or _is_speech_after(index, sentence.end, scene)):
            return index
    return sentence.end


def _is_speech_after(index: int, end: int, scene: Scene) -> bool:
    """Whether the words behind a comma say who told all this (", the ministry said")."""
    return any(lemma(token) in SPEECH and token.pos_ == "VERB" for token in scene.doc[index + 1 : min(end, index + 9)])
