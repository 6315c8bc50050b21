"""Quick development figures while training runs: gold tokens, gold sentences for the arcs, greedy heads."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import torch

from kg.language.decoding import find_names, find_runs, link_cues
from training.corpora import AttributedText
from training.losses import NEVER, allowed_heads
from training.measures import Item, Tally, add_attributions, add_sets
from training.network import Network, relation_scores
from training.samples import IGNORED, Batch, Sample, make_batch

BATCH = 16


def batches(samples: Sequence[Sample], network: Network) -> Iterator[tuple[list[Sample], Batch, torch.Tensor]]:
    """Yield windows of like length, the batch of them, and the tokens' vectors."""
    ordered = sorted(samples, key=lambda sample: len(sample[0].ids))
    for start in range(0, len(ordered), BATCH):
        chosen = ordered[start : start + BATCH]
        batch = make_batch(chosen).to(network.device)
        yield chosen, batch, network.read(batch.ids, batch.shapes, batch.first, batch.mask)


def watch_attributions(network: Network, texts: Sequence[AttributedText], samples: Sequence[Sequence[Sample]]) -> Tally:
    """Measure the attribution heads on whole articles."""
    owner = {id(window): number for number, article in enumerate(samples) for window, _ in article}
    found: list[list[Item]] = [[] for _ in texts]
    for chosen, _, x in batches([sample for article in samples for sample in article], network):
        roles, links = (each.float().cpu().numpy() for each in network.attribution(x[:, 1:]))
        for row, (window, _) in enumerate(chosen):
            size = len(window.first)
            one, two = roles[row, :size], links[row, :, :size, :size]
            for item in link_cues(one, two):
                runs = ((item.cue,), item.sources, item.contents)
                found[owner[id(window)]].append(tuple(_tokens(each, window.start) for each in runs))  # type: ignore[arg-type]
    tally = Tally()
    for text, items in zip(texts, found, strict=True):
        gold = [tuple(frozenset(tokens) for tokens in item) for item in text.attributions]
        add_attributions(tally, items, gold)  # type: ignore[arg-type]
    return tally


def _tokens(runs: Sequence[tuple[int, int]], base: int) -> frozenset[int]:
    return frozenset(base + token for start, end in runs for token in range(start, end))


def watch_trees(network: Network, samples: Sequence[Sample]) -> dict[str, float]:
    """Measure parts of speech, arcs and sentence starts on gold tokens."""
    right, total = {"upos": 0, "uas": 0, "las": 0}, 0
    tally = Tally()
    for chosen, batch, x in batches(samples, network):
        upos, starts, heads, relations, governors = network.syntax(x)
        gold = batch.gold
        best = heads.float().masked_fill(~allowed_heads(gold.sentences), NEVER).argmax(-1)
        named = relation_scores(relations.float(), governors.float(), best).argmax(-1)
        counted = gold.heads != IGNORED
        total += int(counted.sum())
        right["upos"] += int(((upos.argmax(-1) == gold.upos) & counted).sum())
        right["uas"] += int(((best == gold.heads) & counted).sum())
        right["las"] += int(((best == gold.heads) & (named == gold.relations) & counted).sum())
        for row, (window, each) in enumerate(chosen):
            mine = np.flatnonzero(starts[row, : len(window.first)].float().cpu().numpy() > 0).tolist()
            true = [number for number, start in enumerate(each.starts) if start == 1]
            add_sets(tally, "sentences", _stretches(mine, len(each.starts)), _stretches(true, len(each.starts)))
    return {name: round(number / max(total, 1), 4) for name, number in right.items()} | tally.figures()


def _stretches(starts: Sequence[int], end: int) -> list[tuple[int, int]]:
    bounds = sorted({0, *starts, end})
    return list(itertools.pairwise(bounds))


def watch_names(network: Network, samples: Sequence[Sample]) -> dict[str, float]:
    """Measure exact names."""
    tally = Tally()
    for chosen, _, x in batches(samples, network):
        tags = network.names(x[:, 1:]).float().cpu().numpy()
        for row, (window, each) in enumerate(chosen):
            gold = np.array(each.tags)
            runs = find_runs(np.where(gold == 0, 0, 2 - gold % 2))
            true = [(start, end, int(gold[start] - 1) // 2) for start, end in runs]
            add_sets(tally, "names", find_names(tags[row, : len(window.first)]), true)
    return tally.figures()
