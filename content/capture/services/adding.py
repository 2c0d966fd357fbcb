"""One clipping that somebody brings: pasted text at once; an address or a file in the background, as a job that ends at the clipping."""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from content.capture.gateways import Allow, fetch, is_public
from content.capture.guarded import UnreadableFile, read_articles
from content.capture.reading.articles import LIMITS, Refused
from content.capture.reading.files import read_pasted
from content.capture.reading.texts import language_of
from content.capture.services.importing import add_to, import_files
from content.clippings.choices import Class
from content.clippings.models import Clipping
from content.clippings.permissions import can_add_clipping
from content.clippings.services import Draft, source_named
from crm.kernel.errors import DomainError, RuleBroken
from crm.kernel.files import StoredFile
from crm.kernel.jobs import Job
from crm.kernel.outbox import enqueue

CARRY_OUT = "capture.carry_out"
JOB_KIND = "capture"


def add_pasted(
    *,
    title: str,
    text: str,
    source_name: str,
    published_at: dt.datetime | None,
    url: str = "",
    klass: str = Class.PUBLIC,
    actor: Any,
    now: dt.datetime,
) -> Clipping:
    """Add what was typed or pasted; without a headline its first line is one. An exact copy leads to the clipping that is held.

    NotAllowed; RuleBroken for an empty text and a date in the future.
    """
    can_add_clipping(user=actor).require()
    if published_at is not None and published_at > now:
        raise RuleBroken(_("The date lies in the future."), fields={"published_at": _("The date lies in the future.")})
    try:
        article = read_pasted(text or title, title=title if text else "")
    except Refused:
        raise RuleBroken(
            _("There is neither a headline nor a text."), fields={"text": _("There is neither a headline nor a text.")}
        ) from None
    draft = Draft(
        title=article.title,
        body=article.body,
        published_at=published_at or now,
        url=url,
        language=language_of(f"{article.title}\n{article.body}"),
    )
    source = source_named(source_name or _("Pasted by colleagues"), actor=actor, now=now)
    return add_to(source, [draft], actor=actor, now=now, klass=klass).rows[0]


@transaction.atomic
def bring_in(
    *, url: str = "", file_id: int | None = None, source_name: str = "", klass: str = Class.PUBLIC, actor: Any, now: dt.datetime
) -> Job:
    """Fetch an address, or read a stored file, in the background. Returns the job. NotAllowed."""
    can_add_clipping(user=actor).require()
    held = StoredFile.objects.get(pk=file_id, owner=actor) if file_id is not None else None
    title = _("Bring in %(what)s") % {"what": held.name if held is not None else url}
    params = {"url": url, "file_id": file_id, "source_name": source_name, "klass": klass}
    job = Job.objects.create(kind=JOB_KIND, title=title[:200], owner=actor, params=params)
    enqueue(CARRY_OUT, actor=actor, job_id=job.pk)
    return job


def carry_out(job: Job, *, now: dt.datetime, allow: Allow = is_public) -> None:
    """The background part of `bring_in`. Run twice, it ends as once: what is held already is not added again."""
    job.progress(0, 1)
    try:
        ids, note = _from_file(job, now) if job.params["file_id"] else _from_address(job, now, allow)
    except DomainError as error:
        job.fail(now=now, note=str(error.message))
        return
    if len(ids) == 1:
        job.result_url = Clipping.objects.get(pk=ids[0]).get_absolute_url()
        job.save(update_fields=["result_url"])
    job.done = job.total = 1
    job.save(update_fields=["done", "total"])
    job.finish(now=now, result={"clippings": ids}, note=note)


def _from_file(job: Job, now: dt.datetime) -> tuple[list[int], str]:
    held = StoredFile.objects.get(pk=job.params["file_id"], owner_id=job.owner_id)
    report = import_files([(held.name, held.path)], actor=job.owner, now=now, source=job.params["source_name"], klass=job.params["klass"])
    words = _("%(created)d new, %(duplicates)d exact copies, %(unchanged)d unchanged, %(refused)d refused.") % vars(report)
    first = report.errors[0]["reason"] if report.errors else ""
    return report.clipping_ids, f"{words} {first}".strip()


def _from_address(job: Job, now: dt.datetime, allow: Allow) -> tuple[list[int], str]:
    fetched = fetch(job.params["url"], allow=allow)
    with tempfile.NamedTemporaryFile(prefix="rapport-page-") as file:
        file.write(fetched.body or b"")
        file.flush()
        for _path, items in read_articles([Path(file.name)]):
            if isinstance(items, UnreadableFile):
                raise items
            return _first(items, fetched.url, job, now)
    raise RuleBroken(_("No article was found in it: it may be a teaser, a paywall or a list of links."))


def _first(items: Any, url: str, job: Job, now: dt.datetime) -> tuple[list[int], str]:
    item = next(iter(items), None)
    if item is None or not hasattr(item, "body"):
        raise RuleBroken(_("No article was found in it: it may be a teaser, a paywall or a list of links."))
    moment = dt.datetime.fromisoformat(item.published) if item.published else now
    moment = min(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC), now)
    draft = Draft(item.title, item.body[: LIMITS.article_characters], moment, url=url, author=item.author, language=item.language)
    source = source_named(job.params["source_name"] or item.source or url.split("/")[2], actor=job.owner, now=now)
    added = add_to(source, [draft], actor=job.owner, now=now, klass=job.params["klass"])
    return [added.rows[0].pk], ""
