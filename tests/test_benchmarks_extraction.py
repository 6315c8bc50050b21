"""The benchmark of reading measures what it says, and leaves the code as it was."""

import kg.extraction
from benchmarks.extraction import SIZES, STAGES, Stopwatch, article_of, articles, measure_stages
from kg.extraction import Knowledge


def test_articles_differ_and_long_ones_have_their_size():
    found = articles(2)
    assert len({article.digest for article in found}) == len(found)
    assert all(0 <= size + len("date 2024-04-24\n\n") - len(article_of(size).text) <= 1 for size in SIZES)


def test_the_stages_make_up_the_whole():
    plain = {name: getattr(kg.extraction, name) for name in STAGES}
    spent = measure_stages(Knowledge.load(), articles()[:1], rounds=1)
    assert plain == {name: getattr(kg.extraction, name) for name in STAGES}
    assert 0 < spent["encoder"] < spent["parser"] < spent["all"]
    assert spent["parser"] + sum(spent[name] for name in STAGES) <= spent["all"]


def test_a_stopwatch_adds_up_and_passes_results_on():
    watch = Stopwatch()
    add = watch.timed("add", lambda one, *, other: one + other)
    assert (add(1, other=2), list(watch.spent)) == (3, ["add"])
