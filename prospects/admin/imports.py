"""Prospects from a CSV file: what it would bring is shown first, with what is wrong in it, line by line."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.admin_lists import grouped
from accounts.scoped_admin import ScopedAdmin, reader
from prospects.import_form import ImportForm, packed
from prospects.importing import Comparison, compare, take
from prospects.lines import COLUMNS, NEEDED, Table, understand
from prospects.sheet import Unreadable, read
from prospects.tasks import wake_asking, wake_export

FOLDER = "admin/prospects/import"
LIST = "admin:prospects_prospect_changelist"
SHOWN = 100  # mistakes that the page tells


class ImportPages(ScopedAdmin):
    """The half of the prospects' ModelAdmin that takes files. Nothing of a file is kept but the rows."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.import_view))
        return [path("import/", view, name="prospects_prospect_import"), *super().get_urls()]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._choose(request, ImportForm(reader(request)))
        form = ImportForm(reader(request), request.POST, request.FILES)
        if not form.is_valid():
            return self._choose(request, form)
        try:
            table = understand(read(form.source), timezone.now())
        except Unreadable as error:
            form.add_error("file", _with_line(error))
            return self._choose(request, form)
        return self._take(request, form, table) if "import" in request.POST else self._show(request, form, table)

    def _choose(self, request: HttpRequest, form: ImportForm) -> HttpResponse:
        columns = [(name, words, name in NEEDED) for name, (_longest, words) in COLUMNS.items()]
        return self._answer(request, "choose", {"title": _("Import prospects"), "form": form, "columns": columns})

    def _show(self, request: HttpRequest, form: ImportForm, table: Table, **more: Any) -> HttpResponse:
        found = compare(form.whose, table)
        context = {
            "title": _title(found),
            "found": found,
            "remarks": found.remarks[:SHOWN],
            "unshown": max(0, len(found.remarks) - SHOWN),
            "unread": ", ".join(table.unread),
            "packed": packed(form.source),
            "organization": form.whose,
            "is_operator_s": "organization" in form.fields,
            "good": grouped(len(found.good)),
        }
        return self._answer(request, "preview", {**context, **more})

    def _take(self, request: HttpRequest, form: ImportForm, table: Table) -> HttpResponse:
        """With mistakes in the file, somebody has to say that the others are to be taken all the same."""
        if compare(form.whose, table).remarks and "without" not in request.POST:
            return self._show(request, form, table, is_lacking=True)
        found = take(form.whose, table, timezone.now())
        wake_asking()
        wake_export()
        for sentence in _told(found):
            messages.success(request, sentence)
        return redirect(LIST)

    def _answer(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        known = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"{FOLDER}/{name}.html", {**known, **context})


def _with_line(error: Unreadable) -> str:
    return _("Line %(line)d: %(problem)s") % {"line": error.line, "problem": error} if error.line else str(error)


def _title(found: Comparison) -> str:
    """The news."""
    if not found.good:
        return _("Nothing to import") if found.remarks else _("All of them are here already")
    count = len(found.good)
    words = ngettext("%(count)s line can be imported", "%(count)s lines can be imported", count)
    return words % {"count": grouped(count)}


def _told(found: Comparison) -> list[str]:
    new, newer, asked = len(found.new), len(found.newer), found.to_ask
    said = [
        (new, ngettext("%(n)s prospect was imported.", "%(n)s prospects were imported.", new)),
        (newer, ngettext("What %(n)s agreed to was renewed.", "What %(n)s agreed to was renewed.", newer)),
        (asked, ngettext("%(n)s gets a mail that asks for a yes.", "%(n)s get a mail that asks for a yes.", asked)),
    ]
    return [text % {"n": grouped(count)} for count, text in said if count] or [_("Nothing was changed.")]
