"""Requests come in: rules, refusals, replays, races, and what lies on the disk."""

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from builders import NOW, World, make_world
from django.db import connection, connections, transaction

from fundmgr.domain import actors, errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.eligibility import NeedCategory, Urgency
from fundmgr.domain.lifecycle import RequestState
from fundmgr.domain.permissions import Role
from fundmgr.models import ApiClient, Event, OutboxMessage, RememberedCall
from fundmgr.ports.idempotency import Once, Replay
from fundmgr.queries import trail
from fundmgr.services import background, funds
from requests_app.models import (
    Applicant,
    AssistanceRequest,
    Household,
    Production,
    RequestRevision,
    RequestTransition,
)
from requests_app.services import intake
from requests_app.services.asks import Ask

ASK = Ask(
    full_name="Ana Rivera",
    production_name="badge 27",
    craft="Lighting",
    job_title="Set lighting technician",
    last_worked_on=date(2023, 5, 1),
    children_count=2,
    need_lines=((NeedCategory.RENT, 240_000), (NeedCategory.FOOD, 60_000), (NeedCategory.UTILITIES, 28_000)),
    urgency=(Urgency.EVICTION,),
    loss_on=date(2023, 9, 29),
    statement="The rent cannot wait.",
)


@pytest.fixture
def world(db: None) -> World:
    world = make_world()
    Production.objects.create(id=ids.new_id(NOW), fund=world.fund, created_at=NOW, name="Badge 27")
    return world


def file(
    world: World, ask: Ask = ASK, *, contact: str = "ana@example.com", by: Actor | None = None, **options
):
    return intake.submit(
        fund_id=world.fund.id,
        ask=ask,
        contact=contact,
        channel="STAFF",
        by=by or world.actor(Role.INTAKE),
        **{"now": NOW, **options},
    )


def test_submit_writes_the_request_with_everything_that_belongs_to_it(world: World) -> None:
    made = file(world)

    row = AssistanceRequest.objects.get(id=made.id)
    assert row.asked_cents == 328_000
    assert row.state == RequestState.SUBMITTED
    assert row.production == Production.objects.get()
    assert row.household_id == row.applicant.household_id
    assert row.policy_id == world.policy.id
    assert row.statement == "The rent cannot wait."
    assert row.applicant.full_name == "Ana Rivera"
    assert sorted(row.need_lines.values_list("category", "amount_cents")) == [
        ("FOOD", 60_000),
        ("RENT", 240_000),
        ("UTILITIES", 28_000),
    ]
    assert row.revisions.get().number == 1
    assert '"full_name":"Ana Rivera"' in row.revisions.get().answers
    assert row.transitions.get().new_state == RequestState.SUBMITTED
    assert row.filed_by == world.actor(Role.INTAKE).key


def test_the_row_returned_is_the_row_stored(world: World) -> None:
    made = file(world)

    stored = AssistanceRequest.objects.get(id=made.id)
    for field in AssistanceRequest._meta.concrete_fields:
        assert getattr(made, field.attname) == getattr(stored, field.attname), field.name


def test_submit_owes_one_receipt_and_leaves_its_event_to_the_drain(world: World) -> None:
    made = file(world)

    message = OutboxMessage.objects.get()
    assert message.effect_key == f"request_received:{made.id}"
    event = Event.objects.get(object_id=made.id)
    assert event.verb == "request.submitted"
    assert not hasattr(event, "link")
    background.link_events()
    assert Event.objects.get(id=event.id).link.sequence > 0
    assert trail.verify_chain().problem is None


def test_submit_costs_few_statements(world: World, django_assert_num_queries) -> None:
    # The role, the fund's terms, and the one statement; the next call knows the terms.
    with django_assert_num_queries(3):
        file(world)
    with django_assert_num_queries(2):
        file(world, contact="b@example.com")


