"""Speed of the parser on one thread: `python -m benchmarks.language`.

Prints one JSON object: seconds to load, and articles of 400 words a second of processor time. The text is made up from
the seeds' length and layout: eight paragraphs of fifty words.
"""

import argparse
import json
import resource
import time

from kg.language import Parser, load_parser

SENTENCES = (
    "The foreign minister said on Monday that the two countries had signed an agreement on military aid in Moscow.",
    "“There is no evidence of such deliveries,” Kremlin spokesman Dmitry Peskov told reporters, denying the reports.",
    "Officials in Washington warned that the partnership could embolden Pyongyang, and urged China to use its weight.",
)
WORDS, PARAGRAPHS = 400, 8


def article() -> str:
    """Return eight paragraphs of fifty words.

    >>> len(article().split())
    400
    """
    words = " ".join(SENTENCES).split() * 8
    share = WORDS // PARAGRAPHS
    return "\n\n".join(" ".join(words[n * share : (n + 1) * share]) for n in range(PARAGRAPHS))


def measure_speed(parser: Parser, *, rounds: int) -> float:
    """Return articles a second of processor time."""
    text = article()
    parser(text)
    began = time.process_time()
    for _ in range(rounds):
        parser(text)
    return rounds / (time.process_time() - began)


def main() -> None:
    """Read the command line, measure, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=40)
    rounds = options.parse_args().rounds
    began = time.process_time()
    parser = load_parser()
    loaded = time.process_time() - began
    speed = measure_speed(parser, rounds=rounds)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    facts = {"model": parser.version, "load_seconds": round(loaded, 2), "articles_per_second": round(speed, 1)}
    print(json.dumps(facts | {"peak_megabytes": memory}))


if __name__ == "__main__":
    main()
