"""Requests to the SPARQL endpoint and what each one must be answered with; a new case is one more line."""

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from tests.server_release import BASE

SELECT = "SELECT ?s { ?s a <ns#Agreement> } ORDER BY ?s"
ASK = "ASK { <id/state/RUS> a <ns#State> }"
CONSTRUCT = "CONSTRUCT WHERE { <id/state/RUS> ?p ?o }"
DESCRIBE = "DESCRIBE <id/state/RUS>"
UPDATE = "INSERT DATA { <a> <b> <c> }"
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
JSON_RESULTS, XML_RESULTS = "application/sparql-results+json", "application/sparql-results+xml"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RAPPER = ("application/rdf+xml, text/rdf;q=0.6, text/turtle;q=0.9, application/x-turtle, application/turtle, "
          "application/n-triples, */*;q=0.1")
JENA_SELECT = ("application/sparql-results+json, application/sparql-results+xml;q=0.9, "
               "text/tab-separated-values;q=0.7, text/csv;q=0.5, */*;q=0.3")
JENA_GRAPH = "text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,application/rdf+xml;q=0.7,*/*;q=0.3"
COMUNICA = ("application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
            "text/turtle;q=0.7")
PROBLEM = "application/problem+json"
ARTICLE = f"{BASE}graph/article/5e900040bec38a6c"
OTHER = f"{BASE}graph/article/871007b8ba97c362"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request and its answer: status, media type, and words that the body must hold."""

    name: str
    path: str = "/sparql"
    status: int = 200
    kind: str = JSON_RESULTS
    method: str = "GET"
    parameters: tuple[tuple[str, str], ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    holds: str = ""


def get(name, query, *more, accept=None, **expected):
    headers = {} if accept is None else {"Accept": accept}
    return Case(name=name, parameters=(("query", query), *more), headers=headers, **expected)


def post(name, body, sent_as, **expected):
    return Case(name=name, method="POST", body=body if isinstance(body, bytes) else body.encode(),
                headers={"Content-Type": sent_as} if sent_as else {}, **expected)


def form(name, *parameters, **expected):
    return post(name, urlencode(parameters), FORM, **expected)


WAYS = [
    get("GET", SELECT, holds="871007b8ba97c362-1597"),
    get("GET of ASK", ASK, holds="true"),
    get("GET of ASK that fails", "ASK { <x> <y> <z> }", holds="false"),
    get("GET of CONSTRUCT", CONSTRUCT, kind="text/turtle", holds="Russia"),
    get("GET of DESCRIBE", DESCRIBE, kind="text/turtle", holds="Russia"),
    form("POST of a form", ("query", SELECT), holds="871007b8ba97c362-1597"),
    post("POST of a query", SELECT, QUERY, holds="871007b8ba97c362-1597"),
    post("POST of a query with a charset", SELECT, f"{QUERY}; charset=utf-8", holds="871007b8ba97c362"),
    post("POST of a form with a charset", urlencode({"query": SELECT}), f"{FORM}; charset=UTF-8", holds="8710"),
    post("POST with another case of the type", SELECT, "Application/SPARQL-Query", holds="871007b8ba97c362"),
    Case(name="POST of a query, data set in the address", method="POST", body=b"SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
         headers={"Content-Type": QUERY}, parameters=(("default-graph-uri", f"{BASE}graph/none"),), holds='"0"'),
    Case(name="POST of a form, data set in the address", method="POST",
         body=urlencode({"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}).encode(),
         headers={"Content-Type": FORM}, parameters=(("default-graph-uri", f"{BASE}graph/none"),), holds='"0"'),
    form("POST of a form with a format", ("query", SELECT), ("format", "csv"), kind="text/csv"),
    get("the base of queries", "PREFIX asa: <ns#> ASK { ?s a asa:Statement }", holds="true"),
    get("a BASE of its own", f"BASE <{BASE}id/state/> ASK {{ <RUS> a ?c }}", holds="true"),
    get("the default graph is the union", "ASK { ?s a <ns#Statement> . ?a a <ns/none#x> }", holds="false"),
    get("named graphs", f"ASK {{ GRAPH <{ARTICLE}> {{ ?s a <ns#Statement> }} }}", holds="true"),
    get("an unknown parameter does no harm", SELECT, ("foo", "bar"), holds="871007b8ba97c362"),
    get("non-ASCII words", 'ASK { ?s ?p "Ким Чен Ын"@ru }', holds="true"),
    get("words beyond the basic plane", 'SELECT ("\U0001f600" AS ?x) {}', holds="\U0001f600"),
    get("CR LF in the query", "SELECT ?s\r\n{ ?s a <ns#Agreement> }\r\n", holds="871007b8ba97c362"),
    get("a query of 16 KB by GET", f"ASK {{}} # {'x' * 16000}", holds="true"),
    form("a query of 900 KB", ("query", f"ASK {{}} # {'x' * 900_000}"), holds="true"),
    post("a form of 900,000 escaped characters", "query=" + quote("ASK {} #") + "%23" * 900_000, FORM, holds="true"),
    form("a blank format is none", ("query", SELECT), ("format", ""), holds="871007b8ba97c362"),
    get("a shorter timeout", ASK, ("timeout", "1.5"), holds="true"),
    get("a longer timeout is capped", ASK, ("timeout", "100000"), holds="true"),
    get("nothing in the group", "SELECT * {}", holds='"bindings":[{}]'),
]
TABLE_KINDS = {
    None: JSON_RESULTS, "": JSON_RESULTS, "*/*": JSON_RESULTS, JSON_RESULTS: JSON_RESULTS, XML_RESULTS: XML_RESULTS,
    "application/json": "application/json", "application/xml": "application/xml", "text/xml": "text/xml",
    "text/csv": "text/csv", "text/tab-separated-values": "text/tab-separated-values", "text/html": "text/html",
    "text/*": "text/xml", "application/*": JSON_RESULTS, BROWSER: "text/html", JENA_SELECT: JSON_RESULTS,
    "text/csv;q=0.5, application/sparql-results+xml;q=0.6": XML_RESULTS,
    "application/sparql-results+json;q=0, */*": "application/json",
    "text/turtle, application/sparql-results+xml;q=0.1": XML_RESULTS,
    "TEXT/CSV": "text/csv", "text/csv; charset=utf-8": "text/csv", "nonsense": JSON_RESULTS,
    "application/sparql-results+json, application/json;q=0.9, */*;q=0.1": JSON_RESULTS,
    "text/tab-separated-values;q=0.9, text/csv": "text/csv",
}
GRAPH_KINDS = {
    None: "text/turtle", "*/*": "text/turtle", "text/turtle": "text/turtle",
    "application/x-turtle": "application/x-turtle",
    "application/n-triples": "application/n-triples", "text/plain": "text/plain",
    "application/ld+json": "application/ld+json", "application/json": "application/json",
    "application/rdf+xml": "application/rdf+xml", "application/trig": "application/trig",
    "application/n-quads": "application/n-quads", "text/html": "text/html", BROWSER: "text/html",
    RAPPER: "application/n-triples", JENA_GRAPH: "text/turtle", COMUNICA: "application/n-quads",
    "application/sparql-results+json, application/rdf+xml;q=0.2": "application/rdf+xml",
    "text/turtle;q=0, */*;q=0.1": "application/n-triples",
    "application/ld+json;profile=\"http://www.w3.org/ns/json-ld#compacted\"": "application/ld+json",
}
NEGOTIATED = [
    *(get(f"SELECT, Accept: {accept}", SELECT, accept=accept, kind=kind) for accept, kind in TABLE_KINDS.items()),
    *(get(f"ASK, Accept: {accept}", ASK, accept=accept, kind=kind) for accept, kind in TABLE_KINDS.items()),
    *(get(f"CONSTRUCT, Accept: {accept}", CONSTRUCT, accept=accept, kind=kind) for accept, kind in GRAPH_KINDS.items()),
    *(get(f"DESCRIBE, Accept: {accept}", DESCRIBE, accept=accept, kind=kind) for accept, kind in GRAPH_KINDS.items()),
    *(get(f"SELECT, format={name}", SELECT, ("format", name), accept="text/nothing", kind=kind) for name, kind in (
        ("json", JSON_RESULTS), ("xml", XML_RESULTS), ("csv", "text/csv"), ("tsv", "text/tab-separated-values"),
        ("html", "text/html"), ("JSON", JSON_RESULTS), ("text/csv", "text/csv"))),
    *(get(f"CONSTRUCT, format={name}", CONSTRUCT, ("format", name), accept="text/nothing", kind=kind)
      for name, kind in (("ttl", "text/turtle"), ("turtle", "text/turtle"), ("nt", "application/n-triples"),
                         ("jsonld", "application/ld+json"), ("json", "application/ld+json"),
                         ("json-ld", "application/ld+json"), ("rdf+xml", "application/rdf+xml"),
                         ("rdf", "application/rdf+xml"), ("xml", "application/rdf+xml"), ("trig", "application/trig"),
                         ("nq", "application/n-quads"), ("application/rdf+xml", "application/rdf+xml"))),
    *(get(f"SELECT, no answer in {accept}", SELECT, accept=accept, status=406, kind=PROBLEM, holds="ask for")
      for accept in (
        "application/pdf", "text/turtle", "*/*;q=0", "image/*", "application/sparql-results+json;q=0")),
    *(get(f"CONSTRUCT, no answer in {accept}", CONSTRUCT, accept=accept, status=406, kind=PROBLEM) for accept in (
        "application/pdf", JSON_RESULTS, "text/csv")),
    get("SELECT, format=ttl", SELECT, ("format", "ttl"), status=406, kind=PROBLEM, holds="csv"),
    get("CONSTRUCT, format=csv", CONSTRUCT, ("format", "csv"), status=406, kind=PROBLEM, holds="ttl"),
]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s a <ns#Statement> }"
IN_GRAPHS = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s a <ns#Statement> } }"
DATASETS = [
    get("all statements", COUNT, holds='"332"'),
    get("default graph of the request", COUNT, ("default-graph-uri", ARTICLE), holds='"17"'),
    get("two default graphs", COUNT, ("default-graph-uri", ARTICLE), ("default-graph-uri", OTHER), holds='"32"'),
    get("an unknown default graph is empty", COUNT, ("default-graph-uri", f"{BASE}none"), holds='"0"'),
    get("a named graph leaves the default graph empty", COUNT, ("named-graph-uri", ARTICLE), holds='"0"'),
    get("named graph of the request", IN_GRAPHS, ("named-graph-uri", ARTICLE), holds='"17"'),
    get("two named graphs", IN_GRAPHS, ("named-graph-uri", ARTICLE), ("named-graph-uri", OTHER), holds='"32"'),
    get("a default graph leaves no named ones", IN_GRAPHS, ("default-graph-uri", ARTICLE), holds='"0"'),
    get("FROM", COUNT.replace("{", f"FROM <{ARTICLE}> {{", 1), holds='"17"'),
    get("FROM without blanks", f"SELECT (COUNT(*) AS ?n)FROM<{ARTICLE}>{{ ?s a <ns#Statement> }}", holds='"17"'),
    get("FROM, relative", COUNT.replace("{", "FROM <graph/article/5e900040bec38a6c> {", 1), holds='"17"'),
    get("FROM, glued to a prefix", f"PREFIX g: <{BASE}graph/article/> SELECT (COUNT(*) AS ?n) FROMg:5e900040bec38a6c "
        "{ ?s a <ns#Statement> }", holds='"17"'),
    get("FROM NAMED", IN_GRAPHS.replace("{", f"FROM NAMED <{ARTICLE}> {{", 1), holds='"17"'),
    get("FROM NAMED leaves the default graph empty", COUNT.replace("{", f"FROM NAMED <{ARTICLE}> {{", 1), holds='"0"'),
    get("the request wins over FROM", COUNT.replace("{", f"FROM <{ARTICLE}> {{", 1), ("default-graph-uri", OTHER),
        holds='"15"'),
    get("FROM of an address fetches nothing", "SELECT (COUNT(*) AS ?n) FROM <http://127.0.0.1:9/x> { ?s ?p ?o }",
        holds='"0"'),
    get("FROM of a file reads nothing", "SELECT (COUNT(*) AS ?n) FROM <file:///etc/passwd> { ?s ?p ?o }", holds='"0"'),
]
REFUSED = [
    get("no SPARQL", "SELEKT", status=400, kind=PROBLEM, holds="does not parse"),
    get("an empty query", "", status=400, kind=PROBLEM),
    get("a query that ends too soon", "SELECT * {", status=400, kind=PROBLEM, holds="1:11"),
    get("an unknown function", "SELECT (nosuch(1) AS ?x) {}", status=400, kind=PROBLEM, holds="does not parse"),
    get("an unknown function IRI", "SELECT (<http://a.example/f>(1) AS ?x) {}", status=400, kind=PROBLEM,
        holds="http://a.example/f"),
    get("a variable that is not grouped", "SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", status=400, kind=PROBLEM),
    get("an unknown prefix", "SELECT * { ?s nosuch:p ?o }", status=400, kind=PROBLEM),
    get("two queries", SELECT, ("query", ASK), status=400, kind=PROBLEM, holds="exactly one"),
    form("two queries in a form", ("query", SELECT), ("query", ASK), status=400, kind=PROBLEM, holds="exactly one"),
    form("no query in a form", ("foo", "bar"), status=400, kind=PROBLEM, holds="exactly one"),
    form("an empty form", status=400, kind=PROBLEM, holds="exactly one"),
    Case(name="a data set without a query", parameters=(("default-graph-uri", ARTICLE),), status=400, kind=PROBLEM),
    Case(name="a query twice", method="POST", body=SELECT.encode(), headers={"Content-Type": QUERY},
         parameters=(("query", SELECT),), status=400, kind=PROBLEM, holds="exactly one"),
    get("an update as query", UPDATE, status=400, kind=PROBLEM, holds="read-only"),
    *(get(f"the update {text.split()[0]}", text, status=400, kind=PROBLEM, holds="read-only") for text in (
        "DELETE WHERE { ?s ?p ?o }", "LOAD <http://127.0.0.1:9/>", "CLEAR ALL", "DROP ALL", "CREATE GRAPH <g>",
        "COPY DEFAULT TO <g>", "MOVE DEFAULT TO <g>", "ADD DEFAULT TO <g>", "WITH <g> DELETE {} WHERE {}",
        "insert data {}")),
    form("an update as update", ("update", UPDATE), status=400, kind=PROBLEM, holds="read-only"),
    Case(name="an update in the address", parameters=(("update", UPDATE),), status=400, kind=PROBLEM,
         holds="read-only"),
    post("an update as body", UPDATE, "application/sparql-update", status=400, kind=PROBLEM, holds="read-only"),
    post("a body of JSON", '{"query": ""}', "application/json", status=415, kind=PROBLEM, holds=QUERY),
    post("a body of text", SELECT, "text/plain", status=415, kind=PROBLEM),
    post("a body of no type", SELECT, "", status=415, kind=PROBLEM),
    post("a multipart form", b"--x--", "multipart/form-data; boundary=x", status=415, kind=PROBLEM),
    post("a body that is not UTF-8", b"ASK { ?s ?p '\xff' }", QUERY, status=400, kind=PROBLEM, holds="UTF-8"),
    post("a form that is not UTF-8", b"query=ASK%20%7B%7D%20%23%FF", FORM, status=400, kind=PROBLEM, holds="UTF-8"),
    post("a query that is too long", b"ASK {} #" + b"x" * 1_000_000, QUERY, status=413, kind=PROBLEM, holds="1000000"),
    form("a query that is too long for a form", ("query", "ASK {} #" + "x" * 1_000_000), status=413, kind=PROBLEM),
    post("a body that is far too long", b"x" * 4_000_000, QUERY, status=413, kind=PROBLEM),
    post("more parameters than anybody needs", "a=1&" * 2000, FORM, status=400, kind=PROBLEM, holds="1000"),
    post("nesting that is too deep", "ASK { FILTER(" + "(" * 300 + "1" + ")" * 300 + ") }", QUERY, status=400,
         kind=PROBLEM, holds="302"),
    post("more brackets than anybody needs", "ASK {" + "{}" * 150_000 + "}", QUERY, status=413, kind=PROBLEM,
         holds="100000"),
    get("SERVICE", "SELECT * { SERVICE <http://127.0.0.1:9/> {} }", status=400, kind=PROBLEM, holds="SERVICE"),
    get("a default graph that is no IRI", ASK, ("default-graph-uri", "no iri"), status=400, kind=PROBLEM),
    get("a default graph that is relative", ASK, ("default-graph-uri", "graph/x"), status=400, kind=PROBLEM),
    *(get(f"timeout={wish}", ASK, ("timeout", wish), status=400, kind=PROBLEM, holds="timeout")
      for wish in ("soon", "0", "-1", "nan", "inf", "")),
    *(Case(name=f"the method {method}", method=method, status=405, kind=PROBLEM)
      for method in ("PUT", "DELETE", "PATCH")),
    get("a form that hides in its prefix", "PREFIX a: <x> DESCRIBEa:x", status=200, kind="text/turtle"),
]
DESCRIBED = [
    *(Case(name=f"service description, Accept: {accept}", kind=kind, headers={"Accept": accept} if accept else {})
      for accept, kind in ((None, "text/turtle"), ("*/*", "text/turtle"), ("application/ld+json",) * 2,
                           ("application/rdf+xml",) * 2, ("application/n-triples",) * 2,
                           ("application/trig",) * 2, ("application/n-quads",) * 2, (BROWSER, "text/html"),
                           ("text/html", "text/html"), (RAPPER, "application/n-triples"))),
    Case(name="service description, format=rdf", parameters=(("format", "rdf"),), kind="application/rdf+xml"),
    Case(name="service description, no answer", headers={"Accept": "image/png"}, status=406, kind=PROBLEM),
]
CASES = [*WAYS, *NEGOTIATED, *DATASETS, *REFUSED, *DESCRIBED]
