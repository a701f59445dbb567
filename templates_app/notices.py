"""Own words in place of the built-in ones: for one template, or for all of an organization."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts.models import Organization
from accounts.querysets import OrganizationQuerySet
from templates_app.kinds import Channel, Language
from templates_app.merging import fields_of, problem
from templates_app.moments import ABOUT, Moment

LONGEST_TEXT_MESSAGE = 480  # characters before the fields are filled in: about three parts on the telephone


@dataclass(frozen=True)
class Words:
    """What is said in place of the built-in text. Paragraphs are divided by empty lines."""

    subject: str
    text: str


class CustomNotificationQuerySet(OrganizationQuerySet["CustomNotification"]):
    def words_for(
        self, organization_id: int | None, template_id: int | None, moment: str, channel: str, language: str
    ) -> Words | None:
        """The template's own words, else the organization's, in this language; None: the built-in ones are used."""
        rows = self.filter(
            Q(template=None) | Q(template=template_id),
            organization=organization_id,
            moment=moment,
            channel=channel,
            language=language,
        )
        found = max(rows, key=lambda row: row.template_id is not None, default=None)
        return Words(found.subject, found.text) if found else None


class CustomNotification(models.Model):
    """What an organization writes at one moment, in one way and one language, instead of the built-in text."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="notifications")
    template = models.ForeignKey(
        "templates_app.ReferenceTemplate",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("template"),
        help_text=_("Empty: for all templates that have no words of their own."),
    )
    moment = models.CharField(_("when"), max_length=24, choices=Moment)
    channel = models.CharField(_("how"), max_length=8, choices=Channel, default=Channel.EMAIL)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.ENGLISH)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"))
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = CustomNotificationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        verbose_name = _("message in own words")
        verbose_name_plural = _("messages in own words")
        constraints = [
            models.UniqueConstraint(
                fields=["template", "moment", "channel", "language"],
                condition=Q(template__isnull=False),
                name="templates_app_notification_once",
                violation_error_message=_("This template has words for this moment in this language already."),
            ),
            models.UniqueConstraint(
                fields=["organization", "moment", "channel", "language"],
                condition=Q(template__isnull=True),
                name="templates_app_notification_for_all_once",
                violation_error_message=_("There are words for this moment in this language already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_moment_display()} ({self.get_channel_display()}, {self.get_language_display()})"

    def clean(self) -> None:
        if self.template_id and self.template and self.template.organization_id != self.organization_id:
            raise ValidationError({"template": _("This template belongs to another organization.")})
        if found := {name: text for name, text in self._problems().items() if text}:
            raise ValidationError(found)

    def _problems(self) -> dict[str, Any]:
        about = ABOUT.get(self.moment)
        if about is None:
            return {}
        is_text = self.channel == Channel.TEXT
        problems: dict[str, Any] = {"text": problem(self.text, about.fields)}
        if self.channel not in about.channels:
            problems["channel"] = _("At this moment we write by e-mail only.")
        if is_text and not problems["text"]:
            problems["text"] = self._text_message_problem(needs_link=about.needs_link)
        if not is_text:
            problems["subject"] = self._subject_problem(about.fields)
        return problems

    def _subject_problem(self, known: tuple[str, ...]) -> Any:
        if not self.subject.strip():
            return _("An e-mail needs a subject.")
        return problem(self.subject, [name for name in known if name != "link"])

    def _text_message_problem(self, *, needs_link: bool) -> Any:
        if needs_link and "link" not in fields_of(self.text):
            return _("A text message needs {link}: without it there is nothing to open.")
        if len(self.text) > LONGEST_TEXT_MESSAGE:
            words = {"length": len(self.text), "most": LONGEST_TEXT_MESSAGE}
            return _("This has %(length)d characters, and %(most)d fit into a text message.") % words
        return None
