"""Who changed what in templates, surveys and messages, and the way back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from templates_app.changes import PARTS, PER_PAGE, Entry, page
from templates_app.models import CustomNotification, Question, ReferenceTemplate, RequestedReference, Survey
from templates_app.restoring import Past, obstacles, past
from tests.factories import make_organization, make_survey, make_template, make_user

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=30)


def make_message(template: ReferenceTemplate, **fields: Any) -> CustomNotification:
    values = {"moment": "candidate-request", "subject": "References", "text": "Please: {link}", **fields}
    return CustomNotification.objects.create(organization=template.organization, template=template, **values)


def settle(row: Any, at: datetime, by: User | None = None) -> datetime:
    """Whatever was done to it since the last call was done at that time, by that person."""
    for part in PARTS[type(row)]:
        fresh = part.records.filter(**{part.column: row.pk}, history_date__gt=timezone.now() - timedelta(hours=1))
        fresh.update(history_date=at, history_user=by)
    return at


def days(count: int) -> datetime:
    return LONG_AGO + timedelta(days=count)


def told(row: Any, **how: Any) -> list[tuple[str, list[tuple[str, str, str]]]]:
    entries: list[Entry] = page(type(row), row.pk, **how).entries
    return [(each.title, [(change.what, change.before, change.after) for change in each.changes]) for each in entries]


def then_of(row: Any, at: datetime) -> Past:
    found = past(type(row), row.pk, at)
    assert found
    return found


# --- who changed what -----------------------------------------------------------------------------------


def test_a_template_and_its_rows_saved_together_are_one_entry() -> None:
    template = make_template(make_organization(), requests=("manager", "any"))
    settle(template, days(0))
    template.name, template.sends_texts = "Deck", True
    template.save()
    template.requests.create(position=3, relationship="peer", note="From the ship")
    before = template.history.earliest().name
    assert told(template)[0] == (
        "",
        [
            ("Name", before, "Deck"),
            ("Text messages as well", "no", "yes"),
            ("Added a requested reference", "", "Colleague (From the ship)"),
        ],
    )


def test_the_first_entry_says_that_it_was_made() -> None:
    template = make_template(make_organization(), requests=("manager",))
    ((title, changes),) = told(template)
    assert title == "Made this template"
    assert changes == [("Added a requested reference", "", "Manager (Note 1)")]


def test_it_says_who_and_whose_acts_are_apart() -> None:
    organization = make_organization()
    ruth, jonas = (make_user(organization, name=name) for name in ("Ruth Adeyemi", "Jonas Keller"))
    template = make_template(organization)
    settle(template, days(0), ruth)
    template.description = "For the deck."
    template.save()
    settle(template, days(1), jonas)
    template.description = ""
    template.save()
    assert [entry.who for entry in page(ReferenceTemplate, template.pk).entries] == [
        "Vouch",
        "Jonas Keller",
        "Ruth Adeyemi",
    ]


def test_pressing_save_without_a_change_is_no_entry() -> None:
    template = make_template(make_organization())
    settle(template, days(0))
    template.save()
    for request in template.requests.all():
        request.save()
    assert [title for title, _changes in told(template)] == ["Made this template"]


def test_rows_that_change_their_places_are_an_order() -> None:
    template = make_template(make_organization(), requests=("manager", "peer", "any"))
    settle(template, days(0))
    first, second, _third = template.requests.order_by("position")
    first.position, second.position = second.position, first.position
    first.save()
    second.save()
    assert told(template)[0] == ("", [("Order", "", "Colleague (Note 2); Manager (Note 1)")])


def test_rows_pushed_down_by_a_new_one_have_not_been_moved() -> None:
    template = make_template(make_organization(), requests=("manager", "peer"))
    settle(template, days(0))
    for request in template.requests.all():
        request.position += 1
        request.save()
    template.requests.create(position=0, relationship="client")
    assert told(template)[0][1] == [("Added a requested reference", "", "Client")]


def test_questions_written_anew_are_known_again_by_their_keys() -> None:
    survey = make_survey(make_organization())
    settle(survey, days(0))
    rows = list(survey.questions.exclude(key="pace"))
    survey.questions.all().delete()
    for row in rows:
        row.pk = None
        row.save(force_insert=True)
    assert told(survey)[0][1] == [("Removed a question", "Where does {name} work best?", "")]


def test_a_publication_is_an_entry_and_nothing_to_go_back_to() -> None:
    survey = make_survey(make_organization())
    settle(survey, days(0))
    survey.versions.update(published_at=days(1))
    published, made = page(Survey, survey.pk).entries
    assert (published.title, published.moment) == ("Published version 1", None)
    assert (made.title, made.moment is None) == ("Made this survey", False)


def test_values_are_said_as_people_read_them() -> None:
    survey = make_survey(make_organization())
    settle(survey, days(0))
    question = survey.questions.get(key="setbacks")
    question.relationships, question.kind, question.labels = ["manager", "peer"], "choice", ["One", "Two"]
    question.translations = {"de": {"text": "Was dann?", "labels": ["Eins", "Zwei"]}}
    question.save()
    name = "“When something goes wrong, what does {name} do?”"
    assert told(survey)[0][1] == [
        (f"{name}, kind", "Scale of words", "One of several"),
        (f"{name}, answers", "Looks away, Says so, Says so and mends it, Mends it and finds the cause", "One, Two"),
        (f"{name}, asked of", "nothing", "Manager, Colleague"),
        (f"{name}, translations", "nothing", "Deutsch: Was dann?, Eins, Zwei"),
    ]


def test_long_texts_are_cut_to_where_they_begin_to_differ() -> None:
    template = make_template(make_organization())
    settle(template, days(0))
    message = make_message(template, text="a" * 500 + " with {link}")
    settle(template, days(1))
    message.text = "a" * 500 + " and {link}"
    message.save()
    ((_title, ((what, before, after),)), *_older) = told(message)
    assert what == "Text"
    assert (before, after) == ("…" + "a" * 24 + " with {link}", "…" + "a" * 24 + " and {link}")


def test_another_survey_is_told_by_its_name() -> None:
    template = make_template(make_organization())
    settle(template, days(0))
    old, template.survey = template.survey, make_survey(template.organization, name="Deck")
    template.save()
    old.name = "Older"
    old.save()
    assert told(template)[0][1] == [("Survey", "Older", "Deck")]


def test_a_new_default_is_in_the_history_of_the_old_one_too() -> None:
    old = make_template(make_organization(), is_default=True)
    settle(old, days(0))
    make_template(old.organization).make_default()
    assert told(old)[0][1] == [("Default", "yes", "no")]


def test_long_histories_are_read_page_by_page() -> None:
    template = make_template(make_organization())
    settle(template, days(0))
    for number in range(PER_PAGE + 5):
        template.description = f"Words {number}"
        template.save()
        settle(template, days(1) + timedelta(minutes=number))
    newest = page(ReferenceTemplate, template.pk)
    assert newest.older
    older = page(ReferenceTemplate, template.pk, newest.entries[-1].at)
    assert (len(newest.entries), len(older.entries), older.older) == (PER_PAGE, 6, None)
    assert older.entries[0].changes[0].after == "Words 4"
    assert older.entries[-1].title == "Made this template"


def test_it_is_as_many_queries_whatever_there_is(django_assert_num_queries: Any) -> None:
    template = make_template(make_organization(), requests=("any",) * 30)
    settle(template, days(0))
    for number in range(30):
        template.description = f"Words {number}"
        template.save()
        settle(template, days(1) + timedelta(minutes=number))
    with django_assert_num_queries(7):
        page(ReferenceTemplate, template.pk)


# --- restoring ------------------------------------------------------------------------------------------


def test_a_template_is_restored_with_whom_it_asked() -> None:
    template = make_template(make_organization(), requests=("manager", "peer"), name="Deck")
    at = settle(template, days(0))
    template.name, template.minimum = "Engine", 2
    template.save()
    template.requests.first().delete()
    template.requests.create(position=5, relationship="client")
    settle(template, days(1))
    then_of(template, at).restore()
    template.refresh_from_db()
    assert (template.name, template.minimum) == ("Deck", 0)
    assert [request.relationship for request in template.requests.order_by("position")] == ["manager", "peer"]


def test_restoring_is_in_the_history_and_can_be_taken_back() -> None:
    template = make_template(make_organization(), name="Deck")
    at = settle(template, days(0))
    template.name = "Engine"
    template.save()
    changed = settle(template, days(1))
    then_of(template, at).restore()
    title, changes = told(template)[0]
    assert title.startswith("Restored as it was on ")
    assert changes == [("Name", "Engine", "Deck")]
    then_of(template, changed).restore()
    assert ReferenceTemplate.objects.get(pk=template.pk).name == "Engine"


def test_what_it_would_change_is_said_before() -> None:
    template = make_template(make_organization(), requests=("manager",), name="Deck")
    at = settle(template, days(0))
    template.name = "Engine"
    template.save()
    template.requests.create(position=5, relationship="client")
    assert [(change.what, change.before, change.after) for change in then_of(template, at).changes()] == [
        ("Name", "Engine", "Deck"),
        ("Removed a requested reference", "Client", ""),
    ]


def test_whether_a_template_is_the_default_stays_as_it_is() -> None:
    template = make_template(make_organization(), is_default=True)
    at = settle(template, days(0))
    other = make_template(template.organization)
    other.make_default()
    template.archive()
    then_of(template, at).restore()
    template.refresh_from_db()
    assert (template.is_default, template.is_archived) == (False, True)


def test_a_survey_is_restored_as_a_draft_and_what_is_published_stays() -> None:
    survey = make_survey(make_organization())
    at = settle(survey, days(0))
    question = survey.questions.get(key="pace")
    question.text = "How fast is {name}?"
    question.save()
    survey.questions.get(key="strength").delete()
    survey.publish(timezone.now())
    settle(survey, days(1))
    then_of(survey, at).restore()
    survey.refresh_from_db()
    assert (survey.version, survey.has_changes) == (2, True)
    assert [question.key for question in survey.drafted()] == ["overall", "setbacks", "work-again", "pace", "strength"]
    assert "How fast is {name}?" in [question.text for question in survey.published()]


def test_two_questions_that_changed_their_keys_for_each_others() -> None:
    survey = make_survey(make_organization())
    at = settle(survey, days(0))
    pace, strength = survey.questions.get(key="pace"), survey.questions.get(key="strength")
    for question, key in ((pace, "x"), (strength, "pace"), (pace, "strength")):
        question.key = key
        question.save()
    then_of(survey, at).restore()
    assert Question.objects.get(pk=pace.pk).key == "pace"
    assert Question.objects.get(pk=strength.pk).key == "strength"


def test_a_message_gets_its_words_back() -> None:
    message = make_message(make_template(make_organization()))
    at = settle(message, days(0))
    message.text, message.subject = "Other words: {link}", "Something else"
    message.save()
    then_of(message, at).restore()
    message.refresh_from_db()
    assert (message.subject, message.text) == ("References", "Please: {link}")


def test_a_deleted_template_comes_back_with_its_people_and_its_messages() -> None:
    template = make_template(make_organization(), requests=("manager", "any"), is_default=True)
    make_message(template)
    at, pk = settle(template, days(0)), template.pk
    template.delete()
    found = past(ReferenceTemplate, pk, at)
    assert found
    assert list(obstacles(found)) == []
    back = found.restore()
    assert (back.pk, back.is_default) == (pk, False)
    assert [request.relationship for request in back.requests.order_by("position")] == ["manager", "any"]
    assert back.notifications.get().subject == "References"


def test_a_deleted_survey_comes_back_as_a_draft() -> None:
    survey = make_survey(make_organization())
    at, pk = settle(survey, days(0)), survey.pk
    survey.delete()
    found = past(Survey, pk, at)
    assert found
    back = found.restore()
    assert (back.version, len(back.drafted()), back.published()) == (0, 5, ())


def test_before_it_was_made_and_after_it_was_deleted_there_is_nothing_to_go_back_to() -> None:
    template = make_template(make_organization())
    settle(template, days(1))
    pk = template.pk
    assert past(ReferenceTemplate, pk, days(0)) is None
    template.delete()
    assert past(ReferenceTemplate, pk, timezone.now()) is None
    assert page(ReferenceTemplate, pk).entries[0].moment is None


def test_a_template_whose_survey_is_gone_says_what_comes_first() -> None:
    template = make_template(make_organization())
    at = settle(template, days(0))
    old, template.survey = template.survey, make_survey(template.organization)
    template.save()
    old.delete()
    assert list(obstacles(then_of(template, at))) == [
        "The survey that it had then was deleted. Restore the survey first."
    ]


def test_a_name_that_another_has_taken_since_is_refused_in_words() -> None:
    template = make_template(make_organization(), name="Deck")
    at = settle(template, days(0))
    template.name = "Engine"
    template.save()
    make_template(template.organization, name="Deck")
    with pytest.raises(ValidationError, match="There is a template of this name already"):
        then_of(template, at).restore()
    assert ReferenceTemplate.objects.get(pk=template.pk).name == "Engine"


def test_rows_from_before_histories_were_kept_stay() -> None:
    template = make_template(make_organization(), requests=("manager", "peer"))
    RequestedReference.history.all().delete()
    template.name = "Deck"
    template.save()
    at = settle(template, days(0))
    template.name = "Engine"
    template.save()
    then_of(template, at).restore()
    assert template.requests.count() == 2
