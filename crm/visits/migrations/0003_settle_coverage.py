"""Finds out of which companies no other centre has visits; nobody logs one while this runs."""

from typing import Any

from django.db import migrations
from django.db.models import Exists, OuterRef


def settle(apps: Any, _editor: Any) -> None:
    visits = apps.get_model("visits", "Visit").objects.order_by()
    elsewhere = visits.filter(company_id=OuterRef("company_id")).exclude(centre_id=OuterRef("centre_id"))
    coverage = apps.get_model("companies", "Coverage").objects
    coverage.filter(~Exists(elsewhere), to_at=None, centre__isnull=False).update(visited_elsewhere=False)


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_visits_of_kind")]

    operations = [migrations.RunPython(settle, migrations.RunPython.noop)]
