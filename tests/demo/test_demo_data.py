"""The demo bank's data files: complete, well formed, invented."""

import re
from collections import Counter
from collections.abc import Callable
from string import Formatter

import opencc
import phonenumbers
import pytest

from crm.demo import reading
from crm.kernel.names.keys import comparable

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WRITTEN_IN_HONG_KONG = str.maketrans("", "", "恒栢埗鰂窰枱")
to_simplified = opencc.OpenCC("t2s").convert


@pytest.fixture(scope="module")
def units() -> list[dict[str, str]]:
    return reading.toml("bank.toml")["unit"]


@pytest.fixture(scope="module")
def companies() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in reading.rows("companies.csv")}


@pytest.fixture(scope="module")
def clients() -> list[dict[str, str]]:
    return reading.rows("clients.csv")


def is_simplified(text: str) -> bool:
    return to_simplified(text) == text


def is_traditional(text: str) -> bool:
    """Big5 holds no simplified character; its Hong Kong supplement does, so the few that are meant are named here."""
    try:
        text.translate(WRITTEN_IN_HONG_KONG).encode("big5")
    except UnicodeEncodeError:
        return False
    return True


def test_the_script_checks_tell_the_scripts_apart() -> None:
    assert is_traditional("裕達紡織有限公司")
    assert not is_traditional("裕达纺织有限公司")
    assert is_simplified("深圳市兴发贸易有限公司")
    assert not is_simplified("深圳市興發貿易有限公司")


def test_the_bank_has_three_centres_and_six_teams_two_in_each(units: list[dict[str, str]]) -> None:
    centres = {unit["key"]: unit for unit in units if unit["kind"] == "centre"}
    assert sorted((unit["jurisdiction"], unit["currency"]) for unit in centres.values()) == [("CN", "CNY"), ("HK", "HKD"), ("HK", "HKD")]
    teams = Counter(unit["parent"] for unit in units if unit["kind"] == "team")
    assert teams == dict.fromkeys(centres, 2)


def test_every_unit_is_named_in_three_languages_under_a_known_parent(units: list[dict[str, str]]) -> None:
    known: set[str] = set()
    for unit in units:
        assert unit["kind"] == "head_office" or unit["parent"] in known
        assert unit["name_en"]
        assert is_traditional(unit["name_hant"])
        assert is_simplified(unit["name_hans"])
        known.add(unit["key"])


def test_the_fixed_people_and_enough_colleagues_work_here(units: list[dict[str, str]]) -> None:
    staff = reading.rows("staff.csv")
    usernames = [row["username"] for row in staff]
    assert set(reading.FIXED_USERNAMES) <= set(usernames)
    assert len(usernames) == len(set(usernames)) >= 42
    assert {row["unit"] for row in staff} <= {unit["key"] for unit in units}


def test_the_fixed_people_hold_the_grades_that_the_contract_promises() -> None:
    grades = {row["username"]: row["grade"] for row in reading.rows("staff.csv")}
    promised = {"arm": "G1", "rm2": "G2", "rm": "G3", "head": "G4", "centre": "G5", "ho": "G6", "ho2": "G6", "approver": "CO3"}
    assert {name: grades[name] for name in promised} == promised


def test_every_team_has_a_head_a_senior_and_further_managers(units: list[dict[str, str]]) -> None:
    staff = reading.rows("staff.csv")
    for team in (unit["key"] for unit in units if unit["kind"] == "team"):
        roles = Counter(row["role"] for row in staff if row["unit"] == team)
        assert roles["TH"] == 1, team
        assert roles["SRM"] == 1, team
        assert roles["RM"] + roles["ARM"] >= 2, team


def test_the_outsider_is_a_manager_of_another_centre_than_rm(units: list[dict[str, str]]) -> None:
    centre = {unit["key"]: unit.get("parent") for unit in units}
    unit = {row["username"]: row["unit"] for row in reading.rows("staff.csv")}
    assert centre[unit["outsider"]] != centre[unit["rm"]]
    assert unit["arm"] == unit["rm2"] == unit["rm"] == unit["head"]
    assert centre[unit["rm"]] == unit["centre"]


