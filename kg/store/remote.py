"""Any server that speaks the SPARQL 1.1 protocol, and the Graph Store protocol if it is to be loaded."""

import base64
import http.client
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from itertools import groupby, islice
from typing import BinaryIO

import pyoxigraph
from SPARQLWrapper import JSON, POST, SELECT, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
    URITooLong,
)

from kg.errors import StoreError
from kg.formats import N_QUADS, N_TRIPLES, formats_of_media_type
from kg.store.quads import Answer, rows

ACCEPT = "application/sparql-results+json, application/n-triples;q=0.9, text/turtle;q=0.8"
TRIPLES_A_REQUEST = 10_000
REPAIRS = {
    400: "correct the query",
    401: "set KG_STORE_USER and KG_STORE_PASSWORD",
    403: "ask the operator for the right to do this",
    404: "check the URL",
    405: "the server does not take data here; name its Graph Store URL",
    415: "the server does not take N-Triples",
    503: "the server is busy; try again later, or ask for less",
    504: "the query took too long; ask for less",
}
STATUS = {QueryBadFormed: 400, Unauthorized: 401, EndPointNotFound: 404, URITooLong: 414, EndPointInternalError: 500}


class RemoteStore:
    """A SPARQL endpoint.

    Args:
        endpoint: URL that answers queries.
        graph_store: URL of the Graph Store protocol; needed for `load` only.
        user: For HTTP Basic authentication; none if empty.
        password: The same.
        timeout: Seconds that one request may take.
    """

    def __init__(
        self, endpoint: str, *, graph_store: str = "", user: str = "", password: str = "", timeout: int = 60
    ) -> None:
        self.endpoint = endpoint
        self.graph_store = graph_store
        self.timeout = timeout
        self._credentials = (user, password)

    def load(self, quads: BinaryIO) -> None:
        """Add the quads of an N-Quads file, some thousand triples a request.

        Raises: StoreError: the file is no N-Quads, or the server does not take it; what it took before stays.
        """
        if not self.graph_store:
            raise StoreError(self.endpoint, found="no Graph Store URL to load into", repair="name one")
        try:
            for graph, group in groupby(pyoxigraph.parse(quads, N_QUADS.oxigraph), lambda quad: quad.graph_name):
                triples = (quad.triple for quad in group)
                while part := tuple(islice(triples, TRIPLES_A_REQUEST)):
                    self._post(graph, part)
        except SyntaxError as error:
            raise StoreError(self.graph_store, found=f"cannot load the quads ({error})",
                             repair="give it a complete N-Quads file") from error

    def query(self, text: str, *, base: str = "") -> Answer:
        """Return the answer to a SPARQL query.

        Raises: StoreError: the server cannot be reached, refuses, or answers with something else than RDF or results.
        """
        wrapper = SPARQLWrapper(self.endpoint, returnFormat=JSON)
        wrapper.queryString = f"BASE <{base}>\n{text}" if base else text
        wrapper.queryType = SELECT  # not setQuery: it guesses the kind by pattern, and would send an update as one
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(self.timeout)
        wrapper.addCustomHttpHeader("Accept", ACCEPT)
        if any(self._credentials):
            wrapper.setCredentials(*self._credentials)
        try:
            response = wrapper.query().response
            media_type = response.headers.get_content_type()
            body = response.read()
        except SPARQLWrapperException as error:
            raise self._refused(self.endpoint, STATUS.get(type(error), 500), str(error.args[0])) from error
        except urllib.error.HTTPError as error:
            raise self._refused(self.endpoint, error.code, error.read(1000).decode(errors="replace")) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(self.endpoint, error) from error
        return self._read(body, media_type=media_type)

    def select(self, text: str, *, base: str = "") -> Iterator[tuple[str, ...]]:
        """Yield the rows of a SELECT query, its terms as plain strings, "" where unbound.

        Raises: StoreError: as `query`, or the text is no SELECT query.
        """
        return rows(self.query(text, base=base))

    def count(self) -> int:
        """Return the number of quads in named graphs."""
        [(number,)] = self.select("SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }")
        return int(number)

    def _read(self, body: bytes, *, media_type: str) -> Answer:
        try:
            if media_type in ("application/sparql-results+json", "application/json"):
                return pyoxigraph.parse_query_results(body, pyoxigraph.QueryResultsFormat.JSON)
            [syntax] = formats_of_media_type(media_type)
            return iter([quad.triple for quad in pyoxigraph.parse(body, syntax.oxigraph)])
        except (ValueError, SyntaxError) as error:
            raise StoreError(self.endpoint, found=f"the answer is no SPARQL result ({media_type})",
                             repair="check that the URL is that of a SPARQL endpoint") from error

    def _post(self, graph: object, triples: tuple[pyoxigraph.Triple, ...]) -> None:
        name = urllib.parse.urlencode({"graph": graph.value}) if isinstance(graph, pyoxigraph.NamedNode) else "default"
        request = urllib.request.Request(
            f"{self.graph_store}?{name}", method="POST",
            data=pyoxigraph.serialize(triples, format=N_TRIPLES.oxigraph),
            headers={"Content-Type": N_TRIPLES.media_type, **self._authorization()},
        )
        try:
            urllib.request.urlopen(request, timeout=self.timeout).close()
        except urllib.error.HTTPError as error:
            raise self._refused(self.graph_store, error.code, error.read(1000).decode(errors="replace")) from error
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(self.graph_store, error) from error

    def _authorization(self) -> dict[str, str]:
        if not any(self._credentials):
            return {}
        return {"Authorization": "Basic " + base64.b64encode(":".join(self._credentials).encode()).decode()}

    def _refused(self, url: str, status: int, said: str) -> StoreError:
        words = " ".join(said.replace("\\n", " ").split())[:200]
        return StoreError(url, found=f"HTTP {status} ({words})", repair=REPAIRS.get(status, "see the server's log"))

    def _unreachable(self, url: str, error: Exception) -> StoreError:
        reason = getattr(error, "reason", error)
        return StoreError(url, found=f"no answer ({reason})", repair="check the URL and that the server runs")
