"""Which actors a stretch of words stands for: the step from a noun phrase to the ids of a cast.

`speakers_of` reads the head of a phrase ("the administration of the US President" is the administration, "Jens
Stoltenberg, NATO Secretary General" the person alone, "Putin and Kim" both); `actors_within` lists everybody who is
named anywhere in it.
"""

from collections.abc import Iterable, Iterator

from kg.language.document import Doc, Stretch, Token
from kg.model import Cast, Mention, Span

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET", "SYM", "X"})
SUBJECTS = ("nsubj", "nsubj:pass", "csubj")
RELATIVE = frozenset({"who", "whom", "which", "that"})
PARTS_OF_A_NAME = ("appos", "flat", "flat:name", "flat:foreign")
LOOSE_PARTS = ("nmod", "nmod:desc", "dep", "list", "compound", "parataxis", "nsubj", "obj")
BESIDE = 8  # tokens between a title and the name that it belongs to
# Nouns that pass the question "who?" on to their complement: "members of the Council", "a statement by the ministry".
SHARES = frozenset({"all", "both", "each", "either", "group", "half", "majority", "many", "member", "most", "neither",
                    "none", "number", "one", "several", "side", "some", "two", "three"})
WORDS = frozenset({"account", "analysis", "assessment", "blog", "bulletin", "claim", "comment", "communique",
                   "communiqué", "declaration", "document", "editorial", "estimate", "figure", "filing", "finding",
                   "forecast", "interview", "letter", "memo", "memorandum", "message", "note", "poll", "post",
                   "quote", "remark", "report", "speech", "statement", "study", "survey", "testimony", "transcript",
                   "tweet", "video", "website", "word"})


def speakers_of(doc: Doc, span: Span, *, cast: Cast) -> tuple[str, ...]:
    """Return the ids of the actors that a noun phrase stands for: its head and what is coordinated with it.

    Args:
        doc: The analysed article.
        span: The phrase, in code points of the article; "as he said" gives the subject of its verb.
        cast: The actors of the article.

    Returns: Ids in text order, without doubles; none when the head is no actor.
    """
    stretch = doc.char_span(span.start, span.end, alignment_mode="expand")
    if stretch is None:
        return ()
    for heads in _heads(stretch):
        found = tuple(dict.fromkeys(actor for head in heads for actor in actors_of(head, cast=cast, within=span)))
        if found:
            return found
    return _almost_all(span, cast=cast)


def actors_within(doc: Doc, span: Span, *, cast: Cast) -> tuple[str, ...]:
    """Return the ids of all actors named inside `span`, in text order, without doubles.

    `doc` only widens the span to whole tokens.
    """
    stretch = doc.char_span(span.start, span.end, alignment_mode="expand")
    whole = span if stretch is None else Span(start=stretch.start_char, end=max(stretch.end_char, span.end))
    inside = sorted(cast.mentions_in(whole), key=lambda mention: (mention.span.start, -mention.span.end))
    return tuple(dict.fromkeys(mention.actor for mention in inside if mention.actor in cast.actors))


def actors_of(token: Token, *, cast: Cast, within: Span | None = None) -> tuple[str, ...]:
    """Return the ids of the actors that one noun or pronoun and its coordinated partners stand for.

    This is what a subject or object token of a clause resolves to. A relative pronoun stands for its antecedent.

    Args:
        token: The head of a noun phrase.
        cast: The actors of the article.
        within: Where the mentions have to lie; without it, anywhere.
    """
    start = _antecedent(token)
    limits = within if start is token else None
    found = (actor for head in _coordinated(start, limits) for actor in _resolve(head, cast=cast, within=limits))
    return tuple(dict.fromkeys(found))


def _antecedent(token: Token) -> Token:
    """Return the noun that a relative pronoun takes up; any other token stands for itself."""
    if token.text.casefold() not in RELATIVE or token.pos_ not in ("PRON", "DET", "SCONJ"):
        return token
    clauses = (step for step in (token.head, *token.head.ancestors) if step.dep_ in ("acl:relcl", "acl"))
    clause = next(clauses, None)
    if clause is not None:
        return clause.head
    before = token.doc[token.i - 1] if token.i > token.sent.start else token
    if before.text == "," and before.i > token.sent.start:
        before = token.doc[before.i - 1]
    while before.dep_ in ("flat", "conj", "compound") and before.head.i < before.i:
        before = before.head
    return before if before.pos_ in ("NOUN", "PROPN") else token


