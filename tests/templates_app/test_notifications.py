"""Own words: what can be kept, and the table of whose words are said where."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications.addresses import address_of
from templates_app.builtin.samples import NO_KEY
from templates_app.kinds import Language
from templates_app.models import CustomNotification, ReferenceTemplate
from templates_app.moments import ABOUT, Moment
from templates_app.notices import LONGEST_TEXT_MESSAGE
from templates_app.wordings import Wording, table
from tests.factories import make_awaiting_check, make_organization, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def template() -> ReferenceTemplate:
    return make_template(make_organization())


def problems(owner: ReferenceTemplate, **fields: Any) -> dict[str, list[str]]:
    values = {"moment": Moment.REFERENCE_REQUEST, "subject": "Hello", "text": "{link}", **fields}
    row = CustomNotification(organization=owner.organization, **values)
    try:
        row.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def place(template: ReferenceTemplate, moment: str = Moment.REFERENCE_REQUEST, **parts: Any) -> Wording:
    values = {"template": template, "channel": "email", "language": "en", **parts}
    return Wording(template.organization, moment=moment, **values)


def own(template: ReferenceTemplate, *, for_all: bool = False, **fields: Any) -> CustomNotification:
    values = {"moment": Moment.REFERENCE_REQUEST, "subject": "S", "text": "T {link}", **fields}
    mine = None if for_all else template
    return CustomNotification.objects.create(organization=template.organization, template=mine, **values)


# --- what can be kept -------------------------------------------------------------------------------


def test_good_words_are_kept(template: ReferenceTemplate) -> None:
    assert problems(template, subject="{candidate}", text="{reference} {link}") == {}


def test_an_unknown_field_is_told_the_right_one(template: ReferenceTemplate) -> None:
    assert "Did you mean {candidate}?" in problems(template, text="{candidat}")["text"][0]


def test_a_subject_has_no_link(template: ReferenceTemplate) -> None:
    assert "{link} is no field here" in problems(template, subject="{link}")["subject"][0]


def test_a_field_of_another_moment_is_none_here(template: ReferenceTemplate) -> None:
    assert "text" in problems(template, moment=Moment.CANDIDATE_REQUEST, text="{minutes}")


def test_an_e_mail_needs_a_subject(template: ReferenceTemplate) -> None:
    assert problems(template, subject=" ")["subject"] == ["An e-mail needs a subject."]


def test_a_text_message_needs_no_subject_but_the_link(template: ReferenceTemplate) -> None:
    assert problems(template, channel="text", subject="") == {}
    assert "needs {link}" in problems(template, channel="text", text="Hello")["text"][0]


def test_a_text_message_is_short(template: ReferenceTemplate) -> None:
    long = "{link}" + "x" * LONGEST_TEXT_MESSAGE
    assert f"{LONGEST_TEXT_MESSAGE} fit" in problems(template, channel="text", text=long)["text"][0]


def test_where_we_write_by_e_mail_only_there_is_no_text_message(template: ReferenceTemplate) -> None:
    assert "channel" in problems(template, moment=Moment.REFERENCE_THANKS, channel="text", text="x")


def test_the_template_must_be_the_organizations_own(template: ReferenceTemplate) -> None:
    assert "template" in problems(template, template=make_template(make_organization()))


def test_there_is_one_text_for_each_place(template: ReferenceTemplate) -> None:
    own(template, for_all=True)
    assert "There are words for this moment" in problems(template)["__all__"][0]
    assert problems(template, template=template) == {}


# --- places -----------------------------------------------------------------------------------------


def test_a_place_begins_with_the_built_in_text(template: ReferenceTemplate) -> None:
    found = place(template).beginning()
    assert found.subject == "{candidate} asked you for a reference"
    assert "\n\n{link}\n\n" in found.text


def test_a_templates_place_begins_with_what_is_said_for_all(template: ReferenceTemplate) -> None:
    own(template, for_all=True, text="For all {link}")
    assert place(template).beginning().text == "For all {link}"
    assert place(template).own is None


@pytest.mark.parametrize("moment", Moment)
def test_every_field_has_a_sample_and_the_link_opens_nothing(template: ReferenceTemplate, moment: str) -> None:
    check = make_awaiting_check(template=template)
    samples = place(template, moment).samples()
    assert tuple(samples) == ABOUT[moment].fields
    assert all(samples.values())
    assert len(NO_KEY) == len(check.token)
    assert samples.get("link", address_of("reference-door", token=NO_KEY)).endswith(f"/r/{NO_KEY}/")


# --- the table --------------------------------------------------------------------------------------


def whose(template: ReferenceTemplate, of: ReferenceTemplate | None) -> dict[tuple[str, str, str], str]:
    cells = [cell for group in table(template.organization, of) for line in group.lines for cell in line.cells]
    return {
        (cell.wording.moment, cell.wording.channel, cell.wording.language): cell.label for cell in cells if cell.whose
    }


def test_the_table_has_every_moment_in_every_way_and_language(template: ReferenceTemplate) -> None:
    groups = table(template.organization, None)
    lines = [line for group in groups for line in group.lines]
    assert len(lines) == sum(len(about.channels) for about in ABOUT.values())
    assert all(len(line.cells) == len(Language) for line in lines)
    assert [str(group.reader) for group in groups] == [
        "the candidate",
        "the reference",
        "the hiring manager",
        "the owner in Lever",
    ]


def test_the_table_says_whose_words_are_said(template: ReferenceTemplate) -> None:
    own(template, for_all=True)
    own(template, for_all=True, language="de")
    own(template)
    english, german = (Moment.REFERENCE_REQUEST, "email", "en"), (Moment.REFERENCE_REQUEST, "email", "de")
    assert whose(template, None) == {english: "Own words", german: "Own words"}
    assert whose(template, template) == {english: "Own words", german: "Of all templates"}


def test_another_templates_words_are_none_of_this_one(template: ReferenceTemplate) -> None:
    own(make_template(template.organization))
    own(make_template(make_organization()), for_all=True)
    assert whose(template, template) == whose(template, None) == {}


def test_the_table_is_one_query(template: ReferenceTemplate) -> None:
    for language in Language.values:
        own(template, language=language)
    with CaptureQueriesContext(connection) as captured:
        table(template.organization, template)
    assert len(captured) == 1
