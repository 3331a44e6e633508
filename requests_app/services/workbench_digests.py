"""What binds a comparison: the hash of the people and the money, and that of the rules and what they gave."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fundmgr.domain import canonical
from requests_app.queries.pots import PotMoney
from requests_app.queries.rounds import Claim
from requests_app.services.tried_rules import Tried

if TYPE_CHECKING:
    from requests_app.services.round_sharing import Sharing


def of_snapshot(pots: Sequence[PotMoney], waiting: Sequence[Claim]) -> str:
    """This will return the SHA-256, in hex, of the money by pot and of each verified need in its order.

    Shapes: one line a pot and one a person, ids and cents alone, so that ten thousand take milliseconds.
    """
    lines = [f"pot {pot.restriction_id.hex} {pot.cents}" for pot in pots]
    lines += [f"need {claim.request_id.hex} {claim.verified_cents}" for claim in waiting]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def of_comparison(snapshot: str, tried: Sequence[Tried], found: Sequence["Sharing"]) -> str:
    """This will return the SHA-256, in hex, of the snapshot, the rules tried and every award they gave."""
    rules = [
        {**sharing.row.rule, "need_up_to_cents": one.need_up_to_cents, "result": sharing.result_digest}
        for one, sharing in zip(tried, found, strict=True)
    ]
    return canonical.digest({"rules": rules, "snapshot": snapshot})
