"""One round as its page draws it: totals, sizes of award, checks, samples, and what this person may do."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.errors import SelfApproval
from fundmgr.domain.lifecycle import RoundState
from fundmgr.domain.permissions import Action
from requests_app.exports import rule_words
from requests_app.exports.rule_text import rule_text
from requests_app.pages.staff import award_chart, next_round_words, round_rules, words
from requests_app.pages.staff.doors import Door
from requests_app.queries import console, published_rules
from requests_app.queries.console import RoundPage
from requests_app.templatetags.fund_ui import when


def show(door: Door, round_id: UUID, *, void_form: BaseForm, form: BaseForm | None = None) -> HttpResponse:
    """This will render a round's page, with what was refused at its top."""
    found = console.round_page(door.actor, fund_id=door.fund_id, round_id=round_id)
    row = found.row
    shown = {
        "title": f"Round {row.number}",
        "note": f"Round {row.number}. {STATES.get(row.state, '')}",
        "back_url": door.url("rounds"),
        "back_label": "Allocation rounds",
        "form": form if form is not None and form.errors else None,
        "part": _part(door, found, void_form),
        "others": _others(door, found),
    }
    return door.page("staff/approval.html", shown, current="rounds")


def _others(door: Door, found: RoundPage) -> list[Mapping[str, Any]]:
    row = found.row
    shown = [_published(door, row)] if row.state in PUBLISHED else []
    if row.state == RoundState.COMMITTED and door.may(Action.ROUND_PROPOSE):
        shown.append(_top_up(door, row))
    if row.rule.get("rule") != "draw":
        return shown
    text = (
        "Two people make the order together." if row.state == RoundState.DRAFT else "How the order was made."
    )
    url = door.url("draw", round_id=row.id)
    return [*shown, {"title": f"Draw of round {row.number}", "bold": "", "text": text, "url": url}]


def _top_up(door: Door, row: Any) -> Mapping[str, str]:
    return {
        "title": "Top this round up",
        "bold": "The same people, the same rule, the money there is now",
        "text": "Whoever got a part gets towards what is missing, as if all money had been there at once. "
        "Another person must approve it.",
        "post_url": door.url("round_topup", round_id=row.id),
        "post_label": "Propose a top-up",
    }


def _published(door: Door, row: Any) -> Mapping[str, str]:
    return {
        "title": "The round as it is published",
        "bold": f"Policy version {row.policy.number}",
        "text": f"Result {row.result_digest[:12]}. The list by tokens, without names, for anybody to check.",
        "url": door.url("round_publication", round_id=row.id),
    }


PUBLISHED = frozenset({RoundState.PROPOSED, RoundState.COMMITTED, RoundState.CLOSED})
STATES: dict[str, str] = {
    RoundState.DRAFT: "A draft; nothing is proposed yet.",
    RoundState.PROPOSED: "Proposed. Names are hidden here; you see needs and amounts.",
    RoundState.COMMITTED: "Approved. The money of each award is set aside.",
    RoundState.VOID: "Void. Its requests wait as before.",
    RoundState.CLOSED: "Closed.",
}


def _part(door: Door, found: RoundPage, void_form: BaseForm) -> Mapping[str, Any]:
    row = found.row
    awards = f"{row.awarded_count:,} award{'' if row.awarded_count == 1 else 's'}"
    amount = money.dollars(row.awarded_cents, whole=True)
    may_void = row.state in {RoundState.DRAFT, RoundState.PROPOSED} and (
        door.may(Action.ROUND_APPROVE) or door.may(Action.ROUND_PROPOSE)
    )
    return {
        "title": f"{awards}, {amount}" if row.awarded_count else f"Round {row.number}",
        "bold": f"Round {row.number}",
        "facts": [_title(row), f"policy version {row.policy.number}", *_why(row)],
        "tag": words.tag(words.ROUNDS, row.state),
        "proposed_by": next_round_words.maker(row),
        "steps": _steps(found),
        "figures": _figures(found),
        "histogram": award_chart.people_by_size(found.awards_cents, verb="get"),
        "rule": _rule(door, row),
        "pots": _pots(found),
        "checks_title": "Checked just now",
        "checks": _checks(found),
        "samples": _samples(door, found),
        "list_url": door.url("round_members", round_id=row.id),
        "list_label": f"Show all {row.frozen_count:,}",
        "result": row.result_digest,
        "approve_url": door.url("round_approve", round_id=row.id),
        "approve_label": f"Approve {row.awarded_count:,} for {amount}",
        "blocked": _blocked(door, found),
        "send_back_url": door.url("round_void", round_id=row.id) if may_void else "",
        "send_back_label": "Give the round up",
        "note_form": void_form if may_void else None,
        **_foot(found),
    }


