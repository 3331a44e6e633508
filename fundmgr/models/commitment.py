"""Money promised: commitments and the dates on which their parts are due."""

from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import ENDED_COMMITMENT_STATES, CommitmentState, ProposalState
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.donor import Donor
from fundmgr.models.files import StoredFile
from fundmgr.models.fund import Restriction
from fundmgr.models.people import User


class Commitment(FundRow):
    """A donor's promise: unconditional, or with a barrier and a right of return.

    Units: cents; `met_cents` is how much of a conditional promise is due (an unconditional one is due
    whole); `received_cents` counts reconciled receipts; `match_percent` is what a matching donor gives for
    each 100 of public gifts; `collection_bp` is the chance that what is owed comes in, in basis points.
    """

    donor = models.ForeignKey(Donor, on_delete=models.PROTECT, related_name="commitments")
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    received_cents = models.BigIntegerField(default=0)
    met_cents = models.BigIntegerField(default=0)
    written_off_cents = models.BigIntegerField(default=0)
    is_conditional = models.BooleanField(default=False)
    condition = models.TextField(blank=True)
    right_of_return = models.TextField(blank=True)
    match_percent = models.IntegerField(null=True)
    collection_bp = models.IntegerField(default=9500)
    pledged_on = models.DateField()
    due_on = models.DateField(null=True)
    schedule = models.IntegerField(default=1)
    state = word_field(CommitmentState)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    countersigned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    defaulted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["fund", "-id"], name="commitment_by_fund"),
            models.Index(fields=["donor", "-id"], name="commitment_by_donor"),
        ]
        constraints = [
            word_check("commitment_state", "state", CommitmentState),
            models.CheckConstraint(name="commitment_amount", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="commitment_received", condition=Q(received_cents__range=(0, F("amount_cents")))
            ),
            models.CheckConstraint(
                name="commitment_met",
                condition=Q(met_cents__range=(0, F("amount_cents")))
                & (Q(is_conditional=True) | Q(met_cents=0)),
            ),
            models.CheckConstraint(
                name="commitment_written_off",
                condition=Q(written_off_cents__range=(0, F("amount_cents") - F("received_cents"))),
            ),
            models.CheckConstraint(
                name="commitment_match",
                condition=Q(match_percent__isnull=True) | Q(match_percent__gt=0, is_conditional=True),
            ),
            models.CheckConstraint(
                name="commitment_collection", condition=Q(collection_bp__range=(0, 10_000))
            ),
            models.CheckConstraint(
                name="commitment_four_eyes", condition=~Q(recorded_by=F("countersigned_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.donor} {self.amount_cents}"

    @property
    def due_cents(self) -> int:
        """This will return what the donor has to pay in all, as far as its condition is met."""
        return self.met_cents if self.is_conditional else self.amount_cents

    @property
    def owed_cents(self) -> int:
        """This will return what the donor has to pay and has not paid: the receivable, 0 where given up."""
        if self.state in {CommitmentState.CANCELLED, CommitmentState.WRITTEN_OFF}:
            return 0
        return max(0, self.due_cents - self.received_cents - self.written_off_cents)

    @property
    def counted_cents(self) -> int:
        """This will return what of the promise counts: of one that ended, what was due and came in."""
        if self.state not in ENDED_COMMITMENT_STATES:
            return self.amount_cents - self.written_off_cents
        return min(self.received_cents, self.due_cents)

    @property
    def advance_cents(self) -> int:
        """This will return what came in before its condition was met."""
        return max(0, self.received_cents - self.due_cents)


class Instalment(FundRow):
    """A dated part of a commitment; a new schedule adds rows, so that each old one can still be read."""

    append_only = True

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="instalments")
    schedule = models.IntegerField()
    number = models.IntegerField()
    due_on = models.DateField()
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["commitment", "schedule", "number"], name="instalment_number"),
            models.CheckConstraint(name="instalment_amount", condition=Q(amount_cents__gt=0)),
        ]
        indexes = [models.Index(fields=["fund", "due_on"], name="instalment_by_day")]

    def __str__(self) -> str:
        return f"{self.number}: {self.amount_cents} on {self.due_on}"


class ConditionProof(FundRow):
    """That a condition is met, wholly or for a part: one person says so, another confirms it."""

    commitment = models.ForeignKey(Commitment, on_delete=models.PROTECT, related_name="proofs")
    amount_cents = models.BigIntegerField()
    proof = models.TextField()
    evidence = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    state = word_field(ProposalState)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            word_check("condition_proof_state", "state", ProposalState),
            models.CheckConstraint(name="condition_proof_amount", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="condition_proof_four_eyes", condition=~Q(proposed_by=F("decided_by"))
            ),
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(state=ProposalState.PROPOSED.value),
                name="one_open_condition_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.amount_cents}"
