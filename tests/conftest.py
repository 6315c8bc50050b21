"""What many test modules share: a release of the golden graphs, and a server that publishes it."""

import pytest

from kg.release import Draft
from kg.store import n_quads
from server.site import write_site
from tests.hostile import hostile_graph
from tests.server_release import BASE, serving, used_lines, write_release


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """Return a directory with a release; tests only read it."""
    directory = tmp_path_factory.mktemp("released")
    write_release(directory)
    return directory


@pytest.fixture(scope="session")
def site(released):
    """Return the address of a server with default limits."""
    with serving(released) as (address, _):
        yield address


@pytest.fixture(scope="session")
def static_site(tmp_path_factory):
    """Return the folder of a site for a plain web host."""
    directory = tmp_path_factory.mktemp("static")
    write_release(directory / "data", whole=False, busy=30)
    write_site(directory / "data", directory / "public")
    return directory / "public"


@pytest.fixture(scope="session")
def hostile_release(tmp_path_factory):
    """Return a directory with hostile names beside the golden graphs."""
    directory = tmp_path_factory.mktemp("hostile")
    with Draft(directory, base=BASE) as draft:
        draft.add(used_lines())
        draft.add(n_quads(hostile_graph(), name=f"{BASE}graph/article/ffffffffffffffff"))
        draft.seal(draft.gather(), version="test")
    return directory


@pytest.fixture(scope="session")
def hostile(hostile_release):
    """Return the address of a server that publishes hostile names."""
    with serving(hostile_release) as (address, _):
        yield address
