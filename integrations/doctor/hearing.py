"""Lines about the webhooks: whether Lever is heard at each address, by what has come there and what was refused."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.doctor import troubles
from integrations.doctor.lines import Finding, Remedy, ago, broken, in_the_list, left_open, look, on_the_page, well
from integrations.forms import token_name
from integrations.listed_hooks import EVENTS
from integrations.models import Connection, Decision, Delivery, Refusal, Webhook

WEEK = timedelta(days=6)


def heard(connection: Connection, now: datetime, webhook: str) -> Finding:
    """One webhook. The first thing that is amiss is told; what came last says the rest."""
    rows = Delivery.objects.filter(connection=connection, webhook=webhook)
    last = troubles.heard(rows).defer("body").order_by("-pk").first()
    refusal = Refusal.objects.filter(connection=connection, webhook=webhook).first()
    if not connection.webhook_tokens.good_at(now).filter(webhook=webhook).exists():
        return _without_token(connection, webhook, refusal)
    if refusal and (last is None or refusal.last_at > last.created_at):
        return broken(_refused(refusal, last, now), _to_token(connection, webhook))
    if last and last.decision == Decision.WRONG_ADDRESS:
        return _misplaced(connection, webhook, last)
    if webhook == Webhook.STAGE_CHANGE and (silence := _silence(connection, last, now)):
        return silence
    return _came(webhook, last, now) if last else _not_yet(connection, webhook)


def _without_token(connection: Connection, webhook: str, refusal: Refusal | None) -> Finding:
    if webhook == Webhook.STAGE_CHANGE:
        sentence = _("No signature token is stored, so every event is refused. Copy the token from Lever.")
        return broken(sentence, _to_token(connection, webhook))
    if refusal:
        sentence = _("Lever sends events here, and they are refused: no signature token is stored. Copy it from Lever.")
        return look(sentence, _to_token(connection, webhook))
    return left_open(_("No signature token is stored, so Vouch does without this event."))


def _refused(refusal: Refusal, last: Delivery | None, now: datetime) -> str:
    cure = _("The signature does not match the token stored here. Copy the token from Lever again.")
    if last and last.created_at > refusal.first_at:  # counted from before the last good one
        return _("The last request was refused %(ago)s. %(cure)s") % {"ago": ago(refusal.last_at, now), "cure": cure}
    day = date_format(timezone.localtime(refusal.first_at), "l" if now - refusal.first_at < WEEK else "DATE_FORMAT")
    said = ngettext(
        "%(count)d request was refused on %(day)s.", "%(count)d requests were refused since %(day)s.", refusal.count
    )
    return f"{said % {'count': refusal.count, 'day': day}} {cure}"


def _misplaced(connection: Connection, webhook: str, last: Delivery) -> Finding:
    words = {"event": last.event, "switch": EVENTS[webhook].switch}
    return broken(
        _(
            "This address is pasted at the wrong event: %(event)s came here last. In Lever, paste it under "
            "“%(switch)s”, and its token here."
        )
        % words,
        on_the_page(_("See the addresses"), connection, f"url-{webhook}"),
    )


def _silence(connection: Connection, last: Delivery | None, now: datetime) -> Finding | None:
    """Candidates came to the stage, and Lever did not tell."""
    if not troubles.missed(connection, now):
        return None
    remedy = in_the_list(_("See who was found"), "integrations_delivery", "source=found")
    if troubles.unheard(Connection.objects.filter(pk=connection.pk), now).exists():
        return broken(unheard_words(), remedy)
    sentence = _(
        "Candidates came to the stage and Lever did not tell; Vouch found them by asking. That is well if Vouch itself "
        "was down; if it happens again, look at the webhook in Lever."
    )
    return look(sentence, remedy)


def unheard_words() -> str:
    return _(
        "Candidates come to the stage and Lever does not tell; Vouch finds them by asking every ten minutes, so "
        "none is lost. In Lever, under Webhooks, see that “%(switch)s” is switched on and holds the address."
    ) % {"switch": EVENTS[Webhook.STAGE_CHANGE].switch}


def _came(webhook: str, last: Delivery, now: datetime) -> Finding:
    words = {"ago": ago(last.created_at, now)}
    if last.decision == Decision.TEST:
        return well(_("Lever’s own test arrived %(ago)s, with a good signature.") % words)
    return well(_("The last event came %(ago)s, with a good signature.") % words)


def _not_yet(connection: Connection, webhook: str) -> Finding:
    """Most accounts move candidates every day; hires and deletions may be rare."""
    if webhook == Webhook.STAGE_CHANGE:
        sentence = _("Nothing has come yet. In Lever, press Verify connection beside the webhook: the test shows here.")
        return look(sentence, on_the_page(_("See the address"), connection, f"url-{webhook}"))
    return left_open(_("Nothing has come yet. Perhaps nothing happened; Verify connection in Lever tells."))


def _to_token(connection: Connection, webhook: str) -> Remedy:
    return on_the_page(_("Enter the token"), connection, f"id_{token_name(webhook)}")
