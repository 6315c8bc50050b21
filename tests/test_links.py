"""Links between statements and agreements of different articles, from graphs made by hand."""

import random
import re
import time
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.agreement_links import RECENT
from kg.links import CONTRADICTIONS, CORROBORATIONS, derive_links
from kg.store import EmbeddedStore, n_quads
from kg.vocabulary import Vocabulary, named_queries

VOCABULARY = Vocabulary(base="https://example.org/")
SCHEMES = n_quads(VOCABULARY.graph("schemes.ttl"), name=str(VOCABULARY.iri("graph/vocabulary")))
PREFIXES = """
BASE <https://example.org/> PREFIX asa: <ns#> PREFIX schema: <https://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
INSERT DATA { GRAPH <graph/article> {
"""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A statement, by default Ana's sure claim that p, of 1 May 2024."""

    name: str
    by: tuple[str, ...] = ("ana",)
    stance: str = "asserts"
    polarity: str = "positive"
    certainty: str = "certain"
    contents: tuple[str, ...] = ("proposition/p",)
    day: str = "2024-05-01"
    said_on: str = ""
    gist: str = ""

    def __str__(self) -> str:
        return f"""
            <id/statement/{self.name}> a asa:Statement ; asa:inArticle <id/article/{self.name}> ;
              asa:stance <ns/stance#{self.stance}> ; asa:polarity <ns/polarity#{self.polarity}> ;
              asa:certainty <ns/certainty#{self.certainty}> ;
              asa:speaker {", ".join(f"<id/person/{who}>" for who in self.by)} ;
              asa:content {", ".join(f"<id/{content}>" for content in self.contents)} .
            <id/article/{self.name}> schema:datePublished "{self.day}"^^xsd:date .
            {f'<id/statement/{self.name}> asa:latest "{self.said_on}"^^xsd:date .' if self.said_on else ""}
            {f'<id/statement/{self.name}> asa:gist "{self.gist}" .' if self.gist else ""}"""


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """An agreement, by default a treaty of Norway and Sweden as an article of 1 May 2024 tells of it."""

    name: str
    parties: tuple[str, ...] = ("NOR", "SWE")
    kind: str = "treaty"
    status: str = "signed"
    earliest: str = ""
    latest: str = ""
    day: str = "2024-05-01"
    article: str = ""
    label: str = ""

    def __str__(self) -> str:
        days = "".join(f' ; asa:{name} "{value}"^^xsd:date'
                       for name, value in (("earliest", self.earliest), ("latest", self.latest)) if value)
        return f"""
            <id/agreement/{self.name}> a asa:Agreement ; asa:inArticle <id/article/{self.article or self.name}> ;
              asa:agreementType <ns/agreement#{self.kind}> ; asa:status <ns/status#{self.status}> ;
              asa:party {", ".join(f"<id/state/{party}>" for party in self.parties)} ;
              rdfs:label "{self.label or f'treaty {self.name}'}" ; asa:statusEvent <id/status-event/{self.name}> .
            <id/status-event/{self.name}> a asa:StatusEvent ; asa:status <ns/status#{self.status}>{days} .
            <id/article/{self.article or self.name}> schema:datePublished "{self.day}"^^xsd:date .
            <id/state/NOR> rdfs:label "Norway" . <id/state/SWE> rdfs:label "Sweden" .
            <id/state/FIN> rdfs:label "Finland" ."""


def stored(*things: Said | Agreed) -> EmbeddedStore:
    store = EmbeddedStore()
    store.add(SCHEMES)
    store._store.update(PREFIXES + "".join(map(str, things)) + "}}")
    return store


def links(*things: Said | Agreed) -> set[tuple[str, str, str]]:
    """Return the links of some things as property and names."""
    found = [line.decode().split() for line in derive_links(stored(*things), vocabulary=VOCABULARY)]
    assert all(graph == "<https://example.org/graph/links>" and stop == "." for *_, graph, stop in found)
    return {(local(name), local(one), local(other)) for one, name, other, *_ in found}


def local(iri: str) -> str:
    return re.split("[/#]", iri.strip("<>"))[-1]


CLAIM = Said(name="a")


def denial(**changes: object) -> Said:
    return Said(**{"name": "b", "by": ("ben",), "stance": "denies", "polarity": "negative", **changes})


