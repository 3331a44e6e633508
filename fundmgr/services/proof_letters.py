"""Letters proved from their own words: a letter says what it said when it was issued, as the trail has it."""

from uuid import UUID

from fundmgr.domain.canonical import digest
from fundmgr.models import Letter
from fundmgr.services.findings import Finding
from fundmgr.services.proof_facts import told_by


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
    return {key: told.get("sha256", "") for key, told in told_by(verb="letter.issued")}
