"""Who may open what: every page of every model, for everybody who could come by."""

import pytest

from tests.portal.world import VISITORS, World, models, pages

# What a super admin, admin, team member, limited team member, operator, stranger and nobody in particular get.
# 302 for a stranger leads back to a list, for nobody to the sign-in page.
ALL_NO = (403, 403, 403, 403, 403, 403, 302)
LISTED = {
    "read by all": (200, 200, 200, 200, 200, 200, 302),
    "not by limited": (200, 200, 200, 403, 200, 200, 302),
    "by admins": (200, 200, 403, 403, 200, 200, 302),
    "own row": (302, 302, 403, 403, 200, 302, 302),
    "operator": (403, 403, 403, 403, 200, 403, 302),
}
ROW = {
    "read by all": (200, 200, 200, 200, 200, 302, 302),
    "not by limited": (200, 200, 200, 403, 200, 302, 302),
    "by admins": (200, 200, 403, 403, 200, 302, 302),
    "operator": (403, 403, 403, 403, 200, 403, 302),
}
BY_ADMINS = (200, 200, 403, 403, 200, 200, 302)
BY_SUPER_ADMINS = (200, 403, 403, 403, 200, 200, 302)
BY_OPERATOR = (403, 403, 403, 403, 200, 403, 302)
LED_ON_FOR_ADMINS = (302, 302, 403, 403, 302, 302, 302)  # own words begin at their place in the table
DELETED_BY_ADMINS = (200, 200, 403, 403, 200, 302, 302)

# model -> list, add, one row, delete it
TABLE = {
    "checks.check": (LISTED["read by all"], ALL_NO, ROW["read by all"], ALL_NO),
    "notifications.message": (LISTED["not by limited"], ALL_NO, ROW["not by limited"], ALL_NO),
    "templates_app.survey": (LISTED["not by limited"], BY_ADMINS, ROW["not by limited"], DELETED_BY_ADMINS),
    "templates_app.referencetemplate": (LISTED["not by limited"], BY_ADMINS, ROW["not by limited"], DELETED_BY_ADMINS),
    "templates_app.customnotification": (
        LISTED["not by limited"],
        LED_ON_FOR_ADMINS,
        ROW["not by limited"],
        DELETED_BY_ADMINS,
    ),
    # Staff come to their connection by its tile; the page that adds one is the operator’s.
    "integrations.connection": (LISTED["by admins"], BY_OPERATOR, ROW["by admins"], ALL_NO),
    "integrations.delivery": (LISTED["by admins"], ALL_NO, ROW["by admins"], ALL_NO),
    "integrations.action": (LISTED["by admins"], ALL_NO, ROW["by admins"], ALL_NO),
    "prospects.prospect": (LISTED["not by limited"], ALL_NO, ROW["not by limited"], ALL_NO),
    "accounts.user": (LISTED["by admins"], BY_SUPER_ADMINS, ROW["by admins"], BY_OPERATOR),
    "accounts.organization": (LISTED["own row"], BY_OPERATOR, ROW["by admins"], ALL_NO),
    **dict.fromkeys(
        (
            "django_q.schedule",
            "django_q.success",
            "django_q.failure",
            "django_q.ormq",
            "axes.accessattempt",
            "axes.accesslog",
            "axes.accessfailurelog",
        ),
        (LISTED["operator"], ALL_NO, ROW["operator"], BY_OPERATOR),
    ),
}


def test_the_table_names_all_that_is_in_the_portal(db: None) -> None:
    assert models() == sorted(TABLE)


@pytest.mark.parametrize("visitor", VISITORS)
def test_each_page_opens_for_those_who_may(world: World, visitor: str) -> None:
    browser, place, rows = world.visitor(visitor), VISITORS.index(visitor), world.rows()
    expected = {
        (label, page): codes[place]
        for label, row in TABLE.items()
        for page, codes in zip(("changelist", "add", "change", "delete"), row, strict=True)
    }
    addresses = {(label, page): pages(label, rows[label])[page] for label, page in expected}
    assert {key: browser.get(url).status_code for key, url in addresses.items()} == expected


@pytest.mark.parametrize("visitor", VISITORS)
def test_the_desk_opens_for_everybody_who_signed_in(world: World, visitor: str) -> None:
    assert world.visitor(visitor).get("/admin/").status_code == (302 if visitor == "anonymous" else 200)


@pytest.mark.parametrize("label", TABLE)
def test_history_opens_for_those_who_may_see_the_row(world: World, label: str) -> None:
    url = pages(label, world.rows()[label])["history"]
    assert world.visitor("operator").get(url).status_code == 200
    assert world.visitor("stranger").get(url).status_code in (302, 403)
    assert "sign-in" in world.visitor("anonymous").get(url, follow=True).request["PATH_INFO"]


def test_whoever_may_not_sign_in_any_more_is_out_at_once(world: World) -> None:
    browser = world.visitor("admin")
    world.ours.people["admin"].is_active = False
    world.ours.people["admin"].save()
    assert browser.get("/admin/").status_code == 302
