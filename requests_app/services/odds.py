"""Dry runs of the rule that everybody is told, so that a worker reads a range and no guess.

A run moves no money and is no promise: it is written over by the next one.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.lifecycle import FundState
from fundmgr.models import Fund
from fundmgr.queries import funds
from fundmgr.services.use_case import use_case
from requests_app.models import OddsRun
from requests_app.queries import rounds as queries
from requests_app.queries.pots import estate
from requests_app.queries.published_rules import published_rule
from requests_app.services import round_frozen, tried_rules

# What a neighbour, a crew and a company could give; each is tried beside the money there is.
GIFTS_CENTS = (5_000, 50_000, 5_000_000)
# Money is still given to a fund that takes no requests now, while people wait for it.
LIVE_FUNDS = (FundState.OPEN, FundState.PAUSED, FundState.INTAKE_CLOSED)
# "Most people" are those between the tenth and the ninetieth of a hundred.
LOW_PERCENT, HIGH_PERCENT = 10, 90
WHOLE_BP = 10_000


def refresh_all(*, clock: Callable[[], datetime]) -> int:
    """This will run the rule of each live fund once and return how many were run."""
    found = Fund.objects.filter(state__in=LIVE_FUNDS).order_by("created_at", "id")
    return sum(
        refresh(fund_id=fund_id, now=clock()) is not None for fund_id in found.values_list("id", flat=True)
    )


@use_case
def refresh(*, fund_id: UUID, now: datetime) -> OddsRun | None:
    """This will keep what the fund's rule would give now to those who wait; None where no rule is told.

    A rule that cannot be applied now leaves no run behind, so that nothing old is told.
    """
    told = published_rule(fund_id, now=now)
    OddsRun.objects.filter(fund_id=fund_id).delete()
    if told is None:
        return None
    policy, pots = funds.policy_in_force(fund_id), estate(fund_id, now=now).pots
    tried = tried_rules.read(told.rule, cap_cents=policy.award_cap_cents)
    money = [pot.cents for pot in pots]
    waiting = queries.claims(
        fund_id, policy=policy, pots=pots, cap_cents=policy.award_cap_cents, of=queries.UNAWARDED
    )
    columns, drawn = tried.columns(waiting), tried.drawn(len(waiting))

    def share(more_cents: int) -> list[int]:
        cents = [money[0] + more_cents, *money[1:]]
        return list(round_frozen.share_columns(columns, cents, tried.rule, drawn=drawn).awards_cents)

    try:
        awards = share(0)
        kept_bp = policy.reserve_bp
        gifts = [_gift(cents, awards, share(cents - cents * kept_bp // WHOLE_BP)) for cents in GIFTS_CENTS]
    except errors.FundError:
        return None
    low, high = middle(awards)
    return OddsRun.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        rule=dict(told.rule),
        people_count=len(awards),
        paid_count=sum(cents > 0 for cents in awards),
        low_cents=low,
        high_cents=high,
        groups=_groups([claim.tier for claim in waiting], awards),
        gifts=gifts,
    )


def middle(awards_cents: Sequence[int]) -> tuple[int, int]:
    """This will return between which amounts eight of ten lie, in cents; zeros for nobody."""
    if not awards_cents:
        return 0, 0
    ranked, last = sorted(awards_cents), len(awards_cents) - 1
    return ranked[last * LOW_PERCENT // 100], ranked[-(-last * HIGH_PERCENT // 100)]


def _gift(gift_cents: int, before: Sequence[int], after: Sequence[int]) -> list[int]:
    """What one gift more does: its cents, who gets more, who gets anything, the middle of the gains."""
    gains = sorted(new - old for old, new in zip(before, after, strict=True) if new > old)
    first = sum(new > 0 and not old for old, new in zip(before, after, strict=True))
    return [gift_cents, len(gains), first, gains[len(gains) // 2] if gains else 0]


def _groups(tiers: Sequence[int], awards_cents: Sequence[int]) -> list[list[int]]:
    rows = []
    for tier in sorted(set(tiers)):
        awards = [cents for of, cents in zip(tiers, awards_cents, strict=True) if of == tier]
        rows.append([tier, len(awards), sum(cents > 0 for cents in awards), *middle(awards)])
    return rows
