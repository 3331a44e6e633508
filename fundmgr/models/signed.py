"""What two people sign: a transfer undone, a late promise turned, a fund closed."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.lifecycle import ProposalState, Turn
from fundmgr.models.base import Signed, signed_checks, word_check, word_field
from fundmgr.models.commitment import Commitment
from fundmgr.models.ledger import Transfer

_OPEN = Q(state=ProposalState.PROPOSED.value)


class TransferReversal(Signed):
    """A transfer undone by its mirror image."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="reversals")

    class Meta:
        constraints = [
            *signed_checks("reversal"),
            models.UniqueConstraint(fields=["transfer"], condition=_OPEN, name="one_open_reversal"),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}: {self.state}"


class CommitmentTurn(Signed):
    """New dates for a promise that is late, or its default.

    Shapes: `parts` are pairs of a day and cents, like `["2023-11-18", 30000]`; `schedule` is the number of
    the schedule that they become.
    """

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="turns")
    turn = word_field(Turn)
    parts = models.JSONField(default=list)
    schedule = models.IntegerField()

    class Meta:
        constraints = [
            *signed_checks("turn"),
            word_check("turn_turn", "turn", Turn),
            models.UniqueConstraint(fields=["commitment"], condition=_OPEN, name="one_open_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.turn} {self.state}"


class FundClosing(Signed):
    """A fund closed for good."""

    class Meta:
        constraints = [
            *signed_checks("closing"),
            models.UniqueConstraint(fields=["fund"], condition=_OPEN, name="one_open_closing"),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id}: {self.state}"
