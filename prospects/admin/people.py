"""The list of prospects, and the page of one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.admin_lists import choice_filter, state
from accounts.admin_pages import LogAdmin
from accounts.admin_verbs import verb
from accounts.models import User
from accounts.scoped_admin import reader
from checks.models import Check
from notifications.leases import FAILED
from notifications.tasks import wake_sender
from notifications.waking import silence
from prospects.admin.exports import ExportPages
from prospects.admin.imports import ImportPages
from prospects.holding import facts
from prospects.models import Errand, Prospect
from prospects.signs import ERRAND_SHAPES, sentence, standing
from prospects.tasks import wake_export

PAGE = "prospects_prospect"


def _can_be_tried(prospect: Any) -> bool:
    """Also one whom Lever knew: they may have been deleted there since. A note may be in trouble, too."""
    return prospect.state in (Prospect.State.REFUSED, Prospect.State.KNOWN) or prospect.has_failed


@admin.register(Prospect)
class ProspectAdmin(ImportPages, ExportPages, LogAdmin):
    page_template = "admin/prospects/prospect/page.html"
    about = gettext_lazy("People who agreed to hear about jobs, newest first.")
    empty = gettext_lazy(
        "There is no prospect yet. References are asked after they have sent their answers, and nobody is one who did "
        "not choose it."
    )
    list_display = ("who", "company", "about_what", "standing", "until", "in_lever")
    list_filter = (
        choice_filter("state", gettext_lazy("state"), Prospect.State.choices),
        choice_filter("source", gettext_lazy("came from"), Prospect.Source.choices),
    )
    search_fields = ("name", "company", "email")
    search_help_text = gettext_lazy("Name, company or e-mail")
    ordering = ("-pk",)
    exports = ("email", "phone", "title", "source", "months", "consent_text", "agreed_at", "confirmed_at", "problem")
    verbs = ("try_again", "clear", "withdraw")
    many = verbs

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_safe(self.data_view))
        return [path("<int:object_id>/data/", view, name=f"{PAGE}_data"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        failed = Errand.objects.filter(prospect=OuterRef("pk"), state=FAILED)
        rows: QuerySet[Any] = super().get_queryset(request).defer("token").annotate(has_failed=Exists(failed))
        return rows

    def get_list_display(self, request: HttpRequest) -> Any:
        """Why they were refused has a column where all of them were."""
        if request.GET.get("state") != Prospect.State.REFUSED:
            return self.list_display
        return [*self.list_display[:-2], "problem", *self.list_display[-2:]]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        known = {"may_import": self.has_change_permission(request), **(extra_context or {})}
        return super().changelist_view(request, known)

    @contextmanager
    def together(self) -> Iterator[None]:
        """The workers are woken once for all of them."""
        with silence():
            yield
        wake_export()
        wake_sender()

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Without the name: the history outlives what is known of them."""
        entry = super().log_change(request, obj, message)
        LogEntry.objects.filter(pk=entry.pk).update(object_repr=str(obj.public_id))
        return entry

    # --- the list ---------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("name"))
    def who(self, prospect: Prospect) -> str:
        return str(prospect)

    @admin.display(description=gettext_lazy("topics"))
    def about_what(self, prospect: Prospect) -> str:
        return prospect.topics or ("" if prospect.is_over else _("Any job"))

    @admin.display(description=gettext_lazy("state"))
    def standing(self, prospect: Prospect) -> SafeString:
        return standing(prospect)

    @admin.display(description=gettext_lazy("agreed until"))
    def until(self, prospect: Prospect) -> str:
        if prospect.ends_at is None or prospect.state == Prospect.State.WITHDRAWN:
            return ""
        return date_format(timezone.localtime(prospect.ends_at), "SHORT_DATE_FORMAT")

    @admin.display(description=gettext_lazy("Lever"))
    def in_lever(self, prospect: Prospect) -> SafeString | str:
        if not prospect.profile_url:
            return ""
        words = '<a href="{}" rel="noreferrer">{}<span class="hide">: {}</span></a>'
        return format_html(words, prospect.profile_url, _("Profile"), prospect)

    # --- verbs ------------------------------------------------------------------------------------------

    @verb(
        gettext_lazy("Try again"),
        says=gettext_lazy("Vouch looks in Lever once more whether they are there, and adds them if they are not."),
        when=_can_be_tried,
    )
    def try_again(self, request: HttpRequest, prospect: Prospect, now: datetime) -> str | None:
        goes_on = prospect.try_again(now)
        failed = [errand for errand in prospect.errands.filter(state=FAILED) if errand.process_again(now)]
        if not goes_on and not failed:
            return None
        wake_export()
        return _("%(name)s is tried again.") % {"name": prospect}

    @verb(
        gettext_lazy("Seen to it in Lever"),
        says=gettext_lazy(
            "Say here that somebody has looked in Lever, and put right what was to be put right there: then the desk "
            "asks no more."
        ),
        when=lambda prospect: prospect.is_to_clear or prospect.is_in_doubt,
    )
    def clear(self, request: HttpRequest, prospect: Prospect, now: datetime) -> str | None:
        return _("Noted. The desk asks no more.") if prospect.clear(reader(request), now) else None

    @verb(
        gettext_lazy("Withdraw on their behalf"),
        says=gettext_lazy(
            "For somebody who told you so. Their name and all that is known of them is erased here, and this address "
            "does not become a prospect again unless they choose it themselves. Whoever is in Lever already gets a "
            "tag and a note there, and the desk asks somebody to see to it.\n\nThis cannot be taken back."
        ),
        when=lambda prospect: not prospect.is_over,
        asks=True,
        asks_why=gettext_lazy("How did they say it?"),
        danger=True,
    )
    def withdraw(self, request: HttpRequest, prospect: Prospect, now: datetime) -> str | None:
        if not prospect.withdraw(now, by=reader(request)):
            return None
        wake_export()
        return _("It is withdrawn.")

    # --- the page of one --------------------------------------------------------------------------------

    def page(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        buttons = list(self.buttons(request, row))
        return {
            "standing": standing(row),
            "sentence": sentence(row),
            "check": _check_of(row, reader(request)),
            "errands": [(errand, _errand_state(errand)) for errand in row.errands.order_by("pk")],
            "data_url": reverse(f"admin:{PAGE}_data", args=[row.pk]),
            "buttons": [button for button in buttons if not button.verb.danger],
            "withdrawing": [button for button in buttons if button.verb.danger],
        }

    def data_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What is held of one person, in the words of their own page: a file for them."""
        prospect = self.get_object(request, str(object_id))
        if prospect is None or not self.has_view_permission(request, prospect):
            raise PermissionDenied
        held = {fact.name: fact.value for fact in facts(prospect)}
        answer = JsonResponse(held, json_dumps_params={"indent": 2, "ensure_ascii": False})
        answer.headers["Content-Disposition"] = f'attachment; filename="prospect-{prospect.public_id}.json"'
        return answer


def _check_of(prospect: Prospect, user: User) -> Check | None:
    """The check in which they chose it, for whoever may see it."""
    if prospect.reference_id is None or not user.has_perm("checks.view_check"):
        return None
    return Check.objects.visible_to(user).filter(references=prospect.reference_id).first()


def _errand_state(errand: Errand) -> SafeString:
    return state(ERRAND_SHAPES[errand.state], capfirst(dict(Errand.State.choices)[errand.state]))
