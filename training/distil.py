"""Train teachers, then the network that ships to say what they say: `python -m training.distil CORPORA --out DIR`.

Every corpus is annotated for some heads only: the attributions of US news, the syntax of the web, the names of world
news. The teachers annotate all of it for all heads, so that each head of the student sees each kind of text. A teacher
leaves out two of `FOLDS` folds of the texts; where a text has labels of its own, the student hears half what they say
and half what the teachers say that have not learned that text. What teachers agree on smooths over slips of single
annotators (Hinton, Vinyals and Dean 2015; Furlanello et al. 2018).
"""

import argparse
import itertools
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

from kg.language.windows import BLOCK
from training.losses import LINK_WEIGHT, NEVER, ROLE_WEIGHT, START_WEIGHT, allowed_heads
from training.network import Network, Scores, relation_scores
from training.samples import IGNORED, Batch
from training.train import (
    FOLDS,
    Mix,
    Progress,
    Step,
    add_options,
    base_folder,
    hide,
    learn,
    mask_of,
    plan_of,
    prepare,
)

HEARD = 0.5  # share of the teachers where a text has labels of its own
LIKELY = 0.3  # least probability of a span's start for links to be asked of it


class Taught(NamedTuple):
    """Probabilities that the student shall give; sizes are windows × tokens × …"""

    roles: Tensor
    links: Tensor
    asked: Tensor  # which links
    upos: Tensor
    starts: Tensor
    heads: Tensor
    allowed: Tensor  # which heads
    best: Tensor  # the head for which relations are asked
    relations: Tensor
    names: Tensor


def left_out(teacher: int) -> tuple[int, int]:
    """Return the folds that a teacher does not learn from."""
    return teacher % FOLDS, (teacher + 1) % FOLDS


def read_scores(network: Network, batch: Batch) -> Scores:
    """Return what a network says of padded windows."""
    x = network.read(batch.ids, batch.shapes, batch.first, batch.mask)
    roles, links = network.attribution(x[:, 1:])
    return Scores(*(each.float() for each in (roles, links, *network.syntax(x), network.names(x[:, 1:]))))


def teach(teachers: Sequence[Network], batch: Batch, weights: Sequence[Tensor]) -> Taught:
    """Return the teachers' mean, blended with the labels that there are.

    Args:
        teachers: The networks.
        batch: Windows.
        weights: For attributions, syntax and names: windows × teacher, summing to 1.
    """
    gold, said = batch.gold, [read_scores(each, batch) for each in teachers]
    to_roles, to_trees, to_names = (partial(_mean, weights=each) for each in weights)
    roles = blend(to_roles([each.roles.softmax(-1) for each in said]), gold.roles)
    links = to_roles([each.links.sigmoid() for each in said])
    links = torch.where(gold.links >= 0, HEARD * links + (1 - HEARD) * gold.links, links)
    likely = (roles[..., 1] > LIKELY) & (batch.first > 0)[..., None]
    asked = likely[:, None, :, None, 0] & likely[..., 1:].transpose(1, 2)[:, :, None] | (gold.links >= 0)
    starts = to_trees([each.starts.sigmoid() for each in said])
    starts = torch.where(gold.starts != IGNORED, HEARD * starts + (1 - HEARD) * gold.starts, starts)
    allowed = allowed_heads(sentences_of(batch, starts))
    heads = to_trees([each.heads.masked_fill(~allowed, NEVER).softmax(-1) for each in said])
    heads = blend(heads, gold.heads)
    best = torch.where(gold.heads != IGNORED, gold.heads, heads.argmax(-1))
    relations = to_trees([relation_scores(each.relations, each.governors, best).softmax(-1) for each in said])
    return Taught(
        roles=roles, links=links, asked=asked, starts=starts, heads=heads, allowed=allowed, best=best,
        relations=blend(relations, gold.relations),
        upos=blend(to_trees([each.upos.softmax(-1) for each in said]), gold.upos),
        names=blend(to_names([each.names.softmax(-1) for each in said]), gold.tags),
    )


def _mean(said: Sequence[Tensor], *, weights: Tensor) -> Tensor:
    """Return the weighted mean over teachers; each says windows × ….

    >>> _mean([torch.tensor([[0.0]]), torch.tensor([[1.0]])], weights=torch.tensor([[0.25, 0.75]])).tolist()
    [[0.75]]
    """
    shares = (weights[:, number].view(-1, *[1] * (each.dim() - 1)) for number, each in enumerate(said))
    return torch.stack([share * each for share, each in zip(shares, said, strict=True)]).sum(0)


def blend(taught: Tensor, labels: Tensor) -> Tensor:
    """Return probabilities moved half way to the labels, where there are any.

    >>> blend(torch.tensor([[0.5, 0.5], [0.5, 0.5]]), torch.tensor([1, IGNORED])).tolist()
    [[0.25, 0.75], [0.5, 0.5]]
    """
    certain = F.one_hot(labels.clamp(min=0), taught.shape[-1]).to(taught.dtype)
    return torch.where((labels != IGNORED)[..., None], HEARD * taught + (1 - HEARD) * certain, taught)


