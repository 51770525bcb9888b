# SPDX-License-Identifier: MIT
import django.db.models.deletion
from django.db import migrations, models

from onecouncil.payments import guard


def seal_what_is_posted(apps, schema_editor):
    """Entries from before the guard get their seals."""
    entries, seals = apps.get_model("payments", "LedgerEntry"), apps.get_model("payments", "LedgerSeal")
    keys = entries.objects.values_list("key", flat=True).iterator(chunk_size=2000)
    seals.objects.bulk_create((seals(key=key) for key in keys), batch_size=2000)


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="LedgerSeal",
            fields=[("key", models.CharField(max_length=120, primary_key=True, serialize=False))],
            options={"db_table": "payments_ledger_seal"},
        ),
        migrations.RunPython(seal_what_is_posted, migrations.RunPython.noop),
        migrations.RenameField("ledgerentry", "key", "seal"),
        migrations.AlterField(
            "ledgerentry",
            "seal",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="entry", to="payments.ledgerseal"
            ),
        ),
        migrations.AlterField(
            "ledgerentry",
            "bill",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ledger_entries",
                to="payments.bill",
            ),
        ),
        migrations.RunPython(guard.install_in_migration, guard.remove_in_migration),
    ]
