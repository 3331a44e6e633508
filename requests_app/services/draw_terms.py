"""What a draft of a draw may say beside its rule, and what it may not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fundmgr.domain import beacons, errors
from fundmgr.domain.errors import Problem
from requests_app.models.round import MOST_TICKETS


@dataclass(frozen=True)
class DrawTerms:
    """What a draw needs beside its rule: a public value still to come, or None, and the urgent ones' tickets.

    Shapes: everybody has one ticket, a request marked urgent `urgent_tickets`, 1 to MOST_TICKETS.
    """

    beacon_round: int | None = None
    urgent_tickets: int = 1


def check_terms(rule: Mapping[str, Any], terms: DrawTerms | None, *, now: datetime) -> None:
    """This will refuse what does not fit together. Errors: InvalidInput."""
    problems = list(_problems(rule, terms, now=now))
    if problems:
        raise errors.InvalidInput(problems=problems)


def _problems(rule: Mapping[str, Any], terms: DrawTerms | None, *, now: datetime) -> list[Problem]:
    if rule["rule"] != "draw":
        given = terms is not None and terms != DrawTerms()
        return [Problem("rule", "not_a_draw", "Only a draw has a beacon and tickets.")] if given else []
    found = []
    if rule["floor_cents"]:
        found.append(Problem("rule", "unusable_rule", "A draw has no useful minimum."))
    beacon = terms.beacon_round if terms else None
    if beacon is not None and not beacons.is_ahead(beacon, now=now):
        sentence = "Name a round of the beacon that is still to come, within 60 days."
        found.append(Problem("beacon_round", "not_ahead", sentence))
    if terms and not 1 <= terms.urgent_tickets <= MOST_TICKETS:
        found.append(Problem("urgent_tickets", "out_of_range", f"Give 1 to {MOST_TICKETS} tickets."))
    return found
