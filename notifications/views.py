"""What providers of mail and of text messages tell us, and nobody else."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseForbidden,
)
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications import fates, texts
from notifications.phones import can_be_texted
from notifications.texts.twilio import Twilio

View = Callable[..., HttpResponseBase]


@csrf_exempt
@require_POST
def twilio(request: HttpRequest, message: int) -> HttpResponse:
    """A status callback: 403 unless Twilio has signed it; 204 for everything else, or Twilio would raise an alarm."""
    backend = texts.backend() if can_be_texted() else None
    if not isinstance(backend, Twilio):
        raise Http404
    address = f"{settings.SITE_URL}{request.get_full_path()}"
    if not backend.has_signed(address, request.POST.lists(), request.headers.get("X-Twilio-Signature", "")):
        return HttpResponseForbidden()
    fates.learn_from_twilio(message, request.POST.dict(), timezone.now())
    return HttpResponse(status=204)


def well_formed(view: View) -> View:
    """Anymail reads what a provider sends as if it could not be wrong; what it stumbles over is a bad request."""

    @wraps(view)
    def reading(request: HttpRequest) -> HttpResponseBase:
        try:
            return view(request)
        except (ValueError, LookupError, TypeError, AttributeError):
            return HttpResponseBadRequest()

    return csrf_exempt(reading)
