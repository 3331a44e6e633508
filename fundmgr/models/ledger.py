"""The books. Only `fundmgr.ports.ledger` writes here and only `fundmgr.queries` reads here."""

from django.db import models
from django.db.models import Q

from fundmgr.domain.chart import Code
from fundmgr.domain.move import Move
from fundmgr.models.base import FundRow, word_check, word_field
from fundmgr.models.fund import Restriction


class Account(FundRow):
    """One account of the chart, for one fund and one restriction."""

    append_only = True

    code = word_field(Code)
    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "restriction", "code"], name="account_code"),
            word_check("account_code_word", "code", Code),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.restriction}"


class Balance(models.Model):
    """An account's running balance in its normal direction; proved equal to the entries."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="+")
    fund = models.ForeignKey("fundmgr.Fund", on_delete=models.PROTECT, related_name="+")
    is_guarded = models.BooleanField()
    balance_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="balance_floor", condition=Q(is_guarded=False) | Q(balance_cents__gte=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.balance_cents}"


class Transfer(FundRow):
    """One move of money; gap-free `sequence` per fund follows commit order."""

    append_only = True

    sequence = models.BigIntegerField()
    move = word_field(Move)
    key = models.CharField(max_length=120)
    cause_type = models.CharField(max_length=24)
    cause_id = models.UUIDField()
    actor = models.CharField(max_length=60)
    resolves = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "key"], name="transfer_key"),
            models.UniqueConstraint(fields=["fund", "sequence"], name="transfer_sequence"),
            models.UniqueConstraint(
                fields=["resolves"], condition=Q(resolves__isnull=False), name="transfer_resolves_once"
            ),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="transfer_reverses_once"
            ),
            models.UniqueConstraint(
                fields=["cause_id"],
                condition=Q(move=Move.RESTRICTION_RELEASE.value),
                name="transfer_release_once",
            ),
            models.UniqueConstraint(
                fields=["cause_id"],
                condition=Q(move=Move.RESERVE_USE.value),
                name="transfer_reserve_use_once",
            ),
            word_check("transfer_move", "move", Move),
        ]
        indexes = [models.Index(fields=["cause_id"], name="transfer_by_cause")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.move}"


class Entry(FundRow):
    """One side of a transfer: debit positive, credit negative."""

    append_only = True

    # A trigger looks for the transfer and the account of all entries of a statement at once, instead of a
    # constraint that asks once a row; neither is ever changed or removed, nor the account's restriction.
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    # No index of its own: the one of statements begins with it.
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    restriction = models.ForeignKey(
        Restriction, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    amount_cents = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(name="entry_amount", condition=~Q(amount_cents=0))]
        indexes = [
            models.Index(fields=["fund"], name="entry_by_fund"),
            # With the amount inside, a balance before any moment is summed from the index alone.
            models.Index(
                fields=["account", "created_at", "id"], include=["amount_cents"], name="entry_statement"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.amount_cents}"
