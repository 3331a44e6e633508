"""Texts: written down before they leave, never sent twice on a doubt, given up when they are of no use."""

from datetime import timedelta

import gateway as gateways
import pytest
from builders import NOW, World, file_request, make_world
from django.core import mail
from django.db import connection

from fundmgr.domain.texting import Consent, DeliveryState, Way
from fundmgr.models import OutboxMessage
from fundmgr.services import background
from requests_app.models import AssistanceRequest, Notice, TextConsent
from requests_app.services import contacts, texting

PHONE = "(213) 555-0142"
KEPT = "+12135550142"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def gateway(settings):
    with gateways.used(settings) as one:
        yield one


def ask_by_phone(world: World, *, allows_texts: bool = True) -> AssistanceRequest:
    return file_request(world, contact=PHONE, allows_texts=allows_texts)


def deliver(after: timedelta = timedelta()) -> Notice:
    background.deliver(clock=lambda: NOW + after)
    return Notice.objects.get()


def test_news_goes_out_as_one_text_with_fund_reference_and_the_way_to_end_it(world, gateway) -> None:
    row = ask_by_phone(world)

    notice = deliver()

    (call,) = gateway.calls
    assert (call["to"], call["key"]) == (KEPT, str(notice.id))
    assert call["text"].startswith(f"{world.fund.name}: ")
    assert row.reference in call["text"]
    assert call["text"].endswith("Reply HELP for help, STOP to end.")
    assert f"/r/{row.reference} " in call["text"]
    assert (notice.way, notice.state, notice.sent_at) == (Way.TEXT, DeliveryState.SENT, NOW)
    assert notice.gateway_key == f"msg-{str(notice.id)[:8]}"
    assert mail.outbox == []


def test_nobody_who_did_not_allow_it_is_texted_news(world, gateway) -> None:
    ask_by_phone(world, allows_texts=False)

    notice = deliver()

    assert notice.state == DeliveryState.HELD
    assert gateway.calls == []


def test_a_code_that_was_asked_for_is_texted_even_after_a_stop(world, gateway) -> None:
    contacts.send_code(fund_id=world.fund.id, contact=PHONE, language="en", now=NOW)

    notice = deliver()

    assert notice.state == DeliveryState.SENT
    assert "your code is" in gateway.calls[0]["text"]


def test_a_text_is_written_down_as_sending_before_the_gateway_hears_of_it(world, gateway) -> None:
    ask_by_phone(world)

    background.deliver(clock=lambda: NOW, most=1)

    notice = Notice.objects.get()
    assert notice.state == DeliveryState.SENDING
    assert gateway.calls == []
    assert OutboxMessage.objects.filter(kind="text", done_at__isnull=True).count() == 1


@pytest.mark.parametrize("doubt", ["after", "drop", 500])
def test_a_doubt_is_kept_and_ends_with_the_same_key(world, gateway, doubt) -> None:
    gateway.says = [doubt, doubt]
    ask_by_phone(world)

    assert deliver().state == DeliveryState.UNKNOWN
    assert deliver(timedelta(seconds=20)).state == DeliveryState.UNKNOWN
    notice = deliver(timedelta(minutes=2))

    assert notice.state == DeliveryState.SENT
    assert {call["key"] for call in gateway.calls} == {str(notice.id)}
    assert len(gateway.sent) == 1


def test_a_doubt_that_outlives_the_key_stays_a_doubt_and_nothing_more_is_sent(world, gateway) -> None:
    gateway.says = ["after"]
    ask_by_phone(world)
    assert deliver().state == DeliveryState.UNKNOWN

    notice = deliver(timedelta(hours=12))

    assert notice.state == DeliveryState.UNKNOWN
    assert len(gateway.calls) == 1
    assert not OutboxMessage.objects.filter(done_at__isnull=True).exists()


def test_a_refusal_is_final_and_says_why(world, gateway) -> None:
    gateway.says = [422]
    ask_by_phone(world)

    notice = deliver()

    assert (notice.state, notice.reason) == (DeliveryState.FAILED, "422 told")
    deliver(timedelta(hours=1))
    assert len(gateway.calls) == 1


def test_a_busy_gateway_is_tried_again_and_a_code_that_is_too_old_is_not(world, gateway) -> None:
    gateway.says = [503]
    contacts.send_code(fund_id=world.fund.id, contact=PHONE, language="en", now=NOW)
    assert deliver().state == DeliveryState.SENDING

    notice = deliver(timedelta(minutes=15))

    assert (notice.state, notice.reason) == (DeliveryState.FAILED, texting.TOO_LATE)
    assert len(gateway.calls) == 1


def test_only_the_first_text_of_news_says_how_to_end_them(world, gateway) -> None:
    contacts.send_code(fund_id=world.fund.id, contact=PHONE, language="en", now=NOW)
    row = ask_by_phone(world)
    background.deliver(clock=lambda: NOW)
    OutboxMessage.objects.filter(kind="notice").update(
        done_at=None, effect_key="again", payload={"kind": "payment_sent", "request_id": str(row.id)}
    )
    background.deliver(clock=lambda: NOW + timedelta(seconds=1))

    said = [("STOP" in call["text"], "has left" in call["text"]) for call in gateway.calls]
    assert sorted(said[:2]) == [(False, False), (True, False)]
    assert said[2:] == [(False, True)]


def test_a_stop_holds_for_every_fund_of_the_house_until_a_new_yes(world, gateway) -> None:
    row = ask_by_phone(world)
    hashed = TextConsent.objects.get().contact_hash
    say(world, hashed, Consent.STOPPED, NOW + timedelta(seconds=1))

    background.deliver(clock=lambda: NOW + timedelta(seconds=2))

    assert Notice.objects.get().state == DeliveryState.HELD
    say(world, hashed, Consent.STARTED, NOW + timedelta(seconds=3))
    OutboxMessage.objects.filter(kind="notice").update(
        done_at=None, effect_key="again", payload={"kind": "payment_sent", "request_id": str(row.id)}
    )
    background.deliver(clock=lambda: NOW + timedelta(seconds=4))
    assert len(gateway.calls) == 1


def say(world: World, hashed: str, word: Consent, now) -> None:
    from fundmgr.domain import ids

    TextConsent.objects.create(
        id=ids.new_id(now), fund=world.fund, created_at=now, contact_hash=hashed, word=word, source="TEXT"
    )


def test_neither_number_nor_words_can_be_read_from_the_tables(world, gateway) -> None:
    ask_by_phone(world)
    deliver()

    with connection.cursor() as cursor:
        for table in ("notice", "textconsent", "applicant"):
            cursor.execute(
                f"SELECT string_agg(encode(t::text::bytea, 'escape'), ' ') FROM requests_app_{table} t"  # noqa: S608  # ours
            )
            (text,) = cursor.fetchone()
            assert "5550142" not in text
