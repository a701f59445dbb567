"""Whoever has switched the export on before it existed meant those prospects whom they have by now, and all later."""

from typing import Any

from django.db import migrations
from django.utils import timezone


def begin(apps: Any, schema_editor: Any) -> None:
    rows, now = apps.get_model("integrations", "Connection").objects, timezone.now()
    rows.filter(exports_existing_prospects=True).update(exports_existing_since=now)
    rows.filter(exports_new_prospects=True).update(exports_new_since=now)


class Migration(migrations.Migration):
    dependencies = [("integrations", "0010_outcomes_and_prospects")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
