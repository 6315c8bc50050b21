"""Records of one article → triples, each in exactly one named graph.

An article graph holds only nodes of that article; what articles share (propositions, actors known by name) has graphs
of its own. A union of all graphs therefore never holds a triple twice: engines that do not remove doubles from a union
(Oxigraph) count right.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from rdflib import DCTERMS, ORG, PROV, RDF, RDFS, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

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
from kg.vocabulary import OA, SCHEMA, Vocabulary

ACTORS = "graph/actors"
PROPOSITIONS = "graph/propositions"
MENTIONS = ("evidence", "all")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")
CONTEXT = 16  # characters before and after a quotation that a Web Annotation selector repeats to find it again


def article_graph_name(article: Article) -> str:
    """Return the relative IRI of the named graph of an article."""
    return f"graph/article/{article.key}"


def describe(extraction: Extraction, *, vocabulary: Vocabulary, mentions: str = "evidence") -> dict[str, Graph]:
    """Return the triples of one article by the relative IRI of their named graph.

    Args:
        extraction: All that was read from the article.
        vocabulary: Terms and base IRI.
        mentions: "evidence" keeps the words of evidence, cues and wording; "all" also every mention of an actor,
            which is about two thirds more triples.

    Returns: The article's own graph first, then what it adds to the shared graphs of propositions and actors.

    Raises: ValueError: `mentions` is none of MENTIONS.
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


