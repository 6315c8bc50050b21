"""More requests for the table of the protocol: W3C's own cases, the method QUERY, and reads of graphs.

W3C's manifest (sparql11/protocol, 34 cases) puts data of its own into the store first. Here the graphs of two articles
stand for them, and its updates are expected to be refused, since this endpoint is read-only.
"""

from urllib.parse import urlencode

from tests.server_cases import (
    ARTICLE,
    ASK,
    BROWSER,
    COMUNICA,
    CONSTRUCT,
    FORM,
    JENA_GRAPH,
    JSON_RESULTS,
    OTHER,
    PROBLEM,
    QUERY,
    RAPPER,
    REFUSED,
    SELECT,
    UPDATE,
    WAYS,
    XML_RESULTS,
    Case,
    form,
    get,
    post,
)
from tests.server_release import BASE

REGISTRY = f"{BASE}graph/registry"
ONE, TWO = (f"<{graph.replace('graph', 'id', 1)}> a ?type" for graph in (ARTICLE, OTHER))
DEFAULTS = (("default-graph-uri", ARTICLE), ("default-graph-uri", OTHER))
NAMED = (("named-graph-uri", ARTICLE), ("named-graph-uri", OTHER))
BOTH, APART = f"ASK {{ {ONE} . {TWO} }}", f"ASK {{ GRAPH ?g1 {{ {ONE} }} GRAPH ?g2 {{ {TWO} }} }}"
FULL = f"ASK {{ <{BASE}id/state/RUS> a ?kind GRAPH ?g1 {{ {ONE} }} GRAPH ?g2 {{ {TWO} }} }}"
UPDATE_TEXT = "application/sparql-update"
READ_ONLY = {"status": 400, "kind": PROBLEM, "holds": "read-only"}


def w3c(name, case):
    return Case(**{**{slot: getattr(case, slot) for slot in Case.__dataclass_fields__}, "name": f"W3C {name}"})


W3C = [
    w3c("query_post_form", Case(name="", method="POST", body=b"query=ASK%20%7B%7D", headers={"content-type": FORM},
                                parameters=(("default-graph-uri", ARTICLE),), holds="true")),
    w3c("query_dataset_default_graphs_get", get("", BOTH, *DEFAULTS, holds="true")),
    w3c("query_dataset_default_graphs_post", Case(name="", method="POST", body=BOTH.encode(), parameters=DEFAULTS,
                                                  headers={"Content-Type": QUERY}, holds="true")),
    w3c("query_dataset_named_graphs_post", Case(name="", method="POST", body=APART.encode(), parameters=NAMED,
                                                headers={"Content-Type": QUERY}, holds="true")),
    w3c("query_dataset_named_graphs_get", get("", APART, *NAMED, holds="true")),
    w3c("query_dataset_full", Case(name="", method="POST", body=FULL.encode(), headers={"Content-Type": QUERY},
                                   parameters=(("default-graph-uri", REGISTRY), *NAMED), holds="true")),
    w3c("query_multiple_dataset", get("", BOTH.replace("{", "FROM <http://elsewhere.example/none> {", 1), *DEFAULTS,
                                      holds="true")),
    w3c("query_get", get("", "ASK {}", holds="true")),
    w3c("query_content_type_select", get("", "SELECT (1 AS ?value) {}")),
    w3c("query_content_type_ask", get("", "ASK {}")),
    w3c("query_content_type_describe", get("", f"DESCRIBE <{BASE}id/state/RUS>", kind="text/turtle")),
    w3c("query_content_type_construct", get("", "CONSTRUCT { <s> <p> 1 } WHERE {}", kind="text/turtle")),
    w3c("update_dataset_default_graph", form("", ("using-graph-uri", ARTICLE), ("update", UPDATE), **READ_ONLY)),
    w3c("update_dataset_default_graphs", form("", ("using-graph-uri", ARTICLE), ("using-graph-uri", OTHER),
                                              ("update", UPDATE), **READ_ONLY)),
    w3c("update_dataset_named_graphs", form("", ("using-named-graph-uri", ARTICLE), ("update", UPDATE), **READ_ONLY)),
    w3c("update_dataset_full", form("", ("using-graph-uri", ARTICLE), ("using-named-graph-uri", OTHER),
                                    ("update", UPDATE), **READ_ONLY)),
    w3c("update_post_form", form("", ("update", "CLEAR ALL"), **READ_ONLY)),
    w3c("update_post_direct", post("", "CLEAR ALL", UPDATE_TEXT, **READ_ONLY)),
    w3c("update_base_uri", form("", ("update", "CLEAR SILENT GRAPH <x> ; INSERT DATA { GRAPH <x> { <s> <p> <o> } }"),
                                **READ_ONLY)),
    w3c("query_post_direct", post("", "ASK {}", QUERY, holds="true")),
    w3c("bad_query_method", Case(name="", method="PUT", parameters=(("query", "ASK {}"),), body=b"",
                                 headers={"Content-Type": FORM}, status=405, kind=PROBLEM)),
    w3c("bad_multiple_queries", get("", "ASK {}", ("query", "SELECT * {}"), status=400, kind=PROBLEM)),
    w3c("bad_query_wrong_media_type", post("", "ASK {}", "text/plain", status=415, kind=PROBLEM)),
    w3c("bad_query_missing_form_type", post("", "query=ASK%20%7B%7D", "", status=415, kind=PROBLEM)),
    w3c("bad_query_missing_direct_type", post("", "ASK {}", "", status=415, kind=PROBLEM)),
    w3c("bad_query_non_utf8", post("", "ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", status=400,
                                   kind=PROBLEM)),
    w3c("bad_query_syntax", get("", "ASK {", status=400, kind=PROBLEM)),
    w3c("bad_update_get", Case(name="", parameters=(("update", "CLEAR ALL"),), **READ_ONLY)),
    w3c("bad_multiple_updates", form("", ("update", "CLEAR NAMED"), ("update", "CLEAR DEFAULT"), **READ_ONLY)),
    w3c("bad_update_wrong_media_type", post("", "CLEAR NAMED", "text/plain", status=415, kind=PROBLEM)),
    w3c("bad_update_missing_form_type", post("", "update=CLEAR%20NAMED", "", status=415, kind=PROBLEM)),
    w3c("bad_update_non_utf8", post("", "CLEAR NAMED".encode("utf-16"), f"{UPDATE_TEXT}; charset=UTF-16",
                                    **READ_ONLY)),
    w3c("bad_update_syntax", form("", ("update", "CLEAR XYZ"), **READ_ONLY)),
    w3c("bad_update_dataset_conflict", form("", ("using-graph-uri", ARTICLE), ("update", UPDATE), **READ_ONLY)),
]


