"""What a worker's status page says of an award: how much and why, how it is paid, the card that asks how."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from fundmgr.domain.lifecycle import AwardState, PayoutState
from requests_app.exports.rule_text import rule_text
from requests_app.pages import worker_words as words
from requests_app.pages.applicant import told_late
from requests_app.pages.applicant.door import Door
from requests_app.queries import published_rules
from requests_app.queries.worker import Case
from requests_app.templatetags.fund_ui import money, when

GOOD_UNTIL_ACCEPTED = frozenset({AwardState.RESERVED, AwardState.COMMITTED})


def awarded(at: Door, case: Case) -> dict[str, Any]:
    """This will return the tag, the amount, the reason and the card of a request that has an award."""
    award = case.award
    assert award is not None  # noqa: S101  # the caller looked
    return {
        "tag": _tag(case),
        "amount_cents": award.amount_cents,
        "reason": _reason(case),
        "how_paid": _payment_sentence(at, case),
        "do": _how_to_pay(at, case) if must_choose(case) else None,
    }


def must_choose(case: Case) -> bool:
    """Whether the worker must say how to pay: at first, and after money came back to the old details."""
    if case.award is None or case.award.state not in GOOD_UNTIL_ACCEPTED:
        return False
    if case.award.state == AwardState.RESERVED or case.payee is None:
        return True
    is_back = case.payout is not None and case.payout.state == PayoutState.RETURNED
    returned_at = case.payout.returned_at if case.payout and is_back else None
    return returned_at is not None and case.payee.created_at < returned_at


def _tag(case: Case) -> dict[str, str]:
    if must_choose(case) and case.payout is not None and case.payout.state == PayoutState.RETURNED:
        return {"kind": "bad", "text": _("Payment came back")}
    if case.award is not None and case.award.state == AwardState.PAID:
        return {"kind": "ok", "text": _("Paid")}
    return {"kind": "ok", "text": _("Approved")}


def _reason(case: Case) -> str:
    """Why this amount: all, the cap, all that counts, or the rule that shares too little."""
    award, request = case.award, case.request
    assert award is not None  # noqa: S101  # the caller looked
    if case.earlier_cents:
        return _("This comes on top of the %(amount)s from before.") % {"amount": money(case.earlier_cents)}
    if award.amount_cents >= request.asked_cents:
        return _("This is all that you asked for.")
    told = {
        "asked": money(request.asked_cents, "whole"),
        "cap": money(case.policy.award_cap_cents, "whole"),
        "counted": money(request.capped_cents, "whole"),
    }
    if award.amount_cents == case.policy.award_cap_cents:
        said = _(
            "You asked for %(asked)s. This fund pays at most %(cap)s to one household, "
            "so the money reaches more people."
        )
    elif request.capped_cents is not None and award.amount_cents >= request.capped_cents:
        said = (
            _("You asked for %(asked)s. Less other help, we count %(counted)s. You get all of that.")
            if request.other_aid_cents
            else _("You asked for %(asked)s. We could count %(counted)s of it. You get all of that.")
        )
    else:
        said = " ".join([_("You asked for %(asked)s. There was not enough money for all."), *_rule(case)])
    return said % told


def _rule(case: Case) -> list[str]:
    """How the rule of the award's round shares, so that the amount is no riddle."""
    if case.award is None:
        return []
    promises = {**published_rules.of_round(case.award.round), "is_over": True, "common_cents": None}
    return [one.text.replace("%", "%%") for one in rule_text(promises).steps]


def _how_to_pay(at: Door, case: Case) -> dict[str, str]:
    text = _ways_to_choose()
    if case.payout is not None and case.payout.state == PayoutState.RETURNED:
        text = told_late.came_back(case)
    elif case.award is not None and case.award.accept_by is not None:
        day = when(case.award.accept_by, "deadline")
        text = " ".join([_("Tell us by %(day)s, so that we can pay you.") % {"day": day}, text])
    return {
        "title": _("Tell us how to pay you"),
        "text": text,
        "url": at.url("pay"),
        "button": _("Choose how to get paid"),
        "aside": _("We ask for bank details only here, after you sign in. Never by text or phone."),
    }


def _ways_to_choose() -> str:
    """Only what this fund can do."""
    ways = [str(name) for way, name in words.WAYS_IN_A_SENTENCE.items() if way in settings.PAY_WAYS]
    if len(ways) == 1:
        return _("We pay with %(way)s.") % {"way": ways[0]}
    both = _("%(some)s or %(last)s") % {"some": ", ".join(ways[:-1]), "last": ways[-1]}
    return _("You can choose %(ways)s.") % {"ways": both}


def _payment_sentence(at: Door, case: Case) -> str:
    if case.payee is None or must_choose(case):
        return ""
    method = str(words.CHANNELS[case.payee.method])
    if case.payee.last4:
        method = _("%(method)s to the account ending in %(last4)s") % {
            "method": method,
            "last4": case.payee.last4,
        }
    if case.has_left:
        return _("How we paid: %(method)s.") % {"method": method}
    said = _("We pay by: %(method)s.") % {"method": method}
    if case.payee.usable_at <= at.now:
        return said
    day = when(case.payee.usable_at, "datetime")
    held = _("You changed this, so we wait until %(day)s before we pay. This keeps thieves away.")
    return f"{said} {held % {'day': day}}"
