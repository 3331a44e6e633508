"""Codes: sent to anyone, right only for the one who reads them, and only for a while."""

import re
import threading
from datetime import timedelta

import pytest
from builders import NOW, World, make_world
from django.core import mail
from django.db import DatabaseError, connection, connections, transaction

from fundmgr.domain import errors, ids
from fundmgr.models import Event, OutboxMessage, User
from fundmgr.services import background
from requests_app.models import Applicant, ContactCode, Household, Notice, TextConsent
from requests_app.services import contacts

ANA = "ana@example.com"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def send(world: World, *, contact: str = ANA, now=NOW, language: str = "en") -> str:
    """Send a code and read it in the mail, as a worker would."""
    contacts.send_code(fund_id=world.fund.id, contact=contact, language=language, now=now)
    background.deliver(clock=lambda: now)
    if "@" in contact:
        return re.search(r"\d{6}", mail.outbox[-1].subject).group()
    newest = Notice.objects.filter(kind="contact_code").order_by("-created_at", "-id")[0]
    return re.search(r"\d{6}", newest.text).group()


def enter(world: World, code: str, *, contact: str = ANA, now=NOW) -> User:
    return contacts.enter_code(fund_id=world.fund.id, contact=contact, code=code, now=now)


def refusal(world: World, code: str, *, now=NOW) -> str:
    with pytest.raises(errors.InvalidInput) as caught:
        enter(world, code, now=now)
    assert caught.value.problems[0].field == "code"
    return caught.value.problems[0].code


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_the_right_code_makes_the_worker_once(world: World) -> None:
    user = enter(world, send(world))

    soon = NOW + timedelta(seconds=1)
    again = enter(world, send(world, contact=" Ana@Example.com", now=soon), now=soon)

    assert again == user
    applicant = Applicant.objects.get()
    assert (applicant.user, applicant.contact) == (user, ANA)
    assert Household.objects.count() == 1
    assert Event.objects.filter(object_id=applicant.id, verb="contact.proved").count() == 1
    assert user.email is None
    assert not user.has_usable_password()


def test_a_code_may_be_typed_as_it_is_read_out(world: World) -> None:
    code = send(world)

    assert enter(world, f" {code[:3]}-{code[3:]} ")


def test_a_code_works_once(world: World) -> None:
    code = send(world)
    enter(world, code)

    assert refusal(world, code) == "wrong_code"


def test_a_code_works_for_its_own_contact_only(world: World) -> None:
    code = send(world)

    with pytest.raises(errors.InvalidInput):
        enter(world, code, contact="b@example.com")


def test_only_the_newest_code_works(world: World) -> None:
    old = send(world)
    send(world, now=NOW + timedelta(seconds=1))

    assert refusal(world, old, now=NOW + timedelta(seconds=2)) == "wrong_code"


def test_five_wrong_tries_burn_a_code(world: World) -> None:
    code = send(world)
    for _ in range(5):
        assert refusal(world, wrong(code)) == "wrong_code"

    assert refusal(world, code) == "code_burnt"
    assert not Applicant.objects.exists()


def test_a_code_that_is_not_whole_costs_no_try(world: World) -> None:
    code = send(world)
    for typed in ("", "abc", code[:5], f"{code}0", "١٢٣٤٥٦"):
        assert refusal(world, typed) == "incomplete_code"

    assert enter(world, code)


def test_after_five_wrong_tries_a_new_code_waits_a_quarter_of_an_hour(world: World) -> None:
    code = send(world)
    for _ in range(5):
        refusal(world, wrong(code))

    with pytest.raises(errors.TooMany):
        send(world, now=NOW + timedelta(minutes=14))
    later = NOW + timedelta(minutes=15)
    assert enter(world, send(world, now=later), now=later)


def test_one_browser_asks_for_ten_codes_an_hour_whoever_they_go_to(world: World) -> None:
    def ask(number: int, sender: str, now=NOW) -> None:
        contact = f"w{number}@example.com"
        contacts.send_code(fund_id=world.fund.id, contact=contact, language="en", now=now, sender=sender)

    for number in range(10):
        ask(number, "one")

    with pytest.raises(errors.TooMany):
        ask(10, "one")
    ask(10, "another")
    ask(11, "one", NOW + timedelta(minutes=61))


# --- phones -----------------------------------------------------------------------------------


def test_a_number_is_proved_by_a_text_however_it_is_written(world: World) -> None:
    user = enter(world, send(world, contact="(213) 555-0142"), contact="213.555.0142")

    applicant = Applicant.objects.get()
    assert (applicant.user, applicant.contact) == (user, "+12135550142")
    assert mail.outbox == []
    assert not TextConsent.objects.exists()


