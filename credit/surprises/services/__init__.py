"""What is done about surprise visits."""

from credit.surprises.services.keeping import keep, reveal
from credit.surprises.services.making import add_photo, cancel, check_in, go_unannounced, keep_premises, record
from credit.surprises.services.ordering import force_draw
from credit.surprises.services.reading import read_plan, replay
from credit.surprises.services.settling import settle

__all__ = [
    "add_photo",
    "cancel",
    "check_in",
    "force_draw",
    "go_unannounced",
    "keep",
    "keep_premises",
    "read_plan",
    "record",
    "replay",
    "reveal",
    "settle",
]
