"""Events as a reader wants them: who did what, in words, with the amounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fundmgr.domain import ids, money
from requests_app.pages.staff import words
from requests_app.queries.console import Line

SAID: dict[str, str] = {
    "fund.founded": "founded the fund",
    "fund.open": "opened the fund for requests",
    "fund.paused": "paused the fund",
    "fund.intake_closed": "closed the fund to new requests",
    "fund.winding_down": "began to wind the fund down",
    "closing.proposed": "proposed to close the fund",
    "closing.made": "signed the closing of the fund too: it is closed",
    "closing.refused": "refused to close the fund",
    "reversal.proposed": "proposed to reverse a transfer",
    "reversal.made": "signed the reversal of a transfer too",
    "reversal.refused": "refused to reverse a transfer",
    "policy.adopted": "adopted policy version {number}",
    "restriction.opened": "opened a restriction",
    "member.appointed": "gave a person the role {role}",
    "member.ended": "ended a person's role {role}",
    "client.registered": "registered a program as {role}",
    "donor.added": "recorded a donor",
    "donor.changed": "changed a donor's record",
    "donor_link.sent": "sent a donor a link to the donor's own view",
    "donor_link.opened": "opened a donor's own view for whoever has the link",
    "pledge_offer.proved": "heard from a giver that they promise {amount_cents}",
    "pledge_offer.taken": "took a promise of {amount_cents} from the public page",
    "pledge_offer.turned_down": "turned down a promise of {amount_cents} from the public page",
    "pledge_offers.removed": "removed {count} promises from the public page that nobody waits for",
    "commitment.pledged": "recorded a commitment of {amount_cents}",
    "commitment.countersigned": "countersigned a commitment",
    "commitment.condition_proposed": "said that a condition is met, for {amount_cents}",
    "commitment.condition_decided": "decided on the proof of a condition, for {amount_cents}",
    "commitment.condition_counted": "counted a match pledge anew: {met_cents} is due",
    "commitment.overdue": "marked a commitment as late; {owed_cents} is owed",
    "commitment.turn_proposed": "proposed what becomes of a late commitment",
    "commitment.turn_refused": "refused what was proposed for a late commitment",
    "commitment.renegotiated": "agreed on new dates for a commitment",
    "commitment.defaulted": "declared a default; {owed_cents} is owed",
    "commitment.written_off": "wrote off {owed_cents} of a commitment",
    "letter.issued": "wrote a letter to a donor",
    "letter.voided": "made a letter to a donor void",
    "fund.described": "changed what the fund says of itself",
    "commitment.cancelled": "cancelled a commitment; {owed_cents} is given up",
    "receipt.recorded": "recorded a receipt of {amount_cents}",
    "receipt.reconciled": "reconciled a receipt of {amount_cents}",
    "receipt.matched": "matched a receipt of {amount_cents}",
    "receipt.bounced": "recorded that the bank took back a receipt of {amount_cents}",
    "receipts.reconciled": "reconciled {count} receipts of {amount_cents}",
    "bank_import.done": "imported {count} receipts of {amount_cents} from a bank file",
    "refund.proposed": "proposed to give {amount_cents} back to a donor",
    "refund.made": "gave {amount_cents} back to a donor",
    "refund.refused": "refused to give {amount_cents} back to a donor",
    "release.proposed": "proposed to set {amount_cents} of restricted money free",
    "release.made": "set {amount_cents} of restricted money free",
    "release.refused": "refused to set {amount_cents} of restricted money free",
    "reserve_use.proposed": "proposed to use {amount_cents} of the reserve",
    "reserve_use.made": "put {amount_cents} of the reserve to use",
    "reserve_use.refused": "refused to use {amount_cents} of the reserve",
    "bank_fee.recorded": "recorded that the bank charged {amount_cents}",
    "request.submitted": "sent {thing}",
    "request.withdrawn": "took back {thing}",
    "form.judged": "heard from a worker how the form was",
    "contact.second_added": "added a second way to be reached",
    "contact.second_removed": "took away the second way to be reached",
    "contact.second_stopped": "stopped messages to the second contact too",
    "contact.second_allowed": "let messages to the second contact come again",
    "handover.proposed": "proposed a new contact for a worker who lost the old one",
    "handover.made": "signed a worker's new contact too",
    "handover.refused": "refused a worker's new contact",
    "contact.changed": "changed how they are reached",
    "request.changed": "changed the answers of {thing}",
    "request.restored": "undid the taking back of {thing}",
    "request.review_started": "began to read {thing}",
    "request.info_asked": "asked the worker of {thing} for something",
    "request.info_answered": "answered a question on {thing}",
    "request.document_asked": "asked the worker of {thing} for a document",
    "document.added": "added a file",
    "document.removed": "took a file away",
    "document.viewed": "opened a file",
    "document.accepted": "found that a file serves",
    "document.rejected": "found that a file does not serve",
    "documents.purged": "erased {count} files whose time was over",
    "request.held": "put {thing} on hold",
    "request.reopened": "opened {thing} again",
    "request.in_round": "put {thing} in a round",
    "request.left_round": "took {thing} out of a void round",
    "request.awarded": "awarded {thing}",
    "request.waitlisted": "left {thing} on the waiting list",
    "request.eligible": "found {thing} eligible",
    "request.ineligible": "found {thing} not eligible",
    "productions.added": "added {count} shows to the list",
    "batch.changed": "took a payment out of a batch",
    "batch.settled": "settled a payment batch",
    "message.sent": "wrote a message about {thing}",
    "message.settled": "said that the messages about {thing} need no answer",
    "contact.proved": "proved a contact",
    "contact.mail_allowed": "allowed emails",
    "contact.mail_stopped": "stopped emails",
    "contact.texts_allowed": "allowed texts",
    "contact.texts_started": "texted to begin texts again",
    "contact.texts_stopped": "stopped texts",
    "contact.revealed": "opened the contact of {thing}",
    "identities.read": "saw the names of people who ask",
    "appeal.filed": "asked for a second look at a request",
    "appeal.taken": "took a second look into their hands",
    "appeal.upheld": "answered a second look: the decision stands",
    "appeal.overturned": "answered a second look: the decision was wrong",
    "person.named": "corrected a name",
    "data.exported": "downloaded all that is kept about themselves",
    "erasure.asked": "asked to be erased",
    "erasure.done": "erased what is personal of one person",
    "decision.proposed": "proposed a decision",
    "decision.final": "made a decision final",
    "decision.sent_back": "sent a proposed decision back",
    "round.drafted": "drafted a round",
    "round.secret_committed": "committed to a secret for a draw",
    "round.secret_revealed": "told the secret for a draw",
    "round.drawn": "drew the order of a round",
    "round.rule_changed": "changed the rule of a round",
    "rule.published": "told everybody by which rule the money is shared",
    "round.proposed": "proposed a round",
    "round.offered": "proposed the next round, because {freed_cents} came free",
    "round.approved": "approved a round",
    "round.committed": "set the money of a round aside",
    "round.void": "voided a round",
    "round.voided": "voided a round",
    "award.reserved": "set money aside for an award",
    "award.accepted": "recorded how an award is paid, so that it is owed",
    "award.declined": "recorded an award as declined",
    "award.expired": "let an award of {amount_cents} expire that was not accepted in time",
    "payee.chosen": "chose how an award is paid",
    "payee.changed": "changed how an award is paid",
    "batch.built": "built a payment batch",
    "scenario.saved": "saved a scenario of {rules} rules",
    "scenario.renamed": "changed a scenario's name or note",
    "scenario.removed": "took a scenario away",
    "batch.released": "released a payment batch",
    "batch.cancelled": "cancelled a payment batch",
    "batch.list_read": "downloaded a payment list",
    "payout.released": "released a payment",
    "payout.settled": "recorded a payment as arrived",
    "payout.returned": "recorded a payment as returned",
    "drafts.removed": "removed {count} old drafts that were never sent",
    "link_asks.removed": "forgot {count} asks for a donor's link",
    "donor_links.removed": "removed {count} donors' links that ran out",
    "calls.forgotten": "forgot {count} old keys of repeated calls",
    "files.removed": "took away {count} files that belong to nothing",
    "evidence.added": "added a file of evidence",
    "evidence.read": "opened a file of evidence",
    "tokens.removed": "removed {count} tokens that ran out long ago",
    "sessions.removed": "removed {count} sessions that ran out",
    "report.asked": "asked for the shortfall report",
    "report.built": "built the shortfall report",
}
PREFIXES = {
    "request": "req",
    "decision": "dec",
    "appeal": "apl",
    "round": "rnd",
    "scenario": "scn",
    "award": "awd",
    "payout": "pay",
    "batch": "bat",
    "commitment": "com",
    "receipt": "rct",
    "refund": "rfd",
    "bank_fee": "fee",
    "bank_import": "imp",
    "donor": "don",
    "file": "fil",
    "release": "rls",
    "reserve_use": "rsu",
    "reversal": "rev",
    "closing": "cls",
    "report": "rep",
    "job": "job",
}


@dataclass(frozen=True)
class Sentence:
    """One line of the trail as the pages draw it."""

    at: datetime
    who: str
    what: str
    sequence: int | None
    object_type: str
    object_id: Any
    key: str
    reference: str
    amount: str


def line(row: Line) -> Sentence:
    """This will put one event in words; a verb without words is shown as it is written."""
    facts = {name: _said(name, value) for name, value in row.facts.items()}
    facts["thing"] = row.reference or "a request"
    pattern = SAID.get(row.verb, "")
    prefix = PREFIXES.get(row.object_type)
    return Sentence(
        at=row.at,
        who=row.who,
        what=pattern.format_map(_Gaps(facts)) if pattern else row.verb.replace(".", " ").replace("_", " "),
        sequence=row.sequence,
        object_type=row.object_type,
        object_id=row.object_id,
        key=ids.public(prefix, row.object_id) if prefix else "",
        reference=row.reference,
        amount=_amount(row.facts) if "_cents}" not in pattern else "",
    )


class _Gaps(dict[str, str]):
    """A fact that an older event does not have leaves its place empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _said(name: str, value: Any) -> str:
    if name.endswith("_cents") and isinstance(value, int):
        return money.dollars(value, whole=True)
    if name == "role":
        return {role.value: label.lower() for role, label in words.ROLES.items()}.get(str(value), str(value))
    return str(value)


def _amount(facts: Mapping[str, Any]) -> str:
    for name in ("amount_cents", "total_cents", "awarded_cents", "verified_cents"):
        if isinstance(facts.get(name), int):
            return money.dollars(facts[name], whole=True)
    return ""
