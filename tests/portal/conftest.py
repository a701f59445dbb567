import pytest

from tests.portal.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
