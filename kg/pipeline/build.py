"""Paths of articles → one release."""

import logging
import re
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from kg.articles import read_articles
from kg.errors import ArticleError, KgError, ReleaseError
from kg.extraction import Knowledge
from kg.graph import run_graph
from kg.links import derive_links
from kg.model import Article
from kg.pipeline.cache import Cache
from kg.pipeline.work import Done, Load, Outcome, Settings, process, quads, worker
from kg.release import KEEP, Draft, Release, Source
from kg.store import EmbeddedStore
from kg.validation import Result, check_release, report_graph
from kg.vocabulary import Vocabulary

logger = logging.getLogger(__name__)
BATCH = 50  # articles at once: validating 50 together takes hardly more time an article than 100, and shows progress
SHARE = 10  # articles that a process gets at once

Entry = tuple[Article | None, Done | None]  # an article to be read, and what became of it if that is known before
Finish = Callable[[], tuple[Done, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a build made: the release (None if no article could be published), whether it is new, and each article."""

    release: Release | None
    is_new: bool
    outcomes: tuple[Outcome, ...]

    @property
    def bad(self) -> tuple[Outcome, ...]:
        """The articles that failed or do not conform."""
        return tuple(outcome for outcome in self.outcomes if outcome.is_bad)


def build(
    paths: Iterable[Path], *, out: Path, settings: Settings, load: Load = Knowledge.load, jobs: int = 1,
    progress: Callable[[Outcome], None] = lambda outcome: None, keep: int = KEEP, force: bool = False,
) -> BuildResult:
    """Read articles and publish them as the current release of a directory.

    The release holds the articles of `paths` and no others. Articles that cannot be read or do not conform are left
    out; of several with one text the first counts. Articles that did not change since the last build are taken from
    `out`/cache. The same articles give the same release, with any `jobs` and cache.

    Args:
        paths: Files, and directories to be searched for them.
        out: Directory of releases.
        settings: Base IRI, mentions and confidence.
        load: Returns what articles are read with; called once in each process.
        jobs: Processes that read articles.
        progress: Is told of each article, in order.
        keep: Releases that stay in `out`, the new one among them.
        force: Publish even if that leaves less than half of the articles of the current release.

    Raises:
        ArticleError: there is no article at all in `paths`.
        OntologyError: ontology/ or the base IRI cannot be used.
        ReleaseError: `out` cannot be written to, the whole does not stand up to the checks, or most articles are gone.
    """
    here = worker(settings, load)
    version = here.knowledge.version
    outcomes: list[Outcome] = []
    results: list[Result] = []
    sources: dict[str, Source] = {}
    are_proven = True
    with Draft(out, base=settings.base) as draft:
        cache = Cache(out / "cache", version=version, settings=settings)
        batches = _batches(paths, cache=cache, size=BATCH if jobs == 1 else SHARE)
        with _starting(settings, load=load, jobs=jobs) as start:
            for article, done in _in_order(batches, start=start, window=1 if jobs == 1 else 2 * jobs):
                outcomes.append(done.outcome)
                results += done.results
                if article is not None and done.lines:
                    draft.add(done.lines)
                    are_proven &= done.is_proven
                    cache.put(article, done)
                    sources[article.key] = Source(key=article.key, source=article.source, sha256=article.digest)
                progress(done.outcome)
        if not outcomes:
            raise ArticleError(", ".join(map(str, paths)), found="no article here",
                               repair="name .txt files, or directories that hold some")
        cache.sweep()
        if not sources:
            return BuildResult(release=None, is_new=False, outcomes=tuple(outcomes))
        if not force:
            _refuse_loss(len(sources), current=draft.current, out=out)
        draft.add(here.shared)
        run = run_graph(sorted(sources), version=version, vocabulary=here.vocabulary)
        draft.add(quads({"graph/runs": run}, vocabulary=here.vocabulary))
        store = draft.gather(derive=partial(derive_links, vocabulary=here.vocabulary))
        if not are_proven:
            _check(store, vocabulary=here.vocabulary)
        report = report_graph(results).serialize(format="turtle").encode()
        release, is_new = draft.seal(store, report=report, sources=sources.values(), version=version, keep=keep)
    return BuildResult(release=release, is_new=is_new, outcomes=tuple(outcomes))


def _batches(paths: Iterable[Path], *, cache: Cache, size: int) -> Iterator[list[Entry]]:
    """Yield the articles of paths in batches."""
    first: dict[str, Article] = {}
    found = (_known(article, first=first, cache=cache) for article in read_articles(paths))
    while batch := list(islice(found, size)):
        yield batch


def _known(article: Article | ArticleError, *, first: dict[str, Article], cache: Cache) -> Entry:
    if isinstance(article, ArticleError):
        source = _printable(re.sub(r":\d+$", "", article.where))
        return None, Done(outcome=Outcome(source=source, status="failed", messages=(_printable(str(article)),)))
    article = replace(article, source=_printable(article.source))
    before = first.setdefault(article.key, article)
    if before is article:
        return article, cache.get(article)
    if before.digest == article.digest:
        said = f"{article.source}: the same text as {before.source}; published once, with that source"
        return None, Done(outcome=Outcome(source=article.source, status="duplicate", article=article.key,
                                          messages=(said,)))
    said = f"{article.source}: its digest begins as that of {before.source}; change a character of the text"
    return None, Done(outcome=Outcome(source=article.source, status="failed", messages=(said,)))


def _printable(words: str) -> str:
    r"""Return words fit for one line and for UTF-8; a file name may hold line ends and bytes that are no characters.

    >>> _printable("a\nb\udcff.txt")
    'a?b?.txt'
    """
    return "".join(character if character.isprintable() else "?" for character in words)


@contextmanager
def _starting(settings: Settings, *, load: Load, jobs: int) -> Iterator[Callable[[tuple[Article, ...]], Finish]]:
    """Give a function that starts work on a batch and returns one that waits for its end."""
    if jobs == 1:
        yield lambda articles: partial(process, articles, settings, load)
        return
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=signal.signal, initargs=(signal.SIGINT, signal.SIG_DFL)
    ) as pool:
        try:
            yield lambda articles: pool.submit(process, articles, settings, load).result
        except BrokenProcessPool as error:
            raise KgError("build", found="a process that reads articles died", repair="try with fewer --jobs, "
                          "or give it more memory") from error
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _in_order(
    batches: Iterable[list[Entry]], *, start: Callable[[tuple[Article, ...]], Finish], window: int
) -> Iterator[tuple[Article | None, Done]]:
    """Yield each article with what became of it; `window` batches are worked on at a time."""
    waiting: deque[tuple[list[Entry], Finish]] = deque()
    for batch in batches:
        fresh = tuple(article for article, done in batch if article is not None and done is None)
        waiting.append((batch, start(fresh) if fresh else tuple))
        if len(waiting) >= window:
            yield from _joined(*waiting.popleft())
    while waiting:
        yield from _joined(*waiting.popleft())


def _joined(batch: list[Entry], finish: Finish) -> Iterator[tuple[Article | None, Done]]:
    fresh = iter(finish())
    for article, done in batch:
        yield article, done or next(fresh)


def _refuse_loss(articles: int, *, current: Release | None, out: Path) -> None:
    """Keep a wrong path or a broken feed from replacing a good release by a remnant.

    Raises: ReleaseError: there are less than half as many articles as in the current release.
    """
    before = current.counts["articles"] if current else 0
    if 2 * articles < before:
        raise ReleaseError(str(out), found=f"the current release has {before} articles, this one would have {articles}",
                           repair="name all articles, or build with --force if the others should go")


def _check(store: EmbeddedStore, *, vocabulary: Vocabulary) -> None:
    """Ask the checks of the whole release; what they find is no single article's fault.

    Raises: ReleaseError: a check found something.
    """
    problems = check_release(store, vocabulary=vocabulary)
    if problems:
        first = problems[0]
        raise ReleaseError(first.node, found=f"{len(problems)} places break the check {first.check} or others "
                           f"({first.detail})", repair=first.message)
