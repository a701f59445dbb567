"""Where a mean lies among those of everybody who was rated with the same edition of the questions."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from checks import comparison
from checks.models import Answer, Check
from checks.references import Given
from checks.report_parts import report_of
from templates_app.models import ReferenceTemplate
from tests.checks.reports import part, read
from tests.factories import answers_for, make_awaiting_check, make_completed_check, make_organization, make_template

pytestmark = pytest.mark.django_db
OWN = {"postgresql": "md5('{0}' || i)::uuid", "sqlite": "printf('%%032x', i + {1})"}


@pytest.fixture(autouse=True)
def nothing_worked_out_before() -> None:
    cache.clear()


@pytest.fixture
def template() -> ReferenceTemplate:
    return make_template(make_organization(), ("manager", "peer"))


def rated(template: ReferenceTemplate, *scores: int, **candidacy: Any) -> Check:
    check = make_awaiting_check(template=template, **candidacy)
    for reference, score in zip(check.references.in_order(), scores, strict=True):
        reference.submit(answers_for(reference, overall=Given(score=score)), timezone.now())
    check.refresh_from_db()
    return check


def multiply(row: Any, count: int, salt: int, **changes: str) -> None:
    """As many more rows like this one, made by the database itself. A change is SQL, of the row's number `i`."""
    fields = {field.column: f't."{field.column}"' for field in row._meta.concrete_fields if not field.primary_key}
    own = OWN[connection.vendor].format(row._meta.model_name, salt * 10**7)
    fields |= {"public_id": own} if "public_id" in fields else {}
    fields |= {"token_hash": f"'{salt} ' || i"} if "token_hash" in fields else {}
    fields |= changes
    table, columns, values = row._meta.db_table, ", ".join(f'"{name}"' for name in fields), ", ".join(fields.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {count}) "  # noqa: S608  (names of our models)
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t CROSS JOIN numbers WHERE t.id = %s",
            [row.pk],
        )
        cursor.execute(f"ANALYZE {table}")


def with_others(check: Check, count: int) -> None:
    """So many other people, each rated once, with the marks 1 to 5 in turn."""
    multiply(check, count, 1, opportunity_id="'other ' || i", contact_id="'contact ' || i")
    first = check.references.in_order()[0]
    for place, pk in enumerate(Check.objects.exclude(pk=check.pk).order_by("pk").values_list("pk", flat=True)):
        first.pk, first._state.adding = None, True
        first.public_id, first.token, first.for_check_id = uuid4(), f"token {place}", pk
        first.save()
        Answer.objects.create(reference=first, question_key="overall", score=1 + place % 5)


def test_below_thirty_it_says_how_many_there_are(template: ReferenceTemplate) -> None:
    check = rated(template, 4, 4)
    rated(template, 2, 2)
    words = part(read(check), "Against everyone here")
    assert "2 people have been rated with this version of the questions; a fair comparison needs 30." in words


def test_from_thirty_on_it_says_where_the_mean_lies_and_gives_no_rank(template: ReferenceTemplate) -> None:
    check = rated(template, 5, 5)
    with_others(check, 40)
    page = read(check)
    words = part(page, "Against everyone here")
    assert "41 people, this candidate among them. Nobody has a rank." in words
    assert "above the middle half" in words
    (strip,) = [strip for strip in page.select(".strip") if "people" in str(strip["aria-label"])]
    assert strip["aria-label"] == "Overall: above the middle half of 41 people"
    assert not strip.select(".dot")


def test_another_edition_another_organization_and_the_same_person_are_not_counted(template: ReferenceTemplate) -> None:
    check = rated(template, 4, 4, contact_id="nia")
    rated(template, 2, 2, contact_id="nia")
    make_completed_check()
    template.survey.questions.filter(key="pace").update(text="How does {name} work best?")
    newer = rated(template, 3, 3)
    found = [comparison.everybody_like(each) for each in (check, newer)]
    assert [each and each.people for each in found] == [1, 1]


def test_one_mark_is_not_set_among_others(template: ReferenceTemplate) -> None:
    check = rated(template, 4, 4)
    with_others(check, 40)
    found = comparison.everybody_like(check)
    assert found
    assert [place.scale.key for place in comparison.places(found, report_of(check))] == ["overall"]
    check.references.in_order()[0].answers.filter(question_key="overall").delete()
    check.keep_report()
    assert comparison.places(found, report_of(check)) == []


def test_a_hundred_thousand_checks_are_two_queries_in_an_hour_and_no_scan(template: ReferenceTemplate) -> None:
    check = rated(template, 4, 4)
    multiply(check, 100_000, 2, opportunity_id="'many ' || i", contact_id="'many ' || i")
    with CaptureQueriesContext(connection) as first:
        found = comparison.everybody_like(check)
    with CaptureQueriesContext(connection) as second:
        comparison.everybody_like(check)
    assert found
    assert (found.people, found.is_newest_only) == (comparison.AT_MOST, True)
    assert (len(first), len(second)) == (2, 0)
    plan = comparison.rated_alike(check).values_list("pk", "contact_id").explain()
    assert re.search(r"(USING INDEX|Index Scan using) checks_check_(same_survey|completed)", plan)
    assert not re.search(r"SCAN checks_check|Seq Scan|Sort", plan)
