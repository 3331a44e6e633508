"""A draw as its page draws it: the published root, whose hash is there, what is missing, what one may do."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse

from requests_app.exports import rule_words
from requests_app.pages.staff import words
from requests_app.pages.staff.doors import Door
from requests_app.queries import console
from requests_app.queries.console import DrawPage
from requests_app.queries.round_draws import DrawStanding, beacon_moment
from requests_app.templatetags.fund_ui import when

_SECRET_BYTES = 16


def show(
    door: Door, round_id: UUID, *, hash_form: forms.Form, secret_form: forms.Form, form: forms.Form | None
) -> HttpResponse:
    """This will render a draw's page, with what was refused at its top."""
    found = console.draw_page(door.actor, fund_id=door.fund_id, round_id=round_id)
    row, draw = found.row, found.draw
    if draw.published.beacon_round is None and "beacon_value" not in secret_form.errors:
        del secret_form.fields["beacon_value"]
    shown = {
        "title": f"Draw of round {row.number}",
        "note": draw.missing or "The order is drawn. Anybody can check it.",
        "back_url": door.url("round", round_id=round_id),
        "back_label": f"Round {row.number}",
        "form": form if form is not None and form.errors else None,
        "tag": dict(zip(("kind", "text"), words.ROUNDS[row.state], strict=True)),
        "steps": _steps(draw),
        "facts_title": "Published",
        "facts": _facts(found),
        "moves_title": "What to do",
        "moves": _moves(door, found, hash_form, secret_form),
        "locked": "" if _may_act(draw) else draw.missing or "There is nothing to do here.",
    }
    return door.page("staff/detail.html", shown, current="rounds")


def _may_act(draw: DrawStanding) -> bool:
    return draw.may_commit or draw.may_reveal or draw.may_propose


def _steps(draw: DrawStanding) -> list[Mapping[str, str]]:
    hashes = len(draw.secrets)
    told = sum(one.revealed_at is not None for one in draw.secrets)
    done = (True, hashes == draw.needed_count, bool(draw.published.seed))
    notes = (
        when(draw.published.created_at, "short"),
        f"{hashes} of {draw.needed_count}",
        f"{told} of {draw.needed_count}",
    )
    labels = ("List frozen", "Hashes published", "Secrets told")
    states = ["done" if is_done else "next" for is_done in done]
    if "next" in states:
        states[states.index("next")] = "now"
    return [
        {"label": label, "note": note, "state": state}
        for label, note, state in zip(labels, notes, states, strict=True)
    ]


def _facts(found: DrawPage) -> list[Mapping[str, str]]:
    row, draw = found.row, found.draw
    published = draw.published
    rows = [
        ("Rule", rule_words.title_of(row.rule)),
        ("In the list", f"{row.frozen_count:,} requests, {found.tickets_count:,} tickets"),
        ("Root of the list", published.list_root),
    ]
    for one in draw.secrets:
        rows.append((f"Hash of {one.person}", f"{one.commitment}, {when(one.created_at, 'stamp')}"))
    if published.beacon_round is not None:
        moment = when(beacon_moment(published), "stamp")
        rows.append(("Beacon", f"drand quicknet, round {published.beacon_round}, out {moment}"))
    if published.seed:
        rows += [(f"Secret of {one.person}", str(one.secret)) for one in draw.secrets]
        rows += [("Value of the beacon", published.beacon_value)] if published.beacon_value else []
        rows.append(("Seed", published.seed))
    return [{"label": label, "value": value} for label, value in rows]


def _moves(
    door: Door, found: DrawPage, hash_form: forms.Form, secret_form: forms.Form
) -> list[Mapping[str, Any]]:
    draw, key = found.draw, {"round_id": found.row.id}
    moves: list[Mapping[str, Any]] = []
    if draw.may_commit:
        moves.append(
            {
                "url": door.url("draw_commit", **key),
                "label": "Publish this hash",
                "form": hash_form,
                "note": _suggestion(),
            }
        )
    if draw.may_reveal:
        moves.append(
            {
                "url": door.url("draw_reveal", **key),
                "label": "Tell the secret",
                "form": secret_form,
                "note": "",
            }
        )
    if draw.may_propose:
        moves.append(
            {
                "url": door.url("draw_propose", **key),
                "label": "Propose the drawn round",
                "form": (),
                "note": "Who left the list since it was frozen falls out; their tickets go to the next.",
            }
        )
    return moves


def _suggestion() -> str:
    """A secret made for this view and kept nowhere, with its hash."""
    secret = secrets.token_hex(_SECRET_BYTES)
    hashed = sha256(secret.encode()).hexdigest()
    return (
        f"A fresh secret that is kept nowhere, if you want one: {secret}. Its hash: {hashed}. Note the "
        "secret on paper before you publish the hash. Or make your own of 16 letters or more, on a device "
        "you trust: printf %s 'your secret' | sha256sum"
    )
