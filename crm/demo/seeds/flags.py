"""Red flags and verifications of the demo bank: a trader whose office stood empty, half way through; others, open and closed."""

import datetime as dt
from decimal import Decimal
from typing import Any

from credit.flags import services as flags
from credit.verifications import services as checks
from credit.verifications.models import DirectoryContact, Verification
from credit.verifications.rules import Paper
from crm.clients.models import Client
from crm.demo.seeds.bank import Bank
from crm.staff.models import User

TRADER = "lok-sang-trading"
CARRIERS = (
    ("PLLN", "Pacific Lantern Line, documents", "mail", "documents@pacific-lantern.example", "The carrier’s own published list of agents"),
    ("HSTR", "Harbour Star Shipping Agency", "phone", "+852 3100 7788", "Register of shipping agents, Marine Department"),
)
ASKED = "Please confirm that you issued the bill of lading whose copy is attached, its containers, vessel and day on board."
# number, amount, carrier, container, how far it is
BILLS = (
    ("PLLN-0417", "1840000", "PLLN", "CSQU3054383", "genuine"),
    ("HSTR-0419", "2215000", "HSTR", "TEXU1234569", "genuine"),
    ("PLLN-0423", "3060000", "PLLN", "PLLU4023178", "sent"),
    ("HSTR-0426", "1495000", "HSTR", "HSTU3310270", "open"),
)
OTHERS = (
    ("yau-tat-textiles", "RF-32", "Two department stores pay at 110 days since summer; a year ago it was 75.", 12, False),
    ("wing-kee-tools", "RF-42", "The owner wants to open a restaurant with the shop’s cash.", 40, True),
)


def plant(bank: Bank) -> None:
    """Each by the very services that people use."""
    contacts = _directory(bank)
    if TRADER in bank.clients:
        _empty_office(bank, bank.clients[TRADER], contacts)
    for company, code, seen, days, is_closed in OTHERS:
        if company in bank.clients:
            _other(bank, bank.clients[company], code, seen, days, is_closed=is_closed)


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _directory(bank: Bank) -> dict[str, DirectoryContact]:
    told: dict[str, Any] = {"kind": "bill", "checked_on": bank.days_ago(30), "is_used": True}
    return {
        scac: checks.keep_contact(
            scac=scac, name=name, channel=channel, address=address, source=source, actor=_person("editor"), now=bank.now, **told
        )
        for scac, name, channel, address, source in CARRIERS
    }


def _empty_office(bank: Bank, client: Client, contacts: dict[str, DirectoryContact]) -> None:
    """Nobody in the office in working hours, and the telephone answered all the same; the bills of lading are being asked about."""
    seen = bank.at(bank.working_day("rm", bank.days_ago(4)), 10, 43)
    told: dict[str, Any] = {"client_id": client.pk, "actor": client.owner, "now": seen}
    flags.raise_flag(
        code="RF-01", note="Unannounced at 10:40: door locked, no light, nobody there. The guard has seen no one for two weeks.",
        **told,
    )  # fmt: skip
    flags.raise_flag(
        code="RF-02", note="At 10:43 I called the office line from the door: answered on the second ring, “everybody is at lunch”.", **told
    )
    analyst = _person("analyst")
    for place, bill in enumerate(BILLS):
        _bill(bank, client, bill, contacts, analyst, opened=bank.now - dt.timedelta(days=3, hours=-place))


def _bill(
    bank: Bank, client: Client, bill: tuple[str, ...], contacts: dict[str, DirectoryContact], analyst: User, *, opened: dt.datetime
) -> Verification:
    number, amount, scac, container, far = bill
    reference = f"LS-{number[-4:]}"
    paper = Paper(
        number, reference, Decimal(amount), "HKD", invoice=f"LST/{number[-3:]}/26", contact="verify@ocean-bl-check.example", scac=scac,
        vessel="Amber Dawn", voyage="217E", load_port="Yantian", discharge_port="Los Angeles", on_board_on=bank.days_ago(24),
        shipper="Lok Sang Trading Limited", consignee="To order", goods="Bluetooth speakers, 1,240 cartons", weight="9,310 kg",
        containers=(container,),
    )  # fmt: skip
    made = checks.open_verification(client_id=client.pk, kind="bill", paper=paper, actor=analyst, now=opened)
    if far == "open":
        return made
    asked = bank.now - dt.timedelta(hours=20) if far == "sent" else opened + dt.timedelta(hours=1)
    told: dict[str, Any] = {"verification_id": made.pk, "actor": analyst}
    checks.note_ship(agrees=True, note="Port calls: Yantian from two days before to one day after.", now=asked, **told)
    checks.send(contact_id=contacts[scac].pk, message=ASKED, now=asked, **told)
    if far == "genuine":
        answered = asked + dt.timedelta(hours=5)
        words = "We confirm that this bill was issued by us. Shipped as stated."
        checks.settle(result="genuine", channel="mail", name="Documents desk", told_at=answered, message=words, now=answered, **told)
    return made


def _other(bank: Bank, client: Client, code: str, seen: str, days: int, *, is_closed: bool) -> None:
    at = bank.now - dt.timedelta(days=days)
    flag = flags.raise_flag(client_id=client.pk, code=code, note=seen, actor=client.owner, now=at)
    if is_closed:
        words = "The owner gave the plan up; the cash stays with us on a time deposit."
        flags.answer(flag_id=flag.pk, act="explain", note=words, actor=client.owner, now=at + dt.timedelta(days=3))
        told: dict[str, Any] = {"note": "Deposit receipt seen.", "link": client.get_absolute_url()}
        flags.close(flag_id=flag.pk, actor=_person("head"), now=at + dt.timedelta(days=5), **told)
