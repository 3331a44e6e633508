"""A round's publication: the list by tokens, the rule, the money and the awards, for anybody to check."""

from uuid import UUID

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from requests_app.api import fields
from requests_app.api.answers import Body, json_answer
from requests_app.api.doors import Door
from requests_app.api.rules import RuleField
from requests_app.api.schema import Operation
from requests_app.queries import publications as queries


class PublishedPot(fields.Shown):
    """The money of one restriction."""

    name = serializers.CharField()
    available_cents = serializers.IntegerField()
    used_cents = serializers.IntegerField()


class PublishedLine(fields.Shown):
    """One request, by its token."""

    id = serializers.CharField(help_text="A salted token; nobody can find the request by it.")
    tickets = serializers.IntegerField()
    claim_cents = serializers.IntegerField()
    award_cents = serializers.IntegerField()
    withdrawn = serializers.BooleanField()
    usable_cents = serializers.ListField(child=serializers.IntegerField())
    share_cents = serializers.ListField(child=serializers.IntegerField())
    tier = serializers.IntegerField(required=False, help_text="There where the rule asks for tiers.")


class Publication(fields.Shown):
    """A round in plain numbers of cents, as the shipped programs read it."""

    format = serializers.CharField()
    fund = serializers.CharField()
    round = serializers.IntegerField()
    currency = serializers.CharField()
    state = serializers.CharField()
    frozen_at = serializers.CharField()
    rule = RuleField()
    policy_version = serializers.IntegerField()
    sharing_version = serializers.IntegerField(
        help_text="1 for rounds made before a pot could pay a part of a request, which gave such pots up."
    )
    estate_cents = serializers.IntegerField()
    leftover_cents = serializers.IntegerField()
    awarded_count = serializers.IntegerField()
    awarded_cents = serializers.IntegerField()
    pots = serializers.ListField(child=PublishedPot())
    list_root = serializers.CharField()
    list = serializers.ListField(child=PublishedLine())
    draw = serializers.DictField(allow_null=True, help_text="Commitments, secrets, beacon, seed and order.")
    problem_digest = serializers.CharField()
    result_digest = serializers.CharField()


SAMPLE: Body = {
    "format": queries.FORMAT,
    "fund": "lanternlight",
    "round": 1,
    "currency": "USD",
    "state": "COMMITTED",
    "frozen_at": "2023-09-22T16:00:00+00:00",
    "rule": {"version": 1, "rule": "equal_awards", "last": "partial", "floor_cents": 0, "remainder": "hold"},
    "policy_version": 1,
    "sharing_version": 2,
    "estate_cents": 40000,
    "leftover_cents": 0,
    "awarded_count": 1,
    "awarded_cents": 40000,
    "pots": [{"name": "No restriction", "available_cents": 40000, "used_cents": 40000}],
    "list_root": "77b1" * 16,
    "list": [
        {
            "id": "5e3f" * 8,
            "tickets": 1,
            "claim_cents": 150000,
            "award_cents": 40000,
            "withdrawn": False,
            "usable_cents": [],
            "share_cents": [],
        }
    ],
    "draw": None,
    "problem_digest": "9f2c" * 16,
    "result_digest": "51ad" * 16,
}


class RoundPublication(Door):
    """What is published of a round."""

    @Operation(
        "get_publication",
        "Read a round as it is published",
        tag="rounds",
        scope="rounds:read",
        gives=Publication,
        sample=SAMPLE,
        refusals=["wrong_state"],
        description="From the proposal on. `docs/verify_round.py` and `docs/verify_draw.py` check the file.",
    )
    def get(self, request: Request, round_id: UUID) -> HttpResponse:
        """This will show it."""
        return json_answer(queries.publication(self.actor, round_id=round_id))
