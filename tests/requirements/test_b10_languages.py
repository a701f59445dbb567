"""B10: accessible, translated pages. Axe's part is in tests/end_to_end/test_every_page.py."""

import pytest
from django.test import Client

from notifications.models import Message
from tests.checks.visits import enter, names_for, read, words
from tests.factories import make_check

pytestmark = pytest.mark.django_db


def test_b10_who_reads_spanish_goes_the_whole_way_in_spanish(client: Client) -> None:
    check = make_check()
    page = enter(client, check)
    client.post(f"{page}language/", {"language": "es", "back": page})
    shown = read(client.get(page))
    assert shown.select_one('html[lang="es"]')
    assert "Do you agree?" not in words(shown)
    client.post(page, names_for(check))
    check.refresh_from_db()
    assert "I name" not in check.consent_text
    assert check.consent_text
    assert {message.language for message in Message.objects.filter(kind="reference-request")} == {"es"}


def test_b10_every_field_names_itself_and_every_page_says_its_language(client: Client) -> None:
    page = read(client.get(enter(client, make_check())))
    fields = page.select("main input:not([type=hidden]), main select, main textarea")
    assert fields
    assert [field for field in fields if not page.select(f'label[for="{field.get("id")}"]')] == []
    assert page.select_one("html[lang][dir]")
