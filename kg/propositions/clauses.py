"""Where the participants of a predicate stand: a reading of Universal Dependencies.

A *place* is a name such as `subj`, `obj`, `poss` or a preposition; `tokens_in(token, place)` gives the words there,
with passives turned round, relative clauses tied to their noun and missing subjects supplied from the clause above.
"""

from collections.abc import Iterator

from kg.language.document import Token, kept
from kg.propositions.lexicon import lemma_of

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass", "nsubj:outer", "csubj:outer"})
PASSIVE = frozenset({"nsubj:pass", "aux:pass", "csubj:pass", "obl:agent"})
PREDICATES = frozenset({"VERB", "AUX", "ADJ"})
RELATIVE = frozenset({"who", "whom", "which", "that"})
# Verbs whose infinitive is done by their subject although they have an object: "Iran promised Syria to help".
SUBJECT_CONTROL = frozenset({"promise", "threaten", "vow", "pledge", "use", "need", "take", "hold", "make", "launch"})
# Verbs whose object does the infinitive, also where the parse takes it for a purpose: "emboldened Iran to strike".
OBJECT_CONTROL = frozenset({"allow", "ask", "cause", "command", "compel", "convince", "embolden", "enable", "encourage",
                            "force", "help", "instruct", "invite", "lead", "oblige", "order", "permit", "persuade",
                            "press", "pressure", "prompt", "push", "require", "tell", "urge", "warn"})
# Prepositions before a clause whose doer is the object of the verb above: "accused Iran of supplying arms".
OBJECT_CLAUSES = frozenset({"of", "for", "from", "with", "into"})
# Verbs whose object did what stands behind "of", "for" or "with": "accused Iran of an attack".
ACCUSING = frozenset({"accuse", "acquit", "blame", "charge", "clear", "condemn", "convict", "indict", "suspect"})
# Words before a clause that tells what is planned or charged, so that its noun is not the doer: "a role in killing".
PLANS = frozenset({"to", "of", "in", "for"})
MODIFIERS = frozenset({"compound", "amod", "nmod:desc", "nmod:unmarked", "flat", "nummod"})
TIMES = frozenset({"day", "week", "month", "year", "time", "morning", "afternoon", "evening", "night", "hour", "minute",
                   "decade", "weekend", "quarter", "season", "moment", "monday", "tuesday", "wednesday", "thursday",
                   "friday", "saturday", "sunday", "spring", "summer", "autumn", "winter", "fall"})
CLAUSES = frozenset({"xcomp", "ccomp", "advcl", "acl"})
INSIDE_A_NAME = frozenset({"compound", "flat", "nmod:desc"})
ROW = 12  # words over which the phrases after a noun may run up to a comma
WARS = frozenset({"war", "conflict", "invasion", "offensive", "attack", "assault", "aggression", "campaign", "battle"})
POSSESSIVE = frozenset({"'s", "’s", "'", "’"})


def tokens_in(token: Token, place: str) -> tuple[Token, ...]:
    """Return the heads of what stands in one place of a predicate.

    Args:
        token: A verb, noun or adjective.
        place: subj, obj, iobj, poss, adj, noun, obj.own, recipient (to whom the object went), war (against whom the
            war is in which something is done), copula (who "is in" it), holder (who has or plays it: "took no
            part in"), behind (who "is behind"
            it), accused (who is accused of it), a kind of clause (xcomp) or a preposition ("against").
    """
    if place == "subj":
        return tuple(subjects(token))
    if place == "obj":
        return tuple(objects(token))
    if place == "iobj":
        return tuple(_recipients(token))
    if place == "obj.own":
        return tuple(owner for thing in objects(token) for owner in _owners(thing))
    if place == "recipient":
        return tuple(_receivers(token))
    if place == "war":
        return tuple(_attacked(token))
    if place == "copula":
        is_said = any(child.dep_ == "cop" for child in token.children)
        return tuple(referent(child) for child in token.children if is_said and child.dep_ in SUBJECTS)
    if place == "holder":
        return tuple(subjects(token.head)) if token.dep_ == "obj" and token.head.pos_ == "VERB" else ()
    if place == "accused":
        accusing = token.dep_ == "obl" and lemma_of(token.head) in ACCUSING
        return tuple(objects(token.head)) if accusing and case_of(token) in ("of", "for", "with", "over") else ()
    if place == "behind":
        return tuple(_behind(token))
    if place in CLAUSES:
        found = [child for child in token.children if child.dep_ == place
                 or (place == "xcomp" and child.dep_ == "advcl" and "to" in marks_of(child))]
        return tuple(found or (_detached_infinitive(token) if place == "xcomp" else ()))
    if place in _OWN:
        return tuple(child for child in token.children
                     if child.dep_ in _OWN[place] and child.i < token.i and not case_of(child))
    return tuple(_prepositional(token, place))


