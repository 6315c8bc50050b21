"""Why a release of articles that were looked at one by one passes the checks of ontology/checks.

Each check asks all triples of a release for what must not be. For articles as they are written here the answer follows
from what each of them holds: its own graph describes nothing but things minted from its key, so no two graphs can
share a triple; what it refers to is described by itself or by the graphs that all articles share; its statements
contain only its own. What an article shows of itself need not be asked of the whole again.

A proof is about the text of a check. When that changes, it is asked of the release until somebody has looked at the
proof as well.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rdflib import DCTERMS, PROV, RDF

from kg.triples import Told, Triples, iri, literal, text_of
from kg.validation.checks import checks
from kg.vocabulary import OA, Vocabulary

# SHA-256 of the text of the check that a proof was made for.
PROVEN = {
    "article-digest": "a0a078aa6d6d46ae431dd29819a085de04f4a3709b96f5e04a1f445844f87553",
    "content-cycle": "d656eaa6aac47d4fa943aadaf39a997e0f9c8f34e721b91fd9251652b36ebcf0",
    "cue-in-evidence": "44f04dc0f695be7a66b2f89cf52f48fa01bfc90d2722a9171d6202c96db53fbc",
    "dangling-reference": "f9a60aeb9cbba27b9135c7f173560ad7a3b0f0694822e483cb309cf15c3889c0",
    "one-graph": "bb6e54c3db2ef178de5f14ad0fc40185adc8cb04ee20faf0f06064035ae83dbc",
    "selector-offsets": "bafd08fbd10af3fa1de84c21d9aeefc3b3e7bf89987520349d6651c7b441026d",
}
# What things are called that are minted from the key of an article, and from a name.
_OF_ARTICLE = ("article", "statement", "group", "agreement", "status-event", "obligation", "tenure", "person", "org")
_OF_NAME = ("person", "org", "office", "group", "state")
_TYPE, _IDENTIFIER, _RUN = f"<{RDF.type}>", f"<{DCTERMS.identifier}>", f"<{PROV.wasGeneratedBy}>"
_SELECTOR, _START, _END, _EXACT = (f"<{term}>" for term in (OA.hasSelector, OA.start, OA.end, OA.exact))


@dataclass(frozen=True, slots=True)
class Proofs:
    """What all articles share, as far as proofs need it.

    `described`: nodes of the shared graphs. `open`: names of the checks that have no proof, and are to be asked of the
    release; all of them if the shared graphs are not as proofs need them.
    """

    vocabulary: Vocabulary
    described: frozenset[str]
    open: frozenset[str]

    @classmethod
    def load(cls, shared: Iterable[bytes], *, vocabulary: Vocabulary) -> "Proofs":
        """Return what is to be known about the graphs that all articles share, from their N-Quads lines."""
        triples = [line.decode().split(" ", 2) for line in shared]
        described = frozenset(subject for subject, _, _ in triples)
        names = {name for name, text in checks() if PROVEN.get(name) != digest(text)}
        terms = _terms(vocabulary)
        if not all(
            _is_ours_alone(subject, terms=terms) and predicate not in terms.of_articles
            and (not value.startswith(terms.thing) or value.split(" ", 1)[0] in described)
            for subject, predicate, value in triples
        ):
            names |= set(PROVEN)
        return cls(vocabulary=vocabulary, described=described, open=frozenset(names))

    def hold(self, *, key: str, text: str, own: Triples, propositions: Triples, named: Triples) -> bool:
        """Return whether an article keeps all checks for sure, and cites its text as it stands.

        Args:
            key: Of the article.
            text: Of the article.
            own: Its own graph, with all words.
            propositions: What it adds to the graph of propositions.
            named: What it adds to the graph of actors known by name.
        """
        terms = _terms(self.vocabulary)
        return (
            self._is_apart(key, own=own, propositions=propositions, named=named, terms=terms)
            and self._is_closed(own, propositions, named, terms=terms)
            and _is_cited(own, text=text, key=key, terms=terms)
            and all(_holds_cue(told, own=own, terms=terms) for told in own.nodes.values())
            and not _has_circle(own, terms=terms)
        )

    def _is_apart(self, key: str, *, own: Triples, propositions: Triples, named: Triples, terms: "_Terms") -> bool:
        """Return whether each graph describes only what no other one can."""
        minted = tuple(f"{terms.thing}{kind}/{key}{end}" for kind in _OF_ARTICLE for end in "#->")
        return (
            all(node.startswith(minted) and terms.later.isdisjoint(told) for node, told in own.nodes.items())
            and all(node.startswith(terms.proposition) for node in propositions.nodes)
            and all(node.startswith(terms.names) for node in named.nodes)
            and all(terms.of_articles.isdisjoint(told) for triples in (propositions, named)
                    for told in triples.nodes.values())
        )

    def _is_closed(self, *graphs: Triples, terms: "_Terms") -> bool:
        """Return whether all things of ours that graphs refer to are described there or in the shared ones."""
        thing, described = terms.thing, self.described
        referred = {value for graph in graphs for told in graph.nodes.values() for values in told.values()
                    for value in values if value.startswith(thing)}
        for graph in graphs:
            referred -= graph.nodes.keys()
        return referred <= described


@dataclass(frozen=True, slots=True)
class _Terms:
    """Terms and beginnings of terms under one base IRI.

    `of_articles`: properties that checks ask about, and that only the own graph of an article may have. `later`:
    properties that a release adds to things of an article, in other graphs.
    """

    thing: str
    proposition: str
    names: tuple[str, ...]
    content: str
    cue: str
    evidence: str
    article: str
    of_articles: frozenset[str]
    later: frozenset[str]


@lru_cache(maxsize=8)
def _terms(vocabulary: Vocabulary) -> _Terms:
    def asa(name: str) -> str:
        return iri(f"{vocabulary.base}ns#{name}")

    thing = f"<{vocabulary.base}id/"
    content, cue = asa("content"), asa("cue")
    return _Terms(
        thing=thing, proposition=f"{thing}proposition/", names=tuple(f"{thing}{kind}/n." for kind in _OF_NAME),
        content=content, cue=cue, evidence=asa("evidence"), article=asa("Article"),
        of_articles=frozenset((content, cue, _IDENTIFIER, _SELECTOR, _START, _END, _EXACT)),
        later=frozenset((_RUN, *map(asa, ("contradicts", "corroborates", "sameAgreementAs")))),
    )


def digest(text: str) -> str:
    """Return what a proof knows the text of a check by."""
    return hashlib.sha256(text.encode()).hexdigest()


def _is_ours_alone(subject: str, *, terms: _Terms) -> bool:
    """Return whether a node of the shared graphs is none that an article can describe."""
    if not subject.startswith(terms.thing):
        return True
    kind, _, name = subject.removeprefix(terms.thing)[:-1].partition("/")
    return kind not in ("proposition", "run") and not name.startswith("n.") and not (
        kind in _OF_ARTICLE and len(name) >= 16 and set(name[:16]) <= set("0123456789abcdef") and name[16:17] in "#-")


def _is_cited(own: Triples, *, text: str, key: str, terms: _Terms) -> bool:
    """Return whether selectors cut out of the text what they say, and the article is named by its digest."""
    selector = f"{terms.thing}article/{key}#char="
    for node, told in own.nodes.items():
        if _EXACT in told or _START in told or _END in told:
            start, end = _place(told)
            if told.get(_EXACT) != [literal(text[start:end])] or not 0 <= start < end <= len(text) or (
                node != f"{selector}{start},{end}>"
            ):
                return False
        if terms.article in told.get(_TYPE, ()) and not all(
            node.endswith(f"/id/article/{text_of(value)[7:23]}>") for value in told.get(_IDENTIFIER, ())
        ):
            return False
    return True


def _place(told: Told) -> tuple[int, int]:
    """Return the offsets of a selector, (-1, -1) if it has not one start and one end."""
    starts, ends = told.get(_START, ()), told.get(_END, ())
    if len(starts) != 1 or len(ends) != 1:
        return -1, -1
    start, end = text_of(starts[0]), text_of(ends[0])
    return (int(start), int(end)) if start.isdecimal() and end.isdecimal() else (-1, -1)


def _holds_cue(told: Told, *, own: Triples, terms: _Terms) -> bool:
    """Return whether the evidence of a statement holds its cue."""
    stretches = [_stretch(evidence, own=own) for evidence in told.get(terms.evidence, ())]
    return all(
        any(start <= first and last <= end for start, end in stretches if end > 0)
        for first, last in (_stretch(cue, own=own) for cue in told.get(terms.cue, ()))
    ) if terms.cue in told else True


def _stretch(mention: str, *, own: Triples) -> tuple[int, int]:
    selectors = own.nodes.get(mention, {}).get(_SELECTOR, ())
    return _place(own.nodes.get(selectors[0], {})) if len(selectors) == 1 else (-1, -1)


def _has_circle(own: Triples, *, terms: _Terms) -> bool:
    """Return whether one comes back to a node along contents."""
    left = {node: set(told[terms.content]) for node, told in own.nodes.items() if terms.content in told}
    while left:
        ends = {node for node, contents in left.items() if contents.isdisjoint(left)}
        if not ends:
            return True
        for node in ends:
            del left[node]
    return False
