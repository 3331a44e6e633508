"""A round's frozen set and its awards as whole columns: what the engine reads and gives, at any number."""

from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from fundmgr.models import copied
from requests_app.models import AllocationRound

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FROZEN = """
SELECT CASE WHEN m.is_withdrawn THEN 0 ELSE m.capped_cents END AS c0,
    m.verified_cents AS c1, m.tier::bigint AS c2 {usable}
FROM requests_app_roundrequest m WHERE m.round_id = %s ORDER BY m.position
"""


def frozen_columns(row: AllocationRound, pots_count: int) -> "NDArray[np.int64]":
    """This will return what the engine counts of each frozen request, in the order of asking.

    Shapes: a row a request: capped and verified cents, tier (0 for none), and what each of so many pots may
    pay of it at most, in cents. One that was withdrawn from a draw counts for nothing.
    """
    usable = "".join(f", m.usable_cents[{place}] AS c{place + 2}" for place in range(1, pots_count + 1))
    return copied.whole_numbers(_FROZEN.format(usable=usable), [row.id], 3 + pots_count)


def members_of(row: AllocationRound) -> QuerySet[Any, Any]:
    """This will return a round's frozen requests, with `award_cents` and `share_cents` beside them."""
    return row.members.all()


def stored_awards(row: AllocationRound) -> list[int]:
    """This will return the awards of a computed round by position, in cents."""
    sheets = row.sheets.order_by("number").values_list("awards_cents", flat=True)
    return list(chain.from_iterable(sheets))
