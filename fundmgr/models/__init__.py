"""The rows of the money half. The books are kept apart: only the ledger port and the queries see them."""

from fundmgr.models import ledger as _ledger  # noqa: F401  # Django must find the tables; nobody else may
from fundmgr.models.commitment import Commitment, Donor, Receipt
from fundmgr.models.fund import Fund, PolicyVersion, Restriction
from fundmgr.models.people import ApiClient, Membership, User
from fundmgr.models.trail import Event, EventLink
from fundmgr.models.work import Job, OutboxMessage, RememberedCall, WorkerBeat

__all__ = [
    "ApiClient",
    "Commitment",
    "Donor",
    "Event",
    "EventLink",
    "Fund",
    "Job",
    "Membership",
    "OutboxMessage",
    "PolicyVersion",
    "Receipt",
    "RememberedCall",
    "Restriction",
    "User",
    "WorkerBeat",
]
