"""Dereferenceable IRIs: a thing answers 303 to its page or its data, a term of the ontology answers at once."""

from collections.abc import Iterator
from functools import partial
from urllib.parse import quote, unquote

from flask import Blueprint, Response, g, request
from pyoxigraph import NamedNode, Quad

from kg.formats import FORMATS, JSON_LD, Format, formats_of_suffix
from kg.vocabulary import SCHEMES
from server import pages, profiles
from server.documents import about_document, read_document, serialize
from server.errors import Problem
from server.negotiation import HTML, RDF, RDF_NAMES, choose
from server.publication import Answer, Publication
from server.responses import respond, see_other, tag_of

blueprint = Blueprint("entities", __name__)
SUFFIXES = tuple(row.suffix for row in FORMATS)


def raw_path() -> str:
    """Return the path of the request as it was sent, below the application's root and without its first slash."""
    sent = request.environ.get("REQUEST_URI", "").partition("?")[0]
    root = request.environ.get("SCRIPT_NAME", "")
    if unquote(sent) == root + request.environ["PATH_INFO"].encode("latin-1").decode(errors="replace"):
        return str(sent[len(quote(root)):]).lstrip("/")
    return quote(request.path.lstrip("/"), safe="/:@!$&'()*+,;=~-._")


def way_up(path: str) -> str:
    """Return the relative reference from a path to the root of the application.

    >>> way_up("page/state/RUS"), way_up("sparql")
    ('../../', '')
    """
    return "../" * path.count("/")


def uri(node: NamedNode) -> str:
    """Return an IRI as the URI that a header can hold.

    >>> uri(NamedNode("https://news.example/id/person/Ким%20Б"))
    'https://news.example/id/person/%D0%9A%D0%B8%D0%BC%20%D0%91'
    """
    return quote(node.value, safe="/:@!$&'()*+,;=~-._#?%[]")


def find_thing(publication: Publication, path: str) -> NamedNode:
    """Return the published thing that a path below the base names, read as sent or percent-decoded.

    Raises: Problem: 404, 410 if an earlier release still told of it, or 301 if that knew by name an actor that is a
        known one now.
    """
    candidates = []
    for candidate in dict.fromkeys((path, unquote(path))):
        try:
            node = NamedNode(publication.release.base + candidate)
        except ValueError:
            continue
        for pattern in ((node, None, None), (None, None, node)):
            if any(True for _ in publication.store.quads_for_pattern(*pattern)):
                return node
        candidates.append(node)
    for node in candidates:
        told, names = publication.last_told(node)
        actor = publication.registered(names)
        if actor is not None:
            sent, rest = raw_path(), actor.value.removeprefix(f"{publication.release.base}id/")
            where = way_up(sent) + sent.replace(path.removeprefix("id/"), quote(rest), 1)
            query = request.query_string.decode("latin-1")
            raise Problem(301, f"this actor is a known one now: {actor.value}", headers=(
                ("Location", f"{where}?{query}" if query else where), ("Cache-Control", "public, max-age=300")))
        if told:
            raise Problem(410, f"this was withdrawn; release {told} was the last that told of it")
    raise Problem(404, "nothing is published under this address; look things up at sparql or start at the first page")


def choose_format(*, html: bool) -> str:
    """Return the media type to describe a thing in: by `?format=`, else by Accept.

    Raises: Problem: 406.
    """
    offers = (*((HTML,) if html else ()), *RDF)
    name = request.args.get("format", "")
    if name:
        chosen = RDF_NAMES.get(name.casefold(), name)
    else:
        # RDF readers that take everything get Turtle; browsers say that they like HTML best
        chosen = choose(request.headers.get("Accept"), (*RDF, HTML) if html else tuple(RDF))
    if chosen not in offers:
        raise Problem(406, f"cannot answer with {name or request.headers.get('Accept')}; ask for {', '.join(offers)}")
    return chosen


