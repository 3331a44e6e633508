"""Pages of the letters that acknowledge gifts."""

from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain.permissions import Action
from fundmgr.services import funds
from fundmgr.services import letters as services
from requests_app.pages.staff import doors, lists
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import BlockField, KeyField, LineField
from requests_app.queries import console

HERE = "donors"


class IssueForm(forms.Form):
    """Which receipt to acknowledge."""

    receipt = KeyField("rct", missing="Choose the receipt.")


class YearForm(forms.Form):
    """Which year to state."""

    year = forms.IntegerField(
        label="Year",
        min_value=2000,
        max_value=2200,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), "Enter a year like 2023."
        ),
    )


class LetterForm(forms.Form):
    """What to do with a letter, and why."""

    reason = LineField(label="Why", most=300, missing="Write why.")


class LetterheadForm(forms.Form):
    """What letters say of the fund."""

    sponsor = LineField(
        label="The charity that holds the fund",
        required=False,
        help_text="Empty where the fund stands for itself.",
    )
    ein = LineField(label="Its tax number (EIN)", most=20, required=False)
    surplus_clause = BlockField(
        label="What happens to money that is left, or that falls short", required=False
    )


@doors.page
def listing(door: Door) -> HttpResponse:
    """Show the letters, newest first, and the receipts that nobody has acknowledged."""
    return _listing(door)


@doors.act
def issue(door: Door) -> HttpResponse:
    """Acknowledge a receipt."""
    door.require(Action.COMMITMENT_WRITE)
    form = IssueForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.issue(
            receipt_id=form.cleaned_data["receipt"], by=door.actor, now=door.now, once=once
        ),
    )
    return door.to("letters", said="The letter is written.") if done else _listing(door)


@doors.form
def annual(door: Door, donor_id: UUID) -> HttpResponse:
    """State what a donor gave in a year."""
    door.require(Action.COMMITMENT_WRITE)
    form = YearForm(door.posted, initial={"year": door.today.year - 1})
    done = door.attempt(
        form,
        lambda once: services.issue_annual(
            donor_id=donor_id, year=form.cleaned_data["year"], by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return door.to("letters", said="The statement is written.")
    shown = {
        "form": form,
        "title": "State a year's gifts",
        "send": "Write the statement",
        "back_url": door.url("donor", donor_id=donor_id),
    }
    return door.page("staff/form.html", shown, current=HERE)


@doors.form
def void(door: Door, letter_id: UUID) -> HttpResponse:
    """Make a letter void."""
    return _change(door, letter_id, replace=False)


@doors.form
def reissue(door: Door, letter_id: UUID) -> HttpResponse:
    """Replace a letter."""
    return _change(door, letter_id, replace=True)


@doors.page
def paper(door: Door, letter_id: UUID) -> HttpResponse:
    """Give a letter on paper."""
    from requests_app.exports import letter_file  # noqa: PLC0415  # typesetting is loaded when wanted

    row = console.letter(door.actor, fund_id=door.fund_id, letter_id=letter_id)
    content = letter_file.paper(
        row.content, number=row.number, address=row.donor.address or "", is_void=row.state == "VOID"
    )
    headers = {"Content-Disposition": f'attachment; filename="{letter_file.file_name(row.number)}"'}
    return HttpResponse(content, content_type=letter_file.MEDIA_TYPE, headers=headers)


@doors.form
def letterhead(door: Door) -> HttpResponse:
    """Change what letters say of the fund."""
    door.require(Action.FUND_CONFIGURE)
    fund = door.desk.fund
    start = {"sponsor": fund.sponsor, "ein": fund.ein, "surplus_clause": fund.surplus_clause}
    form = LetterheadForm(door.posted, initial=start)
    done = door.attempt(
        form,
        lambda once: funds.describe(
            fund_id=door.fund_id, **form.cleaned_data, by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return door.to("letters", said="Letters say so from now on.")
    shown = {
        "form": form,
        "title": "Letterhead",
        "send": "Keep it",
        "intro": "Letters to donors name the charity that holds the fund and its tax number.",
        "back_url": door.url("letters"),
    }
    return door.page("staff/form.html", shown, current=HERE)


def _change(door: Door, letter_id: UUID, *, replace: bool) -> HttpResponse:
    door.require(Action.COMMITMENT_WRITE)
    row = console.letter(door.actor, fund_id=door.fund_id, letter_id=letter_id)
    form = LetterForm(door.posted)
    act = services.reissue if replace else services.void
    done = door.attempt(
        form,
        lambda once: act(
            letter_id=letter_id, reason=form.cleaned_data["reason"], by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        said = "The new letter is written; the old one is void." if replace else "The letter is void."
        return door.to("letters", said=said)
    shown = {
        "form": form,
        "title": f"Replace letter {row.number}" if replace else f"Make letter {row.number} void",
        "send": "Replace it" if replace else "Make it void",
        "intro": "The old letter stays on file with the reason.",
        "back_url": door.url("letters"),
    }
    return door.page("staff/form.html", shown, current=HERE)


def _listing(door: Door) -> HttpResponse:
    found = console.letters(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {
        "found": found,
        "pager": lists.pager(door, found.page),
        "may_write": door.may(Action.COMMITMENT_WRITE),
        "may_configure": door.may(Action.FUND_CONFIGURE),
    }
    return door.page("staff/letters.html", shown, current=HERE)
