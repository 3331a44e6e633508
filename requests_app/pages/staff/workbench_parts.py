"""What stands below the cards of the workbench: two charts, the smallest grants, who changes most."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from fundmgr.domain import money
from fundmgr.domain.permissions import Action
from fundmgr.domain.ratios import tenths
from requests_app.exports import charts, rule_words
from requests_app.exports.rule_warnings import band_name
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.round_rules import Setting
from requests_app.services.round_bands import BANDS_CENTS
from requests_app.templatetags.fund_ui import percent_bp

Found = Mapping[str, Any]


def live(settings: Sequence[Setting], found: Found) -> Mapping[str, str]:
    """This will return what a recalculation without a new page needs: a line to read out, what to swap."""
    return {"said": _said(settings, found), "live_parts": _live_parts(settings)}


def _said(settings: Sequence[Setting], found: Found) -> str:
    """All cards in one line, which is read out when the figures change."""
    return " ".join(_outcome(setting, found.get(setting.rule.code)) for setting in settings)


def _outcome(setting: Setting, one: Any) -> str:
    if one is None:
        return f"{setting.rule.title}: mend what is marked."
    spread = one.row.spread
    figures = f"{spread.paid_count:,} paid, {spread.unpaid_count:,} get nothing"
    return f"{one.title}: {figures}, median {money.dollars(spread.median_cents)}."


def _live_parts(settings: Sequence[Setting]) -> str:
    """All but the boxes that one types in, beside the results."""
    parts = [
        "#said:innerHTML",
        "#ground",
        "#people-note",
        "#shown-rules",
        "#paper",
        "#save-kept",
        "#save-do",
        "#proposal",
    ]
    for setting in settings:
        code = setting.rule.code
        parts += [f"#{code}-head", f"#{code}-figures"]
        parts += [f"#{code}-{knob.name}-fault" for knob in setting.rule.knobs]
    return ",".join(parts)


def pair(found: Found, chosen: str) -> list[Any]:
    """This will draw the Lorenz curves over each other, and what each size of need gets."""
    if not any(one.row.spread.paid_count for one in found.values()):
        return []
    people = next(iter(found.values())).row.spread.people_count
    curves = [
        charts.Curve(one.title, one.row.spread.lorenz_bp, one.row.spread.gini_bp, code == chosen)
        for code, one in found.items()
    ]
    bars = [charts.Covered(one.title, _groups(one), is_chosen=code == chosen) for code, one in found.items()]
    return [
        charts.lorenz(
            title="The closer to the diagonal, the more alike the grants",
            note=f"Share of the money that each share of the {people:,} people gets. Beside each name: Gini, "
            "0 where all get alike, 1 where one gets all.",
            curves=curves,
        ),
        charts.coverage_bars(
            title=_coverage_title(found[chosen]) if chosen in found else "Need covered",
            note="Cents for each dollar of verified need, by size of need and by urgency.",
            rules=bars,
        ),
    ]


def _groups(one: Any) -> list[tuple[str, int]]:
    bands = [(band_name(band.band, BANDS_CENTS), band.met_bp) for band in one.figures.bands]
    return bands + rule_words.covered_tiers(one.figures)


def _coverage_title(one: Any) -> str:
    bands, title = one.figures.bands, one.title
    tiers = rule_words.covered_tiers(one.figures)
    if one.row.rule.get("tiers") and tiers:
        urgent, others = (tenths(met_bp) for _, met_bp in tiers)
        return f"{title}, pays urgent needs {urgent} cents a dollar, others {others}"
    if len(bands) < 2:  # noqa: PLR2004 two sizes can be told apart
        return f"{title} meets every size of need alike"
    first, last = (tenths(band.met_bp) for band in (bands[0], bands[-1]))
    return f"{title} pays small needs {first} cents a dollar, large ones {last}"


def by_size(found: Found) -> Mapping[str, Any] | None:
    """This will set side by side how many of each size of need each rule pays, and what they get."""
    if not any(one.row.spread.paid_count for one in found.values()):
        return None
    lines = zip(*([*one.figures.bands, *_told_tiers(one)] for one in found.values()), strict=True)
    return {
        "head": ["Verified need", *(one.title for one in found.values())],
        "rows": [[_whom(under_each[0]), *map(_paid, under_each)] for under_each in lines],
    }


def _told_tiers(one: Any) -> Sequence[Any]:
    return one.figures.tiers if rule_words.covered_tiers(one.figures) else ()


def _whom(group: Any) -> str:
    if hasattr(group, "band"):
        name = band_name(group.band, BANDS_CENTS)
        return f"{name[:1].upper()}{name[1:]}: {group.people_count:,}"
    return f"{rule_words.TIER_NAMES.get(group.tier, f'Tier {group.tier}')}: {group.people_count:,}"


def _paid(group: Any) -> str:
    if not group.paid_count:
        return "nobody"
    mean = money.dollars(group.awarded_cents // group.paid_count)
    if group.paid_count == group.people_count:
        return f"all get {mean}"
    return f"{group.paid_count:,} get {mean}"


def strips(found: Found, chosen: str) -> Any:
    """This will draw, minimum by minimum, how many people each rule would leave with nothing."""
    kept = {code: one for code, one in found.items() if one.figures.minimums}
    if not kept:
        return None
    rows = [
        charts.Strip(
            one.title,
            [(step.floor_cents, step.losing_count) for step in one.figures.minimums],
            one.row.rule.get("floor_cents", 0),
            is_chosen=code == chosen,
        )
        for code, one in kept.items()
    ]
    told = next((row for row in rows if row.is_chosen), rows[0])
    return charts.break_even(
        title=_rise(told),
        note=_strip_note(any(one.tied for one in kept.values())),
        strips=rows,
    )


def _strip_note(is_tied: bool) -> str:
    said = (
        "A smallest grant pays fewer people more; a need below it is paid whole. The bars count those who "
        "would then get nothing, though they get something without it."
    )
    return f"{said} Money that donors tied to something is left out." if is_tied else said


def _rise(strip: charts.Strip) -> str:
    """The next step from the smallest grant typed now that costs somebody everything."""
    steps = [(0, 0), *strip.losing]
    for (low, before), (high, after) in pairwise(steps):
        if high > strip.floor_cents and after > before:
            rise = f"{money.dollars(low, whole=True)} to {money.dollars(high, whole=True)}"
            more = "1 more person gets" if after - before == 1 else f"{after - before:,} more people get"
            return f"Smallest grant from {rise}: {more} nothing under {strip.label.lower()}"
    most = money.dollars(steps[-1][0], whole=True)
    return f"A smallest grant of up to {most} leaves nobody more with nothing under {strip.label.lower()}"


def what_if(found: Found) -> Mapping[str, Any] | None:
    """This will set side by side what money and bending would do under each rule."""
    if not any(one.figures.money for one in found.values()):
        return None
    lines: tuple[tuple[str, Callable[[Any], str]], ...] = (
        ("Need met, worst-off tenth", lambda one: percent_bp(one.poorest_tenth_bp)),
        ("Paid with a tenth less money", lambda one: f"{one.money[0].paid_count:,}"),
        ("Paid with a tenth more money", lambda one: f"{one.money[1].paid_count:,}"),
        ("Median grant with a tenth less money", lambda one: money.dollars(one.money[0].median_cents)),
        ("Median grant with a tenth more money", lambda one: money.dollars(one.money[1].median_cents)),
        ("Gain of asking for double", lambda one: _gain(one.inflating_gains_cents)),
        ("Gain of two requests for half each", lambda one: _gain(one.splitting_gains_cents)),
    )
    head = ["What if", *(one.title for one in found.values())]
    return {
        "head": head,
        "rows": [[label, *(tell(one.figures) for one in found.values())] for label, tell in lines],
    }


def tied(found: Found) -> Mapping[str, Any] | None:
    """This will set side by side what each rule leaves of tied money, and what that would pay if free."""
    pots = [one.tied for one in found.values()]
    if not any(pots):
        return None
    rows: list[list[str]] = []
    for under_each in zip(*pots, strict=True):
        pot = under_each[0]
        rows += [
            [
                f"{pot.name}: unused of {_whole(pot.available_cents)}",
                *(_whole(one.unused_cents) for one in under_each),
            ],
            [f"{pot.name}: paid more if that were free", *map(_freed, under_each)],
            [
                f"{pot.name}: paid more for one freed dollar",
                *(money.dollars(one.freed_dollar_pays_cents) for one in under_each),
            ],
        ]
    return {"head": ["Tied money", *(one.title for one in found.values())], "rows": rows}


def _freed(pot: Any) -> str:
    if not pot.unused_cents:
        return "–"
    if not pot.freed_pays_cents:
        return "nothing"
    people = "1 person" if pot.freed_people_count == 1 else f"{pot.freed_people_count:,} people"
    return f"{_whole(pot.freed_pays_cents)} to {people}"


def _whole(cents: int) -> str:
    return money.dollars(cents, whole=True)


def _gain(cents: int) -> str:
    # A cent either way is rounding, not a gain.
    return "nothing" if abs(cents) <= 1 else money.dollars(cents)


def chosen_pair(codes: Sequence[str], sent: Mapping[str, Any], chosen: str) -> tuple[int, int] | None:
    """This will return which two rules to compare, as places; by default the first and the selected one."""
    if len(codes) < 2:  # noqa: PLR2004 one rule is compared with nothing
        return None
    before, after = str(sent.get("before", "")), str(sent.get("after", ""))
    after = after if after in codes else chosen if chosen in codes else codes[-1]
    others = [code for code in codes if code != after]
    before = before if before in others else others[0]
    return codes.index(before), codes.index(after)


def changes(door: Door, found: Any, titles: Mapping[str, str], pair: tuple[int, int] | None) -> Any:
    """This will list the requests that change most from one rule to another, by reference alone."""
    if found is None or pair is None:
        return None
    codes = list(titles)
    before, after = (titles[codes[place]] for place in pair)
    opens = door.may(Action.REQUEST_READ)
    rows = [
        {
            "reference": one.reference,
            "url": door.url("request", request_id=one.request_id) if opens else "",
            "need_cents": one.verified_cents,
            "before_cents": one.before_cents,
            "after_cents": one.after_cents,
            "change_cents": one.after_cents - one.before_cents,
        }
        for one in found.most
    ]
    return {
        "title": f"Who changes most, from {_inside(before)} to {_inside(after)}",
        "note": f"{found.more_count:,} people get more, {found.less_count:,} get less, "
        f"{found.same_count:,} get the same.",
        "before_label": before,
        "after_label": after,
        "rows": rows,
        "most_cents": max((row["change_cents"] for row in rows), default=0),
        "least_cents": min((row["change_cents"] for row in rows), default=0),
        "choices": [
            {"name": name, "label": label, "value": codes[place]}
            for name, label, place in (("before", "From", pair[0]), ("after", "To", pair[1]))
        ],
        "options": list(titles.items()),
    }


def _inside(title: str) -> str:
    return title[:1].lower() + title[1:]
