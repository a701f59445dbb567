"""The pages of what was changed by whom, of what was deleted, and the way back."""

from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.admin_lists import CountedUpTo
from accounts.scoped_admin import ScopedAdmin, reader
from templates_app.changes import page, said, time_of
from templates_app.restoring import Past, obstacles, past

FOLDER = "admin/templates_app/history"
PER_PAGE = 50


class WithHistory(ScopedAdmin):
    """What a ModelAdmin of a model with a history inherits."""

    def get_urls(self) -> list[Any]:
        views = {
            "deleted": ("deleted/", self.deleted_view),
            "restore": ("<path:object_id>/history/<int:moment>/", self.restore_view),
        }
        own = [path(at, self.admin_site.admin_view(view), name=self._name(n)) for n, (at, view) in views.items()]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"deleted_url": self._url("deleted"), **(extra_context or {})})

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Of a row that is there, or was."""
        pk = self._seen(request, object_id)
        if pk is None:
            return redirect(self._url("changelist"))
        row = self.get_object(request, str(pk))
        before = request.GET.get("before", "")
        found = page(self.model, pk, time_of(int(before)) if before.isdecimal() else None)
        may_restore = self.has_change_permission(request, row) if row else self.has_add_permission(request)
        context = {
            "title": _("Who changed “%(name)s”") % {"name": row or self._last(request, pk)},
            "row": row,
            "pk": pk,
            "page": found,
            "is_newest": not before,
            "may_restore": may_restore,
        }
        return self._answer(request, "page.html", context)

    def restore_view(self, request: HttpRequest, object_id: str, moment: int) -> HttpResponse:
        """What going back would change, and the button that does it."""
        pk, at = self._seen(request, object_id), time_of(moment)
        then = past(self.model, pk, at) if pk is not None and at else None
        if then is None:
            raise Http404
        may = self.has_change_permission(request, then.row) if then.row else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        problems = list(obstacles(then))
        if request.method == "POST" and not problems:
            try:
                return self._restored(request, then)
            except ValidationError as error:
                problems = error.messages
                then = past(self.model, then.record.id, then.at) or then  # as it is, not as it could not be saved
        words = {"name": _called(then), "date": said(then.at)}
        title = _("Restore “%(name)s” as it was on %(date)s") % words
        context = {"title": title, "row": then.row, "pk": pk, "changes": then.changes(), "problems": problems}
        return self._answer(request, "restore.html", context)

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        pages = CountedUpTo(self._deleted(request), PER_PAGE)
        words = {"things": self.opts.verbose_name_plural}
        context = {"title": _("Deleted %(things)s") % words, "page": pages.get_page(request.GET.get("p"))}
        return self._answer(request, "deleted.html", context)

    # --- which rows -----------------------------------------------------------------------------------

    def _records(self, request: HttpRequest) -> QuerySet[Any]:
        """The records of those rows that this person may see, or might have seen."""
        rows: QuerySet[Any] = self.model.history.model.objects.all()
        user = reader(request)
        return rows if user.is_operator else rows.filter(organization_id=user.organization_id)

    def _deleted(self, request: HttpRequest) -> QuerySet[Any]:
        later = self.model.history.model.objects.filter(id=OuterRef("id"), history_id__gt=OuterRef("history_id"))
        gone = self._records(request).filter(~Exists(later), history_type="-")
        return gone.select_related("history_user").order_by("-history_id")

    def _last(self, request: HttpRequest, pk: int) -> str:
        """What a deleted row was called."""
        record = self._deleted(request).filter(id=pk).first()
        return _name_of(self.model, record) if record else ""

    def _seen(self, request: HttpRequest, object_id: str) -> int | None:
        """The id, if there is or was such a row for this person."""
        row = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        if row is not None:
            return int(row.pk)
        pk = int(object_id) if object_id.isdecimal() and len(object_id) < 19 else 0
        return pk if self._deleted(request).filter(id=pk).exists() else None

    # --- answers --------------------------------------------------------------------------------------

    def _restored(self, request: HttpRequest, then: Past) -> HttpResponse:
        row = then.restore()
        self.log_change(request, row, _("Restored as it was on %(date)s") % {"date": said(then.at)})
        words = {"name": _name_of(self.model, row), "date": said(then.at)}
        sentence = _("“%(name)s” is as it was on %(date)s.") % words
        if self.opts.model_name == "survey":
            sentence += " " + _("That is its draft. Checks that begin ask it once you publish it.")
        messages.success(request, sentence)
        return redirect(self._url("history", row.pk))

    def _name(self, what: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{what}"

    def _url(self, what: str, *args: Any) -> str:
        return reverse(f"admin:{self._name(what)}", args=args)

    def _answer(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts, "deleted_url": self._url("deleted")}
        return TemplateResponse(request, f"{FOLDER}/{name}", {**around, **context})


def _called(then: Past) -> str:
    return _name_of(then.model, then.row or then.record)


def _name_of(model: Any, row: Any) -> str:
    """A record has the fields of its model, and none of its methods."""
    return capfirst(str(model.__str__(row)))