def test_what_is_personal_cannot_be_read_from_the_tables(world: World) -> None:
    ask = replace(ASK, full_name="Zyxwv Plainword", preferred_name="Plainword", statement="Plainword indeed")
    made = file(world, ask, contact="plainword@example.com")
    transaction.get_connection().check_constraints()

    tables = [model._meta.db_table for model in (Applicant, AssistanceRequest, RequestRevision, Household)]
    tables += [Event._meta.db_table, OutboxMessage._meta.db_table]
    with connection.cursor() as cursor:
        for table in tables:
            query = f"SELECT string_agg(encode(t::text::bytea, 'escape'), ' ') FROM {table} t"  # noqa: S608  # our own names
            cursor.execute(query)
            (text,) = cursor.fetchone()
            assert "lainword" not in (text or ""), table
            assert b"Plainword".hex() not in (text or ""), table
    assert AssistanceRequest.objects.get(id=made.id).applicant.contact == "plainword@example.com"


def test_a_show_that_is_not_listed_is_kept_as_text(world: World) -> None:
    row = file(world, replace(ASK, production_name="Another Show"))

    assert row.production_id is None
    assert row.production_name == "Another Show"


@pytest.mark.parametrize("name", ["X", "ليلى", "O’Brien-D'Arcy", "Null", "李", "Þór", "  Ana   Rivera "])
def test_names_of_every_kind_are_accepted(world: World, name: str) -> None:
    row = file(world, replace(ASK, full_name=name))

    assert Applicant.objects.get(id=row.applicant_id).full_name == " ".join(name.split())


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"full_name": ""}, "full_name", "blank"),
        ({"full_name": "\u200d \u200d"}, "full_name", "blank"),
        ({"full_name": "A\0B"}, "full_name", "unusable_letters"),
        ({"full_name": "A\u202eB"}, "full_name", "unusable_letters"),
        ({"full_name": "\ud800"}, "full_name", "unusable_letters"),
        ({"full_name": "n" * 121}, "full_name", "too_long"),
        ({"production_name": " "}, "production_name", "blank"),
        ({"production_name": "a\0"}, "production_name", "unusable_letters"),
        ({"craft": ""}, "craft", "blank"),
        ({"last_worked_on": date(2023, 9, 19)}, "last_worked_on", "in_the_future"),
        ({"last_worked_on": date(1, 1, 1)}, "last_worked_on", "too_early"),
        ({"last_worked_on": date(1949, 12, 31)}, "last_worked_on", "too_early"),
        ({"loss_on": date(1, 1, 1)}, "loss_on", "out_of_range"),
        ({"loss_on": date(2999, 1, 1)}, "loss_on", "out_of_range"),
        ({"adults_count": 0}, "adults_count", "out_of_range"),
        ({"children_count": -1}, "children_count", "out_of_range"),
        ({"children_count": 40_000}, "children_count", "out_of_range"),
        ({"need_lines": ()}, "need_lines", "blank"),
        ({"need_lines": ((NeedCategory.RENT, 0),)}, "need_lines.0.amount", "not_positive"),
        ({"need_lines": ((NeedCategory.RENT, -1),)}, "need_lines.0.amount", "not_positive"),
        ({"need_lines": ((NeedCategory.RENT, 10_000_001),)}, "need_lines.0.amount", "too_large"),
        (
            {"need_lines": ((NeedCategory.RENT, 1), (NeedCategory.RENT, 2))},
            "need_lines.1.category",
            "repeated",
        ),
        ({"other_aid_cents": -1}, "other_aid_cents", "out_of_range"),
        ({"statement": "x" * 501}, "statement", "too_long"),
        ({"language": "xx"}, "language", "unknown"),
    ],
)
def test_submit_refuses_what_cannot_be_used_and_names_the_field(
    world: World, change: dict, field: str, code: str
) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        file(world, replace(ASK, **change))

    assert (field, code) in [(problem.field, problem.code) for problem in caught.value.problems]
    assert not AssistanceRequest.objects.exists()


@pytest.mark.parametrize("contact", ["", "ana", "ana@", "a\0@example.com", "\ud800@example.com", "a" * 260])
def test_submit_refuses_a_contact_that_is_no_address(world: World, contact: str) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        file(world, contact=contact)

    assert [problem.field for problem in caught.value.problems] == ["contact"]


def test_submit_refuses_a_second_live_request_of_the_same_contact(world: World) -> None:
    file(world)

    with pytest.raises(errors.LiveRequestExists):
        file(world, contact=" ANA@example.com ")
    assert AssistanceRequest.objects.count() == 1


