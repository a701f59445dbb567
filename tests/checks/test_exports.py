"""A report as JSON and CSV."""

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from accounts import cells
from checks import exports
from checks.models import Check
from checks.references import Given
from tests.factories import answers_for, make_awaiting_check, make_completed_check, make_template, make_user


@pytest.fixture
def check(db: None) -> Check:
    return make_completed_check(candidate_name="=cmd() Webb")


def file(check: Check, page: str) -> Any:
    browser = Client()
    browser.force_login(make_user(check.organization))
    return browser.get(reverse(page, args=[check.public_id]))


def table(check: Check) -> list[dict[str, str]]:
    content = b"".join(file(check, "report-csv").streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content, newline="")))


def test_the_json_says_what_it_is_and_holds_the_report(check: Check) -> None:
    found = json.loads(file(check, "report-json").content)
    assert (found["format"], found["version"]) == ("vouch-report", 1)
    assert found["check"]["candidate"] == "=cmd() Webb"
    assert found["report"]["scales"][0]["figures"]["n"] == 3
    assert "counted" not in found["report"]


def test_the_csv_has_a_line_for_each_answer_and_each_figure(check: Check) -> None:
    rows = table(check)
    assert set(rows[0]) == set(exports.COLUMNS)
    of_overall = [row for row in rows if row["competency"] == "Overall"]
    assert [row["what"] for row in of_overall] == ["answer", "answer", "answer", "figures"]
    assert of_overall[-1]["people"] == "3"


def test_files_are_named_after_the_candidate_and_are_downloads(check: Check) -> None:
    header = file(check, "report-csv").headers["Content-Disposition"]
    assert header == 'attachment; filename="reference-report-cmd-webb.csv"'


@pytest.mark.parametrize("text", ['=cmd()|"/C calc"!A0', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_taken_for_a_formula(db: None, text: str) -> None:
    check = make_awaiting_check(template=make_template(make_user().organization, ("peer",)))
    reference = check.references.get()
    reference.submit(answers_for(reference, strength=Given(text=text)), check.created_at)
    assert not [value for row in table(check) for value in row.values() if value.startswith(tuple("=+-@\t\r"))]


@given(some.text(max_size=40))
def test_a_neutral_cell_is_the_text_with_a_quote_at_most(text: str) -> None:
    found = cells.neutral(text)
    assert found in (text, f"'{text}")
    assert not found.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_figures_stay_figures() -> None:
    assert [cells.neutral(each) for each in (-1, 2.5, None)] == [-1, 2.5, ""]


def test_with_averages_only_no_line_is_one_persons(db: None) -> None:
    check = make_completed_check(template=make_template(make_user().organization, confidentiality="averages"))
    assert not [row for row in table(check) if row["person"] or (row["what"] == "answer" and row["part"] != "words")]


def test_with_averages_only_below_three_no_figure_leaves(db: None) -> None:
    template = make_template(make_user().organization, ("peer", "manager"), confidentiality="averages")
    check = make_completed_check(template=template)
    assert not [row for row in table(check) if row["mean"] or row["lowest"] or row["answer"] or row["text"]]
    found = json.loads(file(check, "report-json").content)["report"]
    assert all(scale["figures"]["mean"] is None and not scale["marks"] for scale in found["scales"])
