
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('checklists', '0011_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Branding',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='branding', serialize=False, to='checklists.organisation')),
                ('address', models.TextField(blank=True, max_length=500, verbose_name='postal address')),
                ('logo', models.BinaryField(blank=True, default=bytes, verbose_name='logo')),
            ],
            options={
                'verbose_name': 'letterhead',
                'verbose_name_plural': 'letterheads',
            },
        ),
    ]
