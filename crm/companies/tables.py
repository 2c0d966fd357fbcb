"""The lists of companies, people and groups."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.companies.choices import SECTORS, Channel, ConsentBasis, GroupBasis, Ring
from crm.companies.models import Company, CompanyGroup, Contact
from crm.companies.permissions import directory_sight
from crm.companies.rules import MASK
from crm.kernel.wording import listed
from crm.web.tables import ChipColumn, Column, Exported, NameColumn, NumberColumn, Table, WhenColumn

FACTS = "facts"


class SectorColumn(Column):
    """A sector in the reader's language."""

    def bind(self, model: Any) -> None:
        """The standard ones; others stay as they came."""
        super().bind(model)
        self.labels = {value: str(label) for value, label in SECTORS.items()}


class CompanyTable(Table):
    """Companies with their directory facts; the lobby and branch heads get the names alone."""

    name = NameColumn(verbose_name=_("Company"), order_by="sort_key")
    codes = Column(accessor="codes", verbose_name=_("Stock code"), sight=FACTS)
    sector = SectorColumn(sight=FACTS, order_by=("sector", "sort_key"))
    city = Column(sight=FACTS, orderable=False)
    phone = Column(sight=FACTS, orderable=False, css="nowrap")
    website = Column(sight=FACTS, orderable=False)
    listed_on = WhenColumn(sight=FACTS, orderable=False)

    class Meta:
        model = Company

    @classmethod
    def visible_fields(cls, user: Any) -> Collection[str]:
        """All or none of the facts."""
        return {FACTS} if directory_sight(user=user) == Ring.FULL else ()


class MemberTable(CompanyTable):
    """The members of a group, and what the place of each rests on."""

    group_basis = ChipColumn(verbose_name=_("Belongs by"), orderable=False, tones={"": "amber", GroupBasis.HEAD: "indigo"})
    group_share = Column(verbose_name=_("Share, %"), orderable=False, css="num")
    group_note = Column(verbose_name=_("Who, or what"), orderable=False)

    class Meta:
        model = Company
        exclude = ("phone", "website", "listed_on")


class ContactTable(Table):
    """People. Phone and address are masked row by row where the reader does not see them (domain 1.2)."""

    name = NameColumn(verbose_name=_("Person"), order_by="sort_key")
    company = NameColumn(accessor="company", verbose_name=_("Company"), orderable=False)
    title = Column(orderable=False)
    role = Column(orderable=False)
    phone = Column(orderable=False, css="nowrap")
    mobile = Column(orderable=False, css="nowrap")
    email = Column(orderable=False)
    consent_basis = ChipColumn(orderable=False, tones={ConsentBasis.NONE: "amber"})
    opt_outs = Column(orderable=False)

    class Meta:
        model = Contact

    def render_phone(self, value: str, record: Any) -> str:
        """Masked, or as it stands."""
        return value if record.shows_data else MASK

    render_mobile = render_email = render_phone

    def value_phone(self, value: str, record: Any) -> Exported:
        """Nothing where it is masked."""
        return value if record.shows_data else None

    value_mobile = value_email = value_phone

    def render_opt_outs(self, value: list[str]) -> str:
        """The refused channels in words."""
        return listed(Channel(channel).label for channel in value if channel in Channel.values)

    def value_opt_outs(self, value: list[str], record: Contact) -> Exported:
        """As shown."""
        return self.render_opt_outs(value)


class PeopleTable(ContactTable):
    """The people of one company."""

    class Meta:
        model = Contact
        exclude = ("company",)


class GroupTable(Table):
    """Corporate groups."""

    name = NameColumn(verbose_name=_("Group"), orderable=False)
    confirmed_on = WhenColumn(verbose_name=_("Tree confirmed"), orderable=False)
    members = NumberColumn(accessor="member_count", verbose_name=_("Companies"), orderable=False)

    class Meta:
        model = CompanyGroup
