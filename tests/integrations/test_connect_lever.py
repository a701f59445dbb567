"""`manage.py connect_lever`."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from integrations.models import Connection, Webhook
from integrations.sandbox.server import SandboxServer
from integrations.sandbox.world import DEMO_API_KEY

pytestmark = pytest.mark.django_db


def connect(*more: str, **changes: str) -> dict[str, Any]:
    options = {
        "--organization": "Northmoor Ferries",
        "--api-key": DEMO_API_KEY,
        "--stage": "Reference check",
        "--perform-as": "ruth@northmoor.example",
        **{f"--{name.replace('_', '-')}": value for name, value in changes.items()},
    }
    output = StringIO()
    call_command("connect_lever", *(part for pair in options.items() for part in pair), *more, stdout=output)
    answer: dict[str, Any] = json.loads(output.getvalue())
    return answer


def test_it_says_what_is_missing_and_where_lever_has_to_call(lever: SandboxServer) -> None:
    answer = connect()

    connection = Connection.objects.get()
    assert answer["status"] == "incomplete"
    assert answer["missing"] == ["stage-change-token"]
    assert answer["connection"] == str(connection.uuid)
    assert set(answer["webhooks"]) == {"stage-change", "hired", "archived", "deleted"}
    assert answer["webhooks"]["hired"] == f"http://testserver/webhooks/lever/{connection.uuid}/hired/"


def test_it_activates_what_is_complete(lever: SandboxServer) -> None:
    answer = connect("--stage-change-token", "t" * 48)

    assert (answer["status"], answer["missing"]) == ("active", [])
    assert Connection.objects.get().perform_as_name == "Ruth Adeyemi"


def test_values_may_come_one_after_the_other(lever: SandboxServer) -> None:
    connect()
    connect("--hired-token", "h" * 48)
    connect("--stage-change-token", "t" * 48)

    connection = Connection.objects.get()
    assert connection.is_active
    assert connection.tokens_for(Webhook.HIRED) == ["h" * 48]


def test_it_makes_the_webhooks_and_activates_what_is_complete(lever: SandboxServer) -> None:
    answer = connect("--make-webhooks")

    assert (answer["status"], answer["missing"]) == ("active", [])
    assert set(answer["webhooks"]) == {"stage-change", "hired", "archived", "deleted"}
    assert len(lever.world.webhooks) == 5
    assert User.objects.filter(email="ruth@northmoor.example").exists()  # Lever's people, as of an active connection


def test_a_key_that_may_not_make_webhooks_leaves_it_to_people(
    lever: SandboxServer, capsys: pytest.CaptureFixture[str]
) -> None:
    lever.world.add_key(DEMO_API_KEY, ["stages:read", "users:read"])

    answer = connect("--make-webhooks")

    assert (answer["status"], answer["missing"]) == ("incomplete", ["stage-change-token"])
    assert "Lever does not allow the API key to read and write webhooks." in capsys.readouterr().err


def test_while_somebody_else_makes_the_webhooks_the_command_says_so(lever: SandboxServer) -> None:
    connect()

    with Connection.objects.get().held(timezone.now()), pytest.raises(CommandError, match="already"):
        connect("--make-webhooks")


def test_the_stage_may_be_named_by_its_id(lever: SandboxServer) -> None:
    connect(stage="lead-new")

    assert Connection.objects.get().stage_id == "lead-new"


def test_lever_s_people_can_sign_in_afterwards(lever: SandboxServer) -> None:
    connect("--stage-change-token", "t" * 48)

    roles = dict(User.objects.values_list("email", "role"))
    assert roles["ruth@northmoor.example"] == "super admin"
    assert roles["samuel@northmoor.example"] == "limited team member"  # an interviewer in Lever
    assert "piotr@northmoor.example" not in roles  # left Lever


def test_it_makes_a_super_admin(lever: SandboxServer) -> None:
    connect("--admin-email", "boss@northmoor.example", "--admin-password", "a good long one")

    user = User.objects.get(email="boss@northmoor.example")
    assert user.role == "super admin"
    assert user.check_password("a good long one")


def test_it_takes_no_admin_from_another_organization(lever: SandboxServer) -> None:
    connect("--admin-email", "boss@northmoor.example")

    with pytest.raises(CommandError, match="another organization"):
        connect("--admin-email", "boss@northmoor.example", organization="Southmoor Ferries")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"api_key": "wrong"}, "does not know this API key"),
        ({"stage": "Referees"}, "Lever has no stage “Referees”. It has: New lead"),
        ({"perform_as": "nobody@northmoor.example"}, "no active user with the address"),
    ],
)
def test_what_lever_does_not_know_is_said(lever: SandboxServer, changes: dict[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        connect(**changes)


def test_the_key_is_stored_encrypted(lever: SandboxServer) -> None:
    from django.db import connection as database

    connect()

    with database.cursor() as cursor:
        cursor.execute("SELECT api_key FROM integrations_connection")
        assert DEMO_API_KEY not in cursor.fetchone()[0]
    assert Connection.objects.get().api_key == DEMO_API_KEY


def test_a_wrong_key_does_not_take_the_place_of_a_good_one(lever: SandboxServer) -> None:
    connect()

    with pytest.raises(CommandError):
        connect(api_key="wrong")

    assert Connection.objects.get().api_key == DEMO_API_KEY
