"""The versions of a survey: a list, each to be read, and the way back to one of them."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from templates_app import effort, followups
from templates_app.admin.history import WithHistory
from templates_app.answering import answers_of
from templates_app.differences import Change, Names, changes_of_rows
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Kind, Relationship
from templates_app.models import Question, ReferenceTemplate, Survey, SurveyVersion
from templates_app.ways import way_of

MOST = 200  # versions on the page
NEWEST = 1000  # checks that are looked at to say how many began with each
PAGE = "admin:templates_app_survey"


@dataclass(frozen=True)
class Reading:
    """A question as it is read, not written."""

    question: FrozenQuestion
    heading: str
    way: str
    whom: str
    after: str  # the answers after which it is asked, in words

    @property
    def answers(self) -> tuple[str, ...]:
        return self.question.labels if self.question.kind != Kind.YES_NO else ()


def readings(questions: tuple[FrozenQuestion, ...]) -> list[Reading]:
    known, named, found, section = {each.key: each for each in questions}, dict(Relationship.named()), [], ""
    for question in questions:
        whom = ", ".join(named.get(each, each) for each in question.relationships)
        heading = question.section if question.section != section else ""
        after = _after(question, known.get(question.shown_if))
        found.append(Reading(question, heading, str(way_of(question).label), whom, after))
        section = question.section
    return found


def _after(question: FrozenQuestion, earlier: FrozenQuestion | None) -> str:
    if earlier is None:
        return ""
    said = dict(answers_of(earlier))
    words = {"text": followups.called(earlier), "answers": ", ".join(said.get(e, e) for e in question.shown_for)}
    return _("“%(text)s”: %(answers)s") % words


def changes_between(before: tuple[FrozenQuestion, ...], after: tuple[FrozenQuestion, ...]) -> list[Change]:
    """What was added, taken out, changed or moved, in words."""
    was, then = ({each.key: each for each in questions} for questions in (before, after))
    keys = list(dict.fromkeys([*then, *was]))
    places = {key: place for place, key in enumerate(then)}, {key: place for place, key in enumerate(was)}
    pairs = [(_row(was.get(key), places[1].get(key, 0)), _row(then.get(key), places[0].get(key, 0))) for key in keys]
    return changes_of_rows(Question, pairs, Names())


def _row(question: FrozenQuestion | None, place: int) -> Question | None:
    return Question.thawed(question, Survey(), place) if question else None


def checks_begun(survey: Survey) -> tuple[Counter[int], bool]:
    """How many of the newest checks of its templates began with each version, and whether these are all."""
    made: Any = ReferenceTemplate._meta.get_field("checks").related_model
    rows = made.objects.filter(template__survey=survey).order_by("-pk")
    begun = list(rows.values_list("frozen_template__survey_id", "frozen_template__survey_version")[: NEWEST + 1])
    return Counter(version for pk, version in begun[:NEWEST] if pk == survey.pk), len(begun) <= NEWEST


class WithVersions(WithHistory):
    """The half of the survey's pages that is about its versions."""

    def get_urls(self) -> list[Any]:
        at = "<path:object_id>/versions/"
        views = {
            "versions": (at, self.versions_view),
            "version": (f"{at}<int:number>/", self.version_view),
            "take_up": (f"{at}<int:number>/take-up/", require_POST(self.take_up_view)),
        }
        own = [path(at, self.admin_site.admin_view(view), name=self._name(n)) for n, (at, view) in views.items()]
        return [*own, *super().get_urls()]

    def versions_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        survey = self._survey(request, object_id)
        versions = list(survey.versions.select_related("published_by").order_by("-number")[:MOST])
        begun, is_all = checks_begun(survey)
        lines = [(version, begun[version.number]) for version in versions]
        context = {"title": _("Versions of “%(name)s”") % {"name": survey}, "lines": lines, "is_all": is_all}
        return self._shown(request, survey, "versions.html", {**context, "newest": NEWEST})

    def version_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        survey = self._survey(request, object_id)
        version = self._version(survey, number)
        before = survey.versions.filter(number__lt=number).order_by("-number").first()
        context = {
            "title": _("“%(name)s”, version %(number)d") % {"name": survey, "number": number},
            "version": version,
            "readings": readings(version.questions),
            "minutes": effort.in_words(version.questions),
            "changes": changes_between(before.questions, version.questions) if before else [],
            "before": before,
            "may_change": self.has_change_permission(request, survey),
            "is_draft": survey.drafted() == version.questions,
        }
        return self._shown(request, survey, "version.html", context)

    def take_up_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        survey = self._survey(request, object_id)
        if not self.has_change_permission(request, survey):
            raise PermissionDenied
        survey.take_up(self._version(survey, number))
        self.log_change(request, survey, _("Took up version %(number)d again") % {"number": number})
        words = _("The draft is what version %(number)d was. Checks that begin ask it once you publish it.")
        messages.success(request, words % {"number": number})
        return redirect(f"{PAGE}_change", survey.pk)

    def _survey(self, request: HttpRequest, object_id: str) -> Survey:
        survey: Survey | None = self.get_object(request, unquote(object_id))
        if survey is None or not self.has_view_permission(request, survey):
            raise PermissionDenied
        return survey

    def _version(self, survey: Survey, number: int) -> SurveyVersion:
        found = survey.versions.filter(number=number).first() if number < 2**31 else None
        if found is None:
            raise Http404
        return found

    def _shown(self, request: HttpRequest, survey: Survey, name: str, context: dict[str, Any]) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts, "original": survey}
        links = {"versions_url": reverse(f"{PAGE}_versions", args=[survey.pk])}
        return TemplateResponse(request, f"admin/templates_app/survey/{name}", {**around, **links, **context})
