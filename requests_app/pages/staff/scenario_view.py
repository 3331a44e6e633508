"""One scenario as its page shows it: what changed since, and its rules on today's people and money."""

from collections.abc import Mapping
from typing import Any

from fundmgr.domain import ids, money
from fundmgr.domain.populations import Population
from requests_app.exports import board_words, rule_words, scenario_words
from requests_app.exports.population_words import told
from requests_app.pages.staff import round_rules, workbench_people
from requests_app.pages.staff.doors import Door
from requests_app.queries.console import ScenarioPage
from requests_app.services.tried_rules import NEED
from requests_app.templatetags.fund_ui import when

Shown = dict[str, Any]


def titles_of(row: Any) -> list[str]:
    """This will name the rules of a scenario by the cap of the policy that it was saved under."""
    cap_cents = row.policy.award_cap_cents
    tried = [(rule, rule.get(NEED, cap_cents)) for rule in row.rules]
    return rule_words.titles(tried, cap_cents=cap_cents)


def shown(door: Door, found: ScenarioPage, compared: Any, form: Any) -> Shown:
    """This will return the page's context."""
    row, count = found.row, len(found.row.rules)
    names = board_words.titles(compared)
    return {
        "form": form,
        "title": row.name,
        "note": row.note or "Rules side by side, on today's people and money.",
        "back_url": door.url("scenarios"),
        "back_label": "Scenarios",
        "actions": _actions(door, row),
        "since": scenario_words.since(row, compared),
        "facts": _facts(row),
        "facts_title": "When it was saved",
        "table": {
            "head": ["Today", *_headed(found, names, count)],
            "rows": board_words.table(compared, row.chosen),
        },
        "digest": compared.digest,
        "others": [(ids.public("scn", other.id), other.name) for other in found.others],
        "beside": ids.public("scn", found.beside.id) if found.beside else "",
        "here_url": door.url("scenario", scenario_id=row.id),
        "moves": _moves(door, found, form),
        "moves_title": "Change it",
    }


def _headed(found: ScenarioPage, names: list[str], count: int) -> list[str]:
    if found.beside is None:
        return names
    own = [f"{found.row.name}: {name}" for name in names[:count]]
    return own + [f"{found.beside.name}: {name}" for name in names[count:]]


def _actions(door: Door, row: Any) -> list[Shown]:
    query = {**round_rules.query_of(row.rules), **workbench_people.query_of(Population.of(row.population))}
    codes = query["rules"].split(",")
    chosen = codes[row.chosen] if row.chosen < len(codes) else codes[0]
    return [
        {
            "label": "Board paper (PDF)",
            "url": door.url("scenario_paper", scenario_id=row.id),
            "kind": "line",
        },
        {
            "label": "In Spanish",
            "url": door.url("scenario_paper", scenario_id=row.id, query={"language": "es"}),
            "kind": "line",
        },
        {
            "label": "Open on the workbench",
            "url": door.url("workbench", query={**query, "chosen": chosen}),
        },
    ]


def _facts(row: Any) -> list[Mapping[str, str]]:
    facts = (
        ("Tried on", told(Population.of(row.population)) or "everybody who waits"),
        ("People", f"{row.people_count:,}"),
        ("Verified need", money.dollars(row.verified_cents, whole=True)),
        ("To share", money.dollars(row.shared_cents, whole=True)),
        ("Policy", f"Version {row.policy.number}"),
        ("Saved by", str(row.created_by)),
        ("When", when(row.created_at, "stamp")),
        ("Digest then", row.digest),
    )
    return [{"label": label, "value": value} for label, value in facts]


def _moves(door: Door, found: ScenarioPage, form: Any) -> list[Shown]:
    if not found.may_change:
        return []
    keys = {"scenario_id": found.row.id}
    return [
        {"url": door.url("scenario_rename", **keys), "label": "Change name and note", "form": form},
        {
            "url": door.url("scenario_remove", **keys),
            "label": "Take it away",
            "kind": "line",
            "form": [],
            "note": "It leaves every list. The audit trail still knows of it.",
        },
    ]
