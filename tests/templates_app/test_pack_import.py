"""What a question pack brings about."""

import pytest

from accounts.models import Organization
from templates_app.models import ReferenceTemplate, Survey
from templates_app.packs import load
from tests.factories import make_organization, make_template
from tests.templates_app.packs import NOBODY_S, SOUND, bent, contents, refusal

pytestmark = pytest.mark.django_db


def test_it_makes_the_organization_its_surveys_and_its_templates() -> None:
    outcome = load(SOUND.encode())

    assert outcome.changes == {
        "Northmoor Ferries": [
            "a new organization",
            "survey “Deck”: new, 2 questions",
            "template “Deck officers”: new, 2 references",
        ]
    }
    template = ReferenceTemplate.objects.get(organization__name="Northmoor Ferries")
    assert (template.ats_tag, template.priority, template.is_default) == ("deck", 10, True)
    assert [each.key for each in template.freeze().questions] == ["overall", "strength"]
    assert [(each.relationship, each.note) for each in template.freeze().requests] == [
        ("manager", "Your captain."),
        ("any", ""),
    ]


def test_what_a_pack_does_not_say_is_as_in_a_new_row() -> None:
    load(SOUND.encode())

    template = ReferenceTemplate.objects.get()
    fresh = ReferenceTemplate()
    assert template.days_until_overdue == fresh.days_until_overdue
    assert template.minimum == fresh.minimum
    assert template.survey.questions.get(key="overall").may_be_unobserved


def test_the_same_pack_twice_changes_nothing_and_says_so() -> None:
    load(SOUND.encode())
    before, versions = contents(), list(Survey.objects.values_list("version", "updated_at"))

    assert load(SOUND.encode()).changes == {}
    assert load(SOUND.encode(), replace=True).changes == {}

    assert contents() == before
    assert list(Survey.objects.values_list("version", "updated_at")) == versions


def test_a_dry_run_says_what_would_change_and_changes_nothing() -> None:
    outcome = load(SOUND.encode(), dry_run=True)

    assert outcome.changes["Northmoor Ferries"][1] == "survey “Deck”: new, 2 questions"
    assert not Organization.objects.exists()


def test_replacing_takes_the_file_s_template_and_leaves_other_fields_of_the_row() -> None:
    load(SOUND.encode())
    template = ReferenceTemplate.objects.get()

    outcome = load(bent("priority: 10", "priority: 20").encode(), replace=True)

    assert outcome.changes == {
        "Northmoor Ferries": ["template “Deck officers”: changed (priority (“10” here, “20” in the file))"]
    }
    assert ReferenceTemplate.objects.get(pk=template.pk).priority == 20


def test_replacing_questions_counts_the_version_up() -> None:
    load(SOUND.encode())

    changes = load(bent("key: strength", "key: best").encode(), replace=True).changes["Northmoor Ferries"]

    assert changes == [
        "survey “Deck”: changed (question “best” (new); question “strength” (not in the file)), now version 2; "
        "checks that have begun keep their questions"
    ]
    survey = Survey.objects.get()
    assert (survey.version, [each.key for each in survey.questions.order_by("position")]) == (2, ["overall", "best"])


def test_replacing_a_survey_s_description_leaves_its_version() -> None:
    load(SOUND.encode())

    load(bent("    questions:", "    description: For ships.\n    questions:").encode(), replace=True)

    assert Survey.objects.values_list("description", "version").get() == ("For ships.", 1)


def test_replacing_requests_takes_the_file_s() -> None:
    load(SOUND.encode())

    load(bent("relationship: any", "relationship: peer").encode(), replace=True)

    requests = ReferenceTemplate.objects.get().requests.order_by("position")
    assert [each.relationship for each in requests] == ["manager", "peer"]


def test_with_replace_a_new_default_takes_over() -> None:
    organization = make_organization(name="Northmoor Ferries")
    old = make_template(organization, name="General", is_default=True)

    changes = load(SOUND.encode(), replace=True).changes["Northmoor Ferries"]

    assert "template “General”: no longer the default" in changes
    old.refresh_from_db()
    assert not old.is_default
    assert ReferenceTemplate.objects.get(is_default=True).name == "Deck officers"


def test_with_replace_the_default_can_pass_between_templates_of_the_file() -> None:
    second = "  - {name: Bridge, %s survey: Deck, requests: [{relationship: peer}]}\n"
    load((SOUND + second % "").encode())

    passed = bent("    default: true\n", "") + second % "default: true,"
    load(passed.encode(), replace=True)

    assert ReferenceTemplate.objects.get(is_default=True).name == "Bridge"


def test_a_template_may_use_a_survey_that_is_here_already() -> None:
    organization = make_organization(name="Northmoor Ferries")
    here = make_template(organization, name="General").survey
    templates_only = SOUND[SOUND.index("templates:") :].replace("survey: Deck", f"survey: {here.name}")

    load(templates_only.encode())

    assert ReferenceTemplate.objects.get(name="Deck officers").survey == here


def test_what_the_file_does_not_mention_stays() -> None:
    organization = make_organization(name="Northmoor Ferries")
    make_template(organization, name="General")

    load(SOUND.encode(), replace=True)

    assert ReferenceTemplate.objects.filter(organization=organization).count() == 2


def test_a_pack_of_nobody_is_for_the_only_organization() -> None:
    only = make_organization()

    load(NOBODY_S.encode())

    assert ReferenceTemplate.objects.get().organization == only


def test_a_pack_goes_to_the_organization_that_is_named_beside_it() -> None:
    make_organization(name="Northmoor Ferries")

    load(SOUND.encode(), organization="Tern Mapping")

    assert ReferenceTemplate.objects.get().organization.name == "Tern Mapping"


def test_a_file_may_hold_packs_of_several_organizations() -> None:
    other = bent("Northmoor Ferries", "Tern Mapping")

    assert list(load((SOUND + "---\n" + other).encode()).changes) == ["Northmoor Ferries", "Tern Mapping"]


def test_organizations_may_use_the_same_names_for_different_things() -> None:
    make_template(make_organization(name="Tern Mapping"), name="Deck officers")

    assert refusal(SOUND) == []


def test_a_tag_is_put_in_lower_case_with_a_notice() -> None:
    outcome = load(bent("ats_tag: deck", "ats_tag: Deck").encode())

    assert [(each.line, each.text) for each in outcome.notices] == [
        (15, "The tag “Deck” is kept as “deck”: tags are lower case.")
    ]
    assert ReferenceTemplate.objects.get().ats_tag == "deck"


def test_texts_that_look_like_something_else_need_no_quotes() -> None:
    pack = bent("kind: text", "kind: choice\n        labels: [Yes, No, 2026, 3.5]")

    load(bent("name: Deck\n", "name: 2026\n", pack).replace("survey: Deck", "survey: 2026").encode())

    assert Survey.objects.get().name == "2026"
    assert Survey.objects.get().questions.get(key="strength").labels == ["Yes", "No", "2026", "3.5"]


def test_notes_for_people_are_read_and_not_kept() -> None:
    notes = "pack: Deck\nlanguage: en\nlicence: CC0-1.0\nevidence:\n  - Seen at sea.\n"

    assert refusal(notes + bent("kind: text", "kind: text\n        evidence: Seen at sea.")) == []
