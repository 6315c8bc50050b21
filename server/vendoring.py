"""Re-makes server/static/vendor: a developer's command, never run by the server.

    python -m server.vendoring            needs npm; writes what vendor.json names, and its new hashes
    python -m server.vendoring --check    needs nothing; compares the files with vendor.json

To take another version, write it and the package's integrity into vendor.json, run the command and look at the diff.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kg.errors import KgError

VENDOR = Path(__file__).parent / "static" / "vendor"
MANIFEST = VENDOR / "vendor.json"
LICENCES = "LICENSES.txt"
_NODE_MODULE = re.compile(r"node_modules/((?:@[^/]+/)?[^/]+)")
_LICENCE = re.compile(r"licen[cs]e", re.IGNORECASE)


def digest(data: bytes) -> str:
    """Return the SHA-256 of a file's content, in hex."""
    return hashlib.sha256(data).hexdigest()


def differences() -> Iterator[str]:
    """Yield each file that is missing, unknown, or not the one that vendor.json names."""
    named: set[Path] = {MANIFEST}
    for package in json.loads(MANIFEST.read_text(encoding="utf-8"))["packages"]:
        folder = VENDOR / package["folder"]
        for name, expected in package["files"].items():
            path = folder / name
            named.add(path)
            if not path.is_file():
                yield f"{path.relative_to(VENDOR)}: missing"
            elif digest(path.read_bytes()) != expected:
                yield f"{path.relative_to(VENDOR)}: another content than vendor.json names"
    for path in sorted(VENDOR.rglob("*")):
        if path.is_file() and path not in named:
            yield f"{path.relative_to(VENDOR)}: not in vendor.json"


def renew(package: dict[str, Any], scratch: Path) -> dict[str, str]:
    """Write the files of one package and the licences of all that is bundled in them; return their hashes.

    Raises: KgError: the package is not the one that vendor.json names.
    """
    wanted = f"{package['name']}@{package['version']}"
    made = json.loads(_npm("pack", "--json", wanted, cwd=scratch))[0]
    archive = scratch / made["filename"]
    integrity = "sha512-" + b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if integrity != package["integrity"]:
        raise KgError(wanted, found=f"its integrity is {integrity}", repair="compare vendor.json before taking it")
    folder = VENDOR / package["folder"]
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as found:
        for source in package["take"]:
            (folder / Path(source).name).write_bytes(_member(found, source))
        sources = json.loads(_member(found, package["map"]))["sources"] if "map" in package else ()
        bundled = sorted({names[-1] for source in sources if (names := _NODE_MODULE.findall(source))})
    _npm("install", "--ignore-scripts", "--no-audit", "--no-fund", wanted, cwd=scratch)
    texts = [package["licence"], *(_licence(scratch / "node_modules" / name) for name in bundled)]
    (folder / LICENCES).write_text(f"\n{'=' * 80}\n".join(texts), encoding="utf-8")
    return {name: digest((folder / name).read_bytes())
            for name in sorted((*(Path(source).name for source in package["take"]), LICENCES))}


def _npm(*arguments: str, cwd: Path) -> str:
    return subprocess.run(["npm", *arguments], cwd=cwd, capture_output=True, text=True, check=True).stdout


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    content = archive.extractfile(name)
    if content is None:
        raise KgError(name, found="no file of the package", repair="correct vendor.json")
    return content.read()


def _licence(folder: Path) -> str:
    """Return name, version, licence and licence texts of an installed package."""
    facts = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    head = f"{facts['name']} {facts['version']}, licence {facts.get('license', 'see below')}\n\n"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())
             if path.is_file() and _LICENCE.search(path.name)]
    return head + "\n".join(texts).replace("\r\n", "\n")


def main() -> None:
    """Compare or re-make the vendored files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare the files with vendor.json")
    if not parser.parse_args().check:
        manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
        for package in manifest["packages"]:
            with tempfile.TemporaryDirectory() as scratch:
                package["files"] = renew(package, Path(scratch))
        MANIFEST.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    found = list(differences())
    sys.stderr.write("".join(f"{line}\n" for line in found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
