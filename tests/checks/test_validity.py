"""Whether marks foretold the outcome: the figures against published examples, and which marks go into them."""

from math import sqrt
from statistics import mean, pstdev
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from scipy.stats import norm

from accounts.models import User
from accounts.roles import Role
from checks import validity_marks
from checks.models import Check, Outcome
from checks.validity import ENOUGH, RETIRE_FROM, Finding, correlation, relate
from checks.validity_marks import Choice, Gathered, count, gather
from templates_app.kinds import Kind
from templates_app.models import ReferenceTemplate
from tests.checks.past import NOW, Past, hired, make_past, refused
from tests.factories import make_organization, make_template, make_user

TEN = range(10)


@pytest.fixture
def ruth(db: None) -> User:
    return make_user(role=Role.TEAM_MEMBER)


@pytest.fixture
def template(ruth: User) -> ReferenceTemplate:
    return make_template(ruth.organization)


def overall(user: User, **choice: Any) -> validity_marks.Marks:
    found = gather(user, Choice(**choice))
    return next(marks for item, marks in found.items.items() if item.key == "overall")


# --- figures ------------------------------------------------------------------------------------------------


def test_pearsons_r_and_its_interval_are_those_of_a_textbook() -> None:
    """Zar, Biostatistical Analysis, examples 19.1 and 19.3: wings and tails of twelve birds."""
    wings = [10.4, 10.8, 11.1, 10.2, 10.3, 10.2, 10.7, 10.5, 10.8, 11.2, 10.6, 11.4]
    tails = [7.4, 7.6, 7.9, 7.2, 7.4, 7.1, 7.4, 7.2, 7.8, 7.7, 7.8, 8.3]
    assert correlation(wings, tails) == pytest.approx((0.870, 0.592, 0.963), abs=0.001)


def test_with_two_groups_it_is_the_point_biserial_one_of_scipys_manual() -> None:
    assert correlation([0, 0, 0, 1, 1, 1, 1], range(7))[0] == pytest.approx(0.8660254037844386)


def test_it_is_what_the_formulae_on_the_page_say() -> None:
    inside, outside = [0.5, 0.75, 1.0, 0.75] * 4, [0.25, 0.5, 0.5, 0.75] * 3
    found, marks = relate(inside, outside), [*inside, *outside]
    share = len(inside) / len(marks)
    r = (mean(inside) - mean(outside)) / pstdev(marks) * sqrt(share * (1 - share))
    assert found.r == pytest.approx(r)
    assert (found.mean_in, found.mean_out) == pytest.approx((0.75, 0.5))


def test_below_ten_in_a_group_there_is_no_figure() -> None:
    found = relate([1.0] * 9, [0.0] * 200)
    assert (found.r, found.mean_in, found.finding, found.n) == (None, None, Finding.TOO_FEW, 209)


def test_below_thirty_figures_carry_a_warning() -> None:
    assert relate([1.0, 0.5] * 5, [0.0, 0.5] * 5).is_few
    assert not relate([1.0, 0.5] * 10, [0.0, 0.5] * 5).is_few


def test_marks_that_are_all_the_same_are_told_in_words() -> None:
    third = sum([0.1] * 3) / 3  # differs from the others in the last digit
    found = relate([third] * 20, [0.1] * 20)
    assert (found.r, found.finding) == (None, Finding.ALL_ALIKE)


def test_groups_that_do_not_overlap_have_an_interval_that_ends_at_one() -> None:
    found = relate([1.0] * 20, [0.0] * 20)
    assert found.r == pytest.approx(1)
    assert (found.high, found.finding) == (1, Finding.HIGHER)


@pytest.mark.parametrize(
    ("marks", "times", "finding"),
    [
        (((1.0, 0.5), (0.0, 0.5)), 20, Finding.HIGHER),
        (((0.0, 0.5), (1.0, 0.5)), 20, Finding.LOWER),
        (((0.0, 1.0), (0.0, 1.0)), 20, Finding.NOT_SEEN_YET),
        (((0.0, 1.0), (0.0, 1.0)), 25, Finding.NOT_SEEN),
    ],
)
def test_what_an_interval_comes_to(
    marks: tuple[tuple[float, ...], tuple[float, ...]], times: int, finding: Finding
) -> None:
    inside, outside = marks
    assert relate(list(inside) * times, list(outside) * times).finding == finding


def test_how_often_a_true_relation_of_three_tenths_is_seen_is_as_the_page_says() -> None:
    def seen(n: int) -> float:
        return float(norm.sf(norm.isf(0.025) - 0.5 * sqrt(n - 3) * 0.619039))  # 2 artanh 0.3

    assert seen(RETIRE_FROM) > 0.8
    assert seen(ENOUGH) < 0.5