@pytest.mark.parametrize("other", [
    denial(), denial(day="2024-04-01"), denial(day="2025-05-01"), denial(certainty="probable"),
    denial(stance="asserts"), denial(by=("ana",), day="2024-05-02"), denial(said_on="2024-05-03", day="2026-01-01"),
    denial(contents=("proposition/q", "proposition/p")), denial(by=("ben", "cem")),
], ids=str)
def test_a_denial_contradicts_a_claim_of_the_same(other):
    later = ("a", "b") if other.day < CLAIM.day else ("b", "a")
    assert links(CLAIM, other) == {("contradicts", *later)}


@pytest.mark.parametrize("other", [
    denial(day="2025-05-02"), denial(certainty="possible"), denial(certainty="unclear"), denial(polarity="unclear"),
    denial(contents=("proposition/q",)), denial(by=("ana",)), denial(by=("ana", "ben")),
    denial(said_on="2022-05-03"), denial(stance="demands"), denial(stance="criticises"),
], ids=str)
def test_what_is_far_unsure_or_about_something_else_contradicts_nothing(other):
    assert links(CLAIM, other) == set()


def test_who_speak_of_different_years_do_not_contradict_each_other():
    claim = Said(name="a", gist="it interfered in the election of 2017")
    assert links(claim, denial(gist="it interfered in the election of 2012")) == set()
    assert links(claim, denial(gist="it interfered in 2016 or 2017")) == {("contradicts", "b", "a")}
    assert links(claim, denial(gist="it interfered")) == {("contradicts", "b", "a")}


def test_an_accusation_takes_its_content_for_true():
    assert links(Said(name="a", stance="criticises"), denial()) == {("contradicts", "b", "a")}
    assert links(Said(name="a", stance="concerned"), denial()) == set()
    assert links(Said(name="a", stance="criticises"), Said(name="b", by=("ben",))) == set()


@dataclass(frozen=True, kw_only=True)
class Deed:
    """A proposition: that Iran bombs Israel."""

    name: str
    agents: tuple[str, ...] = ("IRN",)
    act: str = "strike"
    targets: tuple[str, ...] = ("ISR",)
    topic: str = ""

    def __str__(self) -> str:
        sides = [*(f"asa:agent <id/state/{one}>" for one in self.agents),
                 *(f"asa:target <id/state/{one}>" for one in self.targets),
                 *([f"asa:topic <ns/topic#{self.topic}>"] if self.topic else [])]
        return f"<id/proposition/{self.name}> a asa:Proposition ; asa:act <ns/act#{self.act}> ; {' ; '.join(sides)} ."


@pytest.mark.parametrize(("special", "general", "found"), [
    (Deed(name="p"), Deed(name="q", agents=()), True),                      # nobody bombed Israel
    (Deed(name="p"), Deed(name="q", act="assault"), True),                  # it did not attack Israel in any way
    (Deed(name="p"), Deed(name="q", act="assault", agents=()), True),
    (Deed(name="p", act="consult", topic="nuclear"), Deed(name="q", act="consult"), True),
    (Deed(name="p", act="assault"), Deed(name="q"), False),                 # it can have attacked otherwise
    (Deed(name="p", agents=()), Deed(name="q"), False),                     # somebody else can have
    (Deed(name="p"), Deed(name="q", targets=()), False),
    (Deed(name="p", act="praise"), Deed(name="q", act="support"), False),   # who praises need not support
    (Deed(name="p", agents=("IRN",), targets=()), Deed(name="q", agents=(), targets=()), False),
])
def test_to_deny_a_deed_in_general_is_to_deny_each_of_its_kind(special, general, found):
    claim = Said(name="a", contents=("proposition/p",))
    denied = denial(contents=("proposition/q",))
    assert links(claim, denied, special, general) == ({("contradicts", "b", "a")} if found else set())


@pytest.mark.parametrize(("deed", "found"), [
    (Deed(name="p", act="build", targets=()), False),   # a port, and a base
    (Deed(name="p", act="build"), True),
    (Deed(name="p", act="resign", targets=()), True),
])
def test_who_speak_of_different_things_do_not_contradict_each_other(deed, found):
    claim, denied = Said(name="a"), denial()
    assert links(claim, denied, deed) == ({("contradicts", "b", "a")} if found else set())


