"""Words of speech that tell of no act of speech: not said, not yet said, kept back, or a source's condition."""

from kg.language.document import Token
from kg.statements import syntax
from kg.statements.lexicon import Cues, Match
from kg.statements.words import NOT_YET, SILENT, low

PROMPT = frozenset({"quick", "swift", "prompt"})  # "was quick to deny": denied
SPEAKING = frozenset({"asserts", "reports", "confirms", "denies", "requests"})
KEPT_BACK = (syntax.is_hypothetical, syntax.is_habitual, syntax.is_asked, syntax.is_withheld, syntax.is_shunned)
NAMING = frozenset({"name", "identify", "quote"})


def is_silent(token: Token) -> bool:
    """Return whether a cue word tells of no act of speech: not said, not yet said, or said only if."""
    if syntax.is_neither_nor(token):
        return False
    if any(kept_back(token) for kept_back in KEPT_BACK):
        return True
    only = any(low(child) == "only" for child in syntax.children(token, "advmod"))  # "would only say that": said it
    if any(low(child) in NOT_YET for child in syntax.children(token, "aux")) and not only:
        return True
    if low(token).endswith("ing") and token.dep_ in ("csubj", "csubj:pass", "nsubj", "obj", "amod", "compound"):
        return True
    infinitive = any(low(mark) == "to" for mark in syntax.children(token, "mark"))
    if not infinitive or token.dep_ not in ("xcomp", "advcl", "ccomp", "acl") or token.head.lemma_ in PROMPT:
        return False
    return token.dep_ != "xcomp" or token.head.lemma_.casefold() in SILENT


def is_word_refused(token: Token, matches: tuple[Match, ...], cues: Cues) -> bool:
    """Return whether somebody refuses to speak, "declined to comment", or to be named; that says nothing."""
    if _is_name_withheld(token):
        return True
    if not any(match.entry.stance == "refuses" for match in matches):
        return False
    return any(match.entry.stance in SPEAKING for kid in syntax.children(token, "xcomp") for match in cues.matches(kid))


def _is_name_withheld(token: Token) -> bool:
    """Return whether a verb tells of a source's condition: "asked not to be named", "insisted on anonymity"."""
    kids = syntax.children(token, "xcomp", "ccomp", "advcl", "acl")
    named = any(kid.lemma_.casefold() in NAMING and syntax.is_passive(kid) for kid in kids)
    return named or any(kid.lemma_.casefold() == "anonymity" for kid in syntax.children(token, "obj", "obl", "iobj"))