def _heads(stretch: Stretch) -> Iterator[tuple[Token, ...]]:
    """Yield the tokens that the meaning of a stretch may hang on, the likeliest first.

    A sound parse has one root, with what is coordinated to it. Where a title and its name are two roots, the name is
    tried first; the subject of a verb comes last.
    """
    roots = [token for token in stretch if token.head.i == token.i or token.head not in stretch]
    nominal = [root for root in roots if root.pos_ in NOMINAL and root.dep_ not in ("case", "mark", "cc", "det")]
    if nominal:
        first, *others = nominal
        joined = tuple(root for root in others if root.dep_ == "conj")
        beside = [root for root in others if root.pos_ == "PROPN" and first.pos_ != "PROPN" and root not in joined]
        yield from ((root,) for root in beside if root.i - first.i <= BESIDE)
        yield from ((root,) for root in others if root.i == first.i + 1 and first.pos_ == root.pos_ == "NOUN")
        yield (first, *joined)
        yield from ((root,) for root in others)
    yield tuple(child for root in roots for child in root.children if child.dep_ in SUBJECTS and child in stretch)


def _coordinated(token: Token, within: Span | None) -> Iterator[Token]:
    """Yield `token` and the nouns joined to it by "and" or "or", inside the limits."""
    yield token
    for child in token.children:
        inside = within is None or within.start <= child.idx < within.end
        if inside and child.dep_ == "conj" and child.pos_ in NOMINAL:
            yield from _coordinated(child, within)


def _resolve(head: Token, *, cast: Cast, within: Span | None) -> tuple[str, ...]:
    """Return what the phrase of one head stands for, without what is coordinated with it."""
    rooted = _rooted(head, cast=cast, within=within)
    named = [mention for mention in rooted if cast.actors[mention.actor].basis != "article"]
    if named:
        return _outermost(named)
    parts = _name_parts(head)
    beside = [
        mention for part in parts for mention in _rooted(part, cast=cast, within=within)
        if cast.actors[mention.actor].kind == "Person" or not rooted
    ]
    if beside or rooted:
        return _outermost(beside or rooted)
    return tuple(actor for holder in _holders(head) for actor in actors_of(holder, cast=cast, within=within))


def _name_parts(head: Token) -> Iterator[Token]:
    """Yield the words that may name the same person or body as a head: "ambassador, Dame Harriet Colley"."""
    for part in head.children:
        if part.dep_ in PARTS_OF_A_NAME or _follows_as_name(head, part):
            yield part
            yield from (word for word in part.children if word.dep_ in PARTS_OF_A_NAME)


def _follows_as_name(head: Token, part: Token) -> bool:
    """Return whether a word right of a title names the same person, though the parse calls it something else."""
    return (
        part.i > head.i and part.pos_ == "PROPN" and part.dep_ in LOOSE_PARTS
        and not any(child.dep_ in ("case", "cc") for child in part.children)
    )


def _rooted(token: Token, *, cast: Cast, within: Span | None) -> list[Mention]:
    """Return the mentions of actors whose own head is `token`."""
    return [
        mention for mention in cast.mention_at(token.idx)
        if mention.actor in cast.actors
        and (within is None or within.overlaps(mention.span))
        and _root_of(token.doc, mention.span).i == token.i
    ]


def head_of(stretch: Stretch) -> Token:
    """Return the token that a phrase hangs on: its root; of two nouns that the parse tears apart, the last.

    >>> words = Doc(words=["Foreign", "Office"], heads=[1, 1], deps=["amod", "ROOT"])
    >>> head_of(words[0:2]).text
    'Office'
    """
    root = stretch.root
    if root.pos_ == "NOUN" and root.i + 1 < stretch.end:
        after = stretch.doc[root.i + 1]
        if after.pos_ == "NOUN" and after.dep_ == root.dep_ and after.head.i == root.head.i:
            return after
    return root


def _root_of(doc: Doc, span: Span) -> Token:
    """Return the head of a mention."""
    stretch = doc.char_span(span.start, span.end, alignment_mode="expand")
    return doc[0] if stretch is None else head_of(stretch)


def _outermost(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """Return the actors of the longest mention, all of them where one stretch stands for several."""
    found = list(mentions)
    longest = max(mention.span.end - mention.span.start for mention in found)
    return tuple(mention.actor for mention in found if mention.span.end - mention.span.start == longest)


def _holders(head: Token) -> Iterator[Token]:
    """Yield the nouns to which a head passes the question: the whole of a share, the author of words."""
    for child in head.children:
        marks = {mark.text.casefold() for mark in child.children if mark.dep_ == "case"}
        whole = head.lemma_.casefold() in SHARES and child.dep_ == "nmod" and marks & {"of", "from"}
        author = head.lemma_.casefold() in WORDS and (
            child.dep_ in ("nmod:poss", "compound") or (child.dep_ == "nmod" and marks & {"by", "from", "of"})
        )
        if whole or author:
            yield child


def _almost_all(span: Span, *, cast: Cast) -> tuple[str, ...]:
    """Return the actor of a mention that fills most of the span, or that the span cuts in two."""
    large = [
        mention for mention in cast.mentions
        if mention.actor in cast.actors and mention.span.overlaps(span)
        and 5 * (min(mention.span.end, span.end) - max(mention.span.start, span.start)) >= 3 * (span.end - span.start)
    ]
    return _outermost(large) if large else ()