def _plain_graph() -> Graph:
    return Graph(store="SimpleMemory")  # takes a third of the time that the store for several graphs takes


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
    own: Graph = field(default_factory=_plain_graph)
    propositions: Graph = field(default_factory=_plain_graph)
    named: Graph = field(default_factory=_plain_graph)

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

    def _add(self, subject: URIRef, predicate: URIRef, *values: Node) -> None:
        for value in values:
            self.own.add((subject, predicate, value))

    def _point(self, subject: URIRef, name: str, relative: Iterable[str]) -> None:
        self._add(subject, self.vocabulary.asa[name], *(self.vocabulary.iri(target) for target in relative))

    def _concept(self, subject: URIRef, name: str, scheme: str, value: str) -> None:
        self._add(subject, self.vocabulary.asa[name], self.vocabulary.concept(scheme, value))

    def article(self) -> None:
        """Write the article itself and whom it mentions."""
        article, node = self._article, self.vocabulary.iri(iris.article_id(self._article))
        self._add(node, RDF.type, self.vocabulary.asa.Article)
        self._add(node, DCTERMS.identifier, Literal(f"sha256:{article.digest}"))
        self._add(node, DCTERMS.source, Literal(article.source))
        self._add(node, SCHEMA.datePublished, _day(article.published))
        self._add(node, SCHEMA.inLanguage, Literal(article.language))
        for title in article.title:
            self._add(node, SCHEMA.headline, Literal(_line(title.of(article.text)), lang=article.language))
        for predicate, credited in (
            (SCHEMA.publisher, self.extraction.publishers),
            (SCHEMA.author, self.extraction.authors),
            (SCHEMA.mentions, sorted({mention.actor for mention in self._mentions})),
        ):
            self._add(node, predicate, *(self.vocabulary.iri(actor) for actor in credited))

    def statement(self, statement: Statement) -> None:
        """Write one statement with its evidence, its cue and what it is about."""
        article, asa = self._article, self.vocabulary.asa
        node = self.vocabulary.iri(iris.statement_id(article, statement))
        self._add(node, RDF.type, asa.Statement)
        for name, scheme, value in (
            ("stance", "stance", statement.stance),
            ("polarity", "polarity", statement.polarity),
            ("certainty", "certainty", statement.certainty),
            ("mode", "mode", statement.mode),
        ):
            self._concept(node, name, scheme, value)
        for name, actors in (
            ("speaker", statement.speakers),
            ("onBehalfOf", statement.on_behalf_of),
            ("addressee", statement.addressees),
            ("channel", statement.channels),
            ("about", statement.about),
        ):
            self._point(node, name, actors)
        self._add(node, asa.content, *self._propositions(statement.contents))
        self._point(node, "content", (iris.statement_at(article, offset) for offset in statement.inner))
        self._add(node, asa.premise, *self._propositions(statement.premises))
        self._add(node, asa.gist, Literal(statement.gist))
        self._add(node, asa.quote, *(Literal(quote.of(article.text)) for quote in statement.quotes))
        self._add(node, asa.cue, self._mention(statement.cue))
        self._add(node, asa.wording, *map(self._mention, statement.wording))
        self._evidence(node, statement.evidence)
        self._interval(node, statement.when)
        self._add(node, asa.confidence, _probability(statement.confidence))

    def agreement(self, agreement: Agreement) -> None:
        """Write one agreement with its status events and obligations."""
        article, asa = self._article, self.vocabulary.asa
        node = self.vocabulary.iri(iris.agreement_id(article, agreement))
        self._add(node, RDF.type, asa.Agreement)
        self._add(node, RDFS.label, Literal(agreement.label, lang="en"))
        self._concept(node, "agreementType", "agreement", agreement.kind)
        self._concept(node, "status", "status", agreement.status)
        self._point(node, "party", agreement.parties)
        self._point(node, "statusEvent", (iris.event_id(article, event) for event in agreement.events))
        self._point(node, "obligation", (iris.obligation_id(article, duty) for duty in agreement.obligations))
        self._evidence(node, agreement.evidence)
        self._add(node, asa.confidence, _probability(agreement.confidence))
        for mention in agreement.mentions:
            self._add(self._mention(mention), asa.denotes, node)
        for event in agreement.events:
            self._event(event)
        for obligation in agreement.obligations:
            self._obligation(obligation)

    def _event(self, event: StatusEvent) -> None:
        node = self.vocabulary.iri(iris.event_id(self._article, event))
        self._add(node, RDF.type, self.vocabulary.asa.StatusEvent)
        self._add(node, RDFS.label, Literal(event.label, lang="en"))
        self._concept(node, "status", "status", event.status)
        self._point(node, "agent", event.agents)
        self._interval(node, event.when)
        self._evidence(node, (event.evidence,))

    def _obligation(self, obligation: Obligation) -> None:
        asa = self.vocabulary.asa
        node = self.vocabulary.iri(iris.obligation_id(self._article, obligation))
        self._add(node, RDF.type, asa.Obligation)
        self._add(node, asa.gist, Literal(obligation.gist))
        self._point(node, "bearer", obligation.bearers)
        self._add(node, asa.duty, *self._propositions(obligation.duty))
        self._add(node, asa.trigger, *self._propositions(obligation.triggers))
        self._evidence(node, (obligation.evidence,))

    def tenure(self, tenure: Tenure) -> None:
        """Write a person shown in an office, and the office if the registry does not hold it."""
        asa = self.vocabulary.asa
        node = self.vocabulary.iri(iris.tenure_id(self._article, tenure))
        self._add(node, RDF.type, asa.Tenure)
        self._add(node, ORG.member, self.vocabulary.iri(tenure.person))
        self._add(node, asa.office, self.vocabulary.iri(tenure.office.id))
        self._add(node, asa.asOf, _day(self._article.published))
        self._evidence(node, (tenure.evidence,))
        if iris.is_name_based(tenure.office.id):
            self._office(tenure.office)

    def _office(self, office: Office) -> None:
        node = self.vocabulary.iri(office.id)
        self.named.add((node, RDF.type, self.vocabulary.asa.Office))
        self.named.add((node, RDFS.label, Literal(office.label, lang="en")))
        for body in office.affiliations:
            self.named.add((node, self.vocabulary.asa.affiliation, self.vocabulary.iri(body)))

    def mentions(self) -> None:
        """Write the stretches of text that stand for actors."""
        for mention in self._mentions:
            node = self._mention(mention.span)
            self._point(node, "denotes", (mention.actor,))
            self._concept(node, "form", "form", mention.form)

    def actors(self) -> None:
        """Write the actors that the registry does not hold: described ones with the article, named ones apart."""
        for actor in self._actors.values():
            if actor.basis == "name":
                self._actor(actor, self.named)
            elif actor.basis == "article":
                self._actor(actor, self.own)

    def _actor(self, actor: Actor, graph: Graph) -> None:
        asa, node = self.vocabulary.asa, self.vocabulary.iri(actor.id)
        graph.add((node, RDF.type, asa[actor.kind]))
        graph.add((node, RDFS.label, Literal(actor.label, lang="en")))
        graph.add((node, asa.identityBasis, self.vocabulary.concept("identity", actor.basis)))
        for alias in actor.aliases:
            graph.add((node, SKOS.altLabel, Literal(alias, lang="en")))
        for body in actor.affiliations:
            graph.add((node, asa.affiliation, self.vocabulary.iri(body)))
        if actor.wikidata:
            graph.add((node, SKOS.exactMatch, WIKIDATA[actor.wikidata]))

    def _propositions(self, propositions: Iterable[Proposition]) -> list[URIRef]:
        nodes = []
        for proposition in propositions:
            node = self.vocabulary.iri(iris.proposition_id(proposition))
            self._proposition(node, proposition)
            if proposition.read_from is not None:
                self._add(self._mention(proposition.read_from), self.vocabulary.asa.denotes, node)
            nodes.append(node)
        return nodes

    def _proposition(self, node: URIRef, proposition: Proposition) -> None:
        asa, graph = self.vocabulary.asa, self.propositions
        graph.add((node, RDF.type, asa.Proposition))
        graph.add((node, RDFS.label, Literal(proposition_label(proposition, labels=self._labels), lang="en")))
        graph.add((node, asa.act, self.vocabulary.concept("act", proposition.act)))
        for agent in proposition.agents:
            graph.add((node, asa.agent, self.vocabulary.iri(agent)))
        for target in proposition.targets:
            graph.add((node, asa.target, self.vocabulary.iri(target)))
        if proposition.topic:
            graph.add((node, asa.topic, self.vocabulary.concept("topic", proposition.topic)))

    def _evidence(self, node: URIRef, spans: Iterable[Span]) -> None:
        self._add(node, self.vocabulary.asa.evidence, *map(self._mention, spans))
        self._point(node, "inArticle", (iris.article_id(self._article),))

    def _interval(self, node: URIRef, when: Interval) -> None:
        asa = self.vocabulary.asa
        if when.earliest:
            self._add(node, asa.earliest, _day(when.earliest))
        if when.latest:
            self._add(node, asa.latest, _day(when.latest))
        if when.words:
            self._add(node, asa.timeText, Literal(when.words))

    def _mention(self, span: Span) -> URIRef:
        article = self._article
        node = self.vocabulary.iri(iris.mention_id(article, span))
        selector = self.vocabulary.iri(iris.selector_id(article, span))
        if (node, RDF.type, self.vocabulary.asa.Mention) in self.own:
            return node
        self._add(node, RDF.type, self.vocabulary.asa.Mention)
        self._add(node, OA.hasSource, self.vocabulary.iri(iris.article_id(article)))
        self._add(node, OA.hasSelector, selector)
        self._add(selector, RDF.type, OA.TextPositionSelector, OA.TextQuoteSelector)
        self._add(selector, OA.start, _offset(span.start))
        self._add(selector, OA.end, _offset(span.end))
        self._add(selector, OA.exact, Literal(span.of(article.text)))
        self._add(selector, OA.prefix, Literal(article.text[max(0, span.start - CONTEXT) : span.start]))
        self._add(selector, OA.suffix, Literal(article.text[span.end : span.end + CONTEXT]))
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


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=XSD.date, normalize=False)


def _offset(value: int) -> Literal:
    """Return an xsd:integer: stores write the narrower xsd:nonNegativeInteger back as that."""
    return Literal(str(value), datatype=XSD.integer, normalize=False)


def _probability(value: float) -> Literal:
    """Return a canonical xsd:decimal: two places at most, as stores write it back."""
    shortest = Decimal(f"{value:.2f}").normalize()
    return Literal(f"{shortest:f}", datatype=XSD.decimal, normalize=False)


def _line(words: str) -> str:
    return " ".join(words.split())
