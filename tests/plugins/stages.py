"""Workers at each stage after they sent a request, and what pages of theirs there are to see then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import casework
from builders import World, put_money_in
from django.utils import timezone
from waiting import make_requests
from walking import Walk

from fundmgr.domain import actors
from fundmgr.domain.appeals import AppealGround
from fundmgr.domain.eligibility import Reason
from fundmgr.domain.permissions import Role
from requests_app.models import AssistanceRequest, Award, Payout
from requests_app.services import appeals, award_days, awards, intake, messages, payouts, reviews, rounds

NAME = "María Fernanda de los Ángeles Wolfeschlegelsteinhausenbergerdorff-Quiñones"
Move = Callable[[World], None]


@dataclass(frozen=True)
class Stage:
    """One stage: how it comes to it after sending, and its pages by a short name."""

    move: Move
    pages: Mapping[str, str]
    # Pages whose form, sent empty, says what is missing.
    forms: frozenset[str] = field(default_factory=frozenset)


def reach(world: World, stage: Stage) -> Walk:
    """Send a request as the pages do, and take it to the stage."""
    walk = Walk(world)
    walk.start()
    walk.answer("show", "job", "name", name={"full_name": NAME})
    walk.prove()
    walk.answer("household", "need", "other-help", "proof")
    walk.send()
    stage.move(world)
    return walk


def one() -> AssistanceRequest:
    """The one request that there is."""
    return AssistanceRequest.objects.get(applicant__user__isnull=False)


def _stay(_world: World) -> None:
    """Nothing happens."""


def _asked(world: World) -> None:
    reader = world.actor(Role.REVIEWER)
    reviews.ask_for_info(
        request_id=one().id, text="Which local do you belong to?", by=reader, now=timezone.now()
    )
    messages.reply(
        request_id=one().id, text="We have read your note.", came_by="PAGE", by=reader, now=timezone.now()
    )


def _refused(world: World) -> None:
    now = timezone.now()
    row = reviews.propose(
        request_id=one().id,
        is_eligible=False,
        reasons=[Reason.NO_LOSS_LINK],
        by=world.actor(Role.REVIEWER),
        now=now,
    )
    reviews.decide(decision_id=row.id, approve=True, by=world.actor(Role.APPROVER), now=now)


def _awarded(world: World, *, money_cents: int = 50_000_000) -> None:
    put_money_in(world, money_cents, now=timezone.now())
    _share(world, rule=casework.EQUAL)


def _share(world: World, *, rule: Mapping[str, Any]) -> None:
    """Find the worker's request eligible, and share what money there is."""
    now = timezone.now()
    proposals = reviews.propose_many(
        items=[reviews.Proposal(one().id, is_eligible=True)], by=world.actor(Role.REVIEWER), now=now
    )
    verdicts = [reviews.Verdict(row.id, approve=True) for row in proposals]
    reviews.decide_many(items=verdicts, by=world.actor(Role.APPROVER), now=now)
    row = rounds.propose_rule(fund_id=world.fund.id, rule=dict(rule), by=world.actor(Role.DIRECTOR), now=now)
    rounds.approve(round_id=row.id, result_digest=None, by=world.actor(Role.APPROVER), now=now)


def _partly(world: World) -> None:
    _awarded(world, money_cents=42_000)


def _waiting(world: World) -> None:
    """Twenty of thirty who asked before are paid in the order of asking; then the money is gone."""
    make_requests(world, [100_000] * 30)
    put_money_in(world, 2_100_000, now=timezone.now())
    _share(world, rule={"version": 1, "rule": "queue"})


def _looking(world: World) -> None:
    _refused(world)
    appeals.file(
        request_id=one().id,
        ground=AppealGround.MISSED,
        text="My pay stub shows it.",
        by=actors.person(one().applicant.user_id),
        now=timezone.now(),
    )


def _left(world: World) -> None:
    _paid_by_bank(world)


def _returned(world: World) -> None:
    payout, now = _paid_by_bank(world)
    payouts.record_return(
        payout_id=payout.id,
        code="R02",
        by=world.actor(Role.TREASURER_PREPARES),
        now=now + timedelta(seconds=1),
    )


def _paid_by_bank(world: World) -> tuple[Payout, datetime]:
    """Send the money to a bank account; the payment, and when it left."""
    _awarded(world)
    now = timezone.now() + timedelta(seconds=1)
    award = Award.objects.get()
    awards.choose_payee(
        award_id=award.id,
        method="BANK",
        name_on_account=NAME[:60],
        routing_number=casework.ROUTING,
        account_number="000123456789",
        by=actors.person(award.request.applicant.user_id),
        now=now,
    )
    batch = casework.build(world, now=now)
    casework.release(world, batch, now=now)
    return batch.payouts.get(), now


def _paid(world: World) -> None:
    payout, now = _paid_by_bank(world)
    by = world.actor(Role.TREASURER_PREPARES)
    payouts.settle(payout_ids=[payout.id], by=by, now=now + timedelta(seconds=1))


def _expired(world: World) -> None:
    _awarded(world)
    award = Award.objects.get()
    award_days.expire(fund_id=world.fund.id, now=award.accept_by + timedelta(seconds=1))


def _taken_back(_world: World) -> None:
    by = actors.person(one().applicant.user_id)
    intake.withdraw(request_id=one().id, by=by, now=timezone.now(), once=None)


def _late(_world: World) -> None:
    AssistanceRequest.objects.update(submitted_at=timezone.now() - timedelta(days=30))


STAGES: dict[str, Stage] = {
    "sent": Stage(
        _stay,
        {
            "receipt": "request/receipt/",
            "feedback": "request/how-was-this-form/",
            "status": "request/",
            "change": "request/change/",
            "change-need": "request/change/need/",
            "photos": "request/photos/",
            "take-back": "request/take-back/",
            "my-data": "my-data/",
            "my-name": "my-data/name/",
            "my-contact": "my-data/contact/",
            "my-second": "my-data/second-contact/",
            "erase": "my-data/erase/",
            "erased": "my-data/erased/",
            "already": "apply/already/",
        },
        frozenset({"feedback", "my-contact"}),
    ),
    "asked": Stage(
        _asked,
        {"status": "request/", "answer": "request/answer/", "messages": "request/messages/"},
        frozenset({"answer", "messages"}),
    ),
    "refused": Stage(
        _refused, {"status": "request/", "look-again": "request/look-again/"}, frozenset({"look-again"})
    ),
    "looking": Stage(_looking, {"status": "request/"}),
    "awarded": Stage(
        _awarded,
        {
            "status": "request/",
            "pay": "request/pay/",
            "pay-bank": "request/pay/bank/",
            "pay-card": "request/pay/card/",
            "pay-check": "request/pay/check/",
            "pay-pick-up": "request/pay/pick-up/",
            "give-up": "request/give-up/",
        },
        frozenset({"pay", "pay-bank", "pay-check"}),
    ),
    "partly": Stage(_partly, {"status": "request/", "no-second-look": "request/look-again/"}),
    "waiting": Stage(_waiting, {"status": "request/"}),
    "left": Stage(_left, {"status": "request/", "pay": "request/pay/", "send-back": "request/send-back/"}),
    "returned": Stage(_returned, {"status": "request/"}),
    "paid": Stage(_paid, {"status": "request/"}),
    "expired": Stage(_expired, {"status": "request/"}),
    "taken-back": Stage(_taken_back, {"status": "request/", "undo": "request/take-back/undo/"}),
    "late": Stage(_late, {"status": "request/"}),
}
