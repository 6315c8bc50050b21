"""Requests for linked data and what each one must be answered with; a new case is one more line."""

from tests.server_cases import BROWSER, COMUNICA, JENA_GRAPH, PROBLEM, RAPPER, Case
from tests.server_release import BASE

TURTLE, HTML = "text/turtle", "text/html"
TYPES = {"ttl": TURTLE, "nt": "application/n-triples", "jsonld": "application/ld+json", "rdf": "application/rdf+xml",
         "trig": "application/trig", "nq": "application/n-quads"}
LIKES = {TURTLE: "ttl", "application/n-triples": "nt", "application/ld+json": "jsonld", "application/rdf+xml": "rdf",
         "application/trig": "trig", "application/n-quads": "nq", "application/x-turtle": "ttl", "text/plain": "nt",
         "application/json": "jsonld", "*/*": "ttl", RAPPER: "nt", JENA_GRAPH: "ttl", COMUNICA: "nq",
         "text/*;q=0.3, application/rdf+xml;q=0.2": "ttl", "application/rdf+xml;q=0.3, text/turtle;q=0.2": "rdf",
         "text/turtle;q=0, */*;q=0.1": "nt", "TEXT/TURTLE": "ttl", "text/turtle; charset=utf-8": "ttl"}
UNLIKED = ("image/png", "*/*;q=0", "application/pdf, image/*", "text/csv", "application/sparql-results+json")
THINGS = {"state/RUS": "Russia", "person/jung-pak": "Pak", "org/bloomberg": "Bloomberg",
          "article/5e900040bec38a6c": "raised alarm", "statement/5e900040bec38a6c-62": "deepening",
          "agreement/871007b8ba97c362-1597": "871007b8ba97c362", "proposition/57f7de19a608d5b1bcb7": "supply-arms",
          "obligation/871007b8ba97c362-1624-1": "871007b8ba97c362", "status-event/871007b8ba97c362-1590": "signed",
          "person/n.o%27brien.aaaaaa": "Brien", "org/a%2Fb": "A/B", "group/busy": "busy people", "group/odd": "bell"}


def linked(name, path, accept=None, **expected):
    return Case(name=name, path=path, headers={} if accept is None else {"Accept": accept}, **expected)


REDIRECTS = [
    *(linked(f"{thing} for {kind}", f"/id/{thing}", kind, status=303, kind="text/plain",
             holds=f"page/{thing}" if kind == HTML else f"data/{thing}.ttl")
      for thing in THINGS for kind in (HTML, TURTLE)),
    *(linked(f"a statement, Accept: {accept}", "/id/statement/5e900040bec38a6c-62", accept, status=303,
             kind="text/plain", holds=f"data/statement/5e900040bec38a6c-62.{suffix}")
      for accept, suffix in LIKES.items()),
    *(linked(f"a state, format={name}", f"/id/state/RUS?format={name}", "image/png", status=303, kind="text/plain",
             holds=where) for name, where in (
        ("html", "page/state/RUS"), *((suffix, f"data/state/RUS.{suffix}") for suffix in TYPES),
        ("turtle", "RUS.ttl"), ("json", "RUS.jsonld"), ("xml", "RUS.rdf"), ("n3", "RUS.ttl"))),
]
DOCUMENTS = [
    *(linked(f"data of {thing} as {suffix}", f"/data/{thing}.{suffix}", kind=kind,
             holds=word if suffix in ("ttl", "nt") else "") for thing, word in THINGS.items()
      for suffix, kind in TYPES.items()),
    *(linked(f"data without a suffix, Accept: {accept}", "/data/state/RUS", accept,
             kind=accept if accept in ("application/x-turtle", "text/plain", "application/json") else TYPES[suffix])
      for accept, suffix in LIKES.items()),
    *(linked(f"page of {thing}", f"/page/{thing}", BROWSER, kind=HTML, holds="<h1") for thing in THINGS),
]
TERMS = [
    *(linked(f"{path} as {kind}", path, kind, kind=kind, holds=word) for path, word in (
        ("/ns", "speaker"), ("/ns/stance", "denies"), ("/ns/act", "supply-arms"), ("/ns/status", "signed"))
      for kind in (TURTLE, "application/n-triples", "application/rdf+xml", "application/ld+json", HTML)),
    *(linked(f"/ns.{suffix}", f"/ns.{suffix}", "image/png", kind=kind) for suffix, kind in TYPES.items()),
    *(linked(f"/ns/mode.{suffix}", f"/ns/mode.{suffix}", kind=kind) for suffix, kind in TYPES.items()),
]
PROFILED = [
    *(linked(f"{thing} in the profile {name}", f"/data/{thing}.ttl?_profile={name}", kind=TURTLE, holds=word)
      for thing in ("state/RUS", "article/5e900040bec38a6c", "statement/5e900040bec38a6c-62")
      for name, word in (("full", f"{BASE}"), ("plain", "asa:"), ("schema", "schema:"))),
    linked("an unknown profile", "/data/state/RUS.ttl?_profile=none", status=406, kind=PROBLEM, holds="plain"),
]
REFUSED = [
    *(linked(f"{path}, Accept: {accept}", path, accept, status=406, kind=PROBLEM, holds="ask for")
      for path in ("/id/state/RUS", "/data/state/RUS", "/ns/stance", "/.well-known/void", "/catalog")
      for accept in UNLIKED),
    *(linked(f"{path} is nowhere", path, status=404, kind=PROBLEM) for path in (
        "/id/state/XXX", "/id/state/rus", "/data/state/XXX.nt", "/page/state/XXX", "/data/state/RUS.pdf", "/ns/none",
        "/ns/stance.pdf", "/catalog.pdf", "/profile/none", "/dumps/none", "/sitemap-99.xml", "/id/", "/ID/state/RUS")),
    *(Case(name=f"{method} {path}", method=method, path=path, body=b"", status=405, kind=PROBLEM)
      for method in ("POST", "PUT", "DELETE", "PATCH")
      for path in ("/id/state/RUS", "/data/state/RUS.ttl", "/ns", "/catalog", "/dumps/dump.nq.gz")),
]
LINKED = [*REDIRECTS, *DOCUMENTS, *TERMS, *PROFILED, *REFUSED]
