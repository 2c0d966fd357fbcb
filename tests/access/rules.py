"""Who reaches each address by GET, from domain 1.2. An address without a rule fails the build.

`targets`: which records of the world the address names. Everybody signed in who is not in `who` gets `others`: 404 where the record is
hidden from them, 403 where they may know of it but not do this; `refused` are those who see the record and are refused.
"""

from dataclasses import dataclass

from tests.access.people import (
    ADMINS,
    BRANCH,
    BUSINESS,
    CENTRE_HEADS,
    COMPLIANCE,
    EVERYBODY,
    HEAD_OFFICE,
    OVER_RM,
    READERS_OF_ALL,
    RELATIONSHIP,
    STAFF_READERS,
    TEAM_HEADS,
)

NOBODY: frozenset[str] = frozenset()
OWNER = frozenset({"rm"})
WORKERS = frozenset({"rm", "head", "centre"})
BUSINESS_READERS = BUSINESS | READERS_OF_ALL
DIRECTORY = EVERYBODY - ADMINS
DIRECTORY_FACTS = DIRECTORY - BRANCH
CLIENT_NAMES = BRANCH | {"finance"}
# A team mate sees the outline of a deal: company, stage, owner.
DEAL_READERS = OVER_RM | {"rm2"}
POST_ONLY = 405
IMPORTERS = BUSINESS | HEAD_OFFICE
IMPORT_READERS = OWNER | READERS_OF_ALL
# Domain 1.2, "Clippings": all but administrators read public ones; who adds them, and centre heads, say whom they mean.
NEWS = EVERYBODY - ADMINS
INTERNAL_NEWS = NEWS - BRANCH - {"cad", "cad2", "ops", "specialist"}
CLIPPERS = RELATIONSHIP | TEAM_HEADS | {"editor"}

CREDIT_APPROVERS = frozenset({"co1", "co2", "approver"})
CONCESSION_READERS = BUSINESS_READERS | CREDIT_APPROVERS | {"chair", "ops", "finance"}
SEE_CONCESSION = OVER_RM | {"finance"}


@dataclass(frozen=True)
class Rule:
    """Who gets the page (`opens`, usually 200); what the refused and all others get."""

    who: frozenset[str]
    targets: tuple[str, ...] = ()
    others: int = 403
    refused: frozenset[str] = NOBODY
    opens: int = 200
    query: str = ""

    def expected(self, name: str) -> int:
        """The status that GET answers this person."""
        if name in self.who:
            return self.opens
        return 403 if name in self.refused else self.others


def own(target: str, opens: int = 200) -> Rule:
    """A record that is `rm`'s alone."""
    return Rule(OWNER, (target,), 404, opens=opens)


def part(who: frozenset[str], *targets: str) -> Rule:
    """A part of a company: administrators do not see the company, others who see it are refused."""
    return Rule(who, targets or ("company",), 404, refused=DIRECTORY - who)


def record(who: frozenset[str], target: str, seen_by: frozenset[str] = OVER_RM) -> Rule:
    """A record that `seen_by` see; of them `who` may do this."""
    return Rule(who, (target,), 404, refused=seen_by - who)


SIGN_IN = {"staff:sign_in": Rule(EVERYBODY, opens=302), "staff:sign_out": Rule(EVERYBODY, opens=POST_ONLY)}
EVERYONES = {
    name: Rule(EVERYBODY)
    for name in (
        "today:today", "today:work_list", "today:task_create", "web:job_list", "web:savedview_create", "staff:account", "staff:password",
        "staff:token_create", "staff:token_shown", "search:search", "search:palette", "healthz",
    )
}  # fmt: skip

BRIEF: dict[str, Rule] = {
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
}

# Whoever holds a post in which requests are decided; a request itself only in its queue.
DECIDERS = EVERYBODY - RELATIONSHIP - BRANCH - ADMINS - {"analyst", "analyst2", "specialist", "editor", "auditor"}
APPROVALS: dict[str, Rule] = {
    "approvals:request_list": Rule(DECIDERS),
    "approvals:request_detail": Rule(frozenset({"head"}), ("approval",), 404),
    "approvals:request_together": Rule(DECIDERS, opens=302),
    "approvals:decided_list": Rule(DECIDERS),
    "notifications:notification_list": Rule(EVERYBODY),
    "notifications:notifications_read": Rule(EVERYBODY, opens=POST_ONLY),
    "notifications:mail_list": Rule(EVERYBODY),
    "notifications:mail_detail": own("mail"),
}

PAPERS: dict[str, Rule] = {
    "papers:letter_create": part(WORKERS),
    "papers:letter_detail": record(OVER_RM, "letter"),
    "papers:letter_pdf": record(OVER_RM, "letter"),
    "papers:refusal_list": Rule(COMPLIANCE | {"auditor"}),
    "library:sheet_list": Rule(NEWS),
    "library:sheet_detail": Rule(NEWS, ("sheet",), 404),
    "library:sheet_file": Rule(NEWS, ("sheet",), 404),
}

