"""A round as it is published: the list by tokens, the rule, the money, the awards and the digests; no names.

`docs/verify_round.py` computes the awards again from this document alone, `docs/verify_draw.py` the order.
"""

from typing import Any
from uuid import UUID

from fundmgr.domain import errors
from fundmgr.domain.actors import Actor
from fundmgr.domain.lifecycle import RoundState
from requests_app.models import AllocationRound, RoundList
from requests_app.queries import round_draws, round_lists, rounds
from requests_app.queries.round_columns import members_of
from requests_app.queries.round_lists import is_draw, published_list, token

FORMAT = "fundmgr round 1"
_COMPUTED = (RoundState.PROPOSED, RoundState.COMMITTED, RoundState.CLOSED)


def publication(actor: Actor, *, round_id: UUID) -> dict[str, Any]:
    """This will return a proposed or committed round's document, for staff.

    Units: cents. Shapes: plain JSON values; the list in the order of asking.
    Errors: NotFound; WrongState before the proposal, and for a round frozen before lists were published.
    """
    return document(rounds.visible_round(actor, round_id=round_id))


def document(row: AllocationRound) -> dict[str, Any]:
    """This will write a round down without asking who reads. Errors: WrongState as for publication."""
    if row.state not in _COMPUTED:
        raise errors.WrongState("Only a round that was proposed and stands can be published.")
    published = published_list(row)
    pots = list(row.pots.select_related("restriction").order_by("position"))
    return {
        "format": FORMAT,
        "fund": row.fund.slug,
        "round": row.number,
        "currency": row.fund.currency,
        "state": row.state,
        "frozen_at": row.created_at.isoformat(),
        "rule": row.rule,
        "policy_version": row.policy.number,
        "sharing_version": row.sharing_version,
        "estate_cents": row.estate_cents,
        "leftover_cents": row.leftover_cents,
        "awarded_count": row.awarded_count,
        "awarded_cents": row.awarded_cents,
        "pots": [
            {
                "name": str(pot.restriction),
                "available_cents": pot.available_cents,
                "used_cents": pot.used_cents,
            }
            for pot in pots
        ],
        "list_root": published.list_root,
        "list": _lines(row, published),
        "draw": _draw(row, published) if is_draw(row) else None,
        "problem_digest": row.problem_digest,
        "result_digest": row.result_digest,
    }


def _lines(row: AllocationRound, published: RoundList) -> list[dict[str, Any]]:
    """Tiers are told where the rule goes by them, and nowhere else: they say who is in distress."""
    members = (
        members_of(row)
        .order_by("position")
        .values_list(
            "request_id",
            "tickets",
            "capped_cents",
            "award_cents",
            "is_withdrawn",
            "usable_cents",
            "share_cents",
            "tier",
        )
    )
    goes_by_tiers = bool(row.rule.get("tiers"))
    return [
        {
            "id": token(published.salt, request_id),
            "tickets": tickets,
            "claim_cents": claim,
            "award_cents": award,
            "withdrawn": is_withdrawn,
            "usable_cents": usable,
            "share_cents": shares,
            **({"tier": tier} if goes_by_tiers else {}),
        }
        for request_id, tickets, claim, award, is_withdrawn, usable, shares, tier in members
    ]


def _draw(row: AllocationRound, published: RoundList) -> dict[str, Any]:
    secrets = round_draws.secrets_of(row)
    lines = round_lists.entries(row, salt=published.salt)
    beacon = {"round": published.beacon_round, "value": published.beacon_value}
    return {
        "commitments": [one.commitment for one in secrets],
        "secrets": [one.secret for one in secrets],
        "beacon": None if published.beacon_round is None else beacon,
        "seed": published.seed,
        "order": [lines[place].token for place in round_draws.drawn_order(row)],
    }
