"""What is there when the history begins is its first entry: otherwise it could not be restored."""

from typing import Any

from django.db import migrations
from django.utils import timezone

KEPT = ("Survey", "Question", "ReferenceTemplate", "RequestedReference")


def begin(apps: Any, schema_editor: Any) -> None:
    now = timezone.now()
    for name in KEPT:
        record = apps.get_model("templates_app", f"Historical{name}")
        columns = [field.attname for field in record._meta.concrete_fields if not field.name.startswith("history_")]
        known = record.objects.values("id")
        rows = apps.get_model("templates_app", name).objects.exclude(pk__in=known).values(*columns)
        made = (record(**row, history_date=now, history_type="+") for row in rows.iterator())
        record.objects.bulk_create(made, batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("templates_app", "0003_publish_surveys")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