def by_query(name, body, sent_as=QUERY, *parameters, accept=None, **expected):
    headers = {"Content-Type": sent_as} if sent_as else {}
    return Case(name=f"QUERY {name}", method="QUERY", body=body if isinstance(body, bytes) else body.encode(),
                headers=headers | ({"Accept": accept} if accept else {}), parameters=parameters, **expected)


BY_QUERY = [
    by_query("of SELECT", SELECT, holds="871007b8ba97c362-1597"),
    by_query("of ASK", ASK, holds="true"),
    by_query("of CONSTRUCT", CONSTRUCT, kind="text/turtle", holds="Russia"),
    by_query("as a form", urlencode({"query": SELECT}), FORM, holds="871007b8ba97c362-1597"),
    by_query("with an Accept", SELECT, accept="text/csv", kind="text/csv"),
    by_query("with XML", ASK, accept=XML_RESULTS, kind=XML_RESULTS),
    by_query("with a format", SELECT, QUERY, ("format", "tsv"), kind="text/tab-separated-values"),
    by_query("with a data set", "SELECT (COUNT(*) AS ?n) { ?s a <ns#Statement> }", QUERY,
             ("default-graph-uri", ARTICLE), holds='"17"'),
    by_query("of an update", UPDATE, status=400, kind=PROBLEM, holds="read-only"),
    by_query("without a type", ASK, "", status=415, kind=PROBLEM),
    by_query("of JSON", "{}", "application/json", status=415, kind=PROBLEM),
    by_query("of nothing", "", status=400, kind=PROBLEM),
    by_query("with two queries", ASK, QUERY, ("query", ASK), status=400, kind=PROBLEM, holds="exactly one"),
    by_query("that is not UTF-8", b"ASK { ?s ?p '\xff' }", status=400, kind=PROBLEM, holds="UTF-8"),
    by_query("that nobody can write", ASK, accept="image/png", status=406, kind=PROBLEM),
]


def store(name, *parameters, path="/graph-store", accept=None, **expected):
    headers = {"Accept": accept} if accept else {}
    return Case(name=f"graph store, {name}", path=path, parameters=parameters, headers=headers,
                **{"kind": "text/turtle", **expected})


SYNTAXES = {"text/turtle": "text/turtle", "application/n-triples": "application/n-triples",
            "application/rdf+xml": "application/rdf+xml", "application/ld+json": "application/ld+json",
            "application/trig": "application/trig", "application/n-quads": "application/n-quads", "*/*": "text/turtle",
            RAPPER: "application/n-triples", JENA_GRAPH: "text/turtle", COMUNICA: "application/n-quads"}
