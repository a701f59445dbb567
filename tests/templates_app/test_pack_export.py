"""What is written out can be read in again, and is the same."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import Organization
from templates_app.answering import answers_of
from templates_app.kinds import CandidateReads, Confidentiality, Fact, Kind, Language, Look, Relationship
from templates_app.merging import IN_QUESTIONS, problem
from templates_app.models import Question, ReferenceTemplate, Survey
from templates_app.moments import Moment
from templates_app.packs import PackError, export, load
from templates_app.tags import kept
from tests.factories import make_organization, make_template
from tests.templates_app.packs import SOUND, contents, refusal

pytestmark = pytest.mark.django_db

SWITCHES = (
    "tells_hiring_manager",
    "tells_owner",
    "asks_candidate",
    "sends_texts",
    "only_office_hours",
    "is_private",
)

# Any text that a database keeps, and often one that YAML would take for something else.
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    st.sampled_from(["no", "null", "2026", "{name} is where?", "a: b", "- a", "# a", "one\ntwo\n", " a\nb", "|", "~"]),
).filter(lambda text: "\r\n" not in text)  # which is written as a plain end of the line
words = texts.filter(lambda text: bool(text.strip()))
fielded = texts.filter(lambda text: not problem(text, IN_QUESTIONS))
relationships = st.sampled_from([value for value, _label in Relationship.named()])
sayings = fielded.filter(str.strip)
answers = st.lists(sayings, min_size=2, max_size=6, unique=True)
other_languages = st.sampled_from([value for value in Language.values if value != Language.ENGLISH])


@st.composite
def translations(draw: st.DrawFn, count: int) -> dict[str, Any]:
    """Of a question with so many answers. A text that is empty is not translated, and not kept."""
    shape: dict[str, st.SearchStrategy[Any]] = {
        "section": fielded,
        "text": fielded,
        "help": fielded,
        "reason_label": fielded,
    }
    shape |= {"labels": st.lists(sayings, min_size=count, max_size=count, unique=True)}
    found = draw(st.dictionaries(other_languages, st.fixed_dictionaries({}, optional=shape), max_size=2))
    kept = {language: {word: text for word, text in said.items() if text} for language, said in found.items()}
    return {language: said for language, said in kept.items() if said}


@st.composite
def questions(draw: st.DrawFn, key: str, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    kind = draw(st.sampled_from(Kind.values))
    look = draw(st.sampled_from(Look.values))
    usual = st.sampled_from([[], list("abcde")])
    labels = draw(usual if look == Look.BANDS and kind == Kind.SCALE else answers)
    return {
        "key": key,
        "section": draw(fielded),
        "kind": kind,
        "look": look,
        "fact": draw(st.sampled_from(Fact.values)),
        "text": draw(sayings),
        "help": draw(fielded),
        "competency": draw(words),
        "labels": labels,
        "is_required": draw(st.booleans()),
        "may_be_unobserved": draw(st.booleans()),
        "reason_label": draw(fielded),
        "relationships": draw(st.lists(relationships, unique=True)),
        "evidence": draw(texts),
        "translations": draw(translations(len(labels))),
        **draw(follow_ups(earlier)),
    }


@st.composite
def follow_ups(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    possible = {each["key"]: [value for value, _label in answers_of(Question(**each).freeze())] for each in earlier}
    key = draw(st.sampled_from(["", *(key for key, answers in possible.items() if answers)]))
    after = st.lists(st.sampled_from(possible[key]), min_size=1, unique=True) if key else st.just([])
    return {"shown_if": key, "shown_for": draw(after)}


@st.composite
def surveys(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Questions of which the first is for everybody."""
    keys = draw(st.lists(st.from_regex(r"[a-z0-9_-]{1,20}", fullmatch=True), min_size=1, max_size=3, unique=True))
    found: list[dict[str, Any]] = []
    for key in keys:
        found.append(draw(questions(key, found)))
    return [found[0] | {"relationships": []}, *found[1:]]


@st.composite
def notifications(draw: st.DrawFn) -> list[dict[str, Any]]:
    moments = draw(st.lists(st.tuples(st.sampled_from(Moment.values), st.sampled_from(Language.values)), unique=True))
    told = texts.filter(lambda text: not problem(text, ["candidate"]))
    return [
        {"moment": moment, "language": language, "subject": draw(told.filter(str.strip)), "text": draw(told) + "."}
        for moment, language in moments[:3]
    ]


@st.composite
def templates(draw: st.DrawFn) -> dict[str, Any]:
    request = st.fixed_dictionaries(
        {
            "relationship": st.sampled_from(Relationship.values),
            "note": texts,
            "how_many": st.integers(1, 10),
            "recent_years": st.none() | st.integers(1, 50),
            "is_needed": st.booleans(),
        }
    )
    requests = draw(st.lists(request, min_size=1, max_size=2))
    return {
        "ats_tag": kept(draw(texts)),
        "description": draw(texts),
        "priority": draw(st.integers(0, 32_767)),
        "position": draw(texts),
        "language": draw(st.sampled_from(Language.values)),
        "minimum": draw(st.integers(0, len(requests))),
        "concludes_after_days": draw(st.none() | st.integers(0, 365)),
        "days_until_overdue": draw(st.integers(1, 90)),
        "days_until_expired": draw(st.integers(1, 365)),
        "hiring_manager_name": draw(texts),
        "hiring_manager_email": draw(st.sampled_from(["", "jonas@northmoor.example"])),
        **{name: draw(st.booleans()) for name in SWITCHES},
        "confidentiality": draw(st.sampled_from(Confidentiality.values)),
        "candidate_reads": draw(st.sampled_from(CandidateReads.values)),
        "reminders_at_most": draw(st.integers(0, 3)),
        "first_reminder_hours": draw(st.integers(12, 720)),
        "next_reminder_hours": draw(st.integers(24, 720)),
        "requests": requests,
        "notifications": draw(notifications()),
    }


def fill(organization: Organization, named: dict[str, Any], default: bool) -> None:
    """Surveys by name, each with the templates that use it."""
    for name, (asked, about, used_by) in named.items():
        survey = Survey.objects.create(organization=organization, name=name, **about)
        for position, question in enumerate(asked, start=1):
            survey.questions.create(position=position, **question)
        survey.publish(timezone.now())
        for number, fields in enumerate(used_by):
            requests, own_words = fields.pop("requests"), fields.pop("notifications")
            fields |= {"name": f"{name}{number}", "is_default": default, "survey": survey}
            template, default = organization.reference_templates.create(**fields), False
            for position, request in enumerate(requests, start=1):
                template.requests.create(position=position, **request)
            for words in own_words:
                template.notifications.create(organization=organization, **words)


about = st.fixed_dictionaries({"description": texts, "language": st.sampled_from(Language.values), "evidence": texts})


@settings(max_examples=60)
@given(
    st.dictionaries(words, st.tuples(surveys(), about, st.lists(templates(), max_size=2)), max_size=2), st.booleans()
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
