"""Who may go to Lever, who is there already, and what is at fault when Lever refuses."""

from collections.abc import Callable, Iterator, Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from integrations.lever.client import Lever
from integrations.lever.errors import LeverError
from integrations.lever.objects import NewOpportunity, Opportunity
from integrations.models import Connection
from prospects import marks
from prospects.models import Errand, Prospect


class NotToBeSent(Exception):
    """Vouch does not send this person to Lever; the text says why, in words for the desk."""


def ready(prospect: Prospect, connection: Connection) -> None:
    """What can be known without asking Lever."""
    if not connection.perform_as_id:
        raise NotToBeSent(_("The connection does not say in whose name Vouch writes in Lever."))
    if not prospect.email:
        raise NotToBeSent(_("There is no e-mail address, and without one Lever cannot tell who this is."))
    try:
        validate_email(prospect.email)
    except ValidationError:
        raise NotToBeSent(_("The e-mail address is not a valid one.")) from None


def made_by_us(prospect: Prospect, there: Sequence[Opportunity], prefix: str) -> Opportunity | None:
    """The opportunity that Vouch made for this prospect. Our link says who it is; Lever shows it on all that they
    have, so one of our tags says which.
    """
    link, tags = marks.link_of(prospect), {marks.tag_of(prefix), *marks.farewells(prefix)}
    return next((each for each in there if link in each.links and not tags.isdisjoint(each.tags)), None)


def the_one(there: Sequence[Opportunity]) -> Opportunity:
    """The opportunity by which Lever knows the person, one that is not archived if there is any."""
    if any(each.is_anonymized for each in there):
        raise NotToBeSent(
            _("In Lever this person was anonymized. Lever makes nothing new for them; somebody has to decide there.")
        )
    if len({each.contact_id for each in there}) > 1:
        raise NotToBeSent(
            _("Lever knows more than one person with this e-mail address. Somebody has to decide who it is.")
        )
    return min(there, key=lambda each: each.is_archived)


def new_opportunity(errand: Errand) -> NewOpportunity:
    """Whoever has no name goes by the beginning of their address."""
    prospect, settings = errand.prospect, errand.prospect.organization.prospect_settings
    tags = [marks.tag_of(errand.connection.tag_prefix), *(tag.strip() for tag in settings.tags.split(","))]
    return NewOpportunity(
        name=prospect.name.strip() or prospect.email.partition("@")[0],
        email=prospect.email,
        phone=prospect.phone,
        headline=", ".join(filter(None, (prospect.title.strip(), prospect.company.strip()))),
        source=settings.source.strip(),
        tags=tuple(dict.fromkeys(filter(None, tags))),
        links=(marks.link_of(prospect),),
        posting_id=settings.posting_id,
        stage_id=settings.stage_id,
    )


def the_setting(account: Lever, errand: Errand, error: LeverError) -> str:
    """Which of our settings Lever does not take any more, in words; "" when it is none of them, or cannot be asked.

    Lever's messages differ and may change; whether something is there can be asked.
    """
    if errand.kind != Errand.Kind.EXPORT:
        return ""
    try:
        found = next((words for words, is_there in _settings(account, errand) if not is_there()), "")
    except LeverError:
        return ""
    return f"{found} ({error.message})" if found and error.message else found


def _settings(account: Lever, errand: Errand) -> Iterator[tuple[str, Callable[[], bool]]]:
    chosen, connection = errand.prospect.organization.prospect_settings, errand.connection
    if chosen.posting_id:
        words = _(
            "Lever does not take anybody for the job “%(name)s”: it is closed or gone, or confidential and hidden "
            "from this API key. Choose another one in the settings for prospects."
        )
        yield words % {"name": chosen.posting_name}, lambda: _is_open(account, chosen.posting_id)
    if chosen.stage_id:
        words = _("The stage “%(name)s” is not in Lever any more. Choose another one in the settings for prospects.")
        yield words % {"name": chosen.stage_name}, lambda: chosen.stage_id in [each.id for each in account.stages()]
    words = _("%(name)s, in whose name Vouch writes, cannot act in Lever any more. Choose somebody else.")
    yield words % {"name": connection.perform_as_name}, lambda: _is_active(account, connection.perform_as_id)


def _is_open(account: Lever, posting_id: str) -> bool:
    try:
        return account.posting(posting_id).state != "closed"
    except LeverError as error:
        if error.permanent:
            return False
        raise


def _is_active(account: Lever, user_id: str) -> bool:
    try:
        return account.user(user_id).is_active
    except LeverError as error:
        if error.permanent:
            return False
        raise
