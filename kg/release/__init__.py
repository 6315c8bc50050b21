"""A sealed directory: store, dumps, VoID, validation report and manifest, written whole or not at all.

    OUT/current                  symbolic link to the newest release, replaced in one step
    OUT/releases/ID/             ID is the digest of the contents: the same input gives the same release
        manifest.json            what the release holds, with sizes and checksums; written last
        store/                   Oxigraph, to be opened read-only
        index/                   what pages list, sorted and counted: SQLite
        dump.nq.gz .trig.gz .ttl.gz
        void.ttl                 the data set for machines
        shacl-report.ttl         what did not conform and was left out

The bytes of the dumps and of void.ttl depend on the contents alone. Those of store/ do not (the engine numbers and
dates its files), and the time of making stands in the manifest only. The newest releases stay, older ones are removed.
"""

import fcntl
import gzip
import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any

from kg.errors import ReleaseError, StoreError
from kg.formats import N_QUADS, TRIG, TURTLE
from kg.index import NAME as INDEX
from kg.index import write_index
from kg.release.dumps import write_dumps
from kg.release.runs import Block, Run, blocks_of, merged, write_run
from kg.store import EmbeddedStore
from kg.vocabulary import Vocabulary

logger = logging.getLogger(__name__)
MANIFEST = "manifest.json"
POINTER = "current"
DUMPS = {"dump.nq.gz": N_QUADS, "dump.trig.gz": TRIG, "dump.ttl.gz": TURTLE}
CLASSES = {
    "articles": ("Article",), "statements": ("Statement",), "agreements": ("Agreement",),
    "propositions": ("Proposition",), "actors": ("Person", "State", "Organization", "ActorGroup"),
}
LINKS = {"contradictions": "contradicts", "corroborations": "corroborates", "same agreements": "sameAgreementAs"}
KEEP = 10  # releases that stay for those who still read them
LINES_IN_MEMORY = 200_000  # some 40 MB of N-Quads
RUNS_AT_ONCE = 64          # files merged at a time, well below what a process may hold open


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a release: its size in bytes and its SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an article came from: its key in IRIs, its file name or URL, and the SHA-256 of its text."""

    key: str
    source: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One release, as its manifest describes it.

    `id`: digest of the contents. `base`: base IRI of all our IRIs in it. `files`: by their names below `path`; those
    whose names hold a slash belong to the store and its index, the others are there to be published. `counts`: triples,
    articles, statements, agreements, propositions, the actors that they refer to, and the links between them.
    `version`: what made it. `made_at`: UTC, ISO 8601.
    """

    id: str
    base: str
    path: Path
    files: Mapping[str, File]
    counts: Mapping[str, int]
    sources: tuple[Source, ...]
    version: str
    made_at: str

    @property
    def store_path(self) -> Path:
        """The directory of the store."""
        return self.path / "store"

    @property
    def age(self) -> tuple[str, int]:
        """A key that sorts releases by when they were made, also those of one second."""
        return _age(self.path)


