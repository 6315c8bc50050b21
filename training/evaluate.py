"""Measure an exported model as it is shipped: `python -m training.evaluate CORPORA [--model DIR]`."""

import argparse
import hashlib
import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from kg.language.decoding import find_names, find_runs
from kg.language.document import Doc
from kg.language.encoder import Encoder, Scores
from kg.language.parser import Parser, window_heads
from kg.language.windows import BLOCK, cut_windows
from kg.model import Attribution, Span
from training.corpora import NAMES, ROLES, Tree, read_lines, read_names, read_trees
from training.measures import Item, Tally, add_attributions, add_sets

SCORED_TOKEN = re.compile(r"\w+|[^\w\s]")  # spans are compared on these, whatever our own tokens are
TREEBANKS = ("ewt", "gum-open")


def measure_attributions(parser: Parser, path: Path, predictions: list[dict[str, Any]]) -> dict[str, float]:
    """Return the attribution figures of a corpus, and append what was found to `predictions`."""
    tally = Tally()
    for record in read_lines(path):
        found: tuple[Attribution, ...] = parser(record["text"]).user_data["attributions"]
        items = [{role: pairs_of(getattr(each, role)) for role in ROLES} for each in found]
        predictions.append({"file": record["file"], "attributions": items})
        at = scored_tokens(record["text"])
        gold = [item_of(at, each) for each in record["attributions"]]
        add_attributions(tally, [item_of(at, each) for each in items], gold)
    return tally.figures()


def pairs_of(spans: Iterable[Span]) -> list[list[int]]:
    """Return spans in the form of the corpus."""
    return [[span.start, span.end] for span in spans]


def scored_tokens(text: str) -> list[int]:
    """Return for each character the number of the token that it belongs to, as they are scored; -1 between them."""
    at = [-1] * len(text)
    for number, found in enumerate(SCORED_TOKEN.finditer(text)):
        at[found.start() : found.end()] = [number] * len(found.group())
    return at


def item_of(at: Sequence[int], attribution: dict[str, list[list[int]]]) -> Item:
    """Return an attribution of the corpus as sets of scored tokens."""
    spans = [attribution[role] for role in ROLES]
    tokens = [frozenset(number for start, end in each for number in at[start:end] if number >= 0) for each in spans]
    return tokens[0], tokens[1], tokens[2]


def measure_trees(parser: Parser, path: Path) -> dict[str, float]:
    """Return F1 of words, parts of speech, labelled arcs and sentences from raw text, paragraphs given.

    As in the CoNLL 2018 shared task, but relations count with their subtypes.
    """
    tally = Tally()
    for document in read_trees(path):
        text, blocks, starts = _layout(document)
        doc = parser(text, blocks=blocks)
        add_sets(tally, "words", _doc_facts(doc, "words"), _gold_facts(document, starts, "words"))
        for kind in ("upos", "uas", "las", "sentences"):
            add_sets(tally, kind, _doc_facts(doc, kind), _gold_facts(document, starts, kind))
    return tally.figures()


def _layout(document: Sequence[Tree]) -> tuple[str, list[Span], list[list[int]]]:
    """Return a document's text, its paragraphs, and the offset of every word of every sentence."""
    text, block = "", 0
    blocks: list[Span] = []
    starts: list[list[int]] = []
    for number, tree in enumerate(document):
        if number and tree.gaps[0] == BLOCK:
            blocks.append(Span(start=block, end=len(text)))
            text += "\n\n"
            block = len(text)
        elif number and tree.gaps[0]:
            text += " "
        starts.append([])
        for place, (word, gap) in enumerate(tree.pairs()):
            text += " " if place and gap else ""
            starts[-1].append(len(text))
            text += word
    return text, [*blocks, Span(start=block, end=len(text))], starts


def _gold_facts(document: Sequence[Tree], starts: Sequence[Sequence[int]], kind: str) -> Iterator[tuple[Any, ...]]:
    for tree, places in zip(document, starts, strict=True):
        if kind == "sentences":
            yield places[0], places[-1] + len(tree.words[-1])
            continue
        for number, (word, start) in enumerate(zip(tree.words, places, strict=True)):
            head = places[tree.heads[number]] if tree.heads[number] >= 0 else -1
            facts = {"words": (), "upos": (tree.upos[number],), "uas": (head,), "las": (head, tree.relations[number])}
            yield start, start + len(word), *facts[kind]


def _doc_facts(doc: Doc, kind: str) -> Iterator[tuple[Any, ...]]:
    if kind == "sentences":
        for sentence in doc.sents:
            words = [token for token in sentence if not token.is_space]
            if words:
                yield words[0].idx, words[-1].idx + len(words[-1])
        return
    for token in doc:
        if not token.is_space:
            head = token.head.idx if token.head.i != token.i else -1
            facts = {"words": (), "upos": (token.pos_,), "uas": (head,), "las": (head, token.dep_.lower())}
            yield token.idx, token.idx + len(token), *facts[kind]


