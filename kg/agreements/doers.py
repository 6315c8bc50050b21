"""Who signs, adopts, vetoes or breaks an agreement: the subject, the "by" phrase, the owner of a noun."""

from collections.abc import Iterable

from kg.agreements.moods import RELATIVES, SUBJECTS, is_passive, verb_group
from kg.agreements.nouns import PHRASE, Noun
from kg.agreements.scene import APOSTROPHES, JOINERS, Scene, names_from
from kg.agreements.terms import lemma
from kg.language.document import Token

OWN = frozenset({"promise", "use", "take", "make", "need", "have", "get", "issue", "hold"})  # "made a vow to sign"
TELLING = frozenset({"say", "claim", "allege", "complain", "report", "announce", "confirm"})
NEAR = 8  # words between a verb of blame and its "of"


def doers_of(scene: Scene, head: Token, token: Token) -> tuple[str, ...]:
    """Return who does it: the subject of an active verb, the "by" phrase of a passive, the owner of a noun."""
    if token.pos_ in ("NOUN", "PROPN"):
        return _doers_of_noun(scene, head, token)
    subject = _subject(token)
    if subject is not None and subject.i == head.i:
        subject = None  # "the truce agreed last week", read as if the truce agreed
    is_participle = token.i > head.i and verb_group(token)[0].i == token.i and subject is None
    if token.pos_ != "ADJ" and (is_passive(token) or is_participle):
        return _by(scene, token.i + 1, token.sent.end)
    before = verb_group(token)[0].i - 1
    if before > token.sent.start and token.doc[before].lower_ == "of" and token.text.casefold().endswith("ing"):
        return _names_before(scene, token.doc[before])  # "accused Chad of breaking the truce"
    if subject is not None and subject.lower_ in RELATIVES:
        return _names_before(scene, subject)
    if subject is not None and subject.lower_ in ("it", "they") and not scene.mentions_from(subject):
        teller = token.head  # "Acme said it had signed a contract"
        is_told = token.dep_ == "ccomp" and teller.i < token.i and lemma(teller) in TELLING and (
            verb_group(teller)[0].lower_ != "to")  # not "refused to say whether it would buy Bolt"
        return doers_of(scene, head, teller) if is_told else ()
    found = names_from(scene, start=_left(subject), end=max(subject.i + 1, token.i)) if subject is not None else ()
    near = _names_before(scene, verb_group(token)[0])
    return near if not found or (len(near) > len(found) and set(found) <= set(near)) else found


def _doers_of_noun(scene: Scene, head: Token, token: Token) -> tuple[str, ...]:
    """Return who does "Chile's veto of …", "a veto by Chile", "talks between Chile and Peru", "Chile held talks"."""
    owners = names_from(scene, start=start_of(token).i, end=token.i)
    found = owners or _by(scene, max(token.i, head.i) + 1, token.sent.end)
    if not found and token.i < head.i:
        found = _by(scene, token.i + 1, head.i)  # "talks between Chad and Peru on a treaty"
    if found or token.dep_ not in ("obj", "obl", "nmod") or token.head.pos_ != "VERB":
        return found
    return doers_of(scene, head, token.head)


def addressees(scene: Scene, noun: Noun, verb: Token) -> tuple[str, ...]:
    """Return whom an agreement is proposed to: "proposed a pact to Chad", "offered Chad a pact", "agreed with Chad"."""
    following = noun.head.i + 1
    for token in scene.doc[following : min(noun.head.sent.end - 1, following + NEAR)]:
        if token.lower_ == "to":  # "a pact to Chad", "a pact of 3 million to Chad"
            return names_from(scene, start=token.i + 1, end=noun.head.sent.end)
        if token.pos_ not in ("ADP", "NUM", "SYM", "NOUN", "ADJ", "DET") or token.lower_ in ("with", "by"):
            break
    if lemma(verb) == "award":  # "a contract for a motorway to Salini"
        places = (token.i for token in scene.doc[following : noun.head.sent.end] if token.lower_ == "to")
        named = (names_from(scene, start=place + 1, end=noun.head.sent.end) for place in places)
        return next((names for names in named if names), ())
    start = verb.i + 1 + (verb.i + 1 < noun.first.i and scene.doc[verb.i + 1].lower_ == "with")
    is_before = start < noun.first.i and not is_passive(verb)
    return names_from(scene, start=start, end=noun.first.i) if is_before else ()


