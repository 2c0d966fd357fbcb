"""The gift register: a catalogue for each centre, and gifts at every step of their way."""

from decimal import Decimal
from typing import Any

from crm.demo import reading
from crm.demo.seeds.bank import Bank
from crm.gifts import services
from crm.gifts.models import Gift, GiftItem
from crm.gifts.rules import GivenEntry, Person, ReceivedEntry

_DECISIONS = {"approve", "refuse"}


def plant(bank: Bank) -> None:
    """The catalogue with its stock, then each gift of the data file as its people enter it."""
    data = reading.toml("gifts.toml")
    items = {row["key"]: _stock(bank, row) for row in data["item"]}
    for row in data["gift"]:
        _gift(bank, row, items)


def _stock(bank: Bank, row: dict[str, Any]) -> GiftItem:
    told = {name: row[name] for name in ("name_en", "name_hant", "name_hans", "category", "quality")}
    counter = bank.posts["ops"]
    keeper = bank.people["ho"]
    item = services.keep_item(
        item_id=None, centre_id=bank.centre_of("rm").pk, actor=keeper, now=bank.now, cost=Decimal(row["cost"]),
        has_logo=True, is_practical=True, is_offered=True, **told,
    )  # fmt: skip
    services.move_stock(item_id=item.pk, kind="in", quantity=row["stock"], actor=counter.user, now=bank.now)
    return item


def _gift(bank: Bank, row: dict[str, Any], items: dict[str, GiftItem]) -> None:
    company = bank.companies[row["company"]]
    person = Person(bank.contacts[row["company"]][0].pk, relation=row.get("relation", "manager"), is_official=row.get("official", False))
    told: dict[str, Any] = {"company_id": company.pk, "actor": bank.people[row["by"]], "now": bank.now}
    if "item" in row:
        entry = GivenEntry(
            person, items[row["item"]].pk, row.get("pieces", 1), row["occasion"], bank.days_ago(-row["in_days"]), row["reason"]
        )
        gift = services.request_gift(entry=entry, **told)
    else:
        seen = {name: row[name] for name in ("what", "category", "basis", "occasion")}
        received = ReceivedEntry(
            person=person, value=Decimal(row["value"]), on=bank.days_ago(row["days_ago"]), declined=row.get("declined", False), **seen
        )
        gift = services.declare_received(entry=received, **told)
    for step in row.get("steps", ()):
        _step(bank, gift, step)


def _step(bank: Bank, gift: Gift, step: dict[str, str]) -> None:
    told: dict[str, Any] = {"gift_id": gift.pk, "actor": bank.people[step["by"]], "now": bank.now}
    if step["act"] in _DECISIONS:
        services.settle(act=step["act"], note=step.get("note", ""), **told)
    elif step["act"] == "dispose":
        services.dispose(disposal=step["disposal"], **told)
    else:
        {"issue": services.issue, "hand_over": services.hand_over, "decline": services.decline}[step["act"]](**told)
