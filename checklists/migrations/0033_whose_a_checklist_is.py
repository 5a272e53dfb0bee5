"""A checklist may be an organisation's."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("checklists", "0032_webhooks")]

    operations = [
        migrations.CreateModel(
            name="ChecklistOwner",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("checklist", models.CharField(max_length=64, unique=True, verbose_name="checklist")),
                ("is_for_all", models.BooleanField(default=False, verbose_name="offered to all")),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="own_checklists",
                        to="checklists.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "owner of a checklist",
                "verbose_name_plural": "owners of checklists",
                "ordering": ["checklist"],
            },
        ),
    ]