FIGURE_FILES = HEAD_OFFICE | {"finance", "ops", "auditor"}
SPREAD_READERS = BUSINESS_READERS | CREDIT_APPROVERS | {"analyst", "analyst2", "chair", "cad", "cad2"}
GIVERS = BUSINESS | HEAD_OFFICE
GIFT_READERS = BUSINESS | READERS_OF_ALL | {"finance", "ops"}
OVER_GIFT = OVER_RM | {"finance"}
IN_STOCK = frozenset({"arm", "rm", "rm2", "sibling", "head", "head2", "centre", "ops", "finance"}) | READERS_OF_ALL

GIFTS: dict[str, Rule] = {
    "gifts:gift_list": Rule(GIFT_READERS),
    "gifts:ledger": Rule(GIFT_READERS),
    "gifts:gift_create": Rule(GIVERS),
    "gifts:gift_declare": Rule(GIVERS),
    "gifts:room": part(WORKERS | HEAD_OFFICE),
    "gifts:company_gifts": part(GIFT_READERS),
    "gifts:gift_detail": record(OVER_GIFT, "gift", OVER_GIFT),
    "gifts:gift_decide": record(frozenset({"head", "centre"}) | HEAD_OFFICE, "gift", OVER_GIFT),
    "gifts:gift_issue": record(frozenset({"head", "centre", "ops"}), "gift_approved", OVER_GIFT | {"ops"}),
    "gifts:gift_hand_over": record(OWNER, "gift_issued", OVER_GIFT | {"ops"}),
    "gifts:gift_decline": record(OWNER, "gift_issued", OVER_GIFT | {"ops"}),
    "gifts:gift_cancel": record(OWNER, "gift", OVER_GIFT),
    "gifts:gift_dispose": record(OWNER, "gift_received", OVER_GIFT),
    "gifts:item_list": Rule(GIFT_READERS),
    "gifts:item_create": Rule(CENTRE_HEADS | HEAD_OFFICE | {"finance"}),
    "gifts:item_detail": record(IN_STOCK, "gift_item", IN_STOCK),
    "gifts:item_update": record(CENTRE_HEADS | HEAD_OFFICE | {"finance"}, "gift_item", IN_STOCK),
    "gifts:stock_move": record(frozenset({"centre", "ops"}), "gift_item", IN_STOCK),
}
# Figures: seen by all where their table is open; changed by two people, a person's own by the heads. Covers by those who decide.
CHANGE_READERS = READERS_OF_ALL | {"head", "centre"}
COVERS = frozenset({"head", "head2", "centre"} | HEAD_OFFICE)
POLICIES: dict[str, Rule] = {
    "policy:table_list": Rule(EVERYBODY),
    "policy:table_detail": Rule(EVERYBODY, ("policy",)),
    "policy:change_create": Rule(HEAD_OFFICE, ("policy",)),
    "policy:own_create": Rule(TEAM_HEADS | CENTRE_HEADS | HEAD_OFFICE, ("policy",)),
    "policy:change_list": Rule(READERS_OF_ALL | TEAM_HEADS | CENTRE_HEADS),
    "policy:change_detail": record(CHANGE_READERS, "figure_change", CHANGE_READERS),
    "policy:change_approve": record(HEAD_OFFICE | CENTRE_HEADS, "figure_change", CHANGE_READERS),
    "policy:change_refuse": record(HEAD_OFFICE | CENTRE_HEADS, "figure_change", CHANGE_READERS),
    "policy:change_withdraw": record(frozenset({"head"}), "figure_change", CHANGE_READERS),
    "staff:cover_list": Rule(EVERYBODY - RELATIONSHIP - BRANCH - {"analyst", "analyst2", "specialist", "editor"}),
    "staff:cover_create": Rule(frozenset({"head", "centre"}) | HEAD_OFFICE, ("desk",), 404),
    "staff:cover_end": record(COVERS, "cover", COVERS | STAFF_READERS),
}
HOSTS = BUSINESS | HEAD_OFFICE
CHECKERS = READERS_OF_ALL | {"finance"}
SEE_EVENTS = OVER_RM | {"finance"}
DECIDE_EVENTS = frozenset({"head", "centre"}) | HEAD_OFFICE


def event(who: frozenset[str], target: str = "event") -> Rule:
    """An event of `rm`'s, which finance sees too."""
    return record(who, target, SEE_EVENTS)


