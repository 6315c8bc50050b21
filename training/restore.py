"""Shipped model → checkpoint to train on: `python -m training.restore MODEL --out FILE [--base FOLDER]`.

The int8 weights are scaled back to floats. That loses what rounding took (some tenths of a point at most, see the model
card), which the first steps of further training win back.
"""

import argparse
import json
import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from training.export import write_onnx
from training.network import Network
from training.train import base_folder

# Tables that training leaves as the base has them.
FROZEN = ("encoder.words.", "encoder.positions.", "encoder.segments.")


def read_weights(path: Path) -> dict[str, NDArray[np.float32]]:
    """Return the weights of an exported model by the names that they had before they were quantised."""
    raw = {each.name: numpy_helper.to_array(each) for each in onnx.load(str(path)).graph.initializer}
    weights = {}
    for name, value in raw.items():
        if name.endswith("_quantized"):
            plain = name.removesuffix("_quantized")
            centred = value.astype(np.float32) - raw[f"{plain}_zero_point"].astype(np.float32)
            weights[plain] = centred * raw[f"{plain}_scale"]
        elif value.dtype == np.float32 and not name.endswith("_scale"):
            weights[name] = value
    return weights


def places(network: Network) -> dict[str, tuple[str, bool]]:
    """Return where an export puts each parameter: the name there, and whether it lies there transposed.

    Linear layers lose their names on export; the numbers that they get follow from the network's structure alone, so an
    export of this very network tells them.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        write_onnx(network, path)
        exported = read_weights(path)
    found = {}
    for name, parameter in network.named_parameters():
        value = parameter.detach().numpy()
        for other, stored in exported.items():
            if stored.size != value.size:
                continue
            if np.array_equal(stored.ravel(), value.ravel()):  # an export may add dimensions of 1
                found[name] = (other, False)
            elif np.array_equal(stored.ravel(), value.T.ravel()):
                found[name] = (other, True)
    return found


def restore(model: Path, *, base: Path) -> dict[str, object]:
    """Return a checkpoint as `training.train` writes it, at the start of a new schedule.

    Args:
        model: Folder with `model.onnx` and `meta.json`, int8 or fp32.
        base: Folder of the base model, for the tables that training leaves alone.

    Raises: ValueError: a weight of the network is not in the model; the message names it.
    """
    meta = json.loads((model / "meta.json").read_text(encoding="utf-8"))
    network = Network(len(meta["upos"]), len(meta["relations"])).eval()
    for parameter in network.parameters():
        torch.nn.init.normal_(parameter)  # no two alike, so that each is found
    where, weights = places(network), read_weights(model / "model.onnx")
    network.encoder.load_base(base / "model.safetensors")
    state: dict[str, Tensor] = {}
    for name, parameter in network.named_parameters():
        if name.startswith(FROZEN):
            state[name] = parameter.detach()
            continue
        if name not in where or where[name][0] not in weights:
            raise ValueError(f"{model}: holds no weights for {name}; it was exported from another network")
        other, is_turned = where[name]
        value = torch.from_numpy(np.array(weights[other], np.float32))
        state[name] = (value.T if is_turned else value).reshape(parameter.shape).contiguous()
    known = {key: meta[key] for key in ("upos", "relations", "step", "epochs")}
    return {"state": state, "share": 0.0, **known}


def main() -> None:
    """Read the command line and write the checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder with model.safetensors of all-MiniLM-L6-v2")
    arguments = parser.parse_args()
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(restore(arguments.model, base=arguments.base or base_folder()), arguments.out)


if __name__ == "__main__":
    main()
