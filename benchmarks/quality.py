"""Quality of the extraction: `python -m benchmarks.quality [SHARED]`.

Prints the figures on the two seeds against their gold under tests/golden/. With a folder of development data (argument
or COMMUNIQUE_SHARED; it holds gold/dev, tools and corpora) it also scores the development articles and the
attribution corpus with the scorers that lie there.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path

import pyoxigraph

from kg.articles import read_articles
from kg.errors import ArticleError
from kg.evaluation import compare_queries, score, wrong_offsets
from kg.extraction import Knowledge, extract
from kg.graph import describe, shared_graphs
from kg.model import Extraction
from kg.vocabulary import Vocabulary

GOLD = Path(__file__).parent.parent / "tests" / "golden"
GOLD_BASE = "https://example.org/"
OPTIONAL = {  # borderline speech acts of the gold, by cue start
    "000_a8747e8f6435d86b.txt": frozenset({634, 790, 1886}),
    "004_038f5d126ba7fa0a.txt": frozenset({33, 1318, 1400, 2094}),
}


def seeds() -> list[Path]:
    """Return the seed articles that ship with the package."""
    return sorted(Path(str(entry)) for entry in files("seeds").iterdir() if entry.name.endswith(".txt"))


def gold_store() -> pyoxigraph.Store:
    """Return the gold of the seeds with the ontology, the schemes and the registry."""
    store = pyoxigraph.Store()
    for path in sorted(GOLD.glob("seed-*.ttl")):
        store.bulk_load(path=str(path), format=pyoxigraph.RdfFormat.TURTLE)
    for graph in shared_graphs(Vocabulary(base=GOLD_BASE)).values():
        store.bulk_load(graph.serialize(format="nt").encode(), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return store


def built_store(extractions: Iterable[Extraction], *, vocabulary: Vocabulary, mentions: str = "all") -> pyoxigraph.Store:
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


def print_seeds(knowledge: Knowledge) -> None:
    """Print the figures on the seeds."""
    vocabulary = Vocabulary(base=GOLD_BASE)
    found = tuple(extractions_of(seeds(), knowledge=knowledge))
    built, gold = built_store(found, vocabulary=vocabulary), gold_store()
    result = score(built, gold, vocabulary=vocabulary, optional=OPTIONAL)
    texts = {extraction.article.source: extraction.article.text for extraction in found}
    print("\n".join(f"  {line}" for line in result.errors))
    print(f"seeds: statements P {result.precision:.2f} R {result.recall:.2f} F1 {result.f1:.2f}"
          f"  speaker {result.speaker}/{result.found}  stance {result.stance}/{result.found}"
          f"  polarity {result.polarity}/{result.found}"
          f"  agreements {result.agreements}/{result.gold_agreements} (+{result.extra_agreements})"
          f"  wrong offsets {len(wrong_offsets(built, texts=texts, vocabulary=vocabulary))}")
    compared = compare_queries(built, gold, vocabulary=vocabulary)
    for name, (wanted, missing, extra) in compared.items():
        print(f"  {name}: {wanted} rows in the gold, {missing} missing, {extra} more")
    print(f"queries: {sum(missing for _, missing, _ in compared.values())} rows missing, "
          f"{sum(extra for *_, extra in compared.values())} more")


def print_development(knowledge: Knowledge, shared: Path) -> None:
    """Print the figures on the development articles, with the scorer that comes with them."""
    folder = shared / "gold" / "dev"
    found = tuple(extractions_of(sorted((folder / "texts").glob("*.txt")), knowledge=knowledge))
    store = built_store(found, vocabulary=Vocabulary())
    with tempfile.TemporaryDirectory() as place:
        dump = Path(place) / "dev.nq"
        store.dump(str(dump), pyoxigraph.RdfFormat.N_QUADS)
        scorer = [sys.executable, str(shared / "tools" / "score_gold.py"), str(folder / "gold"), str(folder / "texts"),
                  str(dump)]
        print(subprocess.run(scorer, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Print all the figures that the data at hand allow."""
    knowledge = Knowledge.load()
    print_seeds(knowledge)
    shared = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("COMMUNIQUE_SHARED", "")
    if shared:
        print_development(knowledge, Path(shared))
    else:
        print("development articles: skipped, COMMUNIQUE_SHARED names no folder")


if __name__ == "__main__":
    main()
