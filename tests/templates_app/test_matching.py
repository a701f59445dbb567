"""Which template a job gets."""

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organization
from templates_app.matching import Matcher, match, tidy
from tests.factories import make_organization, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture
def ferries() -> Organization:
    return make_organization()


def test_the_one_template_with_a_tag_of_the_job_wins(ferries: Organization) -> None:
    make_template(ferries, name="Engine room", ats_tag="engine")
    deck = make_template(ferries, name="Deck officers", ats_tag="deck")

    found = match(ferries, ["deck", "full-time"])

    assert (found.template, found.is_ambiguous) == (deck, False)
    assert found.reason == "“Deck officers”, because the job is tagged deck."


def test_of_several_the_lowest_priority_wins_and_the_reason_names_the_others(ferries: Organization) -> None:
    make_template(ferries, name="Any officer", ats_tag="officer", priority=20)
    deck = make_template(ferries, name="Deck officers", ats_tag="deck", priority=10)

    found = match(ferries, ["officer", "deck"])

    assert (found.template, found.is_ambiguous) == (deck, True)
    assert "tagged deck" in found.reason
    assert "before “Any officer” by priority" in found.reason


def test_of_several_with_one_priority_the_first_by_name_wins(ferries: Organization) -> None:
    make_template(ferries, name="Officers", ats_tag="officer")
    deck = make_template(ferries, name="Deck", ats_tag="deck")

    assert match(ferries, ["officer", "deck"]).template == deck


def test_of_two_with_the_same_tag_the_lower_priority_wins(ferries: Organization) -> None:
    make_template(ferries, name="A", ats_tag="deck", priority=2)
    first = make_template(ferries, name="B", ats_tag="deck", priority=1)

    assert match(ferries, ["deck"]).template == first


@pytest.mark.parametrize("tag", ["Deck", "DECK", " deck "])
def test_case_and_blanks_around_a_tag_do_not_matter(ferries: Organization, tag: str) -> None:
    deck = make_template(ferries, ats_tag="deck")

    assert match(ferries, [tag]).template == deck


@pytest.mark.parametrize("tag", ["équipage", "ПАЛУБА", "Ölmaschine"])
def test_case_does_not_matter_in_any_alphabet(ferries: Organization, tag: str) -> None:
    template = make_template(ferries, ats_tag=tag)

    assert match(ferries, [tag.swapcase()]).template == template


def test_part_of_a_tag_is_not_the_tag(ferries: Organization) -> None:
    make_template(ferries, ats_tag="deck")

    assert match(ferries, ["deck-officer", "dec"]).template is None


def test_a_match_comes_before_the_default(ferries: Organization) -> None:
    make_template(ferries, is_default=True, priority=1)
    deck = make_template(ferries, ats_tag="deck", priority=900)

    assert match(ferries, ["deck"]).template == deck


def test_the_default_is_used_when_no_tag_matches(ferries: Organization) -> None:
    default = make_template(ferries, name="General", is_default=True)

    found = match(ferries, ["deck"])

    assert (found.template, found.is_ambiguous) == (default, False)
    assert found.reason.startswith("“General”, the default")


def test_the_default_is_used_for_a_job_without_tags(ferries: Organization) -> None:
    default = make_template(ferries, is_default=True)

    assert match(ferries, []).template == default


def test_a_default_with_a_tag_can_be_matched_too(ferries: Organization) -> None:
    default = make_template(ferries, name="General", ats_tag="deck", is_default=True)

    found = match(ferries, ["deck"])

    assert found.template == default
    assert "tagged deck" in found.reason


def test_without_match_and_default_it_says_so(ferries: Organization) -> None:
    make_template(ferries, ats_tag="deck")

    found = match(ferries, ["bridge"])

    assert found.template is None
    assert found.reason == "The job’s tags match no template, and there is no default."


def test_without_tags_and_default_it_says_so(ferries: Organization) -> None:
    make_template(ferries, ats_tag="deck")

    assert match(ferries, []).reason == "The job has no tags, and there is no default template."


def test_a_template_without_a_tag_is_not_matched_by_an_empty_one(ferries: Organization) -> None:
    make_template(ferries, ats_tag="")

    assert match(ferries, ["", "  "]).template is None


def test_a_duplicate_is_out_of_the_race_until_it_has_a_tag_of_its_own(ferries: Organization) -> None:
    original = make_template(ferries, ats_tag="deck", priority=10)
    copy = original.duplicate()
    copy.priority = 1
    copy.save()

    found = match(ferries, ["deck"])

    assert (found.template, found.is_ambiguous) == (original, False)


def test_the_duplicate_of_a_default_is_no_second_default(ferries: Organization) -> None:
    original = make_template(ferries, is_default=True, priority=10)
    original.duplicate()

    assert match(ferries, []).template == original


def test_another_organization_s_templates_are_never_used(ferries: Organization) -> None:
    elsewhere = make_organization()
    make_template(elsewhere, ats_tag="deck", priority=1)
    make_template(elsewhere, is_default=True)

    assert match(ferries, ["deck"]).template is None
    assert match(ferries, []).template is None


def test_a_tag_with_nul_in_it_matches_nothing_and_breaks_nothing(ferries: Organization) -> None:
    make_template(ferries, ats_tag="deck")

    assert match(ferries, ["deck\x00"]).template is None


def test_all_that_match_are_named_in_order_the_winner_first(ferries: Organization) -> None:
    officers = make_template(ferries, name="Officers", ats_tag="officer", priority=2)
    deck = make_template(ferries, name="Deck", ats_tag="deck", priority=1)
    make_template(ferries, name="Engine", ats_tag="engine")

    assert match(ferries, ["officer", "deck"]).matching == (deck, officers)


def test_the_default_that_stands_in_is_none_that_matches(ferries: Organization) -> None:
    make_template(ferries, is_default=True)

    assert match(ferries, ["deck"]).matching == ()


def test_any_number_of_jobs_is_matched_without_a_query_each(
    ferries: Organization, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    deck = make_template(ferries, ats_tag="deck")
    matcher = Matcher(ferries)

    with django_assert_num_queries(0):
        found = [matcher.match([tag]) for tag in ("deck", "Deck", "engine") * 50]

    assert [match.template for match in found[:3]] == [deck, deck, None]


def test_tags_are_tidied_as_they_are_compared() -> None:
    assert tidy([" Deck", "deck", "", "Night watch "]) == ["deck", "night watch"]


def test_for_one_job_only_those_templates_are_read_that_can_win(ferries: Organization) -> None:
    """There may be ten thousand others."""
    default = make_template(ferries, is_default=True)
    deck, _engine = make_template(ferries, ats_tag="deck"), make_template(ferries, ats_tag="engine")

    assert {*Matcher(ferries, ["deck"]).templates} == {default, deck}
