"""A second pair of eyes: an editor may hand a clipping to another one, who publishes it or asks for changes, by Wagtail's own workflow."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from wagtail.models import Workflow, WorkflowContentType, WorkflowTask

from content.clippings.models import Clipping, SecondEditor


@transaction.atomic
def ensure_workflow(**_signal: Any) -> None:
    """The workflow of clippings, made once; a bank that wants none switches it off, and it stays off."""
    if SecondEditor._meta.db_table not in connection.introspection.table_names() or SecondEditor.objects.exists():
        return
    task = SecondEditor.objects.create(name="Second editor", active=True)
    workflow = Workflow.objects.create(name="Second editor", active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    content_type = ContentType.objects.get_for_model(Clipping)
    WorkflowContentType.objects.update_or_create(content_type=content_type, defaults={"workflow": workflow})
