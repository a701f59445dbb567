"""What a prospect may say of themselves when they confirm."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from checks.fields import Line, Phone
from checks.forms import PublicForm

if TYPE_CHECKING:
    from prospects.models import Prospect


class DetailsForm(PublicForm):
    """In their own words, and only if they like: the candidate’s word of them is not taken over."""

    name = Line(label=_("Your name"), max_length=160, required=False)
    company = Line(label=_("Where you work"), max_length=160, required=False)
    title = Line(label=_("Your job title"), max_length=160, required=False)
    phone = Phone(
        label=_("Your telephone number"),
        max_length=40,
        help_text=_("With the country’s code: +44 20 7183 8750."),
        required=False,
    )

    def __init__(self, prospect: "Prospect", data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial={name: getattr(prospect, name) for name in self.base_fields})
