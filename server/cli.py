"""The commands `kg serve` and `kg settings`, which `kg` finds through entry points."""

import contextlib
import ctypes
import json as json_format
import logging
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import click
from flask import Flask
from werkzeug.serving import make_server

from kg.errors import KgError
from server import create_app
from server.settings import PREFIX, Settings, read_settings

STOPPED = 3  # exit code of a KgError
SLICE = 0.001  # seconds after which a thread makes way: reading a long query must not hold up the small ones
FILES = 65_536  # most open files and connections that are asked of the system
FAREWELL = 5.0  # seconds beside the time limit that the last answers may take after a signal to end
ARENAS, LARGE = 2, 1 << 18  # heaps of all threads together, and bytes from which memory is given back at once
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # <malloc.h>


@click.command(epilog="Example: kg serve data/ --port 8000")
@click.argument("directory", type=click.Path(path_type=Path), default=Path("data"))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 for all.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on; 0 lets the system choose.")
@click.option("--workers", type=int, help="Queries that run at once (KG_WORKERS).  [default: 2]")
@click.option("--time-limit", type=float, help="Seconds that a query may run (KG_TIME_LIMIT).  [default: 10]")
@click.option("--memory", type=int, help="MiB that a query may need (KG_MEMORY).  [default: 256]")
@click.option("--verbose", is_flag=True, help="Log what the server does.")
def serve(directory: Path, host: str, port: int, workers: int | None, time_limit: float | None, memory: int | None,
          verbose: bool) -> None:
    """Publish the release in DIRECTORY over HTTP: SPARQL endpoint, pages, data and dumps."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s")
    given: dict[str, Any] = {"workers": workers, "time_limit": time_limit, "memory": memory}
    try:
        settings = Settings.from_environment(os.environ)
        settings = replace(settings, **{name: value for name, value in given.items() if value is not None})
        if settings.log_requests:
            _log_requests()
        listener = _listen(host, port)
        with listener:
            _run(directory, settings=settings, listener=listener)
    except KgError as error:
        click.echo(f"kg serve: {error}", err=True)
        sys.exit(STOPPED)


@click.command("settings", epilog="Example: KG_TIME_LIMIT=5 kg settings")
@click.option("--json", is_flag=True, help="Print one JSON object.")
def list_settings(json: bool) -> None:
    """List all settings of the server: value, meaning, and where the value comes from."""
    try:
        settings, origins = read_settings(os.environ)
    except KgError as error:
        click.echo(f"kg settings: {error}", err=True)
        sys.exit(STOPPED)
    rows = [(entry.name, getattr(settings, entry.name), entry.metadata["about"]) for entry in fields(settings)]
    if json:
        click.echo(json_format.dumps({name: {"value": value, "origin": origins[name], "about": about}
                                      for name, value, about in rows}))
        return
    for name, value, about in rows:
        click.echo(f"{PREFIX + name.upper():18} {'-' if value == '' else value!s:<12} {origins[name]:18} {about}")


@click.command("site", epilog="Example: kg site data/ --out public/ && python -m http.server -d public")
@click.argument("directory", type=click.Path(path_type=Path), default=Path("data"))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True,
              help="Folder to write: a new one, or one that holds an earlier site.")
def site(directory: Path, out: Path) -> None:
    """Write the whole site of the release in DIRECTORY as files for a plain web host.

    Pages, their data, dumps, feeds, an index of names, and a query page whose engine runs in the browser.
    """
    from server.site import write_site

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        count = write_site(directory, out, settings=Settings.from_environment(os.environ), progress=True)
    except KgError as error:
        click.echo(f"kg site: {error}", err=True)
        sys.exit(STOPPED)
    click.echo(f"{count:,} files in {out}")


def _log_requests() -> None:
    """Let each request be a line of JSON on standard error, apart from what the server says in words."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    requests = logging.getLogger("server.requests")
    requests.addHandler(handler)
    requests.setLevel(logging.INFO)
    requests.propagate = False


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Raises: KgError: the port is taken, or the address is not one of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM,
                                                                flags=socket.AI_PASSIVE)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise KgError(f"{host}:{port}", found=f"cannot listen there ({error.strerror})",
                      repair="choose another --port or stop what uses it") from error
    return listener


def _tune() -> None:
    """Let many threads share little memory, take turns often, and open many files.

    The allocator of glibc would give each thread a heap of its own that never shrinks: long queries and answers left
    the server with five times the memory that it started with.
    """
    sys.setswitchinterval(SLICE)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard) if hard >= 0 else FILES, hard))
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, ARENAS)
        mallopt(M_MMAP_THRESHOLD, LARGE)


def _run(directory: Path, *, settings: Settings, listener: socket.socket) -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    _tune()
    app = create_app(directory, settings=settings)
    publisher = app.extensions["publisher"]
    try:
        run = _server(app, listener, settings=settings)
        signal.signal(signal.SIGTERM, end)
        host, port = listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{port}/"
        elsewhere = "" if publisher.base in (address, address.replace("127.0.0.1", "localhost")) else (
            f"; its IRIs start with {publisher.base}")
        click.echo(f"serving release {publisher.current_id} at {address} (Ctrl-C ends it){elsewhere}")
        with contextlib.suppress(KeyboardInterrupt):
            run()
    finally:
        publisher.close()


def _server(app: Flask, listener: socket.socket, *, settings: Settings) -> Callable[[], None]:
    """Return what answers requests until a KeyboardInterrupt; clients can connect from now on.

    Our own server needs epoll. On other systems the one that Flask brings for development does for one's own use: it
    knows neither limits for slow clients nor whether a client hung up.
    """
    if hasattr(select, "epoll"):
        from server.listener import Listener

        server = Listener(app.wsgi_app, listener, threads=settings.threads, proxy=settings.trusted_proxy)
        return partial(server.run, patience=settings.time_limit + FAREWELL)
    click.echo("kg serve: this system has no epoll; serve others from Linux, or with another WSGI server", err=True)
    listener.listen()
    host, port = listener.getsockname()[:2]
    return make_server(host, port, app.wsgi_app, threaded=True, fd=listener.fileno()).serve_forever
