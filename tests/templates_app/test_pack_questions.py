"""What a pack says of questions beside their words: kinds, sections, follow-ups, fields, other languages."""

import pytest

from templates_app.kinds import Kind
from templates_app.models import Question, RequestedReference, Survey
from templates_app.packs import compare, export, load
from templates_app.packs.entries import Entries, Remark
from templates_app.packs.fields import Table
from tests.factories import make_organization
from tests.templates_app.packs import SOUND, bent, refusal

pytestmark = pytest.mark.django_db

AFTER = "kind: text\n        shown_if: overall\n        shown_for: [1, unseen]"
GERMAN = """kind: choice
        labels: [Alone, With others]
        translations:
          de:
            text: Wie arbeitet {name} am besten?
            labels: [Allein, Mit anderen]"""


@pytest.mark.parametrize(
    "more",
    [
        "kind: choices\n        labels: [Alone, With others]",
        "kind: forced\n        labels: [Alone, With others]",
        "kind: fact\n        fact: period",
        "kind: line\n        section: Looking back\n        evidence: Our judgement.",
        "kind: scale\n        look: frequency\n        competency: Best",
        AFTER,
        GERMAN,
    ],
)
def test_every_kind_is_read_and_written_again(more: str) -> None:
    pack = bent("kind: text", more)

    assert refusal(pack) == []
    again = export([Survey.objects.get().organization])

    assert compare(again.encode()).is_all_here
    assert "key: strength" in again


def test_a_follow_up_keeps_its_answers_as_a_form_sends_them() -> None:
    load(bent("kind: text", AFTER).encode())

    question = Question.objects.get(key="strength")
    assert (question.shown_if, question.shown_for) == ("overall", ["1", "unseen"])


def test_yes_and_no_need_no_quotes() -> None:
    pack = bent("kind: scale", "kind: yes-no", bent("kind: text", AFTER.replace("[1, unseen]", "[no, unsure]")))

    load(pack.encode())

    assert Question.objects.get(key="strength").shown_for == ["no", "unsure"]


def test_a_translation_is_said_to_those_who_read_it() -> None:
    load(bent("kind: text", GERMAN).encode())

    question = Question.objects.get(key="strength").freeze().said_in("de")
    assert (question.text, question.labels) == ("Wie arbeitet {name} am besten?", ("Allein", "Mit anderen"))


def test_reasons_are_kept_as_a_text_or_as_lines() -> None:
    load(bent("    questions:", "    evidence: [Seen at sea., And ashore.]\n    questions:").encode())

    assert Survey.objects.get().evidence == "Seen at sea.\nAnd ashore."


def test_a_request_says_how_many_how_recent_and_whether_it_must() -> None:
    load(bent("note: Your captain.", "how_many: 2\n        recent_years: 5\n        must_answer: true").encode())

    request = RequestedReference.objects.get(relationship="manager")
    assert (request.how_many, request.recent_years, request.is_needed) == (2, 5, True)


def test_never_is_a_number_that_is_not_there() -> None:
    outcome = load(bent("priority: 10", "concludes_after_days: never").encode())

    [organization] = [Survey.objects.get().organization]
    assert outcome.changes
    assert organization.reference_templates.get().concludes_after_days is None
    assert "concludes_after_days: never" in export([organization])


def test_what_a_browser_did_to_the_ends_of_lines_is_no_difference() -> None:
    pack = bent("    questions:", "    evidence: |-\n      One.\n      Two.\n    questions:")
    load(pack.encode())
    Survey.objects.update(evidence="One.\r\nTwo.")

    assert compare(pack.encode()).is_all_here


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (
            "kind: text\n        shown_if: overal\n        shown_for: [1]",
            "12: shown_if: There is no question with the key",
        ),
        ("kind: text\n        shown_if: strength\n        shown_for: [1]", "12: shown_if: A question cannot wait"),
        ("kind: text\n        shown_if: overall\n        shown_for: [6]", "13: shown_for: “6” is no answer to"),
        ("kind: text\n        shown_if: overall", "10: shown_for: Name the earlier question and the answers"),
        ("kind: fact", "10: fact: Say which fact is to be confirmed."),
        ("kind: forced\n        labels: [One]", "12: labels: Give at least two answers."),
        ("kind: text\n        translations: [Was]", "12: A list of translations, which go by de, en, es or fr is made"),
        ("kind: text\n        translations:\n          it: {text: Che}", "13: “it” is not a field of a list of"),
        ("kind: text\n        translations:\n          de: {txt: Was}", "13: “txt” is not a field of a translation."),
        ("kind: text\n        translations:\n          de: {text: '{nmae}'}", "13: text: {nmae} is no field here."),
        (
            "kind: text\n        translations:\n          de: {labels: [Eins, Zwei]}",
            "13: labels: there are 2 here, and",
        ),
        ("kind: choice\n        labels: ['With {nme}', Alone]", "12: labels: {nme} is no field here. Did you mean"),
        ("kind: text\n        help: So {firstname}.", "12: help: {firstname} is no field here. Did you mean {name}?"),
    ],
)
def test_mistakes_in_a_question_are_told_by_line(more: str, reason: str) -> None:
    [found] = refusal(bent("kind: text", more))

    assert found.startswith(reason)


def test_a_follow_up_cannot_come_first() -> None:
    [found] = refusal(bent("look: bands", "shown_if: strength\n        shown_for: [yes]\n        look: bands"))

    assert found.startswith("7: shown_if: “What does {name} do best?” comes after this question.")


def test_what_should_not_be_asked_is_said_and_imported_all_the_same() -> None:
    outcome = load(bent("What does {name} do best?", "How is the health of {name}?").encode())

    assert [notice.line for notice in outcome.notices] == [10]
    assert "health or sickness" in outcome.notices[0].text


def test_a_rule_about_what_no_file_says_is_told_without_a_field() -> None:
    """Of a column that the file does not know, the model may complain all the same."""
    entries, table = Entries(), Table(Kind.SCALE.label, Question, {"kind": "kind", "labels": "labels"})
    [node] = entries.documents(b"labels: [Low, High]\nkind: scale")

    entries.row(entries.entry(node, table), table)

    assert entries.problems == [Remark(1, "A scale needs a competency: the report names it so.")]


def test_names_for_parts_are_refused_before_they_multiply() -> None:
    bomb = "organization: &a [x, x]\nsurveys: &b [*a, *a]\ntemplates: [*b, *b]\n"

    [found] = refusal(bomb)

    assert found.startswith("2: This cannot be read as YAML: a *name is not used in packs.")


@pytest.mark.parametrize("number", ["9" * 5000, "1.5", "1_000", "0x10", "[]"])
def test_a_number_that_is_too_much(number: str) -> None:
    [found] = refusal(bent("priority: 10", f"priority: {number}"))

    assert found == "16: priority: give a whole number."


def test_more_people_than_a_candidate_can_name() -> None:
    crowd = bent("note: Your captain.", "how_many: 10") + "        how_many: 10\n      - relationship: peer\n"

    assert refusal(crowd) == ["20: requests: 21 references are too many. A candidate can be asked for 20."]


def test_an_organization_s_own_default_survives_a_pack_of_questions_only() -> None:
    organization = make_organization(name="Northmoor Ferries")

    load(SOUND[: SOUND.index("templates:")].encode())

    assert not organization.reference_templates.exists()
