"""A page that keeps itself up to date: its script asks for it again, and is told when there is nothing new."""

import hashlib
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

ASKED_AGAIN = "X-Live"  # the header that the script sends
CHANGES_ANYHOW = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')  # Django masks the token anew each time


def page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or 304 if it says what it said before. Messages wait for somebody who opens a page to read them."""
    unread = {"messages": ()} if ASKED_AGAIN in request.headers else {}
    answer = render(request, template, {**context, **unread})
    etag = quote_etag(hashlib.sha256(CHANGES_ANYHOW.sub(b"", answer.content)).hexdigest())
    answer.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer) or answer
