"""The rules that share scarce money, exact to the cent: plain Python and NumPy, no framework, no clock."""

from fundmgr.allocation import draw
from fundmgr.allocation.arrivals import Sampled
from fundmgr.allocation.comparison import ComparisonRow, compare
from fundmgr.allocation.differences import Change, Changes, changes
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.errors import AllocationError
from fundmgr.allocation.explanation import explain
from fundmgr.allocation.fairness import Coverage, coverage
from fundmgr.allocation.freeing import Freed, added, freed
from fundmgr.allocation.minimums import BreakEven, break_even
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.properties import RuleProperties, rule_properties
from fundmgr.allocation.reference import exact
from fundmgr.allocation.result import Allocation, Step
from fundmgr.allocation.topups import TopUp, topup
from fundmgr.allocation.variants import Gaming, Sensitivity, gaming, sensitivity

__all__ = [
    "Allocation",
    "AllocationError",
    "BreakEven",
    "Change",
    "Changes",
    "ComparisonRow",
    "Coverage",
    "Freed",
    "Gaming",
    "Policy",
    "Problem",
    "RuleProperties",
    "Sampled",
    "Sensitivity",
    "Step",
    "TopUp",
    "added",
    "allocate",
    "break_even",
    "changes",
    "compare",
    "coverage",
    "draw",
    "exact",
    "explain",
    "freed",
    "gaming",
    "rule_properties",
    "sensitivity",
    "topup",
]
