"""`manage.py test`: all that must hold before a change goes in, the quick things first.

Without arguments the full round; with arguments, pytest: `manage.py test tests/checks -k matching`.
"""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from tests.machine import BROWSER, PANGO, POSTGRESQL, Part

# An installation as it should be, for Django's deployment checks and our own.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "DEBUG": "off",
    "ALLOWED_HOSTS": "vouch.example",
    "SITE_URL": "https://vouch.example",
    "DATABASE_URL": "postgres://vouch@database.example/vouch",
    "EMAIL_URL": "smtp+tls://mail.example:587",
    "LEVER_API_URL": "https://api.lever.co/v1",
}


@dataclass(frozen=True)
class Step:
    """One command of the round, as a person would type it in an activated environment."""

    command: str
    needs: tuple[Part, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)


NO_DATABASE = {"DATABASE_URL": "sqlite://:memory:"}
PYTEST = "pytest -n auto --maxprocesses 4 --ignore tests/end_to_end --ignore tests/faults"


def each(option: str, places: Iterable[str]) -> str:
    return " ".join(f"{option}tests/{place}" for place in places)


# These know no database, or show a few rows of it: once will do, and SQLite is quicker.
ALIKE = (
    "accounts/test_logo.py",
    "checks/test_averages.py",
    "checks/test_candidate_pages.py",
    "checks/test_charts.py",
    "checks/test_correspondence.py",
    "checks/test_doors.py",
    "checks/test_exports.py",
    "checks/test_first_view.py",
    "checks/test_impact.py",
    "checks/test_integrity.py",
    "checks/test_letters.py",
    "checks/test_mail_domains.py",
    "checks/test_outcome_page.py",
    "checks/test_own_view.py",
    "checks/test_pdf.py",
    "checks/test_previews.py",
    "checks/test_questionnaire.py",
    "checks/test_reference_choices.py",
    "checks/test_reference_pages.py",
    "checks/test_report.py",
    "checks/test_report_of_every_kind.py",
    "checks/test_report_page.py",
    "checks/test_rights_pages.py",
    "checks/test_schedule.py",
    "checks/test_speaking.py",
    "checks/test_trust.py",
    "checks/test_watching.py",
    "checks/test_writing.py",
    "config/test_bootstrap.py",
    "config/test_catalogues.py",
    "config/test_checks.py",
    "integrations/lever",
    "integrations/sandbox",
    "integrations/test_doctor.py",
    "integrations/test_managed_roles.py",
    "notifications/test_mail_provider.py",
    "notifications/test_twilio.py",
    "portal/test_connection_page.py",
    "portal/test_connection_save.py",
    "portal/test_doctor_page.py",
    "portal/test_forms.py",
    "portal/test_frame.py",
    "portal/test_help.py",
    "portal/test_jobs_pages.py",
    "portal/test_pack_pages.py",
    "portal/test_template_pages.py",
    "portal/test_tiles.py",
    "portal/test_verbs.py",
    "portal/test_words_pages.py",
    "prospects/test_import.py",
    "prospects/test_pages.py",
    "prospects/test_pages_export.py",
    "prospects/test_pages_portal.py",
    "templates_app/test_cautions.py",
    "templates_app/test_pack_mistakes.py",
    "templates_app/test_pack_questions.py",
    "templates_app/test_shipped_packs.py",
    "templates_app/test_survey_editor.py",
)
# What locks, races or asks in ways of its own runs on both.
ON_BOTH = (
    "checks/test_erasing.py",
    "checks/test_kept.py",
    "checks/test_life.py",
    "checks/test_outcome.py",
    "checks/test_races.py",
    "checks/test_reminding.py",
    "integrations/test_inbox.py",
    "integrations/test_outbox.py",
    "prospects/test_consent.py",
    "prospects/test_export.py",
)
ON_SQLITE = f"{PYTEST} {each('', (*ON_BOTH, *ALIKE))}"
ON_POSTGRESQL = f"{PYTEST} {each('--ignore ', ALIKE)}"

STEPS = (
    Step("ruff check"),
    Step("ruff format --check"),
    Step("lint-imports"),
    Step("mypy --no-incremental"),  # its cache and the plug-in for Django do not always agree
    Step("python3 manage.py makemigrations --check --dry-run", environment=NO_DATABASE),
    Step("python3 manage.py check --deploy --fail-level WARNING", needs=(PANGO,), environment=PRODUCTION),
    Step(ON_SQLITE, needs=(PANGO,)),
    Step(f"python3 -m tests.postgres {ON_POSTGRESQL}", needs=(POSTGRESQL, PANGO)),
    Step("pytest -n 2 --dist loadfile tests/end_to_end", needs=(*BROWSER, PANGO)),
    Step("pytest -n 2 tests/faults"),
    Step("python3 -m tests.postgres pytest -n 2 tests/faults", needs=(POSTGRESQL,)),
)


class Command(BaseCommand):
    help = "All that must hold before a change goes in. With arguments: pytest, with these arguments."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        if argv[2:]:
            os.execv(sys.executable, [sys.executable, "-m", "pytest", *argv[2:]])
        super().run_from_argv(argv)

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        left_out = []
        for number, step in enumerate(STEPS, start=1):
            title = f"Step {number} of {len(STEPS)}: {step.command}"
            missing = " ".join(part.missing() for part in step.needs if not part.is_here())
            if not missing:
                self.take(title, step)
            elif os.environ.get("CI"):
                raise CommandError(f"{title}: {missing}")
            else:
                left_out.append(f"Left out: {step.command}. {missing}")
        passed = f"All {len(STEPS) - len(left_out)} steps passed in {time.monotonic() - started:.0f} s"
        self.stdout.write("\n".join([*left_out, passed]))

    def take(self, title: str, step: Step) -> None:
        """Run one step, its output passing through, or end here with its title."""
        self.stdout.write(f"--- {title}")
        self.stdout.flush()
        started = time.monotonic()
        code = subprocess.run(shlex.split(step.command), env=environment(step)).returncode
        took = f"{time.monotonic() - started:.1f} s"
        if code != 0:
            raise CommandError(f"{title}: failed after {took}", returncode=code)
        self.stdout.write(f"    {took}")


def environment(step: Step) -> dict[str, str]:
    """This process's environment, filled by tests/settings.py, with this Python's programs first on PATH."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return os.environ | step.environment | {"PATH": path}
