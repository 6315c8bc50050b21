"""Choose the constants at the top of `kg/language/decoding.py`: `python -m training.tune CORPORA [--model DIR]`.

Runs the encoder over PolNeAR dev once, then changes one number at a time as long as the sum of the figures grows, and
prints what it found. The figures of a model are a little flattering on the texts on which its constants were chosen.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from kg.language import decoding
from kg.language.decoding import Bars, Scores
from kg.language.encoder import Encoder
from kg.language.parser import attribution_of, renumbered
from kg.language.tokenizer import load_tokenizer
from kg.language.tokens import Tokens, find_blocks, split_tokens
from kg.language.windows import cut_windows
from training.corpora import ROLES, read_lines
from training.evaluate import item_of, pairs_of, scored_tokens
from training.measures import Item, Tally, add_attributions

WEIGHTS = {"cue exact": 1.0, "source exact": 1.0, "content exact": 1.0, "content overlap": 1.0, "all exact": 1.5,
           "relation": 2.0}
STEPS = (-1.0, -0.5, -0.25, 0.25, 0.5, 1.0)
LEAST = 1e-4  # gain for which a change is kept
Numbers = tuple[float, ...]  # costs of tags (three a role), then the bars of sources and contents


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """One article as the encoder scored it: tokens, scores of each window with its tokens' numbers, and the gold."""

    tokens: Tokens
    windows: tuple[tuple[list[int], Scores, Scores], ...]
    places: list[int]
    gold: list[Item]


def read_corpus(path: Path, *, encoder: Encoder) -> Iterator[ReadArticle]:
    """Yield the articles of an attribution corpus with what the encoder says of them."""
    tokenizer = load_tokenizer()
    for record in read_lines(path):
        text = record["text"]
        tokens = split_tokens(text, blocks=find_blocks(text), tokenizer=tokenizer)
        numbers, words, gaps = tokens.inside()
        windows = []
        for window in cut_windows(words, gaps, pieces=encoder.pieces):
            scores = encoder(window)
            windows.append((numbers[window.start : window.stop], scores.roles.copy(), scores.links.copy()))
        places = scored_tokens(text)
        gold = [item_of(places, each) for each in record["attributions"]]
        yield ReadArticle(tokens=tokens, windows=tuple(windows), places=places, gold=gold)


def numbers_now() -> Numbers:
    """Return the constants as they are."""
    return (*decoding.TAG_COSTS.ravel().tolist(), *decoding.SOURCE_BARS, *decoding.CONTENT_BARS)


def use(numbers: Numbers) -> None:
    """Decode with other constants from now on."""
    decoding.TAG_COSTS = np.array(numbers[:9], np.float32).reshape(3, 3)
    decoding.SOURCE_BARS, decoding.CONTENT_BARS = Bars(*numbers[9:12]), Bars(*numbers[12:])


def figures_of(articles: list[ReadArticle], numbers: Numbers) -> Mapping[str, float]:
    """Return the figures under some constants."""
    use(numbers)
    tally = Tally()
    for article in articles:
        found = [
            item_of(article.places, {role: pairs_of(getattr(each, role)) for role in ROLES})
            for here, roles, links in article.windows
            for each in (attribution_of(renumbered(linked, here), article.tokens)
                         for linked in decoding.link_cues(roles.copy(), links))
        ]
        add_attributions(tally, found, article.gold)
    return tally.figures()


def total(figures: Mapping[str, float]) -> float:
    """Return the weighted sum that is made as great as possible."""
    return sum(weight * figures[name] for name, weight in WEIGHTS.items())


def tune(articles: list[ReadArticle], *, rounds: int) -> tuple[Numbers, Mapping[str, float]]:
    """Return the best constants found, and their figures; a round tries each number up and down."""
    best = numbers_now()
    figures = figures_of(articles, best)
    for _ in range(rounds):
        before = total(figures)
        for place in range(len(best)):
            for step in STEPS:
                tried = (*best[:place], round(best[place] + step, 2), *best[place + 1 :])
                found = figures_of(articles, tried)
                if total(found) > total(figures) + LEAST:
                    best, figures = tried, found
        if total(figures) < before + LEAST:
            break
    return best, figures


def main() -> None:
    """Read the command line, tune, and print the constants with the figures before and after."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--model", type=Path, default=Path(str(resources.files("kg.language"))) / "model")
    parser.add_argument("--rounds", type=int, default=4)
    arguments = parser.parse_args()
    path = arguments.corpora / "attribution/polnear-dev.jsonl.gz"
    articles = list(read_corpus(path, encoder=Encoder(arguments.model)))
    print("before", figures_of(articles, numbers_now()))
    best, figures = tune(articles, rounds=arguments.rounds)
    print("after", figures)
    use(best)
    print(f"SOURCE_BARS, CONTENT_BARS = {decoding.SOURCE_BARS}, {decoding.CONTENT_BARS}")
    print(f"TAG_COSTS = {decoding.TAG_COSTS.round(2).tolist()}")


if __name__ == "__main__":
    main()
