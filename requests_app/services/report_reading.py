"""Everything a report is made of, read in one snapshot: money and demand of the same moment."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from fundmgr.domain import errors
from fundmgr.domain.promised_days import late_before
from fundmgr.models import Fund, PolicyVersion
from fundmgr.queries import books, funds
from requests_app.queries import demand, means, rounds
from requests_app.queries.pots import Estate, estate
from requests_app.services.report_body import FundFacts, Inputs, Money, Need, PolicyFacts, usual_ways


def read(fund_id: UUID, *, clock: Callable[[], datetime]) -> Inputs:
    """This will read a fund's money and demand in one REPEATABLE READ transaction of its own.

    Errors: NotFound where the fund is gone, WrongState where it has no policy.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        fund = Fund.objects.filter(id=fund_id).first()
        if fund is None:
            raise errors.NotFound
        # The first query took the snapshot, so nothing in it is younger than this.
        as_of = clock()
        policy = funds.policy_in_force(fund_id)
        found = estate(fund_id, now=as_of)
        money, need = _money(fund_id, found), _need(fund, policy, found, as_of=as_of)
    named = FundFacts(fund.name, fund.slug, fund.currency, fund.time_zone)
    return Inputs(
        as_of=as_of, policy_id=policy.id, fund=named, policy=_policy(policy), money=money, need=need
    )


def _policy(policy: PolicyVersion) -> PolicyFacts:
    return PolicyFacts(
        number=policy.number,
        adopted_on=policy.adopted_on,
        need_ceiling_cents=policy.need_ceiling_cents,
        award_cap_cents=policy.award_cap_cents,
        reserve_bp=policy.reserve_bp,
        decision_days=policy.decision_days,
        rule=str(policy.rule.get("rule", "")),
    )


def _money(fund_id: UUID, found: Estate) -> Money:
    return Money(
        position=books.position(fund_id),
        means=means.read(fund_id),
        pots_cents=[pot.cents for pot in found.pots],
        restricted_cents=found.restricted_cents,
        ledger_sequence=books.last_sequence(fund_id),
    )


def _need(fund: Fund, policy: PolicyVersion, found: Estate, *, as_of: datetime) -> Need:
    cap_cents = policy.award_cap_cents
    before = late_before(as_of, days=policy.decision_days, zone=fund.time_zone)
    crafts, productions, days = (
        demand.groups(fund.id, by=by, award_cap_cents=cap_cents, time_zone=fund.time_zone)
        for by in ("craft", "production", "day")
    )
    households_eligible, households_awarded = demand.households(fund.id, award_cap_cents=cap_cents)
    return Need(
        layers=demand.layers(fund.id, award_cap_cents=cap_cents),
        asks_cents=demand.asks(fund.id),
        categories=demand.categories(fund.id, award_cap_cents=cap_cents),
        crafts=crafts,
        productions=productions,
        days=days,
        state_ages=demand.ages(fund.id, as_of=as_of),
        overdue_count=demand.overdue_count(fund.id, before=before),
        households_eligible=households_eligible,
        households_awarded=households_awarded,
        waiting=rounds.claims(
            fund.id,
            policy=policy,
            pots=found.pots,
            cap_cents=max(way.need_up_to_cents for way in usual_ways(_policy(policy))),
            of=rounds.UNAWARDED,
        ),
    )