@blueprint.get("/id/<path:_>")
def thing(_: str) -> Response:
    """Send the client on to the page or the data of a thing, as it prefers."""
    publication: Publication = g.publication
    path = raw_path()
    find_thing(publication, path)
    rest = path.removeprefix("id/")
    media_type = choose_format(html=True)
    where = f"page/{rest}" if media_type == HTML else f"data/{rest}.{RDF[media_type].suffix}"
    profile = wanted_profile(publication)
    if profile != profiles.FULL and media_type != HTML:
        where += f"?_profile={profile}"
    response = see_other(way_up(path) + where, links=(f'<{publication.release.base}{path}>; rel="cite-as"',))
    response.vary.add("Accept-Profile")
    return response


def wanted_profile(publication: Publication) -> str:
    """Return the profile that the client asks for.

    Raises: Problem: 406.
    """
    return profiles.choose_profile(request.args.get("_profile"), request.headers.get("Accept-Profile"),
                                   base=publication.release.base)


@blueprint.get("/data/<path:_>")
def data(_: str) -> Response:
    """Answer with the RDF of one thing, in the syntax of the suffix or of the Accept header."""
    publication: Publication = g.publication
    path = raw_path()
    rest = path.removeprefix("data/")
    stem, dot, suffix = rest.rpartition(".")
    found = tuple(formats_of_suffix(suffix)) if dot and "/" not in suffix else ()
    media_type = found[0].media_type if found else choose_format(html=False)
    rest = stem if found else rest
    profile = wanted_profile(publication)
    key = (path, media_type, profile)
    kept = publication.kept.get(key)
    if kept is None:
        form, root, base = RDF[media_type], way_up(path), publication.release.base
        node = find_thing(publication, f"id/{rest}")
        address = f"data/{rest}.{form.suffix}"
        document = read_document(publication, node)
        quads = (*profiles.view(document, profile, base=base), *about_document(document, publication, address))
        kept = finished(publication, quads, form, key=key, headers=(
            ("Content-Location", root + address + ("" if profile == profiles.FULL else f"?_profile={profile}")),
            ("Content-Profile", f"<{profiles.profile_iri(profile, base)}>"),
            ("Vary", "Accept, Accept-Encoding, Accept-Profile"),
            ("Link", ", ".join((
                f'<{uri(node)}>; rel="cite-as"', f'<{uri(node)}>; rel="describes"',
                f'<{root}page/{rest}>; rel="alternate"; type="text/html"',
                f'<{root}.well-known/void>; rel="describedby"', f'<{root}.well-known/void>; rel="collection"',
                f'<{profiles.profile_iri(profile, base)}>; rel="profile"', *_alternates(f"{root}data/{rest}", but=form),
                *_other_profiles(root + address, form, profile=profile, base=base)))),
        ))
    return respond(kept)


def _alternates(stem: str, *, but: Format | None = None, rel: str = "alternate") -> Iterator[str]:
    """Yield links to the syntaxes of a document."""
    for row in FORMATS:
        if row is not but:
            yield f'<{stem}.{row.suffix}>; rel="{rel}"; type="{row.media_type}"'


def _other_profiles(address: str, form: Format, *, profile: str, base: str) -> Iterator[str]:
    """Yield links to the other profiles; not in JSON-LD, where rdflib takes any such alternate for the better one."""
    for name in profiles.PROFILES:
        if name != profile and form is not JSON_LD:
            yield (f'<{address}?_profile={name}>; rel="alternate"; type="{form.media_type}"; '
                   f'profile="{profiles.profile_iri(name, base)}"')


def finished(
    publication: Publication, quads: tuple[Quad, ...], form: Format, *, key: tuple[str, ...],
    headers: tuple[tuple[str, str], ...] = (),
) -> Answer:
    """Return quads as an answer in a syntax, and keep it."""
    of_schema = form is JSON_LD and profiles.SCHEMA_ORG in key[2:]
    write = profiles.write_schema if of_schema else partial(serialize, form=form)
    body = write(quads, base=publication.release.base)
    kept = Answer(body=body, media_type=key[1], tag=tag_of(publication.release.id, *key), headers=headers)
    publication.kept.put(key, kept)
    return kept


