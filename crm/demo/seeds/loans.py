"""Loans of the demo bank that were decided five months ago and are live since: what accountability files are about."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from credit.accountability import services as duties
from credit.packs.rules import FacilityEntry, PackOrder, PartyEntry, SecurityEntry
from crm.demo.seeds.accounts import DISCOUNTER
from crm.demo.seeds.bank import Bank
from crm.demo.seeds.handoffs import hand_off
from crm.demo.seeds.packs import Case
from crm.demo.seeds.reviews import lend

AGO = 150
"""Days since the loans were decided."""
DECIDED, SITTING = "tai-wo-garments", "sun-mei-trading"
LOANS = (
    ("rm", DISCOUNTER, "2000000", "Wages before usance bills are paid"),
    ("hilda.tsang", DECIDED, "1600000", "Fabric for the spring orders"),
    ("rm2", SITTING, "1200000", "Toys in stock before Christmas"),
)


def plant(bank: Bank) -> None:
    """By the very services that people use, five months before today; each opens its accountability file."""
    for manager, company, amount, purpose in LOANS:
        if company in bank.clients and manager in bank.people:
            _loan(bank, manager, company, amount, purpose)
    duties.watch(now=bank.now - dt.timedelta(days=AGO - 5))


def _loan(bank: Bank, manager: str, company: str, amount: str, purpose: str) -> None:
    past = replace(bank, now=bank.now - dt.timedelta(days=AGO))
    worth = Decimal(amount)
    entry = FacilityEntry("OD", "HKD", worth, 12, purpose, base_rate="Prime", margin_bps=Decimal(50), existing=worth)
    guarantor = (PartyEntry("guarantor", person_name=bank.companies[company].name_en.split(" Limited")[0]),)
    order = PackOrder("A", "sme", "renewal", ("company",))
    # Secured in full, an approver decides it: beside other lines of the group it would else be the committee's.
    pledge = (SecurityEntry("deposit", "Time deposit of the company", worth),)
    case = Case(20, manager, company, order, (entry,), parties=guarantor, securities=pledge, step="writing")
    pack = hand_off(past, case, days=9)
    if pack is not None:
        lend(past, pack)
