"""Keeps the quads of articles between builds: an article that did not change is not read again."""

import hashlib
import json
import logging
import shutil
from dataclasses import asdict
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from kg.model import Article
from kg.pipeline.work import Done, Outcome, Settings
from kg.release import writing

logger = logging.getLogger(__name__)


class Cache:
    """Quads of articles by text, source, settings and version of everything that reads them.

    Args:
        directory: Where they are kept; made if it does not exist.
        version: Version of encoder and ontology; the code's own is added here.
        settings: What else the quads depend on.

    Raises: ReleaseError: the directory cannot be written to.
    """

    def __init__(self, directory: Path, *, version: str, settings: Settings) -> None:
        self._directory = directory
        self._shelf = directory / _digest(version, code_digest(), repr(settings))
        with writing(directory):
            self._shelf.mkdir(parents=True, exist_ok=True)

    def get(self, article: Article) -> Done | None:
        """Return what became of an article in an earlier build, if it was published and is kept whole."""
        try:
            head, *lines = self._place(article).read_bytes().splitlines(keepends=True)
        except (FileNotFoundError, ValueError):
            return None
        try:
            kept = json.loads(head.removeprefix(b"# "))
        except ValueError:
            return None
        if kept.pop("sha256", "") != hashlib.sha256(b"".join(lines)).hexdigest():
            logger.info("%s: kept quads are damaged, reading it again", article.source)
            return None
        kept["messages"] = tuple(kept["messages"])
        is_proven = kept.pop("is_proven", False)
        return Done(outcome=Outcome(**kept, status="reused"), lines=tuple(lines), is_proven=is_proven)

    def put(self, article: Article, done: Done) -> None:
        """Keep a published article; the file appears whole or not at all."""
        if done.outcome.status != "published":
            return
        head = asdict(done.outcome) | {"sha256": hashlib.sha256(b"".join(done.lines)).hexdigest(),
                                       "is_proven": done.is_proven}
        del head["status"]
        place = self._place(article)
        with writing(self._directory):
            place.parent.mkdir(exist_ok=True)
            beside = place.with_suffix(".new")
            beside.write_bytes(b"# " + json.dumps(head).encode() + b"\n" + b"".join(done.lines))
            beside.replace(place)

    def sweep(self) -> None:
        """Forget what other versions and settings kept."""
        for shelf in self._directory.iterdir():
            if shelf != self._shelf:
                shutil.rmtree(shelf, ignore_errors=True)

    def _place(self, article: Article) -> Path:
        name = _digest(article.text, article.source)
        return self._shelf / name[:2] / f"{name}.nq"


def code_digest() -> str:
    """Return a digest of the Python files of this package."""
    digest = hashlib.sha256()
    for name, content in _python_files(files("kg"), ""):
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def _python_files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _python_files(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(".py"):
            found.append((prefix + entry.name, entry.read_bytes()))
    return found


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
