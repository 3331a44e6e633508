"""What every row of a fund has: a key made in Python, the fund, and when it was written."""

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from fundmgr.domain.lifecycle import ProposalState


class FundRow(models.Model):
    """A row that belongs to one fund; the fund stands on every row so that they can be split by it."""

    # True where the app role may insert and read, and nothing else.
    append_only: ClassVar[bool] = False
    # Columns of an append-only table that may be emptied when a person is erased; a trigger sees to it.
    erasable: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True)
    # No index: every list of a fund has one that begins with it. No database constraint: it would lock the
    # one fund row for each request of a rush, and a trigger keeps funds from being removed anyway.
    fund = models.ForeignKey(
        "fundmgr.Fund", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


def word_field(enum: type[StrEnum], default: StrEnum | None = None) -> "models.CharField[str, str]":
    """This will return a column that holds one word of the enum."""
    choices = [(word.value, word.value) for word in enum]
    if default is None:
        return models.CharField(max_length=24, choices=choices)
    return models.CharField(max_length=24, choices=choices, default=default.value)


def word_check(name: str, field: str, enum: type[StrEnum]) -> models.CheckConstraint:
    """This will return the constraint that the column holds one of the enum's words."""
    return models.CheckConstraint(
        name=name, condition=models.Q(**{f"{field}__in": [word.value for word in enum]})
    )


class Signed(FundRow):
    """A proposal with its reason: one person signs it first, another decides."""

    reason = models.CharField(max_length=300)
    state = word_field(ProposalState)
    proposed_by = models.ForeignKey("fundmgr.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey("fundmgr.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def signed_checks(kind: str) -> list[models.BaseConstraint]:
    """This will return the constraints of a kind of proposal: a known state, and two people who differ."""
    waits = Q(state=ProposalState.PROPOSED.value, decided_at__isnull=True)
    # Two people, both known: the program itself signs nothing.
    signed = Q(proposed_by__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
    return [
        word_check(f"{kind}_state", "state", ProposalState),
        models.CheckConstraint(name=f"{kind}_four_eyes", condition=~Q(proposed_by=F("decided_by"))),
        models.CheckConstraint(name=f"{kind}_signed", condition=waits | signed),
    ]
