"""Some of those who were refused ask again: a different person reads each, and finds a few in the right."""

from collections.abc import Sequence
from datetime import timedelta

from fundmgr.domain import actors
from fundmgr.domain.actors import Actor
from fundmgr.domain.appeals import AppealGround
from fundmgr.domain.lifecycle import DecisionState, RequestState
from fundmgr.models import Fund
from requests_app.models import Decision
from requests_app.services import appeals

# Six of a hundred refused people ask; of ten that are answered, three are in the right.
ONE_IN = 16
TOLD = (
    (AppealGround.MISSED, "My pay stub from May is with my request. Please look at the second page."),
    (AppealGround.WRONG, "I worked on Badge 27 until the last day. The coordinator can tell you."),
    (AppealGround.CHANGED, "My landlord has sent a notice since then."),
    (AppealGround.OTHER, "I chose the wrong show in the list by mistake."),
)
STANDS = "I read everything again. I could not find work on one of the shows of this fund."
WRONG = "You are right. The second page shows your work in May. We decide on your request again."
_OVERTURNED, _WAITING = (0, 3, 6), (7, 8)


def tell(fund: Fund, readers: Sequence[Actor]) -> None:
    """This will let one in sixteen of the refused ask, and different people answer most of them."""
    refused = Decision.objects.filter(
        fund=fund, state=DecisionState.FINAL, request__state=RequestState.INELIGIBLE
    )
    for number, decision in enumerate(refused.order_by("decided_at", "request__submitted_at")[::ONE_IN]):
        _ask(number, decision, readers)


def _ask(number: int, decision: Decision, readers: Sequence[Actor]) -> None:
    ground, text = TOLD[number % len(TOLD)]
    asked_at = decision.created_at + timedelta(hours=16)
    row = appeals.file(
        request_id=decision.request_id, ground=ground, text=text, by=actors.SYSTEM, now=asked_at
    )
    before = {decision.proposed_by_id, decision.decided_by_id}
    others = [reader for reader in readers if reader.person_id not in before]
    reader = others[number % len(others)]
    if number not in _WAITING:
        is_wrong = number in _OVERTURNED
        answer = WRONG if is_wrong else STANDS
        at = asked_at + timedelta(hours=8)
        appeals.decide(appeal_id=row.id, overturn=is_wrong, answer=answer, by=reader, now=at)
