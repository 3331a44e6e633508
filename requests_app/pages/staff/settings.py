"""Settings pages: open or pause the fund, adopt a policy, appoint people, register programs."""

import secrets
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.permissions import Action, Role
from fundmgr.ports.idempotency import Once
from fundmgr.services import funds
from requests_app.pages.staff import doors, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.settings_forms import (
    ClientForm,
    DescriptionForm,
    EndForm,
    InviteForm,
    PolicyForm,
    StateForm,
)
from requests_app.queries import console, openings

HERE = "settings"
SECRET_BYTES = 32
DESCRIBED = tuple(DescriptionForm.base_fields)
STATES: dict[str, tuple[Callable[..., Any], str]] = {
    "open": (funds.open_intake, "The fund is open for requests."),
    "pause": (funds.pause_intake, "The fund is paused. Nobody can send a new request."),
    "close": (funds.close_intake, "The fund takes no more requests."),
}


@doors.page
def settings(door: Door) -> HttpResponse:
    """Show how the fund is set up."""
    return _settings(door)


@doors.act
def state(door: Door) -> HttpResponse:
    """Open, pause or close intake."""
    door.require(Action.FUND_CONFIGURE)
    form = StateForm(door.posted)

    def change(once: Once) -> Any:
        use_case, _ = STATES[form.cleaned_data["state"]]
        return use_case(fund_id=door.fund_id, by=door.actor, now=door.now, once=once)

    if door.attempt(form, change):
        return door.to("settings", said=STATES[form.cleaned_data["state"]][1])
    return _settings(door, form=form)


@doors.form
def policy_new(door: Door) -> HttpResponse:
    """Adopt the next policy version."""
    door.require(Action.FUND_CONFIGURE)
    found = console.settings_page(door.actor, fund_id=door.fund_id)
    form = PolicyForm(door.posted, initial=_as_typed(found.policies[0]) if found.policies else None)
    done = door.attempt(
        form,
        lambda once: funds.adopt_policy(
            fund_id=door.fund_id, terms=form.terms(), by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return door.to("settings", said="The new policy version is in force. Earlier decisions keep theirs.")
    intro = "A new version counts from now on. Decisions keep the version they were made by."
    return _form(door, form, title="Adopt a policy version", send="Adopt this version", intro=intro)


@doors.form
def description(door: Door) -> HttpResponse:
    """Change what everybody reads of the fund."""
    door.require(Action.FUND_CONFIGURE)
    fund = door.desk.fund
    form = DescriptionForm(door.posted, initial={name: getattr(fund, name) for name in DESCRIBED})
    done = door.attempt(
        form,
        lambda once: funds.describe(
            fund_id=door.fund_id, **form.cleaned_data, by=door.actor, now=door.now, once=once
        ),
    )
    if done:
        return door.to("settings", said="The fund's page says so from now on.")
    intro = "Everybody reads this on the fund's page. Letters to donors have a head of their own."
    return _form(door, form, title="What the fund says of itself", send="Keep it", intro=intro)


@doors.form
def invite(door: Door) -> HttpResponse:
    """Give a person a role."""
    door.require(Action.MEMBER_APPOINT)
    form = InviteForm(door.posted)
    done = door.attempt(
        form,
        lambda once: funds.invite(
            fund_id=door.fund_id,
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            role=Role(form.cleaned_data["role"]),
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        said = (
            f"{form.cleaned_data['name']} has the role. A new person opens the sign-in page and chooses "
            "“I forgot my password” to set one."
        )
        return door.to("settings", said=said)
    intro = "Nobody gets a role from their own hand: another director gives you yours."
    return _form(door, form, title="Give a person a role", send="Give the role", intro=intro)


@doors.act
def membership_end(door: Door) -> HttpResponse:
    """End a person's role."""
    door.require(Action.MEMBER_APPOINT)
    form = EndForm(door.posted)
    done = door.attempt(
        form,
        lambda once: funds.end_membership(
            membership_id=form.cleaned_data["membership"], by=door.actor, now=door.now, once=once
        ),
    )
    return door.to("settings", said="The role ended.") if done else _settings(door, form=form)


@doors.form
def client_new(door: Door) -> HttpResponse:
    """Register a program and show its secret, once."""
    door.require(Action.MEMBER_APPOINT)
    found = console.client_choices(door.actor, fund_id=door.fund_id)
    form = ClientForm(door.posted, owners=found.owners, scopes=found.scopes)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    done = door.attempt(
        form,
        lambda once: funds.register_client(
            fund_id=door.fund_id,
            name=form.cleaned_data["name"],
            owner_id=UUID(form.cleaned_data["owner"]),
            role=Role(form.cleaned_data["role"]),
            scopes=" ".join(form.cleaned_data["scopes"]),
            secret=secret,
            by=door.actor,
            now=door.now,
            once=once,
        ),
    )
    if done:
        # Not a redirect: the secret is on this one answer and nowhere else.
        shown = {"client": done.row, "secret": secret if done.row else "", "name": form.cleaned_data["name"]}
        return door.page("staff/client.html", shown, current=HERE)
    return _form(door, form, title="Register a program", send="Register it")


def _settings(door: Door, *, form: Any = None) -> HttpResponse:
    found = console.settings_page(door.actor, fund_id=door.fund_id)
    shown = {
        "found": found,
        "form": form,
        "fund_state": words.FUND_STATES.get(found.fund.state, found.fund.state),
        "roles": words.ROLES,
        "may_configure": door.may(Action.FUND_CONFIGURE),
        "opening_asks": openings.waiting_count(door.actor, fund_id=door.fund_id),
        "may_see_opinions": door.may(Action.REQUEST_READ),
        "may_see_money": door.may(Action.MONEY_READ),
        "may_appoint": door.may(Action.MEMBER_APPOINT),
    }
    return door.page("staff/settings.html", shown, current=HERE)


def _form(door: Door, form: Any, *, title: str, send: str, intro: str = "") -> HttpResponse:
    shown = {"form": form, "title": title, "send": send, "intro": intro, "back_url": door.url("settings")}
    return door.page("staff/form.html", shown, current=HERE)


def _as_typed(policy: Any) -> dict[str, Any]:
    return {
        "award_cap": money.dollars(policy.award_cap_cents).removeprefix("$"),
        "need_ceiling": money.dollars(policy.need_ceiling_cents).removeprefix("$"),
        "reserve_percent": policy.reserve_bp // 100,
        "two_approvers_from": money.dollars(policy.two_approvers_from_cents).removeprefix("$"),
        "decision_days": policy.decision_days,
        "accept_days": policy.accept_days,
        "accept_hours": policy.accept_hours,
        "appeal_days": policy.appeal_days,
        "document_days": policy.document_days,
        "next_round_from": _dollars_or_nothing(policy.next_round_from_cents),
        "flat_grant": _dollars_or_nothing(policy.flat_grant_cents),
        "rule": policy.rule.get("rule", ""),
        "adopted_by": policy.adopted_by,
    }


def _dollars_or_nothing(cents: int | None) -> str:
    return "" if cents is None else money.dollars(cents).removeprefix("$")
