"""Templates of letters, the letters that were written, and the papers that were refused."""

from typing import Any

from csp.constants import SELF
from django.contrib.contenttypes.fields import GenericRelation
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import DraftStateMixin, PreviewableMixin, Revision, RevisionMixin

from crm.companies.models import Company, Contact, Coverage
from crm.kernel.addresses import url_of
from crm.kernel.contributions import PaperContext, of
from crm.kernel.models import AuditedModel, EventModel
from crm.papers import rules
from crm.papers.choices import COLUMNS, FaultKind, Language, Step
from crm.papers.querysets import CopyQuerySet, LetterheadQuerySet, LetterQuerySet, RefusalQuerySet, TemplateQuerySet
from crm.staff.models import OrgUnit

SUBJECT, BODY = "subject", "body"


def contexts() -> list[tuple[str, Any]]:
    """The purposes that features have registered, for choosing."""
    return [(context.code, context.label) for context in of(PaperContext)]


class LetterTemplate(PreviewableMixin, DraftStateMixin, RevisionMixin, AuditedModel):
    """A letter's wording in three languages, for one purpose. `live`: published, and offered to those who write letters.

    Its texts name fields of its context as {{ field }}, and nothing else stands between braces. Editors write it; drafts are revisions.
    """

    code = models.CharField(
        _("code"), max_length=40, unique=True, validators=[RegexValidator(r"^[a-z][a-z0-9-]*$", _("Small letters, digits and hyphens."))]
    )
    context = models.CharField(_("purpose"), max_length=40, choices=contexts)
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_hant = models.CharField(_("name (繁體)"), max_length=120)
    name_hans = models.CharField(_("name (简体)"), max_length=120)
    is_marketing = models.BooleanField(
        _("promotes the bank or a product"), default=True, help_text=_("Then it names only persons who consented to that.")
    )
    subject_en = models.CharField(_("subject (English)"), max_length=200)
    body_en = models.TextField(_("text (English)"))
    subject_hant = models.CharField(_("subject (繁體)"), max_length=200)
    body_hant = models.TextField(_("text (繁體)"))
    subject_hans = models.CharField(_("subject (简体)"), max_length=200)
    body_hans = models.TextField(_("text (简体)"))

    _revisions = GenericRelation(Revision, related_query_name="letter_template")

    objects = TemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")

    def __str__(self) -> str:
        return self.name

    @property
    def revisions(self) -> Any:
        """Its drafts and published versions, for Wagtail."""
        return self._revisions

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return str(getattr(self, f"name_{COLUMNS.get(get_language() or '', 'en')}"))

    def texts(self, language: str) -> dict[str, str]:
        """Subject and body in a language, with their fields as they stand, by the name of the column."""
        return {f"{part}_{COLUMNS[language]}": getattr(self, f"{part}_{COLUMNS[language]}") for part in (SUBJECT, BODY)}

    def purpose(self) -> PaperContext | None:
        """Its context; None where the feature that registered it is gone."""
        return next((context for context in of(PaperContext) if context.code == self.context), None)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """One for each language, for Wagtail."""
        return list(Language.choices)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The letter with sample values, in the language of the mode; shown within the editors' page."""
        language = mode_name if mode_name in Language.values else Language.EN.value
        context = self.purpose()
        samples = {field.name: field.samples[language] for field in context.fields} if context else {}
        # What may not be named at all is shown empty: the page says so when it is saved.
        texts = {name: {slot.name: "" for slot in rules.slots(text)} | samples for name, text in self.texts(language).items()}
        lists = {field.name for field in context.fields if field.lines} if context else set()
        subject, body = (rules.written(text, texts[name], lists).text for name, text in self.texts(language).items())
        answer = render(request, "papers/letter_preview.html", {"subject": subject, "body": body, "language": language})
        answer._csp_replace = {"frame-ancestors": [SELF]}  # type: ignore[attr-defined]
        return answer


class Letterhead(AuditedModel):
    """What stands at the head of letters from a unit and those below it (class P): the bank's name and the unit's address."""

    unit = models.OneToOneField(OrgUnit, on_delete=models.PROTECT, related_name="+", verbose_name=_("unit"))
    bank_en = models.CharField(_("name of the bank (English)"), max_length=120)
    bank_hant = models.CharField(_("name of the bank (繁體)"), max_length=120)
    bank_hans = models.CharField(_("name of the bank (简体)"), max_length=120)
    address_en = models.CharField(_("address (English)"), max_length=300)
    address_hant = models.CharField(_("address (繁體)"), max_length=200)
    address_hans = models.CharField(_("address (简体)"), max_length=200)

    objects = LetterheadQuerySet.as_manager()

    class Meta:
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self) -> str:
        return self.unit.name

    def lines(self, language: str) -> list[str]:
        """The bank's name, the unit's unless it is head office, the address; in a language."""
        ending = COLUMNS[language]
        name = "" if self.unit.parent_id is None else getattr(self.unit, f"name_{ending}")
        return [line for line in (getattr(self, f"bank_{ending}"), name, getattr(self, f"address_{ending}")) if line]


class Letter(EventModel):
    """A letter to a company as somebody wrote it from a template: its text for ever as it was. Seen with the company's relationship.

    `head` is the letterhead that it was written under, line by line; empty where none was kept then. `about` is a feature's own record.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="letters", verbose_name=_("company"))
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("to"))
    template = models.ForeignKey(LetterTemplate, on_delete=models.PROTECT, related_name="+", verbose_name=_("template"))
    language = models.CharField(_("language"), max_length=7, choices=Language.choices)
    sender_phone = models.CharField(_("phone"), max_length=40, blank=True)
    subject = models.CharField(_("subject"), max_length=400)
    body = models.TextField(_("text"))
    head = models.TextField(_("letterhead"), blank=True)
    about_type = models.CharField(max_length=60, blank=True)
    about_id = models.BigIntegerField(null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        indexes = [
            models.Index(fields=["actor", "-id"], name="papers_letters_by"),
            models.Index(fields=["about_type", "about_id"], name="papers_letters_about", condition=Q(about_id__isnull=False)),
        ]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="papers_letter_says_something")]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        """The letter's page."""
        return url_of("papers:letter_detail", self.pk)

    @staticmethod
    def coverage_model() -> type[Coverage]:
        """For querysets, which stand below the models."""
        return Coverage


class LetterCopy(EventModel):
    """Somebody took a letter as a PDF: when, and the hash of the file that they got. Seen with the letter."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="copies", verbose_name=_("letter"))
    sha256 = models.CharField(max_length=64)

    objects = CopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("copy of a letter")

    def __str__(self) -> str:
        return self.sha256


class PaperRefusal(EventModel):
    """A paper that was refused because of a field or phrase (domain 12.6): who tried, where it stood. Seen by compliance and audit."""

    step = models.CharField(_("when"), max_length=6, choices=Step.choices)
    kind = models.CharField(_("why"), max_length=6, choices=FaultKind.choices)
    what = models.CharField(_("field or words"), max_length=200)
    template_code = models.CharField(_("template"), max_length=40)
    column = models.CharField(_("text"), max_length=12)
    line = models.PositiveIntegerField(_("line"))
    character = models.PositiveIntegerField(_("character"))
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused paper")
        indexes = [models.Index(fields=["-at", "-id"], name="papers_refusals_newest")]

    def __str__(self) -> str:
        return f"{self.template_code}: {self.what}"
