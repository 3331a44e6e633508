"""The order of a weighted draw, from a seed that everybody can check.

Each ticket is a hash; the best ticket of an id is its place. A person with t of T tickets comes first with a
chance of exactly t/T, and a ticket that falls away leaves every other place as it was.
"""

from collections.abc import Sequence
from hashlib import sha256

from fundmgr.allocation.errors import BadTickets


def order(seed: str, ids: Sequence[str], tickets: Sequence[int]) -> list[int]:
    """This will return the positions of the ids in the order in which they are drawn.

    Shapes: one ticket count an id; ids without a ticket are not drawn, so they are missing in the result.
    Errors: BadTickets where an id repeats, a count is negative, or the lists differ in length.
    """
    if len(ids) != len(tickets):
        raise BadTickets(f"There are {len(ids)} ids and {len(tickets)} ticket counts.")
    if len(set(ids)) != len(ids):
        raise BadTickets("An id is in the draw twice; give it more tickets instead.")
    if any(isinstance(count, bool) or count < 0 or count != int(count) for count in tickets):
        raise BadTickets("Tickets are whole numbers, zero or more.")
    drawn = [position for position, count in enumerate(tickets) if count]
    keys = {position: best_ticket(seed, ids[position], int(tickets[position])) for position in drawn}
    return sorted(drawn, key=keys.__getitem__)


def best_ticket(seed: str, entry: str, tickets: int) -> bytes:
    """This will return the lowest SHA-256 of "seed:id:j" for j from 1 to `tickets`, which is at least 1."""
    return min(sha256(f"{seed}:{entry}:{number}".encode()).digest() for number in range(1, tickets + 1))
