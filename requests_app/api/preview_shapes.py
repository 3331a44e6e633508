"""The bodies of previews: what each rule would do with the money and the people of now."""

from typing import Any

from rest_framework import serializers

from fundmgr.domain import ids
from requests_app.api import fields
from requests_app.api.answers import Body, money_body, money_or_null
from requests_app.api.populations import PopulationSent
from requests_app.api.rules import RuleField, rule_body
from requests_app.services.round_bands import BANDS_CENTS


class Band(fields.Shown):
    """People whose verified needs are of one size."""

    need_from = fields.MoneyOut()
    need_below = fields.MoneyOut(allow_null=True, help_text="Null for the largest needs.")
    people_count = serializers.IntegerField()
    paid_count = serializers.IntegerField()
    verified = fields.MoneyOut()
    awarded = fields.MoneyOut()
    met_bp = serializers.IntegerField()


class Tier(fields.Shown):
    """People of one tier: 1 where something is about to be lost, 2 for any other."""

    tier = serializers.IntegerField()
    people_count = serializers.IntegerField()
    paid_count = serializers.IntegerField()
    verified = fields.MoneyOut()
    awarded = fields.MoneyOut()
    met_bp = serializers.IntegerField()


class Minimum(fields.Shown):
    """One smallest grant: whom it leaves with nothing."""

    floor = fields.MoneyOut()
    paid_count = serializers.IntegerField()
    losing_count = serializers.IntegerField(help_text="Would get something without it.")


class OtherMoney(fields.Shown):
    """The outcome with more or less money."""

    percent = serializers.IntegerField(help_text="Of the money there is now.")
    paid_count = serializers.IntegerField()
    median = fields.MoneyOut()
    paid = fields.MoneyOut()


class TiedPot(fields.Shown):
    """Money that donors tied to something, under one rule; and what it would be worth if it were free."""

    restriction_id = fields.Id("rst")
    available = fields.MoneyOut()
    used = fields.MoneyOut(help_text="What the rule takes of it.")
    unused = fields.MoneyOut(help_text="No request that it may pay needs it, or the rule does not share it.")
    freed = fields.MoneyOut(
        help_text="What the next figures free: all that is unused, or a dollar of a pot that is used up."
    )
    freed_pays = fields.MoneyOut(help_text="How much more would be paid in all if that might pay anybody.")
    freed_people_count = serializers.IntegerField(help_text="Requests that would get more then.")
    freed_dollar_pays = fields.MoneyOut(help_text="How much more would be paid for one freed dollar alone.")


class PreviewRow(fields.Shown):
    """What one rule would do now; a draw, in an order of example."""

    rule = RuleField()
    need_up_to = fields.MoneyOut(help_text="Up to this each need counts.")
    estate = fields.MoneyOut()
    people_count = serializers.IntegerField()
    paid_count = serializers.IntegerField()
    paid = fields.MoneyOut()
    lowest = fields.MoneyOut(help_text="Among those who get something.")
    median = fields.MoneyOut()
    highest = fields.MoneyOut()
    leftover = fields.MoneyOut(
        help_text="Of what the rule shares: a rule without pots shares the general money."
    )
    general_leftover = fields.MoneyOut(help_text="Of the money that no donor tied to anything.")
    tied_leftover = fields.MoneyOut(help_text="Of all money that donors tied to something.")
    tied_pots = TiedPot(many=True)
    level = fields.MoneyOut(allow_null=True, help_text="The equal amount, where the rule has one.")
    capped_met_bp = serializers.IntegerField(help_text="Basis points of the need that counts.")
    need_met_bp = serializers.IntegerField(help_text="Mean share of each verified need.")
    poorest_tenth_bp = serializers.IntegerField(help_text="The same for the tenth who get the least of it.")
    gini_bp = serializers.IntegerField()
    lorenz_bp = serializers.ListField(
        child=serializers.IntegerField(), help_text="What the least paid 0, 5, ... 100 % hold together."
    )
    bands = Band(many=True)
    tiers = Tier(many=True)
    minimums = Minimum(many=True)
    other_money = OtherMoney(many=True)
    inflating_gains = fields.MoneyOut(help_text="Of the median need, first of any list, asking for double.")
    splitting_gains = fields.MoneyOut(help_text="For the same person asking twice for half.")
    promises = serializers.ListField(child=serializers.CharField())