# Hospitality: the host, the heads above, those who check the whole bank; the books for those alone.
HOSPITALITY: dict[str, Rule] = {
    "hospitality:request_list": Rule(BUSINESS | CHECKERS),
    "hospitality:request_create": Rule(HOSTS),
    "hospitality:company_hospitality": part(BUSINESS | CHECKERS),
    "hospitality:request_room": part(WORKERS | HEAD_OFFICE),
    "hospitality:exceptions": Rule(CHECKERS),
    "hospitality:effect": Rule(TEAM_HEADS | CENTRE_HEADS | READERS_OF_ALL),
    "hospitality:batch_list": Rule(CHECKERS),
    "hospitality:batch_create": Rule(frozenset({"finance"})),
    "hospitality:batch_detail": Rule(CHECKERS, ("batch",), 404),
    "hospitality:batch_file": Rule(CHECKERS, ("batch",), 404),
    "hospitality:batch_pay": record(frozenset({"finance"}), "batch", CHECKERS),
    "hospitality:receipt_download": Rule(NOBODY, ("receipt",), 404),
    "hospitality:extra_grant": event(frozenset({"centre"}) | HEAD_OFFICE, "extra"),
    "hospitality:extra_refuse": event(frozenset({"centre"}) | HEAD_OFFICE, "extra"),
    "hospitality:request_detail": event(SEE_EVENTS),
    "hospitality:request_outline": event(SEE_EVENTS),
    "hospitality:request_report": event(SEE_EVENTS, "reported"),
    "hospitality:request_claim": event(SEE_EVENTS, "claimed"),
    "hospitality:request_history": event(SEE_EVENTS),
    "hospitality:request_update": own("draft"),
    "hospitality:request_submit": own("draft"),
    "hospitality:request_cancel": event(OWNER),
    "hospitality:request_consent": event(COMPLIANCE, "official"),
    "hospitality:request_approve": event(DECIDE_EVENTS, "asked"),
    "hospitality:request_return": event(DECIDE_EVENTS, "asked"),
    "hospitality:request_reject": event(DECIDE_EVENTS, "asked"),
    "hospitality:request_pass_up": event(DECIDE_EVENTS, "asked"),
    "hospitality:request_reopen": event(frozenset({"centre"}) | HEAD_OFFICE, "expired"),
    "hospitality:report_create": event(OWNER, "held"),
    "hospitality:report_room": event(OWNER, "held"),
    "hospitality:claim_create": event(OWNER, "reported"),
    "hospitality:claim_verify": event(frozenset({"finance"}), "claimed"),
    "hospitality:claim_query": event(frozenset({"finance"}), "claimed"),
    "hospitality:claim_claw_back": event(frozenset({"finance"}), "posted"),
    "hospitality:extra_create": event(OWNER, "over"),
}

# Credit packs: who looks after them, their heads, those who read all; the credit department once they are handed off.
PACK_READERS = BUSINESS_READERS | CREDIT_APPROVERS | {"analyst", "analyst2", "chair", "cad", "cad2"}
TEAM_MATES = frozenset({"arm", "rm2"})
SEE_SEALED = OVER_RM | CREDIT_APPROVERS | {"analyst", "analyst2", "chair"}
SEE_PAPER = OVER_RM | TEAM_MATES
# What the credit department does with packs that were handed off, and what follows its decision.
CREDIT_STAFF = CREDIT_APPROVERS | {"analyst", "analyst2", "chair"}
ANALYSTS = frozenset({"analyst", "analyst2"})
CAD = frozenset({"cad", "cad2"})
SEE_DECIDED = SEE_SEALED | CAD
REVIEWER = frozenset({"analyst"})
REVIEWS: dict[str, Rule] = {
    "reviews:intake": Rule(CREDIT_STAFF | READERS_OF_ALL),
    "reviews:take_next": Rule(ANALYSTS),
    "reviews:intake_card": record(CREDIT_STAFF | READERS_OF_ALL, "pack_in_review", SEE_SEALED),
    "reviews:assign": record(ANALYSTS | CREDIT_APPROVERS, "pack_sealed", SEE_SEALED),
    "reviews:rate": record(REVIEWER, "pack_in_review", SEE_SEALED),
    "reviews:return_pack": record(REVIEWER | CREDIT_APPROVERS, "pack_in_review", SEE_SEALED),
    "reviews:draft_question": record(REVIEWER | CREDIT_APPROVERS, "pack_in_review", SEE_SEALED),
    "reviews:send_questions": record(REVIEWER | CREDIT_APPROVERS, "pack_in_review", SEE_SEALED),
    "reviews:questions": record(SEE_SEALED, "pack_asked", SEE_SEALED),
    "reviews:resume": record(OWNER, "pack_asked", SEE_SEALED),
    "reviews:answer": record(OWNER, "question", SEE_SEALED),
    **{f"reviews:{name}": record(REVIEWER | CREDIT_APPROVERS, "question_answered", SEE_SEALED) for name in ("accept", "reopen")},
    "reviews:withdraw_question": record(REVIEWER | CREDIT_APPROVERS, "question_answered", SEE_SEALED),
    "reviews:evidence": record(SEE_SEALED, "answer_evidence", SEE_SEALED),
    "reviews:start_memo": record(REVIEWER, "pack_by_credit", SEE_SEALED),
    **{f"reviews:{name}": record(REVIEWER, "pack_in_writing", SEE_SEALED) for name in ("write_memo", "send_facts")},
    "reviews:check_facts": record(OWNER, "pack_in_facts", SEE_SEALED),
    "decisions:route": record(REVIEWER, "pack_rated", SEE_SEALED),
    **{f"decisions:{name}": record(CREDIT_APPROVERS, "pack_up", SEE_SEALED) for name in ("decide", "pass_up")},
    "decisions:propose_condition": record(CREDIT_STAFF, "pack_up", SEE_SEALED),
    "decisions:take_condition_back": record(CREDIT_STAFF, "condition_proposed", CREDIT_STAFF | READERS_OF_ALL),
    "decisions:put_motion": record(frozenset({"chair"}), "pack_at_committee", SEE_SEALED),
    **{f"decisions:{name}": record(frozenset({"chair"}), "pack_in_vote", SEE_SEALED) for name in ("vote", "close_motion")},
    "decisions:answer_deferral": record(REVIEWER, "pack_deferred", SEE_SEALED),
    "decisions:appeal": record(OWNER, "pack_declined", SEE_DECIDED),
    "decisions:offer": record(frozenset({"cad"}), "pack_lettered", SEE_DECIDED),
    "decisions:draw_letter": record(CAD, "pack_approved", SEE_DECIDED),
    "decisions:letter_pdf": record(SEE_DECIDED, "facility_letter", SEE_DECIDED),
    "decisions:accept": record(OWNER, "pack_offered", SEE_DECIDED),
    "decisions:go_live": record(CAD, "pack_with_conditions", SEE_DECIDED),
    "decisions:show_condition": record(CAD, "condition_open", SEE_DECIDED),
    "decisions:check_condition": record(frozenset({"cad2"}), "condition_shown", SEE_DECIDED),
    "decisions:waive_condition": record(CREDIT_APPROVERS | {"chair"}, "condition_open", SEE_DECIDED),
    "decisions:suspend": record(CREDIT_APPROVERS | {"chair"}, "pack_live", SEE_DECIDED),
    "decisions:restore": record(CREDIT_APPROVERS | {"chair"}, "pack_suspended", SEE_DECIDED),
    "decisions:cancel": record(OWNER, "pack_live", SEE_DECIDED),
}

