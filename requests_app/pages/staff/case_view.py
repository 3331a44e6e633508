"""One request as its page draws it: what was said, what the policy makes of it, what this person may do."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.contacts import masked
from fundmgr.domain.errors import SelfApproval
from fundmgr.domain.lifecycle import DecisionState, RequestState
from fundmgr.domain.permissions import Action
from fundmgr.domain.promised_days import promised
from fundmgr.domain.texting import DeliveryState, Way
from requests_app.pages.staff import documents, odds_told, sentences, words
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.queue_view import request_tag
from requests_app.pages.staff.request_forms import NoteForm, ProposeForm, ReplyForm
from requests_app.queries import console
from requests_app.queries.console import CasePage
from requests_app.templatetags.fund_ui import when

PROPOSABLE = {RequestState.SUBMITTED, RequestState.IN_REVIEW}
REOPENABLE = {RequestState.ON_HOLD, RequestState.LAPSED, RequestState.ELIGIBLE}
HOLDABLE = {
    RequestState.SUBMITTED,
    RequestState.IN_REVIEW,
    RequestState.NEEDS_INFO,
    RequestState.ELIGIBLE,
    RequestState.WAITLISTED,
}
NEWEST_LINES = 12


def show(
    door: Door,
    request_id: UUID,
    *,
    form: ProposeForm | None = None,
    send_back_form: NoteForm | None = None,
    reply_form: ReplyForm | None = None,
) -> HttpResponse:
    """This will render a request's page, with what was typed where a form was refused."""
    found = console.case_page(door.actor, fund_id=door.fund_id, request_id=request_id)
    row, applicant = found.case.request, found.case.request.applicant
    if found.shows_names:
        door.looked([row])
    shown = {
        "back_url": door.url("requests"),
        "next_url": door.url("next") if door.may(Action.REQUEST_REVIEW) else "",
        "reference": row.reference,
        "name": applicant.full_name if found.shows_names else "",
        "tags": _tags(found),
        "asked_line": f"Asked {money.dollars(row.asked_cents, whole=True)} on {when(row.submitted_at)}",
        "promise_line": _promise(door, found),
        "told": _told(door, found),
        "needs": [
            {"label": words.CATEGORIES.get(line.category, line.category), "amount_cents": line.amount_cents}
            for line in found.case.need_lines
        ],
        "asked_cents": row.asked_cents,
        "statement": row.statement if found.shows_names else "",
        "papers": documents.papers(door, found),
        "explain": _explain(found),
        "rules": _rules(found),
        "duplicates": _duplicates(door, found),
        "messages_thread": _thread(door, found, reply_form),
        "decision": _decision(door, found, form=form, send_back_form=send_back_form),
        "reader": _reader(door, found),
        "links": _links(door, found),
        "events": _events(found),
    }
    return door.page("staff/request.html", shown, current="requests")


def _tags(found: CasePage) -> list[dict[str, str]]:
    row = found.case.request
    urgent = [{"kind": "wait", "text": words.URGENCIES.get(code, code)} for code in row.urgency]
    return [request_tag(row.state, is_proposed=found.case.open_decision is not None), *urgent]


def _promise(door: Door, found: CasePage) -> str:
    days, zone = found.policy.decision_days, door.desk.fund.time_zone
    due = promised(found.case.request.submitted_at, days=days, zone=zone)
    is_open = found.case.request.state in {*PROPOSABLE, RequestState.NEEDS_INFO, RequestState.ON_HOLD}
    return f"Decision promised by {when(due)}" if is_open else ""


