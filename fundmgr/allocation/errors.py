"""Every refusal of the engine by name; each says in its sentence what was wrong and where."""


class AllocationError(ValueError):
    """The root of every refusal of the engine."""


class NotWholeCents(AllocationError):
    """An amount is not a whole number of cents (or, where fractions are allowed, not exact)."""


class NegativeClaim(AllocationError):
    """A claim is below zero."""


class NegativeEstate(AllocationError):
    """The money to share is below zero."""


class NegativeCap(AllocationError):
    """A cap is below zero."""


class NegativePot(AllocationError):
    """A pot holds less than nothing."""


class ClaimsTooLarge(AllocationError):
    """The claims add up to more than 2**62 cents, where 64-bit sums stop being safe."""


class ShapeMismatch(AllocationError):
    """A list that must have one entry a claim has another length."""


class BadWeight(AllocationError):
    """A weight is negative or not an exact number."""


class AllWeightsZero(AllocationError):
    """No request carries any weight, so the rule has nothing to go by."""


class BadTier(AllocationError):
    """A tier is not a whole number."""


class BadOrder(AllocationError):
    """The order names a position twice, or one that does not exist."""


class BadTieKey(AllocationError):
    """The tie keys cannot be put in order."""


class UnknownPot(AllocationError):
    """A request or the draw order names a pot that does not exist."""


class PotsMismatch(AllocationError):
    """The pots do not add up to the estate, or pots and eligibility were not given together."""


class OrderMissing(AllocationError):
    """A draw was asked for without the drawn order."""


class FloorAboveEveryClaim(AllocationError):
    """The useful minimum is more than anybody asks."""


class UnknownPolicyVersion(AllocationError):
    """The policy is written in a version this engine does not know."""


class UnknownRule(AllocationError):
    """The policy names a rule this engine does not know."""


class UnknownPolicyField(AllocationError):
    """The policy has a field this engine does not know; it would be unsafe to ignore it."""


class BadPolicyValue(AllocationError):
    """A field of the policy has a value that is not allowed."""


class RuleRefusesPots(AllocationError):
    """The rule has no sound form over restricted pots."""


class RuleRefusesWeights(AllocationError):
    """The rule has no weighted form."""


class TooManyClaims(AllocationError):
    """The rule is exact only for fewer claims than these."""


class RuleDoesNotCompose(AllocationError):
    """A second round by this rule would not equal one big round."""


class DifferentProblem(AllocationError):
    """An allocation was brought together with a problem or policy it was not made from."""


class BadTickets(AllocationError):
    """Ids and tickets of a draw do not match, repeat, or are negative."""
