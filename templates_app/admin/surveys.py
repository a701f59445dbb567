"""The survey editor."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from accounts.scoped_admin import ScopedAdmin, ScopedStackedInline
from templates_app.forms import InOrder, QuestionForm
from templates_app.models import Question, Survey


class QuestionInline(ScopedStackedInline):
    model = Question
    form = QuestionForm
    formset = InOrder
    heading = gettext_lazy("Questions")
    one = gettext_lazy("question")
    about = gettext_lazy(
        "About what the reference has seen. In any text, {name} stands for the candidate’s first name."
    )
    ordering = ("position", "pk")
    extra = 1
    fields = (
        ("position", "kind"),
        "text",
        "help",
        ("competency", "look"),
        "labels",
        "may_be_unobserved",
        "is_required",
        ("reason_label", "key"),
        "relationships",
    )


@admin.register(Survey)
class SurveyAdmin(ScopedAdmin):
    about = gettext_lazy("Lists of questions. A template names the one that its references answer.")
    empty = gettext_lazy("There is no survey yet. A template needs one.")
    keeps = gettext_lazy("Checks that have begun, and their reports: each keeps its questions as they were asked.")
    list_display = ("name", "question_count", "used_by", "version", "updated_at")
    search_fields = ("name",)
    search_help_text = gettext_lazy("Name")
    ordering = ("name",)
    inlines = (QuestionInline,)
    fieldsets = (
        (
            gettext_lazy("Survey"),
            {
                "fields": ["name", "description"],
                "description": gettext_lazy("A template names the survey that its references answer."),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        counted: QuerySet[Any] = rows.annotate(
            questions_asked=Count("questions", distinct=True), users=Count("templates", distinct=True)
        )
        return counted

    @admin.display(description=gettext_lazy("questions"))
    def question_count(self, survey: Any) -> int:
        return int(survey.questions_asked)

    @admin.display(description=gettext_lazy("templates"))
    def used_by(self, survey: Any) -> int:
        return int(survey.users)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Reports name the edition of the questions: it counts up when one of them is not what it was."""
        super().save_related(request, form, formsets, change)
        if change and any(formset.has_changed() for formset in formsets):
            Survey.objects.filter(pk=form.instance.pk).update(version=F("version") + 1)
