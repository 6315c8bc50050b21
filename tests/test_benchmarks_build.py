"""The table of what a build costs."""

import kg.pipeline.work
from benchmarks.build import READING, STAGES, Stopwatch, measure, show

TEXT = "date 2024-05-07\n\nForeign Minister Ana Ruiz said on Monday that Chile will sell copper to Peru.\n"


def test_each_stage_of_a_build_is_timed_and_the_table_tells_the_ratio(tmp_path, capsys):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT)
    extract = kg.pipeline.work.extract
    spent, result = measure([tmp_path / "texts"], out=tmp_path / "out")
    assert kg.pipeline.work.extract is extract
    doubtful = {"pySHACL, SPARQL checks", "checks of the whole"}
    assert {stage for stage, seconds in spent.items() if seconds > 0} == {
        "other", *(stage for stage, *_ in STAGES)} - doubtful
    show(spent, result, words=15)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("1 articles of 15 words and ")
    rest = sum(spent.values()) - spent[READING]
    assert lines[-1].startswith(f"the rest of the build is {rest / spent[READING]:.3f} × reading; ")


def test_what_a_stage_within_another_takes_counts_once():
    watch = Stopwatch()
    inner = watch.timed("inner", lambda: sum(range(200_000)))
    watch.timed("outer", inner)()
    assert watch.spent["inner"] > 10 * watch.spent["outer"] > 0
