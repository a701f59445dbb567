"""The doctor's page."""

import time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.scoped_admin import reader
from integrations.admin.of_one import OfOne
from integrations.doctor import trial
from integrations.doctor.examination import PARTS, QUESTIONS, Asked, asked_line, levels, own_line, whole
from integrations.doctor.lines import Level, Line
from integrations.doctor.verdict import how_many_are_well, verdict
from integrations.models import Connection, Delivery

TEMPLATES = "admin/integrations/connection"
TRIAL = "doctor-trial"  # in the session
LAST_DELIVERIES = 5


class DoctorPages(OfOne):
    """The doctor's page: ours at once, and Lever's lines one by one as the browser fetches them."""

    def get_urls(self) -> list[Any]:
        wrap, name, page = self.admin_site.admin_view, "integrations_connection_doctor", "<path:object_id>/doctor/"
        return [
            path(f"{page}test/", wrap(self.doctor_test_view), name=f"{name}_test"),
            path(f"{page}verdict/", wrap(require_safe(self.doctor_verdict_view)), name=f"{name}_verdict"),
            path(f"{page}<slug:line>/", wrap(require_safe(self.doctor_line_view)), name=f"{name}_line"),
            path(page, wrap(require_safe(self.doctor_view)), name=name),
            *super().get_urls(),
        ]

    def doctor_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        connection = self.seen(request, object_id)
        asks = "ask" in request.GET
        context = {
            **self.admin_site.each_context(request),
            **(_asked_now(connection) if asks else _to_be_filled(connection)),
            **self._trial(request, connection),
            "opts": self.opts,
            "original": connection,
            "asks": asks,
            "may_change": self.has_change_permission(request, connection),
            "deliveries": list(self._last_deliveries(request, connection)),
        }
        return TemplateResponse(request, f"{TEMPLATES}/doctor.html", context)

    def doctor_line_view(self, request: HttpRequest, object_id: str, line: str) -> HttpResponse:
        """One line that Lever is asked for."""
        connection, question = self.seen(request, object_id), QUESTIONS.get(line)
        if not isinstance(question, Asked):
            raise Http404
        return self._lines(request, connection, "doctor_line", line=asked_line(question, connection))

    def doctor_verdict_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page's title, for as many lines of each level as the browser has counted."""
        self.seen(request, object_id)
        counts = {level: _whole_number(request.GET.get(level.value, "")) for level in Level}
        return render(request, f"{TEMPLATES}/doctor_title.html", _title(counts))

    def doctor_test_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send test events (POST), or tell how those that were sent last are doing."""
        connection = self.seen(request, object_id)
        if request.method == "POST":
            return self._send_test(request, connection)
        return self._lines(request, connection, "doctor_test", **self._trial(request, connection))

    def _send_test(self, request: HttpRequest, connection: Connection) -> HttpResponse:
        if not self.has_change_permission(request, connection):
            raise PermissionDenied
        now = timezone.now()
        sent = trial.send(connection, now)
        request.session[TRIAL] = trial.Trial(connection.pk, now, tuple(sent)).as_json()
        return redirect(f"{reverse('admin:integrations_connection_doctor', args=[connection.pk])}#test")

    def _trial(self, request: HttpRequest, connection: Connection) -> dict[str, Any]:
        now = timezone.now()
        tried = trial.Trial.from_json(request.session.get(TRIAL), connection, now)
        if tried is None:
            return {}
        return {"tried": tried, "trial_lines": tried.lines(connection, now), "trial_goes_on": tried.goes_on(now)}

    def _lines(self, request: HttpRequest, connection: Connection, template: str, **more: Any) -> HttpResponse:
        may_change = self.has_change_permission(request, connection)
        return render(
            request, f"{TEMPLATES}/{template}.html", {"original": connection, "may_change": may_change, **more}
        )

    def _last_deliveries(self, request: HttpRequest, connection: Connection) -> Any:
        """With what this person may do to each. How our own tests did stands above them."""
        page: Any = self.admin_site.get_model_admin(Delivery)
        if not page.has_view_permission(request):
            return
        found = page.get_queryset(request).filter(connection=connection).exclude(source=Delivery.Source.TEST)
        rows = list(found.order_by("-pk")[:LAST_DELIVERIES])
        for row in rows:
            row.connection = connection
        page.complete(rows, reader(request))
        for row in rows:
            what = f"{page.kind(row)}: {page.who(row)}"
            yield {"row": row, "what": what, "state": page.standing(row), "buttons": page.buttons(request, row)}


def _to_be_filled(connection: Connection) -> dict[str, Any]:
    """Our own lines; a question in the place of each that Lever must be asked for."""
    now = timezone.now()
    parts = [
        (part, [each if isinstance(each, Asked) else own_line(each, connection, now) for each in part.questions])
        for part in PARTS
    ]
    own = [line for _part, lines in parts for line in lines if isinstance(line, Line)]
    return {"parts": parts, "is_filling": True, **_title(levels(own))}


def _asked_now(connection: Connection) -> dict[str, Any]:
    """Everything, for browsers that fetch nothing by themselves."""
    started = time.monotonic()
    parts = list(whole(connection, timezone.now()))
    counts = levels([line for _part, lines in parts for line in lines])
    return {"parts": parts, **_title(counts), "seconds": f"{time.monotonic() - started:.1f}"}


def _title(counts: Any) -> dict[str, Any]:
    return {"title": verdict(counts), "well": how_many_are_well(counts), "looked_at": timezone.now()}


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
