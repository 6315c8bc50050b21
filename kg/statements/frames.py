"""Where the content of a cue stands in its sentence: the frames of the lexicon, read off the dependency tree."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.language.document import Token
from kg.model import Spans
from kg.statements import syntax
from kg.statements.lexicon import Cues, Entry, Match
from kg.statements.words import CONCESSIVE, DAYS, DUTY, EVIDENCE, LINKS, NEED, POINTING, PROSPECT, SAME_FORMS, low

CLAIMING = frozenset({"asserts", "reports", "alleges", "confirms", "denies", "warns", "criticises", "believes"})
DIRECTIVE = frozenset({"demands", "requests", "urges", "warns"})
# Cases of the phrases that complete "accuse X of", "blame X for", "describe X as", "urge X to": not of time or place.
COMPLETING = frozenset({"of", "for", "as", "to", "against", "over", "with", "from", "about", "into"})
NAMED = "object+"
STRAY = 0.4  # share of the longest stretch below which another one is an error of the parse
# Frames without content of their own: they say something about a cue, or about a word of its content.
BARE = frozenset({"hear", "judgement", "hedge", "hedge:passive", "outlet", "never", "quoting"})
# Frames that a cue cannot have by default: they mean something only where they are found.
SPECIAL = frozenset({"light", "judgement", "hedge", "hedge:passive", "adverb", "source", "hear", "evidence", "quoting",
                     "outlet", "passive"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What one row finds around its cue.

    `match` is the row that counts (that of the noun, for "express concern"), `content` the words said, `kind` the frame
    that fits, `heard` the noun
    of who hears them, `source` the noun of who says them. `points_back` tells that the content is "these concerns":
    words of another statement, `around` that the cue stands in the midst of it.
    """

    match: Match
    content: Spans
    kind: str = ""
    heard: Token | None = None
    source: Token | None = None
    points_back: bool = False
    around: bool = False


def find_frame(match: Match, *, cues: Cues) -> Frame | None:
    """Return the content of a cue by the first frame of its row that fits; None when none does."""
    head, entry = match.head, match.entry
    if entry.pos == "ADJ" and not _is_predicate(head):
        return None
    for frame in entry.frames:
        if frame == "light":
            found = _light(match, cues=cues)
        elif frame == "source":
            found = _according(match)
        else:
            found = _plain(match, frame, cues=cues)
        if found is not None:
            return found
    return None


def _plain(match: Match, frame: str, *, cues: Cues) -> Frame | None:
    head, entry = match.head, match.entry
    if frame in BARE:
        return None
    read = READERS.get(frame)
    tokens = read(head, cues) if read else _after_words(match, frame)
    tokens = [token for token in tokens if token.i not in {other.i for other in match.tokens}]
    around = head.dep_ in ("parataxis", "advcl") or frame in ("adverb", "passive") or (
        head.dep_ == "acl:relcl" and frame == NAMED)
    content = syntax.spans_of(head.doc, tokens)
    if not around:
        content = _solid(content)
    if not content:
        return None
    return Frame(match=match, content=content, kind=frame, around=around, heard=_heard(head, entry, frame),
                 source=_source(head, entry, frame))


def _solid(content: Spans) -> Spans:
    """Return the stretches of a content without small ones far off: crossing arcs of a broken parse."""
    longest = max((span.end - span.start for span in content), default=0)
    return tuple(span for span in content if span.end - span.start >= STRAY * longest)


def _source(head: Token, entry: Entry, frame: str) -> Token | None:
    if frame == "adverb":
        return None
    if entry.pos == "NOUN":
        return holder_of(head)
    return syntax.subject_of(head)


def _heard(head: Token, entry: Entry, frame: str) -> Token | None:
    """Return the noun of who hears the words: "told Reuters", "said to reporters", "urged Iran to"."""
    objects = syntax.children(head, "iobj") or syntax.children(head, "obj")
    if syntax.is_passive(head):
        objects = syntax.children(head, "nsubj:pass")
    if objects and (entry.hears or (entry.stance in DIRECTIVE and frame in ("object+", "infinitive"))):
        return objects[0]
    if frame.endswith("+") and frame != "object+":
        return next((kid for kid in syntax.children(head, "obl") if syntax.case_of(kid) == frame[:-1]), None)
    if entry.takes("clause") and entry.pos == "VERB":
        return next((kid for kid in syntax.children(head, "obl", "iobj") if syntax.case_of(kid) == "to"), None)
    return None


