"""Companies with their names, identifiers, addresses and what each source said; people; groups; coverage."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import SECTORS, AddressKind, Channel, ConsentBasis, ContactRole, CoverageKind, IdentifierKind, NameKind
from crm.companies.grouped import Confirmed, InGroup
from crm.companies.querysets import (
    CompanyPartQuerySet,
    CompanyQuerySet,
    ContactQuerySet,
    CoverageQuerySet,
    GroupQuerySet,
    KeyQuerySet,
)
from crm.kernel.addresses import url_of
from crm.kernel.fields import KeyField
from crm.kernel.models import AuditedModel, OwnedModel, VersionedModel
from crm.staff.choices import Jurisdiction


def reads_chinese() -> bool:
    """The reader's language is a Chinese one."""
    return (get_language() or "en").startswith("zh")


class TwoNames(models.Model):
    """Something named in English, in Chinese, or both; the reader's script first, the other beside it."""

    name_en = models.CharField(_("name (English)"), max_length=200, blank=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's script, else the other."""
        return (self.name_zh or self.name_en) if reads_chinese() else (self.name_en or self.name_zh)

    @property
    def other_name(self) -> str:
        """The name beside it, or nothing."""
        if not (self.name_en and self.name_zh):
            return ""
        return self.name_en if reads_chinese() else self.name_zh


class CompanyGroup(AuditedModel, VersionedModel, TwoNames, Confirmed):
    """A corporate group: companies under one control. Seen by whoever covers a member."""

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("corporate group")
        constraints = [models.CheckConstraint(condition=~Q(name_en="", name_zh=""), name="companies_group_named")]

    def get_absolute_url(self) -> str:
        """The group's page."""
        return url_of("companies:group_detail", self.pk)

    @staticmethod
    def member_model() -> "type[Company]":
        """For querysets, which stand below the models."""
        return Company

    @staticmethod
    def coverage_model() -> "type[Coverage]":
        """For querysets, which stand below the models."""
        return Coverage


class Company(AuditedModel, VersionedModel, TwoNames, InGroup):
    """A company that we know of: its identity and public facts (class P), read by all staff but administrators."""

    sort_key = models.CharField(max_length=80, db_index=True, editable=False)
    country = models.CharField(_("country"), max_length=2, blank=True)
    jurisdiction = models.CharField(_("jurisdiction"), max_length=2, choices=Jurisdiction.choices, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    sector = models.CharField(_("sector"), max_length=80, blank=True)
    industry = models.CharField(_("industry"), max_length=120, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=200, blank=True)
    incorporated_on = models.DateField(_("incorporated"), null=True, blank=True)
    listed_on = models.DateField(_("listed"), null=True, blank=True)
    group = models.ForeignKey(
        CompanyGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("group")
    )
    last_contact_at = models.DateTimeField(null=True, editable=False, help_text="Newest visit or call; derived, checked by an invariant.")
    last_met_at = models.DateTimeField(null=True, editable=False, help_text="Newest meeting face to face; derived.")
    # No index of its own: nearly every row is empty here, and SQLite would read them all by it instead of walking the order of names.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged", editable=False, db_index=False
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        indexes = [
            models.Index(fields=["sort_key", "id"], name="companies_by_name"),
            models.Index(fields=["sector", "sort_key", "id"], condition=Q(merged_into=None), name="companies_by_sector"),
            models.Index(fields=["merged_into"], condition=~Q(merged_into=None), name="companies_merged"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_en="", name_zh=""), name="companies_company_named", violation_error_message=_("A company needs a name.")
            ),
            models.CheckConstraint(condition=~Q(group=None) | Q(group_basis=""), name="companies_basis_of_group"),
        ]

    def get_absolute_url(self) -> str:
        """The company's page."""
        return url_of("companies:company_detail", self.pk)

    @property
    def sector_name(self) -> str:
        """The sector in the reader's language where it is one of the standard ones, else as it came."""
        return str(SECTORS.get(self.sector, self.sector))

    @property
    def codes(self) -> str:
        """The stock codes, with their exchange. Lists prefetch the identifiers."""
        return ", ".join(str(row) for row in self.identifiers.all() if row.kind == IdentifierKind.STOCK)

    @cached_property
    def current_coverage(self) -> "list[Coverage]":
        """Who looks after it now, as client or prospect, by id. One query, once per loaded company."""
        return list(self.coverage.current().order_by("kind"))

    @staticmethod
    def coverage_model() -> "type[Coverage]":
        """For querysets, which stand below the models."""
        return Coverage

    @staticmethod
    def key_model() -> "type[SearchKey]":
        """For querysets, which stand below the models."""
        return SearchKey


class CompanyName(models.Model):
    """A name of a company: registered, short, other or former. `core` is the folded name without its legal form, for matching."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="names")
    kind = models.CharField(_("kind"), max_length=8, choices=NameKind.choices, default=NameKind.LEGAL)
    text = models.CharField(_("name"), max_length=200)
    core = models.CharField(max_length=200, db_index=True, editable=False)
    source = models.CharField(_("source"), max_length=80, blank=True)

    objects = CompanyPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("name")
        constraints = [models.UniqueConstraint(fields=["company", "text"], name="companies_name_once")]

    def __str__(self) -> str:
        return self.text


class Identifier(models.Model):
    """An exact key of a company. `scope` is the exchange of a stock code, else empty; no two companies share a key."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="identifiers")
    kind = models.CharField(_("kind"), max_length=8, choices=IdentifierKind.choices)
    scope = models.CharField(_("exchange"), max_length=12, blank=True)
    value = models.CharField(_("number"), max_length=40)
    source = models.CharField(_("source"), max_length=80, blank=True)

    objects = CompanyPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("identifier")
        constraints = [models.UniqueConstraint(fields=["kind", "scope", "value"], name="companies_identifier_once")]

    def __str__(self) -> str:
        return f"{self.scope}:{self.value}" if self.scope else self.value


class Address(models.Model):
    """Where a company is."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="addresses")
    kind = models.CharField(_("kind"), max_length=10, choices=AddressKind.choices, default=AddressKind.OFFICE)
    text_en = models.CharField(_("address (English)"), max_length=300, blank=True)
    text_zh = models.CharField(_("address (Chinese)"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)

    objects = CompanyPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("address")
        constraints = [models.UniqueConstraint(fields=["company", "kind", "text_en", "text_zh"], name="companies_address_once")]

    def __str__(self) -> str:
        return (self.text_zh or self.text_en) if reads_chinese() else (self.text_en or self.text_zh)


class Officer(models.Model):
    """A person whom a public directory names for a company (chairman, spokesman). A contact is made of them when we have met."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="officers")
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("position"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)

    objects = CompanyPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("officer")
        constraints = [models.UniqueConstraint(fields=["company", "name", "title"], name="companies_officer_once")]

    def __str__(self) -> str:
        return f"{self.name}, {self.title}" if self.title else self.name


class SourceRecord(models.Model):
    """What one source said of a company, and as of when: an older date never overwrites a newer one."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="source_records")
    source = models.CharField(_("source"), max_length=80)
    row_key = models.CharField(max_length=120, help_text="Which row of the source, by its own key.")
    as_of = models.DateField(_("as of"))
    facts = models.JSONField(default=dict)
    seen_at = models.DateTimeField(_("read"), auto_now=True)

    objects = CompanyPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("source record")
        constraints = [models.UniqueConstraint(fields=["source", "row_key"], name="companies_source_row_once")]

    def __str__(self) -> str:
        return f"{self.source}: {self.row_key}"


class SearchKey(models.Model):
    """A folded beginning by which a company is found as one types: names, words, initials, codes, phones."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = KeyField(max_length=40)
    rank = models.PositiveSmallIntegerField(default=0, help_text="0 of a whole name, code or phone, 1 of a name from a later word on.")

    OWNER = "company_id"
    objects = KeyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["key", "rank", "company"], name="companies_key"),
            models.Index(fields=["company", "key", "rank"], name="companies_key_back"),
        ]

    def __str__(self) -> str:
        return self.key


