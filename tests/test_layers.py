"""The one-way flow: which module of ours may import which."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BASE = {"kg.errors", "kg.model", "kg.vocabulary", "kg.formats"}
READERS = BASE | {"kg.language", "kg.resolution"}

MAY_IMPORT: dict[str, set[str]] = {
    "kg": set(),
    "kg.errors": set(),
    "kg.model": set(),
    "kg.formats": {"kg.errors"},
    "kg.vocabulary": {"kg.errors"},
    "kg.triples": set(),
    "kg.iris": {"kg.model", "kg.vocabulary"},
    "kg.articles": {"kg.model", "kg.errors", "kg.vocabulary", "kg.dates"},
    "kg.language": {"kg.model", "kg.errors"},
    "kg.dates": {"kg.model", "kg.errors"},
    "kg.resolution": {"kg.model", "kg.language"},
    "kg.actors": READERS,
    "kg.statements": READERS,
    "kg.propositions": READERS,
    "kg.agreements": READERS | {"kg.dates"},
    "kg.confidence": {"kg.errors", "kg.vocabulary"},
    "kg.extraction": READERS | {
        "kg", "kg.confidence", "kg.actors", "kg.statements", "kg.propositions", "kg.agreements", "kg.dates", "kg.iris",
    },
    "kg.graph": {"kg.model", "kg.iris", "kg.triples", "kg.vocabulary"},
    "kg.validation": {"kg.model", "kg.triples", "kg.vocabulary", "kg.errors", "kg.formats"},
    "kg.store": {"kg.formats", "kg.errors"},
    "kg.rights": {"kg.triples", "kg.vocabulary", "kg.errors"},
    "kg.agreement_links": {"kg.vocabulary"},
    "kg.links": {"kg.agreement_links", "kg.vocabulary"},
    "kg.index": {"kg.errors"},
    "kg.release": {"kg", "kg.index", "kg.store", "kg.formats", "kg.vocabulary", "kg.errors"},
    "server": {"kg", "kg.index", "kg.store", "kg.release", "kg.formats", "kg.vocabulary", "kg.errors"},
}
ABOVE_ALL = {"kg.pipeline", "kg.cli", "kg.evaluation"}


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("kg", "server"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, path


def room(name: str) -> str:
    """Return the top module that a name belongs to: `kg.store.embedded` → `kg.store`."""
    parts = name.split(".")
    return "server" if parts[0] == "server" else ".".join(parts[:2])


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module in ("kg", "server"):
                known = {name for name, _ in modules()}
                for alias in node.names:
                    full = f"{node.module}.{alias.name}"
                    yield full if full in known else node.module
            else:
                yield node.module


@pytest.mark.parametrize(("name", "path"), list(modules()), ids=[name for name, _ in modules()])
def test_a_module_imports_only_what_lies_before_it_in_the_flow(name, path):
    here = room(name)
    ours = {room(found) for found in imports(path) if found.split(".")[0] in ("kg", "server", "training", "tests")}
    ours.discard(here)
    if here in ABOVE_ALL:
        assert "server" not in ours
    else:
        assert ours <= MAY_IMPORT[here]


def test_every_row_of_the_table_is_a_module():
    known = {room(name) for name, _ in modules()}
    assert set(MAY_IMPORT) <= known


def test_the_reading_stages_do_not_know_each_other():
    stages = {"kg.statements", "kg.propositions", "kg.agreements", "kg.actors"}
    for stage in stages:
        assert not MAY_IMPORT[stage] & stages


# What is imported under another name than it is installed by, or comes with a package that is declared.
INSTALLED_AS = {"SPARQLWrapper": "sparqlwrapper", "werkzeug": "flask"}


def test_everything_that_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    listed = [*project["dependencies"], *extras["html"], *extras["spacy"]]
    declared = {re.split(r"[<>=!~;\[ ]", line)[0] for line in listed}
    packages = {name.split(".")[0] for _, path in modules() for name in imports(path)}
    foreign = packages - set(sys.stdlib_module_names) - {"kg", "server", "_typeshed"}
    assert {INSTALLED_AS.get(name, name) for name in foreign} <= declared
