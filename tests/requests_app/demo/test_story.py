"""The story leaves the fund at the example's moment, told through the use cases."""

from collections import Counter
from datetime import UTC, datetime

from fundmgr.domain import ids
from fundmgr.models import Job
from fundmgr.queries import books
from fundmgr.services import proof
from requests_app.demo import asks, show, story
from requests_app.models import (
    AllocationRound,
    Appeal,
    AssistanceRequest,
    Document,
    OddsRun,
    Scenario,
    ShortfallReport,
)
from requests_app.queries import audit

NOW = datetime(2023, 9, 18, 16, 0, tzinfo=UTC)


def test_the_story_ends_at_the_moment_of_the_example(committed_db: str):
    with ids.repeatable(asks.SEED):
        fund = story.tell(now=NOW, say=lambda _line: None)

    assert books.available_cents(fund.id) == 49_000_000
    assert books.position(fund.id).received_cents == 50_000_000
    rows = list(AssistanceRequest.objects.order_by("submitted_at", "id"))
    assert sum(row.asked_cents for row in rows) == 1_000_000_000
    assert Counter(row.state for row in rows) == {
        "IN_ROUND": 1_205,
        "DUPLICATE_MERGED": 62,
        "WITHDRAWN": 31,
        # Three of the refused were in the right: two people decide on them anew.
        "INELIGIBLE": 144,
        "IN_REVIEW": 3,
        "NEEDS_INFO": 255,
    }
    assert [row.asked_cents for row in rows] == [
        person.ask.asked_cents for person in asks.people(opened_at=story.opening(NOW))
    ]
    assert Counter(Appeal.objects.values_list("state", flat=True)) == {
        "OVERTURNED": 3,
        "UPHELD": 5,
        "FILED": 2,
    }
    stubs = Document.objects.filter(request__isnull=False)
    assert Counter(stubs.values_list("state", "kind")) == {("AVAILABLE", "PROOF_OF_WORK"): 12}
    assert AllocationRound.objects.get().state == "PROPOSED"
    ways, urgent = Scenario.objects.order_by("name")
    assert (ways.people_count, ways.shared_cents, len(ways.rules)) == (1_205, 49_000_000, 5)
    assert (urgent.population, urgent.people_count) == ({"urgency": "URGENT"}, 319)
    assert ShortfallReport.objects.count() == 1
    # What the first page tells of the rule: all who wait would be paid, and of three gifts what they add.
    run = OddsRun.objects.get()
    assert (run.people_count, run.paid_count) == (1_205, 1_205)
    assert Job.objects.get().state == "DONE"
    assert proof.check_books() == []
    assert audit.state().is_sound
    assert {client["role"] for client in show.sheet()["clients"]} >= {"INTAKE", "DIRECTOR", "AUDITOR"}