class MatchKey(models.Model):
    """A key that likely duplicates share (blocks of the core name, phone, mail domain), for comparing many with many."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)

    objects = KeyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["key", "company"], name="companies_match")]

    def __str__(self) -> str:
        return self.key


class Contact(AuditedModel, VersionedModel, TwoNames):
    """A person of a company whom we know. Personal data: seen within coverage, used within consent (domain 1.3, rule 7)."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, db_index=False, related_name="contacts", verbose_name=_("company"))
    sort_key = models.CharField(max_length=80, editable=False)
    title = models.CharField(_("position"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=ContactRole.choices, default=ContactRole.OTHER)
    is_decision_maker = models.BooleanField(_("decides"), default=False)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True, help_text=_("Only with the person's consent."))
    consent_basis = models.CharField(_("consent"), max_length=12, choices=ConsentBasis.choices, default=ConsentBasis.NONE)
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)
    opt_outs = models.JSONField(_("does not want"), default=list, blank=True)
    cross_border_ok = models.BooleanField(_("data may cross the border"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    left_on = models.DateField(_("left the company"), null=True, blank=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        indexes = [
            models.Index(fields=["company", "sort_key"], name="companies_contact_of"),
            models.Index(fields=["company", "role", "sort_key"], name="companies_contact_in_role"),
            models.Index(fields=["sort_key", "id"], name="companies_contact_by_name"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_en="", name_zh=""), name="companies_contact_named", violation_error_message=_("A person needs a name.")
            ),
            models.CheckConstraint(
                condition=Q(birthday=None) | ~Q(consent_basis=ConsentBasis.NONE),
                name="companies_birthday_consent",
                violation_error_message=_("A birthday is kept only with consent."),
            ),
            models.CheckConstraint(
                condition=Q(consent_basis=ConsentBasis.NONE) | ~Q(consent_on=None),
                name="companies_consent_dated",
                violation_error_message=_("Say on what day the consent was given."),
            ),
        ]

    def get_absolute_url(self) -> str:
        """The person's page."""
        return url_of("companies:contact_detail", self.pk)

    def refuses(self, channel: str) -> bool:
        """The person does not want to be reached this way."""
        return channel in self.opt_outs

    @property
    def opt_out_labels(self) -> list[Any]:
        """The refused channels in words."""
        return [Channel(value).label for value in self.opt_outs if value in Channel.values]

    @staticmethod
    def coverage_model() -> "type[Coverage]":
        """For querysets, which stand below the models."""
        return Coverage

    @staticmethod
    def key_model() -> "type[ContactKey]":
        """For querysets, which stand below the models."""
        return ContactKey


class ContactKey(models.Model):
    """A folded beginning by which a contact is found as one types. `is_data`: of a phone, for those only who may see it."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = KeyField(max_length=40)
    is_data = models.BooleanField(default=False)

    OWNER = "contact_id"
    objects = KeyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["key", "contact"], name="companies_ckey"),
            models.Index(fields=["contact", "key"], name="companies_ckey_back"),
        ]

    def __str__(self) -> str:
        return self.key


class Coverage(OwnedModel):
    """Who looks after a company, from when to when: the one record of it, written by prospects and clients."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="coverage", verbose_name=_("company"))
    kind = models.CharField(_("as"), max_length=8, choices=CoverageKind.choices)
    post = models.ForeignKey("staff.Post", on_delete=models.PROTECT, related_name="+", verbose_name=_("post"))
    from_at = models.DateTimeField(_("from"))
    to_at = models.DateTimeField(_("to"), null=True, blank=True)
    visited_elsewhere = models.BooleanField(default=True, editable=False, help_text="May have visits by another centre; kept by visits.")

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage")
        indexes = [
            models.Index(fields=["owner", "company"], condition=Q(to_at=None), name="companies_cover_owner"),
            models.Index(fields=["team", "company"], condition=Q(to_at=None), name="companies_cover_team"),
            models.Index(fields=["centre", "company"], condition=Q(to_at=None), name="companies_cover_centre"),
            models.Index(fields=["centre", "company"], condition=Q(to_at=None, visited_elsewhere=True), name="companies_cover_visited"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "kind"],
                condition=Q(to_at=None),
                name="companies_coverage_once",
                violation_error_message=_("Somebody looks after this company already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company}: {self.owner}"
