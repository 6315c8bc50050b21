"""The registry of known actors: what it must hold together, and how names are found in it."""

import csv
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from kg.actors import load_registry
from kg.actors.registry import first_day, last_day, name_key
from kg.vocabulary import table

REGISTRY = load_registry()
FACTS = Path(os.environ.get("COMMUNIQUE_SHARED", "/nowhere")) / "facts"
needs_facts = pytest.mark.skipif(not FACTS.is_dir(), reason="COMMUNIQUE_SHARED names no directory with facts/")


@pytest.mark.parametrize(
    ("name", "actor"),
    [
        ("United States", "id/state/USA"), ("U.S.", "id/state/USA"), ("US", "id/state/USA"),
        ("Côte d'Ivoire", "id/state/CIV"), ("IVORY COAST", "id/state/CIV"), ("Burma", "id/state/MMR"),
        ("Kosovo", "id/state/XKX"), ("UN", "id/org/united-nations"), ("U.N.", "id/org/united-nations"),
        ("State Department", "id/org/us-department-of-state"), ("KREMLIN", "id/org/kremlin"),
        ("Kim Jong-un", "id/person/kim-jong-un"), ("Recep Tayyip Erdoğan", "id/person/recep-tayyip-erdogan"),
        ("us", ""), ("Erehwon", ""), ("Moscow", ""), ("Kenyan", ""),
    ],
)
def test_whole_names_lead_to_their_actor(name, actor):
    assert REGISTRY.named(name) == actor


@pytest.mark.parametrize(
    ("text", "length", "actor", "use"),
    [
        ("South Korea's leader", 2, "id/state/KOR", "name"),
        ("North Korean officials", 2, "id/state/PRK", "adjective"),
        ("Kenyans voted", 1, "id/state/KEN", "people"),
        ("Nairobi denied", 1, "id/state/KEN", "capital"),
        ("Security Council members", 2, "id/org/un-security-council", "name"),
        ("South China Sea islands", 3, "", "none"),
        ("New Mexico voters", 2, "", "none"),
    ],
)
def test_the_longest_name_counts(text, length, actor, use):
    found = REGISTRY.longest(name_key(text))
    assert found is not None
    assert (found[0], found[1].actor, found[1].use) == (length, actor, use)


def test_no_name_means_two_actors():
    names = Counter(
        (name_key(name), actor.id) for actor in REGISTRY.actors.values() for name in {actor.label, *actor.aliases}
    )
    by_key = Counter(key for key, _ in names)
    assert [key for key, count in by_key.items() if count > 1] == []


def test_ids_follow_their_kind():
    pattern = {"State": r"id/state/[A-Z]{3}", "Organization": r"id/org/[a-z0-9-]+", "Person": r"id/person/[a-z0-9-]+"}
    assert [actor.id for actor in REGISTRY.actors.values() if not re.fullmatch(pattern[actor.kind], actor.id)] == []


def test_all_that_actors_and_offices_belong_to_is_known():
    belonging = [*REGISTRY.actors.values(), *REGISTRY.offices.values()]
    assert {body for member in belonging for body in member.affiliations} <= set(REGISTRY.actors)


def test_no_wikidata_item_stands_for_two_actors():
    items = Counter(actor.wikidata for actor in REGISTRY.actors.values() if actor.wikidata)
    assert [item for item, count in items.items() if count > 1 or not re.fullmatch(r"Q\d+", item)] == []


def test_people_belong_to_nobody_without_a_date():
    assert [actor.id for actor in REGISTRY.actors.values() if actor.kind == "Person" and actor.affiliations] == []


def test_terms_end_after_they_start():
    terms = [term for person in REGISTRY.actors for term in REGISTRY.terms(person)]
    assert len(terms) == len(table("lexicon/tenures.csv"))
    assert [term for term in terms if term.start > term.end] == []


@pytest.mark.parametrize(
    ("day", "office"),
    [
        (date(2012, 1, 1), "id/office/prime-minister-of-norway"),
        (date(2014, 6, 1), ""),
        (date(2024, 6, 24), "id/office/nato-secretary-general"),
    ],
)
def test_offices_are_held_for_a_time(day, office):
    held = [term.office for term in REGISTRY.terms("id/person/jens-stoltenberg") if term.covers(day)]
    assert held == ([office] if office else [])


@pytest.mark.parametrize(
    ("name", "office"),
    [
        ("President of United States", "id/office/president-of-the-united-states"),
        ("vice-president of the United States", "id/office/vice-president-of-the-united-states"),
        ("Secretary General of NATO", "id/office/nato-secretary-general"),
        ("Emperor of Erehwon", ""),
    ],
)
def test_offices_are_found_by_name(name, office):
    assert REGISTRY.office(name) == office


@pytest.mark.parametrize(
    ("actor", "state"),
    [
        ("id/state/PER", "id/state/PER"), ("id/org/pla-navy", "id/state/CHN"), ("id/org/nato", ""), ("", ""),
        ("id/org/us-central-command", "id/state/USA"),
    ],
)
def test_bodies_belong_to_states_step_by_step(actor, state):
    assert REGISTRY.state_of(actor) == state


@pytest.mark.parametrize("text", ["1999", "1999-02", "1999-02-28"])
def test_dates_of_offices_may_be_rough(text):
    assert first_day(text) <= date(1999, 2, 28) <= last_day(text)


@needs_facts
def test_states_agree_with_the_table_of_facts():
    with (FACTS / "states.csv").open(encoding="utf-8") as lines:
        facts = {f"id/state/{row['iso3']}": row["wikidata"] for row in csv.DictReader(lines)}
    own = {actor.id: actor.wikidata for actor in REGISTRY.actors.values() if actor.kind == "State"}
    assert {state: item for state, item in own.items() if facts.get(state, item) != item} == {}
    assert set(own) - set(facts) == {"id/state/XKX"}


@needs_facts
@pytest.mark.parametrize(
    ("file", "name", "item"), [("bodies.csv", "name", "wikidata"), ("leaders.csv", "person", "person_wikidata")],
)
def test_items_agree_with_the_tables_of_facts(file, name, item):
    with (FACTS / file).open(encoding="utf-8") as lines:
        facts = {name_key(row[name]): row[item] for row in csv.DictReader(lines)}
    known = {
        key: actor.wikidata for actor in REGISTRY.actors.values() if actor.wikidata
        for key in map(name_key, (actor.label, *actor.aliases))
    }
    assert {key: found for key, found in known.items() if facts.get(key, found) != found} == {}