# Red flags: with the client, and for those who judge; the credit department verifies papers, and nobody who speaks with the client.
FLAG_READERS = BUSINESS_READERS | CREDIT_STAFF
SEE_FLAG = OVER_RM | CREDIT_STAFF
NEAR_FLAG = WORKERS | CREDIT_STAFF | COMPLIANCE
SEE_CHECK = CREDIT_STAFF | READERS_OF_ALL | CENTRE_HEADS
DIRECTORY_READERS = CREDIT_STAFF | READERS_OF_ALL | {"editor"}
DIRECTORY_KEEPERS = CREDIT_STAFF | {"editor"}
SEE_PAYMENT = SEE_DECIDED | {"ops"}
MONITORING: dict[str, Rule] = {
    "payments:payment_list": Rule(PACK_READERS | {"ops"}),
    "payments:payment_ask": record(CREDIT_STAFF, "live", SEE_DECIDED),
    "payments:payment_detail": record(SEE_PAYMENT, "payment", SEE_PAYMENT),
    "payments:payment_check": record(CAD, "payment", SEE_PAYMENT),
    "payments:payment_pay": record(frozenset({"ops"}), "payment_checked", SEE_PAYMENT),
    "payments:payment_reject": record(CAD, "payment", SEE_PAYMENT),
    "payments:voucher_bring": record(OWNER | CREDIT_STAFF, "payment_paid", SEE_PAYMENT),
    "payments:voucher_download": record(SEE_PAYMENT, "payment_voucher", SEE_PAYMENT),
    "flags:flag_list": Rule(FLAG_READERS),
    "flags:flag_raise": Rule(FLAG_READERS - {"auditor"} | BRANCH | {"ops"}),
    "flags:company_flags": part(FLAG_READERS),
    "flags:flag_detail": record(SEE_FLAG, "flag", SEE_FLAG),
    "flags:flag_answer": record(NEAR_FLAG, "flag", SEE_FLAG),
    "flags:flag_read": record(frozenset({"head", "centre"}), "flag", SEE_FLAG),
    "flags:flag_close": record(frozenset({"head", "centre"}), "flag", SEE_FLAG),
    "flags:flag_keep": record(COMPLIANCE, "flag_signed", SEE_FLAG),
    "flags:evidence": record(SEE_FLAG, "flag_event", SEE_FLAG),
    "flags:suggestion_list": Rule(FLAG_READERS),
    **{f"flags:suggestion_{act}": record(NEAR_FLAG, "suggestion", SEE_FLAG) for act in ("take", "refuse")},
    "verifications:verification_list": Rule(SEE_CHECK),
    "verifications:verification_open": Rule(CREDIT_STAFF),
    "verifications:verification_detail": record(SEE_CHECK, "check", SEE_CHECK),
    **{f"verifications:{name}": record(CREDIT_STAFF, "check", SEE_CHECK) for name in ("note_ship", "send")},
    **{f"verifications:{name}": record(CREDIT_STAFF, "check_sent", SEE_CHECK) for name in ("chase", "settle")},
    "verifications:original": record(SEE_CHECK, "check_step", SEE_CHECK),
    "verifications:contact_list": Rule(DIRECTORY_READERS),
    "verifications:contact_create": Rule(DIRECTORY_KEEPERS),
    "verifications:contact_update": record(DIRECTORY_KEEPERS, "check_contact", DIRECTORY_READERS),
}

