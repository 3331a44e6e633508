"""All that is kept about one worker, and what stands in the way of erasing it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import (
    LIVE_REQUEST_STATES,
    OPEN_APPEAL_STATES,
    AwardState,
    DecisionState,
    PayoutState,
    RequestState,
)
from fundmgr.domain.permissions import Action
from fundmgr.models import Fund
from fundmgr.queries import access, funds
from requests_app.models import (
    Appeal,
    Applicant,
    AssistanceRequest,
    Award,
    ContactChange,
    Erasure,
    Notice,
    Payout,
)
from requests_app.queries import people, reach

_PAID = frozenset({PayoutState.RELEASED, PayoutState.SETTLED})
_ON_ITS_WAY = frozenset({PayoutState.BATCHED, PayoutState.RELEASED})
_OWED = frozenset({AwardState.RESERVED, AwardState.COMMITTED})


def fund(slug: str) -> Fund:
    """This will return the fund of an address. Errors: NotFound."""
    return funds.fund_by_slug(slug)


def own(slug: str, *, user_id: UUID | None) -> tuple[Fund, Applicant]:
    """This will return a fund and the worker in it. Errors: NotFound for one who is none."""
    found = funds.fund_by_slug(slug)
    applicant = people.applicant_of(user_id=user_id, fund_id=found.id)
    if applicant is None:
        raise errors.NotFound
    return found, applicant


def was_paid(applicant: Applicant) -> bool:
    """This will say whether money ever left for a worker: who was paid what must be known for years."""
    return Payout.objects.filter(award__request__applicant=applicant, state__in=_PAID).exists()


def is_busy(applicant: Applicant) -> bool:
    """This will say whether something of a worker is still open: a request, money, a second look."""
    rows = AssistanceRequest.objects.filter(applicant=applicant)
    waits = rows.filter(state__in=[state for state in LIVE_REQUEST_STATES if state != RequestState.AWARDED])
    owed = Award.objects.filter(request__applicant=applicant, state__in=_OWED)
    moving = Payout.objects.filter(award__request__applicant=applicant, state__in=_ON_ITS_WAY)
    looks = Appeal.objects.filter(request__applicant=applicant, state__in=OPEN_APPEAL_STATES)
    return any(found.exists() for found in (waits, owed, moving, looks))


def erasures(actor: Actor, *, fund_id: UUID) -> QuerySet[Erasure]:
    """This will return the erasures of a fund. Errors: NotFound, Forbidden."""
    access.require(actor, Action.ERASURE_READ, fund_id=fund_id)
    return Erasure.objects.filter(fund_id=fund_id)


def everything(applicant: Applicant) -> dict[str, Any]:
    """This will return all that is kept about a worker, as plain words and numbers.

    Units: cents; moments as RFC 3339. Account numbers show their last four digits.
    """
    rows = AssistanceRequest.objects.filter(applicant=applicant).order_by("submitted_at", "id")
    notices = Notice.objects.filter(Q(applicant=applicant) | Q(contact_hash=applicant.contact_hash))
    return {
        "person": {
            "full_name": applicant.full_name,
            "preferred_name": applicant.preferred_name or "",
            "contact": applicant.contact,
            "second_contact": reach.second_of(applicant),
            "second_contact_takes_messages": bool(reach.open_second_of(applicant)),
            "language": applicant.language,
            "known_since": _said(applicant.created_at),
            "former_contacts": [
                {"contact": row.old_contact or "", "left_at": _said(row.created_at)}
                for row in ContactChange.objects.filter(applicant=applicant).order_by("created_at", "id")
            ],
        },
        "requests": [_request(row) for row in rows],
        "ways_to_pay": [
            {
                "method": row.method,
                "name_on_account": row.name_on_account or "",
                "account_ends_in": row.last4,
                "address": row.address or "",
                "chosen_at": _said(row.created_at),
            }
            for row in applicant.payee_accounts.order_by("id")
        ],
        "messages": [
            {"kind": row.kind, "sent_at": _said(row.sent_at), "subject": row.subject, "text": row.text}
            for row in notices.exclude(kind="contact_code").order_by("id")
        ],
    }


def _request(row: AssistanceRequest) -> dict[str, Any]:
    names = ("reference", "state", "production_name", "craft", "job_title", "union_local", "adults_count")
    more = ("children_count", "asked_cents", "other_aid_cents", "verified_cents", "urgency", "language")
    said = {name: getattr(row, name) for name in (*names, *more)}
    return {
        **said,
        "last_worked_on": _said(row.last_worked_on),
        "loss_on": _said(row.loss_on),
        "statement": row.statement or "",
        "submitted_at": _said(row.submitted_at),
        "odds_shown": row.odds_shown,
        "needs": {line.category: line.amount_cents for line in row.need_lines.order_by("category")},
        "steps": [
            {"state": step.new_state, "at": _said(step.created_at)}
            for step in row.transitions.order_by("created_at", "id")
        ],
        "questions": [
            {"asked": asked.text, "answer": asked.answer or ""} for asked in row.info_requests.order_by("id")
        ],
        "helper": row.helper_name or "",
        "thread": [
            {"from": sent.side, "text": sent.text or "", "at": _said(sent.created_at)}
            for sent in row.messages.order_by("created_at", "id")
        ],
        "decisions": [
            {"eligible": made.is_eligible, "reasons": list(made.reasons), "at": _said(made.decided_at)}
            for made in row.decisions.filter(state=DecisionState.FINAL).order_by("decided_at")
        ],
        "second_looks": [
            {"asked": look.text or "", "answer": look.answer or "", "state": look.state}
            for look in Appeal.objects.filter(request=row)
        ],
        "awards": [_award(award) for award in row.awards.order_by("id")],
        "files": [
            {"name": file.name or "", "state": file.state, "sent_at": _said(file.created_at)}
            for file in row.documents.order_by("id")
        ],
    }


def _award(award: Award) -> dict[str, Any]:
    return {
        "amount_cents": award.amount_cents,
        "state": award.state,
        "at": _said(award.created_at),
        "payments": [
            {"state": paid.state, "sent_at": _said(paid.released_at), "arrived_at": _said(paid.settled_at)}
            for paid in award.payouts.order_by("attempt")
        ],
    }


def _said(moment: datetime | date | None) -> str:
    return moment.isoformat() if moment else ""
