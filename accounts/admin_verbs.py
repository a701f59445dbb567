"""What a person can do to one row of the portal: a button in its menu and on its page, a POST behind it.

A verb is a method of a ModelAdmin, marked with `@verb`, named in its `verbs`. It takes the request, the row and
the time, and returns the sentence that the person reads next, None when it came too late, or "" when it has said
itself why nothing came of it. Nothing changes on a GET: that shows a page which says what the button does.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.admin_lists import Words

LONGEST_WHY = 500  # characters of an answer to "why?"
Deed = Callable[[Any, HttpRequest, Any, datetime], str | None]


@dataclass(frozen=True)
class Verb:
    """`says` is the sentence on the page before the deed. With `asks`, menus lead to that page first, and `asks_why`
    is what it asks there: the answer goes into the row's history, and without one nothing is done.

    `permission` is a word of the table in `accounts/roles.py`; any but "add" is asked for beside "change".
    One that asks somebody over the network is not atomic: it opens transactions of its own, and none around the asking.
    """

    label: Words
    says: Words = ""
    when: Callable[[Any], bool] = lambda row: True
    permission: str = "change"
    asks: bool = False
    asks_why: Words = ""
    danger: bool = False
    is_atomic: bool = True


def said(verb: Verb, why: str) -> str:
    """For the row's history."""
    return f"{verb.label}: {why}" if why else str(verb.label)


@dataclass(frozen=True)
class Button:
    """A verb that this person can do to this row now. `name` is its last part of the address."""

    name: str
    verb: Verb
    url: str
    about: str


@dataclass(frozen=True)
class MenuLink:
    """A page about a row, in the row's menu beside its verbs: a preview, a file."""

    label: Words
    url: str


def verb(label: Words, **how: Any) -> Callable[[Deed], Deed]:
    """Mark a method of a ModelAdmin as a verb; the arguments are those of Verb."""

    def mark(deed: Deed) -> Deed:
        deed.verb = Verb(label, **how)  # type: ignore[attr-defined]  # functions carry what decorators say
        return deed

    return mark


class WithVerbs:
    """The half of a ModelAdmin that shows its verbs and does them."""

    verbs: tuple[str, ...] = ()
    opts: Any
    admin_site: Any

    def verb_urls(self) -> list[URLPattern]:
        """To stand before Django's own addresses, whose last one takes everything."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_verb"
        view = self.admin_site.admin_view(self.verb_view)
        return [path("<path:object_id>/do/<slug:name>/", view, name=name)]

    def buttons(self, request: HttpRequest, row: Any) -> Iterator[Button]:
        """The verbs that this person may do to the row, and that it allows as it stands."""
        for name in self.verbs:
            found: Verb = getattr(self, name).verb
            if self._may(request, row, found) and found.when(row):
                yield Button(name.replace("_", "-"), found, self.verb_url(row, name), str(row))

    def menu_links(self, request: HttpRequest, row: Any) -> Iterator[MenuLink]:
        """What else a row's menu leads to."""
        yield from ()

    def verb_url(self, row: Any, name: str) -> str:
        view = f"admin:{self.opts.app_label}_{self.opts.model_name}_verb"
        return reverse(view, args=[quote(row.pk), name.replace("_", "-")])

    def verb_view(self, request: HttpRequest, object_id: str, name: str) -> HttpResponse:
        method = name.replace("-", "_")
        if method not in self.verbs:
            raise Http404
        row = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]  # of ModelAdmin
        found: Verb = getattr(self, method).verb
        if row is None or not self._may(request, row, found):
            raise PermissionDenied
        why = request.POST.get("why", "").strip()[:LONGEST_WHY]
        if request.method == "POST" and (why or not found.asks_why):
            self._do(request, row, method, why)
            return redirect(self._way_back(request, row))
        return self._page_before(request, row, found, is_lacking=request.method == "POST")

    def _may(self, request: HttpRequest, row: Any, found: Verb) -> bool:
        if found.permission == "add":
            return bool(self.has_add_permission(request))  # type: ignore[attr-defined]  # of ModelAdmin
        name = f"{self.opts.app_label}.{found.permission}_{self.opts.model_name}"
        may_change = self.has_change_permission(request, row)  # type: ignore[attr-defined]  # of ModelAdmin
        return bool(may_change and (found.permission == "change" or request.user.has_perm(name)))

    def _do(self, request: HttpRequest, row: Any, method: str, why: str) -> None:
        found: Verb = getattr(self, method).verb
        with transaction.atomic() if found.is_atomic else nullcontext():
            sentence = getattr(self, method)(request, row, timezone.now()) if found.when(row) else None
            if sentence:
                self.log_change(request, row, said(found, why))  # type: ignore[attr-defined]  # of ModelAdmin
        if sentence:
            messages.success(request, sentence)
        elif sentence is None:
            messages.warning(request, _("Nothing was changed: things have moved on since the page was shown."))

    def _way_back(self, request: HttpRequest, row: Any) -> str:
        """Where the button stood, if that is a page of ours; else the row's page."""
        back = request.POST.get("next", "")
        if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            return back
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[quote(row.pk)])

    def _page_before(self, request: HttpRequest, row: Any, found: Verb, *, is_lacking: bool = False) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": f"{found.label}: {row}",
            "original": row,
            "verb": found,
            "possible": found.when(row),
            "is_lacking": is_lacking,
        }
        return TemplateResponse(request, "admin/verb.html", context)