_OWN = {
    "poss": frozenset({"nmod:poss"}),
    "adj": frozenset({"amod"}),
    "noun": frozenset({"compound", "nmod", "nmod:desc", "nmod:unmarked"}),
}


def _detached_infinitive(token: Token) -> Iterator[Token]:
    """Yield the infinitive right after a verb, with its doer, that the parse ties to another one."""
    for word in token.doc[token.i + 1 : token.sent.end]:
        if word.pos_ == "VERB" and word.left_edge.i == token.i + 1 and any(True for _ in _before_infinitive(word)):
            yield word


def is_passive(token: Token) -> bool:
    """Return whether a verb stands in the passive, full or reduced ("arms supplied by Iran")."""
    children = list(token.children)
    if any(child.dep_ in PASSIVE for child in children):
        return True
    if any(child.dep_ in SUBJECTS or child.dep_ in ("aux", "mark", "obj") for child in children):
        return False
    if token.pos_ != "VERB" or token.text.casefold().endswith("ing"):
        return False
    return token.dep_ in ("acl", "advcl", "amod") or (token.dep_ == "conj" and is_passive(token.head))


def subjects(token: Token) -> Iterator[Token]:
    """Yield who does what a predicate tells, whatever the voice."""
    if is_passive(token):
        yield from (child for child in token.children if child.dep_ == "obl:agent" or
                    (child.dep_ == "obl" and case_of(child) == "by"))
    elif (found := surface_subject(token)) is not None:
        yield found


def objects(token: Token) -> Iterator[Token]:
    """Yield to what a predicate is done, whatever the voice; a relative clause without object gives its noun."""
    early = set(_before_infinitive(token))
    direct = [referent(child) for child in token.children if child.dep_ == "obj" and child not in early] or [
        child for child in token.children if child.dep_ == "obl" and child.i > token.i and _is_bare(child)]
    direct = [thing for thing in direct if thing.pos_ != "NUM"] or direct
    if direct and _is_stranded(token):
        yield token.head
    elif direct:
        yield direct[-1]
    elif is_passive(token):
        if (found := surface_subject(token)) is not None:
            yield found
    elif _has_gap(token):
        yield token.head
    elif token.dep_ == "conj" and token.pos_ == "VERB" and _lacks_complement(token):
        above = (verb for verb in token.ancestors if verb.dep_ != "conj")
        if (first := next(above, None)) is not None and first.pos_ == "VERB":
            yield from objects(first)


def _is_bare(token: Token) -> bool:
    """Return whether a nominal has no preposition and names no time: an object, whatever the parse calls it."""
    return token.pos_ == "NOUN" and not case_of(token) and token.ent_type_ not in ("DATE", "TIME") and any(
        child.dep_ in ("det", "amod", "compound") for child in token.children) and lemma_of(token) not in TIMES


def _has_gap(token: Token) -> bool:
    """Return whether a relative clause is about the object it leaves out: "the arms that Iran sent"."""
    own = [child for child in token.children if child.dep_ in SUBJECTS]
    return token.dep_ == "acl:relcl" and any(referent(child) == child for child in own)


