"""What a donor sees of their own: promises, gifts with their letters, and how the money was used."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fundmgr.domain import errors
from fundmgr.domain.lifecycle import CommitmentState, ReceiptState
from fundmgr.queries import funds
from requests_app.pages import worker_words
from requests_app.pages.applicant import door
from requests_app.pages.applicant.door import Door
from requests_app.pages.donor.links import over, unseen
from requests_app.queries import donor_view
from requests_app.queries.donor_use import OTHER
from requests_app.queries.donor_view import DonorView, Gift, Promise, Restricted
from requests_app.templatetags.fund_ui import count, money, when

PROMISES = {
    CommitmentState.DRAFT: ("wait", gettext_lazy("Not confirmed yet")),
    CommitmentState.CONDITIONAL: ("wait", gettext_lazy("Waits for its condition")),
    CommitmentState.PLEDGED: ("info", gettext_lazy("Promised")),
    CommitmentState.PARTIALLY_RECEIVED: ("info", gettext_lazy("Partly received")),
    CommitmentState.FULFILLED: ("ok", gettext_lazy("Received")),
    CommitmentState.OVERDUE: ("bad", gettext_lazy("Late")),
    CommitmentState.RENEGOTIATED: ("info", gettext_lazy("New dates agreed")),
    CommitmentState.DEFAULTED: ("bad", gettext_lazy("Not expected any more")),
    CommitmentState.WRITTEN_OFF: ("neutral", gettext_lazy("Given up")),
    CommitmentState.CANCELLED: ("neutral", gettext_lazy("Canceled")),
}
GIFTS = {
    ReceiptState.RECEIVED: ("wait", gettext_lazy("Being checked with the bank")),
    ReceiptState.UNMATCHED: ("wait", gettext_lazy("Being checked with the bank")),
    ReceiptState.RECONCILED: ("ok", gettext_lazy("Received")),
    ReceiptState.REVERSED: ("bad", gettext_lazy("Taken back by the bank")),
    ReceiptState.REFUNDED: ("neutral", gettext_lazy("Given back to you")),
}


@door.page
@unseen
def view(at: Door) -> HttpResponse:
    """Everything on one page; it lasts half an hour from the last look, and never longer than its link."""
    try:
        found = donor_view.view(at.slug, link_id=at.donor_link_id, now=at.now)
    except errors.NotFound:
        return over(at, funds.fund_by_slug(at.slug))
    at.keep(door.DONOR_COOKIE, found.link.id.hex, door.DONOR_KEPT)
    at.enter(found.fund)
    context = {
        "found": found,
        "leave_url": at.url("donor-leave"),
        "promises": [_promise(one, found) for one in found.promises],
        "gifts": [_gift(at, one) for one in found.gifts],
        "statements": [
            {"label": _("Your gifts of %(year)s") % {"year": row.year}, "url": _letter_url(at, row.number)}
            for row in found.statements
        ],
        "uses": [_use(one) for one in found.restricted],
    }
    return at.page("donor/view.html", found.fund, context)


@door.page
@unseen
def letter(at: Door, number: int) -> HttpResponse:
    """One of the donor's letters on paper."""
    from requests_app.exports import letter_file  # noqa: PLC0415  # typesetting is loaded when wanted

    row = donor_view.letter(at.slug, link_id=at.donor_link_id, number=number, now=at.now)
    paper = letter_file.paper(row.content, number=row.number, address=row.donor.address or "")
    headers = {"Content-Disposition": f'attachment; filename="{letter_file.file_name(row.number)}"'}
    return HttpResponse(paper, content_type=letter_file.MEDIA_TYPE, headers=headers)


def _promise(one: Promise, found: DonorView) -> dict[str, Any]:
    row = one.row
    kind, word = PROMISES[CommitmentState(row.state)]
    match = ""
    if row.match_percent:
        match = _("It gives %(n)s dollars for each 100 dollars that the public gives.")
        match = match % {"n": row.match_percent}
    return {
        "row": row,
        "kind": kind,
        "word": word,
        "match": match,
        "overdue_cents": one.overdue_cents,
        "parts": [
            {"part": part, "is_late": bool(one.overdue_cents) and part.due_on < found.today}
            for part in one.open_parts
        ],
    }


def _gift(at: Door, one: Gift) -> dict[str, Any]:
    kind, word = GIFTS[ReceiptState(one.row.state)]
    back_cents = one.row.refunded_cents if one.row.state == ReceiptState.RECONCILED else 0
    return {
        "row": one.row,
        "kind": kind,
        "word": word,
        "back": _("%(amount)s went back to you") % {"amount": money(back_cents)} if back_cents else "",
        "letter": one.letter,
        "letter_url": _letter_url(at, one.letter) if one.letter else "",
    }


def _use(one: Restricted) -> dict[str, Any]:
    use, row = one.use, one.restriction
    parts: list[dict[str, Any]] = [
        {"label": _("Paid to people"), "amount_cents": use.paid_cents, "kind": "made"},
        {"label": _("Decided, not yet paid"), "amount_cents": use.held_cents, "kind": "soft"},
        {"label": _("Still to be shared"), "amount_cents": use.available_cents, "kind": "edge"},
        {"label": _("Kept for appeals and returns"), "amount_cents": use.reserve_cents, "kind": "rest"},
        {"label": _("Not free to share"), "amount_cents": use.rest_cents, "kind": "rest"},
    ]
    return {
        "title": _("Money that is tied to nothing") if row.is_general else row.name,
        "wording": row.wording,
        "until": _("To be used by %(day)s") % {"day": when(row.expires_on, "full")} if row.expires_on else "",
        "given_cents": one.given_cents,
        "received_cents": use.received_cents,
        "parts": [part for part in parts if part["amount_cents"] > 0],
        "people": _("It went to %(n)s people.") % {"n": count(use.people)} if use.people else "",
        "purposes": [
            {"label": _purpose(category), "amount_cents": cents} for category, cents in use.purposes
        ],
    }


def _purpose(category: str) -> Any:
    if category == OTHER:
        return _("Other needs")
    return next(label for need, label in worker_words.NEEDS.items() if need.value == category)


def _letter_url(at: Door, number: int) -> str:
    return at.url("donor-letter", number=number)