SEE_STANDING = OVER_RM | CREDIT_APPROVERS | {"chair"}
SEE_SURPRISE = frozenset({"rm", "centre"}) | READERS_OF_ALL
SEE_CLIENT = OVER_RM | CLIENT_NAMES
SURPRISES: dict[str, Rule] = {
    **{name: Rule(SPREAD_READERS) for name in ("risk:standing_list", "surprises:board", "surprises:visit_list")},
    **{name: part(SPREAD_READERS) for name in ("risk:company_risk", "surprises:company_visits")},
    "risk:standing_detail": record(SEE_STANDING, "standing", SEE_STANDING),
    "risk:begin": record(frozenset({"rm", "head"}), "client", SEE_CLIENT),
    "risk:propose": record(OWNER, "standing", SEE_STANDING),
    "risk:downgrade": record(WORKERS | COMPLIANCE | CREDIT_APPROVERS | {"chair"}, "standing", SEE_STANDING),
    **{f"risk:{name}": record(frozenset({"head"}), "class_proposed", SEE_STANDING) for name in ("review", "refuse")},
    "risk:withdraw": record(OWNER, "class_proposed", SEE_STANDING),
    "risk:set_class": record(CREDIT_APPROVERS, "class_reviewed", SEE_STANDING),
    "surprises:visit_detail": record(SEE_SURPRISE, "surprise", SEE_SURPRISE),
    "surprises:photo": record(SEE_SURPRISE, "surprise_photo", SEE_SURPRISE),
    "surprises:check_in": record(OWNER, "surprise", SEE_SURPRISE),
    "surprises:record": record(OWNER, "surprise_at_place", SEE_SURPRISE),
    "surprises:cancel": record(CENTRE_HEADS, "surprise", SEE_SURPRISE),
    "surprises:go": record(OWNER, "client", SEE_CLIENT),
    "surprises:premises": record(WORKERS, "client", SEE_CLIENT),
    "surprises:plan": record(COMPLIANCE, "client", SEE_CLIENT),
}