class Preview(fields.Shown):
    """What each rule would do, in the order asked."""

    data = serializers.ListField(child=PreviewRow())  # type: ignore[assignment]  # a list's usual name here
    population = PopulationSent(help_text="The part of those who wait; empty for everybody.")
    everybody_count = serializers.IntegerField(help_text="How many wait in all.")
    snapshot_digest = serializers.CharField(help_text="Of the people and the money, whatever the rules.")
    digest = serializers.CharField(help_text="Of the snapshot, the rules and every award, as on the page.")


def preview_body(found: Any, currency: str) -> Body:
    """This will write what a rule would do."""
    row, spread = found.row, found.row.spread
    return {
        "rule": rule_body(row.rule),
        "need_up_to": money_body(found.need_up_to_cents, currency),
        "estate": money_body(row.estate_cents, currency),
        "people_count": spread.people_count,
        "paid_count": spread.paid_count,
        "paid": money_body(spread.paid_cents, currency),
        "lowest": money_body(spread.lowest_cents, currency),
        "median": money_body(spread.median_cents, currency),
        "highest": money_body(spread.highest_cents, currency),
        "leftover": money_body(row.leftover_cents, currency),
        "general_leftover": money_body(row.general_left_cents, currency),
        "tied_leftover": money_body(row.tied_left_cents, currency),
        "tied_pots": [_tied_body(pot, currency) for pot in found.tied],
        "level": money_or_null(row.level_cents, currency),
        "capped_met_bp": row.capped_met_bp,
        "need_met_bp": spread.need_met_bp,
        "gini_bp": spread.gini_bp,
        "lorenz_bp": list(spread.lorenz_bp),
        **_figures_body(found.figures, currency),
    }


def _tied_body(pot: Any, currency: str) -> Body:
    return {
        "restriction_id": ids.public("rst", pot.restriction_id),
        "available": money_body(pot.available_cents, currency),
        "used": money_body(pot.used_cents, currency),
        "unused": money_body(pot.unused_cents, currency),
        "freed": money_body(pot.freed_cents, currency),
        "freed_pays": money_body(pot.freed_pays_cents, currency),
        "freed_people_count": pot.freed_people_count,
        "freed_dollar_pays": money_body(pot.freed_dollar_pays_cents, currency),
    }


def comparison_body(found: Any, currency: str) -> Body:
    """This will write what each rule would do, and what binds it."""
    return {
        "data": [preview_body(one, currency) for one in found.rules],
        "population": found.ground.population.to_json(),
        "everybody_count": found.ground.everybody_count,
        "snapshot_digest": found.snapshot_digest,
        "digest": found.digest,
    }


def _figures_body(figures: Any, currency: str) -> Body:
    return {
        "poorest_tenth_bp": figures.poorest_tenth_bp,
        "bands": [_band_body(band, currency) for band in figures.bands],
        "tiers": [
            {
                "tier": row.tier,
                "people_count": row.people_count,
                "paid_count": row.paid_count,
                "verified": money_body(row.verified_cents, currency),
                "awarded": money_body(row.awarded_cents, currency),
                "met_bp": row.met_bp,
            }
            for row in figures.tiers
        ],
        "minimums": [
            {
                "floor": money_body(row.floor_cents, currency),
                "paid_count": row.paid_count,
                "losing_count": row.losing_count,
            }
            for row in figures.minimums
        ],
        "other_money": [
            {
                "percent": row.percent,
                "paid_count": row.paid_count,
                "median": money_body(row.median_cents, currency),
                "paid": money_body(row.paid_cents, currency),
            }
            for row in figures.money
        ],
        "inflating_gains": money_body(figures.inflating_gains_cents, currency),
        "splitting_gains": money_body(figures.splitting_gains_cents, currency),
        "promises": list(figures.promises),
    }


def _band_body(band: Any, currency: str) -> Body:
    edges = (0, *BANDS_CENTS)
    below = edges[band.band + 1] if band.band + 1 < len(edges) else None
    return {
        "need_from": money_body(edges[band.band], currency),
        "need_below": money_or_null(below, currency),
        "people_count": band.people_count,
        "paid_count": band.paid_count,
        "verified": money_body(band.verified_cents, currency),
        "awarded": money_body(band.awarded_cents, currency),
        "met_bp": band.met_bp,
    }
