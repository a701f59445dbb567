"""What is said at a moment, as it arrives: a preview of what is being typed, and a test to one's own address.

The values are those of a real check where there is one. Its link is not: it would be a key to somebody's page.
"""

import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from csp.decorators import csp_replace
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.scoped_admin import reader
from checks import writing
from checks.letters import PAUSABLE, Reader, Ways, occasion_of, reader_of
from checks.models import Check, Reference
from notifications.letters import LOGO, Rendered
from notifications.models import Message
from notifications.phones import can_be_texted
from notifications.tasks import wake_sender
from templates_app.builtin import Occasion
from templates_app.builtin.samples import sample_link, samples
from templates_app.moments import Moment
from templates_app.notices import Words
from templates_app.notification_forms import NumberForm, WordingForm, WordsForm
from templates_app.wordings import Wording

KIND = "words-test"
AFTER_COMPLETION = (Moment.MANAGER_TOLD, Moment.OWNER_TOLD, Moment.OUTCOME_ASKED)
AN_HOUR, AT_MOST = timedelta(hours=1), 30  # tests of an organization: each may cost, and go to any telephone
# The page stands in a frame of the editor, and a mail in a frame of the page. A mail has styles in its tags; scripts
# it has none, and the frame would run none.
FRAMED = {"style-src": ["'self'", "'unsafe-inline'"], "frame-ancestors": ["'self'"]}


def framed(view: Callable[..., Any]) -> Callable[..., Any]:
    """For those who are signed in, and for a frame of ours."""
    wrapped: Callable[..., Any] = login_required(csp_replace(FRAMED)(xframe_options_sameorigin(view)))
    return never_cache(wrapped)


@require_http_methods(["GET", "HEAD", "POST"])
@framed
def preview_words(request: HttpRequest, **parts: Any) -> HttpResponse:
    """What is said now, or what was typed and not saved."""
    wording = _wording(request, "view", parts)
    if request.method == "POST":
        return _shown(request, wording, _typed(request), problems=_problems(request, wording))
    return _shown(request, wording, wording.in_use)


@require_POST
@framed
def try_words(request: HttpRequest, **parts: Any) -> HttpResponse:
    """The same, sent to whoever is at the screen."""
    wording, now = _wording(request, "change", parts), timezone.now()
    number = NumberForm(request.POST)
    problems = [*_problems(request, wording), *_in_the_way(wording, number, now)]
    if problems:
        return _shown(request, wording, _typed(request), problems=problems)
    user = reader(request)
    address = number.cleaned_data["number"] if wording.is_text else user.email
    _send(wording, user, address, _rendered(wording, user, _typed(request), now), now)
    return _shown(request, wording, _typed(request), sent_to=address)


def _wording(request: HttpRequest, permission: str, parts: dict[str, Any]) -> Wording:
    user = reader(request)
    if not user.has_perm(f"templates_app.{permission}_customnotification"):
        raise PermissionDenied
    wanted = WordingForm(user, {**parts, "template": request.GET.get("template", "")})
    if not wanted.is_valid():
        raise Http404
    return wanted.wording


def _typed(request: HttpRequest) -> Words:
    return Words(request.POST.get("subject", ""), request.POST.get("text", ""))


def _problems(request: HttpRequest, wording: Wording) -> list[str]:
    form = WordsForm.at(wording)(request.POST)
    return [str(error) for errors in form.errors.values() for error in errors]


def _in_the_way(wording: Wording, number: NumberForm, now: datetime) -> Iterator[str]:
    """Why no test can be sent."""
    if wording.is_text and not can_be_texted():
        yield _("Text messages are switched off here.")
    elif wording.is_text and not number.is_valid():
        yield from map(str, number.errors["number"])
    lately = Message.objects.filter(organization=wording.organization, kind=KIND, created_at__gt=now - AN_HOUR)
    if lately.count() >= AT_MOST:
        yield _("There were %(count)d tests within the last hour. Please wait a while.") % {"count": AT_MOST}


def _send(wording: Wording, user: User, address: str, rendered: Rendered, now: datetime) -> None:
    message = Message.queue(
        wording.organization,
        key=f"{KIND}:{uuid.uuid4()}",
        kind=KIND,
        topic="",
        to=(str(user), address),
        letter=rendered,
        now=now,
        channel=wording.channel,
    )
    # Once it is sent, nothing of it is kept: neither the number, nor the people of the check whose values it has, whom
    # nobody would find here when that check is erased.
    Message.objects.filter(pk=message.pk).forget()
    wake_sender()


def _shown(
    request: HttpRequest, wording: Wording, words: Words | None, problems: list[str] | None = None, sent_to: str = ""
) -> HttpResponse:
    rendered = _rendered(wording, reader(request), words, timezone.now())
    facts = ((_("From"), rendered.from_name), (_("Answers go to"), rendered.reply_to), (_("Subject"), rendered.subject))
    context = {
        "wording": wording,
        "rendered": rendered,
        "html": _with_logo(rendered.html, wording),
        "facts": [(label, value) for label, value in facts if value],
        "problems": problems,
        "sent_to": sent_to,
    }
    return render(request, "checks/words_arriving.html", context)


def _with_logo(html: str, wording: Wording) -> str:
    """The picture that a mail carries beside its text is carried in it."""
    picture = b64encode(bytes(wording.organization.logo or b"")).decode()
    return html.replace(f"cid:{LOGO}", f"data:image/png;base64,{picture}")


# --- with real values -------------------------------------------------------------------------------


def _rendered(wording: Wording, user: User, words: Words | None, now: datetime) -> Rendered:
    with override(wording.language):
        check, about, who = _real(wording, user, now) or _made_up(wording, user)
        who = replace(who, language=wording.language)
        if wording.is_text:
            return writing.text_message(wording.moment, check, about, who, words)
        ways = Ways(sample_link(), sample_link() if wording.moment in PAUSABLE else "")
        return writing.e_mail(wording.moment, check, about, who, ways, words)


def _real(wording: Wording, user: User, now: datetime) -> tuple[Check, Occasion, Reader] | None:
    """The newest check that this person may see, and that has what the moment needs."""
    check, reference = _newest(wording, user)
    if check is None:
        return None
    about = occasion_of(wording.moment, check, reference, sample_link(), now)
    return check, about, reader_of(wording.moment, check, reference)


def _newest(wording: Wording, user: User) -> tuple[Check | None, Reference | None]:
    own = {"organization": wording.organization, "erased_at": None}
    if "reference" not in wording.about.fields:
        rows = Check.objects.visible_to(user).select_related("organization").filter(**own)
        rows = rows.completed() if wording.moment in AFTER_COMPLETION else rows
        return rows.order_by("-pk").first(), None
    people = Reference.objects.visible_to(user).select_related("for_check__organization")
    found = people.filter(**{f"for_check__{name}": value for name, value in own.items()}).order_by("-pk").first()
    return (found.for_check, found) if found else (None, None)


def _made_up(wording: Wording, user: User) -> tuple[Check, Occasion, Reader]:
    values = samples(wording.organization)
    check = Check(organization=wording.organization, candidate_name=values["candidate"], owner_name=values["reader"])
    names = {"candidate": values["candidate"], "reference": values["reference"]}
    name = names.get(wording.moment.partition("-")[0], str(user))
    return check, Occasion.of(values), Reader(name, user.email, wording.language, "")
