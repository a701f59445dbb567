"""What the one who is asked how it ended can fill in: an answer, or who knows better."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from checks.fields import Email, Line
from checks.forms import PublicForm
from checks.outcome_question import WEEKS, Ended, OutcomeQuestion, Standing
from notifications.addresses import LONGEST_ADDRESS, receiver

LATER = "later-"  # with the weeks behind it


class AnswerForm(PublicForm):
    """`chosen` is what the link in the mail says: hired, not-hired, or later."""

    answer = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Please choose one of the answers.")}
    )

    def __init__(
        self, question: OutcomeQuestion, now: datetime, data: Mapping[str, Any] | None = None, chosen: str = ""
    ) -> None:
        first = {"later": f"{LATER}{WEEKS[0]}"}.get(chosen, chosen) or question.outcome.said
        super().__init__(data, initial={"answer": first})
        self.question, self.now = question, now
        field: Any = self.fields["answer"]
        field.choices = [*Ended.choices, *self._later()]

    def _later(self) -> Iterator[tuple[str, str]]:
        """Not offered once it is known, nor beyond the year in which somebody is asked."""
        for weeks in WEEKS if self.question.standing == Standing.OPEN else ():
            if self.question.outcome.within(self.now + timedelta(weeks=weeks)):
                words = ngettext(
                    "Not decided yet: ask me again in %(weeks)d week",
                    "Not decided yet: ask me again in %(weeks)d weeks",
                    weeks,
                )
                yield f"{LATER}{weeks}", words % {"weeks": weeks}

    def save(self) -> bool:
        """False when it came too late."""
        answer = str(self.cleaned_data["answer"])
        if answer.startswith(LATER):
            return self.question.put_off(int(answer.removeprefix(LATER)), self.now)
        return self.question.say(answer, self.now)


class HandOnForm(PublicForm):
    name = Line(
        label=_("Full name"),
        max_length=120,
        error_messages={"required": _("Please give the name of this person.")},
    )
    email = Email(
        label=_("E-mail address"),
        max_length=LONGEST_ADDRESS,
        help_text=_("The question goes there, once you send it."),
        error_messages={"required": Email.default_error_messages["invalid"]},
    )

    def __init__(self, question: OutcomeQuestion, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.question = question

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if receiver(email) == receiver(self.question.email):
            raise forms.ValidationError(_("This is your own address: you are asked already."))
        check = self.question.outcome.for_check
        outsiders = [check.candidate_email, *check.references.values_list("email", flat=True)]
        if receiver(email) in {receiver(address) for address in outsiders if address}:
            raise forms.ValidationError(_("The candidate and the references are not asked. Please name a colleague."))
        return email
