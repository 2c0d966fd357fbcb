"""One clipping that somebody brings: pasted text at once; an address or a file in the background, as a job that ends at the clipping."""

import datetime as dt
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from content.capture.gateways import Allow, fetch
from content.capture.reading.articles import heading_of
from content.capture.reading.guarded import read_file
from content.capture.reading.language import language_of
from content.capture.reading.markup import line_of, paragraphs_of
from content.capture.services.importing import HONG_KONG, UnreadableFile, add_to, draft_of, import_files
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
_LONGEST_HEADLINE = 200


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
    title, body = _parted(title, text)
    if not title:
        raise RuleBroken(_("There is neither a headline nor a text."), fields={"text": _("There is neither a headline nor a text.")})
    draft = Draft(title=title, body=body, published_at=published_at or now, url=url, language=language_of(f"{title}\n{body}"))
    source = source_named(source_name or _("Pasted by colleagues"), actor=actor, now=now)
    return add_to(source, [draft], actor=actor, now=now, klass=klass).rows[0]


def _parted(title: str, text: str) -> tuple[str, str]:
    """Headline and paragraphs of what was pasted; without a headline its first line is one, and of a long paragraph its first sentence."""
    body = paragraphs_of(text)
    if title.strip():
        return line_of(title), body
    first, _newline, rest = body.partition("\n")
    return (line_of(first), rest.strip()) if len(first) <= _LONGEST_HEADLINE else (heading_of(body), body)


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


def carry_out(job: Job, *, now: dt.datetime, allow: Allow | None = None) -> None:
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


def _from_address(job: Job, now: dt.datetime, allow: Allow | None) -> tuple[list[int], str]:
    fetched = fetch(job.params["url"], allow=allow)
    read = read_file(fetched.body, fetched.url, default_zone=HONG_KONG, now=now)
    if not read.articles:
        raise UnreadableFile(read.refusals[0].reason)
    article = read.articles[0]
    host = urlsplit(fetched.url).hostname or fetched.url
    source = source_named(job.params["source_name"] or article.source_name or host, actor=job.owner, now=now)
    draft = replace(draft_of(article, now=now), url=fetched.url)
    added = add_to(source, [draft], actor=job.owner, now=now, klass=job.params["klass"])
    return [added.rows[0].pk], ""
