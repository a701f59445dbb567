"""Everything that can be wrong with a question pack is said with its line, and nothing is imported."""

import pytest

from accounts.models import Organization
from tests.factories import make_organization, make_template
from tests.templates_app.packs import NOBODY_S, SOUND, bent, contents, refusal

pytestmark = pytest.mark.django_db

QUOTES = "Often a text needs quotes: one that holds a colon and a space, or begins with { or [."


def test_a_sound_pack_is_not_refused() -> None:
    assert refusal(SOUND) == []


def test_nothing_is_imported_from_a_pack_with_a_mistake() -> None:
    before = contents()

    assert refusal(bent("survey: Deck", "survey: Dekc"))

    assert contents() == before
    assert not Organization.objects.exists()


def test_all_mistakes_are_told_in_one_go_and_in_order() -> None:
    pack = bent("kind: text", "kind: txt")
    pack = bent("look: bands", "loook: bands", pack)
    pack = bent("priority: 10", "priority: high", pack)
    pack = bent("survey: Deck\n", "survey: Bridge\n", pack)

    assert [reason.partition(":")[0] for reason in refusal(pack)] == ["5", "7", "11", "16", "18"]


# --- not a pack at all ------------------------------------------------------------------------------


def test_broken_yaml() -> None:
    problem = "This cannot be read as YAML: mapping values are not allowed here."

    assert refusal(bent("Your captain.", "Your captain: ashore")) == [f"21: {problem} {QUOTES}"]


def test_a_text_that_begins_with_a_brace() -> None:
    [reason] = refusal(bent("Where is {name}?", "{name} is where?"))

    assert reason.startswith("8: This cannot be read as YAML")
    assert reason.endswith(QUOTES)


def test_a_text_that_is_only_a_brace() -> None:
    assert refusal(bent("Where is {name}?", "{name}")) == [
        "8: text: a text is needed here. Put quotes around one that begins with { or [."
    ]


@pytest.mark.parametrize("nothing", ["", "\n", "# only a comment\n", "---\n---\n"])
def test_an_empty_file(nothing: str) -> None:
    assert refusal(nothing) == ["1: There is no pack in this file."]


def test_a_file_that_is_something_else() -> None:
    assert refusal("Dear all,\nsee you soon.") == ["1: A pack is made of fields, such as “organization: …”."]


def test_a_file_in_another_encoding() -> None:
    assert refusal(bent("Overall", "Größe").encode("latin-1")) == ["9: This is not text in UTF-8."]


def test_a_control_character() -> None:
    assert refusal(bent("Overall", "Over\x07all")) == ["9: There is a character here that a text file cannot hold."]


def test_a_character_that_no_database_keeps() -> None:
    assert refusal(bent("competency: Overall", r'competency: "Over\0all"')) == [
        "9: competency: there is a character in it that cannot be kept."
    ]


def test_lists_without_end() -> None:
    assert refusal("[" * 1000) == ["1: The lists in this file are too deep."]


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert refusal("\ufeff" + SOUND) == []


# --- fields -----------------------------------------------------------------------------------------


def test_an_unknown_field_with_the_one_that_was_meant() -> None:
    assert refusal(bent("note:", "notes:")) == ["21: “notes” is not a field of a request. Did you mean “note”?"]


def test_an_unknown_field_that_is_like_no_other() -> None:
    assert refusal(bent("note:", "xyz:")) == ["21: “xyz” is not a field of a request."]


def test_a_field_that_is_there_twice() -> None:
    assert refusal(bent("    ats_tag: deck\n", "    ats_tag: deck\n    ats_tag: bridge\n")) == [
        "16: “ats_tag” is there twice."
    ]


@pytest.mark.parametrize("word", ["key: strength", "kind: text", "text: What does {name} do best?"])
def test_a_question_without_a_field_that_it_needs(word: str) -> None:
    name = word.partition(":")[0]

    assert refusal(bent(word, "required: true")) == [f"10: “{name}” is missing from this question."]


def test_a_field_with_nothing_behind_it_is_missing() -> None:
    assert refusal(bent("survey: Deck", "survey:")) == ["14: “survey” is missing from this template."]


def test_a_survey_without_questions() -> None:
    assert "3: “questions” is missing from this survey." in refusal(bent("    questions:\n", "    items:\n"))


def test_an_unknown_kind_with_the_one_that_was_meant() -> None:
    assert refusal(bent("kind: scale", "kind: scal")) == [
        "6: kind: “scal” is none of scale, yes-no, choice, choices, forced, fact, line, text. Did you mean “scale”?"
    ]


