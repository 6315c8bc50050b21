"""The `kg` command: arguments in, lines out.

Exit codes: 0 done and conforming; 1 finished, but something failed or does not conform; 2 wrong usage; 3 stopped by an
error, printed as one line. Modules that take long to load are imported by the command that needs them.
"""

import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import click

import kg
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.pipeline import BuildResult, Outcome, Scores
    from kg.store import Answer, RemoteStore

NOT_CONFORMING, STOPPED = 1, 3
PLUGINS = "kg.commands"
CELL = 60  # characters of a table's cell

out_option = click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("data"), show_default=True, envvar="KG_OUT",
    show_envvar=True, help="Directory of releases.",
)
base_option = click.option(
    "--base", envvar="KG_BASE", show_envvar=True, help="Base IRI of everything that is minted.  "
    "[default: http://localhost:8000/]",
)


class Commands(click.Group):
    """The commands of this module and those that other packages register under the entry point group kg.commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names; nothing is loaded for that."""
        return sorted({*super().list_commands(ctx), *(point.name for point in entry_points(group=PLUGINS))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading its package if it is not ours."""
        ours = super().get_command(ctx, cmd_name)
        if ours is not None:
            return ours
        for point in entry_points(group=PLUGINS, name=cmd_name):
            command: click.Command = point.load()
            return command
        return None

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; an error of ours becomes one line and an exit code."""
        try:
            return super().invoke(ctx)
        except KgError as error:
            click.echo(str(error), err=True)
            ctx.exit(STOPPED)


@click.group(cls=Commands, epilog="Example: kg build seeds/ --out data/ && kg serve data/")
@click.version_option(kg.__version__, prog_name="kg")
@click.option("--verbose", is_flag=True, envvar="KG_VERBOSE", help="Log what is done.")
def main(verbose: bool) -> None:
    """Turn news articles into linked open data: who said what, and who agreed to what."""
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s")


@main.command(epilog="Example: kg build seeds/ --out data/ --base https://news.example.org/")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@out_option
@base_option
@click.option("--mentions", type=click.Choice(["evidence", "all"]), default="evidence", show_default=True,
              envvar="KG_MENTIONS", show_envvar=True,
              help="Places of text to publish: those of evidence, or all mentions of actors (three times the triples).")
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, show_default=True,
              envvar="KG_MIN_CONFIDENCE", show_envvar=True, help="Leave out statements and agreements below this.")
@click.option("--texts", type=click.Choice(["full", "sentences", "offsets"]), envvar="KG_TEXTS", show_envvar=True,
              help="How much of the words of articles to publish.  [default: sentences]")
@click.option("--rights", type=click.Path(path_type=Path, exists=True, dir_okay=False), envvar="KG_RIGHTS",
              show_envvar=True, help="TOML file that says it for each source; see docs/commands.md.")
@click.option("--jobs", type=click.IntRange(1, 64), default=1, show_default=True, envvar="KG_JOBS", show_envvar=True,
              help="Processes that read articles; each needs some 400 MB.")
@click.option("--keep", type=click.IntRange(min=1), default=10, show_default=True, envvar="KG_KEEP", show_envvar=True,
              help="Releases that stay in the directory; older ones are removed.")
@click.option("--force", is_flag=True, help="Publish even if that leaves less than half of the current articles.")
@click.option("--json", is_flag=True, help="Print one JSON object per article, and nothing else.")
@click.pass_context
def build(ctx: click.Context, paths: tuple[Path, ...], out: Path, base: str | None, mentions: str,
          min_confidence: float, texts: str | None, rights: Path | None, jobs: int, keep: int, force: bool,
          json: bool) -> None:
    """Read the articles in PATHS and publish them as the current release of a directory.

    A bad article stops no other: it is named with the reason and left out, and the exit code is 1. The release holds
    the articles of PATHS and no others.
    """
    result = _build(paths, out=out, base=base, mentions=mentions, min_confidence=min_confidence, texts=texts,
                    rights=rights, jobs=jobs, keep=keep, force=force, as_json=json)
    if not json:
        click.echo(_summary(result))
    if result.bad:
        ctx.exit(NOT_CONFORMING)


@main.command(epilog="Example: kg query q01 --release data/   kg query 'SELECT * { ?s a <ns#Agreement> }' --format csv")
@click.argument("query")
@click.option("--release", type=click.Path(path_type=Path), default=Path("data"),
              show_default=True, envvar="KG_RELEASE", show_envvar=True, help="Directory of a release.")
@click.option("--endpoint", envvar="KG_ENDPOINT", show_envvar=True, help="URL of a SPARQL endpoint to ask instead.")
@base_option
@click.option("--format", type=click.Choice(["table", "json", "csv", "tsv", "ttl"]),
              help="How to print the answer.  [default: table, or ttl for triples]")
def query(query: str, release: Path, endpoint: str | None, base: str | None, format: str | None) -> None:
    """Ask a release or an endpoint in SPARQL.

    QUERY is the name of a query that ships with the package (q01), a file, or the text itself. Relative IRIs such as
    <ns#> mean those of the release; its default graph is the union of all named graphs.
    """
    from kg.release import open_release
    from kg.store import EmbeddedStore
    from kg.vocabulary import Vocabulary

    text = _query_text(query)
    base = Vocabulary(base=base).base if base else None
    if endpoint:
        base = base or endpoint[: endpoint.rindex("/") + 1]
        answer = _remote(endpoint).query(text, base=base)
    else:
        found = open_release(release)
        base = base or found.base
        answer = EmbeddedStore(found.store_path, read_only=True).query(text, base=base)
    lines, note = _written(answer, syntax=format, base=base)
    click.echo(lines)
    if note:
        click.echo(note, err=True)


@main.command(epilog="Example: kg validate article.ttl")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--base", envvar="KG_BASE", show_envvar=True,
              help="Base IRI of the things in the file.  [default: as its classes have it]")
