"""Which template would this job get, and what would happen then."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.scoped_admin import reader
from integrations.admin.of_one import OfOne
from integrations.dry_run import Subject, dry_run
from integrations.jobs import in_vain, marked, open_jobs
from integrations.lever.errors import LeverError
from integrations.models import Connection
from templates_app.matching import match, tidy

FOLDER = "admin/integrations/connection"
LONGEST_TAGS = 2000  # characters


class JobPages(OfOne):
    """Which template would this job get, and what would happen then.

    Lever is asked by the parts that fill themselves in, or with `?ask=1` by the page itself.
    """

    def get_urls(self) -> list[Any]:
        pages = {"jobs": self.jobs_view, "jobs/list": self.jobs_list_view, "dry-run": self.dry_run_view}
        own = [
            path(
                f"<path:object_id>/{address}/",
                self.admin_site.admin_view(require_safe(view)),
                name=f"integrations_connection_{address.replace('/', '_').replace('-', '_')}",
            )
            for address, view in pages.items()
        ]
        return [*own, *super().get_urls()]

    def jobs_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        connection = self.seen(request, object_id)
        if "tags" in request.GET:
            return self._answer(request, connection, "jobs_tags.html", _tried(connection, request.GET["tags"]))
        found = open_jobs(connection) if "ask" in request.GET else None
        title = found.title if found else _("Which template would each job get?")
        return self._answer(request, connection, "jobs.html", {"title": title, "found": found})

    def jobs_list_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        connection = self.seen(request, object_id)
        found = open_jobs(connection)
        return self._answer(request, connection, "jobs_list.html", {"title": found.title, "found": found})

    def dry_run_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Of a job or an opportunity. What the candidate is called and where they are reached is not the operator's."""
        connection = self.seen(request, object_id)
        kind = "posting" if "posting" in request.GET else "opportunity"
        typed = request.GET.get(kind, "")
        subject = Subject.read(kind, typed)
        context = {
            "title": _("Dry run"),
            "subject": subject,
            "typed": typed,
            "is_operator": reader(request).is_operator,
        }
        if subject and subject.is_person and context["is_operator"]:
            return self._answer(request, connection, "dry_run.html", {**context, "is_refused": True}, status=403)
        if subject and "ask" in request.GET:
            context |= _played(connection, subject)
        page = "dry_run_part.html" if request.headers.get("X-Fill") else "dry_run.html"
        return self._answer(request, connection, page, context)

    def _answer(
        self, request: HttpRequest, connection: Connection, page: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts, "original": connection}
        return TemplateResponse(request, f"{FOLDER}/{page}", {**around, **context}, status=status)


def _tried(connection: Connection, typed: str) -> dict[str, Any]:
    """What a job with these tags would get; Lever is not asked."""
    tags = tidy(typed[:LONGEST_TAGS].split(","))
    found = match(connection.organization, tags)
    if found.template is None:
        title = _("These tags get no template")
    else:
        title = _("These tags get “%(name)s”") % {"name": found.template.name}
    return {"title": title, "tags": marked(tags, found), "typed": typed[:LONGEST_TAGS], "match": found}


def _played(connection: Connection, subject: Subject) -> dict[str, Any]:
    if not connection.api_key:
        return {"problem": _("There is no API token yet. Enter it on the connection’s page.")}
    try:
        run = dry_run(connection, subject, timezone.now())
    except LeverError as error:
        return {"title": _("Lever did not say"), "problem": in_vain(error)}
    return {"title": run.title, "run": run}
