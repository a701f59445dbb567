"""Every address of the site, opened by everybody who could come by: one that is not listed here fails the test."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from accounts.admin_pages import LogAdmin
from accounts.scoped_admin import OperatorsAdmin
from checks.models import Outcome, OutcomeQuestion, Reference
from checks.outcome_people import Asked
from config.help import PARTS
from templates_app.admin.history import WithHistory
from tests.portal.test_access import ALL_NO, TABLE
from tests.portal.test_verbs import VERBS, the_url
from tests.portal.world import VISITORS, World, address, models

Codes = tuple[int, ...]


class Address(NamedTuple):
    """What GET and POST answer to each of VISITORS; no `post`: there is nothing to be sent there."""

    get: Codes
    post: Codes | None = None
    args: Callable[[World], list[Any]] = lambda world: []


def everybody(code: int) -> Codes:
    return (code,) * len(VISITORS)


SIGNED_IN = (200, 200, 200, 200, 200, 200, 302)
SENT_ON = (302, 302, 302, 302, 302, 302, 302)
NOTHING_THERE = (404, 404, 404, 404, 404, 404, 302)
NO_SUCH_METHOD = everybody(405)
ONLY_THEIRS = (200, 200, 200, 200, 200, 404, 302)  # one's own organization's; to a stranger there is nothing
NOT_BY_LIMITED = (200, 200, 200, 403, 200, 404, 302)
# A page about the connection, a part that is fetched for such a page, and a page that says no to strangers.
CONNECTION_READ = (200, 200, 403, 403, 200, 302, 302)
CONNECTION_SEEN = (200, 200, 403, 403, 200, 403, 302)
CHANGED_BY_ADMINS = (200, 200, 403, 403, 200, 302, 302)
CHANGED_BY_SUPER_ADMINS = (200, 403, 403, 403, 200, 302, 302)


def the_check(world: World) -> list[Any]:
    return [world.ours.check.public_id]


def a_reference(world: World) -> Reference:
    return world.ours.check.references.in_order()[0]


def the_reference(world: World) -> list[Any]:
    return [a_reference(world).public_id]


def the_words(world: World) -> list[Any]:
    return [world.ours.organization.pk, "reference-request", "email", "en"]


def the_connection(world: World) -> list[Any]:
    return [world.ours.connection.pk]


def a_request(world: World) -> list[Any]:
    now = timezone.now()
    return [world.ours.check.rights_requests.create(kind="delete", asked_at=now, due_at=now).pk]


def a_question(world: World) -> OutcomeQuestion:
    now = timezone.now()
    return Outcome.of(world.ours.check).put(Asked("Jonas Lind", "jonas@ours.example", "owner"), now)


def a_signal(world: World) -> int:
    found: dict[str, Any] = {"kind": "fast", "weight": 2, "found_at": timezone.now()}
    return world.ours.check.integrity_signals.create(reference=a_reference(world), **found).pk


IN_USE = {"templates_app.survey"}  # a template asks it: its page says so instead of deleting it
HISTORY_OF_MACHINERY = (302, 302, 302, 302, 200, 302, 302)  # there is no such row for them

# Outside the portal. What nobody is signed in for answers everybody alike.
OUTSIDE = {
    "home": Address(SENT_ON),
    "healthz": Address(everybody(200)),
    "readyz": Address(everybody(503)),  # no queue runs beside this test
    "logo": Address(everybody(404), args=lambda world: [world.ours.organization.pk, "another"]),
    "twilio-status": Address(NO_SUCH_METHOD, everybody(404), lambda world: [world.ours.message.pk]),  # no Twilio here
    "sign-in": Address(everybody(200), everybody(200)),
    "sign-in-link": Address(everybody(404), args=lambda world: ["no-such-token"]),
    "sign-in-code": Address(SENT_ON, SENT_ON),  # nobody here has shown the first factor
    "security": Address(SIGNED_IN, NO_SUCH_METHOD),
    "security-app": Address(SIGNED_IN, SIGNED_IN),
    "security-codes": Address(NO_SUCH_METHOD, SIGNED_IN),
    "security-off": Address(NO_SUCH_METHOD, SIGNED_IN),
    "security-end": Address(NO_SUCH_METHOD, SENT_ON),
    "sign-out": Address(NO_SUCH_METHOD, SENT_ON),
    # The key in the mail opens a door for whoever has it, and its page for nobody else, staff or not.
    "candidate-door": Address(SENT_ON, NO_SUCH_METHOD, lambda world: [world.ours.check.token]),
    "candidate": Address(everybody(404), everybody(404), the_check),
    "candidate-instead": Address(
        everybody(404), everybody(404), lambda world: [*the_check(world), *the_reference(world)]
    ),
    "candidate-remind": Address(
        everybody(404), everybody(404), lambda world: [*the_check(world), *the_reference(world)]
    ),
    "candidate-correct": Address(
        everybody(404), everybody(404), lambda world: [*the_check(world), *the_reference(world)]
    ),
    "reference-door": Address(SENT_ON, NO_SUCH_METHOD, lambda world: [a_reference(world).token]),
    "reference": Address(everybody(404), everybody(404), the_reference),
    "reference-decline": Address(everybody(404), everybody(404), the_reference),
    "reference-change": Address(everybody(404), everybody(404), the_reference),
    "reference-withdraw": Address(everybody(404), everybody(404), the_reference),
    "reference-call": Address(everybody(404), everybody(404), the_reference),
    "reference-interest": Address(everybody(404), everybody(404), the_reference),
    "call-reference": Address(NOT_BY_LIMITED, NOT_BY_LIMITED, the_reference),
    "candidate-pause": Address(SENT_ON, NO_SUCH_METHOD, lambda world: [world.ours.check.token]),
    "candidate-pausing": Address(everybody(404), everybody(404), the_check),
    "reference-pause": Address(SENT_ON, NO_SUCH_METHOD, lambda world: [a_reference(world).token]),
    "reference-pausing": Address(everybody(404), everybody(404), the_reference),
    "candidate-rights-door": Address(SENT_ON, NO_SUCH_METHOD, lambda world: [world.ours.check.token]),
    "candidate-rights": Address(everybody(404), everybody(404), the_check),
    "candidate-data": Address(everybody(404), everybody(404), the_check),
    "candidate-withdraw": Address(everybody(404), everybody(404), the_check),
    "candidate-delete": Address(everybody(404), everybody(404), the_check),
    "reference-rights-door": Address(SENT_ON, NO_SUCH_METHOD, lambda world: [a_reference(world).token]),
    "reference-rights": Address(everybody(404), everybody(404), the_reference),
    "reference-data": Address(everybody(404), everybody(404), the_reference),
    "reference-delete": Address(everybody(404), everybody(404), the_reference),
    "settle-request": Address((200, 200, 403, 403, 200, 404, 302), (200, 200, 403, 403, 200, 404, 302), a_request),
    "stop-reminders": Address(SENT_ON, everybody(200), lambda world: [world.ours.check.token]),
    "candidate-self": Address(everybody(404), everybody(404), the_check),
    "candidate-language": Address(everybody(404), everybody(404), the_check),
    "reference-language": Address(everybody(404), everybody(404), the_reference),
    "report": Address(ONLY_THEIRS, NO_SUCH_METHOD, the_check),
    "report-pdf": Address(ONLY_THEIRS, NO_SUCH_METHOD, the_check),
    "report-json": Address(ONLY_THEIRS, NO_SUCH_METHOD, the_check),
    "report-csv": Address(ONLY_THEIRS, NO_SUCH_METHOD, the_check),
    "clear-signal": Address(NOT_BY_LIMITED, NOT_BY_LIMITED, lambda world: [*the_check(world), a_signal(world)]),
    # In the world the limited team member is the candidate's owner.
    "report-readers": Address(ONLY_THEIRS, (302, 302, 302, 302, 302, 404, 302), the_check),
    "share-report": Address(ONLY_THEIRS, (404, 404, 404, 404, 404, 404, 302), the_check),  # there is no share to end
    "outcome-door": Address(SENT_ON, NO_SUCH_METHOD, lambda world: [a_question(world).token]),
    "outcome-door-to": Address(SENT_ON, NO_SUCH_METHOD, lambda world: [a_question(world).token, "hired"]),
    "outcome": Address(everybody(404), everybody(404), lambda world: [a_question(world).public_id]),
    "outcome-hand-on": Address(everybody(404), everybody(404), lambda world: [a_question(world).public_id]),
    "prospect-door": Address(everybody(404), NO_SUCH_METHOD, lambda world: ["no-such-token"]),
    "stop-prospect": Address(everybody(404), everybody(404), lambda world: ["no-such-token"]),
    "prospect": Address(everybody(404), everybody(404), lambda world: [uuid.UUID(int=0)]),
    "prospect-language": Address(everybody(404), everybody(404), lambda world: [uuid.UUID(int=0)]),
    "share-door": Address(everybody(404), NO_SUCH_METHOD, lambda world: ["no-such-token"]),
    "shared": Address(everybody(404), everybody(404), lambda world: [uuid.UUID(int=0)]),
    "preview-survey": Address(NOT_BY_LIMITED, NO_SUCH_METHOD, lambda world: [world.ours.template.survey.pk]),
    "preview-candidate": Address(NOT_BY_LIMITED, NO_SUCH_METHOD, lambda world: [world.ours.template.pk]),
    "preview-reference": Address(NOT_BY_LIMITED, NO_SUCH_METHOD, lambda world: [world.ours.template.pk]),
    "preview-page": Address(NOT_BY_LIMITED, NO_SUCH_METHOD, lambda world: ["reference", world.ours.template.pk]),
    "preview-words": Address(NOT_BY_LIMITED, NOT_BY_LIMITED, the_words),
    "test-words": Address((405, 405, 405, 405, 405, 405, 405), (200, 200, 403, 403, 200, 404, 302), the_words),
    "prospect-record": Address(
        (302, 302, 302, 404, 302, 404, 302), NO_SUCH_METHOD, lambda world: [world.ours.prospect.public_id]
    ),
    "lever-webhook": Address(  # what is sent here is no JSON
        NO_SUCH_METHOD, everybody(400), lambda world: [world.ours.connection.uuid, "stage-change"]
    ),
}
# The portal's own, not of one model.
SENT_ON_IF_SIGNED_IN = everybody(302)
NO_SUCH_METHOD_THERE = POSTED_ONLY = (405, 405, 405, 405, 405, 405, 302)
OF_AN_ORGANIZATION = (200, 200, 200, 403, 403, 200, 302)
PORTAL = {
    "admin:index": Address(SIGNED_IN),
    "admin:login": Address(SENT_ON),
    "admin:logout": Address(SENT_ON, SENT_ON),
    "admin:password_change": Address(SIGNED_IN, SIGNED_IN),
    "admin:password_change_done": Address(SIGNED_IN),
    "admin:autocomplete": Address(ALL_NO),
    "admin:jsi18n": Address(SIGNED_IN),
    "admin:view_on_site": Address(NOTHING_THERE, args=lambda world: [1, world.ours.check.pk]),
    "admin:app_list": Address(SENT_ON, args=lambda world: ["checks"]),
    "admin:try-again": Address((405, 405, 405, 405, 405, 405, 302), NOTHING_THERE, lambda world: [world.ours.check.pk]),
    "admin:help": Address(SIGNED_IN),
    "admin:numbers": Address(SIGNED_IN),
    "admin:works": Address(OF_AN_ORGANIZATION, NO_SUCH_METHOD_THERE),
    "admin:works-kept": Address(OF_AN_ORGANIZATION, NO_SUCH_METHOD_THERE),
    "admin:works-keep": Address(NO_SUCH_METHOD_THERE, (302, 302, 302, 403, 403, 404, 302), the_check),
    "admin:works-groups": Address(OF_AN_ORGANIZATION, OF_AN_ORGANIZATION),
    "admin:compare": Address(SENT_ON_IF_SIGNED_IN),  # nobody is chosen
    "admin:start-check": Address(OF_AN_ORGANIZATION, OF_AN_ORGANIZATION),
    "admin:help-part": Address(SIGNED_IN, args=lambda world: [PARTS[0].slug]),
}
# Pages of the portal beside Django's five for each model.
THEIR_SUPER_ADMIN = (302, 403, 403, 403, 403, 302, 302)  # for one's own organization, so a stranger's, too
OUR_SUPER_ADMIN = (302, 403, 403, 403, 403, 403, 302)
OPERATOR = (403, 403, 403, 403, 302, 403, 302)
OUR_SUPER_ADMIN_AND_OPERATOR = (302, 403, 403, 403, 302, 403, 302)
SURVEY_SEEN = (200, 200, 200, 403, 200, 403, 302)
CHECK_CHANGED = (200, 200, 200, 403, 200, 403, 302)
BESIDE: dict[str, Address] = {
    "admin:checks_check_invite": Address(CHECK_CHANGED, None, lambda world: [world.ours.check.pk]),
    "admin:checks_check_person": Address(
        CHECK_CHANGED,
        (302, 302, 302, 403, 302, 403, 302),
        lambda world: [world.ours.check.pk, *the_reference(world), "remind"],
    ),
    "admin:templates_app_referencetemplate_import": Address(
        (200, 200, 403, 403, 200, 200, 302), (200, 200, 403, 403, 200, 200, 302)
    ),
    "admin:templates_app_referencetemplate_export": Address(
        (200, 200, 200, 403, 200, 403, 302), NO_SUCH_METHOD_THERE, lambda world: [world.ours.template.pk]
    ),
    "admin:templates_app_referencetemplate_export_all": Address(
        (200, 200, 200, 403, 200, 200, 302), NO_SUCH_METHOD_THERE
    ),
    "admin:templates_app_survey_versions": Address(SURVEY_SEEN, None, lambda world: [world.ours.template.survey.pk]),
    "admin:templates_app_survey_version": Address(SURVEY_SEEN, None, lambda world: [world.ours.template.survey.pk, 1]),
    "admin:templates_app_survey_take_up": Address(
        NO_SUCH_METHOD_THERE,
        (302, 302, 403, 403, 302, 403, 302),
        lambda world: [world.ours.template.survey.pk, 1],
    ),
    "admin:templates_app_customnotification_words": Address(
        (200, 200, 403, 403, 200, 404, 302), (200, 200, 403, 403, 200, 404, 302), the_words
    ),
    "admin:integrations_connection_doctor": Address(CONNECTION_SEEN, NO_SUCH_METHOD_THERE, the_connection),
    "admin:integrations_connection_doctor_line": Address(
        CONNECTION_SEEN, NO_SUCH_METHOD_THERE, lambda world: [world.ours.connection.pk, "key"]
    ),
    "admin:integrations_connection_doctor_verdict": Address(CONNECTION_SEEN, NO_SUCH_METHOD_THERE, the_connection),
    "admin:integrations_connection_doctor_test": Address(
        CONNECTION_SEEN, (302, 403, 403, 403, 302, 403, 302), the_connection
    ),
    "admin:integrations_connection_dry_run": Address(CONNECTION_SEEN, NO_SUCH_METHOD_THERE, the_connection),
    "admin:integrations_connection_hooks": Address(CONNECTION_SEEN, args=the_connection),
    "admin:integrations_connection_jobs": Address(CONNECTION_SEEN, NO_SUCH_METHOD_THERE, the_connection),
    "admin:integrations_connection_jobs_list": Address(CONNECTION_SEEN, NO_SUCH_METHOD_THERE, the_connection),
    "admin:integrations_connection_jobs_of": Address(
        (200, 200, 403, 403, 200, 403, 302), NO_SUCH_METHOD_THERE, lambda world: [world.ours.template.pk]
    ),
    "admin:integrations_connection_manage": Address(POSTED_ONLY, THEIR_SUPER_ADMIN),
    "admin:integrations_connection_offers": Address((200, 403, 403, 403, 200, 403, 302), None, the_connection),
    "admin:integrations_connection_request": Address(POSTED_ONLY, THEIR_SUPER_ADMIN),
    "admin:integrations_connection_settings": Address(OUR_SUPER_ADMIN, OUR_SUPER_ADMIN, the_connection),
    "admin:integrations_connection_step": Address(
        POSTED_ONLY, OPERATOR, lambda world: [world.ours.connection.pk, "stage"]
    ),
    "admin:integrations_connection_step_back": Address(
        OUR_SUPER_ADMIN_AND_OPERATOR,
        OUR_SUPER_ADMIN_AND_OPERATOR,
        lambda world: [world.ours.connection.pk, "request"],
    ),
    "admin:integrations_connection_tags": Address((200, 200, 403, 403, 200, 200, 302), NO_SUCH_METHOD_THERE),
    "admin:templates_app_referencetemplate_tag": Address((200, 200, 403, 403, 200, 200, 302), NO_SUCH_METHOD_THERE),
    "admin:integrations_connection_test_key": Address(
        (405, 403, 403, 403, 405, 403, 302), (302, 403, 403, 403, 302, 403, 302), the_connection
    ),
}
PROSPECTS_SEEN = (200, 200, 200, 403, 200, 200, 302)  # a stranger sees their own organization's
PROSPECTS_CHANGED = (302, 302, 403, 403, 302, 302, 302)
PROSPECT = "admin:prospects_prospect"
BESIDE |= {
    f"{PROSPECT}_data": Address(
        (200, 200, 200, 403, 200, 403, 302), NO_SUCH_METHOD_THERE, lambda world: [world.ours.prospect.pk]
    ),
    f"{PROSPECT}_many": Address(PROSPECTS_CHANGED, PROSPECTS_CHANGED, lambda world: ["withdraw"]),  # nobody is ticked
    f"{PROSPECT}_import": Address((200, 200, 403, 403, 200, 200, 302), (200, 200, 403, 403, 200, 200, 302)),
    f"{PROSPECT}_export": Address(PROSPECTS_SEEN, NO_SUCH_METHOD_THERE),
    f"{PROSPECT}_export_progress": Address(PROSPECTS_SEEN, NO_SUCH_METHOD_THERE),
    f"{PROSPECT}_export_choices": Address((200, 200, 403, 403, 200, 200, 302), NO_SUCH_METHOD_THERE),
    f"{PROSPECT}_export_look": Address(POSTED_ONLY, PROSPECTS_CHANGED),
    f"{PROSPECT}_export_pause": Address(POSTED_ONLY, PROSPECTS_CHANGED),
    f"{PROSPECT}_export_resume": Address(POSTED_ONLY, PROSPECTS_CHANGED),
    f"{PROSPECT}_export_settings": Address(POSTED_ONLY, (200, 200, 403, 403, 200, 200, 302)),  # no source is named
}
CHANGES = {
    "templates_app.customnotification": CHANGED_BY_ADMINS,
    "templates_app.survey": CHANGED_BY_ADMINS,
    "templates_app.referencetemplate": CHANGED_BY_ADMINS,
    "integrations.connection": CHANGED_BY_SUPER_ADMINS,
    "accounts.user": CHANGED_BY_SUPER_ADMINS,
    "accounts.organization": CHANGED_BY_SUPER_ADMINS,
}
# What Django leads on from there by itself: the old address of a row, and all that is nowhere else.
UNNAMED = {"<path:object_id>/", "(?P<url>.*)$"}


def when_opened(codes: Codes, code: int) -> Codes:
    return tuple(code if each == 200 else each for each in codes)


def of_model(label: str) -> Iterator[tuple[str, Address]]:
    """Django's pages of one model, by what the table of access says of it."""
    changelist, add, change, delete = TABLE[label]
    page = registry()[label]
    history = HISTORY_OF_MACHINERY if isinstance(page, OperatorsAdmin) else change
    is_written_by_us = isinstance(page, LogAdmin | OperatorsAdmin)
    changes = when_opened(change, 405 if isinstance(page, LogAdmin) else 403) if is_written_by_us else CHANGES[label]

    def row(world: World) -> list[Any]:
        return [world.rows()[label].pk]

    name = f"admin:{label.replace('.', '_')}"
    yield f"{name}_changelist", Address(changelist)
    yield f"{name}_add", Address(add, add)
    yield f"{name}_csv", Address((*(200 if code == 302 else code for code in changelist[:-1]), 302))
    yield f"{name}_change", Address(change, changes, row)
    yield f"{name}_history", Address(history, None, row)
    yield f"{name}_delete", Address(delete, delete if label in IN_USE else when_opened(delete, 302), row)
    yield f"{name}_verb", Address(NOTHING_THERE, NOTHING_THERE, lambda world: [*row(world), "no-such-verb"])
    if isinstance(page, WithHistory):
        yield f"{name}_deleted", Address(changelist)
        no_such_time = tuple({200: 404, 302: 404}.get(code, code) for code in change[:-1]) + change[-1:]
        yield f"{name}_restore", Address(no_such_time, no_such_time, lambda world: [*row(world), 0])