def test_a_new_request_may_follow_one_that_was_taken_back(world: World) -> None:
    first = file(world)
    intake.withdraw(request_id=first.id, by=world.actor(Role.REVIEWER), now=NOW)

    second = file(world, replace(ASK, full_name="Ana R. Rivera"))

    assert second.applicant_id == first.applicant_id
    assert second.household_id == first.household_id
    assert Applicant.objects.get().full_name == "Ana R. Rivera"
    assert Household.objects.count() == 1


def test_submit_refuses_while_the_fund_is_paused(world: World) -> None:
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)

    with pytest.raises(errors.FundClosed):
        file(world)


def test_submit_refuses_staff_who_may_not_file(world: World) -> None:
    with pytest.raises(errors.Forbidden):
        file(world, by=world.actor(Role.TREASURER_RELEASES))


def test_submit_hides_the_fund_from_strangers(world: World) -> None:
    with pytest.raises(errors.NotFound):
        file(world, by=actors.person(uuid4()))
    with pytest.raises(errors.NotFound):
        file(world, contact=None, by=actors.person(uuid4()))


def test_a_program_files_in_the_role_it_was_given(world: World) -> None:
    client = ApiClient.objects.create(
        id=ids.new_id(NOW),
        fund=world.fund,
        created_at=NOW,
        oauth_client_id="union-hall",
        name="Union hall",
        owner_id=world.actor(Role.DIRECTOR).person_id,
        role=Role.INTAKE,
        scopes="requests:write",
    )

    row = file(world, by=actors.client(client.id, owner_id=client.owner_id))

    assert row.filed_by == f"client:{client.id}"


def test_a_reference_in_use_is_not_given_again(world: World) -> None:
    with ids.repeatable(7):
        first = file(world)
    with ids.repeatable(7):
        assert ids.new_reference() == first.reference

    with ids.repeatable(7):
        second = file(world, contact="b@example.com", now=NOW + timedelta(minutes=1))

    assert second.reference != first.reference


def test_a_replayed_call_makes_nothing_new_and_names_the_first_row(world: World) -> None:
    once = Once("session:1", "token-1", "apply", "hash")
    first = file(world, once=once)

    with pytest.raises(Replay) as caught:
        file(world, once=once)
    with pytest.raises(errors.KeyReused):
        file(world, once=replace(once, body_hash="other"))

    assert caught.value.result_id == first.id
    assert AssistanceRequest.objects.count() == 1


def test_submit_many_writes_the_same_rows_as_submit(world: World) -> None:
    moments = [NOW + timedelta(minutes=number) for number in range(3)]
    many = [
        (replace(ASK, full_name=f"Worker {at.minute}"), f"w{at.minute}@example.com", at) for at in moments
    ]

    made = intake.submit_many(
        fund_id=world.fund.id, asks=many, channel="WEB", by=world.actor(Role.INTAKE), now=NOW
    )

    rows = list(AssistanceRequest.objects.order_by("submitted_at"))
    assert [row.id for row in rows] == [row.id for row in made]
    assert [row.submitted_at for row in rows] == moments
    assert all(row.production is not None for row in rows)
    assert RequestTransition.objects.count() == RequestRevision.objects.count() == 3
    assert Event.objects.filter(verb="request.submitted").count() == 3
    assert not OutboxMessage.objects.exists()


def test_submit_many_gives_another_reference_where_one_is_in_use(world: World) -> None:
    def file_many(*names: str, at: datetime) -> list[AssistanceRequest]:
        asks = [(ASK, f"{name}@example.com", at) for name in names]
        with ids.repeatable(7):
            return intake.submit_many(
                fund_id=world.fund.id, asks=asks, channel="WEB", by=world.actor(Role.INTAKE), now=at
            )

    (first,) = file_many("a", at=NOW)

    made = file_many("b", "c", at=NOW + timedelta(minutes=1))

    assert [row.applicant.contact for row in made] == ["b@example.com", "c@example.com"]
    assert len({first.reference, *(row.reference for row in made)}) == 3


def test_submit_many_names_the_row_that_cannot_be_used(world: World) -> None:
    many = [(ASK, "a@example.com", NOW), (replace(ASK, full_name=""), "b@example.com", NOW)]

    with pytest.raises(errors.InvalidInput) as caught:
        intake.submit_many(
            fund_id=world.fund.id, asks=many, channel="WEB", by=world.actor(Role.INTAKE), now=NOW
        )

    assert caught.value.problems[0].field == "asks.1.full_name"
    assert not AssistanceRequest.objects.exists()


