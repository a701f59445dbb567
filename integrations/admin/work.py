"""What the lists and pages of the inbox and of the outbox have in common."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_lists import BoundedList, CountedUpTo, state
from accounts.admin_pages import LogAdmin
from accounts.models import User
from accounts.scoped_admin import reader
from integrations.finding import Found, find
from integrations.models import Connection
from notifications.leases import WAITING


class WorkList(BoundedList):
    """A list that is searched by way of checks, and completed in one go when its rows are known."""

    model_admin: Any

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        found = find(self.query, reader(request)) if self.query.strip() else None
        if found:
            self.root_queryset = self.model_admin.among(self.root_queryset, found)
        rows = super().get_queryset(request, exclude_parameters)
        self.limits += found.limits if found else ()
        return rows

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        self.model_admin.complete(self.result_list, reader(request))


class WorkAdmin(LogAdmin):
    """Rows of the inbox and the outbox."""

    shapes: dict[str, str] = {}
    ordering = ("-pk",)
    verbs = ("process_again",)
    search_fields = ("pk",)  # that there is a field to type into; `among` does the searching
    search_help_text = gettext_lazy("Candidate, id or Lever address")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedList]:
        return WorkList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        return queryset, False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The connection is named: of one that has few rows among a million, PostgreSQL must know that."""
        rows = super().get_queryset(request)
        user = reader(request)
        if user.is_operator:
            return rows
        return rows.filter(connection__in=list(Connection.objects.visible_to(user).values_list("pk", flat=True)))

    def among(self, rows: QuerySet[Any], found: Found) -> QuerySet[Any]:
        """Those of the rows that somebody looks for.

        Their ids are read first, in the order of the column's index: asked for the newest of them at once, PostgreSQL
        may read the whole log backwards, expecting to come upon them soon.
        """
        column, values = self.sought(found)
        ids = rows.filter(**{f"{column}__in": values}).order_by(column).values_list("pk", flat=True)
        return rows.filter(pk__in=list(ids[: CountedUpTo.MOST]))

    def sought(self, found: Found) -> tuple[str, frozenset[Any]]:
        """A column with an index, and the values that are looked for in it."""
        raise NotImplementedError

    def complete(self, rows: list[Any], user: User) -> None:
        """Read what the rows need to be shown, for all of them at once."""

    @admin.display(description=gettext_lazy("state"))
    def standing(self, row: Any) -> SafeString:
        return state(self.shapes[row.state], capfirst(dict(self.model.State.choices)[row.state]))

    def link_to_check(self, row: Any) -> SafeString | str:
        if row.for_check is None:
            return ""
        url = reverse("admin:checks_check_change", args=[row.for_check_id])
        return format_html('<a href="{}">{}</a>', url, row.for_check)

    def work_facts(self, row: Any) -> Iterable[tuple[str, Any]]:
        return (
            (_("Attempts"), row.attempts),
            (_("Next attempt"), row.next_at if row.state == WAITING else None),
            (_("Settled"), row.done_at),
            (_("What went wrong"), row.error),
        )
