"""Forms of the portal for what we ask."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from templates_app.coherence import Asked, problems
from templates_app.kinds import Relationship
from templates_app.models import ReferenceTemplate, RequestedReference
from templates_app.tags import kept


class Concludes(models.TextChoices):
    """What becomes of a check that has enough answers, and not all."""

    AT_ONCE = "at-once", _("It concludes at once")
    AFTER = "after", _("It concludes after so many days")
    NEVER = "never", _("It waits for all the others")

    @classmethod
    def of(cls, days: int | None) -> "Concludes":
        return cls.NEVER if days is None else cls.AFTER if days else cls.AT_ONCE


# What those who are asked will read, word for word where there are quotation marks.
PROMISED = {
    "confidentiality": _(
        "With names, each reference reads: “Your name stands beside what you write.” With averages only: "
        "“Those people see averages of three answers or more, and no name beside any answer.” Words then stand without "
        "a name, where three people wrote some."
    ),
    "candidate_reads": _(
        "With no, each reference reads that this site does not show the candidate their answers, and that the law may "
        "give a right to ask for them. With yes, that the candidate can read them on asking, in the same form as you."
    ),
    "is_private": _(
        "Nobody else in the organization reads the report: only the owner in Lever, the hiring manager and people who "
        "are named on the check’s page. References are not told."
    ),
}


class InOrder(forms.BaseInlineFormSet[Any, Any, Any]):
    """Rows of a form that have an order; a new one stands at the end."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["position"].label = _("order")
        if index is not None and not form.instance.pk:
            form.initial["position"] = index + 1


class ReferenceTemplateForm(forms.ModelForm[ReferenceTemplate]):
    """The template's own fields. Two of them stand for a column each that people would read less easily."""

    becomes_default = forms.BooleanField(
        label=_("default"),
        required=False,
        help_text=_("Used for jobs whose tags match no template. It takes over from the one that is the default."),
    )
    concludes = forms.ChoiceField(
        label=_("once enough have answered"),
        choices=Concludes.choices,
        initial=Concludes.AT_ONCE,
        help_text=_("Those who have not answered by then are told that they are not needed any more."),
    )

    class Meta:
        model = ReferenceTemplate
        fields = ()  # the page says which

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days, fields = self.instance.concludes_after_days, self.fields
        self.initial["becomes_default"] = self.instance.is_default
        self.initial["concludes"] = Concludes.of(days)
        self.initial["concludes_after_days"] = days or None
        for name in PROMISED.keys() & fields.keys():
            fields[name].help_text = PROMISED[name]
        if "ats_tag" in fields:  # whoever may only look has no fields
            fields["concludes_after_days"].label = _("days since it began")
            fields["concludes_after_days"].help_text = ""
            fields["minimum"].help_text = _(
                "This many answers complete the check, once all have answered who must. 0 waits for everybody."
            )
            fields["ats_tag"].help_text = ""  # beside it stands what it is for
            fields["ats_tag"].error_messages["max_length"] = _("A tag has at most %(limit_value)d characters.")
            fields["ats_tag"].widget.attrs.pop("maxlength", None)  # a browser cuts what is pasted, and says nothing

    def clean_ats_tag(self) -> str:
        tag, most = kept(self.cleaned_data["ats_tag"]), ReferenceTemplate._meta.get_field("ats_tag").max_length
        if len(tag) > (most or 0):  # some letters are two in lower case
            raise ValidationError(_("A tag has at most %(most)d characters."), params={"most": most})
        return tag

    def clean_becomes_default(self) -> bool:
        if (becomes := bool(self.cleaned_data["becomes_default"])) and self.instance.is_archived:
            raise ValidationError(_("No job gets an archived template. Restore it first."))
        return becomes

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["concludes_after_days"] = self._days_until_concluded(data)
        if data.get("tells_hiring_manager") and not data.get("hiring_manager_email"):
            self.add_error("hiring_manager_email", _("To tell the hiring manager, Vouch needs an address."))
        overdue, ended = data.get("days_until_overdue"), data.get("days_until_expired")
        if overdue and ended and overdue > ended:
            words = _("It ends by itself after %(days)d days, so it cannot become overdue later.")
            self.add_error("days_until_overdue", ValidationError(words, params={"days": ended}))
        return data

    def _days_until_concluded(self, data: Mapping[str, Any]) -> int | None:
        days, ended = data.get("concludes_after_days"), data.get("days_until_expired")
        if data.get("concludes") != Concludes.AFTER:
            return None if data.get("concludes") == Concludes.NEVER else 0
        if not days and "concludes_after_days" not in self.errors:
            self.add_error("concludes_after_days", _("Say after how many days."))
        elif days and ended and days > ended:
            words = _("It ends by itself after %(days)d days, and would never get there.")
            self.add_error("concludes_after_days", ValidationError(words, params={"days": ended}))
        return days


class RequestedReferenceForm(forms.ModelForm[RequestedReference]):
    """A blank row says nothing, not even *any*: otherwise nobody could add an *any* by choosing it."""

    relationship = forms.ChoiceField(
        label=_("relationship"), choices=[("", _("Choose")), *Relationship.choices], initial=""
    )

    class Meta:
        model = RequestedReference
        fields = ("position", "how_many", "relationship", "recent_years", "is_needed", "note")
        labels = {"note": _("note that the candidate sees")}
        help_texts = {"recent_years": "", "note": "", "is_needed": ""}

    def has_changed(self) -> bool:
        """The place of a blank row is none of its contents: rows are numbered anew when they are put in order."""
        changed = set(self.changed_data)
        return bool(changed if self.instance.pk else changed - {"position"})


class RequestedReferences(InOrder):
    """All rows of whom is asked, looked at together with the template that they belong to."""

    def clean(self) -> None:
        super().clean()
        removed = self.deleted_forms
        staying = [form for form in self.forms if form not in removed]
        if any(form.errors for form in staying):
            return
        rows = [form.cleaned_data for form in staying if form.cleaned_data.get("relationship")]
        asked = [Asked(row["relationship"], row["how_many"], row["is_needed"]) for row in rows]
        if found := list(problems(self.instance, asked)):
            raise ValidationError(found)
