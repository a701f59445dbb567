"""The arithmetic of `manage.py bench`, and one small measurement from end to end."""

from pathlib import Path

import pytest

from config.bench import clients, deliveries, drain, exporting, pages, sending
from config.bench.figures import Figure, Goal, missed, percentile, ratio, table, written
from config.bench.ground import Ground
from config.bench.load import Load
from config.bench.log_rows import Look
from integrations.lever import webhooks
from tests import postgres
from tests.machine import POSTGRESQL


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (0.991, 100), (1, 100), (0, 1)])
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(share: float, value: int) -> None:
    assert percentile(range(100, 0, -1), share) == value


def test_each_round_is_compared_with_its_own_neighbour() -> None:
    """The machine was ten times slower in the second round, and it changed nothing."""
    assert ratio([200, 20, 400], [100, 10, 100]) == 2


def test_one_bad_round_does_not_decide() -> None:
    assert ratio([1, 50, 50], [100, 100, 100]) == 0.5


@pytest.mark.parametrize(
    ("value", "text"), [(0.1234, "0.12"), (12.34, "12.3"), (1234.5, "1,234"), (14.0, "14"), (0, "0")]
)
def test_a_figure_is_written_with_the_digits_that_it_has(value: float, text: str) -> None:
    assert written(value) == text


@pytest.mark.parametrize(
    ("goal", "verdict"),
    [
        (Goal("at least", 0.5), "met"),
        (Goal("at least", 0.51), "MISSED"),
        (Goal("at most", 0.5), "met"),
        (Goal("at most", 0.49), "MISSED"),
        (Goal("exactly", 0.5), "met"),
        (Goal("exactly", 0), "MISSED"),
        (None, ""),
    ],
)
def test_a_goal_is_met_or_missed(goal: Goal | None, verdict: str) -> None:
    figure = Figure("intake", "requests", 0.5, goal=goal)

    assert figure.verdict == verdict
    assert missed([figure]) == ([figure] if verdict == "MISSED" else [])


def test_the_table_says_figure_goal_and_verdict() -> None:
    calls = Figure("calls", "calls for a check", 13, "", Goal("at most", 14), "5 POST addTags")
    time = Figure("pages", "desk: time", 7.125)

    assert table([calls, time]).splitlines() == [
        "bench  what               figure  goal        verdict  made of",
        "calls  calls for a check  13      at most 14  met      5 POST addTags",
        "pages  desk: time         7.12 ×",
    ]


def test_what_clients_saw_adds_up() -> None:
    together = Load.together([Load(2, 0, 10.0, [1.0, 2.0]), Load(1, 1, 5.0, [3.0, 4.0])])

    assert together == Load(3, 1, 15.0, [1.0, 2.0, 3.0, 4.0])


def test_each_delivery_of_the_load_is_another_one_and_really_signed() -> None:
    sent = [webhooks.read(clients.delivery("key")) for _ in range(2)]

    assert all(webhooks.is_signed_by(each, ["key"]) for each in sent)
    assert sent[0].token != sent[1].token


def test_the_limit_counts_the_calls_that_it_grants_at_once() -> None:
    """120 calls: 20 at once, 100 at ten a second."""
    calls = [{"at": 1000 + 100 * each, "status": 200} for each in range(120)]
    calls[-1] = {"at": 1000 + 12_500, "status": 429}

    speed, refused, left = drain.figures(calls, 0)

    assert round(speed.value, 3) == 0.8
    assert (refused.value, left.value) == (1, 0)


def side(rows: int, queries: int, milliseconds: list[float]) -> deliveries.Side:
    """As if the log's list had been looked at, round by round."""
    made = deliveries.Side(rows, None)
    made.looks["list"] = [Look("list", queries, each, each / 10) for each in milliseconds]
    return made


def test_a_page_of_a_long_log_is_held_against_that_of_a_short_one() -> None:
    time, queries = deliveries.figures(side(10, 7, [20, 30, 20]), side(1000, 7, [30, 45, 900]))

    assert time.name == "list: 1,000 rows to 10"
    assert time.detail == "45 ms (slowest statement 4.5) to 20 ms (slowest statement 2.0); 7 queries"
    assert (time.value, time.verdict) == (1.5, "met")
    assert queries.verdict == "met"


def test_a_page_that_asks_more_of_a_long_log_misses_its_goal() -> None:
    time, queries = deliveries.figures(side(10, 7, [20]), side(1000, 8, [50]))

    assert (time.verdict, queries.verdict) == ("MISSED", "MISSED")
    assert queries.detail == "list [7, 8]"


