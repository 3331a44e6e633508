"""The rule that is told to everybody, and what it promises by its declared properties."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import RoundState
from fundmgr.domain.permissions import Action
from fundmgr.models import PolicyVersion
from fundmgr.queries import access, funds
from requests_app.models import AllocationRound, RulePublication
from requests_app.queries.pots import estate

ROUND, PUBLICATION = "ROUND", "PUBLICATION"


@dataclass(frozen=True)
class PublishedRule:
    """A rule that stands for everybody: that of the newest decided round, or one told since.

    Shapes: `promises` are plain values: the declared properties, `cap_cents` and `most_tickets`;
    `round_number` is None for a rule that was told, and `cap_then_cents` the policy's cap on the day it was
    told. Units: cents.
    """

    rule: Mapping[str, Any]
    source: str
    round_number: int | None
    since: datetime
    promises: Mapping[str, Any]
    cap_then_cents: int | None = None

    def snapshot(self) -> dict[str, Any]:
        """This will return what is stored as proof of which rule a worker was told."""
        return {
            "rule": dict(self.rule),
            "source": self.source,
            "round_number": self.round_number,
            "since": self.since.isoformat(),
            "promises": dict(self.promises),
        }


def from_snapshot(kept: Mapping[str, Any]) -> PublishedRule | None:
    """This will return a rule as it was told; None where none was."""
    if not kept.get("promises"):
        return None
    since = datetime.fromisoformat(kept["since"])
    return PublishedRule(kept["rule"], kept["source"], kept["round_number"], since, kept["promises"])


def published_rule(fund_id: UUID, *, now: datetime) -> PublishedRule | None:
    """This will return the rule that everybody is told now; None where none was decided or told.

    A rule whose smallest grant is above the policy's cap can help nobody any more, so it is not told.
    """
    shared, told = _newest_round(fund_id), _told_since(fund_id)
    if told is not None and not _is_void(told):
        found = promises(
            told.rule,
            cap_cents=funds.policy_in_force(fund_id).award_cap_cents,
            is_restricted=len(estate(fund_id, now=now).pots) > 1,
        )
        return PublishedRule(
            told.rule, PUBLICATION, None, told.created_at, found, _cap_cents_on(told.created_at, fund_id)
        )
    if shared is None or shared.committed_at is None:
        return None
    return PublishedRule(shared.rule, ROUND, shared.number, shared.committed_at, of_round(shared))


def void_publication(fund_id: UUID) -> RulePublication | None:
    """This will return the rule that was told last and that no need can reach since the cap was lowered."""
    told = _told_since(fund_id)
    return told if told is not None and _is_void(told) else None


def _told_since(fund_id: UUID) -> RulePublication | None:
    """The newest published rule, where no round was decided after it."""
    told = RulePublication.objects.filter(fund_id=fund_id).order_by("-created_at", "-id").first()
    shared = _newest_round(fund_id)
    at = shared.committed_at if shared else None
    return None if told is None or (at is not None and told.created_at <= at) else told


def _is_void(told: RulePublication) -> bool:
    return bool(told.rule.get("floor_cents", 0) > funds.policy_in_force(told.fund_id).award_cap_cents)


def _cap_cents_on(moment: datetime, fund_id: UUID) -> int | None:
    rows = PolicyVersion.objects.filter(fund_id=fund_id, created_at__lte=moment).order_by("-number")
    return rows.values_list("award_cap_cents", flat=True).first()


def visible_rule(actor: Actor, *, fund_id: UUID, now: datetime) -> PublishedRule | None:
    """This will return the same for one who works for the fund. Errors: NotFound, Forbidden."""
    access.require(actor, Action.FUND_READ, fund_id=fund_id)
    return published_rule(fund_id, now=now)


def of_round(row: AllocationRound) -> dict[str, Any]:
    """This will return what a round's rule promised to those who were in it."""
    tickets = row.members.aggregate(most=Max("tickets"))["most"] if row.rule.get("rule") == "draw" else 1
    return promises(
        row.rule,
        cap_cents=row.policy.award_cap_cents,
        is_restricted=row.pots.count() > 1,
        most_tickets=tickets or 1,
    )


def promises(
    rule: Mapping[str, Any], *, cap_cents: int, is_restricted: bool = False, most_tickets: int = 1
) -> dict[str, Any]:
    """This will write a rule's declared properties as plain values, so that a cache can keep them."""
    from fundmgr.allocation import Policy, rule_properties  # noqa: PLC0415  # NumPy: not at the web's start

    found = asdict(rule_properties(Policy.from_json(rule), restricted=is_restricted))
    return {**found, "asking": str(found["asking"]), "cap_cents": cap_cents, "most_tickets": most_tickets}


def _newest_round(fund_id: UUID) -> AllocationRound | None:
    rows = AllocationRound.objects.filter(
        fund_id=fund_id, state__in=[RoundState.COMMITTED, RoundState.CLOSED], committed_at__isnull=False
    )
    return rows.select_related("policy").order_by("-committed_at", "-number").first()
