"""In which language candidates and references read their pages, and how they choose another."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import trans_real

from checks.models import Check, Reference
from integrations.models import Action
from notifications.models import Message
from tests.checks.pages import SENT, checks, opened
from tests.checks.visits import answers, enter, read, visit, words
from tests.factories import make_awaiting_check, make_check, make_connection, make_template, make_user

pytestmark = pytest.mark.django_db
# No other language of ours has these words.
ENGLISH = re.compile(r"\b(?:the|you|your|this|with|and|is|of|please|thank)\b", re.IGNORECASE)


def first(check: Check) -> Reference:
    return check.references.in_order()[0]


def spoken(row: Check | Reference, language: str) -> Check | Reference:
    row.speak(language)
    return row


def choose(client: Client, row: Check | Reference, language: str, **more: str) -> Any:
    return client.post(f"{enter(client, row)}language/", {"language": language, **more})


# --- the language of a page -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_a_page_is_in_the_language_of_its_reader(client: Client, language: str) -> None:
    check = make_check()
    response = client.get(enter(client, spoken(check, language)), headers={"Accept-Language": "it"})
    with translation.override(language):
        day = date_format(check.due_at, "MONTH_DAY_FORMAT")
    assert read(response).select_one(f'html[lang="{language}"][dir="ltr"]')
    assert response.headers["Content-Language"] == language
    assert day in words(read(response))


def test_a_reference_without_a_language_reads_the_candidates(client: Client) -> None:
    check = make_awaiting_check()
    check.speak("fr")
    assert visit(client, spoken(first(check), "")).select_one('html[lang="fr"]')


def test_a_page_of_a_language_that_is_written_from_the_right_runs_so(client: Client) -> None:
    assert visit(client, spoken(make_check(), "he")).select_one('html[lang="he"][dir="rtl"]')


def test_the_next_page_is_in_its_own_readers_language(client: Client) -> None:
    visit(client, spoken(make_check(), "de"))
    assert visit(client, make_check()).select_one('html[lang="en"]')


# --- choosing -------------------------------------------------------------------------------------------


def test_it_offers_every_language_by_its_own_name(client: Client) -> None:
    page = visit(client, spoken(make_check(), "fr"))
    buttons = page.select(".languages button")
    assert [(button["lang"], words(button)) for button in buttons] == [
        ("en", "English"),
        ("de", "Deutsch"),
        ("fr", "Français"),
        ("es", "Español"),
    ]
    assert [button["value"] for button in buttons if button.get("aria-current")] == ["fr"]


@pytest.mark.parametrize("row", [make_check, lambda: first(make_awaiting_check())])
def test_who_chooses_a_language_reads_the_page_they_came_from_in_it(
    client: Client, row: Callable[[], Check | Reference]
) -> None:
    person = row()
    here = f"{enter(client, person)}pause/"
    form = read(client.get(here)).select_one(".languages")
    assert form is not None
    sent = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    response = client.post(str(form["action"]), {**sent, "language": "de"})
    assert response.headers["Location"] == here
    assert read(client.get(here)).select_one('html[lang="de"]')


def test_later_mails_are_in_the_language_that_was_chosen(client: Client) -> None:
    reference = first(make_awaiting_check())
    choose(client, reference, "es")
    client.post(enter(client, reference), answers(reference))
    thanks = Message.objects.filter(topic=reference.topic).latest("pk")
    assert (thanks.kind, thanks.language) == ("reference-thanks", "es")


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/admin/", "", "javascript:x"])
def test_choosing_a_language_leads_nowhere_else(client: Client, back: str) -> None:
    check = make_check()
    assert choose(client, check, "de", back=back).headers["Location"] == enter(client, check)


def test_a_language_that_we_do_not_speak_changes_nothing(client: Client) -> None:
    check = make_check()
    assert choose(client, check, "tlh").status_code == 302
    check.refresh_from_db()
    assert check.language == "en"


def test_looking_at_the_address_changes_nothing(client: Client) -> None:
    check = make_check()
    response = client.get(f"{enter(client, check)}language/?language=de")
    assert response.headers["Location"] == enter(client, check)
    check.refresh_from_db()
    assert check.language == "en"


def test_nobody_chooses_for_another(client: Client) -> None:
    check, other = make_check(), make_check()
    enter(client, other)
    response = client.post(reverse("candidate-language", args=[check.public_id]), {"language": "de"})
    check.refresh_from_db()
    assert (response.status_code, check.language) == (404, "en")


# --- nobody's pages, and the portal ---------------------------------------------------------------------


def test_a_link_that_has_run_out_speaks_the_browsers_language(client: Client) -> None:
    response = client.get("/c/nothing/", headers={"Accept-Language": "pt, fr;q=0.9, en;q=0.5"})
    assert read(response).select_one('html[lang="fr"]')
    assert response.headers["Content-Language"] == "fr"
    assert "Accept-Language" in response.headers["Vary"]


def test_the_portal_is_in_english_whatever_the_browser_asks_for(client: Client) -> None:
    client.force_login(make_user())
    response = client.get("/admin/password_change/", headers={"Accept-Language": "de"})
    assert read(response).select_one('html[lang="en"]')
    assert response.headers["Content-Language"] == "en"
    assert "Passwort" not in words(read(response))


def test_what_a_reader_of_spanish_sends_is_told_to_the_ats_in_english(client: Client) -> None:
    connection = make_connection()
    template = make_template(connection.organization, ("manager",))
    check = make_awaiting_check(connection.organization, template)
    reference = first(check)
    reference.speak("es")
    client.post(enter(client, reference), answers(reference))
    note = Action.objects.get(for_check=check, kind=Action.Kind.NOTE)
    assert note.value.startswith("Reference check completed: 1 of 1 references answered.")
    check.refresh_from_db()
    labels = [label for scale in check.report_data["scales"] for label in scale["labels"]]
    assert "Bottom half" in labels


# --- all of it is said ----------------------------------------------------------------------------------


def walk(client: Client, language: str) -> Iterator[tuple[str, BeautifulSoup]]:
    """Every page of candidates and references in this language, and then what each says to an empty form."""
    for check in checks():
        for row in (check, *check.references.all()):
            row.speak(language)
            seen = list(opened(client, row))
            yield from ((address, read(response)) for address, response in seen)
            for address, _response in seen:
                response = client.post(address, SENT)
                if response.status_code == 200:
                    yield address, read(response)


@pytest.fixture
def unsaid(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """What is asked for while German is spoken, and no catalogue has it: neither ours nor Django's own."""
    found: set[str] = set()
    keys = trans_real.translation("de")._catalog.keys()  # type: ignore[attr-defined]
    known = {key[0] if isinstance(key, tuple) else key for key in keys}  # one with a plural stands beside a number
    real: Any = vars(trans_real)

    def watch(name: str, places: int) -> None:
        def say(*given: Any) -> str:
            key = "\x04".join(map(str, given[:places]))
            if translation.get_language() == "de" and key not in known:
                found.add(key)
            return str(real[name](*given))

        monkeypatch.setattr(translation._trans, name, say)  # type: ignore[attr-defined]

    for name, places in (("gettext", 1), ("ngettext", 1), ("pgettext", 2), ("npgettext", 2)):
        watch(name, places)
    return found


def test_every_page_is_wholly_in_its_readers_language(client: Client, unsaid: set[str]) -> None:
    seen = set()
    for address, page in walk(client, "de"):
        seen.add(address.split("/")[1])
        for foreign in page.select('body [lang]:not([lang="de"])'):
            foreign.decompose()
        assert ENGLISH.findall(words(page)) == [], f"{address}: {words(page)}"
    assert seen == {"candidate", "reference"}
    assert sorted(unsaid) == []