@blueprint.get("/page/<path:_>")
def page(_: str) -> Response:
    """Answer with the page of one thing."""
    publication: Publication = g.publication
    path = raw_path()
    arguments = {name: value for name in pages.ARGUMENTS if (value := request.args.get(name, ""))}
    key = (path, HTML, *map("=".join, arguments.items()))
    kept = publication.kept.get(key)
    if kept is None:
        rest, root = path.removeprefix("page/"), way_up(path)
        node = find_thing(publication, f"id/{rest}")
        body = pages.thing_page(publication, node, root=root, rest=rest, arguments=arguments).encode()
        links = (f'<{uri(node)}>; rel="cite-as"', '<https://schema.org/AboutPage>; rel="type"',
                 f'<{root}.well-known/void>; rel="collection"', *_alternates(f"{root}data/{rest}"),
                 *_alternates(f"{root}data/{rest}", rel="describedby"))
        kept = Answer(body=body, media_type=HTML, tag=tag_of(publication.release.id, *key),
                      headers=(("Link", ", ".join(links)),))
        publication.kept.put(key, kept)
    return respond(kept)


@blueprint.get("/profile/<name>")
def profile(name: str) -> Response:
    """Answer with what a profile of documents is."""
    publication: Publication = g.publication
    if name not in profiles.PROFILES:
        raise Problem(404, f"there is no such profile; there are {', '.join(profiles.PROFILES)}")
    media_type = choose_format(html=False)
    key = (f"profile/{name}", media_type)
    kept = publication.kept.get(key)
    if kept is None:
        quads = profiles.describe(name, base=publication.release.base)
        kept = finished(publication, quads, RDF[media_type], key=key)
    return respond(kept)


@blueprint.get("/ns")
@blueprint.get("/ns.<suffix>")
@blueprint.get("/ns/<scheme>")
@blueprint.get("/ns/<scheme>.<suffix>")
def vocabulary(scheme: str = "", suffix: str = "") -> Response:
    """Answer with the ontology, or one scheme of its concepts."""
    publication: Publication = g.publication
    path = raw_path()
    if scheme and scheme not in (*SCHEMES, "code"):
        raise Problem(404, f"there is no scheme {scheme!r}; there are {', '.join(SCHEMES)}")
    if suffix == "html":
        media_type = HTML
    elif suffix:
        found = tuple(formats_of_suffix(suffix))
        if not found:
            raise Problem(404, f"there is no syntax {suffix!r}; there are {', '.join(SUFFIXES)}")
        media_type = found[0].media_type
    else:
        media_type = choose_format(html=True)
    name = f"ns/{scheme}" if scheme else "ns"
    key = (name, media_type)
    kept = publication.kept.get(key)
    if kept is None:
        quads = terms(publication, name)
        if media_type == HTML:
            body = pages.terms_page(publication, quads, root="../" if scheme else "", name=name).encode()
            kept = Answer(body=body, media_type=HTML, tag=tag_of(publication.release.id, *key))
            publication.kept.put(key, kept)
        else:
            kept = finished(publication, quads, RDF[media_type], key=key)
    return respond(kept, links=tuple(_alternates(way_up(path) + name)))


def terms(publication: Publication, name: str) -> tuple[Quad, ...]:
    """Return the triples of the ontology ("ns") or of one scheme ("ns/stance"), in order of their subjects."""
    base = publication.release.base
    graph = NamedNode(f"{base}graph/{'ontology' if name == 'ns' else 'vocabulary'}")
    own = base + name
    found = [
        quad for quad in publication.store.quads_for_pattern(None, None, None, graph)
        if not isinstance(quad.subject, NamedNode) or quad.subject.value.split("#")[0] == own or name == "ns"
    ]
    return tuple(sorted(found, key=lambda quad: (str(quad.subject), str(quad.predicate), str(quad.object))))
