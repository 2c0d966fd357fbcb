"""What papers add to shared screens, and the context that a letter to a company is written in."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from crm.companies.choices import AddressKind
from crm.companies.models import reads_chinese
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    Invariant,
    NavItem,
    PaletteCommand,
    PaperContext,
    PaperField,
    PolicyTable,
    RecordAction,
    TimelineKind,
    register,
)
from crm.kernel.models import TimelineRow
from crm.papers import permissions
from crm.papers.models import Letter
from crm.papers.selectors import TO_COMPANY, LetterSubject
from crm.papers.services import KIND
from crm.staff.choices import Role

_POSTAL = (AddressKind.OFFICE, AddressKind.REGISTERED)


def _reads_refusals(user: Any) -> bool:
    return bool(permissions.can_read_refusals(user=user))


def _letter_url(record: Any) -> str:
    return url_of("papers:letter_create", getattr(record, "company_id", record.pk))


def _address(about: LetterSubject) -> str:
    rows = about.company.addresses.filter(kind__in=_POSTAL)
    return str(min(rows, key=lambda row: (_POSTAL.index(AddressKind(row.kind)), row.pk), default=""))


def _salutation(about: LetterSubject) -> str:
    if about.contact is None:
        return pgettext("of a letter", "Dear Sir or Madam,")
    return pgettext("of a letter", "Dear %(name)s,") % {"name": about.contact.name}


def _centre(about: LetterSubject) -> str:
    centre = about.post.unit.centre or about.post.unit if about.post else None
    return centre.name if centre else ""


def _title(about: LetterSubject) -> str:
    return str(about.post.get_role_display()) if about.post else ""


def _day(about: LetterSubject) -> str:
    return date_format(about.day, "DATE_FORMAT" if reads_chinese() else "j F Y")


def _field(name: str, label: Any, klass: str, value: Any, *samples: str) -> PaperField:
    return PaperField(name, label, klass, value, dict(zip(("en", "zh-hant", "zh-hans"), samples, strict=True)))


LETTER_FIELDS = (
    _field("date", _("Date"), "P", _day, "4 March 2026", "2026年3月4日", "2026年3月4日"),
    _field("company_name", _("Company’s name"), "P", lambda about: about.company.name,
           "Blue Kiln Ceramics Limited", "藍窰陶瓷有限公司", "蓝窑陶瓷有限公司"),
    _field("company_address", _("Company’s address"), "P", _address,
           "8 Lantern Road, Kwun Tong", "觀塘燈籠道8號", "观塘灯笼道8号"),
    _field("contact_name", _("Name of the person"), "K", lambda about: about.contact.name if about.contact else "",
           "Ms Ann Wong", "黃安女士", "黄安女士"),
    _field("contact_title", _("Position of the person"), "K", lambda about: about.contact.title if about.contact else "",
           "Chief Financial Officer", "財務總監", "财务总监"),
    _field("salutation", _("Salutation"), "K", _salutation, "Dear Ms Ann Wong,", "黃安女士台鑒：", "尊敬的黄安女士："),
    _field("sender_name", _("Your name"), "P", lambda about: about.sender.name, "Grace Lau", "劉嘉恩", "刘嘉恩"),
    _field("sender_title", _("Your title"), "P", _title, "Relationship manager", "客戶經理", "客户经理"),
    _field("sender_phone", _("Your phone"), "P", lambda about: about.phone, "2345 6789", "2345 6789", "2345 6789"),
    _field("centre_name", _("Name of the centre"), "P", _centre, "Kowloon East Centre", "九龍東中心", "九龙东中心"),
)  # fmt: skip
"""What every letter to a company may name; other features' purposes take them too and add their own."""

COMPANY_LETTER = PaperContext(TO_COMPANY, _("Letter to a company"), LETTER_FIELDS)


def _phrases(user: Any) -> Q:
    """The list names what clients must not hear of: for those who write templates; head office, compliance and audit read all."""
    return Q() if user.actor.has_role(Role.EDIT) else Q(pk__in=())


def _letters_without_row() -> Iterator[str]:
    rows = TimelineRow.objects.filter(subject_type=Letter._meta.label_lower, subject_id=OuterRef("pk"))
    for pk in Letter.objects.exclude(Exists(rows)).values_list("pk", flat=True):
        yield f"Letter {pk}: it stands on no timeline."


register(
    COMPANY_LETTER,
    ApiRouter("letters", "crm.papers.api.router", order=60),
    NavItem(_("Refused papers"), "papers:refusal_list", "warn", order=790, section=_("Know"), shown=_reads_refusals),
    PaletteCommand(
        _("Refused papers"), "papers:refusal_list", "warn", words=_("letters templates leaks"), order=290, shown=_reads_refusals
    ),
    *(
        RecordAction(model, _("Write a letter"), "mail", _letter_url, permissions.can_write_with, order=40)
        for model in ("companies.company", "clients.client")
    ),
    TimelineKind(KIND, _("Letter"), "indigo", "papers:letter_detail"),
    Invariant("papers.letters", "Every letter stands on its company's timeline", _letters_without_row),
    PolicyTable(
        "papers.phrases",
        _("What no paper for a client may say"),
        _("Letters"),
        "words",
        labels={
            "words": _("Refused anywhere"),
            "levels": _("Levels of approval"),
            "decides": _("Words of deciding"),
            "beside": _("Letters between the two, at most"),
        },
        units={"beside": "count"},
        rows=_phrases,
        order=410,
    ),
)
