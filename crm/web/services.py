"""Operations on the toolkit's own rows: saved views, and stopping a job."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.jobs import Job, JobState
from crm.web.choices import PLACE_PARAMETERS
from crm.web.models import QUERY_LENGTH, SavedView

MAX_VIEWS = 50
NOT_YOURS = _("Only the person who made a view can change or remove it.")


def _check_shared(actor: Any, unit_id: int | None) -> None:
    if unit_id is not None and unit_id not in {post.unit_id for post in actor.actor.posts}:
        raise NotAllowed(_("You can share a view with your own units only."))


@transaction.atomic
def save_view(*, actor: Any, list_name: str, title: str, query: str, unit_id: int | None = None, is_default: bool = False) -> SavedView:
    """Keep a list's query string under a name; the same name again replaces it.

    `unit_id` shares it with a unit in which the actor holds a post (else NotAllowed). `is_default` opens the list with it. RuleBroken
    for more than 50 views of a list.
    """
    _check_shared(actor, unit_id)
    kept = parse_qsl(query, keep_blank_values=False)
    cleaned = urlencode([(name, value) for name, value in kept if name not in PLACE_PARAMETERS])
    mine = SavedView.objects.filter(owner_id=actor.pk, list_name=list_name)
    if len(cleaned) > QUERY_LENGTH:
        raise RuleBroken(_("These filters are too long to be kept as a view."))
    if mine.exclude(title=title).count() >= MAX_VIEWS:
        raise RuleBroken(_("You have %(count)s views of this list. Remove one first.") % {"count": MAX_VIEWS})
    if is_default:
        _open_no_other(mine)
    kept_as = {"query": cleaned, "team_id": unit_id, "is_default": is_default}
    view, _made = SavedView.objects.update_or_create(
        owner_id=actor.pk, list_name=list_name, title=title, defaults=kept_as | {"version": F("version") + 1}, create_defaults=kept_as
    )
    return view


def _open_no_other(views: QuerySet[SavedView]) -> None:
    views.filter(is_default=True).update(is_default=False, version=F("version") + 1)


@transaction.atomic
def change_view(
    *, actor: Any, view_id: int, version: int | None, title: str, unit_id: int | None = None, is_default: bool = False
) -> SavedView:
    """Rename one's own view, share it otherwise, or have the list open with it or not; its filters stay.

    SavedView.DoesNotExist where it is hidden, NotAllowed where it is another person's or the unit is not the actor's (a unit that it is
    shared with already may stay); StaleVersion where `version` is not the one kept; RuleBroken where another view of the list has the name.
    """
    view = SavedView.objects.visible_to(actor).select_for_update(of=("self",)).get(pk=view_id)
    if view.owner_id != actor.pk:
        raise NotAllowed(NOT_YOURS)
    view.claim(version or 0, shown={"title": "title", "unit_id": "team_id", "is_default": "is_default"})
    if unit_id != view.team_id:
        _check_shared(actor, unit_id)
    others = SavedView.objects.filter(owner_id=actor.pk, list_name=view.list_name).exclude(pk=view.pk)
    if others.filter(title=title).exists():
        taken = _("Another of your views of this list has this name.")
        raise RuleBroken(taken, fields={"title": taken})
    if is_default:
        _open_no_other(others)
    view.title, view.team_id, view.is_default = title, unit_id, is_default
    if not view.hand_back():
        view.save(update_fields=["title", "team", "is_default", "version"])
    return view


@transaction.atomic
def remove_view(*, actor: Any, view_id: int) -> None:
    """Remove one's own view. SavedView.DoesNotExist where it is hidden, NotAllowed where it is another person's."""
    view = SavedView.objects.visible_to(actor).get(pk=view_id)
    if view.owner_id != actor.pk:
        raise NotAllowed(NOT_YOURS)
    view.delete()


@transaction.atomic
def cancel_job(*, actor: Any, job_id: int, now: dt.datetime) -> Job:
    """Stop one's own job that has not begun. Job.DoesNotExist where it is not one's own, InvalidTransition where it has begun."""
    job = Job.objects.visible_to(actor).get(pk=job_id)
    stopped = Job.objects.filter(pk=job.pk, state=JobState.QUEUED).update(state=JobState.CANCELLED, finished_at=now)
    if not stopped:
        raise InvalidTransition(_("This has begun already and runs to its end."))
    job.refresh_from_db()
    return job
