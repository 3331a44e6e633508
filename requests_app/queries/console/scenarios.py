"""Pages of scenarios: the list, one scenario with the others that may stand beside it."""

from dataclasses import dataclass
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.permissions import Action
from fundmgr.queries import access
from requests_app.models import Scenario
from requests_app.queries import scenarios
from requests_app.queries.paging import Page, keyset

MOST_BESIDE = 50


@dataclass(frozen=True)
class ScenarioPage:
    """One scenario, the one beside it or None, those that could be, and whether the actor may change it."""

    row: Scenario
    beside: Scenario | None
    others: list[Scenario]
    may_change: bool


def scenario_list(actor: Actor, *, fund_id: UUID, cursor: str | None) -> Page[Scenario]:
    """This will return one page of scenarios, newest first. Errors: Forbidden, InvalidInput."""
    return keyset(scenarios.visible_scenarios(actor, fund_id=fund_id), ("-id",), cursor)


def scenario_page(
    actor: Actor, *, fund_id: UUID, scenario_id: UUID, beside_id: UUID | None = None
) -> ScenarioPage:
    """This will return one scenario and those about the same people; one beside it that is none is left out.

    Errors: NotFound.
    """
    row = scenarios.visible_scenario(actor, scenario_id=scenario_id)
    if row.fund_id != fund_id:
        raise errors.NotFound
    access.require(actor, Action.ROUND_READ, fund_id=fund_id)
    rows = scenarios.visible_scenarios(actor, fund_id=fund_id).exclude(id=row.id)
    rows = rows.filter(population=row.population)
    others = list(rows.order_by("-id")[:MOST_BESIDE])
    beside = rows.filter(id=beside_id).first() if beside_id else None
    return ScenarioPage(row, beside, others, scenarios.may_change(actor, row))