def _told(door: Door, found: CasePage) -> Mapping[str, Any]:
    row, applicant = found.case.request, found.case.request.applicant
    rows = [
        {"label": "Show", "value": row.production_name},
        {"label": "Job", "value": ", ".join(part for part in (row.craft, row.job_title) if part)},
        {"label": "Last day worked", "value": when(row.last_worked_on, "full")},
        {"label": "Union", "value": row.union_local or "Not given"},
        {"label": "Hired", "value": ENGAGEMENTS.get(row.engagement, "Not given")},
        {"label": "Household", "value": _household(row)},
        {"label": "Other help", "value": _other_help(found)},
        {"label": "Language", "value": words.LANGUAGES.get(row.language, row.language)},
        {"label": "Came by", "value": CHANNELS.get(row.channel, row.channel)},
    ]
    if told := odds_told.line(row.odds_shown):
        rows.append({"label": "Odds shown", "value": told})
    if row.helper_name:
        rows.append({"label": "Filled in by", "value": row.helper_name if found.shows_names else "A helper"})
    rows.append({"label": "News by", "value": _news_by(found)})
    if found.shows_names:
        reveal_url = door.url("contact", request_id=row.id)
        rows.append({"label": "Contact", "value": masked(applicant.contact), "reveal_url": reveal_url})
    first = (applicant.preferred_name or applicant.full_name).split()[:1] if found.shows_names else []
    return {"title": f"What {first[0]} told us" if first else "What the worker told us", "rows": rows}


def _other_help(found: CasePage) -> str:
    """The amount, and from where, which only those read who see who asks."""
    row = found.case.request
    note = row.other_aid_note if found.shows_names else None
    return ", ".join(part for part in (money.dollars(row.other_aid_cents, whole=True), note) if part)


ENGAGEMENTS = {
    "DIRECT": "Directly",
    "LOAN_OUT": "Through a loan-out company",
    "DAY_PLAYER": "By the day",
    "NOT_SURE": "Not sure",
}
CHANNELS = {"WEB": "The website", "API": "A program", "STAFF": "A helper"}


def _household(row: Any) -> str:
    adults = f"{row.adults_count} adult{'' if row.adults_count == 1 else 's'}"
    if not row.children_count:
        return adults
    return f"{adults}, {row.children_count} child{'' if row.children_count == 1 else 'ren'}"


def _explain(found: CasePage) -> Mapping[str, Any]:
    """The bar that shows what becomes of the ask: counted, over the cap, over the ceiling, other help."""
    row = found.case.request
    verified = found.default_cents if row.verified_cents is None else row.verified_cents
    counted = min(verified, found.policy.award_cap_cents)
    aid = min(row.other_aid_cents, row.asked_cents - verified)
    cuts = [
        (verified - counted, "over the cap", "rest"),
        (row.asked_cents - verified - aid, "not verified need", "edge"),
        (aid, "other help", "soft"),
    ]
    asked, shown = (money.dollars(cents, whole=True) for cents in (row.asked_cents, counted))
    need, cap = (money.dollars(cents, whole=True) for cents in (verified, found.policy.award_cap_cents))
    return {
        "title": f"{shown} of the {asked} asked can be counted",
        "proposed": {"label": "counted", "cents": counted},
        "asked": {"label": "asked", "cents": row.asked_cents},
        "parts": [{"amount_cents": counted, "kind": "made"}]
        + [{"amount_cents": cents, "kind": kind} for cents, _, kind in cuts if cents > 0],
        "cuts": [{"label": label, "cents": cents} for cents, label, _ in cuts if cents > 0],
        "text": f"Verified need is {need}. A round counts at most {cap} for one household.",
    }


def _rules(found: CasePage) -> Mapping[str, Any]:
    row = found.case.request
    live = [other for other in found.others if other.state != RequestState.WITHDRAWN]
    is_covered = row.production is not None and row.production.is_covered
    checks = [
        {
            "label": "Worked on a covered show",
            "note": f"{row.production_name} is {'' if is_covered else 'not '}on the fund’s list",
            "state": "ok" if is_covered else "open",
        },
        {
            "label": "One request for each household",
            "note": f"{len(live)} other request{'' if len(live) == 1 else 's'} of this household"
            if live
            else "No other request of this household",
            "state": "open" if live else "ok",
        },
        {
            "label": "Some need is left after other help",
            "note": f"{money.dollars(found.default_cents, whole=True)} by the policy",
            "state": "ok" if found.default_cents > 0 else "bad",
        },
    ]
    passed = sum(check["state"] == "ok" for check in checks)
    return {
        "title": f"{passed} of {len(checks)} checks pass",
        "policy_label": f"Policy version {found.policy.number}",
        "checks": checks,
    }


