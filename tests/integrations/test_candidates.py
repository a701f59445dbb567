"""Who applies, as Lever tells it: what of that a check can use."""

from typing import Any

import pytest

from integrations.account import lever as account_of
from integrations.candidates import candidacy, with_followers
from integrations.lever.objects import Opportunity
from integrations.models import Connection
from integrations.sandbox.server import SandboxServer


def phone(*values: Any) -> str:
    phones = [{"type": "mobile", "value": value} for value in values]
    return candidacy(Opportunity.from_json({"id": "1", "phones": phones}), None).candidate_phone


@pytest.mark.parametrize("written", ["+47 991 99 042", " +47 (991) 99-042", "0047 991 99 042", "+4799199042"])
def test_a_number_is_kept_as_it_is_dialled_from_anywhere(written: str) -> None:
    assert phone(written) == "+4799199042"


@pytest.mark.parametrize("written", ["991 99 042", "+47 1", "call me", "", None, 4799199042, "+" * 500])
def test_what_nobody_can_dial_is_no_number(written: Any) -> None:
    assert phone(written) == ""


def test_the_first_that_can_be_dialled_is_taken() -> None:
    assert phone("991 99 042", "+44 20 7946 0018", "+47 991 99 042") == "+442079460018"


def test_without_any_there_is_none() -> None:
    assert candidacy(Opportunity.from_json({"id": "1", "phones": None}), None).candidate_phone == ""


def test_those_who_follow_are_known_by_their_addresses() -> None:
    shown = [{"id": "1", "email": "kit@northmoor.example"}, {"id": "2", "email": None}, None, "3"]
    told = Opportunity.from_json({"id": "1", "followers": shown})
    assert [each.id for each in told.followers] == ["1", "2", "3"]
    assert candidacy(told, None).followers == ("kit@northmoor.example",)
    assert candidacy(Opportunity.from_json({"id": "1", "followers": None}), None).followers == ()


def test_where_lever_names_ids_only_the_accounts_people_are_looked_up_once(
    connection: Connection, lever: SandboxServer
) -> None:
    person = next(iter(lever.world.users.values()))
    told = Opportunity.from_json({"id": "1", "followers": [person.id, "nobody"]})
    with account_of(connection) as account:
        found = with_followers(account, told)
        assert candidacy(found, None).followers == (person.email,)
        assert with_followers(account, Opportunity.from_json({"id": "1"})).followers == ()


def test_a_key_that_may_not_read_the_people_leaves_the_owner(connection: Connection, lever: SandboxServer) -> None:
    lever.world.add_key("narrow", permissions=["opportunities:read"])
    connection.api_key = "narrow"
    told = Opportunity.from_json({"id": "1", "followers": ["somebody"]})
    with account_of(connection) as account:
        assert candidacy(with_followers(account, told), None).followers == ()
