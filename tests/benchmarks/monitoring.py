"""What monitoring costs: the night for twenty thousand facilities, and the simulation of the draw.

Figures for the night are written by `python -m tests.benchmarks.monitoring DAY`, in a process of its own, on a seeded database.
"""

import datetime as dt
import json
import sys
import time
from pathlib import Path

from tests.benchmarks.figures import Figure, rounded
from tests.benchmarks.stores import Store, environment, run

NIGHT_GOAL, ACCOUNT_YEARS = 300, 100_000
_SHARE_OVERDUE, _SHARE_FALLEN, _SHARE_RETURNED = 40, 50, 100
_SHARE_COVENANTS, _SHARE_LATE = 10, 200


def measure(folder: Path, store: Store) -> list[Figure]:
    """The night of today, twice; then the draw."""
    env = environment(folder, store.address)
    day = dt.date.today().isoformat()
    facilities = int(run(["-W", "ignore", "-m", "tests.benchmarks.monitoring", day], env=env))
    nights = []
    for _ in range(2):
        began = time.perf_counter()
        nights.append((json.loads(run(["manage.py", "nightly", "--as-of", day, "--json"], env=env)), time.perf_counter() - began))
    (first, seconds), (again, seconds_again) = nights
    name = f"monitoring.{store.vendor}"
    told = f"{facilities} facilities, goal: under {NIGHT_GOAL}; clients {first['clients']}, flags {first['flags_raised']}"
    return [
        Figure(f"{name}.night_seconds", rounded(seconds), "s", f"{told}, draws {first['draws']}"),
        Figure(f"{name}.night_again_seconds", rounded(seconds_again), "s", "the same day once more"),
        Figure(f"{name}.again_raised", again["flags_raised"] + again["draws"], "", "0: the same day changes nothing"),
    ]


def draw(folder: Path, store: Store) -> list[Figure]:
    """The simulation as the command runs it."""
    began = time.perf_counter()
    command = ["manage.py", "draw_visits", "--year", "2027", "--simulate", str(ACCOUNT_YEARS), "--json"]
    told = json.loads(run(command, env=environment(folder, store.address)))
    seconds = rounded(time.perf_counter() - began)
    broken = told["gap_violations"] + told["quota_violations"]
    return [
        Figure("monitoring.draw_seconds", seconds, "s", f"{told['account_years']} account-years, {told['draws']} draws"),
        Figure("monitoring.draw_days_p", rounded(told["days_p"]), "", "chi-square: how often chance alone gives as uneven days"),
        Figure("monitoring.draw_slots_p", rounded(told["slots_p"]), "", "the same of the slots"),
        Figure("monitoring.draw_violations", broken, "", "0: gaps and quotas"),
    ]


def fill(on: dt.date) -> int:
    """A facility of every client with something drawn; of each forty one overdue, of each fifty one whose deposits fell; of each ten one
    with a covenant whose test falls due that night, and of each two hundred one whose last certificate is late. How many facilities."""
    from crm.clients.models import Client
    from crm.figures.models import Balance, Conduct, FigureFile, LimitUse

    now = timezone.now()

    def file(kind: str, day: dt.date) -> FigureFile:
        name = f"{kind}-{day}"
        return FigureFile.objects.create(
            kind=kind, on=day, bank="bench", name=name, sha256=f"{hash(name) % 10**60:064}", state="done", started_at=now, finished_at=now
        )

    ids = list(Client.objects.exclude(status="closed").order_by("pk").values_list("pk", flat=True))
    limits = file("limits", on)
    cents = {"limit": 5_000_000_00, "drawn": 2_000_000_00, "limit_hkd": 5_000_000_00, "drawn_hkd": 2_000_000_00}
    rows = (LimitUse(client_id=pk, on=on, file=limits, reference=f"F{pk}", facility="OD", currency="HKD", **cents) for pk in ids)
    LimitUse.objects.bulk_create(rows, batch_size=1000)
    conduct = file("conduct", on)
    Conduct.objects.bulk_create(
        Conduct(
            client_id=pk,
            on=on,
            file=conduct,
            returned_items=3 if pk % _SHARE_RETURNED == 0 else 0,
            returned_amount=0,
            excess_days=10 if pk % _SHARE_OVERDUE == 0 else 0,
        )
        for pk in ids
        if pk % _SHARE_OVERDUE == 0 or pk % _SHARE_RETURNED == 0
    )
    for day, is_now in ((on - dt.timedelta(days=60), False), (on, True)):
        balances = file("balances", day)
        Balance.objects.bulk_create(
            (
                Balance(
                    client_id=pk, on=day, file=balances, kind="current", currency="HKD",
                    **dict.fromkeys(("amount", "amount_hkd"), 40_000_00 if is_now and pk % _SHARE_FALLEN == 0 else 100_000_00),
                )
                for pk in ids
            ),
            batch_size=1000,
        )  # fmt: skip
    promise(on)
    return len(ids)


def promise(on: dt.date) -> None:
    """A live pack with a covenant for one client in ten."""
    from credit.covenants.models import Covenant, CovenantTest
    from credit.packs.models import Pack
    from crm.clients.models import Client

    now = timezone.now()
    writer, checker = User.objects.order_by("pk")[:2]
    clients = [
        one for one in Client.objects.exclude(status="closed").select_related("centre").order_by("pk") if one.pk % _SHARE_COVENANTS == 0
    ]
    told = {"authorship": "A", "segment": "sme", "kind": "new", "state": "available", "state_since": now, "handed_off_at": now}
    packs = Pack.objects.bulk_create(
        (
            Pack(
                number=f"BM-{one.pk}", company_id=one.company_id, jurisdiction=one.centre.jurisdiction, currency=one.centre.currency,
                owner_id=one.owner_id, team_id=one.team_id, centre_id=one.centre_id, **told,
            )
            for one in clients
        ),
        batch_size=1000,
    )  # fmt: skip
    terms = {"metric": "certificate", "document": "certificate", "words": "A certificate each quarter", "frequency": 3, "first_on": on}
    signed = {"proposed_by": writer, "proposed_at": now, "confirmed_by": checker, "confirmed_at": now, "state": "in_force", "next_on": on}
    covenants = Covenant.objects.bulk_create(
        (Covenant(pack=pack, due_days=30, cure_days=30, **terms, **signed) for pack in packs), batch_size=1000
    )
    late = [one for one, client in zip(covenants, clients, strict=True) if client.pk % _SHARE_LATE == 0]
    ended, due = on - dt.timedelta(days=60), on - dt.timedelta(days=30)
    CovenantTest.objects.bulk_create((CovenantTest(covenant=one, ends_on=ended, paper_due_on=due) for one in late), batch_size=1000)


if __name__ == "__main__":
    import django

    django.setup()
    from django.utils import timezone

    from crm.staff.models import User

    print(fill(dt.date.fromisoformat(sys.argv[1])))