def test_an_unknown_relationship() -> None:
    assert refusal(bent("relationship: manager", "relationship: boss")) == [
        "20: relationship: “boss” is none of any, manager, peer, report, client, teacher, volunteer."
    ]


def test_a_number_that_is_none() -> None:
    assert refusal(bent("priority: 10", "priority: -1")) == ["16: priority: give a whole number."]


def test_a_truth_that_is_none() -> None:
    assert refusal(bent("default: true", "default: maybe")) == ["17: default: say true or false."]


def test_a_list_that_is_none() -> None:
    assert refusal(bent("competency: Overall", "competency: Overall\n        labels: Low, high")) == [
        "10: labels: this is a list; each item begins with a dash."
    ]


def test_requests_that_are_no_list() -> None:
    pack = SOUND[: SOUND.index("    requests:")] + "    requests: manager\n"

    assert refusal(pack) == ["19: requests: this is a list; each item begins with a dash."]


def test_a_question_that_is_only_a_text() -> None:
    assert refusal(bent("      - key: strength\n", "      - How tall?\n      - key: strength\n")) == [
        "10: A question is made of fields, such as “key: …”."
    ]


def test_a_list_where_a_text_is_needed() -> None:
    assert refusal(bent("note: Your captain.", "note: [Your captain]")) == [
        "21: note: a text is needed here. Put quotes around one that begins with { or [."
    ]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("competency: Overall", "help: Where?", "5: competency: A scale needs a competency: the report names it so."),
        ("look: bands", "labels: [Low]", "7: labels: Give at least two answers."),
        ("look: bands", "labels: [Low, Low]", "7: labels: Two answers are the same."),
        ("kind: text", "kind: choice", "10: labels: Give at least two answers."),
        ("ats_tag: deck", "hiring_manager_email: jonas", "15: hiring_manager_email: Enter a valid email address."),
        (
            "priority: 10",
            "days_until_overdue: 91",
            "16: days_until_overdue: Ensure this value is less than or equal to 90.",
        ),
        ("name: Deck officers", 'name: ""', "14: name: This field cannot be blank."),
        ("kind: text", "kind: text\n        relationships: [boss]", "12: relationships: Name relationships by"),
    ],
)
def test_what_the_models_do_not_allow(old: str, new: str, reason: str) -> None:
    [found] = refusal(bent(old, new))

    assert found.startswith(reason)


def test_a_key_that_is_no_slug_and_a_text_that_is_too_long() -> None:
    pack = bent("key: strength", "key: the strength")
    slug, length = refusal(bent("Where is {name}?", "a" * 301, pack))

    assert length.startswith("10: key: Enter a valid “slug”")
    assert slug == "8: text: Ensure this value has at most 300 characters (it has 301)."


# --- what does not go together ----------------------------------------------------------------------


def test_two_questions_with_one_key() -> None:
    assert refusal(bent("key: strength", "key: overall")) == [
        "10: key: “overall” is the key of the question on line 5 already."
    ]


def test_two_surveys_with_one_name() -> None:
    second = "  - name: Deck\n    questions: []\ntemplates:"

    assert "13: name: “Deck” is on line 3 already." in refusal(bent("templates:", second))


def test_two_templates_with_one_name() -> None:
    second = "  - {name: Deck officers, survey: Deck, requests: [{relationship: peer}]}\n"

    assert refusal(SOUND + second) == ["23: name: “Deck officers” is on line 14 already."]


def test_two_templates_with_one_name_in_two_packs_of_one_organization() -> None:
    assert refusal(SOUND + "---\n" + SOUND) == [
        "26: name: “Deck” is on line 3 already.",
        "37: name: “Deck officers” is on line 14 already.",
        "40: default: “Deck officers” on line 14 is the default already.",
    ]


def test_two_defaults() -> None:
    second = "  - {name: Bridge, default: true, survey: Deck, requests: [{relationship: peer}]}\n"

    assert refusal(SOUND + second) == ["23: default: “Deck officers” on line 14 is the default already."]


def test_a_default_beside_the_one_that_is_here() -> None:
    make_template(make_organization(name="Northmoor Ferries"), name="General", is_default=True)

    assert refusal(SOUND) == ["17: default: “General” is the default already. With --replace this template takes over."]