def holder_of(noun: Token) -> Token | None:
    """Return whose word a noun is: "Washington's calls", "a denial by Moscow", "reports from Seoul"."""
    for child in noun.children:
        if child.dep_ == "nmod:poss" or (child.dep_ == "nmod" and syntax.case_of(child) in ("by", "from")):
            return child
    behind = (child for child in syntax.children(noun.head, "obl", "obl:agent") if noun.dep_ == "obj"
              and syntax.case_of(child) == "by" and child.left_edge.i == noun.i + 1)
    return next(behind, None)  # "rejected claims by officials", though the parse hangs them on the verb


def _is_predicate(adjective: Token) -> bool:
    """Return whether an adjective says something of a subject: "is anxious", "remains sceptical"."""
    if syntax.children(adjective, "cop") or syntax.is_passive(adjective):
        return True
    if adjective.dep_ == "xcomp":
        return adjective.head.lemma_.casefold() in LINKS
    return adjective.dep_ == "conj" and adjective.head.pos_ in ("ADJ", "VERB") and _is_predicate(adjective.head)


def _clause(head: Token, cues: Cues) -> list[Token]:
    """Return the clause that a cue governs, or, where the cue interrupts or follows it, the clause that governs it."""
    own = syntax.children(head, "ccomp", "csubj", "csubj:pass")
    if head.pos_ in syntax.NOMINAL:
        own = [child for child in syntax.children(head, "acl", "ccomp") if syntax.children(child, "mark")
               and syntax.case_of(child) != "to"]
    elif not own:
        own = [child for child in syntax.children(head, "parataxis") if _is_spoken(child, head)]
    if own:
        after = [child for child in own if child.i > head.i]
        return [token for child in after or own for token in syntax.subtree(child)]
    if head.dep_ == "parataxis" or (head.dep_ == "advcl" and syntax.case_of(head) == "as"):
        deeds = syntax.children(head, "xcomp")  # "CONTINUED to grow"
        goes_on = any(low(mark) == "to" for deed in deeds for mark in syntax.children(deed, "mark"))
        if not syntax.has_own_subject(head) or syntax.children(head, "obj") or goes_on:
            return []
        conceded = [child for child in syntax.children(head.head, "advcl")
                    if child.i > head.i and syntax.case_of(child) in CONCESSIVE]
        return syntax.subtree(head.head, without=[head, *conceded, *_joined_clauses(head.head, head)])
    return [child for child in head.children if low(child) == "so" and child.i == head.i + 1]


def _is_spoken(child: Token, head: Token) -> bool:
    """Return whether a loosely joined clause is what the head says: before it, or after a colon, comma or mark."""
    if child.i < head.i:
        return True
    left = child.left_edge.i - 1
    return left > head.i and child.doc[left].text in (":", ",", '"', "“", "'", "‘")


def _joined_clauses(governor: Token, cue: Token) -> list[Token]:
    """Return the clauses joined to a governor that a cue before them does not reach."""
    return [child for child in syntax.children(governor, "parataxis", "conj") if child.i != cue.i
            and child.left_edge.i > cue.i and syntax.has_own_subject(child)]


def _clause_of_duty(head: Token, cues: Cues) -> list[Token]:
    own = [child for child in syntax.children(head, "ccomp")
           if syntax.auxiliaries(child) & DUTY or _is_subjunctive(child) or child.lemma_ in ("need", "ought")]
    return [token for child in own for token in syntax.subtree(child)]


def _is_subjunctive(verb: Token) -> bool:
    """Return whether a clause has the bare form with a singular subject: "insisted that Pyongyang stop"."""
    subjects = syntax.children(verb, "nsubj", "nsubj:pass")
    bare = low(verb) == verb.lemma_.casefold() and verb.pos_ == "VERB" and not syntax.auxiliaries(verb)
    be = not syntax.children(verb, "aux") and any(
        low(child) == "be" for child in syntax.children(verb, "cop", "aux:pass"))
    if not subjects or not (bare or be):
        return False
    if be:
        return True
    subject = subjects[0]
    plural = low(subject) in ("i", "you", "we", "they", "these", "those", "who", "which", "that") or bool(
        syntax.children(subject, "conj"))
    return not plural and not (subject.pos_ == "NOUN" and subject.lemma_.casefold() != low(subject)) \
        and verb.lemma_.casefold() not in SAME_FORMS


