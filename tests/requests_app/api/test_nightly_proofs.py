"""What the nightly proofs found, over the API."""

from datetime import timedelta

from builders import NOW
from calling import code_of, make_night, make_things

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import JobState
from fundmgr.domain.permissions import Role
from fundmgr.models import Job
from requests_app.queries.proofs import KIND


def night(world, number, **said):
    at = NOW + timedelta(days=number)
    return Job.objects.create(
        id=ids.new_id(at),
        fund=world.fund,
        created_at=at,
        kind=KIND,
        key=f"nightly:{at.date()}",
        asked_by="system",
        **said,
    )


def test_directors_and_auditors_read_what_each_night_found(program, world):
    sound = make_night(world)
    bad = night(world, 1, state=JobState.DONE, result={"ok": False, "findings": ["A gap."]}, ended_at=NOW)
    broken = night(world, 2, state=JobState.FAILED, error="The disk is full.")
    night(world, 3, state=JobState.RUNNING)
    auditor = program(Role.AUDITOR)

    rows = auditor.get("nightly-proofs").json()["data"]

    assert [(row["is_sound"], row["findings"]) for row in rows] == [
        (False, ["The proof itself failed: The disk is full."]),
        (False, ["A gap."]),
        (True, []),
    ]
    assert [row["id"] for row in rows] == [ids.public("job", one.id) for one in (broken, bad, sound)]
    one = program(Role.DIRECTOR).get(f"nightly-proofs/{rows[1]['id']}")
    assert (one.status_code, one.json()) == (200, rows[1])
    assert rows[1]["ended_at"] == "2023-09-18T16:00:00Z"


def test_nobody_else_reads_them_and_other_jobs_are_none(program, world):
    things = make_things(world)
    path = things.path("nightly-proofs/{night_id}")

    for role in (Role.TREASURER_RELEASES, Role.BOARD, Role.REVIEWER):
        assert code_of(program(role).get("nightly-proofs")) == "forbidden"
        assert code_of(program(role).get(path)) == "forbidden"
    assert code_of(program(Role.AUDITOR).get(things.path("nightly-proofs/{job_id}"))) == "not_found"