CREDIT: dict[str, Rule] = {
    **SURPRISES,
    "packs:pack_list": Rule(PACK_READERS),
    "packs:pack_create": Rule(RELATIONSHIP | TEAM_HEADS),
    "packs:company_packs": part(PACK_READERS),
    "packs:pack_detail": record(OVER_RM, "pack"),
    "packs:pack_events": record(OVER_RM, "pack"),
    "packs:pack_card": Rule(OVER_RM, ("pack", "pack_card"), 404),
    "packs:version_compare": record(OVER_RM, "pack_reopened"),
    "packs:start_docs": record(OWNER, "pack"),
    "packs:start_writing": record(OWNER, "pack_in_docs"),
    "packs:withdraw": record(OWNER, "pack"),
    "packs:open_version": record(OWNER, "pack_sealed", SEE_SEALED),
    "packs:drop_version": record(OWNER, "pack_reopened", SEE_SEALED),
    "packs:borrower_kind": record(OWNER, "pack"),
    **{f"packs:{name}_create": record(OWNER, "pack") for name in ("facility", "party", "security")},
    **{f"packs:{name}_{verb}": record(OWNER, name) for name in ("facility", "party", "security") for verb in ("update", "remove")},
    **REVIEWS,
    "memos:application": record(OVER_RM, "pack"),
    "memos:section_update": record(frozenset({"rm", "head", "centre"}), "section"),
    "memos:attest": record(OWNER, "pack_reopened", SEE_SEALED),
    "handoff:submit": record(NOBODY, "pack_reopened", SEE_SEALED),
    "handoff:version_pdf": record(SEE_SEALED, "version", SEE_SEALED),
    "handoff:version_zip": record(SEE_SEALED, "version", SEE_SEALED),
    "systems:webhook_list": Rule(STAFF_READERS),
    "systems:webhook_detail": record(STAFF_READERS, "webhook", STAFF_READERS),
    "systems:webhook_end": record(ADMINS, "webhook", STAFF_READERS),
    "spreads:spread_list": Rule(SPREAD_READERS),
    "spreads:spread_begin": Rule(BUSINESS | {"analyst", "analyst2"}),
    "spreads:company_spread": part(SPREAD_READERS),
    **{
        f"spreads:spread_{name}": record(SEE_SEALED, "spread", SEE_SEALED)
        for name in ("detail", "ratios", "lines", "stress", "need", "past")
    },
    **{f"spreads:{name}": record(WORKERS | ANALYSTS, "spread", SEE_SEALED) for name in ("details_change", "period_enter", "file_bring")},
    "spreads:spread_check": record(frozenset({"head", "centre"}) | ANALYSTS | CREDIT_APPROVERS, "spread", SEE_SEALED),
    "spreads:upload_map": record(WORKERS | ANALYSTS, "upload", SEE_SEALED),
    "exposure:exposure_list": Rule(PACK_READERS),
    "exposure:exposure_detail": Rule(SEE_SEALED, ("pack_company",), 404),
    "checklists:item_list": Rule(BUSINESS),
    "checklists:item_detail": record(SEE_PAPER, "paper", SEE_PAPER),
    "checklists:check": record(TEAM_MATES | {"head", "centre"}, "paper", SEE_PAPER),
    "checklists:send_back": record(TEAM_MATES | {"head", "centre"}, "paper", SEE_PAPER),
    "checklists:leave_out": record(OWNER, "paper_missing"),
    "checklists:ask_again": record(OWNER, "paper_left_out"),
    "checklists:waiver_ask": record(OWNER, "paper_missing"),
    "checklists:waiver_decide": record(frozenset({"head", "centre"}), "waiver"),
    **{f"checklists:{name}": record(OWNER, "pack") for name in ("receive", "requested", "letter")},
    "checklists:document_download": record(SEE_PAPER, "document", SEE_PAPER),
    "checklists:document_use": record(OWNER, "document", SEE_PAPER),
    "checklists:document_remove": record(OWNER, "document", SEE_PAPER),
}

