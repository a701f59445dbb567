"""What the portal's lists are made of: states, filters, pages."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

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
) -> type[admin.SimpleListFilter]:
    """A list's filter with fixed choices. Django's own, for text columns, reads every row to find what there is.

    `where` says what a choice means; without it, the column `name` holds it.
    """
    fixed = tuple(choices)

    class ChoiceFilter(admin.SimpleListFilter):
        title: Any = heading
        parameter_name = name

        def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
            return fixed

        def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
            value = self.value()
            if value not in dict(fixed):
                return queryset
            return queryset.filter(where(value) if where else models.Q(**{name: value}))

    return ChoiceFilter


class CountedUpTo(_Paginator):
    """Pages of a list that may be very long: nobody counts a million rows, or turns two hundred pages."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: self.MOST].count())
