"""What each head is asked to learn: one loss a kind of corpus."""

import torch
import torch.nn.functional as F
from torch import Tensor

from training.network import Network, relation_scores
from training.samples import IGNORED, Gold

LINK_WEIGHT = 0.5
ROLE_WEIGHT, START_WEIGHT = 3.0, 2.0
NEVER = -1e4


def attribution_loss(network: Network, x: Tensor, gold: Gold) -> Tensor:
    """Tags of the three roles, and links from gold cues to gold spans."""
    roles, links = network.attribution(x[:, 1:])
    loss = ROLE_WEIGHT * F.cross_entropy(roles.float().flatten(0, 2), gold.roles.flatten(), ignore_index=IGNORED)
    asked = gold.links >= 0
    if asked.any():
        wanted = gold.links[asked].float()
        loss = loss + LINK_WEIGHT * F.binary_cross_entropy_with_logits(links[asked].float(), wanted)
    return loss


def allowed_heads(sentences: Tensor) -> Tensor:
    """Return windows × tokens × (root, tokens): true for the root and the other tokens of the sentence."""
    alone = torch.eye(sentences.shape[1], dtype=torch.bool, device=sentences.device)
    same = (sentences[:, :, None] == sentences[:, None, :]) & ~alone
    return F.pad(same, (1, 0), value=True)


def tree_loss(network: Network, x: Tensor, gold: Gold) -> Tensor:
    """Parts of speech, sentence starts, heads within the sentence, and relations to the gold heads."""
    upos, starts, heads, relations, governors = network.syntax(x)
    heads = heads.float().masked_fill(~allowed_heads(gold.sentences), NEVER)
    labelled = relation_scores(relations.float(), governors.float(), gold.heads.clamp(min=0))
    known = gold.starts != IGNORED
    return (
        F.cross_entropy(upos.float().flatten(0, 1), gold.upos.flatten(), ignore_index=IGNORED)
        + F.cross_entropy(heads.flatten(0, 1), gold.heads.flatten(), ignore_index=IGNORED)
        + F.cross_entropy(labelled.flatten(0, 1), gold.relations.flatten(), ignore_index=IGNORED)
        + START_WEIGHT * F.binary_cross_entropy_with_logits(starts.float()[known], gold.starts[known].float())
    )


def name_loss(network: Network, x: Tensor, gold: Gold) -> Tensor:
    """Tags of names."""
    tags = network.names(x[:, 1:])
    return F.cross_entropy(tags.float().flatten(0, 1), gold.tags.flatten(), ignore_index=IGNORED)
