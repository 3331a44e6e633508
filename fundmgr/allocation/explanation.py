"""Why one request gets what it gets, in words and numbers."""

from fractions import Fraction

import numpy as np

from fundmgr.allocation.arrivals import Sampled
from fundmgr.allocation.errors import DifferentProblem
from fundmgr.allocation.policy import ORDERED_RULES, Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.result import Allocation, Step
from fundmgr.allocation.stages import stages


def explain(problem: Problem, policy: Policy, allocation: Allocation, i: int) -> str:
    """This will say in plain sentences, with the numbers, why request `i` gets its award.

    Errors: DifferentProblem where the allocation was not made from this problem and policy; IndexError.
    """
    same = allocation.problem is problem or allocation.problem == problem
    if not same or allocation.policy != policy:
        raise DifferentProblem("This allocation was made from another problem or policy.")
    if not 0 <= i < len(problem):
        raise IndexError(f"There is no request {i}; there are {len(problem)}.")
    return " ".join([_opening(allocation, i), *_reasons(allocation, i)])


def _opening(allocation: Allocation, i: int) -> str:
    claim = int(allocation.problem.claims_cents[i])
    counted = int(allocation.problem.counted_cents[i])
    cap = f", of which {_money(counted)} counts under the cap" if counted < claim else ""
    return f"The request is for {_money(claim)}{cap}; the award is {_money(int(allocation.awards_cents[i]))}."


def _reasons(allocation: Allocation, i: int) -> list[str]:
    step = _step_of(allocation, i)
    if allocation.problem.eligibility is not None:
        return _from_pots(allocation, step, i)
    if step is None:
        return ["The request is not in the order of serving, so it gets nothing."]
    group = "requests" if step.tier is None else f"requests of tier {step.tier}"
    if step.outcome == "full":
        return [
            f"The {step.people:,} {group} ask for {_money(step.claims_cents)} and the money covers all of it."
        ]
    if step.outcome == "nothing":
        return [f"Nothing was left for the {step.people:,} {group} when it was their turn."]
    asked = _money(step.claims_cents)
    there = f"There is {_money(step.estate_cents)} for {step.people:,} {group} asking {asked}."
    return [there, *_floor(allocation, step), *_by_rule(allocation, step, i)]


def _step_of(allocation: Allocation, i: int) -> Step | None:
    if allocation.problem.pots_cents is not None:
        return next(
            (step for step in allocation.trace if step.members is not None and i in step.members), None
        )
    served = stages(allocation.problem, allocation.policy)
    for stage, step in zip(served, allocation.trace, strict=True):
        if stage.members is None or i in stage.members:
            return step
    return None


def _from_pots(allocation: Allocation, step: Step | None, i: int) -> list[str]:
    eligibility = allocation.problem.eligibility
    if eligibility is None or not eligibility[i].any():
        return ["No pot may pay it, so it gets nothing."]
    usable, award = allocation.problem.usable_cents, int(allocation.awards_cents[i])
    most = 0 if usable is None else sum(usable[i].tolist())
    if usable is not None and award == most < int(allocation.problem.counted_cents[i]):
        return [f"The pots may pay {_money(most)} of it in all, and it gets that."]
    if step is None or step.outcome == "full":
        return ["The pots that may pay it hold enough for all of it."]
    money, asked = _money(step.paid_cents), _money(step.claims_cents)
    said = (
        f"The pots that may pay it have {money} for {step.people:,} requests that ask for {asked} together."
    )
    counted = int(allocation.problem.counted_cents[i])
    return [said, _level_sentence(allocation, step, i, counted)]


def _floor(allocation: Allocation, step: Step) -> list[str]:
    if step.reserved is None:
        return []
    minimum = _money(allocation.policy.floor_cents)
    said = [
        f"In order, {step.reserved:,} of them are sure of {minimum}, or of the request where that is less."
    ]
    if step.outcome == "held":
        said.append(f"The rest, {_money(allocation.held_cents)}, is held back.")
    return said


def _by_rule(allocation: Allocation, step: Step, i: int) -> list[str]:
    policy, problem = allocation.policy, allocation.problem
    claim = int(problem.counted_cents[i])
    said = []
    if step.reserved is not None:
        if claim and not allocation.awards_cents[i]:
            return ["This one comes after them, so it gets nothing."]
        claim -= min(claim, policy.floor_cents)
        said = ["What is left is shared on top of that."] if step.outcome == "shared" else []
    if policy.rule in ORDERED_RULES:
        return [*said, _place(problem, i)]
    if step.sampled is not None:
        return [*said, _sampled(step.sampled)]
    if step.level is None or (policy.rule == "talmud" and said):
        return said
    return [*said, _level_sentence(allocation, step, i, claim)]


def _sampled(found: Sampled) -> str:
    error = _money(found.error_cents)
    return (
        f"There are too many requests to try every order in which they could have come, so the award is the "
        f"average over {found.orders:,} orders, within about {error} of the exact one."
    )


def _place(problem: Problem, i: int) -> str:
    order = np.arange(len(problem)) if problem.order is None else problem.order
    place = int(np.flatnonzero(order == i)[0])
    before = int(problem.counted_cents[order[:place]].sum())
    return f"It is number {place + 1:,} in the order; those before it ask for {_money(before)} together."


def _level_sentence(allocation: Allocation, step: Step, i: int, claim: int) -> str:
    weights = None if step.weightless else allocation.problem.weights
    weight = Fraction(1) if weights is None else Fraction(weights.tolist()[i])
    level = step.level or Fraction(0)
    rule = allocation.policy.rule
    if rule == "talmud" and 2 * step.estate_cents > step.claims_cents:
        return _halves_lost(level / weight, claim)
    if rule == "equal_losses":
        return _equal_losses(level / weight, claim)
    return _LEVELS[rule](level * weight, claim)


def _equal_awards(share: Fraction, claim: int) -> str:
    if claim <= share:
        return f"The common amount is {_money(share)}; the request is not above it, so it is met in full."
    return f"The common amount is {_money(share)}; the request is above it."


def _proportional(share: Fraction, claim: int) -> str:
    if share >= 1:
        return "Its points give it the whole request."
    hundredths = int(share * 10_000)
    return f"The share is {hundredths // 100}.{hundredths % 100:02d}% of what counts."


def _equal_losses(cut: Fraction, claim: int) -> str:
    if claim <= cut:
        return f"The common cut is {_money(cut)}, which leaves nothing."
    return f"The common cut is {_money(cut)}; what is left of the request is paid."


def _halves_shared(share: Fraction, claim: int) -> str:
    half = Fraction(claim, 2)
    if half <= share:
        return f"The common amount is {_money(share)}; half of the request is not above it, so half is paid."
    return f"The common amount is {_money(share)}; half of the request is above it."


def _halves_lost(cut: Fraction, claim: int) -> str:
    if Fraction(claim, 2) <= cut:
        return (
            f"The common cut is {_money(cut)}, but nobody loses more than half; half of the request is paid."
        )
    return f"The common cut is {_money(cut)}; what is left of the request is paid."


_LEVELS = {"equal_awards": _equal_awards, "proportional": _proportional, "talmud": _halves_shared}


def _money(cents: int | Fraction) -> str:
    """Exact levels are cut to whole cents: nobody is told more than they get."""
    whole = int(cents)
    return f"${whole // 100:,}.{whole % 100:02d}"
