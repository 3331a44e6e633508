"""A round's frozen rows given to the engine: for its proposal, and for whoever wants the same bytes again."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from requests_app.models import AllocationRound
from requests_app.queries.round_draws import drawn_order
from requests_app.queries.round_lists import is_draw

if TYPE_CHECKING:
    from requests_app.services.round_sharing import Sharing

# Of each claim: capped, verified, and what each pot may pay of it; in cents.
Column = tuple[int, int | None, Sequence[int]]


def share(row: AllocationRound) -> "Sharing":
    """This will compute a round from what was frozen, and from nothing else.

    Errors: InvalidInput for a rule that cannot be applied; WrongState for a draw that is not drawn yet.
    """
    members = row.members.order_by("position")
    frozen = members.values_list("capped_cents", "request__verified_cents", "usable_cents", "is_withdrawn")
    columns = [(0 if is_gone else capped, verified, usable) for capped, verified, usable, is_gone in frozen]
    pots = row.pots.order_by("position").values_list("available_cents", flat=True)
    return share_columns(columns, list(pots), row.rule, drawn=drawn_order(row) if is_draw(row) else None)


def share_columns(
    columns: Sequence[Column],
    pots_cents: Sequence[int],
    rule: Mapping[str, Any],
    *,
    drawn: Sequence[int] | None = None,
) -> "Sharing":
    """This will share the pots, the general one first, among claims in the order of asking.

    Errors: as for share.
    """
    from requests_app.services import round_sharing  # noqa: PLC0415  # NumPy: not at the web's start

    usable = [usable_cents for _, _, usable_cents in columns]
    return round_sharing.share(
        capped_cents=[capped_cents for capped_cents, _, _ in columns],
        verified_cents=[verified_cents or 0 for _, verified_cents, _ in columns],
        estate_cents=pots_cents[0],
        rule=rule,
        pots=round_sharing.Pots(pots_cents, usable) if len(pots_cents) > 1 else None,
        drawn=drawn,
    )