@click.option("--format", type=click.Choice(["text", "ttl"]), default="text", show_default=True,
              help="How to print the report.")
@click.pass_context
def validate(ctx: click.Context, file: Path, base: str | None, format: str) -> None:
    """Compare an RDF file of ours with the shapes, and say what to repair."""
    from kg.pipeline import validate_file
    from kg.validation import report_graph

    results = validate_file(file, base=base or "")
    if format == "ttl":
        click.echo(report_graph(results).serialize(format="turtle"), nl=False)
    else:
        for result in results:
            value = f" ({result.value})" if result.value else ""
            click.echo(f"{result.focus}{value}: {result.message}")
        click.echo(f"{file}: {len(results)} results" if results else f"{file}: conforms", err=bool(results))
    if results:
        ctx.exit(NOT_CONFORMING)


@main.command(epilog="Example: kg verify data/")
@click.argument("directory", type=click.Path(path_type=Path), default=Path("data"))
def verify(directory: Path) -> None:
    """Compare every file of the release in DIRECTORY with its checksum."""
    from kg.release import verify_release

    release = verify_release(directory)
    click.echo(f"release {release.id}: {len(release.files)} files and {release.counts['triples']:,} triples are whole")


@main.command(epilog="Example: kg evaluate tests/data/development   kg evaluate gold/ --release data/ --json")
@click.argument("gold", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--release", type=click.Path(path_type=Path), help="Directory of a release to score instead of PATHS.")
@click.option("--json", is_flag=True, help="Print the figures as one JSON object.")
@click.pass_context
def evaluate(ctx: click.Context, gold: Path, paths: tuple[Path, ...], release: Path | None, json: bool) -> None:
    """Score what is published of annotated articles against what careful readers wrote down.

    GOLD is a folder with gold/NAME.json and texts/NAME.txt. The articles in PATHS (those of GOLD if left out) are read
    anew, or those of a release are taken. An annotated article that is not among them counts as missed.
    """
    from kg.pipeline import score_release
    from kg.release import open_release

    if release and paths:
        raise click.UsageError("name PATHS or --release, not both")
    with _directory(release, prefix="kg-evaluate-") as directory:
        bad = () if release else _build(paths or (gold / "texts",), out=directory, base=None).bad
        scores = score_release(open_release(directory), gold=gold)
    for name in scores.missing:
        click.echo(f"{name}: not among the articles; all of it counts as missed", err=True)
    click.echo(_scored(scores, as_json=json))
    if bad:
        ctx.exit(NOT_CONFORMING)


@main.command(epilog="Example: kg load data/ --endpoint http://localhost:8890/sparql "
                     "--graph-store http://localhost:8890/sparql-graph-crud")
@click.argument("directory", type=click.Path(path_type=Path), default=Path("data"))
@click.option("--endpoint", required=True, envvar="KG_ENDPOINT", show_envvar=True, help="URL that answers queries.")
@click.option("--graph-store", required=True, envvar="KG_GRAPH_STORE", show_envvar=True,
              help="URL of the Graph Store protocol.")
def load(directory: Path, endpoint: str, graph_store: str) -> None:
    """Load the release in DIRECTORY into a SPARQL server; what is there already stays."""
    import gzip

    from kg.release import open_release

    release = open_release(directory)
    store = _remote(endpoint, graph_store=graph_store)
    with gzip.open(release.path / "dump.nq.gz") as quads:
        store.load(cast(BinaryIO, quads))
    click.echo(f"release {release.id}: {release.counts['triples']:,} triples sent, "
               f"{endpoint} now has {store.count():,}")


@main.command(epilog="Example: kg demo --port 8080")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), envvar="KG_OUT", show_envvar=True,
              help="Directory of releases.  [default: a temporary one]")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help="Port to listen on.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.pass_context
