"""What two people sign: a transfer undone, a late promise turned, a fund closed."""

from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import ProposalState, Turn
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.commitment import Commitment
from fundmgr.models.ledger import Transfer
from fundmgr.models.people import User

_OPEN = Q(state=ProposalState.PROPOSED.value)
# Two people, both known: the program itself signs nothing.
_SIGNED = Q(state=ProposalState.PROPOSED.value, decided_at__isnull=True) | Q(
    proposed_by__isnull=False, decided_by__isnull=False, decided_at__isnull=False
)


class Signed(FundRow):
    """A proposal with its reason: one person signs it first, another decides."""

    reason = models.CharField(max_length=300)
    state = word_field(ProposalState)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class TransferReversal(Signed):
    """A transfer undone by its mirror image."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="reversals")

    class Meta:
        constraints = [
            word_check("reversal_state", "state", ProposalState),
            models.CheckConstraint(name="reversal_four_eyes", condition=~Q(proposed_by=F("decided_by"))),
            models.CheckConstraint(name="reversal_signed", condition=_SIGNED),
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
            word_check("turn_state", "state", ProposalState),
            word_check("turn_turn", "turn", Turn),
            models.CheckConstraint(name="turn_four_eyes", condition=~Q(proposed_by=F("decided_by"))),
            models.CheckConstraint(name="turn_signed", condition=_SIGNED),
            models.UniqueConstraint(fields=["commitment"], condition=_OPEN, name="one_open_turn"),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.turn} {self.state}"


class FundClosing(Signed):
    """A fund closed for good."""

    class Meta:
        constraints = [
            word_check("closing_state", "state", ProposalState),
            models.CheckConstraint(name="closing_four_eyes", condition=~Q(proposed_by=F("decided_by"))),
            models.CheckConstraint(name="closing_signed", condition=_SIGNED),
            models.UniqueConstraint(fields=["fund"], condition=_OPEN, name="one_open_closing"),
        ]

    def __str__(self) -> str:
        return f"{self.fund_id}: {self.state}"
