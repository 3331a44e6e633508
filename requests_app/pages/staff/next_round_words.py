"""Why there is a next round, in words: what came free, who made the round, and what may be done."""

from collections.abc import Mapping
from typing import Any

from fundmgr.domain import money
from fundmgr.domain.lifecycle import RoundCause
from requests_app.queries.free_money import Offer

THE_SYSTEM = "The system"
FREED: dict[str, str] = {
    RoundCause.NEW_MONEY: "of new money",
    RoundCause.RELEASED: "set free by donors or of the reserve",
    RoundCause.RETURNED: "that came back from the bank",
    RoundCause.DECLINED: "of declined awards",
    RoundCause.UNANSWERED: "of awards that nobody answered",
}


def maker(row: Any) -> str:
    """This will name who stands behind a round; nobody does where money brought it."""
    return str(row.proposed_by or row.created_by or THE_SYSTEM)


def freed(cents: Mapping[str, int]) -> str:
    """This will say what came free, by cause; empty where nothing did. Units: cents."""
    said = [f"{money.dollars(cents[cause])} {words}" for cause, words in FREED.items() if cents.get(cause)]
    return " and ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said)


def notice(offer: Offer | None) -> Mapping[str, str] | None:
    """This will return the notice of a next round: a title and a sentence; None where there is none."""
    if offer is None:
        return None
    why = freed({cause.value: cents for cause, cents in offer.freed_cents.items()})
    if offer.row is None:
        text = f"{why}. The rule is a draw, which two people begin: prepare it, or propose another rule."
        return {"kind": "wait", "title": "Money came free, and people wait", "text": text}
    awards = f"{offer.row.awarded_count:,} award{'' if offer.row.awarded_count == 1 else 's'}"
    text = (
        f"{why}. Round {offer.row.number} is proposed with {awards}. "
        "Nothing is held or paid before people approve it; a director can give it up."
    )
    return {"kind": "wait", "title": "Money came free: a next round is proposed", "text": text}
