"""Annotated texts → windows with labels, varied a little each time they are drawn."""

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor

from kg.language.pieces import WordPiece
from kg.language.windows import BLOCK, SIZE, SPACED, Window, cut_windows
from training.corpora import AttributedText, NamedText, Tree

IGNORED = -100
POOL = 400  # windows kept to draw from, so that neighbours do not come together
CURLED, STRAIGHTENED = 0.35, 0.15  # share of texts whose quotation marks are changed
ONE_BLOCK = 0.12  # share of texts whose blocks are run together
UPPER, TITLE, LOWER = 0.02, 0.03, 0.01  # share of texts written so: headlines


class Links(NamedTuple):
    """What belongs to a cue, by first tokens."""

    cue: int
    sources: list[int]
    contents: list[int]


@dataclass(slots=True)
class Labels:
    """The labels of one window's tokens; a kind of corpus fills its own."""

    roles: list[list[int]] = field(default_factory=list)  # role × token: 0 outside, 1 begins, 2 inside
    links: list[Links] = field(default_factory=list)  # first tokens: cue → sources, contents
    tags: list[int] = field(default_factory=list)
    upos: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)  # 0 = root, else 1 + the token's number in the window
    relations: list[int] = field(default_factory=list)
    sentences: list[int] = field(default_factory=list)


Sample = tuple[Window, Labels]


@dataclass(slots=True)
class TreeText:
    """A treebank document in one piece; heads are token numbers of the document, -1 for roots."""

    words: list[str]
    gaps: list[int]
    upos: list[int]
    heads: list[int]
    relations: list[int]
    starts: list[int]


T = TypeVar("T", AttributedText, NamedText, TreeText)


def join_trees(trees: Sequence[Tree], *, upos: Sequence[str], relations: Sequence[str]) -> TreeText:
    """Join the sentences of a document; labels unknown to the lists are ignored in training."""
    text = TreeText([], [], [], [], [], [])
    for tree in trees:
        base = len(text.words)
        text.words += tree.words
        text.gaps += tree.gaps
        text.upos += [upos.index(each) if each in upos else IGNORED for each in tree.upos]
        text.heads += [base + head if head >= 0 else -1 for head in tree.heads]
        text.relations += [relations.index(each) if each in relations else IGNORED for each in tree.relations]
        text.starts += [1] + [0] * (len(tree.words) - 1)
    return text


def label_roles(text: AttributedText, window: Window) -> Labels:
    """Cut out the attributions of a window; what lies outside it is lost."""
    size = window.stop - window.start
    labels = Labels(roles=[[0] * size for _ in range(3)])
    for item in text.attributions:
        first: list[list[int]] = [[], [], []]
        for role, tokens in enumerate(item):
            inside = [token - window.start for token in tokens if window.start <= token < window.stop]
            first[role] = [token for token in inside if token - 1 not in inside]
            for token in inside:
                labels.roles[role][token] = 1 if token in first[role] else labels.roles[role][token] or 2
        if first[0]:
            labels.links.append(Links(first[0][0], first[1], first[2]))
    return labels


def label_names(text: NamedText, window: Window) -> Labels:
    """Cut out the name tags of a window."""
    return Labels(tags=text.tags[window.start : window.stop])


def label_trees(text: TreeText, window: Window) -> Labels:
    """Cut out the trees of a window; a sentence that the window cuts keeps the arcs inside it."""
    here = slice(window.start, window.stop)
    labels = Labels(upos=text.upos[here], starts=list(text.starts[here]), relations=list(text.relations[here]))
    labels.sentences = list(itertools.accumulate(text.starts[here]))
    for token, head in enumerate(text.heads[here]):
        if 0 <= head < window.start or head >= window.stop:
            labels.heads.append(IGNORED)
            labels.relations[token] = IGNORED
        else:
            labels.heads.append(head - window.start + 1 if head >= 0 else 0)
    if not text.starts[window.start]:
        labels.starts[0] = IGNORED
    return labels


def fixed_samples(texts: Sequence[T], label: Callable[[T, Window], Labels], *, pieces: WordPiece) -> list[list[Sample]]:
    """Return the windows of each text, without variation: for evaluation."""
    return [[(each, label(text, each)) for each in cut_windows(text.words, text.gaps, pieces=pieces)] for text in texts]


def drawn_samples(
    texts: Sequence[T], label: Callable[[T, Window], Labels], *, pieces: WordPiece, seed: int
) -> Iterator[tuple[float, Sample]]:
    """Yield windows for ever, in random order and with variation, each with the number of epochs drawn so far."""
    source = random.Random(seed)
    pool: list[Sample] = []
    for epoch in itertools.count():
        for number, text in enumerate(source.sample(texts, len(texts))):
            words, gaps = vary(text.words, text.gaps, source)
            windows = cut_windows(words, gaps, pieces=pieces, first_size=source.randint(SIZE // 4, SIZE))
            pool.extend((window, label(text, window)) for window in windows)
            while len(pool) > POOL:
                place = source.randrange(len(pool))
                pool[place], pool[-1] = pool[-1], pool[place]
                yield epoch + number / len(texts), pool.pop()


def vary(words: Sequence[str], gaps: Sequence[int], source: random.Random) -> tuple[list[str], list[int]]:
    """Change quotation marks, casing and layout now and then, as publishers do."""
    draw = source.random()
    if draw < CURLED:
        words = [_curl(word, gap) for word, gap in zip(words, gaps, strict=True)]
    elif draw < CURLED + STRAIGHTENED:
        words = [word.translate(STRAIGHT) for word in words]
    draw = source.random()
    if draw < UPPER:
        words = [word.upper() for word in words]
    elif draw < UPPER + TITLE:
        words = [word[:1].upper() + word[1:] for word in words]
    elif draw < UPPER + TITLE + LOWER:
        words = [word.lower() for word in words]
    if source.random() < ONE_BLOCK:
        gaps = [min(gap, SPACED) if number else gap for number, gap in enumerate(gaps)]
    return list(words), list(gaps)


STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def _curl(word: str, gap: int) -> str:
    opens = gap in (SPACED, BLOCK)
    if word in ('"', "''", "``"):
        return "“" if opens else "”"
    if word == "'":
        return "‘" if opens else "’"
    return word.replace("'", "’")


@dataclass(slots=True)
class Batch:
    """Padded windows: `mask` tells the attention which pieces are there."""

    ids: Tensor
    shapes: Tensor
    first: Tensor
    mask: Tensor
    samples: list[Sample]


def make_batch(samples: Sequence[Sample]) -> Batch:
    """Pad windows to the longest; padded tokens point at the mark at the start."""
    pieces = max(len(window.ids) for window, _ in samples)
    tokens = max(len(window.first) for window, _ in samples)
    ids, shapes = (torch.zeros(len(samples), pieces, dtype=torch.long) for _ in range(2))
    first = torch.zeros(len(samples), tokens, dtype=torch.long)
    mask = torch.zeros(len(samples), pieces, dtype=torch.bool)
    for row, (window, _) in enumerate(samples):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        shapes[row, : len(window.ids)] = torch.tensor(window.shapes)
        first[row, : len(window.first)] = torch.tensor(window.first)
        mask[row, : len(window.ids)] = True
    return Batch(ids, shapes, first, mask[:, None, None, :], list(samples))
