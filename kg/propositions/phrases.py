"""What the words around a predicate tell of it: its theme, lists, possibility and negation."""

from collections.abc import Iterator

from kg.language.document import Token
from kg.propositions.clauses import SUBJECTS, case_of, objects, phrase, subjects
from kg.propositions.lexicon import lemma_of

MODALS = frozenset({"may", "might", "could", "can", "would", "should", "must"})
NORMS = frozenset({"can", "should", "must", "ought", "may", "might"})
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor", "hardly", "without"})
LISTS = frozenset({"including", "include", "such"})


def theme(token: Token) -> Iterator[Token]:
    """Yield the words on which the reading of a predicate depends: a noun's phrase, or a verb's object and the like.

    Where there is no object, the subject tells: "the troops withdrew".
    """
    if token.pos_ not in ("VERB", "AUX"):
        yield from phrase(token)
        return
    things = list(objects(token))
    cases = ("with", "of") if things else ("with", "of", "from", "in", "to", "for")
    heads = [*(things or list(subjects(token))), *(child for child in token.children
             if child.dep_ in ("obl", "xcomp") and case_of(child) in cases)]
    for head in heads:
        yield from phrase(head)


def items(thing: Token) -> Iterator[Token]:
    """Yield a noun, what is joined to it, and what a list names under it ("benefits, including aid and visits")."""
    yield thing
    for child in thing.children:
        measured = child.dep_ == "nmod" and case_of(child) == "of"
        if child.dep_ == "conj" or is_list(child) or measured:
            yield from items(child)


def is_list(token: Token) -> bool:
    """Return whether a nominal gives examples: "including …", "such as …"."""
    return token.dep_ in ("nmod", "obl") and case_of(token).split(" ")[0] in LISTS


def is_modal(token: Token) -> bool:
    """Return whether a predicate is put as a mere possibility; "could harm and kill" makes both possible."""
    helpers = [child for child in token.children if child.dep_ == "aux"]
    if not helpers and token.dep_ == "conj" and not any(child.dep_ in SUBJECTS for child in token.children):
        return is_modal(token.head)
    return any(lemma_of(child) in MODALS for child in helpers)


def is_not_of_facts(token: Token) -> bool:
    """Return whether a predicate tells what can or should be done: "cannot be elected" denies no election."""
    return any(child.dep_ == "aux" and lemma_of(child) in NORMS for child in token.children) and not any(
        child.dep_ == "aux" and lemma_of(child) == "have" for child in token.children)


def is_negated(token: Token) -> bool:
    """Return whether a word of negation hangs on a predicate, its subject or its object."""
    direct = any(_negates(child) for child in token.children)
    around = (child for child in token.children if child.dep_ in SUBJECTS or child.dep_ == "obj")
    return direct or any(_negates(grandchild) or lemma_of(child) in ("nothing", "nobody", "none")
                         for child in around for grandchild in (*child.children, child))


def _negates(token: Token) -> bool:
    """Return whether a word is a negation: "not", "never", "no"."""
    return token.dep_ in ("advmod", "det", "cc", "cc:preconj", "case") and token.text.casefold() in NEGATIONS


def is_reciprocal(token: Token) -> bool:
    """Return whether a token is the head of "each other" or "one another"."""
    return token.text.casefold() in ("other", "another") and any(
        child.text.casefold() in ("each", "one") for child in token.children)
