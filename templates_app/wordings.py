"""Whose words are said at which moment, in which way and language: one such place, and the table of them all."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Organization
from templates_app.builtin.samples import as_written, samples
from templates_app.kinds import Channel, Language
from templates_app.models import CustomNotification, ReferenceTemplate
from templates_app.moments import ABOUT, About, Moment
from templates_app.notices import Words


@dataclass(frozen=True)
class Wording:
    """What is said for one template, or for all of an organization's, at a moment, in a way and a language."""

    organization: Organization
    template: ReferenceTemplate | None
    moment: str
    channel: str
    language: str

    @classmethod
    def of(cls, row: CustomNotification) -> "Wording":
        return cls(row.organization, row.template, row.moment, row.channel, row.language)

    @property
    def about(self) -> About:
        return ABOUT[self.moment]

    @property
    def is_text(self) -> bool:
        return self.channel == Channel.TEXT

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a row of own words for it."""
        names = ("organization", "template", "moment", "channel", "language")
        return {name: getattr(self, name) for name in names}

    def __str__(self) -> str:
        words = {
            "moment": Moment(self.moment).label,
            "channel": Channel(self.channel).label,
            "language": Language(self.language).label,
        }
        return _("%(moment)s: %(channel)s, %(language)s") % words

    # --- its words ----------------------------------------------------------------------------------

    @cached_property
    def own(self) -> CustomNotification | None:
        """The row of exactly this place."""
        return CustomNotification.objects.filter(**self.columns).first()

    @cached_property
    def in_use(self) -> Words | None:
        """Own words that are said here, the template's or the organization's; None: the built-in ones are."""
        template = self.template.pk if self.template else None
        return CustomNotification.objects.words_for(
            self.organization.pk, template, self.moment, self.channel, self.language
        )

    def beginning(self) -> Words:
        """What is said now, with its fields in braces."""
        return self.in_use or as_written(self.moment, self.channel, self.language)

    def samples(self) -> dict[str, str]:
        """A believable value for each field that may stand here."""
        with override(self.language):
            found = samples(self.organization)
        return {name: found[name] for name in self.about.fields}

    # --- where it is --------------------------------------------------------------------------------

    @property
    def _query(self) -> str:
        return f"?template={self.template.pk}" if self.template else ""

    def _at(self, page: str) -> str:
        names = ("moment", "channel", "language")
        return reverse(page, args=[self.organization.pk, *(getattr(self, name) for name in names)]) + self._query

    @property
    def edit_url(self) -> str:
        return self._at("admin:templates_app_customnotification_words")

    @property
    def preview_url(self) -> str:
        return self._at("preview-words")

    @property
    def test_url(self) -> str:
        return self._at("test-words")

    @property
    def overview_url(self) -> str:
        whose = {"template": self.template.pk} if self.template else {"organization": self.organization.pk}
        return f"{reverse('admin:templates_app_customnotification_changelist')}?{urlencode(whose)}"


# --- the table --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One place in the table, and whose words are said there: "template", "organization" or "" for the built-in."""

    wording: Wording
    whose: str

    @property
    def language(self) -> str:
        return Language(self.wording.language).label

    @property
    def label(self) -> str:
        if self.whose == "organization":
            return _("Of all templates") if self.wording.template else _("Own words")
        return _("Own words") if self.whose else _("Built-in")


@dataclass(frozen=True)
class Line:
    moment: str | Promise
    channel: str | Promise
    cells: list[Cell]


@dataclass(frozen=True)
class Group:
    """All lines of one reader."""

    reader: Any
    lines: list[Line]


def table(organization: Organization, template: ReferenceTemplate | None) -> list[Group]:
    """Every moment and way in every language, in one query."""
    found = _whose(organization, template)
    groups: dict[str, Group] = {}
    for moment, about in ABOUT.items():
        group = groups.setdefault(str(about.reader), Group(about.reader, []))
        for channel in about.channels:
            places = [Wording(organization, template, moment, channel, language) for language in Language.values]
            cells = [Cell(place, found.get((moment, channel, place.language), "")) for place in places]
            group.lines.append(Line(Moment(moment).label, Channel(channel).label, cells))
    return list(groups.values())


def _whose(organization: Organization, template: ReferenceTemplate | None) -> dict[tuple[str, str, str], str]:
    """Moment, channel and language, where there are own words, to "template" or else "organization"."""
    rows = CustomNotification.objects.filter(organization=organization)
    kept = rows.filter(Q(template=None) | Q(template=template)) if template else rows.filter(template=None)
    found: dict[tuple[str, str, str], str] = {}
    for moment, channel, language, its_template in kept.values_list("moment", "channel", "language", "template"):
        if its_template or (moment, channel, language) not in found:
            found[moment, channel, language] = "template" if its_template else "organization"
    return found
