import hashlib
from typing import Any

from django.db import migrations


def digest(apps: Any, schema_editor: Any) -> None:
    for connection in apps.get_model(
        "integrations", "Connection"
    ).objects.all():  # an encrypted column cannot be searched
        if connection.api_key:
            connection.key_digest = hashlib.sha256(connection.api_key.encode()).hexdigest()
            connection.save(update_fields=["key_digest"])


class Migration(migrations.Migration):
    dependencies = [("integrations", "0003_connect_in_two_ways")]

    operations = [migrations.RunPython(digest, migrations.RunPython.noop)]
