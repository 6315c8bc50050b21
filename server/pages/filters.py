"""The filters of the explorer: what an address asks for, as the graph pattern of the statements that pass."""

import re
from collections.abc import Mapping

from pyoxigraph import NamedNode

from server.errors import Problem
from server.index import Wanted
from server.pages.reader import Reader

CHOICES = 12  # values of a facet that are offered
EVERY = "?s a asa:Statement"
LISTED = {"actor": "said", "about": "about", "stance": "stance", "act": "act", "topic": "topic",
          "publisher": "publisher"}  # filter → list of the index
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


def wanted(reader: Reader, arguments: Mapping[str, str], *, without: str = "") -> Wanted:
    """Return what `pattern` asks for, as the index knows it.

    Raises: Problem: 400, a filter has an impossible value.
    """
    pattern(reader, arguments, without=without)
    chosen = ((LISTED[name], chosen_value(reader, name, arguments[name])[1:-1])
              for name in PATHS if arguments.get(name) and name != without)
    return Wanted(tuple(chosen), since=arguments.get("from", ""), until=arguments.get("until", ""))


def is_actor(reader: Reader, node: NamedNode) -> bool:
    """Return whether a fetched thing is an actor, no agreement or proposition."""
    return not {"Person", "State", "Organization", "ActorGroup"}.isdisjoint(reader.kinds(node))
