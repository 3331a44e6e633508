"""What a fund tells everybody: the honest numbers, its shows, its rule, its donors. No person is in it.

The figures are read at most once a minute in each process, so that a rush to the page costs the books
nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q, Sum

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import (
    FOUND_ELIGIBLE_STATES,
    AwardState,
    DecisionState,
    PayoutState,
    RequestState,
)
from fundmgr.domain.ratios import rounded_ratio
from fundmgr.models import Fund, PolicyVersion, prepared
from fundmgr.queries import books, funds, kept_promises
from fundmgr.queries.kept_promises import Kept
from requests_app.models import AssistanceRequest, Award, NeedLine
from requests_app.queries import helped_groups, honest_odds, standing
from requests_app.queries.helped_groups import LIVE_AWARD_STATES, Groups
from requests_app.queries.honest_odds import Gifts, Odds
from requests_app.queries.published_rules import PublishedRule, published_rule

CACHED_SECONDS = 60
# Below these a figure says nothing, or says too much about one person.
LEAST_REQUESTS, LEAST_PEOPLE = 20, helped_groups.LEAST_PEOPLE
_SHOWS = "SELECT name FROM requests_app_production WHERE fund_id = $1 AND is_covered ORDER BY name"


@dataclass(frozen=True)
class FundNumbers:
    """How far the money goes, and by which rule, as everybody may read it. Units: cents.

    Shapes: `rule` is None where no round was decided and none is told.
    """

    received_cents: int
    asked_cents: int
    requests_count: int
    as_of: datetime
    rule: PublishedRule | None = None

    @property
    def too_early(self) -> bool:
        """Whether too few have asked to say how far the money goes."""
        return self.requests_count < LEAST_REQUESTS

    @property
    def covers_all(self) -> bool:
        """Whether the money received is enough for everything that was asked."""
        return self.received_cents >= self.asked_cents

    @property
    def cents_per_dollar(self) -> int:
        """Whole cents for each dollar asked for, half to the even cent; 0 where nobody asked."""
        return rounded_ratio(self.received_cents * 100, self.asked_cents) or 0


@dataclass(frozen=True)
class Pace:
    """How long an answer took. Units: days, from sending to the final decision."""

    answered_count: int
    median_days: int
    on_time_count: int
    promised_days: int


@dataclass(frozen=True)
class ToMoney:
    """How long the money took, from a round's decision to the bank's word. Units: days."""

    paid_count: int
    median_days: int


@dataclass(frozen=True)
class Split:
    """Where the money that was received stands. Units: cents."""

    paid_cents: int
    paid_people: int
    held_cents: int
    reserve_cents: int
    available_cents: int

    @property
    def spoken_for_cents(self) -> int:
        """What has a name of its own; the rest of what came in is not free to share."""
        return self.paid_cents + self.held_cents + self.reserve_cents + self.available_cents


@dataclass(frozen=True)
class Helped:
    """Of those who met the rules, how many have an award, and what the others wait for. Units: cents."""

    awarded_count: int
    waiting_count: int
    waiting_cents: int

    @property
    def eligible_count(self) -> int:
        """Everyone who met the rules."""
        return self.awarded_count + self.waiting_count


@dataclass(frozen=True)
class Figures:
    """Everything on the page that changes as people ask and money moves."""

    numbers: FundNumbers
    odds: Odds
    categories: list[tuple[str, int]]
    split: Split
    pace: Pace | None
    to_money: ToMoney | None
    groups: Groups
    helped: Helped | None
    donors: list[tuple[str, int, int]]
    kept: Kept
    gifts: Gifts | None

    @property
    def unpromised_cents(self) -> int:
        """What came in without a promise: gifts as they come, money not matched yet. Units: cents."""
        return max(0, self.numbers.received_cents - sum(arrived for _, _, arrived in self.donors))


@dataclass(frozen=True)
class FundPage:
    """A fund's public page; `policy` is None until the board adopts one."""

    fund: Fund
    policy: PolicyVersion | None
    shows: list[str]
    figures: Figures


def fund_page(slug: str | None, *, now: datetime) -> FundPage:
    """This will return a fund's public page, by its address or, without one, the only fund's.

    Errors: NotFound.
    """
    if slug is None:
        only = funds.only_fund()
        if only is None:
            raise errors.NotFound
        slug = only.slug
    stands = standing.standing(slug)
    policy = standing.policy(stands.policy_id) if stands.policy_id else None
    return FundPage(stands.fund, policy, shows(stands.fund.id), figures(stands.fund.id, now=now))


def fund_and_policy(slug: str) -> tuple[Fund, PolicyVersion | None]:
    """This will return a fund by its address, and the policy in force, if one is. Errors: NotFound."""
    fund = funds.fund_by_slug(slug)
    return fund, PolicyVersion.objects.filter(fund=fund).order_by("-number").first()


def shows(fund_id: UUID) -> list[str]:
    """This will return the names of the productions whose crews the fund helps."""
    return [name for (name,) in prepared.rows(_SHOWS, [fund_id])]


def fund_numbers(fund_id: UUID, *, now: datetime) -> FundNumbers:
    """This will return the honest numbers, at most a minute old."""
    return figures(fund_id, now=now).numbers


def fund_odds(fund_id: UUID, *, now: datetime) -> Odds:
    """This will return the odds of those who ask now, at most a minute old; older ones say that they are."""
    return figures(fund_id, now=now).odds.seen(now)


def told_rule(slug: str, *, now: datetime) -> tuple[Fund, PublishedRule | None]:
    """This will return the rule that everybody is told, at most a minute old. Errors: NotFound."""
    fund = funds.fund_by_slug(slug)
    return fund, fund_numbers(fund.id, now=now).rule


