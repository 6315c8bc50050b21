"""An analysed text as plain objects: tokens with their trees, sentences, names and attributions.

The attributes are called as in spaCy, where they mean the same, but nothing is computed when they are asked for: rules
ask millions of times.
"""

from __future__ import annotations

import functools
import itertools
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar, overload

Answer = TypeVar("Answer")
Owner = TypeVar("Owner")

QUOTES = frozenset(("\"", "'", "`", "«", "»", "‘", "’", "‚", "‛", "“", "”", "„", "‟", "‹", "›", "❮", "❯", "''", "``"))


class Token:
    """A word, a mark or a stretch of blanks.

    `i` numbers the tokens of the document, `idx` is a code point of its text. `head` of a root is the root itself;
    `children` stand in text order. Two tokens are equal when they are one.
    """

    __slots__ = (
        "_ancestors", "_subtree", "answers", "children", "dep_", "doc", "ent_type_", "head", "i", "idx",
        "is_sent_start", "left_edge", "lemma_", "lower_", "pos_", "right_edge", "sent", "text", "whitespace_",
    )
    doc: Doc
    head: Token
    children: tuple[Token, ...]
    left_edge: Token  # the first token of the subtree
    right_edge: Token  # the last one
    sent: Stretch
    is_sent_start: bool

    def __init__(self, doc: Doc, i: int, idx: int, text: str, *, space: bool, pos: str, lemma: str, dep: str) -> None:
        self.doc, self.i, self.idx, self.text = doc, i, idx, text
        self.lower_ = text.lower()
        self.whitespace_ = " " if space else ""
        self.pos_, self.lemma_, self.dep_, self.ent_type_ = pos, lemma, dep, ""
        self.answers: dict[object, Any] = {}  # to questions that were asked before: see `kept`
        self._subtree: tuple[Token, ...] | None = None
        self._ancestors: tuple[Token, ...] | None = None

    @property
    def subtree(self) -> tuple[Token, ...]:
        """The token and all that hangs on it; in text order, where no arc of the tree crosses another."""
        if self._subtree is None:
            found: list[Token] = []
            mine = False
            for child in self.children:
                if not mine and child.i > self.i:
                    found.append(self)
                    mine = True
                found.extend(child.subtree)
            self._subtree = tuple(found) if mine else (*found, self)
        return self._subtree

    @property
    def ancestors(self) -> tuple[Token, ...]:
        """The head, its head and so on up to the root."""
        if self._ancestors is None:
            self._ancestors = () if self.head is self else (self.head, *self.head.ancestors)
        return self._ancestors

    def is_ancestor(self, descendant: Token) -> bool:
        """Return whether another token hangs on this one, directly or not."""
        return self in descendant.ancestors

    @property
    def is_space(self) -> bool:
        """Whether the token is made of blanks."""
        return self.text.isspace()

    @property
    def is_quote(self) -> bool:
        """Whether the token is a quotation mark."""
        return self.text in QUOTES

    @property
    def text_with_ws(self) -> str:
        """The token with the blank after it."""
        return self.text + self.whitespace_

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text


