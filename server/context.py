"""Our JSON-LD context, as it holds for one base IRI."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from kg.vocabulary import ontology_file


@lru_cache(maxsize=8)
def context(base: str) -> Mapping[str, Any]:
    """Return our JSON-LD context with absolute IRIs.

    >>> context("https://news.example/")["asa"]
    'https://news.example/ns#'
    """
    found: dict[str, Any] = json.loads(ontology_file("context.jsonld").read_text(encoding="utf-8"))["@context"]
    return {name: base + value if isinstance(value, str) and value.startswith(("ns", "id/")) else value
            for name, value in found.items()}
