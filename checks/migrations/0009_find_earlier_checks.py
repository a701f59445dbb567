from itertools import islice
from typing import Any

from django.db import migrations
from django.db.models.functions import Lower

from checks.searching import words_of

BATCH = 2_000


def find_by_words(apps: Any, schema_editor: Any) -> None:
    """Checks that began before are found as well."""
    checks, words = (apps.get_model("checks", name).objects for name in ("Check", "SearchWord"))
    named = checks.filter(erased_at=None).values_list("pk", "organization_id", "candidate_name", "position")
    rows = (
        words.model(for_check_id=pk, organization_id=organization, word=word.encode())
        for pk, organization, name, position in named.iterator(chunk_size=BATCH)
        for word in words_of(name, position)
    )
    while batch := list(islice(rows, BATCH)):
        words.bulk_create(batch, ignore_conflicts=True)


def small_letters(apps: Any, schema_editor: Any) -> None:
    """An owner's address is compared as it stands."""
    apps.get_model("checks", "Check").objects.exclude(owner_email="").update(owner_email=Lower("owner_email"))


class Migration(migrations.Migration):
    dependencies = [("checks", "0008_find_by_words")]

    operations = [
        migrations.RunPython(find_by_words, migrations.RunPython.noop),
        migrations.RunPython(small_letters, migrations.RunPython.noop),
    ]
