"""What the forms on the pages of candidates and references have in common."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checks.fields import Text


class Said(BoundField):
    """A field that may have more said of it than its help and its errors: a hint, or a sentence about several."""

    form: "PublicForm"

    @property
    def takes_hint(self) -> bool:
        return self.name in self.form.hints()

    @property
    def hint(self) -> str:
        """Worth a second look, and no error."""
        return self.form.hints().get(self.name, "")

    @property
    def aria_describedby(self) -> str | None:
        own = f"{self.auto_id}_hint" if self.takes_hint else ""
        return " ".join(filter(None, (super().aria_describedby, own, *self.form.described_by(self.name)))) or None


class PublicForm(forms.Form):
    """A form that can say, above all else, what is to be corrected."""

    bound_field_class = Said
    legend: str | Promise = ""

    def hints(self) -> dict[str, str]:
        """Field -> what is worth a second look in it, often nothing; fields that are not here never have a hint."""
        return {}

    def described_by(self, name: str) -> tuple[str, ...]:
        """Ids of what else is said of a field."""
        return ()

    def problems(self) -> list[tuple[str, str]]:
        """Where something is missing or wrong: the id of its field, and what."""
        start = f"{self.legend}: " if self.legend else ""
        return [(field.id_for_label, f"{start}{error}") for field in self for error in field.errors]

    def typed(self) -> list[tuple[str, str]]:
        """What was written into its fields, right or wrong, to be shown where it cannot be sent: labels and texts."""
        return [(str(field.label), text) for field in self if (text := written_in(field))]


def written_in(field: BoundField) -> str:
    """What a person wrote; nothing of a field that only has something to choose from."""
    chosen = isinstance(field.field, forms.ChoiceField | forms.BooleanField)
    value: Any = "" if chosen else field.value()
    return str(value or "").strip()


class AgreementForm(PublicForm):
    consent = forms.BooleanField(
        error_messages={"required": _("Nobody is asked without your agreement. Please tick the box, or write to us.")}
    )


class FewerForm(PublicForm):
    """One reason for all places that are left empty."""

    fewer_because = Text(
        label=_("Why are there fewer people than asked for?"),
        rows=3,
        help_text=_("A sentence is enough. A person reads it, and nobody is refused for it."),
        error_messages={"required": _("Please say in a few words why a place is left empty.")},
    )
