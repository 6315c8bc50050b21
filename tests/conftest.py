"""What many test modules share: a release of the golden graphs, and a server that publishes it."""

import pytest

from tests.server_release import serving, write_release


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
