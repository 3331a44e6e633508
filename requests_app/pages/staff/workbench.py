"""The allocation workbench: rules side by side on the same people and money; nothing is stored here."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.errors import InvalidInput
from fundmgr.domain.permissions import Action
from fundmgr.ports.idempotency import Once
from requests_app.pages.staff import doors, round_rules, rule_warnings, workbench_parts
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.request_forms import EmptyForm
from requests_app.pages.staff.round_rules import RULES, Setting
from requests_app.queries import console
from requests_app.queries.console import WorkbenchPage
from requests_app.services import rounds
from requests_app.services import workbench as workbench_service
from requests_app.services.workbench import Compared, Comparison

HERE = "rounds"
# Dollars that the slider beside a smallest grant goes through; the number box takes any amount.
SLIDER = {"min": 0, "max": 1_500, "step": 25}


@doors.page
def workbench(door: Door) -> HttpResponse:
    """Show up to four rules on those who wait and the money there is."""
    return _workbench(door, door.asked)


@doors.act
def propose(door: Door) -> HttpResponse:
    """Freeze the list and propose the chosen rule."""
    door.require(Action.ROUND_PROPOSE)
    sent = door.request.POST
    code = sent.get("chosen", "")

    def call(once: Once) -> Any:
        setting = round_rules.read(code, sent) if code in RULES else None
        if setting is None or setting.errors:
            raise InvalidInput("Choose a rule, and look at its figures once more.")
        return rounds.propose_rule(
            fund_id=door.fund_id, rule=setting.document(), by=door.actor, now=door.now, once=once
        )

    done = door.attempt(EmptyForm(door.posted), call)
    if done:
        said = "The list is frozen and the round is proposed. Another person must approve it."
        return door.to("round", round_id=done.row_id, said=said)
    return _workbench(door, sent)


def _workbench(door: Door, sent: Mapping[str, Any]) -> HttpResponse:
    shown = _shown(str(sent.get("rules", "")))
    settings = [round_rules.read(code, sent) for code in shown]
    if any(setting.errors for setting in settings):
        door.status = 422
    found = console.workbench(door.actor, fund_id=door.fund_id, now=door.now)
    usable = [setting for setting in settings if not setting.errors]
    codes = [setting.rule.code for setting in usable]
    chosen = str(sent.get("chosen", ""))
    chosen = chosen if chosen in codes else next(iter(codes), "")
    pair = workbench_parts.chosen_pair(codes, sent, chosen)
    compared = _compared(door, usable, pair)
    rows = dict(zip(codes, compared.rules, strict=True))
    context = {
        "note": "Try up to four rules on the same people and money. Nothing is saved until you propose.",
        "pool": _pool(found),
        "population": _population(found),
        "preview_url": door.url("workbench"),
        "kept": {"rules": ",".join(shown), "chosen": chosen},
        "chips": _chips(door, shown),
        "menus": _menus(door, shown),
        "rules": [
            _card(
                setting,
                rows.get(setting.rule.code),
                is_chosen=setting.rule.code == chosen,
                select_url=_select_url(door, setting.rule.code, shown, sent),
            )
            for setting in settings
        ],
        "warnings": _warnings(rows, found),
        "charts": {"pair": workbench_parts.pair(rows, chosen)},
        "strips": workbench_parts.strips(rows),
        "what_if": workbench_parts.what_if(rows),
        "changes": workbench_parts.changes(door, compared.changes, codes, pair),
        "proposal": _proposal(door, found, rows.get(chosen), settings, chosen),
    }
    return door.page("staff/workbench.html", context, current=HERE)


def _warnings(rows: Mapping[str, Compared], found: WorkbenchPage) -> list[Mapping[str, str]]:
    return [
        {"rule": RULES[code].title, "text": " ".join(said)}
        for code, one in rows.items()
        if (said := rule_warnings.warnings(one, found.pool.pots))
    ]


def _compared(door: Door, usable: Sequence[Setting], pair: tuple[int, int] | None) -> Comparison:
    rules = [setting.document() for setting in usable]
    return workbench_service.compare(
        fund_id=door.fund_id, rules=rules, pair=pair, by=door.actor, now=door.now
    )


def _shown(text: str) -> list[str]:
    asked = [code for code in dict.fromkeys(text.split(",")) if code in RULES]
    return asked[: round_rules.MOST_SHOWN] or list(round_rules.START)


def _pool(found: WorkbenchPage) -> list[Mapping[str, Any]]:
    pool = found.pool
    rows: list[Mapping[str, Any]] = [
        {"label": "Received", "value": money.dollars(pool.received_cents, whole=True)},
        {"label": "Reserve", "value": money.dollars(pool.reserve_cents, whole=True), "sign": "–"},
        {"label": "Held for awards", "value": money.dollars(pool.held_cents, whole=True), "sign": "–"},
    ]
    if pool.restricted_cents:
        tied = money.dollars(pool.restricted_cents, whole=True)
        rows.append({"label": "Tied by donors", "value": tied, "sign": "–"})
    shared = money.dollars(pool.to_share_cents, whole=True)
    rows.append({"label": "To share", "value": shared, "sign": "=", "made": True})
    for pot in pool.pots[1:]:
        rows.append(
            {"label": f"For {pot.name} only", "value": money.dollars(pot.cents, whole=True), "sign": "+"}
        )
    return rows


def _population(found: WorkbenchPage) -> list[Mapping[str, str]]:
    pool = found.pool
    return [
        {"label": "People", "value": f"{pool.people_count:,} eligible", "note": ""},
        {
            "label": "Verified need",
            "value": money.dollars(pool.verified_cents, whole=True),
            "note": f"Capped {money.dollars(pool.capped_cents, whole=True)}",
        },
        {
            "label": "Policy",
            "value": f"Version {found.policy.number}",
            "note": f"Ledger {pool.ledger_sequence:,}",
        },
    ]


def _chips(door: Door, shown: Sequence[str]) -> list[Mapping[str, str]]:
    if len(shown) == 1:
        return []
    return [
        {
            "label": RULES[code].title,
            "remove_url": _with_rules(door, [other for other in shown if other != code]),
        }
        for code in shown
    ]


def _menus(door: Door, shown: Sequence[str]) -> list[Mapping[str, Any]]:
    rest = [code for code in RULES if code not in shown]
    if not rest or len(shown) >= round_rules.MOST_SHOWN:
        return []
    options = [{"label": RULES[code].title, "url": _with_rules(door, [*shown, code])} for code in rest]
    return [{"label": "Add a rule", "options": options}]


def _with_rules(door: Door, codes: Sequence[str]) -> str:
    kept = {name: value for name, value in door.asked.items() if "-" in name}
    return door.url("workbench", query={**kept, "rules": ",".join(codes)})


def _card(setting: Setting, found: Compared | None, *, is_chosen: bool, select_url: str) -> Mapping[str, Any]:
    row = found.row if found else None
    figure, note = round_rules.headline(row) if row else ("–", "Mend what is marked, then recalculate")
    return {
        "code": setting.rule.code,
        "title": setting.rule.title,
        "text": setting.rule.text,
        "chosen": is_chosen,
        "select_url": select_url if row else "",
        "knobs": [
            {
                "name": knob.name,
                "label": knob.label,
                "value": setting.typed[knob.name],
                "options": knob.options,
                "error": setting.errors.get(knob.name, ""),
                "slider": {} if knob.options else SLIDER,
            }
            for knob in setting.rule.knobs
        ],
        "figure": figure,
        "figure_note": note,
        "lines": round_rules.lines(row) if row else [],
        "promises": found.figures.promises if found else (),
    }


def _select_url(door: Door, code: str, shown: Sequence[str], sent: Mapping[str, Any]) -> str:
    kept = {name: sent[name] for name in sent if "-" in name}
    return door.url("workbench", query={**kept, "rules": ",".join(shown), "chosen": code})


def _proposal(
    door: Door, found: WorkbenchPage, one: Compared | None, settings: Sequence[Setting], chosen: str
) -> Mapping[str, Any] | None:
    if not door.may(Action.ROUND_PROPOSE) or one is None:
        return None
    row = one.row
    setting = next(one for one in settings if one.rule.code == chosen)
    people = f"{row.spread.paid_count:,} people, {money.dollars(row.spread.paid_cents, whole=True)}"
    return {
        "title": f"{setting.rule.title}: {people}",
        "note": f"Freezes the list of {found.pool.people_count:,} people. Others must approve. "
        "No money is held before that.",
        "propose_url": door.url("round_propose"),
        "propose_label": "Propose for approval",
        "blocked": _blocked(found, row),
        "hidden": [
            {"name": "chosen", "value": chosen},
            {"name": "rules", "value": ",".join(one.rule.code for one in settings)},
            *({"name": f"{chosen}-{name}", "value": value} for name, value in setting.typed.items()),
        ],
    }


def _blocked(found: WorkbenchPage, row: Any) -> str:
    if found.open_round is not None:
        return f"Round {found.open_round.number} is open. Approve it or void it first."
    if not found.pool.people_count:
        return "Nobody waits for money, so there is nothing to share."
    if not row.spread.paid_count:
        return "There is no money to share."
    return ""
