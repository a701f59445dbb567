"""The help: six parts, the figures and the managed way, a page each. The words are in `config/templates/help/`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.scoped_admin import reader
from checks.models import Check, Ended
from config.ways import Ways
from integrations.doctor.account import PERMISSIONS
from integrations.forms import TOKEN_LABELS
from integrations.lever import statuses
from integrations.listed_hooks import EVENTS
from integrations.managed import CUSTOMERS, Step, is_managed
from integrations.models import Connection, Webhook
from integrations.pages import ADDRESS_LABELS, USES
from prospects.marks import tag_of

Words = str | Promise


@dataclass(frozen=True)
class Part:
    """One page of the help; `sections` are the headings in it, each an anchor that other pages may lead to."""

    slug: str
    title: Words
    about: Words
    sections: Mapping[str, Words] = field(hash=False)

    @property
    def template(self) -> str:
        return f"help/{self.slug}.html"


PARTS = (
    Part(
        "connect",
        gettext_lazy("Connect Lever"),
        gettext_lazy("A key, a stage and the webhooks: from nothing to the first check."),
        {
            "needed": gettext_lazy("What you need"),
            "key": gettext_lazy("Make a key in Lever"),
            "permissions": gettext_lazy("What the key must be allowed"),
            "confidential": gettext_lazy("Confidential data"),
            "stage": gettext_lazy("Stage, person and the rest"),
            "webhooks": gettext_lazy("Webhooks, made for you"),
            "by-hand": gettext_lazy("Webhooks, made by hand"),
            "tokens": gettext_lazy("Where each token is found"),
            "try": gettext_lazy("Activate it and try it"),
            "disconnect": gettext_lazy("Switch off or disconnect"),
        },
    ),
    Part(
        "templates",
        gettext_lazy("Templates and job tags"),
        gettext_lazy("A template says whom to ask and what. A tag on the job in Lever chooses it."),
        {
            "make": gettext_lazy("Make a template"),
            "default": gettext_lazy("Have a default"),
            "tags": gettext_lazy("Tag the job in Lever"),
            "choice": gettext_lazy("Which template wins"),
            "look-ahead": gettext_lazy("See it before it happens"),
            "surveys": gettext_lazy("Write the questions"),
            "words": gettext_lazy("Say it in your own words"),
            "reminders": gettext_lazy("Reminders and text messages"),
            "packs": gettext_lazy("Question packs"),
            "history": gettext_lazy("Who changed what"),
        },
    ),
    Part(
        "outcome",
        gettext_lazy("Hired, archived, deleted"),
        gettext_lazy("How a candidacy ended: what Lever tells Vouch, whom Vouch asks, and what it writes back."),
        {
            "hired": gettext_lazy("Switch on Candidate Hired"),
            "others": gettext_lazy("The other two"),
            "does": gettext_lazy("What happens then"),
            "ended": gettext_lazy("Hired or not"),
            "asked": gettext_lazy("When Lever does not say"),
            "back": gettext_lazy("What Vouch writes in Lever"),
        },
    ),
    Part(
        "request",
        gettext_lazy("Ask for references"),
        gettext_lazy("Move the candidate to the stage. That is all."),
        {
            "start": gettext_lazy("Start a check"),
            "follows": gettext_lazy("What follows by itself"),
            "tags": gettext_lazy("The tags in Lever"),
            "trouble": gettext_lazy("When no check starts"),
            "by-hand": gettext_lazy("Without Lever"),
            "help-along": gettext_lazy("Help it along"),
            "stop": gettext_lazy("Conclude it, cancel it, open it again"),
        },
    ),
    Part(
        "report",
        gettext_lazy("Read the report"),
        gettext_lazy("Two ways to it from Lever, and who may open it."),
        {
            "find": gettext_lazy("From Lever to the report"),
            "sign-in": gettext_lazy("Sign in"),
            "who": gettext_lazy("Who sees it"),
            "read": gettext_lazy("What it shows"),
            "averages": gettext_lazy("Averages only"),
            "pass-on": gettext_lazy("Print it, pass it on"),
            "privacy": gettext_lazy("What is kept, and for how long"),
        },
    ),
    Part(
        "prospects",
        gettext_lazy("Prospects"),
        gettext_lazy("References who want to hear about jobs: their choice, and their way into Lever."),
        {
            "who": gettext_lazy("Who is a prospect"),
            "switches": gettext_lazy("The two switches"),
            "export": gettext_lazy("Preview, progress, pause"),
            "trouble": gettext_lazy("When Lever refuses somebody"),
            "over": gettext_lazy("When somebody is no longer willing"),
            "import": gettext_lazy("People who agreed elsewhere"),
        },
    ),
    Part(
        "works",
        gettext_lazy("Does it work here?"),
        gettext_lazy("Which questions foretold who was hired and who stayed, and how groups fared."),
        {
            "figures": gettext_lazy("Questions and outcomes"),
            "left-out": gettext_lazy("What is left out"),
            "still-employed": gettext_lazy("Who is still employed"),
            "groups": gettext_lazy("Adverse impact"),
        },
    ),
    Part(
        "managed",
        gettext_lazy("When the operator connects for you"),
        gettext_lazy("The managed way: you ask, the operator enables, you enter two values."),
        {
            "who": gettext_lazy("Who does what"),
            "lever": gettext_lazy("Two values from Lever"),
            "request": gettext_lazy("Ask for the connection"),
            "settings": gettext_lazy("Enter the two values"),
            "address": gettext_lazy("The last step, in Lever"),
            "after": gettext_lazy("Afterwards"),
        },
    ),
)
SIX, (ABOUT_FIGURES, OF_THE_MANAGED_WAY) = PARTS[:-2], PARTS[-2:]
_BY_SLUG = {part.slug: part for part in PARTS}

# Where a check stands, and what that means to whoever reads the tag. The tag itself is made as Lever shows it.
TAGS: tuple[tuple[Mapping[str, Any], Words], ...] = (
    (
        {"status": Check.Status.SUBMITTED},
        gettext_lazy("The candidate was asked by e-mail to agree and to name references."),
    ),
    ({"status": Check.Status.AWAITING}, gettext_lazy("The candidate has named them, and each was asked by e-mail.")),
    (
        {"status": Check.Status.AWAITING, "answered": 1, "asked": 3},
        gettext_lazy("One of three has answered. The number grows with each answer."),
    ),
    (
        {"status": Check.Status.AWAITING, "is_overdue": True},
        gettext_lazy("It takes longer than the template allows for. It goes on; the desk says who is waited for."),
    ),
    (
        {"status": Check.Status.COMPLETED},
        gettext_lazy("Everybody who was asked has answered. The report is linked in Lever."),
    ),
    (
        {"status": Check.Status.COMPLETED, "needs_review": True},
        gettext_lazy("There is a report, but somebody who was named did not answer. The report says who."),
    ),
    (
        {"status": Check.Status.CANCELED},
        gettext_lazy("It was stopped without a report. Nobody is written to any more."),
    ),
    ({"status": Check.Status.EXPIRED}, gettext_lazy("Its time is over and nobody has answered. There is no report.")),
    (
        {"status": Check.Status.ERROR, "error": Check.Problem.NO_TEMPLATE},
        gettext_lazy("No template has a tag of the job, and there is no default one."),
    ),
    (
        {"status": Check.Status.ERROR, "error": Check.Problem.NO_EMAIL},
        gettext_lazy("Lever holds no e-mail address for the candidate."),
    ),
    (
        {"status": Check.Status.ERROR, "error": Check.Problem.NO_CONTACT},
        gettext_lazy("Lever says that the candidate must not be contacted."),
    ),
    (
        {"status": Check.Status.ERROR, "error": Check.Problem.REFUSED},
        gettext_lazy("The mail to the candidate came back."),
    ),
)


def tags(prefix: str) -> Iterator[tuple[str, Words]]:
    """Every tag that Vouch writes, as Lever shows it, and what it means."""
    for how, meaning in TAGS:
        yield statuses.tag(prefix, **how), meaning


def _connect(user: User) -> dict[str, Any]:
    hooks = [
        {"switch": event.switch, "address": ADDRESS_LABELS[at], "token": TOKEN_LABELS[at], "use": USES[at]}
        for at, event in ((Webhook(name), event) for name, event in EVENTS.items())
    ]
    return {"permissions": PERMISSIONS, "hooks": hooks}


def _request(user: User) -> dict[str, Any]:
    return {"tags": list(tags(_prefix(user)))}


def _outcome(user: User) -> dict[str, Any]:
    written = statuses.outcome_tags(_prefix(user))
    return {"hired": written[Ended.HIRED], "not_hired": written[Ended.NOT_HIRED]}


def _prospects(user: User) -> dict[str, Any]:
    return {"prospect_tag": tag_of(_prefix(user))}


def _prefix(user: User) -> str:
    """Of the tags that this person sees in Lever."""
    own = Connection.objects.filter(organization=user.organization_id).values_list("tag_prefix", flat=True)
    return own.first() or str(Connection._meta.get_field("tag_prefix").get_default())


def _managed(user: User) -> dict[str, Any]:
    return {"steps": [{"label": step.label, "is_customers": step in CUSTOMERS} for step in Step]}


# What a page shows of what the product knows anyway, rather than having it typed once more.
KNOWN: Mapping[str, Callable[[User], dict[str, Any]]] = {
    "connect": _connect,
    "request": _request,
    "outcome": _outcome,
    "prospects": _prospects,
    "managed": _managed,
}


# --- the pages ----------------------------------------------------------------------------------------


class Help:
    """The pages of the help within the portal. Whoever is signed in may read all of it."""

    def __init__(self, site: AdminSite) -> None:
        self.site = site

    @property
    def urls(self) -> list[URLPattern]:
        return [
            path("help/", self.site.admin_view(self.index), name="help"),
            path("help/<slug:slug>/", self.site.admin_view(self.part), name="help-part"),
        ]

    def index(self, request: HttpRequest) -> HttpResponse:
        apart = {"six": SIX, "figures": ABOUT_FIGURES, "managed": OF_THE_MANAGED_WAY}
        context = {**self._context(request), "title": _("Help"), **apart}
        return TemplateResponse(request, "help/index.html", context)

    def part(self, request: HttpRequest, slug: str) -> HttpResponse:
        if slug not in _BY_SLUG:
            raise Http404
        part = _BY_SLUG[slug]
        at = PARTS.index(part)
        context = {
            **self._context(request),
            "title": str(part.title),
            "part": part,
            "before": PARTS[at - 1] if at else None,
            "after": PARTS[at + 1] if part is not PARTS[-1] else None,
            **(KNOWN[slug](reader(request)) if slug in KNOWN else {}),
        }
        return TemplateResponse(request, part.template, context)

    def _context(self, request: HttpRequest) -> dict[str, Any]:
        user = reader(request)
        return {
            **self.site.each_context(request),
            "parts": PARTS,
            "go": Ways(user),
            "to": {part.slug: reverse("admin:help-part", args=[part.slug]) for part in PARTS},
            "is_managed": is_managed(),
        }