# --- which marks --------------------------------------------------------------------------------------------


def test_a_checks_mark_is_the_mean_over_its_references(ruth: User, template: ReferenceTemplate) -> None:
    make_past(template, [hired(4, 5) for _each in TEN] + [refused(1, 2, 3) for _each in TEN])
    found = overall(ruth).against_hired()
    assert (found.n_in, found.n_out) == (10, 10)
    assert (found.mean_in, found.mean_out) == pytest.approx((3.5 / 4, 1 / 4))


def test_who_did_not_see_it_and_who_gives_dates_only_is_in_no_mark(ruth: User, template: ReferenceTemplate) -> None:
    unseen = Past([{"overall": None}, {"overall": 5}], in_ats="hired")
    checks = make_past(template, [unseen, hired(1)] + [hired(5) for _each in TEN] + [refused(5) for _each in TEN])
    checks[1].references.update(gives_dates_only=True)
    found = overall(ruth).against_hired()
    assert (found.n_in, found.mean_in) == (11, 1.0)


def test_yes_and_no_and_answers_to_choose_have_marks_too(ruth: User, template: ReferenceTemplate) -> None:
    two = [{"work-again": "yes", "pace": "Alone"}, {"work-again": "unsure", "pace": "In a team"}]
    no = [{"work-again": "no", "pace": "In a team"}]
    make_past(template, [Past(two, in_ats="hired")] * 10 + [Past(no, in_ats="not-hired")] * 10)
    found = {item.key: (item, marks.against_hired()) for item, marks in gather(ruth, Choice()).items.items()}
    assert (found["work-again"][1].mean_in, found["work-again"][1].mean_out) == (0.75, 0.0)
    assert found["pace"][0].option == "Alone"  # the other answer mirrors it
    assert (found["pace"][1].mean_in, found["pace"][1].mean_out) == (0.5, 0.0)


def test_a_competency_is_the_mean_of_its_scales(ruth: User, template: ReferenceTemplate) -> None:
    template.survey.questions.filter(key="setbacks").update(competency="Overall")
    template.survey.publish(NOW)
    both = [{"overall": 5, "setbacks": 1}]
    make_past(template, [Past(both, in_ats="hired")] * 10 + [Past([{"overall": 1}], in_ats="not-hired")] * 10)
    found = gather(ruth, Choice())
    relation = found.competencies["Overall"].against_hired()
    assert (relation.mean_in, relation.mean_out) == (0.5, 0.0)
    assert found.points_of("Overall") == 0  # five steps and four: no scale in common


def test_a_question_is_followed_through_versions_under_its_newest_words(
    ruth: User, template: ReferenceTemplate
) -> None:
    make_past(template, [hired(5)] * 10)
    template.survey.questions.filter(key="overall").update(text="Where among others stands {name}?")
    template.survey.publish(NOW)
    make_past(template, [refused(1)] * 10)
    found = gather(ruth, Choice())
    (item,) = (item for item in found.items if item.key == "overall")
    assert found.wordings[item].text == "Where among others stands {name}?"
    assert found.items[item].against_hired().n == 20


def test_with_another_number_of_steps_it_is_another_question(ruth: User, template: ReferenceTemplate) -> None:
    make_past(template, [Past([{"setbacks": 4}], in_ats="hired")] * 10)
    template.survey.questions.filter(key="setbacks").update(labels=["Looks away", "Says so"])
    template.survey.publish(NOW)
    make_past(template, [Past([{"setbacks": 2}], in_ats="not-hired")] * 10)
    items = [item for item in gather(ruth, Choice()).items if item.key == "setbacks"]
    assert sorted(item.points for item in items) == [2, 4]


def test_conflicts_and_what_is_not_known_are_left_out_and_counted(ruth: User, template: ReferenceTemplate) -> None:
    at_odds = Past([{"overall": 1}], in_ats="hired", said="not-hired")
    make_past(template, [hired(5), refused(2), Past([{"overall": 4}], said="hired"), at_odds, Past([{"overall": 1}])])
    without = make_past(template, [Past([{"overall": 1}])])
    Outcome.objects.filter(for_check__in=without).delete()
    found = count(ruth, Choice())
    assert (found.hired, found.not_hired, found.conflicts, found.unknown, found.private) == (2, 1, 1, 2, 0)
    assert overall(ruth).against_hired().n == 3


def test_still_employed_is_asked_of_those_hired(ruth: User, template: ReferenceTemplate) -> None:
    kept, left = [hired(5, is_kept=True)] * 10, [hired(2, is_kept=False)] * 10
    make_past(template, [*kept, *left, hired(1), refused(1)])
    found = overall(ruth).against_kept()
    assert (found.n_in, found.n_out, found.finding) == (10, 10, Finding.HIGHER)
    assert (count(ruth, Choice()).kept, count(ruth, Choice()).left) == (10, 10)


