"""The work that bench/round.py times; imported once Django is set up."""

from decimal import Decimal

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from bench.preview_work import Desk
from fundmgr.domain.lifecycle import RoundState
from requests_app.models import AllocationRound, AssistanceRequest, RoundRequest
from requests_app.queries import rounds as queries
from requests_app.queries.pots import estate
from requests_app.services import rounds

RULE = {"version": 1, "rule": "equal_awards"}
WAITING = """
FROM requests_app_assistancerequest WHERE fund_id = '{fund}' AND state IN ('ELIGIBLE', 'WAITLISTED')
"""


def make_floor(owner_url: str) -> None:
    """Make the table of the floor, which the app may fill and empty."""
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


def ours(desk: Desk) -> None:
    """Freeze, share and propose, with everything that is kept of it."""
    rounds.propose_rule(fund_id=desk.fund_id, rule=RULE, by=desk.director, now=timezone.now())


def clear(desk: Desk) -> None:
    """Prove the open round to the cent and give it up, so that the next one meets the same people."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bench_award")
    row = AllocationRound.objects.filter(fund_id=desk.fund_id, state=RoundState.PROPOSED).first()
    if row is None:
        return
    given = sum(RoundRequest.objects.filter(round=row).values_list("award_cents", flat=True))
    if given + row.leftover_cents != row.estate_cents or queries.pots_reason(row):
        raise SystemExit("cents are missing")
    rounds.void(round_id=row.id, reason="measured", by=desk.director, now=timezone.now())
