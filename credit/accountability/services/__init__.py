"""Files opened and frozen by themselves; what people write into them; who reads them."""

from credit.accountability.services.freezing import freeze, hear_class
from credit.accountability.services.keeping import bring_paper, note_reading, open_file, watch, write_entry

__all__ = ["bring_paper", "freeze", "hear_class", "note_reading", "open_file", "watch", "write_entry"]
