"""The files of a release: dumps with ranges and checksums."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, g, render_template, request, send_file

from kg.formats import FORMATS
from kg.release import MANIFEST
from server.errors import Problem
from server.negotiation import HTML, choose
from server.publication import Answer, Publication
from server.responses import respond, tag_of

blueprint = Blueprint("downloads", __name__)
MEDIA_TYPES = {"gz": "application/gzip", "json": "application/json",
               **{row.suffix: row.media_type for row in FORMATS}}


@dataclass(frozen=True, slots=True)
class Download:
    """One file that is published: its name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str

    @property
    def media_type(self) -> str:
        """The media type that its name tells."""
        return MEDIA_TYPES.get(self.name.rpartition(".")[2], "application/octet-stream")


def downloads(publication: Publication) -> tuple[Download, ...]:
    """Return the files that are published: the manifest and what it lists outside of the store."""
    manifest = publication.release.path / MANIFEST
    with manifest.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return (
        *(Download(name, file.size, file.sha256) for name, file in publication.release.files.items()
          if "/" not in name),
        Download(MANIFEST, manifest.stat().st_size, digest),
    )


@blueprint.get("/dumps/")
def listing() -> Response:
    """Answer with the list of files: a page, or plain text with checksum and size in each line."""
    publication: Publication = g.publication
    media_type = choose(request.headers.get("Accept"), ("text/plain", HTML))
    if not media_type:
        raise Problem(406, f"cannot answer with {request.headers.get('Accept')}; ask for text/plain or text/html")
    key = ("dumps", media_type)
    kept = publication.kept.get(key)
    if kept is None:
        files = downloads(publication)
        if media_type == HTML:
            body = render_template("dumps.html", root="../", release=publication.release,
                                   base=publication.release.base, files=files)
        else:
            body = "".join(f"{file.sha256}  {file.size:>12}  {file.name}\n" for file in files)
        kept = Answer(body=body.encode(), media_type=media_type, tag=tag_of(publication.release.id, *key))
        publication.kept.put(key, kept)
    return respond(kept, cache="public, max-age=60")


@blueprint.get("/dumps/<name>")
def download(name: str) -> Response:
    """Answer with one file, or the range of it that was asked for."""
    publication: Publication = g.publication
    for file in downloads(publication):
        if file.name == name and (publication.release.path / name).is_file():
            path: Path = publication.release.path / name
            if request.range is None or request.range.units != "bytes" or len(request.range.ranges) > 1:
                request.environ.pop("HTTP_RANGE", None)  # what is not understood is answered in full
            response = send_file(path, mimetype=file.media_type, conditional=True, etag=file.sha256, max_age=300,
                                 last_modified=path.stat().st_mtime)
            response.headers["Repr-Digest"] = f"sha-256=:{_base64(file.sha256)}:"
            return response
    raise Problem(404, "there is no such file in this release; dumps/ lists them all")


def _base64(digest: str) -> str:
    return b64encode(bytes.fromhex(digest)).decode()
