"""The bodies of rounds: what is sent, what is shown, and an example of each."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from rest_framework import serializers

from fundmgr.domain import ids
from fundmgr.domain.languages import Language
from fundmgr.domain.lifecycle import RoundCause, RoundState
from requests_app.api import fields
from requests_app.api.answers import Body, money_body, stamp, stamp_or_null
from requests_app.api.populations import PopulationSent
from requests_app.api.rules import RuleField, TriedRuleField, rule_body

MOST_RULES = 10
MOST_REASON_LETTERS = 200
MOST_BEACON, MOST_TICKETS = 2**53, 10


class RoundSent(fields.Sent):
    """How to share."""

    rule = RuleField()


class DraftSent(RoundSent):
    """How to share, and what a draw needs beside it."""

    beacon_round = fields.Whole(
        least=1, most=MOST_BEACON, required=False, help_text="For a draw: a public value still to come."
    )
    urgent_tickets = fields.Whole(
        least=1, most=MOST_TICKETS, required=False, help_text="For a draw: tickets of each urgent request."
    )


class FrozenPreviewSent(fields.Sent):
    """Rules to try out on a frozen list."""

    rules = fields.Several(child=TriedRuleField(), min_length=1, max_length=MOST_RULES)


class PreviewSent(FrozenPreviewSent):
    """Rules to try out."""

    population = PopulationSent(required=False, help_text="Whom to try all the money on; else everybody.")
    chosen = fields.Whole(
        least=0,
        most=MOST_RULES - 1,
        required=False,
        help_text="The place, from 0, of the rule that a board is asked to look at; for the paper alone.",
    )
    language = fields.Word(Language, required=False, help_text="For the paper alone; English if not said.")


class ApprovalSent(fields.Sent):
    """What is approved."""

    result_digest = fields.Line(
        most=64, help_text="The result that was looked at; a round with another is not approved."
    )


class VoidSent(fields.Sent):
    """Why a round is given up."""

    reason = fields.Line(most=MOST_REASON_LETTERS)


class RoundPot(fields.Shown):
    """The money of one restriction in a round."""

    restriction_id = fields.Id("rst")
    available = fields.MoneyOut(help_text="When the set was frozen.")
    used = fields.MoneyOut(help_text="What the rule takes of it.")


class FundingLine(fields.Shown):
    """What one restriction pays of an award."""

    restriction_id = fields.Id("rst")
    amount = fields.MoneyOut()


class FreedMoney(fields.Shown):
    """Money that became available since the round before, and why."""

    cause = fields.Word(RoundCause)
    amount = fields.MoneyOut()


class Round(fields.Shown):
    """One sharing of the available money."""

    id = fields.Id("rnd")
    number = serializers.IntegerField()
    state = fields.Word(RoundState)
    cause = fields.Word(
        RoundCause, help_text="PERSON, or what freed most of the money where the system proposed it."
    )
    topup_note = serializers.CharField(
        help_text="Whether it and the round before give what one big round would have; else empty."
    )
    tops_up = fields.Id("rnd", allow_null=True, help_text="The round whose people it gives what is missing.")
    freed = FreedMoney(many=True, help_text="What came free since the round before; empty for PERSON.")
    rule = RuleField()
    estate = fields.MoneyOut(help_text="What was available when the set was frozen.")
    frozen_count = serializers.IntegerField(help_text="Requests in the round.")
    frozen = fields.MoneyOut(help_text="What they count for, each up to the cap.")
    awarded_count = serializers.IntegerField()
    awarded = fields.MoneyOut()
    leftover = fields.MoneyOut()
    pots = RoundPot(many=True)
    policy_version = serializers.IntegerField(help_text="Of the policy that the list was frozen under.")
    list_root = serializers.CharField(help_text="SHA-256 of the published list; empty for old rounds.")
    problem_digest = serializers.CharField()
    result_digest = serializers.CharField()
    proposed_at = fields.MomentOut(allow_null=True)
    committed_at = fields.MomentOut(allow_null=True)
    void_reason = serializers.CharField()
    created_at = fields.MomentOut()
    version = serializers.IntegerField()


class RoundMember(fields.Shown):
    """A request in a round."""

    request_id = fields.Id("req")
    position = serializers.IntegerField()
    tier = serializers.IntegerField(
        allow_null=True, help_text="1 where something is about to be lost, 2 elsewhere; null in old rounds."
    )
    capped = fields.MoneyOut()
    award = fields.MoneyOut()
    before = fields.MoneyOut(help_text="From awards of before, where the round tops them up.")
    lines = FundingLine(many=True)


def round_body(row: Any, currency: str, *, stale: str = "") -> Body:
    """This will write a round; `stale` says why a proposal no longer stands, empty where it does."""
    return {
        "id": ids.public("rnd", row.id),
        "number": row.number,
        "state": RoundState.VOID if stale else row.state,
        "cause": row.cause,
        "topup_note": row.topup_note,
        "tops_up": None if row.tops_up_id is None else ids.public("rnd", row.tops_up_id),
        "freed": [
            {"cause": cause, "amount": money_body(cents, currency)}
            for cause, cents in sorted(row.freed_cents.items())
        ],
        "rule": rule_body(row.rule),
        "estate": money_body(row.estate_cents, currency),
        "frozen_count": row.frozen_count,
        "frozen": money_body(row.frozen_cents, currency),
        "awarded_count": row.awarded_count,
        "awarded": money_body(row.awarded_cents, currency),
        "leftover": money_body(row.leftover_cents, currency),
        "pots": [
            {
                "restriction_id": ids.public("rst", pot.restriction_id),
                "available": money_body(pot.available_cents, currency),
                "used": money_body(pot.used_cents, currency),
            }
            for pot in sorted(row.pots.all(), key=attrgetter("position"))
        ],
        "policy_version": row.policy.number,
        "list_root": row.published.list_root if hasattr(row, "published") else "",
        "problem_digest": row.problem_digest,
        "result_digest": row.result_digest,
        "proposed_at": stamp_or_null(row.proposed_at),
        "committed_at": stamp_or_null(row.committed_at),
        "void_reason": row.void_reason or stale,
        "created_at": stamp(row.created_at),
        "version": row.version,
    }


def member_body(row: Any, pots: Sequence[UUID], currency: str) -> Body:
    """This will write a request of a round; `pots` are the restrictions that the round shares, in order."""
    shares = row.share_cents or [row.award_cents, *(0 for _ in pots[1:])]
    return {
        "request_id": ids.public("req", row.request_id),
        "position": row.position,
        "tier": row.tier or None,
        "capped": money_body(row.capped_cents, currency),
        "award": money_body(row.award_cents, currency),
        "before": money_body(row.before_cents, currency),
        "lines": [
            {"restriction_id": ids.public("rst", key), "amount": money_body(cents, currency)}
            for key, cents in zip(pots, shares, strict=True)
            if cents
        ],
    }
