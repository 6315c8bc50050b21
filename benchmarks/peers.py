"""The servers that ours is measured beside, each started over the same release: oxigraph, rdflib-endpoint, Virtuoso.

Each is a program of its own, taken from the path; PEERS tells how it is installed. One that is not there is left out
with a line that says so.
"""

import gzip
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import TypeAlias

from kg.release import Release

WARM_UP = 20
START = 120.0  # seconds that a server may take to read the release
VIRTUOSO = """
[Database]
DatabaseFile = {directory}/v.db
ErrorLogFile = {directory}/v.log
LockFile = {directory}/v.lck
TransactionFile = {directory}/v.trx
xa_persistent_file = {directory}/v.pxa
[TempDatabase]
DatabaseFile = {directory}/t.db
TransactionFile = {directory}/t.trx
[Parameters]
ServerPort = {sql}
DirsAllowed = {directory}
NumberOfBuffers = 40000
MaxDirtyBuffers = 30000
[HTTPServer]
ServerPort = {port}
ServerRoot = {directory}
[SPARQL]
ResultSetMaxRows = 100000
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its name, process and port, and where it answers queries."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    path: str

    def cpu(self) -> float:
        """Return the CPU seconds that the server and its children have used, threads that ended included."""
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True,
                                  check=False).stdout.split()
        ticks = 0
        for pid in (str(self.process.pid), *children):
            columns = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += int(columns[11]) + int(columns[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def measure(self, paths: Iterator[str], *, accept: str, requests: int) -> float:
        """Return the CPU microseconds per request, over one connection where the server keeps it open."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        before = 0.0
        for number in range(requests + WARM_UP):
            if number == WARM_UP:
                before = self.cpu()
            connection.request("GET", next(paths), headers={"Accept": accept})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise SystemExit(f"{self.name}: HTTP {response.status}: {body[:200]!r}")
        connection.close()
        return (self.cpu() - before) / requests * 1e6


def free_port() -> int:
    """Return a port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def running(name: str, command: list[str], port: int, path: str) -> Iterator[Server]:
    """Run a server until it answers, and end it afterwards."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + START
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    if process.poll() is not None or time.monotonic() > until:
                        raise SystemExit(f"{name}: did not start: {' '.join(command)}") from None
                    time.sleep(0.05)
            yield Server(name, process, port, path)
        finally:
            process.terminate()


@contextmanager
def oxigraph(release: Release) -> Iterator[Server]:
    """Run `oxigraph serve-read-only` over the store of a release."""
    port = free_port()
    command = ["oxigraph", "serve-read-only", "--location", str(release.store_path), "--bind", f"127.0.0.1:{port}"]
    with running("oxigraph", command, port, "/query?union-default-graph&query=") as server:
        yield server


@contextmanager
def rdflib_endpoint(release: Release) -> Iterator[Server]:
    """Run rdflib-endpoint, which reads the dump of a release into memory."""
    port = free_port()
    with unpacked(release) as dump:
        command = ["rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", str(port), str(dump)]
        with running("rdflib-endpoint", command, port, "/?query=") as server:
            yield server


@contextmanager
def virtuoso(release: Release) -> Iterator[Server]:
    """Run Virtuoso with a database of its own, into which the dump of a release is loaded."""
    port, sql = free_port(), free_port()
    with unpacked(release) as dump:
        settings = dump.with_name("virtuoso.ini")
        settings.write_text(VIRTUOSO.format(directory=dump.parent, port=port, sql=sql), encoding="utf-8")
        command = ["virtuoso-t", "+foreground", "+configfile", str(settings)]
        with running("Virtuoso", command, port, "/sparql?query=") as server:
            loading = (f"ld_dir('{dump.parent}', '{dump.name}', 'urn:benchmark'); rdf_loader_run(); "
                       "select count(*) from DB.DBA.LOAD_LIST where ll_error is not null; checkpoint;")
            subprocess.run(["isql-vt", str(sql), "dba", "dba", f"exec={loading}"], check=True, capture_output=True)
            yield server


@contextmanager
def unpacked(release: Release) -> Iterator[Path]:
    """Give the dump of a release as one N-Quads file in a directory of its own."""
    with tempfile.TemporaryDirectory() as directory:
        dump = Path(directory) / "dump.nq"
        with gzip.open(release.path / "dump.nq.gz") as packed, dump.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
        yield dump


Start: TypeAlias = Callable[[Release], AbstractContextManager[Server]]
PEERS: Mapping[str, tuple[str, Start, str]] = {  # name → its program, how it starts, and how it is installed
    "oxigraph": ("oxigraph", oxigraph, "pip install oxigraph"),
    "rdflib-endpoint": ("rdflib-endpoint", rdflib_endpoint, "pip install 'rdflib-endpoint[web]'"),
    "Virtuoso": ("virtuoso-t", virtuoso, "apt-get install virtuoso-opensource-7-bin"),
}