def _duplicates(door: Door, found: CasePage) -> Mapping[str, Any]:
    if not found.others:
        return {"text": "No other request of this worker or this household.", "rows": []}
    rows = [
        {
            "url": door.url("request", request_id=other.id),
            "reference": other.reference,
            "note": f"{words.REQUESTS[other.state][1].lower()}, {when(other.submitted_at, 'short')}, "
            + money.dollars(other.asked_cents, whole=True),
        }
        for other in found.others
    ]
    return {"text": "Other requests of this worker or this household:", "rows": rows}


def _news_by(found: CasePage) -> str:
    """How the worker hears from the fund, and whether the last message is known to have gone."""
    ways = {Way.MAIL: "Mail", Way.TEXT: "Text"}
    if found.way is None and found.has_stopped:
        way = "Nothing: stopped messages. It may not be safe to call or write. Wait until they look."
    elif found.way is None:
        way = "Nothing: takes no texts. Call, or wait until they look."
    else:
        way = ways[found.way]
    if found.is_second_way:
        way = f"{way}, to the second contact: the first takes no messages"
    if found.undelivered is None:
        return way
    doubt = "may not have arrived" if found.undelivered.state == DeliveryState.UNKNOWN else "did not go out"
    return f"{way}. The message of {when(found.undelivered.created_at, 'stamp')} {doubt}."


def _thread(door: Door, found: CasePage, form: ReplyForm | None) -> Mapping[str, Any] | None:
    """The messages with the worker, for those who see who asks; a box for those who may answer."""
    if not found.shows_names:
        return None
    row = found.case.request
    may_write = door.may(Action.REQUEST_REVIEW)
    by = {"TEXT": "The worker, by text"}
    return {
        "waits": found.waits_for_answer,
        "rows": [
            {
                "text": documents.with_ask(line.document, line.text),
                "by": f"{line.author or by.get(line.came_by, 'The worker')}, {when(line.at, 'stamp')}",
            }
            for line in found.thread
        ],
        "form": form or ReplyForm() if may_write else None,
        "reply_url": door.url("reply", request_id=row.id),
        "settle_url": door.url("settle", request_id=row.id) if found.waits_for_answer and may_write else "",
    }


def _decision(
    door: Door, found: CasePage, *, form: ProposeForm | None, send_back_form: NoteForm | None
) -> Mapping[str, Any]:
    row, waiting = found.case.request, found.case.open_decision
    if waiting is not None:
        return _waiting(door, row, waiting, send_back_form)
    if row.state in PROPOSABLE and door.may(Action.DECISION_PROPOSE):
        return {
            "form": form or ProposeForm(initial=_start(found)),
            "action_url": door.url("request", request_id=row.id),
            "send_label": "Propose",
            "next_label": "Propose and open the next",
            "aside": "Another person must approve it. The worker hears nothing before that.",
        }
    final = [made for made in found.case.history.decisions if made.state == DecisionState.FINAL]
    if final:
        return {"title": "The decision", "facts": _facts(final[-1]), "aside": _aside(row.state)}
    return {"title": "The decision", "locked": _aside(row.state)}


