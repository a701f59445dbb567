"""Connect an organization's Lever account from the command line; safe to run again with other values."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from accounts.models import Organization, User
from accounts.roles import Role
from integrations import hooks
from integrations.account import lever
from integrations.first_look import person_meant, stage_meant
from integrations.lever.errors import LeverError
from integrations.lever.objects import Person, Stage
from integrations.models import Connection, Webhook
from integrations.offers import BESIDE_THE_PAGE, ask, remember
from integrations.tasks import read_people

TOKEN_OPTIONS = {
    Webhook.STAGE_CHANGE: "stage_change_token",
    Webhook.HIRED: "hired_token",
    Webhook.ARCHIVED: "archived_token",
    Webhook.DELETED: "deleted_token",
}


class Command(BaseCommand):
    help = "Connects an organization to Lever and prints, as JSON, what is missing and the webhook addresses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, help="the company's name; made if it is new")
        parser.add_argument("--api-key", required=True, help="Lever's API key; stored encrypted")
        parser.add_argument("--stage", required=True, help="name or id of the stage that starts checks")
        parser.add_argument("--perform-as", required=True, help="e-mail of the Lever user in whose name we write")
        for option in TOKEN_OPTIONS.values():
            parser.add_argument(f"--{option.replace('_', '-')}", help="signature token that Lever showed")
        parser.add_argument("--make-webhooks", action="store_true", help="let Vouch make them in Lever")
        parser.add_argument("--admin-email", help="makes a super admin with this address")
        parser.add_argument("--admin-password", help="and this password; without it they sign in by mailed link")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            organization, _made = Organization.objects.get_or_create(name=options["organization"])
            connection, _made = Connection.objects.get_or_create(organization=organization)
        connection.api_key = options["api_key"].strip()
        stage, person = self._ask_lever(connection, options)  # before a wrong key takes the place of a good one
        with transaction.atomic():
            _fill(connection, stage, person, options)
            _make_admin(organization, options["admin_email"], options["admin_password"])
        remember(connection, ask(connection, BESIDE_THE_PAGE, thoroughly=True), timezone.now())
        if options["make_webhooks"]:
            self._make_webhooks(connection)
        if connection.is_active:
            read_people(connection.pk)
        self.stdout.write(json.dumps(_answer(connection), indent=2))

    def _make_webhooks(self, connection: Connection) -> None:
        """What Lever refused is said beside the answer, which then tells what is missing."""
        try:
            results = hooks.make(connection, timezone.now())
        except hooks.Busy as busy:
            raise CommandError(str(busy)) from None
        for result in results:
            if not result.deed.is_well:
                self.stderr.write(": ".join(filter(None, (result.name, result.sentence))))
        if connection.status == Connection.Status.INCOMPLETE:
            connection.activate()

    def _ask_lever(self, connection: Connection, options: dict[str, Any]) -> tuple[Stage, Person]:
        try:
            with lever(connection) as account:
                stages, people = account.stages(), account.users()
        except LeverError as error:
            raise CommandError(f"{error.words} ({error})") from None
        return _stage(stages, options["stage"]), _person(people, options["perform_as"])


def _stage(stages: list[Stage], wanted: str) -> Stage:
    if found := stage_meant(stages, wanted):
        return found
    names = ", ".join(stage.text for stage in stages)
    raise CommandError(f"Lever has no stage “{wanted}”. It has: {names}.")


def _person(people: list[Person], email: str) -> Person:
    if found := person_meant(people, email):
        return found
    raise CommandError(f"Lever has no active user with the address {email}.")


def _fill(connection: Connection, stage: Stage, person: Person, options: dict[str, Any]) -> None:
    connection.stage_id, connection.stage_name = stage.id, stage.text[:120]
    connection.perform_as_id, connection.perform_as_name = person.id, person.name[:160]
    connection.save(update_fields=["api_key", "stage_id", "stage_name", "perform_as_id", "perform_as_name"])
    for webhook, option in TOKEN_OPTIONS.items():
        if options[option]:
            connection.set_token(webhook, options[option].strip(), timezone.now())
    connection.activate()


def _make_admin(organization: Organization, email: str | None, password: str | None) -> None:
    if not email:
        return
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        User.objects.create_user(email, password, organization=organization, role=Role.SUPER_ADMIN)
        return
    if user.organization_id != organization.pk:
        raise CommandError(f"{email} belongs to another organization.")
    user.role = Role.SUPER_ADMIN
    user.is_active = True
    if password:
        user.set_password(password)
    user.save()


def _answer(connection: Connection) -> dict[str, Any]:
    return {
        "connection": str(connection.uuid),
        "status": connection.status,
        "missing": connection.missing(),
        "webhooks": {webhook: connection.webhook_url(webhook) for webhook in TOKEN_OPTIONS},
    }
