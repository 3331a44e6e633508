"""The allocation workbench: rules side by side on the same people and money; nothing is stored here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from fundmgr.domain import money
from fundmgr.domain.permissions import Action
from fundmgr.domain.populations import Population
from requests_app.exports import rule_reasons, rule_warnings
from requests_app.pages.staff import (
    doors,
    round_rules,
    rule_publishing,
    workbench_parts,
    workbench_people,
    workbench_tries,
)
from requests_app.pages.staff.doors import Door
from requests_app.pages.staff.round_rules import RULES, SECONDS, Setting
from requests_app.pages.staff.scenarios import ScenarioForm
from requests_app.queries import console
from requests_app.queries.console import WorkbenchPage
from requests_app.services import tried_rules
from requests_app.templatetags.fund_ui import percent_bp, when

if TYPE_CHECKING:
    from requests_app.services.round_sharing import PreviewRow
    from requests_app.services.rule_figures import RuleFigures
    from requests_app.services.tied_pots import TiedPot

HERE = "rounds"
NOTE = (
    "Try up to five rules on the same people and money, and select the one you would choose. Nothing is "
    "saved until you save or propose."
)
SAVE_LATER = "Mend what is marked. Then the rules can be saved."
NOT_YOURS = "A fund director proposes a rule, and others approve it."
# Dollars that the slider beside a number box goes through; the box takes any amount.
SLIDERS = {
    "floor": {"min": 0, "max": 1_500, "step": 25},
    "need": {"min": 0, "max": 7_500, "step": 50},
    "last": {},
}


@dataclass(frozen=True)
class Shown:
    """One rule whose knobs could be read: what it is called here, and what it would do."""

    title: str
    row: "PreviewRow"
    figures: "RuleFigures"
    tied: "Sequence[TiedPot]"


@doors.page
def workbench(door: Door) -> HttpResponse:
    """Show up to four rules on those who wait and the money there is."""
    return show(door, door.asked)


def show(door: Door, sent: Mapping[str, Any], form: ScenarioForm | None = None) -> HttpResponse:
    """This will draw the workbench with what was asked or sent, and with a form that was refused."""
    shown = round_rules.shown(str(sent.get("rules", "")))
    population = workbench_people.read(sent)
    found = console.workbench(door.actor, fund_id=door.fund_id, now=door.now, population=population)
    settings = [round_rules.read(code, sent, cap_cents=found.policy.award_cap_cents) for code in shown]
    if any(setting.errors for setting in settings):
        door.status = 422
    settings, titles, chosen, pair, compared = workbench_tries.tried(
        door, settings, sent, cap_cents=found.policy.award_cap_cents
    )
    rows = {
        code: Shown(titles[code], one.row, one.figures, one.tied)
        for code, one in zip(titles, compared.rules, strict=True)
    }
    context = {
        **_above(door, found, sent),
        "kept": {"rules": ",".join(shown), "chosen": chosen},
        "chips": _chips(door, settings, titles),
        "menus": _menus(door, shown),
        **workbench_parts.live(settings, rows),
        "rules": [
            _card(
                setting,
                rows.get(setting.rule.code),
                is_chosen=setting.rule.code == chosen,
                select_url=_select_url(door, setting.rule.code, shown, sent),
            )
            for setting in settings
        ],
        **_below(rows, chosen),
        "changes": workbench_parts.changes(
            door, compared.changes if found.pool.people_count else None, titles, pair
        ),
        **_choice(door, found, rows.get(chosen), settings, chosen),
        "digest": compared.digest if titles else "",
        "form": form,
        **_keeping(door, settings, chosen, form, population),
    }
    return door.page("staff/workbench.html", context, current=HERE)


def _above(door: Door, found: WorkbenchPage, sent: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "note": NOTE,
        "left_out": round_rules.left_out(str(sent.get("rules", ""))),
        "people": workbench_people.shown(door, found, sent),
        "pool": _pool(found),
        "population": _population(found, door.now),
        "preview_url": door.url("workbench"),
        "usual_url": _usual_url(door, found),
    }


def _below(rows: Mapping[str, Shown], chosen: str) -> Mapping[str, Any]:
    return {
        "warnings": _warnings(rows),
        "charts": {"pair": workbench_parts.pair(rows, chosen)},
        "by_size": workbench_parts.by_size(rows),
        "strips": workbench_parts.strips(rows, chosen),
        "what_if": workbench_parts.what_if(rows),
        "tied": workbench_parts.tied(rows),
    }


def _usual_url(door: Door, found: WorkbenchPage) -> str:
    """Lead to the ways that the shortfall report compares."""
    policy = found.policy
    ways = tried_rules.usual_ways(
        need_ceiling_cents=policy.need_ceiling_cents, award_cap_cents=policy.award_cap_cents
    )
    documents = [{**way.rule, tried_rules.NEED: way.need_up_to_cents} for way in ways]
    return door.url("workbench", query={**round_rules.query_of(documents), "chosen": "equal_awards"})


def _kept(settings: Sequence[Setting], chosen: str, population: Population) -> dict[str, str]:
    """Everything that was typed, as a form or an address carries it."""
    codes = ",".join(setting.rule.code for setting in settings)
    typed = {
        f"{setting.rule.code}-{name}": value for setting in settings for name, value in setting.typed.items()
    }
    return {"rules": codes, "chosen": chosen, **typed, **workbench_people.query_of(population)}


def _keeping(
    door: Door,
    settings: Sequence[Setting],
    chosen: str,
    form: ScenarioForm | None,
    population: Population,
) -> Mapping[str, Any]:
    """Say where to get this on paper, and how to save it; only for who may."""
    kept = _kept(settings, chosen, population)
    is_wrong = any(setting.errors for setting in settings)
    papers = {"paper_url": "", "spanish_paper_url": ""}
    if not is_wrong:
        papers = {
            "paper_url": door.url("workbench_paper", query=kept),
            "spanish_paper_url": door.url("workbench_paper", query={**kept, "language": "es"}),
        }
    if not door.may(Action.SCENARIO_SAVE):
        return papers
    saving = {
        "url": door.url("scenario_save"),
        "list_url": door.url("scenarios"),
        "form": form or ScenarioForm(),
        "blocked": SAVE_LATER if is_wrong else "",
        "hidden": [{"name": name, "value": value} for name, value in kept.items()],
    }
    return {**papers, "save": saving}


def _warnings(rows: Mapping[str, Shown]) -> list[Mapping[str, str]]:
    """What speaks for each rule beside the others, and what against it."""
    said = [
        {
            "rule": one.title,
            "good": " ".join(rule_reasons.reasons(one, list(rows.values()))),
            "bad": " ".join(rule_warnings.warnings(one)),
        }
        for one in rows.values()
    ]
    return [one for one in said if one["good"] or one["bad"]]


def _pool(found: WorkbenchPage) -> list[Mapping[str, Any]]:
    pool = found.pool
    reserve = f"Reserve ({percent_bp(found.policy.reserve_bp)})"
    rows: list[Mapping[str, Any]] = [
        {"label": "Received", "value": money.dollars(pool.received_cents, whole=True)},
        {"label": reserve, "value": money.dollars(pool.reserve_cents, whole=True), "sign": "–"},
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


def _population(found: WorkbenchPage, now: datetime) -> list[Mapping[str, str]]:
    pool = found.pool
    is_part = not found.population.is_everybody
    return [
        {
            "label": "People",
            "value": f"{pool.people_count:,} eligible",
            "note": f"Of {found.everybody_count:,} who wait" if is_part else "Everybody who waits",
        },
        {
            "label": "Verified need",
            "value": money.dollars(pool.verified_cents, whole=True),
            "note": f"{money.dollars(pool.capped_cents, whole=True)} counts",
        },
        {
            "label": "As of",
            "value": when(now, "time"),
            "note": f"Policy {found.policy.number}, ledger {pool.ledger_sequence:,}",
        },
    ]


def _chips(door: Door, settings: Sequence[Setting], titles: Mapping[str, str]) -> list[Mapping[str, str]]:
    codes = [setting.rule.code for setting in settings]
    if len(codes) == 1:
        return []
    return [
        {
            "label": titles.get(setting.rule.code, setting.rule.title),
            "remove_url": _with_rules(door, [code for code in codes if code != setting.rule.code]),
        }
        for setting in settings
    ]


def _menus(door: Door, shown: Sequence[str]) -> list[Mapping[str, Any]]:
    """Offer each rule that is not there, and one that is there once more, with other numbers."""
    rest = [code for code in RULES if code not in shown and SECONDS.get(code, shown[0]) in shown]
    if not rest or len(shown) >= round_rules.MOST_SHOWN:
        return []
    again = dict.fromkeys(SECONDS, ", once more")
    options = [
        {"label": RULES[code].title + again.get(code, ""), "url": _with_rules(door, [*shown, code])}
        for code in rest
    ]
    return [{"label": "Add a rule", "options": options}]


def _with_rules(door: Door, codes: Sequence[str]) -> str:
    kept = {name: value for name, value in door.asked.items() if "-" in name}
    return door.url("workbench", query={**kept, "rules": ",".join(codes)})


def _card(setting: Setting, found: Shown | None, *, is_chosen: bool, select_url: str) -> Mapping[str, Any]:
    row = found.row if found else None
    figure, note = round_rules.headline(row) if row else ("–", "Mend what is marked, then recalculate")
    return {
        "code": setting.rule.code,
        "title": found.title if found else setting.rule.title,
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
                "slider": SLIDERS.get(knob.name, {}),
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


def _choice(
    door: Door, found: WorkbenchPage, one: Shown | None, settings: Sequence[Setting], chosen: str
) -> Mapping[str, Any]:
    """What may be done with the chosen rule: propose it, publish it."""
    return {
        "proposal": _proposal(door, found, one, settings, chosen),
        "publication": rule_publishing.publication(door, found, settings, chosen),
    }


def _proposal(
    door: Door, found: WorkbenchPage, one: Shown | None, settings: Sequence[Setting], chosen: str
) -> Mapping[str, Any] | None:
    setting = next((setting for setting in settings if setting.rule.code == chosen), None)
    if setting is None:
        return None
    if one is None:
        return {"title": setting.rule.title, "note": "", "blocked": "Mend what is marked, then recalculate."}
    row = one.row
    people = f"{row.spread.paid_count:,} people, {money.dollars(row.spread.paid_cents, whole=True)}"
    freezes = f"Freezes the list of {found.pool.people_count:,} people. Others must approve. "
    is_offered = found.population.is_everybody and door.may(Action.ROUND_PROPOSE)
    return {
        "title": f"{one.title}: {people}",
        "note": f"{freezes}No money is held before that." if is_offered else "",
        "propose_url": door.url("round_propose"),
        "propose_label": "Propose for approval",
        "blocked": _blocked(door, found, row) or round_rules.refusal(setting),
        "hidden": rule_publishing.hidden(setting, [one.rule.code for one in settings]),
    }


def _blocked(door: Door, found: WorkbenchPage, row: Any) -> str:
    if not door.may(Action.ROUND_PROPOSE):
        return NOT_YOURS
    if not found.population.is_everybody:
        return workbench_people.FOR_EVERYBODY
    if found.open_round is not None:
        return f"Round {found.open_round.number} is open. Approve it or void it first."
    if not found.pool.people_count:
        return "Nobody waits for money, so there is nothing to share."
    if not row.spread.paid_count:
        return "There is no money to share."
    return ""
