"""State machines as tables: from each state, the states a thing may move to."""

from collections.abc import Mapping
from enum import StrEnum


class FundState(StrEnum):
    """Draft until a policy is adopted; open while it takes requests."""

    DRAFT = "DRAFT"
    OPEN = "OPEN"
    PAUSED = "PAUSED"
    INTAKE_CLOSED = "INTAKE_CLOSED"
    WINDING_DOWN = "WINDING_DOWN"
    CLOSED = "CLOSED"


class CommitmentState(StrEnum):
    """A donor's promise, from the word given to the last cent received or given up."""

    DRAFT = "DRAFT"
    CONDITIONAL = "CONDITIONAL"
    PLEDGED = "PLEDGED"
    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    FULFILLED = "FULFILLED"
    OVERDUE = "OVERDUE"
    RENEGOTIATED = "RENEGOTIATED"
    DEFAULTED = "DEFAULTED"
    WRITTEN_OFF = "WRITTEN_OFF"
    CANCELLED = "CANCELLED"


class PledgeOfferState(StrEnum):
    """What somebody promised on the public page: nothing counts before staff take it as a commitment."""

    WAITING_FOR_MAIL = "WAITING_FOR_MAIL"
    PROVED = "PROVED"
    TAKEN = "TAKEN"
    TURNED_DOWN = "TURNED_DOWN"


class ReceiptState(StrEnum):
    """Money in: received by one person, reconciled with the bank by another.

    UNMATCHED is reconciled money whose donor nobody knows yet; it lies in suspense.
    """

    RECEIVED = "RECEIVED"
    UNMATCHED = "UNMATCHED"
    RECONCILED = "RECONCILED"
    REVERSED = "REVERSED"
    REFUNDED = "REFUNDED"


class ProposalState(StrEnum):
    """A move of money that takes two people, a refund or a release: proposed by one, made by another."""

    PROPOSED = "PROPOSED"
    MADE = "MADE"
    REFUSED = "REFUSED"


class LetterState(StrEnum):
    """An acknowledgement to a donor: it stands, or it was made void; a new one may replace it."""

    ISSUED = "ISSUED"
    VOID = "VOID"


class Turn(StrEnum):
    """What two people may make of a promise that is late."""

    NEW_DATES = "NEW_DATES"
    DEFAULT = "DEFAULT"


class RequestState(StrEnum):
    """One household's ask, from sending to the end."""

    SUBMITTED = "SUBMITTED"
    IN_REVIEW = "IN_REVIEW"
    NEEDS_INFO = "NEEDS_INFO"
    ON_HOLD = "ON_HOLD"
    ELIGIBLE = "ELIGIBLE"
    INELIGIBLE = "INELIGIBLE"
    IN_ROUND = "IN_ROUND"
    AWARDED = "AWARDED"
    WAITLISTED = "WAITLISTED"
    LAPSED = "LAPSED"
    WITHDRAWN = "WITHDRAWN"
    DUPLICATE_MERGED = "DUPLICATE_MERGED"
    CLOSED = "CLOSED"


class DocumentState(StrEnum):
    """A worker's file, from the upload to the tombstone.

    REMOVED is the worker's own doing, PURGED what the fund's setting does when its time is over.
    """

    AVAILABLE = "AVAILABLE"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    REMOVED = "REMOVED"
    PURGED = "PURGED"


class DecisionState(StrEnum):
    """Proposed by one person, made final by another."""

    PROPOSED = "PROPOSED"
    FINAL = "FINAL"
    SENT_BACK = "SENT_BACK"
    VOID = "VOID"


class AppealState(StrEnum):
    """A worker asks for a second look: somebody reads it, and the answer is the last one."""

    FILED = "FILED"
    READING = "READING"
    UPHELD = "UPHELD"
    OVERTURNED = "OVERTURNED"


class RoundState(StrEnum):
    """A frozen set shared by a rule; committed when enough others approved."""

    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    COMMITTED = "COMMITTED"
    VOID = "VOID"
    CLOSED = "CLOSED"


class RoundCause(StrEnum):
    """Why there is a round: a person wants one, or money came free while people wait.

    RETURNED money is free once the award is given up that its payment was for.
    """

    PERSON = "PERSON"
    NEW_MONEY = "NEW_MONEY"
    RELEASED = "RELEASED"
    RETURNED = "RETURNED"
    DECLINED = "DECLINED"
    UNANSWERED = "UNANSWERED"


class AwardState(StrEnum):
    """A decided amount: reserved, an obligation once it is accepted, then paid; not accepted, it expires."""

    RESERVED = "RESERVED"
    COMMITTED = "COMMITTED"
    PAID = "PAID"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    RESCINDED = "RESCINDED"


