"""One base IRI for all that is minted, and the files of ontology/ under it."""

import pytest
from rdflib import Graph
from rdflib.compare import isomorphic

from kg.errors import OntologyError
from kg.vocabulary import DEFAULT_BASE, SCHEMES, Vocabulary, ontology_file, prefixes

BASES = ["http://localhost:8000/", "https://news.example/a/b/", "http://[::1]:80/", "https://müller.example/ü/%C3%BC/"]


@pytest.mark.parametrize("base", BASES)
def test_http_iris_that_end_in_a_slash_are_bases(base):
    assert str(Vocabulary(base=base).iri("id/state/RUS")) == f"{base}id/state/RUS"


@pytest.mark.parametrize(("base", "words"), [
    ("", "not an http"), ("news", "not an http"), ("news.example/", "not an http"), ("ftp://a.example/", "not an http"),
    ("http://a.example", "not an http"), ("http:///", "not an http"),
    ("http://a.example/x?y/", r"holds '\?'"), ("http://a.example/#/", "holds '#'"),
    ("http://a.example/\n/", r"holds '\\n'"), ("http://a.example/\udcff/", r"holds '\\udcff'"),
    ("http://a.example/<b>/", "no IRI .*'<'"), ('http://a.example/"/', "no IRI"), ("http://a.example/{x}/", "no IRI"),
    ("http://a.example/x|y/", "no IRI"), ("http://a.example/x\\y/", "no IRI"), ("http://a.example/^/", "no IRI"),
    ("http://a.example/`/", "no IRI"), ("http://a b.example/", "no IRI"), ("http://a.example/%zz/", "no IRI .*percent"),
    ("http://a.example:port/", "no IRI"),
])
def test_other_bases_are_refused_in_one_line(base, words):
    with pytest.raises(OntologyError, match=words) as caught:
        Vocabulary(base=base)
    assert "\n" not in str(caught.value)
    assert "write it like https://" in str(caught.value)


@pytest.mark.parametrize("name", ["asa.ttl", "schemes.ttl", "shapes.ttl"])
def test_the_files_are_read_as_rdflib_reads_them(name):
    theirs = Graph().parse(data=ontology_file(name).read_text(encoding="utf-8"), publicID=BASES[1], format="turtle")
    assert isomorphic(Vocabulary(base=BASES[1]).graph(name), theirs)


def test_a_file_that_is_no_turtle_is_named():
    with pytest.raises(OntologyError, match=r"ontology/lexicon/cues\.csv: no Turtle \(.*line \d+"):
        Vocabulary().graph("lexicon", "cues.csv")


def test_a_concept_that_no_scheme_holds_is_named():
    with pytest.raises(OntologyError, match="no concept stance:sings; add it there"):
        Vocabulary().concept("stance", "sings")


def test_every_scheme_has_concepts_and_a_prefix():
    assert all(Vocabulary().concepts[scheme] for scheme in SCHEMES)
    assert set(SCHEMES) <= set(prefixes(DEFAULT_BASE))


def test_no_two_prefixes_mean_the_same():
    names = prefixes(DEFAULT_BASE)
    assert len(set(names.values())) == len(names)