def test_sending_is_held_against_the_bare_loop_of_its_own_round() -> None:
    speed, lost, doubled = sending.figures([sending.Sent(50, 100, 0, 0), sending.Sent(10, 40, 1, 2)], 1000)

    assert (speed.value, lost.value, doubled.value) == (0.375, 1, 2)
    assert missed([speed, lost, doubled]) == [lost, doubled]


def run(plan: exporting.Plan, *seconds: float, memory: tuple[float, ...] = (100,), refused: int = 0) -> exporting.Run:
    """As if each organization's prospects had lasted so long: each looked for, four of five made and noted."""
    made = plan.prospects * 4 // 5
    counts = {exporting.LOOKED: plan.prospects, exporting.MADE: made, "POST notes": made}
    tallies = [
        {"calls": sum(counts.values()), "refused": refused, "first": 0, "last": 1000 * each, "counts": counts}
        for each in seconds
    ]
    return exporting.Run(plan, tallies, list(memory), astray=0)


def test_the_export_is_held_against_the_limit_that_it_was_given() -> None:
    """260 calls: 20 at once, 240 at thirty a second."""
    speed, refused, calls, astray, _memory = exporting.figures(run(exporting.Plan(1, 100, 3), 10.0))

    assert (speed.value, calls.value) == (0.8, 1.8)
    assert speed.detail == "260 calls in 10.0 s; 30 a second allow them in 8.0 s"
    assert calls.detail == "100 looked for, 80 made; 80 more for the notes behind"
    assert (refused.verdict, astray.verdict) == ("met", "met")


def test_memory_that_grows_and_calls_that_are_refused_miss_their_goals() -> None:
    found = exporting.figures(run(exporting.Plan(1, 100, 3), 8.0, memory=(90, 100, 100, 120), refused=1))

    assert [figure.value for figure in missed(found)] == [1, 1.2]


def test_the_slowest_of_several_organizations_counts() -> None:
    one, three = exporting.Plan(1, 10, 3), exporting.Plan(3, 10, 3)

    assert exporting.beside(run(one, 10.0), run(three, 10.0, 15.0, 10.0)).value == 1.5


@pytest.mark.processes
@pytest.mark.skipif(not POSTGRESQL.find(), reason=POSTGRESQL.missing())
def test_a_real_worker_takes_the_prospects_of_several_organizations_into_lever_once(tmp_path: Path) -> None:
    plans = [exporting.Plan(organizations, 12, 10) for organizations in (1, 1, 2)]

    with postgres.running() as url, Ground(url, tmp_path, lambda step: None) as ground:
        speed, refused, calls, astray, _memory, beside = exporting.measure(ground, plans[0], plans[1:], workers=1)

    assert speed.value > 0
    assert beside.value > 0
    assert (refused.value, astray.value) == (0, 0)
    assert calls.detail == "12 looked for, 10 made; 10 more for the notes behind"


@pytest.mark.processes
@pytest.mark.skipif(not POSTGRESQL.find(), reason=POSTGRESQL.missing())
def test_it_looks_at_every_page_of_both_logs(tmp_path: Path) -> None:
    steps: list[str] = []

    with postgres.running() as url, Ground(url, tmp_path, steps.append) as ground:
        *times, queries = deliveries.measure(ground, few=100, many=150, rounds=1)

    assert steps[:2] == ["deliveries: writing 100", "deliveries: writing 150"]
    assert len(times) >= 20
    assert all(figure.value > 0 for figure in times)
    assert queries.verdict == "met", queries.detail


@pytest.mark.processes
@pytest.mark.skipif(not POSTGRESQL.find(), reason=POSTGRESQL.missing())
def test_it_measures_each_page_and_none_asks_more_for_more_rows(tmp_path: Path) -> None:
    steps: list[str] = []

    with postgres.running() as url, Ground(url, tmp_path, steps.append) as ground:
        *times, queries = pages.measure(ground, few=5, many=7)

    assert steps[0] == "pages: candidate, 5 rows"
    assert len(times) >= 10
    assert all(figure.value > 0 for figure in times)
    assert queries.verdict == "met", queries.detail


@pytest.mark.processes
@pytest.mark.skipif(not POSTGRESQL.find(), reason=POSTGRESQL.missing())
def test_four_workers_of_processes_of_their_own_send_each_mail_once(tmp_path: Path) -> None:
    with postgres.running() as url, Ground(url, tmp_path, lambda step: None) as ground:
        speed, lost, doubled = sending.measure(ground, mails=24, rounds=1)

    assert speed.value > 0
    assert (lost.value, doubled.value) == (0, 0)
