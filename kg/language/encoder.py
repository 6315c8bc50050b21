"""The shipped network: one window of word pieces → the scores of all heads (onnxruntime, one thread)."""

import hashlib
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from kg.language.pieces import WordPiece
from kg.language.windows import Window

Array = NDArray[np.float32]


class Scores(NamedTuple):
    """Logits of one window's tokens; the order of the network's outputs."""

    roles: Array  # tokens × role × (outside, begins, inside)
    links: Array  # (source, content) × cue's first token × span's first token
    upos: Array
    starts: Array  # tokens
    heads: Array  # tokens × (root, tokens)
    relations: Array  # tokens × relation × (width + 1)
    governors: Array  # (root, tokens) × width
    names: Array

    def relation_labels(self, heads: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return the best relation of each token to its head; 0 stands for the root."""
        scores = np.einsum("nrw,nw->nr", self.relations[..., :-1], self.governors[heads]) + self.relations[..., -1]
        labels: NDArray[np.intp] = scores.argmax(-1)
        return labels


class Encoder:
    """A session over `model.onnx` with its vocabulary and label lists.

    One window a call: the int8 weights are scaled over a whole call, so a window's scores would otherwise depend on its
    neighbours.

    Args:
        folder: Holds `model.onnx`, `vocab.txt` and `meta.json`.
    """

    def __init__(self, folder: Path) -> None:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        self.upos: list[str] = meta["upos"]
        self.relations: list[str] = meta["relations"]
        self.names: list[str] = meta["names"]
        self.pieces = WordPiece.read(folder / "vocab.txt")
        weights = (folder / "model.onnx").read_bytes()
        self.version = hashlib.sha256(weights).hexdigest()[:12]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # That fusion costs more than it saves on one core: without it a window takes an eighth less time.
        self._session = onnxruntime.InferenceSession(
            weights, options, providers=["CPUExecutionProvider"], disabled_optimizers=["SkipLayerNormFusion"])

    def __call__(self, window: Window) -> Scores:
        """Return the scores of one window."""
        names = ("ids", "shapes", "first")
        rows = (window.ids, window.shapes, window.first)
        inputs = {name: np.array([row], np.int64) for name, row in zip(names, rows, strict=True)}
        return Scores(*(output[0] for output in self._session.run(None, inputs)))
