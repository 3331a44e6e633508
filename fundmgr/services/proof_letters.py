"""Letters proved from their own words: a letter says what it said when it was issued, as the trail has it."""

import json
from uuid import UUID

from fundmgr.domain.canonical import digest
from fundmgr.models import Event, Letter
from fundmgr.services.findings import Finding


def check_letters() -> list[Finding]:
    """This will return each letter whose words or digest are not those that were issued.

    Source: the digests in the chained events, which `verify_audit` proves in their turn.
    """
    issued = _issued()
    found = []
    for row in Letter.objects.order_by("id").only("id", "number", "content", "sha256").iterator():
        if not digest(row.content) == row.sha256 == issued.get(row.id):
            sentence = f"letter {row.number} no longer says what was issued, letter {row.id}"
            found.append(Finding("letters_say_what_was_issued", str(row.id), sentence))
    return found


def _issued() -> dict[UUID, str]:
    rows = Event.objects.filter(verb="letter.issued").values_list("object_id", "body")
    return {key: json.loads(bytes(body))["facts"]["sha256"] for key, body in rows.iterator()}
