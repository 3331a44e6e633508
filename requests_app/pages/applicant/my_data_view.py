"""A worker's own data in words: the parts of the paper, from the same values as the JSON."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from requests_app.exports.my_data_file import Section
from requests_app.pages import worker_words as words
from requests_app.templatetags.fund_ui import money, when

Row = tuple[str, str]
_REASONS = {reason.value: text for reason, text in words.REASONS.items()}
_NEEDS = {need.value: text for need, text in words.NEEDS.items()}
_CRAFTS = dict(words.CRAFTS)


def sections(found: Mapping[str, Any]) -> list[Section]:
    """This will return the parts of the paper; a part with nothing in it is left out."""
    person = found["person"]
    about = [
        (_("Full name"), person["full_name"]),
        (_("Name you go by"), person["preferred_name"]),
        (_("How we reach you"), person["contact"]),
        (_("Second way to reach you"), person["second_contact"]),
        *(
            (_("Before, until %(day)s") % {"day": _day(row["left_at"])}, row["contact"])
            for row in person["former_contacts"]
        ),
    ]
    parts = [Section(_("About you"), _said(about))]
    for request in found["requests"]:
        title = _("Your request %(reference)s") % {"reference": request["reference"]}
        parts.append(Section(title, _said(_request(request))))
    ways = [
        (str(words.CHANNELS.get(way["method"], way["method"])), _way(way)) for way in found["ways_to_pay"]
    ]
    parts.append(Section(_("How we pay you"), _said(ways)))
    sent = [(_day(row["sent_at"]), f"{row['subject']}\n{row['text']}".strip()) for row in found["messages"]]
    parts.append(Section(_("Messages we sent you"), _said(sent)))
    return [part for part in parts if part.rows]


def _request(row: Mapping[str, Any]) -> list[Row]:
    rows = [
        (_("Sent"), _day(row["submitted_at"])),
        (_("Show"), row["production_name"]),
        (_("Job"), ", ".join(part for part in (_craft(row), row["job_title"]) if part)),
        (_("You ask for"), money(row["asked_cents"])),
        *((str(_NEEDS.get(need, need)), money(cents)) for need, cents in row["needs"].items()),
        (_("Anything else we should know"), row["statement"]),
    ]
    for asked in row["questions"]:
        rows.append((_("We asked"), f"{asked['asked']}\n{asked['answer']}".strip()))
    rows += [(_day(sent["at"]), sent["text"]) for sent in row["thread"]]
    for made in row["decisions"]:
        reasons = " ".join(str(_REASONS.get(code, code)) for code in made["reasons"])
        rows.append((_("Decision"), f"{_day(made['at'])}. {reasons}".strip()))
    for look in row["second_looks"]:
        rows.append((_("Ask us to look again"), f"{look['asked']}\n{look['answer']}".strip()))
    for award in row["awards"]:
        rows.append((_("Money set aside for you"), f"{money(award['amount_cents'])}, {_day(award['at'])}"))
        rows += [(_("Payment"), _day(paid["sent_at"])) for paid in award["payments"]]
    return [*rows, *((_("Photo or paper"), file["name"]) for file in row["files"])]


def _craft(row: Mapping[str, Any]) -> str:
    return str(_CRAFTS.get(row["craft"], row["craft"] or ""))


def _way(way: Mapping[str, Any]) -> str:
    ends = (
        _("Account ending in %(last4)s") % {"last4": way["account_ends_in"]} if way["account_ends_in"] else ""
    )
    return ", ".join(part for part in (way["name_on_account"], ends, way["address"]) if part)


def _day(moment: str) -> str:
    return when(datetime.fromisoformat(moment), "full") if moment else ""


def _said(rows: list[Row]) -> list[Row]:
    return [(label, value) for label, value in rows if value]
