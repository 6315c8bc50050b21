"""What reading costs: `python -m benchmarks.extraction [--copies N]`. Pin it to one core; CPU time counts.

Prints what import and model take, articles of 400 words a second with the share of each stage, what a kilobyte costs in
texts of 2, 9 and 60 kB, and what the rest of a build adds. The texts are those of tests/data/development.
"""

import argparse
import gc
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import kg.extraction
import kg.pipeline.work
from kg.articles import read_article
from kg.extraction import Knowledge
from kg.language import Parser
from kg.model import Article
from kg.pipeline import Settings, build
from kg.pipeline.work import worker

TEXTS = Path(__file__).parent.parent / "tests/data/development/texts"
WORDS = 400
SIZES = (2_000, 9_000, 60_000)
STAGES = ("find_actors", "find_times", "find_statements", "read_contents", "find_agreements", "read_duties")
LOADING = """
import time, resource
start = time.process_time()
import kg.extraction
imported = time.process_time()
kg.extraction.Knowledge.load().parser("He left.")
print(imported - start, time.process_time() - imported, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


@dataclass(slots=True)
class Stopwatch:
    """CPU seconds by name."""

    spent: Counter[str] = field(default_factory=Counter)

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that does the same and is timed."""
        def run(*args: Any, **options: Any) -> Any:
            start = time.process_time()
            result = function(*args, **options)
            self.spent[name] += time.process_time() - start
            return result
        return run

    @contextmanager
    def on(self, module: Any, names: Sequence[str]) -> Iterator[None]:
        """Time functions of a module within the block."""
        plain = {name: getattr(module, name) for name in names}
        for name, function in plain.items():
            setattr(module, name, self.timed(name, function))
        try:
            yield
        finally:
            for name, function in plain.items():
                setattr(module, name, function)


def articles(copies: int = 1) -> list[Article]:
    """Return the development texts, each as often as asked for, every time with another last line."""
    return [
        read_article(path.read_bytes() + f"\n\nCopy {number}.\n".encode(), source=f"{path.stem}-{number}.txt")
        for number in range(copies) for path in sorted(TEXTS.glob("*.txt"))
    ]


def article_of(size: int) -> Article:
    """Return the development texts one after another as one article, cut at a number of characters."""
    text = "\n\n".join(path.read_text(encoding="utf-8").partition("\n")[2] for path in sorted(TEXTS.glob("*.txt")))
    return read_article(f"date 2024-04-24\n\n{(text * (1 + size // len(text)))[:size]}".encode(), source="long.txt")


def measure_stages(knowledge: Knowledge, found: Sequence[Article], *, rounds: int) -> Counter[str]:
    """Return the CPU seconds of each stage for all articles, those of the fastest round."""
    best: Counter[str] = Counter()
    for _ in range(rounds):
        watch = Stopwatch()
        encoder = watch.timed("encoder", knowledge.parser.encoder.__call__)
        parser = Parser(_Timed(knowledge.parser.encoder, encoder))
        timed = _replaced(knowledge, watch.timed("parser", parser))
        with watch.on(kg.extraction, STAGES):
            whole = watch.timed("all", kg.extraction.extract)
            for article in found:
                whole(article, knowledge=timed)
        if not best or watch.spent["all"] < best["all"]:
            best = watch.spent
    return best


class _Timed:
    """An encoder that is timed."""

    def __init__(self, encoder: Any, run: Callable[..., Any]) -> None:
        self._encoder, self._run = encoder, run

    def __call__(self, window: Any) -> Any:
        return self._run(window)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)


def _replaced(knowledge: Knowledge, parser: Any) -> Knowledge:
    fields = {name: getattr(knowledge, name) for name in ("registry", "cues", "acts", "terms", "calibration")}
    return Knowledge(parser=parser, **fields)


def measure_rest(knowledge: Knowledge, found: Sequence[Article]) -> tuple[float, float]:
    """Return the CPU seconds of a build and those of it that go into reading."""
    settings, watch = Settings(base="https://example.org/"), Stopwatch()

    def load() -> Knowledge:
        return knowledge

    worker(settings, load)
    with tempfile.TemporaryDirectory() as folder, watch.on(kg.pipeline.work, ["extract"]):
        for article in found:
            (Path(folder) / article.source).write_text(article.text, encoding="utf-8")
        start = time.process_time()
        build([Path(folder)], out=Path(folder) / "out", settings=settings, load=load)
        return time.process_time() - start, watch.spent["extract"]


def show_loading() -> None:
    """Print what a fresh process spends before its first article."""
    run = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True)
    imported, loaded, memory = run.stdout.split()
    print(f"import {float(imported):.2f} s, load and first sentence {float(loaded):.2f} s, {memory} MB")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--copies", type=int, default=4, help="of each text in the build")
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}; CPU times")
    show_loading()
    knowledge, found = Knowledge.load(), articles()
    words = sum(len(article.text.split()) for article in found)
    measure_stages(knowledge, found, rounds=1)
    spent = measure_stages(knowledge, found, rounds=chosen.rounds)
    spent["parser besides the encoder"] = spent.pop("parser") - spent["encoder"]
    whole = spent.pop("all")
    print(f"{words / WORDS / whole:.1f} articles of {WORDS} words a second; milliseconds of each, and share:")
    spent["other"] = whole - sum(spent.values())
    for name, seconds in spent.most_common():
        print(f"  {name:<28}{seconds / words * WORDS * 1000:7.2f}{seconds / whole:8.0%}")
    for size in SIZES:
        article = article_of(size)
        times = max(1, 60_000 // size)
        gc.collect()
        start = time.process_time()
        for _ in range(times):
            kg.extraction.extract(article, knowledge=knowledge)
        print(f"{size / 1000:4.0f} kB: {(time.process_time() - start) / times / size * 1e6:6.1f} ms a kB")
    every = articles(chosen.copies)
    took, reading = measure_rest(knowledge, every)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"build of {len(every)} articles: {took / len(every) * 1000:.0f} ms each, the rest is "
          f"{(took - reading) / reading:.0%} of reading; {memory} MB")


if __name__ == "__main__":
    main()