def _is_stranded(token: Token) -> bool:
    """Return whether a relative clause ends in "with": "the aid that it provides Syria with"."""
    return token.dep_ == "acl:relcl" and any(
        lemma_of(child) == "with" and child.i > token.i and not any(True for _ in child.children)
        for child in token.children
    )


def _lacks_complement(token: Token) -> bool:
    """Return whether a verb joined to another shares its object: "trained and armed rebels" has it once."""
    return all(child.dep_ in ("cc", "punct", "aux", "advmod", "conj") for child in token.children)


def _recipients(token: Token) -> Iterator[Token]:
    """Yield to whom something is given: "gave Kyiv tanks", "Kyiv was given tanks"."""
    direct = [child for child in token.children if child.dep_ == "obj" and child.pos_ != "NUM"]
    yield from (child for child in token.children if child.dep_ == "iobj" or
                (child in direct and _is_stranded(token)) or (child.dep_ == "nsubj" and _follows_another(child)))
    yield from direct[: len(direct) - 1]
    things = any(child.dep_ == "obj" for child in token.children)
    if things and is_passive(token) and (found := surface_subject(token)) is not None:
        yield found


def _receivers(token: Token) -> Iterator[Token]:
    """Yield to whom the object of a verb went: "the shells sold to Moscow were used …", "arms to Moscow, used …"."""
    for thing in (*objects(token), *_named_before(token)):
        yield from (found for found in following(thing) if case_of(found) == "to")
        yield from (found for child in thing.children if child.dep_ in ("acl", "acl:relcl") and child != token
                    for found in child.children if found.dep_ == "obl" and case_of(found) == "to")


def _named_before(token: Token) -> Iterator[Token]:
    """Yield the nouns right before the comma of a participle ("arms shipments to Moscow, allegedly USED in …")."""
    comma = token.i - 1
    while comma > token.sent.start and token.doc[comma].pos_ == "ADV":
        comma -= 1
    is_behind = comma > token.sent.start and token.doc[comma].text == ","
    if is_behind and is_passive(token) and token.dep_ in ("acl", "advcl", "conj"):
        last = token.doc[comma - 1]
        row = [noun for noun in token.doc[max(token.sent.start, comma - ROW) : comma]
               if noun.pos_ == "NOUN" and (noun.i == last.i or any(found.i == last.i for found in following(noun)))]
        yield from reversed(row)


def _attacked(token: Token) -> Iterator[Token]:
    """Yield against whom the war is in which something is done: "used in the conflict in Ukraine"."""
    for war in _prepositional(token, "in"):
        if lemma_of(war) in WARS:
            yield from (found for found in following(war) if case_of(found) in ("against", "on", "in", "of", "with"))


def _behind(token: Token) -> Iterator[Token]:
    """Yield who is behind a deed: "Iran was behind the attack", "the group behind the attack"."""
    if case_of(token) == "behind":
        subject = next((child for child in token.children if child.dep_ in SUBJECTS), None)
        if subject is not None:
            yield referent(subject)
        elif token.dep_ in ("advcl", "xcomp", "acl") and any(child.dep_ == "cop" for child in token.children):
            controller = _controller(token.head, frozenset())
            if controller is not None:
                yield controller
        elif token.dep_ == "nmod":
            yield token.head


def surface_subject(token: Token) -> Token | None:
    """Return the subject of a predicate as it stands, or as the clause above supplies it."""
    return _surface_subject(token, frozenset())


