"""What the narrator adds to a thing that somebody condemns, rejects, welcomes: when, how, meanwhile, "which …"."""

from kg.language.document import Doc, Token
from kg.model import Spans
from kg.statements import syntax
from kg.statements.frames import COMPLETING
from kg.statements.quotes import Quotation
from kg.statements.words import DAYS, low

CLAUSES = ("clause", "adverb", "source", "passive", "evidence")  # frames whose content is a clause: its asides are said
CONDITIONS = frozenset({"if", "unless", "until", "because", "that", "whether", "to"})  # marks of what belongs to it
PRONOUNS = frozenset({"which", "who", "whom", "whose", "where", "when"})
WAYS = frozenset({"through", "via"})


def without_asides(doc: Doc, content: Spans, *, head: Token, kind: str, quotations: tuple[Quotation, ...]) -> Spans:
    """Return the content of a cue whose frame takes no clause, without the narrator's additions.

    "condemned the launch AS THE NORTH FIRED MORE MISSILES", "urged Oslo ON MONDAY to go", "rejected the pact, WHICH
    TOOK A YEAR". What stands between quotation marks stays.

    Args:
        doc: The analysed article.
        content: The content so far.
        head: The cue.
        kind: The frame that fits; "" where none does.
        quotations: The article's quotations.
    """
    if not content or not kind or kind.startswith(CLAUSES):
        return content
    words = [token for span in content
             for token in doc.char_span(span.start, span.end, alignment_mode="expand") or () if token.i != head.i]
    inside = {token.i for token in words}
    cut = {below.i for token in words if _is_aside(token, head, inside) and not _is_quoted(token, quotations)
           for below in token.subtree}
    if not cut or cut >= inside:
        return content
    return syntax.spans_of(doc, [token for token in words if token.i not in cut])


def _is_aside(token: Token, head: Token, inside: set[int]) -> bool:
    behind = _is_behind_comma(token)
    if token.head.i == head.i:
        case = syntax.case_of(token)
        if token.dep_ == "advcl":
            own = syntax.has_own_subject(token)
            return (own and case not in CONDITIONS) or (behind and case not in CONDITIONS | COMPLETING)
        if token.dep_ in ("conj", "parataxis") and token.pos_ in ("VERB", "AUX"):  # "rejected it BUT SIGNED ANOTHER"
            return syntax.has_own_subject(token) or any(low(word) == "but" for word in syntax.children(token, "cc"))
        if token.dep_ in ("obl", "obl:tmod", "obl:unmarked", "advmod"):
            return _is_time(token) or case in WAYS or (behind and case not in COMPLETING)
        return False
    return behind and token.head.i in inside and (_is_relative(token) or _is_participle(token))


def _is_relative(token: Token) -> bool:
    """Return whether a clause is a relative one: not "the point, THAT she might"."""
    words = token.doc[token.left_edge.i : token.i + 1]
    return token.dep_ == "acl:relcl" and any(low(word) in PRONOUNS for word in words)


def _is_participle(token: Token) -> bool:
    return token.dep_ == "acl" and token.pos_ == "VERB" and not syntax.children(token, "mark", "nsubj")


def _is_behind_comma(token: Token) -> bool:
    """Return whether a comma stands right before the words below a token, or opens them."""
    first = token.left_edge
    return low(first) == "," or (first.i > 0 and first.doc[first.i - 1].text == ",")


def _is_time(token: Token) -> bool:
    """Return whether a phrase tells when: "on Monday", "last week", "at the time"."""
    return token.lemma_.casefold() in DAYS and syntax.case_of(token) in ("", "on", "in", "at")


def _is_quoted(token: Token, quotations: tuple[Quotation, ...]) -> bool:
    return any(quotation.inner.start <= token.idx < quotation.inner.end for quotation in quotations)
