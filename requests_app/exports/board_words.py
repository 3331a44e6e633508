"""The words and figures of a board's paper: rules side by side, people as counts alone."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import dateformat, timezone
from django.utils.translation import gettext_noop

from fundmgr.domain.money import dollars
from fundmgr.domain.ratios import basis_points, tenths
from requests_app.exports import paper_words, population_words, rule_reasons, rule_warnings, rule_words
from requests_app.exports.paper_words import on_paper as _
from requests_app.exports.report_rows import percent

NOTE = gettext_noop(
    "Cents for each dollar divides what a rule pays by the verified need of all who wait. Need met is the "
    "mean share of each person's own verified need; the worst-off tenth are those who get the least of it. "
    "Lowest, median and highest are among the people paid. Behind each size of need stands how many have it. "
    "Below each rule stand how many of them it pays and their mean grant. Nobody is named on this paper."
)


# How a moment is written, in letters of Django's date format.
MOMENT = gettext_noop("F j, Y, H:i T")


def paper(
    found: Any, *, fund: str, time_zone: str, chosen: int | None, language: str = paper_words.ENGLISH
) -> dict[str, Any]:
    """This will say everything that stands on a board's paper, in English or Spanish.

    Shapes: `found` is a comparison; `chosen` is the place of the rule that the board is asked to look at.
    """
    with paper_words.written_in(language):
        return {**_words(found, fund, time_zone, chosen), "language": language}


def _words(found: Any, fund: str, time_zone: str, chosen: int | None) -> dict[str, Any]:
    ground = found.ground
    names = titles(found)
    shared = {
        "money": _whole(_shared(ground)),
        "people": _count(ground.people_count, _("1 person"), _("%(count)s people")),
    }
    foot = {"policy": ground.policy_number, "ledger": f"{ground.ledger_sequence:,}", "digest": found.digest}
    return {
        "title": _("Sharing %(money)s among %(people)s") % shared,
        "kicker": _("For the board of %(fund)s · As of %(moment)s")
        % {"fund": fund, "moment": _moment(ground.as_of, time_zone)},
        "standfirst": _standfirst(found),
        "choice": _choice(found, names, chosen),
        "head": names,
        "rows": table(found, chosen),
        "promises_title": _("What each rule promises"),
        "promises": _promises(found),
        "warnings_title": _("Know before you choose"),
        "warnings": _warnings(found, names),
        "note": _(NOTE),
        "foot": _("Policy version %(policy)s · ledger %(ledger)s · digest %(digest)s") % foot,
        "chosen": -1 if chosen is None else chosen,
    }


def titles(found: Any) -> list[str]:
    """This will name the rules of a comparison as the workbench does."""
    tried = [(one.row.rule, one.need_up_to_cents) for one in found.rules]
    return rule_words.titles(tried, cap_cents=found.ground.award_cap_cents)


def table(found: Any, chosen: int | None) -> list[list[str]]:
    """This will write the table of rules: a label, then a cell for each rule."""
    rows = [[_(label), *(tell(one, found.ground) for one in found.rules)] for label, tell in _LINES]
    tiers = [rule_words.covered_tiers(one.figures) for one in found.rules]
    rows += [
        [
            _("Cents for each dollar: %(whom)s") % {"whom": line[0][0]},
            *(tenths(met_bp) for _, met_bp in line),
        ]
        for line in zip(*tiers, strict=True)
    ]
    rows += _by_size(found)
    left = [rule_words.left_over(one.row) for one in found.rules]
    rows += [[line[0][0], *(dollars(cents) for _, cents in line)] for line in zip(*left, strict=True)]
    if chosen is None or len(found.rules) == 1:
        return rows
    return [*rows, *_changing(found, chosen)]


def _by_size(found: Any) -> list[list[str]]:
    """How many of each size of need a rule pays, and their mean grant."""
    bands = zip(*(one.figures.bands for one in found.rules), strict=True)
    return [[_size(line[0], found.ground.sizes_cents), *map(_paid_of_size, line)] for line in bands]


def _size(band: Any, sizes_cents: Sequence[int]) -> str:
    low = _whole(sizes_cents[band.band - 1]) if band.band else ""
    high = _whole(sizes_cents[band.band]) if band.band < len(sizes_cents) else ""
    said = {"low": low, "high": high, "count": f"{band.people_count:,}"}
    if not low:
        return _("Need under %(high)s: %(count)s") % said
    if not high:
        return _("Need %(low)s and more: %(count)s") % said
    return _("Need %(low)s to %(high)s: %(count)s") % said


def _paid_of_size(band: Any) -> str:
    if not band.paid_count:
        return "0"
    return f"{band.paid_count:,}: {dollars(band.awarded_cents // band.paid_count)}"


def _cents(one: Any, ground: Any) -> str:
    return tenths(basis_points(one.row.spread.paid_cents, ground.verified_cents) or 0)


_LINES: tuple[tuple[str, Callable[[Any, Any], str]], ...] = (
    (gettext_noop("People paid"), lambda one, _: f"{one.row.spread.paid_count:,}"),
    (gettext_noop("Get nothing"), lambda one, _: f"{one.row.spread.unpaid_count:,}"),
    (gettext_noop("Lowest"), lambda one, _: dollars(one.row.spread.lowest_cents)),
    (gettext_noop("Median"), lambda one, _: dollars(one.row.spread.median_cents)),
    (gettext_noop("Highest"), lambda one, _: dollars(one.row.spread.highest_cents)),
    (gettext_noop("Cents for each dollar of need"), _cents),
    (gettext_noop("Need met, mean"), lambda one, _: percent(one.row.spread.need_met_bp)),
    (gettext_noop("Need met, worst-off tenth"), lambda one, _: percent(one.figures.poorest_tenth_bp)),
    (gettext_noop("Paid out"), lambda one, _: dollars(one.row.spread.paid_cents)),
)


def _changing(found: Any, chosen: int) -> list[list[str]]:
    lines: tuple[tuple[str, Callable[[Any], str]], ...] = (
        (gettext_noop("Get more than under the selected rule"), lambda shift: f"{shift.more_count:,}"),
        (gettext_noop("Get less"), lambda shift: f"{shift.less_count:,}"),
        (gettext_noop("Largest gain"), lambda shift: dollars(shift.largest_gain_cents)),
        (gettext_noop("Largest loss"), lambda shift: dollars(shift.largest_loss_cents)),
    )
    return [
        [_(label), *("–" if place == chosen else tell(shift) for place, shift in enumerate(found.shifts))]
        for label, tell in lines
    ]


def _choice(found: Any, names: list[str], chosen: int | None) -> str:
    if chosen is None or not found.ground.people_count:
        return _("The board chooses; this paper sets the rules side by side.")
    row = found.rules[chosen].row
    spread = row.spread
    return _(
        "Selected: %(rule)s. It pays %(paid)s of %(people)s people, "
        "from %(lowest)s to %(highest)s each, and leaves %(left)s."
    ) % {
        "rule": names[chosen],
        "paid": f"{spread.paid_count:,}",
        "people": f"{spread.people_count:,}",
        "lowest": dollars(spread.lowest_cents),
        "highest": dollars(spread.highest_cents),
        "left": _left(row),
    }


def _left(row: Any) -> str:
    general = {"amount": dollars(row.general_left_cents)}
    tied = {"amount": dollars(row.tied_left_cents)}
    if row.general_left_cents and row.tied_left_cents:
        both = {"general": general["amount"], "tied": tied["amount"]}
        return _("%(general)s of the general money and %(tied)s of the tied money") % both
    if row.tied_left_cents:
        return _("%(amount)s of the tied money") % tied
    if not row.general_left_cents:
        return _("nothing over")
    return (
        general["amount"] if len(row.pots_used_cents) == 1 else _("%(amount)s of the general money") % general
    )


def _promises(found: Any) -> list[dict[str, Any]]:
    """Each sentence once, with the rules that it is true of."""
    said = dict.fromkeys(sentence for one in found.rules for sentence in one.figures.promises)
    return [
        {
            "text": paper_words.promise(sentence),
            "kept": [_("yes") if sentence in one.figures.promises else "" for one in found.rules],
        }
        for sentence in said
    ]


def _warnings(found: Any, names: list[str]) -> list[Mapping[str, str]]:
    """What speaks for each rule and what against it; a rule of which nothing can be said has no line."""
    said = [
        [
            (_("For it:"), rule_reasons.reasons(one, found.rules)),
            (_("Against it:"), rule_warnings.warnings(one)),
        ]
        for one in found.rules
    ]
    lines = [" ".join(" ".join([side, *texts]) for side, texts in both if texts) for both in said]
    return [{"title": name, "text": line} for name, line in zip(names, lines, strict=True) if line]


def _standfirst(found: Any) -> str:
    ground = found.ground
    general = {"money": _whole(ground.pots[0].cents)}
    said = [_("The fund has %(money)s to share now.") % general]
    tied = [
        _("%(money)s for %(pot)s only") % {"money": _whole(pot.cents), "pot": pot.name}
        for pot in ground.pots[1:]
    ]
    if tied:
        said = [
            _("The fund has %(money)s to share now, and %(tied)s.") % (general | {"tied": ", ".join(tied)})
        ]
    said.append(_who(ground))
    said.append(_("The need we could verify is %(need)s.") % {"need": _whole(ground.verified_cents)})
    met = basis_points(_shared(ground), ground.verified_cents)
    if met is not None:
        said.append(_("That is %(cents)s cents for each dollar of it.") % {"cents": percent(met)[:-1]})
    return " ".join([*said, _counted(found)])


def _who(ground: Any) -> str:
    """How many wait; a paper about a part of them says so here, for the rest would get nothing of it."""
    part = population_words.told(ground.population)
    if not part:
        return _count(ground.people_count, _("1 person waits."), _("%(count)s people wait."))
    counts = {"count": f"{ground.people_count:,}", "all": f"{ground.everybody_count:,}"}
    return _(
        "This paper looks at a part only: %(part)s. They are %(count)s of the %(all)s who wait; "
        "a round is for all of them."
    ) % {"part": part, **counts}


def _counted(found: Any) -> str:
    cap = {"cap": _whole(found.ground.award_cap_cents)}
    if all(one.need_up_to_cents == found.ground.award_cap_cents for one in found.rules):
        return _("Need is counted up to %(cap)s.") % cap
    return _("Need is counted up to %(cap)s, except where a rule's name says otherwise.") % cap


def _shared(ground: Any) -> int:
    return sum(pot.cents for pot in ground.pots)


def _count(count: int, one: str, many: str) -> str:
    return one if count == 1 else many % {"count": f"{count:,}"}


def _whole(cents: int) -> str:
    return dollars(cents, whole=True)


def _moment(moment: datetime, time_zone: str) -> str:
    at = timezone.localtime(moment, ZoneInfo(time_zone))
    return dateformat.format(at, _(MOMENT))
