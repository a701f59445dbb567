"""The account's open jobs, and what each would get."""

import time

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from integrations import jobs
from integrations.jobs import OpenJobs, open_jobs
from integrations.models import Connection
from integrations.sandbox.faults import Fault
from integrations.sandbox.records import ApiKey, Posting
from integrations.sandbox.server import SandboxServer
from templates_app.matching import Matcher, match
from tests.factories import make_template

pytestmark = pytest.mark.django_db


def titles(found: OpenJobs) -> list[str]:
    return [job.title for job in found.jobs]


def add_posting(lever: SandboxServer, title: str, *tags: str, **fields) -> Posting:
    like = lever.world.posting_named("Deckhand")
    posting = Posting(**{**vars(like), "id": f"posting-{title}", "text": title, "tags": list(tags), **fields})
    lever.world.postings[posting.id] = posting
    return posting


def test_jobs_without_a_check_come_first_and_then_by_title(connection: Connection) -> None:
    found = open_jobs(connection)
    assert [bool(job.problem) for job in found.jobs] == [True, True, True, True, False]
    assert titles(found) == [
        "Crewing Manager",
        "Deckhand",
        "Engineering Manager",
        "Senior Data Engineer",
        "Chief Officer",
    ]


def test_drafts_and_confidential_jobs_are_not_among_them(connection: Connection) -> None:
    assert not {"Port Captain", "Finance Director"} & set(titles(open_jobs(connection)))


def test_a_key_with_access_reads_confidential_jobs_too(connection: Connection, lever: SandboxServer) -> None:
    lever.world.keys[connection.api_key].confidential = True
    connection.sees_confidential = True
    found = open_jobs(connection)
    assert "Finance Director" in titles(found)
    assert found.with_confidential


def test_a_key_that_lost_its_access_reads_the_others(connection: Connection, lever: SandboxServer) -> None:
    lever.world.keys[connection.api_key].confidential = False
    connection.sees_confidential = True
    found = open_jobs(connection)
    assert (len(found.jobs), found.with_confidential, found.problem) == (5, False, "")


def test_the_tags_that_choose_the_template_are_marked(connection: Connection, lever: SandboxServer) -> None:
    add_posting(lever, "Second Officer", "Deck-Officer", "night")
    job = next(job for job in open_jobs(connection).jobs if job.title == "Second Officer")
    assert job.tags == (("Deck-Officer", True), ("night", False))
    assert job.match.template.name == "Deck officers"


def test_a_tie_says_which_won_and_why(connection: Connection) -> None:
    make_template(connection.organization, name="Managers", ats_tag="people-manager", priority=5)
    make_template(connection.organization, name="Engineers", ats_tag="engineering", priority=7)
    job = next(job for job in open_jobs(connection).jobs if job.title == "Engineering Manager")
    assert job.match.is_ambiguous
    assert job.match.reason.startswith("“Managers”, because")
    assert [tag for tag, chosen in job.tags if chosen] == ["engineering", "people-manager"]


def test_with_a_default_every_job_gets_a_check(connection: Connection) -> None:
    make_template(connection.organization, name="General", is_default=True)
    found = open_jobs(connection)
    assert (found.troubles, found.title) == (0, "All five open jobs would get a check")
    assert [job.title for job in found.jobs if not job.is_default] == ["Chief Officer"]


def test_a_template_that_asks_nobody_begins_no_check(connection: Connection) -> None:
    make_template(connection.organization, name="Empty", is_default=True, requests=())
    deckhand = next(job for job in open_jobs(connection).jobs if job.title == "Deckhand")
    assert deckhand.problem == "“Empty” asks for no reference."


def test_the_title_counts_those_without_a_check(connection: Connection) -> None:
    assert open_jobs(connection).title == "Four of five open jobs would get no check"


def test_the_title_when_no_job_would_get_one(connection: Connection) -> None:
    connection.organization.reference_templates.all().delete()
    assert open_jobs(connection).title == "None of the five open jobs would get a check"


@pytest.mark.parametrize(
    ("tags", "title"),
    [(["deck-officer"], "The open job would get a check"), ([], "The open job would get no check")],
)
def test_the_title_of_one_job(connection: Connection, lever: SandboxServer, tags: list[str], title: str) -> None:
    lever.world.postings.clear()
    lever.world.postings["one"] = Posting("one", "Cook", "", None, "", None, tags, None, None, 1)
    assert open_jobs(connection).title == title


