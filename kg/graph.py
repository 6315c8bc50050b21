"""Records of one article → triples, each in exactly one named graph.

An article graph holds only nodes of that article; what articles share (propositions, actors known by name) has graphs
of its own. A union of all graphs therefore never holds a triple twice: engines that do not remove doubles from a union
(Oxigraph) count right.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache

from rdflib import DCTERMS, ORG, PROV, RDF, RDFS, SKOS, XSD, Graph, Literal

from kg import iris
from kg.model import (
    Actor,
    Agreement,
    Article,
    Extraction,
    Interval,
    Mention,
    Obligation,
    Office,
    Proposition,
    Span,
    Statement,
    StatusEvent,
    Tenure,
)
from kg.triples import Triples, iri, literal
from kg.vocabulary import OA, SCHEMA, Vocabulary

ACTORS = "graph/actors"
PROPOSITIONS = "graph/propositions"
MENTIONS = ("evidence", "all")
WIKIDATA = "http://www.wikidata.org/entity/"
CONTEXT = 16  # characters before and after a quotation that a Web Annotation selector repeats to find it again
_TYPE, _LABEL, _ALIAS, _MATCH = map(iri, (RDF.type, RDFS.label, SKOS.altLabel, SKOS.exactMatch))
_IDENTIFIER, _SOURCE, _MEMBER = map(iri, (DCTERMS.identifier, DCTERMS.source, ORG.member))
_PUBLISHED, _LANGUAGE, _HEADLINE = map(iri, (SCHEMA.datePublished, SCHEMA.inLanguage, SCHEMA.headline))
_PUBLISHER, _AUTHOR, _MENTIONS, BODY = map(iri, (SCHEMA.publisher, SCHEMA.author, SCHEMA.mentions, SCHEMA.articleBody))
_HAS_SOURCE, _HAS_SELECTOR = map(iri, (OA.hasSource, OA.hasSelector))
_SELECTOR_KINDS = tuple(map(iri, (OA.TextPositionSelector, OA.TextQuoteSelector)))
_START, _END, _EXACT, _PREFIX, _SUFFIX = map(iri, (OA.start, OA.end, OA.exact, OA.prefix, OA.suffix))
_DATE, _INTEGER, _DECIMAL = map(iri, (XSD.date, XSD.integer, XSD.decimal))


def article_graph_name(article: Article) -> str:
    """Return the relative IRI of the named graph of an article."""
    return f"graph/article/{article.key}"


def describe(extraction: Extraction, *, vocabulary: Vocabulary, mentions: str = "evidence") -> dict[str, Graph]:
    """Return the triples of one article as graphs of rdflib, by the relative IRI of their named graph.

    For whoever wants to ask or change them; otherwise as `write_triples`.
    """
    found = write_triples(extraction, vocabulary=vocabulary, mentions=mentions)
    return {name: triples.graph() for name, triples in found.items()}


def write_triples(
    extraction: Extraction, *, vocabulary: Vocabulary, mentions: str = "evidence"
) -> dict[str, Triples]:
    """Return the triples of one article by the relative IRI of their named graph.

    Args:
        extraction: All that was read from the article.
        vocabulary: Terms and base IRI.
        mentions: "evidence" keeps the words of evidence, cues and wording; "all" also every mention of an actor,
            which is about two thirds more triples.

    Returns: The article's own graph first, then what it adds to the shared graphs of propositions and actors.

    Raises: ValueError: `mentions` is none of MENTIONS, or an IRI is malformed.
    """
    if mentions not in MENTIONS:
        raise ValueError(f"mentions must be one of {', '.join(MENTIONS)}, not {mentions!r}")
    writer = _Writer(extraction=extraction, vocabulary=vocabulary)
    writer.article()
    for statement in extraction.statements:
        writer.statement(statement)
    for agreement in extraction.agreements:
        writer.agreement(agreement)
    for tenure in extraction.cast.tenures:
        writer.tenure(tenure)
    if mentions == "all":
        writer.mentions()
    writer.actors()
    return {article_graph_name(extraction.article): writer.own, PROPOSITIONS: writer.propositions,
            ACTORS: writer.named}


def shared_graphs(vocabulary: Vocabulary) -> dict[str, Graph]:
    """Return the graphs that do not depend on any article: the ontology, its schemes and the known actors."""
    return {
        "graph/ontology": vocabulary.graph("asa.ttl"),
        "graph/vocabulary": vocabulary.graph("schemes.ttl"),
        "graph/registry": vocabulary.graph("actors.ttl"),
    }


def run_graph(articles: Iterable[str], *, version: str, vocabulary: Vocabulary) -> Graph:
    """Return the extraction run that articles (by key) came from; the run is identified by what it ran, not when."""
    graph = Graph()
    run = vocabulary.iri(f"id/run/{version}")
    graph.add((run, RDF.type, vocabulary.asa.ExtractionRun))
    graph.add((run, RDFS.label, Literal(f"Extraction by version {version}", lang="en")))
    for key in articles:
        graph.add((vocabulary.iri(f"id/article/{key}"), PROV.wasGeneratedBy, run))
    return graph


def proposition_label(proposition: Proposition, *, labels: Mapping[str, str]) -> str:
    """Return the one-line reading of a proposition, from the labels of its actors.

    >>> aid = Proposition(agents=("id/state/PRK",), act="supply-arms", targets=("id/state/RUS",))
    >>> proposition_label(aid, labels={"id/state/PRK": "North Korea", "id/state/RUS": "Russia"})
    'North Korea: supply-arms -> Russia'
    """
    agents = " and ".join(sorted(labels[agent] for agent in proposition.agents)) or "somebody"
    targets = " and ".join(sorted(labels[target] for target in proposition.targets))
    return (
        f"{agents}: {proposition.act}"
        + (f" -> {targets}" if targets else "")
        + (f" ({proposition.topic})" if proposition.topic else "")
    )


@dataclass
class _Writer:
    """Collects the triples of one extraction."""

    extraction: Extraction
    vocabulary: Vocabulary
    own: Triples = field(default_factory=Triples)
    propositions: Triples = field(default_factory=Triples)
    named: Triples = field(default_factory=Triples)

    def __post_init__(self) -> None:
        base = self.vocabulary.base
        self._asa = f"<{base}ns#"
        self._id = iri(base + iris.article_id(self._article))

    @property
    def _article(self) -> Article:
        return self.extraction.article

    @cached_property
    def _actors(self) -> dict[str, Actor]:
        """The actors of the cast, save descriptions ("two men") that no statement, agreement, tenure or actor needs."""
        cast = self.extraction.cast.actors
        named = [actor.id for actor in cast.values() if actor.basis != "article"]
        waiting = list(dict.fromkeys((*named, *(key for key in _used(self.extraction) if key in cast))))
        used = set(waiting)
        while waiting:  # and whom these belong to
            further = [key for key in cast[waiting.pop()].affiliations if key in cast and key not in used]
            used.update(further)
            waiting.extend(further)
        return {actor.id: actor for actor in cast.values() if actor.id in used}

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {actor.id: actor.label for actor in self._actors.values()}

    @cached_property
    def _mentions(self) -> tuple[Mention, ...]:
        return tuple(mention for mention in self.extraction.cast.mentions if mention.actor in self._actors)

    def _property(self, name: str) -> str:
        return f"{self._asa}{name}>"

    def _things(self, relative: Iterable[str]) -> list[str]:
        base = self.vocabulary.base
        return [iri(base + target) for target in relative]

    def _own_thing(self, relative: str) -> str:
        """Return the term of something that is minted from the key of the article and offsets, and so well-formed."""
        return f"<{self.vocabulary.base}{relative}>"

    def _concept(self, scheme: str, value: str) -> str:
        return _concept(self.vocabulary, scheme, value)

    def article(self) -> None:
        """Write the article itself and whom it mentions."""
        article, node, add = self._article, self._id, self.own.add
        add(node, _TYPE, self._property("Article"))
        add(node, _IDENTIFIER, literal(f"sha256:{article.digest}"))
        add(node, _SOURCE, literal(article.source))
        add(node, _PUBLISHED, _day(article.published))
        add(node, _LANGUAGE, literal(article.language))
        for title in article.title:
            add(node, _HEADLINE, literal(_line(title.of(article.text)), language=article.language))
        add(node, _PUBLISHER, *self._things(self.extraction.publishers))
        add(node, _AUTHOR, *self._things(self.extraction.authors))
        add(node, _MENTIONS, *self._things(sorted({mention.actor for mention in self._mentions})))

    def statement(self, statement: Statement) -> None:
        """Write one statement with its evidence, its cue and what it is about."""
        article, add, named = self._article, self.own.add, self._property
        node = self._own_thing(iris.statement_id(article, statement))
        add(node, _TYPE, named("Statement"))
        for scheme in ("stance", "polarity", "certainty", "mode"):
            add(node, named(scheme), self._concept(scheme, getattr(statement, scheme)))
        for name, actors in (
            ("speaker", statement.speakers),
            ("onBehalfOf", statement.on_behalf_of),
            ("addressee", statement.addressees),
            ("channel", statement.channels),
            ("about", statement.about),
        ):
            add(node, named(name), *self._things(actors))
        add(node, named("content"), *self._propositions(statement.contents),
            *(self._own_thing(iris.statement_at(article, offset)) for offset in statement.inner))
        add(node, named("premise"), *self._propositions(statement.premises))
        add(node, named("gist"), literal(statement.gist))
        add(node, named("quote"), *(literal(quote.of(article.text)) for quote in statement.quotes))
        add(node, named("cue"), self._mention(statement.cue))
        add(node, named("wording"), *map(self._mention, statement.wording))
        self._evidence(node, statement.evidence)
        self._interval(node, statement.when)
        add(node, named("confidence"), _probability(statement.confidence))

    def agreement(self, agreement: Agreement) -> None:
        """Write one agreement with its status events and obligations."""
        article, add, named = self._article, self.own.add, self._property
        node = self._own_thing(iris.agreement_id(article, agreement))
        add(node, _TYPE, named("Agreement"))
        add(node, _LABEL, literal(agreement.label, language="en"))
        add(node, named("agreementType"), self._concept("agreement", agreement.kind))
        add(node, named("status"), self._concept("status", agreement.status))
        add(node, named("party"), *self._things(agreement.parties))
        add(node, named("statusEvent"), *self._things(iris.event_id(article, event) for event in agreement.events))
        add(node, named("obligation"), *self._things(iris.obligation_id(article, duty)
                                                     for duty in agreement.obligations))
        self._evidence(node, agreement.evidence)
        add(node, named("confidence"), _probability(agreement.confidence))
        for mention in agreement.mentions:
            add(self._mention(mention), named("denotes"), node)
        for event in agreement.events:
            self._event(event)
        for obligation in agreement.obligations:
            self._obligation(obligation)

    def _event(self, event: StatusEvent) -> None:
        node, add, named = self._own_thing(iris.event_id(self._article, event)), self.own.add, self._property
        add(node, _TYPE, named("StatusEvent"))
        add(node, _LABEL, literal(event.label, language="en"))
        add(node, named("status"), self._concept("status", event.status))
        add(node, named("agent"), *self._things(event.agents))
        self._interval(node, event.when)
        self._evidence(node, (event.evidence,))

    def _obligation(self, obligation: Obligation) -> None:
        node, add, named = self._own_thing(iris.obligation_id(self._article, obligation)), self.own.add, self._property
        add(node, _TYPE, named("Obligation"))
        add(node, named("gist"), literal(obligation.gist))
        add(node, named("bearer"), *self._things(obligation.bearers))
        add(node, named("duty"), *self._propositions(obligation.duty))
        add(node, named("trigger"), *self._propositions(obligation.triggers))
        self._evidence(node, (obligation.evidence,))

    def tenure(self, tenure: Tenure) -> None:
        """Write a person shown in an office, and the office if the registry does not hold it."""
        node, add = self._own_thing(iris.tenure_id(self._article, tenure)), self.own.add
        add(node, _TYPE, self._property("Tenure"))
        add(node, _MEMBER, *self._things((tenure.person,)))
        add(node, self._property("office"), *self._things((tenure.office.id,)))
        add(node, self._property("asOf"), _day(self._article.published))
        self._evidence(node, (tenure.evidence,))
        if iris.is_name_based(tenure.office.id):
            self._office(tenure.office)

    def _office(self, office: Office) -> None:
        [node] = self._things((office.id,))
        self.named.add(node, _TYPE, self._property("Office"))
        self.named.add(node, _LABEL, literal(office.label, language="en"))
        self.named.add(node, self._property("affiliation"), *self._things(office.affiliations))

    def mentions(self) -> None:
        """Write the stretches of text that stand for actors."""
        for mention in self._mentions:
            node = self._mention(mention.span)
            self.own.add(node, self._property("denotes"), *self._things((mention.actor,)))
            self.own.add(node, self._property("form"), self._concept("form", mention.form))

    def actors(self) -> None:
        """Write the actors that the registry does not hold: described ones with the article, named ones apart."""
        for actor in self._actors.values():
            if actor.basis == "name":
                self._actor(actor, self.named)
            elif actor.basis == "article":
                self._actor(actor, self.own)

    def _actor(self, actor: Actor, triples: Triples) -> None:
        [node] = self._things((actor.id,))
        triples.add(node, _TYPE, self._property(actor.kind))
        triples.add(node, _LABEL, literal(actor.label, language="en"))
        triples.add(node, self._property("identityBasis"), self._concept("identity", actor.basis))
        triples.add(node, _ALIAS, *(literal(alias, language="en") for alias in actor.aliases))
        triples.add(node, self._property("affiliation"), *self._things(actor.affiliations))
        if actor.wikidata:
            triples.add(node, _MATCH, iri(WIKIDATA + actor.wikidata))

    def _propositions(self, propositions: Iterable[Proposition]) -> list[str]:
        nodes = self._things(map(iris.proposition_id, propositions))
        for node, proposition in zip(nodes, propositions, strict=True):
            self._proposition(node, proposition)
            if proposition.read_from is not None:
                self.own.add(self._mention(proposition.read_from), self._property("denotes"), node)
        return nodes

    def _proposition(self, node: str, proposition: Proposition) -> None:
        add, named = self.propositions.add, self._property
        add(node, _TYPE, named("Proposition"))
        add(node, _LABEL, literal(proposition_label(proposition, labels=self._labels), language="en"))
        add(node, named("act"), self._concept("act", proposition.act))
        add(node, named("agent"), *self._things(proposition.agents))
        add(node, named("target"), *self._things(proposition.targets))
        if proposition.topic:
            add(node, named("topic"), self._concept("topic", proposition.topic))

    def _evidence(self, node: str, spans: Iterable[Span]) -> None:
        self.own.add(node, self._property("evidence"), *map(self._mention, spans))
        self.own.add(node, self._property("inArticle"), self._id)

    def _interval(self, node: str, when: Interval) -> None:
        if when.earliest:
            self.own.add(node, self._property("earliest"), _day(when.earliest))
        if when.latest:
            self.own.add(node, self._property("latest"), _day(when.latest))
        if when.words:
            self.own.add(node, self._property("timeText"), literal(when.words))

    def _mention(self, span: Span) -> str:
        text, nodes = self._article.text, self.own.nodes
        node = self._own_thing(iris.mention_id(self._article, span))
        if node in nodes:
            return node
        selector = self._own_thing(iris.selector_id(self._article, span))
        nodes[node] = {
            _TYPE: [self._property("Mention")], _HAS_SOURCE: [self._id], _HAS_SELECTOR: [selector],
        }
        nodes[selector] = {
            _TYPE: [*_SELECTOR_KINDS], _START: [_offset(span.start)], _END: [_offset(span.end)],
            _EXACT: [literal(span.of(text))],
            _PREFIX: [literal(text[max(0, span.start - CONTEXT) : span.start])],
            _SUFFIX: [literal(text[span.end : span.end + CONTEXT])],
        }
        return node


def _used(extraction: Extraction) -> Iterator[str]:
    """Yield the ids of the actors that statements, agreements, tenures and credits of an article take up."""
    for statement in extraction.statements:
        yield from (*statement.speakers, *statement.on_behalf_of, *statement.addressees, *statement.channels)
        yield from statement.about
        for proposition in (*statement.contents, *statement.premises):
            yield from (*proposition.agents, *proposition.targets)
    for agreement in extraction.agreements:
        yield from agreement.parties
        for event in agreement.events:
            yield from event.agents
        for obligation in agreement.obligations:
            yield from obligation.bearers
            for proposition in (*obligation.duty, *obligation.triggers):
                yield from (*proposition.agents, *proposition.targets)
    yield from (tenure.person for tenure in extraction.cast.tenures)
    yield from (*extraction.publishers, *extraction.authors)


@lru_cache(maxsize=4096)
def _concept(vocabulary: Vocabulary, scheme: str, value: str) -> str:
    return iri(vocabulary.concept(scheme, value))


def _day(day: date) -> str:
    return literal(day.isoformat(), datatype=_DATE)


def _offset(value: int) -> str:
    """Return an xsd:integer: stores write the narrower xsd:nonNegativeInteger back as that."""
    return f'"{value}"^^{_INTEGER}'


def _probability(value: float) -> str:
    """Return a canonical xsd:decimal: two places at most, as stores write it back."""
    shortest = Decimal(f"{value:.2f}").normalize()
    return literal(f"{shortest:f}", datatype=_DECIMAL)


def _line(words: str) -> str:
    return " ".join(words.split())
