"""The rules that share scarce money, exact to the cent: plain Python and NumPy, no framework, no clock."""

from fundmgr.allocation import draw
from fundmgr.allocation.comparison import ComparisonRow, compare
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.errors import AllocationError
from fundmgr.allocation.explanation import explain
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.properties import RuleProperties, rule_properties
from fundmgr.allocation.reference import exact
from fundmgr.allocation.result import Allocation, Step
from fundmgr.allocation.topups import TopUp, topup

__all__ = [
    "Allocation",
    "AllocationError",
    "ComparisonRow",
    "Policy",
    "Problem",
    "RuleProperties",
    "Step",
    "TopUp",
    "allocate",
    "compare",
    "draw",
    "exact",
    "explain",
    "rule_properties",
    "topup",
]
