"""The shape beside each state of a connection and of its work, as the design shows states."""

from integrations.models import Action, Connection, Delivery

CONNECTION_SHAPES: dict[str, str] = {
    Connection.Status.INCOMPLETE: "warn",
    Connection.Status.ACTIVE: "done",
    Connection.Status.FAILING: "bad",
    Connection.Status.DISABLED: "stopped",
}
DELIVERY_SHAPES: dict[str, str] = {
    Delivery.State.WAITING: "moving",
    Delivery.State.DONE: "done",
    Delivery.State.IGNORED: "stopped",
    Delivery.State.FAILED: "bad",
}
ACTION_SHAPES: dict[str, str] = {
    Action.State.WAITING: "moving",
    Action.State.DONE: "done",
    Action.State.SUPERSEDED: "stopped",
    Action.State.FAILED: "bad",
}
