"""The code is as ruff and mypy --strict want it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("words", [["ruff", "check", "."], ["mypy"]], ids=" ".join)
def test_the_checkers_find_nothing(words):
    found = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
