"""What a build costs, stage by stage, from one real build: `python -m benchmarks.build [FOLDER …] [--reuse]`.

Prints CPU milliseconds of each stage for an article and for 400 words, and all stages but reading against reading. The
texts are those of seeds/ and tests/data, unless folders are named; some hundred texts that are all different tell more
(write each to a file of its own, with a first line such as `date 2016-05-01`). With `--reuse` a second build takes all
articles from the cache of the first. Pin it to one core: what the store does in other threads counts as well.
"""

import argparse
import importlib
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from kg.extraction import Knowledge
from kg.pipeline import BuildResult, Settings, build
from kg.pipeline.work import worker

ROOT = Path(__file__).parent.parent
TEXTS = (ROOT / "seeds", ROOT / "tests" / "data")
WORDS = 400
READING = "reading (text to records)"
# Stage, module, class in it or "", and functions whose time is that of the stage, without that of stages within.
STAGES = (
    ("layout of the file", "kg.articles", "", ("read_article",)),
    (READING, "kg.pipeline.work", "", ("extract",)),
    ("records to triples", "kg.pipeline.work", "", ("write_triples",)),
    ("compiled shapes", "kg.validation", "CompiledShapes", ("accepts",)),
    ("proofs of the checks", "kg.validation", "Proofs", ("hold",)),
    ("pySHACL, SPARQL checks", "kg.pipeline.work", "", ("validate_batch", "check_release", "misquotes")),
    ("checks of the whole", "kg.pipeline.build", "", ("check_release",)),
    ("triples to N-Quads", "kg.triples", "Triples", ("lines",)),
    ("cache", "kg.pipeline.cache", "Cache", ("get", "put", "sweep")),
    ("sort and merge", "kg.release", "Draft", ("add", "gather")),
    ("load into the store", "kg.store", "EmbeddedStore", ("load",)),
    ("links", "kg.pipeline.build", "", ("derive_links",)),
    ("index of pages", "kg.release", "", ("write_index",)),
    ("dumps", "kg.release", "", ("write_dumps",)),
    ("counts, sums, seal", "kg.release", "Draft", ("seal",)),
)


class Stopwatch:
    """CPU seconds by stage; what a stage within another one takes counts for that one alone."""

    def __init__(self) -> None:
        self.spent: Counter[str] = Counter()
        self._inner = [0.0]

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and is timed."""
        @wraps(function)
        def run(*args: Any, **options: Any) -> Any:
            self._inner.append(0.0)
            start = time.process_time()
            try:
                return function(*args, **options)
            finally:
                took = time.process_time() - start
                self.spent[stage] += took - self._inner.pop()
                self._inner[-1] += took
        return run

    @contextmanager
    def on(self, stages: Sequence[tuple[str, str, str, tuple[str, ...]]]) -> Iterator[None]:
        """Time the functions of stages within the block."""
        plain = []
        for stage, module, kind, names in stages:
            place = importlib.import_module(module)
            place = getattr(place, kind) if kind else place
            for name in names:
                plain.append((place, name, getattr(place, name)))
                setattr(place, name, self.timed(stage, getattr(place, name)))
        try:
            yield
        finally:
            for place, name, function in plain:
                setattr(place, name, function)


def measure(folders: Sequence[Path], *, out: Path) -> tuple[Counter[str], BuildResult]:
    """Return the CPU seconds of each stage of one build, and what it built."""
    settings, knowledge, watch = Settings(base="https://example.org/"), Knowledge.load(), Stopwatch()

    def load() -> Knowledge:
        return knowledge

    worker(settings, load)
    with watch.on(STAGES):
        result = watch.timed("other", build)(folders, out=out, settings=settings, load=load)
    return watch.spent, result


def show(spent: Counter[str], result: BuildResult, *, words: int) -> None:
    """Print a table."""
    count, triples = len(result.outcomes), result.release.counts["triples"] if result.release else 0
    print(f"{count} articles of {words / count:.0f} words and {triples / count:.0f} triples; "
          f"CPU milliseconds of an article, and of {WORDS} words:")
    rest = sum(spent.values()) - spent[READING]
    for stage, seconds in [*spent.most_common(), ("all but reading", rest)]:
        print(f"  {stage:<28}{seconds / count * 1000:8.2f}{seconds / words * WORDS * 1000:8.2f}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    ratio = f"{rest / spent[READING]:.3f} × reading; " if spent[READING] else ""
    print(f"the rest of the build is {ratio}{memory} MB")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folders", nargs="*", type=Path, default=TEXTS, help="of articles")
    options.add_argument("--reuse", action="store_true", help="measure a second build too, of the same articles")
    chosen = options.parse_args()
    words = sum(len(path.read_text(encoding="utf-8").split())
                for folder in chosen.folders for path in folder.rglob("*.txt"))
    with tempfile.TemporaryDirectory() as out:
        show(*measure(chosen.folders, out=Path(out)), words=words)
        if chosen.reuse:
            (Path(out) / "current").unlink()
            for release in (Path(out) / "releases").iterdir():
                release.rename(Path(out) / "before")
            show(*measure(chosen.folders, out=Path(out)), words=words)


if __name__ == "__main__":
    main()