def partners(scene: Scene, verb: Token) -> tuple[str, ...]:
    """Return with or between whom it was agreed: "had been finalised with Peru", "was signed on Monday with Peru"."""
    is_by = False
    for token in scene.doc[verb.i + 1 : min(verb.sent.end, verb.i + 1 + NEAR * 2)]:
        is_by = is_by or token.lower_ == "by"
        if token.lower_ == "with" and is_by:
            return names_from(scene, start=token.i + 1, end=verb.sent.end)
        if token.lower_ in ("with", "between", "among") and token.head.i != verb.i and token.head.head.i == verb.i:
            return names_from(scene, start=token.i + 1, end=verb.sent.end)
        if token.text in ",;:" or token.pos_ in ("SCONJ", "VERB"):
            break
    return ()


def mediators_of(scene: Scene) -> tuple[str, ...]:
    """Return who mediates, as the article says: "Oman mediated", "brokered by Oman", "an Oman-brokered truce"."""
    found: list[str] = []
    for token in scene.doc:
        if not scene.terms.has("mediate", token):
            continue
        before = scene.doc[max(token.i - 2, token.sent.start) : token.i]
        if len(before) == 2 and before[1].text == "-":
            found.extend(mention.actor for mention in scene.cast.mention_at(before[0].idx))
        elif token.pos_ == "VERB" and not partners(scene, token):
            found.extend(doers_of(scene, token.head if token.dep_ == "acl" else token, token))
    return tuple(dict.fromkeys((*found, *scene.parties_of(found))))


def bodies_of(scene: Scene, agents: Iterable[str]) -> tuple[str, ...]:
    """Return the deciding bodies among the doers, those behind "EU ministers" included."""
    found = (agent if scene.is_body(agent) else scene.party_of(agent) for agent in agents)
    return tuple(dict.fromkeys(actor for actor in found if scene.is_body(actor)))


def accusers(scene: Scene, token: Token) -> tuple[str, ...]:
    """Return the states that accuse the doer of a breach: they are, as a rule, the other party."""
    if token.pos_ == "NOUN":  # "accused Chad of shelling two villages in breach of the truce"
        blames = [word for word in token.doc[token.sent.start : token.i]
                  if word.pos_ == "VERB" and scene.terms.has("accuse", word)]
        named = (scene.side_of(name) for verb in blames[-1:] for name in doers_of(scene, verb, verb))
        return tuple(name for name in named if scene.actor(name).kind == "State")
    before = verb_group(token)[0].i - 1
    if token.doc[before].lower_ != "of":
        return _tellers(scene, token)
    for index in range(before, max(token.sent.start, before - NEAR), -1):
        verb = token.doc[index]
        if scene.terms.has("accuse", verb) and verb.pos_ == "VERB":
            return tuple(name for name in doers_of(scene, verb, verb) if scene.actor(name).kind == "State")
    return ()


def _tellers(scene: Scene, token: Token) -> tuple[str, ...]:
    """Return the state whose army or government says that another broke an agreement ("Chad's army said rebels …")."""
    verb = token.head if token.dep_ in ("ccomp", "parataxis") else next(
        (child for child in token.children if child.dep_ == "parataxis"), None)
    if verb is None or lemma(verb) not in TELLING:
        return ()
    return tuple(name for name in map(scene.side_of, doers_of(scene, verb, verb)) if scene.actor(name).kind == "State")