def _clause_of_prospect(head: Token, cues: Cues) -> list[Token]:
    own = [child for child in syntax.children(head, "ccomp") if syntax.auxiliaries(child) & PROSPECT]
    return [token for child in own for token in syntax.subtree(child)]


def _objects(head: Token) -> list[Token]:
    """Return the objects of a verb; of a passive verb its subject, or the noun that its participle follows."""
    if syntax.is_passive(head):
        found = syntax.children(head, "nsubj:pass")
    elif head.dep_ == "acl" and syntax.agent_of(head) is not None:
        found = [head.head]
    else:
        found = syntax.children(head, "obj") or _shifted(head) or _antecedent(head)
    return [head.head if low(noun) in ("which", "that", "whom", "who") and head.dep_ == "acl:relcl" else noun
            for noun in found]


def _shifted(head: Token) -> list[Token]:
    """Return the object behind what it is called: "dismissed as baseless A CLAIM BY OSLO that …"."""
    judged = [child for child in syntax.children(head, "advcl", "obl", "xcomp")
              if child.i > head.i and syntax.case_of(child) == "as"]
    return [noun for child in judged for noun in syntax.children(child, "obj", "appos") if noun.i > child.i][:1]


def _antecedent(head: Token) -> list[Token]:
    """Return the noun before a relative clause without pronoun: "a charge that he denies", "claims Moscow rejects"."""
    subjects = syntax.children(head, "nsubj")
    if head.dep_ != "acl:relcl" or not subjects or low(subjects[0]) in ("who", "which", "that"):
        return []
    return [] if syntax.children(head, "ccomp", "xcomp", "obl") else [head.head]


def _object(head: Token, cues: Cues) -> list[Token]:
    """Return the object, or the gerund in its place: "ruled out SENDING troops"."""
    nouns = [child for child in _objects(head) if child.pos_ in syntax.NOMINAL or child.pos_ == "DET"]
    if not nouns:
        gerunds = (child for child in syntax.children(head, "xcomp", "ccomp", "advcl") if child.i > head.i)
        bare = (child for child in gerunds if not syntax.children(child, "mark", "aux"))
        nouns = [child for child in bare if low(child).endswith("ing")][:1]
    return [token for child in nouns
            for token in syntax.subtree(child, without=[head] if child.i == head.head.i else [])]


def _object_and_more(head: Token, cues: Cues) -> list[Token]:
    """Return the object and the complements after it, as one stretch: "Iran of a breach", "the test a violation"."""
    objects = _objects(head)
    if not objects:
        return _hidden_object(head)
    first = objects[0]
    more = [child for child in head.children if child.i > first.i and _completes(child)]
    if not more:
        return []
    if first.i > head.i:
        return list(head.doc[first.left_edge.i : max(child.right_edge.i for child in more) + 1])
    return [*syntax.phrase(first), *(token for part in more for token in syntax.subtree(part))]


def _hidden_object(head: Token) -> list[Token]:
    """Return the words after a verb up to its infinitive or gerund, where the parse made the object its subject."""
    kids = [child for child in syntax.children(head, "xcomp", "ccomp") if child.i > head.i + 2
            and any(low(mark) in ("to", "of", "for") for mark in syntax.children(child, "mark"))]
    return list(head.doc[head.i + 1 : kids[0].right_edge.i + 1]) if kids else []


def _completes(child: Token) -> bool:
    if child.dep_ in ("xcomp", "ccomp"):
        return True
    return child.dep_ in ("obl", "advcl", "nmod", "obl:arg") and syntax.case_of(child) in COMPLETING


def _object_claim(head: Token, cues: Cues) -> list[Token]:
    claims = [child for child in _objects(head) if low(child) in ("this", "that") or any(
        match.entry.pos == "NOUN" and match.entry.stance in CLAIMING for match in cues.matches(child))]
    return _object(head, cues) if claims else []


def _object_need(head: Token, cues: Cues) -> list[Token]:
    return _object(head, cues) if any(child.lemma_.casefold() in NEED for child in _objects(head)) else []


