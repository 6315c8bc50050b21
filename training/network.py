"""The network in plain torch: a six-layer BERT encoder and the heads that read it.

The encoder equals all-MiniLM-L6-v2, but for an embedding of each word's shape (casing and what stands before it), which
the uncased vocabulary lost. Every head reads one vector a token, that of the token's first piece.
"""

from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from kg.language.windows import SHAPES, SIZE

WIDTH, LAYERS, ATTENTION_HEADS, INNER = 384, 6, 12, 1536
VOCABULARY, POSITIONS = 30522, 512
DROPOUT = 0.1
SHAPE_WIDTH = 16  # of the shape's embedding before the heads
ROLE_COUNT, LINK_COUNT, NAME_TAGS = 3, 2, 7


class Scores(NamedTuple):
    """What the heads say; sizes are batch × tokens × …"""

    roles: Tensor  # … × role × (outside, begins, inside)
    links: Tensor  # batch × (source, content) × cue's first token × span's first token
    upos: Tensor
    starts: Tensor  # one number a token: does a sentence start here
    heads: Tensor  # … × (root, tokens)
    relations: Tensor  # … × relation × (width + 1): multiply by the head's vector
    governors: Tensor  # … × (root, tokens) × width: those vectors
    names: Tensor


class Layer(nn.Module):
    """One transformer layer, normalised after each part as in BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.queries_keys_values = nn.Linear(WIDTH, 3 * WIDTH)
        self.mix = nn.Linear(WIDTH, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.widen, self.narrow = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.last_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = x.shape
        parts = self.queries_keys_values(x).view(batch, length, 3, ATTENTION_HEADS, WIDTH // ATTENTION_HEADS)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        seen = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = self.norm(x + self.mix(seen.transpose(1, 2).reshape(batch, length, WIDTH)))
        result: Tensor = self.last_norm(x + self.dropout(self.narrow(F.gelu(self.widen(x)))))
        return result


class Encoder(nn.Module):
    """Pieces and shapes → one vector a piece."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(VOCABULARY, WIDTH)
        self.positions = nn.Embedding(POSITIONS, WIDTH)
        self.segments = nn.Embedding(2, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.dropout = nn.Dropout(DROPOUT)
        nn.init.zeros_(self.shapes.weight)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.segments.weight[0] + self.shapes(shapes)
        x = self.dropout(self.norm(x))
        for layer in self.layers:
            x = layer(x, mask)
        vectors: Tensor = x
        return vectors

    def load_base(self, path: Path) -> None:
        """Take over the weights of all-MiniLM-L6-v2 (`model.safetensors`)."""
        weights = load_file(path)

        def fill(module: nn.Module, *names: str) -> None:
            for kind, parameter in module.named_parameters():
                parameter.data.copy_(torch.cat([weights[f"{name}.{kind}"] for name in names]))

        fill(self.words, "embeddings.word_embeddings")
        fill(self.positions, "embeddings.position_embeddings")
        fill(self.segments, "embeddings.token_type_embeddings")
        fill(self.norm, "embeddings.LayerNorm")
        for number, layer in enumerate(self.layers):
            assert isinstance(layer, Layer)
            place = f"encoder.layer.{number}"
            fill(layer.queries_keys_values, *(f"{place}.attention.self.{part}" for part in ("query", "key", "value")))
            fill(layer.mix, f"{place}.attention.output.dense")
            fill(layer.norm, f"{place}.attention.output.LayerNorm")
            fill(layer.widen, f"{place}.intermediate.dense")
            fill(layer.narrow, f"{place}.output.dense")
            fill(layer.last_norm, f"{place}.output.LayerNorm")


class Attribution(nn.Module):
    """Three layers of begin/inside/outside tags, and links from a cue's start to the starts of its spans.

    The links need their distance bias from the start: without it they learn nothing for a long time.
    """

    def __init__(self, hidden: int = 320, width: int = 96) -> None:
        super().__init__()
        self.hidden = nn.Linear(WIDTH + SHAPE_WIDTH, hidden)
        self.roles = nn.Linear(hidden, ROLE_COUNT * 3)
        self.cues, self.spans = nn.Linear(hidden, LINK_COUNT * width), nn.Linear(hidden, LINK_COUNT * width)
        away = torch.arange(-SIZE, SIZE + 1).float().abs()
        self.distance = nn.Parameter((-0.006 * away).repeat(LINK_COUNT, 1))  # nearer first
        self.bias = nn.Parameter(torch.zeros(LINK_COUNT))
        self.dropout = nn.Dropout(DROPOUT)
        self.width = width

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        hidden = self.dropout(F.gelu(self.hidden(x)))
        batch, length, _ = hidden.shape
        cues = self.cues(hidden).view(batch, length, LINK_COUNT, self.width).permute(0, 2, 1, 3)
        spans = self.spans(hidden).view(batch, length, LINK_COUNT, self.width).permute(0, 2, 3, 1)
        place = torch.arange(length, device=x.device)
        distance = 10 * self.distance[:, place[None, :] - place[:, None] + SIZE]
        links = cues @ spans * (3 * self.width**-0.5) + distance + self.bias[:, None, None]
        return self.roles(hidden).view(batch, length, ROLE_COUNT, 3), links


class Syntax(nn.Module):
    """Parts of speech, sentence starts and biaffine dependencies (Dozat and Manning 2017)."""

    def __init__(self, upos_count: int, relation_count: int, width: int = 160, relation_width: int = 64) -> None:
        super().__init__()
        self.upos = nn.Linear(WIDTH + SHAPE_WIDTH, upos_count)
        self.start_hidden, self.starts = nn.Linear(WIDTH + SHAPE_WIDTH, 64), nn.Linear(64, 1)
        self.parts = (width, width, relation_width, relation_width)
        self.hidden = nn.Linear(WIDTH + SHAPE_WIDTH, sum(self.parts))
        self.arc, self.arc_bias = nn.Linear(width, width, bias=False), nn.Linear(width, 1)
        self.relation = nn.Linear(relation_width, relation_count * (relation_width + 1))
        self.relation_count = relation_count
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """The first token of `x` stands for the root; it gets no scores of its own."""
        tokens = x[:, 1:]
        hidden = self.dropout(F.gelu(self.hidden(x)))
        dependent, governor, child, parent = hidden.split(self.parts, -1)
        heads = self.arc(dependent[:, 1:]) @ governor.transpose(1, 2) + self.arc_bias(governor).transpose(1, 2)
        relations = self.relation(child[:, 1:]).view(*tokens.shape[:2], self.relation_count, -1)
        starts = self.starts(F.gelu(self.start_hidden(tokens))).squeeze(-1)
        return self.upos(tokens), starts, heads, relations, parent


class Names(nn.Module):
    """Begin/inside tags of persons, organisations and places."""

    def __init__(self, hidden: int = 192) -> None:
        super().__init__()
        self.hidden, self.tags = nn.Linear(WIDTH + SHAPE_WIDTH, hidden), nn.Linear(hidden, NAME_TAGS)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor) -> Tensor:
        tags: Tensor = self.tags(self.dropout(F.gelu(self.hidden(x))))
        return tags


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, upos_count: int, relation_count: int) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.shapes = nn.Embedding(SHAPES, SHAPE_WIDTH)
        self.attribution = Attribution()
        self.syntax = Syntax(upos_count, relation_count)
        self.names = Names()

    @property
    def device(self) -> torch.device:
        """Where the weights lie."""
        return self.encoder.words.weight.device

    def read(self, ids: Tensor, shapes: Tensor, first: Tensor, mask: Tensor | None = None) -> Tensor:
        """Return the vectors of the root (the mark at the start) and of each token's first piece."""
        x = torch.cat([self.encoder(ids, shapes, mask).float(), self.shapes(shapes)], -1)
        places = F.pad(first, (1, 0)).unsqueeze(-1).expand(-1, -1, x.shape[-1])
        return torch.gather(x, 1, places)

    def forward(self, ids: Tensor, shapes: Tensor, first: Tensor) -> Scores:
        """Run all heads on windows without padding."""
        x = self.read(ids, shapes, first)
        roles, links = self.attribution(x[:, 1:])
        upos, starts, heads, relations, governors = self.syntax(x)
        return Scores(roles, links, upos, starts, heads, relations, governors, self.names(x[:, 1:]))


def relation_scores(relations: Tensor, governors: Tensor, heads: Tensor) -> Tensor:
    """Return batch × tokens × relation for given heads (0 = root)."""
    chosen = torch.gather(governors, 1, heads.unsqueeze(-1).expand(-1, -1, governors.shape[-1]))
    return (relations[..., :-1] * chosen.unsqueeze(2)).sum(-1) + relations[..., -1]
