"""Who applies for what, as Lever tells it, in the words that a check is begun with."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from checks.candidacy import Candidacy
from checks.models import Check, Follower
from checks.outcome_people import Asked
from integrations.lever.client import Lever
from integrations.lever.errors import NOT_TO_BE_HAD, Kind, LeverError
from integrations.lever.objects import Opportunity, Person, Posting
from notifications.addresses import LONGEST_ADDRESS
from notifications.phones import e164


def posting_of(account: Lever, opportunity: Opportunity) -> Posting | None:
    """The job, if there is one and the key may see it; its tags are among the opportunity's, too."""
    posting_id = opportunity.application.posting_id if opportunity.application else None
    if not posting_id:
        return None
    try:
        return account.posting(posting_id)
    except LeverError as error:
        if error.kind in (Kind.FORBIDDEN, Kind.NOT_FOUND):
            return None
        raise


def tags_of(opportunity: Opportunity, posting: Posting | None) -> tuple[str, ...]:
    """What the templates' tags are compared with."""
    return (*(posting.tags if posting else ()), *opportunity.tags)


def candidacy(opportunity: Opportunity, posting: Posting | None) -> Candidacy:
    owner = opportunity.owner
    return Candidacy(
        opportunity_id=opportunity.id,
        contact_id=opportunity.contact_id or "",
        candidate_name=_line(opportunity.name),
        candidate_email=_address(opportunity.emails),
        candidate_phone=_number(opportunity.phones),
        position=_line(posting.title) if posting else "",
        posting_id=posting.id if posting else "",
        url=opportunity.url,
        entered_at_ms=opportunity.stage_entered_at_ms,
        may_contact=opportunity.may_contact,
        owner_name=_line(owner.name) if owner else "",
        owner_email=_address((owner.email,)) if owner else "",
        followers=tuple(filter(None, (_address((each.email,)) for each in opportunity.followers))),
    )


def with_followers(account: Lever, opportunity: Opportunity) -> Opportunity:
    """The opportunity with the addresses of who follows it: where Lever names ids only, those are looked up.

    A key that may not read the account's people leaves us without; then only the owner is known.
    """
    unknown = {each.id for each in opportunity.followers if not each.email}
    if not unknown:
        return opportunity
    try:
        people = {each.id: each for each in account.users() if each.id in unknown}
    except LeverError as error:
        if error.kind not in NOT_TO_BE_HAD:
            raise
        people = {}
    return replace(opportunity, followers=tuple(people.get(each.id, each) for each in opportunity.followers))


def keep_followers(organization_id: int, opportunity: Opportunity) -> None:
    """Lever was asked about it anew: those who follow it now see its checks, and nobody else by following."""
    followers = candidacy(opportunity, None).followers
    for check in Check.objects.filter(organization=organization_id).of(opportunity.id).not_erased():
        Follower.keep(check, followers)


def whom_to_ask(account: Lever, opportunity: Opportunity) -> Iterator[Asked]:
    """Who can say how it ended, best first: its owner, who owns the job, who hires for it. Only those who work there
    today and have an address. Each is looked up when the one before is no use.
    """
    owner = opportunity.owner
    for role, user_id in _responsible(account, opportunity):
        is_known = owner and owner.id == user_id and owner.email
        person = owner if is_known else _user(account, user_id) if user_id else None
        if person and person.is_active and (email := _address((person.email,))):
            yield Asked(_line(person.name), email, role)


def _responsible(account: Lever, opportunity: Opportunity) -> Iterator[tuple[str, str | None]]:
    """As ids. Those of the job stand on its posting; where the key may not see that, on the application."""
    if opportunity.owner:
        yield "owner", opportunity.owner.id
    if application := opportunity.application:
        posting = posting_of(account, opportunity)
        yield "posting-owner", posting.owner_id if posting else application.posting_owner_id
        yield "hiring-manager", posting.hiring_manager_id if posting else application.hiring_manager_id


def _user(account: Lever, user_id: str) -> Person | None:
    try:
        return account.user(user_id)
    except LeverError as error:
        if error.kind not in NOT_TO_BE_HAD:
            raise
        return None


def _address(candidates: tuple[str, ...]) -> str:
    """The first address that a mail can be sent to; Lever's are typed by people."""
    return next(filter(_is_address, (candidate.strip() for candidate in candidates)), "")


def _number(candidates: tuple[str, ...]) -> str:
    """The first number that can be dialled from anywhere, in E.164. One without its country is nobody's we know."""
    for candidate in candidates:
        with suppress(ValueError):
            return e164(candidate)
    return ""


def _is_address(text: str) -> bool:
    with suppress(ValidationError):
        validate_email(text)
        return len(text) <= LONGEST_ADDRESS  # Django's own limit is 320
    return False


def _line(text: str) -> str:
    """One line: a name with a line break in it would be refused as the header of a mail."""
    return " ".join(text.split())
