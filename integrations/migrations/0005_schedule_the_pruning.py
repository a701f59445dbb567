"""Old rows of the log go at a quiet hour, and indexes find a connection's newest rows and when it was last heard."""

from datetime import timedelta
from typing import Any

from django.db import migrations, models
from django.utils import timezone


def add(apps: Any, schema_editor: Any) -> None:
    tomorrow = timezone.now() + timedelta(days=1)
    apps.get_model("django_q", "Schedule").objects.update_or_create(
        name="prune",
        defaults={
            "func": "integrations.pruning.prune",
            "schedule_type": "D",
            "repeats": -1,
            "next_run": tomorrow.replace(hour=2, minute=40, second=0, microsecond=0),
        },
    )


def remove(apps: Any, schema_editor: Any) -> None:
    apps.get_model("django_q", "Schedule").objects.filter(name="prune").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("integrations", "0004_digest_the_keys"),
        ("django_q", "0018_task_success_index"),
    ]
    operations = [
        migrations.RemoveIndex(model_name="delivery", name="integrations_delivery_heard"),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["connection", "webhook", "source", "-id", "event"], name="integrations_delivery_heard"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(fields=["connection", "-id"], name="integrations_delivery_newest"),
        ),
        migrations.AddIndex(
            model_name="action",
            index=models.Index(fields=["connection", "-id"], name="integrations_action_newest"),
        ),
        migrations.RunPython(add, remove),
    ]