def test_there_are_clients_in_all_states_and_tiers_in_the_proportions_of_the_rule(clients: list[dict[str, str]]) -> None:
    assert len(clients) >= 60
    assert {row["state"] for row in clients} == {"onboarding", "active", "dormant", "closed"}
    tiers = Counter(row["tier"] for row in clients if row["state"] != "closed")
    shares = {tier: tiers[tier] / tiers.total() for tier in "ABCD"}
    assert shares["A"] <= 0.12
    assert 0.20 <= shares["B"] <= 0.30
    assert 0.35 <= shares["C"] <= 0.45


def test_some_client_checks_are_overdue_and_most_are_not(clients: list[dict[str, str]]) -> None:
    overdue = [row for row in clients if int(row["kyc_due_in_days"]) < 0]
    assert 3 <= len(overdue) <= len(clients) // 8


def test_some_clients_were_won_as_prospects_within_the_year(clients: list[dict[str, str]]) -> None:
    won = [row for row in clients if row["prospect_before"] and int(row["since_days_ago"]) <= 365]
    pursued = {row["company"] for row in reading.rows("deals.csv") if row["kind"] == "NEW" and row["stage"] in {"S7", "S8"}}
    assert len(won) >= 5
    assert {row["company"] for row in won} == pursued


def test_prospects_stand_in_every_stage_and_belong_to_managers() -> None:
    deals = reading.rows("deals.csv")
    managers = {row["username"] for row in reading.rows("staff.csv") if row["role"] in {"ARM", "RM", "SRM"}}
    assert {row["stage"] for row in deals} == {f"S{stage}" for stage in range(9)} | {"L", "N"}
    assert len([row for row in deals if row["kind"] == "NEW" and row["stage"] not in {"S7", "S8"}]) >= 140
    assert {row["owner"] for row in deals} <= managers
    assert all(row["lost_reason"] for row in deals if row["stage"] == "L")


def test_the_words_of_every_deal_exist_in_three_languages() -> None:
    words = reading.toml("deals.toml")
    for row in reading.rows("deals.csv"):
        assert {"en", "hant", "hans"} <= words["need"][row["need"]].keys()
        assert {"en", "hant", "hans"} <= words["stage"][row["stage"]].keys()


def test_every_company_but_the_suspects_has_an_identifier_with_a_right_check_digit(companies: dict[str, dict[str, str]]) -> None:
    """Unified social credit code as in domain 2.4; LEI by ISO 17442 (97 of 98 remainders are wrong)."""
    suspects = {row["company"] for row in reading.rows("deals.csv") if row["stage"] == "S0"}
    leis = 0
    for key, row in companies.items():
        assert (not row["br"] and not row["uscc"] and not row["address_en"]) == (key in suspects), key
        if row["uscc"]:
            code = row["uscc"]
            weighed = sum(USCC_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
            assert row["jurisdiction"] == "CN"
            assert len(code) == 18
            assert USCC_ALPHABET[(31 - weighed % 31) % 31] == code[17], key
        if row["br"]:
            assert row["jurisdiction"] == "HK"
            assert re.fullmatch(r"\d{8}", row["br"]), key
        if row["lei"]:
            leis += 1
            assert len(row["lei"]) == 20
            assert int("".join(str(int(sign, 36)) for sign in row["lei"])) % 97 == 1, key
    assert leis >= 5


def test_every_chinese_name_is_in_the_script_of_its_jurisdiction(companies: dict[str, dict[str, str]]) -> None:
    in_script = {"HK": is_traditional, "CN": is_simplified, "hant": is_traditional, "hans": is_simplified}
    for row in companies.values():
        for field in ("name_zh", "district_zh", "address_zh"):
            assert in_script[row["jurisdiction"]](row[field]), row[field]
    for person in reading.rows("people.csv"):
        jurisdiction = companies[person["company"]]["jurisdiction"]
        assert in_script[jurisdiction](person["name_zh"] + person["title_zh"]), person["name_zh"]
    for name in reading.rows("names.csv"):
        assert name["script"] == "en" or in_script[name["script"]](name["name"]), name["name"]


def test_no_invented_company_bears_the_name_of_a_listed_one(companies: dict[str, dict[str, str]]) -> None:
    listed = {comparable(row["name"])[0] for row in reading.rows("directories/HKG.csv")}
    assert len(listed) > 1500
    invented = [row["name_en"] for row in companies.values()] + [row["name"] for row in reading.rows("names.csv") if row["script"] == "en"]
    assert [name for name in invented if comparable(name)[0] in listed] == []


def test_more_than_a_third_of_the_companies_have_further_names(companies: dict[str, dict[str, str]]) -> None:
    names = reading.rows("names.csv")
    assert len({row["company"] for row in names}) >= len(companies) / 3
    assert {row["kind"] for row in names} == {"short", "former"}


def test_phones_are_well_formed_and_nobody_shares_one(companies: dict[str, dict[str, str]]) -> None:
    people = reading.rows("people.csv")
    phones = [row["phone"] for row in companies.values()] + [row[field] for row in people for field in ("phone", "mobile") if row[field]]
    assert len(phones) == len(set(phones))
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(phone)) for phone in phones)


