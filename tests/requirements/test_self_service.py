"""R2 to R4, R7 to R9, R11, R13, R14, R16, R20, R38, R39 and D1: a super admin connects Lever on one page, alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database
from django.urls import reverse

from accounts.roles import Role
from integrations.models import Connection, Webhook
from integrations.sandbox.world import DEMO_API_KEY
from tests.portal import connecting
from tests.portal.connecting import Office, notices, options, soup, text

TOKENS = {"stage-change": "of-stage-changes", "hired": "of-hires"}


@pytest.fixture
def office(db: None, settings: Any) -> Iterator[Office]:
    with connecting.office(settings) as opened:
        yield opened


@pytest.fixture
def blank(office: Office) -> Office:
    """As it is when *Manage* was pressed for the first time."""
    office.connection.delete()
    office.world.ours.connection = Connection.objects.create(organization=office.world.ours.organization)
    return office


def missing(office: Office) -> list[str]:
    """The links of the list: what the page says must still be entered."""
    return [str(link["href"]) for link in office.open().select("[aria-labelledby=progress] > div > .steps a")]


@pytest.mark.parametrize("role", Role.values)
def test_r2_a_super_admin_does_the_set_up_and_nobody_else(office: Office, role: str) -> None:
    empty = {"stage_id": "", "perform_as_id": "", "outcome_writes": "tag-and-note"}
    office.world.visitor(role).post(office.url, {"tag_prefix": "Ferry", **empty})
    assert (office.connection.tag_prefix == "Ferry") == (role == Role.SUPER_ADMIN)


@pytest.mark.parametrize("role", [Role.SUPER_ADMIN, Role.ADMIN])
def test_r3_the_page_stands_under_organization_settings_and_connections(office: Office, role: str) -> None:
    page = soup(office.world.visitor(role).get(office.url))
    here = [text(page, f"{menu} [aria-current]") for menu in (".masthead", ".subnav")]
    assert here == ["Organization settings", "Connections"]


def test_r4_manage_leads_to_the_page_of_a_connection_that_is_made_then(office: Office) -> None:
    office.connection.delete()
    answer = office.browser.post(reverse("admin:integrations_connection_manage"))
    made = Connection.objects.get(organization=office.world.ours.organization)
    assert answer.headers["Location"] == reverse("admin:integrations_connection_change", args=[made.pk])


def test_r7_the_page_warns_that_lever_shows_the_key_once(blank: Office) -> None:
    field = blank.open().select_one("#id_new_api_key")
    assert "Lever shows it once: copy it before you close that window." in text(
        blank.open(), f"#{field['id']}_helptext"
    )


def test_r8_the_api_token_is_stored_encrypted_and_shows_by_its_last_four_characters(blank: Office) -> None:
    page = blank.save(new_api_key=DEMO_API_KEY)
    with database.cursor() as cursor:
        cursor.execute("SELECT api_key FROM integrations_connection WHERE id = %s", [blank.connection.pk])
        assert DEMO_API_KEY not in str(cursor.fetchone())
    assert blank.connection.api_key == DEMO_API_KEY
    assert DEMO_API_KEY not in str(page)
    assert page.select_one("#id_new_api_key")["placeholder"] == "Stored, ends in 5a9d"


def test_r9_the_lever_webhook_url_can_be_read_and_copied(blank: Office) -> None:
    field = blank.open().find("input", id="url-stage-change", readonly=True)
    assert str(field["value"]).endswith(f"/webhooks/lever/{blank.connection.uuid}/stage-change/")
    assert text(blank.open(), "label[for=url-stage-change]") == "Lever webhook URL"
    assert blank.open().select_one("button[data-copy=url-stage-change]")


def test_r11_the_lever_webhook_hired_url_is_a_second_and_different_one(blank: Office) -> None:
    page = blank.open()
    field = page.find("input", id="url-hired", readonly=True)
    assert str(field["value"]).endswith(f"/webhooks/lever/{blank.connection.uuid}/hired/")
    assert text(page, "label[for=url-hired]") == "Lever webhook hired URL"
    assert page.select_one("button[data-copy=url-hired]")


@pytest.mark.parametrize(
    ("webhook", "label"),
    [
        pytest.param("stage-change", "Webhook signature token", id="r13"),
        pytest.param("hired", "Webhook hired signature token", id="r16"),
    ],
)
def test_r13_r16_each_url_has_a_signature_token_of_its_own(blank: Office, webhook: str, label: str) -> None:
    assert text(blank.open(), f"label[for=id_{webhook}-token]") == label
    blank.save(**{f"{webhook}__token".replace("-", "__", 1): TOKENS[webhook]})
    assert {each: blank.connection.tokens_for(each) for each in Webhook if blank.connection.tokens_for(each)} == {
        webhook: [TOKENS[webhook]]
    }


def test_r14_the_stage_is_chosen_from_the_accounts_own(blank: Office) -> None:
    page = blank.save(new_api_key=DEMO_API_KEY)
    offered = options(page, "stage_id")
    assert {stage.id: stage.text for stage in blank.lever.world.stages.values()}.items() <= offered.items()
    assert "the stage is now “New lead”" in notices(blank.save(stage_id="lead-new"))
    assert blank.connection.stage_id == "lead-new"


def test_r20_the_templates_section_leads_to_where_they_are_made(office: Office) -> None:
    part = office.open().select_one("[aria-labelledby=templates]")
    (link,) = [link for link in part.select("a") if link.get_text() == "Edit/create templates"]
    assert soup(office.browser.get(str(link["href"]))).h1.get_text() == "Templates"


@pytest.mark.parametrize(
    ("field", "label"),
    [
        pytest.param("exports_existing_prospects", "Export prospects to Lever", id="r38"),
        pytest.param("exports_new_prospects", "Automatically export new prospects to Lever", id="r39"),
    ],
)
def test_r38_r39_the_sliders_are_stored_and_say_what_they_do(office: Office, field: str, label: str) -> None:
    page = office.save(**{field: "on"})
    assert text(page, f"label[for=id_{field}]").startswith(label)
    assert page.select_one(f"[name={field}][checked]")


# --- D1: in any order, and always saying what is missing ----------------------------------------------------

KEY, STAGE, WRITER, TOKEN = "#id_new_api_key", "#id_stage_id", "#id_perform_as_id", "#id_stage-change-token"


def entered(office: Office, what: str) -> dict[str, str]:
    return {
        KEY: {"new_api_key": DEMO_API_KEY},
        STAGE: {"stage_id": "offer"},
        WRITER: {"perform_as_id": office.user("Jonas Keller")},
        TOKEN: {"stage__change__token": TOKENS["stage-change"]},
    }[what]


@pytest.mark.parametrize(
    "order",
    [
        (KEY, STAGE, WRITER, TOKEN),
        (TOKEN, KEY, WRITER, STAGE),
        (KEY, WRITER, TOKEN, STAGE),
        (KEY, TOKEN, STAGE, WRITER),
    ],
)
def test_d1_values_are_entered_in_any_order_and_the_page_says_what_is_missing(
    blank: Office, order: tuple[str, ...]
) -> None:
    """Stage and writer are chosen from the account, so a key goes before them."""
    left = [KEY, STAGE, WRITER, TOKEN]
    assert missing(blank) == left
    for what in order:
        blank.save(**entered(blank, what))
        left.remove(what)
        assert missing(blank) == left
    assert blank.open().select_one(".steps button[form=do-activate]")


def test_d1_everything_in_one_save_will_do_too(blank: Office) -> None:
    everything = {name: value for what in (KEY, STAGE, WRITER, TOKEN) for name, value in entered(blank, what).items()}
    assert "Nothing is missing any more" in notices(blank.save(**everything))
    assert blank.connection.missing() == []


def test_d1_what_is_saved_is_kept_while_other_things_are_missing(blank: Office) -> None:
    page = blank.save(**entered(blank, TOKEN), tag_prefix="Ferry")
    assert "Fill in what you have, in any order; what you save is kept." in text(page, ".page-head")
    assert str(page.select_one("#id_stage-change-token")["placeholder"]).startswith("Stored, ends in")
    assert page.select_one("[name=tag_prefix]")["value"] == "Ferry"