def registry() -> dict[str, Any]:
    return {model._meta.label_lower: page for model, page in admin.site._registry.items()}


LISTED = {**OUTSIDE, **PORTAL, **dict(pair for label in TABLE for pair in of_model(label)), **BESIDE}

# Where the operator connects: all pages of the connection again, and what is different then.
CONNECTIONS = {name: each for name, each in LISTED.items() if name.startswith("admin:integrations_connection_")}
LOOKED_AT = (403, 403, 403, 403, 200, 403, 302)
MANAGED = {
    **CONNECTIONS,
    "admin:integrations_connection_change": Address(CONNECTION_READ, LOOKED_AT, the_connection),
    "admin:integrations_connection_doctor_test": Address(
        CONNECTION_SEEN, (403, 403, 403, 403, 302, 403, 302), the_connection
    ),
    "admin:integrations_connection_offers": Address(LOOKED_AT, None, the_connection),
    "admin:integrations_connection_step_back": Address(
        (200, 403, 403, 403, 200, 403, 302),
        OUR_SUPER_ADMIN_AND_OPERATOR,
        lambda world: [world.ours.connection.pk, "request"],
    ),
    "admin:integrations_connection_test_key": Address((403, 403, 403, 403, 405, 403, 302), OPERATOR, the_connection),
}