def test_submit_many_refuses_two_live_requests_of_one_contact(world: World) -> None:
    with pytest.raises(errors.LiveRequestExists):
        intake.submit_many(
            fund_id=world.fund.id,
            asks=[(ASK, "a@example.com", NOW), (ASK, "A@example.com", NOW)],
            channel="WEB",
            by=world.actor(Role.INTAKE),
            now=NOW,
        )
    assert not AssistanceRequest.objects.exists()


def test_withdraw_moves_once_and_keeps_the_history(world: World) -> None:
    row = file(world)

    intake.withdraw(request_id=row.id, by=world.actor(Role.REVIEWER), now=NOW)

    assert AssistanceRequest.objects.get().state == RequestState.WITHDRAWN
    assert row.transitions.filter(new_state="WITHDRAWN", old_state="SUBMITTED").count() == 1
    assert Event.objects.filter(object_id=row.id, verb="request.withdrawn").exists()
    with pytest.raises(errors.WrongState):
        intake.withdraw(request_id=row.id, by=world.actor(Role.REVIEWER), now=NOW)


def test_withdraw_hides_other_peoples_requests(world: World) -> None:
    row = file(world)

    with pytest.raises(errors.NotFound):
        intake.withdraw(request_id=row.id, by=actors.person(uuid4()), now=NOW)
    with pytest.raises(errors.Forbidden):
        intake.withdraw(request_id=row.id, by=world.actor(Role.BOARD), now=NOW)
    with pytest.raises(errors.NotFound):
        intake.withdraw(request_id=uuid4(), by=world.actor(Role.REVIEWER), now=NOW)


def _race(count: int, act) -> list[object]:
    """Let threads start at one moment, and return what came of each: a row or an error."""
    gate, results = threading.Barrier(count), []

    def run() -> None:
        gate.wait()
        try:
            results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_twenty_sends_of_one_form_make_one_request_and_one_notice(committed_db: str) -> None:
    world = make_world()
    once = Once("session:1", "token-1", "apply", "hash")

    results = _race(20, lambda: file(world, once=once))

    rows = [row for row in results if isinstance(row, AssistanceRequest)]
    assert len(rows) == 1
    refused = (Replay, errors.KeyInFlight)
    assert all(isinstance(row, refused) for row in results if row is not rows[0])
    assert AssistanceRequest.objects.count() == 1
    assert OutboxMessage.objects.count() == 1
    assert RememberedCall.objects.count() == 1


def test_twenty_forms_of_one_worker_make_one_request(committed_db: str) -> None:
    world = make_world()

    results = _race(20, lambda: file(world))

    assert sum(isinstance(row, AssistanceRequest) for row in results) == 1
    assert sum(isinstance(row, errors.LiveRequestExists) for row in results) == 19
    assert Applicant.objects.count() == Household.objects.count() == 1
    assert OutboxMessage.objects.count() == 1


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each thread file in a transaction of its own, as the threads of other processes do."""
    monkeypatch.setattr(intake._together, "do", lambda sent: intake._file([sent])[0])


def test_forms_of_one_worker_in_many_processes_make_one_request(committed_db: str, apart: None) -> None:
    world = make_world()

    results = _race(20, lambda: file(world))

    assert sum(isinstance(row, AssistanceRequest) for row in results) == 1
    assert sum(isinstance(row, errors.LiveRequestExists) for row in results) == 19


def test_control_the_same_race_without_the_guard_makes_many(committed_db: str, servers, apart: None) -> None:
    world = make_world()
    import psycopg

    with psycopg.connect(servers.url(servers.owner, committed_db), autocommit=True) as owner:
        owner.execute("DROP INDEX one_live_request")

    # On a busy machine the twenty may happen to come one after the other, so another worker's are tried then.
    for contact in (f"worker{number}@example.org" for number in range(10)):
        before = AssistanceRequest.objects.count()
        results = _race(20, partial(file, world, contact=contact))
        made = sum(isinstance(row, AssistanceRequest) for row in results)
        assert AssistanceRequest.objects.count() == before + made
        if made > 1:
            break
    assert made > 1
