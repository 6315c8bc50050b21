"""Whether the deed of a verb is told as done, as planned, as left undone, or as refused."""

from enum import Enum

from kg.agreements.terms import Terms, lemma
from kg.language.document import Token

SUBJECTS = ("nsubj", "nsubj:pass", "csubj", "nsubj:outer")
RELATIVES = frozenset({"which", "that", "who", "whom"})
MODALS = frozenset({"will", "would", "could", "should", "may", "might", "can", "must", "shall", "'ll", "’ll", "wo"})
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "hardly", "nor"})
WILLS = frozenset({"will", "would", "wo", "'ll", "’ll"})
NOBODY = frozenset({"neither", "none", "nobody", "no"})
DOUBTS = frozenset({"if", "whether", "unless"})
BEFORE_DONE = frozenset({"after", "since", "upon", "following", "by"})  # "after signing": it was signed
PHASES = frozenset({"begin", "start", "keep", "continue", "resume"})
GROUP = frozenset({"AUX", "ADV", "PART"})
REACH = 8  # words from a subordinator to its verb


class Mood(Enum):
    """How a text tells a deed."""

    DONE = "done"
    PLANNED = "planned"
    UNDONE = "undone"
    FAILED = "failed"  # tried, without success
    REFUSED = "refused"


def mood_of(token: Token, *, terms: Terms) -> Mood:
    """Return how a verb is told, by the words of its verb group and the verb that governs an infinitive.

    The group is read from the words before the verb, so that a wrong tree does not turn a plan into a deed.
    """
    group = verb_group(token)
    helpers = [child for child in token.children if child.dep_ in ("aux", "aux:pass", "advmod") and child.i < token.i]
    words = {word.lower_ for word in (*group, *helpers) if word.lower_ != "to" or word in group}
    before = token.doc[group[0].i - 1] if group[0].i > token.sent.start else None
    if "to" in words and group[0].lower_ in ("to", "not", "never"):
        by_tree = token.head if token.head.i < token.i and token.head.pos_ in ("VERB", "ADJ") else None
        governor = by_tree if by_tree is not None and _steers(by_tree, terms) else before
        return _infinitive(governor, terms, is_negated=bool(words & NEGATIONS))
    if words & NEGATIONS and words & WILLS and not is_passive(token) and not _is_doubtful(token, group[0]):
        return Mood.REFUSED  # "will not sign"
    if words & NEGATIONS or (before is not None and before.lower_ == "without") or _is_denied(
            group[0], terms) or _is_nobody(group[0]):
        return Mood.UNDONE
    if words & MODALS or "to" in words or _is_doubtful(token, group[0]):
        return Mood.PLANNED
    if before is not None and before.lower_ == "of" and _is_blamed(before, terms):
        return Mood.DONE
    if _is_order(token, group):
        return Mood.PLANNED
    is_gerund = token.text.casefold().endswith("ing") and len(group) == 1
    if is_gerund and before is not None and before.pos_ == "VERB" and lemma(before) in PHASES:
        return mood_of(before, terms=terms)  # "began violating the accord"
    if is_gerund and before is not None and before.lower_ not in BEFORE_DONE:
        return Mood.PLANNED
    return Mood.DONE


def _is_order(token: Token, group: tuple[Token, ...]) -> bool:
    """Whether a bare verb opens its clause without a subject: "Cancel the pact with Chad!"."""
    is_bare = len(group) == 1 and token.lower_ == lemma(token)
    before = token.doc[token.i - 1] if token.i > token.sent.start else None
    opens = before is None or (before.pos_ == "PUNCT" and before.text != ",")
    return is_bare and opens and token.dep_ != "amod"


def verb_group(token: Token) -> tuple[Token, ...]:
    """Return the auxiliaries, adverbs and particles before a verb, and the verb."""
    first = token.i
    while first > token.sent.start and _is_of_group(token.doc[first - 1]):
        first -= 1
    return tuple(token.doc[first : token.i + 1])


def is_passive(verb: Token) -> bool:
    """Return whether a verb stands in the passive, by the words before it."""
    words = [word.lower_ for word in verb_group(verb)]
    helpers = verb_group(verb)[words.index("to") + 1 if "to" in words else 0 : -1]  # "are to sign" is active
    has_be = any(lemma(word) in ("be", "get") for word in helpers)
    return has_be and not verb.text.casefold().endswith("ing")


def _is_of_group(token: Token) -> bool:
    return (token.pos_ in GROUP and token.text not in ("'s", "’s")) or token.lower_ in MODALS or token.lower_ == "to"


def _steers(token: Token, terms: Terms) -> bool:
    return any(terms.has(role, token) for role in ("refuse", "against", "done"))


def _infinitive(governor: Token | None, terms: Terms, *, is_negated: bool) -> Mood:
    """Return the mood of "to sign", told by the word that governs it: "failed", "refused", "managed", "plans"."""
    if is_negated:
        return Mood.UNDONE
    if governor is None:
        return Mood.PLANNED
    if terms.has("refuse", governor):
        return Mood.REFUSED
    if terms.has("against", governor):
        return Mood.FAILED
    if terms.has("done", governor):
        return mood_of(governor, terms=terms) if governor.pos_ == "VERB" else Mood.DONE
    return Mood.PLANNED


def _is_denied(first: Token, terms: Terms) -> bool:
    """Whether the nearest verb before a verb group denies what it tells ("denied that it had signed")."""
    for index in range(first.i - 1, max(first.sent.start, first.i - REACH) - 1, -1):
        word = first.doc[index]
        if word.pos_ == "VERB":
            return terms.has("denial", word)
        if word.text in ",;:":
            break
    return False


def _is_nobody(first: Token) -> bool:
    """Whether the subject says that none did it ("neither Chad nor Peru has signed", "no party signed")."""
    for index in range(first.i - 1, max(first.sent.start, first.i - REACH) - 1, -1):
        word = first.doc[index]
        if word.pos_ in ("VERB", "AUX", "ADP", "SCONJ") or word.text in ",;:":
            break
        if word.lower_ in NOBODY:
            return True
    return False


def _is_blamed(token: Token, terms: Terms) -> bool:
    """Whether "of" continues a verb of blame ("accused Chad of breaking the truce")."""
    start = max(token.sent.start, token.i - REACH)
    return any(terms.has("accuse", word) for word in token.doc[start : token.i])


def _is_doubtful(token: Token, first: Token) -> bool:
    """Whether "if", "whether" or "unless" opens the verb's clause."""
    marked = any(child.dep_ == "mark" and child.lower_ in DOUBTS for child in token.children)
    for index in range(first.i - 1, max(token.sent.start, first.i - REACH) - 1, -1):
        word = token.doc[index]
        if word.lower_ in DOUBTS:
            return True
        if word.text in ",;:" or word.pos_ == "VERB" or lemma(word) == "that":
            break
    return marked
