"""What a round's rule gives: the awards of some hundred requests on a sheet, written once and never changed.

A row for each request would cost more than all else that a round writes; a sheet is small enough to be read
for one request as quickly as a row.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from fundmgr.models.base import FundRow

# Positions on a sheet: as many as PostgreSQL keeps inside the row itself.
SHEET = 200


class RoundSheet(FundRow):
    """The awards of the requests at positions `number` x SHEET and on.

    Shapes: `shares_cents` has what each of `pots_count` pots pays of each award, award by award; it is empty
    where one pot pays all. Units: cents.
    """

    append_only = True

    # No index of its own: the one of numbers begins with it.
    round = models.ForeignKey(
        "AllocationRound", on_delete=models.PROTECT, related_name="sheets", db_index=False
    )
    number = models.IntegerField()
    awards_cents = ArrayField(models.BigIntegerField())
    pots_count = models.SmallIntegerField(default=0)
    shares_cents = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="round_sheet_once"),
            models.CheckConstraint(
                name="round_sheet_size",
                condition=Q(awards_cents__len__range=(1, SHEET), number__gte=0, pots_count__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} sheet {self.number}"


def award_of_member() -> Coalesce:
    """What the rule gives a frozen request, beside its other columns; 0 before it was asked. Units: cents."""
    return Coalesce(_of_member("awards_cents", _place() + 1, models.BigIntegerField()), 0)


def shares_of_member() -> Coalesce:
    """What each pot pays of it; empty where one pot pays all, and before the rule was asked. Units: cents."""
    pots: Any = F("pots_count")
    slots = Func(_place() * pots + 1, (_place() + 1) * pots, template="%(expressions)s", arg_joiner=":")
    many: ArrayField[Any, Any] = ArrayField(models.BigIntegerField())
    return Coalesce(_of_member("shares_cents", slots, many), Value([], output_field=many))


def _place() -> Any:
    return OuterRef("position") % SHEET


def _of_member(column: str, slots: Any, output: "models.Field[Any, Any]") -> Subquery:
    inside = Func(F(column), slots, template="((%(expressions)s])", arg_joiner=")[", output_field=output)
    sheet = RoundSheet.objects.filter(round_id=OuterRef("round_id"), number=OuterRef("position") / SHEET)
    return Subquery(sheet.values_list(inside))
