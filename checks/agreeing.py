"""What a candidate does on the first page: keeps what is typed, agrees, and names people."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import models, transaction

from checks.pausing import Pausing
from checks.references import Named, Reference


class Agreeing(Pausing):
    language: "models.CharField[str, str]"  # a column of the check

    class Meta:
        abstract = True

    def keep_draft(self, draft: Mapping[str, str], now: datetime) -> bool:
        """Keep what is typed, right or wrong, in the place of what was kept before; False when names were sent."""
        rows = self.stored.filter(status__in=self.REMINDED_WHILE)
        return bool(rows.update(draft=dict(draft), drafted_at=now))

    def name_references(
        self,
        named: Sequence[Named | None],
        consent_text: str,
        now: datetime,
        *,
        consent_language: str = "",
        fewer_because: str = "",
    ) -> bool:
        """The candidate agrees and names everybody; False when that was done before (a second click, a second tab).

        One for each place of the template, None where it is left empty. `consent_language` is the one that the text
        was read in.
        """
        check = self.of_check
        agreed = {
            "consented_at": now,
            "consent_text": consent_text,
            "consent_language": consent_language or self.language,
            "fewer_because": fewer_because,
        }
        with transaction.atomic():
            if not check._move(check.Status.SUBMITTED, check.Status.AWAITING, **agreed):
                return False
            self.call_back(now)
            for position, (person, request) in enumerate(zip(named, check.frozen.requests, strict=True)):
                if person:
                    self.ask(person, request.relationship, request.note, position, now)
            self._tell_of(named, now)
            check.announce(now)
        return True

    def _tell_of(self, named: Sequence[Named | None], now: datetime) -> None:
        there = sum(person is not None for person in named)
        self.of_check.record("named", now, detail=str(there))
        if there < len(named):
            self.of_check.record("fewer", now, detail=str(len(named) - there))

    def ask(self, person: Named, asked_relationship: str, note: str, position: int, now: datetime) -> Reference:
        """Write down a reference and their invitation."""
        reference: Reference = self.of_check.references.create(
            position=position,
            asked_relationship=asked_relationship,
            note=note,
            relationship=person.relationship,
            name=person.name,
            email=person.email,
            title=person.title,
            phone=person.phone,
            language=person.language or self.language,
            company=person.company,
            worked_from=person.worked_from,
            worked_until=person.worked_until,
            personal_line=person.personal_line,
            why_other=person.why_other,
            status=Reference.Status.ASKED,
            asked_at=now,
            token_expires_at=self.token_expires_at,
        )
        reference.invite(now)
        return reference
