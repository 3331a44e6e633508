"""What changed since a scenario was saved, in plain lines."""

from typing import Any

from fundmgr.domain.money import dollars

SAME = "Nothing changed since it was saved: the same people, needs and money."
UNSEEN = "Single needs, or what money is tied to, changed since it was saved; the totals are the same."


def since(row: Any, found: Any) -> list[str]:
    """This will say what changed of money, people and policy since a scenario was saved.

    Shapes: `row` is the scenario, `found` its rules on today's people and money.
    """
    ground = found.ground
    now_cents = sum(pot.cents for pot in ground.pots)
    said = [
        *_moved("to share", row.shared_cents, now_cents),
        *_counted(row.people_count, ground.people_count),
        *_moved("of verified need", row.verified_cents, ground.verified_cents),
    ]
    if row.policy.number != ground.policy_number:
        said.append(f"Policy version {ground.policy_number} is in force; it was {row.policy.number}.")
    if row.snapshot_digest == found.snapshot_digest:
        return said or [SAME]
    return said or [UNSEEN]


def _moved(what: str, before_cents: int, now_cents: int) -> list[str]:
    if before_cents == now_cents:
        return []
    size, way = dollars(abs(now_cents - before_cents), whole=True), _way(before_cents, now_cents)
    then, now = dollars(before_cents, whole=True), dollars(now_cents, whole=True)
    return [f"There is {size} {way} {what} than when it was saved: {now}, and it was {then}."]


def _counted(before: int, now: int) -> list[str]:
    if before == now:
        return []
    size, way = abs(now - before), "more" if now > before else "fewer"
    who = "person waits" if size == 1 else "people wait"
    return [f"{size:,} {way} {who} than when it was saved: {now:,}, and it was {before:,}."]


def _way(before: int, now: int) -> str:
    return "more" if now > before else "less"
