"""The morning brief, alerts, clippings, letters and the library."""

from tests.access.people import BUSINESS, CENTRE_HEADS, COMPLIANCE, OVER_RM
from tests.access.rules import CLIPPERS, DIRECTORY, NEWS, WORKERS, Rule, own, part, record

RULES: dict[str, Rule] = {
    "brief:brief": Rule(BUSINESS),
    "brief:brief_card": Rule(BUSINESS),
    "brief:reading_done": Rule(BUSINESS),
    "brief:reading_day": own("reading", opens=302),
    "alerts:alert_list": Rule(DIRECTORY),
    "alerts:alert_create": Rule(DIRECTORY),
    "alerts:alert_preview": Rule(DIRECTORY),
    "alerts:alert_update": own("alert"),
    "alerts:alert_remove": own("alert"),
    "brief:story_put_aside": Rule(BUSINESS, ("clipping",), 404, refused=NEWS - BUSINESS),
    "papers:letter_create": part(WORKERS),
    "papers:letter_detail": record(OVER_RM, "letter"),
    "papers:letter_pdf": record(OVER_RM, "letter"),
    "papers:refusal_list": Rule(COMPLIANCE | {"auditor"}),
    "library:sheet_list": Rule(NEWS),
    "library:sheet_detail": Rule(NEWS, ("sheet",), 404),
    "library:sheet_file": Rule(NEWS, ("sheet",), 404),
    # News: public clippings for all but administrators.
    "clippings:clipping_list": Rule(NEWS),
    "clippings:clipping_detail": Rule(NEWS, ("clipping",), 404),
    "clippings:company_news": part(NEWS),
    "clippings:inbox": Rule({"editor"}),
    "clippings:inbox_published": Rule({"editor"}),
    "clippings:inbox_publish": Rule({"editor"}, opens=302),
    "clippings:inbox_tag": Rule({"editor"}, opens=302),
    "clippings:published_tag": Rule({"editor"}, opens=302),
    "clippings:published_withdraw": Rule({"editor"}, opens=302),
    "clippings:mention_confirm": record(CLIPPERS | CENTRE_HEADS, "mention", NEWS),
    "clippings:mention_refuse": record(CLIPPERS | CENTRE_HEADS, "mention", NEWS),
    "capture:clipping_add": Rule(CLIPPERS),
}
