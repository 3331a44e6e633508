"""The console's words for roles, states and reasons, and the shape each tag carries."""

from collections.abc import Iterable

from fundmgr.domain.documents import DocumentKind, Why
from fundmgr.domain.eligibility import NeedCategory, Reason, Urgency
from fundmgr.domain.lifecycle import (
    AwardState,
    BatchState,
    CommitmentState,
    DecisionState,
    DocumentState,
    FundState,
    PayoutState,
    PledgeOfferState,
    ProposalState,
    ReceiptState,
    RequestState,
    RoundState,
)
from fundmgr.domain.permissions import Role
from fundmgr.domain.reserve import ReserveGround
from fundmgr.domain.restrictions import ReleaseGround
from requests_app.queries.console import Ribbon

Tag = tuple[str, str]

ROLES: dict[Role, str] = {
    Role.INTAKE: "Intake helper",
    Role.REVIEWER: "Reviewer",
    Role.APPROVER: "Approver",
    Role.TREASURER_PREPARES: "Treasurer, prepares",
    Role.TREASURER_RELEASES: "Treasurer, releases",
    Role.DIRECTOR: "Fund director",
    Role.BOARD: "Board member",
    Role.AUDITOR: "Auditor",
}
FUND_STATES: dict[str, str] = {
    FundState.DRAFT: "Not open yet",
    FundState.OPEN: "Open for requests",
    FundState.PAUSED: "Paused",
    FundState.INTAKE_CLOSED: "Takes no more requests",
    FundState.WINDING_DOWN: "Winding down",
    FundState.CLOSED: "Closed",
}
REQUESTS: dict[str, Tag] = {
    RequestState.SUBMITTED: ("neutral", "To read"),
    RequestState.IN_REVIEW: ("info", "Being read"),
    RequestState.NEEDS_INFO: ("wait", "Answer missing"),
    RequestState.ON_HOLD: ("wait", "On hold"),
    RequestState.ELIGIBLE: ("ok", "Eligible"),
    RequestState.INELIGIBLE: ("bad", "Not eligible"),
    RequestState.IN_ROUND: ("info", "In a round"),
    RequestState.AWARDED: ("ok", "Awarded"),
    RequestState.WAITLISTED: ("wait", "Waiting list"),
    RequestState.LAPSED: ("neutral", "Lapsed"),
    RequestState.WITHDRAWN: ("neutral", "Taken back"),
    RequestState.DUPLICATE_MERGED: ("neutral", "Duplicate"),
    RequestState.CLOSED: ("neutral", "Closed"),
}
DOCUMENTS: dict[str, str] = {
    DocumentKind.PROOF_OF_WORK: "Proof of work",
    DocumentKind.PAY_STUB: "Pay stub",
    DocumentKind.CALL_SHEET: "Call sheet",
    DocumentKind.DEAL_MEMO: "Deal memo or contract",
    DocumentKind.EMPLOYER_LETTER: "Letter from the show",
    DocumentKind.RENT_NOTICE: "Notice from the landlord",
    DocumentKind.BILL: "Bill",
    DocumentKind.OTHER: "Another paper",
}
DOCUMENT_STATES: dict[str, Tag] = {
    DocumentState.AVAILABLE: ("neutral", "To look at"),
    DocumentState.ACCEPTED: ("ok", "Accepted"),
    DocumentState.REJECTED: ("bad", "Cannot be used"),
    DocumentState.REMOVED: ("neutral", "Taken away"),
    DocumentState.PURGED: ("neutral", "Erased"),
}
WHYS: dict[str, str] = {
    Why.UNREADABLE: "It cannot be read",
    Why.WRONG_PAPER: "It is not what was asked for",
    Why.NAME_MISSING: "It shows no name",
    Why.DATE_MISSING: "It shows no date",
    Why.CUT_OFF: "A part is missing",
    Why.OTHER: "Something else, as I write",
}
DECISIONS: dict[str, Tag] = {
    DecisionState.PROPOSED: ("wait", "Proposed"),
    DecisionState.FINAL: ("ok", "Final"),
    DecisionState.SENT_BACK: ("bad", "Sent back"),
    DecisionState.VOID: ("neutral", "Void"),
}
ROUNDS: dict[str, Tag] = {
    RoundState.DRAFT: ("info", "Draft"),
    RoundState.PROPOSED: ("wait", "Proposed"),
    RoundState.COMMITTED: ("ok", "Money held"),
    RoundState.VOID: ("neutral", "Void"),
    RoundState.CLOSED: ("done", "Closed"),
}
AWARDS: dict[str, Tag] = {
    AwardState.RESERVED: ("wait", "Waits for payment details"),
    AwardState.COMMITTED: ("info", "Owed"),
    AwardState.PAID: ("done", "Paid"),
    AwardState.DECLINED: ("neutral", "Declined"),
    AwardState.EXPIRED: ("neutral", "Expired"),
    AwardState.RESCINDED: ("bad", "Taken back"),
}
PAYOUTS: dict[str, Tag] = {
    PayoutState.BATCHED: ("info", "In a batch"),
    PayoutState.RELEASED: ("wait", "On the way"),
    PayoutState.SETTLED: ("done", "Arrived"),
    PayoutState.RETURNED: ("bad", "Came back"),
    PayoutState.REMOVED: ("neutral", "Removed"),
}
BATCHES: dict[str, Tag] = {
    BatchState.BUILT: ("wait", "Waits for release"),
    BatchState.RELEASED: ("info", "Released"),
    BatchState.SETTLED: ("done", "Settled"),
    BatchState.CANCELLED: ("neutral", "Cancelled"),
}
COMMITMENTS: dict[str, Tag] = {
    CommitmentState.DRAFT: ("wait", "To countersign"),
    CommitmentState.CONDITIONAL: ("wait", "Conditional"),
    CommitmentState.PLEDGED: ("wait", "Promised"),
    CommitmentState.PARTIALLY_RECEIVED: ("info", "Partly received"),
    CommitmentState.FULFILLED: ("done", "Received"),
    CommitmentState.OVERDUE: ("bad", "Late"),
    CommitmentState.RENEGOTIATED: ("wait", "New dates"),
    CommitmentState.DEFAULTED: ("bad", "In default"),
    CommitmentState.WRITTEN_OFF: ("neutral", "Written off"),
    CommitmentState.CANCELLED: ("neutral", "Cancelled"),
}
OFFERS: dict[str, Tag] = {
    PledgeOfferState.PROVED: ("wait", "To decide"),
    PledgeOfferState.TAKEN: ("done", "Taken"),
    PledgeOfferState.TURNED_DOWN: ("neutral", "Turned down"),
}
# What is owed, by the days since it was due.
BUCKETS = (
    ("not_due", "Not due"),
    ("1-30", "1 to 30 days"),
    ("31-60", "31 to 60 days"),
    ("61-90", "61 to 90 days"),
    ("over_90", "Over 90 days"),
)
RECEIPTS: dict[str, Tag] = {
    ReceiptState.RECEIVED: ("wait", "To reconcile"),
    ReceiptState.UNMATCHED: ("wait", "Unmatched"),
    ReceiptState.RECONCILED: ("ok", "Reconciled"),
    ReceiptState.REVERSED: ("bad", "Taken back by the bank"),
    ReceiptState.REFUNDED: ("neutral", "Given back"),
}
RELEASES: dict[str, Tag] = {
    ProposalState.PROPOSED: ("wait", "Proposed"),
    ProposalState.MADE: ("ok", "Set free"),
    ProposalState.REFUSED: ("neutral", "Refused"),
}
GROUNDS: dict[str, str] = {
    ReleaseGround.CONSENT_LETTER: "The donor’s letter of consent",
    ReleaseGround.COURT_ORDER: "An order of a court or an attorney general",
}
RESERVE_USES: dict[str, Tag] = {
    ProposalState.PROPOSED: ("wait", "Proposed"),
    ProposalState.MADE: ("ok", "Used"),
    ProposalState.REFUSED: ("neutral", "Refused"),
}
RESERVE_GROUNDS: dict[str, str] = {
    ReserveGround.SECOND_LOOK: "A second look was decided for a worker",
    ReserveGround.RETURN: "A payment or a gift came back",
    ReserveGround.HARDSHIP: "A hardship that cannot wait",
    ReserveGround.END_OF_FUND: "The fund ends",
}
CATEGORIES: dict[str, str] = {
    NeedCategory.RENT: "Rent or mortgage",
    NeedCategory.HEALTH: "Health insurance",
    NeedCategory.FOOD: "Food",
    NeedCategory.UTILITIES: "Lights, water, phone",
    NeedCategory.CAR: "Car or bus",
    NeedCategory.CARE: "Child or family care",
    NeedCategory.OTHER: "Something else",
}
URGENCIES: dict[str, str] = {
    Urgency.EVICTION: "Eviction notice",
    Urgency.SHUT_OFF: "Shut-off notice",
    Urgency.MEDICAL: "Medical need",
    Urgency.NO_HEALTH_COVER: "No health cover",
}
REASONS: dict[str, str] = {
    Reason.INCOMPLETE_DOCS: "Papers are missing",
    Reason.NOT_IN_CLASS: "Did not work on a covered show",
    Reason.NO_LOSS_LINK: "The loss is not from the stoppage",
    Reason.EXPENSE_NOT_ELIGIBLE: "The fund does not pay for this",
    Reason.EVENT_OUT_OF_WINDOW: "Outside the fund's dates",
    Reason.OTHER_AID_COVERS: "Other help covers it",
    Reason.DUPLICATE_PERSON: "The same person asked before",
    Reason.DUPLICATE_HOUSEHOLD: "The same household asked before",
    Reason.PRIOR_AWARD_LIMIT: "Reached the limit of earlier awards",
    Reason.IDENTITY_UNVERIFIED: "Identity could not be checked",
    Reason.FALSE_STATEMENT: "A statement was not true",
    Reason.UNREACHABLE: "Could not be reached",
    Reason.LATE: "Came after the last day",
    Reason.NOT_FUNDED_BUDGET: "No money left",
}
LANGUAGES = {"en": "English", "es": "Spanish"}
RELATIONS = {
    "NONE": "None",
    "EMPLOYER": "The employer",
    "OFFICER": "An officer of the fund",
    "FAMILY_OF_OFFICER": "Family of an officer",
    "SUPPLIER": "A supplier of the fund",
    "OTHER": "Other",
}

REMINDERS = {
    "SENT": ("ok", "Sent"),
    "WAITING": ("wait", "On its way"),
    "NOT_NEEDED": ("neutral", "Not sent: paid before, or no address"),
    "PLANNED": ("info", "To come"),
    "NO_ADDRESS": ("bad", "Cannot go: no mail address"),
}
REMINDER_NAMES = {
    "before": "a week before",
    "day": "a day after",
    "fortnight": "two weeks after",
    "month": "a month after",
}


def roles(found: Iterable[Role]) -> str:
    """This will name a person's roles in the order of the work."""
    held = set(found)
    return ", ".join(label for role, label in ROLES.items() if role in held)


def cents_per_dollar(figures: Ribbon) -> str:
    """This will say how far the money goes, in cents to one decimal; a dash where nothing was asked."""
    if figures.asked_cents <= 0:
        return "–"
    tenths = min(figures.available_cents * 1000 // figures.asked_cents, 1000)
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest} cents" if rest else f"{whole} cents"


def tag(table: dict[str, Tag], state: str) -> dict[str, str]:
    """This will return the tag of a state as the templates draw it."""
    kind, text = table.get(state, ("neutral", state.replace("_", " ").capitalize()))
    return {"kind": kind, "text": text}
