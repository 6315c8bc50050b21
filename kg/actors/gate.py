"""Whether a place stands for those who govern it: only where it acts, is addressed, or is party to something.

"Seoul denied", "ties with Seoul" and "Seoul's refusal" are the state; "in Seoul", "flew to Seoul" and "Seoul's
weather" the city. An institution's seat is the other way round: "the White House" is the institution, save where the
text speaks of the building ("outside the White House").
"""


from kg.actors.lexicon import Lexicon
from kg.language.document import Token

SUBJECT = ("nsubj", "nsubj:pass")
PARTNER = frozenset({"with", "between", "among", "against", "toward", "towards"})
FLOW = frozenset({"from", "to", "for", "on", "against"})
WAYS = frozenset({"bridge", "bus", "corridor", "distance", "ferry", "flight", "flights", "highway", "journey", "line",
                  "pipeline", "railway", "road", "route", "service", "stretch", "train", "trains", "trip", "way"})
INSIDE = frozenset({"in", "at", "inside", "outside", "near", "around", "into", "through", "behind", "opposite", "to",
                    "across", "throughout", "beyond", "toward", "towards"})
LIGHT = frozenset({"appear", "be", "become", "begin", "come", "continue", "fail", "get", "go", "have", "keep",
                   "make", "manage", "remain", "seem", "start", "stop", "tend"})  # their complement tells
COMPOUNDS = frozenset({"backed", "led", "aligned", "controlled", "sponsored", "friendly", "supported", "imposed",
                       "funded", "appointed", "brokered", "run"})
SIDES = frozenset({"anti", "pro"})


def acts(token: Token, lexicon: Lexicon) -> bool:
    """Return whether the place named by a token (the head of its name) stands for an actor there."""
    head, lemma = token.head, token.head.lemma_.casefold()
    marks = _marks(token)
    if _in_compound(token) or _addressed(token, lexicon):
        return True
    if token.dep_ == "conj":
        return acts(head, lexicon) if head.pos_ == "PROPN" else False
    if token.dep_ in SUBJECT:
        active = token.dep_ == "nsubj" and head.pos_ == "VERB" and ("place", lemma) not in lexicon.acts
        return active or _predicate(head, lexicon) or _deed(head, lexicon)
    if token.dep_ == "nmod:poss":
        return ("noun", lemma) in lexicon.acts or ("noun", head.text.casefold()) in lexicon.acts
    if token.dep_ in ("obj", "iobj"):
        return ("object", lemma) in lexicon.acts
    if token.dep_ == "obl:agent" or (token.dep_ == "obl" and "by" in marks):
        return ("verb", lemma) in lexicon.acts
    if token.dep_ == "obl":
        return _oblique(token, marks, lexicon)
    if token.dep_ == "nmod":
        return _modifies(token, marks, lexicon)
    return False


def is_building(token: Token) -> bool:
    """Return whether the seat named by a token is spoken of as a place."""
    return bool(_marks(token) & INSIDE) and token.dep_ in ("obl", "nmod", "root", "ROOT", "advcl", "conj")


def _marks(token: Token) -> set[str]:
    """Return the prepositions of a noun."""
    return {child.text.casefold() for child in token.children if child.dep_ == "case"}


def _in_compound(token: Token) -> bool:
    """Return whether a place is half of a word like "Tehran-backed" or "anti-Tehran"."""
    doc, after, before = token.doc, token.i + 2, token.i - 2
    if token.text.casefold().split("-")[0] in SIDES and "-" in token.text:
        return True
    if after < len(doc) and doc[token.i + 1].text == "-" and doc[after].text.casefold() in COMPOUNDS:
        return True
    return before >= 0 and doc[token.i - 1].text == "-" and doc[before].text.casefold() in SIDES


def _addressed(token: Token, lexicon: Lexicon) -> bool:
    """Return whether the word before a place is a verb that only actors are the object of, whatever the parse says."""
    return not token.is_sent_start and token.i > 0 and token.doc[token.i - 1].pos_ == "VERB" and (
        ("object", token.doc[token.i - 1].lemma_.casefold()) in lexicon.acts
    )


def _predicate(head: Token, lexicon: Lexicon) -> bool:
    """Return whether a predicate is one that only actors have; "has been accused", "wants to join", "is unwilling"."""
    lemma = head.lemma_.casefold()
    return ("verb", lemma) in lexicon.acts or ("adjective", lemma) in lexicon.acts or (
        lemma in LIGHT
        and any(_predicate(child, lexicon) for child in head.children if child.dep_ in ("xcomp", "ccomp", "advmod"))
    )


def _deed(head: Token, lexicon: Lexicon) -> bool:
    """Return whether a verb has an act for its object: "made an offer", "holds talks"."""
    return any(
        ("noun", child.lemma_.casefold()) in lexicon.acts or ("party", child.lemma_.casefold()) in lexicon.acts
        for child in head.children if child.dep_ == "obj"
    )


def _oblique(token: Token, marks: set[str], lexicon: Lexicon) -> bool:
    head = token.head
    if marks & PARTNER:
        nouns = [child.lemma_.casefold() for child in head.children if child.dep_ in ("obj", "obl")]
        return ("verb", head.lemma_.casefold()) in lexicon.acts or any(
            ("party", lemma) in lexicon.acts for lemma in (head.lemma_.casefold(), *nouns)
        )
    if "from" in marks and head.dep_ in ("acl", "acl:relcl", "advcl"):  # "threats coming from Ankara"
        return ("noun", head.head.lemma_.casefold()) in lexicon.acts
    if marks & {"on", "for", "to", "from"}:  # "impose sanctions on Caracas"
        return any(
            ("flow", child.text.casefold()) in lexicon.acts for child in head.children
            if child.dep_ in ("obj", "nsubj:pass")
        )
    return False


def _modifies(token: Token, marks: set[str], lexicon: Lexicon) -> bool:
    head = token.head
    forms = {head.lemma_.casefold(), head.text.casefold()}
    if "between" in marks and not forms & WAYS:
        return True
    if marks & PARTNER:
        return any(("party", form) in lexicon.acts or ("noun", form) in lexicon.acts for form in forms)
    if marks & FLOW:
        return any(("flow", form) in lexicon.acts for form in forms)
    if "by" in marks:
        return any(("noun", form) in lexicon.acts for form in forms)
    return False