def test_a_demand_is_contradicted_by_a_refusal():
    assert links(Said(name="a", stance="demands"), denial(stance="refuses")) == {("contradicts", "b", "a")}


@pytest.mark.parametrize(("outer", "inner", "expected"), [
    (denial(contents=("statement/c",)), {}, {("contradicts", "b", "a"), ("contradicts", "b", "c")}),
    (denial(contents=("statement/c",)), {"certainty": "possible"}, {("contradicts", "b", "a")}),
    (denial(contents=("statement/c",)), {"polarity": "negative", "certainty": "possible"}, set()),
    (denial(contents=("statement/c",)), {"stance": "demands", "certainty": "possible"}, set()),
    (Said(name="b", by=("ben",), contents=("statement/c",)), {"certainty": "possible"}, set()),
    (Said(name="b", by=("ben",), stance="confirms", contents=("statement/c",)), {"certainty": "possible"},
     {("corroborates", "b", "a")}),
], ids=str)
def test_to_deny_a_report_is_to_deny_what_it_says_and_to_pass_it_on_is_no_position(outer, inner, expected):
    found = links(CLAIM, outer, Said(name="c", by=("cem",), **inner))
    assert {link for link in found if link[0] == "contradicts" or "b" in link} == expected


def test_to_deny_what_somebody_said_contradicts_it_whatever_it_was():
    said = Said(name="a", contents=("statement/unknown",))
    assert links(said, denial(contents=("statement/a",))) == {("contradicts", "b", "a")}
    assert links(said, denial(contents=("statement/a",), by=("ana",))) == set()
    assert links(said, Said(name="b", by=("ben",), contents=("statement/a",))) == set()


def test_a_report_of_a_report_is_too_far():
    rumour = Said(name="c", by=("cem",), certainty="possible", contents=("statement/d",))
    assert links(CLAIM, denial(contents=("statement/c",)), rumour,
                 Said(name="d", by=("dan",), certainty="possible")) == set()


@pytest.mark.parametrize(("other", "expected"), [
    (Said(name="b", by=("ben",)), {("corroborates", "b", "a")}),
    (Said(name="b", by=("ben",), day="2024-04-30"), {("corroborates", "a", "b")}),
    (Said(name="b", by=("ben",), gist="It rained."), {("corroborates", "b", "a")}),
    (Said(name="b", by=("ana",), day="2024-05-03"), set()),
    (Said(name="b", by=("ben",), day="2025-06-03"), set()),
    (Said(name="b", by=("ben",), certainty="possible"), set()),
    (Said(name="b", by=("ben",), stance="praises"), set()),
], ids=str)
def test_others_who_say_the_same_corroborate(other, expected):
    assert links(CLAIM, other) == expected


def test_the_same_words_of_unnamed_people_are_a_copy():
    assert links(Said(name="a", by=("x1",), gist="It  rained."), Said(name="b", by=("x2",), gist="it rained.")) == set()


def test_of_two_speakers_the_nearest_pair_is_linked():
    claims = [Said(name=f"a{day}", day=f"2024-05-{day}") for day in ("01", "10", "20")]
    denials = [denial(name=f"b{day}", day=f"2024-05-{day}") for day in ("12", "28")]
    assert links(*claims, *denials) == {("contradicts", "b12", "a10")}


