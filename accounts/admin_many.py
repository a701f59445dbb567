"""A verb done to many rows at once: they are ticked in the list, and a page names them before anything happens.

Nothing new is done to a row: it is the same verb, asked for the same permission, once for each row it fits.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.admin_lists import grouped
from accounts.admin_verbs import LONGEST_WHY, Verb, said

MOST = 500  # rows at once
NAMED = 20  # of them, on the page before


@dataclass(frozen=True)
class Chosen:
    """What was ticked, of what this person may see; `fit` are those that the verb can be done to as they stand."""

    rows: list[Any]
    verb: Verb
    is_cut: bool  # there are more than MOST

    @cached_property
    def fit(self) -> list[Any]:
        return [row for row in self.rows if self.verb.when(row)]

    @property
    def newest(self) -> int:
        """Rows that come into the list after these were shown are not meant."""
        return max((int(row.pk) for row in self.rows), default=0)

    @property
    def named(self) -> list[str]:
        return [str(row) for row in self.fit[:NAMED]]

    @property
    def unnamed(self) -> int:
        return max(0, len(self.fit) - NAMED)

    @property
    def left_out(self) -> int:
        return len(self.rows) - len(self.fit)


class WithMany:
    """The half of a ModelAdmin that does it. `many` names those of its verbs that can be done to many rows."""

    many: tuple[str, ...] = ()
    opts: Any
    admin_site: Any

    def many_urls(self) -> list[URLPattern]:
        """To stand before Django's own addresses, whose last one takes everything."""
        if not self.many:
            return []
        name = f"{self.opts.app_label}_{self.opts.model_name}_many"
        return [path("many/<slug:name>/", self.admin_site.admin_view(self.many_view), name=name)]

    def for_many(self, request: HttpRequest) -> Iterator[tuple[Verb, str]]:
        """The verbs that the list offers this person for what is ticked, and where they lead."""
        page: Any = self
        for name in self.many:
            found: Verb = getattr(self, name).verb
            if page._may(request, None, found):
                view = f"admin:{self.opts.app_label}_{self.opts.model_name}_many"
                yield found, reverse(view, args=[name.replace("_", "-")])

    def together(self) -> AbstractContextManager[Any]:
        """What is put around the deeds, such as waking the workers once for all of them."""
        return nullcontext()

    def many_view(self, request: HttpRequest, name: str) -> HttpResponse:
        method, page = name.replace("-", "_"), self._row_page
        if method not in self.many:
            raise Http404
        found: Verb = getattr(self, method).verb
        if not page._may(request, None, found):
            raise PermissionDenied
        chosen, why = self._chosen(request, found), request.POST.get("why", "").strip()[:LONGEST_WHY]
        if not chosen.rows:
            messages.info(request, _("Nothing was chosen. Tick whom you mean, then choose what to do."))
            return redirect(self._list(request))
        if request.method == "POST" and (why or not found.asks_why):
            self._do_to_all(request, chosen, method, why)
            return redirect(self._list(request))
        return self._before(request, chosen, is_lacking=request.method == "POST")

    @property
    def _row_page(self) -> Any:
        """Itself, as the ModelAdmin that this is half of."""
        return self

    def _chosen(self, request: HttpRequest, found: Verb) -> Chosen:
        """By their ids, or all that the list finds with its search and filters."""
        rows: QuerySet[Any] = self._found(request) if "all" in request.GET else self._ticked(request)
        newest = request.POST.get("newest", "")
        if newest.isascii() and newest.isdecimal():
            rows = rows.filter(pk__lte=min(int(newest), 2**63 - 1))
        listed = list(rows[: MOST + 1])
        return Chosen(listed[:MOST], found, len(listed) > MOST)

    def _ticked(self, request: HttpRequest) -> QuerySet[Any]:
        keys = [int(key) for key in request.GET.getlist("row")[:MOST] if key.isascii() and key.isdecimal()]
        rows: QuerySet[Any] = self._row_page.get_queryset(request).filter(pk__in=[key for key in keys if key < 2**63])
        return rows.order_by("-pk")

    def _found(self, request: HttpRequest) -> QuerySet[Any]:
        as_listed = copy(request)
        as_listed.GET = QueryDict(request.GET.get("of", ""))
        try:
            rows: QuerySet[Any] = self._row_page.get_changelist_instance(as_listed).queryset
        except IncorrectLookupParameters:
            raise Http404 from None
        return rows

    def _do_to_all(self, request: HttpRequest, chosen: Chosen, method: str, why: str) -> None:
        """Each in a transaction of its own: one that is not possible any more keeps no other from it."""
        done, now = 0, timezone.now()
        with self.together():
            for row in chosen.fit:
                with transaction.atomic():
                    if getattr(self, method)(request, row, now):
                        self._row_page.log_change(request, row, said(chosen.verb, why))
                        done += 1
        words = {"label": chosen.verb.label, "count": grouped(done)}
        sentence = ngettext("%(label)s: done for %(count)s.", "%(label)s: done for %(count)s.", done) % words
        (messages.success if done else messages.warning)(request, sentence)
        if left := len(chosen.fit) - done:
            words = {"count": grouped(left)}
            text = ngettext("%(count)s had moved on.", "%(count)s had moved on.", left) % words
            messages.warning(request, text)
        if chosen.is_cut:
            messages.warning(request, _("There are more. Do it again for the rest."))

    def _list(self, request: HttpRequest) -> str:
        """The list as it was filtered and searched."""
        address = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        onward = f"{address}?{QueryDict(request.GET.get('of', '')).urlencode()}".rstrip("?")
        return onward if url_has_allowed_host_and_scheme(onward, allowed_hosts=None) else address

    def _before(self, request: HttpRequest, chosen: Chosen, *, is_lacking: bool) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": chosen.verb.label,
            "verb": chosen.verb,
            "chosen": chosen,
            "is_lacking": is_lacking,
            "back": self._list(request),
            "count": grouped(len(chosen.fit)),
            "most": grouped(MOST),
        }
        return TemplateResponse(request, "admin/many.html", context)