DIRECT = "/graph/article/5e900040bec38a6c"
STORE = [
    *(store(f"a graph, Accept: {accept}", ("graph", ARTICLE), accept=accept, kind=kind, holds="raised alarm")
      for accept, kind in SYNTAXES.items()),
    *(store(f"direct, Accept: {accept}", path=DIRECT, accept=accept, kind=kind, holds="raised alarm")
      for accept, kind in SYNTAXES.items()),
    store("the default graph", ("default", ""), holds="raised alarm"),
    store("the default graph, named true", ("default", "true"), accept="application/n-triples",
          kind="application/n-triples", holds="Russia"),
    store("a shared graph", ("graph", REGISTRY), holds="Russia"),
    store("a shared graph, direct", path="/graph/registry", holds="Russia"),
    store("a graph for a browser", ("graph", REGISTRY), accept=BROWSER, holds="Russia"),
    store("format", ("graph", REGISTRY), ("format", "nt"), kind="application/n-triples", accept="image/png"),
    store("format, direct", ("format", "rdf"), path=DIRECT, kind="application/rdf+xml"),
    store("direct, for a browser", path=DIRECT, accept=BROWSER, status=303, kind="text/plain"),
    store("a shared graph, direct, for a browser", path="/graph/registry", accept=BROWSER, status=303,
          kind="text/plain"),
    store("no graph", status=400, kind=PROBLEM, holds="exactly one"),
    store("a graph and the default graph", ("graph", ARTICLE), ("default", ""), status=400, kind=PROBLEM),
    store("two graphs", ("graph", ARTICLE), ("graph", OTHER), status=400, kind=PROBLEM, holds="2 graphs"),
    store("an unknown graph", ("graph", f"{BASE}graph/none"), status=404, kind=PROBLEM, holds="no such graph"),
    store("an unknown graph, direct", path="/graph/article/none", status=404, kind=PROBLEM),
    store("a relative graph", ("graph", "graph/registry"), status=400, kind=PROBLEM, holds="absolute"),
    store("a graph that is no IRI", ("graph", "a b"), status=400, kind=PROBLEM, holds="absolute"),
    store("an empty graph", ("graph", ""), status=400, kind=PROBLEM, holds="absolute"),
    store("a graph elsewhere", ("graph", "http://127.0.0.1:9/x"), status=404, kind=PROBLEM),
    store("a file as graph", ("graph", "file:///etc/passwd"), status=404, kind=PROBLEM),
    *(store(f"no answer in {accept}", ("graph", ARTICLE), accept=accept, status=406, kind=PROBLEM)
      for accept in ("image/png", JSON_RESULTS, "*/*;q=0")),
    *(Case(name=f"graph store, the method {method} at {path}", path=path, method=method, parameters=parameters,
           body=b"", headers={"Content-Type": "text/turtle"}, status=405, kind=PROBLEM)
      for method in ("PUT", "POST", "DELETE", "PATCH")
      for path, parameters in (("/graph-store", (("graph", ARTICLE),)), (DIRECT, ()))),
]
TERM = "SELECT (<<( <x:s> <x:p> \"o\"@ar--rtl )>> AS ?t) {}"
REIFIED = "CONSTRUCT { <x:s> <x:p> <x:o> ~ <x:r> {| <x:q> 1 |} } WHERE {}"
MODERN = [  # SPARQL 1.2 and RDF 1.2, as the engine has them
    *(get(f"a triple as a term, as {kind}", TERM, accept=kind, kind=kind, holds=words) for kind, words in (
        (JSON_RESULTS, '"type":"triple"'), (XML_RESULTS, "<triple>"),
        ("text/tab-separated-values", '"o"@ar--rtl )>>'), ("text/csv", "x:s x:p o"), ("text/html", "x:s"))),
    *(get(f"an annotated triple, as {kind}", REIFIED, accept=kind, kind=kind, holds="x:r") for kind in (
        "text/turtle", "application/n-triples", "application/rdf+xml", "application/trig", "application/n-quads")),
    *(get(f"an annotated triple, as {accept}", REIFIED, accept=accept, status=406, kind=PROBLEM,
          holds="JSON-LD cannot tell triples whose object is a triple (RDF 1.2); ask for text/turtle, application/n")
      for accept in ("application/ld+json", "application/ld+json, text/csv;q=0.9")),
    get("an annotated triple, as JSON-LD or else N-Triples", REIFIED,
        accept="application/ld+json, application/n-triples;q=0.1", kind="application/n-triples", holds="<x:r> <x:q>"),
    get("VERSION", 'VERSION "1.2" ASK {}', holds="true"),
    get("LANGDIR", 'ASK { FILTER(LANGDIR(STRLANGDIR("a", "ar", "rtl")) = "rtl") }', holds="true"),
    get("isTRIPLE", "ASK { FILTER(isTRIPLE(TRIPLE(<x:s>, <x:p>, 1))) }", holds="true"),
    get("a pattern of a triple term", "ASK { ?s ?p <<( ?a ?b ?c )>> }", holds="false"),
    get("a pattern of a reified triple", "ASK { << ?a ?b ?c >> ?p ?o }", holds="false"),
    get("an annotation without its end", "ASK { ?a ?b ?c {| ?p ?o }", status=400, kind=PROBLEM, holds="does not parse"),
]
MORE = [*W3C, *BY_QUERY, *STORE, *MODERN]
HEADED = [WAYS[0], WAYS[3], REFUSED[0], STORE[0], STORE[len(SYNTAXES)]]