def read_windows(encoder: Encoder, words: Sequence[str], gaps: Sequence[int]) -> Iterator[tuple[int, int, Scores]]:
    """Yield the first token, end and scores of each window of given tokens."""
    for window in cut_windows(words, gaps, pieces=encoder.pieces):
        yield window.start, window.stop, encoder(window)


def measure_gold_tokens(encoder: Encoder, path: Path) -> dict[str, float]:
    """Return parts of speech, arcs and sentences on the treebank's own words; sentences are found, not given."""
    tally = Tally()
    for document in read_trees(path):
        words = [word for tree in document for word in tree.words]
        gaps = [gap for tree in document for gap in tree.gaps]
        starts = list(itertools.accumulate((len(tree.words) for tree in document), initial=0))
        gold = [
            (base + number, tree.upos[number], base + head if head >= 0 else -1, tree.relations[number])
            for base, tree in zip(starts, document, strict=False)
            for number, head in enumerate(tree.heads)
        ]
        found = list(_tokens_found(encoder, words, gaps))
        for name, parts in (("upos", (0, 1)), ("uas", (0, 2)), ("las", (0, 2, 3))):
            picked = ((tuple(fact[part] for part in parts) for fact in facts) for facts in (found, gold))
            add_sets(tally, name, *picked)
        mine = [number for number, *_, is_start in found if is_start]
        add_sets(tally, "sentences", itertools.pairwise([*mine, len(words)]), itertools.pairwise(starts))
    return tally.figures()


def _tokens_found(
    encoder: Encoder, words: Sequence[str], gaps: Sequence[int]
) -> Iterator[tuple[int, str, int, str, bool]]:
    for start, stop, scores in read_windows(encoder, words, gaps):
        forced = [gap == BLOCK for gap in gaps[start:stop]]
        heads = window_heads(scores, forced)
        labels = scores.relation_labels(heads)
        for place, head in enumerate(heads.tolist()):
            relation = encoder.relations[labels[place]] if head else "root"
            upos = encoder.upos[scores.upos[place].argmax()]
            is_start = bool(forced[place] or scores.starts[place] > 0 or place == 0)
            yield start + place, upos, start + head - 1 if head else -1, relation, is_start


def measure_names(encoder: Encoder, path: Path) -> dict[str, float]:
    """Return the F1 of exact names, together and by label, on the corpus's own tokens."""
    tally = Tally()
    for text in read_names(path):
        tags = np.array(text.tags)
        runs = find_runs(np.where(tags == 0, 0, 2 - tags % 2))
        gold = [(start, end, int(tags[start] - 1) // 2) for start, end in runs]
        found = [
            (first + start, end + start, label)
            for start, _, scores in read_windows(encoder, text.words, text.gaps)
            for first, end, label in find_names(scores.names)
        ]
        add_sets(tally, "all", found, gold)
        for label, name in enumerate(NAMES):
            mine, true = ([item for item in items if item[2] == label] for items in (found, gold))
            add_sets(tally, name, mine, true)
    return tally.figures()


def measure(model: Path, corpora: Path, predictions: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Return all development figures of an exported model."""
    encoder = Encoder(model)
    parser = Parser(encoder)
    figures = {"attribution": measure_attributions(parser, corpora / "attribution/polnear-dev.jsonl.gz", predictions)}
    for name in TREEBANKS:
        path = corpora / f"treebank/{name}-dev.conllu.gz"
        figures[f"{name}, own tokens"] = measure_trees(parser, path)
        figures[f"{name}, gold tokens"] = measure_gold_tokens(encoder, path)
    for name in ("worldwide-newswire-dev", "uner-ewt-dev", "wikigold-dev"):
        figures[f"names, {name}"] = measure_names(encoder, corpora / f"ner/{name}.jsonl.gz")
    return figures


def keep_figures(model: Path, corpora: Path, figures: dict[str, dict[str, float]]) -> None:
    """Write the figures, and what all corpora were like, into the model's `meta.json`."""
    path = model / "meta.json"
    meta = json.loads(path.read_text(encoding="utf-8"))
    files = sorted(corpora.glob("*/*.gz"))
    meta["figures"] = figures
    meta["corpora"] = {str(each.relative_to(corpora)): hashlib.sha256(each.read_bytes()).hexdigest() for each in files}
    path.write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Read the command line, measure, and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--model", type=Path, default=Path(str(resources.files("kg.language"))) / "model")
    parser.add_argument("--predictions", type=Path, help="write what was found, one JSON line an article")
    parser.add_argument("--keep", action="store_true", help="write the figures into the model's meta.json")
    arguments = parser.parse_args()
    predictions: list[dict[str, Any]] = []
    figures = measure(arguments.model, arguments.corpora, predictions)
    if arguments.predictions:
        lines = (json.dumps(record) + "\n" for record in predictions)
        arguments.predictions.write_text("".join(lines), encoding="utf-8")
    if arguments.keep:
        keep_figures(arguments.model, arguments.corpora, figures)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
