"""What the fund's adopted policy makes of one request: verified need, capped need, reasons."""

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a request is not eligible, or is not funded; each has words for the worker elsewhere."""

    INCOMPLETE_DOCS = "INCOMPLETE_DOCS"
    NOT_IN_CLASS = "NOT_IN_CLASS"
    NO_LOSS_LINK = "NO_LOSS_LINK"
    EXPENSE_NOT_ELIGIBLE = "EXPENSE_NOT_ELIGIBLE"
    EVENT_OUT_OF_WINDOW = "EVENT_OUT_OF_WINDOW"
    OTHER_AID_COVERS = "OTHER_AID_COVERS"
    DUPLICATE_PERSON = "DUPLICATE_PERSON"
    DUPLICATE_HOUSEHOLD = "DUPLICATE_HOUSEHOLD"
    PRIOR_AWARD_LIMIT = "PRIOR_AWARD_LIMIT"
    IDENTITY_UNVERIFIED = "IDENTITY_UNVERIFIED"
    FALSE_STATEMENT = "FALSE_STATEMENT"
    UNREACHABLE = "UNREACHABLE"
    LATE = "LATE"
    NOT_FUNDED_BUDGET = "NOT_FUNDED_BUDGET"


class NeedCategory(StrEnum):
    """What the money is for."""

    RENT = "RENT"
    HEALTH = "HEALTH"
    FOOD = "FOOD"
    UTILITIES = "UTILITIES"
    CAR = "CAR"
    CARE = "CARE"
    OTHER = "OTHER"


class Urgency(StrEnum):
    """What is about to be lost."""

    EVICTION = "EVICTION"
    SHUT_OFF = "SHUT_OFF"
    MEDICAL = "MEDICAL"
    NO_HEALTH_COVER = "NO_HEALTH_COVER"


class Engagement(StrEnum):
    """How a worker was hired."""

    DIRECT = "DIRECT"
    LOAN_OUT = "LOAN_OUT"
    DAY_PLAYER = "DAY_PLAYER"
    NOT_SURE = "NOT_SURE"


@dataclass(frozen=True)
class NeedLimits:
    """The limits of one adopted policy version. Units: cents."""

    need_ceiling_cents: int
    award_cap_cents: int


def verified_cents(*, asked_cents: int, other_aid_cents: int, limits: NeedLimits) -> int:
    """This will propose the verified need: asked less other aid, at most the policy's ceiling.

    Units: cents, never negative; other aid lowers the need and never refuses it.
    """
    return min(max(asked_cents - other_aid_cents, 0), limits.need_ceiling_cents)


def capped_cents(*, verified_need_cents: int, limits: NeedLimits) -> int:
    """This will return what a round may count for one household: verified need up to the award cap."""
    return min(verified_need_cents, limits.award_cap_cents)