def demo(ctx: click.Context, out: Path | None, port: int, host: str) -> None:
    """Build the articles that ship with the package and serve them."""
    serve = main.get_command(ctx, "serve")
    if serve is None:
        raise KgError("kg demo", found="no command `serve` is installed", repair="reinstall the package")
    seeds = tuple(sorted(Path(str(entry)) for entry in files("seeds").iterdir() if entry.name.endswith(".txt")))
    with _directory(out, prefix="kg-demo-") as directory:
        name = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
        result = _build(seeds, out=directory, base=f"http://{name}:{port}/")
        click.echo(_summary(result))
        ctx.invoke(serve, directory=directory, port=port, host=host)


@contextmanager
def _directory(out: Path | None, *, prefix: str) -> Iterator[Path]:
    """Give a directory, or a temporary one that is removed at the end."""
    if out is not None:
        yield out
        return
    with tempfile.TemporaryDirectory(prefix=prefix) as temporary:
        yield Path(temporary)


def _build(paths: tuple[Path, ...], *, out: Path, base: str | None, mentions: str = "evidence",
           min_confidence: float = 0.0, texts: str | None = None, rights: Path | None = None, jobs: int = 1,
           keep: int = 10, force: bool = False, as_json: bool = False) -> "BuildResult":
    """Build, with a progress bar on terminals and a line on stderr for each thing to know."""
    from tqdm import tqdm

    from kg.pipeline import Settings
    from kg.pipeline import build as run
    from kg.rights import Rights, read_rights
    from kg.vocabulary import DEFAULT_BASE

    allowed = read_rights(rights) if rights else Rights()
    settings = Settings(base=base or DEFAULT_BASE, mentions=mentions, min_confidence=min_confidence,
                        rights=replace(allowed, default=texts) if texts else allowed)
    with tqdm(unit=" articles", file=sys.stderr, disable=None, leave=False) as bar:
        def tell(outcome: "Outcome") -> None:
            bar.update()
            with bar.external_write_mode(file=sys.stderr):
                for message in outcome.messages:
                    click.echo(message, err=True)
                if as_json:
                    click.echo(json.dumps(asdict(outcome)))

        return run(paths, out=out, settings=settings, jobs=jobs, progress=tell, keep=keep, force=force)