def _title(row: Any) -> str:
    """The rule with its smallest grant: who approves must not learn of that from the awards."""
    cap_cents = row.policy.award_cap_cents
    return rule_words.titled(row.rule, need_up_to_cents=cap_cents, cap_cents=cap_cents)


def _rule(door: Door, row: Any) -> Mapping[str, Any]:
    """What the rule does and what it promises, as everybody reads it, and where it stands beside others."""
    said = rule_text(published_rules.of_round(row))
    code = str(row.rule.get("rule", ""))
    compare_url = ""
    if row.state == RoundState.PROPOSED and code in round_rules.RULES:
        others = [{"rule": other} for other in round_rules.START if other != code]
        query = round_rules.query_of([row.rule, *others])
        compare_url = door.url("workbench", query={**query, "chosen": code})
    return {
        "title": f"What the rule says: {_title(row)}",
        "steps": [f"{one.title} {one.text}".strip() for one in said.steps],
        "notes": [one.text for one in said.notes],
        "compare_url": compare_url,
    }


def _why(row: Any) -> list[str]:
    said = next_round_words.freed(row.freed_cents)
    told = [f"came free: {said}"] if said else []
    return [*told, f"tops up round {row.tops_up.number}"] if row.tops_up_id else told


def _steps(found: RoundPage) -> list[Mapping[str, str]]:
    row, given = found.row, found.standing.given
    if row.proposed_at is None or row.state == RoundState.VOID:
        return []
    steps: list[Mapping[str, str]] = [
        {
            "label": "Proposed",
            "note": f"{next_round_words.maker(row)}, {when(row.proposed_at, 'short')}",
            "state": "done",
        }
    ]
    for name, moment in given:
        steps.append({"label": "Approved", "note": f"{name}, {when(moment, 'short')}", "state": "done"})
    for place in range(found.standing.needed_count - len(given)):
        note = (
            ("you, now" if found.standing.may_approve else "another person") if place == 0 else "someone else"
        )
        steps.append({"label": "Approve", "note": note, "state": "now" if place == 0 else "next"})
    is_committed = row.state == RoundState.COMMITTED
    steps.append(
        {"label": "Payment", "note": "a treasurer releases", "state": "now" if is_committed else "next"}
    )
    return steps


def _figures(found: RoundPage) -> list[Mapping[str, str]]:
    row = found.row
    mean = row.awarded_cents // row.awarded_count if row.awarded_count else 0
    rows = (
        ("People paid", f"{row.awarded_count:,}"),
        *_unpaid(found),
        ("Total", money.dollars(row.awarded_cents, whole=True)),
        ("Mean award", money.dollars(mean, whole=True)),
        ("Need that counts", money.dollars(row.frozen_cents, whole=True)),
        ("Left after this", money.dollars(row.leftover_cents, whole=True)),
    )
    shown = [{"label": label, "value": value} for label, value in rows]
    return shown + [_tier_figure(one) for one in found.tiers]


def _unpaid(found: RoundPage) -> list[tuple[str, str]]:
    """Who tops up has got something before, and of a draft nothing is known."""
    row = found.row
    is_known = bool(row.result_digest) and not row.tops_up_id
    return [("Get nothing", f"{found.checks.unpaid_count:,}")] if is_known else []


def _tier_figure(total: Any) -> Mapping[str, str]:
    label = "Urgent requests" if total.tier == 1 else "Other requests"
    awarded, asked = (money.dollars(cents, whole=True) for cents in (total.awarded_cents, total.capped_cents))
    return {
        "label": f"{label}: {total.paid_count:,} of {total.people_count:,}",
        "value": f"{awarded} of {asked}",
    }