class Stretch:
    """Tokens in a row: a sentence, a name, the words of a role; `start` is the first one's number, `end` exclusive."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Doc, start: int, end: int, *, label: str = "") -> None:
        self.doc, self.start, self.end, self.label_ = doc, start, end, label

    @property
    def start_char(self) -> int:
        """The code point of the text at which the stretch begins."""
        tokens = self.doc.tokens
        return tokens[self.start].idx if self.start < len(tokens) else len(self.doc.text)

    @property
    def end_char(self) -> int:
        """The code point after its last token, without the blank behind it."""
        if self.start == self.end:
            return self.start_char
        last = self.doc.tokens[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        """The words as they stand in the text."""
        return self.doc.text[self.start_char : self.end_char]

    @property
    def root(self) -> Token:
        """The token nearest to the root of its tree, of equals the first; blanks and marks only if nothing else is."""
        tokens = self.doc.tokens
        if self.start == self.end:
            return tokens[self.start]
        outer = [token for token in tokens[self.start : self.end] if not self.start <= token.head.i < self.end]
        inner = next((token for token in tokens[self.start : self.end] if token.head is token), None)
        return inner or min(outer, key=_distance_to_root)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start : self.end])

    def __len__(self) -> int:
        return self.end - self.start

    def __contains__(self, token: Token) -> bool:
        return self.start <= token.i < self.end and token.doc is self.doc

    def __getitem__(self, number: int) -> Token:
        place = self.start + number if number >= 0 else self.end + number
        if not self.start <= place < self.end:
            raise IndexError(f"token {number} of {len(self)}")
        return self.doc.tokens[place]

    def __repr__(self) -> str:
        return self.text


class Doc:
    """An analysed text.

    Beside tokens, trees and sentences it holds `ents` (names with their labels), `spans` (stretches by role: "cue",
    "source", "content") and `user_data`, of which "attributions" is a tuple of `Attribution`.

    Args:
        words: All tokens in order.
        spaces: For each whether one blank follows; by default after each.
        pos, lemmas, deps: Annotations of the tokens.
        heads: Number of each one's head, its own for a root; by default all are roots.
        ents: Names as BIO tags ("B-ORG").

    >>> doc = Doc(words=["Pak", "left", "."], spaces=[True, False, False], heads=[1, 1, 1], ents=["B-PERSON", "O", "O"])
    >>> doc.text, doc[0].head, list(doc[1].children), doc.ents[0].label_
    ('Pak left.', left, [Pak, .], 'PERSON')
    """

    __slots__ = ("_ends", "_ents", "_starts", "sents", "spans", "text", "tokens", "user_data")

    def __init__(
        self, *, words: Sequence[str], spaces: Sequence[bool] | None = None, pos: Sequence[str] | None = None,
        lemmas: Sequence[str] | None = None, deps: Sequence[str] | None = None, heads: Sequence[int] | None = None,
        ents: Sequence[str] = (),
    ) -> None:
        empty = [""] * len(words)
        followed = [True] * len(words) if spaces is None else spaces
        self.text = "".join([word + " " if space else word for word, space in zip(words, followed, strict=True)])
        tokens, idx = [], 0
        rows = zip(words, followed, pos or empty, lemmas or empty, deps or empty, strict=True)
        for number, (word, space, upos, lemma, relation) in enumerate(rows):
            tokens.append(Token(self, number, idx, word, space=space, pos=upos, lemma=lemma, dep=relation))
            idx += len(word) + space
        self.tokens: tuple[Token, ...] = tuple(tokens)
        self._starts = [token.idx for token in tokens]
        self._ends = [token.idx + len(token.text) + (token.whitespace_ != "") for token in tokens]
        _grow_trees(self.tokens, range(len(tokens)) if heads is None else heads)
        self.sents = _cut_sentences(self)
        self.ents = _names(self, ents)
        self.spans: dict[str, list[Stretch]] = {}
        self.user_data: dict[str, Any] = {}

    @property
    def ents(self) -> tuple[Stretch, ...]:
        """The names."""
        return self._ents

    @ents.setter
    def ents(self, names: Iterable[Stretch]) -> None:
        self._ents = tuple(sorted(names, key=lambda name: name.start))
        for token in self.tokens:
            token.ent_type_ = ""
        for name in self._ents:
            for token in name:
                token.ent_type_ = name.label_

    def char_span(self, start: int, end: int, *, label: str = "", alignment_mode: str = "strict") -> Stretch | None:
        """Return the tokens of a stretch of characters, or None.

        Args:
            start: Code point of the text.
            end: Exclusive.
            label: Of the stretch.
            alignment_mode: "strict" asks for the ends of tokens, "expand" adds the rest of those cut in two, "contract"
                drops them.
        """
        first, last = self._token_at(start), self._token_at(end - 1)
        if first < 0 or last < 0:
            return None
        begins, ends = self._starts[first], self._starts[last] + len(self.tokens[last].text)
        if alignment_mode == "strict" and (begins != start or ends != end):
            return None
        if alignment_mode == "contract":
            first, last = first + (begins < start), last - (end < ends)
            if last < first:
                return None
        elif alignment_mode == "expand" and start == begins + len(self.tokens[first].text):
            first += 1  # the blank after a token is no part of it
        return Stretch(self, first, last + 1, label=label)

    def dissolve(self) -> None:
        """Cut the ties between the tokens, which makes the Doc useless and its memory free at once.

        Tokens refer to each other in circles. Python finds those late, by searching all that the process holds.
        """
        for token in self.tokens:
            token.answers.clear()
            del token.doc, token.head, token.children, token.left_edge, token.right_edge, token.sent
            token._subtree = token._ancestors = None
        self.tokens, self.sents, self._ents = (), (), ()
        self.spans.clear()

    def to_spacy(self) -> Any:
        """Return the same as a Doc of spaCy, for what is made to read those.

        Raises: ImportError: spaCy is not installed; it comes with `pip install 'communique[spacy]'`.

        >>> Doc(words=["Pak", "left"], heads=[1, 1], deps=["nsubj", "ROOT"]).to_spacy()[1].left_edge  # doctest: +SKIP
        Pak
        """
        from spacy.tokens import Doc as SpacyDoc
        from spacy.tokens import Span as SpacySpan
        from spacy.tokens import SpanGroup

        doc = SpacyDoc(
            _english_vocabulary(),
            words=[token.text for token in self],
            spaces=[token.whitespace_ != "" for token in self],
            pos=[token.pos_ for token in self],
            lemmas=[token.lemma_ for token in self],
            deps=[token.dep_ for token in self],
            heads=[token.head.i for token in self],
        )
        doc.ents = tuple(SpacySpan(doc, name.start, name.end, label=name.label_) for name in self.ents)
        for role, stretches in self.spans.items():
            doc.spans[role] = SpanGroup(doc, name=role, spans=[doc[each.start : each.end] for each in stretches])
        doc.user_data.update(self.user_data)
        return doc

    def _token_at(self, place: int) -> int:
        """Return the number of the token at a code point, the blank after it included, or -1."""
        number = bisect_right(self._starts, place) - 1
        return number if number >= 0 and place < self._ends[number] else -1

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    def __len__(self) -> int:
        return len(self.tokens)

    @overload
    def __getitem__(self, place: int) -> Token: ...
    @overload
    def __getitem__(self, place: slice) -> Stretch: ...
    def __getitem__(self, place: int | slice) -> Token | Stretch:
        if not isinstance(place, slice):
            return self.tokens[place]
        start, end, _ = place.indices(len(self.tokens))
        return Stretch(self, start, max(start, end))

    def __repr__(self) -> str:
        return self.text


def _distance_to_root(token: Token) -> int:
    """Return the steps to the root, for blanks and marks more than for any word."""
    if not token.children and (token.is_space or all(unicodedata.category(sign)[0] == "P" for sign in token.text)):
        return len(token.doc)
    return len(token.ancestors)


def kept(question: Callable[[Token], Answer]) -> Callable[[Token], Answer]:
    """Keep the answer to a question about one token with the token; it must depend on the document alone.

    >>> @kept
    ... def is_long(token: Token) -> bool:
    ...     print("counting")
    ...     return len(token) > 3
    >>> doc = Doc(words=["Seoul"])
    >>> is_long(doc[0]), is_long(doc[0])
    counting
    (True, True)
    """
    @functools.wraps(question)
    def ask(token: Token) -> Answer:
        if question not in token.answers:
            token.answers[question] = question(token)
        answer: Answer = token.answers[question]
        return answer

    return ask


def kept_by(question: Callable[[Owner, Token], Answer]) -> Callable[[Owner, Token], Answer]:
    """The same for a question that is also put to an unchanging object, such as a lexicon."""
    @functools.wraps(question)
    def ask(owner: Owner, token: Token) -> Answer:
        key = question, id(owner)
        if key not in token.answers:
            token.answers[key] = question(owner, token), owner  # which keeps the id from being used anew
        answer: Answer = token.answers[key][0]
        return answer

    return ask


@functools.cache
def _english_vocabulary() -> Any:
    import spacy

    return spacy.blank("en").vocab


def _grow_trees(tokens: Sequence[Token], heads: Sequence[int]) -> None:
    """Set heads, children and edges."""
    children: list[list[Token]] = [[] for _ in tokens]
    for token, number in zip(tokens, heads, strict=True):
        token.head = tokens[number]
        token.left_edge = token.right_edge = token
        if number != token.i:
            children[number].append(token)
    for token, below in zip(tokens, children, strict=True):
        token.children = tuple(below)
    downwards = [token for token in tokens if token.head is token]
    for token in downwards:
        downwards.extend(token.children)
    for token in reversed(downwards):
        head = token.head
        if token.left_edge.i < head.left_edge.i:
            head.left_edge = token.left_edge
        if token.right_edge.i > head.right_edge.i:
            head.right_edge = token.right_edge


def _cut_sentences(doc: Doc) -> tuple[Stretch, ...]:
    """Return the sentences, which start where the tree of a root does, and tell them to their tokens."""
    starts = {token.left_edge.i for token in doc.tokens if token.head is token}
    bounds = sorted({0, *starts, len(doc.tokens)})
    found = tuple(Stretch(doc, start, end) for start, end in itertools.pairwise(bounds))
    for sentence in found:
        for token in sentence:
            token.sent, token.is_sent_start = sentence, token.i in starts
    return found


def _names(doc: Doc, tags: Sequence[str]) -> Iterator[Stretch]:
    start = 0
    for number, tag in enumerate([*tags, "O"]):
        if number and tags[number - 1] != "O" and tag[:1] != "I":
            yield Stretch(doc, start, number, label=tags[number - 1][2:])
        if tag[:1] == "B":
            start = number
