"""Where candidates and references choose the language of their pages, and of the mails that are still to come."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from checks.doorways import address_of, behind_a_door
from checks.models import Check, Reference
from templates_app.kinds import Language


@behind_a_door(Check)
def candidate_language(request: HttpRequest, check: Check) -> HttpResponse:
    return _chosen(request, check)


@behind_a_door(Reference)
def reference_language(request: HttpRequest, reference: Reference) -> HttpResponse:
    return _chosen(request, reference)


def _chosen(request: HttpRequest, row: Check | Reference) -> HttpResponse:
    """Back to the page they came from, if it is one behind this door; whoever only looks is brought to the first."""
    language, home = request.POST.get("language", ""), address_of(row)
    if language in Language.values:
        row.speak(language)
    back = request.POST.get("back", "")
    is_a_page = back.startswith(home) and back != request.path
    return HttpResponseRedirect(back if is_a_page else home)