@pytest.mark.parametrize("nobody", ["requests: []", "requests:"])
def test_a_template_that_asks_nobody(nobody: str) -> None:
    pack = SOUND[: SOUND.index("    requests:")] + f"    {nobody}\n"

    assert refusal(pack) in (
        ["19: requests: a template asks for one reference at least."],
        ["14: “requests” is missing from this template."],
    )


def test_more_answers_than_references() -> None:
    assert refusal(bent("priority: 10", "minimum: 3")) == ["16: minimum: 3 answers cannot come from 2 references."]


def test_a_survey_that_is_nowhere() -> None:
    assert refusal(bent("survey: Deck", "survey: Dekc")) == [
        "18: survey: there is no survey “Dekc”, neither here nor in the file. Did you mean “Deck”?"
    ]


def test_a_survey_with_no_question_for_somebody_who_is_asked() -> None:
    pack = bent("competency: Overall", "competency: Overall\n        relationships: [peer]")
    pack = bent("kind: text", "kind: text\n        relationships: [peer, report, client, teacher]", pack)

    assert refusal(pack) == [
        "22: The survey “Deck” has no question for: manager.",
        "24: The survey “Deck” has no question for: manager, volunteer.",
    ]


# --- whose it is ------------------------------------------------------------------------------------


def test_a_pack_of_nobody_while_there_is_no_organization() -> None:
    assert refusal(NOBODY_S) == [
        "1: This pack names no organization, and there is none yet. Add one with --organization NAME."
    ]


def test_a_pack_of_nobody_while_there_are_several_organizations() -> None:
    make_organization(name="Tern Mapping")
    make_organization(name="Northmoor Ferries")

    assert refusal(NOBODY_S) == [
        "1: This pack names no organization, and there are several: Northmoor Ferries, Tern Mapping. "
        "Choose with --organization NAME."
    ]


def test_packs_of_two_organizations_cannot_be_for_a_third() -> None:
    other = bent("Northmoor Ferries", "Tern Mapping")

    assert "1: This file is for Northmoor Ferries, Tern Mapping, and cannot all be for Ostrava Labs." in refusal(
        SOUND + "---\n" + other, organization="Ostrava Labs"
    )
    assert not Organization.objects.exists()


# --- what is here already ---------------------------------------------------------------------------


def test_what_differs_from_what_is_here_is_named_and_refused() -> None:
    assert refusal(SOUND) == []
    pack = bent("priority: 10", "priority: 20")
    pack = bent("What does {name} do best?", "What is {name} good at?", pack)
    before = contents()

    assert refusal(pack) == [
        "3: The survey “Deck” is here already and differs: question “strength”: text (“What does {name} do best?” "
        "here, “What is {name} good at?” in the file). With --replace the file’s takes its place.",
        "14: The template “Deck officers” is here already and differs: priority (“10” here, “20” in the file). "
        "With --replace the file’s takes its place.",
    ]
    assert contents() == before


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ("key: strength", "key: best", "question “best” (new); question “strength” (not in the file)"),
        (
            "competency: Overall",
            "competency: Overall\n        required: false",
            "question “overall”: required (“true” here, “false” in the file)",
        ),
        (
            "    questions:",
            "    description: For ships.\n    questions:",
            "description (“” here, “For ships.” in the file)",
        ),
        ("default: true", "default: false", "default (“true” here, “false” in the file)"),
        ("note: Your captain.", "note: Your first mate.", "requests"),
        ("relationship: any", "relationship: peer", "requests"),
    ],
)
def test_each_difference_is_named(old: str, new: str, difference: str) -> None:
    assert refusal(SOUND) == []

    [reason] = refusal(bent(old, new))

    assert f"differs: {difference}. With --replace" in reason


def test_another_order_of_the_questions_is_a_difference() -> None:
    assert refusal(SOUND) == []
    start, middle, end = (
        SOUND.index("      - key: overall"),
        SOUND.index("      - key: strength"),
        SOUND.index("templates:"),
    )
    turned = SOUND[:start] + SOUND[middle:end] + SOUND[start:middle] + SOUND[end:]

    assert "differs: the order of the questions." in refusal(turned)[0]


def test_another_survey_of_a_template_is_a_difference() -> None:
    second = "  - name: Bridge\n    questions: [{key: how, kind: text, text: How fast}]\ntemplates:"
    both = bent("templates:", second)
    assert refusal(both) == []

    [reason] = refusal(bent("survey: Deck", "survey: Bridge", both))

    assert "differs: survey (“Deck” here, “Bridge” in the file)." in reason