def every_pattern(at: URLResolver, namespace: str = "") -> Iterator[str]:
    """All addresses by name, or by their own pattern where they have none."""
    for each in at.url_patterns:
        if isinstance(each, URLResolver):
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from every_pattern(each, inner)
        else:
            yield _named(each, namespace)


def _named(pattern: URLPattern, namespace: str) -> str:
    return f"{namespace}{pattern.name}" if pattern.name else str(pattern.pattern)


@pytest.fixture(autouse=True)
def nobody_answers(settings: Any) -> None:
    """Whom a page would ask does not answer: it opens all the same."""
    settings.SITE_URL = "http://127.0.0.1:9"


def test_every_address_is_listed() -> None:
    assert set(every_pattern(get_resolver())) == {*LISTED, *UNNAMED}


def test_every_page_of_the_portal_is_listed() -> None:
    assert models() == sorted(TABLE)
    assert {(label, verb) for label, page in registry().items() for verb in page.verbs} == set(VERBS)


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_address_answers_as_listed(world: World, method: str, visitor: str) -> None:
    assert surprises(world, visitor, method, LISTED) == {}


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_in_a_managed_installation_the_connection_is_the_operators(
    world: World, settings: Any, method: str, visitor: str
) -> None:
    settings.CONNECTION_MODE = "managed"
    assert surprises(world, visitor, method, MANAGED) == {}


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_verbs_page_opens_for_those_who_may_do_it(world: World, visitor: str) -> None:
    browser = world.visitor(visitor)
    otherwise = 302 if visitor == "anonymous" else 403
    expected = {key: 200 if visitor in who else otherwise for key, (_row, who, _done) in VERBS.items()}
    found = {key: undone(browser.get, the_url(*key, VERBS[key][0](world))) for key in VERBS}
    assert found == expected


