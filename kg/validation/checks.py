"""What SHACL Core cannot say: selectors against the text, and ontology/checks/ against a whole release."""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Protocol

from rdflib import Graph, URIRef
from rdflib.term import Node

from kg.model import Article
from kg.validation.report import Result
from kg.vocabulary import OA, Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """What a check of a whole release found: the name of the check, what must hold, and the node that breaks it."""

    check: str
    message: str
    node: str
    detail: str = ""


class Queried(Protocol):
    """A store, as far as checks need one."""

    def select(self, text: str, *, base: str = "") -> Iterator[tuple[str, ...]]:
        """Yield the rows of a SELECT query, its terms as plain strings."""


def misquotes(graph: Graph, *, article: Article) -> tuple[Result, ...]:
    """Return the selectors of an article's graph whose oa:exact is not what their offsets cut out of the text."""
    return tuple(
        Result(focus=str(selector), path=str(OA.exact), value=str(exact),
               message="oa:exact is what the offsets cut out of the text; correct the offsets or the words")
        for selector, exact in sorted(graph.subject_objects(OA.exact))
        if str(exact) != article.text[_offset(graph, selector, OA.start) : _offset(graph, selector, OA.end)]
    )


def check_release(
    store: Queried, *, vocabulary: Vocabulary, names: Container[str] | None = None
) -> tuple[Problem, ...]:
    """Return what is wrong with all triples of a release taken together, in the order of ontology/checks/.

    A check is a SPARQL query for what must not be: its first column is the node, a second one a detail. The first
    line of its file, a comment, says what must hold and how to repair it.

    Args:
        store: Holds the release.
        vocabulary: Base IRI.
        names: Of the checks to be asked; all if left out.
    """
    problems = []
    for name, text in checks():
        if names is not None and name not in names:
            continue
        message = text.splitlines()[0].lstrip("# ")
        problems += [
            Problem(check=name, message=message, node=node, detail=" ".join(detail))
            for node, *detail in store.select(text, base=vocabulary.base)
        ]
    return tuple(problems)


def checks() -> Iterator[tuple[str, str]]:
    """Yield name and text of each check of ontology/checks, in order of name."""
    for found in sorted(files("ontology").joinpath("checks").iterdir(), key=lambda entry: entry.name):
        if found.name.endswith(".rq"):
            yield found.name.removesuffix(".rq"), found.read_text(encoding="utf-8")


def _offset(graph: Graph, selector: Node, which: URIRef) -> int:
    """Return an offset of a selector; a selector without one is for the shapes to report."""
    value = graph.value(selector, which)
    return int(str(value)) if value is not None and str(value).isdecimal() else 0
