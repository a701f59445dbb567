"""What Vouch says to people is said in each of its languages, wholly."""

import re
from collections.abc import Iterator
from string import Formatter
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext, override

from checks.models import Check
from docs.catalogues import LANGUAGES, Sentence, compiled, file_of, read, renewed, sentences
from notifications.models import Message
from templates_app.builtin import LETTERS, TEXTS
from templates_app.builtin.samples import as_written
from templates_app.kinds import RELATIONS, STANDARD, Channel, Language
from templates_app.moments import ABOUT, Moment
from tests.factories import make_awaiting_check, make_organization, make_template

# Of the text messages' alphabet: with one letter more, half as many fit into a part (GSM 03.38).
OF_TEXT_MESSAGES = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
# English that would be seen in a letter if one sentence of it were left. No other language of ours has these words.
ENGLISH = re.compile(r"\b(?:the|you|your|this|with|and|is|of|please|thank)\b", re.IGNORECASE)


def texts(value: object) -> Iterator[str]:
    yield from value if isinstance(value, tuple) else [str(value)]


def fields(text: str) -> set[str]:
    """All ways to write one, %(name)s and {name} and a script's [name], and the tags around parts of a sentence."""
    named = (name for _text, name, _how, _what in Formatter().parse(text) if name)
    return {*re.findall(r"%\(\w+\)[sd]|\[\w+\]|<[^>]+>", text), *named}


def by_key(catalog: Catalog) -> dict[Sentence, Any]:
    known: Any = [message for message in catalog if message.id]
    return {Sentence(message.id, message.context): message for message in known}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_no_other_is_there(language: str) -> None:
    known = by_key(read(language))
    assert known.keys() ^ {sentence for _place, sentence in sentences()} == set()
    assert [key.said for key, message in known.items() if not all(texts(message.string))] == []
    assert [key.said for key, message in known.items() if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_fields_of_its_sentence(language: str) -> None:
    pairs = [
        pair
        for message in read(language)
        if message.id
        for pair in zip(texts(message.id), texts(message.string), strict=True)
    ]
    assert [pair for pair in pairs if pair[1] and fields(pair[0]) != fields(pair[1])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_is_what_was_compiled(language: str) -> None:
    assert file_of(language, "mo").read_bytes() == compiled(read(language))


def test_bringing_them_up_to_date_changes_nothing_now() -> None:
    for language in LANGUAGES:
        assert [(m.id, m.string) for m in renewed(language)][1:] == [(m.id, m.string) for m in read(language)][1:]
        assert compiled(renewed(language)) == compiled(renewed(language))


def test_there_is_one_for_each_language_that_we_write_in() -> None:
    assert ["en", *LANGUAGES] == Language.values
    assert Language.choices == settings.LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("moment", LETTERS)
def test_no_letter_has_english_in_it(moment: str, language: str) -> None:
    words = as_written(moment, Channel.EMAIL, language)
    assert ENGLISH.findall(words.subject + words.text) == []
    assert {f"{{{name}}}" for name in ABOUT[moment].fields} >= set(re.findall(r"\{\w+\}", words.text))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("moment", TEXTS)
def test_text_messages_stay_within_the_alphabet_that_is_cheap(moment: str, language: str) -> None:
    text = as_written(moment, Channel.TEXT, language).text
    assert set(text) <= OF_TEXT_MESSAGES
    assert ENGLISH.findall(text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_scales_and_relationships_are_said_in_it(language: str) -> None:
    with override("en"):
        english = [
            str(word) for word in (*RELATIONS.values(), *(word for words in STANDARD.values() for word in words))
        ]
    with override(language):
        said = [gettext(word) for word in english]
    assert [pair for pair in zip(english, said, strict=True) if pair[0] == pair[1] and pair[0] != "client"] == []


def written(check: Check) -> list[Message]:
    references = list(check.references.all())
    return list(Message.objects.filter(topic__in=[check.topic, *(each.topic for each in references)]).order_by("pk"))


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_written_about_a_check_is_in_its_language(language: str) -> None:
    template = make_template(
        make_organization(name="Northmoor"),
        ("manager", "peer", "any"),
        language=language,
        sends_texts=True,
        tells_owner=True,
        tells_hiring_manager=True,
        hiring_manager_email="sam@northmoor.example",
    )
    check = make_awaiting_check(template=template, candidate_phone="+442079460018", position="Bootsmann")
    first, second, third = check.references.in_order()
    check.become_overdue(check.due_at)
    for person in (second, third):
        person.remind(person.remind_at or timezone.now())
    second.decline("", timezone.now())
    third.bounce(timezone.now())
    first.submit({}, timezone.now())
    check.complete(timezone.now())
    kinds = {message.kind for message in written(check)}
    assert kinds > set(Moment) - {"outcome-asked", "candidate-reminder", "reference-released", "reference-reminder"}
    assert {message.language for message in written(check)} == {language}
    for message in written(check):
        prose = re.sub(r"http\S+|Ruth Adeyemi, \w+", "", f"{message.subject}\n{message.text}")
        assert ENGLISH.findall(prose) == [], prose