def _surface_subject(token: Token, seen: frozenset[int]) -> Token | None:
    """Return the subject; none where a crooked tree leads back to a verb that was `seen`."""
    if token.i in seen:
        return None
    seen |= {token.i}
    for child in token.children:
        if child.dep_ in SUBJECTS and not (child.dep_ == "nsubj" and _follows_another(child)):
            return referent(child)
    for child in _before_infinitive(token):
        return child
    if (found := next((child for child in token.children if child.dep_ == "expl"), None)) is not None:
        return found if lemma_of(found) == "it" else None
    if token.head == token or token.pos_ not in PREDICATES:
        return None
    if token.dep_ == "conj":
        return _surface_subject(_partner(token), seen)
    if token.dep_ == "xcomp":
        return _controller(token.head, seen)
    if token.dep_ == "advcl":
        marks = marks_of(token)
        by_object = marks & OBJECT_CLAUSES or ("to" in marks and lemma_of(token.head) in OBJECT_CONTROL)
        return _controller(token.head, seen) if by_object else _surface_subject(token.head, seen)
    if token.dep_ in ("acl", "acl:relcl"):
        return _subject_from_noun(token, seen)
    return None


def _before_infinitive(token: Token) -> Iterator[Token]:
    """Yield what stands before the "to" of an infinitive: its doer, also if the parse takes it for an object."""
    marks = [child.i for child in token.children if child.dep_ == "mark" and lemma_of(child) == "to"]
    yield from (child for child in token.children if child.dep_ == "obj" and marks and child.i < marks[0])


def _partner(token: Token) -> Token:
    """Return the verb that another is coordinated with.

    A list without "and" goes on: in "urged Iran to stop tests, open sites, and join talks", "join" goes with "stop",
    even if the parse ties it to "urged".
    """
    if not any(child.dep_ == "cc" for child in token.children):
        return token.head
    for verb in token.head.subtree:
        if verb.dep_ not in ("xcomp", "advcl") or verb.i > token.i:
            continue
        listed = [child for child in verb.children if child.dep_ == "conj"]
        if listed and not any(child.dep_ == "cc" for item in listed for child in item.children):
            return verb
    return token.head


def _follows_another(subject: Token) -> bool:
    """Return whether a second subject stands behind the verb: a recipient ("it could lend Iran a sense of pride")."""
    others = (child for child in subject.head.children if child.dep_ == "nsubj" and child.i < subject.head.i)
    return subject.i > subject.head.i and any(True for _ in others)


def _controller(above: Token, seen: frozenset[int]) -> Token | None:
    """Return who does the infinitive under a verb: its object, or its subject where it has none."""
    called = [child for child in above.children if child.dep_ == "obl" and case_of(child) in ("on", "upon")]
    if called and lemma_of(above) == "call":
        return called[0]
    found = [child for child in above.children if child.dep_ in ("iobj", "obj")] or [
        child for child in above.children if child.dep_ == "obl" and case_of(child) in ("at", "against")]
    if found and lemma_of(above) not in SUBJECT_CONTROL:
        return referent(found[0])
    return _surface_subject(above, seen)


def _subject_from_noun(token: Token, seen: frozenset[int]) -> Token | None:
    """Return who does the clause that hangs on a noun: the noun, or the holder of a plan or promise to do it."""
    noun = token.head
    if not marks_of(token) & PLANS:
        return noun
    for place in ("poss", "by", "of", "adj", "noun", "for"):
        for found in tokens_in(noun, place):
            return found
    holds = noun.dep_ in ("obj", "obl", "xcomp") and noun.head.pos_ == "VERB"
    return _surface_subject(noun.head, seen) if holds else None


def referent(token: Token) -> Token:
    """Return the noun that a relative pronoun takes up; any other token stands for itself."""
    if token.pos_ not in ("PRON", "DET", "SCONJ") or token.text.casefold() not in RELATIVE:
        return token
    for step in token.ancestors:
        if step.dep_ == "acl:relcl":
            return step.head
    return token


def marks_of(token: Token) -> frozenset[str]:
    """Return the words that introduce a clause: "to", "of", "if"."""
    return frozenset(lemma_of(child) for child in token.children if child.dep_ in ("mark", "case"))


