"""The release that is served, and the move to the next one while requests go on."""

import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import pyoxigraph

from kg.errors import KgError, ReleaseError, StoreError
from kg.release import Release, open_release
from server.index import Index
from server.pool import Pool
from server.settings import Settings

logger = logging.getLogger(__name__)
LOOK = 0.2  # seconds between looks at the pointer
AGAIN = 5.0  # seconds before a release that could not be opened is tried once more
POINTER = "current"
LABEL = pyoxigraph.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
ALT_LABEL = pyoxigraph.NamedNode("http://www.w3.org/2004/02/skos/core#altLabel")
PAGE_WORKERS = 1  # processes for the queries of pages, beside those of the settings


@dataclass(slots=True, kw_only=True)
class Answer:
    """A finished representation: bytes, media type, the entity tag that names them, and headers of its own.

    A large one is in a `file` of `size` bytes, `coding` tells whether they are packed, and it is answered with once.
    """

    body: bytes
    media_type: str
    tag: str
    headers: tuple[tuple[str, str], ...] = ()
    file: BinaryIO | None = None
    size: int = 0
    coding: str = ""


class Kept:
    """Answers kept up to a number of bytes, the least recently used of them leaving first."""

    def __init__(self, size: int) -> None:
        self._size, self._used = size, 0
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    @property
    def used(self) -> int:
        """The bytes that the kept answers need."""
        return self._used

    def get(self, key: Hashable) -> Answer | None:
        """Return a kept answer."""
        with self._lock:
            answer = self._answers.get(key)
            if answer is not None:
                self._answers.move_to_end(key)
            return answer

    def put(self, key: Hashable, answer: Answer) -> None:
        """Keep an answer, unless it would need more than an eighth of all the room."""
        if answer.file is not None or len(answer.body) > self._size // 8:
            return
        with self._lock:
            if key in self._answers:
                return
            self._answers[key] = answer
            self._used += len(answer.body) + 1000
            while self._used > self._size:
                self._used -= len(self._answers.popitem(last=False)[1].body) + 1000


@dataclass(kw_only=True)
class Publication:
    """One opened release: its store, the workers over it and the answers kept for it.

    `queries` runs what clients ask, `pool` what pages ask: with a worker of its own, a page never waits for a query.
    """

    release: Release
    store: pyoxigraph.Store
    pool: Pool
    queries: Pool
    kept: Kept
    settings: Settings
    index: Index
    users: int = 0
    retired: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    earlier: tuple[tuple[str, pyoxigraph.Store], ...] | None = None  # opened when something is not found

    @classmethod
    def open(cls, directory: Path, *, settings: Settings) -> "Publication":
        """Open the release in a directory and start its workers.

        Raises: ReleaseError: there is no whole release. StoreError: its store cannot be opened.
        """
        release = open_release(directory)
        index = Index(release.path)
        try:
            store = pyoxigraph.Store.read_only(str(release.store_path))
        except OSError as error:
            raise StoreError(str(release.store_path), found=f"cannot open it ({error})",
                             repair="build the release again") from error
        pool = Pool(store_path=release.store_path, settings=replace(settings, workers=PAGE_WORKERS), spare=0)
        queries = Pool(store_path=release.store_path, settings=settings)
        try:
            pool.start()
            queries.start()
        except KgError:
            pool.close()
            queries.close()
            raise
        return cls(release=release, store=store, pool=pool, queries=queries, kept=Kept(settings.kept_bytes),
                   settings=settings, index=index)

    def close(self) -> None:
        """End the workers, and close the index."""
        self.pool.close()
        self.queries.close()
        self.index.close()

    def last_told(self, node: pyoxigraph.NamedNode) -> tuple[str, tuple[pyoxigraph.Literal, ...]]:
        """Return the last of the earlier releases that are still there and told of a thing, and its names there."""
        with self.lock:
            if self.earlier is None:
                self.earlier = tuple(_earlier(self.release))
        for name, store in self.earlier:
            if any(True for _ in store.quads_for_pattern(node, None, None)):
                names = (quad.object for quad in store.quads_for_pattern(node, LABEL, None))
                return name, tuple(found for found in names if isinstance(found, pyoxigraph.Literal))
        return "", ()

    def registered(self, names: Iterable[pyoxigraph.Literal]) -> pyoxigraph.NamedNode | None:
        """Return the known actor that has one of some names, if there is just one."""
        graph = pyoxigraph.NamedNode(f"{self.release.base}graph/registry")
        texts = {found.value for found in names}
        spelt = [pyoxigraph.Literal(text, language=language) for text in texts for language in ("en", None)]
        found = {quad.subject for name in spelt for predicate in (LABEL, ALT_LABEL)
                 for quad in self.store.quads_for_pattern(None, predicate, name, graph)}
        if len(found) != 1:
            return None
        [actor] = found
        return actor if isinstance(actor, pyoxigraph.NamedNode) else None

    def leave(self) -> None:
        """End one use; the last user of a retired publication closes it."""
        with self.lock:
            self.users -= 1
            last = self.retired and self.users == 0
        if last:
            self.close()

    def retire(self) -> None:
        """Close as soon as nobody uses it."""
        with self.lock:
            self.retired = True
            last = self.users == 0
        if last:
            self.close()