def test_templates_that_no_open_job_would_get_are_named(connection: Connection) -> None:
    make_template(connection.organization, name="Cooks", ats_tag="galley")
    assert [template.name for template in open_jobs(connection).idle] == ["Cooks"]


def test_an_account_without_jobs_says_so(connection: Connection, lever: SandboxServer) -> None:
    lever.world.postings.clear()
    found = open_jobs(connection)
    assert (found.title, found.problem) == ("No job is open in Lever", "")


def test_however_many_jobs_there_are_the_queries_stay_the_same(connection: Connection, lever: SandboxServer) -> None:
    matcher_queries = 2  # the templates, and whom they ask for
    for number in range(60):
        add_posting(lever, f"Deckhand {number}", "deck-officer")
    with CaptureQueriesContext(database) as queries:
        found = open_jobs(connection)
    of_templates = [query for query in queries if "templates_app" in query["sql"]]
    assert (len(found.jobs), len(of_templates)) == (65, matcher_queries)


def test_no_more_are_read_than_a_page_can_hold(
    connection: Connection, lever: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_MOST", 3)
    found = open_jobs(connection)
    assert (len(found.jobs), found.is_cut) == (3, True)


def test_exactly_as_many_as_fit_are_not_cut(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "AT_MOST", 5)
    assert not open_jobs(connection).is_cut


def test_no_further_page_is_asked_for_when_time_is_up(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LONGEST", 0.0)
    found = open_jobs(connection)
    assert (len(found.jobs), found.is_late) == (1, True)


def test_a_lever_that_hangs_is_given_up_within_ten_seconds(
    connection: Connection, lever: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sum(jobs.PATIENCE) + jobs.LONGEST <= 10
    monkeypatch.setattr(jobs, "PATIENCE", (0.2, 0.2))
    lever.faults.add(Fault("hang", path="/postings", seconds=3))
    begun = time.monotonic()
    found = open_jobs(connection)
    assert found.problem == "Lever does not answer at the moment. Ask again in a minute."
    assert time.monotonic() - begun < 2


def test_a_lever_that_is_down_gives_a_sentence(connection: Connection, lever: SandboxServer) -> None:
    lever.stop()
    found = open_jobs(connection)
    lever.start()
    assert (found.jobs, found.title) == ([], "Lever did not say which jobs are open")


def test_what_lever_inherits_from_a_job_counts_as_its_tag(connection: Connection) -> None:
    make_template(connection.organization, name="Ships", ats_tag="fleet")
    deckhand = next(job for job in open_jobs(connection).jobs if job.title == "Deckhand")
    assert deckhand.match.template.name == "Ships"
    assert deckhand.tags == (("Fleet", True),)


def test_it_is_the_template_that_a_candidate_for_the_job_gets(connection: Connection, lever: SandboxServer) -> None:
    for tag in ("engineering", "people-manager", "aberdeen"):
        make_template(connection.organization, name=f"For {tag}", ats_tag=tag)
    for job in open_jobs(connection).jobs:
        opportunity = lever.world.add_person("Noor Haddad", posting=job.id)
        tags = opportunity.tags
        assert match(connection.organization, tags).template == job.match.template, job.title


def test_a_key_without_the_permission_says_what_to_do(connection: Connection, lever: SandboxServer) -> None:
    lever.world.keys["narrow"] = ApiKey("narrow", permissions=frozenset({"stages:read"}))
    connection.api_key = "narrow"
    found = open_jobs(connection)
    assert "does not allow this to the API key" in found.problem


def test_a_wrong_key_says_so_and_the_connection_stays_as_it_is(connection: Connection) -> None:
    connection.api_key = "wrong"
    assert "does not know this API key" in open_jobs(connection).problem
    assert Connection.objects.get().is_active


def test_without_a_key_lever_is_not_asked(connection: Connection, lever: SandboxServer) -> None:
    connection.api_key = ""
    assert "no API token" in open_jobs(connection).problem
    assert not lever.calls.last()


def test_only_looking_is_done_in_lever(connection: Connection, lever: SandboxServer) -> None:
    open_jobs(connection)
    assert {call.method for call in lever.calls.last()} == {"GET"}


def test_a_list_without_jobs_names_no_template_as_used(connection: Connection) -> None:
    found = OpenJobs(Matcher(connection.organization))
    assert [template.name for template in found.idle] == ["Deck officers"]
