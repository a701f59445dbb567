"""What the connection's page asks Lever for: what there is to choose from, and whether a key works."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from integrations.admin.of_one import OfOne
from integrations.forms import ConnectionForm, secret_field
from integrations.models import Connection
from integrations.offers import BESIDE_THE_PAGE, WITHOUT_SCRIPT, Offer, ask, remember
from integrations.pages import moment

FOLDER = "admin/integrations/connection"
PAGE = "integrations_connection"


class ChoicePages(OfOne):
    """Never in a transaction: nobody has to wait for a lock while Lever is asked."""

    def get_urls(self) -> list[Any]:
        pages = {"offers": self.offers, "test-key": self.test_key}
        return [
            *(
                path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"{PAGE}_{view.__name__}")
                for name, view in pages.items()
            ),
            *super().get_urls(),
        ]

    def offers(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The drop-downs, filled anew from Lever; with what was read last when Lever does not answer."""
        connection = self.to_be_changed(request, object_id)
        offer = self._ask_and_remember(connection, BESIDE_THE_PAGE)
        return TemplateResponse(request, f"{FOLDER}/offered.html", choices(ConnectionForm(instance=connection), offer))

    def ask_at_once(self, request: HttpRequest, object_id: str) -> None:
        """Before the page is shown, for browsers that cannot fill it in afterwards."""
        offer = self._ask_and_remember(self.to_be_changed(request, object_id), WITHOUT_SCRIPT)
        if words := offer.problem or offer.forbidden:
            messages.warning(request, words)

    def _ask_and_remember(self, connection: Connection, timeout: tuple[float, float]) -> Offer:
        offer = ask(connection, timeout, thoroughly=True)
        remember(connection, offer, timezone.now())
        return offer

    def test_key(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Whether Lever accepts the key that was typed, or else the stored one. Nothing is saved."""
        connection = self.to_be_changed(request, object_id)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        tried, offer = _try(connection, request.POST)
        shape, words = verdict(offer)
        if "X-Fill" in request.headers:
            form = ConnectionForm(instance=tried, offer=offer if not offer.problem else None)
            context = choices(form, offer, is_trial=True)
            context |= {"shape": shape, "words": words, "has_answer": not offer.problem}
            return TemplateResponse(request, f"{FOLDER}/verdict.html", context)
        messages.add_message(request, messages.SUCCESS if shape == "done" else messages.WARNING, words)
        return redirect(reverse(f"admin:{PAGE}_change", args=[quote(connection.pk)]))


def _try(connection: Connection, data: Any) -> tuple[Connection, Offer]:
    """A copy of the connection, never saved, with what stands in the form; and what its account has."""
    tried = copy(connection)
    if data.get("environment") in Connection.Environment.values:
        tried.environment = data["environment"]
    try:
        tried.api_key = secret_field("").clean(data.get("new_api_key", "")) or connection.api_key
    except ValidationError as error:
        return tried, Offer(problem=error.messages[0])
    if not tried.api_key:
        return tried, Offer(problem=_("There is no key to test yet. Paste one into the field."))
    return tried, ask(tried, BESIDE_THE_PAGE, thoroughly=True)


def choices(form: ConnectionForm, offer: Offer | None = None, *, is_trial: bool = False) -> dict[str, Any]:
    """What the template of the drop-downs shows. `offer` is Lever's answer of just now, if it was asked."""
    connection, now = form.instance, timezone.now()
    problem = (offer.problem or offer.forbidden) if offer else ""
    read_at = now if offer and not offer.problem else connection.offered_at
    return {
        "form": form,
        "problem": problem,
        "read": moment(read_at, now) if read_at else "",
        "can_ask": bool(connection.api_key) and not is_trial,
        "no_reasons": _no_reasons(offer) if offer and not problem else "",
    }


def _no_reasons(offer: Offer) -> str:
    """Why one cannot choose an archive reason; empty where one can."""
    if offer.hired_reasons is None:
        return _("This key may not read archive reasons, so Vouch cannot archive. A tag and a note need none.")
    if not offer.hired_reasons or not offer.not_hired_reasons:
        return _("Your account has no archive reason in use for one of the two. In Lever, a super admin can add it.")
    return ""


def verdict(offer: Offer) -> tuple[str, str]:
    """A shape and what to say about a key."""
    if offer.problem or offer.forbidden:
        return "bad", offer.problem or offer.forbidden
    stages, people = len(offer.stages or ()), len(offer.people or ())
    has = _("It shows %(stages)s and %(people)s.") % {
        "stages": ngettext("%(n)d stage", "%(n)d stages", stages) % {"n": stages},
        "people": ngettext("%(n)d user", "%(n)d users", people) % {"n": people},
    }
    return "done", " ".join(
        filter(None, (_("Lever accepts this key."), has, str(CONFIDENTIAL[offer.sees_confidential]), str(REST)))
    )


REST: Any = gettext_lazy("The doctor tells what else it may do, once it is saved.")
CONFIDENTIAL: dict[bool | None, Any] = {
    True: gettext_lazy("It sees confidential jobs, too."),
    False: gettext_lazy("It does not see confidential jobs; Vouch works without them."),
    None: "",
}