def test_addresses_on_the_net_lead_nowhere(companies: dict[str, dict[str, str]]) -> None:
    people = reading.rows("people.csv")
    assert all(row["website"].endswith(".example") for row in companies.values())
    mails = [row["email"] for row in people]
    assert all(mail.endswith(".example") for mail in mails)
    assert len(mails) == len(set(mails))


def test_every_client_and_prospect_has_people_and_some_do_not_want_to_be_written_to(clients: list[dict[str, str]]) -> None:
    people = reading.rows("people.csv")
    count = Counter(row["company"] for row in people)
    assert all(2 <= count[row["company"]] <= 4 for row in clients)
    assert {row["role"] for row in people} == {"owner", "director", "cfo", "finance", "accounts", "signatory"}
    assert len([row for row in people if row["opted_out"]]) >= 20


def test_groups_name_known_companies(companies: dict[str, dict[str, str]]) -> None:
    groups = reading.toml("groups.toml")["group"]
    assert len(groups) >= 12
    for group in groups:
        assert group["parent"] in companies
        assert group["members"].keys() <= companies.keys()


@pytest.mark.parametrize(("script", "in_script"), [("en", str.isascii), ("hant", is_traditional), ("hans", is_simplified)])
def test_visit_notes_are_many_and_stay_in_their_script(script: str, in_script: Callable[[str], bool]) -> None:
    notes = reading.toml(f"visits/{script}.toml")["note"]
    assert len(notes) >= 50
    assert len({note["text"] for note in notes}) == len(notes)
    for note in notes:
        whole = note["objective"] + note["text"] + note["next"]
        assert in_script(whole), whole
        slots = {slot for _text, slot, _format, _conversion in Formatter().parse(whole) if slot}
        assert slots <= {"company", "person", "goods", "material", "pct", "amount", "month", "past"}
    assert {note["purpose"] for note in notes} == {"courtesy", "review", "service", "pre_loan", "post_loan", "prospect"}
    assert {note["kind"] for note in notes} == {"visit", "call", "meeting", "joint"}
    assert {note.get("sells") for note in notes} == {None, "goods", "services"}


@pytest.mark.parametrize(("ending", "in_script"), [("en", str.isascii), ("hant", is_traditional), ("hans", is_simplified)])
def test_letters_and_sheets_are_written_in_their_own_script(ending: str, in_script: Callable[[str], bool]) -> None:
    for row in (*reading.toml("letters.toml")["template"], *reading.toml("sheets.toml")["sheet"]):
        wrong = {name: text for name, text in row.items() if name.endswith(f"_{ending}") and not in_script(text)}
        assert wrong == {}
