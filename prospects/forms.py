"""How an organization's prospects go to Lever, to be entered. What there is to choose from, Lever says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.account import lever
from integrations.lever.client import Lever
from integrations.lever.errors import Kind, LeverError
from integrations.models import Connection
from integrations.offers import AT_THE_PAGE, MOST, Choices
from prospects.models import ProspectSettings

# The drop-downs: the part of what Lever has, and the column of the name that belongs to the id.
CHOSEN = {"posting_id": ("postings", "posting_name"), "stage_id": ("stages", "stage_name")}
NONE_CHOSEN = {
    "posting_id": gettext_lazy("None: they are known to Lever, and up for no job"),
    "stage_id": gettext_lazy("Lever’s first stage"),
}
LONGEST = {"posting_id": 160, "stage_id": 120}  # characters of a name


@dataclass(frozen=True)
class Offered:
    """What the account has; a part that is not known is None. `problem`: why Lever said nothing now."""

    postings: Choices | None = None
    stages: Choices | None = None
    problem: str = ""


def ask(connection: Connection | None, timeout: tuple[float, float]) -> Offered:
    """Ask the account. Never raises: whoever is at the page can go on without."""
    if connection is None or not connection.api_key:
        return Offered(problem=_("Lever is not connected yet. With it, what your account has stands here."))
    try:
        with lever(connection, timeout=timeout) as account:
            stages = tuple((stage.id, stage.text or stage.id) for stage in account.stages())
            return Offered(_postings(account), stages)
    except LeverError as error:
        return Offered(problem=str(AT_THE_PAGE.get(error.kind) or _(error.words)))


def _postings(account: Lever) -> Choices | None:
    """Without the confidential ones: everybody who sees the page would read their names. None: the key may not ask."""
    try:
        found = {posting.id: posting.title or posting.id for posting in account.open_postings()}
    except LeverError as error:
        if error.kind is Kind.FORBIDDEN:
            return None
        raise
    return tuple(sorted(list(found.items())[:MOST], key=lambda pair: pair[1].casefold()))


def remember(connection: Connection, offered: Offered, now: datetime) -> None:
    """For the next time: beside what the connection's own page keeps of the account."""
    if offered.problem:
        return
    parts = {"postings": offered.postings, "stages": offered.stages}
    kept = {name: [list(pair) for pair in pairs[:MOST]] for name, pairs in parts.items() if pairs is not None}
    same_account = {"key_digest": connection.key_digest, "environment": connection.environment}
    connection.offer = {**connection.offer, **kept}
    Connection.objects.filter(pk=connection.pk, **same_account).update(offer=connection.offer)


def remembered(connection: Connection | None) -> Offered:
    parts = connection.offer if connection else {}
    found = {name: tuple((str(key), str(text)) for key, text in parts.get(name, ())) for name in ("postings", "stages")}
    return Offered(found["postings"] or None, found["stages"] or None)


class SettingsForm(forms.ModelForm[ProspectSettings]):
    """Unbound it asks nobody: it shows what Lever told last, or what it is given."""

    class Meta:
        model = ProspectSettings
        fields = ("source", "tags", "posting_id", "stage_id")
        help_texts = {
            "posting_id": gettext_lazy("Each prospect is added to this job in Lever."),
            "stage_id": gettext_lazy("Where they stand in Lever’s pipeline."),
        }
        widgets = {"posting_id": forms.Select, "stage_id": forms.Select}

    def __init__(self, *args: Any, connection: Connection | None, offered: Offered | None = None, **how: Any) -> None:
        super().__init__(*args, **how)
        self.offered = offered or remembered(connection)
        for name in CHOSEN:
            self.fields[name].widget.choices = self._choices(name)

    def _known(self, name: str) -> Choices | None:
        found: Choices | None = getattr(self.offered, CHOSEN[name][0])
        return found

    def _choices(self, name: str) -> list[tuple[str, str]]:
        """What is stored stays among them, also when Lever does not answer; what Lever lost is named."""
        kept, offered = getattr(self.instance, name), dict(self._known(name) or ())
        known = dict(offered)
        if kept and kept not in offered:
            text = getattr(self.instance, CHOSEN[name][1]) or kept
            known[kept] = _("%(name)s (not in Lever any more)") % {"name": text} if offered else text
        return [("", str(NONE_CHOSEN[name])), *known.items()]

    @property
    def gone(self) -> list[str]:
        """What is chosen here and not in Lever any more, by name."""
        names = []
        for field, (_part, column) in CHOSEN.items():
            kept, offered = getattr(self.instance, field), dict(self._known(field) or ())
            if kept and offered and kept not in offered:
                names.append(str(getattr(self.instance, column) or kept))
        return names

    def clean_tags(self) -> str:
        return ", ".join(dict.fromkeys(filter(None, (tag.strip() for tag in self.cleaned_data["tags"].split(",")))))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in CHOSEN:
            chosen = data.get(name)
            if name in self.changed_data and chosen and chosen not in dict(self._known(name) or ()):
                self.add_error(name, _("Your Lever account does not have it. Choose another one."))
        return data

    def save(self, commit: bool = True) -> ProspectSettings:
        """With the names that belong to what was chosen."""
        for name, (_part, column) in CHOSEN.items():
            if name in self.changed_data:
                chosen = self.cleaned_data[name]
                setattr(self.instance, column, dict(self._known(name) or ()).get(chosen, "")[: LONGEST[name]])
        saved: ProspectSettings = super().save(commit=False)
        columns = [*self.Meta.fields, *(column for _part, column in CHOSEN.values())]
        saved.save(update_fields=columns)
        return saved