def _object_figure(head: Token, cues: Cues) -> list[Token]:
    """Return the object with the figure that somebody puts it at: "put THE LOSS AT $40 MILLION"."""
    objects = [noun for noun in syntax.children(head, "obj") if noun.i > head.i]
    beside = [child for token in (head, *objects) for child in syntax.children(token, "obl", "nmod")
              if syntax.case_of(child) == "at" and child.i > head.i]
    figures = [child for child in beside if child.pos_ in ("NUM", "SYM") or syntax.children(child, "nummod")]
    if not objects or not figures:
        return []
    return list(head.doc[objects[0].left_edge.i : figures[0].right_edge.i + 1])


def _infinitive(head: Token, cues: Cues) -> list[Token]:
    kids = syntax.children(head, "xcomp", "acl", "advcl", "ccomp") if head.pos_ != "VERB" else syntax.children(
        head, "xcomp", "ccomp", "advcl" if syntax.is_passive(head) else "xcomp")
    own = [child for child in kids if any(low(mark) == "to" for mark in syntax.children(child, "mark"))
           and child.i > head.i and not syntax.has_own_subject(child)]
    return [token for child in own for token in syntax.subtree(child)]


def _evidence(head: Token, cues: Cues) -> list[Token]:
    """Return what something is cited as evidence of."""
    nouns = [kid for kid in head.subtree if kid.lemma_.casefold() in EVIDENCE and syntax.case_of(kid) == "as"]
    kids = [kid for noun in nouns for kid in syntax.children(noun, "nmod", "acl")]
    return [token for kid in kids for token in syntax.subtree(kid, without=syntax.children(kid, "case"))]


def _after_words(match: Match, frame: str) -> list[Token]:
    """Return the phrase after a preposition on any word of a cue: "pleaded not guilty TO MURDER"."""
    words = (match.head, *(token for token in match.tokens if token.i != match.head.i))
    return next((found for word in words if (found := _after_preposition(word, frame))), [])


def _after_preposition(head: Token, frame: str) -> list[Token]:
    """Return the phrase after a preposition; with "+", and what follows it: "call on X to do Y"."""
    word = frame.removesuffix("+")
    kids = [child for child in syntax.children(head, "obl", "nmod", "advcl", "acl", "obl:arg")
            if syntax.case_of(child) == word and child.lemma_.casefold() not in DAYS and child.pos_ != "NUM"]
    if not kids:
        return []
    first = kids[0]
    ties = [mark for mark in syntax.children(first, "mark", "case") if low(mark) == word]
    if frame.endswith("+") and first.pos_ == "VERB" and ties and ties[0].i > head.i:  # "calls for X to investigate"
        return list(head.doc[ties[0].i + 1 : first.right_edge.i + 1])
    if not frame.endswith("+"):
        return syntax.subtree(first, without=syntax.children(first, "case", "mark"))
    more = [child for child in (*head.children, *first.children)
            if child.i > first.i and child.dep_ in ("xcomp", "advcl", "acl", "ccomp")]
    if not more:
        return []
    start = first.left_edge.i + (1 if first.left_edge.dep_ == "case" else 0)
    return list(head.doc[start : max(child.right_edge.i for child in more) + 1])


def _adverb(head: Token, cues: Cues) -> list[Token]:
    """Return the clause that a sentence adverb qualifies, without clauses that have an adverb of their own."""
    governor = head.head
    if governor.i == head.i:
        return []
    others = [token for token in governor.subtree if token.i != head.i and token.head.i != governor.i and any(
        match.entry.takes("adverb") for match in cues.matches(token))]
    taken = {token.i for other in others for token in _qualified(other)}
    joined = [child for child in syntax.children(governor, "conj", "parataxis") if syntax.has_own_subject(child)]
    own = {token.i for token in _qualified(head, without=[head, *joined, *syntax.children(governor, "cc")])} - taken
    return [token for token in governor.subtree if token.i in own]


def _qualified(adverb: Token, *, without: Sequence[Token] = ()) -> list[Token]:
    """Return the words of an adverb's clause; of a participle behind a comma those behind it: ", allegedly USED in"."""
    governor = adverb.head
    words = syntax.subtree(governor, without=without)
    comma = adverb.i - 1 if adverb.i and adverb.doc[adverb.i - 1].text == "," else -1
    behind = comma >= 0 and governor.i > adverb.i and not syntax.has_own_subject(governor)
    return [token for token in words if token.i > comma] if behind else words


