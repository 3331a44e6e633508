"""The rules that share scarce money, exact to the cent: plain Python and NumPy, no framework, no clock."""

from fundmgr.allocation import draw
from fundmgr.allocation.engine import allocate
from fundmgr.allocation.errors import AllocationError
from fundmgr.allocation.policy import Policy
from fundmgr.allocation.problem import Problem
from fundmgr.allocation.result import Allocation, Step

__all__ = ["Allocation", "AllocationError", "Policy", "Problem", "Step", "allocate", "draw"]
