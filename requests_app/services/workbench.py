"""Rules side by side on everybody who waits now: the same money, the same people, and nothing kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.queries import access, funds
from requests_app.queries import rounds as queries
from requests_app.queries.pots import estate
from requests_app.queries.rounds import Claim
from requests_app.queries.waiting import references
from requests_app.services import round_frozen

if TYPE_CHECKING:
    from requests_app.services.round_sharing import PreviewRow, Sharing
    from requests_app.services.rule_figures import RuleFigures

MOST_CHANGES = 20


@dataclass(frozen=True)
class Compared:
    """One rule: its totals and its figures in depth."""

    row: "PreviewRow"
    figures: "RuleFigures"


@dataclass(frozen=True)
class ChangedRequest:
    """One request that two rules treat differently. Units: cents."""

    request_id: UUID
    reference: str
    verified_cents: int
    before_cents: int
    after_cents: int


@dataclass(frozen=True)
class ChangedRequests:
    """How many get more, less and the same, and those who change most, the largest change first."""

    more_count: int
    less_count: int
    same_count: int
    most: tuple[ChangedRequest, ...]


@dataclass(frozen=True)
class Comparison:
    """Rules in the order asked, and who changes between two of them."""

    rules: tuple[Compared, ...]
    changes: ChangedRequests | None


def compare(
    *,
    fund_id: UUID,
    rules: Sequence[Mapping[str, Any]],
    by: Actor,
    now: datetime,
    pair: tuple[int, int] | None = None,
) -> Comparison:
    """This will work out in depth what each rule would do now with those who wait and the money there is.

    Shapes: `pair` are places in `rules`, to tell who changes from the first to the second.
    Units: cents.
    Errors: NotFound, Forbidden, InvalidInput for a rule that cannot be applied.
    """
    from requests_app.services import round_sharing, rule_figures  # noqa: PLC0415  # NumPy: not at the start

    access.require(by, Action.ROUND_READ, fund_id=fund_id)
    pots = estate(fund_id, now=now).pots
    waiting = queries.claims(fund_id, policy=funds.policy_in_force(fund_id), pots=pots)
    columns = [(claim.capped_cents, claim.verified_cents, claim.usable_cents) for claim in waiting]
    cents = [pot.cents for pot in pots]
    claims = rule_figures.read_claims(columns, cents)
    found = [round_frozen.share_columns(columns, cents, rule) for rule in rules]
    compared = tuple(
        Compared(one.row, rule_figures.figures(claims, round_sharing.read_rule(rule), one.awards_cents))
        for one, rule in zip(found, rules, strict=True)
    )
    return Comparison(compared, _changes(waiting, found[pair[0]], found[pair[1]]) if pair else None)


def _changes(waiting: Sequence[Claim], one: "Sharing", other: "Sharing") -> ChangedRequests:
    import numpy as np  # noqa: PLC0415  # not at the web's start

    from fundmgr.allocation import changes  # noqa: PLC0415  # the same

    before, after = (np.array(side.awards_cents, dtype=np.int64) for side in (one, other))
    found = changes(before, after, most=MOST_CHANGES)
    named = references([waiting[change.position].request_id for change in found.most])
    most = tuple(
        ChangedRequest(
            request_id=waiting[change.position].request_id,
            reference=named[waiting[change.position].request_id],
            verified_cents=waiting[change.position].verified_cents,
            before_cents=change.before_cents,
            after_cents=change.after_cents,
        )
        for change in found.most
    )
    return ChangedRequests(found.more, found.less, found.same, most)