def test_it_can_be_asked_of_some_checks(ruth: User, template: ReferenceTemplate) -> None:
    other = make_template(ruth.organization)
    make_past(template, [hired(5), refused(5, completed_at=NOW.replace(year=2020))])
    make_past(other, [hired(5)])
    day = NOW.replace(year=2021).date()
    assert overall(ruth, template=template).against_hired().n == 2
    assert overall(ruth, survey=other.survey).against_hired().n == 1
    assert overall(ruth, template=template, since=day).against_hired().n == 1
    assert count(ruth, Choice(until=day)).known == 1


# --- whose ----------------------------------------------------------------------------------------------------


def test_nobody_elses_organization_is_in_it(ruth: User, template: ReferenceTemplate) -> None:
    make_past(make_template(make_organization()), [hired(1)] * 10)
    make_past(template, [hired(5)])
    assert overall(ruth).against_hired().n == 1


def test_a_private_report_that_one_may_not_read_is_in_no_sum(ruth: User, template: ReferenceTemplate) -> None:
    """Else the figures with and without a day would tell its mark."""
    (secret,) = make_past(template, [hired(1)], is_private=True, owner_email="x@northmoor.example")
    make_past(template, [hired(5)])
    assert (overall(ruth).against_hired().n, count(ruth, Choice()).private) == (1, 1)
    secret.readers.add(ruth)
    assert (overall(ruth).against_hired().n, count(ruth, Choice()).private) == (2, 0)


def test_of_a_check_with_averages_only_the_mark_is_what_its_report_shows(ruth: User) -> None:
    template = make_template(ruth.organization, ("any",) * 3, confidentiality="averages")
    three = [{"overall": score, "work-again": said} for score, said in ((5, "yes"), (4, "yes"), (5, "no"))]
    make_past(template, [Past(three, in_ats="hired")] * 10 + [refused(1, 1)] * 10)
    found = {item.key: marks.against_hired() for item, marks in gather(ruth, Choice()).items.items()}
    assert (found["overall"].n_in, found["overall"].n_out) == (10, 0)  # two answers are none
    assert marks_of(gather(ruth, Choice()), "overall") == {(4.5 - 1) / 4}  # 4⅔ is printed so
    assert marks_of(gather(ruth, Choice()), "work-again") == {2 / 3}


def marks_of(found: Gathered, key: str) -> set[float]:
    return {
        mark for item, marks in found.items.items() if item.key == key for group in marks.by_group for mark in group
    }


def test_an_answer_held_back_in_a_report_is_held_back_here(ruth: User) -> None:
    template = make_template(ruth.organization, ("any",) * 4, confidentiality="averages")
    (check,) = make_past(template, [hired(5, 5, 5)])
    before = marks_of(gather(ruth, Choice()), "overall")
    late = check.references.create(name="Ida", status="submitted", asked_at=NOW, submitted_at=NOW, relationship="peer")
    late.answers.create(question_key="overall", score=1)
    Check.objects.get(pk=check.pk).keep_report()
    assert marks_of(gather(ruth, Choice()), "overall") == before == {1.0}


def test_what_was_erased_is_in_no_figure(ruth: User, template: ReferenceTemplate) -> None:
    gone, _stays = make_past(template, [hired(1), hired(5)])
    gone.erase(NOW)
    assert overall(ruth).against_hired().n == 1


# --- how much -------------------------------------------------------------------------------------------------


def test_it_asks_as_often_for_many_checks_as_for_few(ruth: User, template: ReferenceTemplate) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            gather(ruth, Choice())
            count(ruth, Choice())
        return len(captured)

    make_past(template, [hired(5), refused(4)])
    few = queries()
    make_past(template, [hired(5), refused(4)] * 40)
    assert queries() == few == 6


def test_the_newest_are_looked_at(ruth: User, template: ReferenceTemplate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validity_marks, "MOST", 3)
    make_past(template, [refused(1, completed_at=NOW.replace(year=2020))] * 5 + [hired(5)] * 3)
    found = overall(ruth).against_hired()
    assert (found.n_in, found.n_out, count(ruth, Choice()).is_cut) == (3, 0, True)


def test_kinds_without_a_mark_have_none(ruth: User, template: ReferenceTemplate) -> None:
    make_past(template, [hired(5)])
    kinds = {item.kind for item in gather(ruth, Choice()).wordings}
    assert kinds == {Kind.SCALE, Kind.YES_NO, Kind.CHOICE}
