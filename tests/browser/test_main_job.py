"""The main job in a real browser, from a company's name to a client with a visit; at a desk by keyboard alone, on a phone by touch."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.desk import PATIENCE_MS, PHONE, WIDE, Desk
from tests.browser.hands import Keyboard

pytestmark = pytest.mark.browser
SESSION_COOKIE = "sessionid"
STATED = ("screening", "appetite", "interest", "onboarding", "decision", "acceptance", "first_income")
LIST = """Company list of the trade fair,,,,
Name,中文名稱,Business registration no.,Address,Website
{name},澤輝磁鐵,{number},"Unit 5, 12 Hung To Road, Kwun Tong",ferrite.example
Ocean Power Group Limited,,,"18 Harbour Road, Wan Chai",
Brackwater Tannery Limited,,7144012,"9 Shing Yip Street, Kwun Tong",
,,71440777,"3 How Ming Street, Kwun Tong",
Tidewell Kettle Works,,71440456,"5 Wing Yip Street, Kwun Tong",tidewell.example
"""
SAID = "Asked after the second line; deliveries from Ningbo take nine weeks and are paid in advance."
PROMISED = "Send the sheet on import loans"

SitDown = Callable[..., Desk]


@dataclass
class Pursuit:
    """What the walk carries from step to step."""

    name: str
    number: str
    path: str = ""


@pytest.fixture(params=[WIDE, PHONE], ids=["desk-by-keyboard", "phone-by-touch"])
def width(request: pytest.FixtureRequest) -> int:
    return request.param


def field(place: Locator, name: str) -> Locator:
    """The control of that name."""
    return place.locator(f"[name={name}]")


def test_a_name_becomes_a_client_with_a_visit(desk: SitDown, width: int, tmp_path: Path) -> None:
    pursuit = Pursuit(name="Zephyrine Ferrite", number="71440123")
    head, rm = desk("head", width=width), desk("rm", width=width)
    load_a_directory(head, pursuit, tmp_path / "fair.csv")
    take_up_for_a_colleague(head, pursuit)
    give_to(head, pursuit, "Wing Lam")
    find_by_palette(rm, pursuit)
    move_on_the_board(rm, pursuit)
    make_contact(rm, pursuit)
    log_a_visit(rm, pursuit)
    qualify(rm, pursuit)
    confirm_all_that_was_stated(head, pursuit)
    client = win(rm, pursuit)
    find_the_next_step_on_today_and_do_it(rm)
    find_by_palette(rm, pursuit)
    assert rm.page.url == client
    sign_out(rm, client)
    stranger = desk("outsider", width=width)
    assert stranger.page.goto(client).status == 404
    stranger.check()
    expect(stranger.main).not_to_contain_text(pursuit.name)


def load_a_directory(head: Desk, pursuit: Pursuit, path: Path) -> None:
    """A list as it comes: columns proposed, rows previewed, loaded in the background, refused rows handed back."""
    path.write_text(LIST.format(name=pursuit.name, number=pursuit.number), encoding="utf-8-sig")
    head.open("/prospects/directories/")
    head.hands.press(head.main.get_by_role("link", name="Import a directory").first)
    with head.page.expect_file_chooser() as chooser:
        head.hands.press(field(head.main, "file"))
    chooser.value.set_files(path)
    head.hands.write(field(head.main, "source"), "Trade fair")
    head.check()
    head.hands.press(head.main.get_by_role("button", name="Read the file"))
    expect(head.main.get_by_role("heading", level=1)).to_have_text("Check the columns")
    head.main.locator("section.card").last.scroll_into_view_if_needed()
    expect(head.main.locator("section.card tbody > tr").filter(has_text="Tidewell Kettle Works")).to_have_count(1)
    head.check()
    head.page.evaluate("scrollTo(0, 0)")
    head.picture("directory")
    head.hands.press(head.main.get_by_role("button", name="Load the list"))
    head.check()
    refused = head.main.locator(".tabs").get_by_role("link", name="Refused rows")
    expect(refused).to_be_visible(timeout=4 * PATIENCE_MS)
    expect(head.main.get_by_role("link", name="Take back")).to_be_enabled()
    head.check()
    head.hands.press(refused)
    expect(head.main.locator("tbody > tr").filter(has_text="7144012")).to_have_count(1)
    head.check()
    with head.page.expect_download() as download:
        head.hands.press(head.main.get_by_role("link", name="CSV"))
    assert "Brackwater Tannery" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    head.hands.press(head.main.locator(".tabs").get_by_role("link", name="Possible duplicates"))
    expect(head.main).to_contain_text("Ocean Power")
    head.check()


def take_up_for_a_colleague(head: Desk, pursuit: Pursuit) -> None:
    """A head finds what was loaded and takes it up as a prospect for the assistant of the team."""
    head.open(f"/companies/?q={pursuit.name.replace(' ', '+')}")
    head.hands.press(head.main.locator("[data-row] [data-open]"))
    head.check()
    head.hands.press(head.main.get_by_role("link", name="Start as a prospect").first)
    head.check()
    head.hands.choose(field(head.main, "source"), "Listed-company directory")
    head.hands.choose(field(head.main, "owner"), "Kelvin Fong")
    head.hands.press(head.main.get_by_role("button", name="Add prospect"))
    head.said("Prospect added.")
    head.check()
    pursuit.path = re.sub(r"^https?://[^/]+", "", head.page.url)


def give_to(head: Desk, pursuit: Pursuit, owner: str) -> None:
    """A head gives it to another owner, from the list."""
    head.open(f"/prospects/?q={pursuit.name.replace(' ', '+')}")
    head.hands.tick(head.main.locator("[data-row] [data-select]"))
    head.check()
    head.hands.press(head.main.get_by_role("button", name="Give to"))
    head.check()
    head.hands.choose(field(head.main, "owner"), owner)
    head.hands.write(field(head.main, "reason"), "Knows the trade")
    head.hands.press(head.main.get_by_role("button", name="Give to"))
    expect(head.main).to_contain_text("1 row done.")
    head.check()


def find_by_palette(rm: Desk, pursuit: Pursuit) -> None:
    """Find or do, from Today: by keys, or by a touch on the field in the bar."""
    rm.open("/")
    palette = rm.page.locator("#palette")
    if isinstance(rm.hands, Keyboard):
        rm.page.keyboard.press("Control+K")
        rm.page.keyboard.type(pursuit.name)
        expect(palette.get_by_role("option", name=pursuit.name).first).to_be_visible()
        rm.check()
        rm.page.keyboard.press("Enter")
    else:
        rm.page.locator("#find").tap()
        palette.get_by_role("combobox").fill(pursuit.name)
        expect(palette.get_by_role("option", name=pursuit.name).first).to_be_visible()
        rm.check()
        palette.get_by_role("option", name=pursuit.name).first.tap()
    rm.page.wait_for_url(lambda url: url != f"{rm.base}/")
    rm.check()
    expect(rm.main.get_by_role("heading", level=1)).to_contain_text(pursuit.name)


def move_on_the_board(rm: Desk, pursuit: Pursuit) -> None:
    """Taken up with number and source it is a lead; the next stage asks for what it needs."""
    rm.open("/prospects/board/")
    expect(lane(rm, "S1")).to_contain_text(pursuit.name)
    move_card(rm, pursuit, "Contacted")
    expect(rm.dialog).to_contain_text("First attempt made")
    rm.check()
    rm.hands.write(field(rm.dialog, "attempt_text"), "Rang the switchboard, was put through to the owner")
    rm.hands.press(rm.dialog.get_by_role("button", name="Move", exact=True))
    expect(lane(rm, "S2")).to_contain_text(pursuit.name)
    rm.check()


def lane(rm: Desk, stage: str) -> Locator:
    """A lane of the board."""
    return rm.page.locator(f"[data-lane={stage}]")


def move_card(rm: Desk, pursuit: Pursuit, label: str) -> None:
    """By space and arrows; by touch: choose a lane."""
    grip = rm.page.get_by_role("button", name=f"Move {pursuit.name}")
    if isinstance(rm.hands, Keyboard):
        rm.hands.reach(grip)
        for key in ("Space", "ArrowRight", "Space"):
            rm.page.keyboard.press(key)
    else:
        grip.tap()
        rm.check()
        rm.dialog.get_by_role("button", name=label, exact=True).tap()
    rm.settle()


def move_to(rm: Desk, pursuit: Pursuit, label: str) -> None:
    """From the prospect's page to a stage's form."""
    rm.open(pursuit.path)
    rm.hands.press(rm.main.get_by_role("link", name="Move", exact=True))
    rm.hands.press(rm.dialog.get_by_role("link", name=label, exact=True))
    expect(rm.dialog.get_by_role("heading", name=f"Move to “{label}”")).to_be_visible()
    rm.check()


def send_move(rm: Desk) -> None:
    """Send the form that the dialog shows."""
    rm.hands.press(rm.dialog.get_by_role("button", name="Move", exact=True))
    expect(rm.dialog).to_have_count(0)
    rm.check()


def make_contact(rm: Desk, pursuit: Pursuit) -> None:
    """To “Met”: who decides, what they need, and their consent."""
    move_to(rm, pursuit, "Met")
    rm.hands.write(field(rm.dialog, "new_person"), "Grace Ho")
    rm.hands.write(field(rm.dialog, "new_title"), "Managing director")
    rm.hands.write(field(rm.dialog, "need"), "Import loans for coating machines")
    rm.hands.tick(field(rm.dialog, "consent").and_(rm.page.locator("[value=consent]")))
    send_move(rm)
    rm.said("Moved to “Met”.")


def log_a_visit(rm: Desk, pursuit: Pursuit) -> None:
    """The short form: a refused submit, a lost session and a double press lose nothing and save once."""
    rm.hands.press(rm.main.get_by_role("link", name="Log a visit").first)
    expect(rm.main.get_by_role("heading", level=1)).to_have_text("Log a visit")
    rm.check()
    rm.hands.tick(field(rm.main, "met").first)
    rm.hands.write(field(rm.main, "next_step"), PROMISED)
    rm.hands.date(field(rm.main, "next_step_on"), dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date())
    save = rm.main.get_by_role("button", name="Save visit")
    rm.hands.press(save)
    expect(rm.main).to_contain_text("Write in a sentence or two what was said.")
    expect(field(rm.main, "next_step")).to_have_value(PROMISED)
    expect(field(rm.main, "summary")).to_be_focused()
    rm.check()
    rm.hands.write(field(rm.main, "summary"), SAID)
    field(rm.main, "papers").set_input_files({"name": "card.txt", "mimeType": "text/plain", "buffer": b"A card"})
    rm.context.clear_cookies(name=SESSION_COOKIE)
    rm.hands.press(save)
    rm.page.wait_for_url(re.compile("/accounts/login/"))
    rm.sign_in("rm")
    expect(field(rm.main, "summary")).to_have_value(SAID)
    expect(field(rm.main, "next_step")).to_have_value(PROMISED)
    expect(rm.main).to_contain_text("Choose the file again.")
    rm.check()
    if isinstance(rm.hands, Keyboard):
        rm.hands.press(save)
        rm.page.keyboard.press("Enter")
    else:
        save.scroll_into_view_if_needed()
        box = save.bounding_box()
        for _ in range(2):
            rm.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    rm.said("Visit logged.")
    rm.check()
    expect(rm.main).to_contain_text(SAID)


def qualify(rm: Desk, pursuit: Pursuit) -> None:
    """On to “Qualified”, then everything up to “Won”, of which a second person confirms a part."""
    move_to(rm, pursuit, "Qualified")
    for name, text in {"business": "Coats lenses", "banks_used": "Two local ones", "size": "80 people"}.items():
        rm.hands.write(field(rm.dialog, name), text)
    send_move(rm)
    rm.said("Moved to “Qualified”.")
    move_to(rm, pursuit, "Won")
    rm.hands.choose(field(rm.dialog, "kyc_prescore"), "Low")
    rm.hands.write(field(rm.dialog, "expected_income"), "120000")
    for criterion in STATED:
        rm.hands.write(field(rm.dialog, f"{criterion}_text"), f"On file, {criterion}")
    send_move(rm)
    rm.said("It moves once your head has confirmed")


def confirm_all_that_was_stated(head: Desk, pursuit: Pursuit) -> None:
    """The second pair of eyes, one statement after the other."""
    head.open(pursuit.path)
    confirm = head.main.get_by_role("link", name="Confirm", exact=True)
    for left in range(4, 0, -1):
        expect(confirm).to_have_count(left)
        head.hands.press(confirm.first)
        expect(head.dialog).to_contain_text("On file")
        head.check()
        head.hands.press(head.dialog.get_by_role("button", name="Confirm"))
        expect(head.dialog).to_have_count(0)
        head.settle()


def win(rm: Desk, pursuit: Pursuit) -> str:
    """Won: a client whose timeline shows the visit. Gives the client's address."""
    move_to(rm, pursuit, "Won")
    send_move(rm)
    rm.said("Moved to “Won”.")
    rm.open(f"/clients/?q={pursuit.name.replace(' ', '+')}")
    rm.hands.press(rm.main.locator("[data-row] [data-open]"))
    expect(rm.main.get_by_role("heading", level=1)).to_contain_text(pursuit.name)
    expect(rm.main.locator(".timeline")).to_contain_text("Asked after the second line", use_inner_text=True)
    rm.check()
    rm.open(rm.page.url)
    visits = rm.main.locator(".timeline li").filter(has_text="Asked after the second line")
    expect(visits).to_have_count(1)
    return rm.page.url


