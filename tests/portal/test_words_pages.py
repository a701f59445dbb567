"""The pages of messages in own words: the table, the editor, the preview, the test."""

from base64 import b64decode
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from accounts.roles import Role
from notifications.models import Message
from templates_app.models import CustomNotification
from tests.accounts.test_logo import a_logo
from tests.factories import make_organization, make_template, make_user
from tests.portal.test_forms import fill
from tests.portal.world import World, address

LABEL = "templates_app.customnotification"
TABLE = f"/admin/{LABEL.replace('.', '/')}/"


@pytest.fixture
def ruth(world: World) -> Client:
    return world.visitor(Role.ADMIN)


@pytest.fixture(autouse=True)
def texting(settings: Any) -> None:
    settings.SMS_URL = "console://"


def url(world: World, page: str, moment: str = "reference-request", channel: str = "email", **more: Any) -> str:
    name = "admin:templates_app_customnotification_words" if page == "words" else f"{page}-words"
    at = reverse(name, args=[world.ours.organization.pk, moment, channel, more.get("language", "en")])
    return f"{at}?template={more['template'].pk}" if "template" in more else at


def soup(answer: Any) -> BeautifulSoup:
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def mail_in(answer: Any) -> BeautifulSoup:
    frame = soup(answer).select_one("iframe[sandbox]")
    assert frame is not None
    return BeautifulSoup(str(frame["srcdoc"]), "html.parser")


def notices(answer: Any, look: str = "bad") -> str:
    return " ".join(each.get_text(" ", strip=True) for each in soup(answer).select(f".notice.{look}"))


# --- the table --------------------------------------------------------------------------------------


def test_the_table_leads_to_the_editor_of_each_place(world: World, ruth: Client) -> None:
    links = {str(link["aria-label"]): link for link in soup(ruth.get(TABLE)).select(".words a")}
    link = links["The reference is thanked: e-mail, English: Own words"]
    assert str(link["href"]) == url(world, "words", "reference-thanks")
    assert links["The reference is thanked: e-mail, Deutsch: Built-in"].text == "Built-in"


def test_a_templates_table_leads_to_its_own_places(world: World, ruth: Client) -> None:
    template = world.ours.template
    page = soup(ruth.get(TABLE, {"template": template.pk}))
    assert page.h1 is not None
    assert page.h1.text == "Messages for Ours template"
    link = page.select_one("a[aria-label='The reference is thanked: e-mail, English: Of all templates']")
    assert link is not None
    assert str(link["href"]) == url(world, "words", "reference-thanks", template=template)


def test_who_may_only_look_is_led_to_what_is_said(world: World) -> None:
    browser = world.visitor(Role.TEAM_MEMBER)
    page = soup(browser.get(TABLE))
    assert {str(link["href"]).split("/")[1] for link in page.select(".words a")} == {"preview"}
    assert browser.get(url(world, "words")).status_code == 403


def test_anothers_template_is_not_shown(world: World, ruth: Client) -> None:
    answer = ruth.get(TABLE, {"template": world.theirs.template.pk}, follow=True)
    assert "Magpie" not in answer.text


def test_the_operator_sees_the_table_of_one_organization(world: World) -> None:
    browser = world.visitor("operator")
    answer = browser.get(TABLE, {"organization": world.ours.organization.pk})
    assert url(world, "words") in answer.text


@pytest.mark.parametrize("template", ["x", "999999", "1e9"])
def test_a_template_that_is_nowhere_leads_to_the_table_for_all(ruth: Client, template: str) -> None:
    assert ruth.get(TABLE, {"template": template}).headers["Location"] == TABLE


# --- the editor -------------------------------------------------------------------------------------


def test_the_editor_begins_with_what_is_said_now(world: World, ruth: Client) -> None:
    page = soup(ruth.get(url(world, "words")))
    assert page.select_one("#id_subject")["value"] == "{candidate} asked you for a reference"
    assert "Would you answer {count} questions?" in page.select_one("#id_text").text
    assert "{relationship}" in page.select_one(".merge").text


def test_words_are_kept_for_their_place_alone(world: World, ruth: Client) -> None:
    answer = fill(ruth, url(world, "words", language="de"), subject="Hallo {reference}", text="Bitte.\n\n{link}")
    assert answer.headers["Location"] == f"{TABLE}?organization={world.ours.organization.pk}"
    row = CustomNotification.objects.latest("pk")
    assert (row.organization, row.template, row.moment) == (world.ours.organization, None, "reference-request")
    assert (row.channel, row.language, row.subject) == ("email", "de", "Hallo {reference}")


