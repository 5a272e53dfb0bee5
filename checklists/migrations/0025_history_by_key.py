"""The history of verdicts keeps each verdict by its key: one put between two others moves nothing that is kept."""

from django.db import migrations, models

# As they stood, worst first: a row held the place in this list.
KEYS = ("unacceptable", "transition_only", "conditional", "acceptable", "sovereign")


def name(apps, schema_editor):
    changes = apps.get_model("checklists", "VerdictChange").objects.using(schema_editor.connection.alias)
    for place, key in enumerate(KEYS):
        changes.filter(place=place).update(verdict=key)


def number(apps, schema_editor):
    changes = apps.get_model("checklists", "VerdictChange").objects.using(schema_editor.connection.alias)
    for place, key in enumerate(KEYS):
        changes.filter(verdict=key).update(place=place)


class Migration(migrations.Migration):

    dependencies = [
        ("checklists", "0024_api_tokens"),
    ]

    operations = [
        migrations.RenameField("verdictchange", "verdict", "place"),
        migrations.AddField(
            "verdictchange",
            "verdict",
            models.CharField(
                choices=[(key, key) for key in KEYS], max_length=20, null=True, verbose_name="verdict"
            ),
        ),
        migrations.RunPython(name, number),
        migrations.RemoveField("verdictchange", "place"),
    ]
