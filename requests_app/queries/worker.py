"""What a worker sees: where they stand in the form, and how far their request is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES, AwardState, DecisionState, PayoutState, RequestState
from fundmgr.models import Fund, PolicyVersion, prepared
from fundmgr.queries import funds
from requests_app.models import (
    AllocationRound,
    Applicant,
    AssistanceRequest,
    Award,
    Document,
    Draft,
    InfoRequest,
    PayeeAccount,
    Payout,
)
from requests_app.queries import appeals, documents, people, public, standing, taken_back
from requests_app.queries.appeals import SecondLook
from requests_app.queries.honest_odds import Odds
from requests_app.queries.payouts import newest_payee
from requests_app.queries.rounds import LIVE_AWARDS
from requests_app.queries.taken_back import Undo

# The reason that a transition has which an appeal made.
OVERTURNED = "APPEAL_OVERTURNED"
# Awards that came to nothing.
GIVEN_UP = frozenset({AwardState.DECLINED, AwardState.EXPIRED})
# Reading should start by the middle of the days that the policy promises for an answer.
READ_SHARE = 2
_LEFT = frozenset({PayoutState.RELEASED, PayoutState.SETTLED})
_UNSENT = "fund_id = $1 AND submitted_request_id IS NULL"
_NOT_MET = frozenset({RequestState.INELIGIBLE, RequestState.DUPLICATE_MERGED})


class Moment(StrEnum):
    """The four steps that a worker sees."""

    RECEIVED = "RECEIVED"
    READ = "READ"
    DECIDED = "DECIDED"
    PAID = "PAID"


@dataclass(frozen=True)
class Step:
    """One step: when it was done, or by when it is promised; `state` is done, now or next."""

    moment: Moment
    state: str
    at: datetime | None = None
    due_at: datetime | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Case:
    """A worker's newest request with everything that their pages say about it.

    Shapes: `award` is the newest; `earlier_cents` is from those before it that stand.
    """

    fund: Fund
    applicant: Applicant
    request: AssistanceRequest
    policy: PolicyVersion
    steps: list[Step]
    question: InfoRequest | None
    reasons: list[str]
    award: Award | None
    earlier_cents: int
    payout: Payout | None
    payee: PayeeAccount | None
    round: AllocationRound | None
    odds: Odds
    documents: list[Document]
    second_look: SecondLook
    undo: Undo | None

    @property
    def has_left(self) -> bool:
        """Whether a payment is on its way or has arrived."""
        return self.payout is not None and self.payout.state in _LEFT


@dataclass(frozen=True)
class Desk:
    """Where a worker stands in the form: the fund, their draft and what they asked before.

    What only some pages show is looked up by those that ask for it, once.
    """

    fund: Fund
    applicant: Applicant | None
    draft: Draft | None
    live_request_id: UUID | None
    live_reference: str
    has_asked: bool
    policy_id: UUID | None
    now: datetime

    @cached_property
    def policy(self) -> PolicyVersion | None:
        """The fund's newest policy."""
        return standing.policy(self.policy_id) if self.policy_id else None

    @cached_property
    def shows(self) -> list[str]:
        """The names of the fund's shows."""
        return public.shows(self.fund.id)

    @cached_property
    def odds(self) -> Odds:
        """How far the money goes."""
        return public.fund_odds(self.fund.id, now=self.now)

    @cached_property
    def documents(self) -> list[Document]:
        """The files of the draft."""
        return documents.of_draft(self.draft.id) if self.draft else []


def desk(slug: str, *, user_id: UUID | None, draft_id: UUID | None, now: datetime) -> Desk:
    """This will return where a worker stands in the form. Errors: NotFound for the fund."""
    stands = standing.standing(slug, user_id=user_id)
    fund, applicant = stands.fund, people.applicant_of(user_id=user_id, fund_id=stands.fund.id)
    return Desk(
        fund=fund,
        applicant=applicant,
        draft=own_draft(fund_id=fund.id, applicant=applicant, draft_id=draft_id),
        live_request_id=stands.live_request_id,
        live_reference=stands.live_reference,
        has_asked=stands.has_asked,
        policy_id=stands.policy_id,
        now=now,
    )


def is_known(slug: str, *, user_id: UUID | None) -> bool:
    """This will say whether someone is a worker of a fund, with or without a request. Errors: NotFound."""
    return people.applicant_of(user_id=user_id, fund_id=funds.fund_by_slug(slug).id) is not None


