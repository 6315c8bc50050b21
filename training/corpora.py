"""Corpora → annotated texts, on the tokens that the extractor will see.

Three kinds: treebanks (CoNLL-U), names and attributions (JSON lines); `training/README.md` describes the files.
"""

import gzip
import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.language.tokenizer import Tokenizer
from kg.language.tokens import find_blocks, split_tokens
from kg.language.windows import BLOCK, GLUED, SPACED

ROLES = ("cue", "source", "content")
NAMES = ("PERSON", "ORG", "LOC")
SPLIT_RELATION = "compound"  # a treebank word that we cut in two: the other parts hang on its last word


@dataclass(slots=True)
class Annotated:
    """Tokens of a text; each kind of corpus fills its own annotations."""

    words: list[str]
    gaps: list[int]


@dataclass(slots=True)
class NamedText(Annotated):
    tags: list[int]  # 0, or 1 + 2 × label, + 1 inside


@dataclass(slots=True)
class AttributedText(Annotated):
    """`attributions` holds the token numbers of each role, sorted, in the order of `ROLES`."""

    file: str
    attributions: list[tuple[list[int], list[int], list[int]]]


@dataclass(slots=True)
class Tree(Annotated):
    """One sentence; a head is a token number in the sentence, or -1 for the root."""

    upos: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)

    def text(self) -> str:
        """Return the sentence as it was written."""
        return "".join((" " if gap and number else "") + word for number, (word, gap) in enumerate(self.pairs()))

    def pairs(self) -> Iterator[tuple[str, int]]:
        """Yield each word with the gap before it."""
        return zip(self.words, self.gaps, strict=True)


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a gzip'ed file of JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_attributions(path: Path, *, tokenizer: Tokenizer) -> Iterator[AttributedText]:
    """Yield the articles of an attribution corpus."""
    for record in read_lines(path):
        text = record["text"]
        tokens = split_tokens(text, blocks=find_blocks(text), tokenizer=tokenizer)
        numbers, words, gaps = tokens.inside()
        at = _token_at(text, [tokens.starts[number] for number in numbers], words)
        items = [tuple(_covered(at, each[role]) for role in ROLES) for each in record["attributions"]]
        yield AttributedText(words=words, gaps=gaps, file=record["file"], attributions=items)  # type: ignore[arg-type]


def _token_at(text: str, starts: Sequence[int], words: Sequence[str]) -> list[int]:
    """Return the number of the token at each character, -1 between tokens."""
    at = [-1] * len(text)
    for number, (start, word) in enumerate(zip(starts, words, strict=True)):
        at[start : start + len(word)] = [number] * len(word)
    return at


def _covered(at: Sequence[int], spans: Sequence[Sequence[int]]) -> list[int]:
    return sorted({number for start, end in spans for number in at[start:end] if number >= 0})


def read_names(path: Path, *, lines: int = 40) -> Iterator[NamedText]:
    """Yield texts of several neighbouring lines; each line is a block."""
    text = NamedText(words=[], gaps=[], tags=[])
    for number, record in enumerate(read_lines(path), start=1):
        _add_names(text, record)
        if number % lines == 0:
            yield text
            text = NamedText(words=[], gaps=[], tags=[])
    if text.words:
        yield text


def _add_names(text: NamedText, record: dict[str, Any]) -> None:
    tags = [0] * len(record["tokens"])
    for start, end, label in record["ents"]:
        tag = 1 + 2 * NAMES.index(label)
        tags[start:end] = [tag] + [tag + 1] * (end - start - 1)
    text.words += record["tokens"]
    text.tags += tags
    text.gaps += [BLOCK] + [SPACED if space == "1" else GLUED for space in record["space"][:-1]]


def read_trees(path: Path) -> Iterator[list[Tree]]:
    """Yield the documents of a treebank as lists of sentences; a first word's gap tells whether a paragraph starts."""
    document: list[Tree] = []
    gap = BLOCK
    for comments, rows in _sentences(path):
        if document and any(line.startswith("# newdoc") for line in comments):
            yield document
            document = []
        if not document or any(line.startswith("# newpar") for line in comments):
            gap = BLOCK
        tree, gap = _tree(rows, gap)
        document.append(tree)
    if document:
        yield document


