"""Surprise visits at each point of their way, for the tests: settled, revealed, checked in; records and photos."""

import datetime as dt
import io
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from credit.risk import services as risk
from credit.surprises import drawing, planning, rules, selectors, services
from credit.surprises.models import SurpriseVisit
from credit.surprises.rules import Entry, Place
from credit.surprises.services.making import receive_photo
from tests.cast import NOW, fresh
from tests.credit.monitoring import making

HK = ZoneInfo("Asia/Hong_Kong")
THERE = Place(22.3120, 114.2250)
DAY = dt.timedelta(days=1)


def at(day: dt.date, clock: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), HK)


def watched(bank, loan_class: int = 2, **values):
    """A client in R4, whose frequency is settled as of the cast's day."""
    client = making.client(bank, **values)
    standing = making.standing(bank, client)
    if loan_class > 1:
        risk.downgrade(standing_id=standing.pk, loan_class=loan_class, evidence="Slow", actor=bank.head, now=NOW)
    services.settle(on=making.TODAY, now=NOW)
    return client


def plan(client) -> list[drawing.Drawn]:
    calendar = selectors.calendar_of(client.centre, NOW)
    quotas = selectors.quotas_of([client.pk], since=making.TODAY)[client.pk]
    known = selectors.figures("HK", making.TODAY)
    return list(planning.draws(quotas, days=planning.days_of(calendar, [2026, 2027]), figures=lambda on: known))


def eve_of(client, day: dt.date) -> dt.date:
    return selectors.calendar_of(client.centre, NOW).add_working_days(day, -1)


def revealed(bank, **values) -> SurpriseVisit:
    """The first drawn visit, on the evening before; nobody of its people is told yet."""
    client = watched(bank, **values)
    first = plan(client)[0]
    services.keep(now=at(eve_of(client, first.day), "17:30"))
    return SurpriseVisit.objects.get()


def there(bank, **values) -> SurpriseVisit:
    """Checked in at the start of its slot."""
    visit = revealed(bank, **values)
    services.keep(now=at(visit.on, "08:00"))
    visit.refresh_from_db()
    services.keep_premises(
        client_id=visit.client_id, values={"latitude": THERE.latitude, "longitude": THERE.longitude}, actor=bank.rm, now=NOW
    )
    return services.check_in(visit_id=visit.pk, place=THERE, actor=fresh(visit.visitor), now=visit.begins_at)


def answers(**changed: str) -> dict[int, tuple[str, str]]:
    good = {point.number: ("n" if point.bad == "y" else "y", "") for point in rules.POINTS}
    return good | {int(name[1:]): (answer, "") for name, answer in changed.items()}


def entry(**values) -> Entry:
    given = {"answers": answers(), "people_seen": 40, "on_payroll": 41, "result": "satisfactory", "result_reason": "All as it should be"}
    return Entry(**given | values)


def jpeg(taken: str = "", latitude: float | None = None, colour: int = 0) -> bytes:
    picture = Image.new("RGB", (8, 8), (colour, 0, 0))
    exif = Image.Exif()
    if taken:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    if latitude is not None:
        place = exif.get_ifd(ExifTags.IFD.GPSInfo)
        degrees, minutes = divmod(latitude * 60, 60)
        place.update({1: "N", 2: (degrees, minutes, 0.0), 3: "E", 4: (114.0, 13.5, 0.0)})
    held = io.BytesIO()
    picture.save(held, "JPEG", exif=exif)
    return held.getvalue()


def photo(visit, content: bytes, point: int = 1):
    actor = fresh(visit.visitor)
    file = receive_photo(SimpleUploadedFile("door.jpg", content, "image/jpeg"), actor=actor)
    return services.add_photo(visit_id=visit.pk, point=point, file_id=file.pk, actor=actor, now=visit.begins_at)
