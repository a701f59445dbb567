"""The queue's own timetable: a sweep every minute, whichever process runs the queue."""

from typing import Any

from django.db import migrations


def add(apps: Any, schema_editor: Any) -> None:
    schedules = apps.get_model("django_q", "Schedule")
    schedules.objects.update_or_create(
        name="sweep",
        defaults={"func": "integrations.tasks.sweep", "schedule_type": "I", "minutes": 1, "repeats": -1},
    )


def remove(apps: Any, schema_editor: Any) -> None:
    apps.get_model("django_q", "Schedule").objects.filter(name="sweep").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0001_initial"),
        ("django_q", "0018_task_success_index"),
    ]
    operations = [migrations.RunPython(add, remove)]
