"""Messages both ways: kept once, told without their words, marked until answered, closed to strangers."""

import threading
from datetime import timedelta

import pytest
from builders import NOW, World, file_request, make_worker, make_world
from django.core import mail
from django.db import DatabaseError, connection, connections, transaction

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Role
from fundmgr.domain.texting import Side
from fundmgr.models import Event
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.services import background
from requests_app.models import AssistanceRequest, Message, TextConsent
from requests_app.queries import messages as found
from requests_app.services import inbound, messages
from requests_app.services.inbound import Heard

PHONE = "(213) 555-0142"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def row(world: World) -> AssistanceRequest:
    return file_request(world)


@pytest.fixture
def worker(world: World, row: AssistanceRequest) -> Actor:
    return make_worker(world)


def write(
    row: AssistanceRequest, by: Actor, text: str = "Did you get my photo?", now=NOW, once=None
) -> Message:
    return messages.write(request_id=row.id, text=text, came_by="PAGE", by=by, now=now, once=once)


def reply(row: AssistanceRequest, by: Actor, text: str = "We did.", now=NOW) -> Message:
    return messages.reply(request_id=row.id, text=text, came_by="PAGE", by=by, now=now)


def test_both_write_in_one_thread_newest_last_and_staff_show_a_first_name(
    world: World, row: AssistanceRequest, worker: Actor
) -> None:
    write(row, worker)
    reply(row, world.actor(Role.REVIEWER), now=NOW + timedelta(hours=1))

    thread = found.thread(world.fund.slug, user_id=worker.person_id, now=NOW)

    assert [(line.side, line.text) for line in thread.lines] == [
        (Side.WORKER, "Did you get my photo?"),
        (Side.FUND, "We did."),
    ]
    assert thread.lines[0].author == ""
    assert " " not in thread.lines[1].author
    assert thread.lines[1].author
    assert Event.objects.filter(object_id=row.id, verb="message.sent").count() == 2


def test_a_reply_is_told_to_the_worker_without_its_words(world: World, row: AssistanceRequest) -> None:
    reply(row, world.actor(Role.REVIEWER), "Your landlord called us.")

    background.deliver(clock=lambda: NOW)

    subject = f"You have a message from {world.fund.name} about {row.reference}"
    (letter,) = (one for one in mail.outbox if one.subject == subject)
    assert "landlord" not in letter.body
    assert "/request/messages/" in letter.body


def test_what_a_worker_wrote_waits_until_it_is_answered(
    world: World, row: AssistanceRequest, worker: Actor
) -> None:
    reviewer = world.actor(Role.REVIEWER)
    write(row, worker)
    write(row, worker, "It is a photo of the first page.", now=NOW + timedelta(minutes=1))
    assert found.waiting_ids([row.id]) == {row.id}
    assert found.waiting_count(world.fund.id) == 1
    assert found.waiting_requests(reviewer, fund_id=world.fund.id) == [(row, NOW)]

    reply(row, reviewer, now=NOW + timedelta(hours=1))

    assert found.waiting_ids([row.id]) == set()
    assert found.waiting_requests(reviewer, fund_id=world.fund.id) == []


def test_a_thank_you_may_be_settled_without_an_answer(
    world: World, row: AssistanceRequest, worker: Actor
) -> None:
    reviewer = world.actor(Role.REVIEWER)
    write(row, worker, "Thank you!")

    messages.settle(request_id=row.id, by=reviewer, now=NOW)

    assert found.waiting_count(world.fund.id) == 0
    with pytest.raises(errors.WrongState):
        messages.settle(request_id=row.id, by=reviewer, now=NOW)


@pytest.mark.parametrize("text", ["", "  \n ", "a" * 1001, "a\0b", "\u200b"])
def test_what_cannot_be_sent_gets_a_sentence(row: AssistanceRequest, worker: Actor, text: str) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        write(row, worker, text)
    assert caught.value.problems[0].field == "text"
    assert not Message.objects.exists()


