"""Submissions a second: the database's floor, the typical way, and ours, in one run.

Floors: pgbench over 32 connections, inserting one bare row; one statement for token, request, key, audit and
outbox; and the product's own statement with all its rows. Typical: a ModelViewSet with token, scope,
validators and an audit row, on gunicorn as a new project comes, on gunicorn with connections to the database
that are kept, and with those on the same web server as ours. Ours: POST
/api/v1/requests with token, permission, validation, idempotency key, need lines, revision, transition,
audit event and outbox row.
Usage: python bench/intake.py [seconds a run] [rounds]
"""

import json
import statistics
import sys
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import floors, load, stage

PORT = stage.free_port()
WARM_SECONDS = 6.0  # plans, imports and pools are made by the first calls
PLAIN = "bench.plain.wsgi:application"
OURS = "fundmgr.wsgi:application"
SECRET = "bench-secret-bench-secret"  # noqa: S105  # of a server that lives for one run


def main() -> None:
    """Run all of them in turn and print the medians and their ratios."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with stage.servers_up() as env:
        stage.migrate(env, "bench.plain.settings")
        world = _world()
        floors.prepare(env, world)
        with stage.web(OURS, PORT, env):
            token = _token(world["client_id"])
        ours, plain = partial(our_call, token), partial(plain_call, world, token)

        def served(
            application: str, path: str, make: load.Make, server: tuple[str, ...], kept: str = "600"
        ) -> load.Run:
            asked = {**env, "BENCH_CONNECTION_KEPT_SECONDS": kept}
            with stage.web(application, PORT, asked, server=server):
                load.drive(PORT, path, make, WARM_SECONDS)
                return load.drive(PORT, path, make, seconds)

        found = [
            (
                floors.bare(env, seconds),
                floors.five(env, seconds),
                floors.whole(env, world, seconds),
                served(PLAIN, "/requests/", plain, stage.GUNICORN, kept="0"),
                served(PLAIN, "/requests/", plain, stage.GUNICORN),
                served(PLAIN, "/requests/", plain, stage.GRANIAN),
                served(OURS, "/api/v1/requests", ours, stage.GRANIAN),
            )
            for _ in range(rounds)
        ]
    report(found)


def report(found: list[tuple[float, float, float, load.Run, load.Run, load.Run, load.Run]]) -> None:
    """Print the table; quote the ratios, not the absolutes."""
    *floored, news, gunicorns, plains, ours = zip(*found, strict=True)
    bare_rate, five_rate, whole_rate = (statistics.median(rates) for rates in floored)
    print(f"floor, one bare row        {bare_rate:8.0f}/s")
    print(f"one statement: token, request, key, audit, outbox {five_rate:8.0f}/s")
    print(f"floor, one submission      {whole_rate:8.0f}/s")
    new = _line("ModelViewSet on gunicorn, new", news)
    gunicorn = _line("the same, connections kept", gunicorns)
    plain = _line("ModelViewSet, same server", plains)
    our = _line("ours", ours)
    print(
        f"ours / same server {our.per_second / plain.per_second:.2f}"
        f"   ours / gunicorn {our.per_second / new.per_second:.2f}"
        f"   ours / gunicorn, kept {our.per_second / gunicorn.per_second:.2f}"
        f"   ours / floor of a submission {our.per_second / whole_rate:.2f}"
        f"   ours / token, request, key, audit, outbox {our.per_second / five_rate:.2f}"
        f"   ours / floor of a bare row {our.per_second / bare_rate:.2f}"
    )
    print(
        f"p99: same server / ours {plain.p99_ms / our.p99_ms:.1f}"
        f"   gunicorn / ours {new.p99_ms / our.p99_ms:.1f}"
        f"   gunicorn, kept / ours {gunicorn.p99_ms / our.p99_ms:.1f}"
    )


def _line(name: str, runs: tuple[load.Run, ...]) -> load.Run:
    """Print one way's medians, and return them."""
    middle = load.Run(
        statistics.median(run.per_second for run in runs),
        statistics.median(run.p50_ms for run in runs),
        statistics.median(run.p99_ms for run in runs),
        sum(run.refused for run in runs),
    )
    print(
        f"{name:30} {middle.per_second:8.0f}/s  p50 {middle.p50_ms:6.1f} ms"
        f"  p99 {middle.p99_ms:6.1f} ms  refused {middle.refused}"
    )
    return middle


def _world() -> dict[str, Any]:
    import django

    django.setup()
    from django.utils import timezone

    from fundmgr.domain import actors
    from fundmgr.domain.permissions import Role
    from fundmgr.services import funds

    now = timezone.now()
    fund = funds.found(terms=funds.FundTerms("Bench fund", "fiscal_sponsored"), by=actors.SYSTEM, now=now)
    terms = funds.PolicyTerms(750_000, 150_000, 200, 10**9, "bench")
    policy = funds.adopt_policy(fund_id=fund.id, terms=terms, by=actors.SYSTEM, now=now)
    funds.open_intake(fund_id=fund.id, by=actors.SYSTEM, now=now)
    owner = funds.make_staff(email="bench@example.org", name="Bench", by=actors.SYSTEM, now=now)
    client = funds.register_client(
        fund_id=fund.id,
        name="Bench",
        owner_id=owner.id,
        role=Role.INTAKE,
        scopes="requests:write requests:read",
        secret=SECRET,
        by=actors.SYSTEM,
        now=now,
    )
    return {
        "fund_id": str(fund.id),
        "policy_id": str(policy.id),
        "client_id": client.oauth_client_id,
    }


def _token(client_id: str) -> str:
    form = f"grant_type=client_credentials&client_id={client_id}&client_secret={SECRET}"
    return str(load.post_form(PORT, "/api/v1/oauth/token", form)["access_token"])


def our_call(token: str, unique: str) -> tuple[dict[str, str], bytes]:
    """One submission to ours: headers and body."""
    body = {
        "contact": {"email": f"w{unique}@example.org"},
        "full_name": "Ana Rivera",
        "production_name": "Badge 27",
        "craft": "Camera",
        "last_worked_on": "2023-07-14",
        "need_lines": [
            {"category": "RENT", "amount": {"amount": "2400.00", "currency": "USD"}},
            {"category": "FOOD", "amount": {"amount": "600.00", "currency": "USD"}},
        ],
    }
    return {**_headers(token), "Idempotency-Key": unique}, json.dumps(body).encode()


def plain_call(world: dict[str, Any], token: str, unique: str) -> tuple[dict[str, str], bytes]:
    """One submission to the typical way: headers and body."""
    body = {
        "fund": world["fund_id"],
        "policy": world["policy_id"],
        "reference": unique[-20:],
        "full_name": "Ana Rivera",
        "email": f"w{unique}@example.org",
        "production": "Badge 27",
        "craft": "Camera",
        "last_worked_on": "2023-07-14",
        "asked": "3000.00",
        "needs": [{"category": "RENT", "amount": "2400.00"}, {"category": "FOOD", "amount": "600.00"}],
    }
    return _headers(token), json.dumps(body).encode()


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}


if __name__ == "__main__":
    main()
