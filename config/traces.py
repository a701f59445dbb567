"""What a report of a failure may show, on Django's own error page (DEBUG) or in a mail: where it was, and no values.

Django hides what it is told about by name, and nothing while DEBUG is on. Here it is the other way round: a key may
be in any variable and in any field of a form, so none is shown, whoever looks.
"""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from config.logs import TOKEN

# Of the request: nothing that anybody could use in the visitor's place. Under `runserver` the rest holds the whole
# environment, passwords included.
HARMLESS = {
    "CONTENT_LENGTH",
    "CONTENT_TYPE",
    "HTTP_ACCEPT",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_HOST",
    "HTTP_USER_AGENT",
    "HTTP_X_FILL",
    "REQUEST_METHOD",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
}


class NoValues(SafeExceptionReporterFilter):
    """Names without values, for all that may hold a secret."""

    hidden_settings = re.compile(f"{SafeExceptionReporterFilter.hidden_settings.pattern}|^CACHES$|^DATABASES$", re.I)

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return {}.items()

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request else {}

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return dict.fromkeys(getattr(request, "COOKIES", {}), self.cleansed_substitute)

    def get_safe_request_meta(self, request: HttpRequest) -> dict[str, Any]:
        return {name: value for name, value in getattr(request, "META", {}).items() if name in HARMLESS}


class Report(ExceptionReporter):
    """Without the keys that stand in the addresses of mailed links."""

    def get_traceback_data(self) -> dict[str, Any]:
        data = super().get_traceback_data()
        if self.request is not None:
            path = TOKEN.sub(r"\1...", self.request.path_info)
            data["request"] = {"path_info": path, "META": data["request_meta"]}
            data["request_insecure_uri"] = TOKEN.sub(r"\1...", data["request_insecure_uri"])
        return data
