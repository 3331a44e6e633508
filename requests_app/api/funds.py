"""Funds, and where each one stands."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from fundmgr.domain import ids
from fundmgr.domain.lifecycle import FundState
from fundmgr.queries import funds
from requests_app.api import fields
from requests_app.api.answers import Body, json_answer, money_body, stamp, stamp_or_null
from requests_app.api.doors import Door
from requests_app.api.paging import PageQuery
from requests_app.api.schema import Operation, page_sample, page_shape
from requests_app.queries import positions

_ID, _USD = "fund_018aa9d5e0007c3a9d0f6b1c2e4a5d61", "USD"


class Fund(fields.Shown):
    """One assistance fund."""

    id = fields.Id("fund")
    slug = serializers.CharField()
    name = serializers.CharField()
    purpose = serializers.CharField()
    sponsor = serializers.CharField(help_text="The charity that holds the fund; empty where it is its own.")
    help_phone = serializers.CharField()
    help_mail = serializers.CharField()
    board = serializers.ListField(child=serializers.CharField(), help_text="Who sits on it, by name.")
    currency = serializers.CharField(help_text="ISO 4217")
    time_zone = serializers.CharField()
    state = fields.Word(FundState)
    opens_at = fields.MomentOut(allow_null=True)
    closes_at = fields.MomentOut(allow_null=True)
    created_at = fields.MomentOut()


class Coverage(fields.Shown):
    """Available money for each dollar of a demand, as a decimal with four places."""

    of_requested = serializers.CharField(allow_null=True)
    of_eligible = serializers.CharField(allow_null=True)


class Position(fields.Shown):
    """Where a fund stands.

    received = paid + held + available + reserve + conditional_received + unmatched + fees, after refunds.
    """

    fund_id = fields.Id("fund")
    as_of = fields.MomentOut()
    ledger_sequence = serializers.IntegerField()
    committed = fields.MoneyOut(help_text="What donors promised without a condition.")
    committed_conditional = fields.MoneyOut(help_text="What donors promised under a condition.")
    received = fields.MoneyOut(help_text="Cash that the bank confirmed.")
    conditional_received = fields.MoneyOut(help_text="Cash that came before its condition was met.")
    unmatched = fields.MoneyOut(help_text="Cash whose donor nobody knows yet.")
    fees = fields.MoneyOut(help_text="What the bank charged.")
    refunded = fields.MoneyOut(help_text="What went back to donors; not in received.")
    reserve = fields.MoneyOut(help_text="Kept back by policy.")
    held = fields.MoneyOut(help_text="Awarded, and not yet paid.")
    paid = fields.MoneyOut(help_text="Left the bank, less what came back.")
    available = fields.MoneyOut(help_text="What may be awarded now.")
    requested = fields.MoneyOut(help_text="All that was asked for.")
    requested_count = serializers.IntegerField()
    eligible = fields.MoneyOut(help_text="What people found eligible asked for.")
    eligible_count = serializers.IntegerField()
    coverage = Coverage()


FUND_SAMPLE = {
    "id": _ID,
    "slug": "lanternlight-crew-fund",
    "name": "Lanternlight Crew Fund",
    "purpose": "Help for film and television crews out of work",
    "sponsor": "Riverside Charities",
    "help_phone": "(213) 555-0100",
    "help_mail": "help@example.org",
    "board": ["Ana Rivera, chair"],
    "currency": _USD,
    "time_zone": "America/Los_Angeles",
    "state": "OPEN",
    "opens_at": None,
    "closes_at": None,
    "created_at": "2023-09-18T16:00:00Z",
}
POSITION_SAMPLE = {
    "fund_id": _ID,
    "as_of": "2023-09-22T16:00:00Z",
    "ledger_sequence": 2,
    "committed": {"amount": "500000.00", "currency": _USD},
    "committed_conditional": {"amount": "0.00", "currency": _USD},
    "received": {"amount": "500000.00", "currency": _USD},
    "conditional_received": {"amount": "0.00", "currency": _USD},
    "unmatched": {"amount": "0.00", "currency": _USD},
    "fees": {"amount": "0.00", "currency": _USD},
    "refunded": {"amount": "0.00", "currency": _USD},
    "reserve": {"amount": "10000.00", "currency": _USD},
    "held": {"amount": "0.00", "currency": _USD},
    "paid": {"amount": "0.00", "currency": _USD},
    "available": {"amount": "490000.00", "currency": _USD},
    "requested": {"amount": "10000000.00", "currency": _USD},
    "requested_count": 1700,
    "eligible": {"amount": "6976694.00", "currency": _USD},
    "eligible_count": 1205,
    "coverage": {"of_requested": "0.0490", "of_eligible": "0.0702"},
}


def fund_body(row: Any) -> Body:
    """This will write a fund."""
    return {
        "id": ids.public("fund", row.id),
        "slug": row.slug,
        "name": row.name,
        "purpose": row.purpose,
        "sponsor": row.sponsor,
        "help_phone": row.help_phone,
        "help_mail": row.help_mail,
        "board": funds.board_of(row),
        "currency": row.currency,
        "time_zone": row.time_zone,
        "state": row.state,
        "opens_at": stamp_or_null(row.opens_at),
        "closes_at": stamp_or_null(row.closes_at),
        "created_at": stamp(row.created_at),
    }


def position_body(found: positions.FundPosition) -> Body:
    """This will write a position."""
    money = found.money
    cents = {
        "committed": money.committed_cents,
        "committed_conditional": money.committed_conditional_cents,
        "received": money.cash_cents,
        "conditional_received": money.refundable_advance_cents,
        "unmatched": money.suspense_cents,
        "fees": money.fees_cents,
        "refunded": money.refunded_cents,
        "reserve": money.reserve_cents,
        "held": money.obligated_cents,
        "paid": money.paid_cents,
        "available": money.available_cents,
        "requested": found.requested_cents,
        "eligible": found.eligible_cents,
    }
    return {
        "fund_id": ids.public("fund", found.fund_id),
        "as_of": stamp(found.as_of),
        "ledger_sequence": found.ledger_sequence,
        **{name: money_body(value, found.currency) for name, value in cents.items()},
        "requested_count": found.requested_count,
        "eligible_count": found.eligible_count,
        "coverage": {
            "of_requested": found.coverage_of_requested,
            "of_eligible": found.coverage_of_eligible,
        },
    }


class Funds(Door):
    """The funds that the caller works for."""

    @Operation(
        "list_funds",
        "List your funds",
        tag="funds",
        scope="funds:read",
        query=PageQuery,
        gives=page_shape(Fund),
        sample=page_sample(FUND_SAMPLE),
    )
    def get(self, request: Request) -> HttpResponse:
        """This will list them."""
        return self.page(funds.visible_funds(self.actor), ("id",), fund_body)


class OneFund(Door):
    """One fund."""

    @Operation("get_fund", "Read a fund", tag="funds", scope="funds:read", gives=Fund, sample=FUND_SAMPLE)
    def get(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(fund_body(funds.visible_fund(self.actor, fund_id=fund_id)))


class FundPosition(Door):
    """Where one fund stands now."""

    @Operation(
        "get_position",
        "Read a fund's position",
        tag="funds",
        scope="funds:read",
        gives=Position,
        sample=POSITION_SAMPLE,
    )
    def get(self, request: Request, fund_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(position_body(positions.position(self.actor, fund_id=fund_id, now=self.now)))
