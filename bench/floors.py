"""What PostgreSQL alone can take, by pgbench over 32 connections: a bare row, five rows, a whole submission.

The bare row has two indexes. Five rows are the least that a call which can be answered for leaves behind: its
token is looked up, and request, remembered key, audit event and outbox row are written, in one statement on
plain tables. The whole submission is the product's own statement, rows, checks and all, sent by pgbench with
fresh ids: what is left when the web server and Python cost nothing.
"""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from fundmgr.launcher import binaries

_BARE = (
    "INSERT INTO bench_floor (fund, reference, body) VALUES (gen_random_uuid(),"
    ' gen_random_uuid()::text, \'{"asked": 240000, "craft": "Camera"}\');\n'
)
_FIVE_TABLES = """
CREATE TABLE bench_token (checksum text PRIMARY KEY, client text, expires_at timestamptz);
INSERT INTO bench_token
    SELECT md5(n::text), 'client:' || n, now() + interval '1 day' FROM generate_series(1, 100) n;
CREATE TABLE bench_key (owner text, key text, route text, body_hash text, result_id uuid,
    created_at timestamptz DEFAULT now(), PRIMARY KEY (owner, key, route));
CREATE TABLE bench_request (id uuid PRIMARY KEY, fund uuid, reference text UNIQUE, body jsonb,
    created_at timestamptz DEFAULT now());
CREATE INDEX ON bench_request (fund, created_at);
CREATE TABLE bench_event (id uuid PRIMARY KEY, actor text, verb text, target uuid, body jsonb,
    created_at timestamptz DEFAULT now());
CREATE TABLE bench_outbox (id uuid PRIMARY KEY, kind text, key text UNIQUE, payload jsonb,
    created_at timestamptz DEFAULT now());
"""
_FIVE = """
WITH token AS (
    SELECT client FROM bench_token
    WHERE checksum = (SELECT md5((1 + random() * 98)::integer::text)) AND expires_at > now() LIMIT 1
), claimed AS (
    INSERT INTO bench_key
    SELECT client, gen_random_uuid()::text, 'POST requests', repeat('0', 64), gen_random_uuid() FROM token
    ON CONFLICT DO NOTHING RETURNING owner, result_id
), request AS (
    INSERT INTO bench_request
    SELECT result_id, '00000000-0000-7000-8000-000000000000', result_id::text, $body$
    {"full_name": "Ana Rivera", "production": "Badge 27", "craft": "Camera", "last_worked_on": "2023-07-14",
    "needs": [["RENT", 240000], ["FOOD", 60000]]}$body$ FROM claimed
), event AS (
    INSERT INTO bench_event
    SELECT gen_random_uuid(), owner, 'request.submitted', result_id, '{"channel": "API"}' FROM claimed
)
INSERT INTO bench_outbox SELECT gen_random_uuid(), 'notice', 'received:' || result_id, '{"kind": "received"}'
FROM claimed
"""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def prepare(env: dict[str, str], world: dict[str, Any]) -> None:
    """Make the bare row's table, and keep one submission as the pattern of all."""
    _psql(
        env,
        "CREATE TABLE bench_floor (id bigserial PRIMARY KEY, fund uuid, reference text UNIQUE,"
        " body jsonb, created_at timestamptz DEFAULT now())",
    )
    _psql(env, _FIVE_TABLES)
    quoted = f"$pattern${_pattern(world)}$pattern$"
    _psql(env, f"CREATE TABLE bench_pattern AS SELECT {quoted}::text AS sent")


def bare(env: dict[str, str], seconds: float) -> float:
    """Return bare rows a second."""
    return _pgbench(env, _BARE, seconds)


def five(env: dict[str, str], seconds: float) -> float:
    """Return calls a second of one statement each: token, request, key, audit, outbox."""
    return _pgbench(env, f"{' '.join(_FIVE.split())};\n", seconds)


def whole(env: dict[str, str], world: dict[str, Any], seconds: float) -> float:
    """Return whole submissions a second, each by one statement."""
    from requests_app.services import intake_sql

    sent = "(SELECT sent FROM bench_pattern)"
    for mark, fresh in _fresh(_pattern(world), kept=world):
        sent = f"replace({sent}, '{mark}', {fresh})"
    statement = intake_sql._FILE.replace("$1::jsonb", f"{sent}::jsonb").replace("$2", "NULL::text")
    return _pgbench(env, f"{' '.join(statement.split())};\n", seconds)


def _pattern(world: dict[str, Any]) -> str:
    """One submission as it is sent to the database; made once."""
    if "pattern" not in world:
        world["pattern"] = _sent(world)
    return str(world["pattern"])


def _sent(world: dict[str, Any]) -> str:
    from datetime import date

    from django.utils import timezone

    from fundmgr.domain import actors
    from fundmgr.domain.eligibility import NeedCategory
    from fundmgr.models import rows
    from fundmgr.ports.idempotency import Once
    from requests_app.services import intake_rows, intake_sql
    from requests_app.services.asks import Ask
    from requests_app.services.intake_rows import Filing

    ask = Ask(
        full_name="Ana Rivera",
        production_name="Badge 27",
        craft="Camera",
        last_worked_on=date(2023, 7, 14),
        need_lines=((NeedCategory.RENT, 240_000), (NeedCategory.FOOD, 60_000)),
    )
    fund_id = UUID(world["fund_id"])
    once = Once(owner="client:floor", key="floor-key", route="POST /api/v1/requests", body_hash="0" * 64)
    filing = Filing(fund_id, "API", actors.SYSTEM, timezone.now(), once=once)
    terms = intake_sql.terms(fund_id=fund_id)
    assert terms is not None
    made = intake_rows.prepare(ask, "floor@example.org", terms, filing)
    return rows.as_json([{"place": 0, **made.sent}])


def _fresh(pattern: str, *, kept: dict[str, Any]) -> list[tuple[str, str]]:
    """What must differ from call to call, with SQL for the new value."""
    own = sorted(set(_UUID.findall(pattern)) - {kept["fund_id"], kept["policy_id"]})
    told = {name: re.search(rf'"{name}":"?([^",]+)', pattern)[1] for name in _WORDS}
    return [(mark, "gen_random_uuid()::text") for mark in own] + [
        (told[name], fresh) for name, fresh in _WORDS.items()
    ]


_WORDS = {
    "reference": "'R-' || substr(md5(random()::text), 1, 10)",
    "contact_hash": "md5(random()::text)",
    "key": "gen_random_uuid()::text",
    "lock_number": "(random() * 1e15)::bigint::text",
}


def _pgbench(env: dict[str, str], statement: str, seconds: float) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".sql", delete=False) as script:
        script.write(statement)
    Path(script.name).chmod(0o644)
    command = [_program("pgbench"), "-n", "-c", "32", "-j", "2", "-M", "prepared", "-T", str(int(seconds))]
    words = [*command, "-f", script.name, *_where(env)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    if "(0.000%)" not in done.stdout:
        raise SystemExit(done.stdout)
    return float(re.search(r"tps = ([0-9.]+)", done.stdout)[1])


def _program(name: str) -> str:
    return str(binaries.postgres().folder / name)


def _where(env: dict[str, str]) -> list[str]:
    parts = urlsplit(env["DATABASE_URL"])
    return ["-h", parse_qs(parts.query)["host"][0], "-U", "fundmgr_owner", "fundmgr"]


def _psql(env: dict[str, str], statement: str) -> None:
    subprocess.run([_program("psql"), "-q", *_where(env), "-c", statement], check=True)
