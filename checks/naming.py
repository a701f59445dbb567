"""The candidate's first page: the agreement, and a form for each person whom the template asks for."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from checks.forms import AgreementForm, FewerForm, PublicForm
from checks.models import Check
from checks.person_form import PersonForm
from checks.reach_form import Known, folded, mailbox
from checks.references import Named
from checks.said import number

# Where more are asked for, all of them have figures.
ORDINALS = (
    _("First reference"),
    _("Second reference"),
    _("Third reference"),
    _("Fourth reference"),
    _("Fifth reference"),
    _("Sixth reference"),
)


class Naming:
    """`data` is what was sent, to be looked at; `draft` is what was saved, to be gone on with.

    Their fields have the same names; a draft is everything that is typed or chosen, but never the agreement.
    """

    def __init__(
        self, check: Check, data: Mapping[str, Any] | None = None, draft: Mapping[str, str] | None = None
    ) -> None:
        self.check, self.draft = check, draft or {}
        self.agreement = AgreementForm(data)
        many = len(check.frozen.requests)
        self.people = [
            PersonForm(
                asked,
                check,
                legend=_legend(position, many),
                may_be_empty=many > 1,
                prefix=f"reference-{position}",
                initial=self._saved(f"reference-{position}-"),
                data=data,
            )
            for position, asked in enumerate(check.frozen.requests, 1)
        ]
        self.fewer = FewerForm(data, initial=self._saved(""))
        self.is_nobody_named = False

    def _saved(self, prefix: str) -> dict[str, str]:
        return {name.removeprefix(prefix): text for name, text in self.draft.items() if name.startswith(prefix)}

    @property
    def forms(self) -> tuple[PublicForm, ...]:
        return (*self.people, self.fewer)

    @property
    def many(self) -> str:
        """How many people, as a word."""
        return number(len(self.people))

    @property
    def may_be_fewer(self) -> bool:
        return len(self.people) > 1

    @property
    def terms(self) -> str:
        """What the candidate agrees to. Kept with the check, word for word."""
        words = {"company": self.check.organization.name, "position": self.check.position}
        if self.check.position:
            sentence = gettext(
                "%(company)s may write to the people I name, ask them about my work, and use their answers to decide "
                "on my application as %(position)s."
            )
        else:
            sentence = gettext(
                "%(company)s may write to the people I name, ask them about my work, and use their answers to decide "
                "on my application."
            )
        return sentence % words

    # --- sending ------------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        valid = [self.agreement.is_valid()]
        for person in self.people:
            valid.append(person.is_valid())
            self._may_not_come_again(person)
        empty = [person for person in self.people if person.is_left_empty]
        self.is_nobody_named = len(empty) == len(self.people)
        return all(valid) and not self.is_nobody_named and (not empty or self.fewer.is_valid())

    def _may_not_come_again(self, named: PersonForm) -> None:
        found = [str(named.cleaned_data.get(name, "")) for name in ("name", "email", "phone")]
        known = Known.of([(found[0], found[1], found[2])])
        for person in self.people[self.people.index(named) + 1 :]:
            person.taken |= known

    def named(self) -> list[Named | None]:
        return [person.named() for person in self.people]

    @property
    def fewer_because(self) -> str:
        """Empty where everybody was named, whatever was typed there before."""
        return str(self.fewer.cleaned_data["fewer_because"]) if None in self.named() else ""

    def problems(self) -> list[tuple[str, str]]:
        forms = (self.agreement, *self.people, *([self.fewer] if self._needs_reason() else []))
        found = [problem for form in forms for problem in form.problems()]
        if self.is_nobody_named:
            words = gettext("Please name at least one person. If there is nobody at all, write to us below.")
            found.append((f"{self.people[0]['place'].auto_id}_0", words))
        return found

    def _needs_reason(self) -> bool:
        return self.agreement.is_bound and any(person.is_left_empty for person in self.people)

    # --- saving -------------------------------------------------------------------------------------

    def kept(self, sent: Mapping[str, str]) -> dict[str, str]:
        """Of what was sent, that which belongs to the fields here: right or wrong, as it was typed."""
        names = [field.html_name for form in self.forms for field in form]
        return {name: text for name in names if (text := sent.get(name, "").replace("\0", ""))}

    def hints(self) -> Iterator[tuple[str, str]]:
        """The id of each place for a hint, and what stands in it now, mostly nothing."""
        for person in self.people:
            for name, words in person.hints().items():
                yield f"{person[name].auto_id}_hint", "" if person.is_left_empty else words

    # --- too late -----------------------------------------------------------------------------------

    def unsent(self, sent: Mapping[str, str]) -> list[tuple[str, list[tuple[str, str]]]]:
        """What was typed of people who are not named in the check: their heading, and each field with its text."""
        form = Naming(self.check, draft=self.kept(sent))
        rows = self.check.references.values_list("name", "email")
        known = {(folded(name), mailbox(email)) for name, email in rows}
        people: list[PublicForm] = [
            person for person in form.people if not person.is_left_empty and _as_known(person) not in known
        ]
        if self.check.fewer_because.split() != sent.get("fewer_because", "").split():
            people.append(form.fewer)
        return [(str(one.legend), typed) for one in people if (typed := one.typed())]


def _as_known(person: PersonForm) -> tuple[str, str]:
    return folded(str(person["name"].value() or "")), mailbox(str(person["email"].value() or ""))


def _legend(position: int, many: int) -> str | Promise:
    if many <= len(ORDINALS):
        return ORDINALS[position - 1]
    return gettext("Reference %(number)d") % {"number": position}
