"""One article through all reading stages: text → analysis → actors, statements, propositions, agreements."""

import gc
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import kg
from kg import iris
from kg.actors import Registry, find_actors, load_registry
from kg.actors.scene import named_actor
from kg.agreements import Terms, find_agreements, load_terms
from kg.confidence import Calibration, load_calibration
from kg.dates import find_times
from kg.dates.calendar import written_days
from kg.language import Parser, load_parser
from kg.language.document import Doc
from kg.model import Actor, Agreement, Article, Cast, Extraction, Issue, Span, Statement
from kg.propositions import Acts, load_acts, read_contents, read_duties
from kg.statements import Cues, find_statements, load_cues, without_circles
from kg.vocabulary import knowledge_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What extraction reads articles with: the encoder, the known actors and the lexicons."""

    parser: Parser
    registry: Registry
    cues: Cues
    acts: Acts
    terms: Terms
    calibration: Calibration

    @classmethod
    def load(cls) -> "Knowledge":
        """Load everything that ships with the package.

        Raises: OntologyError: a file of ontology/ is missing or holds what the code cannot use.
        """
        found = cls(parser=load_parser(), registry=load_registry(), cues=load_cues(), acts=load_acts(),
                    terms=load_terms(), calibration=load_calibration("statement"))
        gc.collect()
        gc.freeze()  # it stays: without this Python searched it for garbage again every few articles
        return found

    @property
    def version(self) -> str:
        """Code version, and a digest of the encoder and of all files of ontology/: what a result depends on."""
        digest = hashlib.sha256(self.parser.version.encode())
        for name, content in knowledge_files():
            digest.update(name.encode() + b"\0" + content + b"\0")
        return f"{kg.__version__}-{digest.hexdigest()[:12]}"


def extract(article: Article, *, knowledge: Knowledge) -> Extraction:
    """Return all that is read from one article."""
    doc = knowledge.parser(article.text, blocks=article.prose)
    extraction = read(doc, article=article, knowledge=knowledge)
    doc.dissolve()
    return extraction


def read(doc: Doc, *, article: Article, knowledge: Knowledge) -> Extraction:
    """Return all that is read from one article whose text is already analysed.

    `doc` covers the whole text of `article`, so that offsets of both are the same.
    """
    cast = find_actors(doc, article=article, registry=knowledge.registry)
    times = find_times(article.text, published=article.published, spans=article.prose)
    found = find_statements(doc, article=article, cast=cast, times=times, cues=knowledge.cues)
    cast = _with_actors(cast, found.actors)
    whole = _with_actors(cast, _belonging(cast, knowledge.registry))
    statements = without_circles(
        read_contents(found.statements, doc=doc, article=article, cast=whole, acts=knowledge.acts))
    cast = _with_actors(cast, _taking_part(statements, whole))
    agreements = find_agreements(doc, article=article, cast=cast, times=times, terms=knowledge.terms)
    agreements = read_duties(agreements, doc=doc, cast=cast, acts=knowledge.acts)
    publishers = _credited(article.publisher, kind="Organization", article=article, cast=cast,
                           registry=knowledge.registry)
    authors = _credited(article.authors, kind="Person", article=article, cast=cast, registry=knowledge.registry)
    return Extraction(
        article=article,
        cast=_with_actors(cast, (*publishers, *authors)),
        statements=tuple(
            replace(_about_agreements(statement, agreements, article=article),
                    confidence=knowledge.calibration.probability(statement.confidence))
            for statement in statements
        ),
        agreements=agreements,
        publishers=tuple(actor.id for actor in publishers),
        authors=tuple(actor.id for actor in authors),
        issues=(*_guessed_day(article), *found.issues),
    )


def _belonging(cast: Cast, registry: Registry) -> Iterator[Actor]:
    """Yield the known actors to which those of a cast belong, and these again, as far as the article names them not."""
    waiting = [name for actor in cast.actors.values() for name in actor.affiliations]
    seen = set(cast.actors)
    while waiting:
        name = waiting.pop()
        if name not in seen and name in registry.actors:
            seen.add(name)
            waiting += registry.actors[name].affiliations
            yield registry.actors[name]


def _taking_part(statements: Iterable[Statement], cast: Cast) -> Iterator[Actor]:
    """Yield the actors that the propositions of statements name."""
    for statement in statements:
        for proposition in (*statement.contents, *statement.premises):
            yield from (cast.actors[name] for name in (*proposition.agents, *proposition.targets))


def _guessed_day(article: Article) -> tuple[Issue, ...]:
    """Return an issue where a sentence had to tell the day of publication, or where it can be read in two ways."""
    told = [(span, "no line gives the day of publication; read from these words")
            for span in article.dated if any(block.holds(span) for block in article.prose)]
    told += [(span, f"read as {article.published}, though day and month could be the other way round")
             for span in article.dated if _is_two_ways(span.of(article.text))]
    return tuple(Issue(where=span, what=what, stage="articles") for span, what in told)


def _is_two_ways(words: str) -> bool:
    """Return whether a day's numbers can be read in two ways: "3/4/2024"."""
    written = next(written_days(words), None)
    return written is not None and written.is_ambiguous


def _with_actors(cast: Cast, actors: Iterable[Actor]) -> Cast:
    return replace(cast, actors={**{actor.id: actor for actor in actors}, **cast.actors})


def _credited(spans: Iterable[Span], *, kind: str, article: Article, cast: Cast,
              registry: Registry) -> tuple[Actor, ...]:
    """Return the actors that a byline or an agency line names: of the cast, of the registry, or by name."""
    return tuple(_credited_to(span, kind=kind, article=article, cast=cast, registry=registry) for span in spans)


def _credited_to(span: Span, *, kind: str, article: Article, cast: Cast, registry: Registry) -> Actor:
    for mention in cast.mentions:
        if mention.span == span:
            return cast.actors[mention.actor]
    name = span.of(article.text)
    known = registry.actors.get(registry.named(name))
    return known if known is not None and known.kind == kind else named_actor(kind, name)


def _about_agreements(statement: Statement, agreements: Iterable[Agreement], *, article: Article) -> Statement:
    """Add the agreements that the words of a statement mention to what it is about."""
    spoken_of = tuple(
        iris.agreement_id(article, agreement)
        for agreement in agreements
        if any(wording.overlaps(mention) for wording in statement.wording for mention in agreement.mentions)
    )
    return replace(statement, about=tuple(dict.fromkeys((*statement.about, *spoken_of))))
