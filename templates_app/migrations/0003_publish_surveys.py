"""What was asked so far becomes the first published version of each survey."""

from typing import Any

from django.db import migrations
from django.utils import timezone

BANDS = ["Bottom half", "Upper half", "Top quarter", "Top tenth", "Top few I have ever seen"]


def publish(apps: Any, schema_editor: Any) -> None:
    survey_of, version_of = apps.get_model("templates_app", "Survey"), apps.get_model("templates_app", "SurveyVersion")
    for survey in survey_of.objects.order_by("pk").iterator():
        questions = survey.questions.order_by("position", "pk")
        if not questions.exists():
            survey_of.objects.filter(pk=survey.pk).update(version=0, has_changes=True)
            continue
        version_of.objects.create(
            survey=survey,
            number=survey.version,
            content=[_content(question) for question in questions],
            published_at=timezone.now(),
        )
        survey_of.objects.filter(pk=survey.pk).update(has_changes=False)


def _content(question: Any) -> dict[str, Any]:
    is_scale = question.kind == "scale"
    return {
        "key": question.key,
        "kind": question.kind,
        "text": question.text,
        "help": question.help,
        "competency": question.competency,
        "labels": question.labels or (BANDS if is_scale and question.look == "bands" else []),
        "look": question.look,
        "is_required": question.is_required,
        "may_be_unobserved": question.may_be_unobserved and is_scale,
        "reason_label": question.reason_label,
        "relationships": question.relationships,
    }


def count_from_one(apps: Any, schema_editor: Any) -> None:
    apps.get_model("templates_app", "Survey").objects.filter(version=0).update(version=1)


class Migration(migrations.Migration):
    dependencies = [("templates_app", "0002_workshop")]
    operations = [migrations.RunPython(publish, count_from_one)]