def test_words_of_a_template_are_kept_for_it(world: World, ruth: Client) -> None:
    template = world.ours.template
    answer = fill(ruth, url(world, "words", channel="text", template=template), text="Do: {link}")
    assert answer.headers["Location"] == f"{TABLE}?template={template.pk}"
    assert CustomNotification.objects.get(template=template).text == "Do: {link}"


def test_a_second_tab_changes_what_the_first_one_wrote(world: World, ruth: Client) -> None:
    """Neither an error nor a second row: its history has the first."""
    for text in ("First {link}", "Second {link}"):
        ruth.post(url(world, "words"), {"subject": "S", "text": text, "_save": ""})
    row = CustomNotification.objects.get(moment="reference-request")
    assert (row.text, row.history.count()) == ("Second {link}", 2)


def test_an_unknown_field_is_not_kept_and_is_told_the_right_ones(world: World, ruth: Client) -> None:
    answer = fill(ruth, url(world, "words"), subject="{candidat}")
    assert "Did you mean {candidate}?" in notices(answer)
    assert not CustomNotification.objects.filter(moment="reference-request").exists()


def test_the_script_is_told_the_fields_of_each_text(world: World, ruth: Client) -> None:
    page = soup(ruth.get(url(world, "words", channel="text")))
    field = page.select_one("#id_text")
    assert field is not None
    assert '"candidate": "Marcus Webb"' in str(field["data-fields"])
    assert page.select_one("#id_subject") is None
    assert page.select_one("[data-unknown][data-count][data-strange]")


def test_own_words_can_be_dropped(world: World, ruth: Client) -> None:
    page = soup(ruth.get(address(LABEL, "change", world.ours.words.pk)))
    (link,) = [link for link in page.select("a.button") if "Back to the built-in text" in link.text]
    assert "What is said then" in ruth.get(str(link["href"])).text
    ruth.post(str(link["href"]), {"post": "yes"})
    assert not CustomNotification.objects.filter(pk=world.ours.words.pk).exists()


@pytest.mark.parametrize(
    ("moment", "channel", "language"),
    [("nothing", "email", "en"), ("reference-thanks", "text", "en"), ("reference-request", "email", "xx")],
)
def test_a_place_that_is_nowhere_is_not_found(
    world: World, ruth: Client, moment: str, channel: str, language: str
) -> None:
    for page in ("words", "preview"):
        assert ruth.get(url(world, page, moment, channel, language=language)).status_code == 404


def test_nobody_writes_for_another_organization(world: World, ruth: Client) -> None:
    there = reverse(
        "admin:templates_app_customnotification_words",
        args=[world.theirs.organization.pk, "reference-request", "email", "en"],
    )
    assert ruth.post(there, {"subject": "S", "text": "T"}).status_code == 404
    their_template = url(world, "words", template=world.theirs.template)
    assert ruth.post(their_template, {"subject": "S", "text": "T"}).status_code == 404


# --- the preview ------------------------------------------------------------------------------------


def test_what_is_typed_is_shown_before_it_is_kept(world: World, ruth: Client) -> None:
    answer = ruth.post(url(world, "preview"), {"subject": "For {reference}", "text": "From {candidate}: {link}"})
    assert "From Ours Webb: http" in mail_in(answer).text
    assert "For Eileen Farrow" not in answer.text  # the newest reference is the third
    assert "For Margit Larsen" in answer.text
    assert not CustomNotification.objects.filter(moment="reference-request").exists()


def test_a_preview_holds_no_key_to_anybodys_page(world: World, ruth: Client) -> None:
    references = world.ours.check.references.all()
    tokens = [world.ours.check.token, *(reference.token for reference in references)]
    for moment in ("reference-request", "candidate-reminder", "owner-overdue"):
        answer = ruth.get(url(world, "preview", moment))
        assert not any(token in answer.text for token in tokens)


def test_a_preview_of_wrong_words_says_what_is_wrong(world: World, ruth: Client) -> None:
    answer = ruth.post(url(world, "preview"), {"subject": "", "text": "{nobody}"})
    assert "An e-mail needs a subject." in notices(answer)
    assert "{nobody} is no field here." in notices(answer)


def test_without_a_check_there_are_sample_values(db: None) -> None:
    organization = make_organization(name="Newcomers")
    browser = Client()
    browser.force_login(make_user(organization, Role.ADMIN))
    for moment in ("reference-request", "candidate-another", "manager-told", "owner-overdue"):
        at = reverse("preview-words", args=[organization.pk, moment, "email", "en"])
        assert "Marcus Webb" in mail_in(browser.get(at)).text


