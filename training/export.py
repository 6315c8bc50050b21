"""Checkpoint → `kg/language/model/`: `python -m training.export CHECKPOINT --base FOLDER --out FOLDER [--fp32]`."""

import argparse
import json
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from training.corpora import NAMES
from training.network import Network, Scores
from training.train import base_folder

OPSET = 17
INPUTS = ("ids", "shapes", "first")
VERSION = "1.2.0"  # of the weights; raise it with every model that ships


def load_network(checkpoint: Path) -> tuple[Network, dict[str, Any]]:
    """Return the network of a checkpoint, ready to read, and the checkpoint's other facts."""
    facts: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    network = Network(len(facts["upos"]), len(facts["relations"]))
    network.load_state_dict(facts.pop("state"))
    return network.eval(), facts


def write_onnx(network: Network, path: Path) -> None:
    """Write the network in fp32, for one window a call."""
    pieces, tokens = 24, 16
    example = (
        torch.ones(1, pieces, dtype=torch.long),
        torch.ones(1, pieces, dtype=torch.long),
        torch.arange(1, tokens + 1)[None],
    )
    lengths = {"ids": {1: "pieces"}, "shapes": {1: "pieces"}, "first": {1: "tokens"}}
    with torch.no_grad():
        torch.onnx.export(
            network,
            example,
            str(path),
            input_names=list(INPUTS),
            output_names=list(Scores._fields),
            dynamic_axes=lengths,
            opset_version=OPSET,
            dynamo=False,
        )


def quantise(source: Path, target: Path) -> None:
    """Write the int8 form; a scale per channel, since one per matrix costs 1 to 3 points of every figure."""
    quantize_dynamic(source, target, per_channel=True, weight_type=QuantType.QInt8)


def export(checkpoint: Path, *, base: Path, out: Path, int8: bool = True) -> None:
    """Write `model.onnx`, `vocab.txt` and `meta.json`, each whole or not at all.

    Args:
        checkpoint: As `training.train` leaves it.
        base: Folder of the base model, for its vocabulary.
        out: Folder to write to.
        int8: Quantise the weights.
    """
    network, known = load_network(checkpoint)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as folder:
        work = Path(folder)
        write_onnx(network, work / "fp32.onnx")
        if int8:
            quantise(work / "fp32.onnx", work / "model.onnx")
        else:
            (work / "fp32.onnx").replace(work / "model.onnx")
        shutil.copyfile(base / "vocab.txt", work / "vocab.txt")
        meta = {"version": VERSION, **known, "names": list(NAMES)}
        (work / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
        for name in ("model.onnx", "vocab.txt", "meta.json"):
            (work / name).replace(out / name)


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--base", type=Path, default=None)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fp32", action="store_true")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    base = arguments.base or base_folder()
    export(arguments.checkpoint, base=base, out=arguments.out, int8=not arguments.fp32)


if __name__ == "__main__":
    main()
