"""A small SPARQL server that listens on a free port, over a store of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import flask
import pyoxigraph


class Quiet(WSGIRequestHandler):
    """Logs nothing."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def application() -> flask.Flask:
    """Return a server of queries at /sparql, of the Graph Store protocol at /graphs (password: secret), and a page."""
    app, store = flask.Flask(__name__), pyoxigraph.Store()

    @app.post("/sparql")
    def sparql() -> Any:
        text = flask.request.form["query"]
        if "teapot" in text:
            return "short and stout", 418
        try:
            answer = store.query(text, use_default_graph_as_union=True)
        except SyntaxError as error:
            return str(error), 400
        if isinstance(answer, pyoxigraph.QueryTriples):
            return flask.Response(answer.serialize(format=pyoxigraph.RdfFormat.TURTLE), mimetype="text/turtle")
        return flask.Response(answer.serialize(format=pyoxigraph.QueryResultsFormat.JSON),
                              mimetype="application/sparql-results+json")

    @app.post("/graphs")
    def graphs() -> Any:
        if flask.request.authorization is None or flask.request.authorization.password != "secret":
            return "who are you?", 401
        graph = flask.request.args.get("graph")
        store.load(flask.request.data, pyoxigraph.RdfFormat.N_TRIPLES,
                   to_graph=pyoxigraph.NamedNode(graph) if graph else pyoxigraph.DefaultGraph())
        return "", 204

    @app.post("/page")
    def page() -> Any:
        return "<p>hello"

    return app


@contextmanager
def listening() -> Iterator[str]:
    """Give the URL of a fresh server."""
    server = make_server("127.0.0.1", 0, application(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
