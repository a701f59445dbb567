"""A delivery as Lever signs it. The signature was made with openssl, not with Vouch."""

import json

from integrations.lever.webhooks import is_signed_by, read
from tests.integrations.lever.fake import payload

WEBHOOK_KEY = "0123456789abcdef0123456789abcdef0123456789abcdef"
TOKEN = "f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a59687"
AT = 1767225661234
SIGNATURE = "1ae10b39649902a76687d50761f5bcc603690286cb671e5319baac16c3727138"


def body(**changes: object) -> bytes:
    envelope = payload("candidateStageChange") | {"signature": SIGNATURE} | changes
    return json.dumps(envelope).encode()


def is_believed(content: bytes, *keys: str) -> bool:
    return is_signed_by(read(content), keys or [WEBHOOK_KEY])
