"""A round's frozen rows given to the engine: for its proposal, and for whoever wants the same bytes again."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from requests_app.models import AllocationRound
from requests_app.queries import round_columns as queries
from requests_app.queries.round_draws import drawn_order
from requests_app.queries.round_lists import is_draw
from requests_app.queries.rounds import Claim

if TYPE_CHECKING:
    from requests_app.services.round_sharing import Sharing


SHARING_VERSION = 2


class Column(NamedTuple):
    """One claim: capped, verified, what each pot may pay of it, in cents; and its tier, 0 for none."""

    capped_cents: int
    verified_cents: int | None
    usable_cents: Sequence[int]
    tier: int


def columns_of(claims: Sequence[Claim]) -> list[Column]:
    """This will return what the engine counts of those who wait now, in their order."""
    return [Column(one.capped_cents, one.verified_cents, one.usable_cents, one.tier) for one in claims]


def share(row: AllocationRound) -> "Sharing":
    """This will compute a round from what was frozen, and from nothing else.

    Errors: InvalidInput for a rule that cannot be applied; WrongState for a draw that is not drawn yet.
    """
    from requests_app.services import round_sharing  # noqa: PLC0415  # NumPy: not at the web's start

    pots = list(row.pots.order_by("position").values_list("available_cents", flat=True))
    capped, verified, tiers, *usable = queries.frozen_columns(row, len(pots) if len(pots) > 1 else 0).T
    return round_sharing.share(
        capped_cents=capped,
        verified_cents=verified,
        tiers=tiers,
        estate_cents=pots[0],
        rule=row.rule,
        pots=round_sharing.Pots(pots, round_sharing.beside(usable), row.sharing_version) if usable else None,
        drawn=drawn_order(row) if is_draw(row) else None,
    )


def share_columns(
    columns: Sequence[Column],
    pots_cents: Sequence[int],
    rule: Mapping[str, Any],
    *,
    drawn: Sequence[int] | None = None,
    version: int = SHARING_VERSION,
) -> "Sharing":
    """This will share the pots, the general one first, among claims in the order of asking.

    Shapes: `version` is how pots are shared, the newest unless a round was made with another.
    Errors: as for share.
    """
    from requests_app.services import round_sharing  # noqa: PLC0415  # NumPy: not at the web's start

    usable = [one.usable_cents for one in columns]
    return round_sharing.share(
        capped_cents=[one.capped_cents for one in columns],
        verified_cents=[one.verified_cents or 0 for one in columns],
        tiers=[one.tier for one in columns],
        estate_cents=pots_cents[0],
        rule=rule,
        pots=round_sharing.Pots(pots_cents, usable, version) if len(pots_cents) > 1 else None,
        drawn=drawn,
    )
