"""The rule of a round as the API carries it."""

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

    def to_internal_value(self, data: Any) -> Body:
        """This will return the document in plain words."""
        found = super().to_internal_value(data)
        return {name: str(value) if isinstance(value, str) else value for name, value in found.items()}

    def to_representation(self, instance: Any) -> Body:
        """This will return the document as it stands."""
        return dict(instance)


@extend_schema_serializer(component_name="TriedRule")
class TriedRuleField(RuleField):
    """A rule to try out, and up to what each need counts."""

    need_up_to_cents = fields.Whole(
        least=0,
        most=MOST_FLOOR_CENTS,
        required=False,
        help_text="Each need counts up to this; the policy's cap where it is left out.",
    )
