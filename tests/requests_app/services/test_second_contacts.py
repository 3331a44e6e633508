"""A second contact: proved by a code, told to the first, and used when the first is silent."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import casework
import gateway as gateways
import pytest
from builders import NOW, World, file_request, make_world
from django.core import mail
from django.core.mail import EmailMessage

from fundmgr.domain import errors, ids
from fundmgr.domain.permissions import Role
from fundmgr.domain.texting import Consent, DeliveryState, Way
from fundmgr.models import Event, OutboxMessage
from fundmgr.services import background
from requests_app.models import Applicant, Notice, SecondContact, TextConsent
from requests_app.queries import my_data, people, reach
from requests_app.services import (
    consents,
    contacts,
    erasures,
    inbound,
    intake,
    messages,
    second_contacts,
)

PHONE, MAIL = "+12135550142", "ana@example.org"
LATER = NOW + timedelta(minutes=1)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def gateway(settings):
    with gateways.used(settings) as one:
        yield one


def add(row, by, contact: str, *, now=NOW) -> None:
    said = {"applicant_id": row.applicant_id, "contact": contact, "by": by, "now": now}
    second_contacts.ask(**said, language="en")
    second_contacts.enter(**said, code=code_for(contact, now=now), allows_texts=True)
    background.deliver(clock=lambda: now)


def code_for(contact: str, *, now=NOW) -> str:
    background.deliver(clock=lambda: now)
    rows = Notice.objects.filter(kind="contact_code").order_by("-created_at", "-id")
    found = next(row for row in rows if row.contact == contact)
    return re.search(r"\d{6}", found.subject or found.text).group()


def stop(world: World, row) -> None:
    TextConsent.objects.create(
        id=ids.new_id(LATER),
        fund=world.fund,
        created_at=LATER,
        contact_hash=row.applicant.contact_hash,
        word=Consent.STOPPED,
        source="TEXT",
    )


def told(kind: str, after: timedelta = timedelta()) -> list[tuple[str, str]]:
    background.deliver(clock=lambda: LATER + after)
    return sorted((row.contact, row.state) for row in Notice.objects.filter(kind=kind))


def tell(world: World, row) -> None:
    messages.reply(request_id=row.id, text="Hello", came_by="PAGE", by=world.actor(Role.REVIEWER), now=LATER)


def by_phone(world: World):
    row = file_request(world, contact=PHONE, allows_texts=True)
    return row, casework.worker_of(row)


def test_after_a_stop_news_goes_to_the_mail_beside_the_number(world: World, gateway) -> None:
    row, by = by_phone(world)
    add(row, by, MAIL)
    stop(world, row)

    tell(world, row)

    assert told("message_posted") == [(PHONE, DeliveryState.HELD), (MAIL, DeliveryState.SENT)]
    assert mail.outbox[-1].to == [MAIL]
    assert reach.path_of(Applicant.objects.get()) == (Way.MAIL, MAIL)


def test_a_text_that_the_gateway_refuses_or_reports_as_failed_goes_by_mail(world: World, gateway) -> None:
    row, by = by_phone(world)
    add(row, by, MAIL)
    gateway.says = [422]
    tell(world, row)
    assert told("message_posted") == [(PHONE, DeliveryState.FAILED), (MAIL, DeliveryState.SENT)]

    first = Notice.objects.get(kind="request_received")
    assert inbound.report(gateway_key=first.gateway_key, status="failed", now=LATER)
    assert inbound.report(gateway_key=first.gateway_key, status="failed", now=LATER) is False
    assert told("request_received") == [(PHONE, DeliveryState.FAILED), (MAIL, DeliveryState.SENT)]


def test_a_mailbox_that_is_not_there_is_noted_and_the_number_hears(
    world: World, gateway, monkeypatch
) -> None:
    row = file_request(world, contact=MAIL)
    by = casework.worker_of(row)
    add(row, by, PHONE)

    def refuse(letter: EmailMessage) -> None:
        raise SMTPRecipientsRefused({letter.to[0]: (550, b"no such user ana@example.org")})

    monkeypatch.setattr(EmailMessage, "send", refuse)
    tell(world, row)

    assert told("message_posted") == [(PHONE, DeliveryState.SENT), (MAIL, DeliveryState.FAILED)]
    assert Notice.objects.get(kind="message_posted", way=Way.MAIL).reason == "refused by the mail server: 550"


def test_a_mail_server_that_is_busy_is_tried_again(world: World, monkeypatch) -> None:
    row = file_request(world, contact=MAIL)

    def busy(letter: EmailMessage) -> None:
        raise SMTPRecipientsRefused({letter.to[0]: (451, b"later")})

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", busy)
        assert told("request_received") == []

    assert told("request_received", timedelta(hours=2)) == [(MAIL, DeliveryState.SENT)]
    assert row.applicant.contact == MAIL


def test_a_stop_that_is_texted_stops_its_number_alone(world: World, gateway) -> None:
    row = file_request(world, contact=MAIL)
    add(row, casework.worker_of(row), PHONE)
    inbound.receive(heard=inbound.Heard("one", PHONE, "STOP"), now=LATER)

    tell(world, row)

    assert told("message_posted") == [(MAIL, DeliveryState.SENT)]
    # The number is silent, so nothing goes there once the mail is stopped too.
    stop(world, row)
    assert reach.path_of(Applicant.objects.get()) == (None, "")


def test_messages_owed_to_the_second_contact_are_not_sent_after_all_were_stopped(
    world: World, gateway
) -> None:
    row, by = by_phone(world)
    add(row, by, MAIL)
    consents.choose(fund_id=world.fund.id, allows=False, first_alone=True, by=by, now=LATER)
    tell(world, row)
    background.deliver(clock=lambda: LATER, most=1)
    assert OutboxMessage.objects.filter(effect_key__endswith=":second", done_at__isnull=True).exists()

    later = LATER + timedelta(seconds=1)
    consents.choose(fund_id=world.fund.id, allows=False, by=by, now=later)

    assert told("message_posted") == [(PHONE, DeliveryState.HELD)]
    assert my_data.everything(Applicant.objects.get())["person"]["second_contact_takes_messages"] is False


def test_a_number_that_said_stop_waits_for_its_own_start(world: World, gateway) -> None:
    row = file_request(world, contact=MAIL)
    by = casework.worker_of(row)
    add(row, by, PHONE)
    inbound.receive(heard=inbound.Heard("one", PHONE, "STOP"), now=LATER)
    for second, allows in enumerate((False, True)):
        now = LATER + timedelta(seconds=second)
        consents.choose(fund_id=world.fund.id, allows=allows, by=by, now=now)

    assert reach.path_of(Applicant.objects.get()) == (Way.MAIL, MAIL)
    assert reach.second_path_of(Applicant.objects.get()) == (None, "")


def test_without_a_second_contact_nothing_more_is_owed(world: World, gateway) -> None:
    row, _by = by_phone(world)
    stop(world, row)

    assert told("request_received") == [(PHONE, DeliveryState.HELD)]
    assert reach.path_of(Applicant.objects.get()) == (None, "")


def test_a_second_contact_is_of_the_other_kind(world: World) -> None:
    row = file_request(world, contact=MAIL)
    ask = {"applicant_id": row.applicant_id, "language": "en", "by": casework.worker_of(row), "now": NOW}

    with pytest.raises(errors.InvalidInput) as refused:
        second_contacts.ask(**ask, contact="other@example.org")

    assert refused.value.problems[0].code == "same_kind"


def test_a_code_that_came_for_another_purpose_keeps_no_second_contact_of_the_same_kind(world: World) -> None:
    row = file_request(world, contact=MAIL)
    by, other = casework.worker_of(row), "other@example.org"
    contacts.send_code(fund_id=world.fund.id, contact=other, language="en", now=NOW)

    with pytest.raises(errors.InvalidInput) as refused:
        second_contacts.enter(
            applicant_id=row.applicant_id,
            contact=other,
            code=code_for(other),
            allows_texts=False,
            by=by,
            now=NOW,
        )

    assert refused.value.problems[0].code == "same_kind"
    assert not SecondContact.objects.exists()


def test_added_told_taken_away_and_erased(world: World, gateway) -> None:
    row, by = by_phone(world)
    add(row, by, MAIL)
    assert told("contact_changed") == [(PHONE, DeliveryState.SENT)]
    assert "a second contact was added" in Notice.objects.get(kind="contact_changed").text
    assert my_data.everything(Applicant.objects.get())["person"]["second_contact"] == MAIL
    body = bytes(Event.objects.get(verb="contact.second_added").body)
    assert MAIL.encode() not in body

    second_contacts.remove(applicant_id=row.applicant_id, by=by, now=LATER)
    assert not SecondContact.objects.exists()
    assert Event.objects.filter(verb="contact.second_removed").count() == 1

    add(row, by, MAIL, now=LATER)
    intake.withdraw(request_id=row.id, by=by, now=LATER)
    erasures.ask(applicant_id=row.applicant_id, by=by, now=LATER)
    erasures.erase(applicant_id=row.applicant_id, now=LATER)
    assert not SecondContact.objects.exists()
    assert people.contact_hash(MAIL) not in Notice.objects.values_list("contact_hash", flat=True)


def test_another_one_takes_the_place_of_the_one_before(world: World, gateway) -> None:
    row, by = by_phone(world)
    for minute, contact in enumerate((MAIL, "other@example.org", "other@example.org")):
        add(row, by, contact, now=NOW + timedelta(minutes=minute))

    assert [one.contact for one in SecondContact.objects.all()] == ["other@example.org"]


def test_nobody_else_adds_or_takes_one_away(world: World) -> None:
    row = file_request(world, contact=MAIL)
    other = casework.worker_of(file_request(world, contact="other@example.org"))
    who = {"applicant_id": row.applicant_id, "by": other, "now": NOW}

    for act in (
        lambda: second_contacts.ask(**who, contact=PHONE, language="en"),
        lambda: second_contacts.enter(**who, contact=PHONE, code="123456", allows_texts=True),
        lambda: second_contacts.remove(**who),
    ):
        with pytest.raises(errors.NotFound):
            act()
