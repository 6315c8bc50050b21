"""The same thing told in three profiles, chosen by header or by address."""

from urllib.parse import urljoin

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.formats import FORMATS
from server.documents import Document
from server.errors import Problem
from server.profiles import PROFILES, choose_profile, view, write_schema
from tests.server_release import BASE, ask, fetch

SCHEMA = "https://schema.org/"
PLAIN = f"{BASE}profile/plain"
THINGS = ("article/5e900040bec38a6c", "statement/5e900040bec38a6c-62", "agreement/871007b8ba97c362-1597", "state/RUS",
          "proposition/57f7de19a608d5b1bcb7", "person/jung-pak", "group/busy")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def triples(site, thing, profile, form=FORMATS[1]):
    reply = fetch(site, f"/data/{thing}.{form.suffix}?_profile={profile}")
    assert (reply.status, reply.kind) == (200, form.media_type)
    found = {quad.triple for quad in pyoxigraph.parse(reply.body, form.oxigraph, base_iri=BASE)}
    return {triple for triple in found if "/data/" not in str(triple.subject)}


@pytest.mark.parametrize(("wish", "accept", "chosen"), [
    (None, None, "full"), (None, "", "full"), ("plain", None, "plain"), ("schema", f"<{PLAIN}>", "schema"),
    (SCHEMA, None, "schema"), (PLAIN, None, "plain"), (None, f"<{PLAIN}>", "plain"), (None, f"<{SCHEMA}>", "schema"),
    (None, "<http://schema.org/>", "schema"), (None, "<urn:other>", "full"), (None, "nonsense", "full"),
    (None, f"<{PLAIN}>;q=0.5, <{SCHEMA}>;q=0.6", "schema"), (None, f"<{PLAIN}>;q=0.7, <{SCHEMA}>;q=0.6", "plain"),
    (None, f"<{PLAIN}>;q=0, <urn:other>", "full"), (None, f"<urn:other>, <{SCHEMA}>;q=0.1", "schema"),
    (None, f"<{BASE}profile/full>;q=1.0, <{SCHEMA}>;q=0.9", "full"),
])
def test_the_profile_that_the_client_likes_best(wish, accept, chosen):
    assert choose_profile(wish, accept, base=BASE) == chosen


@pytest.mark.parametrize("wish", ["everything", "FULL", "<script>", "urn:other"])
def test_an_unknown_profile_is_refused_with_the_known_ones(site, wish):
    with pytest.raises(Problem, match="full, plain, schema"):
        choose_profile(wish, None, base=BASE)
    assert fetch(site, f"/data/state/RUS.ttl?_profile={wish.strip('<>')}").status == 406


@pytest.mark.parametrize("accept", [SCHEMA, PLAIN])
def test_a_redirect_passes_the_wish_on(site, accept):
    first = fetch(site, "/id/state/RUS", headers={"Accept-Profile": f"<{accept}>", "Accept": "text/turtle"})
    assert first.status == 303
    assert "Accept-Profile" in first.headers["vary"]
    reply = fetch(site, urljoin("/id/state/RUS", first.headers["location"]))
    assert reply.headers["content-profile"] == f"<{accept}>"


def test_each_profile_has_a_tag_of_its_own_and_leads_to_the_others(site):
    replies = {name: fetch(site, f"/data/state/RUS.ttl?_profile={name}") for name in PROFILES}
    assert len({reply.headers["etag"] for reply in replies.values()}) == len(PROFILES)
    assert fetch(site, "/data/state/RUS.ttl").body == replies["full"].body
    for name, reply in replies.items():
        assert "Accept-Profile" in reply.headers["vary"]
        for other in set(PROFILES) - {name}:
            assert f'?_profile={other}>; rel="alternate"; type="text/turtle"; profile="' in reply.headers["link"]


@pytest.mark.parametrize("thing", THINGS)
def test_the_plain_profile_is_part_of_the_full_one_without_provenance(site, thing):
    plain, full = triples(site, thing, "plain"), triples(site, thing, "full")
    assert plain < full or thing in ("state/RUS", "group/busy", "proposition/57f7de19a608d5b1bcb7")
    assert plain <= full
    assert any(str(triple.subject) == f"<{BASE}id/{thing}>" for triple in plain)
    text = " ".join(map(str, plain))
    for word in ("ns/oa#", "ns/prov#", "ns#evidence", "ns#confidence", "#char=", "#m-"):
        assert word not in text


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.suffix)
@pytest.mark.parametrize("thing", THINGS[:4])
def test_the_schema_profile_speaks_schema_org_alone(site, thing, form):
    if form.suffix == "jsonld":  # its context is not fetched here
        found = fetch(site, f"/data/{thing}.jsonld?_profile=schema").json
        assert found["@context"] == SCHEMA
        nodes = {node["@id"]: node for node in found["@graph"]}
        assert nodes[f"{BASE}id/{thing}"]["@type"] in ("NewsArticle", "Claim", "Quotation", "CreativeWork", "Country")
        assert not any(":" in key or "/" in key for node in found["@graph"] for key in node if key[0] != "@")
        return
    found = triples(site, thing, "schema", form)
    predicates = {triple.predicate.value for triple in found} - {TYPE.value}
    assert predicates
    assert all(name.startswith(SCHEMA) for name in predicates)


def test_every_quotation_of_an_article_is_a_quotation_of_schema_org(site):
    article = "id/article/5e900040bec38a6c"
    found = fetch(site, f"/data/{article.removeprefix('id/')}.jsonld?_profile=schema").json["@graph"]
    quoted = ask(site, f"SELECT DISTINCT ?s {{ ?s <ns#inArticle> <{article}> ; <ns#quote> ?q }}").json
    expected = {row["s"]["value"] for row in quoted["results"]["bindings"]}
    assert {node["@id"] for node in found if node["@type"] == "Quotation"} == expected != set()
    assert found[0]["@type"] == "NewsArticle"
    assert expected <= {part["@id"] for part in found[0]["hasPart"]}


@pytest.mark.parametrize(("stance", "polarity", "text"), [
    ("asserts", "positive", "arms were sent"), ("denies", "positive", "denies: arms were sent"),
    ("asserts", "negative", "not: arms were sent"), ("denies", "negative", "denies not: arms were sent"),
    ("warns", "positive", "warns: arms were sent"),
])
def test_who_denies_something_does_not_become_the_author_of_the_claim(stance, polarity, text):
    thing = NamedNode(f"{BASE}id/statement/1-1")
    own = (
        Quad(thing, TYPE, NamedNode(f"{BASE}ns#Statement")),
        Quad(thing, NamedNode(f"{BASE}ns#gist"), Literal("arms were sent")),
        Quad(thing, NamedNode(f"{BASE}ns#stance"), NamedNode(f"{BASE}ns/stance#{stance}")),
        Quad(thing, NamedNode(f"{BASE}ns#polarity"), NamedNode(f"{BASE}ns/polarity#{polarity}")),
    )
    document = Document(thing=thing, own=own, links=(), counts={}, names=())
    found = view(document, "schema", base=BASE)
    assert Literal(text) in {quad.object for quad in found}
    assert f'"text": "{text}"'.encode() in write_schema(found, base=BASE)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_of_ours_tells_what_it_is(site, name):
    reply = fetch(site, f"/profile/{name}", headers={"Accept": "text/turtle"})
    assert (reply.status, PROFILES[name] in reply.text) == (200, True)
    assert fetch(site, "/profile/none").status == 404
