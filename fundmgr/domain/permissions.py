"""Which role may do what: one table, read by every use case and every query."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a person or a program may be in one fund."""

    INTAKE = "INTAKE"
    REVIEWER = "REVIEWER"
    APPROVER = "APPROVER"
    TREASURER_PREPARES = "TREASURER_PREPARES"
    TREASURER_RELEASES = "TREASURER_RELEASES"
    DIRECTOR = "DIRECTOR"
    BOARD = "BOARD"
    AUDITOR = "AUDITOR"


class Action(StrEnum):
    """What may be allowed; the first word is the thing, the second the verb."""

    FUND_READ = "fund.read"
    FUND_CONFIGURE = "fund.configure"
    MEMBER_APPOINT = "member.appoint"
    MONEY_READ = "money.read"
    COMMITMENT_WRITE = "commitment.write"
    EVIDENCE_READ = "evidence.read"
    PLEDGE_COUNTERSIGN = "pledge.countersign"
    PLEDGE_TURN_PROPOSE = "pledge.turn_propose"
    PLEDGE_TURN_DECIDE = "pledge.turn_decide"
    PLEDGE_WRITE_OFF = "pledge.write_off"
    CONDITION_CONFIRM = "condition.confirm"
    RECEIPT_RECORD = "receipt.record"
    RECEIPT_RECONCILE = "receipt.reconcile"
    RECEIPT_MATCH = "receipt.match"
    RECEIPT_BOUNCE = "receipt.bounce"
    REFUND_PROPOSE = "refund.propose"
    REFUND_MAKE = "refund.make"
    RELEASE_PROPOSE = "release.propose"
    RELEASE_DECIDE = "release.decide"
    BANK_FEE_RECORD = "bank_fee.record"
    REVERSAL_PROPOSE = "reversal.propose"
    REVERSAL_DECIDE = "reversal.decide"
    FUND_CLOSE_PROPOSE = "fund.close_propose"
    FUND_CLOSE_DECIDE = "fund.close_decide"
    REQUEST_FILE = "request.file"
    REQUEST_READ = "request.read"
    REQUEST_READ_IDENTITY = "request.read_identity"
    REQUEST_REVIEW = "request.review"
    REQUEST_HOLD = "request.hold"
    CONTACT_PROPOSE = "contact.propose"
    CONTACT_DECIDE = "contact.decide"
    DOCUMENT_READ = "document.read"
    DOCUMENT_REVIEW = "document.review"
    DECISION_PROPOSE = "decision.propose"
    DECISION_DECIDE = "decision.decide"
    APPEAL_READ = "appeal.read"
    APPEAL_DECIDE = "appeal.decide"
    ERASURE_READ = "erasure.read"
    ROUND_READ = "round.read"
    SCENARIO_SAVE = "scenario.save"
    SCENARIO_CHANGE_ANY = "scenario.change_any"
    ROUND_PROPOSE = "round.propose"
    ROUND_APPROVE = "round.approve"
    ROUND_SEED = "round.seed"
    PAYOUT_READ = "payout.read"
    BATCH_BUILD = "batch.build"
    BATCH_RELEASE = "batch.release"
    PAYOUT_SETTLE = "payout.settle"
    REPORT_READ = "report.read"
    REPORT_BUILD = "report.build"
    AUDIT_READ = "audit.read"


