"""Text → Doc with Universal Dependencies, names and attributions."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

import numpy as np

from kg.language.decoding import LinkedCue, Run, find_names, link_cues
from kg.language.document import Doc, Stretch
from kg.language.encoder import Encoder, Scores
from kg.language.lemmas import find_lemma
from kg.language.tokenizer import load_tokenizer
from kg.language.tokens import Tokens, find_blocks, split_tokens
from kg.language.trees import best_tree
from kg.language.windows import BLOCK, cut_windows
from kg.model import Attribution, Span

ROLES = ("cue", "source", "content")
BLANK, OTHER, ROOT = "SPACE", "X", "ROOT"


@dataclass(slots=True)
class Layers:
    """Annotations of all tokens of a text, blank ones included; heads are token numbers, a root is its own head."""

    upos: list[str]
    relations: list[str]
    heads: list[int]
    names: list[str]  # BIO
    cues: list[LinkedCue] = field(default_factory=list)


class Parser:
    """Reads a text with the shipped encoder.

    Args:
        encoder: The network; `load_parser` gives the shipped one.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder
        self._tokenizer = load_tokenizer()

    @property
    def version(self) -> str:
        """The first digits of the model file's SHA-256."""
        return self.encoder.version

    def __call__(self, text: str, *, blocks: Sequence[Span] | None = None) -> Doc:
        """Return the text as a Doc with sentences, trees, names and attributions.

        Offsets are the text's own: `token.idx` is a code point of `text`, and the tokens with their blanks make it up
        again. What lies outside the blocks has the part of speech X (blanks: SPACE) and each stretch is a sentence of
        its own. `doc.spans` holds "cue", "source" and "content", and
        `doc.user_data["attributions"]` a tuple of `Attribution`, by the cue's place.

        Args:
            text: Any text.
            blocks: Prose, in text order and without overlap; a sentence never crosses a block. Default: the lines.
        """
        spans = find_blocks(text) if blocks is None else blocks
        tokens = split_tokens(text, blocks=spans, tokenizer=self._tokenizer)
        return self._doc(tokens, self._read(tokens))

    def _read(self, tokens: Tokens) -> Layers:
        layers = _empty_layers(tokens)
        numbers, words, gaps = tokens.inside()
        for window in cut_windows(words, gaps, pieces=self.encoder.pieces):
            here = numbers[window.start : window.stop]
            forced = [gap == BLOCK for gap in gaps[window.start : window.stop]]
            self._fill(layers, self.encoder(window), here, forced)
        _hang_blanks(layers, tokens)
        return layers

    def _fill(self, layers: Layers, scores: Scores, here: Sequence[int], forced: Sequence[bool]) -> None:
        """Write one window's annotations; `here` numbers its tokens within the text."""
        heads = window_heads(scores, forced)
        labels = scores.relation_labels(heads)
        for place, number in enumerate(here):
            layers.upos[number] = self.encoder.upos[scores.upos[place].argmax()]
            layers.heads[number] = here[heads[place] - 1] if heads[place] else number
            layers.relations[number] = ROOT if not heads[place] else self.encoder.relations[labels[place]]
        for start, end, label in find_names(scores.names):
            name = self.encoder.names[label]
            for place in range(start, end):
                layers.names[here[place]] = f"{'B' if place == start else 'I'}-{name}"
        for item in link_cues(scores.roles, scores.links):
            layers.cues.append(renumbered(item, here))

    def _doc(self, tokens: Tokens, layers: Layers) -> Doc:
        lemmas = [find_lemma(word, upos) for word, upos in zip(tokens.words, layers.upos, strict=True)]
        doc = Doc(
            words=tokens.words,
            spaces=tokens.spaces,
            pos=layers.upos,
            lemmas=lemmas,
            heads=layers.heads,
            deps=layers.relations,
            ents=layers.names,
        )
        for role, runs in zip(ROLES, _role_runs(layers.cues), strict=True):
            doc.spans[role] = [Stretch(doc, start, end, label=role) for start, end in runs]
        doc.user_data["attributions"] = tuple(attribution_of(item, tokens) for item in layers.cues)
        return doc


def load_parser() -> Parser:
    """Load the shipped model, some 25 MB; nothing is downloaded."""
    return Parser(Encoder(Path(str(resources.files("kg.language"))) / "model"))


def window_heads(scores: Scores, forced: Sequence[bool]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return the head of every token of a window within its sentence: 0 for a root, else 1 + the head's number."""
    starts = (scores.starts > 0) | np.array(forced)
    starts[0] = True
    bounds = [*np.flatnonzero(starts).tolist(), len(starts)]
    heads = np.zeros(len(starts), np.intp)
    for start, end in itertools.pairwise(bounds):
        columns = [0, *range(start + 1, end + 1)]
        tree = best_tree(scores.heads[start:end][:, columns])
        heads[start:end] = [start + head + 1 if head >= 0 else 0 for head in tree]
    return heads


def _empty_layers(tokens: Tokens) -> Layers:
    """Return layers in which every stretch outside the blocks is one flat sentence."""
    size, heads, first = len(tokens.words), [], 0
    for number, block in enumerate(tokens.blocks):
        if number == 0 or block != tokens.blocks[number - 1]:
            first = number
        heads.append(first)
    upos = [BLANK if word.isspace() else OTHER for word in tokens.words]
    relations = [ROOT if head == number else "dep" for number, head in enumerate(heads)]
    return Layers(upos=upos, relations=relations, heads=heads, names=["O"] * size)


def _hang_blanks(layers: Layers, tokens: Tokens) -> None:
    """Hang blank tokens within a block on the word before them, those at its start on the word after them."""
    for number, word in enumerate(tokens.words):
        if tokens.is_prose(number) and word.isspace():
            layers.heads[number], layers.relations[number] = number, ROOT
            for other in _neighbours(tokens, number):
                layers.heads[number], layers.relations[number] = other, "dep"
                break


def _neighbours(tokens: Tokens, number: int) -> Iterator[int]:
    """Yield the nearest words of the same block, the one before first."""
    for step in (-1, 1):
        other = number + step
        while 0 <= other < len(tokens.words) and tokens.blocks[other] == tokens.blocks[number]:
            if not tokens.words[other].isspace():
                yield other
                break
            other += step


def renumbered(item: LinkedCue, here: Sequence[int]) -> LinkedCue:
    """Return a cue of a window with the numbers that its tokens have in the text."""

    def move(run: Run) -> Run:
        return here[run[0]], here[run[1] - 1] + 1

    return LinkedCue(
        cue=move(item.cue),
        sources=tuple(map(move, item.sources)),
        contents=tuple(map(move, item.contents)),
        score=item.score,
    )


def _role_runs(cues: Sequence[LinkedCue]) -> tuple[list[Run], list[Run], list[Run]]:
    sources = sorted({run for item in cues for run in item.sources})
    contents = sorted({run for item in cues for run in item.contents})
    return [item.cue for item in cues], sources, contents


def attribution_of(item: LinkedCue, tokens: Tokens) -> Attribution:
    """Return a cue with its spans as code points of the text."""

    def spans(runs: Sequence[Run]) -> tuple[Span, ...]:
        ends = [tokens.starts[end - 1] + len(tokens.words[end - 1]) for _, end in runs]
        return tuple(Span(start=tokens.starts[start], end=end) for (start, _), end in zip(runs, ends, strict=True))

    cue, source, content = (spans(runs) for runs in ([item.cue], item.sources, item.contents))
    return Attribution(cue=cue, source=source, content=content, score=item.score)