def find_the_next_step_on_today_and_do_it(rm: Desk) -> None:
    """What was promised stands on Today, and one press does it."""
    rm.open("/")
    row = rm.main.locator(".rows li").filter(has_text=PROMISED)
    rm.hands.press(row.get_by_role("button", name="Done"))
    done = rm.main.locator(".rows li").filter(has=rm.page.locator("s", has_text=PROMISED))
    expect(done.get_by_role("button", name="Undo")).to_be_visible()
    rm.check()
    rm.open("/")
    expect(rm.main.locator(".rows li").filter(has_text=PROMISED)).to_have_count(0)


def sign_out(rm: Desk, address: str) -> None:
    """Out by the person's own menu; the page that was open asks for signing in."""
    rm.hands.press(rm.page.locator("summary.userbtn"))
    rm.check()
    rm.hands.press(rm.page.get_by_role("button", name="Sign out"))
    expect(rm.page.get_by_role("button", name="Sign in")).to_be_visible()
    rm.check()
    rm.page.goto(address)
    rm.page.wait_for_url(re.compile("/accounts/login/"))


def test_the_second_of_two_tabs_sees_both_versions(desk: SitDown) -> None:
    rm = desk("rm")
    rm.open("/contacts/")
    first = rm.main.locator("[data-row] [data-open]").first.get_attribute("href")
    address = f"{first}change/"
    stale = rm.new_page()
    stale.goto(address)
    rm.open(address)
    rm.hands.write(field(rm.main, "title"), "Deputy chair")
    rm.hands.press(rm.main.locator("form.card .deck button").first)
    expect(rm.main).to_contain_text("Deputy chair")
    stale.locator("main [name=title]").fill("Group treasurer")
    stale.locator("main form.card .deck button").first.click()
    both = stale.locator("main table.cards")
    expect(both).to_contain_text("Deputy chair")
    expect(both).to_contain_text("Group treasurer")
    stale.locator("main form.card .deck button").first.click()
    stale.wait_for_url(lambda url: "/change/" not in url)
    rm.open(first)
    expect(rm.main).to_contain_text("Group treasurer")
