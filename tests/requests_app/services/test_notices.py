"""Messages: each kind has words in each language, and no effect is told twice."""

import casework
import pytest
from builders import NOW, World, file_request, make_ask, make_world, put_money_in
from django.core import mail
from django.db import connection

from fundmgr.domain import ids
from fundmgr.models import OutboxMessage
from fundmgr.services import background
from requests_app.models import Applicant, AssistanceRequest, Notice
from requests_app.services import notices

OF_AWARDS = {"award_made", "award_added", "award_reminder", "award_expired"}


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def owe(request: AssistanceRequest, kind: str, **more: str) -> OutboxMessage:
    return OutboxMessage.objects.create(
        id=ids.new_id(NOW),
        fund=request.fund,
        created_at=NOW,
        kind="notice",
        effect_key=f"{kind}:{request.id}:test",
        payload={"kind": kind, "request_id": str(request.id), **more},
        due_at=NOW,
    )


def deliver() -> None:
    background.deliver(clock=lambda: NOW)


def test_a_request_is_answered_with_its_number_to_its_contact(world: World) -> None:
    row = file_request(world)

    deliver()

    (letter,) = mail.outbox
    assert letter.to == ["ana@example.com"]
    assert letter.subject == f"We have your request {row.reference}"
    assert f"/f/{world.fund.slug}/request/" in letter.body
    assert "Rivera" not in letter.body
    notice = Notice.objects.get()
    assert (notice.kind, notice.contact, notice.subject) == (
        "request_received",
        "ana@example.com",
        letter.subject,
    )
    assert notice.sent_at == NOW


def test_an_effect_made_twice_is_told_once(world: World) -> None:
    file_request(world)
    message = OutboxMessage.objects.get()

    notices.send_notice(message=message, now=NOW)
    notices.send_notice(message=message, now=NOW)

    assert len(mail.outbox) == 1
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("kind", sorted(notices.KINDS - OF_AWARDS))
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_kind_has_a_subject_and_a_text(world: World, kind: str, language: str) -> None:
    row = file_request(world, make_ask(language=language))
    message = owe(row, kind)

    notices.send_notice(message=message, now=NOW)

    letter = mail.outbox[-1]
    assert row.reference in letter.subject
    assert "\n" not in letter.subject
    assert len(letter.body) > 100
    assert "{" not in letter.body
    assert "$" not in letter.body


def test_a_worker_is_written_to_in_their_language(world: World) -> None:
    file_request(world, make_ask(language="es"))

    deliver()

    assert mail.outbox[0].subject.startswith("Tenemos su solicitud")


def test_an_award_is_told_with_its_amount(world: World) -> None:
    put_money_in(world, 50_000_000)
    (award,) = casework.make_awards(world, [140_939])
    message = OutboxMessage.objects.get(effect_key=f"award_made:{award.id}")

    notices.send_notice(message=message, now=NOW)

    assert "$1,409.39" in mail.outbox[-1].body
    assert award.request.reference in mail.outbox[-1].subject
    assert "Worker" not in mail.outbox[-1].body


@pytest.mark.parametrize("kind", ["award_reminder", "award_expired"])
@pytest.mark.parametrize(("language", "day"), [("en", "October 18"), ("es", "18 de octubre")])
def test_an_award_not_accepted_is_told_with_its_last_day(
    world: World, kind: str, language: str, day: str
) -> None:
    put_money_in(world, 50_000_000)
    (award,) = casework.make_awards(world, [140_939])
    Applicant.objects.filter(id=award.request.applicant_id).update(language=language)
    message = owe(award.request, kind, award_id=str(award.id))

    notices.send_notice(message=message, now=NOW)

    assert "1,409.39" in mail.outbox[-1].body
    assert day in mail.outbox[-1].body
    assert award.request.reference in mail.outbox[-1].subject


def test_a_kind_without_words_is_an_error_that_stays_on_the_message(world: World) -> None:
    message = owe(file_request(world), "unheard_of")

    deliver()

    message.refresh_from_db()
    assert message.done_at is None
    assert "unheard_of" in message.last_error


def test_the_message_is_kept_unreadable(world: World) -> None:
    row = file_request(world)
    deliver()

    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(t::text::bytea, 'escape') FROM requests_app_notice t")
        (text,) = cursor.fetchone()
    assert row.reference not in text
    assert "ana@" not in text
