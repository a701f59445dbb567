"""What is written out can be read in again, and is the same."""

import re
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from templates_app.kinds import Kind, Look, Relationship
from templates_app.models import ReferenceTemplate, Survey
from templates_app.packs import PackError, export, load
from tests.factories import make_organization, make_template
from tests.templates_app.packs import SOUND, contents, refusal

pytestmark = pytest.mark.django_db

# Any text that a database keeps, and often one that YAML would take for something else.
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    st.sampled_from(["no", "null", "2026", "{name} is where?", "a: b", "- a", "# a", "one\ntwo\n", " a\nb", "|", "~"]),
)
words = texts.filter(lambda text: bool(text.strip()))
relationships = st.sampled_from([value for value, _label in Relationship.named()])
answers = st.lists(words, min_size=2, max_size=6, unique=True)


@st.composite
def questions(draw: st.DrawFn, key: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(Kind.values))
    look = draw(st.sampled_from(Look.values))
    usual = st.sampled_from([[], list("abcde")])
    return {
        "key": key,
        "kind": kind,
        "look": look,
        "text": draw(words),
        "help": draw(texts),
        "competency": draw(words),
        "labels": draw(usual if look == Look.BANDS and kind == Kind.SCALE else answers),
        "is_required": draw(st.booleans()),
        "may_be_unobserved": draw(st.booleans()),
        "reason_label": draw(texts),
        "relationships": draw(st.lists(relationships, unique=True)),
    }


@st.composite
def surveys(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Questions of which the first is for everybody."""
    keys = draw(st.lists(st.from_regex(r"[a-z0-9_-]{1,20}", fullmatch=True), min_size=1, max_size=3, unique=True))
    first, *others = [draw(questions(key)) for key in keys]
    return [first | {"relationships": []}, *others]


@st.composite
def templates(draw: st.DrawFn) -> dict[str, Any]:
    requests = draw(st.lists(st.tuples(st.sampled_from(Relationship.values), texts), min_size=1, max_size=3))
    return {
        "ats_tag": draw(texts).strip().lower(),
        "description": draw(texts),
        "priority": draw(st.integers(0, 32_767)),
        "position": draw(texts),
        "minimum": draw(st.integers(0, len(requests))),
        "days_until_overdue": draw(st.integers(1, 90)),
        "days_until_expired": draw(st.integers(1, 365)),
        "hiring_manager_name": draw(texts),
        "hiring_manager_email": draw(st.sampled_from(["", "jonas@northmoor.example"])),
        "requests": requests,
    }


def fill(organization: Organization, named: dict[str, Any], default: bool) -> None:
    """Surveys by name, each with the templates that use it."""
    for name, (asked, description, used_by) in named.items():
        survey = Survey.objects.create(organization=organization, name=name, description=description)
        for position, question in enumerate(asked, start=1):
            survey.questions.create(position=position, **question)
        for number, fields in enumerate(used_by):
            requests = fields.pop("requests")
            fields |= {"name": f"{name}{number}", "is_default": default, "survey": survey}
            template, default = organization.reference_templates.create(**fields), False
            for position, (relationship, note) in enumerate(requests, start=1):
                template.requests.create(position=position, relationship=relationship, note=note)


@settings(max_examples=60)
@given(
    st.dictionaries(words, st.tuples(surveys(), texts, st.lists(templates(), max_size=2)), max_size=2), st.booleans()
)
def test_export_and_import_into_an_empty_database_give_the_same(named: dict[str, Any], default: bool) -> None:
    with transaction.atomic():
        organization = make_organization()
        fill(organization, named, default)
        before, text = contents(), export([organization])
        organization.reference_templates.all().delete()
        organization.delete()

        load(text.encode())

        assert contents() == before
        assert export(Organization.objects.all()) == text
        transaction.set_rollback(True)


@given(st.data())
def test_a_pack_with_a_line_lost_or_doubled_is_imported_or_refused_and_never_worse(data: st.DataObject) -> None:
    lines = SOUND.splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines) - 1))
    lines[at] *= data.draw(st.sampled_from([0, 2]))

    with transaction.atomic():
        for reason in refusal("".join(lines)):
            assert re.match(r"\d+: ", reason)
        transaction.set_rollback(True)


@given(st.binary())
def test_a_file_that_is_anything_is_refused_with_a_reason(source: bytes) -> None:
    with pytest.raises(PackError):
        load(source)


def test_what_is_as_by_default_is_not_written() -> None:
    load(SOUND.encode())

    assert export(Organization.objects.all()).partition("again. What is not said is as by default.\n")[2] == SOUND


def test_several_organizations_are_parts_of_one_file() -> None:
    load(SOUND.encode(), organization="Northmoor Ferries")
    load(SOUND.encode(), organization="Tern Mapping")
    before, text = contents(), export(Organization.objects.order_by("name"))

    ReferenceTemplate.objects.all().delete()
    Organization.objects.all().delete()
    load(text.encode())

    assert text.count("\n---\n") == 1
    assert contents() == before


def test_a_text_of_several_lines_is_written_as_it_looks() -> None:
    make_template(make_organization(), description="For ships.\n\nAnd ferries.")

    assert "    description: |-\n      For ships.\n\n      And ferries.\n" in export(Organization.objects.all())


def test_an_organization_without_anything_can_be_written_and_read() -> None:
    text = export([make_organization(name="Tern Mapping")])

    Organization.objects.all().delete()
    load(text.encode())

    assert Organization.objects.get().name == "Tern Mapping"
