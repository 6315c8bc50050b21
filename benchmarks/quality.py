"""Quality of the extraction: `python -m benchmarks.quality [SHARED] [--json FILE] [--errors] [--raise-floors]`.

Measures the two seeds against their gold graphs under tests/golden/ with the competency queries, the development
articles under tests/data/development/ and those under tests/data/held-out/, whose errors nobody looks at. With a folder
of further data (argument or COMMUNIQUE_SHARED; it holds gold/dev, tools and corpora) also the articles and the
attribution corpus there.

`--raise-floors` writes benchmarks/floors.json, what tests/test_quality.py holds the figures to: a little below what is
measured, for processors that compute differently, and never laxer than before on the same data.
"""

import argparse
import gzip
import hashlib
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pyoxigraph

from kg.articles import read_articles
from kg.errors import ArticleError
from kg.evaluation import (
    Result,
    compare_queries,
    expected_calibration_error,
    figures,
    reliability,
    score,
    score_articles,
    wrong_offsets,
)
from kg.extraction import Knowledge, extract
from kg.graph import describe, shared_graphs
from kg.language import Parser
from kg.model import Extraction
from kg.vocabulary import Vocabulary

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "tests" / "golden"
DEVELOPMENT = ROOT / "tests" / "data" / "development"
HELD_OUT = ROOT / "tests" / "data" / "held-out"
FLOORS = Path(__file__).parent / "floors.json"
FLOORED = (  # figures over enough cases that one more or less does not matter
    "statements", "content", "actors", "about", "parties", "agreements", "speaker_accuracy", "stance", "polarity",
    "certainty", "mode",
)
CEILED = {"flips": 1, "wrong_offsets": 0, "query_rows_missing": 2, "query_rows_more": 2, "calibration_error": 0.02}
SLACK = 0.02  # processors sum in different orders: a score next to its threshold can fall on either side
GOLD_BASE = "https://example.org/"
OPTIONAL = {  # borderline speech acts of the gold, by cue start
    "000_a8747e8f6435d86b.txt": frozenset({634, 790, 1886}),
    "004_038f5d126ba7fa0a.txt": frozenset({33, 1318, 1400, 2094}),
}
ROLES = ("source", "cue", "content")
Figures = dict[str, Any]


def seeds() -> list[Path]:
    """Return the seed articles that ship with the package."""
    return sorted(Path(str(entry)) for entry in files("seeds").iterdir() if entry.name.endswith(".txt"))


