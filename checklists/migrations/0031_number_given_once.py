"""A plan knows the highest number it ever gave to a step."""

from django.db import migrations, models
from django.db.models import Max


def fill_in(apps, schema_editor):
    plans = apps.get_model("checklists", "TransitionPlan").objects
    for plan in plans.annotate(highest=Max("steps__number")).exclude(highest=None):
        plans.filter(pk=plan.pk).update(last_number=plan.highest)


class Migration(migrations.Migration):
    dependencies = [("checklists", "0030_words_of_the_glossary")]

    operations = [
        migrations.AddField(
            model_name="transitionplan",
            name="last_number",
            field=models.PositiveIntegerField(default=0, verbose_name="last number given"),
        ),
        migrations.RunPython(fill_in, migrations.RunPython.noop),
    ]
