"""What a file would change, before it does; and a choice of what it may."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from templates_app.models import Question, ReferenceTemplate, Survey
from templates_app.packs import Finding, compare, export, export_template, load
from tests.factories import make_check, make_organization, make_template, make_user
from tests.templates_app.packs import SOUND, bent, contents

pytestmark = pytest.mark.django_db

ASKED = bent("What does {name} do best?", "What is {name} good at?")
CHANGED = bent("priority: 10", "priority: 20", ASKED)


def found(pack: str) -> list[Finding]:
    return compare(pack.encode()).findings["Northmoor Ferries"]


def marks(pack: str, kind: str) -> list[str]:
    return [finding.mark for finding in found(pack) if finding.kind == kind]


def test_what_is_new_shows_what_it_brings() -> None:
    survey, template = found(SOUND)

    assert (survey.is_new, survey.brings) == (True, ("Where is {name}?", "What does {name} do best?"))
    assert template.brings == ("Manager: Your captain.", "Any: the candidate decides")
    assert not Survey.objects.exists()


def test_what_differs_is_told_field_by_field() -> None:
    load(SOUND.encode())

    survey, template = found(CHANGED)

    assert [(each.what, each.here, each.there) for each in (*survey.differences, *template.differences)] == [
        ("question “strength”: text", "What does {name} do best?", "What is {name} good at?"),
        ("priority", "10", "20"),
    ]


def test_only_what_was_agreed_to_is_replaced() -> None:
    load(SOUND.encode())

    changes = load(CHANGED.encode(), replace=marks(CHANGED, "template")).changes["Northmoor Ferries"]

    assert ReferenceTemplate.objects.get().priority == 20
    assert Question.objects.get(key="strength").text == "What does {name} do best?"
    assert "survey “Deck”: left as it is here" in changes


def test_who_agreed_to_one_difference_agreed_to_no_other() -> None:
    load(SOUND.encode())
    agreed = marks(CHANGED, "template")
    ReferenceTemplate.objects.update(priority=15)

    load(CHANGED.encode(), replace=agreed)

    assert ReferenceTemplate.objects.get().priority == 15


def test_the_default_changes_hands_only_when_that_is_agreed_to() -> None:
    make_template(make_organization(name="Northmoor Ferries"), name="General", is_default=True)
    agreed = marks(SOUND, "default")

    load(SOUND.encode(), replace=[])
    assert ReferenceTemplate.objects.get(is_default=True).name == "General"

    load(SOUND.encode(), replace=[*agreed, *marks(SOUND, "template")])
    assert ReferenceTemplate.objects.get(is_default=True).name == "Deck officers"


def test_an_archived_template_comes_back_when_that_is_agreed_to() -> None:
    load(SOUND.encode())
    ReferenceTemplate.objects.get().archive()

    load(SOUND.encode(), replace=marks(SOUND, "template"))

    assert ReferenceTemplate.objects.get(is_archived=False).name == "Deck officers"


def test_running_checks_keep_their_questions_and_new_ones_get_the_file_s() -> None:
    load(SOUND.encode())
    running = make_check(template=ReferenceTemplate.objects.get())
    by = make_user(running.organization)

    load(ASKED.encode(), replace=True, by=by)

    running.refresh_from_db()
    assert running.frozen.questions[1].text == "What does {name} do best?"
    assert make_check(template=ReferenceTemplate.objects.get()).frozen.questions[1].text == "What is {name} good at?"
    assert Survey.objects.get().versions.get(number=2).published_by == by


def test_a_question_that_stays_is_the_same_row_with_one_more_line_of_history() -> None:
    load(SOUND.encode())
    before = dict(Question.objects.values_list("key", "pk"))

    load(ASKED.encode(), replace=True)

    assert dict(Question.objects.values_list("key", "pk")) == before
    assert Question.history.filter(key="strength").count() == 2
    assert Question.history.filter(key="overall").count() == 1


def test_why_a_question_is_asked_may_change_without_a_new_version() -> None:
    load(SOUND.encode())

    load(bent("kind: text", "kind: text\n        evidence: Seen at sea.").encode(), replace=True)

    assert (Survey.objects.get().version, Question.objects.get(key="strength").evidence) == (1, "Seen at sea.")


def test_a_template_is_written_out_with_its_survey_and_nothing_else() -> None:
    load(SOUND.encode())
    template = ReferenceTemplate.objects.get()
    make_template(template.organization)

    assert export_template(template).endswith(SOUND)


def test_archived_templates_are_not_written_out() -> None:
    load(SOUND.encode())
    template = ReferenceTemplate.objects.get()
    template.archive()

    assert "Deck officers" not in export([template.organization])


def test_no_more_queries_for_thirty_than_for_three() -> None:
    counts = []
    for name, many in (("Few", 3), ("Many", 30)):
        organization = make_organization(name=name)
        for _number in range(many):
            make_template(organization)
        with CaptureQueriesContext(connection) as captured:
            text = export([organization])
            compare(text.encode())
        counts.append(len(captured))

    assert counts[0] == counts[1] < 20


def test_the_command_shows_both_beside_one_another(tmp_path: Path) -> None:
    load(SOUND.encode())
    file, out, before = tmp_path / "pack.yaml", io.StringIO(), contents()
    file.write_text(CHANGED)

    call_command("import_templates", str(file), "--diff", stdout=out)

    assert out.getvalue() == (
        "Northmoor Ferries\n"
        "  survey “Deck”: different\n"
        "    question “strength”: text\n"
        "      - What does {name} do best?\n"
        "      + What is {name} good at?\n"
        "  template “Deck officers”: different\n"
        "    priority\n"
        "      - 10\n"
        "      + 20\n"
    )
    assert contents() == before
