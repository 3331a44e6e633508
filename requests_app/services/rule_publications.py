"""Tell everybody by which rule the next money will be shared."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from fundmgr.domain import errors, ids
from fundmgr.domain.actors import Actor
from fundmgr.domain.errors import Problem
from fundmgr.domain.permissions import Action
from fundmgr.ports import events
from fundmgr.ports.events import Happening
from fundmgr.ports.idempotency import Once
from fundmgr.queries import access, funds
from fundmgr.services.use_case import use_case
from requests_app.models import RulePublication
from requests_app.services import draw_terms, smallest_grants


@use_case
def publish(
    *, fund_id: UUID, rule: Mapping[str, Any], by: Actor, now: datetime, once: Once | None = None
) -> RulePublication:
    """This will publish a rule: its promises stand on every public page until another takes its place.

    Shapes: nothing is shared by it; a round still needs its own proposal and approvals.
    Errors: NotFound, Forbidden, InvalidInput for a rule that no round can have, WrongState before a policy.
    """
    access.require(by, Action.ROUND_PROPOSE, fund_id=fund_id)
    cap_cents = funds.policy_in_force(fund_id).award_cap_cents
    row = RulePublication.objects.create(
        id=ids.new_id(now),
        fund_id=fund_id,
        created_at=now,
        rule=_read_rule(rule, cap_cents=cap_cents, now=now),
        published_by_id=access.person_id(by),
    )
    happening = Happening("rule.published", "fund", fund_id, {"rule": row.rule})
    events.record(happening, fund_id=fund_id, by=by, now=now)
    return row


def _read_rule(rule: Mapping[str, Any], *, cap_cents: int, now: datetime) -> dict[str, Any]:
    from fundmgr.allocation import rule_properties  # noqa: PLC0415  # NumPy: not at the web's start
    from requests_app.services import round_sharing  # noqa: PLC0415  # the same

    policy = round_sharing.read_rule(rule)
    if rule_properties(policy).comparison_only:
        sentence = "This rule is for comparison alone; no round can have it."
        raise errors.InvalidInput(problems=[Problem("rule", "unusable_rule", sentence)])
    found = policy.to_json()
    draw_terms.check_terms(found, None, now=now)
    smallest_grants.require_reached(found, most_cents=cap_cents)
    return found