def _passive(head: Token, cues: Cues) -> list[Token]:
    """Return the clause of "X is said to do Y" or "it was reported that Y"."""
    if not syntax.is_passive(head):
        return []
    subjects = syntax.children(head, "nsubj:pass", "nsubj", "expl")
    kids = syntax.children(head, "xcomp")
    if kids and subjects and subjects[0].dep_ == "nsubj:pass":
        return syntax.subtree(subjects[0]) + [token for kid in kids for token in syntax.subtree(kid)]
    if subjects and low(subjects[0]) == "it":
        return [token for kid in syntax.children(head, "ccomp", "csubj", "csubj:pass") for token in syntax.subtree(kid)]
    return []


def _light(match: Match, *, cues: Cues) -> Frame | None:
    """Return the frame of "express concern about X": the object noun is the cue, the verb gives the subject.

    Its content may be empty where the parse does not show it.
    """
    verb = match.head
    if syntax.is_passive(verb) and syntax.agent_of(verb) is None:
        return None
    for noun in _objects(verb):
        for inner in cues.matches(noun):
            if inner.entry.pos != "NOUN" or SPECIAL & set(inner.entry.frames):
                continue
            weight = max(match.entry.weight, inner.entry.weight)
            whole = Match(entry=replace(inner.entry, weight=weight), tokens=(verb, *inner.tokens))
            if any(det.lemma_.casefold() in POINTING or low(det) in POINTING for det in syntax.children(noun, "det")):
                return Frame(match=whole, content=(), source=syntax.subject_of(verb), points_back=True)
            content = _of_noun(noun, inner.entry, cues=cues)
            spans = syntax.spans_of(verb.doc, content)
            return Frame(match=whole, content=spans, kind="light", source=syntax.subject_of(verb))
    return None


def _of_noun(noun: Token, entry: Entry, *, cues: Cues) -> list[Token]:
    """Return the content of a noun, which may hang on the noun or on its verb."""
    for frame in entry.frames:
        read = READERS.get(frame)
        tokens = read(noun, cues) if read else _after_preposition(noun, frame) or _after_preposition(noun.head, frame)
        if not tokens and frame == "clause":
            tokens = [token for kid in syntax.children(noun.head, "ccomp") for token in syntax.subtree(kid)]
        if tokens:
            return tokens
    return []


def _according(match: Match) -> Frame | None:
    """Return the frame of "according to X": the clause around it is the content, X the source."""
    head = match.head
    noun = head.head if head.dep_ in ("case", "mark") else next(
        (kid for kid in syntax.children(head, "obl", "obj", "nmod") if kid.i > head.i), None)
    if noun is None or noun.i == head.i or noun.pos_ not in syntax.NOMINAL:
        return None
    governor = clause_head(noun if head.dep_ in ("case", "mark") else head)
    while governor.dep_ == "conj" and not syntax.has_own_subject(governor):
        governor = governor.head
    away = [noun, head] if governor.i not in (noun.i, head.i) else []
    if not away:
        return None
    content = syntax.spans_of(head.doc, syntax.subtree(governor, without=away))
    if not content:
        return None
    return Frame(match=match, content=content, kind="source", source=noun)


def clause_head(token: Token) -> Token:
    """Return the predicate of the clause that a phrase belongs to, above the phrase itself."""
    for above in token.ancestors:
        predicates = syntax.children(above, "cop", "nsubj", "nsubj:pass")
        if above.pos_ in ("VERB", "AUX") or predicates or syntax.is_root(above):
            return above
    return token


Reader = Callable[[Token, Cues], list[Token]]
READERS: Mapping[str, Reader] = {
    "clause": _clause,
    "clause:should": _clause_of_duty,
    "clause:modal": _clause_of_prospect,
    "object": _object,
    "object+": _object_and_more,
    "object:claim": _object_claim,
    "object:importance": _object_need,
    "object:figure": _object_figure,
    "infinitive": _infinitive,
    "evidence": _evidence,
    "adverb": _adverb,
    "passive": _passive,
}
