"""The files of other makers that the wheel carries: just those that vendor.json names, with their licences."""

import json
import re

import pytest

from server.vendoring import MANIFEST, VENDOR, differences

PACKAGES = json.loads(MANIFEST.read_text(encoding="utf-8"))["packages"]


def test_vendored_files_are_those_that_were_looked_at():
    assert list(differences()) == []


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_each_package_is_pinned_and_licensed(package):
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert package["folder"].endswith(package["version"])
    assert package["integrity"].startswith("sha512-")
    text = (VENDOR / package["folder"] / "LICENSES.txt").read_text(encoding="utf-8")
    assert text.startswith(f"{package['name']} {package['version']}, licence ")
    assert "dompurify" in text
    assert len(package["files"]) == 3