def gold_store() -> pyoxigraph.Store:
    """Return the gold of the seeds with the ontology and the schemes; it describes its actors itself."""
    store = pyoxigraph.Store()
    for path in sorted(GOLD.glob("seed-*.ttl")):
        store.bulk_load(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    shared = shared_graphs(Vocabulary(base=GOLD_BASE))
    for graph in (shared["graph/ontology"], shared["graph/vocabulary"]):
        store.bulk_load(graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return store


def built_store(extractions: Iterable[Extraction], *, vocabulary: Vocabulary,
                mentions: str = "all") -> pyoxigraph.Store:
    """Return a store in memory with the graphs of `extractions` and all shared graphs."""
    store = pyoxigraph.Store()
    graphs = [*shared_graphs(vocabulary).items()]
    for extraction in extractions:
        graphs += describe(extraction, vocabulary=vocabulary, mentions=mentions).items()
    for name, graph in graphs:
        store.bulk_load(graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES,
                        to_graph=pyoxigraph.NamedNode(vocabulary.base + name))
    return store


def extractions_of(paths: Iterable[Path], *, knowledge: Knowledge) -> Iterator[Extraction]:
    """Yield what is read from each article; a file that is no article is named on standard error."""
    for article in read_articles(paths):
        if isinstance(article, ArticleError):
            print(article, file=sys.stderr)
        else:
            yield extract(article, knowledge=knowledge)


def digest(paths: Iterable[Path]) -> str:
    """Return 16 hex digits that change when the name or content of a file does."""
    found = hashlib.sha256()
    for path in sorted(paths, key=lambda path: path.name):
        found.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def measure_seeds(knowledge: Knowledge) -> Figures:
    """Return the figures on the seeds, and those of the competency queries over them."""
    vocabulary = Vocabulary(base=GOLD_BASE)
    found = tuple(extractions_of(seeds(), knowledge=knowledge))
    built, gold = built_store(found, vocabulary=vocabulary), gold_store()
    result = score(built, gold, vocabulary=vocabulary, optional=OPTIONAL)
    texts = {extraction.article.source: extraction.article.text for extraction in found}
    compared = compare_queries(built, gold, vocabulary=vocabulary)
    return {
        "digest": digest([*seeds(), *GOLD.glob("seed-*.ttl")]),
        "statements": [result.precision, result.recall, result.f1],
        "speaker_accuracy": result.speaker / max(1, result.found),
        "stance": result.stance / max(1, result.found),
        "polarity": result.polarity / max(1, result.found),
        "agreements": result.agreements / result.gold_agreements,
        "wrong_offsets": len(wrong_offsets(built, texts=texts, vocabulary=vocabulary)),
        "query_rows_missing": sum(missing for _, missing, _ in compared.values()),
        "query_rows_more": sum(more for *_, more in compared.values()),
        "queries": {name: {"gold": wanted, "missing": missing, "more": more}
                    for name, (wanted, missing, more) in compared.items()},
        "errors": list(result.errors),
    }


def measure_own(knowledge: Knowledge) -> dict[str, Figures]:
    """Return the figures on all data that ships: the seeds, the development articles, and those held out, if any."""
    folders = {"development": DEVELOPMENT, "held-out": HELD_OUT}
    return {
        "seeds": measure_seeds(knowledge),
        **{name: measure_articles(folder, knowledge=knowledge) for name, folder in folders.items()
           if (folder / "texts").is_dir()},
    }


def measure_articles(folder: Path, *, knowledge: Knowledge) -> Figures:
    """Return the figures on the annotated articles of a folder with texts/ and gold/."""
    texts = sorted((folder / "texts").glob("*.txt"))
    store = built_store(extractions_of(texts, knowledge=knowledge), vocabulary=Vocabulary())
    result = score_articles(store, gold=folder / "gold", texts=folder / "texts", vocabulary=Vocabulary())
    return {"digest": digest([*texts, *(folder / "gold").glob("*.json")]), **_figures_of(result)}


def _figures_of(result: Result) -> Figures:
    return {
        **figures(result.total),
        "flips": result.total["flips"],
        "calibration_error": expected_calibration_error(result.judged),
        "reliability": [[row.low, row.high, row.count, row.confidence, row.right]
                        for row in reliability(result.judged)],
        "stances": {name: {"gold": wanted, "found": found, "right": right}
                    for name, (wanted, found, right) in result.stances.items()},
        "mistakes": result.mistakes,
        "articles": {name: figures(counts)["statements"] for name, counts in result.articles.items()},
        "errors": [*(f"{line}: a denial published as an assertion" for line in result.flips), *result.errors],
    }


def measure_attributions(shared: Path, *, parser: Parser) -> Figures:
    """Return the scores of the encoder's attributions, for all of the corpus's and for those with a verb of speech."""
    corpus = shared / "corpora" / "attribution" / "polnear-dev.jsonl.gz"
    scorer = [sys.executable, str(shared / "tools" / "score_attribution.py"), str(corpus)]
    with tempfile.TemporaryDirectory() as place:
        predictions = Path(place) / "predictions.jsonl"
        predictions.write_text("".join(_predictions(corpus, parser)), encoding="utf-8")
        found = {}
        for name, option in (("all", []), ("speech", ["--cues", str(shared / "tools" / "speech_cues.txt")])):
            run = subprocess.run([*scorer, str(predictions), "--json", *option], capture_output=True, text=True,
                                 check=True)
            scores = json.loads(run.stdout)["scores"]
            found[name] = {measure: [one["p"], one["r"], one["f1"]] for measure, one in scores.items()}
    return {"digest": digest([corpus]), **found}


def _predictions(corpus: Path, parser: Parser) -> Iterator[str]:
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            attributions = [
                {role: [[span.start, span.end] for span in getattr(found, role)] for role in ROLES}
                for found in parser(record["text"]).user_data["attributions"]
            ]
            yield json.dumps({"file": record["file"], "attributions": attributions}) + "\n"


def floors_of(measured: Mapping[str, Figures], *, before: Mapping[str, Figures]) -> dict[str, Figures]:
    """Return the floors and ceilings that follow from some figures; on the same data none is laxer than before.

    >>> floors_of({"seeds": {"digest": "a", "stance": 0.957, "flips": 2}},
    ...           before={"seeds": {"digest": "a", "at_least": {"stance": 0.95}, "at_most": {"flips": 4}}})
    {'seeds': {'digest': 'a', 'at_least': {'stance': 0.95}, 'at_most': {'flips': 3}}}
    """
    floors = {}
    for name, found in measured.items():
        old = before.get(name, {})
        same = old.get("digest") == found["digest"]
        own = bounded(found)
        least = {key: math.floor((own[key] - SLACK) * 100) / 100 for key in FLOORED if key in own}
        most = {key: _ceiling(own[key] + slack) for key, slack in CEILED.items() if key in own}
        floors[name] = {
            "digest": found["digest"],
            "at_least": {key: max(value, old["at_least"].get(key, 0)) if same else value
                         for key, value in least.items()},
            "at_most": {key: min(value, old["at_most"].get(key, value)) if same else value
                        for key, value in most.items()},
        }
    return floors


def _ceiling(value: float) -> float:
    return value if isinstance(value, int) else math.ceil(value * 100) / 100


def bounded(found: Figures) -> dict[str, float]:
    """Return the figures that are one number; of precision, recall and F1 the last."""
    return {
        name: value[2] if isinstance(value, list | tuple) else value for name, value in found.items()
        if isinstance(value, int | float) or _is_measure(value)
    }


def _is_measure(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) == 3 and all(isinstance(one, float) for one in value)


def print_figures(name: str, found: Figures, *, errors: bool) -> None:
    """Print the figures of one corpus, and on demand a line for each error."""
    print(f"\n{name} ({found['digest']})")
    for key, value in found.items():
        if key == "errors":
            print("\n".join(f"  {line}" for line in value if errors))
        elif _is_measure(value):
            print(f"  {key}: P {value[0]:.3f} R {value[1]:.3f} F1 {value[2]:.3f}")
        elif isinstance(value, float):
            print(f"  {key}: {value:.3f}")
        elif isinstance(value, dict):
            print(f"  {key}:\n" + "\n".join(f"    {line}: {_short(entry)}" for line, entry in value.items()))
        elif key == "reliability":
            print("  reliability (confidence, right, number):")
            print("\n".join(f"    {low:.1f}-{high:.1f}: {mean:.2f} {right:.2f} {count}"
                            for low, high, count, mean, right in value))
        elif key != "digest":
            print(f"  {key}: {'-' if value is None else value}")


def _short(entry: Any) -> str:
    if isinstance(entry, dict):
        return ", ".join(f"{key} {_short(value)}" for key, value in entry.items())
    if isinstance(entry, list | tuple):
        return " ".join(map(_short, entry))
    return f"{entry:.3f}" if isinstance(entry, float) else str(entry)


def main() -> None:
    """Print all the figures that the data at hand allow."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("shared", nargs="?", default=os.environ.get("COMMUNIQUE_SHARED", ""))
    options.add_argument("--json", type=Path, help="also write all figures there")
    options.add_argument("--errors", action="store_true", help="print a line for each error")
    options.add_argument("--raise-floors", action="store_true", help="write benchmarks/floors.json anew")
    given = options.parse_args()
    knowledge = Knowledge.load()
    measured = measure_own(knowledge)
    if given.raise_floors:
        before = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
        FLOORS.write_text(json.dumps(floors_of(measured, before=before), indent=2) + "\n", encoding="utf-8")
    if given.shared:
        shared = Path(given.shared)
        measured["further articles"] = measure_articles(shared / "gold" / "dev", knowledge=knowledge)
        measured["attributions"] = measure_attributions(shared, parser=knowledge.parser)
    for name, found in measured.items():
        print_figures(name, found, errors=given.errors and name != "held-out")
    if not given.shared:
        print("\nfurther articles, attributions: skipped, COMMUNIQUE_SHARED names no folder")
    if given.json:
        written = json.dumps({"version": knowledge.version, **measured}, indent=1, ensure_ascii=False)
        given.json.write_text(written + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
