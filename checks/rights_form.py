"""The forms with which somebody asks for what is theirs, and in which they are answered."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from checks.fields import Email, Line, Text
from checks.forms import PublicForm
from checks.rights import RightsRequest

Kind = RightsRequest.Kind


class AskForm(PublicForm):
    words = Text(
        label=_("What is wrong, and what would be right?"),
        rows=4,
        error_messages={"required": _("Please say what is wrong, and what would be right.")},
    )


class CorrectForm(AskForm):
    prefix = Kind.CORRECT.value


class ObjectForm(AskForm):
    prefix = Kind.OBJECT.value
    words = Text(
        label=_("Why? It helps to say what is special in your situation."),
        rows=4,
        error_messages={"required": _("Please say why, in a sentence.")},
    )


class DeleteForm(AskForm):
    prefix = Kind.DELETE.value
    words = Text(label=_("Is there something to say with it?"), rows=3, required=False)
    ends_jobs = forms.BooleanField(required=False)  # the yes to hearing of jobs, which stands on its own, goes as well


FORMS: dict[str, type[AskForm]] = {Kind.CORRECT: CorrectForm, Kind.OBJECT: ObjectForm, Kind.DELETE: DeleteForm}


class SettleForm(PublicForm):
    """`name` and `email`: the person's, as they are to be, where a correction is granted."""

    is_granted = forms.ChoiceField(
        label=_("What they ask for"),
        choices=[("yes", _("Do it")), ("no", _("Do not do it"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one.")},
    )
    answer = Text(
        label=_("In your words"),
        help_text=_("They read this. If you do not do it, say why; the law asks for that."),
        rows=5,
        required=False,
    )
    name = Line(label=_("Name"), max_length=120, required=False)
    email = Email(label=_("E-mail address"), max_length=254, required=False)

    def __init__(self, asked: RightsRequest, data: QueryDict | None = None) -> None:
        name = asked.reference.name if asked.reference else asked.for_check.candidate_name
        super().__init__(data, initial={"name": name, "email": asked.of.address})
        if asked.kind != Kind.CORRECT:
            del self.fields["name"], self.fields["email"]

    def clean(self) -> dict[str, object]:
        found = super().clean() or self.cleaned_data
        if found.get("is_granted") == "no" and not found.get("answer"):
            self.add_error("answer", _("Please say why."))
        if found.get("is_granted") == "yes" and "name" in self.fields and not (found.get("name") or self.errors):
            self.add_error("name", _("Please give the name of this person."))
        return found

    @property
    def put_right(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "email") if name in self.fields}
