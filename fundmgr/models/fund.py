"""The fund, the policy versions it adopted, and the restrictions its money carries."""

from django.db import models

from fundmgr.domain.lifecycle import FundState
from fundmgr.domain.restrictions import ReleaseGround
from fundmgr.models.base import FundRow, Signed, signed_checks, word_check, word_field


class Fund(models.Model):
    """One assistance fund: its name, its law, its clock zone and its state."""

    id = models.UUIDField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    purpose = models.CharField(max_length=300, blank=True)
    legal_form = models.CharField(max_length=40)
    # The charity that holds the fund, and its tax number: both stand on letters to donors.
    sponsor = models.CharField(max_length=160, blank=True)
    ein = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3, default="USD")
    time_zone = models.CharField(max_length=40, default="America/Los_Angeles")
    state = word_field(FundState)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    help_phone = models.CharField(max_length=40, blank=True)
    help_hours = models.CharField(max_length=120, blank=True)
    # For everybody to read: where to write, and who sits on the board, a person a line.
    help_mail = models.CharField(max_length=254, blank=True)
    board = models.TextField(blank=True)
    surplus_clause = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [word_check("fund_state", "state", FundState)]

    def __str__(self) -> str:
        return self.name


# A worker has a day at least to answer, and where hours count no more than thirty.
ACCEPT_HOURS = (24, 720)


class PolicyVersion(FundRow):
    """The rules of one moment; a decision pins the version it was made by, so rows never change."""

    append_only = True

    number = models.IntegerField()
    need_ceiling_cents = models.BigIntegerField()
    award_cap_cents = models.BigIntegerField()
    reserve_bp = models.IntegerField()
    two_approvers_from_cents = models.BigIntegerField()
    # Pledges from here on count only when another person countersigned them; empty means none need it.
    countersign_from_cents = models.BigIntegerField(null=True)
    decision_days = models.IntegerField(default=14)
    # How long a worker has to say how an award is paid.
    accept_days = models.IntegerField(default=30)
    # The same in hours from the award on, for a fund that cannot wait; empty means whole days.
    accept_hours = models.IntegerField(null=True)
    # How long a worker may ask for a second look at a decision.
    appeal_days = models.IntegerField(default=30)
    # How long workers' files stay after the decision and the days for a second look.
    document_days = models.IntegerField(default=180)
    # From this much free money on the next round is proposed by itself; empty means that none is.
    next_round_from_cents = models.BigIntegerField(null=True)
    # Where everybody is given the same amount, the form asks for no amounts; empty means that it asks.
    flat_grant_cents = models.BigIntegerField(null=True)
    rule = models.JSONField()
    adopted_on = models.DateField()
    adopted_by = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="policy_version_number"),
            models.CheckConstraint(
                name="policy_version_amounts",
                condition=models.Q(
                    need_ceiling_cents__gt=0, award_cap_cents__gt=0, reserve_bp__range=(0, 10_000)
                ),
            ),
            models.CheckConstraint(
                name="policy_version_accept_hours",
                condition=models.Q(accept_hours__isnull=True) | models.Q(accept_hours__range=ACCEPT_HOURS),
            ),
            models.CheckConstraint(
                name="policy_version_flat_grant",
                condition=models.Q(flat_grant_cents__isnull=True) | models.Q(flat_grant_cents__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"policy version {self.number}"


class Restriction(FundRow):
    """What a donor tied money to, in the donor's words; each fund has one that means no restriction.

    Shapes: `rule` says the same as the words for a program to check: `domain/restrictions.py` reads it.
    """

    name = models.CharField(max_length=120)
    wording = models.TextField(blank=True)
    rule = models.JSONField(default=dict)
    expires_on = models.DateField(null=True)
    is_general = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "name"], name="restriction_name"),
            models.UniqueConstraint(
                fields=["fund"], condition=models.Q(is_general=True), name="one_general_restriction"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RestrictionRelease(Signed):
    """Restricted money freed for general use: by a donor's letter or a court's order, and two people."""

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="releases")
    amount_cents = models.BigIntegerField()
    ground = word_field(ReleaseGround)
    document = models.ForeignKey("fundmgr.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            word_check("release_ground", "ground", ReleaseGround),
            *signed_checks("release"),
            models.CheckConstraint(name="release_amount", condition=models.Q(amount_cents__gt=0)),
        ]
        indexes = [models.Index(fields=["restriction", "-id"], name="release_by_restriction")]

    def __str__(self) -> str:
        return f"{self.restriction_id}: {self.amount_cents}"
