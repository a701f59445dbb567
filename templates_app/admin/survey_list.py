"""The list of surveys: how long each is, what is published, who uses it, in which languages."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.admin_lists import BoundedList, state
from templates_app import effort, translating
from templates_app.admin.template_list import MANY, HowMany
from templates_app.admin.versions import WithVersions
from templates_app.cautions import cautions_of
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Language
from templates_app.models import Question, ReferenceTemplate, Survey


class SurveysWithQuestions(BoundedList):
    """The questions of all surveys of a page in one query."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        ordered = Question.objects.order_by("position", "pk").defer("evidence")
        rows: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        return rows.prefetch_related(Prefetch("questions", ordered))


class SurveyList(WithVersions):
    about = gettext_lazy("Lists of questions. A template names the one that its references answer.")
    empty = gettext_lazy("There is no survey yet. A template needs one.")
    list_display = ("name", "question_count", "takes", "standing", "used_by", "languages")
    search_fields = ("name",)
    search_help_text = gettext_lazy("Name")
    ordering = ("name",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedList]:
        return SurveysWithQuestions

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        using = ReferenceTemplate.objects.filter(survey=OuterRef("pk"))
        rows: QuerySet[Any] = super().get_queryset(request)
        with_use: QuerySet[Any] = rows.annotate(
            users=HowMany(using.values("pk")[:MANY]),
            a_user=Subquery(using.order_by("name").values("name")[:1]),
        )
        return with_use

    @admin.display(description=gettext_lazy("questions"))
    def question_count(self, survey: Survey) -> SafeString | int:
        questions = _drafted(survey)
        doubtful = sum(bool(cautions_of(question)) for question in questions)
        if not doubtful:
            return len(questions)
        words = ngettext("%(all)d, %(count)d to look at again", "%(all)d, %(count)d to look at again", doubtful)
        return state("warn", words % {"all": len(questions), "count": doubtful})

    @admin.display(description=gettext_lazy("minutes"))
    def takes(self, survey: Survey) -> str:
        """Such as: 6 to 8."""
        minutes = effort.minutes_by_relationship(_drafted(survey)).values()
        if not minutes:
            return ""
        words = {"least": min(minutes), "most": max(minutes)}
        return _("%(least)d to %(most)d") % words if min(minutes) < max(minutes) else str(min(minutes))

    @admin.display(description=gettext_lazy("version"))
    def standing(self, survey: Survey) -> SafeString | str:
        if not survey.version:
            return state("", _("Not published"))
        if survey.has_changes:
            return state("moving", _("%(number)d, draft differs") % {"number": survey.version})
        return state("done", str(survey.version))

    @admin.display(description=gettext_lazy("templates"))
    def used_by(self, survey: Any) -> str:
        if survey.users == 1:
            return str(survey.a_user)
        return f"{survey.users}{'+' if survey.users == MANY else ''}"

    @admin.display(description=gettext_lazy("languages"))
    def languages(self, survey: Survey) -> str:
        """Such as: English, Français, Deutsch 10 of 12."""
        return ", ".join([str(Language(survey.language).label), *said_in(_drafted(survey), survey.language)])


def said_in(questions: tuple[FrozenQuestion, ...], language: str, *, is_full: bool = False) -> list[str]:
    """The languages of the translations, and how far each has come; with `is_full`, those not begun as well."""
    begun = translating.begun(questions)
    counted = translating.completeness(questions, language).items()
    return [_come(Language(each).label, *numbers) for each, numbers in counted if is_full or each in begun]


def _come(language: str, done: int, total: int) -> str:
    if done == total:
        return language
    return _("%(language)s %(done)d of %(all)d") % {"language": language, "done": done, "all": total}


def _drafted(survey: Survey) -> tuple[FrozenQuestion, ...]:
    """From the rows that the list has read already."""
    return tuple(question.freeze() for question in survey.questions.all())
