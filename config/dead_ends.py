"""The pages for when something is wrong. Nobody knows who reads them, so they are in the language the browser asks for.

None of them may need the database, a session or a user: any of these may be what is broken.
"""

from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.views.decorators.gzip import gzip_page

from checks.speaking import asked_for, said_in

View = Callable[..., HttpResponse]


def _page(name: str, status: int) -> View:
    """`number` on it is the one that every log line of the request carries. What broke, or why, is not told."""

    @gzip_page
    def page(request: HttpRequest, exception: object = None, reason: str = "") -> HttpResponse:
        context = {"request": request, "number": structlog.contextvars.get_contextvars().get("request", "")}
        response = said_in(
            asked_for(request), lambda: HttpResponse(render_to_string(f"{name}.html", context), status=status)
        )
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return page


unreadable = _page("400", 400)
refused = _page("403", 403)
nowhere = _page("404", 404)
broken = _page("500", 500)
forged = _page("403_csrf", 403)