def _waiting(door: Door, row: Any, waiting: Any, send_back_form: NoteForm | None) -> Mapping[str, Any]:
    shown: dict[str, Any] = {"title": "Proposed", "facts": _facts(waiting)}
    if waiting.proposed_by_id == door.actor.person_id:
        return {**shown, "locked": SelfApproval.sentence_default}
    if not door.may(Action.DECISION_DECIDE):
        return {**shown, "locked": "This waits for an approver."}
    keys = {"request_id": row.id, "decision_id": waiting.id}
    amount = money.dollars(waiting.verified_cents, whole=True)
    return {
        **shown,
        "title": "Your decision",
        "form": None,
        "approve_url": door.url("decide", **keys),
        "approve_label": f"Approve {amount}" if waiting.is_eligible else "Approve: not this time",
        "send_back_url": door.url("send_back", **keys),
        "send_back_form": send_back_form or NoteForm(),
    }


def _start(found: CasePage) -> dict[str, Any]:
    return {"outcome": "eligible" if found.default_cents else "not_eligible", "amount": found.default_cents}


def _facts(made: Any) -> list[dict[str, str]]:
    rows = [("What", "Eligible" if made.is_eligible else "Not this time")]
    if made.is_eligible:
        rows.append(("Verified need", money.dollars(made.verified_cents)))
    if made.reasons:
        rows.append(("Reason", ", ".join(words.REASONS.get(code, code) for code in made.reasons)))
    if made.note:
        rows.append(("Note", made.note))
    rows.append(("Proposed by", f"{made.proposed_by}, {when(made.created_at, 'stamp')}"))
    if made.decided_by:
        rows.append(("Decided by", f"{made.decided_by}, {when(made.decided_at, 'stamp')}"))
    rows.append(("Policy", f"Version {made.policy.number}"))
    return [{"label": label, "value": value} for label, value in rows]


def _aside(state: str) -> str:
    return {
        RequestState.NEEDS_INFO: "The worker is asked for something. The clock stands until then.",
        RequestState.ON_HOLD: "This request is on hold.",
        RequestState.WITHDRAWN: "The worker took this request back.",
        RequestState.LAPSED: "The worker did not answer in time.",
        RequestState.DUPLICATE_MERGED: "This was a duplicate.",
        RequestState.ELIGIBLE: "It waits for the next round.",
        RequestState.WAITLISTED: "It waits for the next round.",
        RequestState.IN_ROUND: "It is in a proposed round.",
        RequestState.AWARDED: "Money is set aside for it.",
    }.get(RequestState(state), "A reviewer proposes, and another person decides.")


def _reader(door: Door, found: CasePage) -> Mapping[str, Any]:
    row = found.case.request
    if row.assignee:
        return {"text": f"{row.assignee}, since {when(row.state_since, 'stamp')}."}
    if row.state == RequestState.SUBMITTED and door.may(Action.REQUEST_REVIEW):
        url = door.url("start", request_id=row.id)
        return {"text": "Nobody reads this yet.", "assign_url": url, "assign_label": "I read it"}
    return {"text": "Nobody reads this yet."} if row.state == RequestState.SUBMITTED else {}


def _links(door: Door, found: CasePage) -> Sequence[Mapping[str, str]]:
    if not door.may(Action.REQUEST_HOLD):
        return []
    row, links = found.case.request, []
    if found.shows_names:
        label = "They lost their number or address"
        links.append({"label": label, "url": door.url("handovers", request_id=row.id)})
    if row.state in HOLDABLE:
        links.append({"label": "Hold it back", "url": door.url("hold", request_id=row.id)})
    if row.state in REOPENABLE:
        links.append({"label": "Open it again", "url": door.url("reopen", request_id=row.id)})
    if door.may(Action.MONEY_READ):
        links += [
            {"label": "Its award in the ledger", "url": door.url("transfers", query={"cause": key})}
            for key in found.award_ids
        ]
    return links


def _events(found: CasePage) -> list[dict[str, str]]:
    rows = [sentences.line(line) for line in found.lines[:NEWEST_LINES]]
    return [{"label": when(row.at, "stamp"), "value": f"{row.who} {row.what}"} for row in rows]
