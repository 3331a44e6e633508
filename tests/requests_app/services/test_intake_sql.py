"""The one statement of a submission costs the same whatever the fund holds."""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection

from requests_app.services import intake_sql

GROWING = {"requests_app_applicant", "requests_app_assistancerequest", "fundmgr_rememberedcall"}
SCANS = {"Index Scan", "Index Only Scan", "Seq Scan", "Bitmap Heap Scan"}


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def test_a_plan_made_on_empty_tables_finds_each_row_by_all_of_its_key(committed_db):
    with connection.cursor() as cursor:
        statement = intake_sql._FILE
        cursor.execute(f"PREPARE file(jsonb, text) AS {statement}")
        cursor.execute("EXPLAIN (FORMAT JSON) EXECUTE file('[]', NULL)")
        told = cursor.fetchone()[0]
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    scans = [
        node for node in nodes(plan) if node["Node Type"] in SCANS and node.get("Relation Name") in GROWING
    ]
    # The contact, the worker, the live request, the reference, the remembered call.
    assert len(scans) >= 5
    for scan in scans:
        assert scan["Node Type"] != "Seq Scan", scan
        assert "Filter" not in scan, scan
