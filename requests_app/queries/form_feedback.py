"""How the form was for those who sent it, counted."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from fundmgr.domain.actors import Actor
from fundmgr.domain.opinions import FormOpinion
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import FormFeedback

MOST = 100


@dataclass(frozen=True)
class Opinions:
    """How many said what of a fund's form."""

    fund_id: UUID
    counts: dict[FormOpinion, int]


def opinions(actor: Actor, *, fund_id: UUID) -> Opinions:
    """This will count the opinions on a fund's form. Errors: NotFound, Forbidden."""
    access.require(actor, Action.REQUEST_READ, fund_id=fund_id)
    rows = FormFeedback.objects.filter(fund_id=fund_id).values_list("opinion").annotate(Count("id"))
    found = dict(rows.order_by())
    return Opinions(fund_id, {opinion: found.get(opinion, 0) for opinion in FormOpinion})


def comments(actor: Actor, *, fund_id: UUID) -> list[FormFeedback]:
    """This will return the newest hundred opinions that came with words. Errors: NotFound, Forbidden."""
    access.require(actor, Action.REQUEST_READ_IDENTITY, fund_id=fund_id)
    rows = FormFeedback.objects.filter(fund_id=fund_id, text__isnull=False)
    return list(rows.order_by("-id")[:MOST])