RULES: dict[str, Rule] = {
    **SIGN_IN,
    **CREDIT,
    **MONITORING,
    **POLICIES,
    **HOSPITALITY,
    **BRIEF,
    **PAPERS,
    **APPROVALS,
    **GIFTS,
    **EVERYONES,
    "set_language": Rule(EVERYBODY, opens=POST_ONLY),
    "today:task_done": Rule(EVERYBODY, ("task",), opens=POST_ONLY),
    "today:task_reopen": Rule(EVERYBODY, ("done",), opens=POST_ONLY),
    "today:task_postpone": own("task"),
    "today:task_drop": own("task"),
    "web:job_detail": own("job"),
    "web:job_progress": own("job"),
    "web:job_file": Rule(NOBODY, ("job",), 404),
    "web:job_cancel": own("job"),
    "web:savedview_remove": own("view"),
    "staff:token_revoke": own("token"),
    # Staff and units: administrators change, compliance and audit read.
    "staff:user_list": Rule(STAFF_READERS),
    "staff:user_create": Rule(ADMINS),
    "staff:user_detail": record(STAFF_READERS, "person", STAFF_READERS),
    "staff:user_active": record(ADMINS, "person", STAFF_READERS),
    "staff:change_create": record(ADMINS, "person", STAFF_READERS),
    "staff:change_list": Rule(STAFF_READERS),
    "staff:change_detail": record(STAFF_READERS, "change", STAFF_READERS),
    "staff:change_approve": record(frozenset({"admin2"}), "change", STAFF_READERS),
    "staff:change_refuse": record(frozenset({"admin2"}), "change", STAFF_READERS),
    "staff:system_create": Rule(ADMINS),
    "staff:system_token": record(ADMINS, "system", STAFF_READERS),
    "staff:token_confirm": record(frozenset({"admin2"}), "system_token", STAFF_READERS),
    "staff:token_end": record(ADMINS, "system_token", STAFF_READERS),
    "staff:unit_list": Rule(STAFF_READERS),
    "staff:unit_create": Rule(ADMINS),
    "staff:unit_detail": Rule(STAFF_READERS, ("unit",)),
    "staff:unit_update": Rule(ADMINS, ("unit",)),
    "staff:day_set": Rule(ADMINS, ("unit",)),
    # Companies: directory facts for all but administrators; names only for the branches; changed by who looks after them.
    "companies:company_list": Rule(DIRECTORY),
    "companies:company_create": Rule(BUSINESS),
    "companies:company_detail": part(DIRECTORY),
    "companies:company_timeline": part(DIRECTORY_FACTS),
    "companies:company_names": part(DIRECTORY_FACTS),
    "companies:company_sources": part(DIRECTORY_FACTS),
    "companies:company_members": part(DIRECTORY_FACTS),
    "companies:company_people": part(BUSINESS_READERS),
    "companies:company_history": part(OVER_RM),
    "companies:company_update": part(WORKERS),
    "companies:company_group": part(WORKERS),
    "companies:contact_create": part(WORKERS),
    "companies:name_create": part(WORKERS),
    "companies:name_remove": part(WORKERS, "company", "name"),
    "companies:identifier_create": part(WORKERS),
    "companies:address_create": part(WORKERS),
    "companies:contact_list": Rule(BUSINESS_READERS),
    "companies:contact_detail": record(OVER_RM, "contact"),
    "companies:contact_known": record(OVER_RM, "contact"),
    "companies:contact_history": record(OVER_RM, "contact"),
    "companies:contact_update": record(WORKERS, "contact"),
    "companies:contact_consent": record(WORKERS, "contact"),
    "companies:contact_opt_out": record(WORKERS, "contact"),
    "companies:contact_left": record(WORKERS, "contact"),
    "companies:group_list": Rule(BUSINESS_READERS),
    "companies:group_detail": record(OVER_RM, "group"),
    "companies:group_members": record(OVER_RM, "group"),
    "companies:group_update": record(WORKERS, "group"),
    "companies:group_people": record(OVER_RM, "group"),
    "companies:group_confirm": record(WORKERS, "group"),
    "clippings:group_news": record(OVER_RM, "group"),
    "figures:group_figures": record(OVER_RM, "group"),
    "figures:company_figures": part(OVER_RM),
    "figures:file_list": Rule(FIGURE_FILES),
    "figures:file_detail": Rule(FIGURE_FILES, ("figure_file",), 404),
    # Clients: own, team, centre, all; finance by name and number, the branches by name and tier.
    "clients:client_list": Rule(BUSINESS_READERS | CLIENT_NAMES),
    "clients:client_detail": Rule(OVER_RM | CLIENT_NAMES, ("client",), 404),
    "clients:client_tiers": record(OVER_RM, "client", OVER_RM | CLIENT_NAMES),
    "clients:client_history": record(OVER_RM, "client", OVER_RM | CLIENT_NAMES),
    "clients:client_tier": record(frozenset({"head", "centre"}), "client", OVER_RM | CLIENT_NAMES),
    "clients:client_kyc": record(WORKERS | COMPLIANCE, "client", OVER_RM | CLIENT_NAMES),
    "clients:client_status": record(WORKERS, "client", OVER_RM | CLIENT_NAMES),
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
    # Visits: who logged them, their heads, those who read all.
    "visits:visit_list": Rule(BUSINESS_READERS),
    "visits:visit_create": Rule(BUSINESS),
    "visits:call_create": Rule(BUSINESS),
    "visits:plan_create": Rule(BUSINESS),
    "visits:company_find": Rule(BUSINESS, query="?q=yau&to=log"),
    "visits:company_visits": part(BUSINESS_READERS),
    "visits:visit_detail": record(OVER_RM, "visit"),
    "visits:visit_notes": record(OVER_RM, "visit"),
    "visits:visit_history": record(OVER_RM, "visit"),
    "visits:visit_update": record(OWNER, "visit"),
    "visits:visit_replan": record(OWNER, "planned"),
    "visits:visit_cancel": record(OWNER, "planned"),
    "visits:addendum_create": record(OWNER, "visit"),
    "visits:attachment_create": record(OWNER, "visit"),
    "visits:visit_sign_off": record(NOBODY, "visit"),
    "visits:promise_keep": record(OWNER, "promise"),
    "visits:attachment_download": record(OVER_RM, "attachment"),
    # Concessions: who asked, their heads, those who read all; finance the register alone; credit and operations what is theirs.
    "concessions:concession_list": Rule(CONCESSION_READERS),
    "concessions:concession_create": Rule(BUSINESS),
    "concessions:level_look": Rule(WORKERS, ("company",), 404, refused=DIRECTORY - WORKERS, query="?kind=CT6&days=2"),
    "concessions:register": Rule(READERS_OF_ALL | {"finance"}),
    "concessions:report": Rule(TEAM_HEADS | CENTRE_HEADS | READERS_OF_ALL),
    "concessions:probe_list": Rule(COMPLIANCE | {"auditor"}),
    "concessions:conflict_list": Rule(CONCESSION_READERS),
    "concessions:conflict_declare": part(BUSINESS | HEAD_OFFICE | CREDIT_APPROVERS | {"ops"}),
    "concessions:conflict_end": record(frozenset({"head", "centre"}) | HEAD_OFFICE | COMPLIANCE, "conflict"),
    "concessions:suspension_list": Rule(CENTRE_HEADS | READERS_OF_ALL),
    "concessions:suspension_create": Rule(CENTRE_HEADS | HEAD_OFFICE | COMPLIANCE),
    "concessions:suspension_lift": record(
        CENTRE_HEADS | HEAD_OFFICE | COMPLIANCE, "suspension", frozenset({"rm2", "head", "centre"}) | READERS_OF_ALL
    ),
    "concessions:company_concessions": part(CONCESSION_READERS - {"finance"}),
    "concessions:concession_detail": record(OVER_RM, "concession", SEE_CONCESSION),
    "concessions:concession_request": record(OVER_RM, "concession", SEE_CONCESSION),
    "concessions:concession_delivered": record(OVER_RM, "concession", SEE_CONCESSION),
    "concessions:concession_events": record(OVER_RM, "concession", SEE_CONCESSION),
    "concessions:evidence_download": record(OVER_RM, "concession", SEE_CONCESSION),
    "concessions:concession_decide": record(frozenset({"head"}), "concession", SEE_CONCESSION),
    "concessions:concession_withdraw": record(OWNER, "concession", SEE_CONCESSION),
    "concessions:concession_answer": record(OWNER, "returned", SEE_CONCESSION),
    "concessions:concession_tell": record(WORKERS, "granted", SEE_CONCESSION),
    "concessions:concession_apply": record(WORKERS, "granted", SEE_CONCESSION),
    "concessions:promise_keep": record(WORKERS, "granted", SEE_CONCESSION),
    "concessions:confirmation_write": record(WORKERS, "granted", SEE_CONCESSION),
    "concessions:concession_revoke": record(frozenset({"head", "centre"}) | HEAD_OFFICE | COMPLIANCE, "granted", SEE_CONCESSION),
    # Prospects: own; team mates in outline; heads; those who read all.
    "deals:deal_list": Rule(BUSINESS_READERS),
    "deals:deal_closed": Rule(BUSINESS_READERS),
    "deals:deal_board": Rule(BUSINESS_READERS),
    "deals:deal_team": Rule(RELATIONSHIP - {"arm"}),
    "deals:deal_create": Rule(RELATIONSHIP | TEAM_HEADS),
    "deals:company_known": Rule(RELATIONSHIP | TEAM_HEADS),
    "deals:coverage_ask": Rule(BUSINESS | HEAD_OFFICE | COMPLIANCE),
    "deals:deal_bulk_assign": Rule(TEAM_HEADS | CENTRE_HEADS, opens=302),
    "deals:company_deals": part(BUSINESS_READERS),
    "deals:deal_detail": record(DEAL_READERS, "deal"),
    "deals:deal_course": record(OVER_RM, "deal", DEAL_READERS),
    "deals:deal_timeline": record(OVER_RM, "deal", DEAL_READERS),
    "deals:deal_people": record(OVER_RM, "deal", DEAL_READERS),
    "deals:deal_history": record(OVER_RM, "deal", DEAL_READERS),
    "deals:deal_update": record(WORKERS, "deal", DEAL_READERS),
    "deals:deal_move": record(WORKERS, "deal", DEAL_READERS),
    "deals:deal_reopen": record(WORKERS, "deal", DEAL_READERS),
    "deals:deal_assign": record(frozenset({"head", "centre"}), "deal", DEAL_READERS),
    "deals:evidence_state": Rule(WORKERS, ("deal", "criterion"), 404, refused=DEAL_READERS - WORKERS),
    "deals:evidence_detail": Rule(OVER_RM, ("evidence",), 404, opens=302),
    "deals:evidence_confirm": record(frozenset({"head", "centre"}), "evidence"),
    "deals:evidence_decline": record(frozenset({"head", "centre"}), "evidence"),
    # Directories: one's own imports; head office, compliance and audit read all.
    "directories:import_list": Rule(BUSINESS_READERS),
    "directories:source_list": Rule(BUSINESS_READERS),
    "directories:import_create": Rule(IMPORTERS),
    "directories:import_detail": record(IMPORT_READERS, "loaded", IMPORT_READERS),
    "directories:import_map": record(OWNER | HEAD_OFFICE, "mapped", IMPORT_READERS),
    "directories:import_progress": Rule(IMPORT_READERS, ("loaded",), 404, opens=302),
    "directories:import_preview": record(OWNER | HEAD_OFFICE, "mapped", IMPORT_READERS),
    "directories:import_sheet": record(OWNER | HEAD_OFFICE, "mapped", IMPORT_READERS),
    "directories:import_start": record(OWNER | HEAD_OFFICE, "mapped", IMPORT_READERS),
    "directories:import_duplicates": record(IMPORT_READERS, "loaded", IMPORT_READERS),
    "directories:import_refused": record(IMPORT_READERS, "loaded", IMPORT_READERS),
    "directories:refused_download": Rule(IMPORT_READERS, ("loaded", "file_format"), 404),
    "directories:import_rows": record(IMPORT_READERS, "loaded", IMPORT_READERS),
    "directories:import_revert": record(OWNER | HEAD_OFFICE, "loaded", IMPORT_READERS),
    "directories:row_decide": record(OWNER | HEAD_OFFICE, "duplicate", IMPORT_READERS),
}
