"""The rows of the money half. The books are kept apart: only the ledger port and the queries see them."""

from fundmgr.models import ledger as _ledger  # noqa: F401  # Django must find the tables; nobody else may
from fundmgr.models.bank_fee import BankFee
from fundmgr.models.bank_file import BankFile
from fundmgr.models.commitment import Commitment, ConditionProof, Instalment
from fundmgr.models.donor import Donor, DonorLink, DonorLinkAsk
from fundmgr.models.files import StoredFile, Subject
from fundmgr.models.fund import Fund, PolicyVersion, Restriction, RestrictionRelease
from fundmgr.models.letter import Letter, LetterKind
from fundmgr.models.people import ApiClient, Membership, User
from fundmgr.models.pledge_offer import PledgeOffer
from fundmgr.models.receipt import BankImport, Receipt, ReceiptMethod, Refund
from fundmgr.models.reserve_use import ReserveUse
from fundmgr.models.signed import CommitmentTurn, FundClosing, TransferReversal
from fundmgr.models.trail import Event, EventLink, WaitingEvent
from fundmgr.models.work import Job, OutboxMessage, RememberedCall, WorkerBeat

__all__ = [
    "ApiClient",
    "BankFee",
    "BankFile",
    "BankImport",
    "Commitment",
    "CommitmentTurn",
    "ConditionProof",
    "Donor",
    "DonorLink",
    "DonorLinkAsk",
    "Event",
    "EventLink",
    "Fund",
    "FundClosing",
    "Instalment",
    "Job",
    "Letter",
    "LetterKind",
    "Membership",
    "OutboxMessage",
    "PledgeOffer",
    "PolicyVersion",
    "Receipt",
    "ReceiptMethod",
    "Refund",
    "RememberedCall",
    "ReserveUse",
    "Restriction",
    "RestrictionRelease",
    "StoredFile",
    "Subject",
    "TransferReversal",
    "User",
    "WaitingEvent",
    "WorkerBeat",
]
