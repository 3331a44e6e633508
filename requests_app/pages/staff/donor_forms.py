"""What is typed to change a donor: the addresses are never shown, so an empty box keeps what is known."""

from typing import Any

from django import forms

from fundmgr.domain.insiders import InsiderRelation
from fundmgr.domain.languages import Language
from fundmgr.services.donors import DonorChanges
from requests_app.pages.staff.fields import BlockField, LineField, WholeField
from requests_app.pages.staff.money_forms import DonorForm

KEPT = "Empty keeps what is known. Kept encrypted, shown to nobody here."
MOST_VERSION = 999_999_999


class DonorChangeForm(DonorForm):
    """A donor as it is to be."""

    contact = LineField(label="New mail or phone", most=254, required=False, help_text=KEPT)
    forget_contact = forms.BooleanField(label="Forget the mail or phone", required=False)
    address = BlockField(label="New postal address", most=500, required=False, help_text=KEPT)
    forget_address = forms.BooleanField(label="Forget the postal address", required=False)
    # A version that is no number of ours is an old one.
    version = WholeField(most=MOST_VERSION, empty=0, widget=forms.HiddenInput)
    field_order = (
        "name",
        "kind",
        "is_anonymous",
        "contact",
        "forget_contact",
        "language",
        "address",
        "forget_address",
        "is_substantial_contributor",
        "relation",
        "relation_note",
    )

    def clean(self) -> dict[str, Any]:
        """This will refuse an address that is both typed and to be forgotten."""
        found = super().clean() or {}
        for box in ("contact", "address"):
            if found.get(box) and found.get(f"forget_{box}"):
                self.add_error(box, "Type a new one or have it forgotten, not both.")
        return found

    def changes(self) -> DonorChanges:
        """This will return what the use case is told of a valid form."""
        said = self.cleaned_data
        changes: DonorChanges = {
            "name": said["name"],
            "is_organisation": said["kind"] == "organisation",
            "is_anonymous": said["is_anonymous"],
            "is_substantial_contributor": said["is_substantial_contributor"],
            "relation": InsiderRelation(said["relation"] or InsiderRelation.NONE),
            "relation_note": said["relation_note"],
            "language": Language(said["language"] or Language.ENGLISH),
        }
        if said["contact"] or said["forget_contact"]:
            changes["contact"] = said["contact"] or None
        if said["address"] or said["forget_address"]:
            changes["address"] = said["address"] or None
        return changes


def start_of(donor: Any) -> dict[str, Any]:
    """This will return what the boxes hold at first."""
    return {
        "name": donor.name,
        "kind": "organisation" if donor.is_organisation else "person",
        "is_anonymous": donor.is_anonymous,
        "is_substantial_contributor": donor.is_substantial_contributor,
        "relation": donor.relation,
        "relation_note": donor.relation_note,
        "language": donor.language,
        "version": donor.version,
    }
