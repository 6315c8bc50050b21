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


class Drawn(NamedTuple):
    """A window drawn for training; `text` is the number of its text, `epochs` how often all texts were drawn so far."""

    epochs: float
    text: int
    sample: Sample


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
) -> Iterator[Drawn]:
    """Yield windows for ever, in random order and with variation."""
    source = random.Random(seed)
    pool: list[tuple[int, Sample]] = []
    for epoch in itertools.count():
        for done, number in enumerate(source.sample(range(len(texts)), len(texts))):
            text = texts[number]
            words, gaps = vary(text.words, text.gaps, source)
            windows = cut_windows(words, gaps, pieces=pieces, first_size=source.randint(SIZE // 4, SIZE))
            pool.extend((number, (window, label(text, window))) for window in windows)
            while len(pool) > POOL:
                place = source.randrange(len(pool))
                pool[place], pool[-1] = pool[-1], pool[place]
                yield Drawn(epoch + done / len(texts), *pool.pop())


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


class Gold(NamedTuple):
    """The labels of padded windows; `IGNORED` where a window has none. Sizes are windows × tokens × …"""

    roles: Tensor  # … × role
    links: Tensor  # windows × (source, content) × token of a cue × token of a span: 1 linked, 0 not, -1 not asked
    tags: Tensor
    upos: Tensor
    starts: Tensor
    heads: Tensor
    relations: Tensor
    sentences: Tensor

    def rows(self, first: int, end: int) -> "Gold":
        """Return the labels of some of the windows."""
        return Gold(*(each[first:end] for each in self))


class Batch(NamedTuple):
    """Padded windows: `mask` tells the attention which pieces are there."""

    ids: Tensor
    shapes: Tensor
    first: Tensor
    mask: Tensor
    gold: Gold

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on a device."""
        moved = [each.to(device, non_blocking=True) for each in self[:-1]]
        return Batch(*moved, Gold(*(each.to(device, non_blocking=True) for each in self.gold)))


def make_batch(samples: Sequence[Sample]) -> Batch:
    """Pad windows to the longest; padded tokens point at the mark at the start."""
    pieces = max(len(window.ids) for window, _ in samples)
    tokens = max(len(window.first) for window, _ in samples)
    mask = _padded([[1] * len(window.ids) for window, _ in samples], pieces, fill=0).bool()
    return Batch(
        ids=_padded([window.ids for window, _ in samples], pieces, fill=0),
        shapes=_padded([window.shapes for window, _ in samples], pieces, fill=0),
        first=_padded([window.first for window, _ in samples], tokens, fill=0),
        mask=mask[:, None, None, :],
        gold=_gold([labels for _, labels in samples], tokens),
    )


def _gold(rows: Sequence[Labels], tokens: int) -> Gold:
    roles = [_padded([each.roles[role] if each.roles else [] for each in rows], tokens) for role in range(3)]
    links = torch.full((len(rows), 2, tokens, tokens), -1, dtype=torch.int8)
    for row, labels in enumerate(rows):
        _ask_links(links[row], labels.links)
    plain = (_padded([getattr(each, kind) for each in rows], tokens) for kind in Gold._fields[2:])
    return Gold(torch.stack(roles, -1), links, *plain)


def _ask_links(asked: Tensor, links: Sequence[Links]) -> None:
    """Ask of every cue of a window and every span start: does the span belong to it?"""
    cues = torch.tensor([each.cue for each in links], dtype=torch.long)
    for kind, linked in enumerate(([each.sources for each in links], [each.contents for each in links])):
        starts = sorted({start for each in linked for start in each})
        asked[kind, cues[:, None], torch.tensor(starts, dtype=torch.long)] = 0
        for each, found in zip(links, linked, strict=True):
            asked[kind, each.cue, found] = 1


def _padded(rows: Sequence[Sequence[int]], length: int, *, fill: int = IGNORED) -> Tensor:
    """Stack rows of numbers, filled up to a length."""
    return torch.tensor([[*row, *[fill] * (length - len(row))] for row in rows])
