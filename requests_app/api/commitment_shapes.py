"""What commitments look like in a body: what is sent, what is shown, and how each is written."""

from typing import Any

from rest_framework import serializers

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import CommitmentState, ProposalState
from fundmgr.domain.schedules import MOST_INSTALMENTS, Part
from requests_app.api import fields
from requests_app.api.answers import Body, money_body, stamp, stamp_or_null

MOST_CONDITION_LETTERS = 2000
MOST_REASON_LETTERS = 300
MOST_PERCENT, MOST_MATCH_PERCENT = 100, 1000


class InstalmentSent(fields.Sent):
    """One dated part."""

    due_on = fields.Day()
    amount = fields.Money()


class CommitmentSent(fields.Sent):
    """A promise to record."""

    donor_id = fields.Id("don")
    amount = fields.Money()
    pledged_on = fields.Day()
    due_on = fields.Day(required=False, allow_null=True, help_text="Where the whole is due on one day.")
    instalments = fields.Several(
        child=InstalmentSent(),
        required=False,
        max_length=MOST_INSTALMENTS,
        help_text="Dated parts, earliest first; they add up to the amount.",
    )
    is_conditional = fields.YesNo(required=False, default=False)
    condition = fields.Block(
        most=MOST_CONDITION_LETTERS,
        blank=True,
        required=False,
        default="",
        help_text="Needed if conditional.",
    )
    right_of_return = fields.Block(
        most=MOST_CONDITION_LETTERS,
        blank=True,
        required=False,
        default="",
        help_text="What happens to money that came in where the condition is never met.",
    )
    match_percent = fields.Whole(
        least=1,
        most=MOST_MATCH_PERCENT,
        required=False,
        allow_null=True,
        help_text="Given for each 100 of public gifts; becomes due as they arrive.",
    )
    collection_percent = fields.Whole(
        least=0, most=MOST_PERCENT, required=False, help_text="The chance that it comes in; 95 if not said."
    )
    restriction_id = fields.Id(
        "rst", required=False, allow_null=True, help_text="What the money is tied to; none if not said."
    )


class ScheduleSent(fields.Sent):
    """New dates for what is still to come."""

    instalments = fields.Several(child=InstalmentSent(), min_length=1, max_length=MOST_INSTALMENTS)
    reason = fields.Line(most=MOST_REASON_LETTERS)


class PledgeReasonSent(fields.Sent):
    """Why something is given up."""

    reason = fields.Line(most=MOST_REASON_LETTERS)


class BoardNoteSent(fields.Sent):
    """What the board said."""

    board_note = fields.Line(most=MOST_REASON_LETTERS)


class ProofSent(fields.Sent):
    """That a condition is met, for so much of the promise."""

    amount = fields.Money()
    proof = fields.Block(most=MOST_CONDITION_LETTERS, help_text="How one can see it.")
    evidence_id = fields.Id(
        "fil", required=False, allow_null=True, help_text="A file that is kept with this commitment."
    )


class ProofDecisionSent(fields.Sent):
    """What the second person says."""

    is_met = fields.YesNo()


class Restriction(fields.Shown):
    """What money is tied to."""

    id = fields.Id("rst")
    name = serializers.CharField()


class Instalment(fields.Shown):
    """One dated part of the schedule in force."""

    due_on = serializers.DateField()
    amount = fields.MoneyOut()


class Commitment(fields.Shown):
    """A donor's promise."""

    id = fields.Id("com")
    donor_id = fields.Id("don")
    restriction = Restriction()
    amount = fields.MoneyOut()
    received = fields.MoneyOut()
    due = fields.MoneyOut(help_text="What the donor has to pay in all, as far as its condition is met.")
    owed = fields.MoneyOut(help_text="What of it has not come in.")
    written_off = fields.MoneyOut()
    is_conditional = serializers.BooleanField()
    condition = serializers.CharField()
    right_of_return = serializers.CharField()
    match_percent = serializers.IntegerField(allow_null=True)
    collection_percent = serializers.IntegerField()
    pledged_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    instalments = serializers.ListField(child=Instalment())
    state = fields.Word(CommitmentState)
    created_at = fields.MomentOut()
    version = serializers.IntegerField()


