"""The filters of the explorer: what an address asks for, as the graph pattern of the statements that pass."""

import re
from collections.abc import Mapping

from pyoxigraph import NamedNode

from server.errors import Problem
from server.pages.reader import Reader
from server.pages.statements import SIZE, page_number

CHOICES = 12  # values of a facet that are offered
SAMPLE = 5_000  # statements whose acts, topics and subjects are counted
EVERY = "?s a asa:Statement"
DAYS = ("from", "until")
SCHEMES = ("stance", "act", "topic")  # filters whose values are concepts of the scheme of that name
SPOKEN = "asa:about|asa:content/(asa:agent|asa:target)"  # from a statement to whom it is about
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PATHS: Mapping[str, tuple[str, str]] = {  # filter → its title, and the path from a statement to its values
    "actor": ("Speaker", "asa:speaker"), "about": ("Spoken of", f"({SPOKEN})"),
    "stance": ("Stance", "asa:stance"),
    "act": ("Act spoken of", "asa:content/asa:act"), "topic": ("Topic", "asa:content/asa:topic"),
    "publisher": ("Published by", "asa:inArticle/schema:publisher"),
}


def chosen_value(reader: Reader, name: str, text: str) -> str:
    """Return the IRI that a filter names, as a query holds it.

    Raises: Problem: 400, it cannot be one.
    """
    below = f"ns/{name}#" if name in SCHEMES else ""
    try:
        return str(NamedNode(f"{reader.base}{below}{text}"))
    except ValueError as error:
        raise Problem(400, f"{name}={text[:80]!r} is no value of this filter; choose one at explore") from error


def pattern(reader: Reader, arguments: Mapping[str, str], *, without: str = "") -> str:
    """Return the graph pattern of the statements that pass the filters, "" when all do; one filter can be left out.

    Raises: Problem: 400, a filter has an impossible value.
    """
    used = {name for name in (*PATHS, *DAYS) if arguments.get(name) and name != without}
    # only statements have speakers, stances and contents; articles and days are also those of other things
    of_articles = {"publisher", *DAYS} & used
    parts = [EVERY] if of_articles and not set(PATHS) - {"publisher"} & used else []
    for name, (_, path) in PATHS.items():
        if arguments.get(name) and name != without:
            parts.append(f"?s {path} {chosen_value(reader, name, arguments[name])}")
    days = {name: arguments[name] for name in DAYS if arguments.get(name)}
    for name, day in days.items():
        if not _DAY.fullmatch(day):
            raise Problem(400, f"{name}={day[:20]!r} is no day; write it as YYYY-MM-DD")
    if days:
        parts.append("?s asa:inArticle/schema:datePublished ?on")
        parts += [f"FILTER(?on {sign} \"{days[name]}\"^^xsd:date)"
                  for name, sign in (("from", ">="), ("until", "<=")) if name in days]
    return " . ".join(parts)


def counting(reader: Reader, arguments: Mapping[str, str], name: str) -> str:
    """Return the query for the values of a facet; a path that branches is followed for SAMPLE statements at most.

    Raises: Problem: 400, a filter has an impossible value.
    """
    others, path = pattern(reader, arguments, without=name), PATHS[name][1]
    ending = f"GROUP BY ?value ORDER BY DESC(?n) ?value LIMIT {CHOICES}"
    if name in ("act", "about", "topic"):
        some = f"{{ SELECT DISTINCT ?s WHERE {{ {others or EVERY} }} LIMIT {SAMPLE} }}"
        return f"SELECT ?value (COUNT(DISTINCT ?s) AS ?n) WHERE {{ {some} ?s {path} ?value }} {ending}"
    if name == "publisher":
        return ("SELECT ?value (COUNT(?s) AS ?n) WHERE { { SELECT ?a ?value WHERE { ?a schema:publisher ?value } } "
                f"?s asa:inArticle ?a ; a asa:Statement . {others} }} {ending}")
    return f"SELECT ?value (COUNT(?s) AS ?n) WHERE {{ ?s {path} ?value . {others} }} {ending}"


def newest_first(arguments: Mapping[str, str]) -> str:
    """Return a pattern that binds the newest articles, when nothing is chosen that would tell fewer statements."""
    if any(arguments.get(name) for name in (*PATHS, *DAYS)):
        return ""
    articles = 50 + SIZE * page_number(arguments, "page")
    return ("{ SELECT ?article ?day WHERE { ?article a asa:Article ; schema:datePublished ?day } "
            f"ORDER BY DESC(?day) ?article LIMIT {articles} }} ?s asa:inArticle ?article .")
