"""B10: portable question packs as text files, in several languages, with fair paths for unusual careers."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organization
from accounts.roles import Role
from checks.models import Check
from templates_app.packs import SHIPPED, compare, export, load, load_shipped
from tests.factories import make_check, make_organization, make_template, make_user
from tests.templates_app.packs import contents, refusal

pytestmark = pytest.mark.django_db


def check_of(organization: Organization, name: str) -> Check:
    return make_check(template=organization.reference_templates.get(name=name), now=timezone.now())


def test_b10_a_pack_goes_from_one_vouch_to_another_and_stays_the_same() -> None:
    organization = make_organization(name="Northmoor Ferries")
    load_shipped(organization)
    before, text = contents(), export([organization])
    organization.reference_templates.all().delete()
    organization.delete()

    load(text.encode())

    assert contents() == before
    assert compare(text.encode()).is_all_here


def test_b10_people_can_read_a_pack_with_its_reasons() -> None:
    text = (SHIPPED / "sales.yaml").read_text()

    assert "        text: Would you work with {name} again?\n" in text
    assert "    evidence:\n      - Highly structured references predict performance best." in text


def test_b10_a_pack_asks_in_the_reader_s_language() -> None:
    organization = make_organization()
    load_shipped(organization)
    questions = check_of(organization, "General").frozen.questions

    for language in ("de", "fr", "es"):
        for question in questions:
            said = question.said_in(language)
            assert said.text != question.text
            assert said.labels != question.labels or not question.labels


def test_b10_a_broken_pack_names_line_and_reason_and_leaves_nothing_behind() -> None:
    organization = make_organization()
    pack = (SHIPPED / "care.yaml").read_text().replace("kind: yes-no", "kind: yesno")
    line = pack[: pack.index("kind: yesno")].count("\n") + 1

    reasons = refusal(pack, organization=organization.name)

    assert f"{line}: kind: “yesno” is none of" in reasons[0]
    assert not organization.surveys.exists()


def test_b10_what_an_import_would_change_is_shown_first_and_nothing_is_replaced_unasked() -> None:
    template = make_template(make_organization(), name="Sales")
    browser = Client()
    browser.force_login(make_user(template.organization, Role.ADMIN))
    page, before = reverse("admin:templates_app_referencetemplate_import"), contents()

    shown = browser.post(page, {"pack": "sales"}).text
    assert "Differs" in shown
    assert contents() == before
    browser.post(page, {"pack": "sales", "import": "1"})

    template.refresh_from_db()
    assert template.survey.name != "Sales"
    assert template.organization.surveys.filter(name="Sales").exists()


def test_b10_a_first_job_needs_no_manager() -> None:
    organization = make_organization()
    load((SHIPPED / "first-job.yaml").read_bytes(), organization=organization.name)
    check = check_of(organization, "First job and volunteers")

    assert "manager" not in [request.relationship for request in check.frozen.requests]
    assert len(check.frozen.questions_for("volunteer")) >= 10