class Draft:
    """A release in the making; on leaving its `with` block without `seal`, or with an error, nothing of it stays.

    Inside the block, `current` is the release that readers get now, None if there is none that is whole.

    Args:
        out: Directory of releases; made if it does not exist.
        base: Base IRI.

    Raises: ReleaseError: `out` cannot be written to, or another build is writing there.
    """

    def __init__(self, out: Path, *, base: str) -> None:
        self.current: Release | None = None
        self._out, self._base = out, base
        self._directory = out / ".draft"
        self._graphs: dict[bytes, list[bytes]] = {}
        self._lines = 0
        self._runs: list[Run] = []
        self._numbered = 0
        self._sorted = Run(self._plain, ())
        self._id = ""
        self._triples = 0

    def __enter__(self) -> "Draft":
        with writing(self._out):
            (self._out / "releases").mkdir(parents=True, exist_ok=True)
            self._lock = (self._out / ".lock").open("w")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                self._lock.close()
                raise ReleaseError(str(self._out), found="another build is writing here",
                                   repair="wait for its end") from error
            self.current = _whole((self._out / POINTER).resolve())
            shutil.rmtree(self._directory, ignore_errors=True)  # left by a build that was killed
            (self._directory / "runs").mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._directory, ignore_errors=True)
        self._lock.close()

    def add(self, lines: Iterable[bytes]) -> None:
        """Add N-Quads lines in canonical form, in any order; doubles are dropped."""
        end, held = b"\0", list[bytes]()
        for line in lines:
            if not line.endswith(end):  # the lines of one graph mostly come together
                graph = line.rsplit(b" ", 2)[1]
                end, held = b" " + graph + b" .\n", self._graphs.setdefault(graph, [])
            held.append(line)
            self._lines += 1
        if self._lines >= LINES_IN_MEMORY:
            self._spill()

    def gather(self, *, derive: Callable[[EmbeddedStore], Iterable[bytes]] = lambda store: ()) -> EmbeddedStore:
        """Sort all that was added, load it into the store of the release, and return that store.

        Args:
            derive: Returns N-Quads lines that follow from the store; they become part of the release.

        Raises: StoreError: a line is no N-Quad.
        """
        self._spill()
        self._merge(self._runs)
        store = EmbeddedStore(self._directory / "loading")
        with self._plain.open("rb") as plain:
            store.load(plain)
        derived = tuple(derive(store))
        if derived:
            with writing(self._out):
                given = self._plain.rename(self._directory / "runs" / "given")
            self._runs = [Run(given, self._sorted.parts)]
            self.add(derived)
            self._spill()
            self._merge(self._runs)
            store.load(BytesIO(b"".join(derived)))
        shutil.rmtree(self._directory / "runs")
        if store.count() != self._triples:
            raise StoreError(store.name, found=f"{self._triples} lines became {store.count()} quads",
                             repair="write the lines with kg.store.n_quads")
        return store

    def seal(
        self, store: EmbeddedStore, *, report: bytes = b"", sources: Iterable[Source] = (), version: str = "",
        keep: int = KEEP,
    ) -> tuple[Release, bool]:
        """Write the release of a gathered store and let `current` point to it.

        Args:
            store: What `gather` returned.
            report: The SHACL report, in Turtle.
            sources: Where the articles came from.
            version: What made them.
            keep: How many releases stay, this one among them; the oldest are removed.

        Returns: The release, and whether it is new; contents that a whole release holds already are not written again.
        """
        target = self._out / "releases" / self._id
        known = _whole(target)
        with writing(self._out):
            if known is None:
                self._write(store, report=report, sources=sources, version=version)
                if target.exists():
                    shutil.rmtree(target)  # damaged, or it would have been found whole
                _sync(self._directory / "sealed")
                (self._directory / "sealed").rename(target)
                _sync_directory(target.parent)
            moved = self._point(target)
            self._remove_old(target, keep=keep)
        return known or open_release(target), moved or known is None

    @property
    def _plain(self) -> Path:
        return self._directory / "dump.nq"

    def _merge(self, runs: Iterable[Run]) -> None:
        """Write sorted files as one, each line once, and note the identifier and the number of triples."""
        digest = hashlib.sha256()

        def digested() -> Iterator[Block]:
            for block in merged(runs):
                digest.update(block.content)
                yield block

        with writing(self._out):
            self._sorted = write_run(self._plain, digested())
        self._triples = sum(part.lines for part in self._sorted.parts)
        self._id = digest.hexdigest()[:16]

    def _remove_old(self, target: Path, *, keep: int) -> None:
        """Remove the oldest releases, damaged ones first; one that is read stays whole until it is out of sight."""
        others = sorted((path for path in target.parent.iterdir() if path != target), key=_age, reverse=True)
        for path in others[keep - 1 :]:
            logger.info("%s: removed, %d newer releases stay", path, keep)
            gone = path.rename(self._directory / f"old-{path.name}")
            shutil.rmtree(gone)

    def _write(self, store: EmbeddedStore, *, report: bytes, sources: Iterable[Source], version: str) -> None:
        sealed = self._directory / "sealed"
        sealed.mkdir()
        counts = {"triples": self._triples, **_counts(store, base=self._base)}
        store.backup(sealed / "store")
        write_index(self._plain, sealed / INDEX, base=self._base)
        write_dumps(self._sorted, {syntax: sealed / name for name, syntax in DUMPS.items()}, base=self._base)
        (sealed / "void.ttl").write_bytes(describe_dataset(counts, base=self._base))
        (sealed / "shacl-report.ttl").write_bytes(report)
        manifest = {
            "id": self._id, "base": self._base, "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "version": version, "counts": counts,
            "files": {
                str(found.relative_to(sealed)): asdict(File(size=found.stat().st_size, sha256=_sha256(found)))
                for found in sorted(sealed.rglob("*")) if found.is_file()
            },
            "sources": [asdict(source) for source in sorted(sources, key=lambda source: source.key)],
        }
        (sealed / MANIFEST).write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def _point(self, target: Path) -> bool:
        """Let the pointer name a release, and return whether it named another before."""
        pointer, beside = self._out / POINTER, self._directory / POINTER
        name = f"releases/{target.name}"
        if pointer.is_symlink() and os.readlink(pointer) == name:
            return False
        beside.symlink_to(name)
        beside.replace(pointer)
        _sync_directory(self._out)
        return True

    def _spill(self) -> None:
        """Write the lines in memory as a sorted run, and merge runs when there are many."""
        with writing(self._out):
            if self._graphs:
                self._run(blocks_of(self._graphs))
                self._graphs, self._lines = {}, 0
            if len(self._runs) >= RUNS_AT_ONCE:
                before, self._runs = self._runs, []
                self._run(merged(before))
                for run in before:
                    run.path.unlink()

    def _run(self, blocks: Iterable[Block]) -> None:
        self._numbered += 1
        self._runs.append(write_run(self._directory / "runs" / str(self._numbered), blocks))


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turn what the system says about writing into a ReleaseError."""
    try:
        yield
    except OSError as error:
        raise ReleaseError(str(out), found=f"cannot be written to ({error.strerror})",
                           repair="make room, or name a directory of your own with --out") from error


def open_release(directory: Path) -> Release:
    """Return the release in a directory: the directory of a release, or one with a pointer `current` to it.

    Sizes are compared with the manifest, checksums are not: that is `verify_release`.

    Raises: ReleaseError: there is no release, or it is half-written or damaged.
    """
    if not directory.is_dir():
        raise ReleaseError(str(directory), found="no such directory",
                           repair=f"build a release with `kg build PATH --out {directory}`")
    path = directory if (directory / MANIFEST).exists() else (directory / POINTER).resolve()
    manifest = path / MANIFEST
    if not manifest.exists():
        found = "half-written release" if (directory / POINTER).is_symlink() or any(directory.glob("*.gz")) else (
            "no release here")
        raise ReleaseError(str(directory), found=found, repair="build one with `kg build PATH --out DIRECTORY`")
    try:
        release = _read_manifest(json.loads(manifest.read_text(encoding="utf-8")), path=path)
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(str(manifest), found=f"damaged ({error!r})", repair="build the release again") from error
    for name, file in release.files.items():
        _check_size(path / name, file=file)
    return release


def verify_release(directory: Path) -> Release:
    """Return the release in a directory after comparing every checksum, the identifier and the number of triples.

    Raises: ReleaseError: as `open_release`, or a file is not what it was; the first such file is named.
    """
    release = open_release(directory)
    for name, file in release.files.items():
        if _sha256(release.path / name) != file.sha256:
            raise ReleaseError(str(release.path / name), found="damaged (its checksum differs)",
                               repair="build the release again")
    digest, triples = hashlib.sha256(), 0
    with gzip.open(release.path / "dump.nq.gz") as dump:
        for line in dump:
            digest.update(line)
            triples += 1
    stored = EmbeddedStore(release.store_path, read_only=True).count()
    if digest.hexdigest()[:16] != release.id or not triples == stored == release.counts["triples"]:
        raise ReleaseError(str(release.path), found="dump, store and identifier do not agree",
                           repair="build the release again")
    return release


def describe_dataset(counts: Mapping[str, int], *, base: str) -> bytes:
    """Return the VoID description of a release in Turtle: what is in it, where it is asked and where it is fetched."""
    classes = "".join(
        f"    void:classPartition [ void:class asa:{names[0]} ; void:entities {counts[name]} ] ;\n"
        for name, names in CLASSES.items() if len(names) == 1
    )
    links = "".join(
        f"    void:propertyPartition [ void:property asa:{link} ; void:triples {counts[name]} ] ;\n"
        for name, link in LINKS.items()
    )
    dumps = " , ".join(f"<{base}dumps/{name}>" for name in DUMPS)
    formats = " , ".join(f"<http://www.w3.org/ns/formats/{name}>" for name in ("N-Quads", "TriG", "Turtle"))
    return f"""\
