"""Jobs and the outbox, as seen from outside."""

from datetime import timedelta
from uuid import uuid4

import pytest
from builders import NOW, make_world

from fundmgr.domain import actors, errors
from fundmgr.domain.permissions import Role
from fundmgr.ports import jobs, outbox
from fundmgr.ports.outbox import Effect
from fundmgr.queries import work

pytestmark = pytest.mark.django_db


def test_a_job_is_seen_by_those_who_read_reports():
    world = make_world()
    job, _ = jobs.enqueue(
        kind="report", key="k", payload={}, fund_id=world.fund.id, by=actors.SYSTEM, now=NOW
    )

    assert work.visible_job(world.actor(Role.BOARD), job_id=job.id) == job
    stranger = make_world(name="Another fund").actor(Role.DIRECTOR)
    for actor, job_id in (
        (stranger, job.id),
        (world.actor(Role.INTAKE), job.id),
        (world.actor(Role.BOARD), uuid4()),
    ):
        with pytest.raises(errors.NotFound):
            work.visible_job(actor, job_id=job_id)


def test_the_oldest_debt_is_told():
    fund_id = make_world().fund.id
    assert work.oldest_owed_at() is None

    outbox.owe(Effect("notice", "later", {}), fund_id=fund_id, now=NOW + timedelta(hours=1))
    outbox.owe(Effect("notice", "first", {}), fund_id=fund_id, now=NOW)

    assert work.oldest_owed_at() == NOW
