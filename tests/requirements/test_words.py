"""R28, and the messages of B3: own e-mails and text messages for each template, and a dry run that shows them."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from integrations.rehearsal import rehearse
from notifications.models import Message
from templates_app.builtin import LETTERS
from templates_app.kinds import Channel, Language
from templates_app.matching import match
from templates_app.models import CustomNotification, ReferenceTemplate
from templates_app.moments import ABOUT
from tests.factories import (
    answers_for,
    make_candidacy,
    make_check,
    make_named,
    make_organization,
    make_template,
    make_user,
)
from tests.integrations.walk import browser_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("texts_on")]


@pytest.fixture
def template() -> ReferenceTemplate:
    organization = make_organization()
    return make_template(
        organization,
        ("any",),
        ats_tag="deck",
        sends_texts=True,
        tells_owner=True,
        tells_hiring_manager=True,
        hiring_manager_email="ida@x.example",
    )


@pytest.fixture
def browser(template: ReferenceTemplate) -> Client:
    return browser_of(make_user(template.organization, Role.ADMIN))


def editor(template: ReferenceTemplate, moment: str, channel: str, language: str = "en") -> str:
    parts = [template.organization.pk, moment, channel, language]
    at = reverse("admin:templates_app_customnotification_words", args=parts)
    return f"{at}?template={template.pk}"


def write_own(browser: Client, template: ReferenceTemplate, language: str = "en") -> None:
    """For every moment and way, on its page, as an admin does."""
    for moment, about in ABOUT.items():
        for channel in about.channels:
            link = " {link}" if about.needs_link else ""
            text = {"subject": f"Own {moment}", "text": f"Own words {moment} for {{candidate}}{link}"}
            assert browser.post(editor(template, moment, channel, language), text).status_code == 302


def live_through(template: ReferenceTemplate) -> dict[tuple[str, str], str]:
    """A check from beginning to end; the words of each message by its kind and channel."""
    now = timezone.now()
    check = make_check(template=template, candidate_phone="+442071838750")
    check.name_references([make_named(phone="+4930123456")], "I agree.", now)
    reference = check.references.get()
    reference.submit(answers_for(reference), now)
    return {(message.kind, message.channel): message.text for message in Message.objects.all()}


def test_r28_every_moment_of_a_template_can_have_its_own_e_mail_and_text_message(
    browser: Client, template: ReferenceTemplate
) -> None:
    write_own(browser, template)
    said = live_through(template)
    assert set(said) == {
        ("candidate-request", "email"),
        ("candidate-request", "text"),
        ("reference-request", "email"),
        ("reference-request", "text"),
        ("reference-thanks", "email"),
        ("manager-told", "email"),
        ("owner-told", "email"),
    }
    assert all(f"Own words {kind} for Marcus Webb" in text for (kind, _channel), text in said.items())


def test_r28_another_template_keeps_the_built_in_words(browser: Client, template: ReferenceTemplate) -> None:
    write_own(browser, template)
    other = make_template(template.organization, ("any",), sends_texts=True)
    assert not any("Own words" in text for text in live_through(other).values())


def test_r28_own_words_of_the_organization_are_those_of_all_its_templates(template: ReferenceTemplate) -> None:
    CustomNotification.objects.create(
        organization=template.organization, moment="candidate-request", subject="S", text="Of us all."
    )
    assert "Of us all." in live_through(template)["candidate-request", "email"]


def test_r28_every_moment_has_built_in_words_in_every_language() -> None:
    assert set(LETTERS) == set(ABOUT)
    organization = make_organization()
    browser = browser_of(make_user(organization, Role.ADMIN))
    for moment, about in ABOUT.items():
        for channel in about.channels:
            for language in Language.values:
                at = reverse("preview-words", args=[organization.pk, moment, channel, language])
                assert browser.get(at).status_code == 200


def test_r28_from_the_templates_table_a_german_reminder_is_written_and_tried(
    browser: Client, template: ReferenceTemplate
) -> None:
    table = reverse("admin:templates_app_customnotification_changelist")
    page = BeautifulSoup(browser.get(table, {"template": template.pk}).text, "html.parser")
    link = page.select_one("a[aria-label='The reference is reminded: e-mail, Deutsch: Built-in']")
    assert link is not None
    words: dict[str, Any] = {"subject": "{candidate} hat Sie genannt", "text": "Noch bis {date}.\n\n{link}"}
    form = BeautifulSoup(browser.get(str(link["href"])).text, "html.parser")
    try_it = {str(button["formaction"]) for button in form.select("button[formaction]")}
    for url in try_it:
        assert "hat Sie genannt" in browser.post(url, words).text
    browser.post(str(link["href"]), words)
    assert Message.objects.get().subject.endswith("hat Sie genannt")
    assert CustomNotification.objects.get(template=template).language == "de"


def test_b3_the_dry_run_shows_the_messages_in_own_words(browser: Client, template: ReferenceTemplate) -> None:
    write_own(browser, template)
    found = match(template.organization, ("deck",))
    played = rehearse(template.organization, make_candidacy(), found, timezone.now())
    mails = [mail for scene in played.scenes for mail in scene.mails]
    assert {"Own candidate-request", "Own reference-request", "Own manager-told"} <= {mail.subject for mail in mails}
    assert not Message.objects.exists()


def test_r28_a_text_message_is_an_e_mails_companion_and_never_alone(template: ReferenceTemplate) -> None:
    said = live_through(template)
    assert {kind for kind, channel in said if channel == Channel.TEXT} <= {
        kind for kind, channel in said if channel == Channel.EMAIL
    }
