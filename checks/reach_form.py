"""How a candidate lets us reach somebody: an e-mail address, a telephone number, or both; and another one later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Allowance
from checks import hints
from checks.fields import Email, Phone
from checks.forms import PublicForm
from checks.models import Check, Reference
from notifications.phones import can_be_texted

CORRECTIONS_A_DAY = 6  # of all references of a check


@dataclass(frozen=True)
class Known:
    """People who are named already, or are the candidate: nobody is asked twice, and nobody about themselves."""

    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    @classmethod
    def of(cls, people: Iterable[tuple[str, str, str]]) -> "Known":
        """Of names, addresses and numbers."""
        names, emails, phones = zip(*people, strict=True) if (people := list(people)) else ((), (), ())
        return cls(_set(map(folded, names)), _set(map(mailbox, emails)), _set(phones))

    def __or__(self, other: "Known") -> "Known":
        return Known(self.names | other.names, self.emails | other.emails, self.phones | other.phones)


NOBODY = Known()


def _set(values: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(None, values))


def folded(name: str) -> str:
    return " ".join(name.casefold().split())


def mailbox(email: str) -> str:
    """The one in which mail to this address ends, as far as can be seen: marcus+work@… is marcus@…."""
    local, at, domain = email.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


class ReachForm(PublicForm):
    """An e-mail address, a telephone number, or both."""

    email = Email(label=_("E-mail address"), max_length=254, required=False)
    phone = Phone(label=_("Telephone number"), max_length=40, required=False)

    def __init__(self, check: Check, taken: Known = NOBODY, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check, self.taken = check, taken
        self.own = Known.of([(check.candidate_name, check.candidate_email, check.candidate_phone)])

    @property
    def reach_id(self) -> str:
        return f"{self['email'].auto_id}-reach"

    @property
    def reach(self) -> str:
        """How the two fields belong together, and what happens with only a number."""
        if self.check.frozen.sends_texts and can_be_texted():
            return gettext("An e-mail address or a telephone number: one is enough. A number gets a text message.")
        words = {"company": self.check.organization.name}
        sentence = gettext(
            "An e-mail address or a telephone number: one is enough. With a number only, somebody from %(company)s "
            "calls them."
        )
        return sentence % words

    def described_by(self, name: str) -> tuple[str, ...]:
        """Both ways to reach somebody share a sentence, and the error that there is none."""
        if name not in ("email", "phone"):
            return ()
        is_unreached = name == "phone" and self.is_bound and self.has_error("email", "unreached")
        return (self.reach_id, *([f"{self['email'].auto_id}_error"] if is_unreached else []))

    def hints(self) -> dict[str, str]:
        email = str(self["email"].value() or "")
        if not self.is_bound and mailbox(email) in self.own.emails:  # where it is sent, it is an error
            return {"email": str(hints.OWN)}
        return {"email": hints.about_address(email, self.relationship_so_far())}

    def relationship_so_far(self) -> str:
        raise NotImplementedError

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if mailbox(email) in self.own.emails:
            raise forms.ValidationError(hints.OWN)
        if mailbox(email) in self.taken.emails:
            raise forms.ValidationError(_("You have named this address before. Please name another person."))
        return email

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone in self.own.phones:
            raise forms.ValidationError(_("This is your own number. Please give theirs."))
        if phone in self.taken.phones:
            raise forms.ValidationError(_("You have named this number before. Please name another person."))
        return phone

    def clean(self) -> None:
        ways = [self.cleaned_data.get(name) or name in self.errors for name in ("email", "phone")]
        if not any(ways):
            words = _("Please give an e-mail address or a telephone number. One of them is enough.")
            self.add_error("email", forms.ValidationError(words, code="unreached"))


class CorrectForm(ReachForm):
    """Another address for the same person."""

    def __init__(
        self, reference: Reference, check: Check, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        known = NOBODY if data is None else known_in(check, but=reference.pk)
        self.as_before = {"email": reference.email, "phone": reference.phone_as_told}
        super().__init__(check, known, initial=self.as_before, data=data, **kwargs)
        self.reference = reference

    def relationship_so_far(self) -> str:
        return self.reference.relationship

    def clean(self) -> None:
        super().clean()
        if not self.errors and self.cleaned_data == self.as_before:
            self.add_error("email", _("This is the address that we have used. Please correct it."))

    def may_write_again(self, now: datetime) -> bool:
        """Each correction is a mail to somebody who may be a stranger: a few a day are enough for mistakes."""
        may = Allowance.take("readdress", str(self.check.pk), CORRECTIONS_A_DAY, timedelta(days=1), now)
        if not may:
            words = _(
                "So many addresses were corrected today that we wait for tomorrow. What you entered is not sent yet."
            )
            self.add_error("email", words)
        return may


def known_in(check: Check, but: int = 0) -> Known:
    """Everybody who was ever named, except for one, by number."""
    rows = check.references.exclude(pk=but).values_list("name", "email", "phone")
    return Known.of(rows)