def test_the_order_of_reading_does_not_matter():
    things = [Said(name=f"s{number}", by=(f"w{number % 5}",), polarity=("positive", "negative")[number % 2],
                   contents=(f"proposition/{number % 3}",), day=f"2024-05-{1 + number % 9:02}") for number in range(40)]
    one = derive_links(stored(*things), vocabulary=VOCABULARY)
    assert one == derive_links(stored(*reversed(things)), vocabulary=VOCABULARY) == tuple(sorted(set(one)))
    assert len(one) > 30


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.integers(0, 500)), max_size=12))
def test_links_are_what_all_pairs_would_give(rows):
    start = date(2024, 1, 1)
    said = [
        Said(name=f"s{number:02}", by=(f"w{who}",), polarity="positive" if affirms else "negative",
             day=str(start + timedelta(days=day)))
        for number, (who, affirms, day) in enumerate(rows)
    ]
    nearest: dict[tuple[str, frozenset[str]], int] = {}
    for number, one in enumerate(said):
        for other in said[:number]:
            apart = abs((date.fromisoformat(one.day) - date.fromisoformat(other.day)).days)
            name = "contradicts" if one.polarity != other.polarity else "corroborates"
            if apart <= 365 and (one.by != other.by or (name == "contradicts" and apart)):
                key = name, frozenset((*one.by, *other.by)), *(() if name == "contradicts" else (one.polarity,))
                nearest[key] = min(apart, nearest.get(key, 999))
    days = {one.name: date.fromisoformat(one.day) for one in said}
    found = links(*said)
    assert sorted((name, abs((days[one] - days[other]).days)) for name, one, other in found) == sorted(
        (key[0], apart) for key, apart in nearest.items())
    assert all(days[one] >= days[other] for _, one, other in found)


def test_everybody_may_speak_of_one_thing_without_a_link_for_each_two():
    hub = [Said(name=f"s{number:03}", by=(f"w{number}",), polarity=("positive", "negative")[number % 4 == 0])
           for number in range(120)]
    found = links(*hub)
    assert sum(name == "contradicts" for name, *_ in found) == CONTRADICTIONS
    assert sum(name == "corroborates" for name, *_ in found) == 2 * CORROBORATIONS


def test_twenty_thousand_statements_are_linked_in_seconds():
    random.seed(1)
    base, store = VOCABULARY.base, EmbeddedStore()
    weights = [1 / rank for rank in range(1, 2001)]
    lines = list(SCHEMES)
    for number, proposition in enumerate(random.choices(range(2000), weights, k=20_000)):
        node, article = f"<{base}id/statement/{number}>", f"<{base}id/article/{number}>"
        polarity = "negative" if random.random() < 0.06 else "positive"
        day = date(2020, 1, 1) + timedelta(days=random.randrange(1500))
        lines += [f"{subject} <{property}> {value} <{base}graph/a> .\n".encode() for subject, property, value in (
            (node, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"<{base}ns#Statement>"),
            (node, f"{base}ns#polarity", f"<{base}ns/polarity#{polarity}>"),
            (node, f"{base}ns#certainty", f"<{base}ns/certainty#certain>"),
            (node, f"{base}ns#stance", f"<{base}ns/stance#asserts>"),
            (node, f"{base}ns#inArticle", article), (node, f"{base}ns#gist", f'"words {number}"'),
            (node, f"{base}ns#speaker", f"<{base}id/person/{random.randrange(3000)}>"),
            (node, f"{base}ns#content", f"<{base}id/proposition/{proposition}>"),
            (article, "https://schema.org/datePublished", f'"{day}"^^<http://www.w3.org/2001/XMLSchema#date>'),
        )]
    store.add(lines)
    started = time.process_time()
    found = derive_links(store, vocabulary=VOCABULARY)
    assert time.process_time() - started < 5
    assert 5_000 < len(found) < 50_000


@pytest.mark.parametrize("other", [
    Agreed(name="b"), Agreed(name="b", kind="defence-pact"), Agreed(name="b", parties=("SWE", "NOR")),
    Agreed(name="b", earliest="2024-04-25", latest="2024-04-25"), Agreed(name="b", status="ratified", day="2025-04-30"),
    Agreed(name="b", status="ratified", earliest="2024-11-06", latest="2024-11-06", day="2024-11-07"),
], ids=str)
@pytest.mark.parametrize("days", [{}, {"earliest": "2024-03-18", "latest": "2024-03-25"}], ids=["undated", "dated"])
def test_reports_of_one_agreement_are_linked(days, other):
    assert links(Agreed(name="a", **days), other) == {("sameAgreementAs", "b", "a")}


@pytest.mark.parametrize("other", [
    Agreed(name="b", parties=("NOR", "FIN")), Agreed(name="b", parties=("NOR", "SWE", "FIN")),
    Agreed(name="b", kind="ceasefire"), Agreed(name="b", article="a"), Agreed(name="b", day="2025-05-02"),
    Agreed(name="b", earliest="2024-04-26"), Agreed(name="b", latest="2024-02-15"),
    Agreed(name="b", earliest="2023-03-18", latest="2023-03-25"),
], ids=str)
def test_what_may_be_another_agreement_is_not(other):
    assert links(Agreed(name="a", earliest="2024-03-18", latest="2024-03-25"), other) == set()


