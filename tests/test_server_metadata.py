"""What the data set is, for machines: one set of facts in three vocabularies, sitemap, robots.txt, signposting."""

import json
import re
import xml.etree.ElementTree as ET

import pytest
from rdflib import DCAT, DCTERMS, RDF, VOID, Graph, URIRef

from kg.release import open_release
from tests.server_release import BASE, fetch, serving, write_release

SPDX = "http://spdx.org/rdf/terms#"
LICENSE = "https://creativecommons.org/licenses/by/4.0/"
DATASET = URIRef(f"{BASE}.well-known/void")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
SYNTAXES = {"text/turtle": "turtle", "application/n-triples": "nt", "application/rdf+xml": "xml",
            "application/ld+json": "json-ld"}


@pytest.fixture(scope="module")
def licensed(released):
    with serving(released, "--workers", "1", KG_LICENSE=LICENSE) as (site, _):
        yield site


def graph(site, path, accept="text/turtle"):
    reply = fetch(site, path, headers={"Accept": accept})
    assert (reply.status, reply.kind) == (200, accept)
    return Graph().parse(data=reply.body, format=SYNTAXES[accept])


def listed(site):
    return {line.split()[2]: line.split()[:2] for line in fetch(site, "/dumps/").text.splitlines()}


def test_three_vocabularies_tell_the_same_facts(licensed, released):
    void, dcat = graph(licensed, "/.well-known/void"), graph(licensed, "/catalog")
    schema = fetch(licensed, "/dataset.jsonld").json
    release = open_release(released)
    titles = {str(void.value(DATASET, DCTERMS.title)), str(dcat.value(DATASET, DCTERMS.title)), schema["name"]}
    assert len(titles) == 1
    for found in (void, dcat):
        assert found.value(DATASET, DCTERMS.license) == URIRef(LICENSE)
        assert str(found.value(DATASET, URIRef("http://www.w3.org/ns/dcat#version"))) == release.id
        assert str(found.value(DATASET, DCTERMS.modified)) == release.made_at
    assert (schema["@id"], schema["license"], schema["version"], schema["dateModified"]) == (
        str(DATASET), LICENSE, release.id, release.made_at)
    assert schema["size"] == f"{void.value(DATASET, VOID.triples)} triples"


def test_every_file_is_a_distribution_with_its_size_and_checksum(licensed):
    dcat, schema = graph(licensed, "/catalog"), fetch(licensed, "/dataset.jsonld").json
    expected = {f"{BASE}dumps/{name}": (size, digest) for name, (digest, size) in listed(licensed).items()}
    found = {}
    for node in dcat.objects(DATASET, DCAT.distribution):
        checksum = dcat.value(node, URIRef(SPDX + "checksum"))
        found[str(dcat.value(node, DCAT.downloadURL))] = (
            str(dcat.value(node, DCAT.byteSize)), str(dcat.value(checksum, URIRef(SPDX + "checksumValue"))))
    assert found == expected
    assert {part["contentUrl"]: (part["contentSize"].removesuffix(" B"), part["sha256"])
            for part in schema["distribution"]} == expected
    nquads = URIRef(f"{BASE}dumps/dump.nq.gz")
    assert str(dcat.value(nquads, DCAT.mediaType)).endswith("/application/n-quads")
    assert str(dcat.value(nquads, DCAT.compressFormat)).endswith("/application/gzip")


def test_both_services_serve_the_data_set(site):
    dcat = graph(site, "/catalog")
    [catalog] = dcat.subjects(RDF.type, DCAT.Catalog)
    services = set(dcat.objects(catalog, DCAT.service))
    assert services == {URIRef(f"{BASE}sparql"), URIRef(f"{BASE}graph-store")}
    assert all(dcat.value(service, DCAT.servesDataset) == DATASET for service in services)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # of rdflib's own reader
@pytest.mark.parametrize("path", ["/.well-known/void", "/catalog"])
@pytest.mark.parametrize("accept", SYNTAXES)
def test_descriptions_tell_the_same_in_every_syntax(site, path, accept):
    assert len(graph(site, path, accept)) == len(graph(site, path)) > 10


@pytest.mark.parametrize(("path", "kind"), [
    ("/catalog.ttl", "text/turtle"), ("/catalog.rdf", "application/rdf+xml"), ("/catalog?format=nt",
                                                                              "application/n-triples"),
])
def test_a_suffix_or_a_format_chooses_the_syntax(site, path, kind):
    reply = fetch(site, path, headers={"Accept": "image/png"})
    assert (reply.status, reply.kind) == (200, kind)
    assert fetch(site, "/catalog.pdf").status == 404