def figures(fund_id: UUID, *, now: datetime) -> Figures:
    """This will return every public figure of a fund, at most a minute old."""
    # The number changes with the shape, so that no process reads what another version kept.
    key = f"public:3:{fund_id}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = _figures(fund_id, now=now)
        cache.set(key, found, CACHED_SECONDS)
    return found


def _figures(fund_id: UUID, *, now: datetime) -> Figures:
    position = books.position(fund_id)
    is_waiting = Q(state__in=FOUND_ELIGIBLE_STATES - {RequestState.AWARDED})
    asked = AssistanceRequest.objects.filter(fund_id=fund_id).aggregate(
        count=Count("id"),
        cents=Sum("asked_cents"),
        waiting=Count("id", filter=is_waiting),
        waiting_cents=Sum("capped_cents", filter=is_waiting),
    )
    awards = Award.objects.filter(fund_id=fund_id).aggregate(
        live=_people(state__in=LIVE_AWARD_STATES),
        paid=_people(state=AwardState.PAID),
    )
    rule = published_rule(fund_id, now=now)
    numbers = FundNumbers(position.cash_cents, int(asked["cents"] or 0), asked["count"], now, rule)
    split = Split(
        paid_cents=position.paid_cents,
        paid_people=awards["paid"],
        held_cents=position.obligated_cents,
        reserve_cents=position.reserve_cents,
        available_cents=position.available_cents,
    )
    helped = Helped(awards["live"], asked["waiting"], int(asked["waiting_cents"] or 0))
    return Figures(
        numbers=numbers,
        odds=honest_odds.read(fund_id, received_cents=position.received_cents, rule=rule, now=now),
        categories=_categories(fund_id),
        split=split,
        pace=_pace(fund_id),
        to_money=_to_money(fund_id),
        groups=helped_groups.read(fund_id) if _may_show(helped) else helped_groups.NONE,
        helped=helped if _may_show(helped) else None,
        # Of the same minute as the money received, so that the two always agree.
        donors=funds.named_donors(fund_id),
        kept=kept_promises.read(fund_id),
        gifts=honest_odds.gifts(fund_id, rule=rule, now=now),
    )


def _people(**which: Any) -> Count:
    """Who was topped up has several awards and is one person."""
    return Count("request_id", filter=Q(**which), distinct=True)


def _categories(fund_id: UUID) -> list[tuple[str, int]]:
    """Need by kind, most first; a kind that few asked for is left out, for it could point at someone."""
    rows = NeedLine.objects.filter(fund_id=fund_id).values("category")
    found = rows.annotate(cents=Sum("amount_cents"), people=Count("id")).order_by("-cents", "category")
    return [(row["category"], int(row["cents"])) for row in found if row["people"] >= LEAST_PEOPLE]


def _may_show(helped: Helped) -> bool:
    parts = (helped.eligible_count, helped.awarded_count, helped.waiting_count)
    return helped.eligible_count > 0 and all(part == 0 or part >= LEAST_PEOPLE for part in parts)


_PACE = """
SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY took),
       count(*) FILTER (WHERE answered_on <= said_on + on_weekend[EXTRACT(ISODOW FROM said_on)::int]),
       decision_days
FROM (
    SELECT p.number, p.decision_days, min(d.decided_at) - r.submitted_at AS took,
           (min(d.decided_at) AT TIME ZONE f.time_zone)::date AS answered_on,
           (r.submitted_at AT TIME ZONE f.time_zone)::date + p.decision_days AS said_on,
           -- From Monday to Sunday, as `promised_days.working` moves a day.
           ARRAY[0, 0, 0, 0, 0, 2, 1] AS on_weekend
    FROM requests_app_decision d
    JOIN requests_app_assistancerequest r ON r.id = d.request_id
    JOIN fundmgr_policyversion p ON p.id = d.policy_id
    JOIN fundmgr_fund f ON f.id = d.fund_id
    WHERE d.fund_id = %s AND d.state = %s
    GROUP BY p.id, r.id, f.id
) answered GROUP BY number, decision_days ORDER BY number DESC LIMIT 1
"""


def _pace(fund_id: UUID) -> Pace | None:
    """How fast answers came under the newest policy that decided anything; None for too few of them."""
    with connection.cursor() as cursor:
        cursor.execute(_PACE, [fund_id, DecisionState.FINAL.value])
        row = cursor.fetchone()
    if row is None or row[0] < LEAST_PEOPLE:
        return None
    count, median, on_time, promised = row
    return Pace(count, _days(median), on_time, promised)


_TO_MONEY = """
SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY took)
FROM (
    SELECT max(p.settled_at) - a.created_at AS took
    FROM requests_app_payout p JOIN requests_app_award a ON a.id = p.award_id
    WHERE p.fund_id = %s AND p.state = %s GROUP BY a.id
) paid
"""


def _to_money(fund_id: UUID) -> ToMoney | None:
    """How fast money came after an award; None for too few who have it."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_MONEY, [fund_id, PayoutState.SETTLED.value])
        count, median = cursor.fetchone()
    return ToMoney(count, _days(median)) if count >= LEAST_PEOPLE else None


def _days(span: timedelta) -> int:
    """Whole days, a part of a day counted as one."""
    return max(1, -(-span // timedelta(days=1)))


def slug_of_reference(reference: str) -> str:
    """This will return which fund a request's number belongs to, by its address; empty for none."""
    rows = AssistanceRequest.objects.filter(reference=reference.upper()[:12])
    return rows.values_list("fund__slug", flat=True).first() or ""
