"""The Graph Store Protocol, read-only: a graph by its own address, or by `?graph=` and `?default`."""

from urllib.parse import quote, unquote

from flask import Blueprint, Response, current_app, g, request
from pyoxigraph import NamedNode

from server.documents import prefix_map
from server.entities import choose_format, raw_path, way_up
from server.errors import Problem
from server.execution import asker_of, execute
from server.negotiation import HTML, wants_gzip
from server.publication import Answer, Publication
from server.responses import respond, see_other, tag_of

blueprint = Blueprint("graphs", __name__)
ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
ABSENT = "there is no such graph in this release; sparql lists the graphs"


@blueprint.get("/graph-store")
def indirect() -> Response:
    """Answer with the triples of the graph that a parameter names, or of the default graph: all of them."""
    publication: Publication = g.publication
    names, defaults = request.args.getlist("graph"), request.args.getlist("default")
    if len(names) + len(defaults) != 1:
        raise Problem(400, f"found {len(names)} graphs and {len(defaults)} times 'default', needed exactly one: "
                           "graph-store?default or graph-store?graph=IRI")
    if defaults:
        return respond(_answer(publication, None))
    try:
        graph = NamedNode(names[0])
    except ValueError as error:
        raise Problem(400, f"graph={names[0]!r} is no absolute IRI") from error
    if not publication.store.contains_named_graph(graph):
        raise Problem(404, ABSENT)
    return respond(_answer(publication, graph))


@blueprint.get("/graph/<path:_>")
def direct(_: str) -> Response:
    """Answer with the triples of the graph of this address; send browsers on to a page about them."""
    publication: Publication = g.publication
    path = raw_path()
    graph = _find(publication, path)
    if choose_format(html=True) != HTML:
        return respond(_answer(publication, graph), links=(f'<{way_up(path)}.well-known/void>; rel="describedby"',))
    rest = path.removeprefix("graph/")
    if rest.startswith("article/"):
        return see_other(f"{way_up(path)}id/{rest}")
    query = quote(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{graph.value}> {{ ?s ?p ?o }} }}", safe="")
    return see_other(f"{way_up(path)}sparql?query={query}&format=html")


def _find(publication: Publication, path: str) -> NamedNode:
    for candidate in dict.fromkeys((path, unquote(path))):
        try:
            graph = NamedNode(publication.release.base + candidate)
        except ValueError:
            continue
        if publication.store.contains_named_graph(graph):
            return graph
    raise Problem(404, ABSENT)


def _answer(publication: Publication, graph: NamedNode | None) -> Answer:
    """Return a graph, or all of them together, whole.

    Raises: Problem: 406, a limit stopped it, or it has more triples than one answer may: a graph is never cut.
    """
    settings, base = publication.settings, publication.release.base
    media_type = choose_format(html=False)
    tag = tag_of(publication.release.id, "graph", media_type, graph.value if graph else "")
    kept = publication.kept.get(tag)
    if kept is None:
        job = {
            "query": ALL, "base": base, "default_graph": [graph.value] if graph else None, "named_graphs": None,
            "union": graph is None, "syntax": media_type, "rows": settings.rows, "bytes": settings.answer_bytes,
            "link": "", "prefixes": prefix_map(base), "gzip": wants_gzip(request.headers.get("Accept-Encoding")),
        }
        asker = asker_of(request.environ, current_app.extensions["budget"])
        reply = execute(publication, job, asker, seconds=settings.time_limit)
        if reply.head["cut"]:
            if reply.file is not None:
                reply.file.close()
            raise Problem(422, f"this graph has more than {settings.rows} triples or {settings.answer_bytes} bytes, "
                               "the most of one answer; take a dump (see dumps/), or ask at sparql for a part")
        kept = Answer(body=reply.body, media_type=media_type, tag=tag, file=reply.file, size=reply.size,
                      coding=reply.head.get("encoding", ""))
        publication.kept.put(tag, kept)
    return kept
