"""Money of the reserve in a small world, and its use by two people."""

from typing import Any

import builders

from fundmgr.domain.permissions import Role
from fundmgr.domain.reserve import ReserveGround
from fundmgr.models import ReserveUse
from fundmgr.queries import funds
from fundmgr.services import reserve_uses


def propose_reserve_use(world: builders.World, amount_cents: int, **said: Any) -> ReserveUse:
    """Propose to use the reserve of general money; it is there where the world keeps one back."""
    if not said.pop("is_there", False):
        keep_reserve(world, amount_cents)
    shape = {
        "ground": ReserveGround.SECOND_LOOK,
        "reason": "A second look was decided for a worker.",
        "by": world.actor(Role.DIRECTOR),
        **said,
    }
    key = funds.general_restriction(world.fund.id).id
    return reserve_uses.propose(restriction_id=key, amount_cents=amount_cents, now=builders.NOW, **shape)


def keep_reserve(world: builders.World, amount_cents: int) -> None:
    """Bring in a gift large enough that two percent of it are the amount."""
    reference = f"RESERVE-{world.fund.slug[:20]}-{amount_cents}"
    builders.put_money_in(world, 50 * amount_cents, bank_reference=reference)


def make_use(world: builders.World, row: ReserveUse) -> ReserveUse:
    """Put the money to use, by a treasurer."""
    by = world.actor(Role.TREASURER_RELEASES)
    return reserve_uses.make(use_id=row.id, by=by, now=builders.NOW)
