"""The nightly proof, and the alarm on the home page."""

import json
from datetime import date, timedelta

import pytest
from builders import NOW, TODAY, make_world, put_money_in
from calling import make_file
from console import Staff, text_of
from waiting import make_requests

from fundmgr.domain.permissions import Role
from fundmgr.models import Job, Receipt
from fundmgr.services import background
from requests_app.models import ShortfallReport
from requests_app.queries import console
from requests_app.services import proofs

pytestmark = pytest.mark.django_db
NIGHT = NOW.replace(hour=10)


def test_each_night_has_one_proof(settings):
    settings.NIGHTLY_REPORT_HOUR_UTC = 10
    make_world()

    assert proofs.ask_nightly(now=NOW) == []
    (job,) = proofs.ask_nightly(now=NIGHT)
    proofs.run(job=job, clock=lambda: NIGHT)
    assert proofs.ask_nightly(now=NIGHT + timedelta(minutes=30)) == []
    assert len(proofs.ask_nightly(now=NIGHT + timedelta(days=1))) == 1


def test_sound_books_raise_no_alarm():
    world = make_world()
    put_money_in(world, 100_000)
    background.link_events()
    job = Job(fund=world.fund)

    assert proofs.run(job=job, clock=lambda: NOW) == {"ok": True, "findings": [], "at": NOW.isoformat()}


def test_a_kept_file_that_the_disk_lost_is_an_alarm(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    world = make_world()
    file = make_file(world, put_money_in(world, 100_000).commitment)
    background.link_events()
    (settings.FILES_DIR / file.place[:2] / file.place).unlink()

    found = proofs.run(job=Job(fund=world.fund), clock=lambda: NOW)

    assert found["findings"] == [f"the disk no longer holds what was kept as file {file.id}"]


def test_a_receipt_of_another_century_draws_no_century_of_days():
    world = make_world()
    put_money_in(world, 100_000)
    Receipt.objects.update(received_on=date(1900, 1, 1))
    put_money_in(world, 5_000, bank_reference="NOW")

    days = console.home(world.actor(Role.DIRECTOR), fund_id=world.fund.id, now=NOW).days

    assert len(days) == 400
    assert (days[0].received_cents, days[-1].received_cents) == (100_000, 105_000)
    assert days[-1].day == TODAY
    assert Staff(world, Role.DIRECTOR).get("").status_code == 200


def test_the_newest_finding_stands_on_the_home_page_until_a_clean_proof():
    world = make_world()
    said = {
        "fund": world.fund,
        "kind": "proof",
        "payload": {},
        "asked_by": "system",
        "created_at": NOW,
        "state": "DONE",
    }
    Job.objects.create(id=world.fund.id, key="a", result={"findings": ["ledger sequence has a gap"]}, **said)

    assert "ledger sequence has a gap" in text_of(Staff(world, Role.DIRECTOR).get(""))
    assert "ledger sequence has a gap" in text_of(Staff(world, Role.AUDITOR).get(""))
    assert "ledger sequence has a gap" not in text_of(Staff(world, Role.REVIEWER).get(""))
    later = world.fund.id.__class__(int=world.fund.id.int + (1 << 90))
    Job.objects.create(id=later, key="b", result={"findings": []}, **said)
    assert "do not hold" not in text_of(Staff(world, Role.DIRECTOR).get(""))


def test_invariant_27_a_report_that_differs_from_the_ledger_is_named(committed_reports):
    world, row = committed_reports
    assert proofs.reports_that_differ(world.fund.id) == []
    body = json.loads(bytes(row.body))
    body["position"]["received_cents"] += 1
    bent = ShortfallReport(
        fund=world.fund, ledger_sequence=row.ledger_sequence, body=json.dumps(body).encode()
    )
    bent.id, bent.created_at, bent.as_of = world.fund.id, NOW, NOW
    bent.policy, bent.content_hash, bent.job_id = world.policy, "0" * 64, world.fund.id
    bent.save(force_insert=True)

    (sentence,) = proofs.reports_that_differ(world.fund.id)

    assert str(bent.id) in sentence


@pytest.fixture
def committed_reports():
    world = make_world()
    put_money_in(world, 100_000)
    make_requests(world, [50_000])
    from fundmgr.domain.canonical import canonical_bytes
    from requests_app.services import report_body, report_reading

    inputs = _inputs(report_reading, world)
    row = ShortfallReport.objects.create(
        id=Job(id=world.fund.id).id.__class__(int=1),
        fund=world.fund,
        created_at=NOW,
        as_of=NOW,
        ledger_sequence=inputs.money.ledger_sequence,
        policy=world.policy,
        body=canonical_bytes(report_body.compose(inputs)),
        content_hash="1" * 64,
        job_id=world.policy.id,
    )
    put_money_in(world, 70_000, bank_reference="WIRE-2")

    return world, row


def _inputs(report_reading, world):
    """What a report reads, without a transaction of its own: the test's is open."""
    from fundmgr.models import Fund
    from fundmgr.queries import funds
    from requests_app.services.report_body import FundFacts, Inputs

    fund = Fund.objects.get(id=world.fund.id)
    policy = funds.policy_in_force(fund.id)
    found = report_reading.estate(fund.id, now=NOW)
    return Inputs(
        as_of=NOW,
        policy_id=policy.id,
        fund=FundFacts(fund.name, fund.slug, fund.currency, fund.time_zone),
        policy=report_reading._policy(policy),
        money=report_reading._money(fund.id, found),
        need=report_reading._need(fund, policy, found, as_of=NOW),
    )
