"""What went wrong → one shape of HTTP answer: RFC 9457 problem details, a page for browsers, or a line of text."""

import json
import logging
from http import HTTPStatus

from flask import Response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestedRangeNotSatisfiable

from server.negotiation import choose
from server.pool import Busy, Gone, Late, Lost, NoRoom, QueryStopped, TooLarge

logger = logging.getLogger(__name__)
PROBLEM = "application/problem+json"
OFFERS = (PROBLEM, "application/json", "text/html", "text/plain")
HINTS = {
    404: "nothing is published under this address; look things up at sparql or start at the first page",
    405: "this address answers only to the methods named in the header Allow",
    413: "the request is longer than this server takes",
}


class Problem(Exception):  # noqa: N818 - it is an answer as much as an error
    """An answer that is no success.

    Args:
        status: HTTP status.
        detail: One line in plain words: what was found, and what to do.
        headers: Headers that belong to the answer.
    """

    def __init__(self, status: int, detail: str, *, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.status = status
        self.detail = detail
        self.headers = headers
        super().__init__(f"{status}: {detail}")


def problem_of(error: QueryStopped, *, seconds: float, memory: int) -> Problem:
    """Return the answer to a query that was stopped.

    >>> problem_of(Late("x"), seconds=10, memory=1024).status
    504
    """
    if isinstance(error, Busy):
        return Problem(503, f"{error}; try again in a moment", headers=(("Retry-After", "2"),))
    if isinstance(error, Late):
        return Problem(504, f"the query ran longer than {seconds:g} s; ask for less, or take a dump (see dumps/)")
    if isinstance(error, TooLarge):
        return Problem(422, f"the query needed more than {memory} MiB of memory or was nested too deeply; ask for "
                            "less, leave out ORDER BY, or take a dump (see dumps/)")
    if isinstance(error, NoRoom):
        return Problem(503, f"{error} now; ask for less, or take a dump (see dumps/)", headers=(("Retry-After", "30"),))
    if isinstance(error, Lost | Gone):
        return Problem(503, f"{error}; try again", headers=(("Retry-After", "1"),))
    raise TypeError(type(error).__name__)


def answer(problem: Problem) -> Response:
    """Return a problem as the response that the client can read."""
    title = HTTPStatus(problem.status).phrase
    chosen = choose(request.headers.get("Accept"), OFFERS) or PROBLEM
    if chosen == "text/html":
        body = render_template("error.html", status=problem.status, title=title, detail=problem.detail)
    elif chosen == "text/plain":
        body = f"{problem.status}: {problem.detail}\n"
    else:
        body = json.dumps({"type": "about:blank", "title": title, "status": problem.status, "detail": problem.detail},
                          ensure_ascii=False) + "\n"
    response = Response(body, status=problem.status, content_type=chosen)
    if chosen.startswith("text/"):
        response.headers["Content-Type"] = f"{chosen}; charset=utf-8"
    response.headers["Cache-Control"] = "no-store"
    for name, value in problem.headers:
        response.headers[name] = value
    response.vary.update(("Accept", "Accept-Encoding"))
    return response


def answer_http_exception(error: HTTPException) -> Response:
    """Return what the framework refused, in the same shape."""
    status = error.code or 500
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(error, MethodNotAllowed):
        headers = (("Allow", ", ".join(sorted(error.valid_methods or ()))),)
    elif isinstance(error, RequestedRangeNotSatisfiable):
        headers = (("Content-Range", f"bytes */{error.length}"),)
    return answer(Problem(status, HINTS.get(status, HTTPStatus(status).phrase.lower()), headers=headers))