def test_the_mail_stands_in_a_frame_that_runs_nothing_and_only_our_pages_frame_it(world: World, ruth: Client) -> None:
    answer = ruth.get(url(world, "preview"))
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy.split("; ")
    assert "script-src 'self'" in policy.split("; ")
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<iframe sandbox srcdoc=" in answer.text


def test_the_logo_is_seen_in_the_preview_for_no_mail_carries_it_there(world: World, ruth: Client) -> None:
    organization = world.ours.organization
    organization.logo = a_logo()
    organization.save()
    picture = mail_in(ruth.get(url(world, "preview"))).select_one("img")
    assert picture is not None
    assert b64decode(str(picture["src"]).removeprefix("data:image/png;base64,")) == a_logo()


def test_a_candidate_named_in_html_is_text_in_the_preview(world: World, ruth: Client) -> None:
    world.ours.check.candidate_name = "<b>x</b>\nBcc: {company}"
    world.ours.check.save()
    answer = ruth.post(url(world, "preview"), {"subject": "{candidate}", "text": "{candidate}"})
    assert mail_in(answer).select("b") == []
    assert "<b>x</b> Bcc: {company}" in mail_in(answer).text


# --- the test ---------------------------------------------------------------------------------------


def tried() -> list[Message]:
    return list(Message.objects.filter(kind="words-test"))


def test_a_test_goes_to_whoever_asked_for_it(world: World, ruth: Client) -> None:
    OrmQ.objects.all().delete()
    answer = ruth.post(url(world, "test"), {"subject": "Try {candidate}", "text": "Hello {name}."})
    (message,) = tried()
    assert (message.to_address, message.subject) == ("admi@ours.example", "Try Ours Webb")
    assert "on its way to admi@ours.example" in notices(answer, "good")
    assert "Hello Ours." in message.text
    assert OrmQ.objects.exists()


def test_nothing_of_a_test_is_kept_for_it_tells_of_the_people_of_a_check(world: World, ruth: Client) -> None:
    ruth.post(url(world, "test"), {"subject": "Try {candidate}", "text": "Hello {name}."})
    (message,) = tried()
    message.settle("done", message.created_at)
    message.refresh_from_db()
    assert (message.subject, message.text, message.html) == ("", "", "")


def test_wrong_words_are_not_sent(world: World, ruth: Client) -> None:
    answer = ruth.post(url(world, "test"), {"subject": "S", "text": "{nobody}"})
    assert "{nobody} is no field here." in notices(answer)
    assert tried() == []


def test_a_text_message_goes_to_the_number_that_was_typed_which_is_not_kept(world: World, ruth: Client) -> None:
    ruth.post(url(world, "test", channel="text"), {"text": "{name} {link}", "number": "+44 20 7183 8750"})
    (message,) = tried()
    assert (message.channel, message.to_address) == ("text", "+442071838750")
    message.settle("done", message.created_at)
    message.refresh_from_db()
    assert (message.to_address, message.receiver, message.text) == ("", "", "")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("", "needs a telephone number"),
        ("020 7183 8750", "country code"),
        ("+44 20 7183", "missing"),
    ],
)
def test_a_number_that_cannot_be_dialled_is_told_so(world: World, ruth: Client, number: str, words: str) -> None:
    answer = ruth.post(url(world, "test", channel="text"), {"text": "{link}", "number": number})
    assert words in notices(answer)
    assert tried() == []


def test_where_text_messages_are_off_none_is_tried(world: World, ruth: Client, settings: Any) -> None:
    settings.SMS_URL = ""
    answer = ruth.post(url(world, "test", channel="text"), {"text": "{link}", "number": "+442071838750"})
    assert "Text messages are switched off here." in notices(answer)


def test_tests_have_an_end(world: World, ruth: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checks.trying.AT_MOST", 1)
    _first, second = (ruth.post(url(world, "test"), {"subject": "S", "text": "T"}) for _time in range(2))
    assert "Please wait a while." in notices(second)
    assert len(tried()) == 1


def test_who_may_only_look_sends_nothing(world: World) -> None:
    browser = world.visitor(Role.TEAM_MEMBER)
    assert browser.post(url(world, "test"), {"subject": "S", "text": "T"}).status_code == 403
    assert tried() == []


def test_a_template_of_its_own_words_is_shown_and_led_to_by_its_name(world: World, ruth: Client) -> None:
    template = make_template(world.ours.organization, name="Deck")
    page = soup(ruth.get(url(world, "words", template=template)))
    assert page.select_one(".crumb").get_text(strip=True) == "Messages for Deck"