@prefix asa: <{base}ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix void: <http://rdfs.org/ns/void#> .

<{base}.well-known/void> a void:Dataset ;
    dcterms:title "Actors, statements and agreements in the news"@en ;
    void:sparqlEndpoint <{base}sparql> ;
    void:dataDump {dumps} ;
    void:feature {formats} ;
    void:uriSpace "{base}id/" ;
    void:vocabulary <{base}ns#> , <http://www.w3.org/ns/oa#> , <http://www.w3.org/ns/prov#> , <https://schema.org/> ;
    void:exampleResource <{base}id/state/RUS> ;
    void:triples {counts["triples"]} ;
{classes}{links}    void:documents {counts["articles"]} .
""".encode()


def _counts(store: EmbeddedStore, *, base: str) -> dict[str, int]:
    """Return how many things and links of each kind there are; of the actors only those that something refers to."""
    counts = {}
    for name, classes in CLASSES.items():
        kinds = " ".join(f"asa:{kind}" for kind in classes)
        referred = "" if len(classes) == 1 else (
            "FILTER EXISTS { ?from asa:speaker|asa:onBehalfOf|asa:addressee|asa:channel|asa:about|asa:agent|asa:target"
            "|asa:party|<https://schema.org/mentions> ?thing }"
        )
        query = f"""PREFIX asa: <ns#> SELECT (COUNT(DISTINCT ?thing) AS ?number) WHERE {{
            VALUES ?kind {{ {kinds} }} ?thing a ?kind . {referred} }}"""
        [(number,)] = store.select(query, base=base)
        counts[name] = int(number)
    for name, link in LINKS.items():
        [(number,)] = store.select(f"SELECT (COUNT(*) AS ?number) {{ ?thing <ns#{link}> ?other }}", base=base)
        counts[name] = int(number)
    return counts


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _check_size(path: Path, *, file: File) -> None:
    if not path.is_file():
        raise ReleaseError(str(path), found="missing", repair="build the release again")
    if path.stat().st_size != file.size:
        raise ReleaseError(str(path), found=f"damaged ({path.stat().st_size} bytes instead of {file.size})",
                           repair="build the release again")


def _whole(target: Path) -> Release | None:
    """Return the release in a directory, or None if there is none that is whole."""
    if not target.exists():
        return None
    try:
        return open_release(target)
    except ReleaseError as error:
        logger.warning("%s: written again", error)
        return None


def _read_manifest(manifest: Mapping[str, Any], *, path: Path) -> Release:
    return Release(
        id=str(manifest["id"]), base=Vocabulary(base=manifest["base"]).base, path=path,
        files={str(name): File(**row) for name, row in manifest["files"].items()},
        counts={str(name): int(number) for name, number in manifest["counts"].items()},
        sources=tuple(Source(**row) for row in manifest["sources"]),
        version=str(manifest["version"]), made_at=str(manifest["made_at"]),
    )


def _age(path: Path) -> tuple[str, int]:
    """Return a key that sorts releases by when they were made; what is damaged counts as older than all."""
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        return str(manifest["made_at"]), (path / MANIFEST).stat().st_mtime_ns
    except (OSError, ValueError, KeyError, TypeError):
        return "", 0


def _sync(directory: Path) -> None:
    """Have the system write a directory and all below it to disk."""
    for found in (*directory.rglob("*"), directory):
        if found.is_dir():
            _sync_directory(found)
        else:
            with found.open("rb") as content:
                os.fsync(content.fileno())


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
