"""What the portal's lists are made of: states, filters, pages."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

if TYPE_CHECKING:  # only the type checker knows it as a generic
    _Paginator = Paginator[Any]
else:
    _Paginator = Paginator

Words = str | Promise


def state(shape: str, words: Words) -> SafeString:
    """A state as the design shows it: a shape and a word. Shapes: "", moving, done, warn, bad, stopped."""
    return format_html('<span class="state {}">{}</span>', shape, words)


def choice_filter(
    name: str,
    heading: Words,
    choices: Iterable[tuple[str, Words]],
    where: Callable[[str], models.Q] | None = None,
    first: tuple[Words, models.Q] | None = None,
) -> type[admin.SimpleListFilter]:
    """A list's filter with fixed choices. Django's own, for text columns, reads every row to find what there is.

    `where` says what a choice means; without it, the column `name` holds it. Nothing chosen shows all rows, or what
    `first` says, in words and as a condition.
    """
    fixed = tuple(choices)

    class ChoiceFilter(admin.SimpleListFilter):
        title: Any = heading
        parameter_name = name
        nothing_chosen = first[0] if first else None

        def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
            return fixed

        def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
            value = self.value()
            if value not in dict(fixed):
                return queryset.filter(first[1]) if first else queryset
            return queryset.filter(where(value) if where else models.Q(**{name: value}))

    return ChoiceFilter


def grouped(number: int) -> str:
    """Such as 10,000."""
    return number_format(number, force_grouping=True)


def newest(rows: models.QuerySet[Any], most: int) -> tuple[models.QuerySet[Any], bool]:
    """The rows without all but the newest `most`, and whether there are others. Ids follow the clock."""
    first_left_out = rows.order_by("-pk").values_list("pk", flat=True)[most : most + 1]
    found = list(first_left_out)
    return (rows.filter(pk__gt=found[0]), True) if found else (rows, False)


class CountedUpTo(_Paginator):
    """Pages of a list that may be very long: nobody counts a million rows, or turns two hundred pages."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: self.MOST].count())


class BoundedList(ChangeList):
    """A list whose filters look at the newest rows: no index serves them all, and a rare value is behind them all.

    What is searched for is looked for everywhere. `limits` are the sentences that say what was left out.
    """

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> models.QuerySet[Any]:
        self.limits: list[str] = []
        if self._is_filtered and not self.query:
            self.root_queryset, is_cut = newest(self.root_queryset, CountedUpTo.MOST)
            if is_cut:
                words = {"count": grouped(CountedUpTo.MOST), "things": self.opts.verbose_name_plural}
                sentence = _("The filters look at the newest %(count)s %(things)s. Search to find older ones.")
                self.limits.append(sentence % words)
        return super().get_queryset(request, exclude_parameters)

    @property
    def _is_filtered(self) -> bool:
        return any(value for values in self.get_filters_params().values() for value in values)
