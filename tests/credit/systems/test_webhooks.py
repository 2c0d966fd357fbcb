"""Webhooks against a real server: signed, tried again, given up, ended; slow and lying receivers; a worker killed in the middle."""

import datetime as dt
import hashlib
import hmac
import json
import os
import signal
import ssl
import subprocess
import threading
import time

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.urls import reverse

from credit.packs import services as packs
from credit.systems import gateways, rules, selectors, services
from credit.systems.choices import DELIVER, DeliveryState
from credit.systems.models import Delivery, Webhook
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.models import Submission
from crm.kernel.outbox import Outbox, deliver_pending
from crm.staff import services as staff
from tests.cast import NOW, fresh
from tests.credit import reviewing
from tests.credit.handoff import making as handoff
from tests.credit.systems import making
from tests.credit.systems.receiving import Receiver

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def receiver(settings):
    server = Receiver()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.WEBHOOK_HOSTS = [server.host]
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def moment():
    """The wall clock at the cast's moment; `shift` moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def hook(bank, receiver, moment):
    return services.make_webhook(url=receiver.url, actor=making.account(bank), now=NOW)


def told(receiver):
    return [json.loads(body)["event"] for _headers, body in receiver.seen]


def test_each_step_from_the_handoff_on_is_told_signed_and_with_ids_alone(bank, receiver, hook):
    pack, _seal = handoff.submitted(bank, amount="8000000")
    deliver_pending()
    assert receiver.seen == [], "nothing before the handoff"
    handoff.decide(bank, pack)
    deliver_pending()
    [(headers, body)] = receiver.seen
    event = json.loads(body)
    assert (event["event"], event["pack_id"], event["version"], event["state"]) == ("pack.handed_off", pack.pk, 1, "handed_off")
    assert set(event) == {"id", "event", "at", "pack_id", "number", "version", "state"}
    assert pack.company.name_en.encode() not in body
    timestamp, signed = (part.split("=")[1] for part in headers["Rapport-Signature"].split(","))
    expected = hmac.new(selectors.secret_of(hook).encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signed, expected)
    assert headers["Rapport-Event"] == str(event["id"])
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last["status"]) == ("done", 1, 204)


def test_the_life_of_a_pack_is_told_in_its_words(bank, receiver, hook):
    pack = reviewing.in_review(bank)
    question = reviewing.ask(bank, pack)
    reviewing.answer(bank, question)
    packs.open_version(pack_id=pack.pk, reason="Another amount", actor=fresh(bank.rm), now=NOW)
    packs.drop_version(pack_id=pack.pk, reason="It stands", actor=fresh(bank.rm), now=NOW)
    packs.withdraw(pack_id=pack.pk, reason="The client went elsewhere", actor=fresh(bank.rm), now=NOW)
    deliver_pending()
    expected = ["pack.in_review", "questions.asked", "question.answered", "pack.resumed", "version.on_hold", "version.restored"]
    assert told(receiver) == [*expected, "pack.withdrawn"]


def test_only_the_events_that_were_asked_for_are_told(bank, receiver, moment):
    services.make_webhook(url=receiver.url, events=["questions.asked"], actor=making.account(bank), now=NOW)
    reviewing.ask(bank, reviewing.in_review(bank))
    deliver_pending()
    assert told(receiver) == ["questions.asked"]


def test_a_system_of_another_centre_hears_nothing(bank, receiver, moment):
    services.make_webhook(url=receiver.url, actor=making.account(bank, unit="far_centre"), now=NOW)
    reviewing.in_review(bank)
    deliver_pending()
    assert receiver.seen == []
    assert not Delivery.objects.exists()


def test_a_system_that_lost_its_post_or_was_shut_out_hears_nothing_more(bank, receiver, hook):
    receiver.answers = [503]
    reviewing.in_review(bank)
    deliver_pending()
    staff.set_active(user_id=hook.account_id, active=False, actor=bank.admin, now=NOW)
    Outbox.objects.filter(done_at=None).update(leased_until=None)
    deliver_pending()
    assert len(receiver.seen) == 1
    assert Delivery.objects.get().state == DeliveryState.DROPPED


def test_a_failing_receiver_is_tried_with_growing_waits_then_given_up_and_asked_for_again(bank, receiver, hook, moment):
    receiver.answers = [500]
    reviewing.in_review(bank)
    figures, waits = selectors.figures(NOW), []
    deliver_pending()
    while (delivery := Delivery.objects.get()).state == DeliveryState.WAITING:
        before = len(receiver.seen)
        deliver_pending()
        assert len(receiver.seen) == before, "not before its time"
        now = dt.datetime.now(dt.UTC)
        waits.append(int((delivery.next_at - now).total_seconds()))
        moment.move_to(delivery.next_at + dt.timedelta(seconds=1), tick=False)
        deliver_pending()
    assert waits == [min(figures["longest_wait"], figures["first_wait"] * figures["factor"] ** n) for n in range(figures["attempts"] - 1)]
    assert (delivery.state, delivery.attempts, len(receiver.seen)) == ("given_up", figures["attempts"], figures["attempts"])
    assert len({headers["Rapport-Event"] for headers, _body in receiver.seen}) == 1, "one event keeps its id"
    receiver.answers = [200]
    services.resend(delivery_id=delivery.pk, actor=hook.account, now=NOW)
    deliver_pending()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("done", figures["attempts"] + 1)


def test_a_worker_killed_between_sending_and_writing_it_down_sends_the_same_event_again(bank, receiver, hook):
    reviewing.in_review(bank)
    victim = []

    def kill(handler):
        os.kill(victim[0], signal.SIGKILL)
        receiver.answers = [204]

    Outbox.objects.exclude(task__startswith="systems.").delete()
    deliver_rows = Outbox.objects.filter(task=DELIVER)
    while not deliver_rows.exists():
        services.spread(event_id=Outbox.objects.filter(task="systems.spread").earliest("pk").args["event_id"], now=NOW)
    receiver.answers = [kill]
    ready, go = os.pipe()
    connections.close_all()
    process = os.fork()
    if process == 0:
        try:
            os.read(ready, 1)
            deliver_pending()
        finally:
            os._exit(0)
    victim.append(process)
    os.write(go, b"1")
    assert os.WIFSIGNALED(os.waitpid(process, 0)[1])
    [delivery] = Delivery.objects.all()
    assert (delivery.state, delivery.attempts) == ("waiting", 0), "the attempt was not written down"
    Outbox.objects.filter(done_at=None).update(leased_until=None, running_until=None)  # as if the lease were over
    deliver_pending()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("done", 1)
    assert len(receiver.seen) == 2
    assert len({headers["Rapport-Event"] for headers, _body in receiver.seen}) == 1
    assert Delivery.objects.count() == 1


def test_a_step_that_is_spread_twice_is_delivered_once(bank, receiver, hook):
    pack = reviewing.in_review(bank)
    event = pack.events.get(act="assign")
    assert [services.spread(event_id=event.pk, now=NOW) for _ in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("status", "headers"), [(301, {"Location": "http://127.0.0.1:1/elsewhere"}), (307, {"Location": "https://example.com/"}), (304, {})]
)
def test_a_redirect_is_not_followed_and_counts_as_not_taken(bank, receiver, hook, status, headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in {**headers, "Content-Length": "0"}.items():
            handler.send_header(name, value)
        handler.end_headers()

    receiver.answers = [answer]
    reviewing.in_review(bank)
    deliver_pending()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.last["status"], len(receiver.seen)) == ("waiting", status, 1)


def test_a_receiver_that_drips_its_answer_is_cut_off_at_the_deadline(receiver):
    def drip(handler):
        for mark in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200:
            handler.wfile.write(bytes([mark]))
            handler.wfile.flush()
            time.sleep(0.1)

    receiver.answers = [drip]
    began = time.monotonic()
    assert gateways.send(receiver.url, b"{}", {}, seconds=1) == (None, "too_slow")
    assert time.monotonic() - began < 10


def test_a_receiver_that_hangs_up_or_is_not_there_is_told_as_such(receiver):
    receiver.answers = [lambda handler: handler.connection.close()]
    assert gateways.send(receiver.url, b"{}", {}, seconds=2)[1] in {"broken", "unreachable"}
    receiver.shutdown()
    receiver.server_close()
    assert gateways.send(receiver.url, b"{}", {}, seconds=2) == (None, "unreachable")


def test_a_certificate_that_nobody_signed_is_refused(receiver, settings, tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    told_to = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(["openssl", "req", "-x509", *told_to], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    receiver.socket = context.wrap_socket(receiver.socket, server_side=True)
    settings.WEBHOOK_HOSTS = [f"localhost:{receiver.server_port}"]
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8", "::1/128"]
    assert gateways.send(f"https://localhost:{receiver.server_port}/hook", b"{}", {}, seconds=3) == (None, "insecure")
    assert receiver.seen == []


def test_a_listed_host_that_leads_into_a_private_network_is_refused_unless_the_network_is_named(receiver, settings):
    settings.WEBHOOK_HOSTS = [f"localhost:{receiver.server_port}", "10.2.0.9", "169.254.169.254", "[fd00::1]"]
    for url in (f"https://localhost:{receiver.server_port}/", "https://10.2.0.9/", "https://169.254.169.254/", "https://[fd00::1]/"):
        assert gateways.send(url, b"{}", {}, seconds=2) == (None, "private"), url
    assert receiver.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "http://credit.example.com/hook",
        "https://other.example.com/",
        "https://credit.example.com:8443/",
        "https://credit.example.com.evil/",
        "https://user:word@credit.example.com/",
        "https://credit.example.com@evil.example/",
        "ftp://credit.example.com/",
        "//credit.example.com",
        "https://credit.example.com\\@evil.example/",
        "https://credit.example.com/\r\nX: y",
        "https://2130706433/",
        "https://[::ffff:7f00:1]/",
        "http://0.0.0.0/",
        "javascript:alert(1)",
        "",
        "https://",
        "https://credit.example.com:99999/",
        "https://credit.example.com/" + "x" * 500,
    ],
)
def test_an_address_that_is_not_on_the_list_is_refused_at_the_making_and_at_the_sending(bank, settings, url):
    settings.WEBHOOK_HOSTS = ["credit.example.com", "127.0.0.1"]
    assert rules.is_allowed("https://credit.example.com/hook?x=1", settings.WEBHOOK_HOSTS)
    with pytest.raises(RuleBroken) as refused:
        services.make_webhook(url=url, actor=making.account(bank), now=NOW)
    assert refused.value.code == "not_listed"
    assert gateways.send(url, b"{}", {}, seconds=1) == (None, "not_listed")


def test_a_host_that_is_taken_off_the_list_hears_nothing_more(bank, receiver, hook, settings):
    settings.WEBHOOK_HOSTS = []
    reviewing.in_review(bank)
    deliver_pending()
    assert receiver.seen == []
    assert Delivery.objects.get().last["failure"] == "not_listed"


def api(bank, account, method, path, body=None, **headers):
    sent = {"Authorization": f"Bearer {making.token(bank, account)}"} | headers
    if method == "get":
        return Client().get(f"/api/v1/credit/{path}", headers=sent)
    return Client().post(f"/api/v1/credit/{path}", json.dumps(body or {}), content_type="application/json", headers=sent)


def test_the_secret_is_shown_once_and_stored_nowhere(bank, receiver, moment):
    account = making.account(bank)
    made = api(bank, account, "post", "webhooks", {"url": receiver.url}, **{"Idempotency-Key": "k1"})
    secret = made.json()["secret"]
    assert made.status_code == 201
    assert secret == selectors.secret_of(Webhook.objects.get())
    again = api(bank, account, "post", "webhooks", {"url": receiver.url}, **{"Idempotency-Key": "k1"})
    assert (again.status_code, again.json()) == (201, made.json() | {"secret": None})
    listed = api(bank, account, "get", "webhooks").content.decode()
    assert secret not in listed
    kept = [str(value) for model in (Webhook, Webhook.history.model, Submission) for row in model.objects.values_list() for value in row]
    assert not any(secret in value for value in kept)


def test_after_a_rotation_both_secrets_sign_for_some_hours(bank, receiver, hook, moment):
    old = selectors.secret_of(hook)
    new = api(bank, hook.account, "post", f"webhooks/{hook.pk}/rotate").json()["secret"]
    assert new != old
    hook.refresh_from_db()
    assert selectors.secrets_of(hook, NOW + dt.timedelta(hours=23)) == [new, old]
    assert selectors.secrets_of(hook, NOW + dt.timedelta(hours=25)) == [new]


def test_a_system_keeps_its_own_webhooks_and_sees_no_others(bank, receiver, hook):
    other = making.account(bank, name="other-system")
    for path in (f"webhooks/{hook.pk}/rotate", f"webhooks/{hook.pk}/end"):
        assert api(bank, other, "post", path).status_code == 404, path
    assert api(bank, other, "get", f"webhooks/{hook.pk}/deliveries").status_code == 404
    assert api(bank, other, "get", "webhooks").json()["items"] == []
    with pytest.raises(NotAllowed):
        services.make_webhook(url=receiver.url, actor=bank.analyst, now=NOW)
    with pytest.raises(RuleBroken):
        services.make_webhook(url=receiver.url, actor=hook.account, now=NOW)


def test_what_was_delivered_is_read_by_its_system_and_asked_for_again(bank, receiver, hook):
    reviewing.in_review(bank)
    deliver_pending()
    [row] = api(bank, hook.account, "get", f"webhooks/{hook.pk}/deliveries").json()["items"]
    assert (row["state"], row["attempts"], row["log"][0]["status"]) == ("done", 1, 204)
    assert api(bank, hook.account, "post", f"deliveries/{row['id']}/resend").json()["state"] == "waiting"
    deliver_pending()
    assert len(receiver.seen) == 2


def test_an_ended_webhook_hears_nothing_and_what_waited_is_dropped(bank, receiver, hook):
    receiver.answers = [500]
    pack = reviewing.in_review(bank)
    deliver_pending()
    services.end_webhook(webhook_id=hook.pk, actor=bank.admin, now=NOW)
    assert Delivery.objects.get().state == DeliveryState.DROPPED
    Outbox.objects.filter(done_at=None).update(leased_until=None)
    reviewing.ask(bank, pack)
    deliver_pending()
    assert len(receiver.seen) == 1
    with pytest.raises(NotAllowed):
        services.end_webhook(webhook_id=hook.pk, actor=bank.admin, now=NOW)


def test_administrators_see_deliveries_without_a_word_of_the_pack_and_end_a_webhook(bank, receiver, hook):
    pack = reviewing.in_review(bank)
    deliver_pending()
    admin, auditor, head = Client(), Client(), Client()
    for browser, person in ((admin, bank.admin), (auditor, bank.auditor), (head, bank.head)):
        browser.force_login(person, backend="crm.staff.backends.PostBackend")
    url = hook.get_absolute_url()
    page = admin.get(url).content.decode()
    assert "pack.in_review" in page
    assert pack.number not in page
    assert pack.company.name_en not in page
    assert hook.url in admin.get(reverse("systems:webhook_list")).content.decode()
    assert (auditor.get(url).status_code, head.get(url).status_code) == (200, 404)
    end = reverse("systems:webhook_end", args=[hook.pk])
    assert (auditor.get(end).status_code, admin.post(end, {"submission": "k1"}).status_code) == (403, 302)
    hook.refresh_from_db()
    assert hook.ended_by == bank.admin