def _subject(token: Token) -> Token | None:
    """Return the subject of a verb, or of the verb that it is joined to or depends on as a bare clause."""
    step = token
    for _ in range(4):
        found = next((child for child in step.children if child.dep_ in SUBJECTS), None)
        if found is not None:
            return _antecedent(found)
        is_infinitive = step.pos_ == "VERB" and step.head.i < step.i and verb_group(step)[0].lower_ == "to"
        if (step.dep_ not in ("conj", "xcomp", "advcl", "ccomp") and not is_infinitive) or step.head.i == step.i:
            return None
        if step.dep_ == "ccomp" and step.head.i < step.i:
            return None
        objects = (child for child in step.head.children if child.dep_ in ("obj", "iobj") and child.i < step.i
                   and child.lower_ not in RELATIVES)
        asked = next(objects, None)
        if is_infinitive and asked is not None and lemma(step.head) not in OWN:
            return asked  # "urged Peru to sign"
        step = step.head
    return None


def _antecedent(token: Token) -> Token:
    verb = token.head
    is_relative = token.lower_ in RELATIVES and verb.dep_ in ("acl:relcl", "acl") and verb.head.i < token.i
    return verb.head if is_relative else token


def _left(token: Token) -> int:
    return min(word.i for word in token.subtree)


def _names_before(scene: Scene, token: Token) -> tuple[str, ...]:
    """Return the actors of the longest coordination that ends right before a verb group."""
    best: tuple[str, ...] = ()
    end = token.i - 1 if token.i > token.sent.start and token.doc[token.i - 1].text == "," else token.i
    end = _without_day(scene, token.sent.start, _without_apposition(token, end))
    for index in range(end - 1, max(token.sent.start, token.i - 16) - 1, -1):
        word = token.doc[index]
        if word.pos_ in ("VERB", "AUX", "SCONJ", "ADP") or word.text in ";:.":
            break
        is_joined = word.text in JOINERS or token.doc[max(index - 1, token.sent.start)].pos_ == "ADP"
        found = () if is_joined else names_from(scene, start=index, end=end)
        if len(found) > len(best):
            best = found
    return best


def _without_apposition(token: Token, end: int) -> int:
    """Return the index behind a name before its apposition: "Acme[, the Kenyan carrier,] signed"."""
    if end == token.i:
        return end
    for index in range(end - 1, max(token.sent.start, end - 12), -1):
        word = token.doc[index]
        if word.pos_ in ("VERB", "AUX", "SCONJ"):
            break
        if word.text == ",":
            return index if word.doc[index + 1].pos_ == "DET" else end
    return end


def _without_day(scene: Scene, start: int, end: int) -> int:
    """Return the index behind what stands before a day: "Chad and Peru [on Monday] signed"."""
    if end <= start:
        return end
    last = scene.doc[end - 1]
    for time in scene.times:
        if time.span.end != last.idx + len(last.text):
            continue
        stretch = scene.doc.char_span(time.span.start, time.span.end, alignment_mode="expand")
        if stretch is not None and stretch.end == end and stretch.start > start:
            return stretch.start - (scene.doc[stretch.start - 1].pos_ == "ADP")
    return end


def _by(scene: Scene, start: int, end: int) -> tuple[str, ...]:
    """Return the actors that "by" introduces in the rest of a clause, or "between" ("signed between X and Y")."""
    for index in range(start, min(end, start + 12)):
        token = scene.doc[index]
        if token.lower_ in ("by", "between"):
            return names_from(scene, start=index + 1, end=end)
        if token.text in ",;:" or token.pos_ in ("SCONJ", "VERB"):
            break
    return ()


def start_of(token: Token) -> Token:
    """Return the first word of the phrase before a noun, with its owner."""
    index = token.i
    while index > token.sent.start:
        word = token.doc[index - 1]
        if word.pos_ not in PHRASE and word.text not in APOSTROPHES and not (word.pos_ == "PRON" and word.lower_ in (
                "its", "their", "his", "her", "our")):
            break
        index -= 1
    return token.doc[index]
