"""The words and figures of a board's paper: rules side by side, people as counts alone."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fundmgr.domain.money import dollars
from fundmgr.domain.ratios import basis_points
from requests_app.exports import rule_warnings, rule_words
from requests_app.exports.report_rows import percent

NOTE = (
    "Cents for each dollar divides what a rule pays by the verified need of all who wait. Need met is the "
    "mean share of each person's own verified need; the worst-off tenth are those who get the least of it. "
    "Lowest, median and highest are among the people paid. Nobody is named on this paper."
)


def paper(found: Any, *, fund: str, time_zone: str, chosen: int | None) -> dict[str, Any]:
    """This will say everything that stands on a board's paper.

    Shapes: `found` is a comparison; `chosen` is the place of the rule that the board is asked to look at.
    """
    ground = found.ground
    names = titles(found)
    return {
        "title": f"Sharing {_whole(_shared(ground))} among {_count(ground.people_count, 'person', 'people')}",
        "kicker": f"For the board of {fund} · As of {_moment(ground.as_of, time_zone)}",
        "standfirst": _standfirst(found),
        "choice": _choice(found, names, chosen),
        "head": names,
        "rows": table(found, chosen),
        "promises": _promises(found),
        "warnings": _warnings(found, names),
        "note": NOTE,
        "foot": f"Policy version {ground.policy_number} · ledger {ground.ledger_sequence:,} · "
        f"digest {found.digest}",
        "chosen": -1 if chosen is None else chosen,
    }


def titles(found: Any) -> list[str]:
    """This will name the rules of a comparison as the workbench does."""
    tried = [(one.row.rule, one.need_up_to_cents) for one in found.rules]
    return rule_words.titles(tried, cap_cents=found.ground.award_cap_cents)


def table(found: Any, chosen: int | None) -> list[list[str]]:
    """This will write the table of rules: a label, then a cell for each rule."""
    rows = [[label, *(tell(one, found.ground) for one in found.rules)] for label, tell in _LINES]
    tiers = [rule_words.covered_tiers(one.figures) for one in found.rules]
    rows += [
        [f"Cents for each dollar, {line[0][0].lower()}", *(_tenths(met_bp) for _, met_bp in line)]
        for line in zip(*tiers, strict=True)
    ]
    left = [rule_words.left_over(one.row) for one in found.rules]
    rows += [[line[0][0], *(dollars(cents) for _, cents in line)] for line in zip(*left, strict=True)]
    if chosen is None or len(found.rules) == 1:
        return rows
    return [*rows, *_changing(found, chosen)]


def _cents(one: Any, ground: Any) -> str:
    return _tenths(basis_points(one.row.spread.paid_cents, ground.verified_cents) or 0)


def _tenths(share_bp: int) -> str:
    # Always one decimal, so that rules can be compared down to a tenth of a cent; half up.
    tenths = (share_bp + 5) // 10
    return f"{tenths // 10}.{tenths % 10}"


_LINES: tuple[tuple[str, Callable[[Any, Any], str]], ...] = (
    ("People paid", lambda one, _: f"{one.row.spread.paid_count:,}"),
    ("Get nothing", lambda one, _: f"{one.row.spread.unpaid_count:,}"),
    ("Lowest", lambda one, _: dollars(one.row.spread.lowest_cents)),
    ("Median", lambda one, _: dollars(one.row.spread.median_cents)),
    ("Highest", lambda one, _: dollars(one.row.spread.highest_cents)),
    ("Cents for each dollar of need", _cents),
    ("Need met, mean", lambda one, _: percent(one.row.spread.need_met_bp)),
    ("Need met, worst-off tenth", lambda one, _: percent(one.figures.poorest_tenth_bp)),
    ("Paid out", lambda one, _: dollars(one.row.spread.paid_cents)),
)


def _changing(found: Any, chosen: int) -> list[list[str]]:
    lines: tuple[tuple[str, Callable[[Any], str]], ...] = (
        ("Get more than by the rule looked at", lambda shift: f"{shift.more_count:,}"),
        ("Get less", lambda shift: f"{shift.less_count:,}"),
        ("Largest gain", lambda shift: dollars(shift.largest_gain_cents)),
        ("Largest loss", lambda shift: dollars(shift.largest_loss_cents)),
    )
    return [
        [label, *("–" if place == chosen else tell(shift) for place, shift in enumerate(found.shifts))]
        for label, tell in lines
    ]


def _choice(found: Any, names: list[str], chosen: int | None) -> str:
    if chosen is None or not found.ground.people_count:
        return "The board chooses; this paper sets the rules side by side."
    row = found.rules[chosen].row
    spread = row.spread
    paid = f"{spread.paid_count:,} of {spread.people_count:,} people"
    grants = f"from {dollars(spread.lowest_cents)} to {dollars(spread.highest_cents)}"
    return f"Looked at first: {names[chosen]}. It pays {paid}, {grants} each, and leaves {_left(row)}."


def _left(row: Any) -> str:
    said = [
        f"{dollars(cents)} {words}"
        for cents, words in (
            (row.general_left_cents, "of the general money" if len(row.pots_used_cents) > 1 else ""),
            (row.tied_left_cents, "of the tied money"),
        )
        if cents
    ]
    return " and ".join(said).rstrip() or "nothing over"


def _promises(found: Any) -> list[dict[str, Any]]:
    """Each sentence once, with the rules that it is true of."""
    said = dict.fromkeys(sentence for one in found.rules for sentence in one.figures.promises)
    return [
        {"text": sentence, "kept": ["yes" if sentence in one.figures.promises else "" for one in found.rules]}
        for sentence in said
    ]


def _warnings(found: Any, names: list[str]) -> list[Mapping[str, str]]:
    pots = found.ground.pots
    return [
        {"title": name, "text": " ".join(said)}
        for name, one in zip(names, found.rules, strict=True)
        if (said := rule_warnings.warnings(one, pots))
    ]


def _standfirst(found: Any) -> str:
    ground = found.ground
    said = f"The fund has {_whole(ground.pots[0].cents)} to share now."
    tied = [f"{_whole(pot.cents)} for {pot.name} only" for pot in ground.pots[1:]]
    if tied:
        said = f"The fund has {_whole(ground.pots[0].cents)} to share now, and {', '.join(tied)}."
    who = _count(ground.people_count, "person waits", "people wait")
    need = f"The need we could verify is {_whole(ground.verified_cents)}."
    met = basis_points(_shared(ground), ground.verified_cents)
    each = "" if met is None else f" That is {percent(met)[:-1]} cents for each dollar of it."
    return f"{said} {who}. {need}{each} {_counted(found)}"


def _counted(found: Any) -> str:
    cap_cents = found.ground.award_cap_cents
    is_same = all(one.need_up_to_cents == cap_cents for one in found.rules)
    others = "" if is_same else ", except where a rule's name says otherwise"
    return f"Need is counted up to {_whole(cap_cents)}{others}."


def _shared(ground: Any) -> int:
    return sum(pot.cents for pot in ground.pots)


def _count(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _whole(cents: int) -> str:
    return dollars(cents, whole=True)


def _moment(moment: datetime, time_zone: str) -> str:
    at = moment.astimezone(ZoneInfo(time_zone))
    return f"{at:%B} {at.day}, {at:%Y}, {at:%H:%M} {at:%Z}"