@pytest.mark.parametrize(("earliest", "latest", "expected"), [
    ("", "", set()), ("", "2024-04-20", set()), ("2024-03-30", "", set()),
    ("2024-04-20", "2024-04-20", {("sameAgreementAs", "b", "a")}),
])
def test_undated_resolutions_of_one_body_are_not_told_to_be_one(earliest, latest, expected):
    council = {"parties": ("COUNCIL",), "kind": "resolution", "status": "adopted"}
    assert links(Agreed(name="a", earliest="2024-04-18", latest="2024-04-18", **council),
                 Agreed(name="b", earliest=earliest, latest=latest, **council)) == expected


GRAIN = Agreed(name="a", kind="deal", label="Grain deal between Norway and Sweden")


@pytest.mark.parametrize(("changes", "linked"), [
    ({"label": "Accord on grain exports between Norway and Sweden", "day": "2025-03-01"}, True),
    ({"label": "Deal of Norway and Sweden", "day": "2024-06-01"}, True),
    ({"label": "Deal of Norway and Sweden", "day": "2025-03-01"}, False),
    ({"label": "Extradition deal between Norway and Sweden"}, False),
    ({"label": "New four-year grain deal", "parties": ("NOR", "SWE", "FIN")}, True),
    ({"label": "Grain deal", "parties": ("NOR",)}, False),
    ({"label": "Deal of Norway, Sweden and Finland", "parties": ("NOR", "SWE", "FIN")}, False),
    ({"label": "Grain deal", "parties": ("NOR", "FIN", "DNK")}, False),
], ids=str)
def test_subjects_and_parties_tell_agreements_apart(changes, linked):
    other = Agreed(**{"name": "b", "kind": "deal", **changes})
    assert links(GRAIN, other) == ({("sameAgreementAs", "b", "a")} if linked else set())


def test_agreements_signed_on_one_day_are_told_apart_by_their_subjects():
    day = {"kind": "deal", "earliest": "2024-04-30", "latest": "2024-04-30"}
    reports = [Agreed(name=f"{article}-{subject}", article=article, label=f"{subject} accord", **day)
               for article in "ab" for subject in ("gas", "visa")]
    assert links(*reports) == {("sameAgreementAs", "b-gas", "a-gas"), ("sameAgreementAs", "b-visa", "a-visa")}


def test_the_agreements_of_one_article_are_not_joined_through_another():
    pact = Agreed(name="a1", article="a", kind="defence-pact")
    assert links(pact, Agreed(name="a2", article="a"), Agreed(name="b", kind="defence-pact", day="2024-05-02")) == {
        ("sameAgreementAs", "b", "a1")}


def test_an_agreement_is_linked_to_the_reports_before_it_only():
    reports = [Agreed(name=f"r{number:02}", day=str(date(2024, 1, 1) + timedelta(days=number))) for number in range(40)]
    found = links(*reports)
    assert len(found) == sum(min(number, RECENT) for number in range(40))
    assert all(one > other for _, one, other in found)


def test_the_life_of_an_agreement_is_asked_along_the_links():
    store = stored(
        Agreed(name="a", earliest="2024-04-30", latest="2024-04-30"),
        Agreed(name="b", status="ratified", earliest="2024-09-01", latest="2024-09-03", day="2024-09-04"),
        Agreed(name="c", status="in-force", day="2024-12-05"),
        Agreed(name="d", parties=("NOR", "FIN")),
    )
    store.add(derive_links(store, vocabulary=VOCABULARY))
    answer = store.select(dict(named_queries())["q15"], base=VOCABULARY.base)
    assert [row[:5] for row in answer] == [
        ("treaty a", "2024-05-01", "signed", "2024-04-30", "2024-04-30"),
        ("treaty a", "2024-09-04", "ratified", "2024-09-01", "2024-09-03"),
        ("treaty a", "2024-12-05", "in force", "", ""),
    ]


def test_articles_without_statements_have_no_links():
    assert links() == set()
