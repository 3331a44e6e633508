"""The order of a weighted draw, from a seed that everybody can check.

Each ticket is a hash; the best ticket of an id is its place. A person with t of T tickets comes first with a
chance of exactly t/T, and a ticket that falls away leaves every other place as it was.

Nobody alone knows the seed beforehand: the list is frozen and its root published, two people publish hashes
of their secrets, and only then are the secrets told. `docs/verify_draw.py` checks all of it with the standard
library alone; what is hashed here is plain text, so that `sha256sum` gives the same.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from fundmgr.allocation.errors import BadTickets

LEAST_SECRETS = 2


@dataclass(frozen=True)
class Entry:
    """One line of a published list: a token that names nobody, its tickets, and the claim in cents."""

    token: str
    tickets: int
    claim_cents: int

    def line(self) -> bytes:
        """This will write the entry as JSON with sorted keys and no spaces, without an end of line."""
        body = {"claim_cents": self.claim_cents, "id": self.token, "tickets": self.tickets}
        return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def list_root(entries: Sequence[Entry]) -> str:
    """This will return the SHA-256, in hex, of the lines of a list, each ended by a newline.

    Errors: BadTickets where a token repeats or a count is negative.
    """
    _check([entry.token for entry in entries], [entry.tickets for entry in entries])
    return sha256(b"".join(entry.line() + b"\n" for entry in entries)).hexdigest()


def commitment(secret: str) -> str:
    """This will return the hash that is published before its secret: the SHA-256, in hex, of its text."""
    return sha256(secret.encode()).hexdigest()


def seed(root: str, secrets: Sequence[str], beacon: str = "") -> str:
    """This will return the seed: the SHA-256, in hex, of root, secrets and beacon, one to a line.

    Shapes: the secrets in the order of their commitments; no beacon is an empty last line, which has no end.
    Errors: BadTickets for fewer than two secrets, or for one with a line break: it would count as two.
    """
    if len(secrets) < LEAST_SECRETS:
        raise BadTickets("A seed needs the secrets of two people.")
    parts = [root, *secrets, beacon]
    if any("\n" in part for part in parts):
        raise BadTickets("No part of a seed holds a line break.")
    return sha256("\n".join(parts).encode()).hexdigest()


def order(seed: str, ids: Sequence[str], tickets: Sequence[int]) -> list[int]:
    """This will return the positions of the ids in the order in which they are drawn.

    Shapes: one ticket count an id; ids without a ticket are not drawn, so they are missing in the result.
    Errors: BadTickets where an id repeats, a count is negative, or the lists differ in length.
    """
    _check(ids, tickets)
    drawn = [position for position, count in enumerate(tickets) if count]
    keys = {position: best_ticket(seed, ids[position], int(tickets[position])) for position in drawn}
    return sorted(drawn, key=keys.__getitem__)


def best_ticket(seed: str, entry: str, tickets: int) -> bytes:
    """This will return the lowest SHA-256 of "seed:id:j" for j from 1 to `tickets`, which is at least 1."""
    return min(sha256(f"{seed}:{entry}:{number}".encode()).digest() for number in range(1, tickets + 1))


def _check(ids: Sequence[str], tickets: Sequence[int]) -> None:
    if len(ids) != len(tickets):
        raise BadTickets(f"There are {len(ids)} ids and {len(tickets)} ticket counts.")
    if len(set(ids)) != len(ids):
        raise BadTickets("An id is in the draw twice; give it more tickets instead.")
    if any(isinstance(count, bool) or count < 0 or count != int(count) for count in tickets):
        raise BadTickets("Tickets are whole numbers, zero or more.")
