"""What a save of the connection's page has changed, in words, and what may be amiss with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from integrations.models import Connection, Webhook

# A field of the form -> what its change means now.
SAID: dict[str, Callable[[Connection], str]] = {
    "new_api_key": lambda row: _("a new API token, which ends in %(it)s") % {"it": row.api_key_hint},
    "environment": lambda row: _("the environment is now “%(it)s”") % {"it": row.get_environment_display()},
    "stage_id": lambda row: _("the stage is now “%(it)s”") % {"it": row.stage_name},
    "perform_as_id": lambda row: _("Vouch now writes as %(it)s") % {"it": row.perform_as_name},
    "tag_prefix": lambda row: _("tags now begin with “%(it)s”") % {"it": row.tag_prefix},
    "starts_after_completion": lambda row: (
        _("whoever comes to the stage again after a completed check gets another one")
        if row.starts_after_completion
        else _("whoever comes to the stage again after a completed check gets no other one")
    ),
    "attaches_pdf": lambda row: (
        _("completed reports are to be attached in Lever as a PDF")
        if row.attaches_pdf
        else _("completed reports are not to be attached in Lever")
    ),
    "outcome_writes": lambda row: (
        _("when somebody says how it ended, the opportunity is to be archived")
        if row.outcome_writes == Connection.OutcomeWrites.ARCHIVE
        else _("when somebody says how it ended, a tag and a note are to be written and nothing is archived")
    ),
    "hired_reason_id": lambda row: _("who is hired is to be archived as “%(it)s”") % {"it": row.hired_reason_name},
    "not_hired_reason_id": lambda row: (
        _("who is not hired is to be archived as “%(it)s”") % {"it": row.not_hired_reason_name}
    ),
    "exports_existing_prospects": lambda row: (
        _("the prospects whom you have are to be exported")
        if row.exports_existing_prospects
        else _("the prospects whom you have are not to be exported")
    ),
    "exports_new_prospects": lambda row: (
        _("new prospects are to be exported as they come")
        if row.exports_new_prospects
        else _("new prospects are not to be exported")
    ),
}


def in_words(connection: Connection, fields: Iterable[str], tokens: Iterable[str]) -> str:
    """One sentence about what was saved: `fields` of the form, and webhooks that got a new signature token."""
    said = [SAID[name](connection) for name in fields]
    said += [_("a new signature token for %(it)s") % {"it": Webhook(webhook).label} for webhook in tokens]
    return _("Saved: %(changes)s.") % {"changes": "; ".join(said)} if said else _("Nothing was changed.")


def same_key(connection: Connection) -> Iterator[str]:
    """Allowed, as two organizations may hire in one Lever account. Never says whose the other connection is."""
    others = Connection.objects.exclude(pk=connection.pk).exclude(key_digest="")
    if others.filter(key_digest=connection.key_digest).exists():
        yield _(
            "Another connection on this installation has the same key. Both share Lever’s rate limit, and both write "
            "on the same candidates. Make a key of its own for this one in Lever."
        )


def same_tokens(tokens: Mapping[str, str], entered: Iterable[str]) -> Iterator[str]:
    """About webhooks whose token was entered just now; `tokens` are all that there are."""
    groups = {frozenset((webhook, *alike)) for webhook in entered if (alike := twins(tokens, webhook))}
    for group in groups:
        names = [f"“{each.label}”" for each in Webhook if each in group]
        yield _("%(names)s have the same token. In Lever each address has its own.") % {"names": ", ".join(names)}


def twins(tokens: Mapping[str, str], webhook: str) -> list[Webhook]:
    """The other webhooks that have the same token; Lever makes one for each address."""
    token = tokens.get(webhook)
    return [other for other in Webhook if token and other != webhook and tokens.get(other) == token]
