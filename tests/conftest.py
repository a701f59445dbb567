"""What every test may use."""

import os
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as profiles

from integrations.models import CallBudget
from prospects import alone

# A busy machine is no reason to fail.
profiles.register_profile("vouch", deadline=None, suppress_health_check=[HealthCheck.too_slow])
profiles.load_profile("vouch")


@pytest.fixture(autouse=True, scope="session")
def a_cluster_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests that run side by side have one parent, and would take each other for workers of one cluster."""
    folder = str(tmp_path_factory.mktemp("exports"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(alone, "gettempdir", lambda: folder)
        yield


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The DATABASE_URL by which another process reaches this test's database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


@pytest.fixture
def in_transactions(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each call to Lever that a test makes, whether it was made within a transaction."""
    seen: list[bool] = []
    reserve = CallBudget.reserve

    def watched(*given: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return reserve(*given)

    monkeypatch.setattr(CallBudget, "reserve", watched)
    return seen


@pytest.fixture
def texts_on(settings: Any) -> None:
    """An installation that can send text messages."""
    settings.SMS_URL = "console://"
