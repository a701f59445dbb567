import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_privacy_and_signing_in"),
        ("checks", "0007_name_the_edition"),
        ("notifications", "0004_index_returned_mails"),
        ("templates_app", "0005_confidentiality"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("word", models.BinaryField(max_length=160)),
            ],
        ),
        migrations.AddField(
            model_name="check",
            name="consent_language",
            field=models.CharField(blank=True, max_length=5),
        ),
        migrations.AddField(
            model_name="reference",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="check",
            name="reopened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(fields=["owner_email"], name="checks_check_by_owner"),
        ),
        migrations.AddIndex(
            model_name="check",
            index=models.Index(
                condition=models.Q(("status__in", ("completed", "expired"))),
                fields=["organization", "-ended_at"],
                name="checks_check_ended",
            ),
        ),
        migrations.AddField(
            model_name="searchword",
            name="for_check",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="words", to="checks.check"
            ),
        ),
        migrations.AddField(
            model_name="searchword",
            name="organization",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddConstraint(
            model_name="searchword",
            constraint=models.UniqueConstraint(
                fields=("organization", "word", "for_check"), name="checks_searchword_once"
            ),
        ),
    ]
