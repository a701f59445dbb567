import re

from anymail.urls import urlpatterns as of_all_providers
from django.conf import settings
from django.urls import URLPattern, path

from notifications import views

# Anymail's views by the name of the provider.
EVENTS = {
    found[1]: each
    for each in of_all_providers
    if (found := re.fullmatch(r"(\w+?)(_tracking)?_webhook", str(each.name)))
}
PROVIDERS = sorted(name for name in EVENTS if not name.endswith("_inbound"))


def of_provider(name: str) -> list[URLPattern]:
    """The address for the events of one provider. Those of all others stay shut, as do those for answers."""
    if name not in PROVIDERS:
        return []
    address = f"webhooks/mail/{EVENTS[name].pattern}"  # such as webhooks/mail/postmark/tracking/, as anymail has it
    return [path(address, views.well_formed(EVENTS[name].callback), name="mail-events")]


urlpatterns = [
    *of_provider(settings.EMAIL_PROVIDER),
    path("webhooks/texts/twilio/<int:message>/", views.twilio, name="twilio-status"),
]
