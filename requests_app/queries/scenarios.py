"""Scenarios: who may see them, and one by its id."""

from uuid import UUID

from django.db.models import QuerySet

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import Scenario


def visible_scenarios(actor: Actor, *, fund_id: UUID) -> QuerySet[Scenario]:
    """This will return the fund's scenarios. Errors: NotFound, Forbidden."""
    access.require(actor, Action.ROUND_READ, fund_id=fund_id)
    rows = Scenario.objects.filter(fund_id=fund_id, removed_at__isnull=True)
    return rows.select_related("created_by", "policy")


def visible_scenario(actor: Actor, *, scenario_id: UUID, removed: bool = False) -> Scenario:
    """This will return one scenario. Errors: NotFound also where it was removed, unless `removed`."""
    row = Scenario.objects.select_related("created_by", "policy").filter(id=scenario_id).first()
    is_hidden = row is not None and row.removed_at is not None and not removed
    if row is None or is_hidden or not access.may(actor, Action.ROUND_READ, fund_id=row.fund_id):
        raise errors.NotFound
    return row


def may_change(actor: Actor, row: Scenario) -> bool:
    """This will say whether the actor made the scenario, or may change those of others."""
    if actor.person_id == row.created_by_id:
        return access.may(actor, Action.SCENARIO_SAVE, fund_id=row.fund_id)
    return access.may(actor, Action.SCENARIO_CHANGE_ANY, fund_id=row.fund_id)
