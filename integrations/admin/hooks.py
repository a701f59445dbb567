"""Making and removing the webhooks in Lever itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.admin_verbs import verb
from accounts.scoped_admin import reader
from integrations import hooks
from integrations.admin.of_one import OfOne
from integrations.lever.errors import LeverError
from integrations.listed_hooks import EVENTS, Result, gathered
from integrations.models import Connection, StepTaken, Webhook


@dataclass(frozen=True)
class Making:
    """What the connection's page says about making the webhooks. `url` is of what Lever has now."""

    made: str
    switches: tuple[str, ...]
    url: str


class HookVerbs(OfOne):
    """Making and removing the webhooks in Lever itself."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_GET(self.hooks_in_lever))
        return [path("<path:object_id>/hooks/", view, name="integrations_connection_hooks"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        connection = kwargs.get("obj")
        if connection and connection.api_key:
            made = hooks.made_by_vouch(connection)
            context["making"] = Making(
                made=", ".join(str(each.label) for each in Webhook if each in made),
                switches=switches(),
                url=reverse("admin:integrations_connection_hooks", args=[quote(connection.pk)]),
            )
        return super().render_change_form(request, context, *args, **kwargs)

    def hooks_in_lever(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What Lever has now: a part of the connection's page, or a page of its own where no script asked for it."""
        connection = self.seen(request, object_id)
        context: dict[str, Any] = {}
        try:
            context["lines"] = gathered(hooks.look(connection))
        except LeverError as error:
            context["problem"] = hooks.words_for(error)
        if "X-Fill" in request.headers:
            return TemplateResponse(request, "admin/integrations/connection/hooks_in_lever.html", context)
        context |= self.admin_site.each_context(request)
        context |= {"opts": self.opts, "original": connection, "title": _("Webhooks in Lever")}
        return TemplateResponse(request, "admin/integrations/connection/hooks_page.html", context)

    @verb(
        gettext_lazy("Create the webhooks for me"),
        says=gettext_lazy(
            "Vouch looks which webhooks your Lever account has, makes those that are missing, and stores their "
            "signature tokens. What is there already is not made twice."
        ),
        when=lambda connection: bool(connection.api_key),
        is_atomic=False,
    )
    def make_webhooks(self, request: HttpRequest, connection: Connection, now: datetime) -> str | None:
        try:
            results = hooks.make(connection, now)
        except hooks.Busy as busy:
            messages.warning(request, str(busy))
            return ""
        if not connection.is_active and not connection.missing():
            messages.info(request, _("Nothing is missing any more. Activate the connection when you are ready."))
        words = _("Lever sends an event once a super admin has switched it on there: %(switches)s.")
        well = _tell(request, results)
        return " ".join([*well, words % {"switches": ", ".join(switches())}]) if well else ""

    @verb(
        gettext_lazy("Disconnect"),
        says=gettext_lazy(
            "Webhooks that Vouch made are removed from Lever. The key and all signature tokens are erased here, and "
            "nothing more is read or written in Lever. Checks, and the record of what came and went, stay. To connect "
            "again, enter the key and the tokens anew."
        ),
        when=lambda connection: bool(connection.api_key),
        asks=True,
        danger=True,
        is_atomic=False,
    )
    def disconnect(self, request: HttpRequest, connection: Connection, now: datetime) -> str | None:
        """Whatever Lever says, the secrets are erased here."""
        try:
            results = hooks.remove(connection, now)
        except hooks.Busy as busy:
            messages.warning(request, str(busy))
            return ""
        with transaction.atomic():
            StepTaken.held(connection.pk)
            connection.steps_taken.standing().update(undone_at=now, undone_by=reader(request))
            connection.forget()
        well, words = _tell(request, results), _("The API key still exists in Lever. Delete it there.")
        if any(result.deed is hooks.Deed.FAILED for result in results):
            stay = _(
                "These webhooks stay in Lever, and Vouch refuses what they send. To have them removed, connect again, "
                "let Vouch create the webhooks, and disconnect."
            )
            messages.warning(request, stay)
            words = _("The API key still exists in Lever, and so do webhooks made by hand. Delete them there.")
        return " ".join([_("The connection’s key and tokens are erased."), *well, words])


def switches() -> tuple[str, ...]:
    """Lever's words for what only a super admin can switch on, in Lever's settings."""
    return tuple(event.switch for event in EVENTS.values())


def _tell(request: HttpRequest, results: Iterable[Result]) -> list[str]:
    """Say what is amiss, and give back what is well."""
    found = gathered(results)
    for each in found:
        if not each.is_well:
            messages.warning(request, str(each))
    return [str(each) for each in found if each.is_well]
