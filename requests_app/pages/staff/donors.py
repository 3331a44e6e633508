"""Pages of those who give."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from fundmgr.domain import contacts
from fundmgr.domain.insiders import InsiderRelation
from fundmgr.domain.languages import Language
from fundmgr.domain.permissions import Action
from fundmgr.services import donors
from requests_app.pages.staff import doors, lists, words
from requests_app.pages.staff.donor_forms import DonorChangeForm, start_of
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.money_forms import DonorForm
from requests_app.queries import console
from requests_app.services import donor_links

HERE = "donors"


@doors.page
def listing(door: Door) -> HttpResponse:
    """Show the donors with what they promised and gave."""
    found = console.donors(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {
        "found": found,
        "pager": lists.pager(door, found.page),
        "may_write": door.may(Action.COMMITMENT_WRITE),
    }
    return door.page("staff/donors.html", shown, current=HERE)


@doors.form
def donor_new(door: Door) -> HttpResponse:
    """Record a donor."""
    door.require(Action.COMMITMENT_WRITE)
    form = DonorForm(door.posted)
    done = door.attempt(
        form,
        lambda once: donors.add(
            fund_id=door.fund_id,
            name=form.cleaned_data["name"],
            is_organisation=form.cleaned_data["kind"] == "organisation",
            is_anonymous=form.cleaned_data["is_anonymous"],
            contact=form.cleaned_data["contact"] or None,
            is_substantial_contributor=form.cleaned_data["is_substantial_contributor"],
            relation=InsiderRelation(form.cleaned_data["relation"] or InsiderRelation.NONE),
            relation_note=form.cleaned_data["relation_note"],
            language=Language(form.cleaned_data["language"] or Language.ENGLISH),
            address=form.cleaned_data["address"] or None,
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("donor", donor_id=done.row_id, said="The donor is recorded.")
    shown = {
        "form": form,
        "title": "Record a donor",
        "send": "Record the donor",
        "back_url": door.url("donors"),
    }
    return door.page("staff/form.html", shown, current=HERE)


@doors.form
def donor_change(door: Door, donor_id: UUID) -> HttpResponse:
    """Change what is known of a donor."""
    door.require(Action.COMMITMENT_WRITE)
    found = console.donor(door.actor, fund_id=door.fund_id, donor_id=donor_id)
    form = DonorChangeForm(door.posted, initial=start_of(found.donor))
    done = door.attempt(
        form,
        lambda once: donors.change(
            donor_id=donor_id,
            version=form.cleaned_data["version"],
            **form.changes(),
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        return door.to("donor", donor_id=donor_id, said="The donor is changed.")
    shown = {
        "form": form,
        "title": f"Change {found.donor.name}",
        "send": "Keep the changes",
        "back_url": door.url("donor", donor_id=donor_id),
    }
    return door.page("staff/form.html", shown, current=HERE)


@doors.page
def donor(door: Door, donor_id: UUID) -> HttpResponse:
    """Show one donor."""
    return _donor(door, donor_id)


@doors.act
def link(door: Door, donor_id: UUID) -> HttpResponse:
    """Send the donor a link to their own view."""
    door.require(Action.COMMITMENT_WRITE)
    console.donor(door.actor, fund_id=door.fund_id, donor_id=donor_id)
    done = door.attempt(
        None, lambda once: donor_links.send(donor_id=donor_id, by=door.actor, now=door.now, once=once)
    )
    if not done:
        return _donor(door, donor_id)
    return door.to("donor", donor_id=donor_id, said="A link is on its way to the donor.")


def _donor(door: Door, donor_id: UUID) -> HttpResponse:
    cursor = door.asked.get("cursor")
    found = console.donor(door.actor, fund_id=door.fund_id, donor_id=donor_id, cursor=cursor)
    shown = {
        "found": found,
        "relation": words.RELATIONS[found.donor.relation],
        "states": words.COMMITMENTS,
        "receipt_states": words.RECEIPTS,
        "pager": lists.pager(door, found.receipts),
        "may_write": door.may(Action.COMMITMENT_WRITE),
        "can_mail": contacts.is_mail(found.donor.contact),
        "links": [{"row": row, "is_over": _is_over(row, door.now)} for row in found.links],
    }
    return door.page("staff/donor.html", shown, current=HERE)


def _is_over(row: Any, now: datetime) -> bool:
    return row.ended_at is not None or row.expires_at <= now or row.opens >= row.most_opens