@pytest.mark.parametrize("visitor", VISITORS)
def test_what_is_nowhere_leads_nowhere(world: World, visitor: str) -> None:
    browser = world.visitor(visitor)
    assert browser.get("/nowhere/").status_code == 404
    assert browser.get("/admin/nowhere/").status_code == (302 if visitor == "anonymous" else 404)


@pytest.mark.parametrize("visitor", VISITORS)
def test_the_old_address_of_a_row_leads_to_its_page_which_asks_who_comes(world: World, visitor: str) -> None:
    row = world.ours.check.pk
    onward = world.visitor(visitor).get(f"/admin/checks/check/{row}/").headers["Location"]
    expected = "/admin/login/" if visitor == "anonymous" else address("checks.check", "change", row)
    assert onward.partition("?")[0] == expected


@pytest.mark.parametrize("visitor", [each for each in VISITORS if each != "anonymous"])
def test_nobody_is_offered_an_action_on_many_rows_at_once(world: World, visitor: str) -> None:
    """There is one way to do something to a row: its verbs, all of which are listed."""
    request = RequestFactory().get("/admin/")
    request.user = {**world.ours.people, "operator": world.operator, "stranger": world.theirs.people["admin"]}[visitor]
    assert {label for label, page in registry().items() if page.get_actions(request)} == set()


def surprises(world: World, visitor: str, method: str, listed: Mapping[str, Address]) -> dict[str, str]:
    """Where the answer is not the one that is listed."""
    browser, place, found = world.visitor(visitor), VISITORS.index(visitor), {}
    cookies = deepcopy(browser.cookies)
    for name, each in listed.items():
        codes = getattr(each, method)
        if codes is None:
            continue
        browser.cookies = deepcopy(cookies)  # some addresses open a door, and one signs out
        url = reverse(name, args=each.args(world))
        code = undone(browser.get, url) if method == "get" else undone(browser.post, url, {"post": "yes"})
        if code != codes[place]:
            found[name] = f"{code}, and not {codes[place]}"
    return found


def undone(ask: Callable[..., Any], *what: Any) -> int:
    """The answer's code; what was changed for it is as it was before."""
    with transaction.atomic():
        code = int(ask(*what).status_code)
        transaction.set_rollback(True)
    return code
