"""Analyses of the seeds, kept as files: the stages after the encoder are then tested on any processor alike.

`python -m tests.frozen` analyses the seeds with the shipped encoder again and rewrites tests/golden/: the analyses
(NAME.json) and the Turtle that the stages make of them (NAME.ttl). Read the difference like code.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rdflib import Graph

from benchmarks.quality import GOLD_BASE, seeds
from kg.articles import read_article
from kg.extraction import Knowledge, read
from kg.graph import describe
from kg.language.document import Doc, Stretch
from kg.model import Attribution, Extraction, Span
from kg.vocabulary import Vocabulary

GOLDEN = Path(__file__).parent / "golden"
ROLES = ("cue", "source", "content")


def freeze(doc: Doc) -> dict[str, Any]:
    """Return an analysed article as plain data; places are code points, but `head` is a token's number."""
    def places(stretches: Iterable[Stretch]) -> list[dict[str, Any]]:
        return [{"start": each.start_char, "end": each.end_char, "label": each.label_} for each in stretches]

    return {
        "doc": {
            "text": doc.text,
            "ents": places(doc.ents),
            "tokens": [
                {"id": token.i, "start": token.idx, "end": token.idx + len(token.text), "pos": token.pos_,
                 "lemma": token.lemma_, "dep": token.dep_, "head": token.head.i}
                for token in doc
            ],
            "spans": {role: places(stretches) for role, stretches in doc.spans.items()},
        },
        "attributions": [
            {"score": found.score,
             **{role: [[span.start, span.end] for span in getattr(found, role)] for role in ROLES}}
            for found in doc.user_data["attributions"]
        ],
    }


def thaw(data: dict[str, Any]) -> Doc:
    """Return the analysed article that `freeze` wrote."""
    text, tokens = data["doc"]["text"], data["doc"]["tokens"]
    ends = [*(token["start"] for token in tokens[1:]), len(text)]
    doc = Doc(
        words=[text[token["start"] : token["end"]] for token in tokens],
        spaces=[token["end"] < end for token, end in zip(tokens, ends, strict=True)],
        pos=[token["pos"] for token in tokens], lemmas=[token["lemma"] for token in tokens],
        deps=[token["dep"] for token in tokens], heads=[token["head"] for token in tokens],
    )
    doc.ents = stretches(doc, data["doc"]["ents"])
    doc.spans = {role: list(stretches(doc, places)) for role, places in data["doc"]["spans"].items()}
    doc.user_data["attributions"] = tuple(
        Attribution(score=found["score"],
                    **{role: tuple(Span(start=start, end=end) for start, end in found[role]) for role in ROLES})
        for found in data["attributions"]
    )
    return doc


def stretches(doc: Doc, places: Iterable[dict[str, Any]]) -> Iterator[Stretch]:
    for place in places:
        stretch = doc.char_span(place["start"], place["end"], label=place["label"])
        assert stretch is not None, place
        yield stretch


def frozen_extraction(path: Path, *, knowledge: Knowledge) -> Extraction:
    """Return what the stages read from a seed whose analysis is kept."""
    article = read_article(path.read_bytes(), source=path.name)
    doc = thaw(json.loads(gzip.decompress((GOLDEN / f"{path.stem}.json.gz").read_bytes())))
    return read(doc, article=article, knowledge=knowledge)


def turtle(extraction: Extraction) -> str:
    """Return all triples of one article as Turtle."""
    union = Graph()
    for graph in describe(extraction, vocabulary=Vocabulary(base=GOLD_BASE), mentions="all").values():
        for triple in graph:
            union.add(triple)
    for prefix in ("asa", "stance", "polarity", "certainty", "mode", "act", "status", "agreement", "form", "identity",
                   "topic"):
        union.bind(prefix, f"{GOLD_BASE}ns#" if prefix == "asa" else f"{GOLD_BASE}ns/{prefix}#")
    return union.serialize(format="longturtle")


def rewrite() -> None:
    """Analyse the seeds again and rewrite what is expected of them."""
    knowledge = Knowledge.load()
    for path in seeds():
        article = read_article(path.read_bytes(), source=path.name)
        doc = knowledge.parser(article.text, blocks=article.prose)
        analysis = json.dumps(freeze(doc), ensure_ascii=False).encode()
        (GOLDEN / f"{path.stem}.json.gz").write_bytes(gzip.compress(analysis, mtime=0))
        extraction = frozen_extraction(path, knowledge=knowledge)
        (GOLDEN / f"{path.stem}.ttl").write_text(turtle(extraction), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
