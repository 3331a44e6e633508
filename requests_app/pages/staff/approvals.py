"""The approvals inbox: what waits for a second person, and groups of proposals decided at once."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain import errors, ids, money
from fundmgr.domain.errors import SelfApproval
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once
from requests_app.pages.staff import award_chart, doors, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import BlockField, KeyListField
from requests_app.queries import console
from requests_app.queries.console import DecisionGroup, Waiting
from requests_app.services import reviews
from requests_app.services.decisions import Verdict
from requests_app.templatetags.fund_ui import when

HERE = "approvals"
SAMPLE = 5
OUTCOMES = {"eligible": True, "not": False}


class GroupForm(forms.Form):
    """The proposals that were shown, and those that were left out."""

    decision = KeyListField("dec", most=200, missing="Nothing is left to approve.")
    leave_out = KeyListField("dec", most=200, required=False)

    def kept(self) -> list[UUID]:
        """This will return the proposals that were not left out."""
        left_out = set(self.cleaned_data["leave_out"])
        return [key for key in self.cleaned_data["decision"] if key not in left_out]


class BackForm(GroupForm):
    """The same, with what must change."""

    note = BlockField(missing="Write what must change.")


@doors.page
def approvals(door: Door) -> HttpResponse:
    """Show what waits for a second person."""
    found = console.approvals(door.actor, fund_id=door.fund_id)
    mine = [row for row in found if row.may_act and not row.is_mine]
    shown = {
        "note": _note(len(mine)),
        "others": [_card(door, row) for row in [*mine, *(row for row in found if row not in mine)]],
        "empty": {"title": "Nothing waits for approval", "text": "What others propose appears here."},
    }
    return door.page("staff/approval.html", shown, current=HERE)


@doors.page
def group(door: Door, maker_id: UUID, outcome: str) -> HttpResponse:
    """Show one group of proposals."""
    return _group(door, maker_id, outcome)


@doors.act
def group_approve(door: Door, maker_id: UUID, outcome: str) -> HttpResponse:
    """Make the proposals of a group final, but those left out."""
    return _decide(door, maker_id, outcome, form=GroupForm(door.posted), approve=True)


@doors.act
def group_back(door: Door, maker_id: UUID, outcome: str) -> HttpResponse:
    """Send the proposals of a group back, but those left out."""
    return _decide(door, maker_id, outcome, form=BackForm(door.posted), approve=False)


def _decide(door: Door, maker_id: UUID, outcome: str, *, form: GroupForm, approve: bool) -> HttpResponse:
    door.require(Action.DECISION_DECIDE)

    def call(once: Once) -> Sequence[Any]:
        note = form.cleaned_data.get("note", "")
        items = [Verdict(key, approve=approve, note=note) for key in form.kept()]
        if not items:
            raise errors.InvalidInput("You left out every request of this group.")
        return reviews.decide_many(items=items, by=door.actor, now=door.now, once=once)

    done = door.attempt(form, call)
    if not done:
        return _group(door, maker_id, outcome, form=form)
    said = "decided" if approve else "sent back"
    count = len(form.kept())
    return door.to("approvals", said=f"{count:,} proposal{'' if count == 1 else 's'} {said}.")


def _note(count: int) -> str:
    if not count:
        return "Nothing waits for you."
    return f"{count} thing{' waits' if count == 1 else 's wait'} for you. Whoever proposes never approves."


def _card(door: Door, row: Waiting) -> Mapping[str, Any]:
    title, bold, url = _CARDS[row.kind.value](door, row)
    card: dict[str, Any] = {"title": title, "bold": bold, "url": url}
    text = f"By {row.maker_name}, {when(row.since, 'stamp')}"
    if row.is_mine:
        return {
            **card,
            "text": f"{text}. {_OWN[row.kind.value]}",
            "tag": {"kind": "neutral", "text": "Yours"},
        }
    if not row.may_act:
        return {**card, "text": text, "tag": {"kind": "wait", "text": "Waits for another person"}}
    return {**card, "text": text, "tag": {"kind": "wait", "text": "Waits for you"}}


def _decisions_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    outcome = "eligible" if row.is_eligible else "not"
    url = door.url("group", maker_id=row.maker_id, outcome=outcome)
    bold = "Eligible" if row.is_eligible else "Not this time"
    return _many(row, "request", with_money=row.is_eligible), bold, url


def _round_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    return _many(row, "award"), f"Round {row.number}", door.url("round", round_id=row.key)


def _batch_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    return _many(row, "payment"), f"Batch {row.number}", door.url("batch", batch_id=row.key)


def _receipts_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    url = door.url("receipts", query={"state": "waiting"})
    return _many(row, "receipt"), "To reconcile with the bank", url


def _refund_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    return _many(row, "refund"), "To give back to a donor", door.url("receipt", receipt_id=row.key)


def _release_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    return (
        _many(row, "release"),
        "To set free of its restriction",
        door.url("restriction", restriction_id=row.key),
    )


def _reserve_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    url = door.url("restriction", restriction_id=row.key)
    return _many(row, "use"), "Of the reserve", url


def _reversal_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    url = door.url("transfer", transfer_id=row.key)
    return _many(row, "reversal", with_money=False), "A transfer to undo", url


def _turn_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    url = door.url("commitment", commitment_id=row.key)
    return _many(row, "late promise", with_money=False), "New dates, or a default", url


def _closing_card(door: Door, row: Waiting) -> tuple[str, str, str]:
    return _many(row, "closing", with_money=False), "The end of the fund", door.url("closing")


_CARDS = {
    "decisions": _decisions_card,
    "round": _round_card,
    "batch": _batch_card,
    "receipts": _receipts_card,
    "refund": _refund_card,
    "release": _release_card,
    "reserve": _reserve_card,
    "reversal": _reversal_card,
    "turn": _turn_card,
    "closing": _closing_card,
}
_OWN = {
    "decisions": SelfApproval.sentence_default,
    "round": SelfApproval.sentence_default,
    "batch": "You prepared this. Another treasurer must release it.",
    "receipts": "You recorded this. Another person must reconcile it.",
    "refund": "You proposed this. A treasurer must decide it.",
    "release": "You proposed this. A treasurer must decide it.",
    "reserve": "You proposed this. A treasurer must decide it.",
    "reversal": "You proposed this. The director must sign it too.",
    "turn": "You proposed this. A treasurer who releases must sign it too.",
    "closing": "You proposed this. Somebody of the board must sign it too.",
}


def _many(row: Waiting, noun: str, *, with_money: bool = True) -> str:
    words_ = f"{row.count:,} {noun}{'' if row.count == 1 else 's'}"
    return f"{words_}, {money.dollars(row.cents, whole=True)}" if with_money else words_


def _group(door: Door, maker_id: UUID, outcome: str, *, form: GroupForm | None = None) -> HttpResponse:
    found = console.decision_group(
        door.actor, fund_id=door.fund_id, maker_id=maker_id, is_eligible=OUTCOMES[outcome]
    )
    shown = {
        "note": "Names are hidden here; you see needs and amounts.",
        "back_url": door.url("approvals"),
        "form": form,
        "part": _part(door, found, maker_id, outcome, form),
    }
    return door.page("staff/approval.html", shown, current=HERE)


def _part(
    door: Door, found: DecisionGroup, maker_id: UUID, outcome: str, form: GroupForm | None
) -> Mapping[str, Any]:
    many = f"{len(found.decisions):,} request{'' if len(found.decisions) == 1 else 's'}"
    amount = money.dollars(found.cents, whole=True)
    is_eligible = OUTCOMES[outcome]
    keys = {"maker_id": maker_id, "outcome": outcome}
    may_act = found.may_act and not found.is_mine
    return {
        "title": f"{many}, {amount}" if is_eligible else many,
        "bold": "Eligible" if is_eligible else "Not this time",
        "facts": [f"Policy version {found.decisions[0].policy.number}"],
        "proposed_by": found.maker_name,
        "figures": _figures(found, is_eligible=is_eligible),
        "histogram": award_chart.people_by_size(_needs(found, is_eligible=is_eligible), verb="need"),
        "need_label": "Asked",
        "award_label": "Verified",
        "checks_title": "Look at this before you approve",
        "checks": _checks(found),
        "samples": _samples(door, found),
        "keys": [ids.public("dec", row.id) for row in found.decisions],
        "may_leave_out": may_act,
        "approve_url": door.url("group_approve", **keys),
        "approve_label": f"Approve {len(found.decisions):,} for {amount}"
        if is_eligible
        else f"Approve {many}",
        "send_back_url": door.url("group_back", **keys) if may_act else "",
        "note_form": (form if isinstance(form, BackForm) else BackForm()) if may_act else None,
        "blocked": _blocked(found),
        "foot_strong": "Your approval is the second and last look.",
        "foot_note": "Nobody is paid by this: a round shares the money later.",
    }


def _needs(found: DecisionGroup, *, is_eligible: bool) -> list[int]:
    return [row.verified_cents for row in found.decisions] if is_eligible else []


def _blocked(found: DecisionGroup) -> str:
    if found.is_mine:
        return SelfApproval.sentence_default
    return "" if found.may_act else "An approver decides this."


def _figures(found: DecisionGroup, *, is_eligible: bool) -> list[dict[str, str]]:
    rows = [("Requests", f"{len(found.decisions):,}"), ("In this group", f"{found.group_count:,}")]
    if is_eligible:
        mean = found.cents // len(found.decisions)
        rows += [
            ("Verified need", money.dollars(found.cents, whole=True)),
            ("Mean", money.dollars(mean, whole=True)),
        ]
    return [{"label": label, "value": value} for label, value in rows]


def _checks(found: DecisionGroup) -> list[dict[str, str]]:
    changed = sum(row.request.version != row.request_version for row in found.decisions)
    urgent = sum(bool(row.request.urgency) for row in found.decisions)
    noted = sum(bool(row.note) for row in found.decisions)
    return [
        {
            "label": "No request changed since it was proposed",
            "note": f"{changed} changed" if changed else "Each is as the reviewer saw it",
            "state": "bad" if changed else "ok",
        },
        {
            "label": "Another person proposed",
            "note": found.maker_name,
            "state": "bad" if found.is_mine else "ok",
        },
        {
            "label": "Notes from the reviewer",
            "note": f"{noted} with a note; open them from the list" if noted else "None left a question",
            "state": "open" if noted else "ok",
        },
        {"label": "Urgent", "note": f"{urgent} say something is about to be lost", "state": "ok"},
    ]


def _samples(door: Door, found: DecisionGroup) -> list[Mapping[str, Any]]:
    rows = found.decisions
    largest = sorted(rows, key=lambda row: (-row.verified_cents, row.id.int))[:SAMPLE]
    # The same five for one approver, so that loading again shows nothing new.
    drawn = Random(f"{rows[0].id}:{door.actor.key}").sample(rows, min(SAMPLE, len(rows)))  # noqa: S311 - a sample to look at, no secret
    samples = [("Five with the largest need", largest), ("Five at random", drawn)]
    if len(rows) <= 2 * SAMPLE:
        samples = [("All of them", rows)]
    return [
        {"title": title, "note": "Open any of them.", "rows": [_sample(door, row) for row in chosen]}
        for title, chosen in samples
    ]


def _sample(door: Door, row: Any) -> Mapping[str, Any]:
    return {
        "reference": row.request.reference,
        "url": door.url("request", request_id=row.request_id),
        "urgent": ", ".join(words.URGENCIES.get(code, code) for code in row.request.urgency[:1]),
        "need_cents": row.request.asked_cents,
        "award_cents": row.verified_cents,
        "id": ids.public("dec", row.id),
    }
