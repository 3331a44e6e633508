"""Scenarios: keep what stands on the workbench under a name, rename it, take it away again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.permissions import Action
from fundmgr.domain.populations import EVERYBODY, Population
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.services import entered
from fundmgr.services.use_case import use_case
from requests_app.models import Scenario
from requests_app.models.scenario import MOST_NAME, MOST_NOTE
from requests_app.queries import scenarios as queries
from requests_app.services import workbench
from requests_app.services.board_papers import MOST_RULES
from requests_app.services.tried_rules import NEED
from requests_app.services.workbench import Comparison


@use_case
def save(
    *,
    fund_id: UUID,
    name: str,
    rules: Sequence[Mapping[str, Any]],
    by: Actor,
    now: datetime,
    note: str = "",
    chosen: int = 0,
    population: Population = EVERYBODY,
    once: Once | None = None,
) -> Scenario:
    """This will keep one to five rules with what they were worked out on; nothing comes of it.

    Shapes: `chosen` is the place of the rule to look at first; `population` is whom the rules are tried on.
    Errors: NotFound, Forbidden, InvalidInput for a name that is taken or a rule that cannot be applied.
    """
    access.require(by, Action.SCENARIO_SAVE, fund_id=fund_id)
    entered.refuse([*_wrong_rules(rules, chosen), *_wrong_words(name, note)])
    _require_free(fund_id, name)
    found = workbench.compare(fund_id=fund_id, rules=rules, population=population, by=by, now=now)
    row = Scenario.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        name=name,
        note=note,
        # What counts is written down: a policy of another day with another cap changes no saved rule.
        rules=[{**one.row.rule, NEED: one.need_up_to_cents} for one in found.rules],
        chosen=chosen,
        population=population.to_json(),
        policy_id=funds.policy_in_force(fund_id).id,
        **_totals(found),
        created_by_id=access.person_id(by),
    )
    facts = {"rules": len(rules), "people": row.people_count, "digest": row.digest}
    _record(row, "scenario.saved", facts, by=by, now=now)
    return row


@use_case
def rename(
    *,
    scenario_id: UUID,
    version: int,
    by: Actor,
    now: datetime,
    name: str | None = None,
    note: str | None = None,
    once: Once | None = None,
) -> Scenario:
    """This will give a scenario another name or note; None leaves it as it is.

    Errors: NotFound, Forbidden for whoever neither made it nor directs the fund, InvalidInput; StaleVersion
    where somebody changed it after `version` was read.
    """
    row = _locked(scenario_id, by=by)
    if row.version != version:
        raise errors.StaleVersion
    changed = {"name": name, "note": note}
    said = {column: value for column, value in changed.items() if value is not None}
    entered.refuse(_wrong_words(said.get("name", row.name), said.get("note", row.note)))
    if said.get("name", row.name) != row.name:
        _require_free(row.fund_id, said["name"])
    for column, value in said.items():
        setattr(row, column, value)
    row.version += 1
    row.save(update_fields=[*said, "version"])
    _record(row, "scenario.renamed", {"fields": sorted(said)}, by=by, now=now)
    return row


@use_case
def remove(*, scenario_id: UUID, by: Actor, now: datetime, once: Once | None = None) -> Scenario:
    """This will take a scenario out of every list; the trail still knows of it.

    Errors: NotFound, Forbidden for whoever neither made it nor directs the fund.
    """
    row = _locked(scenario_id, by=by)
    row.removed_at, row.version = now, row.version + 1
    row.save(update_fields=["removed_at", "version"])
    _record(row, "scenario.removed", {}, by=by, now=now)
    return row


def reopen(row: Scenario, *, by: Actor, now: datetime, beside: Scenario | None = None) -> Comparison:
    """This will work a scenario's rules out on today's people and money, with those of another behind them.

    Shapes: both are about the same part of those who wait, so that they can be compared.
    Errors: NotFound, Forbidden.
    """
    rules = [*row.rules, *(beside.rules if beside else ())]
    return workbench.compare(
        fund_id=row.fund_id,
        rules=rules,
        chosen=row.chosen,
        population=Population.of(row.population),
        by=by,
        now=now,
    )


def _totals(found: Comparison) -> dict[str, Any]:
    return {
        "people_count": found.ground.people_count,
        "verified_cents": found.ground.verified_cents,
        "shared_cents": sum(pot.cents for pot in found.ground.pots),
        "snapshot_digest": found.snapshot_digest,
        "digest": found.digest,
    }


def _locked(scenario_id: UUID, *, by: Actor) -> Scenario:
    row = Scenario.objects.select_for_update(of=("self",)).filter(id=scenario_id).first()
    if row is None or row.removed_at is not None:
        raise errors.NotFound
    access.require(by, Action.ROUND_READ, fund_id=row.fund_id)
    if not queries.may_change(by, row):
        raise errors.Forbidden("Only whoever saved a scenario, or a director, may change it.")
    return row


def _wrong_rules(rules: Sequence[Mapping[str, Any]], chosen: int) -> list[Problem]:
    if not 1 <= len(rules) <= MOST_RULES:
        return [Problem("rules", "wrong_count", f"A scenario holds 1 to {MOST_RULES} rules.")]
    if not 0 <= chosen < len(rules):
        return [Problem("chosen", "no_such_rule", "There is no rule there.")]
    return []


def _wrong_words(name: str, note: str) -> list[Problem]:
    found = []
    if not name.strip() or len(name) > MOST_NAME:
        found.append(Problem("name", "missing_or_long", f"Write a name of 1 to {MOST_NAME} letters."))
    if len(note) > MOST_NOTE:
        found.append(Problem("note", "too_long", f"Write at most {MOST_NOTE} letters."))
    return found


def _require_free(fund_id: UUID, name: str) -> None:
    # Of two who save the same name in one moment, the constraint lets one through.
    if Scenario.objects.filter(fund_id=fund_id, name=name, removed_at__isnull=True).exists():
        sentence = "Another scenario has this name. Choose another one."
        raise errors.InvalidInput(problems=[Problem("name", "taken", sentence)])


def _record(row: Scenario, verb: str, facts: Mapping[str, object], *, by: Actor, now: datetime) -> None:
    events.record(Happening(verb, "scenario", row.id, facts), fund_id=row.fund_id, by=by, now=now)
