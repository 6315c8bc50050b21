"""What pages ask of a release: a constant number of queries, whatever they show."""

import pytest
from pyoxigraph import NamedNode

from server import create_app
from server.pages.front import home
from server.pages.reader import Reader
from server.pages.things import KINDS
from server.settings import Settings
from tests.server_release import BASE

MOST = {"Person": 23, "ActorGroup": 23, "State": 23, "Statement": 8, "Proposition": 13, "Agreement": 10, "Article": 7}


@pytest.fixture(scope="module")
def publication(released):
    """Return an opened release."""
    app = create_app(released, settings=Settings(workers=1))
    publisher = app.extensions["publisher"]
    with publisher.use() as opened:
        yield opened
    publisher.close()


@pytest.mark.parametrize(("kind", "path"), [
    ("Person", "person/dmitry-peskov"), ("Person", "person/ngozi-okonjo-iweala"), ("State", "state/RUS"),
    ("ActorGroup", "group/busy"), ("Statement", "statement/5e900040bec38a6c-881"),
    ("Proposition", "proposition/57f7de19a608d5b1bcb7"), ("Agreement", "agreement/871007b8ba97c362-1597"),
    ("Article", "article/5e900040bec38a6c"), ("Article", "article/871007b8ba97c362"),
])
def test_the_number_of_queries_does_not_grow_with_what_is_shown(publication, kind, path):
    reader = Reader(publication=publication, root="")
    assert KINDS[kind](reader, NamedNode(f"{BASE}id/{path}"), {})["template"]
    assert reader.asked <= MOST[kind]


def test_the_first_page_asks_few_queries(publication):
    reader = Reader(publication=publication, root="")
    home(reader)
    assert reader.asked <= 10


def test_things_are_fetched_once(publication):
    reader = Reader(publication=publication, root="")
    russia = NamedNode(f"{BASE}id/state/RUS")
    reader.load([russia, russia])
    reader.load([russia])
    assert reader.asked == 1
    assert reader.label(russia) == "Russia"


@pytest.mark.parametrize(("iri", "expected"), [
    (f"{BASE}id/state/RUS", ("../page/state/RUS", False)),
    (f"{BASE}ns#speaker", ("../ns#speaker", False)),
    ("https://www.wikidata.org/entity/Q159", ("https://www.wikidata.org/entity/Q159", True)),
    ("javascript:alert(1)", ("", False)),
    ("urn:x:y", ("", False)),
])
def test_only_what_can_be_followed_is_a_link(publication, iri, expected):
    assert Reader(publication=publication, root="../").href(NamedNode(iri)) == expected
