"""Answers that are kept, and the settings of a server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError
from server.publication import Answer, Kept
from server.settings import Settings


def answer(size):
    return Answer(body=b"x" * size, media_type="text/plain", tag="t")


def test_the_answer_that_was_asked_for_longest_ago_leaves_first():
    kept = Kept(100_000)
    for name in "abcdefgh":
        kept.put(name, answer(11_000))
        kept.get("a")
    kept.put("i", answer(11_000))
    assert [name for name in "abcdefghi" if kept.get(name) is None] == ["b"]


def test_one_answer_never_takes_all_the_room():
    kept = Kept(80_000)
    kept.put("small", answer(100))
    kept.put("large", answer(20_000))
    assert kept.get("large") is None
    assert kept.get("small") == answer(100)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3000)), max_size=60))
def test_what_is_kept_stays_within_its_room(puts):
    kept = Kept(20_000)
    for name, size in puts:
        kept.put(name, answer(size))
    found = [kept.get(name) for name in range(21)]
    assert sum(len(entry.body) for entry in found if entry) <= 20_000


def test_settings_come_from_the_environment_and_keep_their_defaults():
    settings = Settings.from_environment({"KG_ROWS": "5", "KG_TIME_LIMIT": "0.5", "PATH": "/bin"})
    assert settings == Settings(rows=5, time_limit=0.5)


@pytest.mark.parametrize(("name", "value"), [("KG_ROWS", "many"), ("KG_ROWS", "0"), ("KG_TIME_LIMIT", "-1"),
                                             ("KG_WORKERS", "1.5"), ("KG_TIME_LIMIT", "nan")])
def test_a_setting_that_is_no_limit_is_refused_with_its_name(name, value):
    with pytest.raises(KgError, match=name):
        Settings.from_environment({name: value})


def test_a_queue_may_be_empty():
    assert Settings.from_environment({"KG_QUEUE": "0"}).queue == 0
