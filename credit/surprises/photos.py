"""What a photo tells of itself: when and where it was taken, by its EXIF. Read within limits; a photo that tells nothing tells nothing."""

import datetime as dt
import io
import math
from dataclasses import dataclass
from typing import Any

from PIL import ExifTags, Image, UnidentifiedImageError

MOST_PIXELS = 120_000_000
_TAKEN, _OFFSET = ExifTags.Base.DateTimeOriginal, ExifTags.Base.OffsetTimeOriginal


@dataclass(frozen=True)
class Told:
    """Time and place by the photo; None for what it does not tell."""

    taken_at: dt.datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def read(content: bytes, *, zone: dt.tzinfo) -> Told:
    """What the EXIF of a picture says; a time without offset is the wall clock of `zone`. Broken EXIF tells nothing."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return Told()
            exif = picture.getexif()
            details, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
        latitude = _degrees(place, ExifTags.GPS.GPSLatitude, ExifTags.GPS.GPSLatitudeRef, "S", 90)
        longitude = _degrees(place, ExifTags.GPS.GPSLongitude, ExifTags.GPS.GPSLongitudeRef, "W", 180)
        both = latitude is not None and longitude is not None
        return Told(_moment(details, zone), latitude if both else None, longitude if both else None)
    except (UnidentifiedImageError, OSError, ValueError, TypeError, SyntaxError, KeyError, ZeroDivisionError, Image.DecompressionBombError):
        return Told()


def _moment(details: Any, zone: dt.tzinfo) -> dt.datetime | None:
    taken = str(details.get(_TAKEN, "")).strip("\x00 ")
    if not taken:
        return None
    try:
        local = dt.datetime.strptime(taken, "%Y:%m:%d %H:%M:%S").replace(tzinfo=zone)
        offset = str(details.get(_OFFSET, "")).strip("\x00 ")
        return dt.datetime.fromisoformat(f"{local:%Y-%m-%dT%H:%M:%S}{offset}") if offset else local
    except ValueError:
        return None


def _degrees(place: Any, tag: int, side: int, negative: str, most: int) -> float | None:
    parts = place.get(tag)
    if not parts or len(parts) != 3:
        return None
    value = float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
    if not math.isfinite(value) or value > most:
        return None
    return -value if str(place.get(side, "")).startswith(negative) else value