def own_draft(*, fund_id: UUID, applicant: Applicant | None, draft_id: UUID | None) -> Draft | None:
    """This will return the draft that a cookie names or a worker left, newest first; never another's."""
    if draft_id is not None:
        named = prepared.found(Draft, f"{_UNSENT} AND id = $2", [fund_id, draft_id])
        owner = named[0].applicant_id if named else None
        if named and (owner is None or (applicant and owner == applicant.id)):
            return named[0]
    if applicant is None:
        return None
    newest = f"{_UNSENT} AND applicant_id = $2 ORDER BY updated_at DESC LIMIT 1"
    left = prepared.found(Draft, newest, [fund_id, applicant.id])
    return left[0] if left else None


def case(slug: str, *, user_id: UUID | None, now: datetime) -> Case:
    """This will return a worker's newest request in a fund. Errors: NotFound where there is none."""
    fund = funds.fund_by_slug(slug)
    applicant = people.applicant_of(user_id=user_id, fund_id=fund.id)
    rows = AssistanceRequest.objects.filter(applicant=applicant).select_related("policy", "fund")
    request = rows.order_by("-submitted_at", "-id").first() if applicant else None
    if request is None or applicant is None:
        raise errors.NotFound
    made = list(request.awards.order_by("-created_at", "-id"))
    award = made[0] if made else None
    if award is not None and award.state in GIVEN_UP and request.state in LIVE_REQUEST_STATES:
        # The worker asks anew: what was given up is no answer to that.
        award = next((one for one in made if one.state in LIVE_AWARDS), None)
    payout = award.payouts.select_related("payee").order_by("-attempt").first() if award else None
    return Case(
        fund=fund,
        applicant=applicant,
        request=request,
        policy=request.policy,
        steps=timeline(request, award=award, payout=payout, now=now),
        question=request.info_requests.filter(answered_at__isnull=True).order_by("-created_at").first(),
        reasons=_reasons(request),
        award=award,
        earlier_cents=sum(one.amount_cents for one in made if one is not award and one.state in LIVE_AWARDS),
        payout=payout,
        payee=newest_payee(applicant.id) if award else None,
        round=_last_round(request),
        odds=public.fund_odds(fund.id, now=now),
        documents=documents.of_request(request.id),
        second_look=appeals.second_look(request, now=now),
        undo=taken_back.undo_of(request),
    )


def timeline(
    request: AssistanceRequest, *, award: Award | None, payout: Payout | None, now: datetime
) -> list[Step]:
    """This will return the four steps of a request, each done or with the day it is promised for."""
    promised = timedelta(days=request.policy.decision_days)
    rows = list(request.transitions.order_by("created_at", "id"))
    moved = {row.new_state: row.created_at for row in rows}
    # Where a second look helped, the days of the promise begin anew.
    anew = [row.created_at for row in rows if row.reason == OVERTURNED]
    since = anew[-1] if anew else request.submitted_at
    read_at = moved.get(RequestState.IN_REVIEW)
    final = request.decisions.filter(state=DecisionState.FINAL).order_by("-decided_at").first()
    decided_at = award.created_at if award else moved.get(RequestState.WAITLISTED)
    if decided_at is None and request.state in _NOT_MET and final is not None:
        decided_at = final.decided_at
    paid_at = payout.settled_at if payout and payout.state == PayoutState.SETTLED else None
    done = [
        (Moment.RECEIVED, request.submitted_at, None),
        (Moment.READ, read_at or decided_at, since + promised / READ_SHARE),
        (Moment.DECIDED, decided_at, since + promised),
        (Moment.PAID, paid_at, None),
    ]
    return _steps(done, is_open=request.state in LIVE_REQUEST_STATES, now=now)


def _steps(
    done: list[tuple[Moment, datetime | None, datetime | None]], *, is_open: bool, now: datetime
) -> list[Step]:
    steps, current = [], is_open
    for moment, at, due_at in done:
        if at is not None:
            steps.append(Step(moment, "done", at, due_at))
            continue
        is_late = is_open and due_at is not None and due_at < now
        steps.append(Step(moment, "now" if current else "next", None, due_at, is_late))
        current = False
    return steps


def _reasons(request: AssistanceRequest) -> list[str]:
    final = request.decisions.filter(state=DecisionState.FINAL).order_by("-decided_at").first()
    return list(final.reasons) if final else []


def _last_round(request: AssistanceRequest) -> AllocationRound | None:
    shared = AllocationRound.objects.filter(members__request=request, committed_at__isnull=False)
    return shared.order_by("-committed_at").first()
