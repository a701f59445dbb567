"""The survey editor."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin_verbs import MenuLink, verb
from accounts.scoped_admin import ScopedStackedInline, reader
from templates_app import effort, followups
from templates_app.admin.survey_list import SurveyList, said_in
from templates_app.admin.versions import PAGE, changes_between, readings
from templates_app.answering import LEADING, UNSEEN, yes_or_no
from templates_app.cautions import cautions_of
from templates_app.frozen import FrozenQuestion
from templates_app.kinds import Kind, Relationship
from templates_app.merging import FIELDS, IN_QUESTIONS
from templates_app.models import Question, Survey
from templates_app.question_forms import QuestionForm
from templates_app.survey_forms import AS_DRAFT, Questions, SurveyForm
from templates_app.ways import MEANINGS, Way, standard_words


class QuestionInline(ScopedStackedInline):
    model = Question
    form = QuestionForm
    formset: Any = Questions
    template = "admin/templates_app/survey/questions.html"
    heading = gettext_lazy("Questions")
    one = gettext_lazy("question")
    about = gettext_lazy("About what the reference has seen of the work. Each opens when you choose it.")
    ordering = ("position", "pk")
    extra = 1
    fields = ("answer", *QuestionForm.Meta.fields)


@admin.register(Survey)
class SurveyAdmin(SurveyList):
    keeps = gettext_lazy("Checks that have begun, and their reports: each keeps its questions as they were asked.")
    form = SurveyForm
    inlines = (QuestionInline,)
    verbs = ("duplicate", "discard")
    fieldsets = ((gettext_lazy("Survey"), {"fields": [("name", "language"), "description", "evidence"]}),)

    # --- the page -------------------------------------------------------------------------------------

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        survey = kwargs.get("obj")
        context["for_script"] = json.dumps(for_script())
        context["merge_fields"] = [(f"{{{name}}}", FIELDS[name]) for name in IN_QUESTIONS]
        if survey:
            context.update(self._about(survey))
        return super().render_change_form(request, context, *args, **kwargs)

    def _about(self, survey: Survey) -> dict[str, Any]:
        """What the page says of the survey as it is saved."""
        drafted, published = survey.drafted(), survey.published()
        return {
            "readings": readings(drafted),
            "minutes": effort.in_words(drafted),
            "changes": changes_between(published, drafted) if survey.version else [],
            "has_changes": drafted != published,
            "translated": said_in(drafted, survey.language, is_full=True) if drafted else [],
            "versions_url": reverse(f"{PAGE}_versions", args=[survey.pk]),
            **_preview(survey),
        }

    def menu_links(self, request: HttpRequest, row: Survey) -> Iterator[MenuLink]:
        yield MenuLink(_("Versions"), reverse(f"{PAGE}_versions", args=[row.pk]))
        yield MenuLink(_("Preview"), _preview(row)["preview_url"])

    # --- saving ---------------------------------------------------------------------------------------

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The draft is written; unless it is to stay one, it is published at once."""
        super().save_related(request, form, formsets, change)
        survey: Survey = form.instance
        if AS_DRAFT in request.POST:
            survey.note_changes()
            said = _draft_words(survey)
        else:
            said = _published_words(survey, is_new=bool(survey.publish(timezone.now(), reader(request))))
        messages.success(request, said)
        for warning in warnings(survey.drafted()):
            messages.warning(request, warning)

    def response_add(self, request: HttpRequest, obj: Survey, post_url_continue: str | None = None) -> HttpResponse:
        return redirect(f"{PAGE}_change", obj.pk)

    def response_change(self, request: HttpRequest, obj: Survey) -> HttpResponse:
        """Back to the page, which says what was saved; Django's own sentence would say it once more."""
        return redirect(f"{PAGE}_change", obj.pk)

    # --- verbs ----------------------------------------------------------------------------------------

    @verb(
        gettext_lazy("Duplicate"),
        says=gettext_lazy("Makes a copy of the draft. No template uses it, and it is not published yet."),
        permission="add",
    )
    def duplicate(self, request: HttpRequest, survey: Survey, now: datetime) -> str | None:
        copy = survey.duplicate()
        url = reverse(f"{PAGE}_change", args=[copy.pk])
        return format_html(_('There is a copy now: <a href="{}">{}</a>. It is not published yet.'), url, copy)

    @verb(
        gettext_lazy("Discard the draft"),
        says=gettext_lazy("The draft becomes again what is published. What was changed since is gone."),
        when=lambda survey: survey.version > 0 and survey.has_changes,
        asks=True,
        danger=True,
    )
    def discard(self, request: HttpRequest, survey: Survey, now: datetime) -> str | None:
        newest = survey.versions.order_by("-number").first()
        if newest is None:
            return None
        survey.take_up(newest)
        return _("The draft is version %(number)d again, as it is published.") % {"number": newest.number}


