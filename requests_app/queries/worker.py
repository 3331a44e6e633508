"""What a worker sees: where they stand in the form, and how far their request is."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import LIVE_REQUEST_STATES, AwardState, DecisionState, PayoutState, RequestState
from fundmgr.domain.promised_days import promised
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
    RequestTransition,
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
_NEWEST = "applicant_id = $1 ORDER BY submitted_at DESC, id DESC LIMIT 1"
_NEWEST_FIRST = "request_id = $1 ORDER BY created_at DESC, id DESC"
_OLDEST_FIRST = "request_id = $1 ORDER BY created_at, id"
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
    due_on: date | None = None
    is_late: bool = False


@dataclass(frozen=True)
class Case:
    """A worker's newest request with everything that their pages say about it.

    What only some pages show is looked up by those that ask for it, once.
    """

    fund: Fund
    applicant: Applicant
    request: AssistanceRequest
    policy: PolicyVersion
    now: datetime

    @cached_property
    def award(self) -> Award | None:
        """The newest award, and for one who asks anew none that they gave up."""
        newest = self._awards[0] if self._awards else None
        if newest is None or newest.state not in GIVEN_UP or self.request.state not in LIVE_REQUEST_STATES:
            return newest
        return next((one for one in self._awards if one.state in LIVE_AWARDS), None)

    @cached_property
    def earlier_cents(self) -> int:
        """What was awarded before the newest award and stands. Units: cents."""
        before = (one for one in self._awards if one is not self.award and one.state in LIVE_AWARDS)
        return sum(one.amount_cents for one in before)

    @cached_property
    def payout(self) -> Payout | None:
        """The newest payment of the award."""
        if self.award is None:
            return None
        return self.award.payouts.select_related("payee").order_by("-attempt").first()

    @cached_property
    def payee(self) -> PayeeAccount | None:
        """How the worker is paid; nobody is asked before there is an award."""
        return newest_payee(self.applicant.id) if self.award else None

    @cached_property
    def steps(self) -> list[Step]:
        """The four steps, each done or with the day it is promised for."""
        return timeline(self.request, award=self.award, payout=self.payout, now=self.now)

    @cached_property
    def question(self) -> InfoRequest | None:
        """What is asked and not answered."""
        return self.request.info_requests.filter(answered_at__isnull=True).order_by("-created_at").first()

    @cached_property
    def reasons(self) -> list[str]:
        """Why it was decided as it was."""
        return _reasons(self.request)

    @cached_property
    def round(self) -> AllocationRound | None:
        """The last round that shared money among requests with this one."""
        return _last_round(self.request)

    @cached_property
    def odds(self) -> Odds:
        """How far the money goes."""
        return public.fund_odds(self.fund.id, now=self.now)

    @cached_property
    def documents(self) -> list[Document]:
        """The files of the request."""
        return documents.of_request(self.request.id)

    @cached_property
    def second_look(self) -> SecondLook:
        """How it stands to a second look."""
        return appeals.second_look(self.request, now=self.now)

    @cached_property
    def undo(self) -> Undo | None:
        """What undoing would do, where it was taken back."""
        return taken_back.undo_of(self.request)

    @property
    def has_left(self) -> bool:
        """Whether a payment is on its way or has arrived."""
        return self.payout is not None and self.payout.state in _LEFT

    @cached_property
    def _awards(self) -> list[Award]:
        return prepared.found(Award, _NEWEST_FIRST, [self.request.id])


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
    stands = standing.standing(slug, user_id=user_id, draft_id=draft_id)
    return Desk(
        fund=stands.fund,
        applicant=stands.applicant,
        draft=stands.draft,
        live_request_id=stands.live_request_id,
        live_reference=stands.live_reference,
        has_asked=stands.has_asked,
        policy_id=stands.policy_id,
        now=now,
    )


def is_known(slug: str, *, user_id: UUID | None) -> bool:
    """This will say whether someone is a worker of a fund, with or without a request. Errors: NotFound."""
    return people.applicant_of(user_id=user_id, fund_id=funds.fund_by_slug(slug).id) is not None


def case(slug: str, *, user_id: UUID | None, now: datetime) -> Case:
    """This will return a worker's newest request in a fund. Errors: NotFound where there is none."""
    stands = standing.standing(slug, user_id=user_id)
    if stands.applicant is None:
        raise errors.NotFound
    found = prepared.found(AssistanceRequest, _NEWEST, [stands.applicant.id])
    if not found:
        raise errors.NotFound
    request = found[0]
    request.fund, request.policy = stands.fund, standing.policy(request.policy_id)
    return Case(stands.fund, stands.applicant, request, request.policy, now)


def timeline(
    request: AssistanceRequest, *, award: Award | None, payout: Payout | None, now: datetime
) -> list[Step]:
    """This will return the four steps of a request, each done or with the day it is promised for."""
    days, zone = request.policy.decision_days, request.fund.time_zone
    rows = prepared.found(RequestTransition, _OLDEST_FIRST, [request.id])
    moved = {row.new_state: row.created_at for row in rows}
    # Where a second look helped, the days of the promise begin anew.
    anew = [row.created_at for row in rows if row.reason == OVERTURNED]
    since = anew[-1] if anew else request.submitted_at
    read_at = moved.get(RequestState.IN_REVIEW)
    decided_at = award.created_at if award else moved.get(RequestState.WAITLISTED)
    if decided_at is None and request.state in _NOT_MET:
        final = request.decisions.filter(state=DecisionState.FINAL).order_by("-decided_at").first()
        decided_at = final.decided_at if final else None
    paid_at = payout.settled_at if payout and payout.state == PayoutState.SETTLED else None
    done = [
        (Moment.RECEIVED, request.submitted_at, None),
        # Half of an odd number is rounded up.
        (Moment.READ, read_at or decided_at, promised(since, days=-(-days // READ_SHARE), zone=zone)),
        (Moment.DECIDED, decided_at, promised(since, days=days, zone=zone)),
        (Moment.PAID, paid_at, None),
    ]
    today = now.astimezone(ZoneInfo(zone)).date()
    return _steps(done, is_open=request.state in LIVE_REQUEST_STATES, today=today)


def _steps(
    done: list[tuple[Moment, datetime | None, date | None]], *, is_open: bool, today: date
) -> list[Step]:
    steps, current = [], is_open
    for moment, at, due_on in done:
        if at is not None:
            steps.append(Step(moment, "done", at, due_on))
            continue
        is_late = is_open and due_on is not None and due_on < today
        steps.append(Step(moment, "now" if current else "next", None, due_on, is_late))
        current = False
    return steps


def _reasons(request: AssistanceRequest) -> list[str]:
    final = request.decisions.filter(state=DecisionState.FINAL).order_by("-decided_at").first()
    return list(final.reasons) if final else []


def _last_round(request: AssistanceRequest) -> AllocationRound | None:
    shared = AllocationRound.objects.filter(members__request=request, committed_at__isnull=False)
    return shared.order_by("-committed_at").first()
