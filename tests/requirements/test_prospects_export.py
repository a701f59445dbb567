"""R38 to R40: two switches on the Lever page, each by itself and both, tried with the practice Lever and the export."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.models import Connection
from prospects import tasks
from prospects.models import Prospect
from tests.portal import connecting
from tests.portal.connecting import Office, notices, soup, text
from tests.prospects.people import make_prospect

EXISTING, NEW = "exports_existing_prospects", "exports_new_prospects"


@pytest.fixture
def office(db: None, settings: Any) -> Iterator[Office]:
    """With nobody but the prospects whom a test makes."""
    with connecting.office(settings) as opened:
        Prospect.objects.all().delete()
        yield opened


def confirms(office: Office, name: str) -> Prospect:
    """Just now, by the link in the mail to them."""
    prospect = make_prospect(office.connection, name=name, state="unconfirmed", confirmed_at=None, ends_at=None)
    assert prospect.confirm(timezone.now())
    return prospect


def in_lever(office: Office) -> list[str]:
    """By name, each as often as they stand there, when all that can be done is done."""
    tasks.export()
    return sorted(each.contact.name for each in office.lever.world.opportunities.values())


def test_r38_the_first_switch_sends_all_whom_there_are_and_none_who_come_later(office: Office) -> None:
    for name in ("Ada", "Bo"):
        confirms(office, name)
    assert in_lever(office) == []
    page = office.save(**{EXISTING: "on"})
    confirms(office, "Cia")
    assert in_lever(office) == ["Ada", "Bo"]
    assert "2 prospects go to Lever now, in the background." in notices(page)


def test_r38_the_switch_says_how_many_and_a_preview_comes_first(office: Office) -> None:
    confirms(office, "Ada")
    part = text(office.open(), "[aria-labelledby=prospects]")
    assert "Export prospects to Lever The 1 whom you have now, once. A preview comes first." in part
    assert "Preview: 1 new, 0 known to be in Lever, 0 suppressed, 0 without a valid address." in part


def test_r38_its_answer_leads_to_a_page_that_says_how_far_it_is(office: Office) -> None:
    confirms(office, "Ada")
    link = office.save(**{EXISTING: "on"}).select_one(".notice.good a")
    page = soup(office.browser.get(str(link["href"])))
    assert page.h1.get_text() == "0 of 1 are through"
    in_lever(office)
    assert soup(office.browser.get(str(link["href"]))).select_one("progress")["value"] == "1"


def test_r39_the_second_switch_sends_each_who_confirms_from_then_on(office: Office) -> None:
    confirms(office, "Ada")
    page = office.save(**{NEW: "on"})
    assert "From now on each new prospect goes to Lever as they confirm." in notices(page)
    assert in_lever(office) == []
    confirms(office, "Bo")
    assert in_lever(office) == ["Bo"]


def test_r40_with_both_everybody_goes_once(office: Office) -> None:
    confirms(office, "Ada")
    office.save(**{EXISTING: "on", NEW: "on"})
    confirms(office, "Bo")
    assert in_lever(office) == ["Ada", "Bo"]
    assert in_lever(office) == ["Ada", "Bo"]


def test_r40_one_after_the_other_leaves_nobody_in_between(office: Office) -> None:
    office.save(**{EXISTING: "on"})
    Connection.objects.update(exports_existing_since=timezone.now() - timedelta(days=2))
    confirms(office, "Ada")
    assert in_lever(office) == []
    office.save(**{NEW: "on"})
    assert in_lever(office) == ["Ada"]


def test_r40_with_neither_nobody_goes_and_switching_off_stops_at_the_next(office: Office) -> None:
    office.save(**{EXISTING: "on", NEW: "on"})
    confirms(office, "Ada")
    in_lever(office)
    office.save(**{EXISTING: None, NEW: None})
    confirms(office, "Bo")
    assert in_lever(office) == ["Ada"]
    page = soup(office.browser.get("/admin/prospects/prospect/export/"))
    assert "1 who confirmed waits behind a switch that is off." in text(page, "#export")