def test_no_licence_is_made_up(site):
    assert graph(site, "/catalog").value(DATASET, DCTERMS.license) is None
    assert "license" not in fetch(site, "/dataset.jsonld").json
    assert 'rel="license"' not in fetch(site, "/data/state/RUS.ttl").headers["link"]


@pytest.mark.parametrize("path", ["/", "/data/state/RUS.ttl", "/page/state/RUS", "/ns", "/dumps/", "/graph/registry",
                                  "/sparql?query=ASK%7B%7D", "/.well-known/void"])
def test_everything_says_its_licence(licensed, path):
    assert f'<{LICENSE}>; rel="license"' in fetch(licensed, path).headers["link"]


def test_the_sitemap_leads_to_pages_with_the_day_of_their_last_change(site, released):
    release = open_release(released)
    index = ET.fromstring(fetch(site, "/sitemap.xml").body)
    maps = [found.text for found in index.iter(SITEMAP + "loc")]
    assert maps == [f"{BASE}sitemap-1.xml"]
    tree = ET.fromstring(fetch(site, "/sitemap-1.xml").body)
    pages = [found.text for found in tree.iter(SITEMAP + "loc")]
    assert {found.text for found in tree.iter(SITEMAP + "lastmod")} == {release.made_at}
    assert len(pages) == len(set(pages)) > release.counts["articles"] + release.counts["agreements"]
    for page in (f"{BASE}page/person/n.o%27brien.aaaaaa", f"{BASE}page/org/a%2Fb",
                 f"{BASE}page/article/5e900040bec38a6c"):
        assert page in pages
    for page in pages[::40]:
        assert fetch(site, "/" + page.removeprefix(BASE)).status == 200, page
    assert fetch(site, "/sitemap-2.xml").status == 404


def test_robots_find_the_sitemap_and_leave_queries_alone(site):
    text = fetch(site, "/robots.txt").text
    assert f"Sitemap: {BASE}sitemap.xml" in text
    assert {"/sparql", "/search", "/graph-store"} <= set(re.findall("Disallow: (.*)", text))


def test_robots_below_a_path_keep_to_it(tmp_path):
    write_release(tmp_path, base="https://example.org/news/")
    with serving(tmp_path, "--workers", "1") as (site, _):
        text = fetch(site, "/news/robots.txt").text
        assert "Disallow: /news/sparql" in text
        assert "Sitemap: https://example.org/news/sitemap.xml" in text
        assert json.loads(fetch(site, "/news/dataset.jsonld").body)["url"] == "https://example.org/news/"


@pytest.mark.parametrize(("path", "cites", "kind", "describes"), [
    ("", BASE, "https://schema.org/Dataset", {"catalog", "dataset.jsonld", ".well-known/void"}),
    ("page/state/RUS", f"{BASE}id/state/RUS", "https://schema.org/AboutPage",
     {f"data/state/RUS.{suffix}" for suffix in ("ttl", "nt", "jsonld", "rdf", "trig", "nq")}),
    ("page/org/a%2Fb", f"{BASE}id/org/a%2Fb", "https://schema.org/AboutPage",
     {f"data/org/a%2Fb.{suffix}" for suffix in ("ttl", "nt", "jsonld", "rdf", "trig", "nq")}),
])
def test_the_signposting_library_finds_its_way(licensed, path, cites, kind, describes):
    signposting = pytest.importorskip("signposting", reason="the library signposting is not installed")
    found = signposting.find_signposting_http(licensed + path)
    assert str(found.citeAs.target) == cites
    assert {str(link.target) for link in found.types} == {kind}
    assert str(found.license.target) == LICENSE
    assert {str(link.target).removeprefix(licensed) for link in found.describedBy} == describes
    targets = {link.target for link in found.items or ()} | {link.target for link in found.describedBy}
    for target in targets:
        assert fetch(licensed, "/" + str(target).removeprefix(licensed), method="HEAD").status == 200


def test_the_signposting_library_reads_data(licensed):
    signposting = pytest.importorskip("signposting", reason="the library signposting is not installed")
    found = signposting.find_signposting_http(f"{licensed}data/state/RUS.ttl")
    assert str(found.citeAs.target) == f"{BASE}id/state/RUS"
    assert {str(link.target) for link in found.collection and [found.collection]} == {f"{licensed}.well-known/void"}
