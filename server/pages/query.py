"""The page of the query editor: our examples as tabs, and the names that the editor completes."""

import re
from collections.abc import Sequence
from typing import Any

from flask import current_app, render_template
from pyoxigraph import NamedNode

from kg.vocabulary import named_queries
from server.pages.reader import RDF_TYPE, declare
from server.publication import Publication

OWL = "http://www.w3.org/2002/07/owl#"
KINDS = {"class": ("Class",), "property": ("ObjectProperty", "DatatypeProperty")}
FIRST = ("SELECT ?speaker ?gist ?day WHERE {\n  ?statement asa:speaker/rdfs:label ?speaker ;\n    asa:gist ?gist ;\n"
         "    asa:inArticle/schema:datePublished ?day .\n}\nORDER BY DESC(?day)\nLIMIT 20\n")
DUMP = "dump.nq.gz"  # what a site without a server loads into the browser
_RELATIVE = re.compile(r"(PREFIX\s+\w*:\s*<)(?![a-z]+:)")


def query_page(publication: Publication, *, limits: Sequence[tuple[str, float, str]]) -> bytes:
    """Return the page on which queries are written."""
    base = publication.release.base
    queries = [(name, text.splitlines()[0].lstrip("# "), absolute(text, base)) for name, text in named_queries()]
    first = declare(FIRST, base)
    static = current_app.jinja_env.globals["static"]
    tabs: dict[str, Any] = {
        "endpoint": "sparql", "base": base, "page": f"{base}id/", "first": first,
        "names": {"index": "search-index.json"} if static else {"suggest": "api/search"},
        "dump": f"dumps/{DUMP}" if static else "", "suffix": ".html" if static else "",
        "examples": [{"name": name, "title": title, "query": text} for name, title, text in queries],
        "terms": {kind: _terms(publication, *names) for kind, names in KINDS.items()},
    }
    return render_template("query.html", root="", release=publication.release, base=base, limits=limits,
                           queries=queries, query=first, tabs=tabs).encode()


def absolute(text: str, base: str) -> str:
    """Return a query whose prefixes hold absolute IRIs, so that it can be copied elsewhere.

    >>> absolute("PREFIX asa: <ns#>", "https://news.example/")
    'PREFIX asa: <https://news.example/ns#>'
    """
    return _RELATIVE.sub(lambda found: found[1] + base, text)


def _terms(publication: Publication, *kinds: str) -> list[str]:
    """Return the IRIs of the ontology's terms of some kinds."""
    graph = NamedNode(f"{publication.release.base}graph/ontology")
    return sorted(quad.subject.value for kind in kinds
                  for quad in publication.store.quads_for_pattern(None, RDF_TYPE, NamedNode(OWL + kind), graph)
                  if isinstance(quad.subject, NamedNode))
