"""Requests of one moment share a statement; what was taken for granted is asked for where it is written."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import NOW, World, file_request, make_ask, make_worker, make_world
from calling import give_token, make_client
from django.db import connections, transaction
from oauth2_provider.models import AccessToken

from fundmgr.domain import actors, errors
from fundmgr.domain.permissions import Role
from fundmgr.models import Fund
from fundmgr.ports.idempotency import Once
from fundmgr.queries import tokens
from fundmgr.services import funds
from fundmgr.services.together import Together
from requests_app.models import Applicant, AssistanceRequest
from requests_app.services import intake

Act = Callable[[], Any]


def submit(world: World, contact: str | None, **options: Any) -> AssistanceRequest:
    options = {"by": world.actor(Role.INTAKE), "now": NOW, "ask": make_ask(), **options}
    return intake.submit(fund_id=world.fund.id, contact=contact, channel="STAFF", **options)


class Crowd:
    """Submissions that come while one is being written, so that all of them share the next statement."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.together = Together(self.write, marks=intake._marks, most=intake.MOST_TOGETHER)
        self._go = threading.Event()
        self._holds = False

    def write(self, submissions: Any) -> Any:
        self.sizes.append(len(submissions))
        if self._holds and len(self.sizes) == 1:
            self._go.wait(10)
        return intake._file(submissions)

    def send(self, decoy: Act, acts: list[Act]) -> list[Act]:
        """Start them; each function returned waits for what one of them got."""
        self._holds = True
        first = started(decoy)
        until(lambda: self.sizes == [1])
        calls = [started(act) for act in acts]
        until(lambda: len(self.together._waiting) == len(acts))
        self._go.set()
        first()
        return calls


def started(act: Act) -> Act:
    found: list[object] = []

    def run() -> None:
        try:
            found.append(act())
        except Exception as error:
            found.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()

    def ended() -> object:
        thread.join(10)
        return found[0]

    return ended


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(2000):
        if is_so():
            return
        time.sleep(0.005)
    raise AssertionError("it never came")


