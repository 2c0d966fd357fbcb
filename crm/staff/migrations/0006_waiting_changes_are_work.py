"""Changes of posts that wait already are put before the administrators, as those proposed from now on are."""

import datetime as dt

from django.db import migrations


def tell(apps, schema_editor):
    items = apps.get_model("kernel", "WorkItem").objects
    for change in apps.get_model("staff", "PostChange").objects.filter(state="proposed").select_related("user"):
        items.create(
            kind="post_change",
            title=change.user.name_en,
            role="ADM",
            due_at=change.created_at + dt.timedelta(days=2),
            subject_type="staff.postchange",
            subject_id=change.pk,
            created_by_id=change.proposed_by_id,
        )


def forget(apps, schema_editor):
    apps.get_model("kernel", "WorkItem").objects.filter(kind="post_change").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0005_account_events"),
        ("kernel", "0006_queues_of_the_bank"),
    ]

    operations = [migrations.RunPython(tell, forget)]
