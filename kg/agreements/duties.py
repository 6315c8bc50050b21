"""What an agreement makes its parties do: who is bound, the words of the duty, and what triggers it."""

from collections.abc import Iterator
from dataclasses import dataclass

from kg.agreements.moods import DOUBTS, NEGATIONS, SUBJECTS, is_passive, verb_group
from kg.agreements.nouns import Noun
from kg.agreements.scene import Scene, names_from, span_of
from kg.agreements.terms import lemma
from kg.language.document import Doc, Token
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
    for duty in _duties(scene, noun):
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
        named = (mention.actor for mention in scene.cast.mentions_in(duty.action)
                 if mention.actor in parties)
        yield Obligation(
            start=duty.whole.start, number=1, gist=words, evidence=duty.whole,
            bearers=bearers or (parties if start == end and len(parties) > 1 else ()), action=duty.action,
            beneficiaries=tuple(actor for actor in dict.fromkeys(named) if bearers and actor not in bearers),
            conditions=duty.conditions,
        )


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
        elif scene.terms.has("content", verb) or (is_free and lemma(verb) not in LESSER):
            yield from _duty(scene, noun, start=verb.i, action=verb.i, bearer=(verb.i, verb.i))
    yield from _under(scene, noun)
    yield from _by_pronoun(scene, noun)


def _by_pronoun(scene: Scene, noun: Noun) -> Iterator[Duty]:
    """Yield the duty of a sentence whose "it" takes up the agreement: "They signed a pact. It obliges Peru to …"."""
    start = noun.head.sent.end
    while start < len(scene.doc) and scene.doc[start].is_space:
        start += 1
    if start + 1 >= len(scene.doc) or scene.doc[start].lower_ != "it":
        return
    verb = next((token for token in scene.doc[start + 1 : scene.doc[start].sent.end] if token.pos_ == "VERB"), None)
    last = [token for token in scene.doc[noun.head.i + 1 : noun.head.sent.end] if scene.terms.of("noun", token)]
    if verb is not None and not last and scene.terms.has("duty", verb) and not is_passive(verb):
        yield from _imposed(scene, noun, verb)


def _clause_verbs(noun: Noun) -> Iterator[tuple[Token, bool]]:
    """Yield the verbs whose subject the agreement is, and whether any verb counts there ("a deal to end the war")."""
    head, doc = noun.head, noun.head.doc
    joint = ""
    for token in doc[head.i + 1 : min(head.sent.end, head.i + LOOK)]:
        if token.pos_ == "VERB" and token.dep_ != "amod":
            is_participle = token.text.casefold().endswith("ing") or lemma(token) == "aim"
            if joint in ("which", "that") and doc[token.i - 1].lower_ != "to" and not _has_subject(token, noun):
                yield token, False
            elif joint == "to" or (is_participle and not joint):
                yield token, joint == "to" and (noun.is_verb or token.i <= head.i + 3)
            break
        if token.lower_ in ("which", "that", "to", "under"):
            joint = token.lower_
        elif token.text in ";:.—–":
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
    before = doc[noun.first.i - 1] if noun.first.i > sentence.start else None
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


def verb_under(noun: Noun) -> Token | None:
    """Return the verb of the clause that "under a pact" ends: "Acme will supply engines to Bolt under a pact"."""
    doc = noun.head.doc
    if noun.first.i == noun.head.sent.start or doc[noun.first.i - 1].lower_ != "under":
        return None
    for token in reversed(doc[noun.head.sent.start : noun.first.i - 1]):
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
