"""Pages of evidence: send a file that proves something, open one that was kept."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.evidence import MOST_BYTES
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once
from fundmgr.services import evidence
from requests_app.exports import attachment
from requests_app.pages.staff import doors
from requests_app.pages.staff.doors import Door
from requests_app.queries import console

Call = Callable[[str, bytes, Once], Any]


class EvidenceForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label="The file",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text="A PDF, or a picture as JPEG or PNG, of at most 10 megabytes.",
        error_messages={"required": "Choose a file."},
    )

    def clean_file(self) -> Any:
        """This will refuse a file that is larger than any that is kept, before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError("This file is larger than 10 megabytes.")
        return file


@doors.form
def of_commitment(door: Door, commitment_id: UUID) -> HttpResponse:
    """Keep a file that proves a promise."""
    door.require(Action.COMMITMENT_WRITE)
    row = console.commitment(
        door.actor, fund_id=door.fund_id, commitment_id=commitment_id, now=door.now
    ).commitment
    return _add(
        door,
        lambda name, content, once: evidence.add_to_commitment(
            commitment_id=commitment_id, name=name, content=content, by=door.actor, now=door.now, once=once
        ),
        intro=f"What shows that {row.donor.name} promised {money.dollars(row.amount_cents, whole=True)}: a "
        "signed letter, a mail saved as PDF, a photo.",
        page="commitment",
        commitment_id=commitment_id,
    )


@doors.form
def of_restriction(door: Door, restriction_id: UUID) -> HttpResponse:
    """Keep a donor's letter or a court's order."""
    door.require(Action.COMMITMENT_WRITE)
    row = console.restriction(door.actor, fund_id=door.fund_id, restriction_id=restriction_id).restriction
    return _add(
        door,
        lambda name, content, once: evidence.add_to_restriction(
            restriction_id=restriction_id, name=name, content=content, by=door.actor, now=door.now, once=once
        ),
        intro=f"A letter in which the donor allows {row.name} to be used otherwise, or an order of a court "
        "or an attorney general.",
        page="restriction",
        restriction_id=restriction_id,
    )


@doors.page
def opened(door: Door, file_id: UUID) -> HttpResponse:
    """Hand a file out, never to be shown inside a page; the trail says who opened it."""
    door.require(Action.EVIDENCE_READ)
    found = evidence.read(file_id=file_id, fund_id=door.fund_id, by=door.actor, now=door.now)
    headers = attachment.headers(found.row.name)
    return HttpResponse(found.content, content_type=found.row.media_type, headers=headers)


def _add(door: Door, call: Call, *, intro: str, page: str, **keys: Any) -> HttpResponse:
    form = EvidenceForm(door.posted, door.request.FILES if door.is_post else None)
    done = door.attempt(
        form, lambda once: call(form.cleaned_data["file"].name, form.cleaned_data["file"].read(), once)
    )
    if done:
        return door.to(page, said="The file is kept, encrypted.", **keys)
    shown = {
        "form": form,
        "title": "Add a file",
        "send": "Keep the file",
        "intro": intro,
        "back_url": door.url(page, **keys),
    }
    return door.page("staff/form.html", shown, current="donors")