_R = Role
_EVERY_STAFF = frozenset(Role) - {_R.INTAKE}
_TREASURERS = frozenset({_R.TREASURER_PREPARES, _R.TREASURER_RELEASES})

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.FUND_READ: frozenset(Role),
    Action.FUND_CONFIGURE: frozenset({_R.DIRECTOR}),
    Action.MEMBER_APPOINT: frozenset({_R.DIRECTOR}),
    Action.MONEY_READ: _TREASURERS | {_R.DIRECTOR, _R.BOARD, _R.AUDITOR, _R.APPROVER},
    Action.PLEDGE_COUNTERSIGN: _TREASURERS | {_R.DIRECTOR, _R.APPROVER},
    Action.PLEDGE_TURN_PROPOSE: frozenset({_R.DIRECTOR}),
    Action.PLEDGE_TURN_DECIDE: frozenset({_R.TREASURER_RELEASES}),
    Action.PLEDGE_WRITE_OFF: frozenset({_R.TREASURER_RELEASES}),
    Action.CONDITION_CONFIRM: frozenset({_R.TREASURER_RELEASES}),
    Action.COMMITMENT_WRITE: frozenset({_R.TREASURER_PREPARES, _R.DIRECTOR}),
    # A letter shows who the donor is; who decides on requests need not know.
    Action.EVIDENCE_READ: _TREASURERS | {_R.DIRECTOR, _R.BOARD, _R.AUDITOR},
    Action.RECEIPT_RECORD: frozenset({_R.TREASURER_PREPARES}),
    Action.RECEIPT_RECONCILE: frozenset({_R.TREASURER_RELEASES}),
    Action.RECEIPT_MATCH: _TREASURERS,
    Action.RECEIPT_BOUNCE: _TREASURERS,
    Action.REFUND_PROPOSE: frozenset({_R.DIRECTOR}),
    Action.REFUND_MAKE: frozenset({_R.TREASURER_RELEASES}),
    Action.RELEASE_PROPOSE: frozenset({_R.DIRECTOR}),
    Action.RELEASE_DECIDE: frozenset({_R.TREASURER_RELEASES}),
    Action.BANK_FEE_RECORD: frozenset({_R.TREASURER_RELEASES}),
    Action.REVERSAL_PROPOSE: frozenset({_R.TREASURER_RELEASES}),
    Action.REVERSAL_DECIDE: frozenset({_R.DIRECTOR}),
    Action.FUND_CLOSE_PROPOSE: frozenset({_R.DIRECTOR}),
    Action.FUND_CLOSE_DECIDE: frozenset({_R.BOARD}),
    Action.REQUEST_FILE: frozenset({_R.INTAKE, _R.REVIEWER}),
    Action.REQUEST_READ: frozenset({_R.REVIEWER, _R.APPROVER, _R.DIRECTOR, _R.AUDITOR}),
    Action.REQUEST_READ_IDENTITY: frozenset({_R.REVIEWER, _R.DIRECTOR, _R.AUDITOR}),
    Action.REQUEST_REVIEW: frozenset({_R.REVIEWER}),
    Action.REQUEST_HOLD: frozenset({_R.REVIEWER, _R.DIRECTOR}),
    # Whoever names a worker's contact can sign in as the worker.
    Action.CONTACT_PROPOSE: frozenset({_R.REVIEWER}),
    Action.CONTACT_DECIDE: frozenset({_R.DIRECTOR}),
    # Who approves reads what a reviewer found, not the papers: they show a name, an address, an employer.
    Action.DOCUMENT_READ: frozenset({_R.REVIEWER, _R.DIRECTOR, _R.AUDITOR}),
    Action.DOCUMENT_REVIEW: frozenset({_R.REVIEWER}),
    Action.DECISION_PROPOSE: frozenset({_R.REVIEWER}),
    Action.DECISION_DECIDE: frozenset({_R.APPROVER}),
    Action.APPEAL_READ: frozenset({_R.REVIEWER, _R.APPROVER, _R.DIRECTOR, _R.AUDITOR}),
    # Whoever reads requests may read one again, but for those who took part in the first decision.
    Action.APPEAL_DECIDE: frozenset({_R.REVIEWER, _R.APPROVER}),
    Action.ERASURE_READ: frozenset({_R.DIRECTOR, _R.AUDITOR}),
    Action.ROUND_READ: _TREASURERS | {_R.APPROVER, _R.DIRECTOR, _R.BOARD, _R.AUDITOR},
    # A scenario moves nothing: whoever looks at rules for the fund may keep what was looked at.
    Action.SCENARIO_SAVE: _TREASURERS | {_R.APPROVER, _R.DIRECTOR, _R.BOARD},
    Action.SCENARIO_CHANGE_ANY: frozenset({_R.DIRECTOR}),
    Action.ROUND_PROPOSE: frozenset({_R.DIRECTOR}),
    Action.ROUND_APPROVE: frozenset({_R.APPROVER, _R.DIRECTOR}),
    # A secret gives nobody power over a draw, as long as another one's is in it too.
    Action.ROUND_SEED: _TREASURERS | {_R.APPROVER, _R.DIRECTOR},
    Action.PAYOUT_READ: _TREASURERS | {_R.DIRECTOR, _R.AUDITOR},
    Action.BATCH_BUILD: frozenset({_R.TREASURER_PREPARES}),
    Action.BATCH_RELEASE: frozenset({_R.TREASURER_RELEASES}),
    Action.PAYOUT_SETTLE: _TREASURERS,
    Action.REPORT_READ: _EVERY_STAFF,
    Action.REPORT_BUILD: _TREASURERS | {_R.DIRECTOR, _R.AUDITOR},
    Action.AUDIT_READ: frozenset({_R.AUDITOR, _R.DIRECTOR}),
}


def allows(roles: Iterable[Role], action: Action) -> bool:
    """This will say whether any of the roles includes the action."""
    return not ALLOWED[action].isdisjoint(roles)