def sentences_of(batch: Batch, starts: Tensor) -> Tensor:
    """Return the number of each token's sentence: the treebank's, else where the teachers see one start."""
    shapes = batch.shapes.gather(1, batch.first)
    found = ((starts > 0.5) | ((shapes - 1) % 3 == BLOCK)).cumsum(1)
    return torch.where(batch.gold.sentences != IGNORED, batch.gold.sentences, found)


def student_losses(network: Network, batch: Batch, taught: Taught) -> tuple[Tensor, Tensor, Tensor]:
    """Return how far the student's attributions, syntax and names are from what it is taught."""
    said, real = read_scores(network, batch), batch.first > 0
    attribution = ROLE_WEIGHT * _distance(said.roles, taught.roles, real)
    if taught.asked.any():
        attribution = attribution + LINK_WEIGHT * F.binary_cross_entropy_with_logits(
            said.links[taught.asked], taught.links[taught.asked])
    relations = relation_scores(said.relations, said.governors, taught.best)
    syntax = (
        _distance(said.upos, taught.upos, real)
        + _distance(said.heads.masked_fill(~taught.allowed, NEVER), taught.heads, real)
        + _distance(relations, taught.relations, real)
        + START_WEIGHT * F.binary_cross_entropy_with_logits(said.starts[real], taught.starts[real])
    )
    return attribution, syntax, _distance(said.names, taught.names, real)


def _distance(scores: Tensor, wanted: Tensor, real: Tensor) -> Tensor:
    """Return the mean cross entropy over the tokens that are no padding."""
    return -(wanted[real] * scores[real].log_softmax(-1)).sum(-1).mean()


def shares(texts: Tensor, mix: Mix, teachers: int) -> list[Tensor]:
    """Return for attributions, syntax and names how much each teacher counts: windows × teacher.

    All count alike, but of a text's own labels only those speak that have not learned it.
    """
    every = torch.full((len(texts), teachers), 1 / teachers, device=texts.device)
    unseen = torch.stack([torch.isin(texts % FOLDS, torch.tensor(left_out(each), device=texts.device))
                          for each in range(teachers)], 1).float()
    unseen = torch.where(unseen.any(1, keepdim=True), unseen / unseen.sum(1, keepdim=True).clamp(min=1), every)
    ends = (0, mix[0], mix[0] + mix[1], len(texts))
    place = torch.arange(len(texts), device=texts.device)[:, None]
    return [torch.where((place >= first) & (place < end), unseen, every)
            for first, end in itertools.pairwise(ends)]


def train_teachers(arguments: argparse.Namespace, *, base: Path) -> list[Path]:
    """Train all teachers side by side, each in a process of its own; return their checkpoints."""
    running = []
    for number in range(arguments.teachers):
        out = arguments.out / f"teacher-{number}"
        options = {"out": out, "base": base, "minutes": arguments.teacher_minutes, "peak": arguments.peak,
                   "noise": arguments.noise / 2, "seed": arguments.seed + 100 * number, "device": arguments.device,
                   "workers": 1 if arguments.workers else 0, "threads": 1}
        told = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        running.append((out, subprocess.Popen([
            sys.executable, "-m", "training.train", str(arguments.corpora), *told,
            "--mix", *map(str, arguments.mix), "--omit", *map(str, left_out(number))])))
    for out, process in running:
        if process.wait():
            raise SystemExit(f"{out}: a teacher could not be trained; see the lines above")
    return [out / "checkpoint.pt" for out, _ in running]


def read_teacher(checkpoint: Path, *, device: str) -> Network:
    """Return a teacher ready to be asked."""
    facts = torch.load(checkpoint, weights_only=True, map_location="cpu")
    network = Network(len(facts["upos"]), len(facts["relations"]))
    network.load_state_dict(facts["state"])
    return network.to(device).eval().requires_grad_(False)


def losses_by(student: Network, teachers: Sequence[Network], *, mix: Mix, noise: float,
              mask: int) -> Callable[[Step], Sequence[Tensor]]:
    """Return the losses of a step; the student sees less of the text than its teachers."""

    def losses_of(step: Step) -> Sequence[Tensor]:
        batch = step.batch
        weights = shares(step.texts.to(batch.ids.device), mix, len(teachers))
        with torch.autocast(student.device.type, torch.bfloat16):
            with torch.no_grad():
                taught = teach(teachers, batch, weights)
            return student_losses(student, hide(batch, share=noise, mask=mask), taught)

    return losses_of


def main() -> None:
    """Read the command line, train teachers and student."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_options(parser)
    parser.add_argument("--teachers", type=int, default=FOLDS)
    parser.add_argument("--teacher-minutes", type=float, default=60.0, help="for all of them together")
    arguments = parser.parse_args()
    base, plan = arguments.base or base_folder(), plan_of(arguments)
    teachers = [read_teacher(each, device=plan.device) for each in train_teachers(arguments, base=base)]
    network, corpora, development, pieces = prepare(arguments.corpora, plan, base=base)
    losses_of = losses_by(network, teachers, mix=plan.mix, noise=plan.noise, mask=mask_of(base))
    learn(network, plan, corpora, development=development, pieces=pieces, losses_of=losses_of, progress=Progress())


if __name__ == "__main__":
    main()
