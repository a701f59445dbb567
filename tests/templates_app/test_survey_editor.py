"""The survey editor, filled in and sent as a browser without JavaScript sends it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from templates_app import effort, followups, survey_forms, translating
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Kind, Relationship
from templates_app.models import Question, Survey
from templates_app.ways import MEANINGS, Way, way_of
from tests.factories import make_check, make_organization, make_survey, make_template, make_user
from tests.portal.test_forms import fill
from tests.portal.world import address

pytestmark = pytest.mark.django_db
LABEL = "templates_app.survey"


@pytest.fixture
def survey() -> Survey:
    """Five published questions: overall, setbacks, work-again, pace, strength."""
    return make_survey(make_organization(), name="Deck")


@pytest.fixture
def admin(survey: Survey) -> Client:
    browser = Client()
    browser.force_login(make_user(survey.organization, Role.ADMIN, name="Ruth"))
    return browser


@pytest.fixture
def url(survey: Survey) -> str:
    return address(LABEL, "change", survey.pk)


def as_draft(browser: Client, url: str, **values: Any) -> Any:
    return fill(browser, url, _draft="", **values)


def keys(survey: Survey) -> list[str]:
    return [question.key for question in survey.drafted()]


def errors(answer: Any) -> dict[str, str]:
    """What stands beside the fields of the page, by their ids."""
    assert answer.status_code == 200
    found = BeautifulSoup(answer.text, "html.parser").select(".error[id$=_error]")
    return {str(each["id"]).removesuffix("_error").removeprefix("id_questions-"): each.get_text() for each in found}


def text_of(answer: Any) -> str:
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


def question(key: str, kind: str = "yes-no", **fields: Any) -> FrozenQuestion:
    return FrozenQuestion(key=key, kind=kind, text=f"{key}?", **fields)


# --- the kind of answer -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", Way)
def test_every_way_of_answering_is_one_kind_look_and_fact_and_leads_back(way: Way) -> None:
    it = MEANINGS[way]
    assert way_of(Question(kind=it.kind, look=it.look, fact=it.fact)) == way


def test_every_kind_can_be_chosen() -> None:
    assert {meaning.kind for meaning in MEANINGS.values()} == set(Kind)


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        ("frequency", ("scale", "frequency", "")),
        ("forced", ("forced", "words", "")),
        ("title", ("fact", "words", "title")),
        ("line", ("line", "words", "")),
    ],
)
def test_the_kind_of_answer_is_kept_as_kind_look_and_fact(
    survey: Survey, admin: Client, url: str, way: str, expected: tuple[str, str, str]
) -> None:
    labels = "Plans first\nStarts first" if way == "forced" else ""
    fill(admin, url, questions__1__answer=way, questions__1__labels=labels)
    saved = survey.questions.get(key="setbacks")
    assert (saved.kind, saved.look, saved.fact) == expected


def test_what_does_not_matter_for_a_kind_is_not_kept(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url, questions__1__answer="text", questions__1__competency="Setbacks")
    saved = survey.questions.get(key="setbacks")
    assert (saved.labels, saved.competency) == ([], "Setbacks")
    fill(admin, url, questions__1__answer="period")
    assert survey.questions.get(key="setbacks").competency == ""


def test_the_usual_words_of_a_scale_show_where_it_has_none_of_its_own(admin: Client, url: str) -> None:
    page = BeautifulSoup(admin.get(url).text, "html.parser")
    fields = page.select("#id_questions-0-labels, #id_questions-1-labels")
    assert [str(field["placeholder"])[:11] for field in fields] == ["Bottom half", ""]


# --- order and sections -----------------------------------------------------------------------------------


def test_the_numbers_say_the_order(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url, questions__4__position="0", questions__0__position="1")
    assert keys(survey) == ["strength", "overall", "setbacks", "work-again", "pace"]
    assert [each.position for each in survey.questions.order_by("position")] == [1, 2, 3, 4, 5]


def test_a_removed_question_leaves_no_gap(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url, questions__1__DELETE="on")
    assert keys(survey) == ["overall", "work-again", "pace", "strength"]
    assert [each.position for each in survey.questions.order_by("position")] == [1, 2, 3, 4]


def test_a_sections_name_stands_above_its_first_question(admin: Client, url: str) -> None:
    fill(admin, url, questions__0__section="The work", questions__1__section="The work", questions__2__section="Again")
    page = BeautifulSoup(admin.get(url).text, "html.parser")
    shown = [heading.get_text() for heading in page.select("[data-questions] [data-heading]")]
    assert shown == ["The work", "", "Again", "", "", ""]
    assert [option["value"] for option in page.select("#sections option")] == ["The work", "Again"]


def test_a_row_in_which_nothing_is_typed_adds_nothing(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url, questions__5__answer="choice", questions__5__section="The end", questions__5__is_required=None)
    assert len(keys(survey)) == 5


def test_saving_without_a_change_writes_no_history(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url)
    known = Question.history.count()  # the numbers of the factory begin with 0
    fill(admin, url)
    assert Question.history.count() == known
    assert survey.versions.count() == 1


# --- what is wrong, at its field --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("text", "x" * 301, "at most 300 characters"),
        ("text", "Is {nme} there?", "{nme} is no field here. Did you mean {name}? There are: {name}, {candidate}"),
        ("help", "For {salary}", "{salary} is no field here. There are: {name}, {candidate}, {company}"),
        ("text", "Is <b>she</b> there?", "Write plain words: <b>"),
        ("text", "What\0?", "Null characters are not allowed."),
        ("labels", "Good\n" + "x" * 301, "longer than 300 characters"),
        ("labels", "\n".join(f"{n}" for n in range(21)), "More than 20 answers"),
        ("labels", "Same\nSame", "Two answers are the same."),
        ("labels", "Good for {company}\nGood for {us}", "{us} is no field here."),
        ("competency", "", "A scale needs a competency"),
        ("de_labels", "Eins\nZwei", "The question has 4 answers, its translation 2."),
        ("de_text", "Was tut {vorname}?", "{vorname} is no field here."),
        ("key", "not a key", "Enter a valid"),
    ],
)
def test_a_mistake_is_said_at_its_field(
    survey: Survey, admin: Client, url: str, field: str, value: str, words: str
) -> None:
    known = survey.drafted()
    found = errors(fill(admin, url, **{f"questions__1__{field}": value}))
    assert list(found) == [f"1-{field}"]
    assert words in found[f"1-{field}"]
    assert survey.drafted() == known


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"1__key": "pace"}, "3-key", "Question 2 has the key “pace” already."),
        ({"1__key": "pace", "3__key": "setbacks"}, "1-key", "Another question had the key “pace” so far."),
        ({"1__key": "pace", "3__DELETE": "on"}, "1-key", "Another question had the key “pace” so far."),
    ],
)
def test_a_key_is_one_questions(admin: Client, url: str, change: dict[str, str], field: str, words: str) -> None:
    found = errors(fill(admin, url, **{f"questions__{name}": value for name, value in change.items()}))
    assert words in found[field]


def test_two_new_questions_of_one_key_are_told_apart_by_number(survey: Survey, admin: Client) -> None:
    rows = [new_row(number, key="same") for number in range(2)]
    answer = admin.post(address(LABEL, "add"), posted(survey, *rows))
    assert errors(answer) == {"1-key": "Question 1 has the key “same” already. Each has its own."}


def test_new_questions_get_keys_of_their_own_from_the_same_words(survey: Survey, admin: Client) -> None:
    admin.post(address(LABEL, "add"), posted(survey, *[new_row(number) for number in range(3)]))
    assert keys(Survey.objects.get(name="New")) == ["why", "why-2", "why-3"]


def test_more_questions_than_anybody_answers_are_refused_in_words(
    survey: Survey, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_forms, "MOST", 2)
    answer = admin.post(address(LABEL, "add"), posted(survey, *[new_row(number) for number in range(3)]))
    assert "A survey has at most 2 questions." in text_of(answer)


def test_what_was_typed_stays_in_the_order_it_was_given_when_something_is_wrong(admin: Client, url: str) -> None:
    answer = fill(admin, url, questions__4__position="1", questions__4__text="Say {what}")
    rows = BeautifulSoup(answer.text, "html.parser").select("[data-questions] [data-question] [name$=-key]")
    assert [row["value"] for row in rows if row.get("value")][:3] == ["overall", "setbacks", "strength"]
    assert "Say {what}" in answer.text


def new_row(number: int, **fields: Any) -> dict[str, Any]:
    values = {"answer": "text", "text": "Why?", "position": number + 1, **fields}
    return {f"questions-{number}-{name}": value for name, value in values.items()}


def posted(survey: Survey, *rows: dict[str, Any]) -> dict[str, Any]:
    """A new survey as a browser sends it."""
    sent = {"name": "New", "language": "en", "organization": survey.organization_id}
    sent |= {"questions-TOTAL_FORMS": len(rows), "questions-INITIAL_FORMS": 0}
    return {name: value for row in (sent, *rows) for name, value in row.items()}


# --- follow-ups -------------------------------------------------------------------------------------------


def test_a_follow_up_names_an_earlier_question_and_its_answers(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url, questions__3__shown_if="work-again")
    assert survey.questions.get(key="pace").shown_if == ""  # no answers were ticked, so it was refused
    chosen = follow(admin, url, 3, "work-again", ["no", "unsure"])
    assert chosen.status_code == 302
    assert survey.questions.get(key="pace").shown_for == ["no", "unsure"]
    page = BeautifulSoup(admin.get(url).text, "html.parser")
    assert [box["value"] for box in page.select("[name=questions-3-shown_for][checked]")] == ["unsure", "no"]


def follow(browser: Client, url: str, number: int, key: str, answers: list[str], **more: Any) -> Any:
    """As with the script, which offers the boxes at once."""
    page = BeautifulSoup(browser.get(url).text, "html.parser")
    form = page.select_one("#survey_form")
    assert isinstance(form, Tag)
    form.append(BeautifulSoup(f'<input name="questions-{number}-shown_for">', "html.parser"))
    found = {f"questions__{number}__shown_if": key, f"questions__{number}__shown_for": answers, **more}
    return _send(browser, url, form, found)


def _send(browser: Client, url: str, form: Tag, values: dict[str, Any]) -> Any:
    sent: dict[str, Any] = {}
    for each in form.select("input:not([type=checkbox]):not([type=radio]), textarea, input[checked]"):
        sent.setdefault(str(each["name"]), each.get("value", each.get_text().lstrip("\n")))
    for each in form.select("select"):
        chosen = each.select_one("option[selected]")
        sent[str(each["name"])] = str(chosen["value"]) if chosen else ""
    return browser.post(url, sent | {name.replace("__", "-"): value for name, value in values.items()})


@pytest.mark.parametrize(
    ("key", "answers", "field", "words"),
    [
        ("strength", ["yes"], "shown_if", "comes after this question. Move that one up, or this one down."),
        ("pace", ["yes"], "shown_if", "A question cannot wait for an answer to itself."),
        ("gone", ["yes"], "shown_if", "There is no question with the key “gone” in this survey."),
        ("work-again", ["maybe"], "shown_for", "“maybe” is no answer to “Would you work with {name} again?” any more."),
        ("work-again", [], "shown_for", "Name the earlier question and the answers"),
    ],
)
def test_a_follow_up_that_cannot_be_is_refused_at_its_row(
    admin: Client, url: str, key: str, answers: list[str], field: str, words: str
) -> None:
    found = errors(follow(admin, url, 3, key, answers))
    assert list(found) == [f"3-{field}"]
    assert words in found[f"3-{field}"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"questions__2__DELETE": "on"}, "There is no question with the key “work-again”"),
        ({"questions__2__key": "again"}, "There is no question with the key “work-again”"),
        ({"questions__2__position": "9"}, "comes after this question"),
        ({"questions__2__answer": "text"}, "has no answers to choose from"),
        ({"questions__2__answer": "choice", "questions__2__labels": "Ja\nNein"}, "“no” is no answer to"),
    ],
)
def test_a_follow_up_notices_what_becomes_of_its_question(
    admin: Client, url: str, change: dict[str, str], words: str
) -> None:
    follow(admin, url, 3, "work-again", ["no"])
    found = errors(fill(admin, url, **change))
    assert [field for field in found if field.startswith("3-")] == list(found)
    assert words in next(iter(found.values()))


def test_nothing_follows_words_or_facts() -> None:
    rows = [question("why", "text"), question("title", "fact", fact="title"), question("a", shown_if="why")]
    assert [(place, field) for place, field, _words in followups.problems(rows)] == [(2, "shown_if")]


# --- translations -----------------------------------------------------------------------------------------


def test_a_question_is_translated_part_by_part(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url, questions__3__de_text="Wo arbeitet {name}?", questions__3__de_labels="Allein\nIm Team")
    said = survey.questions.get(key="pace").freeze().said_in("de")
    assert (said.text, said.labels) == ("Wo arbeitet {name}?", ("Allein", "Im Team"))
    assert "Deutsch 1 of 5" in text_of(admin.get(url))


def test_a_sections_name_is_translated_once_for_all_its_questions(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url, questions__0__section="The work", questions__1__section="The work")
    fill(admin, url, questions__0__de_section="Die Arbeit")
    assert [q.said_in("de").section for q in survey.drafted()][:3] == ["Die Arbeit", "Die Arbeit", ""]
    fill(admin, url, questions__0__de_section="Das Werk")
    assert [q.said_in("de").section for q in survey.drafted()][:2] == ["Das Werk", "Das Werk"]


def test_a_part_that_is_gone_is_not_kept_in_other_languages(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url, questions__2__de_reason_label="Warum?")
    fill(admin, url, questions__2__reason_label="")
    assert survey.questions.get(key="work-again").translations == {}


def test_the_surveys_language_is_not_changed_to_one_of_its_translations(
    survey: Survey, admin: Client, url: str
) -> None:
    fill(admin, url, questions__0__de_text="Wo steht {name}?")
    answer = fill(admin, url, language="de")
    assert "There are translations into Deutsch already." in text_of(answer)
    assert fill(admin, url, language="fr").status_code == 302


def test_usual_words_need_no_translation_and_a_section_only_one() -> None:
    usual = Question(key="a", kind="scale", look="bands", text="Where?", section="Work").freeze()
    said = {"de": {"text": "Wo?", "section": "Arbeit"}}
    first = FrozenQuestion(**{**vars(usual), "translations": said})
    second = FrozenQuestion(**{**vars(usual), "key": "b", "translations": {"de": {"text": "Wie?"}}})
    assert translating.completeness([first, second, usual], "en")["de"] == (2, 3)


# --- minutes ----------------------------------------------------------------------------------------------


def test_minutes_are_said_for_each_relationship() -> None:
    everybody = [question(f"q{number}", "text") for number in range(4)]
    managers = [question("m", "text", relationships=("manager",)), question("p", "text", relationships=("peer",))]
    assert effort.in_words(everybody) == "5 minutes"
    assert (
        effort.in_words([*everybody, *managers])
        == "7 minutes for a manager or a colleague, 5 minutes for everybody else"
    )
    assert effort.in_words([]) == ""


def test_every_kind_takes_time() -> None:
    assert set(effort.SECONDS_PER_QUESTION) == set(Kind)
    assert list(effort.WHOM) == [value for value in Relationship if value != "any"]


def test_a_relationship_without_a_question_is_named_when_the_survey_is_saved(admin: Client, url: str) -> None:
    limited = {f"questions__{number}__relationships": ["manager", "peer", "report"] for number in range(5)}
    answer = admin.get(fill(admin, url, **limited).headers["Location"])
    assert "There is no question for a client, a teacher or trainer or a fellow volunteer." in text_of(answer)


# --- cautions ---------------------------------------------------------------------------------------------


def test_a_question_that_should_not_be_asked_is_saved_and_warned_of(survey: Survey, admin: Client, url: str) -> None:
    answer = admin.get(fill(admin, url, questions__4__text="How old is {name}?").headers["Location"])
    page = BeautifulSoup(answer.text, "html.parser")
    assert survey.questions.get(key="strength").text == "How old is {name}?"
    assert "Question 5, “How old is {name}?”: This seems to ask about age." in page.select(".notice.warn")[0].get_text()
    assert "about age" in page.select("[data-question]")[4].select_one(".notice.warn").get_text()
    assert "5, 1 to look at again" in text_of(admin.get(address(LABEL, "changelist")))


# --- drafts and versions ----------------------------------------------------------------------------------


def test_a_draft_changes_nothing_for_checks_until_it_is_published(survey: Survey, admin: Client, url: str) -> None:
    template = make_template(survey.organization, survey=survey)
    answer = as_draft(admin, url, questions__4__text="What else?")
    assert "Checks that begin ask version 1 until you publish this one." in text_of(
        admin.get(answer.headers["Location"])
    )
    assert template.freeze().questions[4].text == "What does {name} do best?"
    fill(admin, url)
    template.refresh_from_db()
    assert (template.freeze().questions[4].text, template.freeze().survey_version) == ("What else?", 2)


def test_the_page_says_what_is_different_in_the_draft(admin: Client, url: str) -> None:
    as_draft(admin, url, questions__4__text="What else?", questions__1__DELETE="on", **added("New one?"))
    shown = text_of(admin.get(url))
    assert "Version 1 is in use; your draft differs." in shown
    assert "Added a question: New one?" in shown
    assert "Removed a question: When something goes wrong, what does {name} do?" in shown
    assert "“What does {name} do best?”, question: What does {name} do best?" in shown


def added(text: str) -> dict[str, str]:
    return {"questions__5__answer": "text", "questions__5__text": text}


def test_a_survey_without_questions_is_kept_as_a_draft_and_not_published(survey: Survey, admin: Client) -> None:
    refused = admin.post(address(LABEL, "add"), posted(survey))
    assert "A survey is published with at least one question." in text_of(refused)
    admin.post(address(LABEL, "add"), posted(survey) | {"_draft": ""})
    assert Survey.objects.get(name="New").version == 0


def test_who_published_what_and_how_many_checks_began_with_it(survey: Survey, admin: Client, url: str) -> None:
    template = make_template(survey.organization, survey=survey)
    make_check(template=template)
    fill(admin, url, questions__4__text="What else?")
    template.survey.refresh_from_db()
    make_check(template=template)
    make_check(template=template)
    rows = BeautifulSoup(admin.get(address(LABEL, "versions", survey.pk)).text, "html.parser").select("tbody tr")
    told = [[" ".join(cell.get_text().split()) for cell in row.select("th, td")] for row in rows]
    assert [(version, by, count, begun) for version, _when, by, count, begun in told] == [
        ("Version 2", "Ruth", "5", "2"),
        ("Version 1", "Vouch", "5", "1"),
    ]


def test_an_earlier_version_is_read_and_taken_up_again(survey: Survey, admin: Client, url: str) -> None:
    fill(admin, url, questions__4__text="What else?")
    assert "What does {name} do best?" in admin.get(address(LABEL, "version", survey.pk, 1)).text
    assert admin.get(address(LABEL, "take_up", survey.pk, 1)).status_code == 405
    admin.post(address(LABEL, "take_up", survey.pk, 1))
    survey.refresh_from_db()
    assert survey.drafted() == survey.versions.get(number=1).questions
    assert (survey.version, survey.has_changes) == (2, True)


@pytest.mark.parametrize("number", [3, 2**40])
def test_a_version_that_never_was_is_not_found(survey: Survey, admin: Client, number: int) -> None:
    assert admin.get(address(LABEL, "version", survey.pk, number)).status_code == 404


def test_a_colleague_who_may_only_look_reads_the_questions(survey: Survey, url: str) -> None:
    browser = Client()
    browser.force_login(make_user(survey.organization, Role.TEAM_MEMBER))
    page = BeautifulSoup(browser.get(url).text, "html.parser")
    assert page.select(".readings .asked")[1].get_text() == "2. When something goes wrong, what does {name} do?"
    assert page.select("[name^=questions-], [name=_publish]") == []
    assert browser.post(address(LABEL, "take_up", survey.pk, 1)).status_code == 403


# --- the list, copies, deletion ---------------------------------------------------------------------------


def test_a_copy_is_a_draft_of_its_own(survey: Survey, admin: Client) -> None:
    admin.post(address(LABEL, "verb", survey.pk, "duplicate"))
    copy = Survey.objects.get(name="Deck, copy 1")
    assert (copy.drafted(), copy.version, copy.versions.count()) == (survey.drafted(), 0, 0)
    assert survey.questions.count() == 5


def test_the_list_says_minutes_version_templates_and_languages(survey: Survey, admin: Client, url: str) -> None:
    make_template(survey.organization, survey=survey, name="Officers")
    as_draft(admin, url, questions__0__de_text="Wo steht {name}?")
    row = BeautifulSoup(admin.get(address(LABEL, "changelist")).text, "html.parser").select("tbody tr")[0]
    shown = [cell.get_text().strip() for cell in row.select("th, td")][:6]
    assert shown == ["Deck", "5", "3", "1, draft differs", "Officers", "English, Deutsch 1 of 5"]


def test_a_survey_in_use_is_not_deleted_and_says_which_template_uses_it(survey: Survey, admin: Client) -> None:
    make_template(survey.organization, survey=survey, name="Officers")
    page = admin.get(address(LABEL, "delete", survey.pk)).text
    assert "cannot be deleted" in page
    assert "Officers" in page


def test_the_editor_asks_as_few_questions_of_the_database_for_twenty_questions_as_for_five(
    survey: Survey, admin: Client, url: str
) -> None:
    few = queries(admin, url)
    for number in range(15):
        survey.questions.create(key=f"more-{number}", kind="text", text="And?", position=number + 10)
    assert queries(admin, url) == few


def queries(browser: Client, url: str) -> int:
    browser.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(url).status_code == 200
    return len(captured)


def test_many_questions_with_all_their_translations_are_saved_in_one_form(survey: Survey, admin: Client) -> None:
    survey.questions.all().delete()
    texts = {part: f"{part}!" for part in ("text", "help", "reason_label", "section")}
    said = {each: {**texts, "labels": ["A", "B"]} for each in ("de", "fr", "es")}
    for number in range(40):
        survey.questions.create(
            key=f"q-{number}", kind="choice", position=number + 1, labels=["a", "b"], translations=said, **texts
        )
    assert fill(admin, address(LABEL, "change", survey.pk)).status_code == 302
    survey.refresh_from_db()
    assert (len(survey.published()), survey.version) == (40, 2)
