"""`manage.py test` itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from config import bootstrap
from config.management.commands import test
from config.management.commands.test import Step
from tests.machine import Part

NOWHERE = Part("A part", lambda: None, "apt-get install part")


@pytest.fixture
def round_of(monkeypatch, capfd):
    """Run the command with other steps. Returns the lines it printed, its steps' own among them."""

    def run(*steps):
        monkeypatch.setattr(test, "STEPS", steps)
        call_command("test")
        return capfd.readouterr().out.splitlines()

    return run


@pytest.fixture
def no_apt(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")


def test_it_ends_with_how_many_steps_passed(round_of):
    assert round_of(Step("true"), Step("true"))[-1] == "All 2 steps passed in 0 s"


def test_it_names_each_step_before_it_runs(round_of):
    printed = round_of(Step("echo one"))
    assert printed[:2] == ["--- Step 1 of 1: echo one", "one"]


def test_it_stops_at_the_first_step_that_fails(round_of, tmp_path):
    never = tmp_path / "never"
    with pytest.raises(CommandError, match=r"^Step 1 of 2: false: failed after"):
        round_of(Step("false"), Step(f"touch {never}"))
    assert not never.exists()


def test_a_step_without_its_part_is_left_out_aloud(round_of, no_apt, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    *_, left_out, passed = round_of(Step("pytest", needs=(NOWHERE,)))
    assert left_out == "Left out: pytest. A part is missing; this brings it: apt-get install part."
    assert passed.startswith("All 0 steps passed")


def test_nothing_is_left_out_in_ci(round_of, no_apt, monkeypatch):
    monkeypatch.setenv("CI", "true")
    with pytest.raises(CommandError, match="A part is missing"):
        round_of(Step("pytest", needs=(NOWHERE,)))


def test_a_step_runs_with_this_pythons_programs(round_of):
    assert str(Path(sys.executable).parent) in round_of(Step("python3 -c 'import sys; print(sys.executable)'"))[1]


def test_a_step_may_have_an_environment_of_its_own():
    environment = test.environment(Step("true", environment={"SITE_URL": "https://vouch.example"}))
    assert environment["SITE_URL"] == "https://vouch.example"
    assert environment["SECRET_KEY"] == os.environ["SECRET_KEY"]


def test_arguments_go_to_pytest():
    command = [sys.executable, "manage.py", "test", "--version"]
    result = subprocess.run(command, cwd=bootstrap.ROOT, capture_output=True, text=True)
    assert result.stdout.startswith(f"pytest {pytest.__version__}")
