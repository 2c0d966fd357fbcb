"""Companies of the demo bank with their names, numbers and addresses, groups and people."""

import datetime as dt
from decimal import Decimal
from typing import Any

from crm.companies.choices import AddressKind, ConsentBasis, ContactRole, GroupBasis, IdentifierKind, NameKind
from crm.companies.indexing import rebuild_contact_keys, rebuild_keys
from crm.companies.models import Address, Company, CompanyGroup, CompanyName, Contact, Identifier
from crm.companies.rules import sort_key
from crm.demo import reading
from crm.demo.seeds.bank import Bank, insert, keep
from crm.kernel.names.legal import core_name

SOURCE = "Demo bank"
_MAKERS = ("textiles", "garments", "electronics", "plastics", "metals", "optical", "printing", "toys", "machinery", "chemicals")
_KINDS = dict.fromkeys(_MAKERS, AddressKind.FACTORY) | dict.fromkeys(("cold_storage", "logistics"), AddressKind.WAREHOUSE)
_CONTROL = 50
_CONFIRMED_LONG_AGO, _NEVER_CONFIRMED = 1, 3
_DECIDES = frozenset({ContactRole.OWNER, ContactRole.CFO, ContactRole.DIRECTOR})


def plant(bank: Bank) -> None:
    """Companies, what they are called and where they are, their groups and people, and the keys by which all are found.

    Of suspects only the names are known: no number and no address.
    """
    _plant_companies(bank)
    _plant_names(bank)
    _plant_numbers_and_addresses(bank)
    _plant_contacts(bank)
    rebuild_keys([company.pk for company in bank.companies.values()], fresh=True)
    rebuild_contact_keys([contact for people in bank.contacts.values() for contact in people])


def _plant_companies(bank: Bank) -> None:
    groups = reading.toml("groups.toml")["group"]
    made = keep(CompanyGroup, (_group(bank, place, group) for place, group in enumerate(groups)))
    group_of = {key: row for group, row in zip(groups, made, strict=True) for key in (group["parent"], *group["members"])}
    industries = reading.toml("industries.toml")
    rows = reading.rows("companies.csv")
    companies = keep(
        Company,
        (
            Company(
                name_en=row["name_en"],
                name_zh=row["name_zh"],
                sort_key=sort_key(row["name_en"], row["name_zh"]),
                country=row["jurisdiction"],
                jurisdiction=row["jurisdiction"],
                city="Shenzhen" if row["jurisdiction"] == "CN" else "Hong Kong",
                sector=industries[row["industry"]]["sector"],
                industry=industries[row["industry"]]["en"],
                phone=row["phone"],
                website=row["website"],
                incorporated_on=dt.date(int(row["founded"]), bank.dice.randint(1, 12), bank.dice.randint(1, 28)),
                group=group_of.get(row["key"]),
                **_link(row["key"], groups),
            )
            for row in rows
        ),
    )
    bank.companies = {row["key"]: company for row, company in zip(rows, companies, strict=True)}
    bank.industries = {row["key"]: row["industry"] for row in rows}
    bank.headcounts = {row["key"]: int(row["employees"]) for row in rows}


def _group(bank: Bank, place: int, told: dict[str, Any]) -> CompanyGroup:
    """The tree of most groups was confirmed within the year, of one long ago, of one never."""
    row = CompanyGroup(name_en=told["name_en"], name_zh=told["name_zh"])
    if place != _NEVER_CONFIRMED:
        row.confirmed_on = bank.days_ago(500 if place == _CONFIRMED_LONG_AGO else 20 + 25 * place)
        row.confirmed_by = bank.people["head"]
    return row


def _link(key: str, groups: list[dict[str, Any]]) -> dict[str, Any]:
    """What the company's place in its group rests on: it heads it, its shares are held, or it sells most of what it makes to the others."""
    for group in groups:
        if key == group["parent"]:
            return {"group_basis": GroupBasis.HEAD}
        if key in group["members"]:
            share = group["members"][key]
            if share > _CONTROL:
                return {"group_basis": GroupBasis.CONTROL, "group_share": Decimal(share)}
            return {"group_basis": GroupBasis.COMMON, "group_note": "The founder's family holds both"}
    return {}


def _plant_names(bank: Bank) -> None:
    names = [
        CompanyName(company=company, kind=NameKind.LEGAL, text=text, core=core_name(text), source=SOURCE)
        for company in bank.companies.values()
        for text in (company.name_en, company.name_zh)
    ]
    for row in reading.rows("names.csv"):
        text = row["name"]
        names.append(
            CompanyName(company=bank.companies[row["company"]], kind=NameKind(row["kind"]), text=text, core=core_name(text), source=SOURCE)
        )
        if row["kind"] == NameKind.SHORT:
            bank.short_names[row["company"]][row["script"]] = text
    insert(CompanyName, names)


def _plant_numbers_and_addresses(bank: Bank) -> None:
    numbers, addresses = [], []
    for row in reading.rows("companies.csv"):
        company = bank.companies[row["key"]]
        held = ((IdentifierKind.BR, row["br"]), (IdentifierKind.USCC, row["uscc"]), (IdentifierKind.LEI, row["lei"]))
        numbers += [Identifier(company=company, kind=kind, value=value, source=SOURCE) for kind, value in held if value]
        if row["address_en"]:
            kind = _KINDS.get(row["industry"], AddressKind.OFFICE)
            addresses.append(Address(company=company, kind=kind, text_en=row["address_en"], text_zh=row["address_zh"], source=SOURCE))
    insert(Identifier, numbers)
    insert(Address, addresses)


def _plant_contacts(bank: Bank) -> None:
    rows = reading.rows("people.csv")
    contacts = keep(Contact, (_contact(bank, row) for row in rows))
    for row, contact in zip(rows, contacts, strict=True):
        bank.contacts[row["company"]].append(contact)
        bank.addressed[contact.pk] = _addressed(row, company_is_mainland=bank.companies[row["company"]].jurisdiction == "CN")


def _contact(bank: Bank, row: dict[str, str]) -> Contact:
    consented = row["consent"] != ConsentBasis.NONE
    mainland = bank.companies[row["company"]].jurisdiction == "CN"
    return Contact(
        company=bank.companies[row["company"]],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
        sort_key=sort_key(row["name_en"], row["name_zh"]),
        title=row["title_zh"] if mainland else row["title_en"],
        role=row["role"],
        is_decision_maker=row["role"] in _DECIDES,
        phone=row["phone"],
        mobile=row["mobile"],
        email=row["email"],
        consent_basis=row["consent"],
        consent_on=bank.days_ago(bank.dice.randint(30, 900)) if consented else None,
        opt_outs=sorted(row["opted_out"].split()),
        cross_border_ok=mainland and consented and bank.dice.random() < 0.4,
    )


def _addressed(row: dict[str, str], *, company_is_mainland: bool) -> dict[str, str]:
    """How a note speaks of the person, by script: "Ms Yau", 邱小姐, 李总."""
    heads = row["role"] in {ContactRole.OWNER, ContactRole.SIGNATORY}
    woman = bool(row["female"])
    if company_is_mainland:
        chinese = row["surname_zh"] + ("总" if heads else "女士" if woman else "先生")
    else:
        chinese = row["surname_zh"] + ("太" if heads and woman else "小姐" if woman else "生" if heads else "先生")
    return {"en": f"{'Ms' if woman else 'Mr'} {row['surname_en']}", "zh": chinese}
