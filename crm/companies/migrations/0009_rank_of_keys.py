"""Tells of the search keys that are there which of them begin in the middle of a name."""

from collections import defaultdict
from itertools import islice

from django.db import migrations

from crm.kernel.names.keys import KEY_LENGTH, LATER, search_keys

CHUNK = 500


def rank(apps, schema_editor):
    company, name, key = (apps.get_model("companies", model) for model in ("Company", "CompanyName", "SearchKey"))
    shown = company.objects.order_by("pk").values_list("pk", "name_en", "name_zh").iterator()
    while chunk := list(islice(shown, CHUNK)):
        names = defaultdict(set, {pk: set(both) for pk, *both in chunk})
        for pk, text in name.objects.filter(company__in=names).values_list("company", "text"):
            names[pk].add(text)
        later = {pk: _later(held) for pk, held in names.items()}
        of_chunk = key.objects.filter(company__in=names).values_list("pk", "company", "key")
        key.objects.filter(pk__in=[pk for pk, owner, text in of_chunk if text in later[owner]]).update(rank=1)


def _later(names):
    keys = [(kind in LATER, key[:KEY_LENGTH]) for name in names for kind, key in search_keys(name)]
    return {key for is_later, key in keys if is_later} - {key for is_later, key in keys if not is_later}


class Migration(migrations.Migration):
    dependencies = [("companies", "0008_key_order")]
    operations = [migrations.RunPython(rank, migrations.RunPython.noop, elidable=True)]
