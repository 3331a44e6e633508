"""The fund, the policy versions it adopted, and the restrictions its money carries."""

from django.db import models

from fundmgr.domain.lifecycle import FundState
from fundmgr.models.base import FundRow, word_check, word_field


class Fund(models.Model):
    """One assistance fund: its name, its law, its clock zone and its state."""

    id = models.UUIDField(primary_key=True)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=160)
    purpose = models.CharField(max_length=300, blank=True)
    legal_form = models.CharField(max_length=40)
    currency = models.CharField(max_length=3, default="USD")
    time_zone = models.CharField(max_length=40, default="America/Los_Angeles")
    state = word_field(FundState)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    help_phone = models.CharField(max_length=40, blank=True)
    help_hours = models.CharField(max_length=120, blank=True)
    surplus_clause = models.TextField(blank=True)
    created_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [word_check("fund_state", "state", FundState)]

    def __str__(self) -> str:
        return self.name


class PolicyVersion(FundRow):
    """The rules of one moment; a decision pins the version it was made by, so rows never change."""

    append_only = True

    number = models.IntegerField()
    need_ceiling_cents = models.BigIntegerField()
    award_cap_cents = models.BigIntegerField()
    reserve_bp = models.IntegerField()
    two_approvers_from_cents = models.BigIntegerField()
    decision_days = models.IntegerField(default=14)
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
        ]

    def __str__(self) -> str:
        return f"policy version {self.number}"


class Restriction(FundRow):
    """What a donor tied money to, in the donor's words; each fund has one that means no restriction."""

    name = models.CharField(max_length=120)
    wording = models.TextField(blank=True)
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