class Proof(fields.Shown):
    """A proof that a condition is met."""

    id = fields.Id("prf")
    commitment_id = fields.Id("com")
    amount = fields.MoneyOut()
    proof = serializers.CharField()
    evidence_id = fields.Id("fil", allow_null=True)
    state = fields.Word(ProposalState)
    created_at = fields.MomentOut()
    decided_at = fields.MomentOut(allow_null=True)


_DONOR, _COMMITMENT = "don_018aa9d5e0007c3a9d0f6b1c2e4a5d62", "com_018aa9d5e0007c3a9d0f6b1c2e4a5d63"
_AMOUNT, _NOTHING = {"amount": "500000.00", "currency": "USD"}, {"amount": "0.00", "currency": "USD"}
SENT_SAMPLE = {"donor_id": _DONOR, "amount": _AMOUNT, "pledged_on": "2023-09-18"}
SAMPLE = {
    "id": _COMMITMENT,
    "donor_id": _DONOR,
    "restriction": {"id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d64", "name": "General"},
    "amount": _AMOUNT,
    "received": _NOTHING,
    "due": _AMOUNT,
    "owed": _AMOUNT,
    "written_off": _NOTHING,
    "is_conditional": False,
    "condition": "",
    "right_of_return": "",
    "match_percent": None,
    "collection_percent": 95,
    "pledged_on": "2023-09-18",
    "due_on": "2023-10-18",
    "instalments": [{"due_on": "2023-10-18", "amount": _AMOUNT}],
    "state": "PLEDGED",
    "created_at": "2023-09-18T16:00:00Z",
    "version": 1,
}
PROOF_SENT_SAMPLE = {
    "amount": {"amount": "60000.00", "currency": "USD"},
    "proof": "The bank's list of gifts of September 20.",
    "evidence_id": "fil_018aa9d5e0007c3a9d0f6b1c2e4a5d73",
}
PROOF_SAMPLE = {
    "id": "prf_018aa9d5e0007c3a9d0f6b1c2e4a5d72",
    "commitment_id": _COMMITMENT,
    **PROOF_SENT_SAMPLE,
    "state": "PROPOSED",
    "created_at": "2023-09-20T16:00:00Z",
    "decided_at": None,
}


def parts_of(sent: list[dict[str, Any]]) -> list[Part]:
    """This will read the dated parts of a body."""
    return [Part(part["due_on"], part["amount"]) for part in sent]


def commitment_body(row: Any, currency: str) -> Body:
    """This will write a commitment."""
    amounts = {
        "amount": row.amount_cents,
        "received": row.received_cents,
        "due": row.due_cents,
        "owed": row.owed_cents,
        "written_off": row.written_off_cents,
    }
    return {
        "id": ids.public("com", row.id),
        "donor_id": ids.public("don", row.donor_id),
        "restriction": {"id": ids.public("rst", row.restriction_id), "name": row.restriction.name},
        **{name: money_body(cents, currency) for name, cents in amounts.items()},
        "is_conditional": row.is_conditional,
        "condition": row.condition,
        "right_of_return": row.right_of_return,
        "match_percent": row.match_percent,
        "collection_percent": row.collection_bp // 100,
        "pledged_on": row.pledged_on.isoformat(),
        "due_on": row.due_on.isoformat() if row.due_on else None,
        "instalments": [
            {"due_on": part.due_on.isoformat(), "amount": money_body(part.amount_cents, currency)}
            for part in sorted(row.instalments.all(), key=lambda one: one.due_on)
            if part.schedule == row.schedule
        ],
        "state": row.state,
        "created_at": stamp(row.created_at),
        "version": row.version,
    }


def proof_body(row: Any, currency: str) -> Body:
    """This will write a proof of a condition."""
    return {
        "id": ids.public("prf", row.id),
        "commitment_id": ids.public("com", row.commitment_id),
        "amount": money_body(row.amount_cents, currency),
        "proof": row.proof,
        "evidence_id": ids.public("fil", row.evidence_id) if row.evidence_id else None,
        "state": row.state,
        "created_at": stamp(row.created_at),
        "decided_at": stamp_or_null(row.decided_at),
    }
