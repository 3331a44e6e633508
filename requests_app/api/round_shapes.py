"""The bodies of rounds: what is sent, what is shown, and an example of each."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from rest_framework import serializers

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import RoundState
from requests_app.api import fields
from requests_app.api.answers import Body, money_body, money_or_null, stamp, stamp_or_null
from requests_app.api.rules import RuleField

MOST_RULES = 10
MOST_REASON_LETTERS = 200
MOST_BEACON, MOST_TICKETS = 2**53, 10
RULE_SAMPLE = {"version": 1, "rule": "equal_awards"}


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


class PreviewSent(fields.Sent):
    """Rules to try out."""

    rules = serializers.ListField(child=RuleField(), min_length=1, max_length=MOST_RULES)


class ApprovalSent(fields.Sent):
    """What is approved."""

    result_digest = fields.Line(
        most=64, required=False, allow_null=True, help_text="The result that was looked at."
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


class Round(fields.Shown):
    """One sharing of the available money."""

    id = fields.Id("rnd")
    number = serializers.IntegerField()
    state = fields.Word(RoundState)
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
    capped = fields.MoneyOut()
    award = fields.MoneyOut()
    lines = FundingLine(many=True)


class PreviewRow(fields.Shown):
    """What one rule would do now."""

    rule = RuleField()
    estate = fields.MoneyOut()
    people_count = serializers.IntegerField()
    paid_count = serializers.IntegerField()
    paid = fields.MoneyOut()
    lowest = fields.MoneyOut(help_text="Among those who get something.")
    median = fields.MoneyOut()
    highest = fields.MoneyOut()
    leftover = fields.MoneyOut()
    level = fields.MoneyOut(allow_null=True, help_text="The equal amount, where the rule has one.")
    capped_met_bp = serializers.IntegerField(help_text="Basis points of the need that counts.")


class Preview(fields.Shown):
    """What each rule would do, in the order asked."""

    data = serializers.ListField(child=PreviewRow())  # type: ignore[assignment]  # a list's usual name here


def _usd(amount: str) -> Body:
    return {"amount": amount, "currency": "USD"}


SAMPLE: Body = {
    "id": "rnd_018aa9d5e0007c3a9d0f6b1c2e4a5d91",
    "number": 1,
    "state": "DRAFT",
    "rule": RULE_SAMPLE,
    "estate": _usd("490000.00"),
    "frozen_count": 1205,
    "frozen": _usd("1621058.00"),
    "awarded_count": 0,
    "awarded": _usd("0.00"),
    "leftover": _usd("0.00"),
    "pots": [
        {
            "restriction_id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d31",
            "available": _usd("490000.00"),
            "used": _usd("0.00"),
        }
    ],
    "policy_version": 1,
    "list_root": "77b1" * 16,
    "problem_digest": "",
    "result_digest": "",
    "proposed_at": None,
    "committed_at": None,
    "void_reason": "",
    "created_at": "2023-09-22T16:00:00Z",
    "version": 1,
}
PROPOSED_SAMPLE: Body = {
    **SAMPLE,
    "state": "PROPOSED",
    "awarded_count": 1205,
    "awarded": _usd("490000.00"),
    "pots": [{**SAMPLE["pots"][0], "used": _usd("490000.00")}],
    "problem_digest": "9f2c" * 16,
    "result_digest": "51ad" * 16,
    "proposed_at": "2023-09-22T16:05:00Z",
    "version": 2,
}
MEMBER_SAMPLE: Body = {
    "request_id": "req_018aa9d5e0007c3a9d0f6b1c2e4a5d71",
    "position": 0,
    "capped": _usd("1500.00"),
    "award": _usd("407.21"),
    "lines": [{"restriction_id": "rst_018aa9d5e0007c3a9d0f6b1c2e4a5d31", "amount": _usd("407.21")}],
}
PREVIEW_SAMPLE: Body = {
    "rule": RULE_SAMPLE,
    "estate": _usd("490000.00"),
    "people_count": 1205,
    "paid_count": 1205,
    "paid": _usd("490000.00"),
    "lowest": _usd("120.00"),
    "median": _usd("407.21"),
    "highest": _usd("407.21"),
    "leftover": _usd("0.00"),
    "level": _usd("407.21"),
    "capped_met_bp": 3023,
}


def round_body(row: Any, currency: str) -> Body:
    """This will write a round."""
    return {
        "id": ids.public("rnd", row.id),
        "number": row.number,
        "state": row.state,
        "rule": row.rule,
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
        "void_reason": row.void_reason,
        "created_at": stamp(row.created_at),
        "version": row.version,
    }


def member_body(row: Any, pots: Sequence[UUID], currency: str) -> Body:
    """This will write a request of a round; `pots` are the restrictions that the round shares, in order."""
    shares = row.share_cents or [row.award_cents, *(0 for _ in pots[1:])]
    return {
        "request_id": ids.public("req", row.request_id),
        "position": row.position,
        "capped": money_body(row.capped_cents, currency),
        "award": money_body(row.award_cents, currency),
        "lines": [
            {"restriction_id": ids.public("rst", key), "amount": money_body(cents, currency)}
            for key, cents in zip(pots, shares, strict=True)
            if cents
        ],
    }


def preview_body(row: Any, currency: str) -> Body:
    """This will write what a rule would do."""
    spread = row.spread
    return {
        "rule": dict(row.rule),
        "estate": money_body(row.estate_cents, currency),
        "people_count": spread.people_count,
        "paid_count": spread.paid_count,
        "paid": money_body(spread.paid_cents, currency),
        "lowest": money_body(spread.lowest_cents, currency),
        "median": money_body(spread.median_cents, currency),
        "highest": money_body(spread.highest_cents, currency),
        "leftover": money_body(row.leftover_cents, currency),
        "level": money_or_null(row.level_cents, currency),
        "capped_met_bp": row.capped_met_bp,
    }
