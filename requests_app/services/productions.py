"""The shows and films whose crews the fund helps."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from fundmgr.domain import ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.domain.text import clean_line
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.queries import access
from fundmgr.services.use_case import use_case
from requests_app.models import Production

_MOST_LETTERS = 120


@use_case
def add(*, fund_id: UUID, names: Sequence[str], by: Actor, now: datetime) -> list[Production]:
    """This will add productions to the fund's list; one that stands there already stays as it is.

    Errors: NotFound, Forbidden for one who may not configure the fund.
    """
    access.require(by, Action.FUND_CONFIGURE, fund_id=fund_id)
    clean = [clean_line(name, most=_MOST_LETTERS) for name in names]
    rows = [Production(id=ids.new_id(now), fund_id=fund_id, created_at=now, name=name) for name in clean]
    Production.objects.bulk_create(rows, ignore_conflicts=True)
    happening = Happening("productions.added", "fund", fund_id, {"count": len(rows)})
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return list(Production.objects.filter(fund_id=fund_id, name__in=clean))
