import hashlib
from contextlib import suppress
from typing import Any

from django.db import migrations

from accounts.encryption import DecryptionError


def digest(apps: Any, schema_editor: Any) -> None:
    """Row by row: an encrypted column cannot be searched, and a key that is lost must not keep anybody from upgrading."""
    rows = apps.get_model("integrations", "Connection").objects
    for pk in rows.values_list("pk", flat=True):
        with suppress(DecryptionError):  # its digest comes with the key that is entered in its place
            connection = rows.get(pk=pk)
            if connection.api_key:
                connection.key_digest = hashlib.sha256(connection.api_key.encode()).hexdigest()
                connection.save(update_fields=["key_digest"])


class Migration(migrations.Migration):
    dependencies = [("integrations", "0003_connect_in_two_ways")]

    operations = [migrations.RunPython(digest, migrations.RunPython.noop)]
