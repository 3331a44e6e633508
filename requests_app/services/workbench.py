"""Rules side by side on everybody who waits now: the same money, the same people, and nothing kept."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.permissions import Action
from fundmgr.domain.populations import EVERYBODY, Population
from fundmgr.models import PolicyVersion
from fundmgr.queries import access, books, funds
from requests_app.queries import populations
from requests_app.queries import rounds as queries
from requests_app.queries.pots import PotMoney, estate
from requests_app.queries.rounds import Claim
from requests_app.queries.waiting import references
from requests_app.services import round_frozen, tried_rules, workbench_digests
from requests_app.services.round_bands import BANDS_CENTS
from requests_app.services.tried_rules import Tried

if TYPE_CHECKING:
    from requests_app.services.round_frozen import Column
    from requests_app.services.round_sharing import PreviewRow, Sharing
    from requests_app.services.rule_figures import RuleFigures
    from requests_app.services.tied_pots import TiedPot

MOST_CHANGES = 20


@dataclass(frozen=True)
class Compared:
    """One rule: its totals and its figures in depth, each need counted up to an amount. Units: cents.

    Shapes: `tied` has one entry for each pot but the general one.
    """

    row: "PreviewRow"
    figures: "RuleFigures"
    need_up_to_cents: int
    tied: tuple["TiedPot", ...]


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
    """How many get more, less and the same, and those who change most: who gains first, then who loses."""

    more_count: int
    less_count: int
    same_count: int
    most: tuple[ChangedRequest, ...]


@dataclass(frozen=True)
class Shift:
    """How many people get more, less and the same by a rule than by the chosen one. Units: cents."""

    more_count: int
    less_count: int
    same_count: int
    largest_gain_cents: int
    largest_loss_cents: int


@dataclass(frozen=True)
class Ground:
    """What rules are compared on. Units: cents.

    Shapes: `pots` are the money to share, the general one first; `everybody_count` is how many wait in all,
    where `population` is a part of them; `sizes_cents` are where one size of need ends and the next begins.
    """

    as_of: datetime
    pots: tuple[PotMoney, ...]
    people_count: int
    verified_cents: int
    award_cap_cents: int
    policy_number: int
    ledger_sequence: int
    population: Population
    everybody_count: int
    sizes_cents: tuple[int, ...] = BANDS_CENTS


@dataclass(frozen=True)
class Comparison:
    """Rules in the order asked, who changes between two of them, and how many from the chosen to each.

    Shapes: `shifts` has one entry a rule where one is chosen, else none. `snapshot_digest` binds the people
    and the money, `digest` the rules and what each gave as well.
    """

    ground: Ground
    rules: tuple[Compared, ...]
    changes: ChangedRequests | None
    shifts: tuple[Shift, ...]
    snapshot_digest: str
    digest: str


def compare(
    *,
    fund_id: UUID,
    rules: Sequence[Mapping[str, Any]],
    by: Actor,
    now: datetime,
    pair: tuple[int, int] | None = None,
    chosen: int | None = None,
    population: Population = EVERYBODY,
) -> Comparison:
    """This will work out in depth what each rule would do now with those who wait and the money there is.

    Shapes: a rule may say `need_up_to_cents`, up to which each need counts instead of the policy's cap; a
    draw is tried in an order of example; `pair` are places in `rules`, to tell who changes
    from one to the other; `chosen` is a place too, to count who gets more or less by each other rule. All the
    money is tried on a `population` that is a part of them.
    Units: cents.
    Errors: NotFound, Forbidden, InvalidInput for a rule that cannot be applied, which names it as `rules.0`
    with the engine's own code, or for a population too small for the actor.
    """
    access.require(by, Action.ROUND_READ, fund_id=fund_id)
    pots, policy = estate(fund_id, now=now).pots, funds.policy_in_force(fund_id)
    tried = [tried_rules.read(rule, cap_cents=policy.award_cap_cents) for rule in rules]
    most_cents = max((one.need_up_to_cents for one in tried), default=policy.award_cap_cents)
    waiting = queries.claims(
        fund_id, policy=policy, pots=pots, cap_cents=most_cents, of=queries.UNAWARDED, among=population
    )
    populations.require_enough(by, population, len(waiting), fund_id=fund_id)
    ground = _ground(fund_id, policy, pots, waiting, population=population, now=now)
    return _compared(ground, tried, waiting, pair=pair, chosen=chosen)


def compare_round(
    *, round_id: UUID, rules: Sequence[Mapping[str, Any]], by: Actor, now: datetime
) -> Comparison:
    """This will work out in depth what each rule would do with a round's frozen people and money.

    Shapes: as for compare, with the policy that the round was frozen under; a need cannot count for more
    than it did then.
    Units: cents.
    Errors: NotFound, InvalidInput as for compare, and for a need that would count for more.
    """
    row = queries.visible_round(by, round_id=round_id)
    cap_cents = row.policy.award_cap_cents
    tried = [tried_rules.read(rule, cap_cents=cap_cents) for rule in rules]
    problems = [
        Problem(
            f"rules.{place}.{tried_rules.NEED}", "too_large", "A frozen need counts up to its round's cap."
        )
        for place, one in enumerate(tried)
        if one.need_up_to_cents > cap_cents
    ]
    if problems:
        raise errors.InvalidInput(problems=problems)
    waiting, pots = queries.frozen_claims(row), queries.frozen_pots(row)
    ground = _ground(row.fund_id, row.policy, pots, waiting, now=now)
    return _compared(ground, tried, waiting, is_frozen=True)


def _compared(
    ground: Ground,
    tried: Sequence[Tried],
    waiting: Sequence[Claim],
    *,
    pair: tuple[int, int] | None = None,
    chosen: int | None = None,
    is_frozen: bool = False,
) -> Comparison:
    # Most rules count each need alike, so that what counts is read once for all of them.
    counted = {one.need_up_to_cents: one for one in tried}
    columns = {cents: one.columns(waiting) for cents, one in counted.items()}
    found = []
    for place, one in enumerate(tried):
        with _told_at(place):
            found.append(_share(one, columns[one.need_up_to_cents], ground.pots, is_frozen=is_frozen))
    snapshot = workbench_digests.of_snapshot(ground.pots, waiting)
    sharings = [sharing for _, sharing in found]
    return Comparison(
        ground=ground,
        rules=tuple(one for one, _ in found),
        changes=_changes(waiting, sharings[pair[0]], sharings[pair[1]]) if pair else None,
        shifts=() if chosen is None else tuple(_shift(sharings[chosen], other) for other in sharings),
        snapshot_digest=snapshot,
        digest=workbench_digests.of_comparison(snapshot, tried, sharings),
    )


@contextmanager
def _told_at(place: int) -> Iterator[None]:
    """A refusal is told of the rule among several that it is about."""
    from fundmgr.allocation import AllocationError  # noqa: PLC0415  # NumPy: not at the web's start
    from requests_app.services import round_sharing  # noqa: PLC0415  # the same

    try:
        yield
    except AllocationError as refusal:
        raise round_sharing.refused(refusal, field=f"rules.{place}") from refusal
    except errors.InvalidInput as refusal:
        problems = [
            replace(problem, field=problem.field.replace("rule", f"rules.{place}", 1))
            for problem in refusal.problems
        ]
        raise errors.InvalidInput(refusal.sentence, problems=problems) from refusal


def _ground(
    fund_id: UUID,
    policy: PolicyVersion,
    pots: tuple[PotMoney, ...],
    waiting: Sequence[Claim],
    *,
    now: datetime,
    population: Population = EVERYBODY,
) -> Ground:
    return Ground(
        as_of=now,
        pots=pots,
        people_count=len(waiting),
        verified_cents=sum(claim.verified_cents for claim in waiting),
        award_cap_cents=policy.award_cap_cents,
        policy_number=policy.number,
        ledger_sequence=books.last_sequence(fund_id),
        population=population,
        everybody_count=len(waiting) if population.is_everybody else queries.waiting_count(fund_id),
    )


def _share(
    one: Tried, columns: Sequence["Column"], pots: Sequence[PotMoney], *, is_frozen: bool = False
) -> tuple[Compared, "Sharing"]:
    from requests_app.services import round_sharing, rule_figures  # noqa: PLC0415  # NumPy: not at the start
    from requests_app.services.tied_pots import tied_pots  # noqa: PLC0415  # the same

    cents = [pot.cents for pot in pots]
    drawn = one.drawn(len(columns))
    sharing = round_frozen.share_columns(columns, cents, one.rule, drawn=drawn)
    # Of a frozen list what counts is fixed, as some of it may be paid or withdrawn.
    cap_cents = None if is_frozen else one.need_up_to_cents
    claims = rule_figures.read_claims(columns, cents, drawn=drawn, cap_cents=cap_cents)
    figures = rule_figures.figures(claims, round_sharing.read_rule(one.rule), sharing.awards_cents)
    tied = tied_pots(sharing.allocation, pots, sharing.row.pots_used_cents)
    return Compared(sharing.row, figures, one.need_up_to_cents, tied), sharing


def _shift(chosen: "Sharing", other: "Sharing") -> Shift:
    differences = [
        after - before for before, after in zip(chosen.awards_cents, other.awards_cents, strict=True)
    ]
    more, less = (sum(one > 0 for one in differences), sum(one < 0 for one in differences))
    return Shift(
        more_count=more,
        less_count=less,
        same_count=len(differences) - more - less,
        largest_gain_cents=max(0, max(differences, default=0)),
        largest_loss_cents=max(0, -min(differences, default=0)),
    )


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
