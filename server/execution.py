"""One query on its way to a worker: who pays for it, what it cost, and which limit ended it."""

import hashlib
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.formats import FORMATS, JSON_LD
from server.budget import Budget, client_of
from server.errors import Problem, problem_of
from server.federation import Call, answered
from server.pool import QueryStopped, Reply
from server.publication import Publication
from server.wire import GONE

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

FACTS = "communique.facts"  # in the environment of a request: what the log is told of its query


class Untold(Problem):
    """Triples that the syntax of the answer cannot tell."""

    def __init__(self) -> None:
        others = ", ".join(row.media_type for row in FORMATS if row is not JSON_LD)
        super().__init__(406, f"JSON-LD cannot tell triples whose object is a triple (RDF 1.2); ask for {others}")


@dataclass(slots=True, kw_only=True)
class Asker:
    """Who asks a query: the address whose budget pays, whether somebody is still there, and facts for the log."""

    address: str
    budget: Budget
    gone: Callable[[], bool] | None
    facts: dict[str, Any]


def asker_of(environ: "WSGIEnvironment", budget: Budget) -> Asker:
    """Return who sent a request."""
    return Asker(address=environ.get("REMOTE_ADDR", ""), budget=budget, gone=environ.get(GONE),
                 facts=environ.setdefault(FACTS, {}))


def execute(publication: Publication, job: dict[str, Any], asker: Asker, *, seconds: float,
            calls: Sequence[Call] = ()) -> Reply:
    """Return the answer of a worker to a job, paid from the client's budget.

    The calls of its query are answered first, by the endpoints that they name.

    Leaves the facts about the query (its hash, what it cost, how it ended) for the request log.

    Raises: Problem: the client has used up its budget, the query is wrong, or a limit stopped it.
    """
    budget, client, facts = asker.budget, asker.address, asker.facts
    facts["query"] = hashlib.sha256(job["query"].encode(errors="surrogateescape")).hexdigest()[:16]
    wait = budget.wait(client)
    if wait > 0:
        facts["limit"] = "budget"
        raise Problem(429, f"you have used up your {budget.seconds:g} s of query time; they come back at "
                           f"{budget.refill:g} s per second: wait, ask for less, or take a dump (see dumps/)",
                      headers=(("Retry-After", str(math.ceil(wait))),))
    start = time.monotonic()

    def pay(spent: float) -> None:
        facts["worker_seconds"] = round(spent, 4)
        budget.spend(client, spent)

    if calls:
        try:
            job = job | {"query": answered(job["query"], calls, base=job["base"], seconds=seconds)}
        finally:
            facts["service_seconds"] = round(time.monotonic() - start, 4)
            budget.spend(client, time.monotonic() - start)
        seconds = max(0.1, seconds - (time.monotonic() - start))
    try:
        reply = publication.queries.ask(job, seconds=seconds, client=client_of(client), gone=asker.gone, spent=pay)
    except QueryStopped as error:
        facts["limit"] = type(error).__name__.casefold()
        raise problem_of(error, seconds=seconds, memory=publication.settings.memory) from error
    finally:
        facts["seconds"] = round(time.monotonic() - start, 4)
    outcome = reply.head["outcome"]
    if outcome == "syntax":
        raise Problem(400, f"the query does not parse: {reply.head['message']}")
    if outcome == "evaluation":
        raise Problem(400, f"the query cannot be evaluated: {reply.head['message']}")
    if outcome == "untold":
        raise Untold
    if outcome == "form":
        raise Problem(400, "cannot tell whether this is SELECT, ASK, CONSTRUCT or DESCRIBE; write the keyword apart")
    facts["rows"] = reply.head["rows"]
    if reply.head["cut"]:
        facts["limit"] = reply.head["cut"]
    return reply