class PayoutState(StrEnum):
    """One attempt to pay an award."""

    BATCHED = "BATCHED"
    RELEASED = "RELEASED"
    SETTLED = "SETTLED"
    RETURNED = "RETURNED"
    REMOVED = "REMOVED"


class BatchState(StrEnum):
    """Payouts released together in one list."""

    BUILT = "BUILT"
    RELEASED = "RELEASED"
    SETTLED = "SETTLED"
    CANCELLED = "CANCELLED"


class JobState(StrEnum):
    """Long work with a lease."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


_F, _C, _RC, _RQ = FundState, CommitmentState, ReceiptState, RequestState
_DC = DocumentState
_PO = PledgeOfferState
_AP = AppealState
_D, _RD, _A, _P, _B, _J = DecisionState, RoundState, AwardState, PayoutState, BatchState, JobState
# Where a promise stands follows from its money and its days; receipts and the calendar move it among these.
_STANDING_PLEDGES = {_C.CONDITIONAL, _C.PLEDGED, _C.PARTIALLY_RECEIVED, _C.FULFILLED, _C.OVERDUE}
_BEFORE_AWARD = {_RQ.WITHDRAWN, _RQ.DUPLICATE_MERGED, _RQ.ON_HOLD}

# Keyed by machine first: states of two machines may share a word.
MOVES: Mapping[type[StrEnum], Mapping[StrEnum, set[StrEnum]]] = {
    FundState: {
        _F.DRAFT: {_F.OPEN},
        _F.OPEN: {_F.PAUSED, _F.INTAKE_CLOSED},
        _F.PAUSED: {_F.OPEN, _F.INTAKE_CLOSED},
        _F.INTAKE_CLOSED: {_F.OPEN, _F.WINDING_DOWN},
        _F.WINDING_DOWN: {_F.CLOSED},
    },
    CommitmentState: {
        _C.DRAFT: {_C.PLEDGED, _C.CONDITIONAL, _C.CANCELLED},
        _C.CONDITIONAL: {*_STANDING_PLEDGES, _C.CANCELLED},
        _C.PLEDGED: {*_STANDING_PLEDGES, _C.CANCELLED},
        _C.PARTIALLY_RECEIVED: {*_STANDING_PLEDGES, _C.CANCELLED},
        # A gift that bounces opens what was fulfilled again.
        _C.FULFILLED: {*_STANDING_PLEDGES},
        _C.OVERDUE: {*_STANDING_PLEDGES, _C.RENEGOTIATED, _C.DEFAULTED, _C.CANCELLED},
        _C.RENEGOTIATED: {*_STANDING_PLEDGES, _C.RENEGOTIATED, _C.DEFAULTED, _C.CANCELLED},
        _C.DEFAULTED: {*_STANDING_PLEDGES, _C.RENEGOTIATED, _C.WRITTEN_OFF},
    },
    PledgeOfferState: {
        _PO.WAITING_FOR_MAIL: {_PO.PROVED},
        _PO.PROVED: {_PO.TAKEN, _PO.TURNED_DOWN},
    },
    ReceiptState: {
        _RC.RECEIVED: {_RC.RECONCILED, _RC.UNMATCHED, _RC.REVERSED},
        _RC.UNMATCHED: {_RC.RECONCILED, _RC.REVERSED, _RC.REFUNDED},
        _RC.RECONCILED: {_RC.REVERSED, _RC.REFUNDED},
    },
    ProposalState: {ProposalState.PROPOSED: {ProposalState.MADE, ProposalState.REFUSED}},
    LetterState: {LetterState.ISSUED: {LetterState.VOID}},
    RequestState: {
        _RQ.SUBMITTED: {_RQ.IN_REVIEW, *_BEFORE_AWARD},
        _RQ.IN_REVIEW: {_RQ.NEEDS_INFO, _RQ.ELIGIBLE, _RQ.INELIGIBLE, *_BEFORE_AWARD},
        _RQ.NEEDS_INFO: {_RQ.IN_REVIEW, _RQ.LAPSED, *_BEFORE_AWARD},
        _RQ.ON_HOLD: {_RQ.IN_REVIEW, _RQ.WITHDRAWN, _RQ.DUPLICATE_MERGED},
        _RQ.LAPSED: {_RQ.IN_REVIEW},
        _RQ.ELIGIBLE: {_RQ.IN_ROUND, _RQ.IN_REVIEW, *_BEFORE_AWARD},
        _RQ.IN_ROUND: {_RQ.AWARDED, _RQ.WAITLISTED, _RQ.ELIGIBLE, *_BEFORE_AWARD},
        _RQ.WAITLISTED: {_RQ.IN_ROUND, _RQ.CLOSED, *_BEFORE_AWARD},
        # Back into review only where an appeal overturned the decision.
        _RQ.INELIGIBLE: {_RQ.CLOSED, _RQ.IN_REVIEW},
        _RQ.DUPLICATE_MERGED: {_RQ.IN_REVIEW},
        _RQ.AWARDED: {_RQ.CLOSED},
        # Undone within the setting's hours: back to where it stood, or, where money was given up, to wait.
        _RQ.WITHDRAWN: {
            _RQ.SUBMITTED,
            _RQ.IN_REVIEW,
            _RQ.NEEDS_INFO,
            _RQ.ON_HOLD,
            _RQ.ELIGIBLE,
            _RQ.WAITLISTED,
        },
        _RQ.CLOSED: {_RQ.WAITLISTED},
    },
    DocumentState: {
        _DC.AVAILABLE: {_DC.ACCEPTED, _DC.REJECTED, _DC.REMOVED, _DC.PURGED},
        _DC.ACCEPTED: {_DC.REJECTED, _DC.PURGED},
        _DC.REJECTED: {_DC.ACCEPTED, _DC.PURGED},
    },
    DecisionState: {_D.PROPOSED: {_D.FINAL, _D.SENT_BACK, _D.VOID}},
    AppealState: {
        _AP.FILED: {_AP.READING, _AP.UPHELD, _AP.OVERTURNED},
        # From hand to hand, where a reader cannot go on.
        _AP.READING: {_AP.READING, _AP.UPHELD, _AP.OVERTURNED},
    },
    RoundState: {
        _RD.DRAFT: {_RD.PROPOSED, _RD.VOID},
        _RD.PROPOSED: {_RD.COMMITTED, _RD.VOID},
        _RD.COMMITTED: {_RD.CLOSED},
    },
    AwardState: {
        _A.RESERVED: {_A.COMMITTED, _A.RESCINDED, _A.DECLINED, _A.EXPIRED},
        _A.COMMITTED: {_A.PAID, _A.DECLINED, _A.RESCINDED},
        _A.PAID: {_A.COMMITTED},
    },
    PayoutState: {
        _P.BATCHED: {_P.RELEASED, _P.REMOVED},
        _P.RELEASED: {_P.SETTLED, _P.RETURNED},
        _P.SETTLED: {_P.RETURNED},
    },
    BatchState: {
        _B.BUILT: {_B.RELEASED, _B.CANCELLED},
        _B.RELEASED: {_B.SETTLED},
    },
    JobState: {
        _J.QUEUED: {_J.RUNNING, _J.CANCELLED},
        _J.RUNNING: {_J.RUNNING, _J.DONE, _J.FAILED, _J.QUEUED, _J.CANCELLED},
    },
}

# A household waits on these; the database allows one of them per applicant and fund.
LIVE_REQUEST_STATES = frozenset(RequestState) - {
    _RQ.INELIGIBLE,
    _RQ.WITHDRAWN,
    _RQ.DUPLICATE_MERGED,
    _RQ.LAPSED,
    _RQ.CLOSED,
}
# Appeals that wait for an answer.
OPEN_APPEAL_STATES = frozenset({_AP.FILED, _AP.READING})
# Files whose bytes are still there.
KEPT_DOCUMENT_STATES = frozenset({_DC.AVAILABLE, _DC.ACCEPTED, _DC.REJECTED})
# A request takes files as long as somebody may look at them.
TAKES_DOCUMENTS = LIVE_REQUEST_STATES | {_RQ.INELIGIBLE}
# Somebody decided these; a person who is known to read the mail waits for that on the others.
DECIDED_OFFER_STATES = frozenset({_PO.TAKEN, _PO.TURNED_DOWN})
# Nothing more is expected on these.
ENDED_COMMITMENT_STATES = frozenset({_C.FULFILLED, _C.WRITTEN_OFF, _C.CANCELLED})
# Nobody has decided these yet.
UNDECIDED_REQUEST_STATES = frozenset({_RQ.SUBMITTED, _RQ.IN_REVIEW, _RQ.NEEDS_INFO, _RQ.ON_HOLD})
# These passed the review; what became of the money does not change that.
FOUND_ELIGIBLE_STATES = frozenset({_RQ.ELIGIBLE, _RQ.IN_ROUND, _RQ.AWARDED, _RQ.WAITLISTED})


def may_move(old: StrEnum, new: StrEnum) -> bool:
    """This will say whether the table has an edge from the old state to the new one."""
    return new in MOVES[type(old)].get(old, set())
