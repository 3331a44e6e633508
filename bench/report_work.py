"""The work that bench/report.py times; imported once Django is set up."""

import os
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction
from django.utils import timezone

from fundmgr.domain import actors, ids
from fundmgr.domain.eligibility import NeedCategory
from fundmgr.domain.lifecycle import RequestState
from fundmgr.models import Fund
from fundmgr.ports import jobs
from fundmgr.services import background, funds
from requests_app.models import Applicant, AssistanceRequest, Household, NeedLine

OUTCOMES = ((RequestState.ELIGIBLE, 709), (RequestState.NEEDS_INFO, 150), (RequestState.INELIGIBLE, 86),
            (RequestState.DUPLICATE_MERGED, 37), (RequestState.WITHDRAWN, 18))  # fmt: skip


def fill(count: int, *, crafts: tuple[str, ...], shows: tuple[str, ...]) -> UUID:
    """Write a fund with its requests, two need lines each, seeded."""
    now, source = timezone.now(), Random(7)  # noqa: S311  # rows to measure, no secret
    fund = funds.found(terms=funds.FundTerms("Bench fund", "fiscal_sponsored"), by=actors.SYSTEM, now=now)
    terms = funds.PolicyTerms(750_000, 150_000, 200, 10**9, "bench")
    policy = funds.adopt_policy(fund_id=fund.id, terms=terms, by=actors.SYSTEM, now=now)
    homes = [Household(id=ids.new_id(now), fund=fund, created_at=now) for _ in range(count)]
    people = [
        Applicant(
            id=ids.new_id(now),
            fund=fund,
            created_at=now,
            household=home,
            full_name="A",
            contact="a",
            contact_hash=home.id.hex,
        )
        for home in homes
    ]
    rows = [
        # Drawn like those of the product, two of ten thousand are the same one time in twelve.
        _request(
            fund,
            policy,
            person,
            source=source,
            reference=_reference(number),
            crafts=crafts,
            shows=shows,
            now=now,
        )
        for number, person in enumerate(people)
    ]
    lines = [
        NeedLine(
            id=ids.new_id(now), fund=fund, created_at=now, request=row, category=category, amount_cents=cents
        )
        for row in rows
        for category, cents in (
            (NeedCategory.RENT, row.asked_cents // 2),
            (NeedCategory.FOOD, row.asked_cents - row.asked_cents // 2),
        )
    ]
    with transaction.atomic():
        for model, made in (
            (Household, homes),
            (Applicant, people),
            (AssistanceRequest, rows),
            (NeedLine, lines),
        ):
            model.objects.bulk_create(made, batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return fund.id


def multiply(fund_id: UUID, count: int) -> None:
    """Write the same people under other names until there are so many, without their need lines.

    The tables' owner takes foreign keys and indexes off and puts them back in the same transaction: the
    server then proves every row at once, which takes a fraction of looking each one up.
    """
    ours = AssistanceRequest.objects.filter(fund_id=fund_id).count()
    key = "(lpad(to_hex(n.n), 12, '0') || '70008000' || left(md5(n.n::text), 12))::uuid"
    other = {
        "id": key,
        "household_id": key,
        "applicant_id": key,
        "contact_hash": "md5(n.n::text)",
        # As `_reference` writes it: the numbers go on where those of the rows end.
        "reference": "'R-' || lpad(upper(to_hex(n.n)), 6, '0')",
    }
    join = {
        Household: "a.household_id = t.id JOIN requests_app_assistancerequest r ON r.applicant_id = a.id",
        Applicant: "a.id = t.id JOIN requests_app_assistancerequest r ON r.applicant_id = a.id",
        AssistanceRequest: "a.id = t.applicant_id JOIN requests_app_assistancerequest r ON r.id = t.id",
    }
    with psycopg.connect(os.environ["FUNDMGR_OWNER_DATABASE_URL"]) as owner:
        owner.execute("SET LOCAL statement_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'")
        owner.execute("SET LOCAL work_mem = '256MB'")
        owner.execute(
            "CREATE TEMP TABLE numbered ON COMMIT DROP AS"
            " SELECT id, row_number() OVER (ORDER BY id) AS place FROM requests_app_assistancerequest"
            " WHERE fund_id = %s",
            [fund_id],
        )
        back = [line for model in join for line in _taken_off(owner, model._meta.db_table)]
        for model, on in join.items():
            columns = [field.column for field in model._meta.concrete_fields]
            values = ", ".join(other.get(column, f"t.{column}") for column in columns)
            owner.execute(
                f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {values}"  # noqa: S608
                f" FROM {model._meta.db_table} t JOIN requests_app_applicant a ON {on}"
                " JOIN numbered p ON p.id = r.id"
                " JOIN generate_series(%s, %s) AS n (n) ON n.n %% %s = p.place - 1 ORDER BY n.n",
                [ours, count - 1, ours],
            )
        for line in back:
            owner.execute(line)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _taken_off(owner: psycopg.Connection[Any], table: str) -> list[str]:
    """Drop a table's foreign keys and its indexes beside the key's, and return what makes them again."""
    keys = owner.execute(
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,"
        " pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
        [table],
    ).fetchall()
    indexes = owner.execute(
        "SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [table],
    ).fetchall()
    for line, _ in [*keys, *indexes]:
        owner.execute(line)
    # Indexes first: a foreign key may ask for one of them.
    return [line for _, line in [*indexes, *keys]]


def _reference(number: int) -> str:
    return f"R-{number:06X}"


def _request(
    fund: Fund, policy: Any, person: Applicant, *, source: Random, **given: Any
) -> AssistanceRequest:
    states, weights = zip(*OUTCOMES, strict=True)
    state, now = source.choices(states, weights)[0], given["now"]
    asked = max(20_000, min(5_000_000, int(source.lognormvariate(8.3, 0.9)) * 100))
    verified = min(asked, policy.need_ceiling_cents) if state is RequestState.ELIGIBLE else None
    at = now - timedelta(minutes=source.randrange(5 * 24 * 60))
    return AssistanceRequest(
        id=ids.new_id(now),
        fund=fund,
        created_at=now,
        applicant=person,
        household_id=person.household_id,
        policy=policy,
        reference=given["reference"],
        state=state,
        production_name=source.choice(given["shows"]),
        craft=source.choice(given["crafts"]),
        last_worked_on=now.date(),
        asked_cents=asked,
        verified_cents=verified,
        capped_cents=verified and min(verified, policy.award_cap_cents),
        channel="WEB",
        filed_by="system",
        submitted_at=at,
        state_since=at,
    )


def floor(fund_id: UUID) -> tuple[int, int]:
    """Read each request once and keep nothing but two numbers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), SUM(asked_cents) FROM requests_app_assistancerequest WHERE fund_id = %s",
            [fund_id],
        )
        found: tuple[int, int] = cursor.fetchone()
    return found


def loop(fund_id: UUID) -> dict[str, Counter[str]]:
    """Add up the demand tables the typical way: one object a request, its lines fetched beside it."""
    found: dict[str, Counter[str]] = {
        name: Counter() for name in ("state", "craft", "show", "day", "category")
    }
    rows = AssistanceRequest.objects.filter(fund_id=fund_id).prefetch_related("need_lines")
    for row in rows.iterator(chunk_size=2000):
        found["state"][row.state] += row.asked_cents
        found["craft"][row.craft] += row.asked_cents
        found["show"][row.production_name] += row.asked_cents
        found["day"][str(row.submitted_at.date())] += row.asked_cents
        for line in row.need_lines.all():
            found["category"][line.category] += line.amount_cents
    return found


def build(fund_id: UUID) -> int:
    """Ask for a report and build it, as the worker does."""
    with transaction.atomic():
        jobs.enqueue(
            kind="shortfall_report",
            key="bench",
            payload={},
            fund_id=fund_id,
            by=actors.SYSTEM,
            now=timezone.now(),
        )
    return background.run_jobs(clock=timezone.now)
