"""The work that bench/round.py times; imported once Django is set up."""

from decimal import Decimal

import psycopg
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from bench.preview_work import Desk
from fundmgr.domain.actors import Actor
from fundmgr.queries import books
from requests_app.models import AllocationRound, AssistanceRequest, Award, AwardShare
from requests_app.queries import rounds as queries
from requests_app.queries.pots import estate
from requests_app.queries.round_columns import stored_awards
from requests_app.services import round_frozen, round_steps, rounds

RULE = {"version": 1, "rule": "equal_awards"}
WAITING = """
FROM requests_app_assistancerequest WHERE fund_id = '{fund}' AND state IN ('ELIGIBLE', 'WAITLISTED')
"""


def make_floor(owner_url: str) -> None:
    """Make the table of the floor, which the app may fill and empty, and let statements take their time."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(
            "CREATE TABLE bench_award (request_id uuid PRIMARY KEY, round_id uuid, award_cents bigint)"
        )
        owner.execute("GRANT ALL ON bench_award TO PUBLIC")


def floor(desk: Desk) -> None:
    """Move the rows out and in, and share nothing."""
    waiting = WAITING.format(fund=desk.fund_id)
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor() as cursor:
        with cursor.copy(f"COPY (SELECT id, verified_cents {waiting}) TO STDOUT (FORMAT BINARY)") as copy:
            for _ in copy:
                pass
        cursor.execute(f"INSERT INTO bench_award SELECT id, fund_id, verified_cents {waiting}")


def typical(desk: Desk, count: int) -> None:
    """Share by one factor in Decimal and save row by row, as is done where nobody thought of a rush."""
    rows = list(AssistanceRequest.objects.filter(fund_id=desk.fund_id)[:count])
    money = Decimal(estate(desk.fund_id, now=timezone.now()).pots[0].cents)
    asked = sum((Decimal(row.verified_cents or 0) for row in rows), Decimal())
    with transaction.atomic():
        for row in rows:
            row.capped_cents = int(Decimal(row.verified_cents or 0) * money / asked) if asked else 0
            row.save(update_fields=["capped_cents"])
        transaction.set_rollback(True)


def draft(desk: Desk) -> AllocationRound:
    """Freeze who waits: the members with what counts of each, the pots, the list's root, the trail."""
    return rounds.draft(fund_id=desk.fund_id, rule=RULE, by=desk.director, now=timezone.now())


def share(row: AllocationRound) -> None:
    """Read the frozen claims, share the money, store each award: the step that a proposal computes by."""
    with transaction.atomic():
        round_steps.compute(row, now=timezone.now())


def propose(desk: Desk, row: AllocationRound) -> None:
    """Share and store, with all that a proposal keeps: what changed since, moves, transitions, the trail."""
    rounds.propose(round_id=row.id, by=desk.director, now=timezone.now())


def approvers(desk: Desk, row: AllocationRound) -> tuple[Actor, ...]:
    """Return as many people as must approve."""
    return desk.approvers[: queries.approvals_needed(AllocationRound.objects.get(id=row.id))]


def approve(row: AllocationRound, by: Actor) -> None:
    """Approve a proposal; the last one that is needed makes every award with its hold, notice and trail."""
    rounds.approve(round_id=row.id, result_digest=None, by=by, now=timezone.now())


def prove_awards(desk: Desk, row: AllocationRound) -> None:
    """Stop where awards, funding lines or holds are not what the round gives, to the cent."""
    row.refresh_from_db()
    awards = Award.objects.filter(round=row, hold_transfer_id__isnull=False)
    lines = AwardShare.objects.filter(award__round=row)
    sums = [
        awards.aggregate(cents=Sum("amount_cents"))["cents"],
        lines.aggregate(cents=Sum("amount_cents"))["cents"],
        books.position(desk.fund_id).reserved_cents,
    ]
    if awards.count() != row.awarded_count or sums != [row.awarded_cents] * len(sums):
        raise SystemExit("awards are missing")


def open_round(desk: Desk) -> AllocationRound:
    """The round that nobody decided yet."""
    return AllocationRound.objects.get(fund_id=desk.fund_id, state__in=queries.OPEN)


def clear(desk: Desk) -> None:
    """Prove the open round to the cent and give it up, so that the next one meets the same people."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench_award")
    row = AllocationRound.objects.filter(fund_id=desk.fund_id, state__in=queries.OPEN).first()
    if row is None:
        return
    prove(row)
    rounds.void(round_id=row.id, reason="measured", by=desk.director, now=timezone.now())


def prove(row: AllocationRound) -> None:
    """Stop where what is stored is not what the rule gives, to the cent and to the byte."""
    stored, again = stored_awards(row), round_frozen.share(row)
    used = sum(row.pots.values_list("used_cents", flat=True))
    is_whole = sum(stored) + again.row.leftover_cents == row.estate_cents and used == sum(stored)
    if tuple(stored) != again.awards_cents or not is_whole or queries.pots_reason(row):
        raise SystemExit("cents are missing")
