"""Questions to the dependency tree: who is the subject of a verb, what belongs to a clause, is it negated."""

from collections.abc import Collection, Iterable, Iterator

from kg.language.document import Doc, Token
from kg.model import Span, Spans
from kg.statements.words import (
    ISSUING,
    NEGATIONS,
    OBJECT_CONTROL,
    PAPERS,
    QUESTIONED,
    QUOTED,
    QUOTING,
    RELATIVE,
    RESTRICTIONS,
    is_mark,
    low,
)

NEGATING = frozenset({"advmod", "aux", "cc", "cc:preconj", "nsubj", "nsubj:pass", "det", "neg"})
PASSIVE = frozenset({"nsubj:pass", "aux:pass", "csubj:pass"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
BESIDE = frozenset({"acl:relcl", "case", "parataxis", "cop", "advcl", "nsubj", "aux", "mark", "punct", "ccomp"})
EDGES = ".,;:!?…—–- \n\t"
OPENING = "“\"'‘([«„"
CLOSING = "”\"'’)]»%"
SHUNNING = frozenset({"without", "instead"})
DOUBTLESS = frozenset({"doubt", "time", "question", "mistake", "matter", "uncertain"})  # "no doubt", "in no time"
NEAR = 12  # tokens between a report and the participle that tells what it says


def children(token: Token, *relations: str) -> list[Token]:
    """Return the dependents of a token with one of the relations, in text order."""
    return [child for child in token.children if child.dep_ in relations]


def is_root(token: Token) -> bool:
    """Return whether a token heads its sentence."""
    return token.head.i == token.i


def is_passive(token: Token) -> bool:
    """Return whether a verb is passive: "was told", or the participle of "is an ally and considered a friend"."""
    if any(child.dep_ in PASSIVE for child in token.children):
        return True
    if _is_questioned(token) or _is_thought(token):
        return True
    shares = token.dep_ == "conj" and bool(children(token.head, "cop")) and low(token).endswith("ed")
    return shares and not has_own_subject(token) and not children(token, "aux", "ccomp")


def _is_questioned(token: Token) -> bool:
    """Return whether a participle without subject tells what somebody was asked or told: "ASKED whether …, he said"."""
    if token.dep_ not in ("advcl", "acl") or token.lemma_.casefold() not in QUESTIONED or has_own_subject(token):
        return False
    return low(token) in ("told",) or (low(token).endswith("ed") and not children(token, "aux", "mark"))


def _is_thought(token: Token) -> bool:
    """Return whether a participle tells what is thought of the noun before it: "sales EXPECTED to rise"."""
    if token.dep_ != "acl" or token.i + 1 >= token.sent.end or has_own_subject(token) or children(token, "aux", "obj"):
        return False
    return low(token.doc[token.i + 1]) == "to" and (low(token).endswith("ed") or low(token) in ("said", "thought"))


def has_own_subject(token: Token) -> bool:
    """Return whether a verb has a subject among its dependents."""
    return bool(children(token, "nsubj", "nsubj:pass", "nsubj:outer", "csubj"))


def subject_of(token: Token) -> Token | None:
    """Return the noun or pronoun that does what a verb says, its own subject or the one it shares.

    A coordinated verb or a participle borrows the subject of the clause it hangs on; a participle after a noun takes
    the noun, but a paper ("issued a statement saying") takes who issued it. A passive verb gives its "by" phrase.
    """
    return _subject(token, frozenset())


def _subject(token: Token, seen: frozenset[int]) -> Token | None:
    if token.i in seen:
        return None
    seen |= {token.i}
    if is_passive(token):
        return agent_of(token)
    own = children(token, "nsubj", "nsubj:outer")
    if own:
        nearest = own[-1]
        is_relative = low(nearest) in RELATIVE and token.dep_ in ("acl:relcl", "acl")
        return _antecedent(token, nearest) if is_relative else nearest
    report = _report_before(token)
    if report is not None:
        return _author(report, seen)
    if token.dep_ == "conj":
        if rejoins(token):
            return _subject(token.head.head, seen)
        if children(token.head, "nsubj:pass") and not is_passive(token):
            return children(token.head, "nsubj:pass")[0]
        return _subject(token.head, seen)
    if is_root(token) or token.dep_ in ("ccomp", "acl:relcl", "csubj"):
        return None
    return _borrowed(token, seen)


def _antecedent(verb: Token, pronoun: Token) -> Token:
    """Return the noun that a relative clause speaks of.

    Of a predicate it is the subject ("he is a man WHO says"); "which" goes with the name right before it, not with
    people farther off ("delegates of the Red Cross, WHICH said").
    """
    noun = verb.head
    first = noun.head if noun.dep_ == "conj" else noun
    if children(first, "cop") and children(first, "nsubj"):
        return children(first, "nsubj")[0]
    before = pronoun.i - 1 - (pronoun.doc[pronoun.i - 1].text == ",")
    name = verb.doc[before] if before > noun.i else noun
    people = noun.pos_ == "NOUN" and low(noun) != noun.lemma_.casefold() and noun.lemma_.casefold() not in PAPERS
    if low(pronoun) != "which" or name.pos_ != "PROPN" or not people:
        return noun
    while name.dep_ in ("flat", "compound", "conj") and noun.i < name.head.i:
        name = name.head
    return name


def rejoins(token: Token) -> bool:
    """Return whether a verb joined to a content goes on with the cue: "said it HAD left and ACCUSED Iran".

    Its tense shows it: the simple past of the cue, where the content has an auxiliary.
    """
    governor = token.head.head
    simple = token.pos_ == "VERB" and _is_past(token) and not children(token, "aux", "aux:pass", "nsubj", "mark")
    return simple and token.dep_ == "conj" and token.head.dep_ == "ccomp" and governor.pos_ == "VERB" \
        and bool(children(token.head, "aux")) and _is_past(governor) and not children(governor, "aux")


def _is_past(verb: Token) -> bool:
    return low(verb) != verb.lemma_.casefold() and not low(verb).endswith(("ing", "s"))


def _borrowed(token: Token, seen: frozenset[int]) -> Token | None:
    governor = token.head
    while _is_quoted_apart(governor, token) and not is_root(governor):
        governor = governor.head
    if token.dep_ == "acl" or (governor.pos_ in NOMINAL and token.dep_ != "xcomp" and not has_own_subject(governor)):
        return _author(governor, seen)
    if governor.lemma_.casefold() in QUOTING and not is_passive(governor) and children(governor, "obj"):
        return children(governor, "obj")[0]  # "quoted an official as SAYING"
    if governor.lemma_.casefold() in QUOTED or token.dep_ in ("advcl", "xcomp", "parataxis", "obl", "dep"):
        passive = children(governor, "nsubj:pass")
        if passive:
            return passive[0]
        if governor.lemma_.casefold() in QUOTED and is_passive(governor):
            return _before_quoted(governor)  # never who quotes
        if token.dep_ == "xcomp" and governor.lemma_.casefold() in OBJECT_CONTROL and children(governor, "obj", "iobj"):
            return children(governor, "obj", "iobj")[0]
        return _subject(governor, seen)
    return None


def _before_quoted(verb: Token) -> Token | None:
    """Return the name that ends right before "was quoted", where the parse ties it to another clause."""
    words = [token for token in verb.doc[verb.sent.start : verb.i] if token.dep_ not in ("aux", "aux:pass")]
    names = [token for token in words if token.pos_ == "PROPN" and token.dep_ not in ("compound", "flat", "nmod:desc")]
    return names[-1] if names else None


def _is_quoted_apart(governor: Token, token: Token) -> bool:
    """Return whether a quotation ends between a governor and its dependent: “We left,” he said, ADDING that …"""
    between = [word.text for word in token.doc[governor.i : token.i]] if governor.i < token.i else []
    return between.count("”") > between.count("“") or between.count('"') % 2 == 1


def _report_before(token: Token) -> Token | None:
    """Return the report before a participle without comma: "answered reports from Seoul CLAIMING that"."""
    if not low(token).endswith("ing") or token.dep_ not in ("advcl", "acl", "xcomp", "conj"):
        return None
    for step in range(token.i - 1, max(token.i - 1 - NEAR, -1), -1):
        word = token.doc[step]
        if is_mark(word) or word.text.isspace() or (word.pos_ in ("VERB", "AUX") and word.dep_ != "amod"):
            return None
        if word.lemma_.casefold() in PAPERS:
            return word
    return None


def _author(noun: Token, seen: frozenset[int]) -> Token:
    """Return who speaks through a noun: who issued the paper, else the noun itself."""
    if noun.lemma_.casefold() in PAPERS and noun.dep_ == "obj" and noun.head.lemma_.casefold() in ISSUING:
        return _subject(noun.head, seen) or noun
    return noun


def agent_of(token: Token) -> Token | None:
    """Return the noun of the "by" phrase of a passive verb."""
    for child in children(token, "obl:agent", "obl", "nmod"):
        if child.dep_ == "obl:agent" or case_of(child) == "by":
            return child
    return None


def case_of(token: Token) -> str:
    """Return the preposition of a noun phrase, in lower case; "" if it has none."""
    cases = children(token, "case", "mark")
    return low(cases[0]) if cases else ""


def auxiliaries(token: Token) -> frozenset[str]:
    """Return the auxiliaries of a verb, or of the verb whose auxiliaries it shares, in lower case."""
    own = frozenset(low(child) for child in children(token, "aux", "cop", "aux:pass"))
    if not own and token.dep_ == "conj" and not has_own_subject(token):
        return auxiliaries(token.head)
    return own


def is_negated(token: Token) -> bool:
    """Return whether a predicate is negated: by "not", "never" and the like, or by a subject or object with "no"."""
    for child in token.children:
        if low(child) in NEGATIONS and child.dep_ in NEGATING and not _is_only(child):
            return True
        if child.dep_ in ("nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:agent") and _is_none(child):
            return True
    if any(low(det) == "no" for det in children(token, "det")) and children(token, "cop", "expl"):
        return True
    if any(children(child, "cop") and is_negated(child) for child in children(token, "nsubj") if child.i < token.i):
        return True  # "it is not for ministers to drive"
    return token.dep_ == "conj" and token.head.pos_ == token.pos_ and not has_own_subject(token) \
        and any(low(child) in ("nor", "or") for child in children(token, "cc")) and is_negated(token.head)


def _is_none(noun: Token) -> bool:
    """Return whether a noun phrase is "nothing", "to nobody", "no request", but not "in no time", "no doubt"."""
    if low(noun) in ("nothing", "nobody", "none", "noone"):
        return True
    if noun.lemma_.casefold() in DOUBTLESS:
        return False
    return any(low(det) in ("no", "neither") for det in children(noun, "det", "advmod", "cc:preconj", "cc"))


def is_neither_nor(token: Token) -> bool:
    """Return whether a verb is the first of "neither confirmed nor denied".

    The speaker leaves open whether it is so; the second verb is no statement of its own.
    """
    negated = any(low(child) == "neither" for child in token.children) or is_negated(token)
    joined = any(child.pos_ == "VERB" and any(low(mark) in ("nor", "or") for mark in children(child, "cc"))
                 for child in children(token, "conj"))
    return token.lemma_.casefold() in ("confirm", "deny") and negated and joined


def _is_only(negation: Token) -> bool:
    """Return whether a negation is that of "not only", "not just": it denies nothing."""
    after = low(negation.doc[negation.i + 1]) if negation.i + 1 < len(negation.doc) else ""
    return after in RESTRICTIONS


def is_hypothetical(token: Token) -> bool:
    """Return whether a verb stands in a condition or a purpose: its saying is not reported as done."""
    marks = [child for child in children(token, "mark") if low(child) in ("if", "unless", "whether")]
    return bool(marks) and not (marks[0].i and marks[0].doc[marks[0].i - 1].lower_ == "even")


def is_asked(token: Token) -> bool:
    """Return whether the narrator asks if it was said: "Has he called for a vote?"."""
    subjects = children(token, "nsubj")
    inverted = bool(subjects) and any(child.i < subjects[0].i for child in children(token, "aux"))
    return inverted and token.sent[-1].text == "?"


def is_withheld(token: Token) -> bool:
    """Return whether somebody is denied a thing, no claim: "denied him a hearing", "were denied their rights"."""
    if token.lemma_.casefold() not in ("deny", "refuse"):
        return False
    objects = children(token, "obj", "iobj")
    return len(objects) > 1 or (bool(objects) and bool(children(token, "nsubj:pass")))


def is_shunned(token: Token) -> bool:
    """Return whether somebody keeps from it: "stopped short of SAYING", "without NAMING", "far from ADMITTING"."""
    marks = {low(child) for child in children(token, "mark", "case")}
    if marks & SHUNNING:
        return True
    short = token.head.lemma_.casefold() in ("stop", "fall") and any(low(kid) == "short" for kid in token.head.children)
    before = {low(other) for other in token.doc[max(token.sent.start, token.left_edge.i - 3) : token.i]}
    far = low(token).endswith("ing") and {"far", "from"} <= before
    return far or ("of" in marks and (short or "short" in before))


def is_habitual(token: Token) -> bool:
    """Return whether a verb tells what happens whenever: present tense after "when"."""
    marks = {low(child) for child in children(token, "mark", "advmod")}
    present = low(token) == token.lemma_.casefold() or low(token).endswith("s")
    return token.dep_ == "advcl" and bool(marks & {"when", "whenever", "once", "until"}) and present \
        and not children(token, "aux")


def spans_of(doc: Doc, tokens: Iterable[Token]) -> Spans:
    """Return the stretches that tokens fill, cut free of the punctuation, conjunction or mark at their edges.

    Tokens that only blanks and punctuation separate make one stretch.
    """
    numbers = sorted({token.i for token in tokens})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and all(_is_blank(doc[between]) for between in range(runs[-1][-1] + 1, number)):
            runs[-1].append(number)
        else:
            runs.append([number])
    return tuple(span for run in runs for span in trimmed(doc, run[0], run[-1]))


def _is_blank(token: Token) -> bool:
    return token.text.isspace() or is_mark(token)


def without_case(doc: Doc, span: Span) -> Span:
    """Return a phrase without the preposition that only ties it to its cue: "over the strikes" → "the strikes"."""
    stretch = doc.char_span(span.start, span.end, alignment_mode="contract")
    if stretch is None or len(stretch) < 2 or stretch[0].pos_ != "ADP" or stretch[0].dep_ != "case":
        return span
    return Span(start=stretch[1].idx, end=span.end) if stretch[0].head.i == stretch.root.i else span


def trimmed(doc: Doc, first: int, last: int) -> Iterator[Span]:
    """Yield the span of tokens `first` to `last` without what does not belong to it; nothing if all goes."""
    while first <= last and _is_lead(doc[first]):
        first += 1
    while last >= first and _is_tail(doc[last]):
        last -= 1
    if first <= last:
        yield Span(start=doc[first].idx, end=doc[last].idx + len(doc[last].text))


def _is_lead(token: Token) -> bool:
    if token.text.isspace() or (is_mark(token) and token.text not in OPENING):
        return True
    return low(token) == "that" and token.dep_ == "mark"


def _is_tail(token: Token) -> bool:
    if token.text.isspace() or (low(token) in ("and", "but") and token.dep_ == "cc") or token.dep_ == "mark":
        return True
    return is_mark(token) and token.text not in CLOSING and token.text.strip(EDGES) == ""


def subtree(token: Token, *, without: Collection[Token] = ()) -> list[Token]:
    """Return the tokens below `token` and itself, save the subtrees of `without`."""
    barred = {other.i for head in without for other in head.subtree}
    return [other for other in token.subtree if other.i not in barred]


def phrase(token: Token) -> list[Token]:
    """Return a noun phrase without its relative clauses, appositions set off by commas, and preposition."""
    return subtree(token, without=[child for child in token.children if child.dep_ in BESIDE])
