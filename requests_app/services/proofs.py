"""The nightly proof: books, files, trail, reports held to the ledger, rounds computed anew; else an alarm."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from fundmgr.domain import actors
from fundmgr.models import Fund, Job
from fundmgr.ports import jobs
from fundmgr.queries import books
from fundmgr.services import proof, proof_letters
from fundmgr.services.use_case import use_case
from requests_app.models import ShortfallReport
from requests_app.queries import audit
from requests_app.queries.proofs import KIND
from requests_app.services import document_retention, round_replay

# These follow the promises of the day, not the ledger.
_PROMISES = frozenset({"committed_cents", "committed_conditional_cents", "outstanding_cents"})


@use_case
def ask_nightly(*, now: datetime) -> list[Job]:
    """This will ask for each fund's proof once a day, in the hour that the settings name."""
    if now.hour != settings.NIGHTLY_REPORT_HOUR_UTC:
        return []
    key = f"nightly:{now.date().isoformat()}"
    done = Job.objects.filter(kind=KIND, key=key).values_list("fund_id", flat=True)
    rows = Fund.objects.exclude(id__in=done).order_by("id")
    return [
        jobs.enqueue(kind=KIND, key=key, payload={}, fund_id=row.id, by=actors.SYSTEM, now=now)[0]
        for row in rows
    ]


def run(*, job: Job, clock: Callable[[], datetime]) -> Mapping[str, Any]:
    """This will prove books, files, letters, trail and reports.

    Shapes: {"ok", "findings"} with a sentence each.
    """
    findings = [*proof.check_books(), *proof.check_files(), *proof_letters.check_letters()]
    findings += document_retention.check_kept()
    found = [finding.sentence for finding in findings]
    state = audit.state()
    if not state.is_sound:
        found.append(audit.sentence(state))
    found += reports_that_differ(job.fund_id)
    found += round_replay.replay_all(job.fund_id)
    return {"ok": not found, "findings": found, "at": clock().isoformat()}


def reports_that_differ(fund_id: UUID) -> list[str]:
    """This will name the reports whose money is not what the ledger says at their sequence."""
    found = []
    for row in ShortfallReport.objects.filter(fund_id=fund_id).order_by("id").iterator():
        said = json.loads(bytes(row.body)).get("position")
        now_said = asdict(books.position(fund_id, upto_sequence=row.ledger_sequence))
        if said and any(said[name] != now_said.get(name) for name in said.keys() - _PROMISES):
            found.append(f"report {row.id} differs from the ledger at sequence {row.ledger_sequence}")
    return found