@pytest.fixture
def crowd(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    found = Crowd()
    monkeypatch.setattr(intake, "_together", found.together)
    return found


def test_requests_of_one_moment_share_a_statement(crowd: Crowd) -> None:
    world = make_world()
    acts = [lambda name=name: submit(world, f"{name}@example.org") for name in "abcd"]

    made = [call() for call in crowd.send(lambda: submit(world, "first@example.org"), acts)]

    assert crowd.sizes == [1, 4]
    assert {row.id for row in made} <= set(AssistanceRequest.objects.values_list("id", flat=True))
    assert [row.applicant.contact for row in made] == [f"{name}@example.org" for name in "abcd"]


def test_one_that_is_refused_leaves_the_others_alone(crowd: Crowd) -> None:
    world = make_world()
    file_request(world, contact="known@example.org")
    acts: list[Act] = [
        lambda: submit(world, "known@example.org"),
        lambda: submit(world, "bad@example.org", ask=make_ask(full_name="")),
        lambda: submit(world, "good@example.org"),
    ]
    crowd.sizes.clear()

    known, bad, good = (call() for call in crowd.send(lambda: submit(world, "first@example.org"), acts))

    assert crowd.sizes == [1, 3]
    assert isinstance(known, errors.LiveRequestExists)
    assert [problem.field for problem in bad.problems] == ["full_name"]
    assert good.applicant.contact == "good@example.org"


def test_one_that_the_database_refuses_leaves_the_others_alone(crowd: Crowd) -> None:
    """A worker and a program file for the same contact, which one statement cannot write twice."""
    world = make_world()
    worker = make_worker(world)
    acts: list[Act] = [
        lambda: submit(world, None, by=worker),
        lambda: submit(world, "ana@example.com"),
        lambda: submit(world, "good@example.org"),
    ]

    own, other, good = (call() for call in crowd.send(lambda: submit(world, "first@example.org"), acts))

    assert crowd.sizes == [1, 3, 1, 1, 1]
    assert good.applicant.contact == "good@example.org"
    assert {type(own), type(other)} == {AssistanceRequest, errors.LiveRequestExists}
    assert AssistanceRequest.objects.count() == 3


def test_one_whose_row_is_held_does_not_hold_the_others(crowd: Crowd) -> None:
    world = make_world()
    make_worker(world, contact="held@example.org")
    acts = [lambda: submit(world, "held@example.org"), lambda: submit(world, "free@example.org")]
    with transaction.atomic():
        Applicant.objects.select_for_update().get()
        held, free = crowd.send(lambda: submit(world, "first@example.org"), acts)

        assert free().applicant.contact == "free@example.org"
        assert crowd.sizes[:2] == [1, 2]

    assert held().applicant.contact == "held@example.org"


def test_nobody_waits_for_the_fund(committed_db: str) -> None:
    world = make_world()
    with transaction.atomic():
        Fund.objects.select_for_update().get()

        made = started(lambda: submit(world, "a@example.org"))()

    assert isinstance(made, AssistanceRequest)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def test_a_fund_that_paused_a_moment_ago_takes_nothing(world: World) -> None:
    submit(world, "a@example.org")
    funds.pause_intake(fund_id=world.fund.id, by=world.actor(Role.DIRECTOR), now=NOW)

    with pytest.raises(errors.FundClosed):
        submit(world, "b@example.org")


def test_a_policy_adopted_a_moment_ago_is_the_one_that_counts(world: World) -> None:
    before = submit(world, "a@example.org")
    terms = funds.PolicyTerms(500_000, 100_000, 100, 10**9, "the board")
    policy = funds.adopt_policy(fund_id=world.fund.id, terms=terms, by=world.actor(Role.DIRECTOR), now=NOW)

    after = submit(world, "b@example.org")

    assert (before.policy_id, after.policy_id) == (world.policy.id, policy.id)


def test_the_day_is_the_one_in_the_funds_zone_now(world: World) -> None:
    ask = make_ask(last_worked_on=NOW.date() + timedelta(days=1))
    with pytest.raises(errors.InvalidInput):
        submit(world, "a@example.org", ask=ask)
    # There it is the next day already.
    Fund.objects.filter(id=world.fund.id).update(time_zone="Pacific/Kiritimati")

    made = submit(world, "a@example.org", ask=make_ask())
    assert submit(world, "b@example.org", ask=ask).policy_id == made.policy_id


def test_a_refused_call_is_not_remembered(world: World) -> None:
    once = Once("client:1", "key", "POST /requests", "hash")
    director = world.actor(Role.DIRECTOR)
    funds.pause_intake(fund_id=world.fund.id, by=director, now=NOW)
    with pytest.raises(errors.FundClosed):
        submit(world, "a@example.org", once=once)
    funds.open_intake(fund_id=world.fund.id, by=director, now=NOW)

    assert submit(world, "a@example.org", once=once).reference


def test_a_token_that_changed_files_nothing(world: World) -> None:
    row, application = make_client(world, Role.INTAKE)
    token = give_token(application)
    now = datetime.now(UTC)
    holder = tokens.holder(token=token, now=now)
    assert holder is not None

    def as_program(contact: str, at: datetime = now) -> AssistanceRequest:
        return submit(world, contact, by=holder.actor, now=at, token=holder.proof)

    assert as_program("a@example.org").filed_by == actors.client(row.id, owner_id=row.owner_id).key
    with pytest.raises(tokens.Changed):
        as_program("b@example.org", at=now + timedelta(minutes=16))
    row.role = Role.APPROVER
    row.save(update_fields=["role"])
    with pytest.raises(tokens.Changed):
        as_program("b@example.org")
    AccessToken.objects.all().delete()
    with pytest.raises(tokens.Changed):
        as_program("b@example.org")
    assert AssistanceRequest.objects.count() == 1
