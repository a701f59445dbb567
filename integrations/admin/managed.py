"""The managed way on the connection's page: the operator's steps, and taking steps back."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.admin_verbs import Verb
from accounts.scoped_admin import reader
from integrations import hand_over, hooks
from integrations.admin import steps
from integrations.admin.customers import PAGE, Tiles, home, not_here, standing_of
from integrations.admin.deeds import DEEDS, Refused
from integrations.managed import CUSTOMERS, OutOfOrder, Step, is_managed
from integrations.models import Connection


def is_managed_for(request: HttpRequest) -> bool:
    """Whether the person at the screen leaves connecting to the operator."""
    return is_managed() and not reader(request).is_operator


class Managed(Tiles):
    """In a managed installation the operator fills in the connection, and customers take their own steps."""

    activate: Any  # the verb of the connection's page
    search_fields = ("organization__name",)
    search_help_text = gettext_lazy("Organization")

    def get_urls(self) -> list[Any]:
        wrap, name = self.admin_site.admin_view, "integrations_connection_step"
        one = "<path:object_id>/steps/<slug:step>/"
        return [
            path(one, wrap(require_POST(self.take_step)), name=name),
            path(f"{one}back/", wrap(self.take_step_back), name=f"{name}_back"),
            *super().get_urls(),
        ]

    # --- who may --------------------------------------------------------------------------------------------

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not is_managed_for(request) and bool(super().has_change_permission(request, obj))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return not is_managed_for(request) and bool(super().has_add_permission(request))

    def _may(self, request: HttpRequest, row: Any, found: Verb) -> bool:
        """The last step activates; the verb is for what came about without steps, or was switched off after them."""
        is_early = is_managed() and found is self.activate.verb and _last(row) not in (None, Step.ACTIVATE)
        return not is_early and bool(super()._may(request, row, found))

    # --- the operator's list, and the connection's page -----------------------------------------------------

    def get_list_display(self, request: HttpRequest) -> Any:
        columns = super().get_list_display(request)
        return [*columns, "last_step"] if is_managed() else columns

    @admin.display(description=gettext_lazy("last step"))
    def last_step(self, connection: Connection) -> str:
        taken = _last(connection)
        return str(Step(taken).label) if taken else _("Not requested")

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        context["is_only_one"] = False  # the tiles are a way back for everybody
        if is_managed() and (connection := kwargs.get("obj")):
            context["managed_steps"] = list(steps.lines(connection, is_operator=reader(request).is_operator))
            context["managed_undone"] = steps.taken_back(connection)
            if is_managed_for(request) and Step.ADDRESS not in {row.step for row in standing_of(connection)}:
                context["hooks"] = []  # the operator hands the address out
        return super().render_change_form(request, context, *args, **kwargs)

    # --- steps ----------------------------------------------------------------------------------------------

    def take_step(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """One of the operator's steps."""
        if step not in Step.values:
            raise Http404
        if not reader(request).is_operator or step in CUSTOMERS:
            raise PermissionDenied
        connection = self.seen(request, object_id)
        if refusal := not_here(request, connection):
            return refusal
        try:
            self._say(request, connection, str(Step(step).label), DEEDS[step](request, connection))
        except (OutOfOrder, Refused) as reason:
            messages.error(request, str(reason))
        except hand_over.Incomplete as lack:
            words = _("Not yet. Still missing: %(what)s.") % {"what": steps.in_words(lack.missing)}
            messages.error(request, words)
        return redirect(f"{PAGE}_change", connection.pk)

    def take_step_back(self, request: HttpRequest, object_id: str, step: str) -> HttpResponse:
        """The operator takes back any step, a super admin the customer's own. A look says what it would do."""
        if step not in Step.values:
            raise Http404
        user = reader(request)
        if not user.is_operator and step not in CUSTOMERS:
            raise PermissionDenied
        user = user if user.is_operator else self.super_admin(request)
        connection = self.seen(request, object_id)
        if refusal := not_here(request, connection):
            return refusal
        if request.method != "POST":
            return self._page_before_taking_back(request, connection, Step(step))
        try:
            if step == Step.SETTINGS and hooks.made_by_vouch(connection):
                raise Refused(_("Vouch has made webhooks in Lever with this key. Disconnect: that removes them, too."))
            done = hand_over.take_back(connection, step, user, timezone.now())
            self._say(request, connection, _("Taken back: %(step)s") % {"step": Step(step).label}, done)
        except (OutOfOrder, Refused) as reason:
            messages.error(request, str(reason))
        return home(request, connection)

    def _say(self, request: HttpRequest, connection: Connection, sentence: str, done: bool) -> None:
        if done:
            self.log_change(request, connection, sentence)
            messages.success(request, f"{sentence}.")
        else:
            messages.warning(request, _("Nothing was changed: things have moved on since the page was shown."))

    def _page_before_taking_back(self, request: HttpRequest, connection: Connection, step: Step) -> HttpResponse:
        label = _("Take back: %(step)s") % {"step": step.label}
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": label,
            "original": connection,
            "verb": Verb(label, says=steps.TAKING_BACK[step], danger=step in steps.DESTROYS),
            "possible": _last(connection) == step,
        }
        return TemplateResponse(request, "admin/verb.html", context)


def _last(connection: Connection) -> str | None:
    """The step that it has come to."""
    standing = standing_of(connection)
    return standing[-1].step if standing else None