@kept
def case_of(token: Token) -> str:
    """Return the preposition of a nominal, with its fixed parts: "against", "because of"; "" if it has none.

    It may hang on the first word of a name ("to" on "North" in "to North Korea"), or on a nominal further on ("with" on
    "Syria" in "talks with Russia over Syria").
    """
    inside = (child for child in token.children if child.dep_ in INSIDE_A_NAME and child.i < token.i)
    own = [child for child in (*token.children, *(part for word in inside for part in word.children))
           if child.dep_ == "case" and lemma_of(child) not in POSSESSIVE]
    near = [child for child in own if child.i > token.i or not _is_taken(child, token)]
    before = token.doc[token.left_edge.i - 1] if token.left_edge.i else token
    if not near and token.dep_ in ("nmod", "obl") and before.dep_ == "case" and before.head.i > token.i:
        near = [before]
    for child in near[:1]:
        fixed = [part for part in child.children if part.dep_ == "fixed"]
        return " ".join(lemma_of(part) if part.pos_ != "ADP" else part.text.casefold() for part in (child, *fixed))
    return ""


def _is_taken(case: Token, nominal: Token) -> bool:
    """Return whether another nominal stands between a preposition and the nominal that it hangs on."""
    between = nominal.doc[case.i + 1 : nominal.i]
    return any(word.pos_ in ("NOUN", "PROPN") and not word.is_ancestor(nominal) and not nominal.is_ancestor(word)
               for word in between)


def _prepositional(token: Token, place: str) -> Iterator[Token]:
    """Yield the nominals after a preposition: on the predicate, on the object of a verb, or next to a noun."""
    own = [child for child in token.children if child.dep_.split(":")[0] in ("obl", "nmod") and case_of(child) == place]
    yield from own
    if own:
        return
    if token.pos_ in ("NOUN", "PROPN"):
        yield from (nominal for nominal in following(token) if case_of(nominal) == place)
    elif place != "of":
        for thing in objects(token):
            inside = (child for child in thing.children if child.dep_ == "nmod")
            beside = (nominal for nominal in following(thing) if thing.i > token.i)
            yield from dict.fromkeys(found for found in (*inside, *beside) if case_of(found) == place)



def following(noun: Token) -> Iterator[Token]:
    """Yield the nominals of the unbroken row of prepositional phrases after a noun, wherever they are attached.

    "arms shipments from Pyongyang to Moscow": whatever the parse makes of "to Moscow", it belongs to the shipments.
    """
    index, doc = noun.i + 1, noun.doc
    while index < noun.sent.end:
        word = doc[index]
        if word.is_quote:
            index += 1
            continue
        nominal = word.head.head if word.head.dep_ in INSIDE_A_NAME else word.head
        if word.dep_ == "case" and nominal.i > index:
            yield nominal
            index = _end_of_nominal(nominal) + 1
        else:
            return


def _end_of_nominal(head: Token) -> int:
    """Return the index of the last word of a nominal and of what is coordinated with it."""
    parts = [child for child in head.children if child.dep_ in ("conj", "flat", "flat:name") and child.i > head.i]
    return max((_end_of_nominal(part) for part in parts), default=head.i)


def _owners(thing: Token) -> Iterator[Token]:
    """Yield whose a thing is: "North Korean ammunition", also inside "an amount of Iranian drones"."""
    for part in phrase(thing):
        yield from (child for child in part.children if child.dep_ in ("amod", "nmod:poss", "compound"))


def phrase(head: Token, *, depth: int = 3) -> Iterator[Token]:
    """Yield the words that tell what a noun is about: itself, its modifiers, and nouns after "of" and "for"."""
    yield head
    if depth:
        for child in head.children:
            joined = child.dep_ in MODIFIERS or child.dep_ == "conj"
            complement = child.dep_ == "nmod" and case_of(child) in ("of", "for")
            if joined or complement:
                yield from phrase(child, depth=depth - 1)
