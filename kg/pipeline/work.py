"""A batch of articles → quads that conform, or the reasons why not."""

import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rdflib import Graph, URIRef

from kg import iris
from kg.errors import KgError, OntologyError
from kg.extraction import Knowledge, extract
from kg.graph import ACTORS, BODY, PROPOSITIONS, article_graph_name, shared_graphs, write_triples
from kg.model import Article, Extraction
from kg.rights import FULL, OFFSETS, Rights, withhold
from kg.store import EmbeddedStore, n_quads
from kg.triples import Triples, iri, literal
from kg.validation import (
    CompiledShapes,
    Problem,
    Proofs,
    Result,
    Shapes,
    check_release,
    compile_shapes,
    load_shapes,
    misquotes,
    validate_batch,
)
from kg.vocabulary import Vocabulary

logger = logging.getLogger(__name__)
Load = Callable[[], Knowledge]
# What odd text may raise in a stage. It is our defect, and reported as such, but no reason to lose the other articles.
DEFECTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a result depends on besides the article and the code.

    `base`: base IRI. `mentions`: "evidence" or "all". `min_confidence`: statements and agreements below it are left
    out. `rights`: how much of the words of which article is published.
    """

    base: str
    mentions: str = "evidence"
    min_confidence: float = 0.0
    rights: Rights = field(default_factory=Rights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one article.

    `status`: published, reused (published from the cache), duplicate (its text came before), rejected (does not
    conform) or failed (cannot be read). `messages`: one line each. `issues`: how often a stage saw words that it did
    not understand.
    """

    source: str
    status: str
    article: str = ""
    triples: int = 0
    statements: int = 0
    agreements: int = 0
    issues: int = 0
    messages: tuple[str, ...] = ()

    @property
    def is_bad(self) -> bool:
        """Whether a person should look at the article."""
        return self.status in ("failed", "rejected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One article after all stages: what became of it, its quads if it conforms, else what was found.

    `is_proven`: it keeps the checks of a release whatever else the release holds.
    """

    outcome: Outcome
    lines: tuple[bytes, ...] = field(default=(), repr=False)
    results: tuple[Result, ...] = ()
    is_proven: bool = False


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Everything that a batch needs, loaded once per process."""

    settings: Settings
    vocabulary: Vocabulary
    knowledge: Knowledge
    shapes: Shapes
    compiled: CompiledShapes | None
    proofs: Proofs
    shared: tuple[bytes, ...]

    @classmethod
    def load(cls, settings: Settings, *, load: Load) -> "Worker":
        """Load knowledge, shapes and the graphs that all articles share."""
        vocabulary = Vocabulary(base=settings.base)
        graphs = shared_graphs(vocabulary)
        shapes = load_shapes(vocabulary, registry=graphs["graph/registry"])
        shared = quads(graphs, vocabulary=vocabulary)
        found = cls(
            settings=settings, vocabulary=vocabulary, knowledge=load(), shapes=shapes, compiled=_compiled(shapes),
            proofs=Proofs.load(shared, vocabulary=vocabulary), shared=shared,
        )
        gc.collect()
        gc.freeze()  # it stays: nobody need search it for garbage
        return found

    def process(self, articles: Iterable[Article]) -> tuple[Done, ...]:
        """Take a batch of articles through all stages, in order."""
        read = [self._read(article) for article in articles]
        faults = self._faults({found.key: found for found in read if isinstance(found, _Described)})
        return tuple(found if isinstance(found, Done) else _finished(found, results=faults.get(found.key, ()))
                     for found in read)

    def _read(self, article: Article) -> "_Described | Done":
        try:
            extraction = above(self.settings.min_confidence, extract(article, knowledge=self.knowledge))
            graphs = write_triples(extraction, vocabulary=self.vocabulary, mentions=self.settings.mentions)
            merged = _union(graphs.values())
            is_proven = self._is_proven(article, merged=merged, graphs=graphs)
            doubtful = None if is_proven else merged.graph()  # with all its words
            self._apply_rights(extraction, graphs)
            lines = tuple(line for name, triples in graphs.items()
                          for line in triples.lines(graph=iri(self.vocabulary.base + name)))
        except KgError as error:
            return _failed(article, said=str(error))
        except DEFECTS as error:
            logger.info("%s", article.source, exc_info=True)
            return _failed(article, said=f"cannot be read ({type(error).__name__}: {error}); "
                                         "please report it with what --verbose tells")
        return _Described(extraction=extraction, doubtful=doubtful, lines=lines)

    def _is_proven(self, article: Article, *, merged: Triples, graphs: Mapping[str, Triples]) -> bool:
        """Return whether an article conforms to all shapes and keeps all checks, for sure."""
        return (
            self.compiled is not None and not self.proofs.open and self.compiled.accepts(merged.nodes)
            and self.proofs.hold(key=article.key, text=article.text, own=graphs[article_graph_name(article)],
                                 propositions=graphs[PROPOSITIONS], named=graphs[ACTORS])
        )

    def _apply_rights(self, extraction: Extraction, graphs: Mapping[str, Triples]) -> None:
        """Add the text of an article that may be published whole, or leave out the words of one that may not."""
        article = extraction.article
        outlets = (extraction.cast.actors[publisher].label for publisher in extraction.publishers)
        level = self.settings.rights.level(article.source, *outlets)
        if level == FULL:
            node = iri(self.vocabulary.base + iris.article_id(article))
            graphs[article_graph_name(article)].add(node, BODY, literal(article.text))
        elif level == OFFSETS:
            withhold(graphs.values(), vocabulary=self.vocabulary)

    def _faults(self, described: "Mapping[str, _Described]") -> dict[str, tuple[Result, ...]]:
        """Return what does not conform in each article that is not proven to, from pySHACL, text and checks."""
        doubtful = {key: one.doubtful for key, one in described.items() if one.doubtful is not None}
        if not doubtful:
            return {}
        reports = validate_batch(doubtful, shapes=self.shapes)
        problems = self._problems(described, doubtful=doubtful)
        return {
            key: (*reports[key].results, *misquotes(graph, article=described[key].extraction.article),
                  *problems.get(key, ()))
            for key, graph in doubtful.items()
        }

    def _problems(
        self, described: "Mapping[str, _Described]", *, doubtful: Mapping[str, Graph]
    ) -> dict[str, list[Result]]:
        """Ask the checks of a whole release of this batch, and return what they find by article."""
        store = EmbeddedStore()
        store.add(self.shared)
        for one in described.values():
            store.add(one.lines)
        found: dict[str, list[Result]] = {}
        for problem in check_release(store, vocabulary=self.vocabulary):
            for key, graph in doubtful.items():
                if (URIRef(problem.node), None, None) in graph:
                    found.setdefault(key, []).append(as_result(problem))
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """An article that was read: its records, all its triples if they are not proven to conform, and its quads."""

    extraction: Extraction
    doubtful: Graph | None
    lines: tuple[bytes, ...]

    @property
    def key(self) -> str:
        """The key of the article."""
        return self.extraction.article.key


def _finished(found: _Described, *, results: tuple[Result, ...]) -> Done:
    extraction, article = found.extraction, found.extraction.article
    outcome = Outcome(
        source=article.source, status="published", article=article.key, triples=len(found.lines),
        statements=len(extraction.statements), agreements=len(extraction.agreements), issues=len(extraction.issues),
    )
    if results:
        said = (f"{article.source}: does not conform in {len(results)} places, the first {results[0].focus}: "
                f"{results[0].message}")
        return Done(outcome=replace(outcome, status="rejected", messages=(said,)), results=results)
    if not extraction.statements and not extraction.agreements:
        said = f"{article.source}: no statement and no agreement found; published without"
        outcome = replace(outcome, messages=(said,))
    return Done(outcome=outcome, lines=found.lines, is_proven=found.doubtful is None)


def _failed(article: Article, *, said: str) -> Done:
    return Done(outcome=Outcome(source=article.source, status="failed", article=article.key,
                                messages=(f"{article.source}: {' '.join(said.split())}",)))


@lru_cache(maxsize=1)
def worker(settings: Settings, load: Load) -> Worker:
    """Return the worker of this process."""
    return Worker.load(settings, load=load)


def process(articles: tuple[Article, ...], settings: Settings, load: Load) -> tuple[Done, ...]:
    """Do `Worker.process` in whatever process this is called."""
    here = worker(settings, load)
    with _garbage_left():
        return here.process(articles)


@contextmanager
def _garbage_left() -> Iterator[None]:
    """Look for garbage after a batch: Python would go through all that a batch holds, again and again."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def above(confidence: float, extraction: Extraction) -> Extraction:
    """Return an extraction without statements and agreements of lower confidence, and without references to them."""
    article = extraction.article
    statements = [statement for statement in extraction.statements if statement.confidence >= confidence]
    agreements = tuple(agreement for agreement in extraction.agreements if agreement.confidence >= confidence)
    cues = {statement.cue.start for statement in statements}
    gone = {iris.agreement_id(article, agreement) for agreement in extraction.agreements if agreement not in agreements}
    return replace(
        extraction, agreements=agreements,
        statements=tuple(
            replace(
                statement, inner=tuple(cue for cue in statement.inner if cue in cues),
                about=tuple(thing for thing in statement.about if thing not in gone),
            )
            for statement in statements
        ),
    )


def quads(graphs: Mapping[str, Graph], *, vocabulary: Vocabulary) -> tuple[bytes, ...]:
    """Return graphs by their relative names as N-Quads lines."""
    return tuple(line for name, graph in graphs.items() for line in n_quads(graph, name=vocabulary.iri(name)))


def as_result(problem: Problem) -> Result:
    """Return what a check of a release found in the form of a validation result."""
    return Result(focus=problem.node, path="", value=problem.detail, message=problem.message)


def _union(graphs: Iterable[Triples]) -> Triples:
    """Return all triples together; graphs hold different nodes, and share them with what is returned."""
    union = Triples()
    for triples in graphs:
        for node, told in triples.nodes.items():
            if union.nodes.setdefault(node, told) is not told:
                union.nodes[node] = dict(union.nodes[node])
                for predicate, values in told.items():
                    union.nodes[node][predicate] = [*dict.fromkeys((*union.nodes[node].get(predicate, ()), *values))]
    return union


def _compiled(shapes: Shapes) -> CompiledShapes | None:
    """Return the shapes compiled, None if they cannot be: then pySHACL looks at every article."""
    try:
        return compile_shapes(shapes)
    except OntologyError as error:
        logger.warning("%s", str(error))
        return None