def test_twenty_messages_a_day_are_enough(row: AssistanceRequest, worker: Actor) -> None:
    for number in range(20):
        write(row, worker, str(number))

    with pytest.raises(errors.TooMany):
        write(row, worker)
    assert write(row, worker, now=NOW + timedelta(days=1, minutes=1))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.REVIEWER}))
def test_only_reviewers_write_for_the_fund(world: World, row: AssistanceRequest, role: Role) -> None:
    with pytest.raises((errors.Forbidden, errors.NotFound)):
        reply(row, world.actor(role))


def test_a_stranger_and_another_worker_find_nothing(world: World, row: AssistanceRequest) -> None:
    file_request(world, contact="eve@example.com")
    eve = make_worker(world, contact="eve@example.com")
    for by in (eve, actors.person(ids.new_id(NOW))):
        for act in (write, reply):
            with pytest.raises((errors.NotFound, errors.Forbidden)):
                act(row, by)
        with pytest.raises(errors.NotFound):
            found.visible_messages(by, row.id)
        assert not Message.objects.exists()


def test_nobody_answers_in_a_case_of_their_own_household(world: World, row: AssistanceRequest) -> None:
    from requests_app.models import Applicant

    reviewer = world.actor(Role.REVIEWER)
    Applicant.objects.filter(id=row.applicant_id).update(user_id=reviewer.person_id)

    with pytest.raises(errors.NotFound):
        reply(row, reviewer)


def test_a_sending_with_one_key_is_one_message(row: AssistanceRequest, worker: Actor) -> None:
    once = Once(worker.key, "k" * 20, "page:messages", "0" * 64)
    write(row, worker, once=once)

    with pytest.raises(Replay):
        write(row, worker, once=once)
    assert Message.objects.count() == 1


def test_twenty_threads_with_one_key_make_one_message(committed_db: str) -> None:
    world = make_world()
    row, worker = file_request(world), make_worker(world)
    once = Once(worker.key, "k" * 20, "page:messages", "0" * 64)
    gate = threading.Barrier(20)

    def send() -> None:
        gate.wait()
        try:
            write(row, worker, once=once)
        except (Replay, errors.KeyInFlight, errors.Busy):
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Message.objects.count() == 1


def test_without_a_key_the_same_words_are_two_messages(row: AssistanceRequest, worker: Actor) -> None:
    for _ in range(2):
        write(row, worker)

    assert Message.objects.count() == 2


# --- by text ----------------------------------------------------------------------------------


def hear(text: str, key: str = "in-1") -> bool:
    return inbound.receive(heard=Heard(key, PHONE, text), now=NOW)


def test_what_a_worker_texts_back_lands_in_the_thread_once(world: World) -> None:
    row = file_request(world, contact=PHONE, allows_texts=True)

    for _ in range(3):
        hear("Is Tuesday fine?")

    message = Message.objects.get()
    assert (message.request, message.side, message.text) == (row, Side.WORKER, "Is Tuesday fine?")
    assert (message.came_by, message.needs_answer) == ("TEXT", True)


@pytest.mark.parametrize("text", ["STOP", "ayuda", "", "\u200b", " "])
def test_words_for_the_gateway_and_empty_texts_stay_out_of_the_thread(world: World, text: str) -> None:
    file_request(world, contact=PHONE, allows_texts=True)

    hear(text)

    assert not Message.objects.exists()


def test_a_text_of_a_number_that_nobody_knows_is_in_no_thread(world: World) -> None:
    file_request(world)

    hear("Hello?")

    assert not Message.objects.exists()
    assert not TextConsent.objects.exists()


# --- how it is kept ---------------------------------------------------------------------------


def test_the_words_cannot_be_read_changed_or_removed_but_erased(
    world: World, row: AssistanceRequest, worker: Actor
) -> None:
    message = write(row, worker, "My landlord wrote.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT encode(t::text::bytea, 'escape') FROM requests_app_message t")
        assert "landlord" not in cursor.fetchone()[0]

    kept = Message.objects.filter(id=message.id)
    for change in (
        lambda: kept.update(text="My landlord called."),
        lambda: kept.update(side=Side.FUND),
        kept.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert kept.update(text=None) == 1
