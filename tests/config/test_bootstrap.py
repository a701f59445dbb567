"""How a machine with only Python comes to run Vouch. Nothing here is downloaded."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from config import bootstrap

BARE = [sys.executable, "-m", "venv", "--without-pip"]
PREPARE_AND_TELL = """
import sys
from config import bootstrap
bootstrap.installers = lambda lock: [[["true"]]]
bootstrap.prepare(sys.argv)
print(sys.prefix, sys.argv[1:])
"""


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout of its own for the module to work in, whose lock is satisfied by Python itself."""
    for lock in (bootstrap.RUNTIME, bootstrap.DEVELOPMENT):
        (tmp_path / lock).write_text(f"one==1.0 \\\n    --hash=sha256:0\n# {lock}\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "vouch-lock")
    monkeypatch.setattr(bootstrap, "LANDMARK", {bootstrap.RUNTIME: "json", bootstrap.DEVELOPMENT: "json"})
    monkeypatch.setattr(bootstrap, "installers", lambda lock: [[[*BARE, str(tmp_path / ".venv")]]])
    return tmp_path


@pytest.mark.parametrize("command", ["test", "bench"])
def test_a_developers_command_wants_the_development_lock(command):
    assert bootstrap.lock_for(["manage.py", command, "demo"]) == bootstrap.DEVELOPMENT


@pytest.mark.parametrize("argv", [["manage.py"], ["manage.py", "demo"], ["manage.py", "help", "test"]])
def test_any_other_command_wants_the_runtime_lock(argv):
    assert bootstrap.lock_for(argv) == bootstrap.RUNTIME


def test_a_development_venv_is_good_for_every_command(checkout):
    bootstrap.make(bootstrap.DEVELOPMENT)
    assert bootstrap.is_ready(bootstrap.RUNTIME)
    assert bootstrap.is_ready(bootstrap.DEVELOPMENT)


def test_a_runtime_venv_is_not_enough_for_the_tests(checkout):
    bootstrap.make(bootstrap.RUNTIME)
    assert bootstrap.is_ready(bootstrap.RUNTIME)
    assert not bootstrap.is_ready(bootstrap.DEVELOPMENT)


def test_a_changed_lock_makes_the_venv_stale(checkout):
    bootstrap.make(bootstrap.RUNTIME)
    (checkout / bootstrap.RUNTIME).write_text("one==1.1\n")
    assert not bootstrap.is_ready(bootstrap.RUNTIME)


def test_a_venv_made_by_hand_is_taken_as_it_is(checkout):
    subprocess.run([*BARE, bootstrap.VENV], check=True)
    assert bootstrap.is_ready(bootstrap.DEVELOPMENT)


def test_a_venv_made_by_hand_without_the_packages_is_not_ready(checkout, monkeypatch):
    subprocess.run([*BARE, bootstrap.VENV], check=True)
    monkeypatch.setitem(bootstrap.LANDMARK, bootstrap.RUNTIME, "no_such_package")
    assert not bootstrap.is_ready(bootstrap.RUNTIME)


def test_a_venv_whose_python_is_gone_is_not_ready(checkout):
    bootstrap.make(bootstrap.RUNTIME)
    bootstrap.PYTHON.unlink()
    bootstrap.PYTHON.symlink_to(checkout / "removed")
    assert not bootstrap.is_ready(bootstrap.RUNTIME)


def test_a_stale_venv_is_brought_up_to_date_in_place(checkout):
    bootstrap.make(bootstrap.RUNTIME)
    (bootstrap.VENV / "kept").touch()
    bootstrap.make(bootstrap.DEVELOPMENT)
    assert (bootstrap.VENV / "kept").exists()


def test_a_half_made_venv_is_made_anew(checkout):
    bootstrap.make(bootstrap.RUNTIME)
    (bootstrap.VENV / "half").touch()
    bootstrap.STAMP.write_text(bootstrap.UNFINISHED)
    assert not bootstrap.is_ready(bootstrap.RUNTIME)
    bootstrap.make(bootstrap.RUNTIME)
    assert not (bootstrap.VENV / "half").exists()


def test_the_next_way_is_tried_when_the_first_fails(checkout, monkeypatch):
    ways = [[["false"]], [[*BARE, str(bootstrap.VENV)]]]
    monkeypatch.setattr(bootstrap, "installers", lambda lock: ways)
    bootstrap.make(bootstrap.RUNTIME)
    assert bootstrap.is_ready(bootstrap.RUNTIME)


def test_it_says_so_when_nothing_arrives(checkout, monkeypatch):
    monkeypatch.setattr(bootstrap, "installers", lambda lock: [[["false"], [*BARE, str(bootstrap.VENV)]]])
    with pytest.raises(SystemExit, match="did not arrive"):
        bootstrap.make(bootstrap.RUNTIME)
    assert bootstrap.stamp() == bootstrap.UNFINISHED


def test_it_says_so_when_what_arrives_is_not_what_is_needed(checkout, monkeypatch):
    monkeypatch.setitem(bootstrap.LANDMARK, bootstrap.RUNTIME, "no_such_package")
    with pytest.raises(SystemExit, match="did not arrive"):
        bootstrap.make(bootstrap.RUNTIME)


def test_it_says_how_long_a_person_will_wait_and_keeps_standard_output_clean(checkout, capfd, monkeypatch):
    ways = [[["echo", "installing"], [*BARE, str(bootstrap.VENV)]]]
    monkeypatch.setattr(bootstrap, "installers", lambda lock: ways)
    bootstrap.make(bootstrap.RUNTIME)
    said = capfd.readouterr()
    assert "Making .venv: 1 packages, about half a minute." in said.err
    assert said.out == ""


def test_uv_comes_before_pip_and_both_demand_hashes(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/bin/{name}")
    with_uv, with_pip = bootstrap.installers(bootstrap.RUNTIME)
    assert with_uv[-1][:3] == ["/opt/bin/uv", "pip", "install"]
    assert with_pip[-1][:4] == [str(bootstrap.PYTHON), "-m", "pip", "install"]
    assert "--require-hashes" in with_uv[-1]
    assert "--require-hashes" in with_pip[-1]


def test_without_venv_it_names_the_package_that_brings_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(bootstrap, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        bootstrap.installers(bootstrap.RUNTIME)


def test_an_old_python_is_told_so(monkeypatch):
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 1))
    with pytest.raises(SystemExit, match=r"Vouch needs Python 99\.1 or newer"):
        bootstrap.prepare(["manage.py"])


def test_in_a_prepared_environment_it_does_nothing(monkeypatch):
    monkeypatch.setattr(os, "execv", lambda *words: pytest.fail(f"started {words}"))
    bootstrap.prepare(["manage.py", "test"])


def test_a_second_start_waits_for_the_first(capfd):
    entered = threading.Event()

    def second_start():
        with bootstrap.one_at_a_time():
            entered.set()

    with bootstrap.one_at_a_time():
        waiting = threading.Thread(target=second_start)
        waiting.start()
        assert not entered.wait(0.2)
    waiting.join(10)
    assert entered.is_set()
    assert "Another start is making .venv" in capfd.readouterr().err


@pytest.fixture
def start(tmp_path):
    """Start `migrate` in a checkout whose `.venv` is made by hand, with one of two Pythons: "bare" or ".venv"."""
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "bootstrap.py").write_bytes(Path(bootstrap.__file__).read_bytes())
    (tmp_path / bootstrap.RUNTIME).touch()
    (tmp_path / bootstrap.DEVELOPMENT).touch()
    (tmp_path / "start.py").write_text(PREPARE_AND_TELL)
    for name in ("bare", ".venv"):
        subprocess.run([*BARE, tmp_path / name], check=True)
    next(tmp_path.glob(".venv/lib/python*/site-packages")).joinpath("django_q.py").touch()

    def run(name):
        command = [tmp_path / name / "bin" / "python", tmp_path / "start.py", "migrate"]
        return subprocess.run(command, capture_output=True, text=True, check=True)

    return run


def test_a_bare_python_starts_the_same_command_again_in_the_venv(start, tmp_path):
    assert start("bare").stdout == f"{tmp_path / '.venv'} ['migrate']\n"


def test_a_stale_venv_brings_itself_up_to_date_and_goes_on(start, tmp_path):
    (tmp_path / ".venv" / "vouch-lock").write_text("of an older lock")
    first, second = start(".venv"), start(".venv")
    assert ".venv is ready" in first.stderr
    assert second.stderr == ""
    assert first.stdout == second.stdout == f"{tmp_path / '.venv'} ['migrate']\n"


def pins(lock: str) -> set[str]:
    """{package==version} of a lock file, as written."""
    lines = (bootstrap.ROOT / lock).read_text().splitlines()
    return {line.split()[0] for line in lines if line[0].isalnum()}


def test_the_development_lock_holds_all_of_the_runtime_lock():
    assert pins(bootstrap.RUNTIME) < pins(bootstrap.DEVELOPMENT)


@pytest.mark.parametrize("lock", [bootstrap.RUNTIME, bootstrap.DEVELOPMENT])
def test_a_lock_names_no_host(lock):
    assert "://" not in (bootstrap.ROOT / lock).read_text()
