"""How many examples a property is tried with: a few in every run, as many as are asked for in a night."""

import os

LEAST = int(os.environ.get("FUNDMGR_EXAMPLES", "0"))


def examples(few: int) -> int:
    """The examples of an everyday run, or FUNDMGR_EXAMPLES where that is more."""
    return max(few, LEAST)
