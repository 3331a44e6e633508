"""The rule of a round as the API carries it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from drf_spectacular.utils import extend_schema_serializer

from requests_app.api import fields
from requests_app.api.answers import Body

MOST_FLOOR_CENTS = 10**9
MOST_VERSION = 10**6


class Rule(StrEnum):
    """The rules that a round may be proposed with."""

    EQUAL_AWARDS = "equal_awards"
    PROPORTIONAL = "proportional"
    EQUAL_LOSSES = "equal_losses"
    TALMUD = "talmud"
    QUEUE = "queue"
    DRAW = "draw"


class Last(StrEnum):
    """What happens to the first one in a queue that does not fit."""

    PARTIAL = "partial"
    STOP = "stop"
    SKIP = "skip"


class Remainder(StrEnum):
    """What happens to money above the useful minimums."""

    DISTRIBUTE = "distribute"
    HOLD = "hold"


class Tiers(StrEnum):
    """What puts requests into tiers: 1 for one that says what is about to be lost, 2 for any other."""

    URGENCY = "urgency"


WHOLE_BP = 10_000


def rule_body(rule: Mapping[str, Any]) -> Body:
    """This will write a rule with all that it may say; of tiers, null where it says nothing."""
    return {"tiers": None, "tier_shares_bp": None, **rule}


@extend_schema_serializer(component_name="Rule")
class RuleField(fields.Sent):
    """How to share the money."""

    version = fields.Whole(least=1, most=MOST_VERSION, help_text="1; the engine refuses any other by name.")
    rule = fields.Word(Rule)
    last = fields.Word(Last, required=False, help_text="For queue and draw: the one that does not fit.")
    floor_cents = fields.Whole(
        least=0, most=MOST_FLOOR_CENTS, required=False, help_text="A useful minimum for each award."
    )
    remainder = fields.Word(Remainder, required=False)
    tiers = fields.Word(
        Tiers,
        required=False,
        allow_null=True,
        help_text="Urgent requests are served before any other, unless parts are given.",
    )
    tier_shares_bp = fields.Several(
        child=fields.Whole(least=0, most=WHOLE_BP),
        required=False,
        allow_null=True,
        min_length=2,
        max_length=2,
        help_text="Fixed parts for the tiers 1 and 2, in basis points, 10,000 together.",
    )

    def to_internal_value(self, data: Any) -> Body:
        """This will return the document in plain words; what is null is left out, as if it were not sent."""
        found = super().to_internal_value(data)
        said = {name: value for name, value in found.items() if value is not None}
        return {name: str(value) if isinstance(value, str) else value for name, value in said.items()}

    def to_representation(self, instance: Any) -> Body:
        """This will return the document as it stands."""
        return dict(instance)


@extend_schema_serializer(component_name="TriedRule")
class TriedRuleField(RuleField):
    """A rule to try out, and up to what each need counts."""

    need_up_to_cents = fields.Whole(
        least=1,
        most=MOST_FLOOR_CENTS,
        required=False,
        help_text="Each need counts up to this; the policy's cap where it is left out.",
    )
