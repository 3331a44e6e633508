"""The gateway's door: signed or not heard, each thing once, and never an answer of 500."""

import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import pytest
from builders import World, file_request, make_world
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone
from walking import Walk, code_for

from fundmgr.domain.texting import DeliveryState
from fundmgr.models import Event, OutboxMessage
from fundmgr.services import background
from requests_app.models import InboundText, Notice, TextConsent
from requests_app.services import notices

SECRET = "shared-with-the-gateway"
PHONE, KEPT = "(213) 555-0142", "+12135550142"


@pytest.fixture
def world(db: None, settings) -> World:
    settings.SMS_WEBHOOK_SECRET = SECRET
    return make_world(now=timezone.now() - timedelta(days=1))


def tell(body: Any, *, secret: str = SECRET, at=None, header: str | None = None):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    seconds = int((at or timezone.now()).timestamp())
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + content, hashlib.sha256).hexdigest()
    signed = f"t={seconds},v1={digest}" if header is None else header
    return Client(enforce_csrf_checks=True).post(
        "/hooks/texts/", content, content_type="application/json", headers={"Fundmgr-Signature": signed}
    )


def text(words: str, *, key: str = "in-1", sender: str = KEPT):
    return tell({"id": key, "from": sender, "text": words})


def texted() -> list[str]:
    background.deliver(clock=timezone.now)
    rows = Notice.objects.filter(way="TEXT").order_by("created_at", "id")
    return [row.text for row in rows if row.state == DeliveryState.SENT]


def owe_news(row, kind: str = "payment_sent") -> None:
    from fundmgr.ports import outbox
    from fundmgr.ports.outbox import Effect

    with transaction.atomic():
        payload = {"kind": kind, "request_id": str(row.id)}
        effect = Effect("notice", f"{kind}:{OutboxMessage.objects.count()}", payload)
        outbox.owe(effect, fund_id=row.fund_id, now=timezone.now())


@pytest.mark.parametrize(("stop", "answer"), [("STOP", "no more texts"), ("Alto.", "mensajes")])
def test_a_stop_ends_news_is_answered_once_and_leaves_codes(world: World, stop: str, answer: str) -> None:
    row = file_request(world, contact=PHONE, allows_texts=True, now=timezone.now())

    assert text(stop).json() == {"status": "kept"}

    said = texted()
    assert len(said) == 1
    assert answer in said[0]
    owe_news(row)
    assert len(texted()) == 1
    assert TextConsent.objects.filter(word="STOPPED", source="TEXT").count() == 1
    assert Event.objects.filter(verb="contact.texts_stopped").count() == 1
    Walk(world).post("sign-in/", {"channel": "TEXT", "phone": PHONE})
    assert code_for(PHONE)


def test_a_start_lets_news_come_again(world: World) -> None:
    row = file_request(world, contact=PHONE, allows_texts=True, now=timezone.now())
    text("STOP")
    text("start", key="in-2")
    owe_news(row)

    assert any("has left" in words for words in texted())


def test_help_is_answered_but_two_programs_do_not_go_on_for_ever(world: World) -> None:
    for number in range(9):
        text("HELP", key=f"in-{number}")

    assert len(texted()) == notices.MOST_REPLIES
    assert "STOP" in texted()[0]


def test_the_same_text_told_again_changes_nothing(world: World) -> None:
    file_request(world, contact=PHONE, allows_texts=True, now=timezone.now())

    assert [text("STOP").json()["status"] for _ in range(3)] == ["kept", "kept_before", "kept_before"]

    assert InboundText.objects.count() == 1
    assert TextConsent.objects.filter(word="STOPPED").count() == 1


def test_a_stop_counts_for_every_fund_that_knows_the_number(world: World) -> None:
    other = make_world(name="Another Fund", now=timezone.now() - timedelta(days=1))
    for one in (world, other):
        file_request(one, contact=PHONE, allows_texts=True, now=timezone.now())

    text("STOP")

    stopped = TextConsent.objects.filter(word="STOPPED").values_list("fund_id", flat=True)
    assert set(stopped) == {world.fund.id, other.fund.id}


def test_what_became_of_a_text_is_noted_and_delivered_stays(world: World) -> None:
    file_request(world, contact=PHONE, allows_texts=True, now=timezone.now())
    texted()
    key = Notice.objects.get().gateway_key

    assert tell({"id": key, "status": "delivered"}).json() == {"status": "noted"}
    assert tell({"id": key, "status": "failed"}).json() == {"status": "not_known"}
    assert Notice.objects.get().state == DeliveryState.DELIVERED
    assert tell({"id": "nobody", "status": "failed"}).json() == {"status": "not_known"}


@pytest.mark.parametrize(
    "header", ["", "t=1", "v1=00", f"t=abc,v1={'0' * 64}", f"t=99999999999999,v1={'0' * 64}", "é"]
)
def test_what_is_not_signed_is_not_heard(world: World, header: str) -> None:
    assert tell({"id": "1", "from": KEPT, "text": "STOP"}, header=header).status_code == 401
    assert not InboundText.objects.exists()


def test_another_secret_an_old_time_or_another_body_is_not_heard(world: World, settings) -> None:
    body = {"id": "1", "from": KEPT, "text": "STOP"}
    assert tell(body, secret="another").status_code == 401
    for minutes in (-6, 6):
        assert tell(body, at=timezone.now() + timedelta(minutes=minutes)).status_code == 401
    # Only so much is read of a body, and what is read is not what was signed.
    assert tell(b"x" * 30_000).status_code == 401
    settings.SMS_WEBHOOK_SECRET = ""
    assert tell(body).status_code == 404
    assert Client().get("/hooks/texts/").status_code == 405
    assert not InboundText.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 19_000,
        [],
        {},
        {"id": 1, "from": KEPT, "text": "STOP"},
        {"id": "", "from": KEPT, "text": "STOP"},
        {"id": "1", "from": KEPT},
        {"id": "1", "from": None, "text": "STOP"},
        {"id": "1" * 121, "from": KEPT, "text": "STOP"},
        {"id": "\0", "from": KEPT, "text": "STOP"},
    ],
)
def test_what_is_no_message_is_refused_politely(world: World, body: Any) -> None:
    assert tell(body).status_code == 400


@pytest.mark.parametrize("words", ["", "\0", "\ud800", "a" * 5_000, "🙂", "Can you call me?"])
@pytest.mark.parametrize("sender", [KEPT, "12345", "Crew Fund", "+447400123456"])
def test_whatever_somebody_writes_is_kept_and_answers_nothing(world: World, words: str, sender: str) -> None:
    assert text(words, sender=sender).status_code == 200

    assert InboundText.objects.count() == 1
    assert texted() == []


def test_what_was_texted_cannot_be_changed(world: World) -> None:
    text("STOP")
    row = InboundText.objects.get()

    for change in (lambda: InboundText.objects.update(keyword=""), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
