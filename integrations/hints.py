"""What a delivery says of itself. Its signature covers none of it, so it is a hint of what to ask Lever about."""

from datetime import UTC, datetime

from integrations import reasons
from integrations.lever import webhooks
from integrations.models import Delivery, Webhook
from integrations.reasons import NothingToDo

OUR_TEST = "vouch.test"  # the event's name in a test that the doctor sends to ourselves; its data is empty

# Which event belongs at which address. The others go nowhere.
ADDRESSES: dict[type[webhooks.Event], Webhook] = {
    webhooks.StageChanged: Webhook.STAGE_CHANGE,
    webhooks.Hired: Webhook.HIRED,
    webhooks.Archived: Webhook.ARCHIVED,
    webhooks.Deleted: Webhook.DELETED,
    webhooks.Applied: Webhook.APPLIED,
}
OF_OUR_OWN = (Delivery.Source.RECONCILIATION, Delivery.Source.DESK, Delivery.Source.OUTCOME)  # without a body
READ = ("source", "event", "opportunity_id", "triggered_at")


def read(delivery: Delivery) -> webhooks.Event | None:
    """Take from the body what its columns hold; None for what we wrote ourselves, with nothing to read."""
    if delivery.source in OF_OUR_OWN:
        return None
    if not delivery.body:
        raise NothingToDo(reasons.FORGOTTEN)
    envelope = webhooks.read(bytes(delivery.body))
    event = webhooks.event_of(envelope)
    if isinstance(event, webhooks.Ping) and envelope.event == OUR_TEST:
        delivery.source = Delivery.Source.TEST
    delivery.event = _storable(envelope.event)[:60]
    delivery.opportunity_id = _storable(getattr(event, "opportunity_id", ""))[:100]
    delivery.triggered_at = moment(envelope.triggered_at)
    delivery.save(update_fields=READ)
    return event


def sort_out(delivery: Delivery, event: webhooks.Event) -> None:
    """NothingToDo for tests, what came to the wrong address, and what is about another stage."""
    if isinstance(event, webhooks.Ping):
        is_ours = delivery.source == Delivery.Source.TEST
        raise NothingToDo(reasons.OUR_TEST if is_ours else reasons.LEVERS_TEST)
    address = ADDRESSES.get(type(event))
    if address is None:
        raise NothingToDo(reasons.UNKNOWN, event=delivery.event or "?")
    if address != delivery.webhook:
        here = delivery.get_webhook_display()
        raise NothingToDo(reasons.WRONG_ADDRESS, event=delivery.event, here=here, there=address.label)
    if isinstance(event, webhooks.StageChanged) and _is_elsewhere(event, delivery.connection.stage_id):
        raise NothingToDo(reasons.ANOTHER_STAGE)


def _is_elsewhere(event: webhooks.StageChanged, trigger: str) -> bool:
    return bool(event.to_stage_id and trigger) and event.to_stage_id != trigger


def moment(milliseconds: int | None) -> datetime | None:
    """Lever's times are milliseconds since 1970 UTC; those that no calendar has are none."""
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds is not None else None
    except (OverflowError, ValueError, OSError):
        return None


def _storable(text: str) -> str:
    """Without what no database takes: NUL, and halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")
