from collections.abc import Iterator

import pytest

from integrations.lever.client import Lever
from tests.integrations.lever.fake import KEY, FakeLever, running


@pytest.fixture
def fake() -> Iterator[FakeLever]:
    with running() as server:
        yield server


@pytest.fixture
def lever(fake: FakeLever) -> Iterator[Lever]:
    with Lever(KEY, fake.url, timeout=(1, 1), version="1.2") as client:
        yield client
