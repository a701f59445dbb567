"""Signs payloads as Lever does."""

import json
import secrets
from pathlib import Path
from typing import Any

from integrations.lever.webhooks import signature
from integrations.models import Connection, Webhook
from tests.factories import TOKEN

PAYLOADS = Path(__file__).parent.parent / "payloads" / "lever"


def payload(event: str, **data: Any) -> dict[str, Any]:
    """A captured delivery, with parts of its `data` replaced."""
    body: dict[str, Any] = json.loads((PAYLOADS / f"{event}.json").read_text())
    body["data"] |= data
    return body


def signed(body: dict[str, Any], key: str = f"{TOKEN}-stage-change") -> dict[str, Any]:
    """With a token of its own, and the signature over it."""
    token = body.get("token") if body.get("token") and "signature" in body else secrets.token_hex(24)
    triggered_at = body.get("triggeredAt", 1_790_000_000_000)
    return {
        **body,
        "token": token,
        "triggeredAt": triggered_at,
        "signature": signature(str(token), triggered_at, key),
    }


def address(connection: Connection, webhook: str = Webhook.STAGE_CHANGE) -> str:
    return f"/webhooks/lever/{connection.uuid}/{webhook}/"
