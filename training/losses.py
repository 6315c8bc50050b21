"""What each head is asked to learn: one loss a kind of corpus."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from training.network import Network, relation_scores
from training.samples import IGNORED, Labels, Sample

LINK_WEIGHT = 0.5


def padded(rows: Sequence[Sequence[int]], length: int) -> Tensor:
    """Stack rows of labels, filled up with `IGNORED`."""
    return torch.tensor([[*row, *[IGNORED] * (length - len(row))] for row in rows])


def attribution_loss(network: Network, x: Tensor, samples: Sequence[Sample]) -> Tensor:
    """Tags of the three roles, and links from gold cues to gold spans."""
    roles, links = network.attribution(x[:, 1:])
    gold = torch.stack([padded([labels.roles[role] for _, labels in samples], x.shape[1] - 1) for role in range(3)], -1)
    loss = F.cross_entropy(roles.float().flatten(0, 2), gold.flatten(), ignore_index=IGNORED)
    parts = [part for row, (_, labels) in enumerate(samples) for part in _link_losses(links[row].float(), labels)]
    return 3 * loss + LINK_WEIGHT * torch.cat(parts).mean() if parts else 3 * loss


def _link_losses(links: Tensor, labels: Labels) -> list[Tensor]:
    """Every cue of a window against every span start: does it belong to it?"""
    losses = []
    cues = [item.cue for item in labels.links]
    for kind, linked in enumerate(([item.sources for item in labels.links], [item.contents for item in labels.links])):
        starts = sorted({start for each in linked for start in each})
        if starts:
            gold = torch.tensor([[float(start in each) for start in starts] for each in linked])
            scores = links[kind][torch.tensor(cues)][:, torch.tensor(starts)]
            losses.append(F.binary_cross_entropy_with_logits(scores, gold, reduction="none").flatten())
    return losses


def allowed_heads(samples: Sequence[Sample], length: int) -> Tensor:
    """Return batch × tokens × (root, tokens): true for the root and the other tokens of the sentence."""
    sentences = padded([labels.sentences for _, labels in samples], length)
    same = (sentences[:, :, None] == sentences[:, None, :]) & ~torch.eye(length, dtype=torch.bool)
    return F.pad(same, (1, 0), value=True)


def tree_loss(network: Network, x: Tensor, samples: Sequence[Sample]) -> Tensor:
    """Parts of speech, sentence starts, heads within the sentence, and relations to the gold heads."""
    length = x.shape[1] - 1
    upos, starts, heads, relations, governors = network.syntax(x)
    gold_heads = padded([labels.heads for _, labels in samples], length)
    gold_relations = padded([labels.relations for _, labels in samples], length)
    gold_upos = padded([labels.upos for _, labels in samples], length)
    gold_starts = padded([labels.starts for _, labels in samples], length)
    heads = heads.float().masked_fill(~allowed_heads(samples, length), -1e4)
    labelled = relation_scores(relations.float(), governors.float(), gold_heads.clamp(min=0))
    known = gold_starts != IGNORED
    return (
        F.cross_entropy(upos.float().flatten(0, 1), gold_upos.flatten(), ignore_index=IGNORED)
        + F.cross_entropy(heads.flatten(0, 1), gold_heads.flatten(), ignore_index=IGNORED)
        + F.cross_entropy(labelled.flatten(0, 1), gold_relations.flatten(), ignore_index=IGNORED)
        + 2 * F.binary_cross_entropy_with_logits(starts.float()[known], gold_starts[known].float())
    )


def name_loss(network: Network, x: Tensor, samples: Sequence[Sample]) -> Tensor:
    """Tags of names."""
    tags = network.names(x[:, 1:])
    gold = padded([labels.tags for _, labels in samples], x.shape[1] - 1)
    return F.cross_entropy(tags.float().flatten(0, 1), gold.flatten(), ignore_index=IGNORED)
