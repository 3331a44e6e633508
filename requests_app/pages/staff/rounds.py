"""Rounds: the list, one round with its checks, approving it, voiding it."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.lifecycle import RoundState
from fundmgr.domain.permissions import Action
from requests_app.exports import attachment, rule_words
from requests_app.pages.staff import doors, grid, lists, next_round_words, round_view, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.fields import LineField
from requests_app.pages.staff.request_forms import EmptyForm
from requests_app.queries import console, publications
from requests_app.services import rounds as services
from requests_app.templatetags.fund_ui import when

HERE = "rounds"


class ApproveForm(forms.Form):
    """The result that the approver looked at."""

    result = forms.RegexField(
        r"^[0-9a-f]{64}$",
        error_messages=dict.fromkeys(("required", "invalid"), "Load the round again before you approve it."),
    )


class VoidForm(forms.Form):
    """Why a round is given up."""

    note = LineField(label="To give it up: why?", most=200, missing="Write why.")


@doors.page
def rounds(door: Door) -> HttpResponse:
    """Show the rounds, newest first."""
    page = console.round_list(door.actor, fund_id=door.fund_id, cursor=door.asked.get("cursor"))
    shown = {
        "note": "Each round shares the available money by one rule, and needs another person’s approval.",
        "actions": _actions(door),
        "offer": next_round_words.notice(console.round_offer(door.actor, fund_id=door.fund_id, now=door.now)),
        "columns": grid.columns("Round", "Rule", "People#", "Awards, $#", "Proposed by", "State", "When"),
        "rows": [
            grid.row(
                grid.link(f"Round {row.number}", door.url("round", round_id=row.id)),
                rule_words.title_of(row.rule),
                f"{row.awarded_count:,}",
                money.dollars(row.awarded_cents, whole=True).removeprefix("$"),
                next_round_words.maker(row),
                grid.tagged(words.tag(words.ROUNDS, row.state)),
                when(row.committed_at or row.proposed_at or row.created_at, "stamp"),
            )
            for row in page.rows
        ],
        "pager": lists.pager(door, page),
        "empty": {
            "title": "No round yet",
            "text": "The workbench shows what each rule would do with the money there is.",
            "url": door.url("workbench"),
            "label": "Open the workbench",
        },
    }
    return door.page("staff/rounds.html", shown, current=HERE)


def _actions(door: Door) -> list[dict[str, str]]:
    bench = {"label": "Open the workbench", "url": door.url("workbench")}
    kept = {"label": "Scenarios", "url": door.url("scenarios"), "kind": "line"}
    draw = {"label": "Prepare a draw", "url": door.url("draw_new"), "kind": "line"}
    return [kept, draw, bench] if door.may(Action.ROUND_PROPOSE) else [kept, bench]


@doors.page
def round_(door: Door, round_id: UUID) -> HttpResponse:
    """Show one round."""
    return round_view.show(door, round_id, void_form=VoidForm())


@doors.page
def publication(door: Door, round_id: UUID) -> HttpResponse:
    """Hand out a round as it is published, a JSON file."""
    found = publications.publication(door.actor, round_id=round_id)
    answer = HttpResponse(json.dumps(found, indent=1), content_type="application/json")
    for name, value in attachment.headers(f"{found['fund']}-round-{found['round']}.json").items():
        answer[name] = value
    return answer


@doors.act
def approve(door: Door, round_id: UUID) -> HttpResponse:
    """Approve a proposed round."""
    door.require(Action.ROUND_APPROVE)
    form = ApproveForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.approve(
            round_id=round_id,
            result_digest=form.cleaned_data["result"],
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if not done:
        return round_view.show(door, round_id, void_form=VoidForm(), form=form)
    is_last = done.row is not None and done.row.state == RoundState.COMMITTED
    said = "The money is set aside for each award, and the workers are told." if is_last else "You approved."
    return door.to("round", round_id=round_id, said=said)


@doors.act
def top_up(door: Door, round_id: UUID) -> HttpResponse:
    """Propose a second round for the people of a decided one."""
    door.require(Action.ROUND_PROPOSE)
    form = EmptyForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.top_up(round_id=round_id, by=door.actor, now=door.now, once=once),
    )
    if done:
        return door.to("round", round_id=done.row_id, said="Proposed. Another person approves it.")
    return round_view.show(door, round_id, void_form=VoidForm(), form=form)


@doors.act
def void(door: Door, round_id: UUID) -> HttpResponse:
    """Give a round up."""
    if not door.may(Action.ROUND_APPROVE):
        door.require(Action.ROUND_PROPOSE)
    form = VoidForm(door.posted)
    done = door.attempt(
        form,
        lambda once: services.void(
            round_id=round_id, reason=form.cleaned_data["note"], by=door.actor, now=door.now, once=once
        ),
        named={"reason": "note"},
    )
    if done:
        return door.to("round", round_id=round_id, said="The round is void. Its requests wait as before.")
    return round_view.show(door, round_id, void_form=form, form=form)


@doors.page
def members(door: Door, round_id: UUID) -> HttpResponse:
    """Show the frozen list of a round."""
    found = console.round_members(
        door.actor, fund_id=door.fund_id, round_id=round_id, cursor=door.asked.get("cursor")
    )
    shown = {
        "title": f"Round {found.row.number}: everybody in it",
        "note": f"{found.row.frozen_count:,} requests, in the order of asking.",
        "back_url": door.url("round", round_id=round_id),
        "back_label": f"Round {found.row.number}",
        "columns": grid.columns(
            "Place#", "Request", "Need counted, $#", "Award, $#", *_tier_head(found.row), *_from(found.pots)
        ),
        "rows": [
            grid.row(
                f"{row.position + 1:,}",
                grid.link(
                    row.request.reference,
                    door.url("request", request_id=row.request_id) if found.opens_requests else "",
                ),
                money.dollars(row.capped_cents).removeprefix("$"),
                money.dollars(row.award_cents).removeprefix("$"),
                *_tier(found.row, row.tier),
                *_lines(row.share_cents, found.pots),
            )
            for row in found.page.rows
        ],
        "pager": lists.pager(door, found.page),
        "empty": {"title": "Nobody is in it", "text": "The list of this round is empty."},
    }
    return door.page("staff/members.html", shown, current=HERE)


def _tier_head(row: Any) -> list[str]:
    return ["Urgent"] if row.rule.get("tiers") else []


def _tier(row: Any, tier: int) -> list[str]:
    return [("Urgent" if tier == 1 else "–")] if row.rule.get("tiers") else []


def _from(pots: Sequence[str]) -> list[str]:
    return ["Paid from"] if len(pots) > 1 else []


def _lines(share_cents: Sequence[int], pots: Sequence[str]) -> list[str]:
    if len(pots) <= 1:
        return []
    shares = share_cents or [0] * len(pots)
    paid = [f"{name} {money.dollars(cents)}" for name, cents in zip(pots, shares, strict=True) if cents]
    return [", ".join(paid) or "–"]
