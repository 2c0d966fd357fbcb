"""Business operations of capture.

import_files(files, actor=, now=, source=, klass=) -> Report        files by name and path
add_pasted(title=, text=, ..., actor=, now=) -> Clipping             what somebody typed or pasted
bring_in(url= or file=, ..., actor=, now=) -> Job                    an address or a file, in the background
carry_out(job, now=)                                                 the background part
collect(source_id, now=) -> Report | None                            a feed that is due
"""

from content.capture.services.adding import CARRY_OUT, add_pasted, bring_in, carry_out
from content.capture.services.collecting import COLLECT, ask_for_due_feeds, collect
from content.capture.services.importing import Report, import_files

__all__ = ["CARRY_OUT", "COLLECT", "Report", "add_pasted", "ask_for_due_feeds", "bring_in", "carry_out", "collect", "import_files"]