def _pots(found: RoundPage) -> list[Mapping[str, Any]]:
    """The money by what it is tied to, where the round shares more than one kind."""
    if len(found.pots) <= 1:
        return []
    return [
        {
            "name": pot.restriction.name,
            "there_cents": pot.available_cents,
            "used_cents": pot.used_cents,
            "left_cents": pot.available_cents - pot.used_cents,
        }
        for pot in found.pots
    ]


def _checks(found: RoundPage) -> list[Mapping[str, str]]:
    row, standing = found.row, found.standing
    if row.state == RoundState.VOID:
        return [_check("This round is void", row.void_reason, is_sound=False)]
    if row.state == RoundState.DRAFT:
        return [{"label": "Result", "note": "Not computed yet", "state": "open"}]
    computed = _computed(found)
    if row.state != RoundState.PROPOSED:
        return computed
    reason = standing.void_reason
    unchanged = f"Frozen {when(row.created_at, 'stamp')}. More money than then is for the next round."
    return [
        _check(
            "List and policy are as frozen, and the money is there", reason or unchanged, is_sound=not reason
        ),
        *computed,
        _check("You proposed it", "Another person must approve it", is_sound=False)
        if standing.is_maker
        else _check("You are not the one who proposed it", "Maker is never checker", is_sound=True),
        *_together(row),
    ]


def _computed(found: RoundPage) -> list[Mapping[str, str]]:
    """What is counted from the stored awards each time the page is drawn."""
    row, counted = found.row, found.checks
    sums = f"{money.dollars(counted.awards_cents)} of {money.dollars(row.estate_cents)}"
    compared = f"{counted.awards_count:,} awards compared. Fingerprint {row.result_digest[:12]}"
    return [
        _check("The awards add up and fit the money", sums, is_sound=counted.fit(row)),
        _check(
            "Nobody gets more than the need that counts",
            f"{counted.over_need_count:,} awards are above it." if counted.over_need_count else compared,
            is_sound=not counted.over_need_count,
        ),
    ]


def _check(label: str, note: str, *, is_sound: bool) -> Mapping[str, str]:
    return {"label": label, "note": note, "state": "ok" if is_sound else "bad"}


def _together(row: Any) -> list[Mapping[str, str]]:
    if not row.topup_note:
        return []
    return [{"label": "With the round before", "note": row.topup_note, "state": "ok"}]


def _samples(door: Door, found: RoundPage) -> list[Mapping[str, Any]]:
    if not found.largest:
        return []
    samples = (("Five with the largest need", found.largest), ("Five at random", found.drawn))
    return [
        {"title": title, "note": "", "rows": [_sample(door, member, found) for member in members]}
        for title, members in samples
    ]


def _sample(door: Door, member: Any, found: RoundPage) -> Mapping[str, Any]:
    request = member.request
    return {
        "reference": request.reference,
        "url": door.url("request", request_id=request.id) if found.opens_requests else "",
        "urgent": ", ".join(words.URGENCIES.get(code, code) for code in request.urgency[:1]),
        "need_cents": request.verified_cents,
        "award_cents": member.award_cents,
    }


def _blocked(door: Door, found: RoundPage) -> str:
    row, standing = found.row, found.standing
    if row.state != RoundState.PROPOSED:
        return STATES.get(row.state, "") + (f" {row.void_reason}" if row.void_reason else "")
    if standing.is_maker:
        return SelfApproval.sentence_default
    if standing.has_approved:
        return "You approved this already. Another person must be the second."
    if standing.void_reason:
        return f"{standing.void_reason} Give this round up and propose a new one."
    return "" if standing.may_approve else "An approver or another director approves it."


def _foot(found: RoundPage) -> Mapping[str, str]:
    missing = found.standing.needed_count - len(found.standing.given)
    if found.row.state != RoundState.PROPOSED:
        return {"foot_strong": "", "foot_note": ""}
    amount = money.dollars(found.row.awarded_cents, whole=True)
    if missing > 1:
        return {
            "foot_strong": "Yours is the first of two approvals.",
            "foot_note": f"The second sets {amount} aside. A treasurer releases the payments later.",
        }
    return {
        "foot_strong": f"The next approval sets {amount} aside.",
        "foot_note": "Workers are told at once. A treasurer releases the payments later.",
    }
