from typing import Any

from django.db import migrations


def name_the_edition(apps: Any, schema_editor: Any) -> None:
    """Checks that began before know the edition of their survey by its numbers only."""
    Check = apps.get_model("checks", "Check")
    versions = apps.get_model("templates_app", "SurveyVersion").objects
    known = {(survey, number): pk for pk, survey, number in versions.values_list("pk", "survey_id", "number")}
    for pk, frozen in Check.objects.values_list("pk", "frozen_template").iterator(chunk_size=500):
        edition = known.get((frozen.get("survey_id"), frozen.get("survey_version")))
        if edition:
            Check.objects.filter(pk=pk).update(survey_version=edition)


class Migration(migrations.Migration):
    dependencies = [("checks", "0006_rights_signals_and_shares"), ("templates_app", "0005_confidentiality")]

    operations = [migrations.RunPython(name_the_edition, migrations.RunPython.noop)]
