"""Whether words that name a day without a year look back or ahead, told by the verbs around them."""

import re
from enum import Enum

from kg.model import Span

REACH = 120  # characters to look at on either side
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z])|\n")
_AHEAD = (
    r"will|would|shall|won['’]t|may|might|(?:is|are|was|were)\s+(?:due|set|scheduled|slated|expected|about|going)"
    r"|(?:is|are)\s+to(?=\s+[a-z])|['’]ll"
    r"|(?:agreed|agrees?|plans?|planned|planning|hopes?|hoping|wants?|intends?|vows?|vowed|due|set|scheduled|slated|expected"
    r"|expects|invited|ready|promised|pledged|likely|prepar(?:es?|ing|ed))\s+(?:to|for)\b"
    r"|upcoming|forthcoming|deadline"
)
_BACK = r"said|told|was|were|had|has|have|did|met|held|took|made|went|came|began|won|lost|fell|rose|left|saw|sent|put"
_VERBS = re.compile(
    rf"(?P<ahead>\b(?:{_AHEAD})\b)|(?P<back>\b(?:{_BACK})\b)"
    r"|(?<!-)(?P<regular>\b(?<!be )(?<!an )(?<!the )(?<!its )(?<!his )(?<!a )[a-z]{2,}ed)\b(?!-)"
)
DONE = re.compile(r"agreed|vowed|promised|pledged|invited")
_UP_TO = re.compile(
    r"\b(?:ahead\s+of|starting|beginning|until|till|before|by"
    r"|expires?|lapses?|runs\s+out|takes\s+effect|begins|starts|ends|opens|closes)\s+(?:on\s+)?\Z", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:]\s+(?:and|but|which|who|while|although|as|after|when)\b|;|\s[–—]\s")


class Direction(Enum):
    """Where a time expression points, seen from the day of publication."""

    BACK = "back"
    AHEAD = "ahead"
    OPEN = "open"


def direction_at(text: str, *, span: Span, within: Span) -> Direction:
    """Return where the words at `span` point: the nearest verb before them decides, at the start of a clause the next.

    >>> text = "Ministers will meet on Friday, she said on Tuesday."
    >>> whole = Span(start=0, end=len(text))
    >>> [direction_at(text, span=Span(start=text.index(day), end=text.index(day) + 3), within=whole).value
    ...  for day in ("Friday", "Tuesday")]
    ['ahead', 'back']
    """
    before = text[max(within.start, span.start - REACH) : span.start]
    if _UP_TO.search(before):
        return Direction.AHEAD
    sentence = SENTENCE_END.split(before)[-1]
    clause = _CLAUSE.split(sentence)[-1]
    for found in reversed(list(_VERBS.finditer(clause))):
        return Direction.AHEAD if found["ahead"] else Direction.BACK
    after = SENTENCE_END.split(text[span.end : min(within.end, span.end + REACH)])[0]
    following = _VERBS.search(after)
    if following is None:
        return Direction.OPEN
    is_promise = DONE.match(following.group()) is not None  # "On Monday they agreed to meet": agreed on Monday
    return Direction.AHEAD if following["ahead"] and not is_promise else Direction.BACK
