"""Donors are reminded once, in their language, of what they still owe."""

from datetime import timedelta

import pytest
from builders import NOW, TODAY, make_commitment, make_donor, make_world, put_money_in
from django.core import mail

from fundmgr.domain.permissions import Role
from fundmgr.models import Donor, OutboxMessage
from fundmgr.services import commitments, due_dates
from requests_app.models import Notice
from requests_app.services import donor_notices

pytestmark = pytest.mark.django_db


def late(world, **donor):
    row = commitments.pledge(
        fund_id=world.fund.id,
        donor_id=make_donor(world).id,
        amount_cents=30_000,
        pledged_on=TODAY,
        due_on=TODAY,
        by=world.actor(Role.TREASURER_PREPARES),
        now=NOW,
    )
    Donor.objects.filter(id=row.donor_id).update(**donor)
    return row


@pytest.mark.parametrize(("language", "words"), [("en", "It was due on"), ("es", "La fecha de pago era")])
def test_a_late_promise_is_written_about_once(committed_outbox, language, words):
    world = make_world()
    late(world, contact="founder@example.org", language=language)

    for days in (2, 3):
        now = NOW + timedelta(days=days)
        due_dates.remind(fund_id=world.fund.id, now=now)
        committed_outbox(now)

    assert [words in message.body for message in mail.outbox] == [True]
    assert "$300.00" in mail.outbox[0].body
    assert Notice.objects.get(kind="pledge_due_after").contact == "founder@example.org"


def test_money_that_came_in_meanwhile_is_not_asked_for(committed_outbox):
    world = make_world()
    late(world, contact="founder@example.org")
    now = NOW + timedelta(days=2)
    due_dates.remind(fund_id=world.fund.id, now=now)
    Donor.objects.update(contact=None)

    committed_outbox(now)

    assert mail.outbox == []


def test_a_phone_number_is_not_written_to(committed_outbox):
    world = make_world()
    row = late(world, contact="founder@example.org")
    now = NOW + timedelta(days=2)
    due_dates.remind(fund_id=world.fund.id, now=now)
    Donor.objects.update(contact="(213) 555-0100")

    committed_outbox(now)

    assert mail.outbox == []
    assert due_dates.remind(fund_id=row.fund_id, now=NOW + timedelta(days=20)) == 0


def test_a_kind_without_words_is_named():
    world = make_world()
    put_money_in(world, 1_000)
    make_commitment(world, make_donor(world), 1_000)
    message = OutboxMessage(payload={"kind": "song"}, effect_key="x")

    with pytest.raises(ValueError, match="song"):
        donor_notices.send(message=message, now=NOW)


@pytest.fixture
def committed_outbox():
    """Deliver what is owed, inside the test's own transaction."""

    def deliver(now):
        for message in OutboxMessage.objects.filter(kind="donor_notice", done_at__isnull=True):
            donor_notices.send(message=message, now=now)

    return deliver
