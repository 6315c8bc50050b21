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
    assert len(package["files"]) == 3


def test_the_licences_of_what_is_bundled_in_the_editor_are_there():
    text = (VENDOR / PACKAGES[0]["folder"] / "LICENSES.txt").read_text(encoding="utf-8")
    assert "dompurify" in text


def test_every_package_may_be_used_by_anybody():
    assert {package["name"]: package["licence"].partition("licence ")[2][:3] for package in PACKAGES} == {
        "@zazuko/yasgui": "MIT", "oxigraph": "MIT"}
