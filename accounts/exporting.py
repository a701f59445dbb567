"""Every list of the portal as a CSV file: what the list shows, with its filters, its search and its limits."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

import structlog
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import cells
from accounts.admin_lists import grouped

MOST = 50_000  # rows of a file
AT_ONCE = 500  # rows that are kept in memory

log = structlog.get_logger(__name__)


class Exported:
    """The half of a ModelAdmin that hands out its list as a file. `exports` are columns beside those of the list."""

    exports: tuple[str, ...] = ()
    opts: Any
    admin_site: Any

    def csv_urls(self) -> list[URLPattern]:
        """To stand before Django's own addresses, whose last one takes everything."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_csv"
        return [path("csv/", self.admin_site.admin_view(require_safe(self.csv_view)), name=name)]

    def csv_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """It changes nothing; who took which list is in the log, without what was in it."""
        page: Any = self
        if not page.has_view_permission(request):
            raise PermissionDenied
        try:
            found = page.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        log.info("list exported", list=self.opts.label_lower, user=request.user.pk)
        answer = StreamingHttpResponse(cells.lines(self._rows(request, found)), content_type="text/csv; charset=utf-8")
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}.csv"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def _rows(self, request: HttpRequest, found: ChangeList) -> Iterator[list[Any]]:
        page: Any = self
        shown: list[Any] = [name for name in found.list_display if name != "action_checkbox"]
        names = list(dict.fromkeys([*shown, *self.exports]))
        yield [capfirst(str(label_for_field(name, self.opts.model, page))) for name in names]
        rows = found.queryset[: MOST + 1].iterator(chunk_size=AT_ONCE)
        for row in islice(rows, MOST):
            yield [_plain(row, name, page) for name in names]
        if next(rows, None) is not None:
            yield [
                _("The first %(count)s rows; there are more. Filter the list to see others.") % {"count": grouped(MOST)}
            ]


def _plain(row: Any, name: str, page: Any) -> Any:
    """What the list shows, without its markup: the choice's words, times as a spreadsheet reads them."""
    field, _attribute, value = lookup_field(name, row, page)
    if field is not None and field.choices:
        value = getattr(row, f"get_{field.name}_display")()
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return strip_tags(value) if isinstance(value, SafeString) else value
