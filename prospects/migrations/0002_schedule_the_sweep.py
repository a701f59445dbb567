"""Every minute: whose time is over, and what a crash left behind on the way to Lever."""

from typing import Any

from django.db import migrations


def add(apps: Any, schema_editor: Any) -> None:
    schedules = apps.get_model("django_q", "Schedule")
    schedules.objects.update_or_create(
        name="prospects",
        defaults={"func": "prospects.tasks.sweep", "schedule_type": "I", "minutes": 1, "repeats": -1},
    )


def remove(apps: Any, schema_editor: Any) -> None:
    apps.get_model("django_q", "Schedule").objects.filter(name="prospects").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("prospects", "0001_initial"),
        ("django_q", "0018_task_success_index"),
    ]
    operations = [migrations.RunPython(add, remove)]