def _scored(scores: "Scores", *, as_json: bool) -> str:
    """Return scores as a person or a program reads them; a dash where there was nothing to count."""
    if as_json:
        return json.dumps(asdict(scores))
    lines = [f"{'figure':<20}  {'precision':>9}  {'recall':>9}  {'F1 or share':>11}"]
    for name, figure in (*scores.figures.items(), ("calibration_error", scores.calibration_error)):
        ratios = figure if isinstance(figure, tuple) else ("", "", figure)
        cells = ["-" if ratio is None else ratio if isinstance(ratio, str) else f"{ratio:.3f}" for ratio in ratios]
        lines.append(f"{name:<20}  {cells[0]:>9}  {cells[1]:>9}  {cells[2]:>11}")
    articles = f"{len(scores.articles)} article{'s' if len(scores.articles) != 1 else ''}"
    lines.append(f"{articles}; denials published as assertions: {len(scores.flips)}")
    return "\n".join([*lines, *(f"  {flip}" for flip in scores.flips)])


def _summary(result: "BuildResult") -> str:
    if result.release is None:
        return "nothing published: no article could be read and conforms"
    counts = result.release.counts
    numbers = ", ".join(f"{counts[name]:,} {name}" for name in ("articles", "statements", "agreements", "triples"))
    left_out = f"; {len(result.bad)} left out" if result.bad else ""
    return f"release {result.release.id} ({'new' if result.is_new else 'unchanged'}): {numbers}{left_out}"


def _remote(endpoint: str, *, graph_store: str = "") -> "RemoteStore":
    from kg.store import RemoteStore

    return RemoteStore(endpoint, graph_store=graph_store, user=os.environ.get("KG_STORE_USER", ""),
                       password=os.environ.get("KG_STORE_PASSWORD", ""))


def _query_text(query: str) -> str:
    """Return the text of a query that was given by name, by file or as it is."""
    from kg.vocabulary import named_queries

    known = dict(named_queries())
    if query in known:
        return known[query]
    if "{" in query:
        return query
    try:
        return Path(query).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KgError(query, found="no file, no SPARQL text and none of our queries",
                      repair=f"name a file or one of {', '.join(known)}") from error


def _written(answer: "Answer", *, syntax: str | None, base: str) -> tuple[str, str]:
    """Return an answer as table, JSON, CSV, TSV or Turtle, and a note about it that is no part of it.

    Raises: KgError: the query fails while it is evaluated.
    """
    import pyoxigraph

    from kg.vocabulary import prefixes

    is_ask, is_select = (isinstance(answer, kind) for kind in (pyoxigraph.QueryBoolean, pyoxigraph.QuerySolutions))
    possible = ("table", "json") if is_ask else ("table", "json", "csv", "tsv") if is_select else ("ttl",)
    if (syntax or possible[0]) not in possible:
        raise click.UsageError(f"this answer has no {syntax} form; ask for {' or '.join(possible)}")
    try:
        if isinstance(answer, pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean):
            if syntax in (None, "table"):
                return ("yes" if answer else "no", "") if is_ask else _table(answer, names=prefixes(base))
            form = pyoxigraph.QueryResultsFormat.from_extension(str(syntax))
            return (answer.serialize(format=form) or b"").decode().rstrip("\r\n"), ""
        triples = pyoxigraph.serialize(answer, format=pyoxigraph.RdfFormat.TURTLE, prefixes=prefixes(base))
    except (RuntimeError, OSError) as error:
        raise KgError("query", found=f"cannot be answered ({' '.join(str(error).split())})",
                      repair="change the query") from error
    return (triples or b"").decode().rstrip("\n"), ""


def _table(solutions: Any, *, names: dict[str, str]) -> tuple[str, str]:
    head = [variable.value for variable in solutions.variables]
    rows = [[_cell(term, names=names) for term in solution] for solution in solutions]
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    table = "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, ["-" * width for width in widths], *rows)
    )
    return table, f"{len(rows)} row{'s' if len(rows) != 1 else ''}"


def _cell(term: Any, *, names: dict[str, str]) -> str:
    """Return a term as a person reads it: names with a prefix, literals bare, line ends as blanks, cut at CELL."""
    text = " ".join(str(getattr(term, "value", term or "")).split())
    best = max((space for space in names.items() if text.startswith(space[1])), key=lambda space: len(space[1]),
               default=None)
    if best is not None and not hasattr(term, "datatype"):
        text = f"{best[0]}:{text.removeprefix(best[1])}"
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


if __name__ == "__main__":
    main()
