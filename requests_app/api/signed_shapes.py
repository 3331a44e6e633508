"""The shapes of what two people sign: a reason sent first, a decision sent second, and what is shown."""

from enum import StrEnum
from typing import Any

from rest_framework import serializers

from fundmgr.domain.lifecycle import ProposalState
from requests_app.api import fields
from requests_app.api.answers import Body, stamp, stamp_or_null

MOST_REASON_LETTERS = 300


class SignedOutcome(StrEnum):
    """What the second person says."""

    MADE = ProposalState.MADE.value
    REFUSED = ProposalState.REFUSED.value


class SignedSent(fields.Sent):
    """Why, in the words of who signs first."""

    reason = fields.Line(most=MOST_REASON_LETTERS)


class SignedDecisionSent(fields.Sent):
    """What becomes of it."""

    outcome = fields.Word(SignedOutcome)


class Signed(fields.Shown):
    """What two people sign."""

    reason = serializers.CharField()
    state = fields.Word(ProposalState)
    decided_at = fields.MomentOut(allow_null=True)
    created_at = fields.MomentOut()


SAMPLE: Body = {
    "reason": "The bank took the fee back.",
    "state": "PROPOSED",
    "decided_at": None,
    "created_at": "2023-12-20T17:00:00Z",
}
MADE_SAMPLE: Body = {**SAMPLE, "state": "MADE", "decided_at": "2023-12-21T17:00:00Z"}


def signed_body(row: Any) -> Body:
    """This will write what every signed thing says."""
    return {
        "reason": row.reason,
        "state": row.state,
        "decided_at": stamp_or_null(row.decided_at),
        "created_at": stamp(row.created_at),
    }
