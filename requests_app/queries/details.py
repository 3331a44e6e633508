"""One request with what a program wants beside it: its need lines and its awards."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fundmgr.domain import contacts, errors
from fundmgr.domain.actors import Actor
from requests_app.models import AssistanceRequest, Award, PayeeAccount
from requests_app.queries import payouts, reach, requests


@dataclass(frozen=True)
class RequestDetail:
    """A request whole. Units: cents. Shapes: `needs` are (category, cents), the largest first."""

    request: AssistanceRequest
    needs: Sequence[tuple[str, int]]
    awards: Sequence[Award]

    @property
    def id(self) -> UUID:
        """The request's key."""
        return self.request.id


def detail(actor: Actor, request_id: UUID) -> RequestDetail:
    """This will return one request whole. Errors: NotFound."""
    row = requests.visible_request(actor, request_id)
    needs = row.need_lines.order_by("-amount_cents", "category").values_list("category", "amount_cents")
    return RequestDetail(row, list(needs), list(row.awards.order_by("created_at", "id")))


def chosen_payee(actor: Actor, *, award_id: UUID) -> tuple[Award, PayeeAccount]:
    """This will return an award with where its worker wants the money. Errors: NotFound."""
    award = payouts.visible_award(actor, award_id)
    payee = payouts.newest_payee(award.request.applicant_id)
    if payee is None:
        raise errors.NotFound
    return award, payee


@dataclass(frozen=True)
class Second:
    """The second contact of a worker: whether there is one, and what of it this reader may see."""

    id: UUID
    is_kept: bool
    masked: str | None


def second_contact(actor: Actor, request_id: UUID) -> Second:
    """This will return what is kept beside the first contact; masked, and for its owner and filer alone.

    Errors: NotFound for one who may not see the request.
    """
    row = requests.visible_request(actor, request_id)
    contact = reach.second_of(row.applicant)
    shows = contact and requests.is_own(row, actor)
    return Second(row.id, bool(contact), contacts.masked(contact) if shows else None)


def own_applicant_id(actor: Actor, request_id: UUID) -> UUID:
    """This will return whose request it is, for the worker and the one who filed it. Errors: NotFound."""
    row = AssistanceRequest.objects.select_related("applicant").filter(id=request_id).first()
    if row is None or not requests.is_own(row, actor):
        raise errors.NotFound
    return row.applicant_id
