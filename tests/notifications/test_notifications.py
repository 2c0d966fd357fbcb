"""What staff are told: once, in their language, by mail in working hours; readable by them alone."""

import datetime as dt
import email
from email.policy import default as modern
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as outgoing
from django.utils.translation import gettext_lazy as _

from crm.notifications import gateways, services
from crm.notifications.models import Mail, Notification
from crm.staff.models import User
from tests.cast import NOW, Bank
from tests.companies.making import text

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
EVENING = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.UTC)  # Wednesday 20:00 in Hong Kong
OPENS = dt.datetime(2026, 3, 5, 1, 30, tzinfo=dt.UTC)


def tell(*people: Any, kind: str = "app", key: str = "k1", line: Any = "The plant is open", now: dt.datetime = NOW) -> int:
    return services.notify(kind=kind, user_ids=[person.pk for person in people], key=key, line=line, url="/clients/", now=now)


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MAIL_DIR = tmp_path / "mail"
    return settings.MAIL_DIR


def test_each_is_told_once_in_their_own_language(bank: Bank) -> None:
    User.objects.filter(pk=bank.rm2.pk).update(language="zh-hant")
    assert tell(bank.rm, bank.rm2, line=_("Today")) == 2
    assert tell(bank.rm, bank.rm2, bank.arm, line=_("Today")) == 1
    assert dict(Notification.objects.values_list("user__username", "title")) == {"rm": "Today", "rm2": "今日", "arm": "Today"}
    assert not Mail.objects.exists()


def test_whoever_has_left_is_told_nothing_and_a_kind_must_be_known(bank: Bank) -> None:
    User.objects.filter(pk=bank.rm.pk).update(is_active=False)
    assert tell(bank.rm) == 0
    with pytest.raises(LookupError, match="strange"):
        tell(bank.head, kind="strange")


@pytest.mark.parametrize(("kind", "now", "leaves"), [("mail", NOW, NOW), ("mail", EVENING, OPENS), ("now", EVENING, EVENING)])
def test_mail_waits_until_the_persons_centre_is_open_unless_it_is_for_at_once(
    bank: Bank, kind: str, now: dt.datetime, leaves: dt.datetime
) -> None:
    tell(bank.rm, kind=kind, now=now)
    assert Mail.objects.get().deliver_at == leaves


def test_without_a_mail_server_a_mail_is_a_file_and_is_sent_once(bank: Bank, folder: Path) -> None:
    User.objects.filter(pk=bank.rm.pk).update(email="rm@example.com")
    tell(bank.rm, kind="mail", line="廠房開幕", now=EVENING)
    assert services.send_due(now=EVENING) == 0
    assert services.send_due(now=OPENS) == 1
    assert services.send_due(now=OPENS + DAY) == 0
    (file,) = folder.glob("*.eml")
    message = email.message_from_bytes(file.read_bytes(), policy=modern)
    assert (message["To"], message["Subject"]) == ("rm@example.com", "廠房開幕")
    assert "http://127.0.0.1:8000/clients/" in message.get_content()
    assert Mail.objects.get().sent_at == OPENS


def test_with_a_mail_server_it_leaves_by_it(bank: Bank, settings: Any) -> None:
    settings.MAIL_LEAVES = True
    User.objects.filter(pk=bank.rm.pk).update(email="rm@example.com")
    tell(bank.rm, bank.rm2, kind="mail")
    assert services.send_due(now=NOW) == 2
    assert [message.to for message in outgoing.outbox] == [["rm@example.com"]]


def test_what_fails_is_tried_again_later_and_given_up_in_the_end(bank: Bank, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(mail: Mail) -> None:
        raise ConnectionRefusedError

    tell(bank.rm, kind="mail")
    with monkeypatch.context() as broken:
        broken.setattr(gateways, "send", fail)
        assert services.send_due(now=NOW) == 0
    assert services.send_due(now=NOW + dt.timedelta(minutes=1)) == 0  # claimed still
    assert services.send_due(now=NOW + dt.timedelta(minutes=6)) == 1
    tell(bank.rm2, kind="mail")
    Mail.objects.filter(to=bank.rm2).update(attempts=services.ATTEMPTS)
    assert services.send_due(now=NOW + DAY) == 0


def test_a_subject_is_one_line(bank: Bank) -> None:
    tell(bank.rm, kind="mail", line="One\r\nBcc: everybody@example.com")
    assert Mail.objects.get().subject == "One Bcc: everybody@example.com"


def test_everybody_reads_their_own_and_marks_it_as_read(bank: Bank, browse: Any) -> None:
    tell(bank.rm, kind="mail")
    mail, browser = Mail.objects.get(), browse(bank.rm)
    page = text(browser.get("/notifications/"))
    assert "The plant is open" in page
    assert 'href="/clients/"' in page
    assert "The plant is open" not in text(browse(bank.rm2).get("/notifications/"))
    assert "The plant is open" in text(browser.get("/notifications/mails/"))
    assert "can read this mail in Rapport" in text(browser.get(f"/notifications/mails/{mail.pk}/"))
    assert browse(bank.rm2).get(f"/notifications/mails/{mail.pk}/").status_code == 404
    assert browse(bank.rm2).post("/notifications/read/").status_code == 302
    assert Notification.objects.unread().count() == 1
    assert browser.get("/notifications/read/").status_code == 405
    assert "1 marked as read." in text(browser.post("/notifications/read/", follow=True))
    assert not Notification.objects.unread().exists()


def test_what_is_old_is_forgotten(bank: Bank) -> None:
    tell(bank.rm, kind="mail", now=NOW - 181 * DAY)
    tell(bank.rm, kind="mail", key="k2", now=NOW - 179 * DAY)
    assert services.forget_old(now=NOW) == 2
    assert Notification.objects.get().key == Mail.objects.get().key == "k2"