# --- sentences --------------------------------------------------------------------------------------------


def _published_words(survey: Survey, *, is_new: bool) -> str:
    if not is_new:
        return _("Saved. The questions are those of version %(number)d, which is in use.") % {"number": survey.version}
    words = _("Version %(number)d is in use from now on. Checks that have begun keep the questions they began with.")
    return words % {"number": survey.version}


def _draft_words(survey: Survey) -> str:
    if not survey.version:
        return _("Saved as a draft. It can be asked once it is published.")
    if not survey.has_changes:
        return _published_words(survey, is_new=False)
    words = _("Saved as a draft. Checks that begin ask version %(number)d until you publish this one.")
    return words % {"number": survey.version}


def warnings(questions: Sequence[FrozenQuestion]) -> Iterator[str]:
    """What should be known of a survey that was saved, and stands in nobody's way."""
    doubtful = [
        (_("Question %(number)d") % {"number": number}, followups.called(question), caution.reason)
        for number, question in enumerate(questions, start=1)
        for caution in cautions_of(question)
    ]
    if doubtful:
        yield format_html(
            "{} {}",
            _("Please look again at what is asked here."),
            format_html_join(" ", "<br>{}, “{}”: {}", doubtful),
        )
    silent = effort.unasked(questions)
    if silent and questions:
        words = _("There is no question for %(whom)s. As a reference, they would have nothing to answer.")
        yield words % {"whom": get_text_list(silent, _("or"))}


# --- for the page -----------------------------------------------------------------------------------------


def _preview(survey: Survey) -> dict[str, str]:
    """The page with all ways to look at it, and the one that fits a frame."""
    return {
        "preview_url": reverse("preview-survey", args=[survey.pk]),
        "preview_frame": reverse("preview-page", args=["survey", survey.pk]),
    }


def for_script() -> dict[str, Any]:
    """What static/js/survey.js knows of ways to answer, of follow-ups and of merge fields."""
    known = ", ".join(f"{{{name}}}" for name in IN_QUESTIONS)
    return {
        "ways": {way.value: _way(way) for way in Way},
        "yesOrNo": yes_or_no(),
        "unseen": [UNSEEN, _("I did not see this")],
        "named": {value: capfirst(words) for value, words in Relationship.named()},
        "fields": list(IN_QUESTIONS),
        "unknown": _("%(field)s is no field here. There are: %(known)s.") % {"field": "[field]", "known": known},
        "moved": _("Moved to place [place] of [all]."),
        "always": _("Always"),
        "notBefore": _("[key]: not before this question"),
    }


def _way(way: Way) -> dict[str, Any]:
    """Its words, the fields that matter, the usual words, and what can be chosen: steps, yes-no, words or nothing."""
    meaning = MEANINGS[way]
    leads = {Kind.SCALE: "steps", Kind.YES_NO: "yes-no"}.get(meaning.kind, "words" if meaning.kind in LEADING else "")
    return {
        "words": str(way.label),
        "uses": sorted(meaning.uses),
        "usual": list(standard_words(way)),
        "leads": leads,
    }
