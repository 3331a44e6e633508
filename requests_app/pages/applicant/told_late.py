"""What a worker is told when something went late or came back: the day said, a new one, the cause."""

from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain.lifecycle import FundState, PayoutState, RequestState
from fundmgr.domain.promised_days import working
from requests_app.queries.worker import READ_SHARE, Case, Moment
from requests_app.templatetags.fund_ui import when

# What the bank's codes mean to the person whose money it was.
CAUSES: dict[str, str | Promise] = {
    "R02": gettext_lazy("The account is closed."),
    "R03": gettext_lazy("The bank found no such account."),
    "R04": gettext_lazy("The account number is not right."),
    "R16": gettext_lazy("The bank has frozen the account."),
    "R20": gettext_lazy("This kind of account cannot take the money."),
    "R28": gettext_lazy("The routing number is not right."),
}


def late_note(case: Case, today: date) -> str:
    """This will own up to a decision that is late, with a new day; nothing where none is."""
    late = next((step for step in case.steps if step.is_late and step.moment is Moment.DECIDED), None)
    if late is None or late.due_on is None:
        return ""
    days = {"day": when(late.due_on), "new_day": when(new_day(late.due_on, today, case))}
    return _("We said %(day)s. We are late. New date: %(new_day)s. You do not need to do anything.") % days


def new_day(said: date, today: date, case: Case) -> date:
    """This will return the next working day to promise: half the fund's days on, as often as it takes.

    It stays the same from one visit to the next until it is over.
    """
    step = timedelta(days=max(1, case.policy.decision_days // READ_SHARE))
    day = said
    while working(day) < today:
        day += step
    return working(day)


def paused_note(case: Case) -> str:
    """This will say what a pause of the fund means to one who waits; nothing where there is none."""
    if case.fund.state != FundState.PAUSED or case.request.state == RequestState.AWARDED:
        return ""
    return _("The fund takes no new requests right now. We go on with yours.")


def came_back(case: Case) -> str:
    """This will say that a payment came back: when, from which account, and why, in plain words."""
    payout = case.payout
    if payout is None or payout.state != PayoutState.RETURNED:
        return ""
    parts = [
        _("The bank sent your payment back on %(day)s.") % {"day": when(payout.returned_at)},
        str(CAUSES.get(payout.return_code, "")),
        _("It went to the account ending in %(last4)s.") % {"last4": payout.payee.last4}
        if payout.payee.last4
        else "",
        _("The money is still yours. Tell us a new way to pay you."),
    ]
    return " ".join(part for part in parts if part)
