"""A smallest grant that nobody's need reaches is refused where it is asked for, not when money is shared."""

from collections.abc import Mapping
from typing import Any

from fundmgr.domain import errors
from fundmgr.domain.errors import Problem
from fundmgr.domain.money import dollars

# The engine's own name for it, so that every door says the same.
CODE = "floor_above_every_claim"


def require_reached(rule: Mapping[str, Any], *, most_cents: int) -> None:
    """This will refuse a rule whose smallest grant is more than any need can count for.

    Shapes: `rule` is a whole document, as the engine writes it; `most_cents` is the most a need counts.
    Units: cents. Errors: InvalidInput.
    """
    if rule["floor_cents"] <= most_cents:
        return
    floor, most = dollars(rule["floor_cents"]), dollars(most_cents)
    sentence = f"No need counts for as much as the smallest grant of {floor}. The most is {most}."
    raise errors.InvalidInput(problems=[Problem("rule", CODE, sentence)])
