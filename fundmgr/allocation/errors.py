"""Every refusal of the engine by name; each says in its sentence what was wrong and where."""

from typing import ClassVar


class AllocationError(ValueError):
    """The root of every refusal of the engine; `code` never changes, so that programs may go by it."""

    code: ClassVar[str] = "allocation_refused"


class NotWholeCents(AllocationError):
    """An amount is not a whole number of cents (or, where fractions are allowed, not exact)."""

    code = "not_whole_cents"


class NegativeClaim(AllocationError):
    """A claim is below zero."""

    code = "negative_claim"


class NegativeEstate(AllocationError):
    """The money to share is below zero."""

    code = "negative_estate"


class NegativeCap(AllocationError):
    """A cap is below zero."""

    code = "negative_cap"


class NegativePot(AllocationError):
    """A pot holds less than nothing."""

    code = "negative_pot"


class ClaimsTooLarge(AllocationError):
    """The claims add up to more than 2**62 cents, where 64-bit sums stop being safe."""

    code = "claims_too_large"


class ShapeMismatch(AllocationError):
    """A list that must have one entry a claim has another length."""

    code = "shape_mismatch"


class BadWeight(AllocationError):
    """A weight is negative or not an exact number."""

    code = "bad_weight"


class AllWeightsZero(AllocationError):
    """No request carries any weight, so the rule has nothing to go by."""

    code = "all_weights_zero"


class BadTier(AllocationError):
    """A tier is not a whole number."""

    code = "bad_tier"


class TiersMissing(AllocationError):
    """The policy goes by tiers, and the problem puts nobody into one."""


class BadOrder(AllocationError):
    """The order names a position twice, or one that does not exist."""

    code = "bad_order"


class BadTieKey(AllocationError):
    """The tie keys cannot be put in order."""

    code = "bad_tie_key"


class UnknownPot(AllocationError):
    """A request or the draw order names a pot that does not exist."""

    code = "unknown_pot"


class PotsMismatch(AllocationError):
    """The pots do not add up to the estate, or pots and eligibility were not given together."""

    code = "pots_mismatch"


class OrderMissing(AllocationError):
    """A draw was asked for without the drawn order."""

    code = "order_missing"


class FloorAboveEveryClaim(AllocationError):
    """The useful minimum is more than anybody asks."""

    code = "floor_above_every_claim"


class UnknownPolicyVersion(AllocationError):
    """The policy is written in a version this engine does not know."""

    code = "unknown_policy_version"


class UnknownRule(AllocationError):
    """The policy names a rule this engine does not know."""

    code = "unknown_rule"


class UnknownPolicyField(AllocationError):
    """The policy has a field this engine does not know; it would be unsafe to ignore it."""

    code = "unknown_policy_field"


class BadPolicyValue(AllocationError):
    """A field of the policy has a value that is not allowed."""

    code = "bad_policy_value"


class RuleRefusesPots(AllocationError):
    """The rule has no sound form over restricted pots."""

    code = "rule_refuses_pots"


class RuleRefusesWeights(AllocationError):
    """The rule has no weighted form."""

    code = "rule_refuses_weights"


class TooManyClaims(AllocationError):
    """The rule is exact only for fewer claims than these."""

    code = "too_many_claims"


class RuleDoesNotCompose(AllocationError):
    """A second round by this rule would not equal one big round."""

    code = "rule_does_not_compose"


class DifferentProblem(AllocationError):
    """An allocation was brought together with a problem or policy it was not made from."""

    code = "different_problem"


class BadTickets(AllocationError):
    """Ids and tickets of a draw do not match, repeat, or are negative."""

    code = "bad_tickets"