def _earlier(release: Release) -> Iterator[tuple[str, pyoxigraph.Store]]:
    """Yield name and store of each release of the same base beside one that was made before it, newest first."""
    found: list[Release] = []
    for path in release.path.parent.iterdir() if release.path.parent.name == "releases" else ():
        if path == release.path:
            continue
        try:
            other = open_release(path)
        except ReleaseError as error:
            logger.info("%s: not looked into", error)
            continue
        if (other.base, other.made_at <= release.made_at) == (release.base, True):
            found.append(other)
    for other in sorted(found, key=lambda other: other.age, reverse=True):
        try:
            store = pyoxigraph.Store.read_only(str(other.store_path))
        except OSError as error:
            logger.info("%s: not looked into (%s)", other.store_path, error)
            continue
        yield other.id, store


class Publisher:
    """Serves what the release pointer of a directory names, and follows when it moves.

    `directory` holds the pointer `current`, or is itself a release.
    """

    def __init__(self, directory: Path, *, settings: Settings) -> None:
        self._settings = settings
        pointer = directory / POINTER
        self._pointer = pointer if pointer.exists() else directory
        self._seen = self._identity()
        self._current = Publication.open(self._pointer.resolve(), settings=settings)
        self._lock, self._moving = threading.Lock(), threading.Lock()
        self._closing: list[Callable[[], None]] = []
        self._failed: tuple[int, int] | None = None
        self._failed_at = 0.0
        self._look_at = 0.0

    @contextmanager
    def use(self) -> Iterator[Publication]:
        """Give the current publication, which stays open at least as long as it is used."""
        publication = self.enter()
        try:
            yield publication
        finally:
            publication.leave()

    def enter(self) -> Publication:
        """Return the current publication; the caller calls its `leave`."""
        if time.monotonic() > self._look_at and self._moving.acquire(blocking=False):
            try:
                self._look_at = time.monotonic() + LOOK
                identity = self._identity()
                if identity not in (self._seen, None):
                    self._move(identity)
            finally:
                self._moving.release()
        with self._lock:
            publication = self._current
            with publication.lock:
                publication.users += 1
        return publication

    @property
    def base(self) -> str:
        """The base IRI of the release that is served now."""
        return self._current.release.base

    @property
    def current_id(self) -> str:
        """The name of the release that is served now."""
        return self._current.release.id

    def on_close(self, action: Callable[[], None]) -> None:
        """Let something else be closed before the workers end."""
        self._closing.append(action)

    def close(self) -> None:
        """End the workers."""
        for action in self._closing:
            action()
        self._current.close()

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._pointer)
        except FileNotFoundError:
            return None
        return found.st_dev, found.st_ino

    def _move(self, identity: tuple[int, int] | None) -> None:
        if identity == self._failed and time.monotonic() < self._failed_at + AGAIN:
            return
        try:
            following = Publication.open(self._pointer.resolve(), settings=self._settings)
        except (ReleaseError, StoreError) as error:
            logger.warning("%s: still serving release %s", error, self._current.release.id)
            self._failed, self._failed_at = identity, time.monotonic()
            return
        with self._lock:
            before, self._current = self._current, following
        self._seen = identity
        logger.info("now serving release %s instead of %s", following.release.id, before.release.id)
        before.retire()
