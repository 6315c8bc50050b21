"""Earlier releases that are still kept: each answers below `release/ID/` as the newest does below the root."""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flask import Blueprint, Response, g, render_template

from kg.errors import ReleaseError, StoreError
from kg.release import Release, open_release
from server.errors import Problem
from server.negotiation import HTML
from server.publication import Answer, Publication, Publisher
from server.responses import respond, see_other, tag_of

blueprint = Blueprint("archive", __name__)
NAME = re.compile(r"/release/([0-9a-f]{16})(/.*)")
WANTED = "communique.release"  # the release that an address names, in the environment of a request
OPEN = 2  # earlier releases that are open at once; each has three processes, with half the memory


class Archive:
    """Opens earlier releases when they are asked for, and closes the least recently used."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._opened: OrderedDict[str, Publication] = OrderedDict()
        self._lock = threading.Lock()

    def enter(self, name: str) -> Publication:
        """Return the publication of a release; the caller calls its `leave`.

        Raises: Problem: 410, it is not kept any more, or never was.
        """
        current = self._publisher.enter()
        if current.release.id == name:
            return current
        try:
            with self._lock:
                publication = self._opened.get(name) or self._open(name, beside=current)
                self._opened[name] = publication
                self._opened.move_to_end(name)
                with publication.lock:
                    publication.users += 1
                while len(self._opened) > OPEN:
                    self._opened.popitem(last=False)[1].retire()
        finally:
            current.leave()
        return publication

    def _open(self, name: str, *, beside: Publication) -> Publication:
        path = beside.release.path.parent / name
        if beside.release.path.parent.name == "releases" and path.is_dir():
            try:
                settings = replace(beside.settings, workers=1, memory=beside.settings.memory // 2 + 1)
                found = Publication.open(path, settings=settings)
            except (ReleaseError, StoreError) as error:
                raise Problem(410, f"release {name} cannot be opened any more; the newest is {beside.release.id}"
                              ) from error
            if found.release.base == beside.release.base:
                return found
            found.close()
        raise Problem(410, f"release {name} is not kept; release/ lists those that are, the newest is "
                           f"{beside.release.id}")

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            while self._opened:
                self._opened.popitem()[1].retire()


def kept_releases(release: Release) -> Iterator[Release]:
    """Yield a release and those of the same base that are kept beside it, the newest first."""
    beside = release.path.parent
    paths: list[Path] = [path for path in beside.iterdir() if path.is_dir()] if beside.name == "releases" else []
    found = {release.id: release}
    for path in paths:
        try:
            other = open_release(path)
        except ReleaseError:
            continue
        if other.base == release.base:
            found[other.id] = other
    yield from sorted(found.values(), key=lambda other: (other.age, other.id), reverse=True)


@blueprint.get("/release/")
def releases() -> Response:
    """Answer with the list of the releases that are kept."""
    publication: Publication = g.publication
    body = render_template("releases.html", root="../", release=publication.release, base=publication.release.base,
                           releases=list(kept_releases(publication.release)))
    return respond(Answer(body=body.encode(), media_type=HTML, tag=tag_of(body)))


@blueprint.get("/release/<name>")
def one(name: str) -> Response:
    """Lead on to the first page of a release."""
    return see_other(f"{name}/")
