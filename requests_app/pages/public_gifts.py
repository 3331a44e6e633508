"""What new money does, by the last dry run of the rule alone, and which promises of donors were kept."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from fundmgr.domain.lifecycle import FundState
from fundmgr.queries.kept_promises import Kept, Sum
from requests_app.pages.applicant.odds_box import cents_in_words
from requests_app.queries.honest_odds import Gift
from requests_app.queries.public import LEAST_PEOPLE, FundPage
from requests_app.templatetags.fund_ui import count, money, when

DOLLAR = 100
# While people wait for it, money is given to a fund that takes no requests now as well.
TAKES_MONEY = {FundState.OPEN, FundState.PAUSED, FundState.INTAKE_CLOSED}


def what_money_does(page: FundPage) -> dict[str, Any] | None:
    """This will tell what gifts of three sizes do now, or that it cannot be told, and what all would cost."""
    if page.policy is None or page.fund.state not in TAKES_MONEY:
        return None
    gifts, told = page.figures.gifts, page.figures.numbers.rule
    rows = (
        [{"amount": money(one.cents, "whole"), "result": _does(one)} for one in gifts.each] if gifts else []
    )
    if gifts:
        note = _("On %(moment)s, by the rule shown above and with the people who waited.") % {
            "moment": when(gifts.as_of, "datetime")
        }
    elif told is None:
        note = _("It cannot be told: the fund has not said by which rule it shares its next money.")
    else:
        note = _("It cannot be told now: too few people wait, or the last count is too old.")
    return {"title": _("What new money does now"), "note": note, "rows": rows + _all(page)}


def _does(gift: Gift) -> str:
    """What one gift does; fewer than ten people are not counted, for it could point at someone."""
    if not gift.gaining_count:
        return _("Alone it changes nobody's share")
    if gift.gaining_count < LEAST_PEOPLE:
        return _("More for fewer than %(n)s people") % {"n": LEAST_PEOPLE}
    if gift.first_count >= LEAST_PEOPLE:
        return _("A share for %(n)s more people") % {"n": count(gift.first_count)}
    more = gift.middle_cents
    said = cents_in_words(more) if more < DOLLAR else money(more - more % DOLLAR, "whole")
    return _("About %(more)s more for each of %(n)s people") % {"more": said, "n": count(gift.gaining_count)}


def _all(page: FundPage) -> list[dict[str, str]]:
    """What everybody who met the rules still lacks, from the books and the requests."""
    helped = page.figures.helped
    if helped is None or not helped.waiting_count:
        return []
    lacking_cents = helped.waiting_cents - page.figures.split.available_cents
    if lacking_cents <= 0:
        return []
    return [{"amount": money(lacking_cents, "whole"), "result": _("Everyone who qualifies")}]


def kept(found: Kept) -> dict[str, Any] | None:
    """This will tell what came of the promises, by count and sum; nothing where none was made."""
    if not found.count:
        return None
    done = found.on_time.count + found.late.count
    title = ngettext(
        "%(done)s of %(all)s promise was kept in full",
        "%(done)s of %(all)s promises were kept in full",
        found.count,
    )
    day = when(found.next_on, "full")
    rows = [
        _row(_("Kept on time"), found.on_time),
        _row(_("Kept later than the day"), found.late),
        _row(_("Not due yet"), found.to_come, _("the next on %(day)s") % {"day": day} if day else ""),
        _row(_("Waits for what it depends on"), found.conditional),
        _row(_("The day is over"), found.overdue, _open(found.overdue)),
        _row(_("Not kept"), found.given_up, _open(found.given_up)),
    ]
    return {
        "title": title % {"done": count(done), "all": count(found.count)},
        "rows": [row for row in rows if row["count"]],
    }


def _open(found: Sum) -> str:
    return _("%(amount)s has not come") % {"amount": money(found.open_cents, "whole")}


def _row(label: str, found: Sum, note: str = "") -> dict[str, Any]:
    return {"label": label, "note": note, "count": found.count, "cents": found.cents}
