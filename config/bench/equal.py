"""Vouch's addresses, and beside them one view that shows as much text as any page and asks nothing for it."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

LINES: dict[str, list[str]] = {}  # a page's name, and its text in lines
TEMPLATE = "{% for line in lines %}{{ line|safe }}{% endfor %}"


def equal(request: HttpRequest, page: str) -> HttpResponse:
    template = engines["django"].from_string(TEMPLATE)
    return HttpResponse(template.render({"lines": LINES[page]}, request))


urlpatterns = [path("bench/equal/<path:page>/", equal), path("", include("config.urls"))]
