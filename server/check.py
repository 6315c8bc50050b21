"""The command `kg check-site`: does an instance, wherever it runs, behave as ours should?

Each check is one function that yields what is wrong; it talks to the site over HTTP alone.
"""

import gzip
import hashlib
import http.client
import json
import re
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urljoin, urlsplit

import click

from kg.errors import KgError
from kg.formats import FORMATS

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
FAILED, STOPPED = 1, 3
PAGES = 30  # links of the first page that are followed
LARGE = 64 << 20  # bytes beyond which a dump is not fetched to compare its checksum


@dataclass(frozen=True, slots=True)
class Reply:
    """What the site answered; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type."""
        return self.headers.get("content-type", "").split(";")[0]

    @property
    def text(self) -> str:
        """The body as text, unpacked."""
        body = gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body
        return body.decode(errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A deployed instance at a URL that ends in a slash; `base` starts its IRIs, `example` is one of them."""

    url: str
    base: str = ""
    example: str = ""

    def fetch(self, path: str, *, method: str = "GET", body: bytes | None = None, timeout: float = 60,
              **headers: str) -> Reply:
        """Send one request to a path below the URL, or to a URL; redirects are not followed.

        Raises: KgError: nobody answers there.
        """
        url = urljoin(self.url, path)
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=timeout)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connection.request(method, target, body=body,
                               headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            return Reply(response.status, {name.casefold(): value for name, value in response.getheaders()},
                         response.read())
        except (OSError, http.client.HTTPException, ssl.SSLError) as error:
            raise KgError(url, found=f"no answer ({error or type(error).__name__})",
                          repair="check the address, and that the server runs") from error
        finally:
            connection.close()

    def ask(self, query: str, *, accept: str = "application/sparql-results+json", **parameters: str) -> Reply:
        """Send a query by GET."""
        return self.fetch("sparql?" + urlencode({"query": query, **parameters}), Accept=accept)

    def here(self, iri: str) -> str:
        """Return where the site itself serves an IRI of its base."""
        return iri.removeprefix(self.base)


def expected(reply: Reply, status: int, kind: str, what: str) -> Iterator[str]:
    """Yield what differs from the expected status and media type."""
    if reply.status != status:
        yield f"{what}: HTTP {reply.status}, expected {status}"
    elif kind and reply.kind != kind:
        yield f"{what}: {reply.kind or 'no media type'}, expected {kind}"


def check_life(site: Site) -> Iterator[str]:
    """The server is alive and ready."""
    yield from expected(site.fetch("healthz"), 200, "application/json", "healthz")
    reply = site.fetch("readyz")
    yield from expected(reply, 200, "application/json", "readyz")
    if reply.status == 200 and not json.loads(reply.text).get("release"):
        yield "readyz: names no release"


def check_first_page(site: Site) -> Iterator[str]:
    """The first page is there, and its links stay on the site and lead somewhere."""
    reply = site.fetch("", Accept=BROWSER)
    yield from expected(reply, 200, "text/html", "first page")
    if "default-src 'none'" not in reply.headers.get("content-security-policy", ""):
        yield "first page: no strict Content-Security-Policy"
    found = [urljoin(site.url, link.replace("&amp;", "&")).partition("#")[0]
             for link in re.findall(r'(?:href|src)="([^"]*)"', reply.text)]
    inside = [link for link in dict.fromkeys(found) if urlsplit(link).netloc == urlsplit(site.url).netloc]
    for link in inside[:PAGES]:
        if not link.startswith(site.url):
            yield f"first page: the link {link} leaves {site.url}"
        elif site.fetch(link, Accept=BROWSER).status not in (200, 303):
            yield f"first page: the link {link} is broken"


def check_query_forms(site: Site) -> Iterator[str]:
    """Queries are answered by GET, POST and QUERY, in every syntax of results."""
    for accept in ("application/sparql-results+json", "application/sparql-results+xml", "text/csv",
                   "text/tab-separated-values"):
        reply = site.ask("SELECT ?s { ?s a ?c } LIMIT 1", accept=accept)
        yield from expected(reply, 200, accept, f"SELECT as {accept}")
    for form in FORMATS:
        yield from expected(site.ask("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1", accept=form.media_type), 200,
                            form.media_type, f"CONSTRUCT as {form.name}")
    for method in ("POST", "QUERY"):
        yield from expected(site.fetch("sparql", method=method, body=b"ASK {}",
                                       Content_Type="application/sparql-query"), 200,
                            "application/sparql-results+json", f"{method} of a query")
    yield from expected(site.fetch("sparql", method="POST", body=b"query=ASK%20%7B%7D",
                                   Content_Type="application/x-www-form-urlencoded"), 200,
                        "application/sparql-results+json", "POST of a form")
    yield from expected(site.fetch("sparql", Accept="text/turtle"), 200, "text/turtle", "service description")


def check_refusals(site: Site) -> Iterator[str]:
    """What is wrong or forbidden is refused in plain words."""
    problem = "application/problem+json"
    for what, query in (("syntax error", "SELEKT"), ("update", "DELETE WHERE { ?s ?p ?o }"),
                        ("SERVICE", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"),
                        ("unknown function", "SELECT (<urn:nosuch>(1) AS ?x) {}")):
        yield from expected(site.ask(query, accept="*/*"), 400, problem, what)
    yield from expected(site.ask("ASK {}", accept="image/png"), 406, problem, "query for an image")
    yield from expected(site.fetch("sparql", method="PUT", body=b""), 405, problem, "PUT")
    reply = site.fetch("id/nothing/like-this", Accept="text/turtle")
    yield from expected(reply, 404, problem, "unknown thing")
    for word in ("Traceback", 'File "', "/releases/"):
        if word in reply.text:
            yield f"unknown thing: the answer shows {word!r}"


def check_runaway(site: Site) -> Iterator[str]:
    """A query without end is stopped in time."""
    start = time.monotonic()
    reply = site.ask(CROSS, timeout="1")
    if reply.status not in (504, 429, 503):
        yield f"a query without end: HTTP {reply.status}, expected 504"
    if time.monotonic() - start > 6:
        yield f"a query without end: stopped after {time.monotonic() - start:.1f} s, asked for 1 s"


def check_thing(site: Site) -> Iterator[str]:
    """A thing is dereferenced in every syntax, and its IRI is the one of the base."""
    path = site.here(site.example)
    for accept, kind in ((BROWSER, "text/html"), *((form.media_type, form.media_type) for form in FORMATS)):
        first = site.fetch(path, Accept=accept)
        yield from expected(first, 303, "", f"{path} as {kind}")
        if "accept" not in first.headers.get("vary", "").casefold():
            yield f"{path} as {kind}: the redirect lacks Vary: Accept"
        where = urljoin(urljoin(site.url, path), first.headers.get("location", ""))
        if not where.startswith(site.url):
            yield f"{path} as {kind}: leads to {where}, outside of {site.url}"
            continue
        yield from expected(site.fetch(where, Accept=accept), 200, kind, where)
    plain = site.fetch(path.replace("id/", "data/", 1) + ".nt")
    if f"<{site.example}>" not in plain.text:
        yield f"{path}: its data does not tell of <{site.example}>"
    yield from expected(site.fetch(path, Accept="image/png"), 406, "application/problem+json", f"{path} as an image")


def check_caching(site: Site) -> Iterator[str]:
    """Each representation has a tag of its own, and what a client has is not sent again."""
    path, tags = site.here(site.example).replace("id/", "data/", 1), []
    for suffix in ("ttl", "jsonld", "rdf"):
        first = site.fetch(f"{path}.{suffix}")
        tag = first.headers.get("etag", "")
        tags.append(tag)
        if not tag:
            yield f"{path}.{suffix}: no ETag"
        elif site.fetch(f"{path}.{suffix}", If_None_Match=tag).status != 304:
            yield f"{path}.{suffix}: sent again although the client has it"
        head = site.fetch(f"{path}.{suffix}", method="HEAD")
        if head.status != 200 or head.body or head.headers.get("etag") != tag:
            yield f"{path}.{suffix}: HEAD differs from GET"
    if len(set(tags)) != len(tags):
        yield f"{path}: two representations share an ETag"


def check_scripts(site: Site) -> Iterator[str]:
    """Scripts of other sites may read answers, errors too, and no host but ours is ever named."""
    for reply, what in ((site.ask("ASK {}"), "answer"), (site.ask("SELEKT"), "error")):
        if reply.headers.get("access-control-allow-origin") != "*":
            yield f"{what}: no Access-Control-Allow-Origin: *"
    preflight = site.fetch("sparql", method="OPTIONS", Origin="https://elsewhere.example",
                           Access_Control_Request_Method="POST", Access_Control_Request_Headers="x-unknown")
    if preflight.status not in (200, 204) or "access-control-allow-headers" not in preflight.headers:
        yield f"preflight: HTTP {preflight.status} without Access-Control-Allow-Headers"
    for path in ("", site.here(site.example), ".well-known/void"):
        reply = site.fetch(path, X_Forwarded_Host="evil.example", Accept="*/*")
        if "evil.example" in reply.text + str(reply.headers):
            yield f"{path or 'first page'}: repeats a forged host"


def check_dumps(site: Site) -> Iterator[str]:
    """Dumps have the size and checksum that the list tells, and can be fetched in parts."""
    for line in site.fetch("dumps/", Accept="text/plain").text.splitlines():
        digest, size, name = line.split(maxsplit=2)
        head = site.fetch(f"dumps/{quote(name)}", method="HEAD")
        if (head.status, head.headers.get("content-length")) != (200, size):
            yield f"dumps/{name}: {head.headers.get('content-length')} bytes, the list tells {size}"
        elif int(size) <= LARGE:
            body = site.fetch(f"dumps/{quote(name)}").body
            if hashlib.sha256(body).hexdigest() != digest:
                yield f"dumps/{name}: its checksum differs from the list"
            if int(size) > 9 and site.fetch(f"dumps/{quote(name)}", Range="bytes=0-8").body != body[:9]:
                yield f"dumps/{name}: a range of it is not its part"


CHECKS: tuple[Callable[[Site], Iterator[str]], ...] = (
    check_life, check_first_page, check_query_forms, check_refusals, check_runaway, check_thing, check_caching,
    check_scripts, check_dumps,
)


def open_site(url: str) -> Site:
    """Return the instance at a URL, with the base IRI and the example that its VoID tells.

    Raises: KgError: nobody answers there, or there is no VoID of ours.
    """
    site = Site(url=url.rstrip("/") + "/")
    void = site.fetch(".well-known/void", Accept="application/n-triples").text
    endpoint = re.search(r"<http://rdfs.org/ns/void#sparqlEndpoint> <([^>]*)sparql>", void)
    example = re.search(r"<http://rdfs.org/ns/void#exampleResource> <([^>]*)>", void)
    if endpoint is None or example is None:
        raise KgError(site.url + ".well-known/void", found="names no endpoint and no example",
                      repair="give the address of the first page of an instance of ours")
    return Site(url=site.url, base=endpoint[1], example=example[1])


@click.command("check-site", epilog="Example: kg check-site https://news.example/kg/")
@click.argument("url")
def check_site(url: str) -> None:
    """Check whether the instance at URL behaves as it should; exit code 1 if it does not."""
    failures = 0
    try:
        site = open_site(url)
        for check in CHECKS:
            found = list(check(site))
            failures += len(found)
            click.echo(f"{'FAILED' if found else 'ok':6}  {(check.__doc__ or '').rstrip('.')}")
            for line in found:
                click.echo(f"        {line}")
    except KgError as error:
        click.echo(f"kg check-site: {error}", err=True)
        sys.exit(STOPPED)
    if failures:
        sys.exit(FAILED)
