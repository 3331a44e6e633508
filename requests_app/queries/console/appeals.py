"""The pages of second looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import Appeal
from requests_app.queries import appeals
from requests_app.queries.appeals import Outcomes
from requests_app.queries.paging import LIMIT_DEFAULT, Page, keyset


@dataclass(frozen=True)
class AppealPage:
    """One second look, and whether this person may answer it and read the worker's words."""

    appeal: Appeal
    may_answer: bool
    shows_words: bool


def appeal_list(
    actor: Actor, *, fund_id: UUID, states: Sequence[str], cursor: str | None, on: date
) -> tuple[Page[Appeal], Outcomes]:
    """This will return one page of a fund's second looks, the oldest first, and how they ended so far.

    Errors: NotFound, Forbidden, InvalidInput (field `cursor`).
    """
    rows = appeals.visible_appeals(actor, fund_id, states=states)
    return keyset(rows, ("id",), cursor, LIMIT_DEFAULT), appeals.outcomes(fund_id, on=on)


def appeal_page(actor: Actor, *, fund_id: UUID, appeal_id: UUID) -> AppealPage:
    """This will return one second look. Errors: NotFound, Forbidden."""
    rows = appeals.visible_appeals(actor, fund_id)
    row = rows.select_related("decision__proposed_by", "decision__decided_by").filter(id=appeal_id).first()
    if row is None:
        raise errors.NotFound
    decides = access.may(actor, Action.APPEAL_DECIDE, fund_id=fund_id)
    reads = access.may(actor, Action.REQUEST_READ_IDENTITY, fund_id=fund_id)
    return AppealPage(
        appeal=row,
        may_answer=decides and actor.person_id not in appeals.earlier_deciders(row.request_id),
        shows_words=decides or reads,
    )
