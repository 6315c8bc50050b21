"""The README says what is true: its commands exist, its options too, and its query gives an answer."""

import re
import shlex
from pathlib import Path

import click
import pytest

from benchmarks.quality import GOLD_BASE, gold_store
from kg.cli import main
from kg.evaluation import rows
from kg.vocabulary import DEFAULT_BASE, Vocabulary

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LINES = [line.strip() for line in README.splitlines() if line.startswith("    ")]
KG_LINES = [shlex.split(line, comments=True) for line in LINES if line.startswith("kg ")]


def options(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts if name.startswith("--")}


@pytest.mark.parametrize("words", KG_LINES, ids=" ".join)
def test_every_command_of_the_readme_exists_with_its_options(words):
    command = main.get_command(click.Context(main), words[1])
    assert command is not None
    assert {word for word in words if word.startswith("--")} <= options(command)


def test_every_command_and_option_is_documented():
    documented = README + (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    context = click.Context(main)
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        assert f"kg {name}" in documented, name
        for option in options(command) - {"--help"}:
            assert option in documented, f"kg {name} {option}"


def test_there_is_one_line_that_runs_and_one_that_tests():
    lines = [line for line in LINES if line.startswith("python3 -m venv")]
    assert [("kg demo" in line, "pytest" in line) for line in lines] == [(True, False), (False, True)]


def test_files_that_the_readme_links_exist():
    targets = [target for target in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in target]
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target


def test_the_query_of_the_readme_finds_the_contradiction():
    [query] = re.findall(r"```sparql\n(.*?)```", README, re.DOTALL)
    found = rows(gold_store(), query.replace(DEFAULT_BASE, GOLD_BASE), vocabulary=Vocabulary(base=GOLD_BASE))
    assert ("Dmitry Peskov", "Kurt Campbell") in {(row["denier"], row["asserter"]) for row in found}


def test_every_runtime_dependency_says_why_it_is_there():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.search(r"^dependencies = \[\n(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    assert listed is not None
    for line in listed.group(1).splitlines():
        assert re.fullmatch(r'    "[a-z0-9_-]+[^"]*", +# .+', line), line