@pytest.mark.parametrize("contact", ["(213) 555-0142", ANA])
def test_a_yes_to_texts_counts_once_the_code_is_right_and_for_a_number_alone(
    world: World, contact: str
) -> None:
    code = send(world, contact=contact)
    entry = {"fund_id": world.fund.id, "contact": contact, "now": NOW, "allows_texts": True}
    with pytest.raises(errors.InvalidInput):
        contacts.enter_code(code=wrong(code), **entry)
    assert not TextConsent.objects.exists()

    contacts.enter_code(code=code, **entry)

    is_number = contact != ANA
    assert TextConsent.objects.count() == is_number
    assert Event.objects.filter(verb="contact.texts_allowed").count() == is_number


@pytest.mark.parametrize(
    ("contact", "code"),
    [
        ("555-0142", "not_a_number"),
        ("(800) 555-0142", "not_a_number"),
        ("+1213555014", "not_a_number"),
        ("+44 7911 123456", "country_not_served"),
    ],
)
def test_a_number_that_cannot_be_texted_is_refused(world: World, contact: str, code: str) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        send(world, contact=contact)
    assert caught.value.problems[0].code == code


def test_where_no_texts_leave_a_number_is_refused(world: World, settings) -> None:
    settings.SMS_CHANNEL = "none"

    with pytest.raises(errors.InvalidInput) as caught:
        send(world, contact="(213) 555-0142")
    assert caught.value.problems[0].code == "no_texts"


def test_what_is_kept_of_consent_cannot_be_changed(world: World) -> None:
    row = TextConsent.objects.create(
        id=ids.new_id(NOW),
        fund=world.fund,
        created_at=NOW,
        contact_hash="0" * 64,
        word="GIVEN",
        source="FORM",
    )

    for change in (lambda: TextConsent.objects.update(word="STOPPED"), row.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- what stays unknown -----------------------------------------------------------------------


def test_an_expired_code_is_replaced_by_itself(world: World) -> None:
    code = send(world)
    late = NOW + timedelta(minutes=15)

    assert refusal(world, code, now=late) == "code_expired"
    background.deliver(clock=lambda: late)

    assert len(mail.outbox) == 2
    assert enter(world, re.search(r"\d{6}", mail.outbox[-1].subject).group(), now=late)


def test_five_codes_an_hour_are_enough(world: World) -> None:
    for second in range(5):
        send(world, now=NOW + timedelta(seconds=second))

    with pytest.raises(errors.TooMany):
        send(world, now=NOW + timedelta(minutes=59))
    assert send(world, now=NOW + timedelta(minutes=61))


@pytest.mark.parametrize("contact", ["", "ana", "ana@", "a\0@b.example", "\ud800@b.example", "١@b"])
def test_a_bad_address_is_refused(world: World, contact: str) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        send(world, contact=contact)
    assert caught.value.problems[0].field == "contact"
    assert not ContactCode.objects.exists()


@pytest.mark.parametrize("code", ["", "\0", "١٢٣٤٥٦", "abcdef", "9" * 10_000, "\ud800"])
def test_whatever_is_typed_as_a_code_gets_a_sentence(world: World, code: str) -> None:
    send(world)

    assert refusal(world, code) == "incomplete_code"


def test_known_and_unknown_contacts_get_the_same_answer(world: World) -> None:
    enter(world, send(world))

    send(world)
    send(world, contact="new@example.com")

    known, unknown = mail.outbox[-2:]
    assert re.sub(r"\d{6}", "", known.body) == re.sub(r"\d{6}", "", unknown.body)


def test_neither_code_nor_contact_can_be_read_from_the_tables(world: World) -> None:
    code = send(world)

    with connection.cursor() as cursor:
        for table in (ContactCode, OutboxMessage, Notice, Applicant):
            query = f"SELECT string_agg(encode(t::text::bytea, 'escape'), ' ') FROM {table._meta.db_table} t"  # noqa: S608  # our own names
            cursor.execute(query)
            (text,) = cursor.fetchone()
            for secret in (code, "ana@"):
                assert secret not in re.sub(
                    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|:[\d.]+\+", "", text or ""
                )


def test_an_old_code_is_not_sent_any_more(world: World) -> None:
    contacts.send_code(fund_id=world.fund.id, contact=ANA, language="en", now=NOW)

    background.deliver(clock=lambda: NOW + timedelta(hours=1))

    assert mail.outbox == []
    assert OutboxMessage.objects.get().done_at is not None


def test_parallel_askers_get_five_codes_and_one_worker(committed_db: str) -> None:
    world = make_world()
    gate, refused = threading.Barrier(12), []

    def ask() -> None:
        gate.wait()
        try:
            contacts.send_code(fund_id=world.fund.id, contact=ANA, language="en", now=NOW)
        except errors.TooMany as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ContactCode.objects.count() == 5
    assert len(refused) == 7