def _sentences(path: Path) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Yield the comments and the rows of columns of each sentence."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for filled, group in itertools.groupby(file, key=lambda line: bool(line.strip())):
            if filled:
                lines = [line.rstrip("\n") for line in group]
                yield (
                    [line for line in lines if line.startswith("#")],
                    [line.split("\t") for line in lines if not line.startswith("#")],
                )


def _tree(rows: Sequence[Sequence[str]], gap: int) -> tuple[Tree, int]:
    """Return a sentence and the gap behind it; `gap` stands before it."""
    tree = Tree(words=[], gaps=[])
    after: dict[int, int] = {}  # of words that are written together ("can't"), by their number
    for number, form, _, upos, _, _, head, relation, _, misc in rows:
        behind = GLUED if "SpaceAfter=No" in misc else SPACED
        if "-" in number:
            start, end = map(int, number.split("-"))
            after |= dict.fromkeys(range(start, end), GLUED) | {end: behind}
        elif number.isdigit():
            tree.words.append(form)
            tree.gaps.append(gap)
            tree.upos.append(upos)
            tree.heads.append(int(head) - 1)
            tree.relations.append(relation)
            gap = after.get(int(number), behind)
    return tree, gap


def project_tree(tree: Tree, *, tokenizer: Tokenizer) -> Tree:
    """Carry a sentence's annotation over to our own tokens.

    A token that covers several words takes the annotation of the one that governs the others; of several tokens in one
    word the last with a letter takes it, and the others hang on that one.
    """
    text = tree.text()
    tokens = split_tokens(text, blocks=find_blocks(text), tokenizer=tokenizer)
    numbers, words, gaps = tokens.inside()
    if words == tree.words:
        return tree
    at = _token_at(text, _starts(tree), tree.words)
    starts = [tokens.starts[number] for number in numbers]
    covers = [_covered(at, [(start, start + len(word))]) for start, word in zip(starts, words, strict=True)]
    chosen = [_governor(tree, covered) for covered in covers]
    owner: dict[int, int] = {}
    for number, word in enumerate(words):  # the last token with a letter wins, else the first
        for covered in covers[number]:
            if covered not in owner or any(character.isalnum() for character in word):
                owner[covered] = number
    result = Tree(words=words, gaps=[tree.gaps[0], *gaps[1:]])
    for number, word in enumerate(words):
        mine = owner[chosen[number]] == number
        _attach(result, tree, chosen[number], owner, mine=mine, is_word=any(map(str.isalnum, word)))
    return result if is_tree(result.heads) else tree


def _attach(result: Tree, tree: Tree, chosen: int, owner: dict[int, int], *, mine: bool, is_word: bool) -> None:
    if mine:
        head = tree.heads[chosen]
        result.heads.append(owner[head] if head >= 0 else -1)
        result.relations.append(tree.relations[chosen])
        result.upos.append(tree.upos[chosen])
    else:
        result.heads.append(owner[chosen])
        result.relations.append(SPLIT_RELATION if is_word else "punct")
        result.upos.append(tree.upos[chosen] if is_word else "PUNCT")


def _starts(tree: Tree) -> list[int]:
    starts, end = [], 0
    for number, (word, gap) in enumerate(tree.pairs()):
        end += bool(gap and number)
        starts.append(end)
        end += len(word)
    return starts


def _governor(tree: Tree, covered: Sequence[int]) -> int:
    return next((word for word in covered if tree.heads[word] not in covered), covered[0])


def is_tree(heads: Sequence[int]) -> bool:
    """Tell whether every token leads to the one root."""
    if sum(head < 0 for head in heads) != 1:
        return False
    for number in range(len(heads)):
        seen = set()
        while number >= 0 and number not in seen:
            seen.add(number)
            number = heads[number]
        if number >= 0:
            return False
    return True
